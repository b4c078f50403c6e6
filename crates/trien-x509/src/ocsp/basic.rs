//! The answer of a responder (RFC 6960, 4.2.1), with what was signed.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use trien_types::{Limit, Limits, UnixTime};

use super::{ResponderId, SingleResponse, within_limit};
use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Asn1Error, ObjectIdentifier, Reader, Tag};
use crate::certificate::{Extension, extension as extensions};
use crate::oid;
use crate::public_key::PublicKey;
use crate::revocation_error::{
    RevocationError, RevocationErrorKind, RevocationSignatureError, verify_signature,
};

/// A `BasicOCSPResponse`, in an [`super::OcspResponse`] or by itself, as CAdES embeds it.
#[derive(Clone)]
pub struct BasicOcspResponse(Arc<Parsed>);

struct Parsed {
    der: Arc<[u8]>,
    tbs_response_data: Range<usize>,
    responder: ResponderId,
    produced_at: UnixTime,
    responses: Vec<SingleResponse>,
    extensions: Vec<Extension>,
    nonce: Option<Vec<u8>>,
    signature_algorithm: AlgorithmIdentifier,
    signature_value: Box<[u8]>,
    certificates: Vec<Range<usize>>,
}

impl BasicOcspResponse {
    /// Reads an answer.
    ///
    /// # Errors
    /// The structure is not that of RFC 6960, 4.2.1, octets follow it, an extension stands there
    /// twice, or a limit is reached.
    pub fn from_der(
        octets: impl Into<Arc<[u8]>>,
        limits: &Limits,
    ) -> Result<Self, RevocationError> {
        let der = octets.into();
        within_limit(&der, limits)?;
        parse(der, limits).map(|parsed| Self(Arc::new(parsed)))
    }

    fn slice(&self, range: &Range<usize>) -> &[u8] {
        self.0.der.get(range.clone()).unwrap_or_default()
    }

    /// The octets as received.
    #[must_use]
    pub fn as_der(&self) -> &[u8] {
        &self.0.der
    }

    /// The octets the responder signed.
    #[must_use]
    pub fn tbs_response_data(&self) -> &[u8] {
        self.slice(&self.0.tbs_response_data)
    }

    /// Who answered.
    #[must_use]
    pub fn responder(&self) -> &ResponderId {
        &self.0.responder
    }

    /// When the answer was signed.
    #[must_use]
    pub fn produced_at(&self) -> UnixTime {
        self.0.produced_at
    }

    /// What is said of each certificate asked for, in the order written.
    #[must_use]
    pub fn responses(&self) -> &[SingleResponse] {
        &self.0.responses
    }

    /// All extensions of the answer in the order written.
    #[must_use]
    pub fn extensions(&self) -> &[Extension] {
        &self.0.extensions
    }

    /// Nonce (RFC 6960, 4.4.1): the octets inside its OCTET STRING, or those that stand there
    /// without one.
    #[must_use]
    pub fn nonce(&self) -> Option<&[u8]> {
        self.0.nonce.as_deref()
    }

    /// Critical extensions of the answer that this crate does not know.
    pub fn unknown_critical_extensions(&self) -> impl Iterator<Item = &ObjectIdentifier> {
        self.extensions()
            .iter()
            .filter(|extension| extension.critical && extension.oid != oid::OCSP_NONCE)
            .map(|extension| &extension.oid)
    }

    /// The certificates that came with the answer, as received and unread.
    pub fn certificates(&self) -> impl Iterator<Item = &[u8]> {
        self.0.certificates.iter().map(|range| self.slice(range))
    }

    /// The algorithm of the signature.
    #[must_use]
    pub fn signature_algorithm(&self) -> &AlgorithmIdentifier {
        &self.0.signature_algorithm
    }

    /// The signature value.
    #[must_use]
    pub fn signature_value(&self) -> &[u8] {
        &self.0.signature_value
    }

    /// Whether the signature holds under `responder_key`. Names and purposes are not looked at.
    ///
    /// # Errors
    /// It does not hold or could not be decided.
    pub fn verify_signature(
        &self,
        responder_key: &PublicKey,
    ) -> Result<(), RevocationSignatureError> {
        verify_signature(
            self.signature_algorithm(),
            self.tbs_response_data(),
            self.signature_value(),
            responder_key,
        )
    }
}

/// ```text
/// BasicOCSPResponse ::= SEQUENCE { tbsResponseData, signatureAlgorithm, signature BIT STRING,
///   certs [0] EXPLICIT SEQUENCE OF Certificate OPTIONAL }
/// ResponseData ::= SEQUENCE { version [0] EXPLICIT INTEGER DEFAULT v1,
///   responderID CHOICE { byName [1] EXPLICIT Name, byKey [2] EXPLICIT OCTET STRING },
///   producedAt GeneralizedTime, responses SEQUENCE OF SingleResponse,
///   responseExtensions [1] EXPLICIT Extensions OPTIONAL }
/// ```
fn parse(der: Arc<[u8]>, limits: &Limits) -> Result<Parsed, RevocationError> {
    let mut outer = Reader::new(&der, limits);
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let data = reader.expect(Tag::SEQUENCE)?;
    let signature_algorithm = AlgorithmIdentifier::from_element(&reader.expect(Tag::SEQUENCE)?)?;
    let signature_value = reader.expect(Tag::BIT_STRING)?.whole_octets()?.into();
    let mut certificates = Vec::new();
    if let Some(wrapper) = reader.optional(Tag::context(0))? {
        let mut list = wrapper.elements()?;
        let mut elements = list.expect(Tag::SEQUENCE)?.elements()?;
        list.finish()?;
        while !elements.is_empty() {
            let certificate = elements.element()?;
            if certificates.len() >= limits.certificates {
                let reached = RevocationErrorKind::LimitReached(Limit::Certificates);
                return Err(RevocationError::new(certificate.offset(), reached));
            }
            let start = certificate.offset();
            certificates.push(start..start.saturating_add(certificate.raw().len()));
        }
    }
    reader.finish()?;

    let mut tbs = data.elements()?;
    let _version = tbs.optional(Tag::context(0))?;
    let responder = ResponderId::from_element(&tbs.element()?)?;
    let produced_at = tbs.expect(Tag::GENERALIZED_TIME)?.time()?;
    let mut single = tbs.expect(Tag::SEQUENCE)?.elements()?;
    let mut responses = Vec::new();
    while !single.is_empty() {
        responses.push(SingleResponse::from_element(
            &single.expect(Tag::SEQUENCE)?,
        )?);
    }
    let extensions = match tbs.optional(Tag::context(1))? {
        Some(wrapper) => extensions::wrapped_list(&wrapper)?,
        None => Vec::new(),
    };
    tbs.finish()?;
    let mut nonces = extensions
        .iter()
        .filter(|extension| extension.oid == oid::OCSP_NONCE);
    let nonce = nonces
        .next()
        .map(|extension| nonce(&extension.value, limits));
    if let Some(second) = nonces.next() {
        let repeated = RevocationErrorKind::ExtensionRepeated(second.oid.clone());
        return Err(RevocationError::new(data.offset(), repeated));
    }

    let start = data.offset();
    Ok(Parsed {
        tbs_response_data: start..start.saturating_add(data.raw().len()),
        responder,
        produced_at,
        responses,
        nonce,
        extensions,
        signature_algorithm,
        signature_value,
        certificates,
        der,
    })
}

/// Responders of before RFC 6960 leave the OCTET STRING out.
fn nonce(value: &[u8], limits: &Limits) -> Vec<u8> {
    let inside = |value| -> Result<Vec<u8>, Asn1Error> {
        let mut reader = Reader::new(value, limits);
        let octets = reader.expect(Tag::OCTET_STRING)?.string_octets()?;
        reader.finish()?;
        Ok(octets.into_owned())
    };
    inside(value).unwrap_or_else(|_| value.to_vec())
}

impl PartialEq for BasicOcspResponse {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for BasicOcspResponse {}

impl fmt::Debug for BasicOcspResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}, {}, {} certificates",
            self.responder(),
            self.produced_at(),
            self.responses().len()
        )
    }
}
