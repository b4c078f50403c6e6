//! Which revisions name an object number: without it a lookup in a file of 10,000 revisions would
//! ask each of them.
//! Knows nothing of what the entries say.

use crate::hashing::NumberMap;

/// Octets that one entry takes in a file at least, about: so many times fewer than the file has
/// octets are listed one by one, whatever ranges a section claims.
const OCTETS_PER_ENTRY: usize = 20;

/// Numbers of one revision that are listed one by one: an update touches some, a full rewrite of
/// the table touches all.
const LISTED_NUMBERS: u32 = 4_096;

/// The revisions that may have an entry for a number.
#[derive(Debug, Default)]
pub(crate) struct EntryIndex {
    /// By number, in ascending order.
    by_number: NumberMap<u32, Vec<usize>>,
    /// Revisions whose numbers are too many to list, in ascending order: asked each time.
    unlisted: Vec<usize>,
}

impl EntryIndex {
    /// Lists the numbers of revisions, given as (first, count), the first revision first.
    pub(crate) fn new(
        revisions: impl Iterator<Item = Vec<(u32, u32)>>,
        file_octets: usize,
    ) -> Self {
        let mut index = Self::default();
        let mut left = file_octets / OCTETS_PER_ENTRY;
        for (revision, ranges) in revisions.enumerate() {
            let count = ranges
                .iter()
                .fold(0_u32, |sum, (_, count)| sum.saturating_add(*count));
            let octets = usize::try_from(count).unwrap_or(usize::MAX);
            // The first revision is what every search ends with.
            match left.checked_sub(octets) {
                Some(rest) if revision > 0 && count <= LISTED_NUMBERS => left = rest,
                _ => {
                    index.unlisted.push(revision);
                    continue;
                }
            }
            for (first, count) in ranges {
                for number in first..first.saturating_add(count) {
                    let named = index.by_number.entry(number).or_default();
                    if named.last() != Some(&revision) {
                        named.push(revision);
                    }
                }
            }
        }
        index
    }

    /// The revisions up to `latest` that may have an entry for `number`, the newest first.
    pub(crate) fn newest_first(
        &self,
        number: u32,
        latest: usize,
    ) -> impl Iterator<Item = usize> + use<'_> {
        let listed = self.by_number.get(&number).map_or(&[][..], Vec::as_slice);
        let up_to = |revisions: &'_ [usize]| revisions.partition_point(|known| *known <= latest);
        let mut listed = listed.iter().take(up_to(listed)).rev().copied().peekable();
        let unlisted = self.unlisted.iter().take(up_to(&self.unlisted));
        let mut unlisted = unlisted.rev().copied().peekable();
        std::iter::from_fn(move || match (listed.peek(), unlisted.peek()) {
            (Some(one), Some(other)) if one < other => unlisted.next(),
            (None, _) => unlisted.next(),
            (Some(_), _) => listed.next(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(index: &EntryIndex, number: u32, latest: usize) -> Vec<usize> {
        index.newest_first(number, latest).collect()
    }

    #[test]
    fn a_lookup_asks_the_revisions_that_name_the_number_and_those_too_large_to_list() {
        let ranges = vec![
            vec![(0, 9)],
            vec![(3, 1)],
            vec![(0, LISTED_NUMBERS + 1)],
            vec![(3, 2), (3, 1)],
            vec![(4, 1)],
        ];
        let index = EntryIndex::new(ranges.into_iter(), 1_000_000);
        assert_eq!(asked(&index, 3, 4), [3, 2, 1, 0]);
        assert_eq!(asked(&index, 3, 1), [1, 0]);
        assert_eq!(asked(&index, 4, 9), [4, 3, 2, 0]);
        assert_eq!(asked(&index, 7, 9), [2, 0]);
    }

    #[test]
    fn no_more_is_listed_than_the_file_has_room_for() {
        let ranges = (0..100).map(|_| vec![(0, LISTED_NUMBERS)]);
        let index = EntryIndex::new(ranges, 100_000);
        assert_eq!(index.unlisted.len(), 99);
    }
}
