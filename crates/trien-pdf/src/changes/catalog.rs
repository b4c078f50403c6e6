//! Changes of the trailer and of the catalog (ISO 32000-2, 7.5.5, 7.7.2).

use super::comparison::keys_of;
use super::kind::ChangeKind;
use super::ownership::HARMLESS_IN_TRAILERS;
use super::references::References;
use super::step::{Result, Step};
use crate::{Dictionary, Object, ObjectId};

impl Step<'_, '_> {
    /// /Root and /Encrypt stay; /Info may be replaced; an update has no business with more.
    pub(super) fn explain_trailer(&mut self) {
        let [old, new] = [self.before, self.after].map(|at| self.document.trailer(at));
        let known =
            |key: &str| KNOWN_IN_TRAILERS.contains(&key) || HARMLESS_IN_TRAILERS.contains(&key);
        // Objects kept alive by a key of one's own wait for a reader that knows it.
        let strange = new.entries().iter().any(|entry| {
            matches!(entry.value, Object::Reference(_)) && !known(&entry.key.to_string())
        });
        let twice = new.duplicate_key().is_some();
        // A size that no file can have sends readers to rebuild the file for themselves.
        let limit = i64::from(self.document.limits().objects).saturating_add(1);
        let absurd = new
            .get("Size")
            .and_then(Object::as_integer)
            .is_none_or(|size| {
                let last = self
                    .document
                    .sections(self.after)
                    .flat_map(|section| section.numbers());
                let ends = last.map(|(first, count)| i64::from(first.saturating_add(count)));
                !(1..=limit).contains(&size) || ends.max().is_some_and(|end| end > size)
            });
        if old.get("Encrypt") != new.get("Encrypt") || strange || twice || absurd {
            self.note(None, ChangeKind::TrailerChanged);
        }
        let info = [old.get("Info"), new.get("Info")];
        for id in info.into_iter().flatten().filter_map(Object::as_reference) {
            let readable = self.touched.get(&id.number).is_some_and(|touched| {
                is_information(&touched.old) && is_information(&touched.new)
            });
            if readable {
                self.explains_owned(id, ChangeKind::MetadataReplaced, ["Info"]);
            }
        }
    }

    pub(super) fn explain_catalog(&mut self, references: &References) -> Result<()> {
        let (old_root, old) = self.document.catalog(self.before)?;
        let (root, new) = self.document.catalog(self.after)?;
        let mut explained = true;
        for key in self.differing_keys(&old, &new)? {
            explained &= match key.as_str() {
                "AcroForm" | "DSS" | "StructTreeRoot" => true,
                "Metadata" => self.metadata_is_harmless(&new)?,
                "Extensions" | "Version" => {
                    self.note(Some(root), ChangeKind::ExtensionsDeclared);
                    true
                }
                "Perms" => self.permissions_only_added(&old, &new)?,
                // A tagged document stays one when annotations get their structure.
                // Tools name what they keep for themselves in one place (14.5).
                "PieceInfo" | "LastModified" => true,
                "Names" => self.names_only_gain_appearances(&old, &new)?,
                "MarkInfo" | "Lang" => self.old_value(&old, &key)? == Object::Null,
                _ => false,
            };
        }
        if explained {
            self.explains(root, ChangeKind::FormExtended);
        }
        if old_root != root && !explained {
            self.note(Some(root), ChangeKind::TrailerChanged);
        }
        self.explain_metadata(&new)?;
        self.explain_store(&old, &new)?;
        self.explain_form(&old, &new, root)?;
        self.explain_structure(&old, &new, references)
    }

    /// The name trees of the document may gain one of appearances (7.7.4): scripts, destinations
    /// and files stay as they are (C10).
    fn names_only_gain_appearances(&self, old: &Dictionary, new: &Dictionary) -> Result<bool> {
        let Object::Dictionary(new) = self.new_value(new, "Names")? else {
            return Ok(false);
        };
        let old = match self.old_value(old, "Names")? {
            Object::Null => Dictionary::new(),
            Object::Dictionary(old) => old,
            _ => return Ok(false),
        };
        let differing = self.differing_keys(&old, &new)?;
        Ok(differing.iter().all(|key| key == "AP"))
    }

    /// /Perms may appear with the certification of a signature that is new with it (12.8.6).
    fn permissions_only_added(&mut self, old: &Dictionary, new: &Dictionary) -> Result<bool> {
        let Object::Dictionary(new) = self.new_value(new, "Perms")? else {
            return Ok(false);
        };
        let old = match self.old_value(old, "Perms")? {
            Object::Null => Dictionary::new(),
            Object::Dictionary(old) => old,
            _ => return Ok(false),
        };
        let differing = self.differing_keys(&old, &new)?;
        if differing != ["DocMDP"] || old.get("DocMDP").is_some() {
            return Ok(false);
        }
        let Some(signature) = new.get("DocMDP").and_then(Object::as_reference) else {
            return Ok(false);
        };
        let is_new = self.is_new(signature)?;
        if is_new {
            self.note(Some(signature), ChangeKind::CertificationDeclared);
        }
        Ok(is_new)
    }

    fn metadata_is_harmless(&self, catalog: &Dictionary) -> Result<bool> {
        match self.new_value(catalog, "Metadata")? {
            Object::Stream(stream) => {
                let data = self.document.decoded(&stream, self.after)?;
                Ok(is_metadata(&data))
            }
            _ => Ok(false),
        }
    }

    fn explain_metadata(&mut self, new: &Dictionary) -> Result<()> {
        let Some(id) = new.get("Metadata").and_then(Object::as_reference) else {
            return Ok(());
        };
        if self.is_touched(id) {
            let was_metadata = self
                .touched
                .get(&id.number)
                .is_some_and(|touched| stays_metadata(&touched.old, &touched.new));
            let kind = if was_metadata && self.metadata_is_harmless(new)? {
                ChangeKind::MetadataReplaced
            } else {
                ChangeKind::Unexplained
            };
            self.explains_owned(id, kind, ["Metadata"]);
        }
        Ok(())
    }
}

/// Keys of trailers and cross-reference streams (7.5.5, 7.5.8.2).
const KNOWN_IN_TRAILERS: [&str; 13] = [
    "DecodeParms",
    "Encrypt",
    "Filter",
    "ID",
    "Index",
    "Info",
    "Length",
    "Prev",
    "Root",
    "Size",
    "Type",
    "W",
    "XRefStm",
];

/// The document information dictionary (14.3.3) holds strings and names alone.
fn is_information(object: &Object) -> bool {
    match object {
        Object::Null => true,
        Object::Dictionary(dictionary) => dictionary.entries().iter().all(|entry| {
            matches!(
                entry.value,
                Object::String(_) | Object::Name(_) | Object::Null | Object::Reference(_)
            )
        }),
        _ => false,
    }
}

/// Whether a metadata stream (14.3.2) is new, or differs from the earlier one in its data and how
/// they are encoded alone.
fn stays_metadata(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Null, _) => true,
        (Object::Stream(old), Object::Stream(new)) => {
            let keys = keys_of(&old.dictionary, &new.dictionary);
            keys.iter().all(|key| {
                ENCODING_KEYS.contains(&key.as_str())
                    || old.dictionary.get(key) == new.dictionary.get(key)
            })
        }
        _ => false,
    }
}

/// How the data of a stream are encoded (7.3.8.2, table 5).
const ENCODING_KEYS: [&str; 4] = ["DL", "DecodeParms", "Filter", "Length"];

/// Well-formed XML (ISO 16684-1) without a document type: entities could make readers disagree.
fn is_metadata(data: &[u8]) -> bool {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_reader(data);
    let mut elements = 0_usize;
    let mut depth = 0_usize;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return elements > 0 && depth == 0,
            Ok(Event::DocType(_)) | Err(_) => return false,
            Ok(Event::Start(_)) => {
                elements = elements.saturating_add(1);
                depth = depth.saturating_add(1);
            }
            Ok(Event::Empty(_)) => elements = elements.saturating_add(1),
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// Ids of a dictionary's value when it is a reference.
pub(super) fn reference_of(dictionary: &Dictionary, key: &str) -> Option<ObjectId> {
    dictionary.get(key).and_then(Object::as_reference)
}
