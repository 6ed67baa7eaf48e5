//! Texts as a service provider has them, with the places of what is personal in them: tickets,
//! device lists, configuration files. Everything is made from a seed; nobody in it exists.

/// A text, and what stands where in it: start and end in bytes, and the key of the kind.
pub(crate) struct Document {
    pub(crate) text: String,
    pub(crate) spans: Vec<(usize, usize, &'static str)>,
}

/// Dice that fall the same way for the same seed.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 16) % sides as u64) as usize
    }

    pub(crate) fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.roll(list.len())]
    }

    pub(crate) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.roll(10) as u8)).collect()
    }

    pub(crate) fn chars(&mut self, count: usize, of: &str) -> String {
        let of: Vec<char> = of.chars().collect();
        (0..count).map(|_| of[self.roll(of.len())]).collect()
    }
}

const GIVEN: &[&str] = &[
    "Mara", "Jonas", "Priya", "Zoë", "Liam", "Fatima", "Pierre", "Sofia", "Tariq", "Hannah",
    "Kenji", "Olena", "Diego", "Ingrid", "Marek", "Aoife", "Ravi", "Chloé", "Björn", "Lucía",
    "Tomasz", "Amélie", "Nikhil", "Greta", "Omar", "Yvonne", "Declan", "Rosa", "Viktor", "Leila",
];
const FAMILY: &[&str] = &[
    "Lindgren",
    "Okafor",
    "Tremblay",
    "Müller",
    "O'Brien",
    "Kowalska",
    "Sharma",
    "Rossi",
    "Haddad",
    "Nakamura",
    "Petrov",
    "Garcia",
    "van der Berg",
    "Jensen",
    "Schneider",
    "Dubois",
    "Novak",
    "Fitzgerald",
    "Patel",
    "Andersson",
    "Hernández",
    "Popescu",
    "Kaya",
    "Ferreira",
    "Vestergaard",
    "Drummond",
    "Achterberg",
    "Wexcombe",
    "Quillfeather",
    "Brandvold",
];
const STREETS: &[&str] = &[
    "Harbour Street",
    "Mill Lane",
    "Queen's Road",
    "Oakfield Avenue",
    "Station Road",
    "Lakeshore Drive",
    "Church Close",
    "Victoria Terrace",
];
const TOWNS: &[(&str, &str)] = &[
    ("Halifax, NS", "B3H 4R2"),
    ("Portland, OR", "97205"),
    ("London", "SW1A 2AA"),
    ("Boston, MA", "02110"),
    ("Leeds", "LS1 4AP"),
    ("Austin, TX", "78701"),
];
const DOMAINS: &[&str] =
    &["acme.example", "northwind.example", "mail.contoso.example", "kanzlei-weber.example"];

/// A text that is being written.
#[derive(Default)]
pub(crate) struct Writer {
    text: String,
    spans: Vec<(usize, usize, &'static str)>,
}

impl Writer {
    pub(crate) fn put(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(crate) fn mark(&mut self, kind: &'static str, value: &str) -> &mut Self {
        let start = self.text.len();
        self.text.push_str(value);
        self.spans.push((start, self.text.len(), kind));
        self
    }

    pub(crate) fn done(self) -> Document {
        Document { text: self.text, spans: self.spans }
    }
}

struct Person {
    name: String,
    given: String,
    mail: String,
    phone: String,
}

fn person(dice: &mut Dice) -> Person {
    let (given, family) = (dice.of(GIVEN).to_owned(), dice.of(FAMILY).to_owned());
    let plain = |text: &str| -> String {
        text.to_lowercase().chars().filter(char::is_ascii_alphabetic).collect()
    };
    let mail =
        format!("{}.{}{}@{}", plain(&given), plain(&family), dice.roll(90), dice.of(DOMAINS));
    Person { name: format!("{given} {family}"), given, mail, phone: phone(dice) }
}

fn phone(dice: &mut Dice) -> String {
    let (area, exchange) = (200 + dice.roll(799), 200 + dice.roll(799));
    let line = dice.digits(4);
    match dice.roll(7) {
        0 => format!("+1 {area} {exchange} {line}"),
        1 => format!("({area}) {exchange}-{line}"),
        2 => format!("{area}-{exchange}-{line}"),
        3 => format!("+44 20 7{} {line}", dice.digits(3)),
        4 => format!("+49 30 {}", dice.digits(7)),
        5 => format!(
            "+33 1 4{} {} {} {}",
            dice.digits(1),
            dice.digits(2),
            dice.digits(2),
            dice.digits(2)
        ),
        _ => format!("{area}.{exchange}.{line}"),
    }
}

/// Digits with the check digit of ISO/IEC 7812-1 behind them.
fn with_luhn(mut digits: String) -> String {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte - b'0');
            let double = digit * 2;
            if at % 2 == 1 {
                digit
            } else if double > 9 {
                double - 9
            } else {
                double
            }
        })
        .sum();
    digits.push(char::from(b'0' + ((10 - sum % 10) % 10) as u8));
    digits
}

fn card(dice: &mut Dice) -> String {
    let digits =
        with_luhn(format!("{}{}", dice.of(&["4539", "5212", "4716", "5425"]), dice.digits(11)));
    match dice.roll(3) {
        0 => digits,
        1 => digits
            .as_bytes()
            .chunks(4)
            .map(|four| String::from_utf8_lossy(four).into_owned())
            .collect::<Vec<_>>()
            .join(" "),
        _ => digits
            .as_bytes()
            .chunks(4)
            .map(|four| String::from_utf8_lossy(four).into_owned())
            .collect::<Vec<_>>()
            .join("-"),
    }
}

fn iban(dice: &mut Dice) -> String {
    let body = dice.digits(18);
    // D is 13, E is 14; mod 97 of the body, the country and 00.
    let rest = format!("{body}131400")
        .bytes()
        .fold(0_u32, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
    format!("DE{:02}{body}", 98 - rest)
}

fn ssn(dice: &mut Dice) -> String {
    format!("{:03}-{:02}-{:04}", 100 + dice.roll(500), 1 + dice.roll(98), 1 + dice.roll(9998))
}

fn ip(dice: &mut Dice) -> String {
    format!("10.{}.{}.{}", dice.roll(250), dice.roll(250), 1 + dice.roll(250))
}

fn mac(dice: &mut Dice) -> String {
    let pairs: Vec<String> = (0..6).map(|_| format!("{:02x}", 1 + dice.roll(254))).collect();
    pairs.join(dice.of(&[":", "-"]))
}

fn secret(dice: &mut Dice) -> (&'static str, String) {
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    match dice.roll(4) {
        0 => (
            "credential.aws_access_key",
            format!("AKIA{}7Q", dice.chars(14, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")),
        ),
        1 => ("credential.github_token", format!("ghp_{}4z", dice.chars(34, letters))),
        2 => ("credential.stripe_key", format!("sk_live_{}9k", dice.chars(24, letters))),
        _ => (
            "credential.slack_token",
            format!("xoxb-{}-{}-{}", dice.digits(11), dice.digits(12), dice.chars(24, letters)),
        ),
    }
}

fn ticket(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    let (caller, other) = (person(dice), person(dice));
    out.put(&format!(
        "Ticket #{} opened 2026-0{}-1{}\nFrom: ",
        dice.digits(6),
        1 + dice.roll(9),
        dice.roll(9)
    ));
    out.mark("contact.name", &caller.name)
        .put(" <")
        .mark("contact.email", &caller.mail)
        .put(">\n\nHi team,\n");
    match dice.roll(5) {
        0 => {
            out.put("the laptop of ")
                .mark("contact.name", &other.name)
                .put(" does not start. Please call ");
            out.mark("contact.phone", &other.phone).put(" before noon.\n");
        }
        1 => {
            out.put("please charge card ")
                .mark("financial.card", &card(dice))
                .put(" for order ")
                .put(&dice.digits(9))
                .put(".\n");
        }
        2 => {
            out.put("payroll asks for a change: IBAN ")
                .mark("financial.iban", &iban(dice))
                .put(", SSN ");
            out.mark("government.us_ssn", &ssn(dice)).put(".\n");
        }
        3 => {
            let (town, code) = TOWNS[dice.roll(TOWNS.len())];
            let place = format!("{} {}, {town} {code}", 1 + dice.roll(400), dice.of(STREETS));
            out.put("ship the replacement to ").mark("contact.address", &place).put(".\n");
        }
        _ => {
            out.put("new starter: ").mark("contact.name", &other.name).put(", date of birth ");
            out.mark(
                "contact.birth_date",
                &format!("{}-0{}-2{}", 1960 + dice.roll(40), 1 + dice.roll(9), dice.roll(9)),
            );
            out.put(", reachable under ").mark("contact.email", &other.mail).put(".\n");
        }
    }
    out.put("Regards,\n")
        .mark("contact.name", &caller.name)
        .put("\nPhone: ")
        .mark("contact.phone", &caller.phone)
        .put("\n");
    let _ = &caller.given;
    out.done()
}

fn devices(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    out.put("host,ip,mac,serial,last user\n");
    for number in 0..3 + dice.roll(4) {
        out.put(&format!("desktop,{number},"))
            .mark("network.ipv4", &ip(dice))
            .put(",")
            .mark("network.mac", &mac(dice));
        out.put(",Serial: ")
            .mark("network.serial", &format!("PF{}X{}", dice.digits(2), dice.digits(3)))
            .put(",");
        out.mark("contact.email", &person(dice).mail).put("\n");
    }
    out.done()
}

fn configuration(dice: &mut Dice) -> Document {
    let mut out = Writer::default();
    out.put("[database]\nport = 5432\npool_size = 20\ntimeout_ms = 30000\n");
    let password = format!("{}{}!", dice.chars(7, "abcdefghkmnpqrstuvwxyz"), dice.digits(3));
    out.put("password = \"")
        .mark("credential.password", &password)
        .put("\"\n\n[cloud]\nregion = \"eu-central-1\"\n");
    let (kind, value) = secret(dice);
    out.put("access = \"")
        .mark(kind, &value)
        .put("\"\nbuild = \"20261122.1015\"\nversion = \"4.12.0.3\"\n");
    out.put("[mail]\nowner = \"")
        .mark("contact.email", &person(dice).mail)
        .put("\"\nallowed = \"")
        .mark("network.ipv4", &ip(dice))
        .put("\"\n");
    out.done()
}

/// So many documents of this seed.
pub(crate) fn documents(seed: u64, count: usize) -> Vec<Document> {
    let mut dice = Dice::new(seed);
    (0..count)
        .map(|_| match dice.roll(4) {
            0 | 1 => ticket(&mut dice),
            2 => devices(&mut dice),
            _ => configuration(&mut dice),
        })
        .collect()
}

/// Lines of a log of one sort, without telephones, cards and numbers of persons.
pub(crate) fn log(sort: &str, bytes: usize, seed: u64) -> String {
    let mut dice = Dice::new(seed);
    let mut out = String::new();
    while out.len() < bytes {
        let (hour, minute, second) = (dice.roll(24), dice.roll(60), dice.roll(60));
        let address = ip(&mut dice);
        let hex = dice.chars(32, "0123456789abcdef");
        let line = match sort {
            "syslog" => format!(
                "Nov {:2} {hour:02}:{minute:02}:{second:02} srv{} kernel: [{}.{}] usb 1-{}: new high-speed device number {} using xhci_hcd, pid={} uid={}\n",
                1 + dice.roll(30),
                dice.digits(2),
                dice.digits(6),
                dice.digits(6),
                dice.roll(9),
                dice.digits(2),
                dice.digits(5),
                dice.digits(4)
            ),
            "nginx" => format!(
                "{address} - - [22/Nov/2026:{hour:02}:{minute:02}:{second:02} +0100] \"GET /api/v2/orders/{}/items/{}?ts={}&sig={hex} HTTP/1.1\" 200 {} \"-\" \"curl/8.5.0\" {}.{} {}\n",
                dice.digits(10),
                dice.digits(8),
                dice.digits(13),
                dice.digits(5),
                dice.roll(3),
                dice.digits(3),
                dice.digits(10)
            ),
            "json" => format!(
                "{{\"ts\":\"2026-11-22T{hour:02}:{minute:02}:{second:02}.{}Z\",\"level\":\"info\",\"trace_id\":\"{hex}\",\"span\":{},\"order_id\":{},\"took_us\":{},\"epoch\":{}}}\n",
                dice.digits(6),
                dice.digits(16),
                dice.digits(12),
                dice.digits(7),
                dice.digits(13)
            ),
            "windows" => format!(
                "EventID 4624 An account was successfully logged on. Logon ID: 0x{} Process ID: 0x{} SID: S-1-5-21-{}-{}-{}-{} Transited Services: - Key Length: 0 RecordId={}\n",
                dice.chars(6, "0123456789ABCDEF"),
                dice.chars(3, "0123456789abcdef"),
                dice.digits(10),
                dice.digits(10),
                dice.digits(9),
                dice.digits(4),
                dice.digits(9)
            ),
            _ => format!(
                "date=2026-11-22 time={hour:02}:{minute:02}:{second:02} devid=FG100E{} logid={} srcip={address} srcport={} dstport=443 sessionid={} sentbyte={} rcvdbyte={} policyid={} duration={}\n",
                dice.digits(10),
                dice.digits(10),
                dice.digits(5),
                dice.digits(9),
                dice.digits(7),
                dice.digits(8),
                dice.digits(3),
                dice.digits(4)
            ),
        };
        out.push_str(&line);
    }
    out
}
