//! What signatures were made with, as facts.

use trien_policy::{AlgorithmFact, KeyFact};
use trien_types::{DigestAlgorithm, SignatureScheme};
use trien_x509::{Certificate, KeyKind, PublicKey};

/// A signature that holds under a certificate's key.
pub(super) fn algorithm_fact(
    certificate: &Certificate,
    scheme: SignatureScheme,
) -> Option<AlgorithmFact> {
    let key = certificate.public_key().ok()?;
    let mut fact = AlgorithmFact::new(key_fact(&key), digest_of(scheme));
    fact.scheme = name_of(scheme).map(str::to_owned);
    Some(fact)
}

/// Schemes that the tables of instruments tell apart, by name.
const fn name_of(scheme: SignatureScheme) -> Option<&'static str> {
    match scheme {
        SignatureScheme::Dsa(_) => Some("DSA"),
        SignatureScheme::Ecdsa(_) => Some("ECDSA"),
        SignatureScheme::Ed25519 => Some("Ed25519"),
        SignatureScheme::Ed448 => Some("Ed448"),
        SignatureScheme::RsaPkcs1v15(_) => Some("RSASSA-PKCS1-v1_5"),
        SignatureScheme::RsaPss(_) => Some("RSASSA-PSS"),
        SignatureScheme::MlDsa44 | SignatureScheme::MlDsa65 | SignatureScheme::MlDsa87 | _ => None,
    }
}

/// The digest that a scheme leaves to the signer; the others have their own.
fn digest_of(scheme: SignatureScheme) -> Option<String> {
    let digest: Option<DigestAlgorithm> = match scheme {
        SignatureScheme::Dsa(digest)
        | SignatureScheme::Ecdsa(digest)
        | SignatureScheme::RsaPkcs1v15(digest) => Some(digest),
        SignatureScheme::RsaPss(parameters) => Some(parameters.digest),
        SignatureScheme::Ed25519
        | SignatureScheme::Ed448
        | SignatureScheme::MlDsa44
        | SignatureScheme::MlDsa65
        | SignatureScheme::MlDsa87
        | _ => None,
    };
    digest.map(|digest| digest.to_string())
}

/// A key by the name that tables of algorithms give its kind.
pub(crate) fn key_fact(key: &PublicKey) -> KeyFact {
    let kind = match key.kind() {
        KeyKind::Dsa => "DSA",
        KeyKind::Ec => "EC",
        KeyKind::Ed25519 => "Ed25519",
        KeyKind::Ed448 => "Ed448",
        KeyKind::MlDsa44 => "ML-DSA-44",
        KeyKind::MlDsa65 => "ML-DSA-65",
        KeyKind::MlDsa87 => "ML-DSA-87",
        KeyKind::Rsa => "RSA",
        KeyKind::RsaPss => "RSASSA-PSS",
        KeyKind::Other | _ => "unknown",
    };
    KeyFact::new(kind, key.bits())
}
