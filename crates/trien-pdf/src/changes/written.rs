//! What an update writes so that readers take it for different things, though it means the same by
//! the letter of the standard: a key twice, values that are nothing, references to references, and
//! names with number signs that escape nothing (ISO 32000-2, 7.3.5, 7.3.7, 7.3.9, 7.3.10).
//! Does not know what the objects mean.

use std::cell::RefCell;
use std::collections::HashSet;

use super::comparison::{ByKey, doubled_entries};
use super::step::Result;
use crate::document::object::{LocatedObject, ObjectPlace, Value};
use crate::hashing::NumberMap;
use crate::{Dictionary, Document, Name, Object, ObjectId, RevisionIndex, XrefEntry};

/// What pages inherit (7.7.3.4): where the value is nothing, some readers look above and some do not.
const INHERITED: [&str; 4] = ["CropBox", "MediaBox", "Resources", "Rotate"];

/// Keys by which a stream has its data, or how they are encoded, elsewhere than under /Length, /Filter
/// and /`DecodeParms` (7.3.8.2): a file, and the abbreviations of inline images, which readers take for
/// the keys of any stream, some before the keys of the standard.
const OTHER_DATA: [&str; 4] = ["DP", "F", "FDecodeParms", "FFilter"];

/// Whether all readers take the data of a stream as its /Filter and /`DecodeParms` say.
pub(super) fn data_are_clear(dictionary: &Dictionary) -> bool {
    OTHER_DATA.iter().all(|key| dictionary.get(key).is_none())
}

/// Whether an object of an update is written so that all readers take it for the same.
#[derive(Debug)]
pub(super) struct Writing<'d, 'a> {
    document: &'d Document<'a>,
    at: RevisionIndex,
    /// What references lead to, each asked for once.
    led_to: RefCell<NumberMap<ObjectId, Value>>,
}

impl<'d, 'a> Writing<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>, at: RevisionIndex) -> Self {
        Self {
            document,
            at,
            led_to: RefCell::default(),
        }
    }

    /// Whether `new` is clear, where it differs from `old`.
    pub(super) fn is_clear(&self, old: &Object, new: &LocatedObject) -> Result<bool> {
        let (object, place) = (&new.object, new.place);
        // X13: of two values of one key each reader takes its own.
        let doubled = doubled_entries(object);
        let twice = object_dictionary(object).is_some_and(|own| own.duplicate_key().is_some());
        if twice || (!doubled.is_empty() && doubled != doubled_entries(old)) {
            return Ok(false);
        }
        if let Object::Stream(stream) = object
            && old != object
            && !data_are_clear(&stream.dictionary)
        {
            return Ok(false);
        }
        // 7.3.10: an indirect object is no reference, and most readers follow one no further.
        if matches!(object, Object::Reference(_)) && old != object {
            return Ok(false);
        }
        Ok(self.names_are_clear(old, object, place)
            && self.references_are_clear(old, object)?
            && self.is_as_full(old, object)?
            && self.inherits_as_before(old, object)?)
    }

    fn value_of(&self, id: ObjectId) -> Result<Value> {
        if let Some(known) = self.led_to.borrow().get(&id) {
            return Ok(*known);
        }
        let value = self.document.value_behind(id, self.at)?;
        self.led_to.borrow_mut().insert(id, value);
        Ok(value)
    }

    /// Whether a reference names an object that is there under another generation: to us it leads
    /// nowhere (7.3.10), and readers that ask the number alone show the object.
    fn names_other_generation(&self, id: ObjectId) -> Result<bool> {
        Ok(match self.document.entry(id.number, self.at)?.0 {
            XrefEntry::Free => false,
            XrefEntry::InFile { generation, .. } => generation != id.generation,
            XrefEntry::InStream { .. } => id.generation != 0,
        })
    }

    /// No reference that was not there leads to another reference, past an object's generation, or to
    /// nothing, at which some readers stumble and rebuild the file, or to number 0.
    fn references_are_clear(&self, old: &Object, new: &Object) -> Result<bool> {
        let mut known = Vec::new();
        each_reference(old, &mut |id| known.push(id));
        known.sort_unstable();
        let mut added = Vec::new();
        each_reference(new, &mut |id| {
            if known.binary_search(&id).is_err() {
                added.push(id);
            }
        });
        added.sort_unstable();
        added.dedup();
        for id in added {
            let is_there = self.value_of(id)? == Value::Something;
            // 7.5.4: number 0 is free, and no reader agrees with another on what else it may be.
            if id.number == 0 || !is_there || self.names_other_generation(id)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn is_nothing(&self, value: &Object) -> Result<bool> {
        match value {
            Object::Null => Ok(true),
            Object::Reference(id) => Ok(self.value_of(*id)? == Value::Nothing),
            _ => Ok(false),
        }
    }

    /// A dictionary that was there gains no key that means nothing.
    fn is_as_full(&self, old: &Object, new: &Object) -> Result<bool> {
        if let (Object::Array(old), Object::Array(new)) = (old, new) {
            for (old, new) in old.iter().zip(new) {
                if !self.is_as_full(old, new)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        let (Some(old), Some(new)) = (object_dictionary(old), object_dictionary(new)) else {
            return Ok(true);
        };
        let before = ByKey::of(old);
        for entry in new.entries() {
            let was = before.get(&entry.key);
            if was == Some(&entry.value) {
                continue;
            }
            if self.is_nothing(&entry.value)?
                || !self.is_as_full(was.unwrap_or(&Object::Null), &entry.value)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What a page or a node of the tree states as nothing it states so in both revisions.
    fn inherits_as_before(&self, old: &Object, new: &Object) -> Result<bool> {
        let (Some(old), Some(new)) = (object_dictionary(old), object_dictionary(new)) else {
            return Ok(true);
        };
        for key in INHERITED {
            if let Some(was) = old.get(key)
                && new.get(key) != Some(was)
                && self.is_nothing(was)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// No name with a number sign that escapes nothing (7.3.5): readers take what follows for
    /// different things.
    fn names_are_clear(&self, old: &Object, new: &Object, place: ObjectPlace) -> bool {
        let signed = |object: &Object| {
            let mut names = HashSet::new();
            each_name(object, &mut |name| {
                if name.as_octets().contains(&b'#') {
                    names.insert(name.clone());
                }
            });
            names
        };
        let added = signed(new);
        if added.is_empty() || added.is_subset(&signed(old)) {
            return true;
        }
        let ObjectPlace::InFile(span) = place else {
            return false;
        };
        let written = span.of(self.document.bytes()).unwrap_or_default();
        memchr::memchr_iter(b'#', written).all(|at| {
            let digits = written.get(at.saturating_add(1)..at.saturating_add(3));
            digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
        })
    }
}

const fn object_dictionary(object: &Object) -> Option<&Dictionary> {
    match object {
        Object::Dictionary(dictionary) => Some(dictionary),
        Object::Stream(stream) => Some(&stream.dictionary),
        _ => None,
    }
}

fn each_reference(object: &Object, note: &mut impl FnMut(ObjectId)) {
    match object {
        Object::Reference(id) => note(*id),
        Object::Array(elements) => {
            elements
                .iter()
                .for_each(|element| each_reference(element, note));
        }
        other => {
            let entries = object_dictionary(other).map(Dictionary::entries);
            for entry in entries.unwrap_or_default() {
                each_reference(&entry.value, note);
            }
        }
    }
}

fn each_name(object: &Object, note: &mut impl FnMut(&Name)) {
    match object {
        Object::Name(name) => note(name),
        Object::Array(elements) => elements.iter().for_each(|element| each_name(element, note)),
        other => {
            let entries = object_dictionary(other).map(Dictionary::entries);
            for entry in entries.unwrap_or_default() {
                note(&entry.key);
                each_name(&entry.value, note);
            }
        }
    }
}
