//! Pictures of pages, for people to look at before they sign.
//! Knows nothing of jobs, and judges nothing.
//!
//! The renderer reads PDF in its own way, repairs silently and has no bounds of its own. So each
//! picture is drawn by a process that lives for that page alone, with limits of time and memory,
//! and a document that brings it down costs a picture. [`PagePicture`] has the size of the page as
//! our own reader sees it, and no picture is drawn where the two readers see different pages.

mod draw;
mod service;

pub use draw::{DrawFault, PagePicture, run_page_drawer};
pub use service::Previews;

/// Narrowest picture, in pixels.
pub const LEAST_WIDTH: u16 = 64;

/// Widest picture, in pixels: a page on a laptop's screen at twice its size.
pub const GREATEST_WIDTH: u16 = 2400;

/// Most pixels of a picture: 64 MB as the renderer holds them. A page ten times as high as it is
/// wide is drawn narrower.
const GREATEST_AREA: f64 = 16_000_000.0;
