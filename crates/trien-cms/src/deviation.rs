//! What was tolerated while verifying: facts for the report, never repaired in silence.
//! Does not judge them: a profile does.

use std::fmt;

use trien_types::{DigestAlgorithm, SignatureScheme};

use crate::time_stamp::TimeStampFault;

/// Something that departs from a standard or from good practice and leaves the signature intact.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deviation {
    /// The structure uses what only BER allows (ATTACKS M11).
    BerEncoding,
    /// The signer's certificate is the first of /Cert, which nothing signs (ATTACKS M2).
    CertificateUnsigned,
    /// The digest stated for the content is not the one the value is made with (ATTACKS M8);
    /// RFC 5652, 5.4 wants one for both. Both were verified.
    DigestsDiffer {
        /// Digest of the content.
        content: DigestAlgorithm,
        /// Digest of what the value is over.
        value: DigestAlgorithm,
    },
    /// The SignerInfo's digest is missing from the list at the head (RFC 5652, 5.1).
    DigestNotListed,
    /// The digest of the content resists collisions less than the scheme of the value resists
    /// forgery: the signature is as strong as the digest (RFC 9882, 3.3 lets verifiers refuse it).
    DigestWeakerThanScheme {
        /// Digest of the content.
        content: DigestAlgorithm,
        /// The scheme, one that leaves the digest free.
        scheme: SignatureScheme,
    },
    /// A bare RSA value uses another digest than the SHA-1 its /SubFilter names (ATTACKS M2).
    DigestNotSha1(DigestAlgorithm),
    /// Issuer and serial number in the signing-certificate attribute are not the certificate's;
    /// its hash is (RFC 5035, 3).
    EssIssuerSerialDiffers,
    /// The signature algorithm is that of a key, with the digest stated beside it; CMS knows only
    /// rsaEncryption so (RFC 3370, 3).
    KeyAlgorithmForSignature,
    /// Mask and message digest of PSS differ (ATTACKS M9).
    MaskDigestDiffers {
        /// Digest of the message.
        message: DigestAlgorithm,
        /// Digest inside the mask generation function.
        mask: DigestAlgorithm,
    },
    /// Several certificates bear the signer's issuer and serial number.
    SeveralCertificatesOfSigner,
    /// The value holds over the DER form of the signed attributes, which were not received in it
    /// (ATTACKS M12).
    SignedAttributesNotInDer,
    /// The value holds only over the signed attributes in the order received, which is not that
    /// of DER. Verifiers disagree about it (ATTACKS M12): RFC 5652, 5.4 demands DER.
    SignedAttributesOnlyAsReceived,
    /// There are no signed attributes: nothing binds the signer's certificate (ATTACKS M6).
    SignedAttributesAbsent,
    /// The signer identifier writes the issuer's name in other string types than the certificate
    /// (RFC 5280, 7.1).
    SignerNameEncodedDifferently,
    /// There is no signing-certificate attribute (RFC 5035; EN 319 142-1, 6.3 demands one).
    SigningCertificateAbsent,
    /// A document time stamp whose octets hold but which a time-stamp verifier refuses.
    TimeStamp(TimeStampFault),
    /// Octets that are no structure follow the CMS structure instead of zeros, from this octet on:
    /// what a signer's buffer held before (ATTACKS B11; met in the field).
    TrailingResidue {
        /// Octets from the start of /Contents.
        offset: usize,
    },
    /// An unsigned attribute is no ASN.1 (ATTACKS M13), at this octet of the structure.
    UnsignedAttributeMalformed {
        /// Octets from the start of the structure.
        offset: usize,
    },
    /// Collisions of the digest are practical or feared (ATTACKS M1, M15).
    WeakDigest(DigestAlgorithm),
}

impl fmt::Display for Deviation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BerEncoding => formatter.write_str("the CMS structure is BER, not DER"),
            Self::CertificateUnsigned => {
                formatter.write_str("the certificate is from /Cert, which nothing signs")
            }
            Self::DigestNotListed => {
                formatter.write_str("the signer's digest algorithm is not in the list at the head")
            }
            Self::DigestNotSha1(digest) => {
                write!(formatter, "{digest} is used where the format names SHA-1")
            }
            Self::DigestsDiffer { content, value } => write!(
                formatter,
                "the signature names two digest methods, {content} for the document and {value} \
                 for itself; both were checked and hold"
            ),
            Self::DigestWeakerThanScheme { content, scheme } => {
                write!(
                    formatter,
                    "{content} is a weaker digest than {scheme} asks for"
                )
            }
            Self::EssIssuerSerialDiffers => formatter.write_str(
                "issuer and serial number in the signing-certificate attribute are not the \
                 certificate's",
            ),
            Self::KeyAlgorithmForSignature => {
                formatter.write_str("the algorithm of a key stands where a signature's belongs")
            }
            Self::MaskDigestDiffers { message, mask } => write!(
                formatter,
                "the PSS mask uses {mask} where the message uses {message}"
            ),
            Self::SeveralCertificatesOfSigner => {
                formatter.write_str("several certificates bear the signer's serial number")
            }
            Self::SignedAttributesNotInDer => {
                formatter.write_str("the signed attributes are not in the order of DER")
            }
            Self::SignedAttributesOnlyAsReceived => formatter.write_str(
                "the signature value holds only over attributes that are not in the order of DER",
            ),
            Self::SignedAttributesAbsent => formatter.write_str("there are no signed attributes"),
            Self::SignerNameEncodedDifferently => formatter.write_str(
                "the signer's issuer is written in other string types than in the certificate",
            ),
            Self::SigningCertificateAbsent => {
                formatter.write_str("there is no signing-certificate attribute")
            }
            Self::TimeStamp(fault) => fault.fmt(formatter),
            Self::TrailingResidue { offset } => write!(
                formatter,
                "octets without structure follow the signature from octet {offset} on"
            ),
            Self::UnsignedAttributeMalformed { offset } => {
                write!(
                    formatter,
                    "an unsigned attribute is malformed at octet {offset}"
                )
            }
            Self::WeakDigest(digest) => write!(formatter, "{digest} is weak"),
        }
    }
}
