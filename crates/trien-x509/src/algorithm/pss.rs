//! The parameters of RSASSA-PSS (RFC 4055, 3.1), both ways.
//! Does not compare mask and message digest: a difference is the caller's finding (ATTACKS M9).

use trien_types::{DigestAlgorithm, Limits, PssParameters};

use super::{AlgorithmError, AlgorithmIdentifier, NULL, table};
use crate::asn1::{self, Asn1Error, Element, Reader, Tag};
use crate::oid;

/// Default salt length in octets.
const DEFAULT_SALT_OCTETS: u64 = 20;
/// The only trailer field there is (0xBC).
const TRAILER_FIELD: u64 = 1;

/// ```text
/// RSASSA-PSS-params ::= SEQUENCE {
///   hashAlgorithm    [0] AlgorithmIdentifier DEFAULT sha1,
///   maskGenAlgorithm [1] AlgorithmIdentifier DEFAULT mgf1SHA1,
///   saltLength       [2] INTEGER DEFAULT 20,
///   trailerField     [3] INTEGER DEFAULT 1 }
/// ```
pub(super) fn decode(identifier: &AlgorithmIdentifier) -> Result<PssParameters, AlgorithmError> {
    let bad = || AlgorithmError::BadParameters(identifier.oid().clone());
    // A signature states its parameters (RFC 4056, 3); only a key may leave them out.
    let octets = identifier.parameters().ok_or_else(bad)?;
    let fields = fields(octets).map_err(|_| bad())?;
    let digest = match fields.digest {
        Some(digest) => digest.digest()?,
        None => DigestAlgorithm::Sha1,
    };
    let mask_digest = match fields.mask {
        Some(mask) if *mask.oid() == oid::MGF1 => {
            let inner = mask.parameters().ok_or_else(bad)?;
            AlgorithmIdentifier::from_der(inner, &Limits::default())
                .map_err(|_| bad())?
                .digest()?
        }
        Some(mask) => return Err(AlgorithmError::Unknown(mask.oid().clone())),
        None => DigestAlgorithm::Sha1,
    };
    if fields.trailer != TRAILER_FIELD {
        return Err(bad());
    }
    let salt_octets = usize::try_from(fields.salt).map_err(|_| bad())?;
    Ok(PssParameters::new(digest, mask_digest, salt_octets))
}

struct Fields {
    digest: Option<AlgorithmIdentifier>,
    mask: Option<AlgorithmIdentifier>,
    salt: u64,
    trailer: u64,
}

fn fields(octets: &[u8]) -> Result<Fields, Asn1Error> {
    let mut outer = Reader::new(octets, &Limits::default());
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let digest = explicit(&mut reader, 0)?
        .map(|element| AlgorithmIdentifier::from_element(&element))
        .transpose()?;
    let mask = explicit(&mut reader, 1)?
        .map(|element| AlgorithmIdentifier::from_element(&element))
        .transpose()?;
    let salt = explicit(&mut reader, 2)?
        .map(|element| element.unsigned())
        .transpose()?;
    let trailer = explicit(&mut reader, 3)?
        .map(|element| element.unsigned())
        .transpose()?;
    reader.finish()?;
    Ok(Fields {
        digest,
        mask,
        salt: salt.unwrap_or(DEFAULT_SALT_OCTETS),
        trailer: trailer.unwrap_or(TRAILER_FIELD),
    })
}

fn explicit<'a>(reader: &mut Reader<'a>, number: u32) -> Result<Option<Element<'a>>, Asn1Error> {
    let Some(wrapper) = reader.optional(Tag::context(number))? else {
        return Ok(None);
    };
    let mut inner = wrapper.elements()?;
    let element = inner.element()?;
    inner.finish()?;
    Ok(Some(element))
}

/// DER, defaults left out (X.690, 11.5). RFC 4055, 2.1 wants NULL beside the digests here.
pub(super) fn encode(parameters: &PssParameters) -> Option<Vec<u8>> {
    let mut fields = Vec::new();
    if parameters.digest != DigestAlgorithm::Sha1 {
        let digest = digest_identifier(parameters.digest)?;
        fields.push(asn1::encode_tlv(0xa0, &[&digest]));
    }
    if parameters.mask_digest != DigestAlgorithm::Sha1 {
        let digest = digest_identifier(parameters.mask_digest)?;
        let mask = asn1::sequence(&[&asn1::oid(oid::MGF1), &digest]);
        fields.push(asn1::encode_tlv(0xa1, &[&mask]));
    }
    let salt = u64::try_from(parameters.salt_octets).ok()?;
    if salt != DEFAULT_SALT_OCTETS {
        fields.push(asn1::encode_tlv(0xa2, &[&asn1::unsigned_integer(salt)]));
    }
    Some(asn1::sequence(&[&fields.concat()]))
}

fn digest_identifier(digest: DigestAlgorithm) -> Option<Vec<u8>> {
    let identifier = AlgorithmIdentifier {
        oid: table::oid_of_digest(digest)?.into(),
        parameters: Some(NULL.to_vec()),
    };
    Some(identifier.to_der())
}
