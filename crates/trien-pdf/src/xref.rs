//! Cross-reference sections (ISO 32000-2, 7.5.4, 7.5.8): where each object of a revision stands.
//! Entries stay in the file or in the decoded stream and are read when asked for, so that opening
//! costs the same for one page and for 20,000.

mod stream;
mod table;

use trien_types::Limits;

use crate::cursor::Cursor;
use crate::{Dictionary, Expected, Object, ReadError, ReadErrorKind};

pub(crate) use stream::StreamEntries;
pub(crate) use table::TableEntries;

type Result<T> = std::result::Result<T, ReadError>;

/// How a file writes its cross-references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum XrefForm {
    /// A table (7.5.4).
    Table,
    /// A stream (7.5.8).
    Stream,
    /// A table that names a stream for hidden objects (7.5.8.4).
    Hybrid,
}

/// What an entry says of an object number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum XrefEntry {
    /// The number is free.
    Free,
    /// The object is in the file, at this offset from the header's base.
    InFile {
        /// As the entry gives it, in octets.
        offset: usize,
        /// Generation number.
        generation: u16,
    },
    /// The object is in an object stream; its generation is 0.
    InStream {
        /// Object number of the stream.
        stream: u32,
        /// Index in the stream, from 0.
        index: usize,
    },
}

#[derive(Debug)]
enum Entries {
    Table(TableEntries),
    Stream(StreamEntries),
}

impl Entries {
    fn entry(&self, bytes: &[u8], number: u32) -> Result<Option<XrefEntry>> {
        match self {
            Self::Table(table) => table.entry(bytes, number),
            Self::Stream(stream) => stream.entry(number),
        }
    }

    fn numbers(&self) -> Vec<(u32, u32)> {
        match self {
            Self::Table(table) => table.ranges(),
            Self::Stream(stream) => stream.ranges().to_vec(),
        }
    }
}

/// One cross-reference section with its trailer.
#[derive(Debug)]
pub(crate) struct XrefSection {
    /// Where startxref or /Prev says that the section starts.
    pub(crate) named: usize,
    /// Where the section starts: `xref`, or the header of the stream.
    pub(crate) offset: usize,
    /// Behind the trailer dictionary, or behind the stream's `endobj`.
    pub(crate) end: usize,
    pub(crate) trailer: Dictionary,
    /// Where the trailer's dictionary starts, or the stream's header.
    pub(crate) trailer_offset: usize,
    entries: Entries,
    hidden: Option<(usize, StreamEntries)>,
}

impl XrefSection {
    /// Reads the section at `offset`; `base` is added to the offset of a hybrid file's stream.
    pub(crate) fn read(bytes: &[u8], offset: usize, base: usize, limits: &Limits) -> Result<Self> {
        if offset >= bytes.len() {
            return Err(ReadError::unexpected(Expected::XrefSection, offset));
        }
        let mut cursor = Cursor::new(bytes, offset);
        cursor.skip_white_space();
        let start = cursor.offset();
        if !cursor.accept(b"xref") {
            let section = stream::read(bytes, start, limits)?;
            return Ok(Self {
                named: offset,
                offset: start,
                end: section.end,
                trailer: section.dictionary,
                trailer_offset: start,
                entries: Entries::Stream(section.entries),
                hidden: None,
            });
        }
        let table = table::read(bytes, cursor.offset(), limits)?;
        let hidden = match table.trailer.get("XRefStm") {
            // 7.3.7: what is null is not there.
            None | Some(Object::Null) => None,
            Some(value) => {
                let at = value
                    .as_usize()
                    .and_then(|at| at.checked_add(base))
                    .filter(|at| *at < bytes.len())
                    .ok_or(ReadError::unexpected(Expected::XrefSection, table.end))?;
                Some((at, stream::read(bytes, at, limits)?.entries))
            }
        };
        Ok(Self {
            named: offset,
            offset: start,
            end: table.end,
            trailer: table.trailer,
            trailer_offset: table.trailer_offset,
            entries: Entries::Table(table.entries),
            hidden,
        })
    }

    /// Octets of decoded data that this section keeps.
    pub(crate) const fn decoded_octets(&self) -> usize {
        let own = match &self.entries {
            Entries::Table(_) => 0,
            Entries::Stream(stream) => stream.octets(),
        };
        match &self.hidden {
            Some((_, hidden)) => own.saturating_add(hidden.octets()),
            None => own,
        }
    }

    /// The offset that /Prev gives, before the base is added.
    pub(crate) fn previous(&self) -> Result<Option<usize>> {
        match self.trailer.get("Prev") {
            None | Some(Object::Null) => Ok(None),
            // 7.5.5 asks for an integer; some writers give a real without a fraction.
            Some(Object::Real(value)) if *value == 0.0 => Ok(None),
            // The header stands there: programs write it where nothing came before.
            Some(Object::Integer(0)) => Ok(None),
            Some(value) => value
                .as_usize()
                .map(Some)
                .ok_or(ReadError::new(ReadErrorKind::PreviousLoops, self.offset)),
        }
    }

    pub(crate) const fn is_table(&self) -> bool {
        matches!(self.entries, Entries::Table(_))
    }

    pub(crate) const fn form(&self) -> XrefForm {
        match (&self.entries, &self.hidden) {
            (Entries::Stream(_), _) => XrefForm::Stream,
            (Entries::Table(_), None) => XrefForm::Table,
            (Entries::Table(_), Some(_)) => XrefForm::Hybrid,
        }
    }

    /// What this section says of `number`; `None` when it says nothing.
    ///
    /// 7.5.8.4: in a hybrid file a number that the table has free or not at all is looked up in
    /// the stream it names, before /Prev.
    pub(crate) fn entry(&self, bytes: &[u8], number: u32) -> Result<Option<XrefEntry>> {
        let entry = self.entries.entry(bytes, number)?;
        match (entry, &self.hidden) {
            (None | Some(XrefEntry::Free), Some((_, hidden))) => {
                Ok(hidden.entry(number)?.or(entry))
            }
            _ => Ok(entry),
        }
    }

    /// What the stream of a hybrid section alone says of `number`.
    pub(crate) fn hidden_entry(&self, number: u32) -> Result<Option<XrefEntry>> {
        self.hidden
            .as_ref()
            .map_or(Ok(None), |(_, hidden)| hidden.entry(number))
    }

    /// Whether the kinds of all entries are those of the standard (7.5.8.3), in `octets` at most.
    pub(crate) fn kinds_are_known(&self, octets: usize) -> bool {
        let own = match &self.entries {
            Entries::Table(_) => None,
            Entries::Stream(stream) => Some(stream),
        };
        let hidden = self.hidden.as_ref().map(|(_, hidden)| hidden);
        own.into_iter()
            .chain(hidden)
            .all(|stream| stream.kinds_are_known(octets))
    }

    /// Where the stream of a hybrid section stands.
    pub(crate) fn hidden_offset(&self) -> Option<usize> {
        self.hidden.as_ref().map(|(offset, _)| *offset)
    }

    /// What the table of a hybrid section (or the only part of another) says of `number`.
    pub(crate) fn plain_entry(&self, bytes: &[u8], number: u32) -> Result<Option<XrefEntry>> {
        self.entries.entry(bytes, number)
    }

    /// The numbers this section has entries for, as (first, count), in ascending order.
    pub(crate) fn numbers(&self) -> Vec<(u32, u32)> {
        let mut ranges = self.entries.numbers();
        if let Some((_, hidden)) = &self.hidden {
            ranges.extend_from_slice(hidden.ranges());
        }
        ranges.sort_unstable();
        ranges
    }
}
