//! The sentences of sign-in, account, people and tokens.

use auth::Role;

/// These sentences in one language.
pub struct StaffWords {
    /// Its tag.
    pub lang: &'static str,
    /// Link for whoever uses a keyboard.
    pub skip: &'static str,
    /// Sign-in: heading.
    pub sign_in: &'static str,
    /// Label of the address.
    pub email: &'static str,
    /// Label of somebody's address.
    pub email_of: &'static str,
    /// Label of the password.
    pub password: &'static str,
    /// Button.
    pub go_on: &'static str,
    /// Between the ways to sign in.
    pub or: &'static str,
    /// Button: with a passkey.
    pub with_passkey: &'static str,
    /// Somebody closed the browser's question.
    pub cancelled: &'static str,
    /// Link: at the organisation's provider.
    pub elsewhere: &'static str,
    /// What to do who cannot get in.
    pub lost: &'static str,
    /// Second factor: heading.
    pub second: &'static str,
    /// Second factor: what is asked for.
    pub second_lede: &'static str,
    /// Step-up: heading.
    pub again: &'static str,
    /// Step-up: why.
    pub again_lede: &'static str,
    /// Label of the code.
    pub code: &'static str,
    /// What else may be typed there.
    pub code_help: &'static str,
    /// Somebody has no second factor left.
    pub no_second: &'static str,
    /// Set-up: heading.
    pub set_up: &'static str,
    /// Set-up: what it is.
    pub set_up_lede: &'static str,
    /// Invitation: heading.
    pub invited: &'static str,
    /// Invitation: as what.
    pub invited_lede: fn(&str) -> String,
    /// Way back: heading.
    pub recover: &'static str,
    /// Way back: what it does.
    pub recover_lede: &'static str,
    /// Label of the name.
    pub name: &'static str,
    /// Heading: with a passkey.
    pub choose_passkey: &'static str,
    /// What a passkey is.
    pub choose_passkey_lede: &'static str,
    /// Button: make a passkey.
    pub make_passkey: &'static str,
    /// Heading: with a password and an app.
    pub choose_password: &'static str,
    /// What an app is.
    pub choose_password_lede: &'static str,
    /// What makes a good password.
    pub password_help: &'static str,
    /// The picture, for whoever does not see it.
    pub picture: &'static str,
    /// The same to type.
    pub typed: &'static str,
    /// Label of the first code.
    pub first_code: &'static str,
    /// Button.
    pub come_in: &'static str,
    /// Codes: heading.
    pub codes: &'static str,
    /// Codes: what they are for.
    pub codes_lede: &'static str,
    /// Codes: they were kept.
    pub codes_kept: &'static str,
    /// A link that does not work: heading.
    pub over: &'static str,
    /// Account: heading, and entry of the navigation.
    pub account: &'static str,
    /// Button: sign out.
    pub sign_out: &'static str,
    /// Account: devices.
    pub devices: &'static str,
    /// This device.
    pub this_device: &'static str,
    /// Since when and when last.
    pub device_line: fn(&str, &str) -> String,
    /// Button: end one.
    pub end_session: &'static str,
    /// Button: end all others.
    pub end_others: &'static str,
    /// Account: how one signs in.
    pub ways: &'static str,
    /// Passkeys.
    pub passkeys: &'static str,
    /// No passkey yet.
    pub no_passkeys: &'static str,
    /// Since when and when last.
    pub passkey_line: fn(&str, Option<&str>) -> String,
    /// Button: one more.
    pub add_passkey: &'static str,
    /// Button: remove.
    pub remove: &'static str,
    /// The authenticator app.
    pub app: &'static str,
    /// There is one, and so many codes are left.
    pub app_line: fn(u64) -> String,
    /// There is none.
    pub no_app: &'static str,
    /// Link: set one up.
    pub change_app: &'static str,
    /// What a new app does to the old one.
    pub change_app_lede: &'static str,
    /// Heading: change the password.
    pub change_password: &'static str,
    /// Heading: set a first one.
    pub set_password: &'static str,
    /// Label of the old one.
    pub old_password: &'static str,
    /// Label of the new one.
    pub new_password: &'static str,
    /// A factor must be shown again before anything is changed.
    pub not_fresh: &'static str,
    /// Link to that.
    pub show_again: &'static str,
    /// People: heading, and entry of the navigation.
    pub people: &'static str,
    /// People: what the page is.
    pub people_lede: &'static str,
    /// People: nobody else is here.
    pub people_empty: &'static str,
    /// A role's word.
    pub role: fn(Role) -> &'static str,
    /// What a role may, in a sentence.
    pub role_may: fn(Role) -> &'static str,
    /// A state's word.
    pub state: fn(&str) -> &'static str,
    /// Heads of the table.
    pub people_head: [&'static str; 4],
    /// You.
    pub you: &'static str,
    /// Since when.
    pub since: fn(&str) -> String,
    /// Summary of what can be done.
    pub change: &'static str,
    /// Label of the role.
    pub role_label: &'static str,
    /// Label of the clients.
    pub clients_label: &'static str,
    /// Button: save.
    pub save: &'static str,
    /// Button: keep out.
    pub suspend: &'static str,
    /// What it does.
    pub suspend_help: &'static str,
    /// Button: let in again.
    pub restore: &'static str,
    /// Button: remove for good.
    pub remove_person: &'static str,
    /// What it does.
    pub remove_help: &'static str,
    /// Button: a way back.
    pub recover_person: &'static str,
    /// What it does.
    pub recover_help: &'static str,
    /// Button: another invitation.
    pub invite_again: &'static str,
    /// Heading: invite.
    pub invite: &'static str,
    /// Label: the client of a client officer.
    pub client_of: &'static str,
    /// No client.
    pub no_client: &'static str,
    /// Button: make an invitation.
    pub make_invitation: &'static str,
    /// A link was made.
    pub link_made: &'static str,
    /// Tokens: heading, and entry of the navigation.
    pub tokens: &'static str,
    /// Tokens: what they are.
    pub tokens_lede: &'static str,
    /// No token.
    pub tokens_empty: &'static str,
    /// Heads of the table.
    pub tokens_head: [&'static str; 4],
    /// A token's end and last use.
    pub token_line: fn(&str, Option<&str>) -> String,
    /// A token that is over.
    pub token_over: &'static str,
    /// Button: take back.
    pub revoke: &'static str,
    /// Heading: make one.
    pub make_token: &'static str,
    /// Label: what for.
    pub token_name: &'static str,
    /// Label: how many days.
    pub token_days: &'static str,
    /// Label of the rights.
    pub token_scopes: &'static str,
    /// A token was made.
    pub token_made: &'static str,
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Owner => "owner",
        Role::PrivacyOfficer => "privacy officer",
        Role::Technician => "technician",
        Role::Auditor => "auditor",
        Role::ClientOfficer => "client officer",
    }
}

fn role_may(role: Role) -> &'static str {
    match role {
        Role::Owner => "everything, people and settings included",
        Role::PrivacyOfficer => "requests, versions, holds, retention and evidence",
        Role::Technician => "connects systems and carries out what was approved",
        Role::Auditor => "reads everything and changes nothing",
        Role::ClientOfficer => "requests and holds of one client, and nothing else",
    }
}

fn state(state: &str) -> &'static str {
    match state {
        "invited" => "invited",
        "active" => "active",
        "suspended" => "suspended",
        "removed" => "removed",
        _ => "unknown",
    }
}

/// English.
pub const ENGLISH: StaffWords = StaffWords {
    lang: "en",
    skip: "Skip to the page",
    sign_in: "Sign in",
    email: "E-mail address",
    email_of: "Their e-mail address",
    password: "Password",
    go_on: "Go on",
    or: "or",
    with_passkey: "Sign in with a passkey",
    cancelled: "The passkey was not shown. Try again when you are ready.",
    elsewhere: "Sign in with your organisation’s account",
    lost: "Lost your way in? An owner can give you a new one, under People.",
    second: "One more step",
    second_lede: "Your password is right. Now show your second factor.",
    again: "Show once more who you are",
    again_lede: "What you are about to do cannot easily be undone, so it asks for a sign-in no older than ten minutes.",
    code: "Code from your authenticator app",
    code_help: "Six digits. If your phone is gone, type one of your recovery codes instead.",
    no_second: "You have no second factor left. An owner can give you a new way in, under People.",
    set_up: "Set up Upheld",
    set_up_lede: "You are the first to come in, and become the owner: you can invite others afterwards.",
    invited: "You are invited",
    invited_lede: |role| {
        let article = if role.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
        format!("You come in as {article} {role}. Choose how you will sign in.")
    },
    recover: "A new way in",
    recover_lede: "Choose how you will sign in from now on. Every earlier way in, and every session, ends.",
    name: "Your name",
    choose_passkey: "With a passkey",
    choose_passkey_lede: "The finger, face or number with which you unlock this device. Nothing to remember, and it cannot be given away by mistake.",
    make_passkey: "Make a passkey and come in",
    choose_password: "With a password and an authenticator app",
    choose_password_lede: "Scan the picture with an authenticator app, then type the code that it shows.",
    password_help: "At least 12 characters. A few words that have nothing to do with each other are easy to remember.",
    picture: "A picture for the camera of an authenticator app",
    typed: "No camera? Type this into the app:",
    first_code: "The code that the app shows now",
    come_in: "Come in",
    codes: "Keep these codes",
    codes_lede: "Each works once in the place of your authenticator app, if your phone is lost. They are shown this once: print them, or keep them where you keep passwords.",
    codes_kept: "I have kept them, go on",
    over: "This link does not work",
    account: "Your account",
    sign_out: "Sign out",
    devices: "Where you are signed in",
    this_device: "this one",
    device_line: |since, seen| format!("since {since}, last seen {seen}"),
    end_session: "End",
    end_others: "End every other session",
    ways: "How you sign in",
    passkeys: "Passkeys",
    no_passkeys: "You have no passkey yet. With one, signing in is a single touch.",
    passkey_line: |since, used| match used {
        Some(used) => format!("made {since}, last used {used}"),
        None => format!("made {since}, not used yet"),
    },
    add_passkey: "Add a passkey",
    remove: "Remove",
    app: "Authenticator app",
    app_line: |left| match left {
        0 => "Set up. No recovery codes are left: set the app up again to get new ones.".to_owned(),
        1 => "Set up. One recovery code is left.".to_owned(),
        left => format!("Set up. {left} recovery codes are left."),
    },
    no_app: "Not set up.",
    change_app: "Set up an authenticator app",
    change_app_lede: "The app that you have now, and your recovery codes, stop working as soon as the new one is set up.",
    change_password: "Change your password",
    set_password: "Set a password",
    old_password: "Password until now",
    new_password: "New password",
    not_fresh: "You can look at everything here. Before you change something, show once more who you are.",
    show_again: "Show who you are",
    people: "People",
    people_lede: "Who is here, as what, and for which clients. Each change is an entry in the log.",
    people_empty: "Nobody else is here yet. Invite somebody below: requests can then be approved by a second person.",
    role,
    role_may,
    state,
    people_head: ["Who", "Role", "Clients", "State"],
    you: "you",
    since: |at| format!("since {at}"),
    change: "Change",
    role_label: "Role",
    clients_label: "Works for these clients",
    save: "Save",
    suspend: "Suspend",
    suspend_help: "Ends every session and token now. Can be undone.",
    restore: "Let in again",
    remove_person: "Remove for good",
    remove_help: "Ends everything and forgets the address. The name stays in the log’s keeping.",
    recover_person: "Make a new way in",
    recover_help: "For somebody who lost phone and passkey. Nothing ends until the link is used.",
    invite_again: "Make a new invitation",
    invite: "Invite somebody",
    client_of: "Client, for a client officer",
    no_client: "none",
    make_invitation: "Make an invitation",
    link_made: "Give this link to that person alone. It works once, and is shown this once:",
    tokens: "API tokens",
    tokens_lede: "With a token a program works on your behalf, with the rights that you choose and never more than yours.",
    tokens_empty: "There is no token yet.",
    tokens_head: ["What for", "Whose", "Rights", "Until"],
    token_line: |until, used| match used {
        Some(used) => format!("{until}, last used {used}"),
        None => format!("{until}, not used yet"),
    },
    token_over: "over",
    revoke: "Take back",
    make_token: "Make a token",
    token_name: "What it is for",
    token_days: "How many days it lives (at most 366)",
    token_scopes: "What it may do",
    token_made: "Here is the token. It is shown this once:",
};
