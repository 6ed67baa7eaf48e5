//! French.

use app::desk::Status;
use app::intake::{Field, Kind, Unfit};

use super::Asking;
use crate::words::fr::count;

/// The sentences of asking in French.
pub const FRENCH: Asking = Asking {
    ask: "Faire une demande",
    ask_lede: |name| {
        format!(
            "Demandez à {name} ce que l’entreprise détient sur vous, et faites-le corriger, effacer ou laisser inutilisé. C’est gratuit."
        )
    },
    from_notice: "Demander une copie, une correction ou l’effacement de vos données",
    steps: "Ce qui se passe ensuite",
    step: [
        "Vous envoyez ce formulaire. Seule la première question exige une réponse.",
        "Nous envoyons un code à votre adresse de courriel, et vous le saisissez à la page suivante. Ainsi, personne d’autre ne peut faire une demande en votre nom. Pour refuser la vente ou le partage de vos données, ou retirer un consentement, aucun code n’est nécessaire.",
        "Une personne examine votre demande. Vous pouvez voir à tout moment où elle en est.",
    ],
    step_days: |days| {
        format!("Vous recevez notre réponse en {}.", count(usize::from(days), "jour", "jours"))
    },
    mend: "Il y a une chose à corriger",
    unfit: |unfit| match unfit {
        Unfit::NoAddress(Field::ActingEmail) => {
            "Votre propre adresse de courriel semble incorrecte : vérifiez l’orthographe."
        }
        Unfit::NoAddress(Field::OtherEmail) => {
            "Une autre adresse de courriel semble incorrecte : vérifiez l’orthographe."
        }
        Unfit::NoAddress(_) => "L’adresse de courriel semble incorrecte : vérifiez l’orthographe.",
        Unfit::TooLong(_) => "Une ligne est trop longue : 320 signes au plus.",
        Unfit::Text => {
            "Votre texte est trop long : 8 000 signes au plus. Envoyez-le plutôt par courriel."
        }
    },
    choose: "Choisissez ce que vous demandez.",
    what: "Que demandez-vous ?",
    kind: |kind| match kind {
        Kind::Access => "Une copie de mes données, leur origine et leurs destinataires",
        Kind::Portability => "Une copie de mes données qu’un autre service peut lire",
        Kind::Rectification => "La correction de ce qui est inexact",
        Kind::Erasure => "L’effacement de mes données",
        Kind::Closure => "La fermeture de mon compte et l’effacement de son contenu",
        Kind::Restriction => "Que mes données soient conservées sans être utilisées",
        Kind::Objection => "Que mes données ne servent pas à un certain usage",
        Kind::OptOut => "Que mes données ne soient ni vendues ni partagées pour la publicité",
        Kind::ConsentWithdrawal => "La fin d’un consentement que j’ai donné",
        Kind::AutomatedDecisionReview => "Qu’une personne examine ce qu’une machine a décidé",
        Kind::ShineTheLight => {
            "À qui mes données ont été communiquées à des fins de prospection depuis un an (« Shine the Light », Californie)"
        }
        Kind::Complaint => "Je veux porter plainte",
        Kind::Unsorted => "Autre chose",
    },
    whom: "Pour qui ?",
    for_me: "Pour moi-même",
    for_other: "Pour une personne qui m’y a autorisé",
    for_child: "Pour un enfant dont je suis le parent ou le tuteur",
    you: "De qui sont les données ?",
    optional: "Indiquez ce que vous voulez : rien n’est obligatoire ici. S’il nous manque quelque chose, nous vous le demanderons.",
    email: "Adresse de courriel",
    email_help: "Nous y envoyons notre réponse. De préférence celle que nous connaissons.",
    name: "Nom",
    phone: "Téléphone",
    place: "Où vivez-vous ?",
    place_help: "La loi de ce lieu s’applique. Si vous ne le dites pas, le délai le plus court compte.",
    no_place: "Je préfère ne pas le dire",
    more: "Ce par quoi nous pouvons aussi vous connaître",
    more_help: "Plus nous en savons, plus nous trouvons.",
    user_name: "Nom d’utilisateur",
    account: "Numéro de client ou de compte",
    others: "Autres adresses de courriel, séparées par des virgules",
    acting: "Vous demandez pour quelqu’un d’autre",
    acting_help: "Dites-nous alors qui vous êtes. Nous vous écrivons, et demandons la procuration ou ce qui montre que l’enfant est le vôtre.",
    acting_name: "Votre nom",
    acting_email: "Votre adresse de courriel",
    corrections: "Ce qui est inexact, et ce qui est juste",
    corrections_help: "Seulement si vous demandez une correction.",
    wrong_what: "Ce qui est inexact",
    wrong_choices: [
        "–",
        "Nom",
        "Adresse de courriel",
        "Téléphone",
        "Adresse postale",
        "Nom d’utilisateur",
    ],
    wrong_before: "Ce qui est inscrit",
    wrong_after: "Ce qui est juste",
    purpose: "L’usage que vous refusez, ou le consentement qui doit prendre fin",
    no_purpose: "Tous ceux qui sont possibles",
    text: "Dans vos propres mots",
    text_help: "Ni mot de passe ni numéro de carte, s’il vous plaît.",
    send: "Envoyer la demande",
    kept: |days| {
        format!(
            "Ce que vous écrivez est conservé chiffré et ne sert qu’à votre demande. Si vous ne la confirmez pas, elle est oubliée après {days} jours."
        )
    },
    look_mail: "Consultez votre courriel",
    look_mail_lede: "Nous avons envoyé un code à l’adresse que vous avez donnée. Saisissez-le ici, et votre demande est confirmée.",
    code: "Code",
    code_help: "Huit lettres et chiffres, par exemple 7QMX-42KD. Il est valable 24 heures.",
    code_wrong: "Ce code est inexact ou n’est plus valable. Vérifiez-le ; après dix essais, seul le lien du courriel fonctionne.",
    page_code_wrong: "Ce code est inexact ou n’est plus valable. Vérifiez-le, ou demandez-en un autre.",
    confirm: "Confirmer",
    no_mail: "Pas de courriel ? Attendez quelques minutes et regardez parmi les indésirables. Le courriel contient aussi un lien, qui fait de même sur tout appareil. Une adresse reçoit au plus cinq de ces courriels par jour.",
    answer_by: |day| format!("Vous recevrez notre réponse au plus tard le {day}."),
    person_looks: "Votre demande est arrivée",
    person_looks_lede: "Une personne de chez nous examine maintenant qui fait la demande. Si vous avez donné une adresse de courriel, nous vous y écrivons, avec un lien vers une page qui montre où en est votre demande.",
    begun: "Votre demande est arrivée",
    begun_lede: "Vous n’avez plus rien à faire. Si vous avez donné une adresse de courriel, nous vous y écrivons.",
    document: "Présenter un document",
    document_lede: "Il peut aider à montrer qui vous êtes, ou que vous pouvez demander pour quelqu’un d’autre. Masquez tout ce qui n’est pas nécessaire. Il est conservé chiffré, n’est vu que par ceux qui décident, et il est effacé avec la décision.",
    file: "Une image ou un fichier PDF, 8 Mo au plus",
    hand_in: "Remettre le document",
    file_wrong: "Choisissez un PDF ou une image (JPEG, PNG, HEIC, WebP, TIFF) de 8 Mo au plus.",
    handed_in: "Merci : le document est arrivé",
    handed_in_lede: "Une personne l’examine. Il est effacé avec la décision.",
    confirmed: "Merci : votre demande est confirmée",
    confirmed_lede: "Nous commençons maintenant. Un courriel vous parviendra avec le jour de notre réponse et un lien vers une page qui montre où en est votre demande.",
    confirm_title: "Confirmez votre demande",
    confirm_lede: "Appuyez sur le bouton, et votre demande est confirmée. Si vous n’en avez pas envoyé, fermez cette page : il ne se passe rien.",
    link_over: "Ce lien ne fonctionne plus",
    link_over_lede: "Il a déjà servi, ou il n’est plus valable. Si votre demande a été confirmée auparavant, vous n’avez rien à faire.",
    ask_again: "Faire une nouvelle demande",
    page: "Votre demande",
    page_lede: "Pour que vous seul puissiez la voir, nous envoyons d’abord un nouveau code à votre adresse de courriel.",
    send_code: "Envoyez-moi un code",
    code_sent: "Consultez votre courriel",
    code_sent_lede: "Si ce lien appartient à une demande, un code est en route vers l’adresse qui a été donnée avec elle. Il est valable un quart d’heure.",
    open: "Ouvrir ma demande",
    new_code: "Envoyer un autre code",
    request: |number| format!("Demande {number}"),
    asked_for: |what| format!("Vous avez demandé : {what}."),
    status: |status| match status {
        Status::Unsorted => ("arrivée", "Une personne de chez nous la lit."),
        Status::Unconfirmed => {
            ("non confirmée", "Le code de notre courriel n’a pas encore été saisi.")
        }
        Status::Unidentified => {
            ("à l’examen", "Une personne de chez nous examine qui fait la demande.")
        }
        Status::Ready | Status::Planning => {
            ("en traitement", "Nous cherchons ce que nous détenons dans nos systèmes.")
        }
        Status::Planned => (
            "en révision",
            "Nous savons ce que nous détenons. Une personne examine ce qu’il faut faire.",
        ),
        Status::Approved | Status::Running => {
            ("en cours d’exécution", "Elle a été approuvée et s’exécute dans nos systèmes.")
        }
        Status::Waiting => (
            "en attente de vous",
            "Nous vous avons écrit ce qu’il nous faut. Répondez à ce courriel, et nous continuons.",
        ),
        Status::ByHand => {
            ("en traitement", "L’essentiel est fait. Une personne fait le reste à la main.")
        }
        Status::Incomplete => {
            ("inachevée", "Tout n’a pas encore pu être fait. Nous reprenons le travail.")
        }
        Status::Done => ("répondue", "Nous avons répondu à votre demande."),
        Status::Refused => {
            ("refusée", "Nous vous avons écrit pourquoi, et où vous pouvez porter plainte.")
        }
        Status::Withdrawn => ("retirée", "La demande a été retirée."),
        Status::Duplicate => {
            ("jointe", "Vous aviez déjà demandé la même chose ; nous répondons aux deux ensemble.")
        }
        Status::Lapsed => ("oubliée", "Elle n’a pas été confirmée à temps et est oubliée."),
        Status::Appealed => (
            "en réexamen",
            "Vous nous avez demandé de réexaminer notre réponse. Nous vous écrirons.",
        ),
    },
    number: "Numéro",
    received: "Arrivée",
    due: "Notre réponse au plus tard",
    outcome: "Ce qui a été fait",
    outcome_said: |word, systems| {
        let systems = count(usize::try_from(systems).unwrap_or(usize::MAX), "système", "systèmes");
        match word {
            "handed out" => {
                "Tout ce que nous détenons sur vous se trouve dans le dossier ci-dessous."
                    .to_owned()
            }
            "erased" => format!(
                "Ce que nous détenions sur vous a été effacé dans {systems}, et nous avons vérifié ensuite."
            ),
            "corrected" => format!("Vos données ont été corrigées dans {systems}."),
            "marked" => "Votre choix est enregistré et s’applique désormais.".to_owned(),
            "nobody known" => {
                "Nous ne détenons rien qui corresponde à ce que vous avez indiqué.".to_owned()
            }
            "refused" => "Nous vous avons écrit pourquoi nous ne faisons pas ce que vous demandez."
                .to_owned(),
            _ => "Une personne a examiné votre demande et vous a répondu.".to_owned(),
        }
    },
    kept_head: "Ce que nous devons garder, et pourquoi",
    incomplete: "Ce qui n’est pas encore fait",
    files: "À télécharger",
    file_named: |kind| match kind {
        "package" => "Le dossier avec vos données (ZIP)",
        "certificate" => "Le certificat, pour les programmes (JSON)",
        _ => "Le certificat, à lire (HTML)",
    },
    until: |day| format!("jusqu’au {day}"),
    fetch: "Télécharger",
    page_open: "Cette page reste ouverte un quart d’heure. Ensuite, demandez un nouveau code.",
    certificate_help: "Le certificat est signé et nomme son entrée dans notre journal public. Chacun peut le vérifier, sans nous et hors ligne.",
    history: "Ce qui s’est passé",
    came: "Votre demande est arrivée",
    letter: |name| match name {
        "verification" => "Nous vous avons envoyé un code",
        "acknowledgement" => "Nous avons écrit que votre demande est arrivée",
        "clarification" => "Nous vous avons posé une question",
        "fee" => "Nous avons écrit qu’il y a des frais, et pourquoi",
        "extension" => "Nous avons écrit que cela prend plus de temps, et pourquoi",
        "refusal" => "Nous avons écrit pourquoi nous refusons",
        "appeal-received" => "Vous avez demandé un nouvel examen",
        "appeal-kept" => {
            "Nous avons réexaminé la demande et écrit pourquoi notre réponse reste la même"
        }
        "appeal-granted" => "Nous avons réexaminé la demande et la reprenons",
        "completion" => "Nous avons écrit ce qui a été fait",
        "package" => "Nous avons écrit que votre dossier est prêt",
        "code" => "Nous vous avons envoyé un code pour cette page",
        _ => "Nous vous avons écrit",
    },
    appeal: "Si vous n’êtes pas d’accord",
    appeal_lede: |day| {
        format!(
            "Vous pouvez nous demander jusqu’au {day} un nouvel examen. Nous reprenons tout depuis le début et vous écrivons. C’est gratuit."
        )
    },
    appeal_why: "Qu’est-ce qui ne va pas dans notre réponse ? (Vous n’êtes pas obligé de le dire.)",
    appeal_send: "Demander un nouvel examen",
    appealed: "Nous réexaminons votre demande",
    appealed_lede: "Nous vous l’avons confirmé par courriel.",
    appeal_over: "Un nouvel examen se demande une seule fois, et dans les 30 jours qui suivent notre réponse. Vous pouvez toujours faire une nouvelle demande, et porter plainte auprès de l’autorité que notre courriel indiquait.",
    closed: "Cette page s’est fermée",
    closed_lede: "Elle reste ouverte un quart d’heure, et les fichiers aussi longtemps que notre courriel l’indiquait. Rouvrez le lien de notre courriel et demandez un nouveau code.",
    questions: |email| format!("Des questions ? Écrivez à {email} et indiquez le numéro."),
    wait: |seconds| {
        let minutes = usize::try_from(seconds.div_ceil(60)).unwrap_or(usize::MAX);
        format!(
            "Rien n’est perdu : attendez {}, revenez en arrière et renvoyez.",
            count(minutes, "minute", "minutes")
        )
    },
};
