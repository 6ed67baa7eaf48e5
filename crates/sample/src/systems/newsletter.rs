//! The newsletter: the address itself is the key, and stands percent-encoded in every link.

use model::Value;

use super::{bystander_at, maybe, number, stays};
use crate::{
    cast::{HEROINE, LONGER, NAME_APART},
    dice::Dice,
    encode,
    places::{Encoding, Mark},
    sink::{Gone, Out, System},
    time,
    world::World,
};

table!(
    SUBSCRIBER,
    "subscriber",
    "email",
    "name",
    "source",
    "consented_at",
    "unsubscribed_at",
    "ip"
);
table!(
    DELIVERY,
    "delivery_log",
    "id",
    "subscriber_email",
    "campaign",
    "sent_at",
    "status",
    "opened_at",
    "unsubscribe_link"
);

pub(crate) fn system(world: &World) -> System {
    System {
        name: "newsletter",
        schema: include_str!("../../schema/newsletter.sql"),
        indexes: include_str!("../../schema/newsletter_indexes.sql"),
        expected: world.people.len() as u64 * 25 / 10,
    }
}

pub(crate) fn generate(world: &World, out: &mut Out) -> Result<(), Gone> {
    let mut list = List { dice: Dice::new(world.seed, 6), out, delivery: 0 };
    for (place, person) in world.people.iter().enumerate().filter(|(_, p)| p.in_newsletter) {
        let private = person.private.as_deref();
        if world.role_at(place) == Some(HEROINE) {
            let mark = [Mark::own("email", Encoding::Identifier)];
            list.subscriber(&person.email, Some(person.name()), &mark)?;
            list.subscriber(private.unwrap_or_default(), Some(NAME_APART.to_owned()), &mark)?;
            for address in
                [&person.email, &person.email, &person.email, private.unwrap_or_default()]
            {
                let mark = [Mark::own("subscriber_email", Encoding::Identifier)];
                list.delivery(address, "", &mark)?;
            }
            continue;
        }
        let bystander = bystander_at(world, place);
        let name = Some(person.name()).filter(|_| bystander.is_some() || list.dice.permille(800));
        let address = match private {
            Some(private) if bystander.is_some() || list.dice.permille(500) => private,
            _ => &person.email,
        };
        let marks = bystander.map(|role| stays(role, &[("email", address)])).unwrap_or_default();
        list.subscriber(address, name, &marks)?;
        for _ in 0..list.dice.between(1, 8) {
            list.delivery(address, "", &[])?;
        }
        if bystander == Some(LONGER) {
            let stays = format!("e={}", encode::percent(address));
            let forwarded = format!("&from={}", encode::percent("maelle.to@fastpost.example"));
            let marks = [
                Mark::mention("unsubscribe_link", Encoding::Url),
                Mark::Exact(LONGER, "unsubscribe_link", stays, false),
            ];
            list.delivery(address, &forwarded, &marks)?;
        }
    }
    Ok(())
}

struct List<'a> {
    dice: Dice,
    out: &'a mut Out,
    delivery: usize,
}

impl List<'_> {
    fn subscriber(
        &mut self,
        address: &str,
        name: Option<String>,
        marks: &[Mark],
    ) -> Result<(), Gone> {
        let consented = self.dice.between(time::BEGIN, time::at(2026, 9, 1));
        let left = self.dice.permille(140).then(|| self.dice.between(consented, time::FINISH));
        self.out.marked_row(
            &SUBSCRIBER,
            vec![address.into()],
            marks,
            [
                address.into(),
                maybe(name),
                self.dice
                    .pick(&["web form", "trade fair", "webinar", "import 2018", "invoice footer"])
                    .into(),
                time::iso(consented).into(),
                maybe(left.map(time::iso)),
                self.dice.ip().into(),
            ],
        )
    }

    fn delivery(&mut self, address: &str, more: &str, marks: &[Mark]) -> Result<(), Gone> {
        self.delivery += 1;
        let sent = self.dice.between(time::at(2021, 1, 4), time::FINISH - 86_400);
        let opened = self.dice.permille(430).then(|| sent + self.dice.between(60, 80_000));
        let day = time::day(sent);
        let campaign = day.split_at_checked(7).map_or("", |(month, _)| month);
        let link = format!(
            "https://news.northlight-it.example/unsubscribe?e={}{more}&c={campaign}&t={}",
            encode::percent(address),
            self.dice.letters(16)
        );
        self.out.marked_row(
            &DELIVERY,
            vec![number(self.delivery)],
            marks,
            [
                number(self.delivery),
                address.into(),
                campaign.into(),
                Value::Text(time::iso(sent)),
                self.dice
                    .pick(&["delivered", "delivered", "delivered", "deferred", "bounced"])
                    .into(),
                maybe(opened.map(time::iso)),
                link.into(),
            ],
        )
    }
}
