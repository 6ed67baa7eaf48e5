//! The tickets of the bystanders, which must stay as they are, and those in which somebody typed a
//! card number.

use crate::{
    cast::{
        COLLEAGUE, HALF_NAME, LONGER, SAME_FAMILY, SAME_GIVEN, SAME_MAILBOX, ZOE_MARKED, ZOE_PLAIN,
    },
    encode,
    places::{Encoding, Mark},
    scene::{
        Scene,
        Who::{Agent, Requester},
    },
    text::{BASE64, HTML, PRINTABLE, TEXT},
};

fn whole(role: usize, column: &'static str, text: &str) -> Mark {
    Mark::Exact(role, column, text.to_owned(), true)
}

fn note_of(
    role: usize,
    subject: &str,
    description: &str,
    kind: &'static str,
    body: String,
) -> Scene {
    let marks = [whole(role, "body", &body)];
    Scene::new(Some(role), subject, description)
        .mark([whole(role, "subject", subject), whole(role, "description", description)])
        .note(Requester, kind, body, marks)
}

/// Tickets that look as if they were about the heroine, and are not.
pub(crate) fn bystanders() -> Vec<Scene> {
    vec![
        note_of(
            SAME_GIVEN,
            "Screen flickers in room four",
            "Bonjour, l'écran de la salle quatre clignote. Maëlle",
            TEXT,
            "Toujours pareil.\n\n-- \nMaëlle Bouchard\nNurse, Harbourlight Clinic\nT +1 902 555 0179  M +1 902 555 0144\nmaelle.bouchard@harbourlight-clinic.example\n".to_owned(),
        ),
        note_of(
            SAME_FAMILY,
            "Dictation software: new profile",
            "The dictation software knows the wrong voice. Dr. Tremblay-Okafor",
            BASE64,
            encode::base64("Please make the profile under Ikenna Tremblay-Okafor, ikenna.tremblay-okafor@harbourlight-clinic.example, not under my wife's name.\n".as_bytes()),
        ),
        note_of(
            SAME_MAILBOX,
            "Newsletter goes to somebody else",
            "My private address has an accent. Somebody else gets my mail.",
            PRINTABLE,
            encode::quoted_printable("It is maëlle.to@fastpost.example, with the two dots. Maëlle Tomczak\n", &["maëlle.to@fastpost.example"]),
        ),
        note_of(
            HALF_NAME,
            "Calls for somebody else",
            "People dial my number and want somebody in the 902 area.",
            HTML,
            "<p>Mine is <b>+1 782 555 0143</b>, and I am Ma&euml;lle Tremblay, not the coordinator.</p>".to_owned(),
        ),
        note_of(
            ZOE_MARKED,
            "My address has two accents",
            "Please write to zoë.müller@quaystone-chambers.example. Zoë Müller",
            TEXT,
            "The one without accents belongs to my colleague.\nZoë Müller\n".to_owned(),
        ),
        note_of(
            ZOE_PLAIN,
            "I receive a colleague's letters",
            "My address is zoe.muller@quaystone-chambers.example. Zoe Muller",
            TEXT,
            "They are meant for the notary, with accents.\nZoe Muller\n".to_owned(),
        ),
        note_of(
            COLLEAGUE,
            "Lamp of the projector",
            "The projector says its lamp is old. Chidi Okafor",
            TEXT,
            "Room 2.07, please before Tuesday.\nChidi Okafor, +1 902 555 0149\n".to_owned(),
        ),
        note_of(
            LONGER,
            "Employee number rejected",
            "The time clock rejects HLC-204171. It cuts off the last digit.",
            TEXT,
            "I am Samaëlle Toussaint, samaelle.to@fastpost.example; the number has six digits.\n".to_owned(),
        ),
    ]
}

/// Seven tickets with a card number in them: where it is, and in which disguise.
pub(crate) fn cards() -> Vec<Scene> {
    let ticket = |subject: &str, description: &str, column, number, encoding| {
        Scene::new(None, subject, description).mark([Mark::Card(column, number, encoding)])
    };
    let note = |subject: &str, kind, body: String, number, encoding| {
        Scene::new(None, subject, "Hello, the payment for our licences did not go through.")
            .note(Agent, TEXT, "Please do not send card data by mail; use the payment page.", [])
            .note(Requester, kind, body, [Mark::Card("body", number, encoding)])
    };
    vec![
        ticket(
            "Payment page refuses our card",
            "Hello, the page refuses our card 4111 1111 1111 1111, valid until 09/28. Could you charge it by hand?",
            "description",
            "4111111111111111",
            Encoding::Plain,
        ),
        ticket(
            "Renew the domain with 5555-5555-5555-4444",
            "Please renew it for three years with the card in the subject.",
            "subject",
            "5555555555554444",
            Encoding::Plain,
        ),
        ticket(
            "Carte pour l'abonnement",
            "Bonjour, voici la carte pour l'abonnement annuel: 378282246310005 (exp. 02/29).",
            "description",
            "378282246310005",
            Encoding::Plain,
        ),
        note(
            "Licences: payment failed",
            TEXT,
            "Then take this one: 6011 1111 1111 1117. I am in a meeting until three.\n".to_owned(),
            "6011111111111117",
            Encoding::Plain,
        ),
        note(
            "Invoice paid twice?",
            PRINTABLE,
            encode::quoted_printable(
                "C'était bien la carte 4242 4242 4242 4242, prélevée deux fois.\n",
                &["4242 4242 4242 4242"],
            ),
            "4242424242424242",
            Encoding::QuotedPrintable,
        ),
        note(
            "Card for the new subscription",
            BASE64,
            encode::base64(b"The card of the director: 3530111333300000. Please confirm.\n"),
            "3530111333300000",
            Encoding::Base64,
        ),
        note(
            "Change of card",
            HTML,
            "<p>New card: <b>4000&nbsp;0566&nbsp;5566&nbsp;5556</b><br>Old one is blocked.</p>"
                .to_owned(),
            "4000056655665556",
            Encoding::Html,
        ),
    ]
}

/// Every scene of the story, in the order in which the years bring them.
pub(crate) fn all() -> Vec<Scene> {
    let mut lists = [
        crate::script::others().into_iter(),
        bystanders().into_iter(),
        cards().into_iter(),
        crate::script::own().into_iter(),
    ];
    let mut scenes = Vec::new();
    loop {
        let before = scenes.len();
        for list in &mut lists {
            scenes.extend(list.next());
        }
        if scenes.len() == before {
            // The last ticket of the sample is her question, still open.
            scenes.sort_by_key(|scene| scene.status == "open");
            return scenes;
        }
    }
}
