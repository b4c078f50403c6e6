//! Time-stamp tokens and answers on demand (RFC 3161, RFC 5816), and requests read.
//! Checks nothing, so that a token can be as wrong as a test needs it.

use openssl::x509::X509Ref;
use trien_types::{Digest, DigestAlgorithm, Limits, UnixTime};
use trien_x509::asn1::{
    Asn1Error, Reader, Tag, encode_tlv, octet_string, sequence, set_of, unsigned_integer,
};
use trien_x509::{AlgorithmIdentifier, Digester};

use super::ServiceError;
use super::crl::serial;
use super::sign::{scheme, sign};
use crate::der;
use crate::pki::Identity;

/// 1.2.840.113549.1.7.2, id-signedData
pub(super) const SIGNED_DATA: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 7, 2];
/// 1.2.840.113549.1.9.16.1.4, id-ct-TSTInfo
const TST_INFO: &[u8] = &[0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 1, 4];
/// 1.2.840.113549.1.9.3, contentType
const CONTENT_TYPE: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 3];
/// 1.2.840.113549.1.9.4, messageDigest
const MESSAGE_DIGEST: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 4];
/// 1.2.840.113549.1.9.5, signingTime
const SIGNING_TIME: &[u8] = &[0x06, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 5];
/// 1.2.840.113549.1.9.16.2.47, signingCertificateV2
const SIGNING_CERTIFICATE_V2: &[u8] = &[
    0x06, 11, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 1, 9, 16, 2, 47,
];

/// 1.3.6.1.4.1.99999.1: the policy of the test authorities, under no real arc of anyone.
pub const TEST_POLICY: &[u8] = &[0x2B, 6, 1, 4, 1, 0x86, 0x8D, 0x1F, 1];

/// What a token shall say. Start from [`TimeStampPlan::new`] and change what a test needs.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeStampPlan {
    /// What is stamped.
    pub imprint: Digest,
    /// When.
    pub gen_time: UnixTime,
    /// The token's number.
    pub serial: u64,
    /// Content octets of the policy's object identifier.
    pub policy: Vec<u8>,
    /// Content octets of the nonce's INTEGER.
    pub nonce: Option<Vec<u8>>,
    /// Seconds of accuracy; `None` states none.
    pub accuracy_seconds: Option<u64>,
    /// DER of the certificates that go along.
    pub certificates: Vec<Vec<u8>>,
    /// signingTime as a signed attribute; `None` leaves it out.
    pub signing_time: Option<UnixTime>,
}

impl TimeStampPlan {
    /// `imprint`, stamped at `gen_time` to the second, number 1, without nonce or certificates.
    #[must_use]
    pub fn new(imprint: Digest, gen_time: UnixTime) -> Self {
        Self {
            imprint,
            gen_time,
            serial: 1,
            policy: TEST_POLICY.to_vec(),
            nonce: None,
            accuracy_seconds: Some(1),
            certificates: Vec::new(),
            signing_time: Some(gen_time),
        }
    }

    /// The same with the authority's certificate and those above it but the root.
    ///
    /// # Errors
    /// OpenSSL fails.
    pub fn with_path_of(mut self, authority: &Identity) -> Result<Self, ServiceError> {
        let mut path = authority.path_der()?;
        if path.len() > 1 {
            path.pop();
        }
        self.certificates = path;
        Ok(self)
    }
}

/// DER of a `TimeStampToken`: a `SignedData` over a `TSTInfo`, with an `ESSCertIDv2` of the
/// authority's certificate.
///
/// # Errors
/// OpenSSL refuses to sign, or the imprint's digest has no identifier.
pub fn make_time_stamp(
    authority: &Identity,
    plan: &TimeStampPlan,
) -> Result<Vec<u8>, ServiceError> {
    let info = tst_info(plan)?;
    let digest = scheme(authority)?.digest_algorithm();
    let digest_algorithm = digest_identifier(digest)?;
    let attributes = set_of(&signed_attributes(authority, plan, &info, digest)?);
    let signed = sign(authority, &attributes)?;
    let certificate = authority.certificate();
    let issuer_and_serial = sequence(&[
        &certificate.issuer_name().to_der()?,
        &encode_tlv(0x02, &[&serial(certificate)?]),
    ]);
    let mut implicit = attributes;
    if let Some(tag) = implicit.first_mut() {
        *tag = 0xA0;
    }
    let signer_info = sequence(&[
        &unsigned_integer(1),
        &issuer_and_serial,
        &digest_algorithm,
        &implicit,
        &signed.algorithm,
        &octet_string(&signed.value),
    ]);
    let certificates = if plan.certificates.is_empty() {
        Vec::new()
    } else {
        let mut certificates = set_of(&plan.certificates);
        if let Some(tag) = certificates.first_mut() {
            *tag = 0xA0;
        }
        certificates
    };
    let content = sequence(&[TST_INFO, &encode_tlv(0xA0, &[&octet_string(&info)])]);
    let signed_data = sequence(&[
        &unsigned_integer(3),
        &set_of(&[digest_algorithm]),
        &content,
        &certificates,
        &set_of(&[signer_info]),
    ]);
    Ok(sequence(&[SIGNED_DATA, &encode_tlv(0xA0, &[&signed_data])]))
}

/// DER of a `TimeStampResp` with `PKIStatus` granted.
#[must_use]
pub fn time_stamp_response(token: &[u8]) -> Vec<u8> {
    sequence(&[&sequence(&[&unsigned_integer(0)]), token])
}

/// DER of a `TimeStampResp` without a token: `status`, and the bit of `PKIFailureInfo`
/// (RFC 3161, 2.4.2).
#[must_use]
pub fn time_stamp_refusal(status: u64, failure_bit: u8) -> Vec<u8> {
    let octet = usize::from(failure_bit / 8);
    let mut bits = vec![0_u8; octet.saturating_add(1)];
    if let Some(last) = bits.last_mut() {
        *last = 0x80 >> (failure_bit % 8);
    }
    let unused = 7_u8.saturating_sub(failure_bit % 8);
    let failure = encode_tlv(0x03, &[&[unused], &bits]);
    sequence(&[&sequence(&[&unsigned_integer(status), &failure])])
}

/// Whether the answer shall bring the authority's certificate (certReq).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Certificates {
    Absent,
    Wanted,
}

/// A request as it came in.
pub(super) struct TimeStampQuery {
    pub(super) imprint: Digest,
    pub(super) policy: Option<Vec<u8>>,
    pub(super) nonce: Option<Vec<u8>>,
    pub(super) certificates: Certificates,
}

/// Why a request is not answered with a token: the bit of `PKIFailureInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum QueryFault {
    BadAlgorithm,
    BadDataFormat,
    UnacceptedExtension,
    UnacceptedPolicy,
}

impl QueryFault {
    pub(super) const fn failure_bit(self) -> u8 {
        match self {
            Self::BadAlgorithm => 0,
            Self::BadDataFormat => 5,
            Self::UnacceptedPolicy => 15,
            Self::UnacceptedExtension => 16,
        }
    }
}

impl From<Asn1Error> for QueryFault {
    fn from(_: Asn1Error) -> Self {
        Self::BadDataFormat
    }
}

/// ```text
/// TimeStampReq ::= SEQUENCE { version INTEGER, messageImprint, reqPolicy OPTIONAL,
///   nonce INTEGER OPTIONAL, certReq BOOLEAN DEFAULT FALSE, extensions [0] OPTIONAL }
/// ```
pub(super) fn read_query(octets: &[u8]) -> Result<TimeStampQuery, QueryFault> {
    let limits = Limits::default();
    let mut outer = Reader::new(octets, &limits);
    let mut query = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    if query.expect(Tag::INTEGER)?.unsigned()? != 1 {
        return Err(QueryFault::BadDataFormat);
    }
    let mut imprint = query.expect(Tag::SEQUENCE)?.elements()?;
    let algorithm = AlgorithmIdentifier::from_element(&imprint.expect(Tag::SEQUENCE)?)?;
    let algorithm = algorithm.digest().map_err(|_| QueryFault::BadAlgorithm)?;
    let octets = imprint.expect(Tag::OCTET_STRING)?.content().to_vec();
    let imprint = Digest::new(algorithm, octets).map_err(|_| QueryFault::BadDataFormat)?;
    let policy = query.optional(Tag::OBJECT_IDENTIFIER)?;
    let nonce = query.optional(Tag::INTEGER)?;
    let wanted = match query.optional(Tag::BOOLEAN)? {
        Some(flag) => flag.boolean()?,
        None => false,
    };
    if query.optional(Tag::context(0))?.is_some() {
        return Err(QueryFault::UnacceptedExtension);
    }
    query.finish()?;
    Ok(TimeStampQuery {
        imprint,
        policy: policy.map(|policy| policy.content().to_vec()),
        nonce: nonce.map(|nonce| nonce.content().to_vec()),
        certificates: if wanted {
            Certificates::Wanted
        } else {
            Certificates::Absent
        },
    })
}

fn digest_identifier(digest: DigestAlgorithm) -> Result<Vec<u8>, ServiceError> {
    AlgorithmIdentifier::for_digest(digest)
        .map(|identifier| identifier.to_der())
        .ok_or(ServiceError::KeyUnsupported)
}

/// ```text
/// TSTInfo ::= SEQUENCE { version INTEGER, policy, messageImprint, serialNumber, genTime,
///   accuracy OPTIONAL, ordering DEFAULT FALSE, nonce OPTIONAL, tsa OPTIONAL, … }
/// ```
fn tst_info(plan: &TimeStampPlan) -> Result<Vec<u8>, ServiceError> {
    let algorithm = digest_identifier(plan.imprint.algorithm())?;
    let accuracy = plan
        .accuracy_seconds
        .map_or_else(Vec::new, |seconds| sequence(&[&unsigned_integer(seconds)]));
    let nonce = plan
        .nonce
        .as_ref()
        .map_or_else(Vec::new, |nonce| encode_tlv(0x02, &[nonce]));
    Ok(sequence(&[
        &unsigned_integer(1),
        &encode_tlv(0x06, &[&plan.policy]),
        &sequence(&[&algorithm, &octet_string(plan.imprint.as_octets())]),
        &unsigned_integer(plan.serial),
        &der::generalized_time(plan.gen_time),
        &accuracy,
        &nonce,
    ]))
}

fn signed_attributes(
    authority: &Identity,
    plan: &TimeStampPlan,
    info: &[u8],
    digest: DigestAlgorithm,
) -> Result<Vec<Vec<u8>>, ServiceError> {
    let attribute = |oid: &[u8], value: &[u8]| sequence(&[oid, &encode_tlv(0x31, &[value])]);
    let content = Digester::digest(digest, info)?;
    let mut attributes = vec![
        attribute(CONTENT_TYPE, TST_INFO),
        attribute(MESSAGE_DIGEST, &octet_string(content.as_octets())),
        attribute(
            SIGNING_CERTIFICATE_V2,
            &ess_certificate_id(authority.certificate())?,
        ),
    ];
    if let Some(time) = plan.signing_time {
        attributes.push(attribute(SIGNING_TIME, &der::time(time)));
    }
    Ok(attributes)
}

/// ```text
/// SigningCertificateV2 { certs { ESSCertIDv2 { hashAlgorithm DEFAULT SHA-256, certHash,
///   issuerSerial { GeneralNames, serialNumber } } } }   -- RFC 5035, 3
/// ```
fn ess_certificate_id(certificate: &X509Ref) -> Result<Vec<u8>, ServiceError> {
    let digest = Digester::digest(DigestAlgorithm::Sha256, &certificate.to_der()?)?;
    let names = sequence(&[&encode_tlv(0xA4, &[&certificate.issuer_name().to_der()?])]);
    let issuer_serial = sequence(&[&names, &encode_tlv(0x02, &[&serial(certificate)?])]);
    let id = sequence(&[&octet_string(digest.as_octets()), &issuer_serial]);
    Ok(sequence(&[&sequence(&[&id])]))
}
