//! The outer structure of a certificate (RFC 5280, 4.1).
//! Does not read the values of extensions: see `extension`.

use std::sync::{Arc, OnceLock};

use trien_types::{CertificateId, DigestAlgorithm, Limits};

use super::{CertificateError, Parsed, SerialNumber, extension};
use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Asn1Error, Asn1ErrorKind, Reader, Tag};
use crate::digester::{DigestUnavailable, Digester};
use crate::name::DistinguishedName;

/// ```text
/// Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signatureValue BIT STRING }
/// TBSCertificate ::= SEQUENCE {
///   version [0] EXPLICIT INTEGER DEFAULT v1, serialNumber INTEGER, signature, issuer Name,
///   validity SEQUENCE { notBefore Time, notAfter Time }, subject Name, subjectPublicKeyInfo,
///   issuerUniqueID [1] OPTIONAL, subjectUniqueID [2] OPTIONAL, extensions [3] EXPLICIT OPTIONAL }
/// ```
pub(super) fn certificate(der: Arc<[u8]>, id: CertificateId) -> Result<Parsed, CertificateError> {
    let limits = Limits::default();
    let mut outer = Reader::new(&der, &limits);
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let tbs_element = reader.expect(Tag::SEQUENCE)?;
    let signature_algorithm = AlgorithmIdentifier::from_element(&reader.expect(Tag::SEQUENCE)?)?;
    let signature_value = reader.expect(Tag::BIT_STRING)?.bits()?.into();
    reader.finish()?;

    let mut tbs = tbs_element.elements()?;
    let _version = tbs.optional(Tag::context(0))?;
    let serial_element = tbs.expect(Tag::INTEGER)?;
    if serial_element.content().is_empty() {
        return Err(serial_element.error(Asn1ErrorKind::BadInteger).into());
    }
    let serial = SerialNumber::from_octets(serial_element.content());
    let _signature = tbs.expect(Tag::SEQUENCE)?;
    let issuer = DistinguishedName::from_element(&tbs.expect(Tag::SEQUENCE)?)?;
    let mut validity = tbs.expect(Tag::SEQUENCE)?.elements()?;
    let not_before = time(&mut validity)?;
    let not_after = time(&mut validity)?;
    let subject = DistinguishedName::from_element(&tbs.expect(Tag::SEQUENCE)?)?;
    let subject_public_key_info = tbs.expect(Tag::SEQUENCE)?.raw().into();
    let _issuer_unique_id = tbs.optional(Tag::context(1))?;
    let _subject_unique_id = tbs.optional(Tag::context(2))?;
    let extensions = match tbs.optional(Tag::context(3))? {
        Some(wrapper) => extension::wrapped_list(&wrapper)?,
        None => Vec::new(),
    };
    tbs.finish()?;

    let start = tbs_element.offset();
    let tbs_certificate = start..start.saturating_add(tbs_element.raw().len());
    Ok(Parsed {
        id,
        tbs_certificate,
        serial,
        issuer,
        subject,
        not_before,
        not_after,
        subject_public_key_info,
        signature_algorithm,
        signature_value,
        known: extension::Known::of(&extensions, &limits),
        extensions,
        key: OnceLock::new(),
        der,
    })
}

pub(crate) fn time(reader: &mut Reader<'_>) -> Result<trien_types::UnixTime, Asn1Error> {
    let element = reader.element()?;
    match element.tag() {
        Tag::UTC_TIME | Tag::GENERALIZED_TIME => element.time(),
        found => Err(element.error(Asn1ErrorKind::UnexpectedTag {
            expected: Tag::GENERALIZED_TIME,
            found,
        })),
    }
}

pub(super) fn id(der: &[u8]) -> Result<CertificateId, DigestUnavailable> {
    let algorithm = DigestAlgorithm::Sha256;
    let digest = Digester::digest(algorithm, der)?;
    <[u8; 32]>::try_from(digest.as_octets())
        .map(CertificateId::from_sha256)
        .map_err(|_| DigestUnavailable { algorithm })
}
