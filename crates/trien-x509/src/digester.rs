//! Digests computed piece by piece.
//! Does not know what is digested.

use std::fmt;

use openssl::hash::{Hasher, MessageDigest};
use openssl::sha::{Sha256, Sha384, Sha512};
use trien_types::{Digest, DigestAlgorithm};

/// A running digest. A clone goes on from the same state, so that the spans of several signatures
/// over a common prefix are read once: clone at the gap, feed each clone its own second span.
#[derive(Clone)]
pub struct Digester {
    algorithm: DigestAlgorithm,
    state: State,
}

/// The digests in daily use go straight to OpenSSL's code for this processor: looking one up by its
/// name takes longer than digesting a certificate.
#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
    Other { hasher: Hasher, failed: bool },
}

impl Digester {
    /// Starts a digest.
    ///
    /// # Errors
    /// The OpenSSL in use does not offer the algorithm.
    pub fn new(algorithm: DigestAlgorithm) -> Result<Self, DigestUnavailable> {
        let state = if algorithm == DigestAlgorithm::Sha256 {
            State::Sha256(Sha256::new())
        } else if algorithm == DigestAlgorithm::Sha384 {
            State::Sha384(Sha384::new())
        } else if algorithm == DigestAlgorithm::Sha512 {
            State::Sha512(Sha512::new())
        } else {
            let unavailable = DigestUnavailable { algorithm };
            let message_digest = message_digest(algorithm).ok_or(unavailable)?;
            State::Other {
                hasher: Hasher::new(message_digest).map_err(|_| unavailable)?,
                failed: false,
            }
        };
        Ok(Self { algorithm, state })
    }

    /// The digest of octets at hand.
    ///
    /// # Errors
    /// As [`Digester::new`].
    pub fn digest(algorithm: DigestAlgorithm, octets: &[u8]) -> Result<Digest, DigestUnavailable> {
        let mut digester = Self::new(algorithm)?;
        digester.update(octets);
        digester.finish()
    }

    /// The algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Takes the next octets. A failure inside OpenSSL is reported by [`Digester::finish`].
    pub fn update(&mut self, octets: &[u8]) {
        match &mut self.state {
            State::Sha256(state) => state.update(octets),
            State::Sha384(state) => state.update(octets),
            State::Sha512(state) => state.update(octets),
            State::Other { hasher, failed } => *failed |= hasher.update(octets).is_err(),
        }
    }

    /// The digest of all octets taken.
    ///
    /// # Errors
    /// OpenSSL failed while it digested.
    pub fn finish(self) -> Result<Digest, DigestUnavailable> {
        let unavailable = DigestUnavailable {
            algorithm: self.algorithm,
        };
        let octets = match self.state {
            State::Sha256(state) => state.finish().to_vec(),
            State::Sha384(state) => state.finish().to_vec(),
            State::Sha512(state) => state.finish().to_vec(),
            State::Other { failed: true, .. } => return Err(unavailable),
            State::Other { mut hasher, .. } if self.algorithm == DigestAlgorithm::Shake256 => {
                let mut octets = vec![0; self.algorithm.octets()];
                hasher.finish_xof(&mut octets).map_err(|_| unavailable)?;
                octets
            }
            State::Other { mut hasher, .. } => hasher.finish().map_err(|_| unavailable)?.to_vec(),
        };
        Digest::new(self.algorithm, octets).map_err(|_| unavailable)
    }
}

impl fmt::Debug for Digester {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Digester")
            .field("algorithm", &self.algorithm)
            .finish_non_exhaustive()
    }
}

/// The OpenSSL in use does not offer a digest: a legacy one it was built or set up without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DigestUnavailable {
    /// The digest asked for.
    pub algorithm: DigestAlgorithm,
}

impl fmt::Display for DigestUnavailable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the OpenSSL in use does not offer {}; check its configuration",
            self.algorithm
        )
    }
}

impl std::error::Error for DigestUnavailable {}

pub(crate) fn message_digest(algorithm: DigestAlgorithm) -> Option<MessageDigest> {
    Some(match algorithm {
        DigestAlgorithm::Md5 => MessageDigest::md5(),
        DigestAlgorithm::Ripemd160 => MessageDigest::ripemd160(),
        DigestAlgorithm::Sha1 => MessageDigest::sha1(),
        DigestAlgorithm::Sha224 => MessageDigest::sha224(),
        DigestAlgorithm::Sha256 => MessageDigest::sha256(),
        DigestAlgorithm::Sha384 => MessageDigest::sha384(),
        DigestAlgorithm::Sha512 => MessageDigest::sha512(),
        DigestAlgorithm::Sha512_256 => MessageDigest::from_name("SHA512-256")?,
        DigestAlgorithm::Sha3_224 => MessageDigest::sha3_224(),
        DigestAlgorithm::Sha3_256 => MessageDigest::sha3_256(),
        DigestAlgorithm::Sha3_384 => MessageDigest::sha3_384(),
        DigestAlgorithm::Sha3_512 => MessageDigest::sha3_512(),
        DigestAlgorithm::Shake256 => MessageDigest::shake_256(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use trien_types::encode_hex;

    #[test]
    fn every_digest_of_abc_is_the_published_one() {
        // FIPS 180-4 and FIPS 202 examples, RFC 1321 A.5, RIPEMD-160 by its authors.
        let expected = [
            (DigestAlgorithm::Md5, "900150983cd24fb0"),
            (DigestAlgorithm::Ripemd160, "8eb208f7e05d987a"),
            (DigestAlgorithm::Sha1, "a9993e364706816a"),
            (DigestAlgorithm::Sha224, "23097d223405d822"),
            (DigestAlgorithm::Sha256, "ba7816bf8f01cfea"),
            (DigestAlgorithm::Sha384, "cb00753f45a35e8b"),
            (DigestAlgorithm::Sha512, "ddaf35a193617aba"),
            (DigestAlgorithm::Sha512_256, "53048e2681941ef9"),
            (DigestAlgorithm::Sha3_224, "e642824c3f8cf24a"),
            (DigestAlgorithm::Sha3_256, "3a985da74fe225b2"),
            (DigestAlgorithm::Sha3_384, "ec01498288516fc9"),
            (DigestAlgorithm::Sha3_512, "b751850b1a57168a"),
            (DigestAlgorithm::Shake256, "483366601360a877"),
        ];
        for (algorithm, start) in expected {
            let digest = Digester::digest(algorithm, b"abc").unwrap();
            assert!(
                encode_hex(digest.as_octets()).starts_with(start),
                "{algorithm}"
            );
        }
    }

    #[test]
    fn a_clone_goes_on_from_the_same_state() {
        let mut running = Digester::new(DigestAlgorithm::Shake256).unwrap();
        running.update(b"first ");
        let mut fork = running.clone();
        running.update(b"second");
        fork.update(b"third");
        let expect = |text: &[u8]| Digester::digest(DigestAlgorithm::Shake256, text).unwrap();
        assert_eq!(running.finish().unwrap(), expect(b"first second"));
        assert_eq!(fork.finish().unwrap(), expect(b"first third"));
    }
}
