//! The billing system: customers are companies, invoices carry a copy of whoever they were sent to,
//! and nothing refers to anything by a declared key.

use model::Value;

use super::{maybe, number, stays};
use crate::{
    cast::{COLLEAGUE, EMAIL_UPPER, HEROINE, NAME_PLAIN, NAME_TURNED},
    dice::Dice,
    places::{Encoding, Mark},
    sink::{Gone, Out, System},
    time,
    world::{Company, Person, Phone, World},
};

table!(
    CUSTOMERS,
    "customers",
    "customer_no",
    "company_name",
    "contact_name",
    "contact_email",
    "contact_phone",
    "address",
    "vat_id",
    "active"
);
table!(
    INVOICES,
    "invoices",
    "number",
    "customer_no",
    "bill_to_name",
    "bill_to_email",
    "bill_to_address",
    "issued_on",
    "total_cents",
    "currency",
    "memo"
);
table!(
    PAYMENTS,
    "payments",
    "payment_id",
    "invoice_number",
    "paid_on",
    "amount_cents",
    "method",
    "iban",
    "card_last4",
    "payer_name"
);

/// Account numbers from the registries' own examples.
pub(crate) const IBANS: [&str; 6] = [
    "DE89 3704 0044 0532 0130 00",
    "GB29 NWBK 6016 1331 9268 19",
    "FR14 2004 1010 0505 0001 3M02 606",
    "NL91 ABNA 0417 1643 00",
    "PL61 1090 1014 0000 0712 1981 2874",
    "AT61 1904 3002 3457 3201",
];
const QUARTERS: usize = 36;
/// The heroine's clinic.
const CLINIC: usize = 1;
/// The quarters whose invoice to the clinic is addressed to her: two lie more than seven years back.
const HERS: [usize; 5] = [1, 5, 11, 20, 32];
/// Those of them that she paid herself.
const PAID_BY_HER: [usize; 3] = [1, 11, 32];
const TO_A_COLLEAGUE: usize = 6;
const NAMES_HER: usize = 15;

pub(crate) fn system(world: &World) -> System {
    let companies = world.companies.len() as u64;
    System {
        name: "billing",
        schema: include_str!("../../schema/billing.sql"),
        indexes: include_str!("../../schema/billing_indexes.sql"),
        expected: companies * 48,
    }
}

fn customer_no(place: usize) -> Value {
    number(10_000 + place)
}

pub(crate) fn generate(world: &World, out: &mut Out) -> Result<(), Gone> {
    let dice = Dice::new(world.seed, 4);
    for (place, company) in world.companies.iter().enumerate().skip(1) {
        customer(world, out, &dice, place, company)?;
    }
    let mut payment = 0;
    let (mut year, mut serial) = (0, 0);
    for quarter in 0..QUARTERS {
        let turn = quarter as i64;
        let issued = time::at(2018 + turn / 4, 1 + turn % 4 * 3, 5);
        if year != 2018 + turn / 4 {
            (year, serial) = (2018 + turn / 4, 0);
        }
        for (place, company) in world.companies.iter().enumerate().skip(1) {
            if company.since > issued {
                continue;
            }
            serial += 1;
            let invoice =
                Invoice { number: format!("NL-{year}-{serial:05}"), place, quarter, issued };
            invoice.write(world, out, &dice, company, &mut payment)?;
        }
    }
    Ok(())
}

fn customer(
    world: &World,
    out: &mut Out,
    dice: &Dice,
    place: usize,
    company: &Company,
) -> Result<(), Gone> {
    let contact =
        if place == CLINIC { Some(world.role(HEROINE)) } else { company.people.first().copied() };
    let contact = contact.and_then(|place| world.people.get(place));
    let (name, email, marks) = match contact {
        Some(_) if place == CLINIC => (
            Some(NAME_PLAIN.to_owned()),
            Some(EMAIL_UPPER.to_owned()),
            vec![Mark::own("contact_email", Encoding::Identifier)],
        ),
        Some(person) => (Some(person.name()), Some(spelled(person, dice)), Vec::new()),
        None => (None, None, Vec::new()),
    };
    let phone = contact.and_then(|person| person.mobile).map(Phone::dotted);
    out.marked_row(
        &CUSTOMERS,
        vec![customer_no(place)],
        &marks,
        [
            customer_no(place),
            company.name.clone().into(),
            maybe(name),
            maybe(email),
            maybe(phone),
            format!("{}, {}", company.street, company.city).into(),
            maybe(company.european.then(|| format!("EU-{}", dice.letters(7).to_uppercase()))),
            Value::Int(i64::from(!dice.permille(60))),
        ],
    )
}

/// The address as the book-keepers typed it: some shout.
fn spelled(person: &Person, dice: &Dice) -> String {
    match dice.below(6) {
        0 => person.email.to_uppercase(),
        1 => person.email.split('.').map(capital).collect::<Vec<_>>().join("."),
        _ => person.email.clone(),
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

struct Invoice {
    number: String,
    place: usize,
    quarter: usize,
    issued: i64,
}

impl Invoice {
    fn write(
        &self,
        world: &World,
        out: &mut Out,
        dice: &Dice,
        company: &Company,
        payment: &mut usize,
    ) -> Result<(), Gone> {
        let clinic = self.place == CLINIC;
        let hers = clinic && HERS.contains(&self.quarter);
        let colleague = clinic && self.quarter == TO_A_COLLEAGUE;
        let place = if hers {
            world.role(HEROINE)
        } else if colleague {
            world.role(COLLEAGUE)
        } else if dice.permille(750) {
            company.people.first().copied().unwrap_or(0)
        } else {
            world.somebody(self.place, dice)
        };
        let Some(person) = world.people.get(place) else { return Ok(()) };
        let (name, email) = if hers {
            (NAME_PLAIN.to_owned(), EMAIL_UPPER.to_owned())
        } else {
            (person.name(), spelled(person, dice))
        };
        let total = dice.between(19_900, 940_000);
        let mut memo = format!("Managed services, {} seats", dice.between(4, 90));
        let mut marks = Vec::new();
        if hers {
            marks.push(Mark::own("bill_to_email", Encoding::Identifier));
        }
        if colleague {
            marks = stays(COLLEAGUE, &[("bill_to_name", &name), ("bill_to_email", &email)]);
        }
        if clinic && self.quarter == NAMES_HER {
            let rest = "ordered by Chidi Okafor";
            memo = format!("Laptop for Maëlle Tremblay-Okafor, {rest}");
            marks.push(Mark::mention("memo", Encoding::Plain));
            marks.push(Mark::Exact(COLLEAGUE, "memo", rest.to_owned(), false));
        }
        out.marked_row(
            &INVOICES,
            vec![self.number.clone().into()],
            &marks,
            [
                self.number.clone().into(),
                customer_no(self.place),
                name.into(),
                email.into(),
                format!("{}, {}, {}", company.name, company.street, company.city).into(),
                time::day(self.issued).into(),
                Value::Int(total),
                if company.european { "EUR" } else { "CAD" }.into(),
                memo.into(),
            ],
        )?;
        let by_her = hers && PAID_BY_HER.contains(&self.quarter);
        let paid = self.issued + dice.between(3, 45) * 86_400;
        if by_her || !hers && dice.permille(940) && paid < time::FINISH {
            *payment += 1;
            let payer = if by_her { NAME_TURNED.to_owned() } else { person.name() };
            self.pay(out, dice, company, *payment, (paid.min(time::FINISH), total), payer, by_her)?;
        }
        Ok(())
    }

    #[allow(clippy::too_many_arguments, reason = "one call, and every argument is a column")]
    fn pay(
        &self,
        out: &mut Out,
        dice: &Dice,
        company: &Company,
        payment: usize,
        (paid, total): (i64, i64),
        payer: String,
        hers: bool,
    ) -> Result<(), Gone> {
        let method =
            if company.european { "transfer" } else { dice.pick(&["card", "cheque", "debit"]) };
        let iban = company.european.then(|| dice.pick(&IBANS).to_owned());
        let last = (method == "card").then(|| format!("{:04}", dice.below(10_000)));
        let marks =
            if hers { vec![Mark::own("payer_name", Encoding::Identifier)] } else { Vec::new() };
        out.marked_row(
            &PAYMENTS,
            vec![number(payment)],
            &marks,
            [
                number(payment),
                self.number.clone().into(),
                time::day(paid).into(),
                Value::Int(total),
                method.into(),
                maybe(iban),
                maybe(last),
                payer.into(),
            ],
        )
    }
}
