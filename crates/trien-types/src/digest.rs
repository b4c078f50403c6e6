//! Digest algorithms by name and digests of the right length.

use std::fmt;

/// A digest algorithm that signatures of PDF documents are met with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// MD5 (RFC 1321). Broken; recognised only to name it.
    Md5,
    /// RIPEMD-160 (ISO/IEC 10118-3). Met in old European signatures.
    Ripemd160,
    /// SHA-1 (FIPS 180-4). Collisions are practical since 2017.
    Sha1,
    /// SHA-224 (FIPS 180-4).
    Sha224,
    /// SHA-256 (FIPS 180-4).
    Sha256,
    /// SHA-384 (FIPS 180-4).
    Sha384,
    /// SHA-512 (FIPS 180-4).
    Sha512,
    /// SHA-512/256 (FIPS 180-4).
    Sha512_256,
    /// SHA3-224 (FIPS 202).
    Sha3_224,
    /// SHA3-256 (FIPS 202).
    Sha3_256,
    /// SHA3-384 (FIPS 202).
    Sha3_384,
    /// SHA3-512 (FIPS 202).
    Sha3_512,
    /// SHAKE256 with 64 octets of output (RFC 8419 for Ed448, RFC 8702).
    Shake256,
}

/// Whether a digest algorithm still resists collisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Strength {
    /// No practical collision is known.
    Strong,
    /// Collisions are practical or feared: TT 15/2025 app. I allows neither.
    Weak,
}

impl DigestAlgorithm {
    /// Length of the digest in octets.
    #[must_use]
    pub const fn octets(self) -> usize {
        match self {
            Self::Md5 => 16,
            Self::Ripemd160 | Self::Sha1 => 20,
            Self::Sha224 | Self::Sha3_224 => 28,
            Self::Sha256 | Self::Sha512_256 | Self::Sha3_256 => 32,
            Self::Sha384 | Self::Sha3_384 => 48,
            Self::Sha512 | Self::Sha3_512 | Self::Shake256 => 64,
        }
    }

    /// The standard's name, as in FIPS 180-4 and FIPS 202.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Md5 => "MD5",
            Self::Ripemd160 => "RIPEMD-160",
            Self::Sha1 => "SHA-1",
            Self::Sha224 => "SHA-224",
            Self::Sha256 => "SHA-256",
            Self::Sha384 => "SHA-384",
            Self::Sha512 => "SHA-512",
            Self::Sha512_256 => "SHA-512/256",
            Self::Sha3_224 => "SHA3-224",
            Self::Sha3_256 => "SHA3-256",
            Self::Sha3_384 => "SHA3-384",
            Self::Sha3_512 => "SHA3-512",
            Self::Shake256 => "SHAKE256",
        }
    }

    /// Whether the algorithm still resists collisions.
    #[must_use]
    pub const fn strength(self) -> Strength {
        match self {
            Self::Md5 | Self::Ripemd160 | Self::Sha1 | Self::Sha224 | Self::Sha3_224 => {
                Strength::Weak
            }
            Self::Sha256
            | Self::Sha384
            | Self::Sha512
            | Self::Sha512_256
            | Self::Sha3_256
            | Self::Sha3_384
            | Self::Sha3_512
            | Self::Shake256 => Strength::Strong,
        }
    }
}

impl fmt::Display for DigestAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// The octets are not as many as the algorithm gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DigestLengthError {
    /// The algorithm.
    pub algorithm: DigestAlgorithm,
    /// The length found, in octets.
    pub found_octets: usize,
}

impl fmt::Display for DigestLengthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "a {} digest has {} octets, not {}",
            self.algorithm,
            self.algorithm.octets(),
            self.found_octets
        )
    }
}

impl std::error::Error for DigestLengthError {}

/// A digest together with the algorithm that gave it. Invariant: the length fits the algorithm.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Digest {
    algorithm: DigestAlgorithm,
    octets: Vec<u8>,
}

impl Digest {
    /// Joins octets and algorithm.
    ///
    /// # Errors
    /// The number of octets is not the algorithm's.
    pub fn new(algorithm: DigestAlgorithm, octets: Vec<u8>) -> Result<Self, DigestLengthError> {
        if octets.len() == algorithm.octets() {
            Ok(Self { algorithm, octets })
        } else {
            Err(DigestLengthError {
                algorithm,
                found_octets: octets.len(),
            })
        }
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The digest's octets.
    #[must_use]
    pub fn as_octets(&self) -> &[u8] {
        &self.octets
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_of_the_wrong_length_cannot_be_built() {
        assert!(Digest::new(DigestAlgorithm::Sha256, vec![0; 32]).is_ok());
        let error = Digest::new(DigestAlgorithm::Sha256, vec![0; 20]).unwrap_err();
        assert_eq!(error.to_string(), "a SHA-256 digest has 32 octets, not 20");
    }

    #[test]
    fn sha_1_is_weak() {
        assert_eq!(DigestAlgorithm::Sha1.strength(), Strength::Weak);
        assert_eq!(DigestAlgorithm::Sha3_256.strength(), Strength::Strong);
    }
}
