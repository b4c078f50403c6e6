//! Fields and widgets of two revisions that are one and the same: of 5,000 widgets of a field, or
//! 5,000 fields of a name, none is looked for among all others.

use std::collections::HashMap;
use std::hash::Hash;

/// What an update kept: the kids of a field that have an object of their own, earlier and now, in
/// the order of now.
pub(super) fn kid_pairs<'f, I: Copy + Eq + Hash, D>(
    old: &'f [(Option<I>, D)],
    new: &'f [(Option<I>, D)],
) -> impl Iterator<Item = (Option<I>, &'f D, &'f D)> {
    let known = first_by(old.iter().filter_map(|(id, kid)| Some(((*id)?, kid))));
    new.iter().filter_map(move |(id, is)| {
        let was = known.get(&(*id)?)?;
        Some((*id, *was, is))
    })
}

/// The first value of each key.
pub(super) fn first_by<K: Eq + Hash, V>(values: impl Iterator<Item = (K, V)>) -> HashMap<K, V> {
    let mut first = HashMap::new();
    for (key, value) in values {
        first.entry(key).or_insert(value);
    }
    first
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::hash::Hasher;

    use super::*;

    thread_local! {
        static ASKED: Cell<usize> = const { Cell::new(0) };
    }

    /// A number of an object that counts how often it is compared or hashed.
    #[derive(Debug, Clone, Copy)]
    struct Counted(u32);

    fn count() {
        ASKED.set(ASKED.get().saturating_add(1));
    }

    impl PartialEq for Counted {
        fn eq(&self, other: &Self) -> bool {
            count();
            self.0 == other.0
        }
    }

    impl Eq for Counted {}

    impl Hash for Counted {
        fn hash<H: Hasher>(&self, state: &mut H) {
            count();
            self.0.hash(state);
        }
    }

    fn work(kids: u32) -> usize {
        let list = |from| -> Vec<_> { (from..kids).map(|id| (Some(Counted(id)), id)).collect() };
        ASKED.set(0);
        assert_eq!(kid_pairs(&list(0), &list(3)).count(), list(3).len());
        ASKED.get()
    }

    #[test]
    fn pairing_twice_as_many_kids_asks_twice_as_much() {
        let works = [5_000, 10_000, 20_000].map(work);
        for pair in works.windows(2) {
            // Growing tables hash again what they hold.
            assert!(pair[1] < pair[0] * 9 / 4, "{works:?}");
        }
    }

    #[test]
    fn kids_without_an_object_of_their_own_are_nobodys_pair() {
        let old = [(Some(1), "a"), (None, "b"), (Some(3), "c")];
        let new = [(None, "B"), (Some(3), "C"), (Some(1), "A"), (Some(4), "D")];
        let pairs: Vec<_> = kid_pairs(&old, &new).collect();
        assert_eq!(pairs, [(Some(3), &"c", &"C"), (Some(1), &"a", &"A")]);
    }
}
