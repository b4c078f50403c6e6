//! Signature dictionaries of a file whose cross-references or form cannot be read.
//! Shows that they are there and what they sign; what the document showed stays unknown.

use std::collections::HashSet;

use crate::cursor::{Cursor, is_regular};
use crate::parse::indirect_object;
use crate::signature::SignatureDictionary;
use crate::{ByteRange, ByteRangeError, Object, Span};
use trien_types::Limits;

/// Signature dictionaries listed at most: more would be noise of a hostile file.
const MAX_SALVAGED: usize = 1_000;

/// Octets before /ByteRange in which its object's header is looked for: the longest /Contents met
/// has 200,000 digits (revocation lists inside).
const HEADER_DISTANCE: usize = 1024 * 1024;

/// Finds indirect objects that hold /ByteRange and /Contents, in the order of the file, without
/// cross-references.
#[must_use]
pub fn salvage_signatures(bytes: &[u8], limits: &Limits) -> Vec<SignatureDictionary> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for at in memchr::memmem::find_iter(bytes, b"/ByteRange") {
        if found.len() >= MAX_SALVAGED {
            break;
        }
        let Some(start) = header_before(bytes, at) else {
            continue;
        };
        if !seen.insert(start) {
            continue;
        }
        let Ok(read) = indirect_object(bytes, start, limits) else {
            continue;
        };
        let Object::Dictionary(dictionary) = read.object else {
            continue;
        };
        if dictionary.get("ByteRange").is_none() || read.end < at {
            continue;
        }
        let byte_range: Result<ByteRange, ByteRangeError> = ByteRange::parse(&dictionary, bytes);
        found.push(SignatureDictionary::salvaged(
            read.id,
            Span::new(start, read.end),
            dictionary,
            byte_range,
        ));
    }
    found
}

/// Where the nearest `number generation obj` before `at` starts.
fn header_before(bytes: &[u8], at: usize) -> Option<usize> {
    let floor = at.saturating_sub(HEADER_DISTANCE);
    let mut end = at;
    loop {
        let window = bytes.get(floor..end)?;
        let keyword = memchr::memmem::rfind(window, b"obj")?;
        let position = floor.saturating_add(keyword);
        end = position;
        if let Some(start) = number_pair_before(bytes, position) {
            return Some(start);
        }
    }
}

/// The start of `number generation` that ends just before `at`.
fn number_pair_before(bytes: &[u8], at: usize) -> Option<usize> {
    let mut start = at;
    for _ in 0..2 {
        let before = bytes.get(..start)?;
        let spaces = before
            .iter()
            .rev()
            .take_while(|octet| octet.is_ascii_whitespace())
            .count();
        let before = before.get(..before.len().checked_sub(spaces)?)?;
        let digits = before
            .iter()
            .rev()
            .take_while(|octet| octet.is_ascii_digit())
            .count();
        if digits == 0 {
            return None;
        }
        start = before.len().checked_sub(digits)?;
    }
    let preceded = start.checked_sub(1).and_then(|index| bytes.get(index));
    if preceded.is_some_and(|octet| is_regular(*octet)) {
        return None;
    }
    let mut cursor = Cursor::new(bytes, start);
    crate::parse::object_header(&mut cursor).map(|_| start)
}
