//! What people write to a help desk, and how their mail programs dress it.

use crate::{
    dice::Dice,
    encode, time,
    world::{Person, World},
};

/// A kind of trouble: the subject, what the person writes, and what the agent answers.
struct Topic {
    subject: &'static str,
    trouble: [&'static str; 3],
    answer: [&'static str; 2],
}

static TOPICS: [Topic; 12] = [
    Topic {
        subject: "Cannot sign in to {app} on {device}",
        trouble: [
            "Since {when} I cannot sign in to {app}. It says the password is wrong although I changed it only last week.",
            "{person} sits next to me and has no trouble, so it cannot be the network.",
            "Could you reset it, please? I am on {device} and need it before the month-end closing.",
        ],
        answer: [
            "I have reset your sign-in and ended the old sessions. Please choose a new password at {link}.",
            "If the phone still asks for the old one, remove the account there and add it again.",
        ],
    },
    Topic {
        subject: "Printer on the second floor prints blank pages",
        trouble: [
            "The printer near {person}'s desk prints blank pages since {when}.",
            "We have changed the toner and switched it off and on. The display shows no error.",
            "Other printers are fine. The driver on {device} was updated a few days ago.",
        ],
        answer: [
            "The update brought a driver for another model. I have put the former one back on {device}.",
            "Please print a test page and tell me whether the margins are right.",
        ],
    },
    Topic {
        subject: "New colleague starts on Monday: account and laptop",
        trouble: [
            "{person} joins us on Monday and needs an account, a laptop and access to {app}.",
            "Same rights as {other}, please, but without the payroll folder.",
            "The laptop can be sent to our address; reception is there from eight to four.",
        ],
        answer: [
            "The account for {person} is ready. The first password goes to {other} by telephone, not by mail.",
            "The laptop {device} leaves our workshop today; the label is at {link}.",
        ],
    },
    Topic {
        subject: "Suspicious mail: is this one real?",
        trouble: [
            "I received a mail that claims to come from our bank and asks me to confirm an invoice at {link}.",
            "{person} got the same one at {when} and is not sure whether the link was opened.",
            "I have not clicked on anything. What shall we do?",
        ],
        answer: [
            "Thank you for asking first. It is phishing; we have removed it from all mailboxes.",
            "We looked through the logs: {person} did open the page, so I have ended all sessions and called.",
        ],
    },
    Topic {
        subject: "VPN drops every few minutes from home",
        trouble: [
            "From home the VPN drops every five to ten minutes since {when}. In the office all is well.",
            "{other} lives in the same street and has the same trouble.",
            "My laptop is {device}. You can reach me on my mobile when I am cut off.",
        ],
        answer: [
            "Your provider changed the packet size. I have set a lower value in the profile of {device}.",
            "Please let it run for a day and tell me whether {app} stays connected.",
        ],
    },
    Topic {
        subject: "Please restore a folder from backup",
        trouble: [
            "By mistake {person} deleted the folder with this year's offers on {when}.",
            "We need the state of the evening before. The folder is on the shared drive, below Projects.",
            "It is not urgent, but {other} needs it for the meeting on Thursday.",
        ],
        answer: [
            "The folder is back under its old name with the suffix restored. Please compare and then tell us to remove the other.",
            "The report of the restore is at {link}; 1,204 files came back, none were refused.",
        ],
    },
    Topic {
        subject: "{app} is very slow in the afternoon",
        trouble: [
            "Every afternoon {app} takes a minute to open a record. In the morning it is quick.",
            "{person} and {other} see the same on their machines.",
            "We counted: it began on {when}, the day of the last update.",
        ],
        answer: [
            "A report ran every afternoon without an index. We have moved it to the night and added the index.",
            "Please watch it until Friday; the measurements are at {link}.",
        ],
    },
    Topic {
        subject: "Leaver: close the account of {person}",
        trouble: [
            "{person} leaves us at the end of the month. Please close the account and forward mail to {other}.",
            "The laptop {device} comes back to you by courier; please wipe it.",
            "Personal files on the desktop may be handed over on a stick before that.",
        ],
        answer: [
            "The account is closed as of this evening, mail goes to {other} for 90 days.",
            "{device} has arrived and was wiped; the certificate is at {link}.",
        ],
    },
    Topic {
        subject: "Second screen not recognised on {device}",
        trouble: [
            "The second screen stays black since {when}. The cable is fine, I tried {person}'s.",
            "The docking station blinks orange.",
            "I can work with one screen for a few days, but not through the audit.",
        ],
        answer: [
            "The docking station needs new firmware. I will install it remotely at noon, please leave {device} on.",
            "Done. Both screens answer now.",
        ],
    },
    Topic {
        subject: "Quote for ten licences of {app}",
        trouble: [
            "We would like ten more licences of {app} from next month.",
            "{person} in purchasing approves it; please put {other} in copy of the quote.",
            "The delivery address is the one in our signature.",
        ],
        answer: [
            "The quote is attached to your account at {link}. It is good for thirty days.",
            "Once {person} has approved, the licences are there within the hour.",
        ],
    },
    Topic {
        subject: "Shared mailbox: add {person}",
        trouble: [
            "Please give {person} access to our shared mailbox, read and send.",
            "{other} no longer needs it since the move to the other team on {when}.",
            "The mailbox is info@ at our own domain.",
        ],
        answer: [
            "{person} has access now; it shows up in {app} within the hour.",
            "I have taken {other} off the list as you asked.",
        ],
    },
    Topic {
        subject: "Calendar shows the wrong hour for meetings with Berlin",
        trouble: [
            "Meetings with our partner in Berlin are an hour off since {when}.",
            "{person} sees them right on the phone and wrong in {app}.",
            "Is that the change of the clocks? We had the same last autumn.",
        ],
        answer: [
            "Yes: {device} still had old zone rules. They are updated now.",
            "Please open one of the meetings and tell me the hour you see.",
        ],
    },
];

static FRENCH_TOPICS: [Topic; 2] = [
    Topic {
        subject: "Impossible de se connecter à {app}",
        trouble: [
            "Depuis {when} je n'arrive plus à ouvrir {app} sur le poste {device}.",
            "{person} a essayé avec son compte et le problème reste le même.",
            "Pourriez-vous me rappeler cet après-midi? Je suis à mon bureau jusqu'à seize heures.",
        ],
        answer: [
            "Le certificat du serveur avait expiré. Il est renouvelé; redémarrez {device} et tout devrait fonctionner.",
            "N'hésitez pas à me dire si {person} voit encore le message.",
        ],
    },
    Topic {
        subject: "Téléphone perdu dans le traversier",
        trouble: [
            "J'ai oublié mon téléphone dans le traversier le {when}. Il contient mes courriels et {app}.",
            "{other} m'a prêté le sien pour aujourd'hui.",
            "Faut-il changer tous mes mots de passe?",
        ],
        answer: [
            "Le téléphone est effacé à distance et vos sessions sont fermées. La procédure est ici: {link}.",
            "Oui pour {app}; les autres mots de passe ne s'y trouvaient pas.",
        ],
    },
];

const APPS: [&str; 10] = [
    "the ledger",
    "Harbourdesk",
    "the time sheets",
    "the file share",
    "Wavemail",
    "the patient index",
    "the drawing archive",
    "the stock list",
    "Tidebook",
    "the payroll portal",
];
/// Names that stand in a French sentence as well.
const FRENCH_APPS: [&str; 3] = ["Harbourdesk", "Wavemail", "Tidebook"];
const GREETINGS: [&str; 4] = ["Hello,", "Hi team,", "Good morning,", "Hello support,"];
const CLOSINGS: [&str; 4] = ["Thanks", "Kind regards,", "Many thanks in advance,", "Best,"];
const FRENCH_CLOSINGS: [&str; 3] = ["Merci beaucoup,", "Cordialement,", "Bonne journée,"];

/// The name of a machine: letters, so that no scan takes it for a number of a person.
pub(crate) fn device(dice: &Dice) -> String {
    format!("{}-{}", dice.pick(&["LT", "WS", "TC", "PH"]), dice.letters(5).to_uppercase())
}

/// One conversation about one trouble.
pub(crate) struct Talk<'a> {
    world: &'a World,
    dice: &'a Dice,
    topic: &'static Topic,
    french: bool,
    device: String,
    app: &'static str,
    person: String,
    other: String,
    when: String,
}

impl<'a> Talk<'a> {
    pub(crate) fn new(world: &'a World, dice: &'a Dice, from: &Person, moment: i64) -> Self {
        let company = from.company;
        let french = from.french && dice.permille(600);
        let topics: &'static [Topic] =
            if french { FRENCH_TOPICS.as_slice() } else { TOPICS.as_slice() };
        let topic = topics.get(dice.position(topics.len())).unwrap_or(&FALLBACK);
        let name = || {
            world.people.get(world.somebody(company, dice)).map_or_else(String::new, Person::name)
        };
        let when = time::day(moment - dice.between(1, 9) * 86_400);
        Self {
            world,
            dice,
            topic,
            french,
            device: device(dice),
            app: if french { dice.pick(&FRENCH_APPS) } else { dice.pick(&APPS) },
            person: name(),
            other: name(),
            when,
        }
    }

    fn fill(&self, template: &str, out: &mut String) {
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((slot, after)) = after.split_once('}') else { break };
            match slot {
                "device" => out.push_str(&self.device),
                "app" => out.push_str(self.app),
                "person" => out.push_str(&self.person),
                "other" => out.push_str(&self.other),
                "when" => out.push_str(&self.when),
                _ => {
                    out.push_str("https://desk.northlight-it.example/r/");
                    out.push_str(&self.dice.letters(8));
                }
            }
            rest = after;
        }
        out.push_str(rest);
    }

    pub(crate) fn subject(&self) -> String {
        let mut subject = String::new();
        self.fill(self.topic.subject, &mut subject);
        subject
    }

    /// What the person writes first.
    pub(crate) fn trouble(&self, from: &Person) -> String {
        let mut text = String::with_capacity(600);
        text.push_str(if self.french { "Bonjour," } else { self.dice.pick(&GREETINGS) });
        text.push_str("\n\n");
        for line in self.topic.trouble {
            self.fill(line, &mut text);
            text.push('\n');
        }
        if self.dice.permille(120)
            && let Some(third) = self.world.people.get(self.world.somebody(from.company, self.dice))
        {
            text.push_str(&format!(
                "{} {}, {}, {}.\n",
                if self.french { "En mon absence:" } else { "If I am away, please ask" },
                third.name(),
                third.mobile.map_or_else(|| third.desk.clone(), |mobile| mobile.national()),
                third.email
            ));
        }
        self.close(from, &mut text);
        text
    }

    /// What the agent writes back.
    pub(crate) fn answer(&self, to: &Person, from: &Person) -> String {
        let hello = if self.french { "Bonjour" } else { "Hello" };
        let mut text = format!("{hello} {},\n\n", to.given);
        for line in self.topic.answer {
            self.fill(line, &mut text);
            text.push('\n');
        }
        self.close(from, &mut text);
        text
    }

    /// A short word of thanks, or a colleague's remark inside the house.
    pub(crate) fn remark(&self, from: &Person, internal: bool) -> String {
        let mut text = String::new();
        let lines: &[&str] = if self.french && !internal {
            &[
                "Merci, tout fonctionne. {person} vous remercie aussi.",
                "Toujours pareil sur {device}, hélas. {other} peut vous ouvrir demain.",
            ]
        } else if internal {
            &[
                "Called {person}, no answer. Will try again after lunch.",
                "Same cause as last month, see {link}. {other} asked about it too.",
                "{device} is out of warranty; told {person} that a new one is needed.",
                "Waiting for the vendor of {app}. Their log says the session of {other} was cut.",
            ]
        } else {
            &[
                "That works now, thank you. I have told {person}.",
                "Still the same on {device}, I am afraid. {other} can let you in tomorrow.",
                "Great. Please close the ticket.",
            ]
        };
        self.fill(self.dice.pick(lines), &mut text);
        text.push('\n');
        if !internal {
            self.close(from, &mut text);
        }
        text
    }

    fn close(&self, from: &Person, text: &mut String) {
        text.push('\n');
        let french = self.french;
        let closings: &[&str] = if french { &FRENCH_CLOSINGS } else { &CLOSINGS };
        text.push_str(self.dice.pick(closings));
        text.push('\n');
        text.push_str(&from.given);
        text.push('\n');
        if self.dice.permille(700) {
            text.push_str(&signature(self.world, from));
        }
    }
}

static FALLBACK: Topic = Topic { subject: "Question", trouble: [""; 3], answer: [""; 2] };

/// The block under a mail.
pub(crate) fn signature(world: &World, person: &Person) -> String {
    let mut text = format!("-- \n{}\n{}", person.name(), person.title);
    if let Some(company) = world.company_of(person) {
        text.push_str(&format!(", {}\n{}, {}\n", company.name, company.street, company.city));
    }
    text.push_str(&format!("T {}", person.desk));
    if let Some(mobile) = person.mobile {
        text.push_str(&format!("  M {}", mobile.international()));
    }
    text.push_str(&format!("\n{}\n", person.email));
    text
}

/// A mail quoted below an answer.
pub(crate) fn quoted(name: &str, email: &str, moment: i64, text: &str) -> String {
    let mut out = format!("\nOn {}, {name} <{email}> wrote:\n", time::mail(moment));
    for line in text.lines() {
        out.push_str("> ");
        out.push_str(line);
        out.push('\n');
    }
    out
}

/// Plain text, as the column `body_type` names it.
pub(crate) const TEXT: &str = "text/plain";
/// HTML.
pub(crate) const HTML: &str = "text/html";
/// Text in quoted-printable.
pub(crate) const PRINTABLE: &str = "text/plain; encoding=quoted-printable";
/// Text in base64.
pub(crate) const BASE64: &str = "text/plain; encoding=base64";

/// Dresses a text as one of the mail programs does.
pub(crate) fn dress(dice: &Dice, text: String) -> (String, &'static str) {
    match dice.below(100) {
        0..=63 => (text, TEXT),
        64..=82 => {
            let inner = encode::html(&text);
            (
                format!(
                    "<html><body><div style=\"font-family:sans-serif\">{inner}</div></body></html>"
                ),
                HTML,
            )
        }
        83..=92 => (encode::quoted_printable(&text, &[]), PRINTABLE),
        _ => (encode::base64(text.as_bytes()), BASE64),
    }
}
