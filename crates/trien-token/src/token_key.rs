//! A key on a token as a `SigningKey`: chooses the mechanism and lets no wrong value out.
//! Knows nothing of PINs or of what the message is.

use trien_types::{CertificateId, Digest, SignatureScheme, SigningKey, SigningKeyError};

use crate::certificate_order::certificate_path;
use crate::key_link::KeyLink;
use crate::key_session::SessionLease;
use crate::mechanism::{Signing, schemes_of};
use crate::{PinState, TokenError, VerificationKey};

/// What opening a key yields.
pub(crate) struct Opened {
    pub(crate) certificate: Vec<u8>,
    pub(crate) id: CertificateId,
    pub(crate) on_token: Vec<Vec<u8>>,
    pub(crate) key_link: KeyLink,
    pub(crate) pin_state: PinState,
    pub(crate) public_key: VerificationKey,
    pub(crate) signings: Vec<Signing>,
    pub(crate) digest_signings: Vec<Signing>,
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
    public_key: VerificationKey,
    schemes: Vec<SignatureScheme>,
    signings: Vec<Signing>,
    digest_schemes: Vec<SignatureScheme>,
    digest_signings: Vec<Signing>,
    lease: SessionLease,
}

impl TokenKey {
    pub(crate) fn new(opened: Opened) -> Self {
        Self {
            certificate_path: certificate_path(&opened.certificate, &opened.on_token),
            id: opened.id,
            known: opened.on_token,
            key_link: opened.key_link,
            pin_state: opened.pin_state,
            public_key: opened.public_key,
            schemes: schemes_of(&opened.signings),
            signings: opened.signings,
            digest_schemes: schemes_of(&opened.digest_signings),
            digest_signings: opened.digest_signings,
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
            self.certificate_path = certificate_path(signer, &self.known);
        }
        self
    }

    /// The schemes under which the key signs a digest computed elsewhere: those for which the
    /// token has a mechanism that hashes nothing itself. The preferred one first.
    #[must_use]
    pub fn digest_schemes(&self) -> &[SignatureScheme] {
        &self.digest_schemes
    }

    /// Signs the message that has this digest, in the form of [`SigningKey::sign`].
    ///
    /// # Errors
    /// The scheme is not one of [`TokenKey::digest_schemes`], the digest is another algorithm's,
    /// the token refuses, or what it returned does not verify.
    pub fn sign_digest(
        &mut self,
        scheme: SignatureScheme,
        digest: &Digest,
    ) -> Result<Vec<u8>, TokenError> {
        let value = self.danger_unverified(scheme, SigningInput::Digest(digest))?;
        let holds = self.public_key.verifies_digest(scheme, digest, &value)?;
        holds
            .then_some(value)
            .ok_or(TokenError::SignatureWrong(scheme))
    }

    /// What the token makes of a message or digest, not verified: for a process that holds the
    /// module for another one, which verifies the value with a [`VerificationKey`] because it
    /// must not trust the process the module runs in. Anybody else uses [`SigningKey::sign`].
    ///
    /// # Errors
    /// The scheme does not fit the input, the token refuses, or what it returned has not even the
    /// form of a value.
    pub fn danger_unverified(
        &mut self,
        scheme: SignatureScheme,
        input: SigningInput<'_>,
    ) -> Result<Vec<u8>, TokenError> {
        let (signing, input) = match input {
            SigningInput::Digest(digest) => {
                let signing = choose(&self.digest_signings, scheme)?;
                let input = signing.input_of_digest(digest);
                (signing, input.ok_or(TokenError::SchemeUnsupported(scheme))?)
            }
            SigningInput::Message(message) => {
                let signing = choose(&self.signings, scheme)?;
                let input = signing.input(message).map_err(TokenError::Computation)?;
                (signing, input)
            }
        };
        let value = self.lease.sign(signing, input)?;
        let octets = value.len();
        let value = signing.output(value).map_err(TokenError::Computation)?;
        value.ok_or(TokenError::SignatureMalformed { octets })
    }
}

/// What is signed: the message, or the digest of one that the caller does not have.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum SigningInput<'a> {
    /// The digest of the message, by the scheme's algorithm.
    Digest(&'a Digest),
    /// The message.
    Message(&'a [u8]),
}

fn choose(signings: &[Signing], scheme: SignatureScheme) -> Result<Signing, TokenError> {
    let chosen = signings.iter().find(|signing| signing.scheme == scheme);
    chosen.copied().ok_or(TokenError::SchemeUnsupported(scheme))
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
        let value = self.danger_unverified(scheme, SigningInput::Message(message))?;
        if self.public_key.verifies(scheme, message, &value)? {
            Ok(value)
        } else {
            Err(TokenError::SignatureWrong(scheme).into())
        }
    }
}
