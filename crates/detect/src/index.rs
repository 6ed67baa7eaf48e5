//! The words by which terms are found: one pass over the bytes, whatever the number of people.
//!
//! Every term begins and ends where a word does, so it is enough to look at words. Each term is
//! filed under its rarest word; a bitmap tells in a few instructions that a word of the text is
//! nobody's, which is true of almost all of them.

use std::collections::BTreeMap;
use std::num::NonZeroU64;

use unicode_normalization::UnicodeNormalization;

use crate::blocks::{self, Marks, Window};
use crate::fold::{FOLDS, FoldChar, Folds, Simple, fold, is_word, simple, windows_1252};
use crate::machine::{Reader, Work, work};

/// Words longer than this are not looked up; nobody's rarest word is longer.
const LONGEST_WORD: usize = 64;

/// What the scanner meets.
pub(crate) enum Found<'a> {
    /// A word that some terms are filed under, and the byte at which it starts; where it ends, if
    /// it is plain ASCII.
    Word { start: usize, end: Option<usize>, forms: &'a [usize] },
    /// A digit that follows no digit and no letter, with digits enough behind it.
    Number { start: usize },
}

/// A filed word.
struct Entry {
    hash: u64,
    word: Vec<u8>,
    forms: Vec<usize>,
}

/// The index of words.
pub(crate) struct Index {
    entries: Vec<Entry>,
    /// One bit for each value of the upper bits of a hash.
    bits: Vec<u64>,
    /// How far down the upper bits are.
    shift: u32,
    /// One bit for each value of [`beginning`] of the words in plain ASCII.
    heads: Vec<u64>,
    /// How far down the bits of a beginning are.
    head_shift: u32,
    /// Where a hash's entry is, plus one; the next free place if that is taken.
    slots: Vec<u32>,
    /// The fewest characters of a word.
    least: u32,
    /// The fewest digits of a number, if numbers are wanted.
    digits: Option<u32>,
    folds: &'static Folds,
    /// Bytes beyond ASCII of which one stands in every run that may hold a word which is not there
    /// in plain ASCII.
    telling: Box<[bool; 256]>,
}

const LOWER: u64 = 0x2020_2020_2020_2020;

/// Eight bytes from `at` on, those behind the end as 0.
fn eight(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.first_chunk::<8>().map_or_else(
        || {
            let mut head = [0_u8; 8];
            head.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
            u64::from_le_bytes(head)
        },
        |head| u64::from_le_bytes(*head),
    )
}

/// A number for the word of `length` bytes at `start`: its first and last eight bytes in lower
/// case, and its length.
#[inline]
fn hash(bytes: &[u8], start: usize, length: usize) -> u64 {
    let kept = if length >= 8 { u64::MAX } else { !(u64::MAX << (8 * length)) };
    // 0x20 turns ASCII capitals into small letters and leaves small letters and digits alone.
    let head = (eight(bytes, start) | LOWER) & kept;
    let tail = (eight(bytes, start + length.max(8) - 8) | LOWER) & kept;
    let mixed = (head ^ length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 32 ^ tail.rotate_left(23)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// A number for how a word begins, from its first eight bytes in lower case, those behind its end
/// as 0.
#[inline]
const fn beginning(head: u64) -> u64 {
    head.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// Where a bit stands among words of sixty-four.
#[inline]
fn is_set(bits: &[u64], bit: u64) -> u64 {
    let cell = usize::try_from(bit / 64).ok().and_then(|at| bits.get(at)).copied().unwrap_or(0);
    cell >> (bit % 64) & 1
}

fn set(bits: &mut [u64], bit: u64) {
    if let Some(cell) = usize::try_from(bit / 64).ok().and_then(|at| bits.get_mut(at)) {
        *cell |= 1 << (bit % 64);
    }
}

impl Index {
    /// An index of forms by their words: for each form its words, folded, in order. `common` says
    /// of a form's word that texts have it often; such a word is not filed under if there is
    /// another. `digits` is the fewest that a number has, if numbers are wanted too. Returns for
    /// each form which of its words it is filed under.
    pub(crate) fn build(
        forms: &[Vec<String>],
        common: impl Fn(usize, usize) -> bool,
        digits: Option<u32>,
    ) -> (Self, Vec<usize>) {
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        for word in forms.iter().flatten() {
            *uses.entry(word).or_default() += 1;
        }
        let mut words: BTreeMap<Vec<u8>, Vec<usize>> = BTreeMap::new();
        let mut filed = Vec::with_capacity(forms.len());
        let mut least = usize::MAX;
        for (form, list) in forms.iter().enumerate() {
            let rarest =
                list.iter().enumerate().filter(|(_, word)| word.len() <= LONGEST_WORD).min_by_key(
                    |(at, word)| {
                        let used = uses.get(word.as_str()).copied().unwrap_or(0);
                        (common(form, *at), used, usize::MAX - word.len())
                    },
                );
            filed.push(rarest.map_or(0, |(at, _)| at));
            if let Some((_, word)) = rarest {
                // INVARIANT: no character is written in less than a byte.
                least = least.min(word.chars().count());
                words.entry(word.as_bytes().to_vec()).or_default().push(form);
            }
        }
        let size = (words.len() * 32).next_power_of_two().max(1 << 12);
        // Asked for every word of a text, so it must stay near the processor.
        let heads = (words.len() * 16).next_power_of_two().max(1 << 12);
        let mut index = Self {
            bits: vec![0; size / 64],
            shift: 64 - size.trailing_zeros(),
            heads: vec![0; heads / 64],
            head_shift: 64 - heads.trailing_zeros(),
            slots: vec![0; (words.len() * 4).next_power_of_two().max(16)],
            least: u32::try_from(least).unwrap_or(u32::MAX),
            digits,
            folds: &FOLDS,
            telling: Box::new([false; 256]),
            entries: Vec::with_capacity(words.len()),
        };
        ALWAYS.iter().for_each(|byte| index.tell(*byte));
        for (word, forms) in words {
            // Each of its characters must stand there; one is enough to look for.
            if let Some(c) =
                std::str::from_utf8(&word).unwrap_or_default().chars().find(|c| !c.is_ascii())
            {
                leads(c).for_each(|byte| index.tell(byte));
            }
            index.file(word, forms);
        }
        (index, filed)
    }

    fn file(&mut self, word: Vec<u8>, forms: Vec<usize>) {
        let hash = hash(&word, 0, word.len());
        set(&mut self.bits, hash >> self.shift);
        if word.is_ascii() {
            set(&mut self.heads, beginning(eight(&word, 0)) >> self.head_shift);
        }
        self.entries.push(Entry { hash, word, forms });
        let mut at = self.place(hash);
        while self.slots.get(at).is_some_and(|slot| *slot != 0) {
            at = (at + 1) & (self.slots.len() - 1);
        }
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = u32::try_from(self.entries.len()).unwrap_or(0);
        }
    }

    fn tell(&mut self, byte: u8) {
        if let Some(tells) = self.telling.get_mut(usize::from(byte)) {
            *tells = true;
        }
    }

    fn place(&self, hash: u64) -> usize {
        usize::try_from(hash & u64::from(u32::MAX)).unwrap_or(0) & (self.slots.len() - 1)
    }

    #[inline]
    fn maybe(&self, hash: u64) -> bool {
        is_set(&self.bits, hash >> self.shift) == 1
    }

    /// The forms that are filed under a word with this hash that `is` the one.
    fn find(&self, hash: u64, is: impl Fn(&[u8]) -> bool) -> Option<&[usize]> {
        let mut at = self.place(hash);
        loop {
            let entry = usize::try_from(*self.slots.get(at)?).ok()?.checked_sub(1)?;
            let entry = self.entries.get(entry)?;
            if entry.hash == hash && is(&entry.word) {
                return Some(&entry.forms);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    /// Walks the bytes once, and reads their marks on the way.
    pub(crate) fn scan<'a>(&'a self, bytes: &[u8], marks: &mut Marks, meet: impl FnMut(Found<'a>)) {
        struct Scan<'a, 'b, M>(&'a Index, &'b [u8], &'b mut Marks, M);
        impl<'a, M: FnMut(Found<'a>)> Work for Scan<'a, '_, M> {
            #[inline(always)]
            fn with(self, reader: impl Reader) {
                self.0.scan_with(reader, self.1, self.2, self.3);
            }
        }
        work(Scan(self, bytes, marks, meet));
    }

    #[inline(always)]
    fn scan_with<'a>(
        &'a self,
        reader: impl Reader,
        bytes: &[u8],
        marks: &mut Marks,
        mut meet: impl FnMut(Found<'a>),
    ) {
        let mut chars = Vec::new();
        blocks::walk(reader, bytes, marks, |window| {
            let starts = if self.entries.is_empty() { 0 } else { window.words(self.least) };
            let mut starts = self.probable(bytes, window, starts) | starts & window.unsure();
            while starts != 0 {
                let at = starts.trailing_zeros();
                starts &= starts - 1;
                self.word(bytes, window, at, &mut chars, &mut meet);
            }
            if let Some(fewest) = self.digits {
                let numbers = window.numbers();
                if numbers != 0 {
                    likely(bytes, window, numbers, fewest, &mut meet);
                }
            }
        });
    }

    /// Of the places where words begin, those that begin as a filed word does.
    ///
    /// Without a branch for each word: no processor could guess which way it goes.
    #[inline(always)]
    fn probable(&self, bytes: &[u8], window: &Window, mut starts: u64) -> u64 {
        let rest = bytes.get(window.base..).unwrap_or_default();
        let mut last = [0; 72];
        let text: &[u8; 72] = rest.first_chunk().unwrap_or_else(|| {
            last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
            &last
        });
        let mut found = 0;
        while let Some(left) = NonZeroU64::new(starts) {
            let at = left.trailing_zeros();
            starts &= starts - 1;
            let head = text.get(at as usize..).and_then(<[u8]>::first_chunk).copied();
            let head = u64::from_le_bytes(head.unwrap_or_default()) | LOWER;
            let kept = u64::MAX >> (64 - 8 * window.length_to(at, 8));
            let bit = beginning(head & kept) >> self.head_shift;
            found |= is_set(&self.heads, bit) << at;
        }
        found
    }

    #[inline]
    fn word<'a>(
        &'a self,
        bytes: &[u8],
        window: &Window,
        at: u32,
        chars: &mut Vec<FoldChar>,
        meet: &mut impl FnMut(Found<'a>),
    ) {
        let start = window.base + at as usize;
        let mut length = window.length(at);
        let mut high = window.is_high(at, length);
        if length >= 64 {
            length = blocks::word(bytes.get(start..).unwrap_or_default());
            high |= !bytes.get(start..start + length).unwrap_or_default().is_ascii();
        }
        if high {
            self.slow(bytes, start, start + length, chars, meet);
            return;
        }
        if length > LONGEST_WORD {
            return;
        }
        let hash = hash(bytes, start, length);
        if self.maybe(hash) {
            let end = start + length;
            let plain = bytes.get(start..end).unwrap_or_default();
            if let Some(forms) = self.find(hash, |word| word.eq_ignore_ascii_case(plain)) {
                meet(Found::Word { start, end: Some(end), forms });
            }
        }
    }

    /// A run with bytes beyond ASCII: folded first, then split into words.
    fn slow<'a>(
        &'a self,
        bytes: &[u8],
        start: usize,
        end: usize,
        chars: &mut Vec<FoldChar>,
        meet: &mut impl FnMut(Found<'a>),
    ) {
        if self.hopeless(bytes.get(start..end).unwrap_or_default()) {
            return;
        }
        // Binary data has runs without end; they are walked in pieces that overlap.
        const PIECE: usize = 4096;
        let mut from = start;
        while from < end {
            let to = end.min(from + PIECE);
            if !self.simple(bytes, from, to, meet) {
                chars.clear();
                fold(bytes, from, to, chars);
                let mut word = Word::default();
                let mut first = from;
                for c in chars.iter() {
                    if is_word(c.c) {
                        if word.length == 0 {
                            first = c.start;
                        }
                        word.push(c.c);
                    } else {
                        self.look(&mut word, first, meet);
                    }
                }
                self.look(&mut word, first, meet);
            }
            if to == end {
                break;
            }
            from = crate::fold::floor(bytes, to - 4 * LONGEST_WORD);
        }
    }

    /// Whether no filed word can be in a run: none of the bytes that tell of one beyond ASCII, and
    /// no letters of ASCII between two others that are one.
    fn hopeless(&self, run: &[u8]) -> bool {
        let least = self.least as usize;
        let mut length = 0;
        for (at, byte) in run.iter().enumerate() {
            if *byte < 0x80 {
                length += 1;
                continue;
            }
            if self.telling.get(usize::from(*byte)).is_none_or(|tells| *tells)
                || length >= least && self.maybe(hash(run, at - length, length))
            {
                return false;
            }
            length = 0;
        }
        length < least || !self.maybe(hash(run, run.len() - length, length))
    }

    /// The same for characters that fold one by one; `false`, and nothing met, if there are others.
    fn simple<'a>(
        &'a self,
        bytes: &[u8],
        from: usize,
        to: usize,
        meet: &mut impl FnMut(Found<'a>),
    ) -> bool {
        let mut at = from;
        let mut met: Vec<(usize, &'a [usize])> = Vec::new();
        let mut keep = |found: Found<'a>| {
            if let Found::Word { start, forms, .. } = found {
                met.push((start, forms));
            }
        };
        let mut word = Word::default();
        let mut first = from;
        while at < to {
            let Some((folded, length)) = simple(bytes, at, self.folds) else { return false };
            match folded {
                Simple::Word(c) => {
                    if word.length == 0 {
                        first = at;
                    }
                    word.push(c);
                }
                Simple::Between => self.look(&mut word, first, &mut keep),
                Simple::Nothing => {}
            }
            at += length;
        }
        self.look(&mut word, first, &mut keep);
        for (start, forms) in met {
            meet(Found::Word { start, end: None, forms });
        }
        true
    }

    fn look<'a>(&'a self, word: &mut Word, start: usize, meet: &mut impl FnMut(Found<'a>)) {
        if let Some(text) = word.text().filter(|text| text.len() >= self.least as usize) {
            // There is room behind every word, so that its hash reads it in two strokes.
            let hash = hash(&word.room, 0, text.len());
            if self.maybe(hash)
                && let Some(forms) = self.find(hash, |known| known == text)
            {
                meet(Found::Word { start, end: None, forms });
            }
        }
        word.length = 0;
    }
}

/// A folded word that grows.
struct Word {
    room: [u8; LONGEST_WORD + 8],
    length: usize,
}

impl Default for Word {
    fn default() -> Self {
        Self { room: [0; LONGEST_WORD + 8], length: 0 }
    }
}

impl Word {
    #[inline]
    fn push(&mut self, c: char) {
        if c.is_ascii()
            && let Some(room) = self.room.get_mut(self.length)
        {
            *room = u8::try_from(c).unwrap_or(0);
            self.length += 1;
            return;
        }
        if self.length <= LONGEST_WORD
            && let Some(room) = self.room.get_mut(self.length..self.length + c.len_utf8())
        {
            c.encode_utf8(room);
        }
        self.length += c.len_utf8();
    }

    fn text(&self) -> Option<&[u8]> {
        if self.length > LONGEST_WORD { None } else { self.room.get(..self.length) }
            .filter(|text| !text.is_empty())
    }
}

/// First bytes of the characters that vanish, and of those that fold to a letter of ASCII or to
/// another character that is written with other bytes (`İ` is `i` and a dot).
const ALWAYS: [u8; 7] = [0xad, 0xc4, 0xcd, 0xe1, 0xe2, 0xef, 0xf0];

/// The first bytes of every way in which a folded character beyond ASCII is written: in either
/// case, composed or not, in UTF-8 or in Windows-1252.
fn leads(c: char) -> impl Iterator<Item = u8> {
    let written = std::iter::once(c)
        .chain(c.to_uppercase())
        .chain(match c {
            'σ' => Some('ς'),
            'θ' => Some('ϴ'),
            _ => None,
        })
        .flat_map(|c| std::iter::once(c).chain(std::iter::once(c).nfd()))
        .filter(|c| !c.is_ascii());
    written.flat_map(|c| {
        let mut room = [0; 4];
        let lead = c.encode_utf8(&mut room).bytes().next();
        let single = (0x80..=0xff_u8).filter(move |byte| windows_1252(*byte) == c);
        lead.into_iter().chain(single)
    })
}

/// Of the places where numbers begin, those with digits enough before anything but digits and
/// what separates them.
fn likely<'a>(
    bytes: &[u8],
    window: &Window,
    mut numbers: u64,
    fewest: u32,
    meet: &mut impl FnMut(Found<'a>),
) {
    let kept = blocks::numberish(bytes, window.base);
    while numbers != 0 {
        let at = numbers.trailing_zeros();
        numbers &= numbers - 1;
        let stretch = (kept >> at).trailing_ones();
        let inside = if stretch >= 64 { u64::MAX } else { !(u64::MAX << stretch) };
        let digits = (window.now.digits >> at & inside).count_ones();
        // What reaches beyond the block is looked at by whoever knows the numbers.
        if digits >= fewest || at + stretch >= 64 {
            meet(Found::Number { start: window.base + at as usize });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_met_wherever_they_stand() {
        let forms = vec![
            vec!["jane".to_owned(), "doe".to_owned()],
            vec!["doe".to_owned()],
            vec!["müller".to_owned()],
        ];
        let (index, filed) = Index::build(&forms, |_, _| false, Some(2));
        assert_eq!(filed, [0, 0, 0], "the rarest word of `jane doe` is `jane`");
        let mut met = Vec::new();
        let text = "JANE x2Doe doe-Müller 44 janet 4 M\u{fc}ller JA\u{ad}NE";
        index.scan(text.as_bytes(), &mut Marks::default(), |found| match found {
            Found::Word { start, .. } => met.push(start),
            Found::Number { start } => met.push(1000 + start),
        });
        assert_eq!(met, [0, 11, 15, 34, 42, 1023]);
    }

    #[test]
    fn every_way_to_write_a_character_tells_of_it() {
        let mut untold: Vec<char> = Vec::new();
        for c in ('\u{80}'..=char::MAX).filter(|c| is_word(*c) || "\u{ad}\u{200b}".contains(*c)) {
            let text = c.to_string();
            let mut chars = Vec::new();
            fold(text.as_bytes(), 0, text.len(), &mut chars);
            let lead = text.as_bytes()[0];
            let always = text.bytes().any(|byte| ALWAYS.contains(&byte));
            // What vanishes may stand inside any word.
            assert!(!chars.is_empty() || always, "{c:?}");
            // A word of nothing but ASCII cannot hold it, or it tells; a word with one of its
            // characters beyond ASCII is told of by each of them.
            let words: Vec<char> = chars.iter().map(|c| c.c).filter(|c| is_word(*c)).collect();
            let told = words.iter().all(|folded| match folded.is_ascii() {
                true => words.len() > 1,
                false => leads(*folded).any(|byte| byte == lead),
            });
            if !told && !always {
                untold.push(c);
            }
        }
        assert_eq!(untold, []);
        for byte in 0x80..=0xff_u8 {
            let mut chars = Vec::new();
            fold(&[byte], 0, 1, &mut chars);
            for folded in chars.iter().map(|c| c.c).filter(|c| is_word(*c)) {
                assert!(leads(folded).any(|lead| lead == byte), "{byte:x}");
            }
        }
    }

    #[test]
    fn long_words_of_the_same_beginning_are_told_apart() {
        let forms: Vec<Vec<String>> =
            (0..500).map(|n| vec![format!("someverylongword{n}")]).collect();
        let (index, _) = Index::build(&forms, |_, _| false, None);
        for (n, word) in forms.iter().flatten().enumerate() {
            let text = format!("{}{}", " ".repeat(n % 70), word.to_uppercase());
            let mut met = Vec::new();
            index.scan(text.as_bytes(), &mut Marks::default(), |found| {
                if let Found::Word { forms, .. } = found {
                    met.extend_from_slice(forms);
                }
            });
            assert_eq!(met, [n], "{text}");
        }
    }
}
