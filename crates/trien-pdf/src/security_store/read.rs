//! Reading a store: every reference once, every damaged part by itself.

use std::collections::HashMap;
use std::sync::Arc;

use trien_types::Limits;

use super::{
    SecurityStore, StoreFinding, StoreFindingKind, StoredDatum, ValidationRelatedInformation,
};
use crate::{Dictionary, Document, Object, ObjectId, ReadError, RevisionIndex, decode_date};

/// Findings that are listed one by one; a store with more is not mended by a longer list.
const MOST_FINDINGS: usize = 100;

pub(super) fn read(
    document: &Document<'_>,
    revision: RevisionIndex,
    limits: &Limits,
) -> Result<Option<SecurityStore>, ReadError> {
    let (_, catalog) = document.catalog(revision)?;
    let Some(value) = catalog.get("DSS") else {
        return Ok(None);
    };
    let mut reader = Reader {
        document,
        revision,
        octets_left: limits.decoded_octets,
        data_left: SecurityStore::MOST_DATA,
        known: HashMap::new(),
        findings: Vec::new(),
    };
    let mut store = SecurityStore {
        object: value.as_reference(),
        ..SecurityStore::default()
    };
    if document.is_encrypted() {
        reader.note("DSS", StoreFindingKind::Encrypted);
    } else if let Some(dictionary) = reader.dictionary("DSS", value) {
        reader.store(&mut store, &dictionary);
    }
    store.findings = reader.findings;
    Ok(Some(store))
}

struct Reader<'d, 'a> {
    document: &'d Document<'a>,
    revision: RevisionIndex,
    /// Decoded octets that may still be kept.
    octets_left: usize,
    /// References that may still be followed.
    data_left: usize,
    /// Streams that were read, `None` for those that could not be.
    known: HashMap<ObjectId, Option<StoredDatum>>,
    findings: Vec<StoreFinding>,
}

impl Reader<'_, '_> {
    fn note(&mut self, place: &str, kind: StoreFindingKind) {
        if self.findings.len() < MOST_FINDINGS {
            self.findings.push(StoreFinding {
                place: place.to_owned(),
                kind,
            });
        }
    }

    fn resolve(&mut self, place: &str, value: &Object) -> Option<Object> {
        match self.document.resolve(value, self.revision) {
            Ok(object) => Some(object),
            Err(error) => {
                self.note(place, StoreFindingKind::Unreadable(error));
                None
            }
        }
    }

    fn dictionary(&mut self, place: &str, value: &Object) -> Option<Dictionary> {
        match self.resolve(place, value)? {
            Object::Dictionary(dictionary) => {
                if let Some(key) = dictionary.duplicate_key() {
                    let twice = format!("{place}/{key}");
                    self.note(&twice, StoreFindingKind::KeyTwice);
                }
                Some(dictionary)
            }
            Object::Null => None,
            _ => {
                self.note(place, StoreFindingKind::NotADictionary);
                None
            }
        }
    }

    fn store(&mut self, store: &mut SecurityStore, dictionary: &Dictionary) {
        store.certificates = self.list(dictionary, "DSS", "Certs");
        store.crls = self.list(dictionary, "DSS", "CRLs");
        store.ocsps = self.list(dictionary, "DSS", "OCSPs");
        let Some(value) = dictionary.get("VRI") else {
            return;
        };
        let Some(entries) = self.dictionary("DSS/VRI", value) else {
            return;
        };
        for entry in entries.entries() {
            if entry.key == "Type" && entry.value.as_name().is_some() {
                continue;
            }
            if self.data_left == 0 {
                self.note("DSS/VRI", StoreFindingKind::TooMuch);
                return;
            }
            self.data_left = self.data_left.saturating_sub(1);
            let key = entry.key.to_string();
            let place = format!("DSS/VRI/{key}");
            if !is_contents_digest(&key) {
                self.note(&place, StoreFindingKind::KeyUnusual);
            }
            if let Some(dictionary) = self.dictionary(&place, &entry.value) {
                let read = self.validation_related(key, &place, &dictionary);
                store.validation_related.push(read);
            }
        }
    }

    fn validation_related(
        &mut self,
        key: String,
        place: &str,
        dictionary: &Dictionary,
    ) -> ValidationRelatedInformation {
        let time_place = format!("{place}/TU");
        let time = dictionary.get("TU").and_then(|value| {
            let read = match self.resolve(&time_place, value)? {
                Object::String(string) => decode_date(&string).map(|(time, _)| time),
                _ => None,
            };
            if read.is_none() {
                self.note(&time_place, StoreFindingKind::TimeUnreadable);
            }
            read
        });
        let time_stamp = dictionary
            .get("TS")
            .and_then(|value| self.datum(&format!("{place}/TS"), value));
        ValidationRelatedInformation {
            key,
            certificates: self.list(dictionary, place, "Cert"),
            crls: self.list(dictionary, place, "CRL"),
            ocsps: self.list(dictionary, place, "OCSP"),
            time,
            time_stamp,
        }
    }

    fn list(&mut self, dictionary: &Dictionary, parent: &str, key: &str) -> Vec<StoredDatum> {
        let place = format!("{parent}/{key}");
        let Some(value) = dictionary.get(key) else {
            return Vec::new();
        };
        let elements = match self.resolve(&place, value) {
            Some(Object::Array(elements)) => elements,
            None | Some(Object::Null) => return Vec::new(),
            Some(_) => {
                self.note(&place, StoreFindingKind::NotAnArray);
                return Vec::new();
            }
        };
        let mut data: Vec<StoredDatum> = Vec::new();
        for (index, element) in elements.iter().enumerate() {
            let place = format!("{place}/{index}");
            if self.data_left == 0 {
                self.note(&place, StoreFindingKind::TooMuch);
                break;
            }
            self.data_left = self.data_left.saturating_sub(1);
            data.extend(self.datum(&place, element));
        }
        data
    }

    fn datum(&mut self, place: &str, value: &Object) -> Option<StoredDatum> {
        let Some(id) = value.as_reference() else {
            self.note(place, StoreFindingKind::NotAStream { object: None });
            return None;
        };
        if let Some(known) = self.known.get(&id) {
            return known.clone();
        }
        let read = match self.stream(id) {
            Ok(octets) => Some(StoredDatum { object: id, octets }),
            Err(kind) => {
                self.note(place, kind);
                None
            }
        };
        self.known.insert(id, read.clone());
        read
    }

    fn stream(&mut self, id: ObjectId) -> Result<Arc<[u8]>, StoreFindingKind> {
        if self.octets_left == 0 {
            return Err(StoreFindingKind::TooMuch);
        }
        let located = self
            .document
            .object(id, self.revision)
            .map_err(StoreFindingKind::Unreadable)?;
        let Object::Stream(stream) = located.object else {
            return Err(StoreFindingKind::NotAStream { object: Some(id) });
        };
        let octets = self
            .document
            .decoded(&stream, self.revision)
            .map_err(StoreFindingKind::Unreadable)?;
        match self.octets_left.checked_sub(octets.len()) {
            Some(left) => self.octets_left = left,
            None => {
                self.octets_left = 0;
                return Err(StoreFindingKind::TooMuch);
            }
        }
        Ok(octets.into())
    }
}

/// EN 319 142-1, 5.4.2.3: SHA-1 in upper-case hexadecimal.
fn is_contents_digest(key: &str) -> bool {
    key.len() == 40
        && key
            .bytes()
            .all(|octet| octet.is_ascii_digit() || (b'A'..=b'F').contains(&octet))
}
