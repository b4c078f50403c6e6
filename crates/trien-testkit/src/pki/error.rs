//! Why the test PKI could not be made.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use openssl::error::ErrorStack;

use super::Role;

/// What was being done when making the test PKI failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PkiStep {
    /// Generating a key.
    GenerateKey,
    /// Reading a cached key.
    ReadKey,
    /// Writing a certificate or key in one of its forms.
    Encode,
    /// Building and signing a certificate.
    IssueCertificate,
}

impl fmt::Display for PkiStep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::GenerateKey => "generating a key",
            Self::ReadKey => "reading a cached key",
            Self::Encode => "encoding a key or certificate",
            Self::IssueCertificate => "issuing a certificate",
        })
    }
}

/// Why the test PKI could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum PkiError {
    /// A file or folder of the key cache or of the output could not be used.
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The issuer that a plan names does not exist in this PKI.
    IssuerMissing(Role),
    /// OpenSSL refused.
    OpenSsl {
        /// What was being done.
        step: PkiStep,
        /// What OpenSSL says.
        source: ErrorStack,
    },
}

impl PkiError {
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::File { path, source }
    }

    pub(super) fn during(step: PkiStep) -> impl Fn(ErrorStack) -> Self {
        move |source| Self::OpenSsl { step, source }
    }
}

impl fmt::Display for PkiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, .. } => write!(formatter, "cannot use {}", path.display()),
            Self::IssuerMissing(role) => {
                write!(formatter, "the issuer {} was not made yet", role.label())
            }
            Self::OpenSsl { step, .. } => write!(formatter, "OpenSSL failed while {step}"),
        }
    }
}

impl Error for PkiError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File { source, .. } => Some(source),
            Self::IssuerMissing(_) => None,
            Self::OpenSsl { source, .. } => Some(source),
        }
    }
}
