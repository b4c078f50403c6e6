//! A bound on what rules read over and over, revision by revision.

use std::cell::Cell;

/// Entries of structure trees and looks of fields that are read for one document, all revisions
/// together: a tagged book of 20,000 pages has some 50,000 entries, and each signature reads them
/// twice.
const ENTRIES: usize = 5_000_000;

/// How much may still be read.
#[derive(Debug)]
pub(super) struct Budget(Cell<usize>);

impl Default for Budget {
    fn default() -> Self {
        Self(Cell::new(ENTRIES))
    }
}

impl Budget {
    /// Takes so many entries; `false` when they are too many.
    pub(super) fn spend(&self, entries: usize) -> bool {
        let left = self.0.get().checked_sub(entries);
        self.0.set(left.unwrap_or_default());
        left.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_is_gone() {
        let budget = Budget::default();
        assert!(budget.spend(ENTRIES - 1) && budget.spend(1));
        assert!(!budget.spend(1));
    }
}
