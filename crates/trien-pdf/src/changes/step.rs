//! One revision against the one before it: what it touches, and whether what it touches is
//! explained by the rules in the other modules.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::form::APPEARANCE_OWNERS;
use super::kind::{Change, ChangeKind};
use super::packed::Packed;
use super::references::{Place, References, places};
use crate::{Dictionary, Document, Object, ObjectId, ReadError, RevisionIndex, XrefEntry};

pub(super) type Result<T> = std::result::Result<T, ReadError>;

/// Objects compared on both sides of a reference that moved, at most: what a rule compares deeply
/// are widgets, actions and resources of one field.
const DEEP_COMPARISON: usize = 4_096;

/// An object that the revision gives another content.
#[derive(Debug)]
pub(super) struct Touched {
    pub(super) id: ObjectId,
    pub(super) old: Object,
    pub(super) new: Object,
}

/// A revision under comparison.
#[derive(Debug)]
pub(super) struct Step<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) before: RevisionIndex,
    pub(super) after: RevisionIndex,
    pub(super) touched: BTreeMap<u32, Touched>,
    explained: BTreeMap<u32, ChangeKind>,
    /// Objects that mean nothing by themselves (arrays, streams), with the places that explain
    /// them: any other place that shows them makes the change an unexplained one there.
    owned: BTreeMap<u32, BTreeSet<&'static str>>,
    /// Appearances, with the widgets or the annotation that may show them: in the look of any
    /// other the change is an unexplained one.
    shown_by: BTreeMap<u32, BTreeSet<u32>>,
    pub(super) changes: Vec<Change>,
}

impl<'d, 'a> Step<'d, 'a> {
    /// Reads what the revision touches.
    pub(super) fn open(
        document: &'d Document<'a>,
        after: RevisionIndex,
        packed: &Packed,
    ) -> Result<Self> {
        let before = RevisionIndex(after.0.saturating_sub(1));
        let mut step = Self {
            document,
            before,
            after,
            touched: BTreeMap::new(),
            explained: BTreeMap::new(),
            owned: BTreeMap::new(),
            shown_by: BTreeMap::new(),
            changes: Vec::new(),
        };
        let mut numbers = BTreeSet::new();
        for section in document.sections(after) {
            for (first, count) in section.numbers() {
                for number in first..first.saturating_add(count) {
                    let hidden = section.hidden_entry(number)?;
                    let plain = section.plain_entry(document.bytes(), number)?;
                    if let (Some(hidden), Some(plain)) = (hidden, plain)
                        && plain != XrefEntry::Free
                        && hidden != XrefEntry::Free
                        && plain != hidden
                    {
                        let id = ObjectId::new(number, 0);
                        step.note(Some(id), ChangeKind::HybridDivergence);
                    }
                    numbers.insert(number);
                }
            }
        }
        for number in step.with_contents_of_streams(numbers, packed)? {
            step.touch(number)?;
        }
        Ok(step)
    }

    pub(super) fn touched_numbers(&self) -> impl Iterator<Item = u32> {
        self.touched.keys().copied()
    }

    /// An object stream that is replaced changes what it holds without an entry of theirs, and so
    /// does an indirect /Length of one.
    fn with_contents_of_streams(
        &self,
        mut numbers: BTreeSet<u32>,
        packed: &Packed,
    ) -> Result<BTreeSet<u32>> {
        let mut streams = BTreeSet::new();
        for number in &numbers {
            if self.same_entry(*number)? {
                continue;
            }
            let id = ObjectId::new(*number, 0);
            for at in [self.before, self.after] {
                let Ok(located) = self.document.object(id, at) else {
                    continue;
                };
                let is_container = located.object.as_stream().is_some_and(|stream| {
                    let name = stream.dictionary.get("Type").and_then(Object::as_name);
                    name.is_some_and(|name| *name == "ObjStm")
                });
                if is_container {
                    streams.insert(*number);
                } else if located.object.as_integer().is_some() {
                    streams.extend(packed.streams_referring(self.document, *number)?);
                }
            }
        }
        for stream in streams {
            numbers.extend(packed.numbers_in(self.document, stream, self.before)?);
        }
        Ok(numbers)
    }

    fn same_entry(&self, number: u32) -> Result<bool> {
        let old = self.document.entry(number, self.before)?.0;
        Ok(old == self.document.entry(number, self.after)?.0)
    }

    fn touch(&mut self, number: u32) -> Result<()> {
        let id_at = |at| -> Result<Option<ObjectId>> {
            Ok(match self.document.entry(number, at)?.0 {
                XrefEntry::Free => None,
                XrefEntry::InFile { generation, .. } => Some(ObjectId::new(number, generation)),
                XrefEntry::InStream { .. } => Some(ObjectId::new(number, 0)),
            })
        };
        let (old_id, new_id) = (id_at(self.before)?, id_at(self.after)?);
        let read = |id: Option<ObjectId>, at| match id {
            None => Ok(Object::Null),
            Some(id) => Ok(self.document.object(id, at)?.object),
        };
        let id = new_id.or(old_id).unwrap_or(ObjectId::new(number, 0));
        // What the earlier revision could not show, it did not sign.
        let old = read(old_id, self.before).unwrap_or(Object::Null);
        let new = match read(new_id, self.after) {
            Ok(new) => new,
            Err(error) => {
                self.note(Some(id), ChangeKind::Unreadable(error));
                return Ok(());
            }
        };
        // X13: of two values of one key each reader takes its own.
        let doubled = doubled_entries(&new);
        if !doubled.is_empty() && doubled != doubled_entries(&old) {
            self.note(Some(id), ChangeKind::Unexplained);
        }
        // X13: readers disagree on which of two values counts.
        let twice = match &new {
            Object::Dictionary(dictionary) => dictionary.duplicate_key().is_some(),
            Object::Stream(stream) => stream.dictionary.duplicate_key().is_some(),
            _ => false,
        };
        if twice {
            self.note(Some(id), ChangeKind::Unexplained);
        }
        let renumbered = old_id.is_some() && new_id.is_some() && old_id != new_id;
        if renumbered || !self.same(&old, &new)? {
            self.touched.insert(number, Touched { id, old, new });
        }
        Ok(())
    }

    pub(super) fn note(&mut self, object: Option<ObjectId>, kind: ChangeKind) {
        self.changes.push(Change {
            revision: self.after,
            object,
            kind,
        });
    }

    /// Applies the rules and gives the list of changes.
    pub(super) fn explain(mut self, references: &References) -> Result<Vec<Change>> {
        self.explain_trailer();
        self.explain_catalog(references)?;
        self.explain_pages(references)?;
        let touched = std::mem::take(&mut self.touched);
        for (number, touched) in &touched {
            let kind = self.explained.remove(number);
            let kind = match kind {
                Some(kind) if self.owned.contains_key(number) => {
                    self.unless_aliased(*number, kind, references)?
                }
                Some(kind) => kind,
                None if touched.old == Object::Null => {
                    if !self.was_awaited(*number, references)? {
                        continue;
                    }
                    ChangeKind::AliasedObject
                }
                None if self.is_unreferenced(*number, references)? => {
                    ChangeKind::UnreferencedObject
                }
                None => ChangeKind::Unexplained,
            };
            // What the object is was said already: that the form needed it adds nothing.
            let said = self
                .changes
                .iter()
                .any(|change| change.object == Some(touched.id));
            if kind != ChangeKind::FormExtended || !said {
                self.note(Some(touched.id), kind);
            }
        }
        Ok(self.changes)
    }

    /// A new object that the earlier revision already referred to fills a hole that was left for
    /// it: whatever referred to nothing now shows something (ATTACKS.md, S4).
    fn was_awaited(&self, number: u32, references: &References) -> Result<bool> {
        let referrers = references.live(self.document, number, self.before)?;
        Ok(!referrers.is_empty())
    }

    fn is_unreferenced(&self, number: u32, references: &References) -> Result<bool> {
        for at in [self.before, self.after] {
            let referrers = references.live(self.document, number, at)?;
            if referrers.iter().any(|referrer| *referrer != number) || self.in_trailer(number, at) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn in_trailer(&self, number: u32, at: RevisionIndex) -> bool {
        let trailer = Object::Dictionary(self.document.trailer(at).clone());
        !places(&trailer, number).is_empty()
    }

    fn unless_aliased(
        &self,
        number: u32,
        kind: ChangeKind,
        references: &References,
    ) -> Result<ChangeKind> {
        let Some(owners) = self.owned.get(&number) else {
            return Ok(kind);
        };
        let showing = self.shown_by.get(&number);
        for at in [self.before, self.after] {
            if !self.is_owned(number, (owners, showing), at, references, 0)? {
                return Ok(ChangeKind::AliasedObject);
            }
        }
        Ok(kind)
    }

    /// Whether every reference to an object stands where `owners` allow it, up to the object that
    /// gives the place its meaning: a dictionary of appearances is one only while it is an /AP.
    fn is_owned(
        &self,
        number: u32,
        (owners, showing): (&BTreeSet<&'static str>, Option<&BTreeSet<u32>>),
        at: RevisionIndex,
        references: &References,
        depth: usize,
    ) -> Result<bool> {
        if depth > OWNERSHIP_DEPTH {
            return Ok(false);
        }
        let trailer = Object::Dictionary(self.document.trailer(at).clone());
        if !places(&trailer, number)
            .iter()
            .all(|place| place.is_among(owners))
        {
            return Ok(false);
        }
        for (referrer, place) in self.places_of(number, at, references)? {
            let shows = place.is_look() && showing.is_some_and(|by| !by.contains(&referrer));
            if !place.is_among(owners) || shows {
                return Ok(false);
            }
            // The key alone says little: a dictionary with /N is one of appearances only while it
            // is an /AP, one of states only while it is an /N, /R or /D.
            // What says by a key of its own what it is (a page, a field) is no such dictionary.
            if let Some(above) = place.owners_above(owners)
                && !(references.are_known_of(referrer)
                    && self.is_owned(
                        referrer,
                        (&above, showing),
                        at,
                        references,
                        depth.saturating_add(1),
                    )?)
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Every place in a revision that refers to an object.
    pub(super) fn places_of(
        &self,
        number: u32,
        at: RevisionIndex,
        references: &References,
    ) -> Result<Vec<(u32, Place)>> {
        let mut found = Vec::new();
        for referrer in references.live(self.document, number, at)? {
            let entry = self.document.entry(referrer, at)?.0;
            let generation = match entry {
                XrefEntry::InFile { generation, .. } => generation,
                XrefEntry::Free | XrefEntry::InStream { .. } => 0,
            };
            let id = ObjectId::new(referrer, generation);
            let object = self.document.object(id, at)?.object;
            found.extend(
                places(&object, number)
                    .into_iter()
                    .map(|place| (referrer, place)),
            );
        }
        Ok(found)
    }

    /// Records why an object changed.
    pub(super) fn explains(&mut self, id: ObjectId, kind: ChangeKind) {
        self.explained.entry(id.number).or_insert(kind);
    }

    /// Records why an object changed that means nothing by itself: only while every reference to
    /// it is under one of these keys (or in an array, for [`ELEMENT`]).
    pub(super) fn explains_owned(
        &mut self,
        id: ObjectId,
        kind: ChangeKind,
        owners: impl IntoIterator<Item = &'static str>,
    ) {
        self.explains(id, kind);
        self.owned.entry(id.number).or_default().extend(owners);
    }

    /// Records why an appearance changed: only while nothing shows it but these widgets or this
    /// annotation (ATTACKS.md, X2). Those without an object of their own stand in a list.
    pub(super) fn explains_look(
        &mut self,
        look: ObjectId,
        kind: ChangeKind,
        shown_by: &[Option<ObjectId>],
    ) {
        self.explains_owned(look, kind, APPEARANCE_OWNERS);
        let numbers: Option<Vec<u32>> = shown_by.iter().map(|id| id.map(|id| id.number)).collect();
        if let Some(numbers) = numbers {
            self.shown_by
                .entry(look.number)
                .or_default()
                .extend(numbers);
        }
    }

    pub(super) fn is_touched(&self, id: ObjectId) -> bool {
        self.touched.contains_key(&id.number)
    }

    pub(super) fn is_new(&self, id: ObjectId) -> Result<bool> {
        Ok(self.document.object(id, self.before)?.object == Object::Null)
    }

    pub(super) fn old_value(&self, dictionary: &Dictionary, key: &str) -> Result<Object> {
        self.document.value(dictionary, key, self.before)
    }

    pub(super) fn new_value(&self, dictionary: &Dictionary, key: &str) -> Result<Object> {
        self.document.value(dictionary, key, self.after)
    }

    /// The same object at one level: references are the same when they name the same object.
    pub(super) fn same(&self, old: &Object, new: &Object) -> Result<bool> {
        match (old, new) {
            (Object::Stream(old), Object::Stream(new)) => Ok(old.dictionary == new.dictionary
                && self.document.encoded(old, self.before)?
                    == self.document.encoded(new, self.after)?),
            _ => Ok(old == new),
        }
    }

    /// The same content however it is split into objects: for values that an update moved.
    pub(super) fn same_content(&self, old: &Object, new: &Object) -> Result<bool> {
        let mut budget = DEEP_COMPARISON;
        let mut pairs = HashSet::new();
        self.same_below(old, new, &mut budget, &mut pairs)
    }

    fn same_below(
        &self,
        old: &Object,
        new: &Object,
        budget: &mut usize,
        pairs: &mut HashSet<(ObjectId, ObjectId)>,
    ) -> Result<bool> {
        *budget = match budget.checked_sub(1) {
            Some(left) => left,
            None => return Ok(false),
        };
        if let (Object::Reference(left), Object::Reference(right)) = (old, new) {
            // The same object: if it changed, that is judged by itself.
            if left == right || !pairs.insert((*left, *right)) {
                return Ok(true);
            }
        }
        let old = self.document.resolve(old, self.before)?;
        let new = self.document.resolve(new, self.after)?;
        match (&old, &new) {
            (Object::Array(left), Object::Array(right)) => {
                if left.len() != right.len() {
                    return Ok(false);
                }
                for (left, right) in left.iter().zip(right) {
                    if !self.same_below(left, right, budget, pairs)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Object::Dictionary(left), Object::Dictionary(right)) => {
                self.same_entries(left, right, budget, pairs)
            }
            (Object::Stream(left), Object::Stream(right)) => {
                Ok(self.document.encoded(left, self.before)?
                    == self.document.encoded(right, self.after)?
                    && self.same_entries(&left.dictionary, &right.dictionary, budget, pairs)?)
            }
            _ => Ok(old == new),
        }
    }

    fn same_entries(
        &self,
        old: &Dictionary,
        new: &Dictionary,
        budget: &mut usize,
        pairs: &mut HashSet<(ObjectId, ObjectId)>,
    ) -> Result<bool> {
        for key in keys_of(old, new) {
            let [left, right] = [old, new].map(|dictionary| dictionary.get(&key));
            let null = Object::Null;
            let (left, right) = (left.unwrap_or(&null), right.unwrap_or(&null));
            if !self.same_below(left, right, budget, pairs)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The keys whose values differ, moved values aside.
    pub(super) fn differing_keys(&self, old: &Dictionary, new: &Dictionary) -> Result<Vec<String>> {
        let mut differing = Vec::new();
        let null = Object::Null;
        for key in keys_of(old, new) {
            let [left, right] = [old, new].map(|dictionary| dictionary.get(&key));
            let (left, right) = (left.unwrap_or(&null), right.unwrap_or(&null));
            if left != right && !self.same_content(left, right)? {
                differing.push(key);
            }
        }
        Ok(differing)
    }
}

/// Stands among owners for "an element of an array".
pub(super) const ELEMENT: &str = "[]";

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

/// Stands among owners for "the name of a state of a button".
pub(super) const STATE: &str = "<state>";

/// Trailer keys that lead to nothing a reader shows: the office document that a writer embeds.
pub(super) const HARMLESS_IN_TRAILERS: [&str; 2] = ["AdditionalStreams", "DocChecksum"];

/// How far ownership is followed: stream, states, appearances, widget.
const OWNERSHIP_DEPTH: usize = 4;

pub(super) fn keys_of(old: &Dictionary, new: &Dictionary) -> BTreeSet<String> {
    old.entries()
        .iter()
        .chain(new.entries())
        .map(|entry| entry.key.to_string())
        .collect()
}

/// Entries whose key stands more than once in its dictionary, at any depth.
fn doubled_entries(object: &Object) -> Vec<(String, Object)> {
    let mut found = Vec::new();
    collect_doubled(object, &mut found);
    found
}

fn collect_doubled(object: &Object, found: &mut Vec<(String, Object)>) {
    let dictionary = match object {
        Object::Array(elements) => {
            elements
                .iter()
                .for_each(|element| collect_doubled(element, found));
            return;
        }
        Object::Dictionary(dictionary) => dictionary,
        Object::Stream(stream) => &stream.dictionary,
        _ => return,
    };
    let is_doubled = dictionary.duplicate_key().is_some();
    for entry in dictionary.entries() {
        let same = |other: &&crate::Entry| other.key == entry.key;
        if is_doubled && dictionary.entries().iter().filter(same).count() > 1 {
            found.push((entry.key.to_string(), entry.value.clone()));
        }
        collect_doubled(&entry.value, found);
    }
}

/// The elements of an array, nothing for anything else.
pub(super) fn elements(object: Object) -> Vec<Object> {
    match object {
        Object::Array(elements) => elements,
        _ => Vec::new(),
    }
}
