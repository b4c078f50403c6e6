//! What a responder says of one certificate (RFC 6960, 4.2.1).

use trien_types::{Limits, UnixTime};

use super::OcspCertificateId;
use crate::asn1::{Asn1Error, Asn1ErrorKind, Element, ObjectIdentifier, Reader, Tag};
use crate::certificate::{Extension, extension as extensions, parse::time};
use crate::oid;
use crate::revocation_reason::RevocationReason;

/// `CertStatus`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CertStatus {
    /// good: not revoked, as far as the responder knows.
    Good,
    /// revoked.
    Revoked {
        /// Since when.
        time: UnixTime,
        /// Why; unspecified where none is given.
        reason: RevocationReason,
    },
    /// unknown: the responder does not know the certificate.
    Unknown,
}

impl CertStatus {
    /// ```text
    /// CertStatus ::= CHOICE { good [0] IMPLICIT NULL, revoked [1] IMPLICIT SEQUENCE {
    ///   revocationTime GeneralizedTime, revocationReason [0] EXPLICIT CRLReason OPTIONAL },
    ///   unknown [2] IMPLICIT NULL }
    /// ```
    fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        if element.tag() == Tag::context(0) {
            return Ok(Self::Good);
        }
        if element.tag() == Tag::context(2) {
            return Ok(Self::Unknown);
        }
        if element.tag() != Tag::context(1) {
            return Err(element.error(Asn1ErrorKind::UnexpectedTag {
                expected: Tag::context(0),
                found: element.tag(),
            }));
        }
        let mut reader = element.elements()?;
        let time = reader.expect(Tag::GENERALIZED_TIME)?.time()?;
        let reason = match reader.optional(Tag::context(0))? {
            Some(wrapper) => {
                let mut inner = wrapper.elements()?;
                RevocationReason::from_element(&inner.expect(Tag::ENUMERATED)?)?
            }
            None => RevocationReason::Unspecified,
        };
        reader.finish()?;
        Ok(Self::Revoked { time, reason })
    }
}

/// `SingleResponse`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SingleResponse {
    /// Which certificate.
    pub certificate: OcspCertificateId,
    /// What it is.
    pub status: CertStatus,
    /// Since when that is known to be so.
    pub this_update: UnixTime,
    /// When there will be newer information; none: at any time.
    pub next_update: Option<UnixTime>,
    /// All extensions in the order written.
    pub extensions: Vec<Extension>,
}

impl SingleResponse {
    /// ```text
    /// SingleResponse ::= SEQUENCE { certID CertID, certStatus CertStatus,
    ///   thisUpdate GeneralizedTime, nextUpdate [0] EXPLICIT GeneralizedTime OPTIONAL,
    ///   singleExtensions [1] EXPLICIT Extensions OPTIONAL }
    /// ```
    pub(super) fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.elements()?;
        let certificate = OcspCertificateId::from_element(&reader.expect(Tag::SEQUENCE)?)?;
        let status = CertStatus::from_element(&reader.element()?)?;
        let this_update = reader.expect(Tag::GENERALIZED_TIME)?.time()?;
        let next_update = match reader.optional(Tag::context(0))? {
            Some(wrapper) => {
                let mut inner = wrapper.elements()?;
                Some(inner.expect(Tag::GENERALIZED_TIME)?.time()?)
            }
            None => None,
        };
        let extensions = match reader.optional(Tag::context(1))? {
            Some(wrapper) => extensions::wrapped_list(&wrapper)?,
            None => Vec::new(),
        };
        reader.finish()?;
        Ok(Self {
            certificate,
            status,
            this_update,
            next_update,
            extensions,
        })
    }

    /// Archive cutoff (RFC 6960, 4.4.4): what expired since then is still answered for.
    ///
    /// # Errors
    /// It is there and cannot be read: responders write times that are none.
    pub fn archive_cutoff(&self, limits: &Limits) -> Result<Option<UnixTime>, Asn1Error> {
        self.extensions
            .iter()
            .find(|extension| extension.oid == oid::OCSP_ARCHIVE_CUTOFF)
            .map(|extension| {
                let mut value = Reader::new(&extension.value, limits);
                value.expect(Tag::GENERALIZED_TIME)?.time()
            })
            .transpose()
    }

    /// Invalidity date (RFC 6960, 4.4.5; RFC 5280, 5.3.2): when the key is known or suspected to
    /// have been lost.
    ///
    /// # Errors
    /// It is there and cannot be read.
    pub fn invalidity_date(&self, limits: &Limits) -> Result<Option<UnixTime>, Asn1Error> {
        self.extensions
            .iter()
            .find(|extension| extension.oid == oid::INVALIDITY_DATE)
            .map(|extension| time(&mut Reader::new(&extension.value, limits)))
            .transpose()
    }

    /// Critical extensions that this crate does not know.
    pub fn unknown_critical_extensions(&self) -> impl Iterator<Item = &ObjectIdentifier> {
        self.extensions
            .iter()
            .filter(|extension| {
                extension.critical
                    && extension.oid != oid::OCSP_ARCHIVE_CUTOFF
                    && extension.oid != oid::INVALIDITY_DATE
            })
            .map(|extension| &extension.oid)
    }
}
