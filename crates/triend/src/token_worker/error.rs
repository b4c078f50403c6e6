//! Why a token could not be used through its worker, and what to do about it.
//! Never carries a PIN, what was to be signed, or what a driver printed.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use trien_token::{ModuleFileError, PinState};
use trien_types::{CertificateId, SignatureScheme, SigningKeyError, SigningKeyErrorKind};

use super::fault::{FaultKind, WorkerFault};

/// How a worker process ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkerEnd {
    /// With this exit status.
    Exited(i32),
    /// Killed by the signal of this number: 6 is `abort`, 11 an access to foreign memory, 9 what
    /// somebody or the system sends when memory is short.
    Signal(i32),
    /// The system does not say.
    Unknown,
}

impl fmt::Display for WorkerEnd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(formatter, "exit status {status}"),
            Self::Signal(signal) => write!(formatter, "signal {signal}"),
            Self::Unknown => formatter.write_str("unknown cause"),
        }
    }
}

/// Why the certificate's key cannot sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyFault {
    /// The certificate cannot be read, so that nothing signed under it could be verified.
    CertificateUnreadable,
    /// The key that bears the certificate's `CKA_ID` has another public key.
    Conflicting,
    /// The token holds no private key for the certificate.
    Missing,
    /// The token lists no mechanism that the key can sign with.
    SchemeMissing,
}

/// A PKCS#11 function that failed, under the names of the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedCall {
    /// Such as `C_Sign`; empty if the module could not be called.
    pub function: String,
    /// Such as `CKR_GENERAL_ERROR`; empty if no function was reached.
    pub return_value: String,
}

impl fmt::Display for FailedCall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.function.is_empty() {
            formatter.write_str("the module could not be called")
        } else {
            write!(formatter, "{}: {}", self.function, self.return_value)
        }
    }
}

/// A token, its module, or the worker around it could not do what was asked.
///
/// [`TokenServiceError::code`] names the cause for programs, and does not change.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TokenServiceError {
    /// Another job has a key open on this token.
    Busy {
        /// How long this caller waited.
        waited: Duration,
    },
    /// A PKCS#11 function failed in a way that has no variant of its own.
    CallFailed(FailedCall),
    /// The user cancelled at the token's pad or in the driver's window.
    Cancelled,
    /// No token that is plugged in has this certificate. No PIN was used.
    CertificateNotFound(CertificateId),
    /// The next wrong PIN locks the token, and the caller did not accept that. No PIN was used.
    FinalTryRefused,
    /// The key cannot sign.
    KeyUnusable {
        /// The certificate.
        certificate: CertificateId,
        /// Why not.
        fault: KeyFault,
    },
    /// The message is longer than a worker takes, and the key signs no digests.
    MessageTooLong {
        /// The longest that is taken.
        limit_octets: usize,
    },
    /// The module ended its process. The next call starts a new one.
    ModuleCrashed {
        /// The module.
        path: PathBuf,
        /// How.
        end: WorkerEnd,
    },
    /// What the worker answered is outside the protocol: the driver overwrote its memory. The
    /// worker was killed.
    ModuleFaulty {
        /// The module.
        path: PathBuf,
    },
    /// The file is no module that can be loaded here; nothing was started.
    ModuleFile {
        /// The file.
        path: PathBuf,
        /// Why: missing, for another machine, no PKCS#11 module.
        error: Arc<ModuleFileError>,
    },
    /// The module did not load or initialise.
    ModuleLoad {
        /// The module.
        path: PathBuf,
        /// What failed.
        call: FailedCall,
    },
    /// The module did not answer in time. Its worker was killed.
    ModuleSilent {
        /// The module.
        path: PathBuf,
        /// The time it was given.
        seconds: u64,
    },
    /// The PIN was not accepted. It was tried once, on one token.
    PinIncorrect {
        /// What the token's flags say since.
        state: PinState,
    },
    /// The PIN has a length the token does not take. It may have cost a try.
    PinLength {
        /// What the token's flags say since.
        state: PinState,
    },
    /// The PIN is locked.
    PinLocked,
    /// The token has no pad or window of its own: pass a PIN.
    ProtectedPathMissing,
    /// The key cannot sign so: the scheme is none of its own, or the digest is another algorithm's.
    SchemeUnsupported(SignatureScheme),
    /// The session was ended, by a refusal of the PIN or with its worker: open the key again.
    SessionEnded,
    /// The token returned a value that is no signature under the certificate. It was discarded.
    SignatureWrong(SignatureScheme),
    /// The token was there when it was listed and is not any more. No PIN was used.
    TokenNotPresent,
    /// The token was pulled out, exchanged or emptied while its key was open.
    TokenRemoved,
    /// More is on the token than is taken from one.
    TokenTooLarge,
    /// No process could be started for the module.
    WorkerStart {
        /// The module.
        path: PathBuf,
        /// What the system says.
        kind: io::ErrorKind,
    },
}

impl TokenServiceError {
    /// A stable name of the cause, such as `token.pin_incorrect`, for interfaces and logs. Holds
    /// nothing personal.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Busy { .. } => "token.busy",
            Self::CallFailed(_) => "token.call_failed",
            Self::Cancelled => "token.cancelled",
            Self::CertificateNotFound(_) => "token.certificate_not_found",
            Self::FinalTryRefused => "token.final_try_refused",
            Self::KeyUnusable { .. } => "token.key_unusable",
            Self::MessageTooLong { .. } => "token.message_too_long",
            Self::ModuleCrashed { .. } => "token.module_crashed",
            Self::ModuleFaulty { .. } => "token.module_faulty",
            Self::ModuleFile { .. } => "token.module_file",
            Self::ModuleLoad { .. } => "token.module_load",
            Self::ModuleSilent { .. } => "token.module_silent",
            Self::PinIncorrect { .. } => "token.pin_incorrect",
            Self::PinLength { .. } => "token.pin_length",
            Self::PinLocked => "token.pin_locked",
            Self::ProtectedPathMissing => "token.protected_path_missing",
            Self::SchemeUnsupported(_) => "token.scheme_unsupported",
            Self::SessionEnded => "token.session_ended",
            Self::SignatureWrong(_) => "token.signature_wrong",
            Self::TokenNotPresent => "token.not_present",
            Self::TokenRemoved => "token.removed",
            Self::TokenTooLarge => "token.too_large",
            Self::WorkerStart { .. } => "token.worker_start",
        }
    }

    /// Whether the same call can succeed later without a change of settings or of the token: after
    /// plugging in, waiting, or typing the PIN again. Says nothing about whether a PIN may be
    /// tried again: that is for the user to decide.
    #[must_use]
    pub const fn is_retriable(&self) -> bool {
        match self {
            Self::Busy { .. }
            | Self::CallFailed(_)
            | Self::Cancelled
            | Self::CertificateNotFound(_)
            | Self::FinalTryRefused
            | Self::ModuleCrashed { .. }
            | Self::ModuleFaulty { .. }
            | Self::ModuleSilent { .. }
            | Self::PinIncorrect { .. }
            | Self::PinLength { .. }
            | Self::SessionEnded
            | Self::SignatureWrong(_)
            | Self::TokenNotPresent
            | Self::TokenRemoved
            | Self::WorkerStart { .. } => true,
            Self::KeyUnusable { .. }
            | Self::MessageTooLong { .. }
            | Self::ModuleFile { .. }
            | Self::ModuleLoad { .. }
            | Self::PinLocked
            | Self::ProtectedPathMissing
            | Self::SchemeUnsupported(_)
            | Self::TokenTooLarge => false,
        }
    }

    /// The cause as far as a signing road needs to know it.
    #[must_use]
    pub const fn kind(&self) -> SigningKeyErrorKind {
        match self {
            Self::Cancelled => SigningKeyErrorKind::Cancelled,
            Self::PinIncorrect { .. } | Self::PinLength { .. } => SigningKeyErrorKind::PinIncorrect,
            Self::PinLocked => SigningKeyErrorKind::PinLocked,
            Self::SchemeUnsupported(_) => SigningKeyErrorKind::SchemeUnsupported,
            Self::Busy { .. }
            | Self::ModuleCrashed { .. }
            | Self::ModuleFaulty { .. }
            | Self::ModuleFile { .. }
            | Self::ModuleLoad { .. }
            | Self::ModuleSilent { .. }
            | Self::TokenNotPresent
            | Self::TokenRemoved
            | Self::WorkerStart { .. } => SigningKeyErrorKind::Unreachable,
            Self::CallFailed(_)
            | Self::CertificateNotFound(_)
            | Self::FinalTryRefused
            | Self::KeyUnusable { .. }
            | Self::MessageTooLong { .. }
            | Self::ProtectedPathMissing
            | Self::SessionEnded
            | Self::SignatureWrong(_)
            | Self::TokenTooLarge => SigningKeyErrorKind::Other,
        }
    }

    /// What a worker reported, with what only the daemon knows: the module and the request.
    pub(super) fn of_fault(fault: WorkerFault, asked: &Asked<'_>) -> Self {
        let WorkerFault {
            kind,
            pin_state: state,
            function,
            return_value,
        } = fault;
        let call = FailedCall {
            function,
            return_value,
        };
        let path = asked.module.to_owned();
        let unusable = |fault| {
            asked
                .certificate
                .map_or(Self::SessionEnded, |certificate| Self::KeyUnusable {
                    certificate,
                    fault,
                })
        };
        let about_scheme = |error: fn(SignatureScheme) -> Self| {
            asked.scheme.map_or(
                Self::ModuleFaulty {
                    path: asked.module.to_owned(),
                },
                error,
            )
        };
        match kind {
            FaultKind::Call | FaultKind::Other => Self::CallFailed(call),
            FaultKind::Cancelled => Self::Cancelled,
            FaultKind::CertificateNotFound => asked
                .certificate
                .map_or(Self::TokenNotPresent, Self::CertificateNotFound),
            FaultKind::CertificateUnreadable => unusable(KeyFault::CertificateUnreadable),
            FaultKind::FinalTryRefused => Self::FinalTryRefused,
            FaultKind::KeyConflicts => unusable(KeyFault::Conflicting),
            FaultKind::KeyMissing => unusable(KeyFault::Missing),
            FaultKind::KeyNotOpen | FaultKind::SessionEnded => Self::SessionEnded,
            FaultKind::ModuleLoad => Self::ModuleLoad { path, call },
            FaultKind::ModuleSilent => Self::ModuleSilent {
                path,
                seconds: asked.limit.as_secs(),
            },
            FaultKind::PinIncorrect => Self::PinIncorrect { state },
            FaultKind::PinLength => Self::PinLength { state },
            FaultKind::PinLocked => Self::PinLocked,
            FaultKind::ProtectedPathMissing => Self::ProtectedPathMissing,
            FaultKind::SchemeMissing => unusable(KeyFault::SchemeMissing),
            FaultKind::SchemeUnsupported => about_scheme(Self::SchemeUnsupported),
            FaultKind::SignatureMalformed | FaultKind::SignatureWrong => {
                about_scheme(Self::SignatureWrong)
            }
            FaultKind::TokenInUse => Self::Busy {
                waited: Duration::ZERO,
            },
            FaultKind::TokenNotPresent => Self::TokenNotPresent,
            FaultKind::TokenRemoved => Self::TokenRemoved,
            FaultKind::TooMuch => Self::TokenTooLarge,
        }
    }
}

/// What a request was about, for the error it may end in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) module: &'a Path,
    pub(super) limit: Duration,
    pub(super) certificate: Option<CertificateId>,
    pub(super) scheme: Option<SignatureScheme>,
}

impl fmt::Display for TokenServiceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&super::words::english(self))?;
        match super::words::technical(self) {
            Some(technical) => write!(formatter, " ({technical})"),
            None => Ok(()),
        }
    }
}

impl Error for TokenServiceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::ModuleFile { error, .. } => error.source(),
            Self::Busy { .. }
            | Self::CallFailed(_)
            | Self::Cancelled
            | Self::CertificateNotFound(_)
            | Self::FinalTryRefused
            | Self::KeyUnusable { .. }
            | Self::MessageTooLong { .. }
            | Self::ModuleCrashed { .. }
            | Self::ModuleFaulty { .. }
            | Self::ModuleLoad { .. }
            | Self::ModuleSilent { .. }
            | Self::PinIncorrect { .. }
            | Self::PinLength { .. }
            | Self::PinLocked
            | Self::ProtectedPathMissing
            | Self::SchemeUnsupported(_)
            | Self::SessionEnded
            | Self::SignatureWrong(_)
            | Self::TokenNotPresent
            | Self::TokenRemoved
            | Self::TokenTooLarge
            | Self::WorkerStart { .. } => None,
        }
    }
}

impl From<TokenServiceError> for SigningKeyError {
    fn from(error: TokenServiceError) -> Self {
        Self::new(error.kind(), error)
    }
}
