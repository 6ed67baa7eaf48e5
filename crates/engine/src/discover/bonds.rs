//! What a referring row is to the person behind the row referred to, and whether a search may go
//! that way.
//!
//! INVARIANT: nothing that is proposed here leads from a person to other people's rows by way of
//! something they have in common: a company, a queue, a role, a manager.

use policy::{Tie, Travel};

use super::about::About;
use super::survey::Looked;

/// The part that a column's words give to the one referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Named after the table, no more (`contact_id`).
    Plain,
    /// The one whom the matter is about or for (`requester_id`).
    Client,
    /// The one who wrote or caused the row (`created_by`).
    Author,
    /// The one who deals with it (`assignee_id`).
    Staff,
}

const CLIENT: &[&str] = &[
    "requester",
    "customer",
    "client",
    "contact",
    "buyer",
    "payer",
    "subscriber",
    "member",
    "recipient",
    "attendee",
    "patient",
    "guest",
    "reporter",
    "submitter",
    "visitor",
    "participant",
    "watcher",
    "follower",
    "person",
    "beneficiary",
    "caller",
    "applicant",
    "candidate",
    "student",
    "donor",
    "resident",
];
const AUTHOR: &[&str] = &[
    "author",
    "creator",
    "created",
    "sender",
    "actor",
    "uploader",
    "poster",
    "writer",
    "commenter",
    "added",
    "posted",
    "sent",
    "from",
    "performed",
    "submitted",
    "uploaded",
    "written",
    "changed",
    "causer",
    "entered",
    "logged",
];
const STAFF: &[&str] = &[
    "assignee",
    "agent",
    "technician",
    "manager",
    "supervisor",
    "approver",
    "editor",
    "updated",
    "modified",
    "deleted",
    "closed",
    "resolved",
    "owner",
    "staff",
    "operator",
    "handler",
    "moderator",
    "reviewer",
    "approved",
    "archived",
    "locked",
    "admin",
    "responsible",
    "employee",
    "lead",
    "updater",
    "modifier",
    "lastupdater",
    "rep",
    "engineer",
];

/// Participles that are a person only with `by` or `to` behind them.
const NEEDS_BY: &[&str] = &[
    "created",
    "added",
    "posted",
    "sent",
    "performed",
    "submitted",
    "uploaded",
    "written",
    "changed",
    "entered",
    "logged",
    "updated",
    "modified",
    "deleted",
    "closed",
    "resolved",
    "approved",
    "archived",
    "locked",
    "from",
];

/// The part in the words of a column (without its `id`), if they name one.
pub(super) fn role_of(words: &[String]) -> Option<Role> {
    // `reply_by` in replies.
    if words == ["by".to_owned()] {
        return Some(Role::Author);
    }
    let by = words.iter().any(|w| w == "by");
    words.iter().rev().find_map(|word| {
        let word = word.as_str();
        if NEEDS_BY.contains(&word) && !by {
            return None;
        }
        if AUTHOR.contains(&word) {
            Some(Role::Author)
        } else if STAFF.contains(&word) {
            Some(Role::Staff)
        } else if CLIENT.contains(&word) {
            Some(Role::Client)
        } else {
            None
        }
    })
}

/// How a reference is to be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bond {
    pub(super) travel: Travel,
    pub(super) tie: Tie,
    /// Why a search does not go this way, if it does not.
    pub(super) closed: Option<&'static str>,
}

const fn open(travel: Travel, tie: Tie) -> Bond {
    Bond { travel, tie, closed: None }
}

const fn closed(why: &'static str) -> Bond {
    Bond { travel: Travel::Here, tie: Tie::Mention, closed: Some(why) }
}

/// What must be known of a reference to judge it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Circumstances {
    pub(super) role: Role,
    /// The two tables are one.
    pub(super) to_itself: bool,
    /// The child's rows and little else than references.
    pub(super) junction: bool,
    /// At most one child row for each parent row.
    pub(super) one_to_one: bool,
    /// The row is about the one referred to, whoever wrote it (`objecttype`/`objectid`).
    pub(super) object: bool,
    /// The child's rows keep what a value was before and after a change.
    pub(super) history: bool,
    /// The column's words say that one matter was made part of another.
    pub(super) merge: bool,
    /// Where else the row leads.
    pub(super) others: Others,
}

/// Where a row leads besides the reference that is judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Others {
    /// To a company.
    pub(super) company: bool,
    /// To a person.
    pub(super) people: bool,
    /// To a person who has no other part in it than the first.
    pub(super) peers: bool,
    /// To the one who wrote it.
    pub(super) author: bool,
    /// To somebody among users or staff.
    pub(super) staff: bool,
    /// To a matter or to the books, of which it is a line.
    pub(super) whole: bool,
}

/// Judges a reference.
pub(super) fn bond(child: &Looked<'_>, parent: &Looked<'_>, about: Circumstances) -> Bond {
    let Circumstances { role, to_itself, junction, one_to_one, object, history, merge, others } =
        about;
    let at_most_shared = |tie, shared| if shared { Tie::Shared.max(tie) } else { tie };
    let for_person = matches!(role, Role::Plain | Role::Client);
    match parent.about {
        About::Technical => closed("it leads to the application's own housekeeping"),
        About::Thing => closed(
            "it leads to a list that is about nobody; following it would join people who merely share an entry",
        ),
        About::Organisation if child.about == About::Person => open(Travel::There, Tie::Shared),
        About::Organisation => closed(
            "it leads to a company; following it would join everybody who belongs to that company",
        ),
        // Whom somebody named is not that somebody.
        About::Person if child.relatives && !parent.relatives => open(Travel::Here, Tie::Shared),
        About::Person if junction => {
            let alone = if is_hers_alone(child) {
                !others.peers
            } else {
                !others.people && !others.company
            };
            let theirs = for_person && child.about != About::Person && alone;
            open(Travel::Here, if theirs { Tie::Own } else { Tie::Shared })
        }
        About::Person => match child.about {
            About::Person if to_itself => closed("it leads from one person to another"),
            About::Person if for_person && one_to_one => open(Travel::Here, Tie::Own),
            About::Person => closed(
                "it leads from one person to others, such as those whom somebody manages or entered",
            ),
            // The books and a matter are the company's; what names her goes.
            About::Matter | About::Organisation | About::Money => open(Travel::Here, Tie::Shared),
            About::Message => {
                let about_them = role == Role::Plain && is_about(child, parent);
                if object {
                    // What happened to somebody's record is theirs; what others say of it is not.
                    return open(Travel::Here, if history { Tie::Own } else { Tie::Shared });
                }
                // Somebody else wrote it: a colleague's upload about her, a message to her.
                let by_another = others.author
                    || (role == Role::Client && others.people)
                    || (!is_staff_like(parent) && (others.company || others.staff));
                let tie = if about_them {
                    at_most_shared(Tie::Own, others.company || others.people)
                } else if role == Role::Staff {
                    Tie::Shared
                } else {
                    at_most_shared(Tie::Authored, role != Role::Author && by_another)
                };
                open(Travel::Here, tie)
            }
            About::Log if object => open(Travel::Here, Tie::Own),
            About::Log => open(Travel::Here, Tie::Authored),
            About::Access | About::Subscription => {
                open(Travel::Here, at_most_shared(Tie::Own, !for_person || others.peers))
            }
            About::Detail => {
                let shared = if is_hers_alone(child) {
                    others.peers
                } else {
                    others.people || others.company || others.whole
                };
                open(Travel::Here, at_most_shared(Tie::Own, !for_person || shared))
            }
            About::Thing | About::Other | About::Technical => open(
                Travel::Here,
                match role {
                    Role::Plain => {
                        at_most_shared(Tie::Own, others.people || others.company || others.whole)
                    }
                    Role::Author => Tie::Authored,
                    Role::Client | Role::Staff => Tie::Shared,
                },
            ),
        },
        About::Matter if junction || merge => open(Travel::Both, Tie::Shared),
        About::Money if junction => open(Travel::Both, Tie::Shared),
        About::Matter | About::Money | About::Other => open(Travel::Here, Tie::Shared),
        About::Message if to_itself => open(Travel::Here, Tie::Shared),
        // Its own author decides: another's reply to her message is not hers.
        About::Message => open(Travel::Here, at_most_shared(Tie::Authored, others.people)),
        About::Log | About::Access | About::Detail | About::Subscription => {
            open(Travel::Here, at_most_shared(Tie::Own, others.people))
        }
    }
}

/// Whether the people of a table are those who work with the application.
pub(super) fn is_staff_like(looked: &Looked<'_>) -> bool {
    const STAFF_TABLES: &[&str] =
        &["user", "staff", "employee", "agent", "technician", "admin", "account", "operator"];
    looked.words.iter().any(|word| STAFF_TABLES.contains(&word.as_str()))
}

/// Details that describe one person, whichever company they belong to and whoever entered them.
pub(super) fn is_hers_alone(looked: &Looked<'_>) -> bool {
    const PERSONAL: &[&str] = &[
        "address",
        "phone",
        "setting",
        "preference",
        "meta",
        "metadata",
        "consent",
        "bookmark",
        "favorite",
        "favourite",
        "salary",
        "absence",
        "leave",
        "skill",
        "identity",
        "device",
    ];
    looked.about == About::Detail
        && looked.words.iter().any(|word| PERSONAL.contains(&word.as_str()))
}

/// `contact_notes` are about contacts, not by them.
fn is_about(child: &Looked<'_>, parent: &Looked<'_>) -> bool {
    child.words.len() > 1
        && parent.words.last().is_some_and(|last| {
            last != "user" && child.words.iter().rev().skip(1).any(|w| w == last)
        })
}
