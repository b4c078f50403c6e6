//! Why octets are no certificate.

use std::fmt;

use crate::asn1::Asn1Error;
use crate::digester::DigestUnavailable;

/// Why octets could not be read as a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CertificateErrorKind {
    /// SHA-256 is not available, so the certificate has no identity.
    Digest(DigestUnavailable),
    /// The structure is not that of RFC 5280, 4.1.
    Structure(Asn1Error),
}

/// Octets are no certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateError(CertificateErrorKind);

impl CertificateError {
    /// The cause.
    #[must_use]
    pub const fn kind(&self) -> &CertificateErrorKind {
        &self.0
    }
}

impl From<Asn1Error> for CertificateError {
    fn from(error: Asn1Error) -> Self {
        Self(CertificateErrorKind::Structure(error))
    }
}

impl From<DigestUnavailable> for CertificateError {
    fn from(error: DigestUnavailable) -> Self {
        Self(CertificateErrorKind::Digest(error))
    }
}

impl fmt::Display for CertificateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the octets cannot be read as a certificate")
    }
}

impl std::error::Error for CertificateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.0 {
            CertificateErrorKind::Digest(error) => Some(error),
            CertificateErrorKind::Structure(error) => Some(error),
        }
    }
}
