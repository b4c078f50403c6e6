//! Where a step's mark goes: plain data in millimetres. Draws nothing.

use serde::Deserialize;

/// Where a step's mark goes. How large it is, is its picture's to say: a seal has its true size.
#[derive(Debug, Clone, PartialEq, Deserialize, Default)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
#[non_exhaustive]
pub enum Place {
    /// It has none.
    #[default]
    None,
    /// In the widget of the field, which stands in the form already.
    Field {},
    /// On a page, the upper left corner at (`left_mm`, `top_mm`) from the page's own, as it is
    /// shown.
    Page {
        /// Which page: from 1, or from -1 backwards from the last.
        page: PageChoice,
        /// From the left edge.
        left_mm: f64,
        /// From the upper edge.
        top_mm: f64,
        /// How far to the right and down the mark of each further signer of the step is from the
        /// one before it.
        #[serde(default)]
        next_mm: [f64; 2],
    },
    /// Between a title that the page bears, such as `HIỆU TRƯỞNG`, and the name under it.
    Below {
        /// The title.
        title: String,
        /// Which page.
        #[serde(default)]
        page: PageChoice,
    },
    /// Over the left third of the signature of an earlier step: for seals (NĐ 30/2020, art. 33.1).
    OverSignature {
        /// Id of that step.
        step: String,
    },
}

/// A page by number: 1 is the first, -1 the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct PageChoice(i32);

/// The last page, where signatures stand.
impl Default for PageChoice {
    fn default() -> Self {
        Self(-1)
    }
}

impl PageChoice {
    /// The index, from 0, in a document of so many pages; `None` where there is no such page.
    #[must_use]
    pub fn index(self, pages: usize) -> Option<usize> {
        let distance = usize::try_from(self.0.unsigned_abs()).ok()?;
        let index = if self.0 > 0 {
            distance.checked_sub(1)?
        } else if self.0 < 0 {
            pages.checked_sub(distance)?
        } else {
            return None;
        };
        (index < pages).then_some(index)
    }
}

/// No sheet of paper is longer: ISO 216 ends at 2A0 with 1,682 mm.
const LONGEST_MM: f64 = 2_000.0;

impl Place {
    /// Whether the measures are such as a page can have, and what it names may be there.
    pub(super) fn is_sensible(&self) -> bool {
        let on_paper = |length: f64| (-LONGEST_MM..=LONGEST_MM).contains(&length);
        match self {
            Self::None | Self::Field {} => true,
            Self::Page {
                page,
                left_mm,
                top_mm,
                next_mm: [right, down],
            } => {
                page.0 != 0
                    && [left_mm, top_mm, right, down]
                        .into_iter()
                        .all(|length| on_paper(*length))
            }
            Self::Below { title, page } => page.0 != 0 && !title.trim().is_empty(),
            Self::OverSignature { step } => !step.is_empty(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_count_from_either_end_and_not_from_nought() {
        assert_eq!(PageChoice(1).index(3), Some(0));
        assert_eq!(PageChoice(-1).index(3), Some(2));
        assert_eq!(PageChoice(-3).index(3), Some(0));
        for (page, pages) in [(0, 3), (4, 3), (-4, 3), (i32::MIN, 3), (1, 0)] {
            assert_eq!(PageChoice(page).index(pages), None, "{page} of {pages}");
        }
    }

    #[test]
    fn measures_that_no_page_has_are_seen() {
        let place = |left_mm, down| Place::Page {
            page: PageChoice(1),
            left_mm,
            top_mm: 0.0,
            next_mm: [0.0, down],
        };
        assert!(place(20.0, 40.0).is_sensible());
        assert!(!place(f64::NAN, 40.0).is_sensible());
        assert!(!place(20.0, f64::INFINITY).is_sensible());
        assert!(!place(2_001.0, 0.0).is_sensible());
    }
}
