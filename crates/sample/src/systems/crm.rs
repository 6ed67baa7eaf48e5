//! The CRM: contacts with a key of two columns, and declared references to it.

use model::Value;

use super::{bystander_at, maybe, number, stays};
use crate::{
    cast::{COLLEAGUE, EMAIL_TITLE, HEROINE},
    dice::Dice,
    encode,
    places::{Encoding, Mark},
    sink::{Gone, Out, System},
    text, time,
    world::{Person, Phone, World},
};

table!(
    CONTACT,
    "contact",
    "tenant",
    "contact_no",
    "given_name",
    "family_name",
    "email",
    "email_private",
    "phone",
    "mobile",
    "job_title",
    "company_name",
    "created_at",
    "deleted_at"
);
table!(
    ACTIVITY,
    "activity",
    "activity_id",
    "tenant",
    "contact_no",
    "kind",
    "summary",
    "payload",
    "happened_at"
);
table!(
    OPPORTUNITY,
    "opportunity",
    "opportunity_id",
    "tenant",
    "contact_no",
    "title",
    "stage",
    "amount_cents",
    "closes_on"
);

pub(crate) fn system(world: &World) -> System {
    System {
        name: "crm",
        schema: include_str!("../../schema/crm.sql"),
        indexes: include_str!("../../schema/crm_indexes.sql"),
        expected: world.people.len() as u64 * 11 / 10,
    }
}

pub(crate) fn generate(world: &World, out: &mut Out) -> Result<(), Gone> {
    let dice = Dice::new(world.seed, 5);
    let mut crm = Crm { world, dice, out, contacts: [7_000, 100], activity: 0, opportunity: 0 };
    for (place, person) in world.people.iter().enumerate().filter(|(_, person)| person.in_crm) {
        crm.contact(place, person)?;
    }
    Ok(())
}

struct Crm<'a> {
    world: &'a World,
    dice: Dice,
    out: &'a mut Out,
    /// The last number given, in Canada and in Europe.
    contacts: [usize; 2],
    activity: usize,
    opportunity: usize,
}

impl Crm<'_> {
    fn contact(&mut self, place: usize, person: &Person) -> Result<(), Gone> {
        let world = self.world;
        let company = world.company_of(person);
        let european = company.is_some_and(|company| company.european);
        let [canada, europe] = &mut self.contacts;
        let (tenant, last) = if european { ("NL-EU", europe) } else { ("NL-CA", canada) };
        *last += 1;
        let key = (tenant, *last);
        let heroine = world.role_at(place) == Some(HEROINE);
        let email = if heroine { EMAIL_TITLE.to_owned() } else { person.email.clone() };
        let mut marks = Vec::new();
        if heroine {
            marks.push(Mark::own("email", Encoding::Identifier));
        }
        if let Some(role) = bystander_at(world, place) {
            marks = stays(
                role,
                &[
                    ("given_name", &person.given),
                    ("family_name", &person.family),
                    ("email", &email),
                ],
            );
            if let Some(private) = &person.private {
                marks.extend(stays(role, &[("email_private", private)]));
            }
        }
        let deleted = world.role_at(place).is_none() && self.dice.permille(35);
        self.out.marked_row(
            &CONTACT,
            vec![tenant.into(), number(key.1)],
            &marks,
            [
                tenant.into(),
                number(key.1),
                person.given.clone().into(),
                person.family.clone().into(),
                email.into(),
                maybe(person.private.clone()),
                person.desk.clone().into(),
                maybe(person.mobile.map(Phone::national)),
                person.title.into(),
                maybe(company.map(|company| company.name.clone())),
                Value::Int(person.since),
                if deleted {
                    Value::Int(self.dice.between(person.since, time::FINISH))
                } else {
                    Value::Null
                },
            ],
        )?;
        if heroine {
            return self.hers(key, person);
        }
        for _ in 0..self.dice.below(5) {
            let (kind, summary, payload) = self.happening(person);
            self.activity(key, kind, summary, payload, &[])?;
        }
        if world.role_at(place) == Some(COLLEAGUE) {
            self.of_the_colleague(key)?;
        }
        if self.dice.permille(120) {
            self.opportunity(key, &[])?;
        }
        Ok(())
    }

    /// Three things that happened with the heroine, and what she might buy.
    fn hers(&mut self, key: (&'static str, usize), person: &Person) -> Result<(), Gone> {
        for (kind, summary, payload) in [
            (
                "call",
                "Called +1 902 555 0143; prefers letters to her private address.",
                "{}".to_owned(),
            ),
            (
                "form",
                "Registered for the open day.",
                format!(
                    "{{\"form\":\"open-day\",\"fields\":{{\"name\":\"{}\",\"mail\":\"maelle.to@fastpost.example\"}}}}",
                    encode::json(&person.name(), true)
                ),
            ),
            ("mail", "Asked for the price list.", "{\"template\":\"price-list\"}".to_owned()),
        ] {
            let mark = [Mark::own("contact_no", Encoding::Reference)];
            self.activity(key, kind, summary.to_owned(), payload, &mark)?;
        }
        self.opportunity(key, &[Mark::own("contact_no", Encoding::Reference)])
    }

    /// Two things that happened with her colleague, who spoke of her.
    fn of_the_colleague(&mut self, key: (&'static str, usize)) -> Result<(), Gone> {
        let rest = "Chidi Okafor decides.";
        self.activity(
            key,
            "meeting",
            format!("Maëlle Tremblay-Okafor wants tablets for the wards. {rest}"),
            "{\"minutes\":40}".to_owned(),
            &[
                Mark::mention("summary", Encoding::Plain),
                Mark::Exact(COLLEAGUE, "summary", rest.to_owned(), false),
            ],
        )?;
        let rest = "\"by\":\"chidi.okafor@harbourlight-clinic.example\"";
        self.activity(
            key,
            "form",
            "Colleague recommended for the user group.".to_owned(),
            format!(
                "{{{rest},\"recommends\":{{\"name\":\"{}\",\"phone\":\"(902) 555-0143\"}}}}",
                encode::json("Maëlle Tremblay-Okafor", true)
            ),
            &[
                Mark::mention("payload", Encoding::Json),
                Mark::Exact(COLLEAGUE, "payload", rest.to_owned(), false),
            ],
        )
    }

    fn happening(&self, person: &Person) -> (&'static str, String, String) {
        let dice = &self.dice;
        let third = self.world.people.get(self.world.somebody(person.company, dice));
        let third = third.map_or_else(String::new, Person::name);
        match dice.below(4) {
            0 => (
                "call",
                format!(
                    "Spoke with {} about the renewal; {third} will be at the next meeting too.",
                    person.name()
                ),
                format!("{{\"minutes\":{},\"direction\":\"out\"}}", dice.between(2, 55)),
            ),
            1 => (
                "mail",
                format!("Sent the offer for {} workstations.", dice.between(2, 40)),
                format!("{{\"to\":[\"{}\"],\"template\":\"offer\"}}", person.email),
            ),
            2 => (
                "form",
                "Request from the web site.".to_owned(),
                format!(
                    "{{\"form\":\"contact\",\"fields\":{{\"name\":\"{}\",\"mail\":\"{}\",\"phone\":\"{}\",\"message\":\"Please call back. {} knows the details.\"}},\"ip\":\"{}\"}}",
                    encode::json(&person.name(), dice.permille(500)),
                    person.email,
                    person.mobile.map_or_else(|| person.desk.clone(), Phone::national),
                    encode::json(&third, false),
                    dice.ip()
                ),
            ),
            _ => (
                "visit",
                format!("On site at {third}'s desk: looked at {}.", text::device(dice)),
                "{\"travel_km\":14}".to_owned(),
            ),
        }
    }

    fn activity(
        &mut self,
        (tenant, contact): (&'static str, usize),
        kind: &'static str,
        summary: String,
        payload: String,
        marks: &[Mark],
    ) -> Result<(), Gone> {
        self.activity += 1;
        self.out.marked_row(
            &ACTIVITY,
            vec![number(self.activity)],
            marks,
            [
                number(self.activity),
                tenant.into(),
                number(contact),
                kind.into(),
                summary.into(),
                payload.into(),
                Value::Int(self.dice.between(time::at(2019, 1, 1), time::FINISH)),
            ],
        )
    }

    fn opportunity(
        &mut self,
        (tenant, contact): (&'static str, usize),
        marks: &[Mark],
    ) -> Result<(), Gone> {
        self.opportunity += 1;
        let title = self.dice.pick(&[
            "Tablets",
            "Backup for the branch",
            "New telephones",
            "Move to the cloud",
        ]);
        self.out.marked_row(
            &OPPORTUNITY,
            vec![number(self.opportunity)],
            marks,
            [
                number(self.opportunity),
                tenant.into(),
                number(contact),
                title.into(),
                self.dice.pick(&["new", "offered", "won", "lost"]).into(),
                Value::Int(self.dice.between(90_000, 4_000_000)),
                Value::Int(self.dice.between(time::at(2025, 1, 1), time::FINISH)),
            ],
        )
    }
}
