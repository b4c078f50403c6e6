//! What is on a token, as the user is shown it before signing.
//! Reads nothing itself and judges no certificate.

use trien_types::CertificateId;

use crate::key_link::{KeyLink, PrivateKeys};
use crate::objects::CertificateObject;

/// Certificates and keys on a token.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Inventory {
    /// The certificates, in the token's order.
    pub certificates: Vec<TokenCertificate>,
    /// Private keys that were seen and belong to none of the certificates.
    pub keys_without_certificate: Vec<UnlinkedKey>,
    /// Whether all private keys were to be seen.
    pub private_keys: PrivateKeys,
}

impl Inventory {
    /// The certificates whose private key is on the token, or may show after login.
    pub fn signing_certificates(&self) -> impl Iterator<Item = &TokenCertificate> {
        self.certificates.iter().filter(|certificate| {
            !matches!(
                certificate.key_link,
                KeyLink::Missing | KeyLink::Conflicting
            )
        })
    }

    /// The certificates that the token has no private key for: issuers', or a lost key's.
    pub fn certificates_without_key(&self) -> impl Iterator<Item = &TokenCertificate> {
        self.certificates.iter().filter(|certificate| {
            matches!(
                certificate.key_link,
                KeyLink::Missing | KeyLink::Conflicting
            )
        })
    }
}

/// A certificate on a token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenCertificate {
    /// SHA-256 of the certificate's octets.
    pub id: CertificateId,
    /// The certificate as it is on the token; not checked to be one.
    pub der: Vec<u8>,
    /// `CKA_ID`, empty if missing.
    pub key_id: Vec<u8>,
    /// `CKA_LABEL`, empty if missing.
    pub label: String,
    /// Its private key.
    pub key_link: KeyLink,
}

impl TokenCertificate {
    pub(crate) fn new(certificate: CertificateObject, key_link: KeyLink) -> Self {
        Self {
            id: certificate.id,
            der: certificate.der,
            key_id: certificate.key_id,
            label: certificate.label,
            key_link,
        }
    }
}

/// A private key on a token that belongs to none of its certificates.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnlinkedKey {
    /// `CKA_ID`, empty if missing.
    pub key_id: Vec<u8>,
    /// `CKA_LABEL`, empty if missing.
    pub label: String,
}
