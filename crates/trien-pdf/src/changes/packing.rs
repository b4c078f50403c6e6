//! Object streams as the standard has them (ISO 32000-2, 7.5.7): of two objects of one number in a
//! stream, or of one that its header does not name, each reader shows its own.
//! Does not know what the objects mean.

use std::collections::BTreeSet;

use super::kind::{Change, ChangeKind};
use super::packed::Packed;
use super::step::Result;
use crate::object_stream::Packing;
use crate::{Document, Object, ObjectId, RevisionIndex, XrefEntry};

/// The object streams that a revision writes or names and that readers may take for different
/// things, with how bad they are.
pub(super) fn loosely_packed(
    document: &Document<'_>,
    revision: RevisionIndex,
    packed: &Packed,
) -> Result<Vec<(Packing, Change)>> {
    let mut found = Vec::new();
    for stream in streams_of(document, revision, packed)? {
        let packing = match document.packing(stream, revision) {
            Ok(packing) => packing,
            Err(error) if error.is_limit() => return Err(error),
            // Whoever needs what is in it tells that it cannot be read.
            Err(_) => continue,
        };
        if packing != Packing::Strict {
            let id = ObjectId::new(stream, 0);
            let change = Change::new(revision, Some(id), ChangeKind::ObjectStreamMalformed);
            found.push((packing, change));
        }
    }
    Ok(found)
}

/// Object streams that entries of the revision put objects into, that it writes, and whose data it
/// bounds anew.
fn streams_of(
    document: &Document<'_>,
    revision: RevisionIndex,
    packed: &Packed,
) -> Result<BTreeSet<u32>> {
    let mut streams = BTreeSet::new();
    let before = RevisionIndex(revision.0.saturating_sub(1));
    for section in document.sections(revision) {
        for (first, count) in section.numbers() {
            for number in first..first.saturating_add(count) {
                match section.entry(document.bytes(), number)? {
                    Some(XrefEntry::InStream { stream, .. }) => {
                        streams.insert(stream);
                    }
                    // In the first revision no stream was there before it.
                    Some(XrefEntry::InFile { generation, .. })
                        if revision > before
                            && !document.is_kept(number, (before, revision))? =>
                    {
                        let id = ObjectId::new(number, generation);
                        match document.object(id, revision).map(|located| located.object) {
                            Ok(Object::Stream(stream)) => {
                                let name = stream.dictionary.get("Type").and_then(Object::as_name);
                                if name.is_some_and(|name| *name == "ObjStm") {
                                    streams.insert(number);
                                }
                            }
                            Ok(Object::Integer(_)) => {
                                streams.extend(packed.streams_referring(document, number)?);
                            }
                            Err(error) if error.is_limit() => return Err(error),
                            _ => {}
                        }
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(streams)
}
