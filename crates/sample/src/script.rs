//! The tickets in which the heroine is: her own, and those of others that name her.

use crate::{
    cast::{
        COLLEAGUE, EMAIL_TITLE, HALF_NAME, HEROINE, NAME_PLAIN, NAME_TURNED, SAME_FAMILY,
        SAME_GIVEN, TEXT_ONLY_EMAIL, TEXT_ONLY_NAME,
    },
    encode, media,
    places::{Encoding, Mark},
    scene::{
        Scene,
        Who::{Agent, Cast, Requester},
    },
    text::{BASE64, HTML, PRINTABLE, TEXT, quoted},
    time,
};

const NAME: &str = "Maëlle Tremblay-Okafor";
const WORK: &str = "maelle.tremblay-okafor@harbourlight-clinic.example";
const HOME: &str = "maelle.to@fastpost.example";
const SIGNATURE: &str = "-- \nMaëlle Tremblay-Okafor\nClinic Coordinator, Harbourlight Clinic\n\
    T +1 902 555 0178  M +1 902 555 0143\nmaelle.tremblay-okafor@harbourlight-clinic.example\n";

fn own_ticket() -> Mark {
    Mark::own("requester_id", Encoding::Reference)
}

fn own_note() -> Mark {
    Mark::own("author_id", Encoding::Reference)
}

fn own_trace() -> Mark {
    Mark::own("actor_id", Encoding::Reference)
}

fn named(encoding: Encoding) -> Mark {
    Mark::mention("body", encoding)
}

fn part(role: usize, column: &'static str, text: &str) -> Mark {
    Mark::Exact(role, column, text.to_owned(), false)
}

/// Her five tickets.
pub(crate) fn own() -> Vec<Scene> {
    let hello = format!("Hello,\nsince the update I cannot open the patient index. {SIGNATURE}");
    let thanks = format!("That works again, thank you.\n\nMaëlle\n{SIGNATURE}");
    let sent = time::at(2022, 5, 9) + 34_000;
    let answer = |line: &str, text: &str| {
        format!(
            "Hello Maëlle,\n\n{line}\n\nKind regards\nNorthlight support\n{}",
            quoted(NAME, WORK, sent, text)
        )
    };
    vec![
        Scene::new(Some(HEROINE), "Patient index does not open", &hello)
            .mark([own_ticket()])
            .note(Agent, TEXT, answer("Please restart the computer; the index was being moved.", &hello), [named(Encoding::Quoted)])
            .note(Requester, TEXT, thanks, [own_note()])
            .trace(Requester, "login", format!("{{\"email\":\"{WORK}\",\"method\":\"password\"}}"), [own_trace()]),
        Scene::new(
            Some(HEROINE),
            "Papers for the staff portal",
            "Hello, the staff portal refuses my picture and my CV. I attach both, could you upload them for me?",
        )
        .mark([own_ticket()])
        .note(Requester, TEXT, format!("Here they are. My private address is {HOME} if the mail is too large.\n\n{SIGNATURE}"), [own_note()])
        .file("CV_Tremblay-Okafor.pdf", "application/pdf", curriculum(), [Mark::own("content", Encoding::File)])
        .file("portrait.png", "image/png", media::portrait(NAME), [Mark::own("content", Encoding::File)])
        .trace(Requester, "attachment.add", "{\"files\":[\"CV_Tremblay-Okafor.pdf\",\"portrait.png\"]}".to_owned(), [own_trace()]),
        Scene::new(
            Some(HEROINE),
            "Schedule does not reach my phone",
            "Good morning, the shift schedule no longer appears on my phone (902-555-0143).",
        )
        .mark([own_ticket()])
        .note(Requester, BASE64, encode::base64(format!("I have removed the account and added it again: no change.\n\n{SIGNATURE}").as_bytes()), [own_note()])
        .note(Agent, TEXT, answer("The certificate on the phone was too old. I have sent a new profile.", SIGNATURE), [named(Encoding::Quoted)])
        .trace(Requester, "login", format!("{{\"email\":\"{EMAIL_TITLE}\",\"method\":\"password\"}}"), [own_trace()]),
        Scene::new(
            Some(HEROINE),
            "Changement de nom dans l'annuaire",
            "Bonjour, depuis mon mariage je m'appelle Maëlle Tremblay-Okafor. L'annuaire montre encore l'ancien nom.",
        )
        .mark([own_ticket()])
        .note(Requester, PRINTABLE, encode::quoted_printable(&format!("Voici la forme exacte: {NAME}. Merci d'avance!\n\n{SIGNATURE}"), &[NAME]), [own_note()])
        .note(Agent, TEXT, answer("C'est fait; l'annuaire se met à jour pendant la nuit.", &format!("Voici la forme exacte: {NAME}.")), [named(Encoding::Quoted)])
        .trace(Agent, "user.update", format!("{{\"object\":\"user\",\"email\":\"{WORK}\",\"full_name\":{{\"from\":\"Ma\\u00eblle T.\",\"to\":\"{}\"}}}}", encode::json(NAME, true)), [Mark::mention("details_json", Encoding::Json)]),
        Scene::new(
            Some(HEROINE),
            "Which of my data do you keep?",
            "Hello, I am leaving the clinic at the end of the month. What happens to my account and to my letters in your systems?",
        )
        .mark([own_ticket()])
        .status("open")
        .note(Requester, HTML, format!("<p>I would like to know by Friday, please.</p><pre>{}</pre>", encode::html_entities(SIGNATURE)), [own_note()])
        .trace(Requester, "login", format!("{{\"email\":\"{WORK}\",\"method\":\"passkey\"}}"), [own_trace()]),
    ]
}

fn curriculum() -> Vec<u8> {
    media::pdf(
        NAME,
        &[
            NAME,
            "maelle.tremblay-okafor@harbourlight-clinic.example - maelle.to@fastpost.example",
            "+1 902 555 0143",
            "",
            "2021 - today   Clinic Coordinator, Harbourlight Clinic, Halifax",
            "2018 - 2021    Receptionist, Harbourlight Clinic",
            "2014 - 2018    Studies of health administration",
            "Languages: French, English, Igbo",
        ],
    )
}

/// Tickets of others in which she is named, watches or speaks.
pub(crate) fn others() -> Vec<Scene> {
    let written = time::at(2023, 9, 18) + 52_000;
    let staff = "number;family;given;mobile\nHLC-20417;Tremblay-Okafor;Maëlle;+1 902 555 0143\n\
        HLC-20418;Bouchard;Maëlle;+1 902 555 0144\nHLC-20399;Tremblay-Okafor;Ikenna;+1 902 555 0145\n";
    vec![
        Scene::new(Some(COLLEAGUE), "Access of Maëlle Tremblay-Okafor to the ward list", "Please open the ward list for our coordinator, read only.")
            .mark([Mark::mention("subject", Encoding::Plain)])
            .watcher(HEROINE, [Mark::own("user_id", Encoding::Reference)])
            .note(Cast(HEROINE), TEXT, format!("I only need the second floor; Maëlle Bouchard does the others.\n\n{SIGNATURE}"), [own_note()])
            .trace(Agent, "right.grant", format!("{{\"to\":\"{WORK}\",\"name\":\"{}\",\"right\":\"ward-list:read\"}}", encode::json(NAME, true)), [Mark::mention("details_json", Encoding::Json)]),
        Scene::new(
            Some(COLLEAGUE),
            "Telephone list on the intranet is wrong",
            "Hello,\nthe list mixes up two people. Maëlle Tremblay-Okafor has 902-555-0143, while Ikenna Tremblay-Okafor has 902-555-0145, and Maëlle Bouchard <maelle.bouchard@harbourlight-clinic.example> has 902-555-0144.\nThanks\nChidi",
        )
        .mark([
            Mark::mention("description", Encoding::Plain),
            part(SAME_FAMILY, "description", "Ikenna Tremblay-Okafor has 902-555-0145"),
            part(SAME_GIVEN, "description", "Maëlle Bouchard <maelle.bouchard@harbourlight-clinic.example> has 902-555-0144"),
        ]),
        Scene::new(Some(SAME_GIVEN), "Shared calendar for the nurses", "Please set up a shared calendar for us; details follow by mail.")
            .watcher(HEROINE, [Mark::own("user_id", Encoding::Reference)])
            .note(
                Requester,
                TEXT,
                format!("From: Maëlle Bouchard <maelle.bouchard@harbourlight-clinic.example>\nCc: {NAME} <{WORK}>, Maëlle Tremblay <maelle.tremblay@harbourlight-clinic.example>\nSubject: calendar\n\nAll three of us should be able to write."),
                [named(Encoding::Plain), part(HALF_NAME, "body", "Maëlle Tremblay <maelle.tremblay@harbourlight-clinic.example>")],
            ),
        Scene::new(Some(COLLEAGUE), "Reception line rings on the wrong desk", "Calls to reception ring in the coordinator's room.")
            .note(Agent, TEXT, "Forwarding was set to 9025550143 by hand. Taken out, told Chidi Okafor.", [named(Encoding::Plain), part(COLLEAGUE, "body", "told Chidi Okafor")])
            .internal(),
        Scene::new(Some(COLLEAGUE), "Badges for the new door", "We need badges for the staff entrance, list follows.")
            .note(Requester, TEXT, format!("First batch:\n- {NAME_TURNED} (HLC-20417)\n- Okafor, Chidi (HLC-20001)\n"), [named(Encoding::Plain), part(COLLEAGUE, "body", "Okafor, Chidi (HLC-20001)")])
            .note(Requester, TEXT, "And the complete list of our staff as a file.", [])
            .file("staff.csv", "text/csv", staff.as_bytes().to_vec(), [Mark::mention("content", Encoding::File), part(SAME_GIVEN, "content", "HLC-20418;Bouchard;Maëlle;+1 902 555 0144")]),
        Scene::new(Some(COLLEAGUE), "Mail to the coordinator bounces", "Since this morning mail to one of our addresses comes back.")
            .note(Requester, HTML, format!("<p>The answer says: <b>{}</b> is not known here. Mail to <i>{}</i> arrives.</p>", encode::html_entities(WORK), encode::html_entities("ikenna.tremblay-okafor@harbourlight-clinic.example")), [named(Encoding::Html), part(SAME_FAMILY, "body", "ikenna.tremblay-okafor&#64;harbourlight-clinic.example")])
            .note(Agent, TEXT, format!("The log of our gateway:\n09:12:44 queued rcpt=staff link=https://mail.northlight-it.example/trace?to={}&state=deferred\n09:14:02 retry ok\n", encode::percent(WORK)), [named(Encoding::Url)]),
        Scene::new(Some(SAME_FAMILY), "Two of us with one name in the directory", "The directory shows only one of us two. Please look into it.")
            .note(Requester, HTML, format!("<p>My wife is {}, I am Ikenna. We are two people.</p>", encode::html_entities(NAME)), [named(Encoding::Html), part(SAME_FAMILY, "body", "I am Ikenna")])
            .note(Agent, HTML, format!("<html><body><p>Both are there now: {} and Ikenna.</p></body></html>", encode::html_entities(&format!("{NAME} <{WORK}>"))), [named(Encoding::Html), part(SAME_FAMILY, "body", "and Ikenna")]),
        Scene::new(Some(COLLEAGUE), "Minutes of the safety meeting", "I forward the minutes, please file them with the audit papers.")
            .note(Requester, PRINTABLE, encode::quoted_printable(&format!("Present: Chidi Okafor, {NAME}, Maëlle Bouchard.\nThe next meeting is in the small room.\n"), &[NAME]), [named(Encoding::QuotedPrintable), part(COLLEAGUE, "body", "Present: Chidi Okafor")])
            .note(Requester, PRINTABLE, encode::quoted_printable(&format!("Please send the invitation to {WORK} as well; without the accent, she does not read the other one.\n"), &[WORK]), [named(Encoding::QuotedPrintable)])
            .note(Agent, PRINTABLE, encode::quoted_printable(&format!("Hello Chidi,\nfiled.\n{}", quoted("Chidi Okafor", "chidi.okafor@harbourlight-clinic.example", written, &format!("Also {NAME_PLAIN} ({HOME}) asked for a copy."))), &[NAME_PLAIN, HOME]), [named(Encoding::QuotedPrintable)]),
        Scene::new(Some(HALF_NAME), "Forwarded mail cannot be opened", "A forwarded mail shows only letters without sense, I paste them below.")
            .note(Requester, BASE64, encode::base64(format!("Dear Maëlle,\n{NAME} <{WORK}> asked me to send you the key list.\nHer number is +1 (902) 555-0143.\nChidi\n").as_bytes()), [named(Encoding::Base64)])
            .note(Agent, BASE64, encode::base64(format!("The mail was for you. It says that {NAME_PLAIN} asked for the key list.\n").as_bytes()), [named(Encoding::Base64)]),
        Scene::new(Some(COLLEAGUE), "Inventory of the clinic's laptops", "Please send us the inventory of our laptops for the insurer.")
            .value(
                "device_inventory",
                format!("{{\"device\":\"LT-HARBOUR\",\"os\":\"14.2\",\"disk_encrypted\":true,\"last_user\":{{\"name\":\"{}\",\"mail\":\"{WORK}\"}},\"room\":\"2.07\"}}", encode::json(NAME, true)),
                [Mark::mention("value", Encoding::Json)],
            ),
        Scene::new(Some(COLLEAGUE), "Guest from the dental practice", "We expect a guest who needs the network for a day.")
            .note(Requester, TEXT, format!("From: Chidi Okafor <chidi.okafor@harbourlight-clinic.example>\nCc: {TEXT_ONLY_NAME} <{TEXT_ONLY_EMAIL}>\n\nShe arrives at nine."), [Mark::TextOnly("body")])
            .note(Agent, TEXT, format!("Hello Chidi,\nthe guest code is on its way.\n{}", quoted("Chidi Okafor", "chidi.okafor@harbourlight-clinic.example", written, &format!("Please send the code to {TEXT_ONLY_EMAIL}."))), [Mark::TextOnly("body")])
            .note(Requester, PRINTABLE, encode::quoted_printable(&format!("Thank you, {TEXT_ONLY_NAME} is online.\n"), &[TEXT_ONLY_NAME]), [Mark::TextOnly("body")]),
    ]
}
