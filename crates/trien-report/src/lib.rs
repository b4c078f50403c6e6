//! What the verification of an archive found, for people: a spreadsheet, one HTML file, a PDF.
//!
//! Reads the lines and the summary that the verification wrote (schemas `trien.verify/1` and
//! `trien.archive/1`) and shows them; judges nothing, counts nothing anew and asks no network.
//! Every text in them is another's and stays text in each form. Records are written as they come:
//! memory does not grow with the archive.

pub mod html;
pub mod pdf;
pub mod picture;
pub mod spreadsheet;
mod view;
mod words;

pub use html::{HtmlReport, HtmlSettings};
pub use pdf::{PdfError, PdfReport, manifest};
pub use picture::{DocumentPicture, DrawRequest, Illustrator, NotDrawn, Thumbnails, draw_if_asked};
pub use spreadsheet::{Separator, Spreadsheet};
pub use trien::Language;
pub use trien::archive::{Record, Summary};
pub use words::{Words, is_unseen};
