//! OCSP responses as received (RFC 6960, 4.2), kept octet for octet.
//! Does not judge them: not whether the responder may answer, nor whether the answer is fresh.

mod basic;
mod certificate_id;
mod request;
mod responder;
mod single;

use std::fmt;
use std::sync::Arc;

use trien_types::{Limit, Limits};

use crate::asn1::{Asn1Error, Element, Reader, Tag};
use crate::oid;
use crate::revocation_error::{RevocationError, RevocationErrorKind};

pub use basic::BasicOcspResponse;
pub use certificate_id::OcspCertificateId;
pub use request::ocsp_request;
pub use responder::ResponderId;
pub use single::{CertStatus, SingleResponse};

/// Whether the responder answered (RFC 6960, 4.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OcspResponseStatus {
    /// successful (0): there is an answer.
    Successful,
    /// malformedRequest (1).
    MalformedRequest,
    /// internalError (2).
    InternalError,
    /// tryLater (3).
    TryLater,
    /// sigRequired (5): the request must be signed.
    SignatureRequired,
    /// unauthorized (6).
    Unauthorized,
    /// A number that RFC 6960 does not list.
    Unlisted(u64),
}

impl OcspResponseStatus {
    fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        Ok(match element.unsigned()? {
            0 => Self::Successful,
            1 => Self::MalformedRequest,
            2 => Self::InternalError,
            3 => Self::TryLater,
            5 => Self::SignatureRequired,
            6 => Self::Unauthorized,
            other => Self::Unlisted(other),
        })
    }
}

/// The name in RFC 6960.
impl fmt::Display for OcspResponseStatus {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Successful => "successful",
            Self::MalformedRequest => "malformedRequest",
            Self::InternalError => "internalError",
            Self::TryLater => "tryLater",
            Self::SignatureRequired => "sigRequired",
            Self::Unauthorized => "unauthorized",
            Self::Unlisted(number) => return write!(formatter, "status {number}"),
        })
    }
}

/// An OCSP response. Two are equal when their octets are.
#[derive(Clone)]
pub struct OcspResponse {
    der: Arc<[u8]>,
    status: OcspResponseStatus,
    basic: Option<BasicOcspResponse>,
}

impl OcspResponse {
    /// Reads a response.
    ///
    /// ```text
    /// OCSPResponse ::= SEQUENCE { responseStatus ENUMERATED, responseBytes [0] EXPLICIT
    ///   SEQUENCE { responseType OBJECT IDENTIFIER, response OCTET STRING } OPTIONAL }
    /// ```
    ///
    /// # Errors
    /// The structure is not that of RFC 6960, 4.2.1, octets follow it, it is successful and
    /// brings no answer or one of an unknown type, or it is over [`Limits::ocsp_octets`]. The
    /// offset of an error inside the answer counts from the answer's start.
    pub fn from_der(
        octets: impl Into<Arc<[u8]>>,
        limits: &Limits,
    ) -> Result<Self, RevocationError> {
        let der = octets.into();
        within_limit(&der, limits)?;
        let mut outer = Reader::new(&der, limits);
        let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
        outer.finish()?;
        let status = OcspResponseStatus::from_element(&reader.expect(Tag::ENUMERATED)?)?;
        let offset = reader.offset();
        let bytes = reader.optional(Tag::context(0))?;
        reader.finish()?;
        let basic = match (status, bytes) {
            (OcspResponseStatus::Successful, Some(wrapper)) => Some(answer(&wrapper, limits)?),
            (OcspResponseStatus::Successful, None) => {
                let absent = RevocationErrorKind::ResponseBytesAbsent;
                return Err(RevocationError::new(offset, absent));
            }
            // 4.2.1: no answer comes with an error; one that does means nothing.
            _ => None,
        };
        Ok(Self { der, status, basic })
    }

    /// The octets as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.der
    }

    /// Whether the responder answered.
    #[must_use]
    pub const fn status(&self) -> OcspResponseStatus {
        self.status
    }

    /// The answer; always there when the status is successful, and never otherwise.
    #[must_use]
    pub const fn basic(&self) -> Option<&BasicOcspResponse> {
        self.basic.as_ref()
    }
}

fn answer(wrapper: &Element<'_>, limits: &Limits) -> Result<BasicOcspResponse, RevocationError> {
    let mut outer = wrapper.elements()?;
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let kind_element = reader.expect(Tag::OBJECT_IDENTIFIER)?;
    let kind = kind_element.object_identifier()?;
    if kind != oid::OCSP_BASIC {
        let unknown = RevocationErrorKind::ResponseTypeUnknown(kind);
        return Err(RevocationError::new(kind_element.offset(), unknown));
    }
    let octets = reader.expect(Tag::OCTET_STRING)?.string_octets()?;
    reader.finish()?;
    BasicOcspResponse::from_der(octets.into_owned(), limits)
}

pub(super) fn within_limit(octets: &[u8], limits: &Limits) -> Result<(), RevocationError> {
    if octets.len() > limits.ocsp_octets {
        let reached = RevocationErrorKind::LimitReached(Limit::OcspOctets);
        return Err(RevocationError::new(0, reached));
    }
    Ok(())
}

impl PartialEq for OcspResponse {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for OcspResponse {}

impl fmt::Debug for OcspResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.basic {
            Some(basic) => write!(formatter, "OcspResponse({basic:?})"),
            None => write!(formatter, "OcspResponse({})", self.status),
        }
    }
}
