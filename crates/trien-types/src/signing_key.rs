//! The key that signs, wherever it is: on a token, in a file, at a remote service.

use std::error::Error;
use std::fmt;

use crate::SignatureScheme;

/// A private key that can sign, with the certificates that go with it.
///
/// Implementations never cache a PIN beyond the session it opened and never try one twice.
pub trait SigningKey {
    /// DER octets of the signer's certificate, then of the issuers' certificates that are known,
    /// each one followed by its issuer. Never empty.
    fn certificate_path(&self) -> &[Vec<u8>];

    /// The schemes this key can sign with, the preferred one first.
    fn schemes(&self) -> &[SignatureScheme];

    /// Signs `message` (the octets, not their digest) under `scheme`.
    ///
    /// The value is in the form that CMS carries: for ECDSA the DER SEQUENCE of r and s.
    ///
    /// # Errors
    /// The scheme is not one of [`SigningKey::schemes`], or the key refuses or cannot be reached.
    fn sign(&mut self, scheme: SignatureScheme, message: &[u8])
    -> Result<Vec<u8>, SigningKeyError>;
}

/// The cause of a failed signature, as far as the road needs to know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SigningKeyErrorKind {
    /// The user cancelled.
    Cancelled,
    /// The PIN was not accepted. It has not been tried again.
    PinIncorrect,
    /// The PIN is locked.
    PinLocked,
    /// The key cannot sign under the scheme asked for.
    SchemeUnsupported,
    /// The token or service is gone or does not answer.
    Unreachable,
    /// Anything else; the source tells.
    Other,
}

/// A signature could not be made.
#[derive(Debug)]
pub struct SigningKeyError {
    kind: SigningKeyErrorKind,
    source: Box<dyn Error + Send + Sync>,
}

impl SigningKeyError {
    /// Wraps the implementation's own error.
    pub fn new(kind: SigningKeyErrorKind, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            kind,
            source: source.into(),
        }
    }

    /// The cause.
    #[must_use]
    pub const fn kind(&self) -> SigningKeyErrorKind {
        self.kind
    }
}

impl fmt::Display for SigningKeyError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            SigningKeyErrorKind::Cancelled => "signing was cancelled",
            SigningKeyErrorKind::PinIncorrect => "the PIN is incorrect; it was not tried again",
            SigningKeyErrorKind::PinLocked => "the PIN is locked",
            SigningKeyErrorKind::SchemeUnsupported => "the key cannot sign under this scheme",
            SigningKeyErrorKind::Unreachable => "the token or signing service cannot be reached",
            SigningKeyErrorKind::Other => "the key could not sign",
        })
    }
}

impl Error for SigningKeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
