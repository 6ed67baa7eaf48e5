//! Made-up texts as they lie around in companies, to measure the detector on: prose, notes of a
//! service desk, logs, short values. The same seed gives the same bytes; nobody in them exists.
//!
//! How much personal data stands in them is guessed from what such texts hold: in prose a person
//! every 600 bytes and a way to reach one every 3 KB; in a note of 4 KB the head of a mail, a few
//! names and numbers, and a signature; in one of four short values a name, an address or a number.

mod logs;
mod words;

pub(crate) use logs::{FORMATS, line};
use words::{CITIES, FAMILY, GIVEN, PRODUCTS, STREETS, WORDS};

/// Numbers that are the same each time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 20) % sides as u64).unwrap_or(0)
    }

    pub(crate) fn of<'w>(&mut self, list: &[&'w str]) -> &'w str {
        list.get(self.roll(list.len())).copied().unwrap_or("x")
    }

    /// A word: those at the front of the list are the more frequent.
    fn word(&mut self) -> &'static str {
        let far = self.roll(WORDS.len()) * self.roll(WORDS.len()) / WORDS.len();
        WORDS.get(far).copied().unwrap_or("x")
    }
}

fn person(dice: &mut Dice) -> String {
    format!("{} {}", dice.of(GIVEN), dice.of(FAMILY))
}

fn email(dice: &mut Dice) -> String {
    let (given, family) = (dice.of(GIVEN), dice.of(FAMILY));
    format!("{given}.{family}@client{}.example", dice.roll(400)).to_lowercase().replace(' ', "")
}

fn phone(dice: &mut Dice) -> String {
    match dice.roll(3) {
        0 => format!("+1 212 555 01{:02}", dice.roll(100)),
        1 => format!("(902) 555-01{:02}", dice.roll(100)),
        _ => format!("+44 20 7946 0{:03}", dice.roll(1000)),
    }
}

fn address(dice: &mut Dice) -> String {
    format!(
        "{} {}, {}, NS B{}H {}R{}",
        1 + dice.roll(400),
        dice.of(STREETS),
        dice.of(CITIES),
        dice.roll(10),
        dice.roll(10),
        dice.roll(10)
    )
}

/// A word with a capital inside a sentence: a product, a town, a day, a person.
fn proper(dice: &mut Dice) -> String {
    match dice.roll(8) {
        0..3 => dice.of(PRODUCTS).to_owned(),
        3 => dice.of(CITIES).to_owned(),
        4 => dice.of(&["Monday", "Tuesday", "Friday", "March", "October"]).to_owned(),
        5 => dice.of(GIVEN).to_owned(),
        _ => person(dice),
    }
}

/// A number as prose has them.
fn amount(dice: &mut Dice) -> String {
    match dice.roll(5) {
        0 => format!("{}", 2 + dice.roll(60)),
        1 => format!("{}.{}", 1 + dice.roll(12), dice.roll(10)),
        2 => format!("{}:{:02}", 7 + dice.roll(12), dice.roll(60)),
        3 => format!(
            "{} {} 20{}",
            1 + dice.roll(28),
            dice.of(&["May", "June", "March"]),
            10 + dice.roll(17)
        ),
        _ => format!("{},{:03}", 1 + dice.roll(90), dice.roll(1000)),
    }
}

/// One sentence of 6 to 22 words.
fn sentence(dice: &mut Dice, out: &mut String) {
    let begin = out.len();
    for at in 0..6 + dice.roll(17) {
        if at > 0 {
            out.push_str(if dice.roll(14) == 0 { ", " } else { " " });
        }
        match dice.roll(60) {
            0 | 1 if at > 0 => out.push_str(&proper(dice)),
            2 => out.push_str(&amount(dice)),
            3 => out.push_str(dice.of(&[
                "it's",
                "don\u{2019}t",
                "so-called",
                "(for example)",
                "e.g.",
            ])),
            _ => out.push_str(dice.word()),
        }
    }
    // `range_mut` of the first byte: words are ASCII there but for a few.
    if let Some(first) = out.get_mut(begin..begin + 1) {
        first.make_ascii_uppercase();
    }
    out.push_str(dice.of(&[". ", ". ", ". ", "? ", ".\n", "; "]));
}

/// Paragraphs as in letters and manuals.
pub(crate) fn prose(dice: &mut Dice, bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 256);
    while out.len() < bytes {
        sentence(dice, &mut out);
        match dice.roll(90) {
            0 => out.push_str(&format!("Write to {} then. ", email(dice))),
            1 => out.push_str(&format!("Call {} first. ", phone(dice))),
            2 => out.push_str(&format!("We met at {}. ", address(dice))),
            3..10 => out.push_str("\n\n"),
            _ => {}
        }
    }
    out
}

/// A note of a service desk: the head of a mail, what happened, who wrote it.
pub(crate) fn note(dice: &mut Dice, bytes: usize) -> String {
    let mut out = format!(
        "From: {} <{}>\nSent: Tuesday, November {}, 2026 {}:{:02} AM\nTo: Service Desk <desk@provider.example>\nSubject: RE: [Ticket #{}] ",
        person(dice),
        email(dice),
        1 + dice.roll(28),
        1 + dice.roll(11),
        dice.roll(60),
        100_000 + dice.roll(900_000)
    );
    sentence(dice, &mut out);
    out.push_str("\n\n");
    while out.len() + 300 < bytes {
        sentence(dice, &mut out);
        match dice.roll(30) {
            0 => out.push_str(&format!("Spoke with {} on {}. ", person(dice), phone(dice))),
            1 => out.push_str(&format!(
                "Machine WS-{:04} at 10.{}.{}.{} was restarted. ",
                dice.roll(10_000),
                dice.roll(256),
                dice.roll(256),
                dice.roll(256)
            )),
            2 => out.push_str("\n\n"),
            _ => {}
        }
    }
    out.push_str(&format!(
        "\n\nKind regards,\n{}\n{}\nTel. {} | {}\n{}\n",
        person(dice),
        dice.of(&["Service Desk", "Office Manager", "Accounts"]),
        phone(dice),
        email(dice),
        address(dice)
    ));
    out
}

/// A field of a form or a table: two or three sentences, in one of four a value.
pub(crate) fn value(dice: &mut Dice, bytes: usize) -> String {
    let mut out = String::with_capacity(bytes + 128);
    match dice.roll(16) {
        0 => out.push_str(&format!("{} called. ", person(dice))),
        1 => out.push_str(&format!("Reach her on {}. ", phone(dice))),
        2 => out.push_str(&format!("Sent to {}. ", email(dice))),
        3 => out.push_str(&format!("Deliver to {}. ", address(dice))),
        _ => {}
    }
    while out.len() < bytes {
        sentence(dice, &mut out);
    }
    let end = (0..=bytes).rev().find(|end| out.is_char_boundary(*end)).unwrap_or(0);
    out.truncate(end);
    out
}

/// Values or notes of this length, as many as make so many bytes.
pub(crate) fn many(bytes: usize, each: usize, make: fn(&mut Dice, usize) -> String) -> Vec<String> {
    let mut dice = Dice::new(each as u64);
    let mut all = Vec::new();
    let mut total = 0;
    while total < bytes {
        let text = make(&mut dice, each);
        total += text.len();
        all.push(text);
    }
    all
}

/// Lines of one format, or of all in blocks of a hundred as files would hold them.
pub(crate) fn log(bytes: usize, format: Option<usize>) -> String {
    let mut dice = Dice::new(13);
    let mut out = String::with_capacity(bytes + 1024);
    let mut number = 0;
    while out.len() < bytes {
        line(&mut dice, format.unwrap_or(number / 100 % FORMATS.len()), number, &mut out);
        number += 1;
    }
    out
}
