//! French.

use jiff::civil::Date;
use policy::{LegalBasis, RecipientClass, RequestKind};
use render::coverage::State;

use super::Words;
use crate::failure::Failure;

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// "1er mars 2026".
fn day(day: Date) -> String {
    let month = usize::from(day.month().unsigned_abs()).saturating_sub(1);
    let month = MONTHS.get(month).copied().unwrap_or_default();
    let ordinal = if day.day() == 1 { "er" } else { "" };
    format!("{}{ordinal} {month} {}", day.day(), day.year())
}

/// "a, b et c".
fn list(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} et {last}", first.join(", ")),
    }
}

/// French counts nought as one.
pub(super) fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n < 2 { one } else { many })
}

/// The sentences in French.
pub const FRENCH: Words = Words {
    lang: "fr",
    skip: "Aller au contenu",
    centre: "Centre de confidentialité",
    navigation: "Principale",
    languages: "Langue",
    nav_notice: "Avis de confidentialité",
    nav_versions: "Versions",
    nav_recipients: "Qui reçoit des données",
    nav_contact: "Contact et plaintes",
    made_with: "Aucun témoin, aucun script, rien qui vienne d’autres sites.",
    machine_copy: "L’avis pour les programmes (JSON)",
    version_in_force: |version, day| format!("Version {version}, en vigueur depuis le {day}"),
    day,
    read_as: "Lire ce qui vaut pour",
    read_all: "Tous les lieux",
    read_for: |place| format!("Voici ce qui vaut pour les personnes de ce lieu : {place}."),
    section_for: |places| {
        format!("Cette section vaut pour les personnes de ces lieux : {}.", list(places))
    },
    section_from: |day| format!("Cette section vaut à partir du {day}."),
    left_out: |n| {
        format!(
            "{} pour d’autres lieux.",
            count(n, "section est omise : elle vaut", "sections sont omises : elles valent")
        )
    },
    show_all: "Tout afficher",
    coming: |version, day| format!("La version {version} de cet avis prend effet le {day}."),
    handover: |successor, day| {
        format!(
            "À partir du {day}, notre entreprise, ou une partie de celle-ci, appartient à {successor}. Vos données la suivent."
        )
    },
    states_shown: "Certaines phrases portent un signe : elles sont vérifiées dans nos systèmes, et voici ce qu’il en est.",
    state: |state| match state {
        State::Upheld => "tenue",
        State::AtRisk => "à risque",
        State::Broken => "rompue",
        State::Unproven => "non prouvée",
    },
    state_means: |state| match state {
        State::Upheld => "vérifiée, et vraie",
        State::AtRisk => "vraie, et proche d’une limite",
        State::Broken => "vérifiée, et fausse en ce moment ; nous y travaillons",
        State::Unproven => "non vérifiée, ou vérifiée il y a trop longtemps",
    },
    looked_at: |moment| format!("Dernière vérification : {moment}."),
    never_looked: "Rien n’a encore été vérifié.",
    versions_lede: "Toutes les versions qui ont valu ou qui valent, la plus récente d’abord. Aucune n’est modifiée après son entrée en vigueur.",
    version: "Version",
    in_force_from: "En vigueur depuis",
    announced: "Annoncée",
    changes: "Changements",
    version_from: |version, day| format!("Version {version}, à partir du {day}"),
    is_coming: "à venir",
    holds_now: "en vigueur",
    read_version: |version| format!("Lire la version {version}"),
    compare_with: |version| format!("Comparer avec la version {version}"),
    text_not_kept: "texte non conservé ici",
    no_longer: |day| format!("Cette version ne vaut plus. Elle a été remplacée le {day}."),
    to_present: "Lire la version en vigueur",
    what_changed: |old, new| format!("Ce qui a changé de la version {old} à la version {new}"),
    changed: |added, removed| {
        format!(
            "{}, {}.",
            count(added, "phrase ajoutée ou modifiée", "phrases ajoutées ou modifiées"),
            count(removed, "phrase retirée ou remplacée", "phrases retirées ou remplacées")
        )
    },
    same_text: "Les deux versions ont le même texte.",
    added: "Ajouté :",
    removed: "Retiré :",
    unchanged: |n| count(n, "phrase inchangée", "phrases inchangées"),
    recipients_lede: |name| {
        format!("Tous ceux à qui {name} transmet des données personnelles, et pourquoi.")
    },
    no_recipients: "Aucune donnée personnelle n’est transmise à qui que ce soit.",
    class: |class| match class {
        RecipientClass::Affiliate => "Sociétés de notre groupe",
        RecipientClass::Processor => {
            "Sous-traitants : ils traitent des données pour nous et sur nos instructions"
        }
        RecipientClass::Vendor => "Fabricants et vendeurs de produits et de services",
        RecipientClass::Advertising => "Partenaires publicitaires",
        RecipientClass::Authority => "Autorités",
        RecipientClass::Successor => "Successeurs de l’entreprise",
    },
    name: "Nom",
    uses_for: "Usage",
    gets: "Reçoit",
    region: "Lieu",
    safeguard: "Ce qui protège le transfert",
    unsaid: "non précisé",
    uses_ai: "utilise l’intelligence artificielle",
    is_sale: "il s’agit d’une vente",
    is_share: "partagées pour la publicité",
    sold: |sold, shared| match (sold, shared) {
        (false, false) => {
            "Nous ne vendons pas de données personnelles et n’en partageons pas pour la publicité."
        }
        (true, false) => "Nous vendons des données personnelles. Vous pouvez vous y opposer.",
        (false, true) => {
            "Nous partageons des données personnelles pour la publicité. Vous pouvez vous y opposer."
        }
        (true, true) => {
            "Nous vendons des données personnelles et en partageons pour la publicité. Vous pouvez vous y opposer."
        }
    },
    contact_lede: |name| {
        format!("C’est ici que vos questions et vos demandes sur vos données parviennent à {name}.")
    },
    email: "Courriel",
    phone: "Téléphone",
    post: "Courrier postal",
    form: "Formulaire",
    complaint: "Si notre réponse ne vous satisfait pas",
    complaint_lede: "Vous pouvez porter plainte auprès de l’autorité qui veille à la protection des renseignements personnels là où vous vivez.",
    for_place: |place| format!("Lieu : {place}"),
    rights: "Ce que vous pouvez demander",
    right: |right| match right {
        RequestKind::Access => "Une copie de vos données, leur origine et leurs destinataires",
        RequestKind::Portability => "Une copie de vos données qu’un autre service peut lire",
        RequestKind::Rectification => "La correction de ce qui est inexact",
        RequestKind::Erasure => "L’effacement",
        RequestKind::Restriction => "Que vos données soient conservées sans être utilisées",
        RequestKind::Objection => "Que vos données ne servent pas à un certain usage",
        RequestKind::OptOut => "Ni vente, ni partage pour la publicité",
        RequestKind::ConsentWithdrawal => "La fin d’un consentement que vous avez donné",
        RequestKind::AutomatedDecisionReview => {
            "Qu’une personne examine ce qu’une machine a décidé"
        }
    },
    within_days: |days| format!("en {}", count(usize::from(days), "jour", "jours")),
    demands: "Ce que les autorités ont demandé",
    demands_lede: "Chaque demande légale de données sur des personnes, et notre réponse.",
    demand: |authority, answer, demands, people| {
        let who = match authority {
            "police" => "Police",
            "court" => "Tribunaux",
            "tax" => "Autorités fiscales",
            "regulator" => "Autorités de contrôle",
            _ => "Autres autorités",
        };
        let answer = match answer {
            "given" => "données remises",
            "given in part" => "données remises en partie",
            "refused" => "refus",
            _ => "nous ne détenions rien",
        };
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        let people = count(number(people), "personne", "personnes");
        let demands = count(number(demands), "demande", "demandes");
        format!("{who} : {demands} au sujet de {people}, {answer}")
    },
    purposes: "À quoi servent les données",
    legal_basis: "Ce qui rend l’usage licite",
    basis: |basis| match basis {
        LegalBasis::Consent => "votre consentement",
        LegalBasis::Contract => "un contrat",
        LegalBasis::LegalObligation => "une obligation légale",
        LegalBasis::VitalInterest => "un intérêt vital",
        LegalBasis::PublicTask => "une mission d’intérêt public",
        LegalBasis::LegitimateInterest => "un intérêt légitime",
    },
    failure: |failure| match failure {
        Failure::NotFound => (
            "Il n’y a rien ici",
            "L’adresse est peut-être fausse ou ancienne. Commencez par la page d’accueil.",
        ),
        Failure::Bad => (
            "Nous n’avons pas compris",
            "Revenez en arrière, vérifiez ce que vous avez saisi et réessayez.",
        ),
        Failure::SignIn => (
            "Veuillez vous connecter",
            "Cette page est destinée aux personnes qui travaillent ici.",
        ),
        Failure::StepUp => (
            "Prouvez encore une fois qui vous êtes",
            "Il faut une connexion de moins de dix minutes. Présentez de nouveau votre second facteur, revenez en arrière, puis réessayez.",
        ),
        Failure::Forbidden => (
            "Ceci ne vous est pas destiné",
            "Adressez-vous à la personne responsable de ce site si vous en avez besoin.",
        ),
        Failure::CrossSite => (
            "Ceci vient d’un autre site",
            "Pour votre sécurité, rien n’a été exécuté. Ouvrez la page ici et réessayez.",
        ),
        Failure::OtherHost => {
            ("Ce site a une autre adresse", "Ouvrez-le à l’adresse qui vous a été donnée.")
        }
        Failure::Method => ("Ce n’est pas possible ici", "Commencez par la page d’accueil."),
        Failure::TooLarge => ("C’est trop à la fois", "Envoyez moins, ou un fichier plus petit."),
        Failure::TooMany | Failure::Wait(_) => {
            ("C’était trop souvent", "Attendez quelques minutes et réessayez.")
        }
        Failure::TooSlow => ("Cela a pris trop de temps", "Réessayez dans quelques minutes."),
        Failure::Unavailable | Failure::Broken { passes: true, .. } => {
            ("Nous ne pouvons pas répondre maintenant", "Réessayez dans quelques minutes.")
        }
        Failure::Internal | Failure::Broken { .. } => (
            "Une erreur s’est produite de notre côté",
            "Réessayez ; si cela se reproduit, écrivez-nous.",
        ),
        Failure::Refused(_) => ("Ce n’est pas possible", "Voyez ce qui est écrit ci-dessous."),
        Failure::Unfit { .. } => {
            ("Ceci ne peut être pris tel quel", "Voyez ce qui est écrit ci-dessous.")
        }
        Failure::Stale => (
            "Quelqu’un l’a modifié entre-temps",
            "Relisez-le, puis faites ce que vous vouliez faire.",
        ),
        Failure::Media => ("Ce n’est pas du bon type", "Envoyez-le sous la forme demandée."),
    },
    to_start: "Vers la page d’accueil",
    to_sign_in: "Se connecter",
    to_step_up: "Prouver qui vous êtes",
    asking: &super::asking::FRENCH,
    me: &super::me::FRENCH,
};
