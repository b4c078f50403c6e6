//! What objects mean that say nothing of themselves (arrays, streams, bare dictionaries): they
//! mean it only while every place that refers to them is one that gives them this meaning.

use std::collections::{BTreeMap, BTreeSet};

use super::references::{Place, References, places};
use crate::{Document, Object, ReadError, RevisionIndex};

type Result<T> = std::result::Result<T, ReadError>;

/// Stands among owners for "an element of an array".
pub(super) const ELEMENT: &str = "[]";

/// Stands among owners for "the name of a state of a button".
pub(super) const STATE: &str = "<state>";

/// An appearance that is shown only by the widget it belongs to.
pub(super) const APPEARANCE_OWNERS: [&str; 5] = ["AP", "N", "R", "D", STATE];

/// Trailer keys that lead to nothing a reader shows: the office document that a writer embeds.
pub(super) const HARMLESS_IN_TRAILERS: [&str; 2] = ["AdditionalStreams", "DocChecksum"];

/// How far ownership is followed: stream, states, appearances, widget.
const OWNERSHIP_DEPTH: usize = 4;

/// Which places explain an object of a revision that means nothing by itself: any other place that
/// shows it makes its change an unexplained one there.
#[derive(Debug, Default)]
pub(super) struct Ownership {
    owned: BTreeMap<u32, BTreeSet<&'static str>>,
    /// Appearances, with those that may show them: in the look of any other the change is an
    /// unexplained one.
    shown_by: BTreeMap<u32, BTreeSet<Showers>>,
    /// The widgets of a field, or an annotation, by number. A field of 5,000 widgets with as many
    /// looks names them once.
    showers: BTreeMap<u32, BTreeSet<Showers>>,
    last: Showers,
}

/// Widgets or an annotation that may show the same appearances.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Showers(usize);

impl Ownership {
    /// Every reference to the object must stand under one of these keys (or in an array, for
    /// [`ELEMENT`]), or under one of those noted before.
    pub(super) fn claim(&mut self, number: u32, owners: impl IntoIterator<Item = &'static str>) {
        self.owned.entry(number).or_default().extend(owners);
    }

    /// Those that may show the same appearances.
    pub(super) fn showers(&mut self, numbers: impl IntoIterator<Item = u32>) -> Showers {
        self.last = Showers(self.last.0.saturating_add(1));
        for number in numbers {
            self.showers.entry(number).or_default().insert(self.last);
        }
        self.last
    }

    /// Nothing but these, and those noted before, may show the appearance.
    pub(super) fn claim_look(&mut self, number: u32, shown_by: Showers) {
        self.shown_by.entry(number).or_default().insert(shown_by);
    }

    /// Whether `number` is one of those that may show an appearance.
    fn may_show(&self, number: u32, shown_by: &BTreeSet<Showers>) -> bool {
        let known = self.showers.get(&number).into_iter().flatten();
        known.into_iter().any(|showers| shown_by.contains(showers))
    }

    /// Whether nobody but its owners refers to the object, in either revision. What nobody claims
    /// means something by itself.
    pub(super) fn holds(
        &self,
        number: u32,
        document: &Document<'_>,
        references: &References,
        revisions: [RevisionIndex; 2],
    ) -> Result<bool> {
        let Some(owners) = self.owned.get(&number) else {
            return Ok(true);
        };
        let showing = self.shown_by.get(&number);
        for at in revisions {
            let sight = Sight {
                ownership: self,
                document,
                references,
                at,
            };
            if !sight.is_owned(number, (owners, showing), 0)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The references of one revision.
#[derive(Clone, Copy)]
struct Sight<'s, 'a> {
    ownership: &'s Ownership,
    document: &'s Document<'a>,
    references: &'s References,
    at: RevisionIndex,
}

impl Sight<'_, '_> {
    /// Whether every reference to an object stands where `owners` allow it, up to the object that
    /// gives the place its meaning: a dictionary of appearances is one only while it is an /AP.
    fn is_owned(
        &self,
        number: u32,
        (owners, showing): (&BTreeSet<&'static str>, Option<&BTreeSet<Showers>>),
        depth: usize,
    ) -> Result<bool> {
        if depth > OWNERSHIP_DEPTH {
            return Ok(false);
        }
        let trailer = Object::Dictionary(self.document.trailer(self.at).clone());
        if !places(&trailer, number)
            .iter()
            .all(|place| place.is_among(owners))
        {
            return Ok(false);
        }
        for (referrer, place) in self.references.places_of(self.document, number, self.at)? {
            let is_strange = |by| !self.ownership.may_show(referrer, by);
            if !place.is_among(owners) || (place.is_look() && showing.is_some_and(is_strange)) {
                return Ok(false);
            }
            // The key alone says little: a dictionary with /N is one of appearances only while it
            // is an /AP, one of states only while it is an /N, /R or /D.
            // What says by a key of its own what it is (a page, a field) is no such dictionary.
            if let Some(above) = place.owners_above(owners)
                && !(self.references.are_known_of(referrer)
                    && self.is_owned(referrer, (&above, showing), depth.saturating_add(1))?)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl Place {
    /// Whether the place is in the look of a widget or another annotation.
    fn is_look(&self) -> bool {
        match self {
            Self::Key(keys) => keys.iter().any(|key| key == "AP"),
            Self::Element => false,
        }
    }

    /// Whether the place is one of those that `owners` name.
    fn is_among(&self, owners: &BTreeSet<&'static str>) -> bool {
        let Self::Key(keys) = self else {
            return owners.contains(ELEMENT);
        };
        let Some(last) = keys.last() else {
            return false;
        };
        if owners.contains(last.as_str()) || HARMLESS_IN_TRAILERS.contains(&last.as_str()) {
            return true;
        }
        // EN 319 142-1, 5.4.2.3: the keys of /VRI are hashes in hexadecimal.
        if owners.contains("VRI") && last.len() == 40 && last.bytes().all(|o| o.is_ascii_hexdigit())
        {
            return true;
        }
        // Names of one's own choosing: the states of a button below /AP (12.5.5).
        owners.contains(STATE)
            && match keys.as_slice() {
                [_] => true,
                [.., above, _] => is_appearance_key(above),
                [] => false,
            }
    }

    /// What must own the object that holds this place, for the place to mean what it seems to.
    fn owners_above(&self, owners: &BTreeSet<&'static str>) -> Option<BTreeSet<&'static str>> {
        let Self::Key(keys) = self else { return None };
        if !owners.contains(STATE) && !owners.contains("N") {
            return None;
        }
        match keys.as_slice() {
            [key] if is_appearance_key(key) => Some(BTreeSet::from(["AP"])),
            [key] if key != "AP" => Some(BTreeSet::from(["N", "R", "D"])),
            [first, _] if is_appearance_key(first) => Some(BTreeSet::from(["AP"])),
            _ => None,
        }
    }
}

fn is_appearance_key(key: &str) -> bool {
    matches!(key, "N" | "R" | "D")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries held, and how often a widget is compared with those that may show its look.
    fn work(widgets: u32) -> usize {
        let mut ownership = Ownership::default();
        let field = ownership.showers(0..widgets);
        for look in 0..widgets {
            ownership.claim_look(look, field);
        }
        let by_looks: usize = ownership.shown_by.values().map(BTreeSet::len).sum();
        let by_widgets: usize = ownership.showers.values().map(BTreeSet::len).sum();
        by_looks.saturating_add(by_widgets)
    }

    #[test]
    fn a_field_of_many_widgets_names_them_once_for_all_their_looks() {
        assert_eq!(work(5_000), 2 * 5_000);
        assert_eq!(work(10_000), 2 * work(5_000));
    }

    #[test]
    fn a_look_is_shown_by_those_that_claimed_it_and_by_no_others() {
        let mut ownership = Ownership::default();
        let [one, other] = [1..3, 3..5].map(|widgets| ownership.showers(widgets));
        ownership.claim_look(9, one);
        let may_show = |ownership: &Ownership| {
            let shown_by = ownership.shown_by.get(&9).cloned().unwrap_or_default();
            [1, 2, 3, 4, 5].map(|number| ownership.may_show(number, &shown_by))
        };
        assert_eq!(may_show(&ownership), [true, true, false, false, false]);
        ownership.claim_look(9, other);
        assert_eq!(may_show(&ownership), [true, true, true, true, false]);
    }
}
