//! One revision against the one before it: what it touches, and whether what it touches is
//! explained by the rules in the other modules.

use std::cell::{Cell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};

use trien_types::Limit;

use super::budget::{Budget, HELD_VALUES, values_of};
use super::comparison::Comparison;
use super::covering::note_marks;
use super::entries::numbers_named;
use super::filling::Programs;
use super::forms::Forms;
use super::framing::header_stands_at;
use super::ground::Grounds;
use super::kind::{Change, ChangeKind};
use super::looks::NewLook;
use super::occupied::Occupied;
use super::ownership::{APPEARANCE_OWNERS, Ownership, Showers};
use super::packed::Packed;
use super::references::{References, places};
use super::written::Writing;
use crate::document::object::{LocatedObject, ObjectPlace};
use crate::hashing::{NumberMap, NumberSet};
use crate::{
    Dictionary, Document, FieldLock, Object, ObjectId, ReadError, RevisionIndex, XrefEntry,
};

pub(super) type Result<T> = std::result::Result<T, ReadError>;

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
    /// Where pages show something.
    pub(super) occupied: &'d Occupied,
    /// How much may still be read of what is read over and over.
    pub(super) budget: &'d Budget,
    pub(super) forms: &'d Forms,
    pub(super) programs: Programs,
    /// Locks of the signatures that the revision brings.
    pub(super) new_locks: OnceCell<Vec<FieldLock>>,
    /// Whether viewers built looks anew from the start.
    pub(super) is_rebuilt: OnceCell<bool>,
    /// Whether the revision brings something that nobody can read without the password.
    hidden: Cell<bool>,
    /// Why objects changed; `None` for one that only holds what other changes tell.
    explained: BTreeMap<u32, Option<ChangeKind>>,
    /// The pages that list annotations.
    located: BTreeMap<u32, ObjectId>,
    /// Where those stand that are explained by where they stand.
    ownership: Ownership,
    pub(super) changes: Vec<Change>,
    pub(super) new_looks: Vec<NewLook>,
}

impl<'d, 'a> Step<'d, 'a> {
    /// Reads what the revision touches.
    pub(super) fn open(
        document: &'d Document<'a>,
        after: RevisionIndex,
        packed: &Packed,
        (occupied, forms, budget): (&'d Occupied, &'d Forms, &'d Budget),
    ) -> Result<Self> {
        let before = RevisionIndex(after.0.saturating_sub(1));
        let mut step = Self {
            document,
            before,
            after,
            touched: BTreeMap::new(),
            occupied,
            budget,
            forms,
            programs: Programs::default(),
            new_locks: OnceCell::new(),
            is_rebuilt: OnceCell::new(),
            hidden: Cell::new(false),
            explained: BTreeMap::new(),
            located: BTreeMap::new(),
            ownership: Ownership::default(),
            changes: Vec::new(),
            new_looks: Vec::new(),
        };
        let (numbers, changes) = numbers_named(document, (before, after))?;
        step.changes.extend(changes);
        let mut room = HELD_VALUES;
        let writing = Writing::new(document, after);
        for number in step.with_contents_of_streams(numbers, packed)? {
            step.touch(number, (&writing, &mut room))?;
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

    fn touch(
        &mut self,
        number: u32,
        (writing, room): (&Writing<'_, '_>, &mut usize),
    ) -> Result<()> {
        let id_at = |at| -> Result<Option<ObjectId>> {
            Ok(match self.document.entry(number, at)?.0 {
                XrefEntry::Free => None,
                XrefEntry::InFile { generation, .. } => Some(ObjectId::new(number, generation)),
                XrefEntry::InStream { .. } => Some(ObjectId::new(number, 0)),
            })
        };
        let (old_id, new_id) = (id_at(self.before)?, id_at(self.after)?);
        let read = |id: Option<ObjectId>, at| match id {
            None => Ok(LocatedObject::nowhere()),
            Some(id) => self.document.object(id, at),
        };
        let id = new_id.or(old_id).unwrap_or(ObjectId::new(number, 0));
        // What the earlier revision could not show, it did not sign.
        let old = read(old_id, self.before).map_or(Object::Null, |located| located.object);
        let new = match read(new_id, self.after) {
            Ok(new) => new,
            Err(error) => {
                self.note(Some(id), ChangeKind::Unreadable(error));
                return Ok(());
            }
        };
        let is_at_its_place = match new.place {
            ObjectPlace::InFile(span) => header_stands_at(self.document.bytes(), span.start()),
            ObjectPlace::InStream(_) | ObjectPlace::Nowhere => true,
        };
        if !is_at_its_place || !writing.is_clear(&old, &new)? {
            self.note(Some(id), ChangeKind::Unexplained);
        }
        let new = new.object;
        let renumbered = old_id.is_some() && new_id.is_some() && old_id != new_id;
        if renumbered || !self.same(&old, &new)? {
            let held = values_of(&old).saturating_add(values_of(&new));
            *room = room
                .checked_sub(held)
                .ok_or(ReadError::limit(Limit::Objects, 0))?;
            self.touched.insert(number, Touched { id, old, new });
        }
        Ok(())
    }

    pub(super) fn note(&mut self, object: Option<ObjectId>, kind: ChangeKind) {
        self.changes.push(Change::new(self.after, object, kind));
    }

    /// Records which page lists an annotation.
    pub(super) fn locate(&mut self, annotation: ObjectId, page: ObjectId) {
        self.located.entry(annotation.number).or_insert(page);
    }

    /// Applies the rules and gives the list of changes.
    pub(super) fn explain(
        mut self,
        references: &References,
        grounds: &mut Grounds,
    ) -> Result<Vec<Change>> {
        self.explain_trailer();
        self.explain_catalog(references)?;
        self.explain_pages(references)?;
        let touched = std::mem::take(&mut self.touched);
        let mut rewritten = None;
        let mut new = Vec::new();
        let mut said: NumberSet<Option<ObjectId>> =
            self.changes.iter().map(|change| change.object).collect();
        for (number, touched) in &touched {
            let kind = match self.explained.remove(number) {
                Some(kind) => {
                    let revisions = [self.before, self.after];
                    let ownership = &self.ownership;
                    if ownership.holds(*number, self.document, references, revisions)? {
                        let Some(kind) = kind else {
                            rewritten = rewritten.or(Some(touched.id));
                            continue;
                        };
                        kind
                    } else {
                        ChangeKind::AliasedObject
                    }
                }
                None if touched.old == Object::Null => {
                    if !self.was_awaited(*number, references)? {
                        new.push(touched);
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
            if said.insert(Some(touched.id)) || kind != ChangeKind::FormExtended {
                self.note(Some(touched.id), kind);
            }
        }
        if let Some(id) = self.first_unreferenced(&new, references)? {
            self.note(Some(id), ChangeKind::UnreferencedObject);
        }
        let looks = std::mem::take(&mut self.new_looks);
        if !self.are_hidden(&looks)? {
            note_marks(&mut self, &looks, references, grounds)?;
        }
        if self.hidden.get() {
            self.note(None, ChangeKind::Encrypted);
        }
        if let Some(id) = rewritten.filter(|_| self.changes.is_empty()) {
            self.note(Some(id), ChangeKind::ObjectRewritten);
        }
        Ok(self.told())
    }

    /// Every change once, with the page it is on.
    fn told(self) -> Vec<Change> {
        let mut by_object: NumberMap<Option<ObjectId>, Vec<usize>> = NumberMap::default();
        let mut told: Vec<Change> = Vec::new();
        for mut change in self.changes {
            let known = by_object.entry(change.object).or_default();
            let is_known = known
                .iter()
                .filter_map(|index| told.get(*index))
                .any(|other| other.kind == change.kind);
            if is_known {
                continue;
            }
            known.push(told.len());
            let located = change.object.and_then(|id| self.located.get(&id.number));
            change.page = change.page.or(located.copied());
            told.push(change);
        }
        told
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

    /// Records why an object changed.
    pub(super) fn explains(&mut self, id: ObjectId, kind: ChangeKind) {
        self.explained.entry(id.number).or_insert(Some(kind));
    }

    /// Records that an object holds nothing else than what other changes tell.
    pub(super) fn carries(&mut self, id: ObjectId) {
        self.explained.entry(id.number).or_insert(None);
    }

    /// As [`Step::carries`], for an object that means nothing by itself.
    pub(super) fn carries_owned(
        &mut self,
        id: ObjectId,
        owners: impl IntoIterator<Item = &'static str>,
    ) {
        self.carries(id);
        self.ownership.claim(id.number, owners);
    }

    /// Records why an object changed that means nothing by itself: only while every reference to
    /// it is under one of these keys (or in an array, for `ELEMENT`).
    pub(super) fn explains_owned(
        &mut self,
        id: ObjectId,
        kind: ChangeKind,
        owners: impl IntoIterator<Item = &'static str>,
    ) {
        self.explains(id, kind);
        self.ownership.claim(id.number, owners);
    }

    /// The widgets of a field, or an annotation, that may show appearances. Those without an object
    /// of their own stand in a list, and nobody can tell them.
    pub(super) fn showers(
        &mut self,
        ids: impl IntoIterator<Item = Option<ObjectId>>,
    ) -> Option<Showers> {
        let numbers: Option<Vec<u32>> = ids.into_iter().map(|id| id.map(|id| id.number)).collect();
        numbers.map(|numbers| self.ownership.showers(numbers))
    }

    /// Records why an appearance changed: only while nothing shows it but these (ATTACKS.md, X2).
    pub(super) fn explains_look(
        &mut self,
        look: ObjectId,
        kind: ChangeKind,
        shown_by: Option<Showers>,
    ) {
        self.explains_owned(look, kind, APPEARANCE_OWNERS);
        if let Some(shown_by) = shown_by {
            self.ownership.claim_look(look.number, shown_by);
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

    fn comparison(&self) -> Comparison<'_, 'a> {
        let is_hidden = self.document.has_encrypted_strings();
        Comparison {
            document: self.document,
            before: self.before,
            after: self.after,
            hidden: is_hidden.then_some(&self.hidden),
        }
    }

    /// Whether what strings and streams say, which a rule asks for, is not known without the
    /// password (7.6.2). The step tells that it was asked for.
    pub(super) fn is_hidden(&self) -> bool {
        let is_hidden = self.document.has_encrypted_strings();
        self.hidden.set(self.hidden.get() || is_hidden);
        is_hidden
    }

    /// As [`Comparison::same`].
    pub(super) fn same(&self, old: &Object, new: &Object) -> Result<bool> {
        self.comparison().same(old, new)
    }

    /// As [`Comparison::same_content`].
    pub(super) fn same_content(&self, old: &Object, new: &Object) -> Result<bool> {
        self.comparison().same_content(old, new)
    }

    /// As [`Comparison::differing_keys`].
    pub(super) fn differing_keys(&self, old: &Dictionary, new: &Dictionary) -> Result<Vec<String>> {
        self.comparison().differing_keys(old, new)
    }
}

/// The elements of an array, nothing for anything else.
pub(super) fn elements(object: Object) -> Vec<Object> {
    match object {
        Object::Array(elements) => elements,
        _ => Vec::new(),
    }
}
