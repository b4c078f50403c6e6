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
    let mut may_read = limits.read_octets;
    // The mark before, and the header before that: what is between two marks is searched once.
    let mut earlier: (usize, Option<usize>) = (0, None);
    for at in memchr::memmem::find_iter(bytes, b"/ByteRange") {
        if found.len() >= MAX_SALVAGED || may_read == 0 {
            break;
        }
        let header = header_before(bytes, earlier.0, at).or(earlier.1);
        earlier = (at, header);
        let Some(start) = header.filter(|start| at.saturating_sub(*start) <= HEADER_DISTANCE)
        else {
            continue;
        };
        if !seen.insert(start) {
            continue;
        }
        let read = indirect_object(bytes, start, limits);
        let end = read
            .as_ref()
            .map_or_else(|error| error.offset, |read| read.end);
        let cost = u64::try_from(end.saturating_sub(start)).unwrap_or(u64::MAX);
        may_read = may_read.saturating_sub(cost);
        let Ok(read) = read else { continue };
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

/// Where the nearest `number generation obj` before `at` starts whose keyword is behind `floor`.
fn header_before(bytes: &[u8], floor: usize, at: usize) -> Option<usize> {
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
