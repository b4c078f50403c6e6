//! Why a file was not extended.

use std::error::Error as StdError;
use std::fmt;

use trien_x509::DigestUnavailable;

use crate::error::Error;
use crate::evidence::Missing;
use crate::time_stamp_authority::NoTimeStamp;

/// What stands against extending a file because of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Objection {
    /// The signature's field.
    pub field: String,
    /// What is wrong with it, in technical English.
    pub objection: String,
}

/// What stopped an extension.
#[derive(Debug)]
#[non_exhaustive]
pub enum ExtensionErrorKind {
    /// Nobody signed the file.
    NotSigned,
    /// Signatures are broken, or the document was changed after them.
    NotIntact(Vec<Objection>),
    /// Evidence is missing.
    Incomplete(Vec<Missing>),
    /// A time stamp is needed and no authority is named.
    NoAuthority,
    /// No authority gave a time stamp.
    NoTimeStamp(NoTimeStamp),
    /// The document cannot be read or takes no update.
    Document(Error),
}

/// A file was not extended; nothing was written.
#[derive(Debug)]
pub struct ExtensionError {
    kind: Box<ExtensionErrorKind>,
}

impl ExtensionError {
    pub(super) fn new(kind: ExtensionErrorKind) -> Self {
        Self {
            kind: Box::new(kind),
        }
    }

    /// What stopped the extension.
    #[must_use]
    pub const fn kind(&self) -> &ExtensionErrorKind {
        &self.kind
    }

    /// What stopped the extension, to keep.
    #[must_use]
    pub fn into_kind(self) -> ExtensionErrorKind {
        *self.kind
    }

    /// What evidence is missing, when that is what stopped the extension.
    #[must_use]
    pub fn missing(&self) -> &[Missing] {
        if let ExtensionErrorKind::Incomplete(missing) = self.kind.as_ref() {
            missing
        } else {
            &[]
        }
    }
}

impl fmt::Display for ExtensionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind.as_ref() {
            ExtensionErrorKind::NotSigned => formatter.write_str("the file has no signature"),
            ExtensionErrorKind::NotIntact(objections) => {
                formatter.write_str("the file is not intact")?;
                for Objection { field, objection } in objections {
                    write!(formatter, "; {field}: {objection}")?;
                }
                Ok(())
            }
            ExtensionErrorKind::Incomplete(missing) => {
                formatter.write_str("evidence is missing")?;
                for missing in missing {
                    write!(formatter, "; {missing}")?;
                }
                Ok(())
            }
            ExtensionErrorKind::NoAuthority => formatter
                .write_str("a time stamp is needed: name an address of a time-stamping authority"),
            ExtensionErrorKind::NoTimeStamp(error) => error.fmt(formatter),
            ExtensionErrorKind::Document(error) => error.fmt(formatter),
        }
    }
}

impl StdError for ExtensionError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.kind.as_ref() {
            ExtensionErrorKind::NoTimeStamp(error) => error.source(),
            ExtensionErrorKind::Document(error) => error.source(),
            ExtensionErrorKind::NotSigned
            | ExtensionErrorKind::NotIntact(_)
            | ExtensionErrorKind::Incomplete(_)
            | ExtensionErrorKind::NoAuthority => None,
        }
    }
}

impl From<Error> for ExtensionError {
    fn from(error: Error) -> Self {
        Self::new(ExtensionErrorKind::Document(error))
    }
}

impl From<DigestUnavailable> for ExtensionError {
    fn from(error: DigestUnavailable) -> Self {
        Self::from(Error::from(error))
    }
}
