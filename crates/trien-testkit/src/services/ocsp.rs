//! OCSP answers on demand (RFC 6960, 4.2), and requests read (4.1).
//! Checks nothing, so that an answer can be as wrong as a test needs it.

use openssl::x509::X509Ref;
use trien_types::{DigestAlgorithm, Limits, UnixTime};
use trien_x509::asn1::{Asn1Error, Element, Reader, Tag, encode_tlv, octet_string, sequence};
use trien_x509::{AlgorithmIdentifier, CertStatus, Digester, RevocationReason};

use super::ServiceError;
use super::crl::{reason_number, serial};
use super::sign::sign;
use crate::der;
use crate::pki::Identity;

/// 1.3.6.1.5.5.7.48.1.1, id-pkix-ocsp-basic
const OCSP_BASIC: &[u8] = &[0x06, 9, 0x2B, 6, 1, 5, 5, 7, 48, 1, 1];
/// 1.3.6.1.5.5.7.48.1.2, id-pkix-ocsp-nonce
const OCSP_NONCE: &[u8] = &[0x06, 9, 0x2B, 6, 1, 5, 5, 7, 48, 1, 2];
/// 1.3.6.1.5.5.7.48.1.6, id-pkix-ocsp-archive-cutoff
const OCSP_ARCHIVE_CUTOFF: &[u8] = &[0x06, 9, 0x2B, 6, 1, 5, 5, 7, 48, 1, 6];

/// Which certificate an answer or a request is about: a `CertID` as it is encoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OcspCertId {
    pub(super) der: Vec<u8>,
    pub(super) serial: Vec<u8>,
}

impl OcspCertId {
    /// `certificate` by `issuer`, under `digest`.
    ///
    /// # Errors
    /// OpenSSL fails, or the digest cannot be computed.
    pub fn new(
        certificate: &X509Ref,
        issuer: &X509Ref,
        digest: DigestAlgorithm,
    ) -> Result<Self, ServiceError> {
        Self::with_serial(serial(certificate)?, issuer, digest)
    }

    /// The certificate with these serial number octets by `issuer`.
    ///
    /// # Errors
    /// OpenSSL fails, or the digest cannot be computed.
    pub fn with_serial(
        serial: Vec<u8>,
        issuer: &X509Ref,
        digest: DigestAlgorithm,
    ) -> Result<Self, ServiceError> {
        let name = Digester::digest(digest, &issuer.subject_name().to_der()?)?;
        let key = Digester::digest(digest, &key_bits(issuer)?)?;
        let algorithm =
            AlgorithmIdentifier::for_digest(digest).ok_or(ServiceError::KeyUnsupported)?;
        let der = sequence(&[
            &algorithm.to_der(),
            &octet_string(name.as_octets()),
            &octet_string(key.as_octets()),
            &encode_tlv(0x02, &[&serial]),
        ]);
        Ok(Self { der, serial })
    }

    fn from_element(element: &Element<'_>) -> Result<Self, Asn1Error> {
        let mut reader = element.elements()?;
        reader.expect(Tag::SEQUENCE)?;
        reader.expect(Tag::OCTET_STRING)?;
        reader.expect(Tag::OCTET_STRING)?;
        let serial = reader.expect(Tag::INTEGER)?.content().to_vec();
        Ok(Self {
            der: element.raw().to_vec(),
            serial,
        })
    }

    /// Content octets of the serial number.
    #[must_use]
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }
}

/// What is said of one certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OcspStatusPlan {
    /// Which one.
    pub certificate: OcspCertId,
    /// What it is.
    pub status: CertStatus,
    /// Since when that is known to be so.
    pub this_update: UnixTime,
    /// When there will be newer information.
    pub next_update: Option<UnixTime>,
    /// Archive cutoff (RFC 6960, 4.4.4).
    pub archive_cutoff: Option<UnixTime>,
}

impl OcspStatusPlan {
    /// `status` as of `this_update`, good for a day.
    #[must_use]
    pub fn new(certificate: OcspCertId, status: CertStatus, this_update: UnixTime) -> Self {
        Self {
            certificate,
            status,
            this_update,
            next_update: Some(this_update.plus_seconds(86_400)),
            archive_cutoff: None,
        }
    }
}

/// How the responder names itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponderIdForm {
    /// SHA-1 of its key.
    Key,
    /// Its subject name.
    Name,
}

/// What an answer shall say. Start from [`OcspPlan::new`] and change what a test needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OcspPlan {
    /// When it was signed.
    pub produced_at: UnixTime,
    /// One or several statuses.
    pub statuses: Vec<OcspStatusPlan>,
    /// Nonce: content of the OCTET STRING inside the extension.
    pub nonce: Option<Vec<u8>>,
    /// How the responder names itself.
    pub responder_id: ResponderIdForm,
    /// DER of the certificates that go along.
    pub certificates: Vec<Vec<u8>>,
}

impl OcspPlan {
    /// An answer of `produced_at` about one certificate, by key, with the responder's certificate.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn new(responder: &Identity, status: OcspStatusPlan) -> Result<Self, ServiceError> {
        Ok(Self {
            produced_at: status.this_update,
            statuses: vec![status],
            nonce: None,
            responder_id: ResponderIdForm::Key,
            certificates: vec![responder.certificate_der()?],
        })
    }
}

/// DER of a successful `OCSPResponse` by `responder`, which may be the authority itself.
///
/// # Errors
/// OpenSSL refuses to sign.
pub fn make_ocsp(responder: &Identity, plan: &OcspPlan) -> Result<Vec<u8>, ServiceError> {
    let certificate = responder.certificate();
    let responder_id = match plan.responder_id {
        ResponderIdForm::Name => encode_tlv(0xA1, &[&certificate.subject_name().to_der()?]),
        ResponderIdForm::Key => {
            let key = Digester::digest(DigestAlgorithm::Sha1, &key_bits(certificate)?)?;
            encode_tlv(0xA2, &[&octet_string(key.as_octets())])
        }
    };
    let statuses: Vec<u8> = plan.statuses.iter().flat_map(single).collect();
    let extensions = plan.nonce.as_ref().map_or_else(Vec::new, |nonce| {
        let nonce = sequence(&[OCSP_NONCE, &octet_string(&octet_string(nonce))]);
        encode_tlv(0xA1, &[&sequence(&[&nonce])])
    });
    let data = sequence(&[
        &responder_id,
        &der::generalized_time(plan.produced_at),
        &sequence(&[&statuses]),
        &extensions,
    ]);
    let signed = sign(responder, &data)?;
    let certificates = if plan.certificates.is_empty() {
        Vec::new()
    } else {
        encode_tlv(0xA0, &[&sequence(&[&plan.certificates.concat()])])
    };
    let basic = sequence(&[
        &data,
        &signed.algorithm,
        &encode_tlv(0x03, &[&[0], &signed.value]),
        &certificates,
    ]);
    let bytes = sequence(&[OCSP_BASIC, &octet_string(&basic)]);
    Ok(sequence(&[&[0x0A, 1, 0], &encode_tlv(0xA0, &[&bytes])]))
}

/// An answer without any: `OCSPResponseStatus` alone, such as 3 for tryLater.
#[must_use]
pub fn ocsp_refusal(status: u8) -> Vec<u8> {
    sequence(&[&[0x0A, 1, status]])
}

/// DER of a request about `certificates`, as a client posts it.
#[must_use]
pub fn make_ocsp_request(certificates: &[OcspCertId], nonce: Option<&[u8]>) -> Vec<u8> {
    let list: Vec<u8> = certificates
        .iter()
        .flat_map(|id| sequence(&[&id.der]))
        .collect();
    let extensions = nonce.map_or_else(Vec::new, |nonce| {
        let nonce = sequence(&[OCSP_NONCE, &octet_string(&octet_string(nonce))]);
        encode_tlv(0xA2, &[&sequence(&[&nonce])])
    });
    sequence(&[&sequence(&[&sequence(&[&list]), &extensions])])
}

/// A request as it came in.
pub(super) struct OcspRequest {
    pub(super) certificates: Vec<OcspCertId>,
    pub(super) nonce: Option<Vec<u8>>,
}

/// ```text
/// OCSPRequest ::= SEQUENCE { tbsRequest, optionalSignature [0] OPTIONAL }
/// TBSRequest ::= SEQUENCE { version [0] DEFAULT v1, requestorName [1] OPTIONAL,
///   requestList SEQUENCE OF SEQUENCE { CertID, [0] extensions OPTIONAL },
///   requestExtensions [2] EXPLICIT OPTIONAL }
/// ```
pub(super) fn read_request(octets: &[u8]) -> Result<OcspRequest, Asn1Error> {
    let limits = Limits::default();
    let mut outer = Reader::new(octets, &limits);
    let mut request = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let mut tbs = request.expect(Tag::SEQUENCE)?.elements()?;
    tbs.optional(Tag::context(0))?;
    tbs.optional(Tag::context(1))?;
    let mut list = tbs.expect(Tag::SEQUENCE)?.elements()?;
    let mut certificates = Vec::new();
    while !list.is_empty() {
        let mut one = list.expect(Tag::SEQUENCE)?.elements()?;
        certificates.push(OcspCertId::from_element(&one.expect(Tag::SEQUENCE)?)?);
    }
    let mut nonce = None;
    if let Some(wrapper) = tbs.optional(Tag::context(2))? {
        let mut extensions = wrapper.elements()?.expect(Tag::SEQUENCE)?.elements()?;
        while !extensions.is_empty() {
            let mut extension = extensions.expect(Tag::SEQUENCE)?.elements()?;
            let is_nonce = extension.expect(Tag::OBJECT_IDENTIFIER)?.raw() == OCSP_NONCE;
            extension.optional(Tag::BOOLEAN)?;
            let value = extension.expect(Tag::OCTET_STRING)?;
            if is_nonce {
                let mut inner = Reader::new(value.content(), &limits);
                nonce = Some(inner.expect(Tag::OCTET_STRING)?.content().to_vec());
            }
        }
    }
    Ok(OcspRequest {
        certificates,
        nonce,
    })
}

fn single(plan: &OcspStatusPlan) -> Vec<u8> {
    let next_update = plan.next_update.map_or_else(Vec::new, |time| {
        encode_tlv(0xA0, &[&der::generalized_time(time)])
    });
    let extensions = plan.archive_cutoff.map_or_else(Vec::new, |time| {
        let value = octet_string(&der::generalized_time(time));
        let cutoff = sequence(&[OCSP_ARCHIVE_CUTOFF, &value]);
        encode_tlv(0xA1, &[&sequence(&[&cutoff])])
    });
    sequence(&[
        &plan.certificate.der,
        &status(plan.status),
        &der::generalized_time(plan.this_update),
        &next_update,
        &extensions,
    ])
}

fn status(status: CertStatus) -> Vec<u8> {
    match status {
        CertStatus::Good => vec![0x80, 0],
        CertStatus::Revoked { time, reason } => {
            let reason = if reason == RevocationReason::Unspecified {
                Vec::new()
            } else {
                encode_tlv(0xA0, &[&[0x0A, 1, reason_number(reason)]])
            };
            encode_tlv(0xA1, &[&der::generalized_time(time), &reason])
        }
        CertStatus::Unknown | _ => vec![0x82, 0],
    }
}

/// Content of the public key's BIT STRING without the count of unused bits: what OCSP hashes
/// (RFC 6960, 4.1.1).
fn key_bits(certificate: &X509Ref) -> Result<Vec<u8>, ServiceError> {
    let info = certificate.public_key()?.public_key_to_der()?;
    let limits = Limits::default();
    let read = || -> Result<Vec<u8>, Asn1Error> {
        let mut info = Reader::new(&info, &limits)
            .expect(Tag::SEQUENCE)?
            .elements()?;
        info.expect(Tag::SEQUENCE)?;
        Ok(info.expect(Tag::BIT_STRING)?.bits()?.to_vec())
    };
    // OpenSSL wrote the key a moment ago, so it can be read.
    Ok(read().unwrap_or_default())
}
