//! The parts of a postal address: number, street, unit, box, town, region, code, country.
//!
//! An address is one finding, since all of it together says where somebody lives; whoever
//! generalises it, or compares it with a label on a part, asks here. The parts are those of
//! OpenStreetMap's `addr:*` keys, and fideslang has a category for most of them.

use std::ops::Range;

use super::address::{Gap, Piece, What, gap, piece};
use crate::classes::Map;
use crate::lexicon::is;
use crate::look::Look;

/// What a part of an address is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddressPart {
    /// The first number that stands with the street: `221B`.
    Number,
    /// The street, with whatever else of it is a number: `Baker Street`.
    Street,
    /// `Suite 4`, `Flat 12`.
    Unit,
    /// `P.O. Box 4711`.
    Box,
    /// A town or a part of one.
    City,
    /// A state, a province.
    Region,
    /// The code of the post.
    Postcode,
    /// A country.
    Country,
}

impl AddressPart {
    /// The key of fideslang.
    pub const fn category(self) -> &'static str {
        match self {
            Self::Number | Self::Street | Self::Unit | Self::Box => "user.contact.address.street",
            Self::City => "user.contact.address.city",
            Self::Region => "user.contact.address.state",
            Self::Postcode => "user.contact.address.postal_code",
            Self::Country => "user.contact.address.country",
        }
    }
}

/// The parts of an address as [`crate::Detector`] finds it, in the order of the text; ranges in
/// bytes of `address`. What belongs to no part (commas, `near`) is in none.
pub fn address_parts(address: &[u8]) -> Vec<(AddressPart, Range<usize>)> {
    let (mut map, mut hits) = (Map::default(), Vec::new());
    map.read(address);
    let look = Look::new(address, &map, &mut hits);
    let mut pieces = Vec::new();
    let mut here = look.run(0, address.len(), |byte| byte.is_ascii_whitespace());
    let mut next = Gap::Line;
    while let Some(mut one) = piece(&look, here) {
        one.gap = next;
        pieces.push(one);
        let Some((between, start)) = gap(&look, one.end) else { break };
        next = between;
        here = start;
    }
    let mut parts = Parts { look: &look, pieces: &pieces, of: vec![None; pieces.len()] };
    parts.units();
    parts.street();
    parts.code();
    parts.places();
    parts.ranges()
}

struct Parts<'a> {
    look: &'a Look<'a>,
    pieces: &'a [Piece],
    /// Which part each piece belongs to; neighbours with the same number are one.
    of: Vec<Option<(AddressPart, usize)>>,
}

impl Parts<'_> {
    fn text(&self, at: usize) -> &[u8] {
        self.pieces.get(at).map_or(&[], |piece| self.look.slice(piece.start..piece.end))
    }

    fn is(&self, at: usize, flags: u64) -> bool {
        self.pieces.get(at).is_some_and(|piece| piece.flags & flags != 0)
    }

    fn what(&self, at: usize) -> Option<What> {
        self.pieces.get(at).map(|piece| piece.what)
    }

    fn free(&self, at: usize) -> bool {
        self.of.get(at).is_some_and(Option::is_none)
    }

    /// A comma or a line stands before the piece.
    fn parted(&self, at: usize) -> bool {
        self.pieces.get(at).is_some_and(|piece| matches!(piece.gap, Gap::Comma | Gap::Line))
    }

    fn digits(&self, at: usize) -> usize {
        self.text(at).iter().take_while(|byte| byte.is_ascii_digit()).count()
    }

    fn mark(&mut self, range: Range<usize>, part: AddressPart) {
        let group = range.start;
        if let Some(slots) = self.of.get_mut(range) {
            slots.fill(Some((part, group)));
        }
    }

    /// `Suite 4`, `P.O. Box 12`, `PSC 1234`.
    fn units(&mut self) {
        for at in 0..self.pieces.len() {
            let word = self.text(at).to_ascii_lowercase();
            let boxed = word.ends_with(b"box");
            let unit =
                self.is(at, is::UNIT) || boxed || matches!(word.as_slice(), b"psc" | b"unit");
            let number = matches!(self.what(at + 1), Some(What::Number | What::Mixed));
            if unit && number && !self.parted(at + 1) && self.free(at) {
                let part = if boxed { AddressPart::Box } else { AddressPart::Unit };
                self.mark(at..at + 2, part);
            }
        }
    }

    /// The first stretch that no comma, line or unit interrupts and that has a number or a word
    /// for a street in it.
    fn street(&mut self) {
        let mut start = 0;
        while start < self.pieces.len() {
            if !self.free(start) {
                start += 1;
                continue;
            }
            let mut end = start + 1;
            while self.free(end) && !self.parted(end) {
                end += 1;
            }
            let number = self.what(start) == Some(What::Number);
            let word = (start..end).rfind(|at| self.is(*at, is::STREET));
            if word.is_none() && !number {
                start = end;
                continue;
            }
            // A code before its town (`10115 Berlin`) is no house, when the street was said already
            // or is still to come on its own line.
            if number && word.is_none() && self.digits(start) >= 4 && start > 0 {
                start = end;
                continue;
            }
            let body = if number { start + 1 } else { start };
            let end = self.end_of_street(body, end, word);
            if number {
                self.mark(start..start + 1, AddressPart::Number);
            }
            let last = end.saturating_sub(1);
            if !number && last > body && self.what(last) == Some(What::Number) {
                self.mark(last..end, AddressPart::Number);
                self.mark(body..last, AddressPart::Street);
            } else if body < end {
                self.mark(body..end, AddressPart::Street);
            }
            return;
        }
    }

    /// Where the street ends in a stretch that may go on with the town: behind the word for it and
    /// a number, when names stood before that word.
    fn end_of_street(&self, body: usize, end: usize, word: Option<usize>) -> usize {
        let Some(word) = word else { return end };
        let leads = (body..word).all(|at| self.what(at) != Some(What::Name));
        if leads && self.pieces.get(word).is_some_and(|piece| piece.end - piece.start < 7) {
            // `rue de la Paix 5`: to the number, if there is one.
            return (word..end)
                .find(|at| self.what(*at) == Some(What::Number))
                .map_or(end, |at| at + 1);
        }
        let number = self.what(word + 1) == Some(What::Number) && self.digits(word + 1) < 5;
        (word + 1 + usize::from(number && word + 1 < end)).min(end)
    }

    /// `94043-1234`, `SW1A 2AA`, `1017 AB`: the last that is nothing else.
    fn code(&mut self) {
        for at in (0..self.pieces.len()).rev().filter(|at| self.free(*at)).collect::<Vec<_>>() {
            let mixed = |at: usize| self.what(at) == Some(What::Mixed) && self.free(at);
            let number = |at: usize| self.what(at) == Some(What::Number) && self.free(at);
            let joined = at > 0 && !self.parted(at) && self.free(at - 1);
            // Both halves of `SW1A 2AA` and `B3H 4R2`; `2AA` alone may be read as a number.
            if mixed(at) && joined && mixed(at - 1)
                || number(at) && self.digits(at) == 1 && joined && mixed(at - 1)
            {
                return self.mark(at - 1..at + 1, AddressPart::Postcode);
            }
            if mixed(at) || number(at) && (4..=6).contains(&self.digits(at)) {
                // The letters of the Netherlands stand behind.
                let letters = self.text(at + 1);
                let dutch = self.digits(at) == 4
                    && letters.len() == 2
                    && letters.iter().all(u8::is_ascii_uppercase)
                    && !self.parted(at + 1)
                    && self.free(at + 1);
                return self.mark(at..at + 1 + usize::from(dutch), AddressPart::Postcode);
            }
        }
    }

    /// What is left are names: a state by its word or code, a country, or else a town.
    fn places(&mut self) {
        let mut start = 0;
        while start < self.pieces.len() {
            if !self.free(start) || !matches!(self.what(start), Some(What::Name | What::Small)) {
                start += 1;
                continue;
            }
            let mut end = start + 1;
            while self.free(end)
                && !self.parted(end)
                && matches!(self.what(end), Some(What::Name | What::Small))
            {
                end += 1;
            }
            let first = !self.of.iter().flatten().any(|part| part.0 == AddressPart::City);
            let last = end - 1;
            if self.is(last, is::COUNTRY) && !self.is(last, is::STATE) {
                let whole = !first || start == last;
                let from = if whole { start } else { last };
                self.mark(from..end, AddressPart::Country);
                end = from;
            } else if self.is(last, is::STATE | is::STATE_CODE) && (!first || last > start) {
                self.mark(last..end, AddressPart::Region);
                end = last;
            }
            if start < end {
                self.mark(start..end, AddressPart::City);
            }
            start = last + 1;
        }
    }

    fn ranges(&self) -> Vec<(AddressPart, Range<usize>)> {
        let mut out: Vec<(AddressPart, usize, Range<usize>)> = Vec::new();
        for (piece, part) in self.pieces.iter().zip(&self.of) {
            let Some((part, group)) = *part else { continue };
            match out.last_mut() {
                Some((_, open, range)) if *open == group => range.end = piece.end,
                _ => out.push((part, group, piece.start..piece.end)),
            }
        }
        out.into_iter().map(|(part, _, range)| (part, range)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{AddressPart as P, address_parts};

    #[test]
    fn addresses_of_many_countries_are_taken_apart() {
        let table: &[(&str, &[(P, &str)])] = &[
            (
                "1600 Pine Parkway, Suite 12, Mountain View, CA 94043",
                &[
                    (P::Number, "1600"),
                    (P::Street, "Pine Parkway"),
                    (P::Unit, "Suite 12"),
                    (P::City, "Mountain View"),
                    (P::Region, "CA"),
                    (P::Postcode, "94043"),
                ],
            ),
            (
                "10 Mill Street, London SW1A 2AA",
                &[
                    (P::Number, "10"),
                    (P::Street, "Mill Street"),
                    (P::City, "London"),
                    (P::Postcode, "SW1A 2AA"),
                ],
            ),
            (
                "Lindenstraße 12, 10115 Berlin",
                &[
                    (P::Street, "Lindenstraße"),
                    (P::Number, "12"),
                    (P::Postcode, "10115"),
                    (P::City, "Berlin"),
                ],
            ),
            (
                "12 rue de la Paix, 75002 Paris",
                &[
                    (P::Number, "12"),
                    (P::Street, "rue de la Paix"),
                    (P::Postcode, "75002"),
                    (P::City, "Paris"),
                ],
            ),
            (
                "P.O. Box 4711, Halifax, NS B3H 4R2",
                &[
                    (P::Box, "P.O. Box 4711"),
                    (P::City, "Halifax"),
                    (P::Region, "NS"),
                    (P::Postcode, "B3H 4R2"),
                ],
            ),
            (
                "Flat 4, 12 Gandhi Road, Bengaluru 560001, India",
                &[
                    (P::Unit, "Flat 4"),
                    (P::Number, "12"),
                    (P::Street, "Gandhi Road"),
                    (P::City, "Bengaluru"),
                    (P::Postcode, "560001"),
                    (P::Country, "India"),
                ],
            ),
            (
                "7 Oak Avenue\nApt. 3\nSpringfield\nIL 62701",
                &[
                    (P::Number, "7"),
                    (P::Street, "Oak Avenue"),
                    (P::Unit, "Apt. 3"),
                    (P::City, "Springfield"),
                    (P::Region, "IL"),
                    (P::Postcode, "62701"),
                ],
            ),
            ("221B Baker Street", &[(P::Number, "221B"), (P::Street, "Baker Street")]),
            ("", &[]),
        ];
        for (address, wanted) in table {
            let parts = address_parts(address.as_bytes());
            let parts: Vec<(P, &str)> = parts
                .iter()
                .map(|(part, range)| (*part, address.get(range.clone()).unwrap()))
                .collect();
            assert_eq!(&parts, wanted, "{address:?}");
        }
    }
}
