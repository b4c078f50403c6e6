//! One entry of a list (RFC 5280, 5.3), read when it is asked for.

use trien_types::UnixTime;

use super::Parsed;
use super::index::Place;
use crate::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag};
use crate::certificate::{Extension, SerialNumber, extension as extensions, parse::time};
use crate::general_name::{GeneralName, general_names};
use crate::oid;
use crate::revocation_reason::RevocationReason;

/// An entry, still in the octets of its list. What cannot be read is an error of the question
/// asked, never a certificate that would not be listed.
#[derive(Clone, Copy)]
pub struct CrlEntry<'c> {
    list: &'c Parsed,
    place: &'c Place,
}

impl<'c> CrlEntry<'c> {
    pub(super) const fn new(list: &'c Parsed, place: &'c Place) -> Self {
        Self { list, place }
    }

    fn element(&self) -> Result<Element<'c>, Asn1Error> {
        let start = usize::try_from(self.place.start).unwrap_or(usize::MAX);
        let octets = self.list.der.get(start..).unwrap_or_default();
        Reader::new(octets, &self.list.limits).expect(Tag::SEQUENCE)
    }

    /// The entry as received.
    ///
    /// # Errors
    /// None for an entry of a list that was read.
    pub fn as_der(&self) -> Result<&'c [u8], Asn1Error> {
        Ok(self.element()?.raw())
    }

    /// Octets from the start of the list to the entry; errors count from the entry.
    #[must_use]
    pub const fn offset(&self) -> u32 {
        self.place.start
    }

    /// The serial number as written.
    ///
    /// # Errors
    /// None for an entry of a list that was read.
    pub fn serial(&self) -> Result<SerialNumber, Asn1Error> {
        let serial = self.element()?.elements()?.expect(Tag::INTEGER)?;
        Ok(SerialNumber::from_octets(serial.content()))
    }

    /// When the certificate was revoked.
    ///
    /// # Errors
    /// The date names no moment: the certificate is revoked, and it is not known since when.
    pub fn revocation_date(&self) -> Result<UnixTime, Asn1Error> {
        let mut inner = self.element()?.elements()?;
        inner.expect(Tag::INTEGER)?;
        time(&mut inner)
    }

    /// The extensions of the entry in the order written.
    ///
    /// # Errors
    /// Their structure is not that of RFC 5280, 4.1.
    pub fn extensions(&self) -> Result<Vec<Extension>, Asn1Error> {
        let mut inner = self.element()?.elements()?;
        inner.expect(Tag::INTEGER)?;
        inner.element()?;
        inner
            .optional(Tag::SEQUENCE)?
            .map_or(Ok(Vec::new()), |element| extensions::list(&element))
    }

    fn value_of<T>(
        &self,
        wanted: const_oid::ObjectIdentifier,
        read: impl FnOnce(&mut Reader<'_>) -> Result<T, Asn1Error>,
    ) -> Result<Option<T>, Asn1Error> {
        let extensions = self.extensions()?;
        extensions
            .iter()
            .find(|extension| extension.oid == wanted)
            .map(|extension| read(&mut Reader::new(&extension.value, &self.list.limits)))
            .transpose()
    }

    /// Reason code (RFC 5280, 5.3.1); unspecified where none is given.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn reason(&self) -> Result<RevocationReason, Asn1Error> {
        let reason = self.value_of(oid::REASON_CODE, |reader| {
            RevocationReason::from_element(&reader.expect(Tag::ENUMERATED)?)
        })?;
        Ok(reason.unwrap_or(RevocationReason::Unspecified))
    }

    /// Invalidity date (RFC 5280, 5.3.2): when the key is known or suspected to have been lost.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn invalidity_date(&self) -> Result<Option<UnixTime>, Asn1Error> {
        self.value_of(oid::INVALIDITY_DATE, time)
    }

    /// Certificate issuer (RFC 5280, 5.3.3) on an indirect list: of this entry, or of the last
    /// one before it that has it; none where that is the issuer of the list.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn certificate_issuer(&self) -> Result<Vec<GeneralName>, Asn1Error> {
        let Some(range) = self.list.index.issuer(self.place) else {
            return Ok(Vec::new());
        };
        let octets = self.list.der.get(range).unwrap_or_default();
        let mut reader = Reader::new(octets, &self.list.limits);
        general_names(reader.expect(Tag::SEQUENCE)?.elements()?)
    }

    /// Critical extensions of the entry that this crate does not know (RFC 5280, 5.3): the list
    /// must then not be used for any certificate.
    ///
    /// # Errors
    /// The extensions cannot be read.
    pub fn unknown_critical_extensions(&self) -> Result<Vec<ObjectIdentifier>, Asn1Error> {
        let known = |extension: &Extension| {
            [
                oid::REASON_CODE,
                oid::INVALIDITY_DATE,
                oid::CERTIFICATE_ISSUER,
            ]
            .iter()
            .any(|known| extension.oid == *known)
        };
        let extensions = self.extensions()?.into_iter();
        Ok(extensions
            .filter(|extension| extension.critical && !known(extension))
            .map(|extension| extension.oid)
            .collect())
    }
}

impl std::fmt::Debug for CrlEntry<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "CrlEntry(at octet {})", self.place.start)
    }
}
