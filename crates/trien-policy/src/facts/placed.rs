//! Where a signature shows. Knows no appearance.

use serde::{Deserialize, Serialize};

/// The place of a signature's widget on its page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlacedFact {
    /// The page, from 1.
    pub page: usize,
    /// Left, bottom, right, top in PDF points of the page's user space.
    pub rectangle: [f64; 4],
}

impl PlacedFact {
    /// A place on a page.
    #[must_use]
    pub const fn new(page: usize, rectangle: [f64; 4]) -> Self {
        Self { page, rectangle }
    }
}
