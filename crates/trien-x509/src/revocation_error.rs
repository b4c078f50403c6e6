//! Why revocation data could not be read, or are not shown to be their issuer's.

use std::fmt;

use trien_types::Limit;

use crate::algorithm::{AlgorithmError, AlgorithmIdentifier};
use crate::asn1::{Asn1Error, ObjectIdentifier};
use crate::public_key::{PublicKey, VerifyError};

/// Why octets could not be read as a CRL or an OCSP response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationErrorKind {
    /// An extension stands there twice (RFC 5280, 4.2 forbids it): readers would differ on which
    /// one counts.
    ExtensionRepeated(ObjectIdentifier),
    /// More octets than the limit.
    LimitReached(Limit),
    /// A PEM block (RFC 7468) is not closed, or holds no base64.
    Pem,
    /// An OCSP response that says it is successful brings no answer (RFC 6960, 4.2.1).
    ResponseBytesAbsent,
    /// An OCSP response of another type than id-pkix-ocsp-basic.
    ResponseTypeUnknown(ObjectIdentifier),
    /// The structure is not that of RFC 5280, 5.1, or RFC 6960, 4.2.1.
    Structure(Asn1Error),
}

/// Octets are no CRL or no OCSP response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RevocationError {
    /// Octets from the start of the structure.
    pub offset: usize,
    /// The cause.
    pub kind: RevocationErrorKind,
}

impl RevocationError {
    pub(crate) const fn new(offset: usize, kind: RevocationErrorKind) -> Self {
        Self { offset, kind }
    }
}

impl From<Asn1Error> for RevocationError {
    fn from(error: Asn1Error) -> Self {
        Self::new(error.offset, RevocationErrorKind::Structure(error))
    }
}

impl fmt::Display for RevocationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset;
        match &self.kind {
            RevocationErrorKind::ExtensionRepeated(oid) => {
                write!(
                    formatter,
                    "the extension {oid} at octet {offset} is there twice"
                )
            }
            RevocationErrorKind::LimitReached(limit) => {
                write!(
                    formatter,
                    "over the limit on {limit}; raise it to read this"
                )
            }
            RevocationErrorKind::Pem => {
                write!(
                    formatter,
                    "the PEM block at octet {offset} is not closed or no base64"
                )
            }
            RevocationErrorKind::ResponseBytesAbsent => {
                formatter.write_str("a successful OCSP response without an answer")
            }
            RevocationErrorKind::ResponseTypeUnknown(oid) => {
                write!(formatter, "an OCSP response of the unknown type {oid}")
            }
            RevocationErrorKind::Structure(_) => {
                formatter.write_str("the octets are no revocation data")
            }
        }
    }
}

impl std::error::Error for RevocationError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            RevocationErrorKind::Structure(error) => Some(error),
            RevocationErrorKind::ExtensionRepeated(_)
            | RevocationErrorKind::LimitReached(_)
            | RevocationErrorKind::Pem
            | RevocationErrorKind::ResponseBytesAbsent
            | RevocationErrorKind::ResponseTypeUnknown(_) => None,
        }
    }
}

/// Why the signature on revocation data is not shown to hold.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RevocationSignatureError {
    /// The algorithm names no scheme known here.
    Algorithm(AlgorithmError),
    /// A CRL names another algorithm inside its signed octets than outside (RFC 5280, 5.1.1.2).
    AlgorithmsDiffer,
    /// The value does not hold or could not be checked.
    Verify(VerifyError),
}

impl fmt::Display for RevocationSignatureError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AlgorithmsDiffer => {
                "the signed octets name another signature algorithm than the signature"
            }
            Self::Algorithm(_) | Self::Verify(_) => {
                "the signature on the revocation data is not shown to hold"
            }
        })
    }
}

impl std::error::Error for RevocationSignatureError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Algorithm(error) => Some(error),
            Self::AlgorithmsDiffer => None,
            Self::Verify(error) => Some(error),
        }
    }
}

/// Whether `value` is a signature over `signed` under `key`.
pub(crate) fn verify_signature(
    algorithm: &AlgorithmIdentifier,
    signed: &[u8],
    value: &[u8],
    key: &PublicKey,
) -> Result<(), RevocationSignatureError> {
    let scheme = algorithm
        .signature_scheme(None)
        .map_err(RevocationSignatureError::Algorithm)?;
    key.verify(scheme, signed, value)
        .map_err(RevocationSignatureError::Verify)
}
