//! What a signer claims to be and to commit to: signer-attributes of both versions and
//! commitment-type-indication (EN 319 122-1, 5.2.3 and 5.2.6).
//! Claims only: nobody certified them, and nothing here believes them.

use trien_types::CommitmentType;
use trien_x509::asn1::{self, Asn1Error, Element, Tag, encode_tlv};
use trien_x509::const_oid::ObjectIdentifier;

use super::expect;
use crate::oid;

/// Roles kept of one signature: people have one or two. Bounds what a hostile signer can make a
/// report carry.
pub(crate) const MOST_ROLES: usize = 16;

/// Octets of one role: X.520 bounds a title at 64 characters, a line of a signature block is
/// shorter than this in any alphabet.
pub(crate) const MOST_ROLE_OCTETS: usize = 512;

/// The attribute types whose values name a role: title (X.520, 6.4.3: the designated position in
/// an organisation), which is what we write, and name, which EU DSS writes.
const ROLE_TYPES: [ObjectIdentifier; 2] = [oid::AT_TITLE, oid::AT_NAME];

/// The claimed roles of one value of signer-attributes or signer-attributes-v2, in the order
/// received; what is no text is left out.
///
/// ```text
/// SignerAttributeV2 ::= SEQUENCE { claimedAttributes [0] EXPLICIT SEQUENCE OF Attribute OPTIONAL,
///   certifiedAttributesV2 [1] OPTIONAL, signedAssertions [2] OPTIONAL }
/// SignerAttribute   ::= SEQUENCE OF CHOICE { claimedAttributes [0], certifiedAttributes [1] }
/// ```
pub(crate) fn claimed_roles(element: &Element<'_>) -> Result<Vec<String>, Asn1Error> {
    let mut roles = Vec::new();
    let mut parts = expect(element, Tag::SEQUENCE)?.elements()?;
    while !parts.is_empty() {
        let part = parts.element()?;
        if part.tag() != Tag::context(0) {
            continue;
        }
        let mut inner = part.elements()?;
        let mut claimed = inner.expect(Tag::SEQUENCE)?.elements()?;
        inner.finish()?;
        while !claimed.is_empty() {
            let mut attribute = claimed.expect(Tag::SEQUENCE)?.elements()?;
            let kind = attribute
                .expect(Tag::OBJECT_IDENTIFIER)?
                .object_identifier()?;
            let mut values = attribute.expect(Tag::SET)?.elements()?;
            attribute.finish()?;
            while !values.is_empty() {
                let value = values.element()?;
                let is_role = ROLE_TYPES.iter().any(|role| kind == *role);
                if is_role && roles.len() < MOST_ROLES {
                    roles.extend(text(&value));
                }
            }
        }
    }
    Ok(roles)
}

/// A string that is what its type says, and no longer than a role is.
fn text(element: &Element<'_>) -> Option<String> {
    let octets = element.string_octets().ok()?;
    if octets.len() > MOST_ROLE_OCTETS {
        return None;
    }
    match element.tag() {
        Tag::UTF8_STRING => String::from_utf8(octets.into_owned()).ok(),
        Tag::PRINTABLE_STRING | Tag::IA5_STRING => octets
            .is_ascii()
            .then(|| String::from_utf8_lossy(&octets).into_owned()),
        Tag::BMP_STRING => {
            let units = octets.chunks(2).map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                _ => 0xd800,
            });
            char::decode_utf16(units).collect::<Result<_, _>>().ok()
        }
        _ => None,
    }
}

/// The commitment of one value of commitment-type-indication: its code where it is one of
/// EN 319 122-1, else its identifier in dots.
///
/// ```text
/// CommitmentTypeIndication ::= SEQUENCE { commitmentTypeId OBJECT IDENTIFIER,
///   commitmentTypeQualifier SEQUENCE OF CommitmentTypeQualifier OPTIONAL }
/// ```
pub(crate) fn commitment(element: &Element<'_>) -> Result<String, Asn1Error> {
    let mut reader = expect(element, Tag::SEQUENCE)?.elements()?;
    let stated = reader.expect(Tag::OBJECT_IDENTIFIER)?.object_identifier()?;
    Ok(CommitmentType::ALL
        .into_iter()
        .find(|one| identifier(*one).is_some_and(|known| stated == known))
        .map_or_else(|| stated.to_string(), |one| one.code().to_owned()))
}

/// id-cti-ets-… (RFC 5126, 5.11.1): 1.2.840.113549.1.9.16.6.1 to 6.6.
const fn identifier(commitment: CommitmentType) -> Option<ObjectIdentifier> {
    Some(match commitment {
        CommitmentType::ProofOfOrigin => oid::PROOF_OF_ORIGIN,
        CommitmentType::ProofOfReceipt => oid::PROOF_OF_RECEIPT,
        CommitmentType::ProofOfDelivery => oid::PROOF_OF_DELIVERY,
        CommitmentType::ProofOfSender => oid::PROOF_OF_SENDER,
        CommitmentType::ProofOfApproval => oid::PROOF_OF_APPROVAL,
        CommitmentType::ProofOfCreation => oid::PROOF_OF_CREATION,
        _ => return None,
    })
}

/// The signed attribute signer-attributes-v2 with one claimed role, as a title in UTF-8. DER.
#[must_use]
pub fn claimed_role_attribute(role: &str) -> Vec<u8> {
    let value = encode_tlv(0x0c, &[role.as_bytes()]);
    let title = crate::build::attribute(oid::AT_TITLE, &value);
    let claimed = encode_tlv(0xa0, &[&asn1::sequence(&[&title])]);
    crate::build::attribute(oid::SIGNER_ATTRIBUTES_V2, &asn1::sequence(&[&claimed]))
}

/// The signed attribute commitment-type-indication without qualifiers, DER; `None` for a
/// commitment that has no identifier.
#[must_use]
pub fn commitment_attribute(commitment: CommitmentType) -> Option<Vec<u8>> {
    let value = asn1::sequence(&[&asn1::oid(identifier(commitment)?)]);
    Some(crate::build::attribute(oid::COMMITMENT_TYPE, &value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::attribute;
    use trien_types::Limits;
    use trien_x509::asn1::Reader;

    /// The value of an attribute that was built.
    fn with_value<T>(built: &[u8], read: impl FnOnce(&Element<'_>) -> T) -> T {
        let limits = Limits::default();
        let element = Reader::new(built, &limits).element().unwrap();
        let mut parts = element.elements().unwrap();
        parts.element().unwrap();
        let value = parts.element().unwrap().elements().unwrap().element();
        read(&value.unwrap())
    }

    #[test]
    fn a_claimed_role_is_read_as_it_was_written() {
        let role = "KT. Hiệu trưởng, Phó hiệu trưởng";
        let built = claimed_role_attribute(role);
        assert_eq!(with_value(&built, claimed_roles).unwrap(), [role]);
        // The claimed attributes stand under an explicit [0]: the annex has EXPLICIT TAGS.
        let expected =
            "301d060704008195320101311230 10a00e300c300a0603 55040c31030c0141".replace(' ', "");
        let short = claimed_role_attribute("A");
        assert_eq!(trien_types::encode_hex(&short), expected);
    }

    #[test]
    fn the_first_version_and_other_alphabets_are_read_and_other_attributes_are_not() {
        let bmp: Vec<u8> = "Tổ trưởng"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        let name = attribute(oid::AT_NAME, &encode_tlv(0x1e, &[&bmp]));
        let other = attribute(oid::CONTENT_TYPE, &encode_tlv(0x0c, &[b"x"]));
        let claimed = encode_tlv(0xa0, &[&asn1::sequence(&[&other, &name])]);
        let certified = encode_tlv(0xa1, &[&asn1::sequence(&[])]);
        let value = asn1::sequence(&[&certified, &claimed]);
        let built = attribute(oid::SIGNER_ATTRIBUTES, &value);
        assert_eq!(with_value(&built, claimed_roles).unwrap(), ["Tổ trưởng"]);
    }

    #[test]
    fn roles_without_end_and_text_that_is_none_are_left_out() {
        let one = encode_tlv(0x0c, &[b"x"]);
        let many: Vec<&[u8]> = std::iter::repeat_n(one.as_slice(), 100).collect();
        let long = encode_tlv(0x0c, &[&[b'x'; MOST_ROLE_OCTETS + 1]]);
        let latin = encode_tlv(0x0c, &[&[0xe9]]);
        let values = [many.concat(), long, latin].concat();
        let title = asn1::sequence(&[&asn1::oid(oid::AT_TITLE), &encode_tlv(0x31, &[&values])]);
        let claimed = encode_tlv(0xa0, &[&asn1::sequence(&[&title])]);
        let built = attribute(oid::SIGNER_ATTRIBUTES_V2, &asn1::sequence(&[&claimed]));
        assert_eq!(with_value(&built, claimed_roles).unwrap().len(), MOST_ROLES);
        let nothing = attribute(oid::SIGNER_ATTRIBUTES_V2, &encode_tlv(0x04, &[b"x"]));
        assert!(with_value(&nothing, claimed_roles).is_err());
    }

    #[test]
    fn every_commitment_is_read_as_it_was_written_and_another_by_its_identifier() {
        for one in CommitmentType::ALL {
            let built = commitment_attribute(one).unwrap();
            assert_eq!(with_value(&built, commitment).unwrap(), one.code());
        }
        let own = asn1::sequence(&[&asn1::oid(oid::AT_NAME)]);
        let built = attribute(oid::COMMITMENT_TYPE, &own);
        assert_eq!(with_value(&built, commitment).unwrap(), "2.5.4.41");
    }
}
