//! Where each entry of a list stands, by serial number (RFC 5280, 5.1.2.6).
//! Holds no entry: 16 octets for each, whatever the entry holds.

use std::cmp::Ordering;
use std::ops::Range;

use crate::asn1::{Asn1Error, Asn1ErrorKind, Element, ObjectIdentifier, Tag};
use crate::oid;

/// Entry extensions (RFC 5280, 5.3) that are known beside certificateIssuer.
const KNOWN: [const_oid::ObjectIdentifier; 2] = [oid::REASON_CODE, oid::INVALIDITY_DATE];

/// The place of one entry.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Where the entry's SEQUENCE starts in the list.
    pub(super) start: u32,
    /// Where the content of its serial number starts.
    serial: u32,
    /// Octets of that content.
    serial_octets: u32,
    /// The entry whose certificateIssuer holds for this one, counted in `Index::issuers` from 1;
    /// 0 for the issuer of the list (RFC 5280, 5.3.3).
    pub(super) issuer: u32,
}

impl Place {
    fn serial<'a>(&self, der: &'a [u8]) -> &'a [u8] {
        let range = usize::try_from(self.serial)
            .ok()
            .zip(usize::try_from(self.serial_octets).ok());
        let octets = range.and_then(|(start, length)| der.get(start..start.checked_add(length)?));
        value_of(octets.unwrap_or_default())
    }
}

/// All entries, ordered by serial number and then by place.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: Vec<Place>,
    /// Contents of certificateIssuer extensions in the order of the list.
    issuers: Vec<Range<u32>>,
    /// The first critical extension of an entry that is not known here.
    unknown_critical: Option<ObjectIdentifier>,
}

impl Index {
    /// `der` is the whole list.
    ///
    /// ```text
    /// revokedCertificates ::= SEQUENCE OF SEQUENCE {
    ///   userCertificate INTEGER, revocationDate Time, crlEntryExtensions OPTIONAL }
    /// ```
    pub(super) fn read(entries: &Element<'_>, der: &[u8]) -> Result<Self, Asn1Error> {
        let mut index = Self::default();
        let mut issuer = 0_u32;
        let mut reader = entries.elements()?;
        while !reader.is_empty() {
            let entry = reader.expect(Tag::SEQUENCE)?;
            let mut inner = entry.elements()?;
            let serial = inner.expect(Tag::INTEGER)?;
            if serial.content().is_empty() {
                return Err(serial.error(Asn1ErrorKind::BadInteger));
            }
            let date = inner.element()?;
            if !matches!(date.tag(), Tag::UTC_TIME | Tag::GENERALIZED_TIME) {
                return Err(date.error(Asn1ErrorKind::UnexpectedTag {
                    expected: Tag::GENERALIZED_TIME,
                    found: date.tag(),
                }));
            }
            if let Some(extensions) = inner.optional(Tag::SEQUENCE)?
                && let Some(range) = index.certificate_issuer(&extensions)?
            {
                index.issuers.push(range);
                issuer = narrow(index.issuers.len(), &entry)?;
            }
            inner.finish()?;
            index.places.push(Place {
                start: narrow(entry.offset(), &entry)?,
                serial: narrow(serial.content_offset(), &entry)?,
                serial_octets: narrow(serial.content().len(), &entry)?,
                issuer,
            });
        }
        index.places.shrink_to_fit();
        index.order(der);
        Ok(index)
    }

    /// Where the value of certificateIssuer stands in the list; takes note of what is not known.
    fn certificate_issuer(
        &mut self,
        extensions: &Element<'_>,
    ) -> Result<Option<Range<u32>>, Asn1Error> {
        let mut issuer = None;
        let mut reader = extensions.elements()?;
        while !reader.is_empty() {
            let extension = reader.expect(Tag::SEQUENCE)?;
            let mut inner = extension.elements()?;
            let oid = inner.expect(Tag::OBJECT_IDENTIFIER)?;
            let critical = inner.optional(Tag::BOOLEAN)?;
            if oid.content() != oid::CERTIFICATE_ISSUER.as_bytes() {
                if let Some(critical) = critical
                    && self.unknown_critical.is_none()
                    && !KNOWN.iter().any(|known| oid.content() == known.as_bytes())
                    && critical.boolean()?
                {
                    self.unknown_critical = Some(oid.object_identifier()?);
                }
                continue;
            }
            // The first one counts; RFC 5280, 4.2 forbids a second.
            if issuer.is_none() {
                let value = inner.expect(Tag::OCTET_STRING)?;
                let start = value.content_offset();
                let end = start.saturating_add(value.content().len());
                issuer = Some(narrow(start, &extension)?..narrow(end, &extension)?);
            }
        }
        Ok(issuer)
    }

    pub(super) const fn unknown_critical(&self) -> Option<&ObjectIdentifier> {
        self.unknown_critical.as_ref()
    }

    /// Brings the entries into the order that they are searched in.
    fn order(&mut self, der: &[u8]) {
        let by_serial = |left: &Place, right: &Place| {
            compare(left.serial(der), right.serial(der)).then(left.start.cmp(&right.start))
        };
        // Many authorities issue serial numbers in their order already.
        if !self
            .places
            .is_sorted_by(|left, right| by_serial(left, right).is_le())
        {
            self.places.sort_unstable_by(by_serial);
        }
    }

    pub(super) const fn len(&self) -> usize {
        self.places.len()
    }

    pub(super) fn places(&self) -> &[Place] {
        &self.places
    }

    /// The places of the entries with this serial number.
    pub(super) fn places_of(&self, der: &[u8], serial: &[u8]) -> &[Place] {
        let wanted = value_of(serial);
        let first = self
            .places
            .partition_point(|place| compare(place.serial(der), wanted).is_lt());
        let rest = self.places.get(first..).unwrap_or_default();
        let count = rest.partition_point(|place| compare(place.serial(der), wanted).is_le());
        rest.get(..count).unwrap_or_default()
    }

    /// The content of the certificateIssuer that holds for an entry.
    pub(super) fn issuer(&self, place: &Place) -> Option<Range<usize>> {
        let position = usize::try_from(place.issuer).ok()?.checked_sub(1)?;
        let range = self.issuers.get(position)?;
        Some(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?)
    }
}

/// Octets of one number compare as their lengths and then as octets; that is an order, though for
/// negative ones not that of their values.
fn compare(left: &[u8], right: &[u8]) -> Ordering {
    left.len().cmp(&right.len()).then_with(|| left.cmp(right))
}

/// The content of an INTEGER without octets that only repeat the sign (X.690, 8.3.2): a list and
/// a certificate may pad one number differently.
fn value_of(mut content: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = content
        && let Some(second) = rest.first()
        && ((*first == 0 && second & 0x80 == 0) || (*first == 0xff && second & 0x80 != 0))
    {
        content = rest;
    }
    content
}

fn narrow(number: usize, entry: &Element<'_>) -> Result<u32, Asn1Error> {
    u32::try_from(number).map_err(|_| entry.error(Asn1ErrorKind::LengthTooLong))
}
