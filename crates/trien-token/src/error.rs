//! Why a token could not be used, and what to do about it.
//! Never carries a PIN or what was to be signed.

use std::error::Error;
use std::path::PathBuf;

use cryptoki::error::RvError;
use openssl::error::ErrorStack;
use trien_types::{CertificateId, SignatureScheme, SigningKeyError, SigningKeyErrorKind};

use crate::{CallError, ModuleFileError, PinState};

mod text;

/// A token, or the module that reaches it, could not do what was asked.
#[derive(Debug)]
#[non_exhaustive]
pub enum TokenError {
    /// A PKCS#11 function failed.
    Call(CallError),
    /// The certificate cannot be read, so that nothing signed under it could be verified.
    CertificateUnreadable(CertificateId),
    /// No certificate on the token is the one asked for. No PIN was used if certificates can be
    /// read without one.
    CertificateNotFound {
        /// The certificates that are on the token.
        present: Vec<CertificateId>,
    },
    /// Several certificates fit what was asked for: name one by its id.
    CertificateNotUnique {
        /// Those that fit.
        candidates: Vec<CertificateId>,
    },
    /// OpenSSL could not compute; the source tells.
    Computation(ErrorStack),
    /// The next wrong PIN locks the token, and the caller did not accept that. No PIN was used.
    FinalTryRefused,
    /// The token holds no private key for the certificate.
    KeyMissing(CertificateId),
    /// The key that bears the certificate's `CKA_ID` has another public key.
    KeyConflicts(CertificateId),
    /// The module's file cannot be loaded.
    ModuleFile {
        /// The file.
        path: PathBuf,
        /// Why.
        error: ModuleFileError,
    },
    /// The module's library did not load or initialise.
    ModuleLoad {
        /// The file.
        path: PathBuf,
        /// The call that failed.
        error: CallError,
    },
    /// The module did not answer in time and may still be busy.
    ModuleSilent {
        /// The file.
        path: PathBuf,
        /// The time it was given.
        seconds: u64,
    },
    /// The module's thread is gone or could not be started.
    ModuleStopped {
        /// The file.
        path: PathBuf,
    },
    /// The PIN was not accepted; it was tried once.
    PinIncorrect {
        /// What the token returned.
        call: CallError,
        /// What its flags say since.
        state: PinState,
    },
    /// The PIN is locked.
    PinLocked {
        /// What the token returned, if it was asked to log in; none if its flags said so before.
        call: Option<CallError>,
    },
    /// The token has no pad or window of its own: pass a PIN.
    ProtectedPathMissing,
    /// The token lists no mechanism that this key can sign with.
    SchemeMissing,
    /// The key cannot sign under this scheme.
    SchemeUnsupported(SignatureScheme),
    /// The session was ended by an earlier refusal of the PIN: open the key again.
    SessionEnded,
    /// The token returned octets that are no signature value.
    SignatureMalformed {
        /// How many octets it returned.
        octets: usize,
    },
    /// The value that the token returned does not verify under the certificate's public key. It
    /// was discarded.
    SignatureWrong(SignatureScheme),
    /// Another token is in the slot than the one that was listed. No PIN was used.
    TokenChanged,
    /// A key on this token is open already: one job at a time.
    TokenInUse,
    /// There is no token with this label, or none at all.
    TokenNotFound {
        /// Labels of the tokens that are there.
        present: Vec<String>,
    },
    /// Several tokens bear this label: choose one by its serial number.
    TokenNotUnique {
        /// Their serial numbers.
        serial_numbers: Vec<String>,
    },
}

impl TokenError {
    /// The cause as far as a signing road needs to know it.
    #[must_use]
    pub fn kind(&self) -> SigningKeyErrorKind {
        match self {
            Self::Call(call) => kind_of_call(call),
            Self::PinIncorrect {
                state: PinState::Locked,
                ..
            }
            | Self::PinLocked { .. } => SigningKeyErrorKind::PinLocked,
            Self::PinIncorrect { .. } => SigningKeyErrorKind::PinIncorrect,
            Self::SchemeMissing | Self::SchemeUnsupported(_) => {
                SigningKeyErrorKind::SchemeUnsupported
            }
            Self::ModuleFile { .. }
            | Self::ModuleLoad { .. }
            | Self::ModuleSilent { .. }
            | Self::ModuleStopped { .. }
            | Self::TokenChanged
            | Self::TokenInUse
            | Self::TokenNotFound { .. } => SigningKeyErrorKind::Unreachable,
            Self::CertificateNotFound { .. }
            | Self::CertificateNotUnique { .. }
            | Self::CertificateUnreadable(_)
            | Self::Computation(_)
            | Self::FinalTryRefused
            | Self::KeyConflicts(_)
            | Self::KeyMissing(_)
            | Self::ProtectedPathMissing
            | Self::SessionEnded
            | Self::SignatureMalformed { .. }
            | Self::SignatureWrong(_)
            | Self::TokenNotUnique { .. } => SigningKeyErrorKind::Other,
        }
    }

    pub(crate) const fn failed(error: cryptoki::error::Error) -> Self {
        Self::Call(CallError::new(error))
    }
}

fn kind_of_call(call: &CallError) -> SigningKeyErrorKind {
    match call.value() {
        Some(RvError::Cancel | RvError::FunctionCanceled | RvError::FunctionRejected) => {
            SigningKeyErrorKind::Cancelled
        }
        Some(
            RvError::DeviceError
            | RvError::DeviceRemoved
            | RvError::SessionClosed
            | RvError::SessionHandleInvalid
            | RvError::SlotIdInvalid
            | RvError::TokenNotPresent
            | RvError::TokenNotRecognized
            | RvError::UserNotLoggedIn,
        ) => SigningKeyErrorKind::Unreachable,
        Some(
            RvError::KeySizeRange
            | RvError::KeyTypeInconsistent
            | RvError::MechanismInvalid
            | RvError::MechanismParamInvalid,
        ) => SigningKeyErrorKind::SchemeUnsupported,
        Some(_) | None => SigningKeyErrorKind::Other,
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Call(call)
            | Self::PinIncorrect { call, .. }
            | Self::PinLocked { call: Some(call) }
            | Self::ModuleLoad { error: call, .. } => call.source(),
            Self::ModuleFile { error, .. } => error.source(),
            Self::Computation(error) => Some(error),
            Self::CertificateNotFound { .. }
            | Self::CertificateNotUnique { .. }
            | Self::CertificateUnreadable(_)
            | Self::FinalTryRefused
            | Self::KeyConflicts(_)
            | Self::KeyMissing(_)
            | Self::ModuleSilent { .. }
            | Self::ModuleStopped { .. }
            | Self::PinLocked { call: None }
            | Self::ProtectedPathMissing
            | Self::SchemeMissing
            | Self::SchemeUnsupported(_)
            | Self::SessionEnded
            | Self::SignatureMalformed { .. }
            | Self::SignatureWrong(_)
            | Self::TokenChanged
            | Self::TokenInUse
            | Self::TokenNotFound { .. }
            | Self::TokenNotUnique { .. } => None,
        }
    }
}

impl From<CallError> for TokenError {
    fn from(call: CallError) -> Self {
        Self::Call(call)
    }
}

impl From<TokenError> for SigningKeyError {
    fn from(error: TokenError) -> Self {
        Self::new(error.kind(), error)
    }
}

/// Whether a failed `C_Login` means that the PIN was not accepted.
pub(crate) const fn is_refused_pin(value: RvError) -> bool {
    matches!(
        value,
        RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange
    )
}

/// The error for a failed `C_Login`, given what the token's flags say afterwards.
pub(crate) fn login_error(call: CallError, state: PinState) -> TokenError {
    match call.value() {
        Some(RvError::PinLocked) => TokenError::PinLocked { call: Some(call) },
        Some(value) if is_refused_pin(value) => TokenError::PinIncorrect { call, state },
        Some(_) | None => TokenError::Call(call),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cryptoki::context::Function;

    fn call(value: RvError) -> CallError {
        CallError::returned(value, Function::Login)
    }

    #[test]
    fn a_wrong_pin_is_told_apart_from_a_locked_one() {
        let wrong = login_error(call(RvError::PinIncorrect), PinState::CountLow);
        assert_eq!(wrong.kind(), SigningKeyErrorKind::PinIncorrect);
        let spent = login_error(call(RvError::PinIncorrect), PinState::Locked);
        assert_eq!(spent.kind(), SigningKeyErrorKind::PinLocked);
        let locked = login_error(call(RvError::PinLocked), PinState::Locked);
        assert_eq!(locked.kind(), SigningKeyErrorKind::PinLocked);
        let other = login_error(call(RvError::FunctionCanceled), PinState::Initialised);
        assert_eq!(other.kind(), SigningKeyErrorKind::Cancelled);
    }

    #[test]
    fn a_call_error_names_function_and_value_and_says_what_to_do() {
        let error = TokenError::Call(CallError::returned(RvError::DeviceRemoved, Function::Sign));
        assert_eq!(
            error.to_string(),
            "C_Sign: CKR_DEVICE_REMOVED: the token was removed: plug it in and repeat"
        );
        assert_eq!(error.kind(), SigningKeyErrorKind::Unreachable);
    }
}
