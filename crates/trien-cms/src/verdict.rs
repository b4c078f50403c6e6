//! What verifying a signature's octets says: intact, broken, or not decidable here.
//! Says nothing about trust, time or policy.

use std::fmt;

use trien_types::{DigestAlgorithm, SignatureScheme};
use trien_x509::asn1::ObjectIdentifier;
use trien_x509::{AlgorithmError, Certificate, DigestUnavailable, PublicKeyError, VerifyError};

use crate::attribute::AttributeError;
use crate::deviation::Deviation;

/// The answer about one signature. It depends on the octets alone.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Verdict {
    /// Digest and value hold.
    Intact(SignerIntact),
    /// They do not, or the structure forbids to say so.
    Broken(BrokenBecause),
    /// Not decided: something is needed that is not supported here.
    Unsupported(UnsupportedBecause),
}

impl Verdict {
    /// The proof, if the signature is intact.
    #[must_use]
    pub const fn intact(&self) -> Option<&SignerIntact> {
        match self {
            Self::Intact(intact) => Some(intact),
            Self::Broken(_) | Self::Unsupported(_) => None,
        }
    }
}

/// Proof that a signature's digest and value hold under the key of a certificate. Made only by
/// the verifying functions of this crate; the next stage is a certification path for
/// [`SignerIntact::certificate`].
#[derive(Debug, Clone)]
pub struct SignerIntact {
    certificate: Certificate,
    digest_algorithm: DigestAlgorithm,
    scheme: SignatureScheme,
    deviations: Vec<Deviation>,
}

impl SignerIntact {
    pub(crate) const fn new(
        certificate: Certificate,
        digest_algorithm: DigestAlgorithm,
        scheme: SignatureScheme,
        deviations: Vec<Deviation>,
    ) -> Self {
        Self {
            certificate,
            digest_algorithm,
            scheme,
            deviations,
        }
    }

    pub(crate) fn add(&mut self, deviation: Deviation) {
        self.deviations.push(deviation);
    }

    /// The certificate whose key made the value.
    #[must_use]
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The digest over the signed spans.
    #[must_use]
    pub const fn digest_algorithm(&self) -> DigestAlgorithm {
        self.digest_algorithm
    }

    /// The scheme of the value.
    #[must_use]
    pub const fn scheme(&self) -> SignatureScheme {
        self.scheme
    }

    /// What was tolerated.
    #[must_use]
    pub fn deviations(&self) -> &[Deviation] {
        &self.deviations
    }
}

/// Why a signature is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BrokenBecause {
    /// Digest or signature algorithm cannot stand where it stands, or the two disagree.
    Algorithm(AlgorithmError),
    /// A mandatory attribute is missing, repeated or malformed.
    Attribute(AttributeError),
    /// The signed attributes have a document in them: the value was made over that document, without
    /// attributes, and is handed in for another one.
    AttributesHoldDocument,
    /// The content-type attribute names another type than the content's (RFC 5652, 11.1).
    ContentTypeDiffers {
        /// The type in the attribute.
        attribute: ObjectIdentifier,
        /// The content's type.
        content: ObjectIdentifier,
    },
    /// The embedded content is not the digest of the signed spans (`adbe.pkcs7.sha1`).
    ContentDiffers,
    /// The format wants content and there is none.
    ContentAbsent,
    /// The format is detached and there is content, perhaps empty (ATTACKS M5).
    ContentPresent,
    /// The signer's digest algorithm is not known, nor among those the structure lists
    /// (RFC 5652, 5.1).
    DigestNotListed(ObjectIdentifier),
    /// The time stamp's imprint is not the digest of what it is said to cover (ATTACKS T1).
    ImprintDiffers,
    /// The digest of the signed spans is not the one the signature states: they were changed.
    MessageDigestDiffers,
    /// No SignerInfo: nobody signed.
    NoSigner,
    /// More than one SignerInfo (ATTACKS M7; ISO 32000-2, 12.8.3.3.1 allows one).
    SeveralSigners {
        /// How many.
        count: usize,
    },
    /// The certificate that the signer identifier names is not among those at hand.
    SignerCertificateAbsent,
    /// The certificate that the signer identifier names, or the key in it, cannot be read.
    SignerCertificateMalformed,
    /// The signing-certificate attribute names another certificate (ATTACKS M7; RFC 5035, 5.1).
    SigningCertificateDiffers,
    /// A second structure follows the first one (ATTACKS B11), from this octet on: readers could
    /// disagree which of them is the signature.
    TrailingStructure {
        /// Octets from the start of /Contents.
        offset: usize,
    },
    /// The signature value does not hold, or cannot be one of this key.
    Value(VerifyError),
}

impl fmt::Display for BrokenBecause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(error) => error.fmt(formatter),
            Self::Attribute(error) => error.fmt(formatter),
            Self::AttributesHoldDocument => formatter.write_str(
                "the signed attributes have a document in them, which is what was signed",
            ),
            Self::ContentTypeDiffers { attribute, content } => write!(
                formatter,
                "the content-type attribute says {attribute}, the content is {content}"
            ),
            Self::ContentDiffers => {
                formatter.write_str("the embedded content is not the digest of the document")
            }
            Self::ContentAbsent => formatter.write_str("the embedded content is missing"),
            Self::ContentPresent => {
                formatter.write_str("content is embedded in a detached signature")
            }
            Self::DigestNotListed(oid) => write!(
                formatter,
                "the signer's digest algorithm {oid} is not among those the signature lists"
            ),
            Self::ImprintDiffers => formatter.write_str("the time stamp is over other data"),
            Self::MessageDigestDiffers => {
                formatter.write_str("the signed data was changed after signing")
            }
            Self::NoSigner => formatter.write_str("the structure has no signer"),
            Self::SeveralSigners { count } => {
                write!(formatter, "the structure has {count} signers, not one")
            }
            Self::SignerCertificateAbsent => {
                formatter.write_str("the signer's certificate is not in the signature")
            }
            Self::SignerCertificateMalformed => {
                formatter.write_str("the signer's certificate cannot be read")
            }
            Self::SigningCertificateDiffers => {
                formatter.write_str("the signed attributes name another certificate")
            }
            Self::TrailingStructure { offset } => {
                write!(
                    formatter,
                    "a second structure follows the signature at octet {offset}"
                )
            }
            Self::Value(error) => error.fmt(formatter),
        }
    }
}

/// What is not supported, so that nothing was decided.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum UnsupportedBecause {
    /// An algorithm is not known here.
    Algorithm(AlgorithmError),
    /// The OpenSSL in use does not offer the digest.
    Digest(DigestUnavailable),
    /// OpenSSL does not read the signer's public key.
    PublicKey(PublicKeyError),
    /// OpenSSL does not verify under this scheme or key.
    Verify(VerifyError),
}

impl fmt::Display for UnsupportedBecause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Algorithm(error) => error.fmt(formatter),
            Self::Digest(error) => error.fmt(formatter),
            Self::PublicKey(error) => error.fmt(formatter),
            Self::Verify(error) => error.fmt(formatter),
        }
    }
}

/// Where verifying ends early.
#[derive(Debug)]
pub(crate) enum Stop {
    Broken(BrokenBecause),
    Unsupported(UnsupportedBecause),
}

impl From<Result<SignerIntact, Stop>> for Verdict {
    fn from(result: Result<SignerIntact, Stop>) -> Self {
        match result {
            Ok(intact) => Self::Intact(intact),
            Err(Stop::Broken(reason)) => Self::Broken(reason),
            Err(Stop::Unsupported(reason)) => Self::Unsupported(reason),
        }
    }
}

/// Algorithms are broken when they contradict, unsupported when merely unknown.
impl From<AlgorithmError> for Stop {
    fn from(error: AlgorithmError) -> Self {
        if matches!(error, AlgorithmError::Unknown(_)) {
            Self::Unsupported(UnsupportedBecause::Algorithm(error))
        } else {
            Self::Broken(BrokenBecause::Algorithm(error))
        }
    }
}

impl From<VerifyError> for Stop {
    fn from(error: VerifyError) -> Self {
        if matches!(
            error,
            VerifyError::DigestUnavailable(_) | VerifyError::Unsupported(_)
        ) {
            Self::Unsupported(UnsupportedBecause::Verify(error))
        } else {
            Self::Broken(BrokenBecause::Value(error))
        }
    }
}

impl From<AttributeError> for Stop {
    fn from(error: AttributeError) -> Self {
        Self::Broken(BrokenBecause::Attribute(error))
    }
}

impl From<DigestUnavailable> for Stop {
    fn from(error: DigestUnavailable) -> Self {
        Self::Unsupported(UnsupportedBecause::Digest(error))
    }
}

/// What OpenSSL does not read may be a curve it does not know; a malformed ML-DSA key is known to
/// be malformed.
impl From<PublicKeyError> for Stop {
    fn from(error: PublicKeyError) -> Self {
        if matches!(error, PublicKeyError::Unreadable(_)) {
            Self::Unsupported(UnsupportedBecause::PublicKey(error))
        } else {
            Self::Broken(BrokenBecause::SignerCertificateMalformed)
        }
    }
}

impl From<BrokenBecause> for Stop {
    fn from(reason: BrokenBecause) -> Self {
        Self::Broken(reason)
    }
}
