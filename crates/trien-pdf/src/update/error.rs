//! Why a signature was not placed.

use std::error::Error;
use std::fmt;

use crate::appearance::AppearanceError;
use crate::{ReadError, StoreFinding};

/// Why an update was not laid out. The file is unchanged.
#[derive(Debug)]
#[non_exhaustive]
pub enum PlaceError {
    /// The appearance cannot be drawn.
    Appearance(AppearanceError),
    /// The document is encrypted.
    Encrypted,
    /// The field has a signature already.
    FieldFilled {
        /// Full name.
        field: String,
    },
    /// The field cannot be changed: it is no object of its own, or its value cannot be read.
    FieldUnusable {
        /// Full name.
        field: String,
    },
    /// The name is empty or holds a full stop, and no such field exists.
    FieldNameInvalid {
        /// The name.
        field: String,
    },
    /// The field exists and has a place of its own.
    FieldHasPlace {
        /// Full name.
        field: String,
    },
    /// A field of this name exists and is not for signatures.
    FieldOfOtherType {
        /// Full name.
        field: String,
    },
    /// A drawing was given for the widget of an existing field, and there is no such field.
    NoSuchField {
        /// Full name.
        field: String,
    },
    /// The page tree has no such page.
    NoSuchPage {
        /// Index, from 0.
        page: usize,
    },
    /// A page states no /MediaBox, so that nobody can tell where on it something would be.
    PageWithoutBox,
    /// The rectangle is no finite place, or a mark on pages has none.
    PlaceInvalid,
    /// The security store of the document is damaged and takes no addition.
    StoreUnusable(StoreFinding),
    /// The claimed time cannot be written as a date.
    TimeInvalid,
    /// Objects stand behind the last finished revision: the file is cut off or was tampered with.
    Unfinished {
        /// Where they start, in octets.
        offset: usize,
    },
    /// An offset has more digits than a cross-reference table can hold.
    TooLarge,
    /// The page of a field's widget was not found.
    WidgetWithoutPage,
    /// The document cannot be read.
    Read(ReadError),
}

impl From<ReadError> for PlaceError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl fmt::Display for PlaceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Appearance(_) => formatter.write_str("the mark cannot be drawn"),
            Self::Encrypted => formatter
                .write_str("the document is encrypted: save it without a password, then sign"),
            Self::FieldFilled { field } => {
                write!(
                    formatter,
                    "field {field} is signed already: choose another name"
                )
            }
            Self::FieldUnusable { field } => {
                write!(
                    formatter,
                    "field {field} cannot take a signature: choose another name"
                )
            }
            Self::FieldNameInvalid { field } => write!(
                formatter,
                "field name {field:?} is empty or holds a full stop: choose another name"
            ),
            Self::FieldHasPlace { field } => {
                write!(
                    formatter,
                    "field {field} exists and has its place: name no page and place"
                )
            }
            Self::FieldOfOtherType { field } => {
                write!(
                    formatter,
                    "field {field} is not for signatures: choose another name"
                )
            }
            Self::NoSuchField { field } => {
                write!(
                    formatter,
                    "there is no field {field}: name a page and a place for it"
                )
            }
            Self::NoSuchPage { page } => {
                write!(
                    formatter,
                    "the document has no page {}",
                    page.saturating_add(1)
                )
            }
            Self::PageWithoutBox => {
                formatter.write_str("the page states no size: save the document anew, then sign")
            }
            Self::PlaceInvalid => formatter.write_str("the place on the page is no place"),
            Self::StoreUnusable(_) => {
                formatter.write_str("the document's security store is damaged and takes nothing")
            }
            Self::TimeInvalid => formatter.write_str("the claimed time has no date form"),
            Self::Unfinished { offset } => write!(
                formatter,
                "objects stand behind the last finished revision (octet {offset}): the file is cut \
                 off or damaged, get the original again"
            ),
            Self::TooLarge => formatter.write_str(
                "the file is over 9,999,999,999 octets, more than its cross-reference table can \
                 address",
            ),
            Self::WidgetWithoutPage => {
                formatter.write_str("no page shows the field: name a page and a place instead")
            }
            Self::Read(_) => formatter.write_str("the document cannot be read"),
        }
    }
}

impl Error for PlaceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Appearance(error) => Some(error),
            Self::StoreUnusable(finding) => Some(finding),
            Self::Read(error) => Some(error),
            Self::Encrypted
            | Self::FieldFilled { .. }
            | Self::FieldUnusable { .. }
            | Self::FieldNameInvalid { .. }
            | Self::FieldHasPlace { .. }
            | Self::FieldOfOtherType { .. }
            | Self::NoSuchField { .. }
            | Self::NoSuchPage { .. }
            | Self::PageWithoutBox
            | Self::PlaceInvalid
            | Self::TimeInvalid
            | Self::TooLarge
            | Self::Unfinished { .. }
            | Self::WidgetWithoutPage => None,
        }
    }
}

/// The value does not fit the gap that was laid out for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ContentsTooSmall {
    /// Octets of the value.
    pub needed_octets: usize,
    /// Octets the gap has room for.
    pub room_octets: usize,
}

impl fmt::Display for ContentsTooSmall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the signature needs {} octets, its place has {}",
            self.needed_octets, self.room_octets
        )
    }
}

impl Error for ContentsTooSmall {}
