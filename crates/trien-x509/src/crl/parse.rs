//! The outer structure of a list (RFC 5280, 5.1).
//! Does not read entries beyond their serial numbers: see `index` and `entry`.

use std::sync::Arc;

use trien_types::{Limit, Limits};

use super::{Parsed, extension, index};
use crate::algorithm::AlgorithmIdentifier;
use crate::asn1::{Reader, Tag};
use crate::certificate::{extension as extensions, parse::time};
use crate::name::DistinguishedName;
use crate::revocation_error::{RevocationError, RevocationErrorKind};

/// ```text
/// CertificateList ::= SEQUENCE { tbsCertList, signatureAlgorithm, signatureValue BIT STRING }
/// TBSCertList ::= SEQUENCE { version INTEGER OPTIONAL, signature, issuer Name, thisUpdate Time,
///   nextUpdate Time OPTIONAL, revokedCertificates SEQUENCE OF … OPTIONAL,
///   crlExtensions [0] EXPLICIT OPTIONAL }
/// ```
pub(super) fn crl(der: Arc<[u8]>, limits: &Limits) -> Result<Parsed, RevocationError> {
    // Places in the index are 32 bits wide.
    if der.len() > limits.crl_octets || u32::try_from(der.len()).is_err() {
        let reached = RevocationErrorKind::LimitReached(Limit::CrlOctets);
        return Err(RevocationError::new(0, reached));
    }
    let mut outer = Reader::new(&der, limits);
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let tbs_element = reader.expect(Tag::SEQUENCE)?;
    let signature_algorithm = AlgorithmIdentifier::from_element(&reader.expect(Tag::SEQUENCE)?)?;
    let signature_value = reader.expect(Tag::BIT_STRING)?.whole_octets()?.into();
    reader.finish()?;

    let mut tbs = tbs_element.elements()?;
    let _version = tbs.optional(Tag::INTEGER)?;
    let signed_algorithm = AlgorithmIdentifier::from_element(&tbs.expect(Tag::SEQUENCE)?)?;
    let issuer = DistinguishedName::from_element(&tbs.expect(Tag::SEQUENCE)?)?;
    let this_update = time(&mut tbs)?;
    let next_update = match tbs.optional(Tag::UTC_TIME)? {
        Some(element) => Some(element.time()?),
        None => tbs
            .optional(Tag::GENERALIZED_TIME)?
            .map(|element| element.time())
            .transpose()?,
    };
    let index = match tbs.optional(Tag::SEQUENCE)? {
        Some(entries) => index::Index::read(&entries, &der)?,
        None => index::Index::default(),
    };
    let extensions = match tbs.optional(Tag::context(0))? {
        Some(wrapper) => extensions::wrapped_list(&wrapper)?,
        None => Vec::new(),
    };
    tbs.finish()?;

    let start = tbs_element.offset();
    let tbs_cert_list = start..start.saturating_add(tbs_element.raw().len());
    Ok(Parsed {
        limits: limits.clone(),
        tbs_cert_list,
        issuer,
        this_update,
        next_update,
        signature_algorithm,
        signed_algorithm,
        signature_value,
        index,
        known: extension::Known::of(&extensions, start, limits)?,
        extensions,
        der,
    })
}
