//! A key on a token as a `SigningKey`: chooses the mechanism and lets no wrong value out.
//! Knows nothing of PINs or of what the message is.

use openssl::pkey::{PKey, Public};
use trien_types::{CertificateId, SignatureScheme, SigningKey, SigningKeyError};

use crate::certificate_order::path;
use crate::key_link::KeyLink;
use crate::key_session::SessionLease;
use crate::mechanism::Signing;
use crate::public_key::verifies;
use crate::{PinState, TokenError};

/// What opening a key yields.
pub(crate) struct Opened {
    pub(crate) certificate: Vec<u8>,
    pub(crate) id: CertificateId,
    pub(crate) on_token: Vec<Vec<u8>>,
    pub(crate) key_link: KeyLink,
    pub(crate) pin_state: PinState,
    pub(crate) public_key: PKey<Public>,
    pub(crate) signings: Vec<Signing>,
    pub(crate) lease: SessionLease,
}

/// A private key on a token, open for signing. Dropping it logs out and closes the session.
///
/// Every value is verified under the certificate's public key before it is returned.
#[derive(Debug)]
pub struct TokenKey {
    certificate_path: Vec<Vec<u8>>,
    id: CertificateId,
    known: Vec<Vec<u8>>,
    key_link: KeyLink,
    pin_state: PinState,
    public_key: PKey<Public>,
    schemes: Vec<SignatureScheme>,
    signings: Vec<Signing>,
    lease: SessionLease,
}

impl TokenKey {
    pub(crate) fn new(opened: Opened) -> Self {
        Self {
            certificate_path: path(&opened.certificate, &opened.on_token),
            id: opened.id,
            known: opened.on_token,
            key_link: opened.key_link,
            pin_state: opened.pin_state,
            public_key: opened.public_key,
            schemes: opened
                .signings
                .iter()
                .map(|signing| signing.scheme)
                .collect(),
            signings: opened.signings,
            lease: opened.lease,
        }
    }

    /// The id of the signer's certificate.
    #[must_use]
    pub const fn certificate_id(&self) -> CertificateId {
        self.id
    }

    /// How the key was found for its certificate.
    #[must_use]
    pub const fn key_link(&self) -> KeyLink {
        self.key_link
    }

    /// What the token's flags said before the login: [`PinState::CountLow`] means that a wrong
    /// PIN had been entered before, perhaps by someone else.
    #[must_use]
    pub const fn pin_state_before_login(&self) -> PinState {
        self.pin_state
    }

    /// Completes the certificate path with issuers' certificates (DER) that are not on the token.
    /// Those that are no issuers of this path are left out.
    #[must_use]
    pub fn with_issuers(mut self, issuers: impl IntoIterator<Item = Vec<u8>>) -> Self {
        self.known.extend(issuers);
        if let Some(signer) = self.certificate_path.first() {
            self.certificate_path = path(signer, &self.known);
        }
        self
    }

    fn sign_and_verify(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
    ) -> Result<Vec<u8>, TokenError> {
        let signing = self
            .signings
            .iter()
            .find(|signing| signing.scheme == scheme);
        let signing = signing.ok_or(TokenError::SchemeUnsupported(scheme))?;
        let input = signing.input(message).map_err(TokenError::Computation)?;
        let value = self.lease.sign(*signing, input)?;
        let octets = value.len();
        let value = signing.output(value).map_err(TokenError::Computation)?;
        let value = value.ok_or(TokenError::SignatureMalformed { octets })?;
        let holds = verifies(&self.public_key, scheme, message, &value);
        if holds.map_err(TokenError::Computation)? {
            Ok(value)
        } else {
            Err(TokenError::SignatureWrong(scheme))
        }
    }
}

impl SigningKey for TokenKey {
    fn certificate_path(&self) -> &[Vec<u8>] {
        &self.certificate_path
    }

    fn schemes(&self) -> &[SignatureScheme] {
        &self.schemes
    }

    fn sign(
        &mut self,
        scheme: SignatureScheme,
        message: &[u8],
    ) -> Result<Vec<u8>, SigningKeyError> {
        Ok(self.sign_and_verify(scheme, message)?)
    }
}
