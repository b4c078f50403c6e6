//! A file opened for reading: its revisions, and objects resolved as of any of them.
//! Knows nothing of what the objects mean.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use trien_types::{Limit, Limits};

use crate::cursor::Cursor;
use crate::entry_index::EntryIndex;
use crate::object_stream::ObjectStream;
use crate::parse::indirect_object;
use crate::revision::{Chain, Revision, RevisionIndex, read_chain};
use crate::xref::{XrefEntry, XrefForm, XrefSection};
use crate::{Dictionary, Expected, Object, ObjectId, ReadError, ReadErrorKind, Span, Stream};

type Result<T> = std::result::Result<T, ReadError>;

/// Within so many octets the header must start (ISO 32000-1, annex H.3, note 13).
const HEADER_WINDOW: usize = 1024;

/// References that may follow one another; the standard knows no reference to a reference.
const REFERENCE_CHAIN: usize = 8;

/// How often a file may be read as a whole beside [`Limits::read_octets`]: a comparison of
/// revisions passes over it a few times.
const READS_OF_FILE: u64 = 64;

fn octets(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Decoded object streams kept at one time, in octets: enough for every stream of an ordinary
/// file, small beside a machine's memory.
const CACHE_OCTETS: usize = 64 * 1024 * 1024;

/// Where an object was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ObjectPlace {
    /// In the file; spans of its entries are offsets in the file. From the header on, up to
    /// behind `endobj` (for a stream: up to its data).
    InFile(Span),
    /// In the decoded object stream of this number; spans are offsets in the decoded data.
    InStream(u32),
    /// Nowhere: the number is free or unknown, the object is null.
    Nowhere,
}

/// An object with the place it was read from.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LocatedObject {
    /// The object.
    pub object: Object,
    /// Its place.
    pub place: ObjectPlace,
}

/// A PDF file opened for reading. The bytes stay the caller's; nothing is read before it is asked
/// for, so a document of 20,000 pages opens as fast as one of a single page.
///
/// ```
/// use trien_types::Limits;
/// let error = trien_pdf::Document::open(b"no PDF", &Limits::default()).unwrap_err();
/// assert_eq!(error.to_string(), "this is no PDF file: no %PDF- header near its start");
/// ```
pub struct Document<'a> {
    bytes: &'a [u8],
    limits: Limits,
    header_offset: usize,
    chain: Chain,
    encrypted: bool,
    index: OnceCell<EntryIndex>,
    streams: RefCell<StreamCache>,
    /// Octets that may still be read, see [`Limits::read_octets`].
    may_read: Cell<u64>,
}

#[derive(Debug, Default)]
struct StreamCache {
    /// Offsets of the streams that are being read just now.
    being_read: Vec<usize>,
    /// By the stream's offset and, where its dictionary refers to other objects, the revision they
    /// are resolved as of.
    streams: HashMap<(usize, Option<RevisionIndex>), Rc<ObjectStream>>,
    octets: usize,
}

/// Without the octets: a record has millions.
impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Document")
            .field("octets", &self.bytes.len())
            .field("revisions", &self.chain.revisions.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Document<'a> {
    /// Reads the header and the chain of cross-reference sections.
    ///
    /// # Errors
    /// No PDF file, or its cross-references are damaged. They are never rebuilt: what a rebuilt
    /// table would show is not what anybody signed (ATTACKS.md, ground rule 7).
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self> {
        if bytes.is_empty() {
            return Err(ReadError::new(ReadErrorKind::Empty, 0));
        }
        let window = bytes
            .get(..bytes.len().min(HEADER_WINDOW))
            .unwrap_or_default();
        let header_offset = memchr::memmem::find(window, b"%PDF-")
            .ok_or(ReadError::new(ReadErrorKind::NoHeader, 0))?;
        let chain = read_chain(bytes, header_offset, limits)?;
        let encrypted = chain.revisions.iter().any(|revision| {
            let section = revision.sections.first();
            let section = section.and_then(|index| chain.sections.get(*index));
            let value = section.and_then(|section| section.trailer.get("Encrypt"));
            value.is_some_and(|value| *value != Object::Null)
        });
        Ok(Self {
            bytes,
            limits: limits.clone(),
            header_offset,
            chain,
            encrypted,
            index: OnceCell::new(),
            streams: RefCell::default(),
            may_read: Cell::new(
                octets(bytes.len())
                    .saturating_mul(READS_OF_FILE)
                    .saturating_add(limits.read_octets),
            ),
        })
    }

    /// The file's octets.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The bounds this document is read under.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Octets before `%PDF-`; 0 in a file that begins as it should.
    #[must_use]
    pub const fn header_offset(&self) -> usize {
        self.header_offset
    }

    /// Notes that the octets from `from` to `to` were read, whatever came of it.
    ///
    /// # Errors
    /// Too many were.
    pub(crate) fn note_read(&self, from: usize, to: usize) -> Result<()> {
        let read = octets(to.saturating_sub(from));
        match self.may_read.get().checked_sub(read) {
            Some(left) => {
                self.may_read.set(left);
                Ok(())
            }
            None => {
                self.may_read.set(0);
                Err(ReadError::limit(Limit::ReadOctets, from))
            }
        }
    }

    pub(crate) const fn base(&self) -> usize {
        self.chain.base
    }

    /// All revisions, the first one first. There is always one.
    pub fn revisions(&self) -> impl DoubleEndedIterator<Item = RevisionIndex> + use<> {
        (0..self.chain.revisions.len()).map(RevisionIndex)
    }

    /// The newest revision: what a viewer shows.
    #[must_use]
    pub fn latest(&self) -> RevisionIndex {
        RevisionIndex(self.chain.revisions.len().saturating_sub(1))
    }

    /// Offset behind a revision's `%%EOF`, without the line end that may follow; `None` when the
    /// revision is not finished with startxref and `%%EOF`.
    #[must_use]
    pub fn revision_end(&self, revision: RevisionIndex) -> Option<usize> {
        self.revision(revision).and_then(|revision| revision.end)
    }

    fn revision(&self, revision: RevisionIndex) -> Option<&Revision> {
        self.chain.revisions.get(revision.0)
    }

    fn section(&self, index: usize) -> Option<&XrefSection> {
        self.chain.sections.get(index)
    }

    /// The sections of one revision, the one that is asked first in front.
    pub(crate) fn sections(&self, revision: RevisionIndex) -> impl Iterator<Item = &XrefSection> {
        let revision = self.revision(revision);
        revision
            .into_iter()
            .flat_map(|revision| &revision.sections)
            .filter_map(|index| self.section(*index))
    }

    /// Offset of the section that a revision's startxref names.
    pub(crate) fn entry_offset(&self, revision: RevisionIndex) -> Option<usize> {
        self.revision(revision)
            .map(|revision| revision.entry_offset)
    }

    /// Where objects stand behind the last finished revision: the file was cut off while it was
    /// written or sent, or somebody put them there. Readers that rebuild would show them.
    #[must_use]
    pub fn unfinished_tail(&self) -> Option<usize> {
        let end = self.revision_end(self.latest())?;
        let rest = self.bytes.get(end..)?;
        memchr::memmem::find(rest, b" obj").map(|_| end)
    }

    /// How a revision writes its cross-references.
    #[must_use]
    pub fn xref_form(&self, revision: RevisionIndex) -> XrefForm {
        self.sections(revision)
            .next()
            .map_or(XrefForm::Table, XrefSection::form)
    }

    /// The trailer dictionary (7.5.5) of a revision.
    #[must_use]
    pub fn trailer(&self, revision: RevisionIndex) -> &Dictionary {
        static EMPTY: Dictionary = Dictionary::new();
        self.sections(revision)
            .next()
            .map_or(&EMPTY, |section| &section.trailer)
    }

    /// Whether the newest revision names an encryption dictionary (7.6). Strings and streams are
    /// then unreadable here, but never the /Contents of a signature.
    #[must_use]
    pub const fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// What the cross-references say of a number as of a revision, and which revision says so.
    ///
    /// # Errors
    /// A malformed entry.
    pub fn entry(
        &self,
        number: u32,
        revision: RevisionIndex,
    ) -> Result<(XrefEntry, RevisionIndex)> {
        for here in self.revisions_naming(number, revision) {
            for section in self.sections(here) {
                if let Some(entry) = section.entry(self.bytes, number)? {
                    return Ok((entry, here));
                }
            }
        }
        Ok((XrefEntry::Free, RevisionIndex(0)))
    }

    /// The revisions up to `latest` that may have an entry for a number, the newest first.
    pub(crate) fn revisions_naming(
        &self,
        number: u32,
        latest: RevisionIndex,
    ) -> impl Iterator<Item = RevisionIndex> + use<'_> {
        let index = self.index.get_or_init(|| {
            let revisions = self.revisions().map(|revision| {
                let sections = self.sections(revision);
                sections.flat_map(XrefSection::numbers).collect()
            });
            EntryIndex::new(revisions, self.bytes.len())
        });
        index.newest_first(number, latest.0).map(RevisionIndex)
    }

    /// The revision whose octets `offset` is among; `None` behind the last one.
    pub(crate) fn revision_at(&self, offset: usize) -> Option<RevisionIndex> {
        let revisions = &self.chain.revisions;
        // Ends ascend: the chain was refused otherwise.
        let index = revisions
            .partition_point(|revision| revision.end.unwrap_or(revision.entry_offset) <= offset);
        (index < revisions.len()).then_some(RevisionIndex(index))
    }

    /// The object of this number and generation as of a revision, with its place. What is free or
    /// unknown is the null object (7.3.10).
    ///
    /// # Errors
    /// The object is not where its entry says, cannot be parsed, or lies outside its revision.
    pub fn object(&self, id: ObjectId, revision: RevisionIndex) -> Result<LocatedObject> {
        let nowhere = LocatedObject {
            object: Object::Null,
            place: ObjectPlace::Nowhere,
        };
        match self.entry(id.number, revision)? {
            (XrefEntry::Free, _) => Ok(nowhere),
            (XrefEntry::InFile { offset, generation }, from) => {
                if generation != id.generation {
                    return Ok(nowhere);
                }
                self.object_in_file(id, offset, from)
            }
            (XrefEntry::InStream { .. }, _) if id.generation != 0 => Ok(nowhere),
            (XrefEntry::InStream { stream, index }, _) => {
                let container = self.object_stream(stream, revision)?;
                self.note_read(0, 1)?;
                let (object, span) = container.object(id, index, &self.limits);
                self.note_read(span.start(), span.end())?;
                let object = object?;
                Ok(LocatedObject {
                    object,
                    place: ObjectPlace::InStream(stream),
                })
            }
        }
    }

    /// Reads the object that an entry of revision `from` puts at `offset`.
    fn object_in_file(
        &self,
        id: ObjectId,
        offset: usize,
        from: RevisionIndex,
    ) -> Result<LocatedObject> {
        let at = offset.saturating_add(self.chain.base);
        // A signed revision must not point at bytes that come after it: they could be anything.
        let end = self.revision_end(from).unwrap_or(self.bytes.len());
        if at >= end {
            return Err(ReadError::new(ReadErrorKind::EntryOutsideRevision(id), at));
        }
        // Nothing left to read: not even once more.
        self.note_read(at, at.saturating_add(1))?;
        let read = indirect_object(self.bytes, at, &self.limits);
        self.note_read(
            at,
            read.as_ref()
                .map_or_else(|error| error.offset, |read| read.end),
        )?;
        let read = read.map_err(|error| {
            if error.kind == ReadErrorKind::Unexpected(Expected::ObjectHeader) {
                ReadError::new(ReadErrorKind::ObjectNotAtOffset(id), at)
            } else {
                error
            }
        })?;
        if read.id != id {
            return Err(ReadError::new(ReadErrorKind::ObjectNotAtOffset(id), at));
        }
        // Nor may an object start in the revision and go on behind its end.
        if read.end > end || direct_data_end(&read.object).is_some_and(|stop| stop > end) {
            return Err(ReadError::new(ReadErrorKind::EntryOutsideRevision(id), at));
        }
        Ok(LocatedObject {
            object: read.object,
            place: ObjectPlace::InFile(Span::new(at, read.end)),
        })
    }

    fn object_stream(&self, number: u32, revision: RevisionIndex) -> Result<Rc<ObjectStream>> {
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
        for key in [(offset, None), (offset, Some(revision))] {
            if let Some(stream) = self.streams.borrow().streams.get(&key) {
                return Ok(Rc::clone(stream));
            }
        }
        if self.is_encrypted() {
            return Err(ReadError::new(ReadErrorKind::Encrypted, offset));
        }
        // An object stream whose /Length is an object inside itself leads here again.
        let depth = self.streams.borrow().being_read.len();
        if self.streams.borrow().being_read.contains(&offset) {
            return Err(ReadError::new(ReadErrorKind::ReferenceLoops(id), offset));
        }
        if depth >= self.limits.nesting {
            return Err(ReadError::limit(Limit::Nesting, offset));
        }
        self.streams.borrow_mut().being_read.push(offset);
        let parsed = self.read_object_stream(id, revision);
        self.streams.borrow_mut().being_read.pop();
        let (parsed, key) = parsed?;
        let mut cache = self.streams.borrow_mut();
        if cache.octets > CACHE_OCTETS {
            cache.streams.clear();
            cache.octets = 0;
        }
        cache.octets = cache.octets.saturating_add(parsed.octets());
        cache.streams.insert((offset, key), Rc::clone(&parsed));
        Ok(parsed)
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

    /// What `object` is as of a revision: itself, or what it refers to.
    ///
    /// # Errors
    /// As [`Document::object`], and a reference that leads back to itself.
    pub fn resolve(&self, object: &Object, revision: RevisionIndex) -> Result<Object> {
        let mut current = object.clone();
        for _ in 0..REFERENCE_CHAIN {
            match current {
                Object::Reference(id) => current = self.object(id, revision)?.object,
                other => return Ok(other),
            }
        }
        match current {
            Object::Reference(id) => Err(ReadError::new(ReadErrorKind::ReferenceLoops(id), 0)),
            other => Ok(other),
        }
    }

    /// The value of `key` as of a revision, resolved; null when it is absent.
    ///
    /// # Errors
    /// As [`Document::resolve`].
    pub fn value(
        &self,
        dictionary: &Dictionary,
        key: &str,
        revision: RevisionIndex,
    ) -> Result<Object> {
        dictionary
            .get(key)
            .map_or(Ok(Object::Null), |value| self.resolve(value, revision))
    }

    /// Id and dictionary of the catalog (7.7.2) as of a revision.
    ///
    /// # Errors
    /// The trailer names none, or it is no dictionary.
    pub fn catalog(&self, revision: RevisionIndex) -> Result<(ObjectId, Dictionary)> {
        let end = self.entry_offset(revision).unwrap_or_default();
        let id = self
            .trailer(revision)
            .get("Root")
            .and_then(Object::as_reference)
            .ok_or(ReadError::new(ReadErrorKind::NoRoot, end))?;
        match self.object(id, revision)?.object {
            Object::Dictionary(dictionary) => Ok((id, dictionary)),
            _ => Err(ReadError::unexpected(Expected::Dictionary, end)),
        }
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
        let data = crate::filter::decode(&dictionary, encoded, stream.data_offset, &self.limits)?;
        self.note_read(0, encoded.len().saturating_add(data.len()))?;
        Ok(data)
    }

    /// The smallest number that no revision up to this one has used.
    pub(crate) fn next_number(&self, revision: RevisionIndex) -> Result<u32> {
        let mut next = 1_u32;
        for index in 0..=revision.0 {
            let here = RevisionIndex(index);
            let size = self.trailer(here).get("Size").and_then(Object::as_integer);
            next = next.max(
                size.and_then(|size| u32::try_from(size).ok())
                    .unwrap_or_default(),
            );
            for section in self.sections(here) {
                let ends = section.numbers().into_iter();
                next = ends.fold(next, |next, (first, count)| {
                    next.max(first.saturating_add(count))
                });
            }
        }
        if next > self.limits.objects {
            return Err(ReadError::limit(Limit::Objects, 0));
        }
        Ok(next)
    }
}

/// Where a stream's data end, if its /Length is direct. An indirect one is an object of its own,
/// which [`Document::encoded`] reads.
fn direct_data_end(object: &Object) -> Option<usize> {
    let stream = object.as_stream()?;
    let length = stream.dictionary.get("Length")?.as_usize()?;
    stream.data_offset.checked_add(length)
}

#[cfg(test)]
mod tests {
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
