//! How an update's cross-references are written (ISO 32000-2, 7.5.4, 7.5.5, 7.5.8): what all readers
//! read as we do. Where a reader stumbles it rebuilds the file from whatever looks like an object, and
//! shows what nobody signed (ATTACKS.md, I2): so an update that is written loosely is a change.
//! Does not know what the entries mean.

use super::comparison::ByKey;
use super::kind::{Change, ChangeKind};
use super::scanned::structure_word;
use super::written::data_are_clear;
use crate::cursor::Cursor;
use crate::parse::{GENERATION_DIGITS, NUMBER_DIGITS};
use crate::xref::XrefSection;
use crate::{Dictionary, Document, Object, RevisionIndex};

/// `startxref` stands within so many octets of the file's end, or readers look no further
/// (ISO 32000-1, annex H.3, note 18).
const TAIL: usize = 1024;

/// How wide the kind of an entry may be: wider ones some readers take for damage. The standard has 1.
const KIND_OCTETS: usize = 4;

/// Digits of an offset and of a generation (7.5.4).
const ENTRY_DIGITS: [usize; 2] = [NUMBER_DIGITS, GENERATION_DIGITS];

/// Entries of a trailer at most: the standard has seven for tables (7.5.5) and as many more for
/// streams (7.5.8.2), programs add a few of their own, and some readers take hundreds for damage.
const TRAILER_ENTRIES: usize = 64;

/// Integers of a trailer that readers need in order to find objects.
const TRAILER_NUMBERS: [&str; 3] = ["Prev", "Size", "XRefStm"];

/// What a cross-reference stream says of itself (7.3.8.2, 7.5.8.2).
const OF_STREAMS: [&str; 7] = [
    "DecodeParms",
    "Filter",
    "Index",
    "Length",
    "Size",
    "Type",
    "W",
];

/// What an update is whose frame is written so that a reader may stumble.
pub(super) fn loosely_framed(document: &Document<'_>, revision: RevisionIndex) -> Option<Change> {
    let offset = loose_place(document, revision)?;
    Some(Change::new(
        revision,
        None,
        ChangeKind::LooselyFramed { offset },
    ))
}

/// What a file is that says it was never updated, though it was (annex F.3.3): readers that find the
/// stated length start with the first section of the file, and pass over the last (ATTACKS.md, X8).
pub(super) fn denies_updates(document: &Document<'_>) -> Option<Change> {
    if document.latest() == RevisionIndex(0) {
        return None;
    }
    let length = document.bytes().len();
    // Some readers count from the header.
    let lengths = [length, length.saturating_sub(document.header_offset())];
    let parameters = document.linearization()?;
    // Of several each reader takes its own.
    let denies = parameters.entries().iter().any(|entry| {
        let states = |length: &usize| match entry.value {
            // Some readers take a real without a fraction.
            Object::Real(stated) => u32::try_from(*length).is_ok_and(|it| f64::from(it) == stated),
            _ => entry.value.as_usize() == Some(*length),
        };
        entry.key == "L" && lengths.iter().any(states)
    });
    // It is so for whoever signed: what a reader shows is another document altogether.
    denies.then(|| {
        let offset = document.header_offset();
        Change::new(RevisionIndex(0), None, ChangeKind::LooselyFramed { offset })
    })
}

/// What a file is behind other octets whose startxref leads to one section counted from the file's
/// start and to another one counted from its header: each reader shows its own (ATTACKS.md, I2).
pub(super) fn leads_to_two_sections(document: &Document<'_>) -> Option<Change> {
    let header = document.header_offset();
    if header == 0 {
        return None;
    }
    let section = document.sections(document.latest()).next()?;
    let other_base = header.checked_sub(document.base())?;
    let offset = section.named.checked_sub(document.base())?;
    let offset = offset.checked_add(other_base)?;
    let other = XrefSection::read(document.bytes(), offset, other_base, document.limits());
    let leads = other.is_ok_and(|other| other.offset != section.offset);
    leads.then(|| Change::new(RevisionIndex(0), None, ChangeKind::LooselyFramed { offset }))
}

/// Where a reader may stumble.
fn loose_place(document: &Document<'_>, revision: RevisionIndex) -> Option<usize> {
    let end = document.revision_end(revision)?;
    let mut last = 0_usize;
    for section in document.sections(revision) {
        last = last.max(section.end);
        if let Some(at) = loose_section(document, section) {
            return Some(at);
        }
    }
    let bytes = document.bytes();
    let mut cursor = Cursor::new(bytes, last);
    skip_plain_comments(&mut cursor);
    let keyword = cursor.offset();
    let stop = if revision == document.latest() {
        bytes.len()
    } else {
        end
    };
    let is_plain = cursor.accept(b"startxref")
        && skip_line_ends(&mut cursor) > 0
        && cursor.unsigned_of(NUMBER_DIGITS).is_some()
        && skip_line_ends(&mut cursor) > 0;
    skip_plain_comments(&mut cursor);
    let is_plain = is_plain && cursor.accept(b"%%EOF");
    (!is_plain || stop.saturating_sub(keyword) > TAIL).then_some(keyword)
}

fn loose_section(document: &Document<'_>, section: &XrefSection) -> Option<usize> {
    let bytes = document.bytes();
    let mut cursor = Cursor::new(bytes, section.named);
    skip_line_ends(&mut cursor);
    let start = cursor.offset();
    let is_plain = if cursor.accept(b"xref") {
        table_is_plain(&mut cursor)
    } else {
        // Some readers take the key for another section to read.
        header_is_plain(&mut cursor)
            && section.trailer.get("XRefStm").is_none()
            && data_are_clear(&section.trailer)
    };
    let hidden = section.hidden_offset();
    let is_hidden_plain = hidden.is_none_or(|at| {
        let stream = document.indirect_object(at);
        header_is_plain(&mut Cursor::new(bytes, at))
            && stream.is_ok_and(|stream| {
                let stream = stream.object;
                let dictionary = stream.as_stream().map(|stream| &stream.dictionary);
                dictionary.is_some_and(|dictionary| says_what_trailer_does(dictionary, section))
            })
    });
    let is_known = section.kinds_are_known(KIND_OCTETS) && trailer_is_plain(&section.trailer);
    (!is_plain || !is_hidden_plain || !is_known).then_some(start)
}

/// Whether the dictionary of a hybrid section's stream says nothing that the section's trailer does
/// not: some readers ask it as well, and follow its /Prev before the rest of the chain, or want the
/// password that its /Encrypt speaks of.
fn says_what_trailer_does(dictionary: &Dictionary, section: &XrefSection) -> bool {
    let trailer = ByKey::of(&section.trailer);
    let mut entries = dictionary.entries().iter();
    let agrees = entries.all(|entry| {
        OF_STREAMS.iter().any(|key| entry.key == *key)
            || trailer.get(&entry.key) == Some(&entry.value)
    });
    agrees && dictionary.duplicate_key().is_none()
}

/// Whether the header of the object that an entry puts at `offset` stands there, behind spaces and
/// ends of lines at most.
pub(super) fn header_stands_at(bytes: &[u8], offset: usize) -> bool {
    let mut cursor = Cursor::new(bytes, offset);
    skip_line_ends(&mut cursor);
    header_is_plain(&mut cursor)
}

/// Whether a trailer has as many entries as readers take, and its numbers as many digits.
fn trailer_is_plain(trailer: &Dictionary) -> bool {
    let entries = trailer.entries();
    let are_short = entries.iter().all(|entry| {
        let finds = TRAILER_NUMBERS.iter().any(|key| entry.key == *key);
        !finds || entry.span.octets() <= NUMBER_DIGITS
    });
    entries.len() <= TRAILER_ENTRIES && are_short
}

/// `number generation obj`, on one line or on several, without comments; moves behind it.
pub(super) fn header_is_plain(cursor: &mut Cursor<'_>) -> bool {
    skip_line_ends(cursor);
    cursor.unsigned_of(NUMBER_DIGITS).is_some()
        && skip_line_ends(cursor) > 0
        && cursor.unsigned_of(GENERATION_DIGITS).is_some()
        && skip_line_ends(cursor) > 0
        && cursor.accept_keyword(b"obj")
}

/// The subsections of a table up to its trailer's dictionary.
fn table_is_plain(cursor: &mut Cursor<'_>) -> bool {
    if skip_line_ends(cursor) == 0 {
        return false;
    }
    loop {
        if cursor.accept(b"trailer") {
            skip_line_ends(cursor);
            return cursor.rest().starts_with(b"<<");
        }
        let first = cursor.unsigned_of(NUMBER_DIGITS);
        let Some(first) = first.filter(|_| cursor.accept(b" ")) else {
            return false;
        };
        let Some(count) = cursor.unsigned_of(NUMBER_DIGITS) else {
            return false;
        };
        // Readers skip a space and the end of a line, and take what follows for an entry.
        if !matches!(skip_line_ends(cursor), 1..=3) {
            return false;
        }
        let mut width = None;
        for _ in 0..count {
            let before = cursor.offset();
            let Some(kind) = plain_entry(cursor) else {
                return false;
            };
            // Readers take it for number 0, wrongly counted, and count what follows from there.
            if first == 1 && width.is_none() && kind == b'f' {
                return false;
            }
            // Readers find entries by their width: those of a subsection have one.
            let octets = cursor.offset().saturating_sub(before);
            if *width.get_or_insert(octets) != octets {
                return false;
            }
        }
        skip_line_ends(cursor);
    }
}

/// An entry as all readers read it; gives its kind.
fn plain_entry(cursor: &mut Cursor<'_>) -> Option<u8> {
    for digits in ENTRY_DIGITS {
        let start = cursor.offset();
        cursor.unsigned()?;
        if cursor.offset().saturating_sub(start) != digits || !cursor.accept(b" ") {
            return None;
        }
    }
    let kind = cursor.next().filter(|kind| matches!(kind, b'n' | b'f'))?;
    (skip_line_ends_up_to(cursor, 2) > 0).then_some(kind)
}

const fn is_line_end(octet: u8) -> bool {
    matches!(octet, b' ' | b'\r' | b'\n')
}

/// Moves behind spaces and ends of lines: of tabulators, form feeds and zeros each reader thinks
/// otherwise. Gives how many they were.
fn skip_line_ends(cursor: &mut Cursor<'_>) -> usize {
    skip_line_ends_up_to(cursor, usize::MAX)
}

fn skip_line_ends_up_to(cursor: &mut Cursor<'_>, most: usize) -> usize {
    let ends = cursor
        .rest()
        .iter()
        .take_while(|octet| is_line_end(**octet));
    let ends = ends.take(most).count();
    cursor.advance(ends);
    ends
}

/// Comments that programs leave between the trailer and the end, with nothing in them that a reader
/// looks for.
fn skip_plain_comments(cursor: &mut Cursor<'_>) {
    loop {
        skip_line_ends(cursor);
        if cursor.peek() != Some(b'%') || cursor.rest().starts_with(b"%%EOF") {
            return;
        }
        let line = memchr::memchr2(b'\r', b'\n', cursor.rest());
        let line = line.unwrap_or_else(|| cursor.rest().len());
        let comment = cursor.rest().get(..line).unwrap_or_default();
        let says = |word: &[u8]| memchr::memmem::find(comment, word).is_some();
        if structure_word(comment).is_some() || says(b"xref") || says(b"trailer") || says(b"%EOF") {
            return;
        }
        cursor.advance(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_plain(table: &str) -> bool {
        table_is_plain(&mut Cursor::new(table.as_bytes(), 0))
    }

    #[test]
    fn i2_tables_that_all_readers_take_are_plain_and_others_are_not() {
        let entry = "0000000000 65535 f";
        for end in [" \n", "\r\n", " \r", "\n", "\r"] {
            let table = format!("\n0 1\n{entry}{end}8 2\n{entry}{end}{entry}{end}trailer\n<<>>");
            assert!(is_plain(&table), "{end:?}");
        }
        assert!(is_plain("\ntrailer<<>>"));
        for table in [
            format!("0 1\n{entry} \ntrailer <<>>"),
            format!("\n0\t1\n{entry} \ntrailer <<>>"),
            format!("\n0 1 %a\n{entry} \ntrailer <<>>"),
            format!("\n0 1    \n{entry} \ntrailer <<>>"),
            format!("\n0 2\n{entry}{entry}\ntrailer <<>>"),
            format!("\n0 2\n{entry} \n{entry}\ntrailer <<>>"),
            format!("\n0 1\n{entry} \r\ntrailer <<>>").replace("trailer", "\0trailer"),
            format!("\n0 1\n{entry} \ntrailer %a\n<<>>"),
            format!("\n1 1\n{entry} \ntrailer <<>>"),
            "\n0 1\n0 65535 f \ntrailer <<>>".to_owned(),
            "\n0 1\n00000000000 65535 f \ntrailer <<>>".to_owned(),
            "\n0 1\n0000000000 0065535 f \ntrailer <<>>".to_owned(),
        ] {
            assert!(!is_plain(&table), "{table:?}");
        }
    }
}
