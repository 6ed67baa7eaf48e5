//! Why a use case did not come about, in words that say what to do.

use std::path::{Path, PathBuf};

/// A failure. No message carries personal data or a secret.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No policy folder here.
    #[error("`{}` is not a policy folder: there is no policy.yaml in it. Make one with `upheld init {} --pack msp-canada`", .0.display(), .0.display())]
    NoPolicy(PathBuf),
    /// The policy is not sound.
    #[error("the policy has {errors} error(s)")]
    Unsound {
        /// How many.
        errors: usize,
        /// The findings, written out.
        report: String,
    },
    /// Questions that must be answered before anything is erased.
    #[error(
        "{questions} question(s) about the data map are open: nothing is erased on a guess. Run `upheld check`, answer each with `confirmed: yes` or `confirmed: no`, and try again"
    )]
    Questions {
        /// How many.
        questions: usize,
    },
    /// `upheld.toml` cannot be read.
    #[error("`{}`: {message}", file.display())]
    Settings {
        /// The file.
        file: PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// A file or folder.
    #[error("{doing} `{}`: {source}", path.display())]
    File {
        /// What was being done ("cannot write").
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// The system's own words.
        source: std::io::Error,
    },
    /// One client system.
    #[error("`{system}`: {source}")]
    System {
        /// Its key.
        system: String,
        /// What went wrong.
        source: connect::Error,
    },
    /// Looking into a system.
    #[error("`{system}`: {message}")]
    Discovery {
        /// Its key.
        system: String,
        /// What went wrong.
        message: String,
    },
    /// Whoever asks may not, or must show who they are once more.
    #[error(transparent)]
    NotAllowed(#[from] auth::Refusal),
    /// Recognising somebody failed.
    #[error(transparent)]
    Auth(#[from] auth::Error),
    /// Our own database.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Keys and sealed things.
    #[error(transparent)]
    Vault(#[from] vault::Error),
    /// The log.
    #[error(transparent)]
    Evidence(#[from] evidence::Error),
    /// Driving a request.
    #[error(transparent)]
    Run(#[from] engine::RunError),
    /// The planner refused.
    #[error(transparent)]
    Case(#[from] plan::CaseError),
    /// Writing a package.
    #[error(transparent)]
    Package(#[from] render::package::Error),
    /// A certificate.
    #[error(transparent)]
    Certificate(#[from] render::certificate::BadCertificate),
    /// The sample data.
    #[error(transparent)]
    Sample(#[from] sample::Error),
    /// Another process works on the request.
    #[error(
        "another process is working on request {0}: wait for it; if it was killed on another machine, try again in ten minutes"
    )]
    Busy(String),
    /// There is nothing of that name, or it belongs to somebody else: the two look the same.
    #[error("{0}")]
    Absent(String),
    /// It was changed since whoever asks has read it.
    #[error("request {0} was changed since you read it: read it again")]
    Changed(String),
    /// A value that cannot be taken as it is.
    #[error("{message}")]
    Unfit {
        /// Which: its name in forms and in the API.
        field: &'static str,
        /// What is wrong with it; holds nothing of it that is personal.
        message: String,
    },
    /// Anything that the caller asked for and that cannot be: says what to do.
    #[error("{0}")]
    Refused(String),
}

impl Error {
    /// A value that cannot be taken.
    pub(crate) fn unfit(field: &'static str, message: impl Into<String>) -> Self {
        Self::Unfit { field, message: message.into() }
    }

    /// A failure with a file.
    pub(crate) fn file(doing: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File { doing, path, source }
    }

    /// Which part of what Upheld stands on fails: a word for a journal, without any value.
    pub const fn part(&self) -> &'static str {
        match self {
            Self::NoPolicy(_) | Self::Unsound { .. } | Self::Questions { .. } => "policy",
            Self::Settings { .. } => "settings",
            Self::File { .. } => "file",
            Self::System { .. } | Self::Discovery { .. } => "system",
            Self::NotAllowed(_) | Self::Auth(_) => "auth",
            Self::Store(_) => "database",
            Self::Vault(_) => "keys",
            Self::Evidence(_) => "log",
            Self::Run(_) | Self::Case(_) => "request",
            Self::Package(_) => "package",
            Self::Certificate(_) => "certificate",
            Self::Sample(_) => "sample",
            Self::Busy(_) | Self::Absent(_) | Self::Changed(_) => "turn",
            Self::Unfit { .. } | Self::Refused(_) => "wish",
        }
    }

    /// Whether somebody else changed the same thing at the same time, and was first.
    pub const fn was_outrun(&self) -> bool {
        matches!(self, Self::Store(store::Error::Stale { .. }))
    }

    /// The findings behind [`Error::Unsound`], written out.
    pub fn report(&self) -> Option<&str> {
        match self {
            Self::Unsound { report, .. } => Some(report),
            _ => None,
        }
    }
}
