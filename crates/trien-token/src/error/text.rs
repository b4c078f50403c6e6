//! The sentence for each token error: what happened and what to do.
//! Decides nothing.

use std::fmt;

use cryptoki::error::RvError;

use super::TokenError;
use crate::{CallError, PinState};

/// What to do after a failed call, for the return values that people meet.
const ADVICE: [(&[RvError], &str); 8] = [
    (
        &[
            RvError::Cancel,
            RvError::FunctionCanceled,
            RvError::FunctionRejected,
        ],
        "it was cancelled at the token or in its window",
    ),
    (
        &[
            RvError::DeviceError,
            RvError::GeneralError,
            RvError::FunctionFailed,
        ],
        "unplug the token, plug it in again and repeat",
    ),
    (
        &[
            RvError::DeviceRemoved,
            RvError::SessionClosed,
            RvError::SessionHandleInvalid,
            RvError::SlotIdInvalid,
            RvError::TokenNotPresent,
        ],
        "the token was removed: plug it in and repeat",
    ),
    (
        &[RvError::PinExpired, RvError::UserPinNotInitialized],
        "set a new PIN with the vendor's tool",
    ),
    (
        &[RvError::TokenNotRecognized],
        "this module does not fit the token: choose its vendor's",
    ),
    (
        &[
            RvError::UserAlreadyLoggedIn,
            RvError::UserAnotherAlreadyLoggedIn,
        ],
        "other code of this program uses the token: let it log out first",
    ),
    (
        &[RvError::UserNotLoggedIn],
        "the token has logged the user out: enter the PIN again",
    ),
    (
        &[RvError::SessionCount],
        "close other programs that use the token",
    ),
];

fn advice(call: &CallError) -> Option<&'static str> {
    let value = call.value()?;
    ADVICE
        .iter()
        .find(|(values, _)| values.contains(&value))
        .map(|(_, advice)| *advice)
}

impl fmt::Display for TokenError {
    #[expect(
        clippy::too_many_lines,
        reason = "one sentence for each cause, side by side"
    )]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(call) => {
                write!(formatter, "{call}")?;
                advice(call).map_or(Ok(()), |advice| write!(formatter, ": {advice}"))
            }
            Self::CertificateUnreadable(id) => {
                write!(
                    formatter,
                    "certificate {id} cannot be read: have it renewed"
                )
            }
            Self::CertificateNotFound { present } => write!(
                formatter,
                "the certificate is not among the {} on this token: plug in the right token",
                present.len()
            ),
            Self::CertificateNotUnique { candidates } => write!(
                formatter,
                "{} certificates on this token fit: name one by its id",
                candidates.len()
            ),
            Self::Computation(_) => formatter.write_str("OpenSSL could not compute"),
            Self::FinalTryRefused => formatter.write_str(
                "one try is left before the token locks: it was not used; confirm to use it",
            ),
            Self::KeyMissing(id) => {
                write!(
                    formatter,
                    "the token holds no private key for certificate {id}"
                )
            }
            Self::KeyConflicts(id) => write!(
                formatter,
                "the key that bears the CKA_ID of certificate {id} is another key: have the token \
                 written again"
            ),
            Self::ModuleFile { path, error } => {
                write!(formatter, "module {}: {error}", path.display())
            }
            Self::ModuleLoad { path, error } => write!(
                formatter,
                "module {} did not start: {error}: install the token's software again",
                path.display()
            ),
            Self::ModuleSilent { path, seconds } => write!(
                formatter,
                "module {} has not answered for {seconds} s: look for a hidden PIN window, else \
                 restart this program",
                path.display()
            ),
            Self::ModuleStopped { path } => write!(
                formatter,
                "the thread of module {} is gone: restart this program",
                path.display()
            ),
            Self::PinIncorrect { call, state } => write!(
                formatter,
                "{call}: the PIN was not accepted and not tried again; {state}"
            ),
            Self::PinLocked { call: Some(call) } => {
                write!(formatter, "{call}: {}", PinState::Locked)
            }
            Self::PinLocked { call: None } => write!(formatter, "{}", PinState::Locked),
            Self::ProtectedPathMissing => {
                formatter.write_str("the token has no pad of its own: pass a PIN")
            }
            Self::SchemeMissing => {
                formatter.write_str("the token lists no mechanism that this key can sign with")
            }
            Self::SchemeUnsupported(scheme) => {
                write!(
                    formatter,
                    "the key cannot sign with {scheme}: choose one of its schemes"
                )
            }
            Self::SessionEnded => formatter
                .write_str("the session ended when the PIN was refused: open the key again"),
            Self::SignatureMalformed { octets } => write!(
                formatter,
                "the token returned {octets} octets that are no signature value"
            ),
            Self::SignatureWrong(scheme) => write!(
                formatter,
                "the token returned a value that is no {scheme} signature under the certificate: \
                 it was discarded"
            ),
            Self::TokenChanged => {
                formatter.write_str("another token is in the slot: list the tokens again")
            }
            Self::TokenInUse => {
                formatter.write_str("the token is signing for another job: wait for its end")
            }
            Self::TokenNotFound { present } if present.is_empty() => {
                formatter.write_str("no token is plugged in")
            }
            Self::TokenNotFound { present } => write!(
                formatter,
                "no token with this label; plugged in: {}",
                present.join(", ")
            ),
            Self::TokenNotUnique { serial_numbers } => write!(
                formatter,
                "several tokens bear this label; their serial numbers: {}",
                serial_numbers.join(", ")
            ),
        }
    }
}
