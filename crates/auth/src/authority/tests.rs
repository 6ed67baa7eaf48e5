use std::collections::BTreeSet;
use std::fmt::Write as _;

use model::Micros;
use proptest::prelude::*;

use super::*;
use crate::{FRESH, Membership, MembershipState, ROOT, Role, Strength};

const NOW: Micros = Micros(1_800_000_000_000_000);

static AUTHORITY: std::sync::LazyLock<Authority> =
    std::sync::LazyLock::new(|| Authority::new().unwrap());

fn actor(role: Role, state: MembershipState, home: &str, assigned: &[&str], door: Door) -> Actor {
    let assigned = assigned.iter().map(|id| (*id).to_owned()).collect();
    let membership = Membership { organisation: home.to_owned(), role, state, assigned };
    Actor::new("5".repeat(32), membership, door, NOW)
}

fn session(age: i64) -> Door {
    let strength = Strength::TwoFactors { shown_at: Micros(NOW.0 - age) };
    Door::Session { id: "a".repeat(32), strength }
}

fn token(scopes: &[Action]) -> Door {
    Door::Token { id: "b".repeat(32), scopes: scopes.iter().copied().collect() }
}

fn home_of(role: Role) -> &'static str {
    if role == Role::ClientOfficer { "acme" } else { ROOT }
}

#[test]
fn policies_and_schema_fit_strictly_and_name_the_same_actions() {
    let authority = &*AUTHORITY;
    let mut named: Vec<String> =
        authority.actions.iter().map(|entity| entity.uid().id().unescaped().to_owned()).collect();
    named.retain(|name| name.contains('.'));
    named.sort();
    let mut known: Vec<&str> = Action::ALL.iter().map(|action| action.as_str()).collect();
    known.sort_unstable();
    assert_eq!(named, known);
}

#[test]
fn a_policy_that_does_not_fit_is_refused() {
    for wrong in [
        "permit (principal is Staff, action, resource) when { principal.roll == Role::\"owner\" };",
        "permit (principal is Staff, action, resource) when { principal.role == Role::\"chief\" };",
        "permit (principal, action == Action::\"requests.burn\", resource);",
        "permit (principal, action",
    ] {
        assert!(matches!(Authority::of(SCHEMA, wrong), Err(Error::Policies(_))), "{wrong}");
    }
}

/// The table to review: read it as a diff. `a` allow, `s` after a step-up, `.` no.
#[test]
fn the_table_of_roles_and_actions_is_the_one_that_was_reviewed() {
    let authority = &*AUTHORITY;
    let mut table =
        "action\towner\tprivacy-officer\ttechnician\tauditor\tclient-officer\tits token\n"
            .to_owned();
    for action in Action::ALL {
        write!(table, "{action}").unwrap();
        for role in Role::ALL {
            let actor =
                actor(role, MembershipState::Active, home_of(role), &[], session(FRESH + 1));
            let said = authority.may(&actor, *action, home_of(role));
            write!(table, "\t{}", said.as_str()).unwrap();
        }
        let program = actor(Role::Owner, MembershipState::Active, ROOT, &[], token(Action::ALL));
        let said = authority.may(&program, *action, ROOT);
        assert_eq!(said == Decision::Allow, authority.fits_a_token(*action), "{action}");
        writeln!(table, "\t{}", said.as_str()).unwrap();
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/roles.tsv");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &table).unwrap();
    }
    assert_eq!(table, std::fs::read_to_string(&path).unwrap(), "UPDATE_GOLDEN=1 writes it anew");
}

#[test]
fn whoever_is_not_active_may_nothing() {
    let authority = &*AUTHORITY;
    for state in MembershipState::ALL {
        for role in Role::ALL {
            for door in [session(0), token(Action::ALL)] {
                let actor = actor(role, state, home_of(role), &["acme"], door);
                let any = Action::ALL
                    .iter()
                    .any(|action| authority.may(&actor, *action, home_of(role)) != Decision::Deny);
                assert_eq!(any, state == MembershipState::Active, "{role} {state}");
            }
        }
    }
}

#[test]
fn one_factor_opens_nothing() {
    let authority = &*AUTHORITY;
    let door = Door::Session { id: "a".repeat(32), strength: Strength::OneFactor };
    let owner = actor(Role::Owner, MembershipState::Active, ROOT, &[], door);
    for action in Action::ALL {
        assert_eq!(authority.may(&owner, *action, ROOT), Decision::Deny, "{action}");
    }
}

#[test]
fn a_client_that_is_not_assigned_is_out_of_reach() {
    let authority = &*AUTHORITY;
    for role in Role::ALL {
        for action in Action::ALL {
            let stranger =
                actor(role, MembershipState::Active, home_of(role), &["birch"], session(0));
            let said = authority.may(&stranger, *action, "cedar");
            let people = role == Role::Owner && action.as_str().starts_with("people.");
            assert_eq!(said == Decision::Allow, people, "{role} {action}");
        }
    }
}

#[test]
fn a_client_officer_never_leaves_the_own_client() {
    let authority = &*AUTHORITY;
    let officer =
        actor(Role::ClientOfficer, MembershipState::Active, "acme", &["birch", ROOT], session(0));
    let misplaced = actor(Role::ClientOfficer, MembershipState::Active, ROOT, &[], session(0));
    for action in Action::ALL {
        assert_eq!(authority.may(&officer, *action, "birch"), Decision::Deny, "{action}");
        assert_eq!(authority.may(&officer, *action, ROOT), Decision::Deny, "{action}");
        assert_eq!(authority.may(&misplaced, *action, ROOT), Decision::Deny, "{action}");
    }
    assert_eq!(authority.may(&officer, Action::FileRequest, "acme"), Decision::Allow);
}

#[test]
fn an_auditor_changes_nothing() {
    let authority = &*AUTHORITY;
    let auditor = actor(Role::Auditor, MembershipState::Active, ROOT, &["acme"], session(0));
    for action in Action::ALL {
        let reads = action.as_str().ends_with(".read")
            || matches!(action, Action::OpenRequest | Action::ExportEvidence);
        for organisation in [ROOT, "acme"] {
            let said = authority.may(&auditor, *action, organisation);
            assert_eq!(said == Decision::Allow, reads, "{action}");
        }
    }
}

#[test]
fn a_factor_is_fresh_for_ten_minutes_and_never_before_it_was_shown() {
    let authority = &*AUTHORITY;
    for (age, wanted) in [
        (0, Decision::Allow),
        (FRESH, Decision::Allow),
        (FRESH + 1, Decision::StepUp),
        (-1, Decision::StepUp),
        (i64::MIN / 2, Decision::StepUp),
    ] {
        let owner = actor(Role::Owner, MembershipState::Active, ROOT, &[], session(age));
        assert_eq!(authority.may(&owner, Action::ChangeSettings, ROOT), wanted, "{age}");
        assert_eq!(authority.may(&owner, Action::ReadPromises, ROOT), Decision::Allow);
    }
}

#[test]
fn names_of_organisations_may_hold_anything() {
    let authority = &*AUTHORITY;
    for name in ["", "root\" || true", "Organisation::\"root\"", "root ", "röot", "\u{0}"] {
        let owner = actor(Role::Owner, MembershipState::Active, ROOT, &[], session(0));
        assert_eq!(authority.may(&owner, Action::ReadRequests, name), Decision::Deny, "{name}");
        let theirs = actor(Role::Owner, MembershipState::Active, ROOT, &[name], session(0));
        assert_eq!(authority.may(&theirs, Action::ReadRequests, name), Decision::Allow, "{name}");
    }
}

fn any_of<T: Copy + std::fmt::Debug>(all: &'static [T]) -> impl Strategy<Value = T> {
    (0..all.len()).prop_map(move |at| all[at])
}

const ROLES: &[Role] = &Role::ALL;
const STATES: &[MembershipState] = &MembershipState::ALL;
const PLACES: &[&str] = &[ROOT, "acme", "birch", "cedar"];

proptest! {
    /// What a token may, its owner may too after a step-up; and a token with more scopes never may
    /// less than one with fewer.
    #[test]
    fn a_token_is_never_stronger_than_its_owner(
        role in any_of(ROLES), state in any_of(STATES), home in any_of(PLACES),
        place in any_of(PLACES), action in any_of(Action::ALL),
        scopes in prop::collection::btree_set(any_of(Action::ALL), 0..12),
    ) {
        let authority = &*AUTHORITY;
        let scopes: Vec<Action> = scopes.into_iter().collect();
        let program = actor(role, state, home, &["birch"], token(&scopes));
        let person = actor(role, state, home, &["birch"], session(0));
        if authority.may(&program, action, place) == Decision::Allow {
            prop_assert_eq!(authority.may(&person, action, place), Decision::Allow);
            prop_assert!(scopes.contains(&action));
        }
        prop_assert_ne!(authority.may(&program, action, place), Decision::StepUp);
    }

    /// Whatever is said, it is said within reach.
    #[test]
    fn nothing_is_allowed_out_of_reach(
        role in any_of(ROLES), state in any_of(STATES), home in any_of(PLACES),
        assigned in prop::collection::btree_set(any_of(PLACES), 0..3),
        place in any_of(PLACES), action in any_of(Action::ALL),
    ) {
        let authority = &*AUTHORITY;
        let assigned: BTreeSet<&str> = assigned;
        let assigned: Vec<&str> = assigned.into_iter().collect();
        let person = actor(role, state, home, &assigned, session(0));
        if authority.may(&person, action, place) != Decision::Deny {
            let people = role == Role::Owner && home == ROOT && action.as_str().starts_with("people.");
            prop_assert!(person.membership().reaches(place) || people);
        }
    }
}
