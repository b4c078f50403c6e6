//! Whether objects of two revisions are the same: at one level, or with all they refer to.
//! Does not know why they differ, nor whether they may.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::document::object::Value;
use crate::object::Entry;
use crate::{Dictionary, Document, Name, Object, ObjectId, ReadError, RevisionIndex};

type Result<T> = std::result::Result<T, ReadError>;

/// Objects compared on both sides of a reference that moved, at most: what a rule compares deeply
/// are widgets, actions and resources of one field.
const DEEP_COMPARISON: usize = 4_096;

/// Two revisions of a document.
#[derive(Debug, Clone, Copy)]
pub(super) struct Comparison<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) before: RevisionIndex,
    pub(super) after: RevisionIndex,
    /// Whether strings differed that are no text without the password (7.6.2): with keys of AES the
    /// same text is never written in the same octets. `None` where strings are what they say.
    pub(super) hidden: Option<&'d Cell<bool>>,
}

impl Comparison<'_, '_> {
    /// Whether two strings are the same, or nobody can tell.
    fn is_hidden(&self, old: &Object, new: &Object) -> bool {
        let Some(hidden) = self.hidden else {
            return false;
        };
        let is_hidden = matches!((old, new), (Object::String(_), Object::String(_)));
        hidden.set(hidden.get() || (is_hidden && old != new));
        is_hidden
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
        // 7.3.10: readers do not follow a reference that a reference leads to.
        for (object, at) in [(old, self.before), (new, self.after)] {
            if let Object::Reference(id) = object
                && self.document.value_behind(*id, at)? == Value::Reference
            {
                return Ok(false);
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
            _ => Ok(old == new || self.is_hidden(&old, &new)),
        }
    }

    fn same_entries(
        &self,
        old: &Dictionary,
        new: &Dictionary,
        budget: &mut usize,
        pairs: &mut HashSet<(ObjectId, ObjectId)>,
    ) -> Result<bool> {
        for (_, (left, right)) in pairs_of(old, new) {
            if !self.same_below(left, right, budget, pairs)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The keys whose values differ, moved values aside.
    pub(super) fn differing_keys(&self, old: &Dictionary, new: &Dictionary) -> Result<Vec<String>> {
        let mut differing = Vec::new();
        if old == new {
            return Ok(differing);
        }
        for (key, (left, right)) in pairs_of(old, new) {
            if left != right && !self.same_content(left, right)? {
                differing.push(key.to_string());
            }
        }
        Ok(differing)
    }
}

pub(super) fn keys_of(old: &Dictionary, new: &Dictionary) -> BTreeSet<String> {
    old.entries()
        .iter()
        .chain(new.entries())
        .map(|entry| entry.key.to_string())
        .collect()
}

/// The values of both under each key of either; what is absent is null.
fn pairs_of<'o>(
    old: &'o Dictionary,
    new: &'o Dictionary,
) -> BTreeMap<&'o Name, (&'o Object, &'o Object)> {
    let mut pairs = BTreeMap::new();
    for entry in old.entries() {
        pairs.insert(&entry.key, (&entry.value, &Object::Null));
    }
    for entry in new.entries() {
        let pair = pairs
            .entry(&entry.key)
            .or_insert((&Object::Null, &Object::Null));
        pair.1 = &entry.value;
    }
    pairs
}

/// Up to so many entries are looked through one by one; to sort more into a map is faster.
const FEW_ENTRIES: usize = 16;

/// The value of each key; of duplicates the last one.
#[derive(Debug)]
pub(super) enum ByKey<'o> {
    Few(&'o [Entry]),
    Many(HashMap<&'o Name, &'o Object>),
}

impl<'o> ByKey<'o> {
    pub(super) fn of(dictionary: &'o Dictionary) -> Self {
        let entries = dictionary.entries();
        if entries.len() <= FEW_ENTRIES {
            return Self::Few(entries);
        }
        let pairs = entries.iter().map(|entry| (&entry.key, &entry.value));
        Self::Many(pairs.collect())
    }

    pub(super) fn get(&self, key: &Name) -> Option<&'o Object> {
        match self {
            Self::Few(entries) => {
                let found = entries.iter().rev().find(|entry| entry.key == *key);
                found.map(|entry| &entry.value)
            }
            Self::Many(values) => values.get(key).copied(),
        }
    }
}

/// Entries whose key stands more than once in its dictionary, at any depth.
pub(super) fn doubled_entries(object: &Object) -> Vec<(String, Object)> {
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
    let times = dictionary.duplicate_key().map(|_| {
        let mut times: HashMap<&Name, usize> = HashMap::new();
        for entry in dictionary.entries() {
            let times = times.entry(&entry.key).or_default();
            *times = times.saturating_add(1);
        }
        times
    });
    for entry in dictionary.entries() {
        let times = times.as_ref().and_then(|times| times.get(&entry.key));
        if times.is_some_and(|times| *times > 1) {
            found.push((entry.key.to_string(), entry.value.clone()));
        }
        collect_doubled(&entry.value, found);
    }
}
