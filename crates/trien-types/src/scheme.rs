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
    /// RSASSA-PKCS1-v1_5 (RFC 8017, 8.2).
    RsaPkcs1v15(DigestAlgorithm),
    /// RSASSA-PSS (RFC 8017, 8.1).
    RsaPss(PssParameters),
}

impl SignatureScheme {
    /// The digest of the message under this scheme: for EdDSA the one RFC 8419 fixes.
    #[must_use]
    pub const fn digest_algorithm(self) -> DigestAlgorithm {
        match self {
            Self::Dsa(digest) | Self::Ecdsa(digest) | Self::RsaPkcs1v15(digest) => digest,
            Self::Ed25519 => DigestAlgorithm::Sha512,
            Self::Ed448 => DigestAlgorithm::Shake256,
            Self::RsaPss(parameters) => parameters.digest,
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
            Self::RsaPkcs1v15(digest) => write!(formatter, "RSASSA-PKCS1-v1_5 with {digest}"),
            Self::RsaPss(parameters) => write!(formatter, "RSASSA-PSS with {}", parameters.digest),
        }
    }
}
