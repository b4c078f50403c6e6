//! How a signature looks on the page: a form `XObject` with text in an embedded font, an image and
//! a border (ISO 32000-2, 12.5.5 and 12.7.5.5).
//!
//! Knows nothing of signatures, pages or files: it makes bodies of new indirect objects, which the
//! incremental update wraps. Every colour is device independent and every font embedded, so that a
//! PDF/A file stays one; transparency appears only when the image itself has it. The same input
//! gives the same octets.

mod error;
mod font;
mod grid;
mod image;
mod layout;
mod mark;
mod object;
mod turn;

pub use error::{AppearanceError, ImageDefect};
pub use font::{EmbeddedFont, FontFace};
pub use grid::SquareGrid;
pub use image::{Image, Margins};
pub use mark::{Alignment, Border, Colour, ImagePlace, Line, Mark};
pub(crate) use object::SharedResources;
pub use object::{NewObject, WrittenObjects};
pub use turn::QuarterTurns;
