//! Why SoftHSM tokens could not be made.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use openssl::error::ErrorStack;

use crate::pki::PkiError;

/// Why SoftHSM tokens could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum TokenError {
    /// A PKCS#11 function failed; the source names it.
    Pkcs11 {
        /// The token concerned, when there was one already.
        label: Option<String>,
        /// What the module says.
        source: cryptoki::error::Error,
    },
    /// A file or folder could not be used.
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The child process that fills the tokens failed.
    FillerFailed {
        /// Its exit status, absent when a signal ended it.
        status: Option<i32>,
        /// The end of what it printed.
        printed: String,
    },
    /// What the child read is no list of tokens; the line counts from 1.
    ListMalformed {
        /// Line of the list.
        line: usize,
    },
    /// No slot is left for a new token.
    NoFreeSlot,
    /// libsofthsm2.so is in none of the places where packages put it.
    ModuleMissing,
    /// The key is of a kind that this maker cannot put on a token.
    KeyKindUnsupported,
    /// OpenSSL could not take a key or certificate apart.
    OpenSsl(ErrorStack),
    /// The PKI could not encode a key or certificate.
    Pki(PkiError),
}

impl TokenError {
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::File { path, source }
    }

    pub(super) fn on(label: &str) -> impl Fn(cryptoki::error::Error) -> Self {
        let label = label.to_owned();
        move |source| Self::Pkcs11 {
            label: Some(label.clone()),
            source,
        }
    }
}

impl From<PkiError> for TokenError {
    fn from(error: PkiError) -> Self {
        Self::Pki(error)
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pkcs11 {
                label: Some(label), ..
            } => write!(formatter, "SoftHSM refused to fill the token {label}"),
            Self::Pkcs11 { label: None, .. } => write!(formatter, "SoftHSM cannot be used"),
            Self::File { path, .. } => write!(formatter, "cannot use {}", path.display()),
            Self::FillerFailed { status, printed } => match status {
                Some(status) => {
                    write!(
                        formatter,
                        "the filling process ended with {status}: {printed}"
                    )
                }
                None => write!(formatter, "the filling process was killed: {printed}"),
            },
            Self::ListMalformed { line } => {
                write!(formatter, "line {line} of the list of tokens is malformed")
            }
            Self::NoFreeSlot => write!(formatter, "no slot is left for a new token"),
            Self::ModuleMissing => {
                write!(
                    formatter,
                    "libsofthsm2.so was not found: install the package softhsm2"
                )
            }
            Self::KeyKindUnsupported => {
                write!(formatter, "keys of this kind cannot be put on a token")
            }
            Self::OpenSsl(_) => write!(formatter, "OpenSSL cannot take the key apart"),
            Self::Pki(_) => write!(formatter, "the test PKI gave no key or certificate"),
        }
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Pkcs11 { source, .. } => Some(source),
            Self::File { source, .. } => Some(source),
            Self::OpenSsl(source) => Some(source),
            Self::Pki(source) => Some(source),
            Self::FillerFailed { .. }
            | Self::ListMalformed { .. }
            | Self::NoFreeSlot
            | Self::ModuleMissing
            | Self::KeyKindUnsupported => None,
        }
    }
}
