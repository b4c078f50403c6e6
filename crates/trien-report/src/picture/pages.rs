//! Which pages of a document are drawn.
//! Draws nothing.

use std::collections::BTreeSet;

use trien::ChangeVerdict;
use trien::archive::Record;

use super::{PICTURED_MARKED_PAGES, PICTURED_PAGES};

/// The pages to draw: every one with a mark or a change, then the first ones. Where there are too
/// many of the former, forbidden changes go before marks, and those before what is permitted.
pub(super) fn pages_of(record: &Record) -> Vec<usize> {
    let marks = record
        .signatures
        .iter()
        .filter_map(|signature| signature.placed.as_ref())
        .map(|placed| placed.page);
    let changes = |verdict: ChangeVerdict| {
        record
            .signatures
            .iter()
            .flat_map(|signature| &signature.change_list)
            .filter(move |change| change.verdict == verdict)
            .filter_map(|change| change.page)
    };
    // How many there are may not be known; a page that a mark stands on is there.
    let is_there = |page: usize| page > 0 && record.archive.pages.is_none_or(|last| page <= last);
    let count = record.archive.pages.unwrap_or(1);
    let mut seen = BTreeSet::new();
    let mut pages: Vec<usize> = changes(ChangeVerdict::Forbidden)
        .chain(marks)
        .chain(changes(ChangeVerdict::Permitted))
        .filter(|page| is_there(*page) && seen.insert(*page))
        .take(PICTURED_MARKED_PAGES)
        .collect();
    pages.sort_unstable();
    let first = PICTURED_PAGES.saturating_sub(pages.len());
    let unmarked: Vec<usize> = (1..=count)
        .filter(|page| !pages.contains(page))
        .take(first)
        .collect();
    pages.extend(unmarked);
    pages
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::view::tests::{SIGNATURE, record};

    pub(in crate::picture) fn signed(pages: usize, mark: usize, change: usize) -> Record {
        let signature = SIGNATURE.replacen(
            '{',
            &format!(
                r#"{{"placed":{{"page":{mark},"rectangle":[0,0,9,9]}},"change_list":[{{
                "revision":2,"object":null,"kind":"field-filled","field":null,"page":{change},
                "rectangle":null,"old_value":null,"new_value":null,"covers":null,
                "verdict":"forbidden"}}],"#
            ),
            1,
        );
        let mut record = record("invalid", &signature, "");
        record.archive.pages = Some(pages);
        record
    }

    #[test]
    fn pages_with_something_to_see_come_first() {
        assert_eq!(pages_of(&signed(300, 40, 41)), [40, 41, 1, 2]);
        assert_eq!(pages_of(&signed(2, 2, 0)), [2, 1]);
        // A page that the document does not have is none.
        assert_eq!(pages_of(&signed(2, 1, 7)), [1, 2]);
        assert_eq!(pages_of(&record("unsigned", "", "")), [1]);
    }

    #[test]
    fn every_page_with_a_mark_or_a_change_is_drawn_up_to_a_bound() {
        let many = |count: usize| {
            let mut record = signed(300, 200, 1);
            let one = record.signatures.first().cloned();
            record.signatures = (0..count)
                .filter_map(|place| {
                    let mut one = one.clone()?;
                    one.placed.as_mut()?.page = place.saturating_add(10);
                    one.change_list.first_mut()?.page = Some(300_usize.saturating_sub(place));
                    Some(one)
                })
                .collect();
            record
        };
        let expected: Vec<usize> = (10..=15).chain(295..=300).collect();
        assert_eq!(pages_of(&many(6)), expected);
        let bounded = pages_of(&many(100));
        assert_eq!(bounded.len(), PICTURED_MARKED_PAGES);
        // Forbidden changes went before marks.
        assert_eq!(bounded.first(), Some(&261));
    }
}
