//! Whether a mark can be seen on its page. What it looks like only eyes can tell.

use super::Found;
use crate::field::rectangle_of;
use crate::page::Page;
use crate::{Document, Object, ReadError, Widget};

/// Flags of an annotation that is not shown on the screen (12.5.3): Hidden and `NoView`.
const UNSEEN: i64 = 1 << 1 | 1 << 5;

/// PDF points (a third of a millimetre) below which nobody sees a mark.
const NARROWEST: f64 = 1.0;

impl Document<'_> {
    /// Whether a widget shows something on its page: it is not hidden, as wide and high as
    /// an eye can see, lies on what is shown of the page, and its normal appearance draws (12.5.3, 12.5.5). A widget without an object of its own,
    /// and what cannot be told, are said to show.
    ///
    /// # Errors
    /// A bound of the document's limits.
    pub fn shows_widget(&self, page: &Page, widget: &Widget) -> Result<bool, ReadError> {
        let revision = self.latest();
        let (Some(id), Some(rectangle)) = (widget.object, widget.rectangle) else {
            return Ok(widget.rectangle.is_some());
        };
        let [x, y, other_x, other_y] = rectangle;
        if (x - other_x).abs() < NARROWEST || (y - other_y).abs() < NARROWEST {
            return Ok(false);
        }
        let Object::Dictionary(annotation) = self.object(id, revision)?.object else {
            return Ok(true);
        };
        let flags = self.value(&annotation, "F", revision)?;
        if flags.as_integer().unwrap_or_default() & UNSEEN != 0 {
            return Ok(false);
        }
        if let Some(view) = self.view_of(page.dictionary(), revision)? {
            let [left, bottom, right, top] = view.visible;
            let is_beside = x.max(other_x) <= left
                || x.min(other_x) >= right
                || y.max(other_y) <= bottom
                || y.min(other_y) >= top;
            if is_beside {
                return Ok(false);
            }
        }
        let Object::Dictionary(appearance) = self.value(&annotation, "AP", revision)? else {
            return Ok(false);
        };
        let normal = match self.value(&appearance, "N", revision)? {
            Object::Dictionary(states) => {
                match self.value(&annotation, "AS", revision)?.as_name() {
                    Some(state) => self.value(&states, &state.to_string(), revision)?,
                    None => Object::Null,
                }
            }
            normal => normal,
        };
        let Object::Stream(form) = normal else {
            return Ok(false);
        };
        // What is laid onto a rectangle from a box of no room is not shown (12.5.5).
        let bounds = self.value(&form.dictionary, "BBox", revision)?;
        if rectangle_of(&bounds).is_some_and(|[x, y, right, top]| x == right || y == top) {
            return Ok(false);
        }
        Ok(draws(&self.drawn_by(&form, rectangle, revision)?))
    }
}

/// Whether anything is drawn, or may be.
const fn draws(found: &Found) -> bool {
    found.painted > 0
        || found.unclear > 0
        || found.is_cut
        || !found.images.is_empty()
        || !found.shapes.is_empty()
        || !found.strokes.is_empty()
        || !found.lines.is_empty()
}
