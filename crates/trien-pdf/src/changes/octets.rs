//! Every octet of an update has an owner: an object that its cross-references list there, the
//! cross-references themselves, or white space and comments. Readers that rebuild a file find
//! objects by scanning it, and would show those that nothing lists (ATTACKS.md, I2, I4).

use crate::cursor::Cursor;
use crate::{Document, Object, RevisionIndex, XrefEntry};

/// Ends of lines behind the last revision, at most: `%%EOF` stands within the last 1,024 octets
/// (ISO 32000-1, annex H.3, note 18), or readers look for the file's structure elsewhere.
const TRAILING_SPACE: usize = 1_000;

/// Where the first octets of a revision stand that nothing owns.
pub(super) fn unaccounted(document: &Document<'_>, revision: RevisionIndex) -> Option<usize> {
    let before = RevisionIndex(revision.0.checked_sub(1)?);
    let start = document.revision_end(before)?;
    let stop = document.entry_offset(revision)?;
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
    offsets.retain(|offset| (start..stop).contains(offset));
    offsets.sort_unstable();
    offsets.dedup();
    let mut position = start;
    for offset in offsets {
        if !is_blank(document.bytes(), position, offset) {
            return Some(position);
        }
        match object_end(document, offset, revision) {
            Some(end) => position = end,
            None => return Some(offset),
        }
    }
    (!is_blank(document.bytes(), position, stop)).then_some(position)
}

/// Whether only white space and comments stand between two offsets. A comment that could be taken
/// for an object is none.
fn is_blank(bytes: &[u8], from: usize, to: usize) -> bool {
    let Some(gap) = bytes.get(from..to) else {
        return from >= to;
    };
    let mut cursor = Cursor::new(gap, 0);
    cursor.skip_white_space();
    // White space alone holds no such thing.
    let holds_object =
        || memchr::memchr(b'%', gap).is_some() && memchr::memmem::find(gap, b" obj").is_some();
    cursor.offset() == gap.len() && !holds_object()
}

/// Behind the `endobj` of the object at `offset`.
fn object_end(document: &Document<'_>, offset: usize, revision: RevisionIndex) -> Option<usize> {
    let read = document.indirect_object(offset).ok()?;
    let Object::Stream(stream) = &read.object else {
        return Some(read.end);
    };
    let data = document.encoded(stream, revision).ok()?;
    let mut cursor = Cursor::new(
        document.bytes(),
        stream.data_offset.saturating_add(data.len()),
    );
    cursor.skip_spaces();
    if !cursor.accept(b"endstream") {
        return None;
    }
    cursor.skip_white_space();
    cursor.accept(b"endobj").then(|| cursor.offset())
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
