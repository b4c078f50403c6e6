//! The text form of a prepared signature, and why one is not taken up.
//! Does not check what it holds: `resumed` does.

use std::error::Error as StdError;
use std::fmt;

use serde::{Deserialize, Serialize};
use trien_policy::Refusal;
use trien_types::{DigestAlgorithm, PssParameters, SignatureScheme};

pub(super) const SCHEMA: &str = "trien.prepared/1";

/// What [`super::Prepared::to_json`] writes.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    pub(super) schema: String,
    pub(super) original_octets: usize,
    pub(super) appended: String,
    pub(super) gap: (usize, usize),
    pub(super) signed_attributes: String,
    pub(super) digest: String,
    pub(super) scheme: StoredScheme,
    pub(super) certificates: Vec<String>,
}

/// A scheme by the names of its parts.
#[derive(Serialize, Deserialize)]
pub(super) struct StoredScheme {
    algorithm: String,
    digest: Option<String>,
    mask_digest: Option<String>,
    salt_octets: Option<usize>,
}

impl From<SignatureScheme> for StoredScheme {
    fn from(scheme: SignatureScheme) -> Self {
        let named = |algorithm: &str, digest: Option<DigestAlgorithm>| Self {
            algorithm: algorithm.to_owned(),
            digest: digest.map(|digest| digest.name().to_owned()),
            mask_digest: None,
            salt_octets: None,
        };
        match scheme {
            SignatureScheme::Ecdsa(digest) => named("ECDSA", Some(digest)),
            SignatureScheme::Ed25519 => named("Ed25519", None),
            SignatureScheme::Ed448 => named("Ed448", None),
            SignatureScheme::RsaPkcs1v15(digest) => named("RSASSA-PKCS1-v1_5", Some(digest)),
            SignatureScheme::RsaPss(parameters) => Self {
                mask_digest: Some(parameters.mask_digest.name().to_owned()),
                salt_octets: Some(parameters.salt_octets),
                ..named("RSASSA-PSS", Some(parameters.digest))
            },
            // DSA is only verified; a stored stage of it cannot be taken up.
            SignatureScheme::Dsa(_) | _ => named("", None),
        }
    }
}

impl StoredScheme {
    pub(super) fn into_scheme(self) -> Option<SignatureScheme> {
        let digest = |name: Option<&String>| {
            let name = name?;
            SIGNING_DIGESTS
                .into_iter()
                .find(|digest| digest.name() == name)
        };
        match self.algorithm.as_str() {
            "ECDSA" => Some(SignatureScheme::Ecdsa(digest(self.digest.as_ref())?)),
            "Ed25519" => Some(SignatureScheme::Ed25519),
            "Ed448" => Some(SignatureScheme::Ed448),
            "RSASSA-PKCS1-v1_5" => {
                Some(SignatureScheme::RsaPkcs1v15(digest(self.digest.as_ref())?))
            }
            "RSASSA-PSS" => Some(SignatureScheme::RsaPss(PssParameters::new(
                digest(self.digest.as_ref())?,
                digest(self.mask_digest.as_ref())?,
                self.salt_octets?,
            ))),
            _ => None,
        }
    }
}

/// The digests that signatures are made with.
const SIGNING_DIGESTS: [DigestAlgorithm; 6] = [
    DigestAlgorithm::Sha256,
    DigestAlgorithm::Sha384,
    DigestAlgorithm::Sha512,
    DigestAlgorithm::Sha3_256,
    DigestAlgorithm::Sha3_384,
    DigestAlgorithm::Sha3_512,
];

/// A stored stage cannot be taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResumeError {
    /// The text is no stored stage.
    Malformed,
    /// The stage was prepared for another file, or the file changed since.
    OtherFile,
    /// The rules forbid this signature.
    Refused(Refusal),
    /// The signed attributes are not those of this file and certificate: the text was altered.
    SignedAttributesDiffer,
    /// The update does other than add one signature: the text was altered.
    UpdateDiffers,
}

impl fmt::Display for ResumeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Malformed => "this is no prepared signature of this program",
            Self::OtherFile => "the signature was prepared for another file: prepare it again",
            Self::Refused(_) => "signing is refused",
            Self::SignedAttributesDiffer => {
                "the prepared signature is about other data than it says: prepare it again"
            }
            Self::UpdateDiffers => {
                "the prepared signature changes more than signing does: prepare it again"
            }
        })
    }
}

impl StdError for ResumeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Malformed
            | Self::OtherFile
            | Self::SignedAttributesDiffer
            | Self::UpdateDiffers => None,
        }
    }
}
