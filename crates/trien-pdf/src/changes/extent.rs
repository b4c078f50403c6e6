//! Where objects end. One that goes on behind its revision shows what somebody appends later, and
//! no entry of theirs tells it: a signed stream whose /Length reaches behind the signed octets, or
//! a signed entry that points there (ATTACKS.md, X10, X11).

use super::kind::{Change, ChangeKind};
use crate::parse::indirect_object;
use crate::{Document, Object, ObjectId, ReadError, ReadErrorKind, RevisionIndex};

/// What has to stand behind a stream's data.
const END_OF_STREAM: usize = b"endstream".len();

/// The line end between the keyword `stream` and the data, at most.
const LINE_END: usize = 2;

/// What a pass over the octets of an object met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Met {
    /// No stream.
    NoStream,
    /// A stream with one direct /Length.
    Length(u64),
    /// A stream whose length must be looked up.
    UnclearLength,
}

/// An object under the pass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Passed {
    pub(super) id: ObjectId,
    /// Offset of its header.
    pub(super) start: usize,
    /// Where the pass ended: behind `endobj` or `stream`.
    pub(super) end: usize,
    pub(super) met: Met,
    /// The revision whose entry names it.
    pub(super) named_by: RevisionIndex,
}

impl Passed {
    /// The change that it is when later octets become part of this object.
    pub(super) fn reaching(&self, document: &Document<'_>) -> Result<Option<Change>, ReadError> {
        let change = |revision: RevisionIndex, kind| {
            let kind = ChangeKind::Unreadable(ReadError::new(kind, self.start));
            Change::new(revision, Some(self.id), kind)
        };
        let Some(own) = document.revision_at(self.start) else {
            return Ok(None);
        };
        if own > self.named_by {
            let kind = ReadErrorKind::EntryOutsideRevision(self.id);
            return Ok(Some(change(own, kind)));
        }
        let Some(last) = document.revision_end(own) else {
            return Ok(None);
        };
        let inside = |end: usize| end <= last;
        let clear = match self.met {
            Met::NoStream => inside(self.end),
            Met::Length(length) => usize::try_from(length)
                .ok()
                .and_then(|length| length.checked_add(LINE_END + END_OF_STREAM))
                .and_then(|length| length.checked_add(self.end))
                .is_some_and(inside),
            Met::UnclearLength => false,
        };
        if clear || own == document.latest() {
            return Ok(None);
        }
        let Some(end) = self.end_of_all(document)?.filter(|end| *end > last) else {
            return Ok(None);
        };
        let reached = document.revision_at(end.saturating_sub(1));
        let kind = ReadErrorKind::StreamOutsideRevision;
        Ok(Some(change(reached.unwrap_or(document.latest()), kind)))
    }

    /// Where the object ends at the latest, in any revision; `None` when it is none.
    fn end_of_all(&self, document: &Document<'_>) -> Result<Option<usize>, ReadError> {
        let read = match indirect_object(document.bytes(), self.start, document.limits()) {
            Ok(read) => read,
            Err(error) if error.is_limit() => return Err(error),
            // What is no object is told by whoever needs it.
            Err(_) => return Ok(None),
        };
        document.note_read(self.start, read.end)?;
        let Object::Stream(stream) = &read.object else {
            return Ok(Some(read.end));
        };
        let mut end = read.end;
        let mut add = |length: &Object| {
            let length = length.as_usize().unwrap_or_default();
            let stop = stream.data_offset.saturating_add(length);
            end = end.max(stop.saturating_add(END_OF_STREAM));
        };
        let entries = stream.dictionary.entries().iter();
        for length in entries.filter(|entry| entry.key == "Length") {
            let Some(id) = length.value.as_reference() else {
                add(&length.value);
                continue;
            };
            let named = document.revisions_naming(id.number, document.latest());
            for revision in named.filter(|revision| *revision > self.named_by) {
                add(&resolved(document, &length.value, revision)?);
            }
            add(&resolved(document, &length.value, self.named_by)?);
        }
        Ok(Some(end))
    }
}

fn resolved(
    document: &Document<'_>,
    length: &Object,
    revision: RevisionIndex,
) -> Result<Object, ReadError> {
    match document.resolve(length, revision) {
        Err(error) if error.is_limit() => Err(error),
        // A length that cannot be read bounds nothing: readers look for the end themselves.
        other => Ok(other.unwrap_or(Object::Null)),
    }
}
