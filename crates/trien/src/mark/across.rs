//! A seal across the edges of all pages (giáp lai): a rule of paper, followed when asked alone.

use std::num::NonZeroU8;

use trien_pdf::appearance::{ImagePlace, Mark};
use trien_pdf::{Drawing, PageArea, PlaceError};

use super::text::points;
use super::{MarkError, Marks, PlacedMark, SealImage};

/// Pages that one seal may go across: each gets a widget of its own.
pub(super) const PAGES_UNDER_ONE_SEAL: usize = 500;

/// Pages that one impression of a seal covers at most (NĐ 30/2020, điều 33: five sheets).
const PAGES_OF_ONE_IMPRESSION: usize = 5;

impl Marks<'_, '_> {
    /// Places a seal across the right edges of all pages, `top` millimetres below the upper edge:
    /// each page shows one strip of it, and up to five pages share one impression. Paper has this
    /// rule, electronic records have none: nothing does it unasked.
    ///
    /// # Errors
    /// The document has one page alone or too many, or a strip has no room.
    pub fn seal_across_pages(
        &mut self,
        seal: &SealImage,
        top: f64,
    ) -> Result<Vec<PlacedMark>, MarkError> {
        let mut pages = Vec::new();
        loop {
            match self.page(pages.len()) {
                Ok(page) if pages.len() < PAGES_UNDER_ONE_SEAL => pages.push(page),
                Ok(_) => break,
                Err(MarkError::Place(PlaceError::NoSuchPage { .. })) => break,
                Err(error) => return Err(error),
            }
        }
        let count = pages.len();
        if count < 2 || self.page(count).is_ok() {
            return Err(MarkError::PageCount { pages: count });
        }
        let (width, height) = seal.size();
        // As even as they can be: six pages are three and three, not five and one.
        let impressions = count.div_ceil(PAGES_OF_ONE_IMPRESSION).max(1);
        let mut placed = Vec::with_capacity(count);
        let mut rest = pages.as_slice();
        for left in (1..=impressions).rev() {
            let (group, tail) = rest.split_at(rest.len().div_ceil(left).min(rest.len()));
            rest = tail;
            let Some(strips) = u8::try_from(group.len()).ok().and_then(NonZeroU8::new) else {
                break;
            };
            let strip = width / f64::from(strips.get());
            for (page, index) in group.iter().zip(0_u8..) {
                let area = PageArea::new((page.size().0 - strip, top), (strip, height));
                let place = ImagePlace::Strip {
                    index,
                    count: strips,
                };
                let mark =
                    Mark::new(points(strip), points(height))?.with_image(seal.image.clone(), place);
                let drawing = Drawing::new(mark, self.font.embedded([])?);
                placed.push(self.put_on_page(page, area, drawing)?);
            }
        }
        Ok(placed)
    }
}
