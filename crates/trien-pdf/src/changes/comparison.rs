//! Whether objects of two revisions are the same: at one level, or with all they refer to.
//! Does not know why they differ, nor whether they may.

use std::collections::{BTreeSet, HashSet};

use crate::{Dictionary, Document, Object, ObjectId, ReadError, RevisionIndex};

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
}

impl Comparison<'_, '_> {
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
        if old == new {
            return Ok(differing);
        }
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

pub(super) fn keys_of(old: &Dictionary, new: &Dictionary) -> BTreeSet<String> {
    old.entries()
        .iter()
        .chain(new.entries())
        .map(|entry| entry.key.to_string())
        .collect()
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
    let is_doubled = dictionary.duplicate_key().is_some();
    for entry in dictionary.entries() {
        let same = |other: &&crate::Entry| other.key == entry.key;
        if is_doubled && dictionary.entries().iter().filter(same).count() > 1 {
            found.push((entry.key.to_string(), entry.value.clone()));
        }
        collect_doubled(&entry.value, found);
    }
}
