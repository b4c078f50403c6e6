//! How a signature looks on the page: a form `XObject` with text in an embedded font, an image and
//! a border (ISO 32000-2, 12.5.5 and 12.7.5.5).
//!
//! Knows nothing of signatures, pages or files: it makes bodies of new indirect objects, which the
//! incremental update wraps. Every colour is device independent and every font embedded, so that a
//! PDF/A file stays one; transparency appears only when the image itself has it. The same input
//! gives the same octets.

mod error;
mod font;
mod image;
mod mark;
mod object;

pub use error::{AppearanceError, ImageDefect};
pub use font::{EmbeddedFont, FontFace};
pub use image::Image;
pub use mark::{Alignment, Border, Colour, ImagePlace, Line, Mark};
pub use object::{NewObject, WrittenObjects};
