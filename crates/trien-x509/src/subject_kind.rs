//! Whether a certificate names a person, an organisation, or a person in an organisation.
//! Does not know whether it may seal: that is the register's and the profile's question.

use crate::name::DistinguishedName;
use crate::oid;

/// Who a certificate is for, read from the prefixes of its UIDs as Vietnamese CAs write them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubjectKind {
    /// An organisation: its certificate may be a seal.
    Organisation,
    /// A person.
    Person,
    /// A person in an organisation: never a seal.
    PersonInOrganisation,
    /// No prefix tells; the register must.
    Unknown,
}

/// Citizen's card, old identity card, passport, social insurance number.
const PERSONAL: [&str; 4] = ["BHXH:", "CCCD:", "CMND:", "HC:"];
/// Tax code.
const ORGANISATIONAL: [&str; 1] = ["MST:"];
/// The tax code in the form of EN 319 412-1, 5.1.4.
const ORGANISATION_IDENTIFIER: &str = "VATVN-";

impl SubjectKind {
    /// Reads whole attribute values and looks at how they start; no text is searched for.
    #[must_use]
    pub fn of(subject: &DistinguishedName) -> Self {
        let mut personal = false;
        let mut organisational = false;
        for attribute in subject.attributes() {
            let text = attribute.text.trim_start();
            if attribute.oid == oid::USER_ID {
                personal |= PERSONAL.iter().any(|prefix| starts_with(text, prefix));
                organisational |= ORGANISATIONAL
                    .iter()
                    .any(|prefix| starts_with(text, prefix));
            }
            if attribute.oid == oid::USER_ID || attribute.oid == oid::ORGANIZATION_IDENTIFIER {
                organisational |= starts_with(text, ORGANISATION_IDENTIFIER);
            }
        }
        match (personal, organisational) {
            (true, true) => Self::PersonInOrganisation,
            (true, false) => Self::Person,
            (false, true) => Self::Organisation,
            (false, false) => Self::Unknown,
        }
    }
}

/// A prefix alone, with nothing behind it, identifies nobody.
fn starts_with(text: &str, prefix: &str) -> bool {
    text.split_at_checked(prefix.len())
        .is_some_and(|(start, rest)| start.eq_ignore_ascii_case(prefix) && !rest.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::{Reader, encode_tlv, oid as oid_der, sequence};
    use trien_types::Limits;

    fn kind(values: &[(const_oid::ObjectIdentifier, &str)]) -> SubjectKind {
        let sets: Vec<Vec<u8>> = values
            .iter()
            .map(|(oid, text)| {
                let value = encode_tlv(12, &[text.as_bytes()]);
                encode_tlv(0x31, &[&sequence(&[&oid_der(*oid), &value])])
            })
            .collect();
        let der = sequence(&[&sets.concat()]);
        let element = Reader::new(&der, &Limits::default()).element().unwrap();
        SubjectKind::of(&DistinguishedName::from_element(&element).unwrap())
    }

    #[test]
    fn uid_prefixes_decide_and_both_together_are_never_a_seal() {
        assert_eq!(
            kind(&[(oid::USER_ID, "CCCD:001099012345")]),
            SubjectKind::Person
        );
        assert_eq!(
            kind(&[(oid::USER_ID, "MST:0101234567-001")]),
            SubjectKind::Organisation
        );
        assert_eq!(
            kind(&[(oid::ORGANIZATION_IDENTIFIER, "VATVN-0101234567")]),
            SubjectKind::Organisation
        );
        assert_eq!(
            kind(&[
                (oid::USER_ID, "MST:0101234567"),
                (oid::USER_ID, "cmnd:012345678")
            ]),
            SubjectKind::PersonInOrganisation
        );
    }

    #[test]
    fn a_prefix_elsewhere_or_alone_decides_nothing() {
        assert_eq!(kind(&[(oid::USER_ID, "0101234567")]), SubjectKind::Unknown);
        assert_eq!(kind(&[(oid::USER_ID, "MST:")]), SubjectKind::Unknown);
        assert_eq!(
            kind(&[(oid::USER_ID, "x MST:0101234567")]),
            SubjectKind::Unknown
        );
        assert_eq!(
            kind(&[(oid::COMMON_NAME, "MST:0101234567")]),
            SubjectKind::Unknown
        );
    }
}
