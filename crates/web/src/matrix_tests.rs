//! Who may call which route, written out whole: a change of it is read as a difference.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use auth::{Action, Actor, Authority, Door, Membership, MembershipState, Role, Strength};
use model::Micros;

use crate::console_tests::actor;
use crate::failure::Failure;
use crate::layer::admit;
use crate::routes::{self, Access};

const STATES: [MembershipState; 4] = [
    MembershipState::Invited,
    MembershipState::Active,
    MembershipState::Suspended,
    MembershipState::Removed,
];

fn word(access: Access) -> String {
    match access {
        Access::Public(_) => "everybody".to_owned(),
        Access::Operator => "this machine or the token for metrics".to_owned(),
        Access::SignedIn => "signed in".to_owned(),
        Access::May(action) => action.as_str().to_owned(),
    }
}

fn answer(authority: &Authority, access: Access, actor: &Actor) -> &'static str {
    match admit(authority, access, actor) {
        Ok(()) => "yes",
        Err(Failure::StepUp) => "after a factor",
        Err(_) => "no",
    }
}

/// A token with every scope, of an owner.
fn token() -> Actor {
    let membership = Membership {
        organisation: auth::ROOT.to_owned(),
        role: Role::Owner,
        state: MembershipState::Active,
        assigned: BTreeSet::new(),
    };
    let scopes: BTreeSet<Action> = Action::ALL.iter().copied().collect();
    let door = Door::Token { id: "token".to_owned(), scopes };
    Actor::sample("0123456789abcdef0123456789abcdef".to_owned(), membership, door, Micros(10))
}

/// One line for each route: what each role is answered with a session of two factors that were shown
/// long ago, and what an owner's token of the API with every right.
fn matrix() -> String {
    let authority = Authority::shared().unwrap();
    let old = Strength::TwoFactors { shown_at: Micros(-3_600_000_000) };
    let mut lines: Vec<String> = routes::table()
        .iter()
        .map(|row| {
            let mut line = format!("{}\t{}\t{}", row.path, row.method, word(row.access));
            for role in Role::ALL {
                let who = actor(role, old, MembershipState::Active);
                write!(line, "\t{}", answer(authority, row.access, &who)).unwrap();
            }
            write!(line, "\t{}", answer(authority, row.access, &token())).unwrap();
            line
        })
        .collect();
    lines.sort();
    let roles = Role::ALL.map(Role::as_str).join("\t");
    format!("route\tmethod\tasks for\t{roles}\towner's token\n{}\n", lines.join("\n"))
}

#[test]
fn the_matrix_of_roles_and_routes_is_the_one_that_was_reviewed() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("matrix.tsv");
    let matrix = matrix();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, matrix).unwrap();
        return;
    }
    assert_eq!(matrix, std::fs::read_to_string(&path).unwrap(), "UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn only_an_active_member_with_two_factors_reaches_a_page_of_staff() {
    let authority = Authority::shared().unwrap();
    let fresh = Strength::TwoFactors { shown_at: Micros(9) };
    for row in routes::table() {
        if !matches!(row.access, Access::SignedIn | Access::May(_)) {
            continue;
        }
        for role in Role::ALL {
            for state in STATES {
                let who = actor(role, fresh, state);
                let answer = admit(authority, row.access, &who);
                let may = state == MembershipState::Active;
                assert!(may || answer == Err(Failure::SignIn), "{} {role:?} {state:?}", row.path);
            }
            let half = actor(role, Strength::OneFactor, MembershipState::Active);
            assert_eq!(admit(authority, row.access, &half), Err(Failure::SignIn), "{}", row.path);
        }
    }
}
