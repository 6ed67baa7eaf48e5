//! The sentences of one's own pages.

use render::words::count;

use super::fr;

/// The sentences of one's own pages in one language.
pub struct Me {
    /// Navigation, and heading.
    pub mine: &'static str,
    /// What it is for.
    pub lede: fn(&str) -> String,
    /// Button: send a code.
    pub send: &'static str,
    /// The address is none.
    pub wrong_address: &'static str,
    /// A code is on its way.
    pub sent: &'static str,
    /// The code is not right.
    pub wrong_code: &'static str,
    /// Button: open.
    pub open: &'static str,
    /// Link: begin anew.
    pub again: &'static str,
    /// "Signed in as …"
    pub signed_in: fn(&str) -> String,
    /// Button: leave.
    pub leave: &'static str,
    /// They have left.
    pub left: &'static str,
    /// What that means.
    pub left_lede: &'static str,
    /// The page has closed.
    pub closed: &'static str,
    /// What to do.
    pub closed_lede: &'static str,
    /// Heading: what is held.
    pub held: &'static str,
    /// It is being looked up.
    pub looking: &'static str,
    /// Button: show what was found.
    pub show: &'static str,
    /// Nothing is held by this address.
    pub nothing: &'static str,
    /// It could not be looked up.
    pub failed: &'static str,
    /// These systems did not answer.
    pub not_reached: fn(&str) -> String,
    /// Table heads: category, value, where.
    pub table: [&'static str; 3],
    /// "and 12 more"
    pub more: fn(u64) -> String,
    /// Heading: records.
    pub records: &'static str,
    /// "12 records"
    pub rows: fn(u64) -> String,
    /// What is not looked at here.
    pub not_here: &'static str,
    /// Button: a full copy.
    pub copy: &'static str,
    /// Heading: correct.
    pub correct: &'static str,
    /// What that does.
    pub correct_lede: &'static str,
    /// Button.
    pub correct_do: &'static str,
    /// Heading: withdraw.
    pub withdraw: &'static str,
    /// What that does.
    pub withdraw_lede: &'static str,
    /// Button.
    pub withdraw_do: &'static str,
    /// Button: no sale.
    pub opt_out_do: &'static str,
    /// Heading: close the account.
    pub close: &'static str,
    /// What that does.
    pub close_lede: &'static str,
    /// Tick.
    pub close_sure: &'static str,
    /// Button.
    pub close_do: &'static str,
    /// Heading: requests.
    pub requests: &'static str,
    /// None.
    pub no_requests: &'static str,
    /// "until 15 January 2027"
    pub due: fn(&str) -> String,
    /// Heading: agreements.
    pub agreed: &'static str,
    /// "You agreed to version 4 on … (sign-up), number …"
    pub agreement: fn(&str, &str, &str, &str) -> String,
    /// None.
    pub not_agreed: &'static str,
    /// Button: agree to a version.
    pub agree: fn(&str) -> String,
    /// Link: read it.
    pub read: &'static str,
    /// It is kept.
    pub agreed_now: fn(&str) -> String,
    /// A request has come: its number.
    pub filed: fn(&str) -> String,
    /// Nothing right was filled in.
    pub nothing_filled: &'static str,
    /// The closure was not ticked.
    pub not_sure: &'static str,
    /// How long the page stays open.
    pub stays: &'static str,
    /// A category's words, where they are not those of the policy.
    pub category: fn(&str) -> Option<&'static str>,
    /// The notice is written in another language than the page.
    pub notice_in: fn(&str) -> Option<&'static str>,
}

impl std::fmt::Debug for Me {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Me({})", self.mine)
    }
}

/// In English.
pub const ENGLISH: Me = Me {
    mine: "Your data",
    lede: |name| {
        format!(
            "See what {name} holds about you, have it corrected, withdraw a consent, close your account, and follow your requests. We write a code to your address first, so that only you see it."
        )
    },
    send: "Send me a code",
    wrong_address: "That does not look like an e-mail address: check the spelling.",
    sent: "A code is on its way to the address you gave, whether or not we know it. Type it in here.",
    wrong_code: "That code is not right, or it has run out. After five tries a new one is needed.",
    open: "Open my pages",
    again: "Begin again with another code",
    signed_in: |email| format!("Shown for {email}."),
    leave: "Leave",
    left: "You have left",
    left_lede: "What we looked up for you is forgotten. Your requests go on.",
    closed: "These pages have closed",
    closed_lede: "They stay open for a quarter of an hour after you used them last, and for two hours at most.",
    held: "What we hold about you",
    looking: "We are looking it up in our systems. That takes a few seconds.",
    show: "Show what was found",
    nothing: "We found nothing by this address. If we know you by another one, come in with that.",
    failed: "It could not be looked up just now. Ask for a full copy below: a person makes sure that you get it.",
    not_reached: |systems| {
        format!("Not everything could be looked at. These did not answer: {systems}.")
    },
    table: ["What", "Value", "Where it stands"],
    more: |n| format!("and {}", count(n, "further value", "further values")),
    records: "Records about you",
    rows: |n| count(n, "record", "records"),
    not_here: "Messages, notes and files are not searched for this page, and what concerns others too is only counted. A full copy has all of it.",
    copy: "Ask for a full copy",
    correct: "Correct something",
    correct_lede: "It is changed in every system that holds it, and those who got it from us are told. A person looks at it first.",
    correct_do: "Have it corrected",
    withdraw: "Withdraw a consent",
    withdraw_lede: "It ends from now on. What was done before stays lawful.",
    withdraw_do: "Withdraw it",
    opt_out_do: "No sale and no sharing of my data",
    close: "Close your account",
    close_lede: "Your account is closed for good, and what it held is erased wherever no law keeps it. A person looks at it first, and you get a certificate.",
    close_sure: "I want my account closed, and I know that it cannot be opened again.",
    close_do: "Close my account",
    requests: "Your requests",
    no_requests: "You have asked for nothing by this address so far.",
    due: |day| format!("answered by {day}"),
    agreed: "What you agreed to",
    agreement: |version, day, how, number| {
        format!("Version {version} of the notice, on {day} ({how}), number {number}")
    },
    not_agreed: "We have kept no agreement of yours.",
    agree: |version| format!("I agree to version {version} of the notice"),
    read: "Read it first",
    agreed_now: |number| {
        format!("Your agreement is kept under number {number}. A receipt is on its way to you.")
    },
    filed: |number| {
        format!(
            "Your request {number} has arrived and need not be confirmed. A mail is on its way to you."
        )
    },
    nothing_filled: "Say what is wrong, and what is right.",
    not_sure: "Tick that you want your account closed.",
    stays: "This page stays open for a quarter of an hour after you used it last.",
    category: |_| None,
    notice_in: |language| match language {
        "en" => None,
        "fr" => Some("The text of the notice is in French only."),
        _ => Some("The text of the notice is not in English."),
    },
};

/// In French.
pub const FRENCH: Me = Me {
    mine: "Vos données",
    lede: |name| {
        format!(
            "Voyez ce que {name} détient sur vous, faites-le corriger, retirez un consentement, fermez votre compte et suivez vos demandes. Nous envoyons d’abord un code à votre adresse, pour que vous seul le voyiez."
        )
    },
    send: "Envoyez-moi un code",
    wrong_address: "Cela ne ressemble pas à une adresse de courriel : vérifiez l’orthographe.",
    sent: "Un code est en route vers l’adresse que vous avez donnée, que nous la connaissions ou non. Saisissez-le ici.",
    wrong_code: "Ce code est inexact ou n’est plus valable. Après cinq essais, il en faut un nouveau.",
    open: "Ouvrir mes pages",
    again: "Recommencer avec un autre code",
    signed_in: |email| format!("Affiché pour {email}."),
    leave: "Quitter",
    left: "Vous avez quitté vos pages",
    left_lede: "Ce que nous avons cherché pour vous est oublié. Vos demandes se poursuivent.",
    closed: "Ces pages se sont fermées",
    closed_lede: "Elles restent ouvertes un quart d’heure après votre dernière action, et deux heures au plus.",
    held: "Ce que nous détenons sur vous",
    looking: "Nous le cherchons dans nos systèmes. Cela prend quelques secondes.",
    show: "Montrer ce qui a été trouvé",
    nothing: "Nous n’avons rien trouvé à cette adresse. Si nous vous connaissons sous une autre, entrez avec celle-là.",
    failed: "La recherche n’a pas pu se faire à l’instant. Demandez une copie complète ci-dessous : une personne veille à ce que vous la receviez.",
    not_reached: |systems| format!("Tout n’a pas pu être consulté. N’ont pas répondu : {systems}."),
    table: ["Quoi", "Valeur", "Où cela se trouve"],
    more: |n| format!("et {}", fr::count(many(n), "autre valeur", "autres valeurs")),
    records: "Enregistrements à votre sujet",
    rows: |n| fr::count(many(n), "enregistrement", "enregistrements"),
    not_here: "Les messages, les notes et les fichiers ne sont pas parcourus pour cette page, et ce qui concerne aussi d’autres personnes n’est que compté. Une copie complète contient tout.",
    copy: "Demander une copie complète",
    correct: "Corriger quelque chose",
    correct_lede: "C’est modifié dans chaque système qui le contient, et ceux qui l’ont reçu de nous en sont informés. Une personne l’examine d’abord.",
    correct_do: "Faire corriger",
    withdraw: "Retirer un consentement",
    withdraw_lede: "Il prend fin dès maintenant. Ce qui a été fait avant reste licite.",
    withdraw_do: "Le retirer",
    opt_out_do: "Ni vente ni partage de mes données",
    close: "Fermer votre compte",
    close_lede: "Votre compte est fermé définitivement, et son contenu est effacé partout où aucune loi ne le conserve. Une personne l’examine d’abord, et vous recevez un certificat.",
    close_sure: "Je veux que mon compte soit fermé, et je sais qu’il ne pourra pas être rouvert.",
    close_do: "Fermer mon compte",
    requests: "Vos demandes",
    no_requests: "Vous n’avez rien demandé par cette adresse jusqu’ici.",
    due: |day| format!("réponse au plus tard le {day}"),
    agreed: "Ce que vous avez accepté",
    agreement: |version, day, how, number| {
        format!("Version {version} de l’avis, le {day} ({how}), numéro {number}")
    },
    not_agreed: "Nous n’avons conservé aucun accord de votre part.",
    agree: |version| format!("J’accepte la version {version} de l’avis"),
    read: "La lire d’abord",
    agreed_now: |number| {
        format!("Votre accord est conservé sous le numéro {number}. Un reçu vous parviendra.")
    },
    filed: |number| {
        format!(
            "Votre demande {number} est arrivée et n’a pas besoin d’être confirmée. Un courriel vous parviendra."
        )
    },
    nothing_filled: "Dites ce qui est inexact, et ce qui est juste.",
    not_sure: "Cochez que vous voulez fermer votre compte.",
    stays: "Cette page reste ouverte un quart d’heure après votre dernière action.",
    category: category_in_french,
    notice_in: |language| match language {
        "fr" => None,
        "en" => Some("Le texte de l’avis n’existe qu’en anglais."),
        _ => Some("Le texte de l’avis n’existe pas en français."),
    },
};

fn many(n: u64) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// The words for a category, or for the nearest above it that has some.
fn category_in_french(key: &str) -> Option<&'static str> {
    let mut key = key;
    loop {
        let words = match key {
            "user.account" => "compte",
            "user.account.settings" => "paramètres du compte",
            "user.account.username" => "nom d’utilisateur",
            "user.behavior" => "comportement",
            "user.biometric" => "données biométriques",
            "user.childrens" => "données sur des enfants",
            "user.contact" => "coordonnées",
            "user.contact.address" => "adresse postale",
            "user.contact.address.city" => "ville",
            "user.contact.address.country" => "pays",
            "user.contact.address.postal_code" => "code postal",
            "user.contact.address.state" => "province ou État",
            "user.contact.address.street" => "rue",
            "user.contact.email" => "adresse de courriel",
            "user.contact.organization" => "organisation",
            "user.contact.phone_number" => "numéro de téléphone",
            "user.contact.url" => "adresse web",
            "user.content" => "ce que vous avez écrit ou envoyé",
            "user.demographic" => "renseignements sur vous",
            "user.demographic.date_of_birth" => "date de naissance",
            "user.demographic.gender" => "genre",
            "user.demographic.language" => "langue",
            "user.device" => "appareil",
            "user.device.ip_address" => "adresse réseau",
            "user.financial" => "données financières",
            "user.government_id" => "numéro officiel",
            "user.health_and_medical" => "santé",
            "user.location" => "localisation",
            "user.name" => "nom",
            "user.name.first" => "prénom",
            "user.name.last" => "nom de famille",
            "user.payment" => "paiements",
            "user.privacy_preferences" => "choix de confidentialité",
            "user.social" => "activité sur les réseaux sociaux",
            "user.telemetry" => "données d’utilisation",
            "user.unique_id" => "identifiant",
            "user.workplace" => "lieu de travail",
            "user" => "autres données",
            _ => {
                key = key.rsplit_once('.')?.0;
                continue;
            }
        };
        return Some(words);
    }
}
