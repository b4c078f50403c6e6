//! Cross-reference tables (ISO 32000-2, 7.5.4).

use trien_types::{Limit, Limits};

use super::{Result, XrefEntry};
use crate::cursor::{Cursor, parse_unsigned};
use crate::parse::direct_object;
use crate::{Dictionary, Expected, Object, ReadError};

/// An entry has exactly this many octets (7.5.4), which lets it be found without reading others.
const ENTRY_OCTETS: usize = 20;

#[derive(Debug)]
enum Rows {
    /// Entries of the standard's width, from this offset on.
    Fixed(usize),
    /// Entries of another width, already read.
    Read(Vec<XrefEntry>),
}

#[derive(Debug)]
struct Subsection {
    first: u32,
    count: u32,
    rows: Rows,
}

/// The subsections of one table, sorted, without overlap.
#[derive(Debug)]
pub(crate) struct TableEntries(Vec<Subsection>);

pub(crate) struct Table {
    pub(crate) entries: TableEntries,
    pub(crate) trailer: Dictionary,
    /// Where the trailer's dictionary starts.
    pub(crate) trailer_offset: usize,
    pub(crate) end: usize,
}

/// Reads a table whose keyword `xref` ends at `offset`, and the trailer behind it.
pub(crate) fn read(bytes: &[u8], offset: usize, limits: &Limits) -> Result<Table> {
    let mut cursor = Cursor::new(bytes, offset);
    let mut subsections: Vec<Subsection> = Vec::new();
    loop {
        cursor.skip_white_space();
        let here = cursor.offset();
        if cursor.accept_keyword(b"trailer") {
            break;
        }
        let first = cursor.unsigned();
        cursor.skip_spaces();
        let count = cursor.unsigned();
        let (Some(first), Some(count)) = (first, count) else {
            return Err(ReadError::unexpected(Expected::Trailer, here));
        };
        let end = first.saturating_add(count);
        if end > u64::from(limits.objects) {
            return Err(ReadError::limit(Limit::Objects, here));
        }
        let [Ok(first), Ok(count)] = [first, count].map(u32::try_from) else {
            return Err(ReadError::limit(Limit::Objects, here));
        };
        cursor.skip_spaces();
        let rows = rows(&mut cursor, count)?;
        subsections.push(Subsection { first, count, rows });
    }
    cursor.skip_white_space();
    let at = cursor.offset();
    let Object::Dictionary(trailer) = direct_object(&mut cursor, limits)? else {
        return Err(ReadError::unexpected(Expected::Dictionary, at));
    };
    subsections.retain(|subsection| subsection.count > 0);
    subsections.sort_by_key(|subsection| subsection.first);
    let overlap = subsections.windows(2).any(|pair| match pair {
        [low, high] => low.first.saturating_add(low.count) > high.first,
        _ => false,
    });
    if overlap {
        return Err(ReadError::unexpected(Expected::XrefEntry, offset));
    }
    Ok(Table {
        entries: TableEntries(subsections),
        trailer,
        trailer_offset: at,
        end: cursor.offset(),
    })
}

fn rows(cursor: &mut Cursor<'_>, count: u32) -> Result<Rows> {
    let start = cursor.offset();
    let octets = usize::try_from(count)
        .ok()
        .and_then(|count| count.checked_mul(ENTRY_OCTETS));
    if let Some(octets) = octets
        && is_fixed(cursor.rest(), octets)
    {
        cursor.advance(octets);
        return Ok(Rows::Fixed(start));
    }
    let mut entries = Vec::new();
    for _ in 0..count {
        entries.push(loose_entry(cursor)?);
    }
    Ok(Rows::Read(entries))
}

/// Whether `octets` of `rest` look like entries of the standard's width: the first, the last and
/// what follows do. Each entry is checked again when it is used.
fn is_fixed(rest: &[u8], octets: usize) -> bool {
    let Some(rows) = rest.get(..octets) else {
        return false;
    };
    let edges = [rows.first_chunk(), rows.last_chunk::<ENTRY_OCTETS>()];
    if !edges
        .into_iter()
        .flatten()
        .all(|row| fixed_entry(row).is_some())
    {
        return false;
    }
    let mut after = Cursor::new(rest, octets);
    after.skip_white_space();
    after
        .peek()
        .is_some_and(|octet| octet == b't' || octet.is_ascii_digit())
}

fn fixed_entry(row: &[u8; ENTRY_OCTETS]) -> Option<XrefEntry> {
    let (offset, rest) = row.split_at(10);
    let [b' ', generation @ .., b' ', kind, end1, end2] = rest else {
        return None;
    };
    if !matches!(
        [*end1, *end2],
        [b' ' | b'\r', b'\n' | b'\r'] | [b'\n', b'\n' | b'\r' | b' ']
    ) {
        return None;
    }
    entry(parse_unsigned(offset)?, parse_unsigned(generation)?, *kind)
}

/// Reads an entry by its tokens, where a writer did not keep to the width.
fn loose_entry(cursor: &mut Cursor<'_>) -> Result<XrefEntry> {
    cursor.skip_spaces();
    let here = cursor.offset();
    let read = |cursor: &mut Cursor<'_>| {
        let offset = cursor.unsigned()?;
        cursor.skip_spaces();
        let generation = cursor.unsigned()?;
        cursor.skip_spaces();
        entry(offset, generation, cursor.next()?)
    };
    read(cursor).ok_or(ReadError::unexpected(Expected::XrefEntry, here))
}

fn entry(offset: u64, generation: u64, kind: u8) -> Option<XrefEntry> {
    match kind {
        // The generation that would come next is nothing a reader uses, and writers give 65,536.
        b'f' => Some(XrefEntry::Free),
        b'n' => Some(XrefEntry::InFile {
            offset: usize::try_from(offset).ok()?,
            generation: u16::try_from(generation).ok()?,
        }),
        _ => None,
    }
}

impl TableEntries {
    pub(crate) fn entry(&self, bytes: &[u8], number: u32) -> Result<Option<XrefEntry>> {
        let behind = self
            .0
            .partition_point(|subsection| subsection.first <= number);
        let Some(subsection) = behind.checked_sub(1).and_then(|index| self.0.get(index)) else {
            return Ok(None);
        };
        let index = number.saturating_sub(subsection.first);
        if index >= subsection.count {
            return Ok(None);
        }
        let Ok(index) = usize::try_from(index) else {
            return Ok(None);
        };
        match &subsection.rows {
            Rows::Read(entries) => Ok(entries.get(index).copied()),
            Rows::Fixed(start) => {
                let at = index.saturating_mul(ENTRY_OCTETS).saturating_add(*start);
                bytes
                    .get(at..)
                    .and_then(<[u8]>::first_chunk)
                    .and_then(fixed_entry)
                    .map(Some)
                    .ok_or(ReadError::unexpected(Expected::XrefEntry, at))
            }
        }
    }

    pub(crate) fn ranges(&self) -> Vec<(u32, u32)> {
        self.0
            .iter()
            .map(|subsection| (subsection.first, subsection.count))
            .collect()
    }
}
