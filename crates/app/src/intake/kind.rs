//! What people can ask for, by which door, and for whom.

use serde::{Deserialize, Serialize};

use crate::letters::Language;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A copy of the data, and where it comes from and goes.
    Access,
    /// A copy that another service can read.
    Portability,
    /// Correction.
    Rectification,
    /// Deletion.
    Erasure,
    /// The account is closed, and what it held is deleted.
    Closure,
    /// The data stays and is not used.
    Restriction,
    /// Objection to a use.
    Objection,
    /// No sale and no sharing for advertising.
    OptOut,
    /// Withdrawal of a consent.
    ConsentWithdrawal,
    /// A person looks again at what a machine decided.
    AutomatedDecisionReview,
    /// Who got data for direct marketing in the year before (California Civil Code 1798.83).
    ShineTheLight,
    /// A complaint.
    Complaint,
    /// Nobody has said yet: a mail that a person must read.
    Unsorted,
}

impl Kind {
    /// Every kind that can be asked for, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::Access,
        Self::Portability,
        Self::Rectification,
        Self::Erasure,
        Self::Closure,
        Self::Restriction,
        Self::Objection,
        Self::OptOut,
        Self::ConsentWithdrawal,
        Self::AutomatedDecisionReview,
        Self::ShineTheLight,
        Self::Complaint,
    ];

    /// The word used in forms, in the database and in the log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Portability => "portability",
            Self::Rectification => "rectification",
            Self::Erasure => "erasure",
            Self::Closure => "closure",
            Self::Restriction => "restriction",
            Self::Objection => "objection",
            Self::OptOut => "opt_out",
            Self::ConsentWithdrawal => "consent_withdrawal",
            Self::AutomatedDecisionReview => "automated_decision_review",
            Self::ShineTheLight => "shine_the_light",
            Self::Complaint => "complaint",
            Self::Unsorted => "unsorted",
        }
    }

    /// The kind of this word.
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Unsorted]).find(|kind| kind.key() == key)
    }

    /// The words that a person reads in a letter: "you asked for …".
    pub const fn title(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::Access, Language::En) => "a copy of your data",
            (Self::Access, Language::Fr) => "une copie de vos données",
            (Self::Portability, Language::En) => {
                "your data in a form that another service can read"
            }
            (Self::Portability, Language::Fr) => "vos données dans un format réutilisable",
            (Self::Rectification, Language::En) => "a correction of your data",
            (Self::Rectification, Language::Fr) => "la rectification de vos données",
            (Self::Erasure, Language::En) => "the deletion of your data",
            (Self::Erasure, Language::Fr) => "la suppression de vos données",
            (Self::Closure, Language::En) => "the closure of your account",
            (Self::Closure, Language::Fr) => "la fermeture de votre compte",
            (Self::Restriction, Language::En) => "a restriction of the use of your data",
            (Self::Restriction, Language::Fr) => "la limitation de l’utilisation de vos données",
            (Self::Objection, Language::En) => "an objection to the use of your data",
            (Self::Objection, Language::Fr) => "une opposition à l’utilisation de vos données",
            (Self::OptOut, Language::En) => "no sale and no sharing of your data",
            (Self::OptOut, Language::Fr) => "ni vente ni partage de vos données",
            (Self::ConsentWithdrawal, Language::En) => "the withdrawal of your consent",
            (Self::ConsentWithdrawal, Language::Fr) => "le retrait de votre consentement",
            (Self::AutomatedDecisionReview, Language::En) => {
                "a review by a person of an automated decision"
            }
            (Self::AutomatedDecisionReview, Language::Fr) => {
                "le réexamen par une personne d’une décision automatisée"
            }
            (Self::ShineTheLight, Language::En) => "who got your data for direct marketing",
            (Self::ShineTheLight, Language::Fr) => {
                "à qui vos données ont été communiquées à des fins de prospection"
            }
            (Self::Complaint, Language::En) => "a complaint",
            (Self::Complaint, Language::Fr) => "une plainte",
            (Self::Unsorted, Language::En) => "your message",
            (Self::Unsorted, Language::Fr) => "votre message",
        }
    }

    /// The right of the policy that it makes use of, by which its clock runs.
    pub const fn right(self) -> Option<policy::RequestKind> {
        use policy::RequestKind as Right;
        Some(match self {
            // Whoever wants to know to whom data went wants to know something about it.
            Self::Access | Self::ShineTheLight | Self::Unsorted => Right::Access,
            Self::Portability => Right::Portability,
            Self::Rectification => Right::Rectification,
            Self::Erasure | Self::Closure => Right::Erasure,
            Self::Restriction => Right::Restriction,
            Self::Objection => Right::Objection,
            Self::OptOut => Right::OptOut,
            Self::ConsentWithdrawal => Right::ConsentWithdrawal,
            Self::AutomatedDecisionReview => Right::AutomatedDecisionReview,
            Self::Complaint => return None,
        })
    }

    /// What the engine does for it; `None` for what a person answers.
    pub const fn engine(self) -> Option<plan::RequestKind> {
        use plan::RequestKind as Does;
        Some(match self {
            Self::Access => Does::Access,
            Self::Portability => Does::Portability,
            Self::Rectification => Does::Rectification,
            Self::Erasure => Does::Erasure,
            Self::Closure => Does::Closure,
            Self::Restriction => Does::Restriction,
            Self::Objection => Does::Objection,
            Self::OptOut => Does::OptOut,
            Self::ConsentWithdrawal => Does::ConsentWithdrawal,
            Self::AutomatedDecisionReview
            | Self::ShineTheLight
            | Self::Complaint
            | Self::Unsorted => return None,
        })
    }
}

/// By which door a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The form of the privacy centre.
    Form,
    /// A program.
    Api,
    /// The privacy mailbox.
    Mail,
    /// A call, written down by staff.
    Phone,
    /// A letter, written down by staff.
    Post,
    /// Somebody came by.
    InPerson,
}

impl Channel {
    /// The word in the database and in the log.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Api => "api",
            Self::Mail => "mail",
            Self::Phone => "phone",
            Self::Post => "post",
            Self::InPerson => "in-person",
        }
    }

    /// Whether staff write down what comes by it.
    pub const fn is_written_by_staff(self) -> bool {
        matches!(self, Self::Phone | Self::Post | Self::InPerson)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_word() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of(kind.key()), Some(kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
            assert_ne!(kind.title(Language::En), kind.title(Language::Fr));
        }
        assert_eq!(Kind::of("dance"), None);
    }
}
