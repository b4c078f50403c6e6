//! Why an `AlgorithmIdentifier` names no usable digest or scheme.

use std::fmt;

use trien_types::DigestAlgorithm;

use crate::asn1::ObjectIdentifier;

/// Why an algorithm identifier cannot be used where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AlgorithmError {
    /// The parameters are absent, not those of this algorithm, or present where it takes none.
    BadParameters(ObjectIdentifier),
    /// The signature algorithm fixes another digest than the one stated beside it (ATTACKS M8).
    DigestMismatch {
        /// The digest stated.
        stated: DigestAlgorithm,
        /// The digest the signature algorithm fixes.
        fixed: DigestAlgorithm,
    },
    /// The algorithm leaves the digest open and none is stated.
    DigestNotStated,
    /// A signature algorithm or a key stands where a digest belongs (ATTACKS M8).
    NotADigest(ObjectIdentifier),
    /// A key or a digest stands where a signature algorithm belongs (ATTACKS M10).
    NotASignature(ObjectIdentifier),
    /// The algorithm is not one of those known here.
    Unknown(ObjectIdentifier),
    /// The signature algorithm or the value fixes a digest, and one that is not known here is
    /// stated beside it (ATTACKS M8).
    UnknownDigestMismatch {
        /// The digest stated.
        stated: ObjectIdentifier,
        /// The digest the signature was made with.
        fixed: DigestAlgorithm,
    },
}

impl fmt::Display for AlgorithmError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadParameters(oid) => {
                write!(
                    formatter,
                    "the parameters of algorithm {oid} are not the ones it takes"
                )
            }
            Self::DigestMismatch { stated, fixed } => write!(
                formatter,
                "the digest is stated as {stated}, but the signature algorithm fixes {fixed}"
            ),
            Self::DigestNotStated => {
                formatter.write_str("the signature algorithm leaves the digest open")
            }
            Self::NotADigest(oid) => {
                write!(
                    formatter,
                    "{oid} is no digest algorithm but stands where one belongs"
                )
            }
            Self::NotASignature(oid) => {
                write!(
                    formatter,
                    "{oid} is no signature algorithm but stands where one belongs"
                )
            }
            Self::Unknown(oid) => write!(formatter, "algorithm {oid} is not supported"),
            Self::UnknownDigestMismatch { stated, fixed } => write!(
                formatter,
                "the digest is stated as {stated}, but the signature is made with {fixed}"
            ),
        }
    }
}

impl std::error::Error for AlgorithmError {}
