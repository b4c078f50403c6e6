//! Errors as the API writes them: a name, a sentence that clients compare, an HTTP status.
//! Does not know HTTP bodies.

use std::borrow::Cow;
use std::fmt;

use super::Version;
use crate::rejection::{Code, Rejection};
use crate::token_worker::{TokenServiceError, words};
use trien::Language;

/// The member `error`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorName {
    /// The person said no, or did not answer.
    AccessDenied,
    /// What was typed in the window was wrong (version 2).
    InvalidAuthenticationData,
    /// The PIN typed in the window was wrong (version 1).
    InvalidPin,
    /// The request is not what the method takes.
    InvalidRequest,
    /// The caller is not paired.
    InvalidToken,
    /// The method is not offered.
    NotImplemented,
    /// The daemon failed.
    ServerError,
    /// The token, its driver or an authority is not to be had now.
    TemporarilyUnavailable,
    /// Too often, or while an earlier question waits.
    TooManyRequests,
}

impl ErrorName {
    /// The word in the body.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::InvalidAuthenticationData => "invalid_authentication_data",
            Self::InvalidPin => "invalid_pin",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidToken => "invalid_token",
            Self::NotImplemented => "not_implemented",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::TooManyRequests => "too_many_requests",
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::AccessDenied
            | Self::InvalidAuthenticationData
            | Self::InvalidPin
            | Self::InvalidRequest => 400,
            Self::InvalidToken => 401,
            Self::TooManyRequests => 429,
            Self::ServerError => 500,
            Self::NotImplemented => 501,
            Self::TemporarilyUnavailable => 503,
        }
    }
}

/// A call that failed, for the client and, in other words, for the person at the machine:
/// standard clients show nothing but a status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CscError {
    name: ErrorName,
    description: Cow<'static, str>,
    shown: Rejection,
}

impl CscError {
    /// The request is not what the method takes; the sentence is the standard's.
    pub(super) fn request(description: impl Into<Cow<'static, str>>) -> Self {
        let description = description.into();
        Self {
            name: ErrorName::InvalidRequest,
            shown: Rejection::in_words(
                Code::RequestMalformed,
                format!("phần mềm gửi yêu cầu CSC sai: {description}"),
                description.clone().into_owned(),
            ),
            description,
        }
    }

    /// `Invalid parameter X`.
    pub(super) fn invalid(parameter: &str) -> Self {
        Self::request(format!("Invalid parameter {parameter}"))
    }

    /// `Missing (or invalid type) KIND parameter X`.
    pub(super) fn missing(kind: &str, parameter: &str) -> Self {
        Self::request(format!(
            "Missing (or invalid type) {kind} parameter {parameter}"
        ))
    }

    /// The same with another sentence for the person.
    pub(super) fn shown_as(mut self, code: Code) -> Self {
        self.shown = code.into();
        self
    }

    /// What a token says, whose PIN the person typed.
    pub(super) fn of_token(error: &TokenServiceError, version: Version) -> Self {
        use TokenServiceError as E;
        let (name, code, description): (_, _, Cow<'static, str>) = match error {
            E::PinIncorrect { .. } | E::PinLength { .. } => return Self::pin_incorrect(version),
            E::PinLocked => return Self::locked(version),
            E::Cancelled => (
                ErrorName::AccessDenied,
                Code::Cancelled,
                "The user cancelled at the token".into(),
            ),
            E::FinalTryRefused => (
                ErrorName::AccessDenied,
                Code::PinFinalTry,
                Code::PinFinalTry.english().into(),
            ),
            E::Busy { .. } => (
                ErrorName::TemporarilyUnavailable,
                Code::TokenBusy,
                Code::TokenBusy.english().into(),
            ),
            E::CertificateNotFound(_) => return Self::invalid("credentialID"),
            E::SessionEnded | E::TokenNotPresent | E::TokenRemoved => (
                ErrorName::TemporarilyUnavailable,
                Code::TokenRemoved,
                Code::TokenRemoved.english().into(),
            ),
            E::KeyUnusable { .. } | E::ProtectedPathMissing | E::SchemeUnsupported(_) => (
                ErrorName::InvalidRequest,
                Code::KeyUnusable,
                words::error(error, Language::En).into(),
            ),
            E::CallFailed(_)
            | E::MessageTooLong { .. }
            | E::ModuleCrashed { .. }
            | E::ModuleFaulty { .. }
            | E::ModuleFile { .. }
            | E::ModuleLoad { .. }
            | E::ModuleSilent { .. }
            | E::SignatureWrong(_)
            | E::TokenTooLarge
            | E::WorkerStart { .. } => (
                ErrorName::TemporarilyUnavailable,
                Code::TokenFailed,
                Code::TokenFailed.english().into(),
            ),
        };
        Self {
            name,
            description,
            shown: Rejection::new(code),
        }
    }

    /// The PIN was wrong.
    pub(super) fn pin_incorrect(version: Version) -> Self {
        let (name, description) = match version {
            Version::One => (ErrorName::InvalidPin, "The PIN is invalid"),
            Version::Two => (
                ErrorName::InvalidAuthenticationData,
                "The authentication data is invalid",
            ),
        };
        Self {
            name,
            description: description.into(),
            shown: Code::PinIncorrect.into(),
        }
    }

    /// The PIN is locked.
    pub(super) fn locked(version: Version) -> Self {
        Self::request(match version {
            Version::One => "PIN locked",
            Version::Two => "Credential locked",
        })
        .shown_as(Code::PinLocked)
    }

    /// A hash that the activation data was not given for.
    pub(super) fn hash_unauthorised(version: Version) -> Self {
        Self::request(match version {
            Version::One => "Hash is not authorized by the SAD.",
            Version::Two => "Hash is not authorized by the SAD",
        })
        .shown_as(Code::ActivationDiffers)
    }

    /// The activation data is no longer any.
    pub(super) fn expired() -> Self {
        Self::request("SAD expired").shown_as(Code::ActivationExpired)
    }

    /// The method is there and this service does not have it.
    pub(super) fn not_offered() -> Self {
        Code::MethodNotOffered.into()
    }

    /// Which.
    #[must_use]
    pub const fn name(&self) -> ErrorName {
        self.name
    }

    /// The sentence in the body, in English: clients compare it.
    #[must_use]
    pub fn description(&self) -> &str {
        &self.description
    }

    /// What the person is shown, and the log.
    #[must_use]
    pub const fn shown(&self) -> &Rejection {
        &self.shown
    }
}

impl From<Code> for CscError {
    fn from(code: Code) -> Self {
        Rejection::new(code).into()
    }
}

impl From<Rejection> for CscError {
    /// The names that clients of the API know, by what the rest of the daemon says.
    fn from(shown: Rejection) -> Self {
        let name = match (shown.code(), shown.code().status()) {
            (Code::NotPaired, _) => ErrorName::InvalidToken,
            (
                Code::ConsentRefused | Code::ConsentExpired | Code::ConsentClosed | Code::Cancelled,
                _,
            ) => ErrorName::AccessDenied,
            (Code::ConsentPending, _) | (_, 429) => ErrorName::TooManyRequests,
            (Code::MethodNotOffered, _) => ErrorName::NotImplemented,
            (_, 500) => ErrorName::ServerError,
            (_, 503 | 507) => ErrorName::TemporarilyUnavailable,
            (_, 403) => ErrorName::AccessDenied,
            _ => ErrorName::InvalidRequest,
        };
        Self {
            name,
            description: shown.message_in_english().into(),
            shown,
        }
    }
}

impl fmt::Display for CscError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.name.as_str(), self.description)
    }
}

impl std::error::Error for CscError {}
