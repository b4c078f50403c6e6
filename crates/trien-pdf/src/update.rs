//! One incremental update (ISO 32000-2, 7.5.6) that adds a signature: laid out whole, with a gap
//! for the value and a final `ByteRange`, before anything is hashed.
//! Knows nothing of digests or CMS; the original octets are never touched.

mod error;
mod extension;
mod form;
mod layout;
mod overlay;
mod page;

use std::num::NonZeroUsize;

use trien_types::{UnixTime, UtcOffset};

use crate::appearance::{EmbeddedFont, Mark};
use crate::write::write_hexadecimal;
use crate::{ByteRange, Document, Span};

pub use error::{ContentsTooSmall, PlaceError};
pub(crate) use extension::declare_extension;
pub(crate) use layout::lay_out_objects;
pub(crate) use overlay::Overlay;
pub(crate) use page::page_by_index;

/// What a widget shows: a mark and the font its text is set in.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Drawing {
    /// The mark; its width and height are those of the widget.
    pub mark: Mark,
    /// A font embedded for the mark's texts.
    pub font: EmbeddedFont,
}

impl Drawing {
    /// A mark with its font.
    #[must_use]
    pub const fn new(mark: Mark, font: EmbeddedFont) -> Self {
        Self { mark, font }
    }
}

/// Where the signature shows.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum WidgetPlacement {
    /// Nowhere: a widget without area on the first page, or the existing field as it is.
    Invisible,
    /// In the widget of an existing empty field.
    InField(Box<Drawing>),
    /// On pages, in a new field: one widget each.
    OnPages(Vec<PlacedDrawing>),
}

/// A drawing at a place on a page. It stands upright on the page as it is shown, and its size is
/// that of the drawing there, whatever the page's `/Rotate` and `/UserUnit`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PlacedDrawing {
    /// Index of the page, from 0.
    pub page: usize,
    /// Left edge in the page's user space: PDF points (1/72 inch) on most pages.
    pub left: f32,
    /// Lower edge in the page's user space.
    pub bottom: f32,
    /// What is drawn.
    pub drawing: Box<Drawing>,
}

impl PlacedDrawing {
    /// A drawing with its lower left corner at (left, bottom) in the user space of a page, from 0.
    #[must_use]
    pub fn new(page: usize, (left, bottom): (f32, f32), drawing: Drawing) -> Self {
        Self {
            page,
            left,
            bottom,
            drawing: Box::new(drawing),
        }
    }
}

/// What kind of signature dictionary is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureKind {
    /// /Type /Sig with /SubFilter /ETSI.CAdES.detached (EN 319 142-1, 5.3).
    Cades,
    /// /Type /DocTimeStamp with /SubFilter /ETSI.RFC3161 (EN 319 142-1, 5.4.3).
    DocumentTimestamp,
}

/// A signature to be placed: its field, its look and what its dictionary says.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Placement {
    /// Full name of the field. An existing empty signature field of this name is filled;
    /// otherwise a new field is made, and the name may hold no full stop.
    pub field: String,
    /// Where it shows.
    pub widget: WidgetPlacement,
    /// What kind it is.
    pub kind: SignatureKind,
    /// /M: the claimed signing time and the offset it is written at.
    pub claimed_signing_time: Option<(UnixTime, UtcOffset)>,
    /// /Name.
    pub name: Option<String>,
    /// /Reason.
    pub reason: Option<String>,
    /// /Location.
    pub location: Option<String>,
    /// /ContactInfo.
    pub contact_info: Option<String>,
    /// The second half of the file identifier (ISO 32000-2, 14.4), which changes with each
    /// update; `None` keeps the old one.
    pub update_identifier: Option<[u8; 16]>,
}

impl Placement {
    /// An invisible signature in `field`.
    #[must_use]
    pub fn invisible(field: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            widget: WidgetPlacement::Invisible,
            kind: SignatureKind::Cades,
            claimed_signing_time: None,
            name: None,
            reason: None,
            location: None,
            contact_info: None,
            update_identifier: None,
        }
    }
}

/// An update that is laid out: the gap is fixed, the byte range final. What comes next is the
/// digest of [`PreparedUpdate::signed_spans`], and then [`PreparedUpdate::complete`].
#[derive(Debug, Clone)]
pub struct PreparedUpdate<'a> {
    original: &'a [u8],
    appended: Vec<u8>,
    byte_range: ByteRange,
}

impl Document<'_> {
    /// Whether this document can take a signature at all, whatever the placement.
    ///
    /// # Errors
    /// [`PlaceError::Encrypted`] or [`PlaceError::Unfinished`].
    pub fn check_placeable(&self) -> Result<(), PlaceError> {
        if self.is_encrypted() {
            return Err(PlaceError::Encrypted);
        }
        match self.unfinished_tail() {
            Some(offset) => Err(PlaceError::Unfinished { offset }),
            None => Ok(()),
        }
    }

    /// Lays out one update of this document that holds the signature described by `placement`,
    /// with room for `contents_octets` octets of CMS.
    ///
    /// The same input gives the same octets.
    ///
    /// # Errors
    /// The field or the page is not there or taken, the form is damaged, the file is encrypted.
    pub fn place(
        &self,
        placement: &Placement,
        contents_octets: NonZeroUsize,
    ) -> Result<PreparedUpdate<'_>, PlaceError> {
        let (overlay, signature) = form::changed_objects(self, placement)?;
        let layout = layout::lay_out_signature(overlay, signature, placement, contents_octets)?;
        Ok(PreparedUpdate {
            original: self.bytes(),
            appended: layout.appended,
            byte_range: ByteRange::prepared(layout.gap, layout.end),
        })
    }
}

impl<'a> PreparedUpdate<'a> {
    /// Takes up an update that was prepared for `original` earlier: the octets that were appended
    /// and the gap in the whole file.
    ///
    /// # Errors
    /// `None` when the gap is not an unfilled hexadecimal string inside the appended octets.
    #[must_use]
    pub fn resume(original: &'a [u8], appended: Vec<u8>, gap: Span) -> Option<Self> {
        let end = original.len().checked_add(appended.len())?;
        let start = gap.start().checked_sub(original.len())?;
        let stop = gap.end().checked_sub(original.len())?;
        let [b'<', digits @ .., b'>'] = appended.get(start..stop)? else {
            return None;
        };
        if !digits.iter().all(|digit| *digit == b'0') || stop >= appended.len() {
            return None;
        }
        Some(Self {
            original,
            appended,
            byte_range: ByteRange::prepared(gap, end),
        })
    }

    /// The octets that are signed, in their order: the original file, then the update up to the
    /// gap, then the update behind it.
    #[must_use]
    pub fn signed_spans(&self) -> [&[u8]; 3] {
        let gap = self.gap_in_appended();
        let before = self.appended.get(..gap.start()).unwrap_or_default();
        let after = self.appended.get(gap.end()..).unwrap_or_default();
        [self.original, before, after]
    }

    /// The original file.
    #[must_use]
    pub const fn original(&self) -> &'a [u8] {
        self.original
    }

    /// The update with its gap still empty.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        &self.appended
    }

    /// The final byte range, in the whole file.
    #[must_use]
    pub const fn byte_range(&self) -> ByteRange {
        self.byte_range
    }

    /// Octets of CMS that the gap has room for.
    #[must_use]
    pub fn contents_octets(&self) -> usize {
        self.byte_range.gap().octets().saturating_sub(2) / 2
    }

    fn gap_in_appended(&self) -> Span {
        let gap = self.byte_range.gap();
        let shift = self.original.len();
        Span::new(
            gap.start().saturating_sub(shift),
            gap.end().saturating_sub(shift),
        )
    }

    /// The update with `contents` in its gap, padded with zeros.
    ///
    /// # Errors
    /// `contents` does not fit: lay out again with the room that is needed.
    pub fn complete(&self, contents: &[u8]) -> Result<Vec<u8>, ContentsTooSmall> {
        let room = self.contents_octets();
        if contents.len() > room {
            return Err(ContentsTooSmall {
                needed_octets: contents.len(),
                room_octets: room,
            });
        }
        let gap = self.gap_in_appended();
        let mut digits = Vec::new();
        write_hexadecimal(&mut digits, contents);
        let mut appended = self.appended.clone();
        let start = gap.start().saturating_add(1);
        let target = appended.get_mut(start..start.saturating_add(digits.len()));
        if let Some(target) = target {
            target.copy_from_slice(&digits);
        }
        Ok(appended)
    }
}
