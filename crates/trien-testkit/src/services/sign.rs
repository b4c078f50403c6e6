//! Signature values with keys of the test PKI, and the identifier that goes with each.

use openssl::pkey::Id;
use openssl::sign::Signer;
use trien_types::{DigestAlgorithm, SignatureInput, SignatureScheme};
use trien_x509::AlgorithmIdentifier;

use super::ServiceError;
use crate::pki::{Identity, digest_for};

/// A value with its scheme.
pub(super) struct Signed {
    /// DER of the signature's `AlgorithmIdentifier`.
    pub(super) algorithm: Vec<u8>,
    /// The value.
    pub(super) value: Vec<u8>,
}

/// The scheme that certificates of the PKI are signed with too.
pub(super) fn scheme(identity: &Identity) -> Result<SignatureScheme, ServiceError> {
    let key = identity.key();
    Ok(match key.id() {
        Id::ED25519 => SignatureScheme::Ed25519,
        Id::ED448 => SignatureScheme::Ed448,
        Id::EC => SignatureScheme::Ecdsa(match key.bits() {
            0..=256 => DigestAlgorithm::Sha256,
            257..=384 => DigestAlgorithm::Sha384,
            _ => DigestAlgorithm::Sha512,
        }),
        Id::RSA => SignatureScheme::RsaPkcs1v15(DigestAlgorithm::Sha256),
        _ => return Err(ServiceError::KeyUnsupported),
    })
}

/// DER of the identifier of the scheme that `identity` signs with: structures repeat it inside
/// the signed octets.
pub(super) fn algorithm(identity: &Identity) -> Result<Vec<u8>, ServiceError> {
    AlgorithmIdentifier::for_signature(scheme(identity)?)
        .map(|identifier| identifier.to_der())
        .ok_or(ServiceError::KeyUnsupported)
}

pub(super) fn sign(identity: &Identity, octets: &[u8]) -> Result<Signed, ServiceError> {
    let scheme = scheme(identity)?;
    let mut signer = if scheme.input() == SignatureInput::Message {
        Signer::new_without_digest(identity.key())?
    } else {
        Signer::new(digest_for(identity.key()), identity.key())?
    };
    Ok(Signed {
        algorithm: algorithm(identity)?,
        value: signer.sign_oneshot_to_vec(octets)?,
    })
}
