//! What object streams hold (ISO 32000-2, 7.5.7), over all revisions: an update that replaces such
//! a stream, or the object that says how long it is, changes what it holds without an entry.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use super::references::walk;
use super::step::Result;
use crate::{Document, ObjectId, RevisionIndex, XrefEntry};

/// Collected once for all revisions that ask.
#[derive(Debug, Default)]
pub(super) struct Packed {
    by_stream: OnceCell<HashMap<u32, Vec<(RevisionIndex, u32)>>>,
    by_reference: OnceCell<HashMap<u32, HashSet<u32>>>,
}

impl Packed {
    /// The numbers that entries of revisions up to `latest` put into `stream`.
    pub(super) fn numbers_in(
        &self,
        document: &Document<'_>,
        stream: u32,
        latest: RevisionIndex,
    ) -> Result<impl Iterator<Item = u32> + use<'_>> {
        let streams = or_made(&self.by_stream, || contents(document))?;
        let entries = streams.get(&stream).map_or(&[][..], Vec::as_slice);
        let known = entries.partition_point(|(revision, _)| *revision <= latest);
        Ok(entries.iter().take(known).map(|(_, number)| *number))
    }

    /// The object streams that refer to `target`, in any revision.
    pub(super) fn streams_referring(
        &self,
        document: &Document<'_>,
        target: u32,
    ) -> Result<impl Iterator<Item = u32> + use<'_>> {
        let streams = or_made(&self.by_stream, || contents(document))?;
        let referring = or_made(&self.by_reference, || {
            referring(document, streams.keys().copied())
        })?;
        Ok(referring.get(&target).into_iter().flatten().copied())
    }
}

fn or_made<T>(cell: &OnceCell<T>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    if let Some(made) = cell.get() {
        return Ok(made);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}

fn contents(document: &Document<'_>) -> Result<HashMap<u32, Vec<(RevisionIndex, u32)>>> {
    let mut found: HashMap<u32, Vec<(RevisionIndex, u32)>> = HashMap::new();
    for revision in document.revisions() {
        for section in document.sections(revision) {
            for (first, count) in section.numbers() {
                for number in first..first.saturating_add(count) {
                    if let Some(XrefEntry::InStream { stream, .. }) =
                        section.entry(document.bytes(), number)?
                    {
                        found.entry(stream).or_default().push((revision, number));
                    }
                }
            }
        }
    }
    Ok(found)
}

/// Each target with the streams whose dictionaries refer to it.
fn referring(
    document: &Document<'_>,
    streams: impl Iterator<Item = u32>,
) -> Result<HashMap<u32, HashSet<u32>>> {
    let mut found: HashMap<u32, HashSet<u32>> = HashMap::new();
    for stream in streams {
        for revision in document.revisions_naming(stream, document.latest()) {
            let id = ObjectId::new(stream, 0);
            let object = match document.object(id, revision) {
                Ok(located) => located.object,
                Err(error) if error.is_limit() => return Err(error),
                Err(_) => continue,
            };
            let entries = object.as_stream().map(|stream| stream.dictionary.entries());
            for entry in entries.into_iter().flatten() {
                walk(&entry.value, &mut |target| {
                    found.entry(target).or_default().insert(stream);
                });
            }
        }
    }
    Ok(found)
}
