//! The ticketing system: no declared references, one polymorphic table, blobs.

use model::Value;

use super::{bystander_at, maybe, number, stays};
use crate::{
    OLD_TICKETS,
    cast::{self, HEROINE},
    dice::Dice,
    encode, media,
    places::{Encoding, Mark},
    scene::{Scene, Who},
    sink::{Gone, Out, System},
    story,
    text::{self, Talk},
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
        expected: people * 135 / 100 + tickets * 49 / 10,
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

/// A ticket under way.
#[derive(Clone, Copy)]
struct Ticket {
    id: usize,
    requester: usize,
    company: usize,
    agent: usize,
    created: i64,
    closed: Option<i64>,
}

impl<'a> Desk<'a> {
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

    fn tickets(&mut self) -> Result<(), Gone> {
        let count = tickets(self.world);
        let old = usize::try_from(OLD_TICKETS).unwrap_or(0);
        let ordinary = count - old;
        let scenes = story::all();
        let gap = ordinary / (scenes.len() + 1);
        let mut scenes = scenes.into_iter();
        for place in 0..count {
            let ticket = match place.checked_sub(old) {
                None => {
                    self.ticket(place, old, place, time::BEGIN, time::OVERDUE_BEFORE - 40 * DAY)
                }
                Some(turn) => {
                    self.ticket(place, ordinary, turn, time::KEPT_SINCE, time::FINISH - DAY)
                }
            };
            let slot = place.checked_sub(old).is_some_and(|turn| turn > 0 && turn % gap == 0);
            match if slot { scenes.next() } else { None } {
                Some(scene) => self.play(ticket, scene)?,
                None => self.talk(ticket)?,
            }
        }
        // INVARIANT: nothing of the story is lost, however small the sample.
        for (extra, scene) in scenes.enumerate() {
            let ticket =
                self.ticket(count + extra, 1, 0, time::FINISH - 9 * DAY, time::FINISH - DAY);
            self.play(ticket, scene)?;
        }
        Ok(())
    }

    /// The `turn`th of `of` tickets spread over a span of time.
    fn ticket(&self, place: usize, of: usize, turn: usize, from: i64, to: i64) -> Ticket {
        let step = (to - from) / (of as i64);
        let created = from + step * (turn as i64) + self.dice.between(0, step.max(1) - 1);
        let company = 1 + self.dice.position(self.world.companies.len() - 1);
        let open = to == time::FINISH - DAY && created > time::FINISH - 25 * DAY;
        let closed = created + self.dice.between(2_400, 20 * DAY);
        Ticket {
            id: place + 1,
            requester: self.requester(company),
            company,
            agent: self.world.agent(&self.dice),
            created,
            closed: (!open && closed < time::FINISH).then_some(closed),
        }
    }

    /// Somebody of the company who has an account; most have one.
    fn requester(&self, company: usize) -> usize {
        let mut place = self.world.somebody(company, &self.dice);
        for _ in 0..20 {
            if self.world.people.get(place).is_some_and(|person| person.in_ticketing) {
                return place;
            }
            place = self.world.somebody(company, &self.dice);
        }
        self.world.agent(&self.dice)
    }

    fn put(
        &mut self,
        ticket: Ticket,
        subject: String,
        description: String,
        status: &str,
        marks: &[Mark],
    ) -> Result<(), Gone> {
        self.out.marked_row(
            &TICKETS,
            vec![number(ticket.id)],
            marks,
            [
                number(ticket.id),
                number(ticket.company + 1),
                user(ticket.requester),
                user(ticket.agent),
                subject.into(),
                description.into(),
                status.into(),
                time::sql(ticket.created).into(),
                maybe(ticket.closed.map(time::sql)),
            ],
        )
    }

    fn note(
        &mut self,
        ticket: Ticket,
        author: usize,
        (body, kind): (String, &'static str),
        internal: bool,
        at: i64,
        marks: &[Mark],
    ) -> Result<(), Gone> {
        self.note += 1;
        self.out.marked_row(
            &NOTES,
            vec![number(self.note)],
            marks,
            [
                number(self.note),
                number(ticket.id),
                user(author),
                body.into(),
                kind.into(),
                Value::Int(i64::from(internal)),
                time::sql(at.min(time::FINISH)).into(),
            ],
        )
    }

    fn attach(
        &mut self,
        name: &str,
        mime: &str,
        content: Vec<u8>,
        marks: &[Mark],
    ) -> Result<(), Gone> {
        self.file += 1;
        self.out.marked_row(
            &ATTACHMENTS,
            vec![number(self.file)],
            marks,
            [number(self.file), number(self.note), name.into(), mime.into(), Value::Bytes(content)],
        )
    }

    /// An ordinary ticket.
    fn talk(&mut self, ticket: Ticket) -> Result<(), Gone> {
        let world = self.world;
        let (Some(requester), Some(agent)) =
            (world.people.get(ticket.requester), world.people.get(ticket.agent))
        else {
            return Ok(());
        };
        let dice = Dice::new(world.seed ^ (ticket.id as u64), 3);
        let talk = Talk::new(world, &dice, requester, ticket.created);
        let trouble = talk.trouble(requester);
        let status = match (ticket.closed, dice.below(100)) {
            (None, 0..=59) => "open",
            (None, _) => "pending",
            (Some(_), 0..=1) => "deleted",
            (Some(_), 2..=7) => "merged",
            (Some(_), _) => "closed",
        };
        let mut at = ticket.created + dice.between(900, 30_000);
        let mut answer = talk.answer(requester, agent);
        if dice.permille(450) {
            answer.push_str(&text::quoted(
                &requester.name(),
                &requester.email,
                ticket.created,
                &trouble,
            ));
        }
        self.put(ticket, talk.subject(), trouble, status, &[])?;
        if status != "open" || dice.permille(500) {
            self.note(ticket, ticket.agent, text::dress(&dice, answer), false, at, &[])?;
            if dice.permille(24) {
                self.paper(requester, &dice)?;
            }
            if dice.permille(520) {
                at += dice.between(600, 90_000);
                let internal = dice.permille(300);
                let (place, author) =
                    if internal { (ticket.agent, agent) } else { (ticket.requester, requester) };
                let body = text::dress(&dice, talk.remark(author, internal));
                self.note(ticket, place, body, internal, at, &[])?;
            }
        }
        if dice.permille(90) {
            let watcher = self.requester(ticket.company);
            self.out.row(&WATCHERS, [number(ticket.id), user(watcher)])?;
        }
        if dice.permille(230) {
            let value = inventory(requester, &dice);
            self.value("Ticket", ticket.id, "device_inventory", value, &[])?;
        }
        if dice.permille(600) {
            let details = format!("{{\"email\":\"{}\",\"method\":\"password\"}}", requester.email);
            self.trace(ticket.requester, "login", details, ticket.created - 300, &[])?;
        }
        let details = format!(
            "{{\"ticket\":{},\"changed\":{{\"status\":[\"new\",\"{status}\"]}},\"requester\":\"{}\"}}",
            ticket.id,
            encode::json(&requester.name(), ticket.id.is_multiple_of(2))
        );
        self.trace(ticket.agent, "ticket.update", details, at, &[])
    }

    /// A file somebody sends along.
    fn paper(&mut self, person: &Person, dice: &Dice) -> Result<(), Gone> {
        match dice.below(10) {
            0 => {
                let (name, email) = (person.name(), person.email.as_str());
                let content =
                    media::pdf(&name, &["Purchase order", &name, email, "Ten licences, please."]);
                self.attach("order.pdf", "application/pdf", content, &[])
            }
            1 => self.attach("badge.png", "image/png", media::portrait(&person.name()), &[]),
            2..=4 => {
                let mut lines = String::from("name;email;device\n");
                for _ in 0..dice.between(3, 20) {
                    if let Some(other) =
                        self.world.people.get(self.world.somebody(person.company, dice))
                    {
                        lines.push_str(&format!(
                            "{};{};{}\n",
                            other.name(),
                            other.email,
                            text::device(dice)
                        ));
                    }
                }
                self.attach("users.csv", "text/csv", lines.into_bytes(), &[])
            }
            _ => {
                let mut lines = String::new();
                for line in 0..dice.between(6, 30) {
                    lines.push_str(&format!(
                        "08:{line:02}:11 GET /portal?user={} {} from {}\n",
                        encode::percent(&person.email),
                        dice.pick(&["ok", "denied", "timeout"]),
                        dice.ip()
                    ));
                }
                self.attach("portal.log", "text/plain", lines.into_bytes(), &[])
            }
        }
    }

    /// A ticket of the story.
    fn play(&mut self, mut ticket: Ticket, scene: Scene) -> Result<(), Gone> {
        if let Some(role) = scene.requester {
            ticket.requester = self.world.role(role);
            ticket.company = self
                .world
                .people
                .get(ticket.requester)
                .map_or(ticket.company, |person| person.company);
        }
        let end = (ticket.created + 6 * DAY).min(time::FINISH - 1);
        ticket.closed = (scene.status == "closed").then_some(end);
        let place = |who: Who| match who {
            Who::Cast(role) => self.world.role(role),
            Who::Agent => ticket.agent,
            Who::Requester => ticket.requester,
        };
        let authors: Vec<usize> = scene.notes.iter().map(|note| place(note.author)).collect();
        let actors: Vec<usize> = scene.traces.iter().map(|trace| place(trace.actor)).collect();
        let watchers: Vec<usize> =
            scene.watchers.iter().map(|(role, _)| self.world.role(*role)).collect();
        self.put(ticket, scene.subject, scene.description, scene.status, &scene.marks)?;
        for ((note, author), turn) in scene.notes.into_iter().zip(authors).zip(1..) {
            let at = ticket.created + turn * 7_300;
            self.note(ticket, author, (note.body, note.body_type), note.internal, at, &note.marks)?;
            for file in note.files {
                self.attach(file.name, file.mime, file.content, &file.marks)?;
            }
        }
        for ((_, marks), watcher) in scene.watchers.into_iter().zip(watchers) {
            let key = vec![number(ticket.id), user(watcher)];
            self.out.marked_row(&WATCHERS, key, &marks, [number(ticket.id), user(watcher)])?;
        }
        for (name, value, marks) in scene.values {
            self.value("Ticket", ticket.id, name, value, &marks)?;
        }
        for (trace, actor) in scene.traces.into_iter().zip(actors) {
            self.trace(actor, trace.action, trace.details, ticket.created, &trace.marks)?;
        }
        Ok(())
    }
}

fn inventory(person: &Person, dice: &Dice) -> String {
    format!(
        "{{\"device\":\"{}\",\"os\":\"{}\",\"disk_encrypted\":{},\"last_user\":{{\"name\":\"{}\",\"mail\":\"{}\"}}}}",
        text::device(dice),
        dice.pick(&["14.2", "11.24H2", "22.04", "18.5"]),
        dice.permille(870),
        encode::json(&person.name(), dice.permille(500)),
        person.email
    )
}
