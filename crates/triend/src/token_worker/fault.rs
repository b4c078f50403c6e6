//! Why a worker could not do what it was asked, in the form that crosses the pipe.
//! Carries no PIN, no path and no text of a driver: only names of the standard.

use trien_token::{CallError, PinState, TokenError};

use super::frame::{FrameFault, FrameReader, FrameWriter};
use super::message::{pin_state_code, take_pin_state};

/// Octets of a function's or return value's name in PKCS#11; the longest have some forty.
const NAME_OCTETS: usize = 64;

/// The cause, as far as callers act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FaultKind {
    /// A PKCS#11 function failed otherwise.
    Call,
    /// The user cancelled at the token or in the driver's window.
    Cancelled,
    CertificateNotFound,
    CertificateUnreadable,
    FinalTryRefused,
    KeyConflicts,
    KeyMissing,
    /// The daemon named a key that is not open.
    KeyNotOpen,
    /// The module's library did not load or initialise.
    ModuleLoad,
    /// A call hangs inside the worker.
    ModuleSilent,
    PinIncorrect,
    PinLength,
    PinLocked,
    ProtectedPathMissing,
    SchemeMissing,
    SchemeUnsupported,
    SessionEnded,
    SignatureMalformed,
    SignatureWrong,
    TokenInUse,
    /// No token of that name is in any slot.
    TokenNotPresent,
    /// It was there when the work began.
    TokenRemoved,
    /// More is on the token than the protocol has room for.
    TooMuch,
    /// Anything else.
    Other,
}

const KINDS: [FaultKind; 24] = [
    FaultKind::Call,
    FaultKind::Cancelled,
    FaultKind::CertificateNotFound,
    FaultKind::CertificateUnreadable,
    FaultKind::FinalTryRefused,
    FaultKind::KeyConflicts,
    FaultKind::KeyMissing,
    FaultKind::KeyNotOpen,
    FaultKind::ModuleLoad,
    FaultKind::ModuleSilent,
    FaultKind::PinIncorrect,
    FaultKind::PinLength,
    FaultKind::PinLocked,
    FaultKind::ProtectedPathMissing,
    FaultKind::SchemeMissing,
    FaultKind::SchemeUnsupported,
    FaultKind::SessionEnded,
    FaultKind::SignatureMalformed,
    FaultKind::SignatureWrong,
    FaultKind::TokenInUse,
    FaultKind::TokenNotPresent,
    FaultKind::TokenRemoved,
    FaultKind::TooMuch,
    FaultKind::Other,
];

/// A failure inside a worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WorkerFault {
    pub(super) kind: FaultKind,
    /// What the token's flags say of the PIN, where the kind is about it.
    pub(super) pin_state: PinState,
    /// The function's and return value's names, empty if no function failed.
    pub(super) function: String,
    pub(super) return_value: String,
}

impl WorkerFault {
    pub(super) const fn of_kind(kind: FaultKind) -> Self {
        Self {
            kind,
            pin_state: PinState::Initialised,
            function: String::new(),
            return_value: String::new(),
        }
    }

    fn of_call(kind: FaultKind, call: &CallError) -> Self {
        Self {
            function: call.function_name().unwrap_or_default(),
            return_value: call.return_value_name().unwrap_or_default(),
            ..Self::of_kind(kind)
        }
    }

    /// Whether the call failed because the open key is no more.
    pub(super) fn is_key_gone(&self) -> bool {
        KEY_GONE.contains(&self.return_value.as_str())
    }

    pub(super) fn put(&self, frame: &mut FrameWriter) {
        let kind = KINDS.iter().position(|kind| *kind == self.kind);
        let kind = kind.and_then(|kind| u8::try_from(kind).ok());
        frame
            .byte(kind.unwrap_or(u8::MAX))
            .byte(pin_state_code(self.pin_state));
        for name in [&self.function, &self.return_value] {
            let name = name.as_bytes();
            frame.octets(name.get(..NAME_OCTETS).unwrap_or(name));
        }
    }

    pub(super) fn take(frame: &mut FrameReader<'_>) -> Result<Self, FrameFault> {
        let kind = KINDS.get(usize::from(frame.byte()?));
        Ok(Self {
            kind: kind.copied().ok_or(FrameFault::Malformed)?,
            pin_state: take_pin_state(frame)?,
            function: take_pkcs11_name(frame)?,
            return_value: take_pkcs11_name(frame)?,
        })
    }
}

/// A name as PKCS#11 has them; other characters could make a log or terminal say something else.
fn take_pkcs11_name(frame: &mut FrameReader<'_>) -> Result<String, FrameFault> {
    let name = frame.text(NAME_OCTETS)?;
    let is_name = name
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || "_() ".contains(character));
    is_name.then_some(name).ok_or(FrameFault::Malformed)
}

/// Return values of PKCS#11 3.1, 5.1, that say the token is gone or another one is there.
const GONE: [&str; 6] = [
    "CKR_DEVICE_REMOVED",
    "CKR_SESSION_CLOSED",
    "CKR_SESSION_HANDLE_INVALID",
    "CKR_SLOT_I_D_INVALID",
    "CKR_TOKEN_NOT_PRESENT",
    "CKR_TOKEN_NOT_RECOGNIZED",
];

/// What a signature with a handle that was valid ends in when the key behind it is gone.
const KEY_GONE: [&str; 2] = ["CKR_KEY_HANDLE_INVALID", "CKR_OBJECT_HANDLE_INVALID"];

const CANCELLED: [&str; 3] = [
    "CKR_CANCEL",
    "CKR_FUNCTION_CANCELED",
    "CKR_FUNCTION_REJECTED",
];

fn kind_of_call(call: &CallError) -> FaultKind {
    let value = call.return_value_name();
    let value = value.as_deref().unwrap_or_default();
    if GONE.contains(&value) {
        FaultKind::TokenRemoved
    } else if CANCELLED.contains(&value) {
        FaultKind::Cancelled
    } else {
        FaultKind::Call
    }
}

impl From<&TokenError> for WorkerFault {
    fn from(error: &TokenError) -> Self {
        match error {
            TokenError::Call(call) => Self::of_call(kind_of_call(call), call),
            TokenError::PinIncorrect { call, state } => {
                let is_length = call.return_value_name().as_deref() == Some("CKR_PIN_LEN_RANGE");
                let kind = match (state, is_length) {
                    (PinState::Locked, _) => FaultKind::PinLocked,
                    (_, true) => FaultKind::PinLength,
                    (_, false) => FaultKind::PinIncorrect,
                };
                Self {
                    pin_state: *state,
                    ..Self::of_call(kind, call)
                }
            }
            TokenError::PinLocked { call } => Self {
                pin_state: PinState::Locked,
                ..call
                    .as_ref()
                    .map_or(Self::of_kind(FaultKind::PinLocked), |call| {
                        Self::of_call(FaultKind::PinLocked, call)
                    })
            },
            TokenError::ModuleLoad { error, .. } => Self::of_call(FaultKind::ModuleLoad, error),
            TokenError::CertificateNotFound { .. }
            | TokenError::CertificateNotUnique { .. }
            | TokenError::CertificateUnreadable(_)
            | TokenError::Computation(_)
            | TokenError::FinalTryRefused
            | TokenError::KeyConflicts(_)
            | TokenError::KeyMissing(_)
            | TokenError::ModuleFile { .. }
            | TokenError::ModuleSilent { .. }
            | TokenError::ModuleStopped { .. }
            | TokenError::ProtectedPathMissing
            | TokenError::SchemeMissing
            | TokenError::SchemeUnsupported(_)
            | TokenError::SessionEnded
            | TokenError::SignatureMalformed { .. }
            | TokenError::SignatureWrong(_)
            | TokenError::TokenChanged
            | TokenError::TokenInUse
            | TokenError::TokenNotFound { .. }
            | TokenError::TokenNotUnique { .. }
            | _ => Self::of_kind(kind_of(error)),
        }
    }
}

fn kind_of(error: &TokenError) -> FaultKind {
    match error {
        TokenError::CertificateUnreadable(_) => FaultKind::CertificateUnreadable,
        TokenError::CertificateNotFound { .. } | TokenError::CertificateNotUnique { .. } => {
            FaultKind::CertificateNotFound
        }
        TokenError::FinalTryRefused => FaultKind::FinalTryRefused,
        TokenError::KeyMissing(_) => FaultKind::KeyMissing,
        TokenError::KeyConflicts(_) => FaultKind::KeyConflicts,
        TokenError::ModuleFile { .. } => FaultKind::ModuleLoad,
        TokenError::ModuleSilent { .. } => FaultKind::ModuleSilent,
        TokenError::ProtectedPathMissing => FaultKind::ProtectedPathMissing,
        TokenError::SchemeMissing => FaultKind::SchemeMissing,
        TokenError::SchemeUnsupported(_) => FaultKind::SchemeUnsupported,
        TokenError::SessionEnded => FaultKind::SessionEnded,
        TokenError::SignatureMalformed { .. } => FaultKind::SignatureMalformed,
        TokenError::SignatureWrong(_) => FaultKind::SignatureWrong,
        TokenError::TokenChanged | TokenError::TokenNotFound { .. } => FaultKind::TokenNotPresent,
        TokenError::TokenInUse => FaultKind::TokenInUse,
        TokenError::Call(_)
        | TokenError::Computation(_)
        | TokenError::ModuleLoad { .. }
        | TokenError::ModuleStopped { .. }
        | TokenError::PinIncorrect { .. }
        | TokenError::PinLocked { .. }
        | TokenError::TokenNotUnique { .. }
        | _ => FaultKind::Other,
    }
}
