//! The data of streams, and the object streams that objects stand in.
//! Knows nothing of what the data mean.

use std::rc::Rc;

use trien_types::Limit;

use super::Document;
use super::stream_cache::Refused;
use crate::cursor::Cursor;
use crate::object_stream::{ObjectStream, Packing};
use crate::revision::RevisionIndex;
use crate::xref::XrefEntry;
use crate::{Dictionary, Expected, Object, ObjectId, ReadError, ReadErrorKind, Stream};

type Result<T> = std::result::Result<T, ReadError>;

impl<'a> Document<'a> {
    pub(super) fn object_stream(
        &self,
        number: u32,
        revision: RevisionIndex,
    ) -> Result<Rc<ObjectStream>> {
        let id = ObjectId::new(number, 0);
        let missing = ReadError::new(ReadErrorKind::ObjectNotInStream(id), 0);
        // The stream is what the number means in the revision asked for, not in the one that made
        // the entry: an update that replaces the stream replaces what it holds.
        let (entry, _) = self.entry(number, revision)?;
        let XrefEntry::InFile {
            offset,
            generation: 0,
        } = entry
        else {
            return Err(missing);
        };
        if let Some(stream) = self.streams.borrow().kept(offset, revision) {
            return Ok(stream);
        }
        if self.is_encrypted() {
            return Err(ReadError::new(ReadErrorKind::Encrypted, offset));
        }
        // An object stream whose /Length is an object inside itself leads here again.
        let begun = self.streams.borrow_mut().begin(offset, self.limits.nesting);
        begun.map_err(|refused| match refused {
            Refused::Loops => ReadError::new(ReadErrorKind::ReferenceLoops(id), offset),
            Refused::TooDeep => ReadError::limit(Limit::Nesting, offset),
        })?;
        let parsed = self.read_object_stream(id, revision);
        self.streams.borrow_mut().end();
        let (parsed, key) = parsed?;
        self.streams.borrow_mut().keep(offset, key, &parsed);
        Ok(parsed)
    }

    /// Whether the object stream of a number is as 7.5.7 says, as of a revision.
    pub(crate) fn packing(&self, number: u32, revision: RevisionIndex) -> Result<Packing> {
        let stream = self.object_stream(number, revision)?;
        let (packing, read) = stream.packing(&self.limits)?;
        self.note_read(0, read)?;
        Ok(packing)
    }

    /// The stream, and the revision it holds for where it refers to other objects.
    fn read_object_stream(
        &self,
        id: ObjectId,
        revision: RevisionIndex,
    ) -> Result<(Rc<ObjectStream>, Option<RevisionIndex>)> {
        let missing = ReadError::new(ReadErrorKind::ObjectNotInStream(id), 0);
        let located = self.object(id, revision)?;
        let Object::Stream(stream) = &located.object else {
            return Err(missing);
        };
        let entries = stream.dictionary.entries();
        let refers = entries
            .iter()
            .any(|entry| matches!(entry.value, Object::Reference(_)) && entry.key != "Extends");
        let data = self.decoded(stream, revision)?;
        let parsed = Rc::new(ObjectStream::parse(&stream.dictionary, data, &self.limits)?);
        Ok((parsed, refers.then_some(revision)))
    }

    /// The encoded data of a stream, as /Length bounds them (7.3.8.2).
    ///
    /// # Errors
    /// No usable /Length, or no `endstream` behind the data.
    pub fn encoded(&self, stream: &Stream, revision: RevisionIndex) -> Result<&'a [u8]> {
        let start = stream.data_offset;
        let wrong = || ReadError::unexpected(Expected::EndStream, start);
        let length = self.value(&stream.dictionary, "Length", revision)?;
        let end = length
            .as_usize()
            .and_then(|length| start.checked_add(length))
            .ok_or_else(wrong)?;
        let data = self.bytes.get(start..end).ok_or_else(wrong)?;
        // What a later revision appends is no part of an earlier one's stream.
        let last = self.revision_at(start).and_then(|at| self.revision_end(at));
        if last.is_some_and(|last| end > last) {
            return Err(ReadError::new(ReadErrorKind::StreamOutsideRevision, start));
        }
        let mut cursor = Cursor::new(self.bytes, end);
        cursor.skip_spaces();
        if cursor.accept(b"endstream") {
            Ok(data)
        } else {
            Err(wrong())
        }
    }

    /// The decoded data of a stream whose filters are of the kinds that structure uses.
    ///
    /// # Errors
    /// As [`Document::encoded`]; an unknown filter, damaged data, or too many of them.
    pub fn decoded(&self, stream: &Stream, revision: RevisionIndex) -> Result<Vec<u8>> {
        self.decoded_within(stream, revision, self.limits.decoded_octets)
    }

    /// The same, where fewer octets than the limit are wanted.
    pub(crate) fn decoded_within(
        &self,
        stream: &Stream,
        revision: RevisionIndex,
        most: usize,
    ) -> Result<Vec<u8>> {
        let encoded = self.encoded(stream, revision)?;
        let mut dictionary = Dictionary::new();
        for key in ["Filter", "DecodeParms"] {
            let value = self.value(&stream.dictionary, key, revision)?;
            let value = match value {
                Object::Array(elements) => Object::Array(
                    elements
                        .iter()
                        .map(|element| self.resolve(element, revision))
                        .collect::<Result<_>>()?,
                ),
                other => other,
            };
            if value != Object::Null {
                dictionary.set(key, value);
            }
        }
        let mut limits = self.limits.clone();
        limits.decoded_octets = most.min(limits.decoded_octets);
        let data = crate::filter::decode(&dictionary, encoded, stream.data_offset, &limits)?;
        self.note_read(0, encoded.len().saturating_add(data.len()))?;
        Ok(data)
    }
}

#[cfg(test)]
mod tests {
    use trien_types::Limits;

    use super::*;

    /// A file of three objects: a catalog, an object stream whose /Length is `length`, and the
    /// cross-reference stream that puts object 4 into it.
    fn file(length: &str) -> Vec<u8> {
        let mut bytes = b"%PDF-1.5\n".to_vec();
        let mut rows = Vec::new();
        let mut row = |kind: u8, second: usize, third: u8| {
            rows.push(kind);
            rows.extend_from_slice(&u16::try_from(second).unwrap().to_be_bytes());
            rows.push(third);
        };
        row(0, 0, 0);
        row(1, bytes.len(), 0);
        bytes.extend_from_slice(b"1 0 obj<</Type/Catalog>>endobj\n");
        row(1, bytes.len(), 0);
        let stream = format!(
            "2 0 obj<</Type/ObjStm/N 1/First 4/Length {length}>>stream\n4 0 8\nendstream endobj\n"
        );
        bytes.extend_from_slice(stream.as_bytes());
        row(1, bytes.len(), 0);
        row(2, 2, 0);
        let at = bytes.len();
        let head = format!(
            "3 0 obj<</Type/XRef/Size 5/Root 1 0 R/W[1 2 1]/Length {}>>stream\n",
            rows.len()
        );
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(&rows);
        let tail = format!("\nendstream endobj\nstartxref\n{at}\n%%EOF\n");
        bytes.extend_from_slice(tail.as_bytes());
        bytes
    }

    #[test]
    fn an_object_in_a_stream_is_found() {
        let bytes = file("5");
        let document = Document::open(&bytes, &Limits::default()).unwrap();
        let located = document
            .object(ObjectId::new(4, 0), document.latest())
            .unwrap();
        assert_eq!(located.object, Object::Integer(8));
    }

    #[test]
    fn an_object_stream_that_holds_its_own_length_does_not_recurse() {
        let bytes = file("4 0 R");
        let document = Document::open(&bytes, &Limits::default()).unwrap();
        let error = document
            .object(ObjectId::new(4, 0), document.latest())
            .unwrap_err();
        assert_eq!(
            error.kind,
            ReadErrorKind::ReferenceLoops(ObjectId::new(2, 0))
        );
    }

    #[test]
    fn an_object_that_goes_on_behind_its_revision_is_outside_of_it() {
        let bytes = file("400");
        let document = Document::open(&bytes, &Limits::default()).unwrap();
        let error = document
            .object(ObjectId::new(2, 0), document.latest())
            .unwrap_err();
        let id = ObjectId::new(2, 0);
        assert_eq!(error.kind, ReadErrorKind::EntryOutsideRevision(id));
    }
}
