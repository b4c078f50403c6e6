//! Changes of the security store (ISO 32000-2, 12.8.4.3; EN 319 142-1, 5.4.2).

use std::collections::BTreeSet;

use super::kind::ChangeKind;
use super::references::{Place, References};
use super::step::{Result, Step};
use crate::{Dictionary, Document, Object, ObjectId, RevisionIndex};

/// Objects of a store that are looked at: 100 signatures with ten certificates, lists and
/// responses each.
const STORE_OBJECTS: usize = 10_000;

/// References that are followed in a store: its data in its own lists, and again in the entries of
/// a hundred signatures. An update of 130 MB that names one certificate over and over is none.
const STORE_REFERENCES: usize = 100_000;

/// The parts of a store, typed: whatever is elsewhere is no part of it.
#[derive(Default)]
struct Store {
    /// Dictionaries and arrays.
    containers: BTreeSet<ObjectId>,
    /// Certificates, lists and responses.
    data: BTreeSet<ObjectId>,
    followed: usize,
    well_typed: bool,
}

impl Store {
    fn has_container(&self, number: u32) -> bool {
        let generations = ObjectId::new(number, 0)..=ObjectId::new(number, u16::MAX);
        self.containers.range(generations).next().is_some()
    }

    /// Counts one reference more; `false` once they are too many, and the store is none.
    const fn follows(&mut self) -> bool {
        self.followed = self.followed.saturating_add(1);
        if self.followed > STORE_REFERENCES {
            self.well_typed = false;
        }
        self.followed <= STORE_REFERENCES
    }
}

impl Step<'_, '_> {
    pub(super) fn explain_store(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        root: ObjectId,
        references: &References,
    ) -> Result<()> {
        let Some(value) = new.get("DSS") else {
            // L1: what proves the signatures is gone.
            if old.get("DSS").is_some() {
                self.note(None, ChangeKind::Unexplained);
            }
            return Ok(());
        };
        let now = read_store(self.document, value, self.after)?;
        let before = match old.get("DSS") {
            Some(value) => read_store(self.document, value, self.before)?,
            None => Store::default(),
        };
        let touched = now
            .containers
            .iter()
            .chain(&now.data)
            .any(|id| self.is_touched(*id));
        if !touched && old.get("DSS") == Some(value) {
            return Ok(());
        }
        let emptied = now.data.is_empty() && !before.data.is_empty();
        if !now.well_typed || emptied {
            self.note(value.as_reference(), ChangeKind::Unexplained);
            return Ok(());
        }
        self.note(value.as_reference(), ChangeKind::SecurityStoreChanged);
        // A container or a datum that was something else before is no growth of the store.
        for id in &now.containers {
            let is_new = self.is_new(*id)?;
            if self.is_touched(*id) && (before.containers.contains(id) || is_new) {
                let owners = [
                    "DSS", "VRI", "Certs", "CRLs", "OCSPs", "Cert", "CRL", "OCSP",
                ];
                self.explains_owned(*id, ChangeKind::SecurityStoreChanged, owners);
            } else if !before.containers.contains(id) {
                self.note(Some(*id), ChangeKind::AliasedObject);
            }
        }
        for id in now.data.difference(&before.data) {
            if !self.is_of_the_store(*id, &now, root, references)? {
                self.note(Some(*id), ChangeKind::AliasedObject);
            }
        }
        Ok(())
    }

    /// Whether nothing but the store refers to a datum that came with it, and nothing waited for
    /// an object of its number.
    fn is_of_the_store(
        &self,
        datum: ObjectId,
        store: &Store,
        root: ObjectId,
        references: &References,
    ) -> Result<bool> {
        if !self.is_new(datum)? || !self.is_touched(datum) {
            return Ok(false);
        }
        let awaited = references.live(self.document, datum.number, self.before)?;
        if !awaited.is_empty() || self.in_trailer(datum.number, self.after) {
            return Ok(false);
        }
        for (referrer, place) in references.places_of(self.document, datum.number, self.after)? {
            let belongs = match place {
                Place::Key(keys) => {
                    referrer == root.number && keys.first().is_some_and(|key| key == "DSS")
                }
                // An array that is new and leads nowhere: some programs leave what they prepared.
                Place::Element => self.is_new(ObjectId::new(referrer, 0))?,
            };
            if !belongs && !store.has_container(referrer) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn read_store(document: &Document<'_>, value: &Object, at: RevisionIndex) -> Result<Store> {
    let mut store = Store {
        well_typed: true,
        ..Store::default()
    };
    let Some(dictionary) = container(document, value, at, &mut store)? else {
        store.well_typed = false;
        return Ok(store);
    };
    for entry in dictionary.entries() {
        let key = entry.key.as_octets();
        match key {
            b"Certs" | b"CRLs" | b"OCSPs" => list(document, &entry.value, at, &mut store)?,
            b"VRI" => {
                let Some(vri) = container(document, &entry.value, at, &mut store)? else {
                    store.well_typed = false;
                    continue;
                };
                for entry in vri.entries().iter().filter(|entry| entry.key != "Type") {
                    if !store.follows() {
                        break;
                    }
                    let Some(one) = container(document, &entry.value, at, &mut store)? else {
                        store.well_typed = false;
                        continue;
                    };
                    for entry in one.entries() {
                        match entry.key.as_octets() {
                            b"Cert" | b"CRL" | b"OCSP" => {
                                list(document, &entry.value, at, &mut store)?;
                            }
                            b"TS" => datum(document, &entry.value, at, &mut store)?,
                            b"TU" | b"Type" => {}
                            // ISO 32000-2, table 262: nothing else is data for validation.
                            _ => store.well_typed = false,
                        }
                    }
                }
            }
            b"Type" => {}
            // ISO 32000-2, table 261.
            _ => store.well_typed = false,
        }
    }
    Ok(store)
}

fn container(
    document: &Document<'_>,
    value: &Object,
    at: RevisionIndex,
    store: &mut Store,
) -> Result<Option<Dictionary>> {
    if let Some(id) = value.as_reference() {
        store.containers.insert(id);
    }
    Ok(match document.resolve(value, at)? {
        Object::Dictionary(dictionary) => Some(dictionary),
        _ => None,
    })
}

fn list(
    document: &Document<'_>,
    value: &Object,
    at: RevisionIndex,
    store: &mut Store,
) -> Result<()> {
    if let Some(id) = value.as_reference() {
        store.containers.insert(id);
    }
    match document.resolve(value, at)? {
        Object::Array(elements) => {
            for element in &elements {
                if !store.follows() {
                    break;
                }
                datum(document, element, at, store)?;
            }
        }
        Object::Null => {}
        _ => store.well_typed = false,
    }
    Ok(())
}

fn datum(
    document: &Document<'_>,
    value: &Object,
    at: RevisionIndex,
    store: &mut Store,
) -> Result<()> {
    if store.data.len() >= STORE_OBJECTS {
        store.well_typed = false;
        return Ok(());
    }
    match value.as_reference() {
        Some(id) if store.data.contains(&id) => {}
        Some(id) => {
            store.data.insert(id);
            store.well_typed &= match document.object(id, at)?.object {
                Object::Stream(stream) => has_only_data(&stream.dictionary),
                Object::Null => true,
                _ => false,
            };
        }
        None => store.well_typed = false,
    }
    Ok(())
}

/// How the data of a stream are encoded (7.3.8.2, table 5): what is elsewhere, in a file or another
/// object, is no part of the store.
fn has_only_data(dictionary: &Dictionary) -> bool {
    const KEYS: [&str; 6] = ["DL", "DecodeParms", "Filter", "Length", "Subtype", "Type"];
    let mut entries = dictionary.entries().iter();
    entries.all(|entry| KEYS.iter().any(|known| entry.key == *known))
}
