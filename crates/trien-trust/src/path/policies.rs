//! Whether a path has the explicit policy that a certificate on it demands (RFC 5280, 6.1).
//! Does not compute the policies themselves: only whether any is left.
//!
//! OpenSSL processes policies, but takes a missing initial policy set for an empty one, where
//! RFC 5280, 6.1.1 (c) means anyPolicy, and its binding offers no way to give it the set. So it
//! refuses every path on which an explicit policy is demanded, met or not; those paths are
//! decided here. A policy tree is empty exactly when its lowest level is, so that one level at a
//! time is enough (RFC 9618 makes the same use of it).

use std::collections::HashSet;

use trien_types::Limits;
use trien_x509::Certificate;
use trien_x509::asn1::{Asn1Error, Element, ObjectIdentifier, Reader, Tag};
use trien_x509::const_oid::ObjectIdentifier as Oid;

const CERTIFICATE_POLICIES: Oid = Oid::new_unwrap("2.5.29.32");
const POLICY_MAPPINGS: Oid = Oid::new_unwrap("2.5.29.33");
const POLICY_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.36");
const INHIBIT_ANY_POLICY: Oid = Oid::new_unwrap("2.5.29.54");

const ANY_POLICY: Oid = Oid::new_unwrap("2.5.29.32.0");

/// Whether anyPolicy in a certificate stands for every expected policy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AnyPolicy {
    Counts,
    Inhibited,
}

/// The state variables of RFC 5280, 6.1.2 that concern policies. The counters say after how many
/// more certificates that are not self-issued something begins to be demanded or forbidden.
struct State {
    /// Union of the expected policy sets of the tree's lowest level; empty: the tree is NULL.
    expected: HashSet<ObjectIdentifier>,
    explicit_policy: u64,
    inhibit_any_policy: u64,
    policy_mapping: u64,
}

/// What one certificate says about policies.
#[derive(Default)]
struct Stated {
    policies: HashSet<ObjectIdentifier>,
    /// Issuer's policy, subject's policy.
    mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
    require_explicit_policy: Option<u64>,
    inhibit_policy_mapping: Option<u64>,
    inhibit_any_policy: Option<u64>,
}

/// The certificate at which the path lacks a policy it must have, or whose policy extensions
/// cannot be read; `None` when all is well. The anchor's own extensions do not count.
pub(super) fn refused_at<'a>(path: &[&'a Certificate]) -> Option<&'a Certificate> {
    let below_anchor = path.len().saturating_sub(1);
    let beyond = u64::try_from(path.len()).unwrap_or(u64::MAX);
    let mut state = State {
        expected: HashSet::from([ANY_POLICY.into()]),
        explicit_policy: beyond,
        inhibit_any_policy: beyond,
        policy_mapping: beyond,
    };
    for (position, certificate) in path.iter().take(below_anchor).enumerate().rev() {
        let fine = match Stated::by(certificate) {
            Ok(stated) if position == 0 => state.end(stated),
            Ok(stated) => state.pass(stated, certificate),
            Err(_) => false,
        };
        if !fine {
            return Some(certificate);
        }
    }
    None
}

impl State {
    /// RFC 5280, 6.1.4, for every certificate but the last. Whether it is in order.
    fn pass(&mut self, stated: Stated, certificate: &Certificate) -> bool {
        let self_issued = certificate.is_self_issued();
        let any_policy = match self.inhibit_any_policy {
            0 if !self_issued => AnyPolicy::Inhibited,
            _ => AnyPolicy::Counts,
        };
        let mut valid = self.process(&stated, any_policy);
        if self.explicit_policy == 0 && valid.is_empty() {
            return false;
        }
        // 6.1.4 (a): anyPolicy is mapped neither from nor to.
        let maps_any = |(from, to): &(ObjectIdentifier, ObjectIdentifier)| {
            *from == ANY_POLICY || *to == ANY_POLICY
        };
        if stated.mappings.iter().any(maps_any) {
            return false;
        }
        // 6.1.4 (b): an issuer's policy turns into the subject's, or is lost.
        let any_valid = has_any(&valid);
        let mut mapped_to = HashSet::new();
        for (from, to) in &stated.mappings {
            if self.policy_mapping > 0 && (any_valid || valid.contains(from)) {
                mapped_to.insert(to.clone());
            }
        }
        for (from, _) in &stated.mappings {
            valid.remove(from);
        }
        valid.extend(mapped_to);
        self.expected = valid;
        // 6.1.4 (h) to (j)
        let step = u64::from(!self_issued);
        let lower = |counter: u64, stated: Option<u64>| {
            let counter = counter.saturating_sub(step);
            stated.map_or(counter, |stated| stated.min(counter))
        };
        self.explicit_policy = lower(self.explicit_policy, stated.require_explicit_policy);
        self.policy_mapping = lower(self.policy_mapping, stated.inhibit_policy_mapping);
        self.inhibit_any_policy = lower(self.inhibit_any_policy, stated.inhibit_any_policy);
        true
    }

    /// RFC 5280, 6.1.5, for the last certificate.
    fn end(&mut self, stated: Stated) -> bool {
        let any_policy = match self.inhibit_any_policy {
            0 => AnyPolicy::Inhibited,
            _ => AnyPolicy::Counts,
        };
        let valid = self.process(&stated, any_policy);
        let demanded = self.explicit_policy <= 1 || stated.require_explicit_policy == Some(0);
        !demanded || !valid.is_empty()
    }

    /// RFC 5280, 6.1.3 (d): the valid policies of the tree's next level.
    fn process(&self, stated: &Stated, any_policy: AnyPolicy) -> HashSet<ObjectIdentifier> {
        let any_expected = has_any(&self.expected);
        let mut valid: HashSet<ObjectIdentifier> = stated
            .policies
            .iter()
            .filter(|policy| **policy != ANY_POLICY)
            .filter(|policy| any_expected || self.expected.contains(*policy))
            .cloned()
            .collect();
        if any_policy == AnyPolicy::Counts && has_any(&stated.policies) {
            valid.extend(self.expected.iter().cloned());
        }
        valid
    }
}

impl Stated {
    fn by(certificate: &Certificate) -> Result<Self, Asn1Error> {
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

fn has_any(policies: &HashSet<ObjectIdentifier>) -> bool {
    policies.iter().any(|policy| *policy == ANY_POLICY)
}
