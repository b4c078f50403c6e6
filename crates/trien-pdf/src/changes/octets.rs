//! Every octet of an update has an owner: an object that its cross-references list there, the
//! cross-references themselves, or white space and comments. Readers that rebuild a file find
//! objects by scanning it, and would show those that nothing lists (ATTACKS.md, I2, I4): so what is
//! owned has no structure inside it either, but where an object or a table of the update begins and
//! ends.

use super::framing::header_is_plain;
use super::kind::ChangeKind;
use super::scanned::structure_word;
use crate::cursor::Cursor;
use crate::{Document, Object, RevisionIndex, XrefEntry};

/// Ends of lines behind the last revision, at most: `%%EOF` stands within the last 1,024 octets
/// (ISO 32000-1, annex H.3, note 18), or readers look for the file's structure elsewhere.
const TRAILING_SPACE: usize = 1_000;

const END_OF_OBJECT: &[u8] = b"endobj";

/// The first octets of an update that nothing owns, that are written loosely, or that readers may
/// take for structure though they are none.
pub(super) fn foreign(document: &Document<'_>, revision: RevisionIndex) -> Option<ChangeKind> {
    let before = RevisionIndex(revision.0.checked_sub(1)?);
    let start = document.revision_end(before)?;
    let stop = document.entry_offset(revision)?;
    let bytes = document.bytes();
    let mut position = start;
    for offset in listed(document, revision, start..stop) {
        if !is_blank(bytes, position, offset) {
            return Some(ChangeKind::UnaccountedOctets { offset: position });
        }
        match owned(document, offset, revision) {
            Owned::Until(end) => position = end,
            Owned::Not(kind) => return Some(kind),
        }
    }
    if !is_blank(bytes, position, stop) {
        return Some(ChangeKind::UnaccountedOctets { offset: position });
    }
    document.sections(revision).find_map(|section| {
        if section.is_table() {
            let trailer = section.trailer_offset;
            return embedded(bytes, trailer, section.end);
        }
        match owned(document, section.offset, revision) {
            Owned::Until(_) => None,
            Owned::Not(kind) => Some(kind),
        }
    })
}

/// Where in `within` objects stand that the revision lists, and the stream of a hybrid section.
fn listed(
    document: &Document<'_>,
    revision: RevisionIndex,
    within: std::ops::Range<usize>,
) -> Vec<usize> {
    let mut offsets = Vec::new();
    for section in document.sections(revision) {
        offsets.extend(section.hidden_offset());
        for (first, count) in section.numbers() {
            for number in first..first.saturating_add(count) {
                for entry in [
                    section.plain_entry(document.bytes(), number),
                    section.hidden_entry(number),
                ] {
                    if let Ok(Some(XrefEntry::InFile { offset, .. })) = entry {
                        offsets.push(offset.saturating_add(document.base()));
                    }
                }
            }
        }
    }
    offsets.retain(|offset| within.contains(offset));
    offsets.sort_unstable();
    offsets.dedup();
    offsets
}

/// Whether only white space and comments stand between two offsets. A comment that could be taken
/// for structure is none.
fn is_blank(bytes: &[u8], from: usize, to: usize) -> bool {
    let Some(gap) = bytes.get(from..to) else {
        return from >= to;
    };
    let mut cursor = Cursor::new(gap, 0);
    cursor.skip_white_space();
    cursor.offset() == gap.len() && structure_word(gap).is_none()
}

/// The word of structure between two offsets, where there is one.
fn embedded(bytes: &[u8], from: usize, to: usize) -> Option<ChangeKind> {
    let at = structure_word(bytes.get(from..to)?)?;
    let offset = from.saturating_add(at);
    Some(ChangeKind::StructureEmbedded { offset })
}

/// What an entry of an update leads to.
enum Owned {
    /// One object, which ends here.
    Until(usize),
    /// Something else.
    Not(ChangeKind),
}

/// The object at `offset`, up to its `endobj`.
fn owned(document: &Document<'_>, offset: usize, revision: RevisionIndex) -> Owned {
    let bytes = document.bytes();
    let unaccounted = || Owned::Not(ChangeKind::UnaccountedOctets { offset });
    let Ok(read) = document.indirect_object(offset) else {
        return unaccounted();
    };
    let mut header = Cursor::new(bytes, offset);
    if !header_is_plain(&mut header) {
        return Owned::Not(ChangeKind::LooselyFramed { offset });
    }
    let Object::Stream(stream) = &read.object else {
        let inside = read.end.saturating_sub(END_OF_OBJECT.len());
        return embedded(bytes, header.offset(), inside).map_or(Owned::Until(read.end), Owned::Not);
    };
    let Ok(data) = document.encoded(stream, revision) else {
        return unaccounted();
    };
    let inside = stream.data_offset.saturating_add(data.len());
    let mut cursor = Cursor::new(bytes, inside);
    cursor.skip_spaces();
    if !cursor.accept(b"endstream") {
        return unaccounted();
    }
    let behind = cursor.offset();
    cursor.skip_white_space();
    let end = cursor.offset();
    if !cursor.accept(END_OF_OBJECT) {
        return unaccounted();
    }
    embedded(bytes, header.offset(), inside)
        .or_else(|| embedded(bytes, behind, end))
        .map_or_else(|| Owned::Until(cursor.offset()), Owned::Not)
}

/// What stands behind the last revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trailing {
    /// Nothing, or the end of its last line.
    Nothing,
    /// More ends of lines, from here on (ATTACKS.md, B15).
    LineEnds(usize),
    /// Octets of no revision, from here on.
    Foreign(usize),
}

impl Trailing {
    /// What stands behind the last revision, and behind what is signed of it.
    pub(super) fn behind(document: &Document<'_>, covered: usize) -> Self {
        let Some(end) = document.revision_end(document.latest()) else {
            return Self::Nothing;
        };
        let end = end.max(covered);
        Self::of(document.bytes().get(end..).unwrap_or_default(), end)
    }

    fn of(rest: &[u8], start: usize) -> Self {
        let at = |offset: usize| start.saturating_add(offset);
        let is_line_end = |octet: &u8| matches!(octet, b'\r' | b'\n');
        let line_ends = rest.iter().take_while(|octet| is_line_end(octet)).count();
        if line_ends < rest.len() {
            Self::Foreign(at(line_ends))
        } else if matches!(rest, b"" | b"\n" | b"\r" | b"\r\n") {
            Self::Nothing
        } else if line_ends > TRAILING_SPACE {
            Self::Foreign(at(TRAILING_SPACE))
        } else {
            Self::LineEnds(at(if rest.starts_with(b"\r\n") { 2 } else { 1 }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b14_one_end_of_line_is_nothing_more_are_told_and_all_else_is_foreign() {
        for (rest, expected) in [
            (&b""[..], Trailing::Nothing),
            (b"\n", Trailing::Nothing),
            (b"\r", Trailing::Nothing),
            (b"\r\n", Trailing::Nothing),
            (b"\n\n", Trailing::LineEnds(11)),
            (b"\n\r", Trailing::LineEnds(11)),
            (b"\r\n\r\n", Trailing::LineEnds(12)),
            (b"\n ", Trailing::Foreign(11)),
            (b"\0", Trailing::Foreign(10)),
            (b"\nabc", Trailing::Foreign(11)),
        ] {
            assert_eq!(Trailing::of(rest, 10), expected, "{rest:?}");
        }
        let many = vec![b'\n'; TRAILING_SPACE + 1];
        assert_eq!(Trailing::of(&many, 0), Trailing::Foreign(TRAILING_SPACE));
    }
}
