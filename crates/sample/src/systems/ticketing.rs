//! The ticketing system: no declared references, one polymorphic table, blobs.

mod tickets;

use model::Value;

use super::{bystander_at, maybe, number, stays};
use crate::{
    cast::{self, HEROINE},
    dice::Dice,
    places::{Encoding, Mark},
    sink::{Gone, Out, System},
    time,
    world::{Person, World},
};

table!(COMPANIES, "companies", "id", "name", "domain", "phone", "street", "city", "created_at");
table!(
    USERS,
    "users",
    "id",
    "login",
    "email",
    "full_name",
    "phone",
    "mobile",
    "company_id",
    "is_agent",
    "created_at",
    "disabled"
);
table!(
    TICKETS,
    "tickets",
    "id",
    "company_id",
    "requester_id",
    "assignee_id",
    "subject",
    "description",
    "status",
    "created_at",
    "closed_at"
);
table!(WATCHERS, "ticket_watchers", "ticket_id", "user_id");
table!(
    NOTES,
    "notes",
    "id",
    "ticket_id",
    "author_id",
    "body",
    "body_type",
    "internal",
    "created_at"
);
table!(ATTACHMENTS, "attachments", "id", "note_id", "filename", "mime_type", "content");
table!(CUSTOM, "custom_values", "id", "object_type", "object_id", "name", "value");
table!(AUDIT, "audit_log", "id", "actor_id", "action", "details_json", "ip", "at");
table!(SESSIONS, "sessions", "id", "user_id", "ip", "user_agent", "created_at", "expires_at");

const DAY: i64 = 86_400;
/// Eight in the morning in Halifax.
const OFFICE_OPENS: i64 = 12 * 3_600;
/// The number of the first user: the application keeps the lower ones for itself.
const FIRST_USER: usize = 101;

fn user(place: usize) -> Value {
    number(place + FIRST_USER)
}

fn tickets(world: &World) -> usize {
    (world.people.len() * 21 / 20).max(400)
}

pub(crate) fn system(world: &World) -> System {
    let (people, tickets) = (world.people.len() as u64, tickets(world) as u64);
    System {
        name: "ticketing",
        schema: include_str!("../../schema/ticketing.sql"),
        indexes: include_str!("../../schema/ticketing_indexes.sql"),
        expected: people * 125 / 100 + tickets * 44 / 10,
    }
}

pub(crate) fn generate(world: &World, out: &mut Out) -> Result<(), Gone> {
    let mut desk =
        Desk { world, dice: Dice::new(world.seed, 2), out, note: 0, file: 0, value: 0, trace: 0 };
    desk.companies()?;
    desk.users()?;
    desk.tickets()
}

/// The application at work, with the counters of its keys.
struct Desk<'a> {
    world: &'a World,
    dice: Dice,
    out: &'a mut Out,
    note: usize,
    file: usize,
    value: usize,
    trace: usize,
}

impl Desk<'_> {
    fn companies(&mut self) -> Result<(), Gone> {
        for (place, company) in self.world.companies.iter().enumerate() {
            self.out.row(
                &COMPANIES,
                [
                    number(place + 1),
                    company.name.clone().into(),
                    company.domain.clone().into(),
                    company.switchboard.international().into(),
                    company.street.clone().into(),
                    company.city.clone().into(),
                    time::sql(company.since).into(),
                ],
            )?;
        }
        Ok(())
    }

    fn users(&mut self) -> Result<(), Gone> {
        let world = self.world;
        for (place, person) in world.people.iter().enumerate().filter(|(_, p)| p.in_ticketing) {
            let heroine = world.role_at(place) == Some(HEROINE);
            let mut marks = Vec::new();
            if heroine {
                marks.push(Mark::own("email", Encoding::Identifier));
            }
            if let Some(role) = bystander_at(world, place) {
                let name = person.name();
                marks = stays(
                    role,
                    &[("login", &person.login), ("email", &person.email), ("full_name", &name)],
                );
            }
            self.user(place, person, person.left, &marks)?;
            if heroine {
                // Her first account, from before the directory was joined.
                let mut old = person.clone();
                cast::OLD_LOGIN.clone_into(&mut old.login);
                cast::EMAIL_TITLE.clone_into(&mut old.email);
                cast::NAME_PLAIN.clone_into(&mut old.given);
                old.family.clear();
                let mark = [Mark::own("email", Encoding::Identifier)];
                self.user(world.people.len(), &old, true, &mark)?;
                for (name, value) in [
                    ("employee_no", person.employee_no.as_str()),
                    ("birthday", "1991-04-23"),
                    ("emergency_contact", "Ikenna, +1 902 555 0145"),
                ] {
                    let mark = [Mark::own("object_id", Encoding::Reference)];
                    self.value("User", place + FIRST_USER, name, value.to_owned(), &mark)?;
                }
            } else if self.dice.permille(220) || world.role_at(place).is_some() {
                let employee_no = person.employee_no.clone();
                let marks = bystander_at(world, place)
                    .map(|role| stays(role, &[("value", &employee_no)]))
                    .unwrap_or_default();
                self.value("User", place + FIRST_USER, "employee_no", employee_no, &marks)?;
            }
            let sessions =
                if heroine { 2 } else { i32::from(!person.left && self.dice.permille(150)) };
            for _ in 0..sessions {
                let marks = if heroine {
                    vec![Mark::own("user_id", Encoding::Reference)]
                } else {
                    Vec::new()
                };
                self.session(place, &marks)?;
            }
        }
        Ok(())
    }

    fn user(
        &mut self,
        place: usize,
        person: &Person,
        disabled: bool,
        marks: &[Mark],
    ) -> Result<(), Gone> {
        self.out.marked_row(
            &USERS,
            vec![user(place)],
            marks,
            [
                user(place),
                person.login.clone().into(),
                person.email.clone().into(),
                person.name().trim_end().to_owned().into(),
                person.desk.clone().into(),
                maybe(person.mobile.map(crate::world::Phone::international)),
                number(person.company + 1),
                Value::Int(i64::from(person.company == 0)),
                time::sql(person.since).into(),
                Value::Int(i64::from(disabled)),
            ],
        )
    }

    fn session(&mut self, place: usize, marks: &[Mark]) -> Result<(), Gone> {
        let id = self.dice.letters(40);
        let created = self.dice.between(time::FINISH - 20 * DAY, time::FINISH - 60);
        let agent = self.dice.pick(&[
            "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X)",
        ]);
        self.out.marked_row(
            &SESSIONS,
            vec![id.clone().into()],
            marks,
            [
                id.into(),
                user(place),
                self.dice.ip().into(),
                agent.into(),
                time::sql(created).into(),
                time::sql(created + 30 * DAY).into(),
            ],
        )
    }

    fn value(
        &mut self,
        object: &'static str,
        id: usize,
        name: &str,
        value: String,
        marks: &[Mark],
    ) -> Result<(), Gone> {
        self.value += 1;
        self.out.marked_row(
            &CUSTOM,
            vec![number(self.value)],
            marks,
            [number(self.value), object.into(), number(id), name.into(), value.into()],
        )
    }

    fn trace(
        &mut self,
        actor: usize,
        action: &str,
        details: String,
        at: i64,
        marks: &[Mark],
    ) -> Result<(), Gone> {
        self.trace += 1;
        self.out.marked_row(
            &AUDIT,
            vec![number(self.trace)],
            marks,
            [
                number(self.trace),
                user(actor),
                action.into(),
                details.into(),
                self.dice.ip().into(),
                time::sql(at.min(time::FINISH)).into(),
            ],
        )
    }
}
