//! The public key of a certificate: what a value from a token is held against before anybody uses
//! it, also by a program that keeps the token's module in another process.
//! Judges no certificate, trust or time.

use std::fmt;

use openssl::hash::hash;
use openssl::pkey::{PKey, Public};
use openssl::sha::sha256;
use openssl::x509::X509;
use trien_types::{CertificateId, Digest, SignatureInput, SignatureScheme};

use crate::TokenError;
use crate::public_key::{message_digest, verifies, verifies_digest};

/// Verifies signature values under the public key of one certificate.
#[derive(Clone)]
pub struct VerificationKey {
    key: PKey<Public>,
    certificate: CertificateId,
}

impl VerificationKey {
    /// Reads the key out of a certificate (DER).
    ///
    /// # Errors
    /// OpenSSL cannot read the certificate or its key.
    pub fn of_certificate(der: &[u8]) -> Result<Self, TokenError> {
        let certificate = CertificateId::from_sha256(sha256(der));
        X509::from_der(der)
            .and_then(|certificate| certificate.public_key())
            .map(|key| Self { key, certificate })
            .map_err(|_| TokenError::CertificateUnreadable(certificate))
    }

    pub(crate) const fn new(key: PKey<Public>, certificate: CertificateId) -> Self {
        Self { key, certificate }
    }

    /// SHA-256 of the certificate it was read from.
    #[must_use]
    pub const fn certificate_id(&self) -> CertificateId {
        self.certificate
    }

    /// Whether `value` is a signature of `message`. A value that cannot be read is none.
    ///
    /// # Errors
    /// OpenSSL cannot compute.
    pub fn verifies(
        &self,
        scheme: SignatureScheme,
        message: &[u8],
        value: &[u8],
    ) -> Result<bool, TokenError> {
        verifies(&self.key, scheme, message, value).map_err(TokenError::Computation)
    }

    /// Whether `value` is a signature of a message with this digest. It is not if the digest is
    /// another algorithm's than the scheme's, or the scheme takes no digest.
    ///
    /// # Errors
    /// OpenSSL cannot compute.
    pub fn verifies_digest(
        &self,
        scheme: SignatureScheme,
        digest: &Digest,
        value: &[u8],
    ) -> Result<bool, TokenError> {
        verifies_digest(&self.key, scheme, digest, value).map_err(TokenError::Computation)
    }
}

impl fmt::Debug for VerificationKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "VerificationKey({})", self.certificate)
    }
}

/// The digest of `message` that a value under `scheme` is computed from; none if the scheme takes
/// the message itself, or is none that signatures are made with.
///
/// # Errors
/// OpenSSL cannot compute.
pub fn digest_of(scheme: SignatureScheme, message: &[u8]) -> Result<Option<Digest>, TokenError> {
    let algorithm = scheme.digest_algorithm();
    let takes_digest = scheme.input() == SignatureInput::Digest;
    let Some(hashed) = message_digest(algorithm).filter(|_| takes_digest) else {
        return Ok(None);
    };
    let octets = hash(hashed, message).map_err(TokenError::Computation)?;
    Ok(Digest::new(algorithm, octets.to_vec()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use openssl::hash::MessageDigest;
    use openssl::rsa::{Padding, Rsa};
    use openssl::sign::{RsaPssSaltlen, Signer};
    use trien_types::{DigestAlgorithm, PssParameters};

    #[test]
    fn a_value_verifies_over_message_and_digest_alike() {
        let private = PKey::from_rsa(Rsa::generate(2048).unwrap()).unwrap();
        let public = PKey::public_key_from_der(&private.public_key_to_der().unwrap()).unwrap();
        let key = VerificationKey::new(public, CertificateId::from_sha256([0; 32]));
        for scheme in [
            SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256),
            SignatureScheme::RsaPss(PssParameters::matching(DigestAlgorithm::Sha256)),
        ] {
            let mut signer = Signer::new(MessageDigest::sha256(), &private).unwrap();
            if matches!(scheme, SignatureScheme::RsaPss(_)) {
                signer.set_rsa_padding(Padding::PKCS1_PSS).unwrap();
                signer
                    .set_rsa_pss_saltlen(RsaPssSaltlen::custom(32))
                    .unwrap();
            }
            let mut value = signer.sign_oneshot_to_vec(b"attributes").unwrap();
            let digest = digest_of(scheme, b"attributes").unwrap().unwrap();
            assert!(key.verifies(scheme, b"attributes", &value).unwrap());
            assert!(key.verifies_digest(scheme, &digest, &value).unwrap());
            let other = digest_of(scheme, b"Attributes").unwrap().unwrap();
            assert!(!key.verifies_digest(scheme, &other, &value).unwrap());
            let longer = Digest::new(DigestAlgorithm::Sha384, vec![0; 48]).unwrap();
            assert!(!key.verifies_digest(scheme, &longer, &value).unwrap());
            value[100] ^= 1;
            assert!(!key.verifies_digest(scheme, &digest, &value).unwrap());
            assert!(!key.verifies_digest(scheme, &digest, b"").unwrap());
        }
        let edwards = digest_of(SignatureScheme::Ed25519, b"attributes").unwrap();
        assert_eq!(edwards, None);
    }
}
