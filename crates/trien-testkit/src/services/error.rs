//! Why a test service could not be made or could not answer.

use std::error::Error;
use std::fmt;
use std::io;

use openssl::error::ErrorStack;
use trien_x509::DigestUnavailable;

use crate::pki::PkiError;

/// Why a test service could not be made or could not answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum ServiceError {
    /// The digest cannot be computed here.
    DigestUnavailable(DigestUnavailable),
    /// The key is of a kind that the services do not sign with.
    KeyUnsupported,
    /// OpenSSL refused to sign.
    OpenSsl(ErrorStack),
    /// The test PKI failed.
    Pki(PkiError),
    /// A program of others ended before it served.
    ProgramFailed {
        /// What it printed.
        printed: String,
    },
    /// A program of others is not installed.
    ProgramMissing,
    /// A socket, file or process could not be used.
    System(io::Error),
}

impl fmt::Display for ServiceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::DigestUnavailable(_) => "the digest cannot be computed here",
            Self::KeyUnsupported => "the services do not sign with keys of this kind",
            Self::OpenSsl(_) => "OpenSSL refused to sign",
            Self::Pki(_) => "the test PKI failed",
            Self::ProgramFailed { printed } => {
                return write!(formatter, "openssl ended before it served: {printed}");
            }
            Self::ProgramMissing => "openssl is not installed: install its command-line program",
            Self::System(_) => "a socket, file or process could not be used",
        })
    }
}

impl Error for ServiceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::DigestUnavailable(source) => Some(source),
            Self::OpenSsl(source) => Some(source),
            Self::Pki(source) => Some(source),
            Self::System(source) => Some(source),
            Self::KeyUnsupported | Self::ProgramFailed { .. } | Self::ProgramMissing => None,
        }
    }
}

impl From<ErrorStack> for ServiceError {
    fn from(source: ErrorStack) -> Self {
        Self::OpenSsl(source)
    }
}

impl From<DigestUnavailable> for ServiceError {
    fn from(source: DigestUnavailable) -> Self {
        Self::DigestUnavailable(source)
    }
}

impl From<PkiError> for ServiceError {
    fn from(source: PkiError) -> Self {
        Self::Pki(source)
    }
}

impl From<io::Error> for ServiceError {
    fn from(source: io::Error) -> Self {
        Self::System(source)
    }
}
