//! What a signature or a time stamp newly shows on a page, and what lies below it.
//! Says nothing about whether it may.

use crate::ObjectId;

/// A look that a revision newly shows on a page.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ShownMark {
    /// The page that lists it; `None` where no page is found.
    pub page: Option<ObjectId>,
    /// Left, bottom, right and top on the page, in its user space.
    pub rectangle: [f64; 4],
    /// The share of what is visible of the page that it takes; infinite where that is not known.
    pub share: f64,
    /// What it draws.
    pub look: Look,
    /// What it lies over; `None` for an empty place.
    pub covers: Option<Covered>,
    /// Who chose its place.
    pub place: MarkPlace,
}

/// Who chose the place of a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MarkPlace {
    /// Whoever signed before: the field was there when the document was signed first.
    Prepared,
    /// Whoever shows it.
    New,
}

/// What a look draws, as far as it matters to what lies below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Look {
    /// Pictures with transparent parts, and nothing else: seals, scanned signatures.
    Transparent,
    /// Text and thin lines.
    Drawn,
    /// Areas, pictures without transparent parts, or something that cannot be told.
    Opaque,
}

/// What a look lies over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Covered {
    /// A part of the mark of an earlier signature, which stays to be seen: a seal lies over a third of
    /// the signature on its left.
    PartOfMark,
    /// A picture, strokes or a shading, of which letters and lines hide little.
    Drawing,
    /// A picture as large as the page: a scan, of which nobody can tell where it is empty.
    Scan,
    /// A page that cannot be read within limits.
    Unread,
    /// Another annotation or a filled field.
    Annotation,
    /// A picture.
    Picture,
    /// The mark of an earlier signature, which letters and lines make illegible.
    CrossedMark,
    /// The mark of an earlier signature, hidden.
    Mark,
    /// Text, or small shapes as outlined letters are.
    Text,
    /// Nobody can tell: readers draw it at another place than it says (12.5.3).
    Elsewhere,
}
