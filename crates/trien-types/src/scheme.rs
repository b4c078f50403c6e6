//! Signature schemes: the algorithm, its digest and its parameters as one value.

use std::fmt;

use crate::DigestAlgorithm;

/// Parameters of RSASSA-PSS (RFC 8017, A.2.3). The trailer field is always 1 (0xBC).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct PssParameters {
    /// Digest of the message.
    pub digest: DigestAlgorithm,
    /// Digest inside the mask generation function MGF1.
    pub mask_digest: DigestAlgorithm,
    /// Length of the salt in octets.
    pub salt_octets: usize,
}

impl PssParameters {
    /// The customary parameters: MGF1 and salt follow the message digest (RFC 4056, 2.2).
    #[must_use]
    pub const fn matching(digest: DigestAlgorithm) -> Self {
        Self {
            digest,
            mask_digest: digest,
            salt_octets: digest.octets(),
        }
    }

    /// Parameters as an encoding states them.
    #[must_use]
    pub const fn new(
        digest: DigestAlgorithm,
        mask_digest: DigestAlgorithm,
        salt_octets: usize,
    ) -> Self {
        Self {
            digest,
            mask_digest,
            salt_octets,
        }
    }
}

/// What a scheme computes its value from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureInput {
    /// The digest of the message: whoever has it needs no message.
    Digest,
    /// The message itself, which the scheme hashes in its own way.
    Message,
}

/// How a digest of the content, stated beside a scheme as in CMS, goes with that scheme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ContentDigest {
    /// The scheme fixes its digest, and it is another one (RFC 5652, 5.4; RFC 8419, 3.1).
    Contradicts,
    /// It is the digest the scheme fixes, or one that is strong enough where the scheme leaves it
    /// free.
    Suitable,
    /// The scheme leaves the digest free, and this one resists collisions less than the scheme
    /// resists forgery: the whole is as strong as the digest (RFC 9882, 3.3).
    WeakerThanScheme,
}

/// What a signature value is made with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignatureScheme {
    /// DSA (FIPS 186-4). Only verified, never made.
    Dsa(DigestAlgorithm),
    /// ECDSA (ANSI X9.62); the value is the DER SEQUENCE of r and s. The curve is the key's.
    Ecdsa(DigestAlgorithm),
    /// Ed25519 (RFC 8032, 8419): its own SHA-512 over the whole message.
    Ed25519,
    /// Ed448 (RFC 8032, 8419): its own SHAKE256 over the whole message.
    Ed448,
    /// ML-DSA-44 (FIPS 204; RFC 9881, 9882): pure mode, empty context, over the whole message.
    /// Only verified, never made; likewise the two below.
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    RsaPkcs1v15(DigestAlgorithm),
    /// RSASSA-PSS (RFC 8017, 8.1).
    RsaPss(PssParameters),
}

impl SignatureScheme {
    /// The digest of the message under this scheme: for EdDSA the one RFC 8419 fixes. ML-DSA fixes
    /// none; SHA-512 is the one that suits all its parameter sets and that every implementation
    /// knows (RFC 9882, 3.3). What may stand beside a scheme tells
    /// [`SignatureScheme::content_digest`].
    #[must_use]
    pub const fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::Dsa(digest) | Self::Ecdsa(digest) | Self::RsaPkcs1v15(digest) => digest,
            Self::Ed25519 | Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => {
                DigestAlgorithm::Sha512
            }
            Self::Ed448 => DigestAlgorithm::Shake256,
            Self::RsaPss(parameters) => parameters.digest,
        }
    }

    /// What the value is computed from.
    #[must_use]
    pub const fn input(self) -> SignatureInput {
        match self {
            Self::Dsa(_) | Self::Ecdsa(_) | Self::RsaPkcs1v15(_) | Self::RsaPss(_) => {
                SignatureInput::Digest
            }
            Self::Ed25519 | Self::Ed448 | Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => {
                SignatureInput::Message
            }
        }
    }

    /// How content digested with `digest` goes with this scheme, where signed attributes stand
    /// between the two.
    #[must_use]
    pub fn content_digest(self, digest: DigestAlgorithm) -> ContentDigest {
        // FIPS 204, table 1: collision strength in bits. RFC 9882, 3.3 wants twice that in output.
        let collision_strength_bits = match self {
            Self::MlDsa44 => 128,
            Self::MlDsa65 => 192,
            Self::MlDsa87 => 256,
            _ if digest == self.digest_algorithm() => return ContentDigest::Suitable,
            Self::Dsa(_)
            | Self::Ecdsa(_)
            | Self::Ed25519
            | Self::Ed448
            | Self::RsaPkcs1v15(_)
            | Self::RsaPss(_) => return ContentDigest::Contradicts,
        };
        if digest.octets() < collision_strength_bits / 4 {
            ContentDigest::WeakerThanScheme
        } else {
            ContentDigest::Suitable
        }
    }
}

impl fmt::Display for SignatureScheme {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dsa(digest) => write!(formatter, "DSA with {digest}"),
            Self::Ecdsa(digest) => write!(formatter, "ECDSA with {digest}"),
            Self::Ed25519 => formatter.write_str("Ed25519"),
            Self::Ed448 => formatter.write_str("Ed448"),
            Self::MlDsa44 => formatter.write_str("ML-DSA-44"),
            Self::MlDsa65 => formatter.write_str("ML-DSA-65"),
            Self::MlDsa87 => formatter.write_str("ML-DSA-87"),
            Self::RsaPkcs1v15(digest) => write!(formatter, "RSASSA-PKCS1-v1_5 with {digest}"),
            Self::RsaPss(parameters) => write!(formatter, "RSASSA-PSS with {}", parameters.digest),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ml_dsa_leaves_the_digest_free_and_tells_a_weaker_one() {
        use ContentDigest::{Suitable, WeakerThanScheme};
        // RFC 9882, table 1.
        for (digest, expected) in [
            (DigestAlgorithm::Sha1, [WeakerThanScheme; 3]),
            (
                DigestAlgorithm::Sha256,
                [Suitable, WeakerThanScheme, WeakerThanScheme],
            ),
            (
                DigestAlgorithm::Sha3_384,
                [Suitable, Suitable, WeakerThanScheme],
            ),
            (DigestAlgorithm::Sha512, [Suitable; 3]),
            (DigestAlgorithm::Shake256, [Suitable; 3]),
        ] {
            let schemes = [
                SignatureScheme::MlDsa44,
                SignatureScheme::MlDsa65,
                SignatureScheme::MlDsa87,
            ];
            assert_eq!(
                schemes.map(|scheme| scheme.content_digest(digest)),
                expected,
                "{digest}"
            );
        }
    }

    #[test]
    fn other_schemes_fix_their_digest() {
        for scheme in [
            SignatureScheme::Ecdsa(DigestAlgorithm::Sha256),
            SignatureScheme::Ed25519,
            SignatureScheme::Ed448,
            SignatureScheme::RsaPss(PssParameters::matching(DigestAlgorithm::Sha256)),
        ] {
            let own = scheme.digest_algorithm();
            assert_eq!(scheme.content_digest(own), ContentDigest::Suitable);
            assert_eq!(
                scheme.content_digest(DigestAlgorithm::Sha384),
                ContentDigest::Contradicts
            );
        }
    }
}
