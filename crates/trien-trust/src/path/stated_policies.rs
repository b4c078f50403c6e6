//! What one certificate says about policies (RFC 5280, 4.2.1.4, 4.2.1.5, 4.2.1.11, 4.2.1.14).
//! Does not know what follows from it.

use std::collections::HashSet;

use trien_types::Limits;
use trien_x509::Certificate;
use trien_x509::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag};
use trien_x509::const_oid::ObjectIdentifier as Oid;

const CERTIFICATE_POLICIES: Oid = Oid::new_unwrap("2.5.29.32");
const POLICY_MAPPINGS: Oid = Oid::new_unwrap("2.5.29.33");
const POLICY_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.36");
const INHIBIT_ANY_POLICY: Oid = Oid::new_unwrap("2.5.29.54");

#[derive(Default)]
pub(super) struct Stated {
    pub(super) policies: HashSet<ObjectIdentifier>,
    /// Issuer's policy, subject's policy.
    pub(super) mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
    pub(super) require_explicit_policy: Option<u64>,
    pub(super) inhibit_policy_mapping: Option<u64>,
    pub(super) inhibit_any_policy: Option<u64>,
}

impl Stated {
    pub(super) fn by(certificate: &Certificate) -> Result<Self, Asn1Error> {
        let limits = Limits::default();
        let value = |oid| {
            let extension = certificate.extension(oid);
            extension.map(|extension| Reader::new(&extension.value, &limits))
        };
        let mut stated = Self::default();
        // CertificatePolicies ::= SEQUENCE OF SEQUENCE { policyIdentifier, qualifiers OPTIONAL }
        if let Some(mut reader) = value(CERTIFICATE_POLICIES) {
            let mut list = reader.expect(Tag::SEQUENCE)?.elements()?;
            while !list.is_empty() {
                let mut information = list.expect(Tag::SEQUENCE)?.elements()?;
                stated.policies.insert(policy(&mut information)?);
            }
        }
        // PolicyMappings ::= SEQUENCE OF SEQUENCE { issuerDomainPolicy, subjectDomainPolicy }
        if let Some(mut reader) = value(POLICY_MAPPINGS) {
            let mut list = reader.expect(Tag::SEQUENCE)?.elements()?;
            while !list.is_empty() {
                let mut pair = list.expect(Tag::SEQUENCE)?.elements()?;
                let from = policy(&mut pair)?;
                stated.mappings.push((from, policy(&mut pair)?));
            }
        }
        // PolicyConstraints ::= SEQUENCE { requireExplicitPolicy [0] INTEGER OPTIONAL,
        //   inhibitPolicyMapping [1] INTEGER OPTIONAL }
        if let Some(mut reader) = value(POLICY_CONSTRAINTS) {
            let mut fields = reader.expect(Tag::SEQUENCE)?.elements()?;
            let number = |field: Option<Element<'_>>| field.map(|it| it.unsigned()).transpose();
            stated.require_explicit_policy = number(fields.optional(Tag::context(0))?)?;
            stated.inhibit_policy_mapping = number(fields.optional(Tag::context(1))?)?;
        }
        if let Some(mut reader) = value(INHIBIT_ANY_POLICY) {
            stated.inhibit_any_policy = Some(reader.expect(Tag::INTEGER)?.unsigned()?);
        }
        Ok(stated)
    }
}

fn policy(reader: &mut Reader<'_>) -> Result<ObjectIdentifier, Asn1Error> {
    reader.expect(Tag::OBJECT_IDENTIFIER)?.object_identifier()
}
