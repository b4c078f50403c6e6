//! The readers inside this crate as entries of the fuzz targets in `fuzz/`, behind a feature.
//! No part of the public face: it changes without notice.

use trien_types::Limits;

use crate::cursor::Cursor;
use crate::xref::XrefSection;
use crate::{Object, filter, parse, write};

/// Entries looked up at either end of each range of a section.
const ENTRIES: u32 = 256;

/// One object that is no stream (ISO 32000-2, 7.3) at the start of `bytes`.
#[must_use]
pub fn direct_object(bytes: &[u8], limits: &Limits) -> Option<Object> {
    parse::direct_object(&mut Cursor::new(bytes, 0), limits).ok()
}

/// One indirect object (7.3.10) at the start of `bytes`.
#[must_use]
pub fn indirect_object(bytes: &[u8], limits: &Limits) -> Option<Object> {
    let read = parse::indirect_object(bytes, 0, limits).ok()?;
    Some(read.object)
}

/// The octets of an object as updates write it.
#[must_use]
pub fn write_object(object: &Object) -> Vec<u8> {
    let mut octets = Vec::new();
    write::write_object(&mut octets, object);
    octets
}

/// The data behind a stream's dictionary at the start of `bytes`, to the end, decoded (7.4).
#[must_use]
pub fn filtered(bytes: &[u8], limits: &Limits) -> Option<Vec<u8>> {
    let mut cursor = Cursor::new(bytes, 0);
    let object = parse::direct_object(&mut cursor, limits).ok()?;
    let dictionary = object.as_dictionary()?;
    filter::decode(dictionary, cursor.rest(), cursor.offset(), limits).ok()
}

/// One cross-reference section (7.5.4, 7.5.8) at the start of `bytes`; how many of its first and
/// last entries could be read.
#[must_use]
pub fn xref_section(bytes: &[u8], limits: &Limits) -> Option<usize> {
    let section = XrefSection::read(bytes, 0, 0, limits).ok()?;
    let mut read = 0_usize;
    for (first, count) in section.numbers() {
        let end = first.saturating_add(count);
        let tail = end.saturating_sub(ENTRIES.min(count));
        let numbers = (first..end.min(first.saturating_add(ENTRIES))).chain(tail..end);
        for number in numbers {
            let entries = [
                section.entry(bytes, number),
                section.hidden_entry(number),
                section.plain_entry(bytes, number),
            ];
            let found = entries.iter().filter(|entry| entry.is_ok()).count();
            read = read.saturating_add(found);
        }
    }
    Some(read)
}
