//! Words for made-up tickets, and the dice that choose among them.

/// The same numbers for the same seed.
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        // Neighbouring seeds must not give neighbouring sentences.
        Self((seed ^ 0x5851_F42D_4C95_7F2D).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 16) % sides as u64).unwrap_or(0)
    }

    pub(super) fn one_of<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of.get(self.roll(of.len())).copied().unwrap_or_default()
    }

    /// Sentences until so many bytes are written.
    pub(super) fn prose(&mut self, bytes: usize, out: &mut String) {
        let end = out.len() + bytes;
        while out.len() < end {
            let (opening, what, ending) =
                (self.one_of(OPENINGS), self.one_of(THINGS), self.one_of(ENDINGS));
            for part in [opening, " ", what, " ", ending, ". "] {
                out.push_str(part);
            }
        }
    }
}

pub(super) const FIRST: &[&str] = &[
    "Amara",
    "Björn",
    "Catherine",
    "Dmitri",
    "Élise",
    "Fatima",
    "Gwen",
    "Hiroshi",
    "Ingrid",
    "Jamal",
    "Katrin",
    "Liam",
    "Marisol",
    "Noor",
    "Oskar",
    "Priya",
    "Quentin",
    "Rosa",
    "Siobhán",
    "Tomasz",
    "Ursula",
    "Viktor",
    "Wen",
    "Ximena",
    "Yusuf",
    "Zainab",
];

const HEADS: &[&str] = &[
    "Al", "Bar", "Cor", "Dun", "Eck", "Fen", "Gar", "Hol", "Ivar", "Jor", "Kel", "Lind", "Mor",
    "Nor", "Ost", "Pel", "Quin", "Rud", "Sol", "Tor", "Ull", "Ver", "Wald", "Yor", "Zim",
];
const TAILS: &[&str] = &[
    "berg", "well", "strand", "mann", "field", "quist", "ford", "sen", "vik", "stone", "dottir",
    "by", "hurst", "ley", "brook", "gren", "holt", "worth", "dal", "mark",
];
const ENDS: &[&str] = &["", "s", "er", "ov", "a", "in", "et", "ou", "i", "es"];

/// One of 5,000 family names.
pub(super) fn family(number: u64) -> String {
    let at = |list: &[&str], number: u64| {
        let index = usize::try_from(number).unwrap_or(0) % list.len();
        list.get(index).copied().unwrap_or_default().to_owned()
    };
    let (heads, tails) = (HEADS.len() as u64, TAILS.len() as u64);
    at(HEADS, number) + &at(TAILS, number / heads) + &at(ENDS, number / heads / tails)
}

pub(super) const SUBJECTS: &[&str] = &[
    "Scanner sends nothing",
    "Cannot sign in",
    "New colleague on Monday",
    "Shared folder is gone",
    "Screen stays black",
    "Calendar shows the wrong day",
    "Suspicious attachment",
    "Disk is full",
    "Backup has not run",
    "Headset without sound",
    "Licence has expired",
    "Slow since the update",
];

const OPENINGS: &[&str] = &[
    "Since this morning",
    "After the last update",
    "As we said on the telephone,",
    "On the second floor",
    "In the meeting room",
    "For two colleagues",
    "When the laptop wakes,",
    "According to the manual",
    "Without any message",
    "As a remedy for now",
];
const THINGS: &[&str] = &[
    "the printer by the stairs",
    "the shared calendar",
    "the connection from home",
    "the accounting program",
    "the wireless network",
    "the large screen",
    "the nightly backup",
    "the sign-in page",
    "the scanner",
    "the mailbox of the reception",
    "the docking station",
];
const ENDINGS: &[&str] = &[
    "no longer answers",
    "asks for a password twice",
    "works again after a restart",
    "shows an old version",
    "was replaced by a spare one",
    "is slower than it was",
    "waits for a part",
    "reports error 0x80070035",
    "has been checked twice",
    "needs a new cable",
];
