//! Objects resolved as of a revision, with the place they were read from.
//! Knows nothing of what they mean, and reads no data of streams.

use super::Document;
use crate::cursor::Cursor;
use crate::parse::{IndirectObject, direct_object, indirect_object, object_header};
use crate::revision::RevisionIndex;
use crate::xref::XrefEntry;
use crate::{Dictionary, Expected, Object, ObjectId, ReadError, ReadErrorKind, Span};

type Result<T> = std::result::Result<T, ReadError>;

/// References that may follow one another; the standard knows no reference to a reference.
const REFERENCE_CHAIN: usize = 8;

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

impl LocatedObject {
    /// The null object that what is free or unknown is.
    pub(crate) const fn nowhere() -> Self {
        Self {
            object: Object::Null,
            place: ObjectPlace::Nowhere,
        }
    }
}

/// What an indirect object is, as far as it matters to a reference to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    /// Null, free or unknown.
    Nothing,
    /// Another reference, which 7.3.10 does not know.
    Reference,
    /// Anything else.
    Something,
}

impl Value {
    const fn of(object: &Object) -> Self {
        match object {
            Object::Null => Self::Nothing,
            Object::Reference(_) => Self::Reference,
            _ => Self::Something,
        }
    }
}

impl Document<'_> {
    /// The object of this number and generation as of a revision, with its place. What is free or
    /// unknown is the null object (7.3.10).
    ///
    /// # Errors
    /// The object is not where its entry says, cannot be parsed, or lies outside its revision.
    pub fn object(&self, id: ObjectId, revision: RevisionIndex) -> Result<LocatedObject> {
        let nowhere = LocatedObject::nowhere();
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

    /// What a reference leads to, of which no more is read than tells it.
    pub(crate) fn value_behind(&self, id: ObjectId, revision: RevisionIndex) -> Result<Value> {
        let offset = match self.entry(id.number, revision)?.0 {
            XrefEntry::InFile { offset, generation } if generation == id.generation => offset,
            XrefEntry::InStream { .. } if id.generation == 0 => {
                return match self.object(id, revision) {
                    Ok(located) => Ok(Value::of(&located.object)),
                    Err(error) if error.is_limit() => Err(error),
                    // Whoever needs it tells that it cannot be read.
                    Err(_) => Ok(Value::Something),
                };
            }
            _ => return Ok(Value::Nothing),
        };
        // As [`Document::object_in_file`]: an entry that names the file's start names nothing.
        if offset == 0 {
            return Ok(Value::Nothing);
        }
        let at = offset.saturating_add(self.chain.base);
        let mut cursor = Cursor::new(self.bytes, at);
        cursor.skip_white_space();
        let header = object_header(&mut cursor);
        cursor.skip_white_space();
        let start = cursor.offset();
        let value = match cursor.peek() {
            Some(b'0'..=b'9' | b'n') if header.is_some() => {
                let value = direct_object(&mut cursor, &self.limits);
                value.map_or(Value::Something, |object| Value::of(&object))
            }
            _ => Value::Something,
        };
        self.note_read(at, start)?;
        Ok(value)
    }

    /// Reads the object that an entry of revision `from` puts at `offset`.
    fn object_in_file(
        &self,
        id: ObjectId,
        offset: usize,
        from: RevisionIndex,
    ) -> Result<LocatedObject> {
        let at = offset.saturating_add(self.chain.base);
        // The header of the file stands there. It is a comment by its form (7.5.2), behind which the
        // first object follows; readers take such an entry for a free one.
        if offset == 0 {
            return Err(ReadError::new(ReadErrorKind::ObjectNotAtOffset(id), at));
        }
        // A signed revision must not point at bytes that come after it: they could be anything.
        let end = self.revision_end(from).unwrap_or(self.bytes.len());
        if at >= end {
            return Err(ReadError::new(ReadErrorKind::EntryOutsideRevision(id), at));
        }
        // Nothing left to read: not even once more.
        self.note_read(at, at.saturating_add(1))?;
        // Noted also where it is kept: what may be asked must not depend on what was asked before.
        let read = self.indirect_object(at);
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

    /// The object whose header stands at `at`, whatever refers to it. What is read is not noted.
    pub(crate) fn indirect_object(&self, at: usize) -> Result<IndirectObject> {
        if let Some(kept) = self.objects.borrow().kept(at) {
            return Ok(kept);
        }
        let read = indirect_object(self.bytes, at, &self.limits)?;
        self.objects.borrow_mut().keep(at, &read);
        Ok(read)
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
}

/// Where a stream's data end, if its /Length is direct. An indirect one is an object of its own,
/// which [`Document::encoded`] reads.
fn direct_data_end(object: &Object) -> Option<usize> {
    let stream = object.as_stream()?;
    let length = stream.dictionary.get("Length")?.as_usize()?;
    stream.data_offset.checked_add(length)
}
