//! First looks at words: tables so small that they stay near the processor tell of most words that the
//! lexicon need not be asked.

use crate::first_look::WIDTH;

use super::{BESIDE, Flags, Lexicon, common, context, is, place, places, plain, short_hash};

/// For which first two letters and lengths there are words of some sort: one bit for each; and for which
/// first two letters of any length.
pub(crate) struct Beginnings {
    bits: [u64; 256],
    pairs: [u32; 32],
}

impl Beginnings {
    /// Those of these words.
    fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let (mut bits, mut pairs) = ([0; 256], [0; 32]);
        for word in words {
            let word = plain(word.as_bytes());
            let [first, rest @ ..] = word.as_bytes() else {
                continue;
            };
            let second = rest.first().copied().unwrap_or(0);
            let (at, bit) = beginning(*first, second, word.len());
            if let Some(bits) = bits.get_mut(at) {
                *bits |= bit;
            }
            if let Some(pairs) = pairs.get_mut(usize::from(first & 31)) {
                *pairs |= 1 << (second & 31);
            }
        }
        Self { bits, pairs }
    }

    /// Whether a word of ASCII that begins with these letters and has this length may be of the sort.
    #[inline(always)]
    pub(crate) fn may_be(&self, first: u8, second: u8, length: usize) -> bool {
        let (at, bit) = beginning(first, second, length);
        self.bits.get(at).is_some_and(|bits| bits & bit != 0)
    }

    /// The same of a word of any length.
    #[inline(always)]
    pub(crate) fn may_begin(&self, first: u8, second: u8) -> bool {
        let pairs = self.pairs.get(usize::from(first & 31)).copied().unwrap_or(0);
        pairs >> (second & 31) & 1 == 1
    }
}

#[inline(always)]
const fn beginning(first: u8, second: u8, length: usize) -> (usize, u64) {
    let place = ((first & 31) as usize) << 9 | ((second & 31) as usize) << 4 | length & 15;
    (place >> 6, 1 << (place & 63))
}

fn listed(with: Flags) -> impl Iterator<Item = &'static str> {
    context::WORDS
        .iter()
        .chain(common::WORDS)
        .chain(places::WORDS)
        .filter(move |(_, flags)| flags & with != 0)
        .flat_map(|(words, _)| words.split_ascii_whitespace())
}

/// The sorts of words that are told by how they begin.
pub(crate) struct Sorts {
    /// Words that speak of what stands beside them.
    pub(crate) speaking: Beginnings,
    /// Words that may say that a name follows: titles, roles, `called`, and the verbs of `my name is`.
    pub(crate) leading: Beginnings,
    /// Words in small letters inside names: `van`.
    pub(crate) joining: Beginnings,
    /// Words for streets, and those inside the names of streets.
    pub(crate) streets: Beginnings,
    /// `born`.
    pub(crate) births: Beginnings,
    /// `release`.
    pub(crate) versions: Beginnings,
    /// Words for the numbers of people, and for telephones.
    pub(crate) numbers: Beginnings,
    /// Words for telephones.
    pub(crate) phones: Beginnings,
    /// Words for secrets, users, sessions and machines, and the names of attributes that hold them.
    pub(crate) assigned: Beginnings,
}

impl Sorts {
    pub(super) fn new() -> Self {
        let sort = |flags| Beginnings::of(listed(flags));
        let more = |flags, words: &[&'static [u8]]| {
            let words: Vec<_> =
                words.iter().filter_map(|word| std::str::from_utf8(word).ok()).collect();
            Beginnings::of(listed(flags).chain(words))
        };
        let verbs = [super::STRONG, super::VERBS].concat();
        Self {
            speaking: sort(BESIDE),
            leading: more(is::TITLE | is::ROLE | is::NAME, &verbs),
            joining: sort(is::PARTICLE),
            streets: sort(is::STREET | is::PARTICLE),
            births: sort(is::BIRTH),
            versions: sort(is::VERSION),
            numbers: sort(is::PHONE | crate::kinds::government::ids::ANY),
            phones: sort(is::PHONE),
            assigned: more(
                is::SECRET | is::USER | is::SESSION | is::HOST | is::ADVERTISING,
                &[b"value", b"name", b"key", b"pw"],
            ),
        }
    }
}

/// Words of every day that begin sentences and are no name of anything: [`Lexicon`]'s numbers for them,
/// four in a place. Of five that fall into one place one is missing; the lexicon knows it.
pub(super) struct Dull {
    places: Vec<[u64; 4]>,
}

impl Dull {
    /// Those that say `some` of this and nothing of `other`.
    pub(super) fn of(lexicon: &[(u64, Flags)], some: Flags, other: Flags) -> Self {
        let mut dull = Self { places: vec![[0; 4]; 2048] };
        for (hash, flags) in lexicon {
            if flags & some != 0
                && flags & other == 0
                && let Some(places) = dull.places.get_mut(place(*hash) & 2047)
                && let Some(free) = places.iter_mut().find(|known| **known == 0)
            {
                *free = *hash;
            }
        }
        dull
    }

    #[inline(always)]
    fn holds(&self, hash: u64) -> bool {
        self.places
            .get(place(hash) & 2047)
            .is_some_and(|[a, b, c, d]| (*a == hash) | (*b == hash) | (*c == hash) | (*d == hash))
    }
}

/// Which bits of sixteen bytes belong to a word of so many.
static KEPT: [(u64, u64); 18] = {
    let mut kept = [(u64::MAX, u64::MAX); 18];
    let mut length = 0;
    while length < 16 {
        let all = (1_u128 << (8 * length)) - 1;
        #[allow(
            clippy::indexing_slicing,
            reason = "the compiler runs it, and would not build a miss"
        )]
        #[allow(clippy::cast_possible_truncation, reason = "the lower half is what is asked for")]
        {
            kept[length] = (all as u64, (all >> 64) as u64);
        }
        length += 1;
    }
    kept
};

impl Lexicon {
    /// Of the places where words begin those that are no word of every day. `text` begins where the bits
    /// do, and `length` tells how long the word at a bit is.
    ///
    /// There is no branch for a word in it: no processor could guess which way it goes.
    #[inline(always)]
    pub(crate) fn without_dull(
        &self,
        text: &[u8; WIDTH],
        starts: u64,
        length: impl Fn(u32) -> u64,
    ) -> u64 {
        let mut left = starts;
        let mut dull = 0;
        while left != 0 {
            let at = left.trailing_zeros();
            left &= left - 1;
            let length = (!length(at) | 1 << 17).trailing_zeros() as usize;
            let sixteen = text.get(at as usize..).and_then(<[u8]>::first_chunk::<16>);
            let Some(([low, high], kept)) = sixteen
                .map(|sixteen| {
                    let (halves, _) = sixteen.as_chunks::<8>();
                    let mut halves = halves.iter().map(|half| u64::from_le_bytes(*half));
                    [halves.next().unwrap_or(0), halves.next().unwrap_or(0)]
                })
                .zip(KEPT.get(length))
            else {
                continue;
            };
            let (low, high) = (low & kept.0, high & kept.1);
            let short = (length < 17) & ((low | high) & super::BEYOND_ASCII == 0);
            let known = self.dull.holds(short_hash(low, high, length));
            dull |= u64::from(short & known) << at;
        }
        starts & !dull
    }
}

#[cfg(test)]
mod tests {
    use super::super::*;
    use super::WIDTH;

    #[test]
    fn what_is_dull_is_what_the_lexicon_says_so_of() {
        let lexicon = lexicon();
        let (mut told, mut dull) = (0, 0);
        for (words, _) in common::WORDS.iter().chain(context::WORDS).chain(places::WORDS) {
            for word in words.split_ascii_whitespace() {
                let mut text = [b' '; WIDTH];
                text[10..10 + word.len()].copy_from_slice(word.as_bytes());
                let left = lexicon.without_dull(&text, 1 << 10, |_| (1 << word.len()) - 1);
                let flags = look_up(word.as_bytes());
                let wanted = flags & DULL != 0 && flags & NAMES == 0;
                assert!(left != 0 || wanted, "{word}");
                told += usize::from(left == 0);
                dull += usize::from(wanted && word.len() <= 16);
            }
        }
        // But for a few that found no place.
        assert!(told > 1_000 && told * 50 > dull * 49, "{told} of {dull}");
        // Longer than what is looked at, not ASCII, or none of its words.
        for word in ["unfortunately-and-more", "Thé", "Thequick"] {
            let mut text = [b' '; WIDTH];
            text[..word.len()].copy_from_slice(word.as_bytes());
            assert_eq!(lexicon.without_dull(&text, 1, |_| (1 << word.len()) - 1), 1, "{word}");
        }
    }
}
