//! How a person is named to us.

use serde::{Deserialize, Serialize};

use crate::Personal;

/// The kinds of identifier by which a request names a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityKind {
    /// An e-mail address.
    Email,
    /// A telephone number, in any spelling.
    Phone,
    /// The name a person signs in with.
    UserName,
    /// The number or code of the person's account.
    AccountId,
    /// A personal name. Never enough by itself to follow a reference: names are shared.
    Name,
}

impl IdentityKind {
    /// Every kind, in the order in which they are shown.
    pub const ALL: [Self; 5] =
        [Self::Email, Self::Phone, Self::UserName, Self::AccountId, Self::Name];

    /// The key used in files (`email`, `phone`, `user_name`, `account_id`, `name`).
    pub const fn key(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::UserName => "user_name",
            Self::AccountId => "account_id",
            Self::Name => "name",
        }
    }

    /// The kind with this key. Fides writes `phone_number`, `user_id` and the like: those are read.
    pub fn from_key(key: &str) -> Option<Self> {
        Some(match key {
            "email" => Self::Email,
            "phone" | "phone_number" => Self::Phone,
            "user_name" | "username" => Self::UserName,
            "account_id" | "user_id" | "customer_id" | "external_id" => Self::AccountId,
            "name" => Self::Name,
            _ => return None,
        })
    }
}

/// One identifier of the person a request is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identity {
    /// What sort of identifier it is.
    pub kind: IdentityKind,
    /// The identifier as it was given; normalisation happens where it is compared.
    pub value: Personal<String>,
}

impl Identity {
    /// Names a person.
    pub fn new(kind: IdentityKind, value: impl Into<String>) -> Self {
        Self { kind, value: Personal::new(value.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back_from_its_key() {
        for kind in IdentityKind::ALL {
            assert_eq!(IdentityKind::from_key(kind.key()), Some(kind));
        }
        assert_eq!(IdentityKind::from_key("shoe_size"), None);
    }
}
