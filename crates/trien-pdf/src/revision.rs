//! The chain of revisions (ISO 32000-2, 7.5.6): which cross-reference sections belong to which
//! state of the document, and where each state ends in the file.

use std::collections::HashSet;

use trien_types::{Limit, Limits};

use crate::cursor::Cursor;
use crate::parse::indirect_object;
use crate::xref::XrefSection;
use crate::{Dictionary, ReadError, ReadErrorKind};

type Result<T> = std::result::Result<T, ReadError>;

/// A revision of one document, 0 the first. Only a document gives it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RevisionIndex(pub(crate) usize);

impl RevisionIndex {
    /// The revision's number as people count: the first is 1.
    #[must_use]
    pub const fn number(self) -> usize {
        self.0.saturating_add(1)
    }
}

/// One state of the document: the sections it added (two when it is linearized).
#[derive(Debug)]
pub(crate) struct Revision {
    /// Indices into the chain's sections, the one that is asked first in front.
    pub(crate) sections: Vec<usize>,
    /// Behind its `%%EOF`; `None` when the section is not followed by a startxref that names it
    /// and by `%%EOF`.
    pub(crate) end: Option<usize>,
    /// Where the section starts that this revision's startxref names.
    pub(crate) entry_offset: usize,
}

/// All sections of a file, oldest first, and the revisions they form.
#[derive(Debug)]
pub(crate) struct Chain {
    pub(crate) sections: Vec<XrefSection>,
    pub(crate) revisions: Vec<Revision>,
    /// Added to every offset in the file: the octets before the header, where offsets count
    /// from the header.
    pub(crate) base: usize,
}

/// What stands at the end of bytes: `startxref`, its number, and whether `%%EOF` follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tail {
    pub(crate) xref_offset: usize,
    /// Behind `%%EOF`; `None` when that is missing.
    pub(crate) end: Option<usize>,
}

/// The last `startxref` of `bytes` (7.5.5).
pub(crate) fn tail(bytes: &[u8]) -> Option<Tail> {
    let keyword = memchr::memmem::rfind(bytes, b"startxref")?;
    let mut cursor = Cursor::new(bytes, keyword);
    cursor.accept(b"startxref");
    cursor.skip_spaces();
    let xref_offset = usize::try_from(cursor.unsigned()?).ok()?;
    cursor.skip_spaces();
    let end = cursor.accept(b"%%EOF").then(|| cursor.offset());
    Some(Tail { xref_offset, end })
}

/// Where the revision of a section ends, if startxref and `%%EOF` follow it.
fn end_behind(
    bytes: &[u8],
    section: &XrefSection,
    entry_offset: usize,
    base: usize,
) -> Option<usize> {
    let mut cursor = Cursor::new(bytes, section.end);
    skip_ordinary_comments(&mut cursor);
    if !cursor.accept(b"startxref") {
        return None;
    }
    cursor.skip_spaces();
    let named = usize::try_from(cursor.unsigned()?)
        .ok()?
        .checked_add(base)?;
    let mut target = Cursor::new(bytes, named);
    target.skip_white_space();
    if target.offset() != entry_offset {
        return None;
    }
    skip_ordinary_comments(&mut cursor);
    cursor.accept(b"%%EOF").then(|| cursor.offset())
}

/// White space and comments, but not the mark of the end.
fn skip_ordinary_comments(cursor: &mut Cursor<'_>) {
    loop {
        cursor.skip_spaces();
        if cursor.peek() != Some(b'%') || cursor.rest().starts_with(b"%%EOF") {
            return;
        }
        let line = memchr::memchr2(b'\r', b'\n', cursor.rest());
        cursor.advance(line.unwrap_or_else(|| cursor.rest().len()));
    }
}

/// Follows /Prev from the last startxref to the first section.
pub(crate) fn read_chain(bytes: &[u8], header: usize, limits: &Limits) -> Result<Chain> {
    let tail = tail(bytes).ok_or(ReadError::new(ReadErrorKind::NoStartXref, bytes.len()))?;
    let (newest, base) = newest_section(bytes, tail.xref_offset, header, limits)?;
    // Decoded cross-reference streams are kept, so their octets are counted together.
    let mut limits = limits.clone();
    let mut keep = |section: &XrefSection| {
        let left = limits
            .decoded_octets
            .saturating_sub(section.decoded_octets());
        limits.decoded_octets = left;
        limits.clone()
    };
    let mut left = keep(&newest);
    let mut known = HashSet::from([newest.offset]);
    let mut sections = vec![newest];
    while let Some(section) = sections.last()
        && let Some(previous) = section.previous()?
    {
        let here = section.offset;
        if sections.len() >= left.revisions {
            return Err(ReadError::limit(Limit::Revisions, here));
        }
        let at = previous
            .checked_add(base)
            .ok_or(ReadError::new(ReadErrorKind::PreviousLoops, here))?;
        let next = XrefSection::read(bytes, at, base, &left)?;
        left = keep(&next);
        if !known.insert(next.offset) {
            return Err(ReadError::new(ReadErrorKind::PreviousLoops, here));
        }
        sections.push(next);
    }
    sections.reverse();
    let revisions = revisions(bytes, (header, base), &sections, &left)?;
    Ok(Chain {
        sections,
        revisions,
        base,
    })
}

/// Offsets count from octet 0 or, where a file was put behind other octets, from its header.
fn newest_section(
    bytes: &[u8],
    offset: usize,
    header: usize,
    limits: &Limits,
) -> Result<(XrefSection, usize)> {
    // White space before a section is skipped, so with as much before the header both would be
    // read: where the section itself stands decides.
    let starts = |at: usize| {
        let octet = bytes.get(at);
        octet.is_some_and(|octet| *octet == b'x' || octet.is_ascii_digit())
    };
    let counted = offset.saturating_add(header);
    if !starts(offset)
        && starts(counted)
        && let Ok(section) = XrefSection::read(bytes, counted, header, limits)
    {
        return Ok((section, header));
    }
    let first = match XrefSection::read(bytes, offset, 0, limits) {
        Ok(section) => return Ok((section, 0)),
        Err(error) => error,
    };
    if header == 0 {
        return Err(first);
    }
    let section = XrefSection::read(bytes, counted, header, limits).map_err(|_| first)?;
    Ok((section, header))
}

fn revisions(
    bytes: &[u8],
    (header, base): (usize, usize),
    sections: &[XrefSection],
    limits: &Limits,
) -> Result<Vec<Revision>> {
    let mut revisions: Vec<Revision> = Vec::new();
    let mut rest = sections.iter().enumerate();
    // Annex F: the first-page section stands before the main one and is named by startxref; its
    // /Prev leads forward to the main one. Both are one revision.
    if let [main, first_page, ..] = sections
        && main.offset > first_page.offset
    {
        let linearized = linearization(bytes, header, limits);
        let length = linearized.and_then(|dictionary| dictionary.get("L")?.as_usize());
        let end = end_behind(bytes, main, first_page.offset, base);
        if length.is_none() {
            return Err(ReadError::new(
                ReadErrorKind::PreviousLoops,
                first_page.offset,
            ));
        }
        revisions.push(Revision {
            sections: vec![1, 0],
            end,
            entry_offset: first_page.offset,
        });
        rest.next();
        rest.next();
    }
    for (index, section) in rest {
        let before = revisions
            .last()
            .map_or(0, |revision| revision.end.unwrap_or(revision.entry_offset));
        if section.offset < before {
            return Err(ReadError::new(ReadErrorKind::PreviousLoops, section.offset));
        }
        revisions.push(Revision {
            sections: vec![index],
            end: end_behind(bytes, section, section.offset, base),
            entry_offset: section.offset,
        });
    }
    Ok(revisions)
}

/// The linearization parameter dictionary (annex F.3.3), the first object of the file.
pub(crate) fn linearization(bytes: &[u8], header: usize, limits: &Limits) -> Option<Dictionary> {
    let mut cursor = Cursor::new(bytes, header);
    cursor.skip_white_space();
    let object = indirect_object(bytes, cursor.offset(), limits).ok()?.object;
    let dictionary = object.as_dictionary()?;
    dictionary.get("Linearized")?;
    Some(dictionary.clone())
}
