//! What a signature is over, as its verifier asks for it.
//! Does not know where the octets are.

use std::borrow::Cow;

use trien_types::{Digest, DigestAlgorithm};
use trien_x509::{DigestUnavailable, Digester};

/// The octets a signature or time stamp covers: the spans of a ByteRange, a signature value.
///
/// A caller that digests many signatures in one pass implements this over the digests it has
/// computed; [`crate::SignatureContents::digest_algorithms`] tells beforehand which are asked for.
pub trait SignedSpans {
    /// The digest of the spans, one after the other.
    ///
    /// # Errors
    /// The digest is not available.
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable>;

    /// The spans joined. Asked for only when a scheme over whole messages, `EdDSA` or
    /// ML-DSA, signs them without signed attributes.
    fn octets(&self) -> Cow<'_, [u8]>;
}

/// Octets in one piece.
impl SignedSpans for &[u8] {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable> {
        Digester::digest(algorithm, self)
    }

    fn octets(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self)
    }
}

/// Spans in their order.
impl SignedSpans for &[&[u8]] {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable> {
        let mut digester = Digester::new(algorithm)?;
        for span in *self {
            digester.update(span);
        }
        digester.finish()
    }

    fn octets(&self) -> Cow<'_, [u8]> {
        Cow::Owned(self.concat())
    }
}

impl<const N: usize> SignedSpans for [&[u8]; N] {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable> {
        SignedSpans::digest(&self.as_slice(), algorithm)
    }

    fn octets(&self) -> Cow<'_, [u8]> {
        Cow::Owned(self.concat())
    }
}

impl SignedSpans for Vec<u8> {
    fn digest(&self, algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable> {
        Digester::digest(algorithm, self)
    }

    fn octets(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(self)
    }
}
