//! A job's mark on one of its documents: where it goes, and where it then stands.
//! Knows the rules of marks no further than [`trien::mark`] tells them.

use trien::mark::{MarkError, Marks, Occurrence, Place, PlacedMark, SerifFont, TextMark};
use trien::{Document, PlaceError, UnixTime, WhereShown};

use super::entry::ShownMark;
use super::mark_description::{Mark, MarkContent, MarkPage, MarkPlace, Movable};
use super::signature::Turn;
use crate::consent::MovedMark;

/// PDF points of a millimetre.
const POINTS: f64 = 72.0 / 25.4;

/// Pages that are counted: more than any record has.
const MOST_PAGES: usize = 1 << 20;

/// What a mark says and where it belongs.
pub(super) struct Placing<'a> {
    pub(super) mark: &'a Mark,
    pub(super) font: &'a SerifFont,
    /// The step it is signed in and its field, where the place is the workflow's.
    pub(super) turn: Option<(&'a Turn, &'a str)>,
    /// Who signs, as far as that is known.
    pub(super) signer: &'a str,
    pub(super) reason: Option<&'a str>,
    pub(super) time: UnixTime,
}

impl Placing<'_> {
    /// Places the mark on `document`, or where the person moved it to.
    ///
    /// # Errors
    /// The place breaks a rule or is not there.
    pub(super) fn on(
        &self,
        document: &Document<'_>,
        moved: Option<(&MovedMark, &ShownMark)>,
    ) -> Result<(WhereShown, ShownMark), MarkError> {
        let place = match moved {
            Some((moved, shown)) => moved_to(document, moved, shown)?,
            None => self.place(document)?,
        };
        let mut marks = Marks::on(document, self.font.clone());
        let placed = match &self.mark.content {
            MarkContent::Signature(image) => marks.signature(image, &place)?,
            MarkContent::Seal(seal) => marks.seal(seal, &place)?,
            MarkContent::Text(lines) => marks.text(&TextMark::of_lines(lines), &place)?,
            MarkContent::Information => {
                let text = TextMark::information(self.signer, None, self.reason, self.time);
                marks.text(&text, &place)?
            }
        };
        // A field stays where it is.
        let movable = if matches!(place, Place::Field { .. }) {
            Movable::No
        } else {
            self.mark.movable
        };
        let shown = shown(document, &placed, movable)?;
        Ok((marks.shown()?, shown))
    }

    fn place(&self, document: &Document<'_>) -> Result<Place, MarkError> {
        Ok(match (&self.mark.place, self.turn) {
            (Some(MarkPlace::At { page, left, top }), _) => Place::At {
                page: index(document, *page)?,
                left: *left,
                top: *top,
            },
            (Some(MarkPlace::Below { page, title }), _) => Place::Below {
                page: index(document, *page)?,
                title: title.clone(),
                occurrence: Occurrence::Only,
            },
            (Some(MarkPlace::Field(field)), _) => Place::Field {
                field: field.clone(),
            },
            (Some(MarkPlace::OverSignature(field)), _) => Place::OverSignature {
                field: field.clone(),
            },
            (None, Some((turn, field))) => {
                Place::of_step(document, &turn.workflow, (&turn.step, field))?
                    .ok_or(MarkError::Empty)?
            }
            (None, None) => return Err(MarkError::Empty),
        })
    }
}

/// How many pages a document has.
///
/// # Errors
/// The tree of pages cannot be read.
pub(super) fn page_count(document: &Document<'_>) -> Result<usize, PlaceError> {
    let has = |index: usize| match document.page(index) {
        Ok(_) => Ok(true),
        Err(PlaceError::NoSuchPage { .. }) => Ok(false),
        Err(error) => Err(error),
    };
    // Each look-up walks the tree: as few of them as can be.
    let mut beyond = 1_usize;
    while beyond < MOST_PAGES && has(beyond)? {
        beyond = beyond.saturating_mul(2);
    }
    let mut least = beyond / 2;
    if !has(least)? {
        return Ok(least);
    }
    while beyond.saturating_sub(least) > 1 {
        let middle = least.midpoint(beyond);
        if has(middle)? {
            least = middle;
        } else {
            beyond = middle;
        }
    }
    Ok(beyond)
}

fn index(document: &Document<'_>, page: MarkPage) -> Result<usize, MarkError> {
    match page {
        MarkPage::Number(index) => Ok(index),
        MarkPage::Last => Ok(page_count(document)?.saturating_sub(1)),
    }
}

/// Places count from the upper edge, the page of the consent window from the lower one.
fn moved_to(
    document: &Document<'_>,
    moved: &MovedMark,
    shown: &ShownMark,
) -> Result<Place, MarkError> {
    let (_, height) = document.page(moved.page)?.view().size();
    Ok(Place::At {
        page: moved.page,
        left: f64::from(moved.left) / POINTS,
        top: height - (f64::from(moved.bottom) + shown.height) / POINTS,
    })
}

fn shown(
    document: &Document<'_>,
    placed: &PlacedMark,
    movable: Movable,
) -> Result<ShownMark, MarkError> {
    let (_, height) = document.page(placed.page)?.view().size();
    let area = &placed.area;
    Ok(ShownMark {
        page: placed.page,
        left: area.left * POINTS,
        bottom: (height - area.bottom()) * POINTS,
        width: area.width * POINTS,
        height: area.height * POINTS,
        movable,
    })
}
