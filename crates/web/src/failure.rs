//! What is answered when something is not as it was asked for.
//!
//! A handler returns a [`Failure`]; how it is shown is decided in one place, [`crate::layer::finish`],
//! because only there are the language and the kind of answer known.

use auth::Refusal;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};

/// Why there is no answer of the wanted kind. Carries nothing that came from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// There is nothing here.
    NotFound,
    /// What came cannot be understood.
    Bad,
    /// Nobody has signed in.
    SignIn,
    /// A factor must be shown again first.
    StepUp,
    /// Whoever asks may not.
    Forbidden,
    /// It came from another site.
    CrossSite,
    /// The host's name is not ours.
    OtherHost,
    /// Not in this way.
    Method,
    /// More than is taken.
    TooLarge,
    /// Too often.
    TooMany,
    /// Too often from this network: so many seconds until the next turn.
    Wait(u32),
    /// It took too long.
    TooSlow,
    /// The server cannot answer now.
    Unavailable,
    /// A mistake of ours. Never says which: that stands in the journal of the server.
    Internal,
    /// Something that we stand on does not work.
    Broken {
        /// What, in a word of ours. It stands in the journal of the server alone.
        part: &'static str,
        /// Whether it is likely to pass.
        passes: bool,
    },
    /// A use case says no, in words for whoever works here. Shown to staff alone.
    Refused(String),
    /// A value that cannot be taken.
    Unfit {
        /// Which, by its name.
        field: Option<String>,
        /// What is wrong with it, in words of ours.
        text: String,
    },
    /// It was changed since whoever asks has read it.
    Stale,
    /// What came is not of the kind that is read here.
    Media,
}

impl Failure {
    /// A value that cannot be taken.
    pub(crate) fn unfit(field: Option<&str>, text: impl Into<String>) -> Self {
        Self::Unfit { field: field.map(str::to_owned), text: text.into() }
    }

    /// The word that tells it apart for a program; it does not change.
    pub(crate) const fn key(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Bad => "unreadable",
            Self::SignIn => "sign-in",
            Self::StepUp => "step-up",
            Self::Forbidden => "forbidden",
            Self::CrossSite => "cross-site",
            Self::OtherHost => "other-host",
            Self::Method => "method",
            Self::TooLarge => "too-large",
            Self::TooMany | Self::Wait(_) => "too-many",
            Self::TooSlow => "too-slow",
            Self::Unavailable | Self::Broken { passes: true, .. } => "unavailable",
            Self::Internal | Self::Broken { .. } => "internal",
            Self::Refused(_) => "refused",
            Self::Unfit { .. } => "unfit",
            Self::Stale => "stale",
            Self::Media => "media",
        }
    }

    /// The status with which it is answered.
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Bad => StatusCode::BAD_REQUEST,
            Self::SignIn | Self::StepUp => StatusCode::UNAUTHORIZED,
            Self::Forbidden | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::OtherHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooMany | Self::Wait(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooSlow | Self::Unavailable | Self::Broken { passes: true, .. } => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal | Self::Broken { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Refused(_) => StatusCode::CONFLICT,
            Self::Unfit { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Stale => StatusCode::PRECONDITION_FAILED,
            Self::Media => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }

    /// The failure behind a status that somebody else answered with.
    pub(crate) fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::UNAUTHORIZED => Self::SignIn,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::METHOD_NOT_ALLOWED => Self::Method,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany,
            StatusCode::MISDIRECTED_REQUEST => Self::OtherHost,
            StatusCode::PRECONDITION_FAILED => Self::Stale,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::Media,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            other if other.is_client_error() => Self::Bad,
            _ => Self::Internal,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Self::Wait(seconds) = self {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<app::Error> for Failure {
    /// What a use case refused is told to staff; a failure of the machine is not told in its words.
    fn from(error: app::Error) -> Self {
        match error {
            app::Error::Refused(text) => Self::Refused(text),
            app::Error::Absent(_) => Self::NotFound,
            app::Error::Changed(_) => Self::Stale,
            app::Error::Unfit { field, message } => Self::unfit(Some(field), message),
            app::Error::NotAllowed(Refusal::StepUp) => Self::StepUp,
            app::Error::NotAllowed(Refusal::Denied) => Self::Forbidden,
            error if error.was_outrun() => {
                Self::Refused("somebody else has changed it meanwhile: read it again".to_owned())
            }
            app::Error::Busy(_) => Self::Unavailable,
            error => {
                Self::Broken { part: error.part(), passes: matches!(error, app::Error::Store(_)) }
            }
        }
    }
}

impl From<askama::Error> for Failure {
    fn from(_: askama::Error) -> Self {
        Self::Broken { part: "page", passes: false }
    }
}
