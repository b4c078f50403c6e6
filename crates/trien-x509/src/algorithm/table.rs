//! Which object identifier names which digest or scheme.
//! Knows no parameters.

use const_oid::ObjectIdentifier as Oid;
use trien_types::{DigestAlgorithm, SignatureScheme};

use crate::oid;

const DIGESTS: [(Oid, DigestAlgorithm); 13] = [
    (oid::MD5, DigestAlgorithm::Md5),
    (oid::RIPEMD160, DigestAlgorithm::Ripemd160),
    (oid::SHA1, DigestAlgorithm::Sha1),
    (oid::SHA224, DigestAlgorithm::Sha224),
    (oid::SHA256, DigestAlgorithm::Sha256),
    (oid::SHA384, DigestAlgorithm::Sha384),
    (oid::SHA512, DigestAlgorithm::Sha512),
    (oid::SHA512_256, DigestAlgorithm::Sha512_256),
    (oid::SHA3_224, DigestAlgorithm::Sha3_224),
    (oid::SHA3_256, DigestAlgorithm::Sha3_256),
    (oid::SHA3_384, DigestAlgorithm::Sha3_384),
    (oid::SHA3_512, DigestAlgorithm::Sha3_512),
    (oid::SHAKE256, DigestAlgorithm::Shake256),
];

/// The first identifier of a scheme is the one to write.
const SCHEMES: [(Oid, SignatureScheme); 37] = {
    use DigestAlgorithm as D;
    use SignatureScheme::{Dsa, Ecdsa, Ed448, Ed25519, MlDsa44, MlDsa65, MlDsa87, RsaPkcs1v15};
    [
        (oid::MD5_WITH_RSA, RsaPkcs1v15(D::Md5)),
        (oid::SHA1_WITH_RSA, RsaPkcs1v15(D::Sha1)),
        (oid::SHA1_WITH_RSA_OIW, RsaPkcs1v15(D::Sha1)),
        (oid::RIPEMD160_WITH_RSA, RsaPkcs1v15(D::Ripemd160)),
        (oid::SHA224_WITH_RSA, RsaPkcs1v15(D::Sha224)),
        (oid::SHA256_WITH_RSA, RsaPkcs1v15(D::Sha256)),
        (oid::SHA384_WITH_RSA, RsaPkcs1v15(D::Sha384)),
        (oid::SHA512_WITH_RSA, RsaPkcs1v15(D::Sha512)),
        (oid::SHA512_256_WITH_RSA, RsaPkcs1v15(D::Sha512_256)),
        (oid::SHA3_224_WITH_RSA, RsaPkcs1v15(D::Sha3_224)),
        (oid::SHA3_256_WITH_RSA, RsaPkcs1v15(D::Sha3_256)),
        (oid::SHA3_384_WITH_RSA, RsaPkcs1v15(D::Sha3_384)),
        (oid::SHA3_512_WITH_RSA, RsaPkcs1v15(D::Sha3_512)),
        (oid::ECDSA_WITH_SHA1, Ecdsa(D::Sha1)),
        (oid::ECDSA_WITH_SHA224, Ecdsa(D::Sha224)),
        (oid::ECDSA_WITH_SHA256, Ecdsa(D::Sha256)),
        (oid::ECDSA_WITH_SHA384, Ecdsa(D::Sha384)),
        (oid::ECDSA_WITH_SHA512, Ecdsa(D::Sha512)),
        (oid::ECDSA_WITH_SHA3_224, Ecdsa(D::Sha3_224)),
        (oid::ECDSA_WITH_SHA3_256, Ecdsa(D::Sha3_256)),
        (oid::ECDSA_WITH_SHA3_384, Ecdsa(D::Sha3_384)),
        (oid::ECDSA_WITH_SHA3_512, Ecdsa(D::Sha3_512)),
        (oid::ECDSA_WITH_SHAKE256, Ecdsa(D::Shake256)),
        (oid::DSA_WITH_SHA1, Dsa(D::Sha1)),
        (oid::DSA_WITH_SHA224, Dsa(D::Sha224)),
        (oid::DSA_WITH_SHA256, Dsa(D::Sha256)),
        (oid::DSA_WITH_SHA384, Dsa(D::Sha384)),
        (oid::DSA_WITH_SHA512, Dsa(D::Sha512)),
        (oid::DSA_WITH_SHA3_224, Dsa(D::Sha3_224)),
        (oid::DSA_WITH_SHA3_256, Dsa(D::Sha3_256)),
        (oid::DSA_WITH_SHA3_384, Dsa(D::Sha3_384)),
        (oid::DSA_WITH_SHA3_512, Dsa(D::Sha3_512)),
        (oid::ED25519, Ed25519),
        (oid::ED448, Ed448),
        (oid::ML_DSA_44, MlDsa44),
        (oid::ML_DSA_65, MlDsa65),
        (oid::ML_DSA_87, MlDsa87),
    ]
};

/// Kinds of keys and curves, which are no signature algorithms (ATTACKS M10).
const KEYS: [Oid; 4] = [
    oid::EC_PUBLIC_KEY,
    oid::CURVE_P256,
    oid::CURVE_P384,
    oid::CURVE_P521,
];

/// The scheme of an identifier that leaves the digest to what is stated beside it. Only
/// rsaEncryption is meant to be used so (RFC 3370, 3.2); the others are met.
pub(super) fn scheme_with_stated_digest(
    known: Oid,
    digest: DigestAlgorithm,
) -> Option<SignatureScheme> {
    match known {
        oid::RSA_ENCRYPTION | oid::RSA_X509 => Some(SignatureScheme::RsaPkcs1v15(digest)),
        oid::DSA => Some(SignatureScheme::Dsa(digest)),
        oid::ECDSA => Some(SignatureScheme::Ecdsa(digest)),
        _ => None,
    }
}

pub(super) fn digest_of_oid(known: Oid) -> Option<DigestAlgorithm> {
    DIGESTS
        .iter()
        .find(|(oid, _)| *oid == known)
        .map(|(_, digest)| *digest)
}

pub(super) fn scheme_of_oid(known: Oid) -> Option<SignatureScheme> {
    SCHEMES
        .iter()
        .find(|(oid, _)| *oid == known)
        .map(|(_, scheme)| *scheme)
}

pub(super) fn oid_of_scheme(scheme: SignatureScheme) -> Option<Oid> {
    SCHEMES
        .iter()
        .find(|(_, listed)| *listed == scheme)
        .map(|(oid, _)| *oid)
}

/// Whether the identifier names a signature algorithm or a kind of key.
pub(super) fn is_signature_or_key(known: Oid) -> bool {
    known == oid::RSASSA_PSS
        || KEYS.contains(&known)
        || scheme_of_oid(known).is_some()
        || scheme_with_stated_digest(known, DigestAlgorithm::Sha256).is_some()
}

pub(super) fn oid_of_digest(digest: DigestAlgorithm) -> Option<Oid> {
    DIGESTS
        .iter()
        .find(|(_, listed)| *listed == digest)
        .map(|(oid, _)| *oid)
}
