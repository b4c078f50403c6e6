//! Values of the simple types, tolerant where certificates in the wild break DER.
//! Does not know what the values mean.

use std::borrow::Cow;

use trien_types::{CivilTime, UnixTime, UtcOffset};

use super::{Asn1Error, Asn1ErrorKind, Element, ObjectIdentifier, Reader, Tag};

impl<'a> Element<'a> {
    /// The value of a BOOLEAN. Any non-zero octet is true: BER allows it and certificates with
    /// 0x01 exist.
    ///
    /// # Errors
    /// The content is not one octet.
    pub fn boolean(&self) -> Result<bool, Asn1Error> {
        match self.content() {
            [octet] => Ok(*octet != 0),
            _ => Err(self.error(Asn1ErrorKind::BadBoolean)),
        }
    }

    /// The value of an INTEGER or ENUMERATED from 0 to 2^64 - 1.
    ///
    /// # Errors
    /// Empty, negative or larger.
    pub fn unsigned(&self) -> Result<u64, Asn1Error> {
        let bad = self.error(Asn1ErrorKind::BadInteger);
        let content = self.content();
        if content.first().is_none_or(|first| first & 0x80 != 0) {
            return Err(bad);
        }
        content.iter().try_fold(0_u64, |number, octet| {
            number
                .checked_mul(256)
                .and_then(|shifted| shifted.checked_add(u64::from(*octet)))
                .ok_or(bad)
        })
    }

    /// The value of an OBJECT IDENTIFIER.
    ///
    /// # Errors
    /// Empty, ended inside an arc, or an arc over 128 bits.
    pub fn object_identifier(&self) -> Result<ObjectIdentifier, Asn1Error> {
        ObjectIdentifier::from_element(self)
    }

    /// The octets of an OCTET STRING (or another string type), joined when it is constructed
    /// (X.690, 8.7.3).
    ///
    /// # Errors
    /// A part is no string, or parts are nested deeper than the limit.
    pub fn string_octets(&self) -> Result<Cow<'a, [u8]>, Asn1Error> {
        if !self.is_constructed() {
            return Ok(Cow::Borrowed(self.content()));
        }
        let mut joined = Vec::new();
        let mut pending: Vec<Reader<'a>> = vec![self.elements()?];
        while let Some(mut reader) = pending.pop() {
            if reader.is_empty() {
                continue;
            }
            let part = reader.element()?;
            pending.push(reader);
            if part.is_constructed() {
                pending.push(part.elements()?);
            } else if part.tag() == Tag::OCTET_STRING || part.tag() == self.tag() {
                joined.extend_from_slice(part.content());
            } else {
                return Err(part.error(Asn1ErrorKind::UnexpectedTag {
                    expected: Tag::OCTET_STRING,
                    found: part.tag(),
                }));
            }
        }
        Ok(Cow::Owned(joined))
    }

    /// The octets of a BIT STRING after its count of unused bits, without looking at that count.
    ///
    /// # Errors
    /// No content.
    pub fn bits(&self) -> Result<&'a [u8], Asn1Error> {
        match self.content() {
            [_, octets @ ..] => Ok(octets),
            [] => Err(self.error(Asn1ErrorKind::EndOfOctets)),
        }
    }

    /// The octets of a BIT STRING that fills them, as signature values do.
    ///
    /// # Errors
    /// No content, or some bits of the last octet are not used.
    pub fn whole_octets(&self) -> Result<&'a [u8], Asn1Error> {
        match self.content() {
            [0, octets @ ..] => Ok(octets),
            [_, ..] => Err(self.error(Asn1ErrorKind::UnusedBits)),
            [] => Err(self.error(Asn1ErrorKind::EndOfOctets)),
        }
    }

    /// The moment of a `UTCTime` or `GeneralizedTime`. Fractions are cut off; missing seconds and
    /// offsets other than `Z` are accepted (X.680, 46 and 47; RFC 5280, 4.1.2.5 forbids them).
    ///
    /// # Errors
    /// The text names no moment.
    pub fn time(&self) -> Result<UnixTime, Asn1Error> {
        let bad = self.error(Asn1ErrorKind::BadTime);
        let text = std::str::from_utf8(self.content()).map_err(|_| bad)?;
        let mut digits = Digits(text);
        let year = if self.tag() == Tag::UTC_TIME {
            let short = digits.number(2).ok_or(bad)?;
            // RFC 5280, 4.1.2.5.1: 50 to 99 are 1950 to 1999.
            short.saturating_add(if short >= 50 { 1900 } else { 2000 })
        } else {
            digits.number(4).ok_or(bad)?
        };
        let mut two = || {
            digits
                .number(2)
                .and_then(|number| i8::try_from(number).ok())
        };
        let (month, day) = two().zip(two()).ok_or(bad)?;
        let hour = two().ok_or(bad)?;
        let minute = two().unwrap_or(0);
        let second = two().unwrap_or(0);
        let rest = digits.0.strip_prefix(['.', ',']).map_or(digits.0, |rest| {
            rest.trim_start_matches(|character: char| character.is_ascii_digit())
        });
        let offset = offset(rest).ok_or(bad)?;
        // A leap second is counted as the second before it.
        let time = (hour, minute, second.min(59));
        UnixTime::from_civil(CivilTime::new((year, month, day), time, offset)).map_err(|_| bad)
    }
}

struct Digits<'a>(&'a str);

impl Digits<'_> {
    fn number(&mut self, count: usize) -> Option<i16> {
        let (number, rest) = self.0.split_at_checked(count)?;
        if !number.bytes().all(|octet| octet.is_ascii_digit()) {
            return None;
        }
        self.0 = rest;
        number.parse().ok()
    }
}

/// `Z`, nothing (local time, taken as UTC), `+hhmm`, `-hhmm`.
fn offset(text: &str) -> Option<UtcOffset> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1_i16, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest.is_empty() || rest == "Z" {
        return Some(UtcOffset::UTC);
    }
    let mut digits = Digits(rest);
    let hours = digits.number(2)?;
    let minutes = digits.number(2).unwrap_or(0);
    if !digits.0.is_empty() {
        return None;
    }
    let minutes = hours.saturating_mul(60).saturating_add(minutes);
    UtcOffset::from_minutes(sign.saturating_mul(minutes)).ok()
}
