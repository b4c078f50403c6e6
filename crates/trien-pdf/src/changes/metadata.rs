//! Changes of what the file says of itself (ISO 32000-2, 14.3): the metadata stream and the document
//! information. Viewers show neither on a page.

use std::collections::BTreeSet;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::comparison::keys_of;
use super::kind::ChangeKind;
use super::step::{Result, Step};
use crate::{Dictionary, Object, RevisionIndex};

/// How the data of a stream are encoded (7.3.8.2, table 5).
const ENCODING_KEYS: [&str; 4] = ["DL", "DecodeParms", "Filter", "Length"];

impl Step<'_, '_> {
    pub(super) fn metadata_is_harmless(&self, catalog: &Dictionary) -> Result<bool> {
        if self.is_hidden() {
            return Ok(true);
        }
        let data = self.metadata_of(catalog, self.after)?;
        Ok(data.is_some_and(|data| statements(&data).is_some()))
    }

    fn metadata_of(&self, catalog: &Dictionary, at: RevisionIndex) -> Result<Option<Vec<u8>>> {
        Ok(match self.document.value(catalog, "Metadata", at)? {
            Object::Stream(stream) => Some(self.document.decoded(&stream, at)?.to_vec()),
            _ => None,
        })
    }

    pub(super) fn explain_metadata(&mut self, old: &Dictionary, new: &Dictionary) -> Result<()> {
        let Some(id) = new.get("Metadata").and_then(Object::as_reference) else {
            return Ok(());
        };
        let Some(touched) = self.touched.get(&id.number) else {
            return Ok(());
        };
        let stays = stays_metadata(&touched.old, &touched.new);
        if stays && self.is_hidden() {
            self.explains_owned(id, ChangeKind::MetadataReplaced, ["Metadata"]);
            return Ok(());
        }
        let now = self.metadata_of(new, self.after)?;
        let said = now.as_deref().and_then(statements).filter(|_| stays);
        let kind = match said {
            None => ChangeKind::Unexplained,
            Some(said) => {
                // Where the earlier ones cannot be read, any statement is a new one.
                let before = self.metadata_of(old, self.before).ok().flatten();
                let before = before.as_deref().and_then(statements).unwrap_or_default();
                if said.is_subset(&before) {
                    ChangeKind::ModificationRecorded
                } else {
                    ChangeKind::MetadataReplaced
                }
            }
        };
        self.explains_owned(id, kind, ["Metadata"]);
        Ok(())
    }
}

/// Whether the document information states another date of change, or program, and nothing else.
pub(super) fn only_records(old: &Object, new: &Object) -> bool {
    const RECORDED: [&str; 2] = ["ModDate", "Producer"];
    let (Object::Dictionary(old), Object::Dictionary(new)) = (old, new) else {
        return false;
    };
    keys_of(old, new)
        .iter()
        .all(|key| RECORDED.contains(&key.as_str()) || old.get(key) == new.get(key))
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

/// What programs record of a change (ISO 16684-1, 8.4; XMP toolkits), which says nothing else.
const RECORDED: [&str; 5] = [
    "InstanceID",
    "MetadataDate",
    "ModifyDate",
    "Producer",
    "xmptk",
];

/// Elements and attributes that only hold properties (ISO 16684-1, 7).
const FRAME: [&str; 9] = [
    "Alt",
    "Bag",
    "Description",
    "RDF",
    "Seq",
    "about",
    "lang",
    "li",
    "xmpmeta",
];

/// A property by its local name, and one of its values.
type Statement = (String, String);

/// What well-formed metadata state besides what programs record of a change; `None` for what is
/// no XML, or has a document type: entities could make readers disagree.
fn statements(data: &[u8]) -> Option<BTreeSet<Statement>> {
    let mut reader = quick_xml::Reader::from_reader(data);
    let mut stated = BTreeSet::new();
    let mut open: Vec<String> = Vec::new();
    let mut elements = 0_usize;
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return (elements > 0 && open.is_empty()).then_some(stated),
            Ok(Event::DocType(_)) | Err(_) => return None,
            Ok(Event::Start(start)) => {
                elements = elements.saturating_add(1);
                open.push(start.local_name().as_ref().to_owned());
                state_attributes(&start, &open, &mut stated)?;
            }
            Ok(Event::Empty(start)) => {
                elements = elements.saturating_add(1);
                open.push(start.local_name().as_ref().to_owned());
                state_attributes(&start, &open, &mut stated)?;
                open.pop();
            }
            Ok(Event::End(_)) => {
                open.pop();
            }
            Ok(Event::Text(text)) => {
                state(&open, &text, &mut stated);
            }
            Ok(Event::CData(text)) => {
                state(&open, &text, &mut stated);
            }
            Ok(Event::GeneralRef(name)) => {
                state(&open, &name, &mut stated);
            }
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// A value of the innermost property that is open.
fn state(open: &[String], value: &str, stated: &mut BTreeSet<Statement>) {
    let property = open
        .iter()
        .rev()
        .find(|name| !FRAME.contains(&name.as_str()))
        .map_or("", String::as_str);
    if !value.trim().is_empty() && !RECORDED.contains(&property) {
        stated.insert((property.to_owned(), value.trim().to_owned()));
    }
}

/// Properties may be written as attributes (ISO 16684-1, 7.9.2).
fn state_attributes(
    element: &BytesStart<'_>,
    open: &[String],
    stated: &mut BTreeSet<Statement>,
) -> Option<()> {
    for attribute in element.attributes() {
        let attribute = attribute.ok()?;
        let name = attribute.key.as_ref();
        if name == "xmlns" || name.starts_with("xmlns:") {
            continue;
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
        let mut path = open.to_vec();
        path.push(attribute.key.local_name().as_ref().to_owned());
        state(&path, &value, stated);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stated(text: &str) -> Option<BTreeSet<Statement>> {
        statements(text.as_bytes())
    }

    #[test]
    fn an_attribute_and_an_element_state_the_same_and_records_nothing() {
        let element = "<x:a xmlns:x='n'><dc:title><rdf:li>Hoc ba</rdf:li></dc:title></x:a>";
        let attribute = "<x:a dc:title='Hoc ba' xmp:ModifyDate='2026' pdf:Producer='x'/>";
        assert_eq!(stated(element), stated(attribute));
        assert_ne!(
            stated(element),
            stated("<a><dc:creator>Hoc ba</dc:creator></a>")
        );
    }

    #[test]
    fn what_is_no_xml_or_has_a_document_type_states_nothing_that_counts() {
        assert_eq!(stated("<a>"), None);
        assert_eq!(stated(""), None);
        assert_eq!(stated("<!DOCTYPE a [<!ENTITY e 'x'>]><a/>"), None);
        assert!(stated("<a/>").is_some_and(|stated| stated.is_empty()));
    }
}
