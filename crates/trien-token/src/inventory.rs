//! What is on a token, as the user is shown it before signing.
//! Reads nothing itself and judges no certificate.

use cryptoki::mechanism::MechanismType;
use trien_types::{CertificateId, SignatureScheme};

use crate::key_link::{KeyLink, PrivateKeys};
use crate::mechanism::{Signing, digest_signings, schemes_of, signings};
use crate::objects::CertificateObject;
use crate::public_key::KeyFamily;

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
    /// The schemes that its key can sign with on this token, the preferred one first: what
    /// [`TokenKey::schemes`](trien_types::SigningKey::schemes) will be.
    pub schemes: Vec<SignatureScheme>,
    /// Those under which a digest computed elsewhere can be signed.
    pub digest_schemes: Vec<SignatureScheme>,
}

impl TokenCertificate {
    /// `mechanisms` are those of the token that sign.
    pub(crate) fn new(
        certificate: CertificateObject,
        key_link: KeyLink,
        mechanisms: &[MechanismType],
    ) -> Self {
        let key = certificate.public_key.as_deref();
        let family = key.and_then(|key| Some((KeyFamily::of(key)?, key.size())));
        let offered = |offer: fn(KeyFamily, usize, &[MechanismType]) -> Vec<Signing>| {
            family.map_or_else(Vec::new, |(family, octets)| {
                schemes_of(&offer(family, octets, mechanisms))
            })
        };
        Self {
            schemes: offered(signings),
            digest_schemes: offered(digest_signings),
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
