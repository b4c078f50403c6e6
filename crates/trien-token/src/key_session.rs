//! An open session with a private key, on the module's thread: login, signing, logout.
//! Knows nothing of certificates or schemes.

use std::fmt;
use std::sync::Arc;

use cryptoki::object::ObjectHandle;
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;

use crate::error::login_error;
use crate::mechanism::Signing;
use crate::token::{ProtectedAuthenticationPath, TokenInfo};
use crate::worker::{ModuleWorker, PERSON, SessionNumber, WorkerState};
use crate::{CallError, FinalTry, PinSource, PinState, TokenError};

/// Octets of the longest signature value taken: that of an RSA key of 16,384 bits, the longest
/// that a module known to us announces.
const LONGEST_VALUE: usize = 2_048;

/// Whether a session is logged in, by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LoginState {
    LoggedIn,
    NotLoggedIn,
}

/// A session that logs out and closes when dropped. Invariant: read-only, as some tokens refuse
/// any other.
pub(crate) struct LoginSession {
    session: Session,
    slot: Slot,
    state: LoginState,
}

impl LoginSession {
    pub(crate) fn open(state: &WorkerState, slot: Slot) -> Result<Self, TokenError> {
        let session = state
            .pkcs11
            .open_ro_session(slot)
            .map_err(TokenError::failed)?;
        Ok(Self {
            session,
            slot,
            state: LoginState::NotLoggedIn,
        })
    }

    pub(crate) const fn session(&self) -> &Session {
        &self.session
    }

    pub(crate) fn is_logged_in(&self) -> bool {
        self.state == LoginState::LoggedIn
    }

    /// Logs in as `user` with one try, after a look at the token's flags.
    pub(crate) fn login(
        &mut self,
        state: &WorkerState,
        user: UserType,
        pin: &PinSource,
        final_try: FinalTry,
    ) -> Result<PinState, TokenError> {
        let before = token_info(state, self.slot)?;
        match (before.pin_state, final_try) {
            (PinState::Locked, _) => return Err(TokenError::PinLocked { call: None }),
            (PinState::FinalTry, FinalTry::Refuse) => return Err(TokenError::FinalTryRefused),
            _ => {}
        }
        let result = match pin {
            PinSource::Pin(pin) => self.session.login_with_raw(user, pin.as_raw()),
            PinSource::ProtectedAuthenticationPath => {
                if before.protected_authentication_path == ProtectedAuthenticationPath::Absent {
                    return Err(TokenError::ProtectedPathMissing);
                }
                self.session.login(user, None)
            }
        };
        if let Err(error) = result {
            let after =
                token_info(state, self.slot).map_or(before.pin_state, |info| info.pin_state);
            return Err(login_error(CallError::new(error), after));
        }
        if matches!(user, UserType::User) {
            self.state = LoginState::LoggedIn;
        }
        Ok(before.pin_state)
    }
}

impl Drop for LoginSession {
    fn drop(&mut self) {
        if self.is_logged_in() {
            // The token may be gone; closing the session, which follows, logs out as well.
            let _ = self.session.logout();
        }
    }
}

/// A key that can sign, with the session it was found in.
pub(crate) struct KeySession {
    login: LoginSession,
    key: ObjectHandle,
    /// Kept only for a key that asks for the PIN before each signature; wiped with the session.
    each_time: Option<(PinSource, FinalTry)>,
    ended: bool,
}

impl KeySession {
    pub(crate) const fn new(
        login: LoginSession,
        key: ObjectHandle,
        each_time: Option<(PinSource, FinalTry)>,
    ) -> Self {
        Self {
            login,
            key,
            each_time,
            ended: false,
        }
    }

    pub(crate) fn slot(&self) -> Slot {
        self.login.slot
    }

    /// One signature: `C_SignInit`, for some keys `C_Login` once more, `C_Sign`.
    fn sign(
        &mut self,
        state: &WorkerState,
        signing: Signing,
        input: &[u8],
    ) -> Result<Vec<u8>, TokenError> {
        if self.ended {
            return Err(TokenError::SessionEnded);
        }
        let mechanism = signing
            .mechanism()
            .ok_or(TokenError::SchemeUnsupported(signing.scheme))?;
        let session = self.login.session();
        session
            .sign_init(&mechanism, self.key)
            .map_err(TokenError::failed)?;
        let handle = session.handle();
        if let Some((pin, final_try)) = &self.each_time {
            // PKCS#11 3.1, 5.6.8: the login comes between C_SignInit and C_Sign.
            let result = self
                .login
                .login(state, UserType::ContextSpecific, pin, *final_try);
            if let Err(error) = result {
                // A batch stops at the first refusal: the PIN must not be tried again.
                self.ended = true;
                self.each_time = None;
                return Err(error);
            }
        }
        Ok(state.raw.sign(handle, input, LONGEST_VALUE)?)
    }
}

/// An open session as other threads know it: a number. Dropping it logs out and closes.
pub(crate) struct SessionLease {
    worker: Arc<ModuleWorker>,
    number: SessionNumber,
}

impl SessionLease {
    /// Puts the session among those of the module's thread.
    pub(crate) fn new(worker: Arc<ModuleWorker>, state: &mut WorkerState, key: KeySession) -> Self {
        let number = state.next_session;
        state.next_session = number.wrapping_add(1);
        state.sessions.insert(number, key);
        Self { worker, number }
    }

    /// Makes one signature value on the module's thread.
    pub(crate) fn sign(&self, signing: Signing, input: Vec<u8>) -> Result<Vec<u8>, TokenError> {
        let number = self.number;
        self.worker.run(PERSON, move |state| {
            let mut key = state
                .sessions
                .remove(&number)
                .ok_or(TokenError::SessionEnded)?;
            let result = key.sign(state, signing, &input);
            state.sessions.insert(number, key);
            result
        })
    }
}

impl Drop for SessionLease {
    fn drop(&mut self) {
        self.worker.close(self.number);
    }
}

impl fmt::Debug for SessionLease {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "SessionLease({})", self.number)
    }
}

/// What the token in a slot says of itself now.
pub(crate) fn token_info(state: &WorkerState, slot: Slot) -> Result<TokenInfo, TokenError> {
    let info = state
        .pkcs11
        .get_token_info(slot)
        .map_err(TokenError::failed)?;
    Ok(TokenInfo::new(&info))
}
