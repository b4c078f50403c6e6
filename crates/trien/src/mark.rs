//! Marks on the page as Vietnamese records want them: the signature's picture, the seal over its
//! left third, the texts of copies and attachments, a block of information, a seal across pages.
//! What stands in a mark and where it goes are told apart; a place that breaks a rule is an error.
//!
//! Knows nothing of keys: [`Marks::shown`] gives what a [`crate::SignatureRequest`] is shown as.
//! A mark proves nothing. The rules: NĐ 30/2020/NĐ-CP, phụ lục I.

mod across;
mod error;
mod finding;
mod font;
mod image;
mod marks;
mod place;
mod step;
mod text;
mod title;

pub use error::{InkFault, MarkError};
pub use font::SerifFont;
pub use image::{InkRule, SealImage, SignatureImage};
pub use marks::{Marks, PlacedMark};
pub use place::{Headings, Occurrence, Place};
pub use text::{CopyKind, TextMark};
