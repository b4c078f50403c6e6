//! Every octet of an update has an owner: an object that its cross-references list there, the
//! cross-references themselves, or white space and comments. Readers that rebuild a file find
//! objects by scanning it, and would show those that nothing lists (ATTACKS.md, I2, I4).

use crate::cursor::{Cursor, is_white_space};
use crate::{Document, Object, RevisionIndex, XrefEntry};

/// White space behind the last revision, at most: `%%EOF` stands within the last 1,024 octets
/// (ISO 32000-1, annex H.3, note 18), or readers look for the file's structure elsewhere.
pub(super) const TRAILING_SPACE: usize = 1_000;

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
    cursor.offset() == gap.len() && memchr::memmem::find(gap, b" obj").is_none()
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

/// Octets behind the last revision that are more than a file's end may have.
pub(super) fn trailing(document: &Document<'_>) -> Option<usize> {
    let end = document.revision_end(document.latest())?;
    let rest = document.bytes().get(end..)?;
    let spaces = rest
        .iter()
        .take_while(|octet| is_white_space(**octet))
        .count();
    if spaces < rest.len() {
        Some(end.saturating_add(spaces))
    } else {
        (spaces > TRAILING_SPACE).then_some(end)
    }
}
