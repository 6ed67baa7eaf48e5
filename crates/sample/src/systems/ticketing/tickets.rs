//! Tickets: the ordinary ones, and those of the story.

use model::Value;

use super::{
    super::{maybe, number},
    ATTACHMENTS, DAY, Desk, NOTES, OFFICE_OPENS, TICKETS, WATCHERS, user,
};
use crate::{
    OLD_TICKETS,
    dice::Dice,
    encode, media,
    places::Mark,
    scene::{Scene, Who},
    sink::Gone,
    story,
    text::{self, Talk},
    time,
    world::Person,
};

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

impl Desk<'_> {
    pub(super) fn tickets(&mut self) -> Result<(), Gone> {
        let count = super::tickets(self.world);
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
        let created = created - created % DAY + OFFICE_OPENS + created % DAY * 11 / 24;
        let company = self.client(created);
        let open = to == time::FINISH - DAY && created > time::FINISH - 25 * DAY;
        let closed = created + self.dice.between(2_400, 20 * DAY);
        Ticket {
            id: place + 1,
            requester: self.requester(company, created),
            company,
            agent: self.world.agent(&self.dice),
            created,
            closed: (!open && closed < time::FINISH).then_some(closed),
        }
    }

    /// A client that was there at the time, if a dozen draws find one.
    fn client(&self, at: i64) -> usize {
        let draw = || 1 + self.dice.position(self.world.companies.len() - 1);
        let known = |place: &usize| {
            self.world.companies.get(*place).is_some_and(|company| company.since <= at)
        };
        (0..12).map(|_| draw()).find(known).unwrap_or_else(draw)
    }

    /// Somebody of the company who has an account, and had it at the time if a few draws find one.
    fn requester(&self, company: usize, at: i64) -> usize {
        let mut somebody = None;
        for _ in 0..20 {
            let place = self.world.somebody(company, &self.dice);
            match self.world.people.get(place) {
                Some(person) if person.in_ticketing && person.since <= at => return place,
                Some(person) if person.in_ticketing => somebody = Some(place),
                _ => {}
            }
        }
        somebody.unwrap_or_else(|| self.world.agent(&self.dice))
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
            let watcher = self.requester(ticket.company, ticket.created);
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
