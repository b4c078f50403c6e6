//! Why a mark was not placed.

use std::error::Error;
use std::fmt;

use trien_pdf::appearance::AppearanceError;
use trien_pdf::{PlaceError, ReadError};

/// What is wrong with a picture of a signature or a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum InkFault {
    /// Nothing of the page is seen through it.
    Opaque,
    /// A signature that is not blue.
    NotBlue,
    /// A seal that is not red.
    NotRed,
    /// A seal that is not about as wide as it is high.
    NotRound,
}

impl fmt::Display for InkFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Opaque => {
                "nothing is seen through the picture: save it as PNG on a transparent ground"
            }
            Self::NotBlue => "the picture of the signature is not blue: scan it in blue ink",
            Self::NotRed => "the picture of the seal is not red: scan it in red ink",
            Self::NotRound => {
                "the picture of the seal is not as wide as it is high: cut it to the seal"
            }
        })
    }
}

/// Why a mark was not placed. Nothing was written. Measures are in millimetres.
#[derive(Debug)]
#[non_exhaustive]
pub enum MarkError {
    /// The mark cannot be drawn.
    Appearance(AppearanceError),
    /// The page cannot be found, or the document takes no signature.
    Place(PlaceError),
    /// The document cannot be read.
    Read(ReadError),
    /// A measure is no number or outside of its bounds.
    MeasureInvalid {
        /// The measure.
        millimetres: f64,
        /// The least.
        least: f64,
        /// The most.
        most: f64,
    },
    /// The picture is not as the rules want it.
    Ink(InkFault),
    /// No font with every Vietnamese letter was found.
    FontMissing,
    /// A text mark without any text.
    Empty,
    /// The text for the QR code is too long for one of this size.
    QrTooLong,
    /// There is no signature field of this name.
    FieldMissing {
        /// Full name.
        field: String,
    },
    /// The field has no area on a page.
    FieldInvisible {
        /// Full name.
        field: String,
    },
    /// The field is smaller than the mark.
    FieldTooSmall {
        /// Full name.
        field: String,
        /// Width and height that the mark needs.
        needed: (f64, f64),
        /// Width and height of the field.
        found: (f64, f64),
    },
    /// A field has one place: it cannot be marked along with others.
    FieldAmongOthers,
    /// The mark would reach over the edge of the page.
    OffPage {
        /// The page, from 0.
        page: usize,
        /// Width and height of the page as it is shown.
        size: (f64, f64),
    },
    /// The title does not stand on the page.
    TitleMissing {
        /// The title.
        title: String,
        /// The page, from 0.
        page: usize,
        /// Letters on the page that cannot be read, as in scans and fonts without a map.
        unreadable: usize,
    },
    /// The title stands on the page more than once, and nothing says which one is meant.
    TitleAmbiguous {
        /// The title.
        title: String,
        /// How many times.
        count: usize,
    },
    /// There is no room for a signature under the title.
    NoRoom {
        /// The title.
        title: String,
        /// Height of the largest gap under it.
        gap: f64,
    },
    /// The mark would cover the national heading.
    HeadingCovered {
        /// The page, from 0.
        page: usize,
    },
    /// A seal across pages needs two pages or more, and not more than the bound.
    PageCount {
        /// How many pages there are.
        pages: usize,
    },
}

impl From<PlaceError> for MarkError {
    fn from(error: PlaceError) -> Self {
        Self::Place(error)
    }
}

impl From<ReadError> for MarkError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

impl From<AppearanceError> for MarkError {
    fn from(error: AppearanceError) -> Self {
        Self::Appearance(error)
    }
}

impl fmt::Display for MarkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Appearance(_) => formatter.write_str("the mark cannot be drawn"),
            Self::Place(_) => formatter.write_str("the mark has no place"),
            Self::Read(_) => formatter.write_str("the document cannot be read"),
            Self::MeasureInvalid {
                millimetres,
                least,
                most,
            } => write!(
                formatter,
                "{millimetres} mm is not between {least} and {most} mm: measure again"
            ),
            Self::Ink(fault) => fault.fmt(formatter),
            Self::FontMissing => formatter.write_str(
                "no serif font with every Vietnamese letter: install Times New Roman or \
                 Liberation Serif 2, or name a font file",
            ),
            Self::Empty => formatter.write_str("the mark says nothing: give it a text"),
            Self::QrTooLong => formatter
                .write_str("the address is too long for a QR code of this size: shorten it"),
            Self::FieldMissing { field } => {
                write!(
                    formatter,
                    "there is no signature field {field}: check its name"
                )
            }
            Self::FieldInvisible { field } => write!(
                formatter,
                "field {field} has no area on a page: name a page and a place instead"
            ),
            Self::FieldTooSmall {
                field,
                needed,
                found,
            } => write!(
                formatter,
                "field {field} is {:.1} × {:.1} mm, the mark needs {:.1} × {:.1} mm: use a larger \
                 field",
                found.0, found.1, needed.0, needed.1
            ),
            Self::FieldAmongOthers => formatter
                .write_str("an existing field takes one mark: place the others on pages instead"),
            Self::OffPage { page, size } => write!(
                formatter,
                "the mark reaches over the edge of page {}, which is {:.1} × {:.1} mm: move it",
                page.saturating_add(1),
                size.0,
                size.1
            ),
            Self::TitleMissing {
                title,
                page,
                unreadable,
            } => write!(
                formatter,
                "{title:?} does not stand on page {} ({unreadable} letters cannot be read): name \
                 another page or title, or a place in millimetres",
                page.saturating_add(1)
            ),
            Self::TitleAmbiguous { title, count } => write!(
                formatter,
                "{title:?} stands on the page {count} times: say which one is meant"
            ),
            Self::NoRoom { title, gap } => write!(
                formatter,
                "there is no room for a signature under {title:?}: the largest gap is {gap:.1} mm"
            ),
            Self::HeadingCovered { page } => write!(
                formatter,
                "the mark would cover the national heading on page {}: move it",
                page.saturating_add(1)
            ),
            Self::PageCount { pages } => write!(
                formatter,
                "a seal across pages needs 2 to {} pages, the document has {pages}",
                super::across::PAGES_UNDER_ONE_SEAL
            ),
        }
    }
}

impl Error for MarkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Appearance(error) => Some(error),
            Self::Place(error) => Some(error),
            Self::Read(error) => Some(error),
            Self::MeasureInvalid { .. }
            | Self::Ink(_)
            | Self::FontMissing
            | Self::Empty
            | Self::QrTooLong
            | Self::FieldMissing { .. }
            | Self::FieldInvisible { .. }
            | Self::FieldTooSmall { .. }
            | Self::FieldAmongOthers
            | Self::OffPage { .. }
            | Self::TitleMissing { .. }
            | Self::TitleAmbiguous { .. }
            | Self::NoRoom { .. }
            | Self::HeadingCovered { .. }
            | Self::PageCount { .. } => None,
        }
    }
}
