//! What is wrong with a store, and where.

use std::error::Error;
use std::fmt;

use crate::{ObjectId, ReadError};

/// Something in a store that is not as the standard has it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreFinding {
    /// Keys and indices from /DSS on, such as `DSS/Certs/3`.
    pub place: String,
    /// What is wrong there.
    pub kind: StoreFindingKind,
}

/// What is wrong in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoreFindingKind {
    /// The file is encrypted: the streams are, too.
    Encrypted,
    /// The key of a /VRI entry is not 40 upper-case hexadecimal digits; the entry was read.
    KeyUnusual,
    /// The same key stands twice in one dictionary; the last one was read.
    KeyTwice,
    /// No array.
    NotAnArray,
    /// No dictionary.
    NotADictionary,
    /// No stream.
    NotAStream {
        /// The object, when there is one: a stream can only be one of its own.
        object: Option<ObjectId>,
    },
    /// /TU is no date.
    TimeUnreadable,
    /// More than a store may hold; what follows was not read.
    TooMuch,
    /// The object or its stream cannot be read.
    Unreadable(ReadError),
}

impl fmt::Display for StoreFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = &self.place;
        match &self.kind {
            StoreFindingKind::Encrypted => {
                write!(formatter, "{place} is encrypted and was not read")
            }
            StoreFindingKind::KeyUnusual => {
                write!(formatter, "{place} is no upper-case SHA-1 of a signature")
            }
            StoreFindingKind::KeyTwice => {
                write!(formatter, "{place} stands twice, the last one was read")
            }
            StoreFindingKind::NotAnArray => write!(formatter, "{place} is no array"),
            StoreFindingKind::NotADictionary => write!(formatter, "{place} is no dictionary"),
            StoreFindingKind::NotAStream { .. } => write!(formatter, "{place} is no stream"),
            StoreFindingKind::TimeUnreadable => write!(formatter, "{place} is no date"),
            StoreFindingKind::TooMuch => {
                write!(formatter, "{place} is more than a store may hold")
            }
            StoreFindingKind::Unreadable(_) => write!(formatter, "{place} cannot be read"),
        }
    }
}

impl Error for StoreFinding {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let StoreFindingKind::Unreadable(error) = &self.kind {
            Some(error)
        } else {
            None
        }
    }
}
