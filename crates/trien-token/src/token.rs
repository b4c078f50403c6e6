//! A token in a slot: what it says of itself, what is on it, and opening one of its keys.
//! Knows nothing of how values are made or verified.

use std::fmt;
use std::sync::Arc;

use cryptoki::mechanism::MechanismType;
use cryptoki::session::UserType;
use cryptoki::slot::Slot;
use trien_types::CertificateId;

use crate::inventory::{Inventory, TokenCertificate, UnlinkedKey};
use crate::key_link::{KeyLink, PrivateKeys, link};
use crate::key_session::{KeySession, LoginSession, SessionLease, token_info};
use crate::mechanism::{SIGNING_MECHANISMS, digest_signings, signings};
use crate::objects::{self, CertificateObject, KeyObject};
use crate::public_key::KeyFamily;
use crate::token_key::{Opened, TokenKey};
use crate::worker::{LISTING, ModuleWorker, PERSON, WorkerState};
use crate::{FinalTry, PinSource, PinState, TokenError, VerificationKey};

/// Whether a token asks for a login before private keys are used (`CKF_LOGIN_REQUIRED`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum LoginRequirement {
    /// It says so.
    Required,
    /// It does not.
    NotRequired,
}

/// Whether a token takes the PIN at a pad or window of its own
/// (`CKF_PROTECTED_AUTHENTICATION_PATH`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProtectedAuthenticationPath {
    /// It does not: pass the PIN.
    Absent,
    /// It does.
    Present,
}

/// What a token said of itself (`CK_TOKEN_INFO`, PKCS#11 3.1, 3.2).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenInfo {
    /// The label given at initialisation.
    pub label: String,
    /// The manufacturer of the chip or of its software.
    pub manufacturer: String,
    /// The model.
    pub model: String,
    /// The serial number, which tells tokens of one label apart.
    pub serial_number: String,
    /// The state of the user PIN when the token was listed.
    pub pin_state: PinState,
    /// Whether keys need a login.
    pub login: LoginRequirement,
    /// Whether the token has a pad or window of its own for the PIN.
    pub protected_authentication_path: ProtectedAuthenticationPath,
    /// The fewest and the most octets of a PIN (`ulMinPinLen`, `ulMaxPinLen`), as the driver has
    /// them: some say 0 for both.
    pub pin_octets: (u64, u64),
}

fn octets(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

impl TokenInfo {
    pub(crate) fn new(info: &cryptoki::slot::TokenInfo) -> Self {
        let pin_state = if info.user_pin_locked() {
            PinState::Locked
        } else if info.user_pin_final_try() {
            PinState::FinalTry
        } else if !info.user_pin_initialized() {
            PinState::NotInitialised
        } else if info.user_pin_count_low() {
            PinState::CountLow
        } else {
            PinState::Initialised
        };
        Self {
            label: info.label().to_owned(),
            manufacturer: info.manufacturer_id().to_owned(),
            model: info.model().to_owned(),
            serial_number: info.serial_number().to_owned(),
            pin_state,
            login: if info.login_required() {
                LoginRequirement::Required
            } else {
                LoginRequirement::NotRequired
            },
            protected_authentication_path: if info.protected_authentication_path() {
                ProtectedAuthenticationPath::Present
            } else {
                ProtectedAuthenticationPath::Absent
            },
            pin_octets: (octets(info.min_pin_length()), octets(info.max_pin_length())),
        }
    }

    fn is_same_token(&self, other: &Self) -> bool {
        (
            &self.label,
            &self.manufacturer,
            &self.model,
            &self.serial_number,
        ) == (
            &other.label,
            &other.manufacturer,
            &other.model,
            &other.serial_number,
        )
    }
}

/// Which certificate, and thereby which key, is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateSelector {
    /// The certificate with this id: the one shown to the user.
    Id(CertificateId),
    /// The certificate with this `CKA_LABEL`.
    Label(String),
    /// The only certificate on the token that has its private key there.
    Only,
}

impl CertificateSelector {
    fn selects(&self, certificate: &CertificateObject) -> bool {
        match self {
            Self::Id(id) => certificate.id == *id,
            Self::Label(label) => certificate.label == *label,
            Self::Only => true,
        }
    }
}

/// A token that was plugged in when its module was asked.
#[derive(Clone)]
pub struct Token {
    worker: Arc<ModuleWorker>,
    slot: Slot,
    info: TokenInfo,
}

impl Token {
    pub(crate) const fn new(worker: Arc<ModuleWorker>, slot: Slot, info: TokenInfo) -> Self {
        Self { worker, slot, info }
    }

    /// What the token said of itself when it was listed.
    #[must_use]
    pub const fn info(&self) -> &TokenInfo {
        &self.info
    }

    /// Reads certificates and keys without a PIN, in a read-only session. Certificates that the
    /// token shows only after login are missing; private keys mostly are.
    ///
    /// # Errors
    /// The token is gone or exchanged, or the module fails.
    pub fn inventory(&self) -> Result<Inventory, TokenError> {
        let (slot, listed) = (self.slot, self.info.clone());
        self.worker.run(LISTING, move |state| {
            let info = same_token(state, slot, &listed)?;
            let login = LoginSession::open(state, slot)?;
            // A key in use keeps its user logged in, for all sessions with the token.
            let in_use = state.sessions.values().any(|key| key.slot() == slot);
            let visibility = if in_use || info.login == LoginRequirement::NotRequired {
                PrivateKeys::Visible
            } else {
                PrivateKeys::HiddenUntilLogin
            };
            inventory(state, &login, slot, visibility)
        })
    }

    /// Opens the key of a certificate for signing, with at most one login.
    ///
    /// The PIN is not used if the certificate is not on the token, the PIN is locked, or its last
    /// try is left and not accepted. It is never tried twice. Dropping the key logs out.
    ///
    /// # Errors
    /// No such certificate or key, the PIN is refused, or the module fails.
    pub fn open_key(
        &self,
        selector: &CertificateSelector,
        pin: PinSource,
        final_try: FinalTry,
    ) -> Result<TokenKey, TokenError> {
        let (slot, listed, selector) = (self.slot, self.info.clone(), selector.clone());
        let worker = Arc::clone(&self.worker);
        let opened = self.worker.run(PERSON, move |state| {
            let info = same_token(state, slot, &listed)?;
            if state.sessions.values().any(|key| key.slot() == slot) {
                return Err(TokenError::TokenInUse);
            }
            Opening {
                state,
                info,
                selector,
            }
            .open(worker, slot, pin, final_try)
        })?;
        Ok(TokenKey::new(opened))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Token")
            .field("module", &self.worker.path())
            .field("slot", &self.slot.id())
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

/// The token's present information, if it still is the one that was listed.
fn same_token(
    state: &WorkerState,
    slot: Slot,
    listed: &TokenInfo,
) -> Result<TokenInfo, TokenError> {
    let info = token_info(state, slot)?;
    if info.is_same_token(listed) {
        Ok(info)
    } else {
        Err(TokenError::TokenChanged)
    }
}

fn inventory(
    state: &WorkerState,
    login: &LoginSession,
    slot: Slot,
    visibility: PrivateKeys,
) -> Result<Inventory, TokenError> {
    let mechanisms = mechanisms(state, slot)?;
    let certificates = objects::certificates(state, login.session())?;
    let public_keys = objects::public_keys(state, login.session())?;
    let private_keys = objects::private_keys(state, login.session(), &public_keys)?;
    let mut linked = Vec::new();
    let certificates = certificates
        .into_iter()
        .map(|certificate| {
            let (key_link, key) = link(&certificate, &private_keys, &public_keys, visibility);
            linked.extend(key.map(|key| key.handle));
            TokenCertificate::new(certificate, key_link, &mechanisms)
        })
        .collect();
    let unlinked = private_keys
        .into_iter()
        .filter(|key| !linked.contains(&key.handle))
        .map(|key| UnlinkedKey {
            key_id: key.key_id,
            label: key.label,
        })
        .collect();
    Ok(Inventory {
        certificates,
        keys_without_certificate: unlinked,
        private_keys: visibility,
    })
}

/// Opening a key, on the module's thread.
struct Opening<'a> {
    state: &'a mut WorkerState,
    info: TokenInfo,
    selector: CertificateSelector,
}

impl Opening<'_> {
    fn open(
        self,
        worker: Arc<ModuleWorker>,
        slot: Slot,
        pin: PinSource,
        final_try: FinalTry,
    ) -> Result<Opened, TokenError> {
        let mut login = LoginSession::open(self.state, slot)?;
        let mut certificates = objects::certificates(self.state, login.session())?;
        // Where certificates can be read before login, a wrong one must not cost a login.
        if !certificates.is_empty() {
            self.check_selection(&certificates)?;
        }
        let mut pin_state = self.info.pin_state;
        if self.info.login == LoginRequirement::Required {
            pin_state = login.login(self.state, UserType::User, &pin, final_try)?;
        }
        if certificates.is_empty() {
            certificates = objects::certificates(self.state, login.session())?;
            self.check_selection(&certificates)?;
        }
        let public_keys = objects::public_keys(self.state, login.session())?;
        let private_keys = objects::private_keys(self.state, login.session(), &public_keys)?;
        let (certificate, key_link, key) =
            self.choose(&certificates, &private_keys, &public_keys)?;

        let unreadable = || TokenError::CertificateUnreadable(certificate.id);
        let public_key = certificate.public_key.clone().ok_or_else(unreadable)?;
        let family = KeyFamily::of(&public_key).ok_or_else(unreadable)?;
        let mechanisms = mechanisms(self.state, slot)?;
        let signings = signings(family, public_key.size(), &mechanisms);
        if signings.is_empty() {
            return Err(TokenError::SchemeMissing);
        }
        let each_time = key.always_authenticate.then_some((pin, final_try));
        let session = KeySession::new(login, key.handle, each_time);
        Ok(Opened {
            certificate: certificate.der.clone(),
            id: certificate.id,
            on_token: certificates
                .iter()
                .map(|certificate| certificate.der.clone())
                .collect(),
            key_link,
            pin_state,
            digest_signings: digest_signings(family, public_key.size(), &mechanisms),
            public_key: VerificationKey::new(public_key, certificate.id),
            signings,
            lease: SessionLease::new(worker, self.state, session),
        })
    }

    fn check_selection(&self, certificates: &[CertificateObject]) -> Result<(), TokenError> {
        if certificates
            .iter()
            .any(|certificate| self.selector.selects(certificate))
        {
            return Ok(());
        }
        let present = certificates
            .iter()
            .map(|certificate| certificate.id)
            .collect();
        Err(TokenError::CertificateNotFound { present })
    }

    /// The selected certificate with its key. Of several that fit, those without a key do not
    /// count; if that leaves several, the caller must be more exact.
    fn choose<'a>(
        &self,
        certificates: &'a [CertificateObject],
        private_keys: &'a [KeyObject],
        public_keys: &[KeyObject],
    ) -> Result<(&'a CertificateObject, KeyLink, &'a KeyObject), TokenError> {
        let selected = certificates
            .iter()
            .filter(|certificate| self.selector.selects(certificate));
        let mut with_key: Vec<(&CertificateObject, KeyLink, &KeyObject)> = Vec::new();
        let mut failure = TokenError::CertificateNotFound {
            present: certificates
                .iter()
                .map(|certificate| certificate.id)
                .collect(),
        };
        for certificate in selected {
            match link(certificate, private_keys, public_keys, PrivateKeys::Visible) {
                (key_link, Some(key)) => {
                    // A token may hold the same certificate twice.
                    if with_key
                        .iter()
                        .all(|(known, ..)| known.id != certificate.id)
                    {
                        with_key.push((certificate, key_link, key));
                    }
                }
                (KeyLink::Conflicting, None) => failure = TokenError::KeyConflicts(certificate.id),
                (_, None) => failure = TokenError::KeyMissing(certificate.id),
            }
        }
        match (with_key.pop(), with_key.is_empty()) {
            (Some(only), true) => Ok(only),
            (Some(last), false) => {
                with_key.push(last);
                let candidates = with_key
                    .iter()
                    .map(|(certificate, ..)| certificate.id)
                    .collect();
                Err(TokenError::CertificateNotUnique { candidates })
            }
            (None, _) => Err(failure),
        }
    }
}

/// The mechanisms that the token lists and that can sign.
fn mechanisms(state: &WorkerState, slot: Slot) -> Result<Vec<MechanismType>, TokenError> {
    let mut listed = state
        .pkcs11
        .get_mechanism_list(slot)
        .map_err(TokenError::failed)?;
    listed.retain(|type_| {
        // A token that lists a mechanism but tells nothing of it is believed.
        SIGNING_MECHANISMS.contains(type_)
            && state
                .pkcs11
                .get_mechanism_info(slot, *type_)
                .map_or(true, |info| info.sign())
    });
    Ok(listed)
}
