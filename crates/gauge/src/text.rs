//! Made-up texts, the same each time.

/// The same numbers each time.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 20) % sides.max(1) as u64).unwrap_or(0)
    }

    fn word(&mut self) -> &'static str {
        WORDS.get(self.roll(WORDS.len())).copied().unwrap_or("so")
    }
}

const WORDS: &[&str] = &[
    "after",
    "the",
    "storm",
    "two",
    "sockets",
    "in",
    "hall",
    "stayed",
    "dark",
    "so",
    "we",
    "moved",
    "a",
    "router",
    "to",
    "upper",
    "shelf",
    "and",
    "wrote",
    "down",
    "its",
    "number",
    "für",
    "later",
    "café",
    "please",
    "bring",
    "longer",
    "cable",
    "on",
    "Wednesday",
    "thank",
    "you",
    "all",
];

/// Notes of some 200 bytes, one in forty of which names somebody.
pub(crate) fn notes(bytes: usize) -> Vec<String> {
    let mut dice = Dice::new(5);
    let mut all = Vec::new();
    let mut total = 0;
    while total < bytes {
        let mut note = String::new();
        while note.len() < 190 {
            note.push_str(dice.word());
            note.push(' ');
        }
        if all.len() % 40 == 7 {
            note.push_str(&format!(
                "(told Mara{0} Lindgren{0}, mara.lind{0}@acme.example)",
                all.len() / 40 % 3
            ));
        }
        total += note.len();
        all.push(note);
    }
    all
}

/// One text of lines full of digits.
pub(crate) fn logs(bytes: usize) -> String {
    let mut dice = Dice::new(9);
    let mut text = String::new();
    while text.len() < bytes {
        text.push_str(&format!(
            "2026-02-{:02}T{:02}:{:02}:07.{:03}Z app[{}] PUT /orders/{} 204 {} user{}@acme.example\n",
            1 + dice.roll(28),
            dice.roll(24),
            dice.roll(60),
            dice.roll(1_000),
            dice.roll(30_000),
            dice.roll(9_000_000),
            dice.roll(100_000),
            dice.roll(5_000)
        ));
    }
    text
}

/// Mails with a quoted-printable and a base64 part.
pub(crate) fn mails(bytes: usize) -> Vec<String> {
    let mut all = Vec::new();
    let mut total = 0;
    for note in notes(32 << 10).chunks(12).cycle() {
        if total >= bytes {
            break;
        }
        let plain = note.join("\n");
        let mut mail = String::from(
            "From: desk@provider.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\n--=_b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n",
        );
        let mut column = 0;
        for byte in plain.bytes() {
            if column > 70 {
                mail.push_str("=\r\n");
                column = 0;
            }
            if byte == b'=' || !(32..=126).contains(&byte) {
                mail.push_str(&format!("={byte:02X}"));
                column += 3;
            } else {
                mail.push(char::from(byte));
                column += 1;
            }
        }
        mail.push_str("\r\n--=_b\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        mail.push_str(&base64(plain.as_bytes()));
        mail.push_str("\r\n--=_b--\r\n");
        total += mail.len();
        all.push(mail);
    }
    all
}

/// Lines of 76 signs.
fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for (line, chunk) in bytes.chunks(57).enumerate() {
        if line > 0 {
            out.push_str("\r\n");
        }
        for three in chunk.chunks(3) {
            let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
            let number = at(0) << 16 | at(1) << 8 | at(2);
            for sign in 0..4_usize {
                let index = usize::try_from(number >> (18 - 6 * sign) & 63).unwrap_or(0);
                let sign = if sign > three.len() {
                    b'='
                } else {
                    SIGNS.get(index).copied().unwrap_or(b'=')
                };
                out.push(char::from(sign));
            }
        }
    }
    out
}
