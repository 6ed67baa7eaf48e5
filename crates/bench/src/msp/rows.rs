//! Every row of every table, computed from its number.

use std::fmt::Write as _;

use super::text::{Dice, FIRST, SUBJECTS, family};

/// A table of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Table {
    Clients,
    Staff,
    Contacts,
    Tickets,
    Notes,
    Invoices,
    Payments,
    Devices,
    Subscribers,
    Logins,
}

impl Table {
    pub(crate) const ALL: [Self; 10] = [
        Self::Clients,
        Self::Staff,
        Self::Contacts,
        Self::Tickets,
        Self::Notes,
        Self::Invoices,
        Self::Payments,
        Self::Devices,
        Self::Subscribers,
        Self::Logins,
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Clients => "clients",
            Self::Staff => "staff",
            Self::Contacts => "contacts",
            Self::Tickets => "tickets",
            Self::Notes => "ticket_notes",
            Self::Invoices => "invoices",
            Self::Payments => "payments",
            Self::Devices => "devices",
            Self::Subscribers => "newsletter_subscribers",
            Self::Logins => "login_audit",
        }
    }

    /// Rows at scale 1.
    const fn at_scale_one(self) -> u32 {
        match self {
            Self::Clients | Self::Staff => 2_000,
            Self::Contacts => 200_000,
            Self::Tickets => 1_000_000,
            Self::Notes => 3_000_000,
            Self::Invoices => 100_000,
            Self::Payments => 90_000,
            Self::Devices => 150_000,
            Self::Subscribers => 60_000,
            Self::Logins => 500_000,
        }
    }
}

/// How large the provider is; and who is whose.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Company {
    scale: f64,
}

/// One contact in so many is heavy, and one ticket in ten is theirs.
const HEAVY: u64 = 1_000;
/// Each ticket has so many notes.
const NOTES: u64 = 3;
/// Numbers that share no factor with a power of ten: they spread what belongs to somebody over all
/// contacts.
const SPREAD: [u64; 4] = [48_271, 69_621, 16_807, 40_693];
/// 1 January 2019.
const BEGINNING: i64 = 1_546_300_800;

impl Company {
    pub(crate) fn of_scale(scale: f64) -> Self {
        assert!((0.02..=50.0).contains(&scale), "a scale between 0.02 and 50");
        Self { scale }
    }

    pub(crate) fn count(&self, table: Table) -> u64 {
        // As many technicians work there whatever the scale.
        let scale = if table == Table::Staff { 1.0 } else { self.scale };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it is bounded"
        )]
        let count = (f64::from(table.at_scale_one()) * scale).round() as u64;
        count
    }

    /// How many heavy contacts there are.
    pub(crate) fn heavies(&self) -> u64 {
        self.count(Table::Contacts) / HEAVY
    }

    /// The heavy contact of this number, from 0 on.
    pub(crate) fn heavy(&self, number: u64) -> u64 {
        (number % self.heavies() + 1) * HEAVY
    }

    /// A contact who is not heavy, a different one for each of the first thousands of numbers.
    pub(crate) fn light(&self, number: u64) -> u64 {
        let contact = 1 + number * 7 % self.count(Table::Contacts);
        if contact.is_multiple_of(HEAVY) { contact - 1 } else { contact }
    }

    fn spread(&self, number: u64, way: usize) -> u64 {
        let factor = SPREAD.get(way).copied().unwrap_or(1);
        1 + number.wrapping_mul(factor) % self.count(Table::Contacts)
    }

    /// Whose a ticket is.
    fn contact_of_ticket(&self, ticket: u64) -> u64 {
        if ticket.is_multiple_of(10) { self.heavy(ticket / 10) } else { self.spread(ticket, 0) }
    }

    fn client_of(&self, contact: u64) -> u64 {
        1 + contact % self.count(Table::Clients)
    }

    pub(crate) fn email(&self, contact: u64) -> String {
        let family = family(contact / 7).to_lowercase();
        format!("{family}.{contact}@client{}.example", self.client_of(contact))
    }

    /// A number under a country code that the ITU has given to nobody.
    fn phone(contact: u64) -> String {
        format!("+999 {:03} {:06}", 200 + contact / 1_000_000, contact % 1_000_000)
    }

    pub(crate) fn first_name(contact: u64) -> &'static str {
        let index = usize::try_from(contact).unwrap_or(0) % FIRST.len();
        FIRST.get(index).copied().unwrap_or_default()
    }

    /// Writes one row as `COPY` reads it.
    pub(super) fn write(&self, table: Table, number: u64, out: &mut String) {
        let mut dice = Dice::new(number * 16 + table as u64);
        match table {
            Table::Clients => {
                let country = dice.one_of(&["CA", "DE", "GB", "FR", "US"]);
                put(
                    out,
                    format_args!(
                        "{number}\t{} {number}\tVAT {number:09}\t{number} Harbour Road\t{country}\t{}\n",
                        family(number),
                        moment(number * 3_600)
                    ),
                );
            }
            Table::Staff => put(
                out,
                format_args!(
                    "{number}\tTechnician {number}\ttechnician{number}@provider.example\n"
                ),
            ),
            Table::Contacts => self.contact(number, &mut dice, out),
            Table::Tickets => self.ticket(number, &mut dice, out),
            Table::Notes => self.note(number, &mut dice, out),
            Table::Invoices => {
                let contact = self.spread(number, 1);
                put(
                    out,
                    format_args!(
                        "{number}\t{}\t{contact}\tR-{number:08}\t{} {}\t{}\t{contact} Mill Lane\t{}\t{}\n",
                        self.client_of(contact),
                        Self::first_name(contact),
                        family(contact / 7),
                        self.email(contact),
                        900 + number * 89 % 800_000,
                        day(number % 2_400)
                    ),
                );
            }
            Table::Payments => {
                let (method, iban, card) = match number % 3 {
                    0 => ("debit", format!("DE{number:020}"), "\\N".to_owned()),
                    1 => ("card", "\\N".to_owned(), format!("{:04}", number % 10_000)),
                    _ => ("transfer", "\\N".to_owned(), "\\N".to_owned()),
                };
                put(
                    out,
                    format_args!(
                        "{number}\t{number}\t{method}\t{iban}\t{card}\tPayer {number}\t{}\t{}\n",
                        900 + number * 89 % 800_000,
                        moment(number % 2_400 * 86_400)
                    ),
                );
            }
            Table::Devices => {
                let contact = self.spread(number, 2);
                put(
                    out,
                    format_args!(
                        "{number}\t{}\t{contact}\tPC-{number}\tSN{:010X}\t02:00:{:02x}:{:02x}:{:02x}:{:02x}\t10.{}.{}.{}\tuser{contact}\t{}\n",
                        self.client_of(contact),
                        number * 2_654_435_761 % (1 << 40),
                        number >> 24 & 255,
                        number >> 16 & 255,
                        number >> 8 & 255,
                        number & 255,
                        number % 250,
                        number / 250 % 250,
                        number % 200,
                        moment(170_000_000 + number % 500 * 86_400)
                    ),
                );
            }
            Table::Subscribers => {
                // Every second one is a contact too.
                let email = if number.is_multiple_of(2) {
                    self.email(1 + number * 3 % self.count(Table::Contacts))
                } else {
                    format!("reader{number}@mail.example")
                };
                let source = dice.one_of(&["website", "fair", "import"]);
                let gone =
                    if number.is_multiple_of(7) { moment(190_000_000) } else { "\\N".to_owned() };
                put(
                    out,
                    format_args!(
                        "{number}\t{email}\tReader {number}\t{source}\t{}\t{gone}\n",
                        moment(30_000_000 + number * 60)
                    ),
                );
            }
            Table::Logins => put(
                out,
                format_args!(
                    "{number}\t{}\t192.0.2.{}\tMozilla/5.0 (X11; Linux x86_64) Sample/{}\t{}\t{}\n",
                    self.spread(number, 3),
                    number % 250,
                    number % 40,
                    !number.is_multiple_of(20),
                    moment(120_000_000 + number * 60)
                ),
            ),
        }
    }

    fn contact(&self, number: u64, dice: &mut Dice, out: &mut String) {
        let remark = if number.is_multiple_of(10) {
            format!("Best in the morning, on {}", Self::phone(number))
        } else {
            "\\N".to_owned()
        };
        let job = dice.one_of(&["director", "reception", "accounts", "engineer", "nurse"]);
        put(
            out,
            format_args!(
                "{number}\t{}\t{}\t{}\t{}\t{}\t{job}\t{remark}\t{}\n",
                self.client_of(number),
                self.email(number),
                Self::first_name(number),
                family(number / 7),
                Self::phone(number),
                moment(number * 600)
            ),
        );
    }

    fn ticket(&self, number: u64, dice: &mut Dice, out: &mut String) {
        let contact = self.contact_of_ticket(number);
        put(
            out,
            format_args!(
                "{number}\t{}\t{contact}\t{}\t{} ({number})\tReported by {}. ",
                self.client_of(contact),
                1 + number % self.count(Table::Staff),
                dice.one_of(SUBJECTS),
                self.email(contact)
            ),
        );
        dice.prose(190, out);
        let at = number * 170;
        let (status, closed) = match number % 5 {
            0 => ("open", "\\N".to_owned()),
            1 => ("waiting", "\\N".to_owned()),
            _ => ("closed", moment(at + 86_400)),
        };
        let priority = dice.one_of(&["low", "normal", "high", "urgent"]);
        put(out, format_args!("\t{status}\t{priority}\t{}\t{closed}\n", moment(at)));
    }

    fn note(&self, number: u64, dice: &mut Dice, out: &mut String) {
        let ticket = (number - 1) / NOTES + 1;
        let contact = self.contact_of_ticket(ticket);
        put(
            out,
            format_args!(
                "{number}\t{ticket}\t{}\tCalled back on {}. ",
                1 + number % self.count(Table::Staff),
                Self::phone(contact)
            ),
        );
        dice.prose(150, out);
        if number.is_multiple_of(50) {
            let other = 1 + number % self.count(Table::Contacts);
            put(out, format_args!("Copied to {}", self.email(other)));
        }
        put(out, format_args!("\t{}\t{}\n", number.is_multiple_of(4), moment(number * 56)));
    }
}

fn put(out: &mut String, words: std::fmt::Arguments<'_>) {
    // Writing into a String cannot fail.
    let _ = out.write_fmt(words);
}

/// So many seconds after the beginning.
fn moment(seconds: u64) -> String {
    // Twenty years are as many as there are, whatever the scale.
    let seconds = i64::try_from(seconds % 220_000_000).unwrap_or(0);
    jiff::Timestamp::from_second(BEGINNING + seconds).map(|at| at.to_string()).unwrap_or_default()
}

fn day(days: u64) -> String {
    moment(days * 86_400).split('T').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_contact_in_a_thousand_has_a_tenth_of_the_tickets() {
        for scale in [0.1, 1.0] {
            let company = Company::of_scale(scale);
            let tickets = 1..=company.count(Table::Tickets);
            let of = |contact: u64| {
                tickets
                    .clone()
                    .filter(|ticket| company.contact_of_ticket(*ticket) == contact)
                    .count()
            };
            for number in [0, company.heavies() - 1] {
                let count = of(company.heavy(number));
                assert!((500..=510).contains(&count), "{scale}: {count}");
            }
            let light = of(company.light(17));
            assert!((1..=9).contains(&light), "{scale}: {light}");
        }
    }

    #[test]
    fn addresses_are_unique_and_rows_have_all_their_columns() {
        let company = Company::of_scale(0.1);
        let addresses: std::collections::BTreeSet<String> =
            (1..=company.count(Table::Contacts)).map(|contact| company.email(contact)).collect();
        assert_eq!(addresses.len() as u64, company.count(Table::Contacts));
        let columns = [6, 3, 9, 10, 6, 9, 8, 9, 6, 6];
        for (table, columns) in Table::ALL.into_iter().zip(columns) {
            for number in [1, 2, 3, 50, company.count(table)] {
                let mut row = String::new();
                company.write(table, number, &mut row);
                assert_eq!(row.trim_end().split('\t').count(), columns, "{}", table.name());
                let mut again = String::new();
                company.write(table, number, &mut again);
                assert_eq!(row, again);
            }
        }
    }
}
