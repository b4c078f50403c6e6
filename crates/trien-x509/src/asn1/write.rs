//! Writes DER around octets that are spliced in as they are.
//! Does not check that the spliced octets are elements: the caller read or wrote them.

use trien_types::Limits;

use super::element::CONSTRUCTED;
use super::{Asn1Error, Element, Reader, Tag};

/// One element with a definite length in the fewest octets (X.690, 10.1) under an identifier
/// octet given whole, such as 0x30 for SEQUENCE and 0xA0 for `[0]` constructed.
#[must_use]
pub fn encode_tlv(identifier: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts
        .iter()
        .fold(0_usize, |sum, part| sum.saturating_add(part.len()));
    let mut octets = Vec::with_capacity(length.saturating_add(10));
    octets.push(identifier);
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => octets.push(short),
        _ => {
            let big = u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes();
            let significant: Vec<u8> = big.iter().copied().skip_while(|o| *o == 0).collect();
            octets.push(u8::try_from(significant.len()).map_or(0xff, |count| 0x80 | count));
            octets.extend_from_slice(&significant);
        }
    }
    for part in parts {
        octets.extend_from_slice(part);
    }
    octets
}

/// A SEQUENCE of elements already encoded.
#[must_use]
pub fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    encode_tlv(0x30, parts)
}

/// An OCTET STRING.
#[must_use]
pub fn octet_string(content: &[u8]) -> Vec<u8> {
    encode_tlv(0x04, &[content])
}

/// A non-negative INTEGER.
#[must_use]
pub fn unsigned_integer(number: u64) -> Vec<u8> {
    let big = number.to_be_bytes();
    let mut content: Vec<u8> = big.iter().copied().skip_while(|o| *o == 0).collect();
    // X.690, 8.3.3: the first bit is the sign.
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    encode_tlv(0x02, &[&content])
}

/// An OBJECT IDENTIFIER.
#[must_use]
pub fn oid(known: const_oid::ObjectIdentifier) -> Vec<u8> {
    encode_tlv(0x06, &[known.as_bytes()])
}

/// A SET OF in the order of DER: the encodings ascend as octet strings (X.690, 11.6).
#[must_use]
pub fn set_of(elements: &[Vec<u8>]) -> Vec<u8> {
    let mut sorted: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
    // 11.6 pads the shorter with zeros; no element is a prefix of another, so plain order agrees.
    sorted.sort_unstable();
    encode_tlv(0x31, &sorted)
}

/// Whether encoded elements stand in the order that DER gives a SET OF (X.690, 11.6).
#[must_use]
pub fn set_of_in_der_order(elements: &[&[u8]]) -> bool {
    elements.is_sorted()
}

/// `octets`, one encoded element, under another identifier octet; length and content stay.
#[must_use]
pub fn retag(identifier: u8, octets: &[u8]) -> Vec<u8> {
    let mut retagged = octets.to_vec();
    if let Some(first) = retagged.first_mut() {
        *first = identifier;
    }
    retagged
}

/// The DER framing of `octets`, one BER element: definite lengths in the fewest octets, strings
/// in one piece, every SET in ascending order. Primitive contents stay as they are.
///
/// # Errors
/// The octets are no element, or nested deeper than the limit.
pub fn der_form(octets: &[u8], limits: &Limits) -> Result<Vec<u8>, Asn1Error> {
    let mut reader = Reader::new(octets, limits);
    let element = reader.element()?;
    reader.finish()?;
    element_in_der(&element)
}

/// Recursion is bounded by the reader's nesting limit.
fn element_in_der(element: &Element<'_>) -> Result<Vec<u8>, Asn1Error> {
    let identifier = element.identifier;
    let tag_octets = identifier_octets(element);
    if !element.is_constructed() {
        return Ok(with_tag(tag_octets, element.content()));
    }
    let is_container =
        matches!(element.tag(), Tag::SEQUENCE | Tag::SET) || element.tag().is_context();
    if !is_container {
        let content = element.string_octets()?;
        return Ok(encode_tlv(identifier & !CONSTRUCTED, &[&content]));
    }
    let mut parts = Vec::new();
    let mut reader = element.elements()?;
    while !reader.is_empty() {
        parts.push(element_in_der(&reader.element()?)?);
    }
    if element.tag() == Tag::SET {
        parts.sort_unstable();
    }
    Ok(with_tag(tag_octets, &parts.concat()))
}

/// The identifier octets of an element, several for high tag numbers.
fn identifier_octets<'a>(element: &Element<'a>) -> &'a [u8] {
    let raw = element.raw();
    let count = if element.identifier & 0x1f == 0x1f {
        raw.iter()
            .skip(1)
            .position(|octet| octet & 0x80 == 0)
            .map_or(1, |position| position.saturating_add(2))
    } else {
        1
    };
    raw.get(..count).unwrap_or(raw)
}

fn with_tag(tag_octets: &[u8], content: &[u8]) -> Vec<u8> {
    let mut octets = tag_octets.to_vec();
    octets.extend(encode_tlv(0, &[content]).iter().skip(1));
    octets
}
