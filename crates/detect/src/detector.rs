//! Finds personal data of all kinds in any bytes.
//!
//! The text is worked through in segments of [`SEGMENT`] bytes, counted from its beginning. What
//! begins in a segment may be judged by [`BEHIND`] bytes before it and [`AHEAD`] after it, and by
//! nothing else; so a text gives the same findings however it is handed over, and a stream needs
//! no more memory than one segment.

#[cfg(test)]
mod unfiltered;

use std::collections::BTreeMap;

use crate::classes::{Map, Starts};
use crate::first_look;
use crate::kinds::{Family, Found, KindRef, contact, credential, network, online};
use crate::look::{Hit, Look};
use crate::machine::{Reader, Work, work};
use crate::own::{Own, OwnKind};
use crate::starts;

/// Bytes of one segment.
pub(crate) const SEGMENT: usize = 64 * 1024;
/// Bytes before a segment that may be looked at.
pub(crate) const BEHIND: usize = 512;
/// Bytes after a segment that may be looked at.
pub(crate) const AHEAD: usize = 8 * 1024;
/// A finding begins at most so many bytes before what led to it.
const HOLD: usize = 384;

/// Which kinds are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Choice {
    /// All of them.
    #[default]
    All,
    /// Those named: keys (`contact.email`) or families (`contact`).
    Only(Vec<String>),
    /// All but those named.
    Without(Vec<String>),
}

/// Values that are known and harmless.
#[derive(Debug, Clone, Default)]
pub struct AllowList {
    /// Exact values, compared without regard to the case of ASCII letters.
    pub values: Vec<String>,
    /// Endings: `@acme.example` allows every address there.
    pub endings: Vec<String>,
}

impl AllowList {
    fn holds(&self, value: &[u8]) -> bool {
        self.values.iter().any(|known| value.eq_ignore_ascii_case(known.as_bytes()))
            || self.endings.iter().any(|ending| {
                let from = value.len().checked_sub(ending.len());
                from.and_then(|from| value.get(from..))
                    .is_some_and(|tail| tail.eq_ignore_ascii_case(ending.as_bytes()))
            })
    }
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
pub struct DetectOptions {
    /// Which kinds.
    pub kinds: Choice,
    /// Findings below this confidence are left out (0 to 100).
    pub least_confidence: u8,
    /// Kinds that the user described.
    pub own: Vec<OwnKind>,
    /// Values that are left out.
    pub allow: AllowList,
}

/// An option that cannot be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OptionError {
    /// No kind and no family is called this.
    NoSuchKind(String),
    /// A kind of the user's is not sound.
    OwnKind {
        /// Its key.
        key: String,
        /// What is wrong with it.
        message: String,
    },
}

impl std::fmt::Display for OptionError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoSuchKind(name) => write!(f, "there is no kind or family `{name}`"),
            Self::OwnKind { key, message } => write!(f, "the kind `{key}`: {message}"),
        }
    }
}

impl std::error::Error for OptionError {}

/// Finds values of all kinds; built once, shared by threads.
#[derive(Debug, Clone)]
pub struct Detector {
    /// `None`: all.
    enabled: Option<Vec<KindRef>>,
    own: Vec<Own>,
    least_confidence: u8,
    allow: AllowList,
}

/// Memory that is used again from text to text.
#[derive(Debug, Default)]
pub struct DetectScratch {
    map: Map,
    hits: Vec<Hit>,
    /// What may still overlap with findings of the next segment; positions in the whole text.
    open: Vec<(u64, Hit)>,
    /// The end of the last finding that was handed out.
    taken: u64,
}

impl DetectScratch {
    /// Empty.
    pub fn new() -> Self {
        Self::default()
    }

    /// What is still open begins here or later, once all segments up to `start` are done.
    pub(crate) fn settled(&self, start: u64) -> u64 {
        let closed = start.saturating_sub(HOLD as u64);
        self.open.first().map_or(closed, |(first, _)| closed.min(*first))
    }
}

fn family_key(family: Family) -> &'static str {
    match family {
        Family::Contact => "contact",
        Family::Network => "network",
        Family::Financial => "financial",
        Family::Government => "government",
        Family::Health => "health",
        Family::Credential => "credential",
        Family::Online => "online",
        Family::Child => "child",
        Family::Special => "special",
        Family::Own => "own",
    }
}

impl Detector {
    /// A detector for what the options say.
    ///
    /// # Errors
    /// A kind that does not exist, or one of the user's that is not sound.
    pub fn new(options: &DetectOptions) -> Result<Self, OptionError> {
        let own = options.own.iter().map(Own::new).collect::<Result<Vec<_>, _>>()?;
        let all: Vec<KindRef> =
            crate::kinds::kinds().chain(own.iter().map(|own| own.kind)).collect();
        let named = |names: &[String], yes: bool| {
            for name in names {
                let known =
                    all.iter().any(|kind| kind.key() == name || family_key(kind.family()) == name);
                if !known {
                    return Err(OptionError::NoSuchKind(name.clone()));
                }
            }
            let picked = |kind: &KindRef| {
                names.iter().any(|name| kind.key() == name || family_key(kind.family()) == name)
            };
            Ok(Some(all.iter().copied().filter(|kind| picked(kind) == yes).collect()))
        };
        let enabled = match &options.kinds {
            Choice::All => None,
            Choice::Only(names) => named(names, true)?,
            Choice::Without(names) => named(names, false)?,
        };
        Ok(Self {
            enabled,
            own,
            least_confidence: options.least_confidence,
            allow: options.allow.clone(),
        })
    }

    /// Every kind that it knows, those of the user behind the built-in ones; chosen or not.
    pub fn kinds(&self) -> impl Iterator<Item = KindRef> {
        crate::kinds::kinds().chain(self.own.iter().map(|own| own.kind))
    }

    /// Everything in a text or value, by its place.
    pub fn find(&self, bytes: &[u8]) -> Vec<Found> {
        let mut out = Vec::new();
        self.find_into(bytes, &mut DetectScratch::new(), &mut out);
        out
    }

    /// As [`Self::find`], without new memory for each text.
    pub fn find_into(&self, bytes: &[u8], scratch: &mut DetectScratch, out: &mut Vec<Found>) {
        if crate::stream::utf16(bytes).is_some() {
            let mut stream = self.stream();
            stream.push(bytes, &mut |found| out.push(found.clone()));
            stream.finish(&mut |found| out.push(found.clone()));
            return;
        }
        scratch.open.clear();
        scratch.taken = 0;
        let mut start = 0;
        loop {
            let end = bytes.len().min(start + SEGMENT);
            let from = start.saturating_sub(BEHIND);
            let view = bytes.get(from..bytes.len().min(end + AHEAD)).unwrap_or_default();
            let last = end == bytes.len();
            self.segment(
                view,
                from as u64,
                start - from..end - from,
                last,
                scratch,
                &mut |found| {
                    out.push(found);
                },
            );
            if last {
                return;
            }
            start = end;
        }
    }

    /// Whether a value of this kind, told so surely (0 to 100), is one that the options ask for.
    pub fn admits(&self, kind: KindRef, confidence: u8, value: &[u8]) -> bool {
        confidence >= self.least_confidence
            && self.enabled.as_ref().is_none_or(|kinds| kinds.contains(&kind))
            && !self.allow.holds(value)
    }

    /// What begins in a segment: `view` starts at byte `base` of the text, `part` is the segment
    /// in it.
    pub(crate) fn segment(
        &self,
        view: &[u8],
        base: u64,
        part: std::ops::Range<usize>,
        last: bool,
        scratch: &mut DetectScratch,
        emit: &mut dyn FnMut(Found),
    ) {
        scratch.hits.clear();
        scratch.map.read(view);
        let mut look = Look::new(view, &scratch.map, &mut scratch.hits);
        scan(&mut look, &scratch.map, part.clone());
        for own in &self.own {
            own.scan(&mut look, part.clone());
        }
        let least = part.start.saturating_sub(HOLD);
        for hit in scratch.hits.drain(..) {
            let wanted = hit.start >= least
                && hit.end > hit.start
                && hit.end <= view.len()
                && self.admits(
                    hit.kind,
                    hit.confidence,
                    view.get(hit.start..hit.end).unwrap_or_default(),
                );
            if wanted {
                scratch.open.push((base + hit.start as u64, hit));
            }
        }
        let closed = if last { u64::MAX } else { base + (part.end.saturating_sub(HOLD)) as u64 };
        let taken = &mut scratch.taken;
        resolve(&mut scratch.open, closed, &mut |found| {
            // Only behind a group that was cut.
            if found.start >= *taken {
                *taken = found.end;
                emit(found);
            }
        });
    }
}

/// More findings than these that overlap in a chain are cut apart.
const GROUP: usize = 512;

/// Hands out what nothing that is still to come can overlap with; of what overlaps, the surest.
fn resolve(open: &mut Vec<(u64, Hit)>, closed: u64, emit: &mut dyn FnMut(Found)) {
    open.sort_by_key(|(start, hit)| (*start, hit.end - hit.start));
    let end_of = |start: u64, hit: &Hit| start + (hit.end - hit.start) as u64;
    let mut from = 0;
    while let Some((start, hit)) = open.get(from) {
        // Findings that touch each other, directly or through others.
        let mut end = end_of(*start, hit);
        let mut to = from + 1;
        while let Some((start, hit)) =
            open.get(to).filter(|(start, _)| *start < end && to - from < GROUP)
        {
            end = end.max(end_of(*start, hit));
            to += 1;
        }
        if end > closed && to - from < GROUP {
            break;
        }
        let group = open.get(from..to).unwrap_or_default();
        match group {
            [(start, hit)] => emit(found(*start, hit)),
            group => surest(group, emit),
        }
        from = to;
    }
    open.drain(..from);
}

fn surest(group: &[(u64, Hit)], emit: &mut dyn FnMut(Found)) {
    let mut order: Vec<&(u64, Hit)> = group.iter().collect();
    order.sort_by_key(|(start, hit)| {
        (255 - hit.rank, usize::MAX - (hit.end - hit.start), *start, hit.kind.key())
    });
    let mut taken: BTreeMap<u64, &(u64, Hit)> = BTreeMap::new();
    for entry in order {
        let (start, hit) = entry;
        let end = start + (hit.end - hit.start) as u64;
        let before = taken.range(..end).next_back();
        let free = before.is_none_or(|(start_of, (_, other))| {
            start_of + (other.end - other.start) as u64 <= *start
        });
        if free {
            taken.insert(*start, entry);
        }
    }
    for (start, hit) in taken.into_values() {
        emit(found(*start, hit));
    }
}

fn found(start: u64, hit: &Hit) -> Found {
    Found {
        kind: hit.kind,
        start,
        end: start + (hit.end - hit.start) as u64,
        confidence: hit.confidence,
        validated: hit.validated,
        test_data: hit.test_data,
        reason: hit.reason,
    }
}

/// Calls the recognisers where something may begin.
fn scan(look: &mut Look<'_>, map: &Map, part: std::ops::Range<usize>) {
    crate::keywords::scan(look, part.clone());
    work(Scan { look, map, part });
}

struct Scan<'s, 't> {
    look: &'s mut Look<'t>,
    map: &'s Map,
    part: std::ops::Range<usize>,
}

impl Work for Scan<'_, '_> {
    #[inline(always)]
    fn with(self, _: impl Reader) {
        let Self { look, map, part } = self;
        let mut passed = Passed::default();
        let first = part.start / 64;
        let mut before = first.checked_sub(1).map_or_else(Default::default, |at| *map.block(at));
        for block in first..part.end.div_ceil(64) {
            let (now, next) = (map.block(block), map.block(block + 1));
            let mut starts = Starts::of(&before, now, next);
            let base = 64 * block;
            let mut kept = u64::MAX << part.start.saturating_sub(base);
            if part.end - base < 64 {
                kept &= !(u64::MAX << (part.end - base));
            }
            starts.keep(kept);
            if starts.capitals | starts.tokens != 0 {
                first_look::sift(look, base, &mut starts, now, next);
            }
            before = *now;
            let mut bits = starts.any();
            while bits != 0 {
                let bit = bits & bits.wrapping_neg();
                let at = base + bits.trailing_zeros() as usize;
                bits ^= bit;
                if starts.tokens & bit != 0 {
                    token(look, at);
                }
                if starts.numbers & bit != 0 {
                    if at >= passed.number {
                        passed.number = starts::number(look, at, &mut passed);
                    }
                } else if starts.marks & bit != 0 {
                    mark(look, at, &mut passed);
                } else if starts.capitals & bit != 0 && at >= passed.name {
                    passed.name = starts::capital(look, at, &mut passed);
                }
            }
        }
    }
}

/// Up to where the text was judged already.
#[derive(Default)]
pub(crate) struct Passed {
    number: usize,
    /// No colon and no equals sign needs to be looked at before this.
    pub(crate) colon: usize,
    name: usize,
    pub(crate) address: usize,
}

#[inline(always)]
fn mark(look: &mut Look<'_>, at: usize, passed: &mut Passed) {
    match look.byte(at) {
        b'@' => contact::email::at_sign(look, at),
        b'$' => credential::token::at_dollar(look, at),
        b':' if at >= passed.colon => {
            passed.colon = at + 1;
            let end = match (look.byte(at + 1), look.byte(at + 2)) {
                (b'/', b'/') => {
                    credential::assigned::at_url(look, at).or_else(|| online::profile(look, at))
                }
                _ => credential::assigned::at_mark(look, at),
            };
            passed.colon = end.unwrap_or_else(|| network::colon(look, at));
        }
        b'=' if at >= passed.colon => {
            if let Some(end) = credential::assigned::at_mark(look, at) {
                passed.colon = end;
            }
        }
        _ => {}
    }
}

fn token(look: &mut Look<'_>, at: usize) {
    if !network::mac::token(look, at) {
        credential::token::at_run(look, at);
    }
}
