//! Reads a SignedData within limits (RFC 5652, 3 and 5.1).
//! Does not read what is inside certificates and revocation lists.

use std::sync::OnceLock;

use trien_types::{Limit, Limits};
use trien_x509::AlgorithmIdentifier;
use trien_x509::asn1::{Asn1Error, Element, Reader, Tag};

use super::{SignedData, Trailing};
use crate::attribute::{expect, octets};
use crate::error::{CmsError, CmsErrorKind};
use crate::oid;
use crate::signer_info::SignerInfo;

/// ```text
/// ContentInfo ::= SEQUENCE { contentType OBJECT IDENTIFIER, content [0] EXPLICIT ANY }
/// SignedData ::= SEQUENCE { version INTEGER, digestAlgorithms SET OF AlgorithmIdentifier,
///   encapContentInfo SEQUENCE { eContentType, eContent [0] EXPLICIT OCTET STRING OPTIONAL },
///   certificates [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
///   crls [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL, signerInfos SET OF SignerInfo }
/// ```
pub(super) fn signed_data(input: &[u8], limits: &Limits) -> Result<SignedData, CmsError> {
    if input.iter().all(|octet| *octet == 0) {
        return Err(CmsError::new(0, CmsErrorKind::NotSigned));
    }
    let mut outer = Reader::new(input, limits);
    let content_info = outer.expect(Tag::SEQUENCE)?;
    let structure = content_info.raw();
    if structure.len() > limits.cms_octets {
        return Err(limit(&content_info, Limit::CmsOctets));
    }
    let mut info = content_info.elements()?;
    let type_element = info.expect(Tag::OBJECT_IDENTIFIER)?;
    let content_info_type = type_element.object_identifier()?;
    if content_info_type != oid::ID_SIGNED_DATA {
        return Err(CmsError::new(
            type_element.offset(),
            CmsErrorKind::NotSignedData(content_info_type),
        ));
    }
    let inner = only(&info.expect(Tag::context(0))?)?;
    let mut reader = expect(&inner, Tag::SEQUENCE)?.elements()?;
    info.finish()?;

    let _version = reader.expect(Tag::INTEGER)?;
    let digest_algorithms = algorithms(&reader.expect(Tag::SET)?, limits)?;
    let mut encapsulated = reader.expect(Tag::SEQUENCE)?.elements()?;
    let content_type = encapsulated
        .expect(Tag::OBJECT_IDENTIFIER)?
        .object_identifier()?;
    let content = encapsulated
        .optional(Tag::context(0))?
        .map(|wrapper| Ok::<_, Asn1Error>(octets(&only(&wrapper)?)?.into_owned()))
        .transpose()?;
    encapsulated.finish()?;
    let certificates = choices(reader.optional(Tag::context(0))?, limits)?;
    let revocations = choices(reader.optional(Tag::context(1))?, limits)?;
    let signer_infos = signer_infos(&reader.expect(Tag::SET)?, limits)?;
    reader.finish()?;

    Ok(SignedData {
        structure: structure.to_vec(),
        framing: Reader::new(structure, limits).framing(),
        trailing: trailing(&outer, limits),
        digest_algorithms,
        content_type,
        content,
        certificates: certificates.plain.iter().map(|c| c.raw().into()).collect(),
        parsed: OnceLock::new(),
        other_certificates: certificates.other,
        crls: revocations.plain.iter().map(|c| c.raw().to_vec()).collect(),
        other_revocations: revocations.other,
        signer_infos,
    })
}

/// What follows the structure that a reader has read.
pub(crate) fn trailing(after: &Reader<'_>, limits: &Limits) -> Trailing {
    let rest = after.rest();
    if rest.is_empty() {
        return Trailing::Nothing;
    }
    let Some(zeros) = rest.iter().position(|octet| *octet != 0) else {
        return Trailing::Zeros { octets: rest.len() };
    };
    let offset = after.offset().saturating_add(zeros);
    let first = rest.get(zeros..).unwrap_or_default();
    // What could be taken for a structure, or for a value split in parts.
    let is_structure = [Tag::SEQUENCE, Tag::SET, Tag::OCTET_STRING, Tag::context(0)]
        .into_iter()
        .any(|tag| Reader::new(first, limits).expect(tag).is_ok());
    if is_structure {
        Trailing::Structure { offset }
    } else {
        Trailing::Residue { offset }
    }
}

fn limit(element: &Element<'_>, limit: Limit) -> CmsError {
    CmsError::new(element.offset(), CmsErrorKind::LimitReached(limit))
}

/// The only element inside an EXPLICIT tag.
fn only<'a>(wrapper: &Element<'a>) -> Result<Element<'a>, Asn1Error> {
    let mut reader = wrapper.elements()?;
    let element = reader.element()?;
    reader.finish()?;
    Ok(element)
}

/// The algorithms listed; one per signer is the most there is a use for.
fn algorithms(set: &Element<'_>, limits: &Limits) -> Result<Vec<AlgorithmIdentifier>, CmsError> {
    let mut found = Vec::new();
    let mut reader = set.elements()?;
    while !reader.is_empty() {
        let element = reader.expect(Tag::SEQUENCE)?;
        if found.len() >= limits.signer_infos.saturating_mul(2) {
            return Err(limit(&element, Limit::SignerInfos));
        }
        found.push(AlgorithmIdentifier::from_element(&element)?);
    }
    Ok(found)
}

fn signer_infos(set: &Element<'_>, limits: &Limits) -> Result<Vec<SignerInfo>, CmsError> {
    let mut found = Vec::new();
    let mut reader = set.elements()?;
    while !reader.is_empty() {
        let element = reader.expect(Tag::SEQUENCE)?;
        if found.len() >= limits.signer_infos {
            return Err(limit(&element, Limit::SignerInfos));
        }
        found.push(SignerInfo::from_element(&element)?);
    }
    Ok(found)
}

/// A SET OF `CertificateChoices` or `RevocationInfoChoice`: the plain alternative is a SEQUENCE, the
/// others have context tags (RFC 5652, 10.2.1 and 10.2.2).
struct Choices<'a> {
    plain: Vec<Element<'a>>,
    other: usize,
}

fn choices<'a>(set: Option<Element<'a>>, limits: &Limits) -> Result<Choices<'a>, CmsError> {
    let mut found = Choices {
        plain: Vec::new(),
        other: 0,
    };
    let Some(set) = set else {
        return Ok(found);
    };
    let mut reader = set.elements()?;
    while !reader.is_empty() {
        let element = reader.element()?;
        if found.plain.len().saturating_add(found.other) >= limits.certificates {
            return Err(limit(&element, Limit::Certificates));
        }
        if element.tag() == Tag::SEQUENCE {
            found.plain.push(element);
        } else {
            found.other = found.other.saturating_add(1);
        }
    }
    Ok(found)
}
