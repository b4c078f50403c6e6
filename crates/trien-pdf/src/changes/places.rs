//! Where in an object a reference to another stands.

use crate::{Dictionary, Object};

/// Where in an object a reference stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Place {
    /// The value of a key, at any depth of arrays below it: the keys on the way.
    Key(Vec<String>),
    /// In an array that is the object itself.
    Element,
}

impl Place {
    /// The last key on the way.
    pub(super) fn last_key(&self) -> Option<&str> {
        match self {
            Self::Key(keys) => keys.last().map(String::as_str),
            Self::Element => None,
        }
    }
}

/// Calls `note` for each reference of an object that is no stream.
pub(super) fn walk(object: &Object, note: &mut impl FnMut(u32)) {
    match object {
        Object::Reference(id) => note(id.number),
        Object::Array(elements) => elements.iter().for_each(|element| walk(element, note)),
        Object::Dictionary(dictionary) => {
            dictionary
                .entries()
                .iter()
                .for_each(|entry| walk(&entry.value, note));
        }
        _ => {}
    }
}

/// The places in `object` that refer to `target`.
pub(super) fn places(object: &Object, target: u32) -> Vec<Place> {
    let mut found = Vec::new();
    collect_places(object, &mut Vec::new(), &mut |number, place| {
        if number == target {
            found.push(place());
        }
    });
    found
}

/// Calls `note` with the number of each object referred to, and what makes the place.
pub(super) fn collect_places(
    object: &Object,
    keys: &mut Vec<String>,
    note: &mut impl FnMut(u32, &dyn Fn() -> Place),
) {
    match object {
        Object::Reference(id) => note(id.number, &|| {
            if keys.is_empty() {
                Place::Element
            } else {
                Place::Key(keys.clone())
            }
        }),
        Object::Array(elements) => {
            for element in elements {
                collect_places(element, keys, note);
            }
        }
        Object::Dictionary(dictionary) => collect_in(dictionary, keys, note),
        Object::Stream(stream) => collect_in(&stream.dictionary, keys, note),
        _ => {}
    }
}

fn collect_in(
    dictionary: &Dictionary,
    keys: &mut Vec<String>,
    note: &mut impl FnMut(u32, &dyn Fn() -> Place),
) {
    for entry in dictionary.entries() {
        keys.push(entry.key.to_string());
        collect_places(&entry.value, keys, note);
        keys.pop();
    }
}
