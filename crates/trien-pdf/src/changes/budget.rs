//! Bounds on what rules read over and over, revision by revision, and on what is held of one.

use std::cell::Cell;

use crate::{Dictionary, Object};

/// Entries of structure trees and looks of fields that are read for one document, all revisions
/// together: a tagged book of 20,000 pages has some 50,000 entries, and each signature reads them
/// twice.
const ENTRIES: usize = 5_000_000;

/// Values of the objects that one revision changes, earlier and now, that are held at one time: some
/// hundred MB. 80,000 new fields have a million.
pub(super) const HELD_VALUES: usize = 2_000_000;

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

/// How many values an object is made of, itself among them.
pub(super) fn values_of(object: &Object) -> usize {
    let entries = |dictionary: &Dictionary| {
        let values = dictionary.entries().iter();
        values.map(|entry| values_of(&entry.value)).sum::<usize>()
    };
    let below = match object {
        Object::Array(elements) => elements.iter().map(values_of).sum(),
        Object::Dictionary(dictionary) => entries(dictionary),
        Object::Stream(stream) => entries(&stream.dictionary),
        _ => 0,
    };
    below.saturating_add(1)
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
