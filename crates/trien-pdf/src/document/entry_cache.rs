//! What cross-references said of numbers that were asked for last: comparing two revisions asks for
//! the same few objects of both again and again. Reads nothing itself.

use std::cell::Cell;

use crate::RevisionIndex;
use crate::xref::XrefEntry;

/// Answers that are kept: those about a dozen objects of ten revisions.
const PLACES: usize = 128;

/// What was asked, and what was answered.
type Answer = (u32, RevisionIndex, (XrefEntry, RevisionIndex));

/// One place for each question; of two that fall on one place the later one stays.
pub(super) struct EntryCache {
    answers: Box<[Cell<Option<Answer>>]>,
}

impl Default for EntryCache {
    fn default() -> Self {
        Self {
            answers: vec![Cell::new(None); PLACES].into(),
        }
    }
}

impl EntryCache {
    fn place(&self, number: u32, revision: RevisionIndex) -> Option<&Cell<Option<Answer>>> {
        let number = usize::try_from(number).unwrap_or_default();
        // Revisions name neighbouring numbers: they are spread apart.
        let place = number.wrapping_add(revision.0.wrapping_mul(SPREAD));
        self.answers.get(place % PLACES)
    }

    /// What a revision says of a number, if it is known.
    pub(super) fn known(
        &self,
        number: u32,
        revision: RevisionIndex,
    ) -> Option<(XrefEntry, RevisionIndex)> {
        let (of, at, answer) = self.place(number, revision)?.get()?;
        (of == number && at == revision).then_some(answer)
    }

    /// Keeps what a revision says of a number.
    pub(super) fn keep(
        &self,
        number: u32,
        revision: RevisionIndex,
        answer: (XrefEntry, RevisionIndex),
    ) {
        if let Some(place) = self.place(number, revision) {
            place.set(Some((number, revision, answer)));
        }
    }
}

/// No divisor of [`PLACES`], and more than an ordinary update has objects.
const SPREAD: usize = 37;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_that_of_its_own_question() {
        let cache = EntryCache::default();
        let answer = |offset| {
            let generation = 0;
            (XrefEntry::InFile { offset, generation }, RevisionIndex(0))
        };
        let one = (7, RevisionIndex(3));
        // On the same place as the other.
        let other = (u32::try_from(7 + PLACES).unwrap(), RevisionIndex(3));
        assert_eq!(cache.known(one.0, one.1), None);
        cache.keep(one.0, one.1, answer(1));
        assert_eq!(cache.known(one.0, one.1), Some(answer(1)));
        assert_eq!(cache.known(other.0, other.1), None);
        cache.keep(other.0, other.1, answer(2));
        assert_eq!(cache.known(other.0, other.1), Some(answer(2)));
        assert_eq!(cache.known(one.0, one.1), None);
    }
}
