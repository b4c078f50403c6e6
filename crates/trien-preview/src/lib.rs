//! Pictures of pages, for people to look at.
//! Judges nothing, and knows nothing of who looks.
//!
//! The renderer reads PDF in its own way, repairs silently and has no bounds of its own. So each
//! picture is drawn by a process that lives for that page alone, with limits of time and memory,
//! and a document that brings it down costs a picture. [`PagePicture`] has the size of the page as
//! our own reader sees it, and no picture is drawn where the two readers see different pages.
//!
//! A program that shows pictures gives itself a hidden command which calls [`run_page_drawer`];
//! [`draw_page`] starts it and waits. The daemon, which waits for many at once, starts it itself.

mod draw;
mod font;
mod image;
mod left_out;
mod process;

pub use draw::{DrawFault, PagePicture, run_page_drawer};
pub use left_out::{LeftOut, left_out_of_document};
pub use process::draw_page;

/// Narrowest picture, in pixels.
pub const LEAST_WIDTH: u16 = 64;

/// Widest picture, in pixels: a page on a laptop's screen at twice its size.
pub const GREATEST_WIDTH: u16 = 2400;

/// Longest a picture may take, in seconds. People wait no longer for one.
pub const LONGEST_SECONDS: u64 = 20;

/// Most pixels of a picture: 64 MB as the renderer holds them. A page ten times as high as it is
/// wide is drawn narrower.
const GREATEST_AREA: f64 = 16_000_000.0;

/// Largest picture that is taken from a drawing process, in octets: 16 million pixels that do not
/// compress.
pub const PICTURE_OCTETS: u64 = 64 << 20;
