//! Who may do what: the question that every route and every use case of staff asks.
//!
//! The answers stand in `authority/policies.cedar`, in Cedar's language, and what they may speak of in
//! `authority/schema.cedarschema`. Both are part of the program and checked against each other, strictly,
//! when it starts and by a test.

use std::sync::OnceLock;

use cedar_policy::{
    Authorizer, Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};

use model::Micros;

use crate::{Action, Actor, Door, Error, Membership, Result, Strength, organisation};

const SCHEMA: &str = include_str!("authority/schema.cedarschema");
const POLICIES: &str = include_str!("authority/policies.cedar");

/// What [`Authority`] says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Yes.
    Allow,
    /// Yes, once a factor was shown again: the last time is longer ago than [`crate::FRESH`].
    StepUp,
    /// No.
    Deny,
}

impl Decision {
    /// The name in the matrix of roles and routes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::StepUp => "step-up",
            Self::Deny => "deny",
        }
    }
}

/// Why somebody may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// They may, once they have shown a factor again.
    #[error("show who you are once more: this asks for a sign-in no older than ten minutes")]
    StepUp,
    /// They may not.
    #[error("your role does not allow this here")]
    Denied,
}

/// The policies, read and checked.
pub struct Authority {
    policies: PolicySet,
    /// The actions and their groups.
    actions: Entities,
    types: Types,
    authorizer: Authorizer,
}

struct Types {
    action: EntityTypeName,
    organisation: EntityTypeName,
    role: EntityTypeName,
    staff: EntityTypeName,
    state: EntityTypeName,
}

impl Authority {
    /// Reads the policies that the program carries, and checks them strictly against their schema.
    pub fn new() -> Result<Self> {
        Self::of(SCHEMA, POLICIES)
    }

    /// The one of this program: read and checked when it is first asked for.
    pub fn shared() -> Result<&'static Self> {
        static SHARED: OnceLock<Authority> = OnceLock::new();
        match SHARED.get() {
            Some(authority) => Ok(authority),
            None => {
                let authority = Self::new()?;
                Ok(SHARED.get_or_init(|| authority))
            }
        }
    }

    fn of(schema: &str, policies: &str) -> Result<Self> {
        let wrong = |what: &dyn std::fmt::Display| Error::Policies(what.to_string());
        let (schema, _) = Schema::from_cedarschema_str(schema).map_err(|e| wrong(&e))?;
        let policies: PolicySet = policies.parse().map_err(|e| wrong(&e))?;
        let actions = schema.action_entities().map_err(|e| wrong(&e))?;
        let name = |name: &str| name.parse::<EntityTypeName>().map_err(|e| wrong(&e));
        let types = Types {
            action: name("Action")?,
            organisation: name("Organisation")?,
            role: name("Role")?,
            staff: name("Staff")?,
            state: name("State")?,
        };
        let checked = Validator::new(schema).validate(&policies, ValidationMode::Strict);
        if let Some(problem) = checked.validation_errors().next() {
            return Err(wrong(problem));
        }
        if let Some(problem) = checked.validation_warnings().next() {
            return Err(wrong(problem));
        }
        Ok(Self { policies, actions, types, authorizer: Authorizer::new() })
    }

    /// Whether somebody with this membership may, once they have shown who they are.
    pub fn could(
        &self,
        person: &str,
        membership: Membership,
        action: Action,
        organisation: &str,
        now: Micros,
    ) -> bool {
        let door =
            Door::Session { id: String::new(), strength: Strength::TwoFactors { shown_at: now } };
        let actor = Actor::new(person.to_owned(), membership, door, now);
        self.may(&actor, action, organisation) == Decision::Allow
    }

    /// Whether somebody may do something in an organisation. Whatever goes wrong while asking, the
    /// answer is no.
    pub fn may(&self, actor: &Actor, action: Action, organisation: &str) -> Decision {
        if self.allows(actor, action, organisation, actor.is_fresh()) {
            Decision::Allow
        } else if actor.has_two_factors()
            && !actor.is_fresh()
            && self.allows(actor, action, organisation, true)
        {
            Decision::StepUp
        } else {
            Decision::Deny
        }
    }

    /// Whether a token can have this action among its scopes. Some only a person may do.
    pub fn fits_a_token(&self, action: Action) -> bool {
        let of = |name: &str| {
            EntityUid::from_type_name_and_id(self.types.action.clone(), EntityId::new(name))
        };
        !self.actions.is_ancestor_of(&of("in-person"), &of(action.as_str()))
    }

    /// The same as a result, for the first line of a use case.
    pub fn require(
        &self,
        actor: &Actor,
        action: Action,
        organisation: &str,
    ) -> std::result::Result<(), Refusal> {
        match self.may(actor, action, organisation) {
            Decision::Allow => Ok(()),
            Decision::StepUp => Err(Refusal::StepUp),
            Decision::Deny => Err(Refusal::Denied),
        }
    }

    fn allows(&self, actor: &Actor, action: Action, organisation: &str, fresh: bool) -> bool {
        let asked = self.ask(actor, action, organisation, fresh);
        asked.is_some_and(|(request, entities)| {
            let answer = self.authorizer.is_authorized(&request, &self.policies, &entities);
            // INVARIANT: a policy that could not be evaluated permits nothing, and the others
            // beside it nothing either.
            answer.decision() == cedar_policy::Decision::Allow
                && answer.diagnostics().errors().next().is_none()
        })
    }

    fn ask(
        &self,
        actor: &Actor,
        action: Action,
        organisation: &str,
        fresh: bool,
    ) -> Option<(Request, Entities)> {
        let types = &self.types;
        let of = |kind: &EntityTypeName, id: &str| {
            EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
        };
        let value = |kind, id: &str| RestrictedExpression::new_entity_uid(of(kind, id));
        let membership = actor.membership();
        let assigned = membership.assigned.iter().map(|id| value(&types.organisation, id));
        let attributes = [
            ("role".to_owned(), value(&types.role, membership.role.as_str())),
            ("state".to_owned(), value(&types.state, membership.state.as_str())),
            ("home".to_owned(), value(&types.organisation, &membership.organisation)),
            ("assigned".to_owned(), RestrictedExpression::new_set(assigned)),
        ];
        let attributes = attributes.into_iter().collect();
        let staff = of(&types.staff, actor.person());
        let resource = of(&types.organisation, organisation);
        let above = organisation::parent(organisation).map(|id| of(&types.organisation, id));
        let entities = [
            Entity::new(staff.clone(), attributes, Default::default()).ok()?,
            Entity::new_no_attrs(resource.clone(), above.into_iter().collect()),
        ];
        let entities = self.actions.clone().add_entities(entities, None).ok()?;
        let (token, in_scope) = match actor.door() {
            Door::Token { scopes, .. } => (true, scopes.contains(&action)),
            Door::Session { .. } => (false, false),
        };
        let said = [
            ("two_factors", actor.has_two_factors()),
            ("fresh", fresh),
            ("token", token),
            ("in_scope", in_scope),
        ];
        let said = said.map(|(name, is)| (name.to_owned(), RestrictedExpression::new_bool(is)));
        let context = Context::from_pairs(said).ok()?;
        let action = of(&types.action, action.as_str());
        Some((Request::new(staff, action, resource, context, None).ok()?, entities))
    }
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
