//! A page as people see it (ISO 32000-2, 7.7.3.3, 14.11.2): its visible box, its turn, its unit,
//! and places on it in millimetres from the upper left corner of what is shown.
//! Knows nothing of what the page shows.

use crate::appearance::QuarterTurns;
use crate::field::{number_of, rectangle_of};
use crate::update::page_by_index;
use crate::{Dictionary, Document, Object, ObjectId, PlaceError, ReadError, RevisionIndex};

/// Millimetres of a PDF point, 1/72 inch.
const MILLIMETRES_OF_POINT: f64 = 25.4 / 72.0;

/// How many pages are searched for a widget that does not name its own: each search step walks the
/// page tree from its root.
const SEARCHED_PAGES: usize = 500;

/// A page of a document as of its latest revision.
#[derive(Debug, Clone)]
pub struct Page {
    object: ObjectId,
    dictionary: Dictionary,
    view: PageView,
}

/// What of a page is shown, and how.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PageView {
    /// Left, bottom, right, top of what is shown, in units of the page's user space: the media
    /// box cut to the crop box.
    pub visible: [f64; 4],
    /// How far the page is turned clockwise when it is shown (/Rotate).
    pub turns: QuarterTurns,
    /// PDF points of one unit of user space (`/UserUnit`), 1 on most pages.
    pub user_unit: f64,
}

/// A rectangle on a page as it is shown, in millimetres from its upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PageArea {
    /// Distance of the left edge from that of the page.
    pub left: f64,
    /// Distance of the upper edge from that of the page.
    pub top: f64,
    /// Width.
    pub width: f64,
    /// Height.
    pub height: f64,
}

impl PageArea {
    /// A rectangle of these measures in millimetres.
    #[must_use]
    pub const fn new((left, top): (f64, f64), (width, height): (f64, f64)) -> Self {
        Self {
            left,
            top,
            width,
            height,
        }
    }

    /// Distance of the right edge from the page's left edge.
    #[must_use]
    pub const fn right(&self) -> f64 {
        self.left + self.width
    }

    /// Distance of the lower edge from the page's upper edge.
    #[must_use]
    pub const fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// The middle, from the left and from above.
    #[must_use]
    pub const fn centre(&self) -> (f64, f64) {
        (self.left + self.width / 2.0, self.top + self.height / 2.0)
    }

    /// Whether the two share an area.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right()
            && other.left < self.right()
            && self.top < other.bottom()
            && other.top < self.bottom()
    }

    /// Whether `other` lies inside, but for `slack` millimetres at each edge.
    #[must_use]
    pub fn contains(&self, other: &Self, slack: f64) -> bool {
        other.left >= self.left - slack
            && other.top >= self.top - slack
            && other.right() <= self.right() + slack
            && other.bottom() <= self.bottom() + slack
    }
}

impl PageView {
    /// Width and height of the page as it is shown, in millimetres.
    #[must_use]
    pub fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.visible;
        let (width, height) = (
            self.millimetres(right - left),
            self.millimetres(top - bottom),
        );
        if self.turns.swaps_sides() {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// The whole page as it is shown.
    #[must_use]
    pub fn area(&self) -> PageArea {
        PageArea::new((0.0, 0.0), self.size())
    }

    /// Left, bottom, right and top in user space of a place on the page as it is shown.
    #[must_use]
    pub fn user_space(&self, area: &PageArea) -> [f64; 4] {
        let (width, height) = self.size();
        let [left, bottom, right, top] = self.visible;
        // Distances from the edges of the page as shown.
        let (from_left, from_top) = (area.left, area.top);
        let (from_right, from_bottom) = (width - area.right(), height - area.bottom());
        // The shown left edge is, in user space, the left, bottom, right or top one.
        let distances = match self.turns {
            QuarterTurns::None => [from_left, from_bottom, from_right, from_top],
            QuarterTurns::One => [from_top, from_left, from_bottom, from_right],
            QuarterTurns::Two => [from_right, from_top, from_left, from_bottom],
            QuarterTurns::Three => [from_bottom, from_right, from_top, from_left],
        };
        let [at_left, at_bottom, at_right, at_top] = distances.map(|length| self.units(length));
        [
            left + at_left,
            bottom + at_bottom,
            right - at_right,
            top - at_top,
        ]
    }

    /// The place on the page as it is shown of a rectangle in user space, its corners in any
    /// order.
    #[must_use]
    pub fn shown(&self, [x, y, other_x, other_y]: [f64; 4]) -> PageArea {
        let [left, bottom, right, top] = self.visible;
        let distances = [
            x.min(other_x) - left,
            y.min(other_y) - bottom,
            right - x.max(other_x),
            top - y.max(other_y),
        ];
        let [at_left, at_bottom, at_right, at_top] =
            distances.map(|length| self.millimetres(length));
        let [from_left, from_top, from_right, from_bottom] = match self.turns {
            QuarterTurns::None => [at_left, at_top, at_right, at_bottom],
            QuarterTurns::One => [at_bottom, at_left, at_top, at_right],
            QuarterTurns::Two => [at_right, at_bottom, at_left, at_top],
            QuarterTurns::Three => [at_top, at_right, at_bottom, at_left],
        };
        let (width, height) = self.size();
        PageArea::new(
            (from_left, from_top),
            (
                width - from_left - from_right,
                height - from_top - from_bottom,
            ),
        )
    }

    /// Units of user space of a length in millimetres.
    #[must_use]
    pub fn units(&self, millimetres: f64) -> f64 {
        millimetres / MILLIMETRES_OF_POINT / self.user_unit
    }

    fn millimetres(&self, units: f64) -> f64 {
        units * self.user_unit * MILLIMETRES_OF_POINT
    }
}

impl Page {
    /// Its object.
    #[must_use]
    pub const fn object(&self) -> ObjectId {
        self.object
    }

    /// Its dictionary.
    #[must_use]
    pub const fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// What of it is shown, and how.
    #[must_use]
    pub const fn view(&self) -> &PageView {
        &self.view
    }
}

impl Document<'_> {
    /// The page of this index, from 0.
    ///
    /// # Errors
    /// There is no such page, it states no box, or it cannot be read.
    pub fn page(&self, index: usize) -> Result<Page, PlaceError> {
        let (object, dictionary) = page_by_index(self, self.latest(), index)?;
        self.page_of(object, dictionary)
    }

    /// The page that shows a widget: the one it names, else the one that lists it among its
    /// annotations.
    ///
    /// # Errors
    /// No page of the first five hundred has it, or a page cannot be read.
    pub fn page_of_widget(&self, widget: &crate::Widget) -> Result<Page, PlaceError> {
        if let Some(page) = widget.page
            && let Object::Dictionary(dictionary) = self.object(page, self.latest())?.object
        {
            return self.page_of(page, dictionary);
        }
        for index in 0..SEARCHED_PAGES {
            let Ok((object, dictionary)) = page_by_index(self, self.latest(), index) else {
                break;
            };
            let annotations = self.value(&dictionary, "Annots", self.latest())?;
            let listed = annotations.as_array().unwrap_or_default().iter();
            let mut listed = listed.filter_map(Object::as_reference);
            if widget
                .object
                .is_some_and(|wanted| listed.any(|id| id == wanted))
            {
                return self.page_of(object, dictionary);
            }
        }
        Err(PlaceError::WidgetWithoutPage)
    }

    /// What can be seen of the page of this index, from 0: the media box cut to the crop box
    /// (ISO 32000-2, 14.11.2), as left, bottom, right, top in PDF points of its user space.
    /// `None` where the page states no box.
    ///
    /// # Errors
    /// There is no such page, or it cannot be read.
    pub fn page_rectangle(&self, index: usize) -> Result<Option<[f64; 4]>, PlaceError> {
        let (_, page) = page_by_index(self, self.latest(), index)?;
        Ok(self.visible_box(&page, self.latest())?)
    }

    pub(crate) fn page_of(
        &self,
        object: ObjectId,
        dictionary: Dictionary,
    ) -> Result<Page, PlaceError> {
        let view = self
            .view_of(&dictionary, self.latest())?
            .ok_or(PlaceError::PageWithoutBox)?;
        Ok(Page {
            object,
            dictionary,
            view,
        })
    }

    /// `None` where the page states no box.
    pub(crate) fn view_of(
        &self,
        page: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<Option<PageView>, ReadError> {
        let Some(visible) = self.visible_box(page, revision)? else {
            return Ok(None);
        };
        let turns = self.inherited(page, "Rotate", revision, |value| {
            number_of(value).map(QuarterTurns::of_degrees)
        })?;
        let unit = number_of(&self.value(page, "UserUnit", revision)?);
        Ok(Some(PageView {
            visible,
            turns: turns.unwrap_or(QuarterTurns::None),
            user_unit: unit
                .filter(|unit| unit.is_finite() && *unit > 0.0)
                .unwrap_or(1.0),
        }))
    }

    fn visible_box(
        &self,
        page: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<Option<[f64; 4]>, ReadError> {
        let Some(media) = self.inherited(page, "MediaBox", revision, corners)? else {
            return Ok(None);
        };
        let [left, bottom, right, top] = media;
        let Some([crop_left, crop_bottom, crop_right, crop_top]) =
            self.inherited(page, "CropBox", revision, corners)?
        else {
            return Ok(Some(media));
        };
        let cut = [
            left.max(crop_left),
            bottom.max(crop_bottom),
            right.min(crop_right),
            top.min(crop_top),
        ];
        let [left, bottom, right, top] = cut;
        // A crop box beside the page crops nothing.
        Ok(Some(if left < right && bottom < top {
            cut
        } else {
            media
        }))
    }

    /// An entry of the page or of the nearest node above it that has one (7.7.3.4).
    pub(crate) fn inherited<T>(
        &self,
        page: &Dictionary,
        key: &str,
        revision: RevisionIndex,
        read: impl Fn(&Object) -> Option<T>,
    ) -> Result<Option<T>, ReadError> {
        let mut node = page.clone();
        for _ in 0..self.limits().nesting {
            if let Some(found) = read(&self.value(&node, key, revision)?) {
                return Ok(Some(found));
            }
            let Object::Dictionary(parent) = self.value(&node, "Parent", revision)? else {
                return Ok(None);
            };
            node = parent;
        }
        Ok(None)
    }
}

/// The corners of a box in their order; `None` for what has no area.
fn corners(value: &Object) -> Option<[f64; 4]> {
    let [x, y, other_x, other_y] = rectangle_of(value)?;
    let corners = [
        x.min(other_x),
        y.min(other_y),
        x.max(other_x),
        y.max(other_y),
    ];
    let [left, bottom, right, top] = corners;
    let has_area = right - left > 0.0 && top - bottom > 0.0;
    (has_area && corners.iter().all(|value| value.is_finite())).then_some(corners)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A4 upright in user space, with an odd origin and a unit of two points.
    fn view(turns: QuarterTurns) -> PageView {
        PageView {
            visible: [-10.0, 20.0, -10.0 + 297.5, 20.0 + 421.0],
            turns,
            user_unit: 2.0,
        }
    }

    #[test]
    fn a_place_goes_to_user_space_and_back_on_every_turn() {
        let area = PageArea::new((10.0, 20.0), (30.0, 15.0));
        for turns in QuarterTurns::ALL {
            let view = view(turns);
            let back = view.shown(view.user_space(&area));
            assert!(back.contains(&area, 1e-9) && area.contains(&back, 1e-9));
        }
    }

    #[test]
    fn the_upper_left_corner_of_a_page_turned_once_is_its_lower_left_one() {
        let corner = PageArea::new((0.0, 0.0), (0.0, 0.0));
        for (turns, wanted) in [
            (QuarterTurns::One, (-10.0, 20.0)),
            (QuarterTurns::None, (-10.0, 441.0)),
        ] {
            let [left, bottom, ..] = view(turns).user_space(&corner);
            let off = (left - wanted.0).abs().max((bottom - wanted.1).abs());
            assert!(off < 1e-9, "{turns:?}: {left} {bottom}");
        }
        let (width, height) = view(QuarterTurns::One).size();
        assert!(width > height);
    }
}
