//! Whether a path has the policies that its certificates and the caller demand (RFC 5280, 6.1).
//!
//! OpenSSL processes policies, but takes a missing initial policy set for an empty one, where
//! RFC 5280, 6.1.1 (c) means anyPolicy, and its binding offers no way to give it the set. So it
//! refuses every path on which an explicit policy is demanded, met or not; those paths are
//! decided here. As in RFC 9618, the policy tree is a graph with one node for each policy on a
//! level, so that its size is that of the extensions and not their product.

use std::collections::{HashMap, HashSet};

use trien_x509::Certificate;
use trien_x509::asn1::ObjectIdentifier;
use trien_x509::const_oid::ObjectIdentifier as Oid;

use super::stated_policies::Stated;

pub(super) const ANY_POLICY: Oid = Oid::new_unwrap("2.5.29.32.0");

/// A demand of the caller on policies (RFC 5280, 6.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PolicyDemand {
    /// The path must be valid for a policy (e: initial-explicit-policy).
    Explicit,
    /// anyPolicy stands for no other (g: initial-any-policy-inhibit).
    InhibitAnyPolicy,
    /// Policies are not mapped (f: initial-policy-mapping-inhibit).
    InhibitMapping,
}

/// What the caller demands of policies: the inputs (c), (e), (f) and (g) of RFC 5280, 6.1.1.
/// The default demands nothing and leaves it to the certificates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InitialPolicies {
    /// `None`: any.
    acceptable: Option<HashSet<ObjectIdentifier>>,
    demands: HashSet<PolicyDemand>,
}

impl InitialPolicies {
    /// Only these policies are acceptable (c: user-initial-policy-set). It counts where an
    /// explicit policy is demanded, by the caller or by a certificate.
    #[must_use]
    pub fn accepting(mut self, policies: impl IntoIterator<Item = ObjectIdentifier>) -> Self {
        self.acceptable = Some(policies.into_iter().collect());
        self
    }

    /// Adds a demand.
    #[must_use]
    pub fn demanding(mut self, demand: PolicyDemand) -> Self {
        self.demands.insert(demand);
        self
    }

    /// Whether nothing is demanded.
    pub(super) fn demands_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// Whether anyPolicy in a certificate stands for every expected policy.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AnyPolicy {
    Counts,
    Inhibited,
}

/// One level of the graph: which policies of the level above each policy comes from.
type Level = HashMap<ObjectIdentifier, Vec<ObjectIdentifier>>;

/// The state variables of RFC 5280, 6.1.2 that concern policies. The counters say after how many
/// more certificates that are not self-issued something begins to be demanded or forbidden.
struct State<'i> {
    initial: &'i InitialPolicies,
    /// The levels so far; the first is the root, the last one without nodes: the tree is NULL.
    levels: Vec<Level>,
    /// Which policies of the last level expect a policy in the next certificate.
    expecting: HashMap<ObjectIdentifier, Vec<ObjectIdentifier>>,
    explicit_policy: u64,
    inhibit_any_policy: u64,
    policy_mapping: u64,
}

/// The certificate at which the path lacks a policy it must have, or whose policy extensions
/// cannot be read; `None` when all is well. The anchor's own extensions do not count.
pub(super) fn refused_at<'a>(
    path: &[&'a Certificate],
    initial: &InitialPolicies,
) -> Option<&'a Certificate> {
    let below_anchor = path.len().saturating_sub(1);
    let beyond = u64::try_from(path.len()).unwrap_or(u64::MAX);
    let counter = |demand| {
        if initial.demands.contains(&demand) {
            0
        } else {
            beyond
        }
    };
    let any = ObjectIdentifier::from(ANY_POLICY);
    let mut state = State {
        initial,
        levels: vec![Level::from([(any.clone(), Vec::new())])],
        expecting: HashMap::from([(any.clone(), vec![any])]),
        explicit_policy: counter(PolicyDemand::Explicit),
        inhibit_any_policy: counter(PolicyDemand::InhibitAnyPolicy),
        policy_mapping: counter(PolicyDemand::InhibitMapping),
    };
    for (position, certificate) in path.iter().take(below_anchor).enumerate().rev() {
        let fine = match Stated::by(certificate) {
            Ok(stated) if position == 0 => state.end(&stated),
            Ok(stated) => state.pass(&stated, certificate),
            Err(_) => false,
        };
        if !fine {
            return Some(certificate);
        }
    }
    None
}

impl State<'_> {
    /// RFC 5280, 6.1.4, for every certificate but the last. Whether it is in order.
    fn pass(&mut self, stated: &Stated, certificate: &Certificate) -> bool {
        let self_issued = certificate.is_self_issued();
        let any_policy = match self.inhibit_any_policy {
            0 if !self_issued => AnyPolicy::Inhibited,
            _ => AnyPolicy::Counts,
        };
        let mut level = self.process(stated, any_policy);
        if self.explicit_policy == 0 && level.is_empty() {
            return false;
        }
        // 6.1.4 (a): anyPolicy is mapped neither from nor to.
        let maps_any = |(from, to): &(ObjectIdentifier, ObjectIdentifier)| {
            *from == ANY_POLICY || *to == ANY_POLICY
        };
        if stated.mappings.iter().any(maps_any) {
            return false;
        }
        self.map(stated, &mut level);
        self.levels.push(level);
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

    /// RFC 5280, 6.1.4 (b): an issuer's policy turns into the subject's, or is lost.
    fn map(&mut self, stated: &Stated, level: &mut Level) {
        let any = ObjectIdentifier::from(ANY_POLICY);
        let mapped: HashSet<&ObjectIdentifier> =
            stated.mappings.iter().map(|(from, _)| from).collect();
        self.expecting = HashMap::new();
        if self.policy_mapping == 0 {
            level.retain(|policy, _| !mapped.contains(policy));
        } else {
            let any_here = level.contains_key(&any);
            for (from, to) in &stated.mappings {
                if any_here {
                    let parents = || vec![any.clone()];
                    level.entry(from.clone()).or_insert_with(parents);
                }
                if level.contains_key(from) {
                    let expecting = self.expecting.entry(to.clone()).or_default();
                    expecting.push(from.clone());
                }
            }
        }
        for policy in level.keys().filter(|policy| !mapped.contains(policy)) {
            let expecting = self.expecting.entry(policy.clone()).or_default();
            expecting.push(policy.clone());
        }
    }

    /// RFC 5280, 6.1.5, for the last certificate.
    fn end(&mut self, stated: &Stated) -> bool {
        let any_policy = match self.inhibit_any_policy {
            0 => AnyPolicy::Inhibited,
            _ => AnyPolicy::Counts,
        };
        let level = self.process(stated, any_policy);
        let demanded = self.explicit_policy <= 1 || stated.require_explicit_policy == Some(0);
        self.levels.push(level);
        !demanded || self.has_acceptable()
    }

    /// RFC 5280, 6.1.3 (d): the tree's next level.
    fn process(&self, stated: &Stated, any_policy: AnyPolicy) -> Level {
        let any = ObjectIdentifier::from(ANY_POLICY);
        let any_above = self
            .levels
            .last()
            .is_some_and(|above| above.contains_key(&any));
        let mut level = Level::new();
        for policy in stated
            .policies
            .iter()
            .filter(|policy| **policy != ANY_POLICY)
        {
            if let Some(parents) = self.expecting.get(policy) {
                level.insert(policy.clone(), parents.clone());
            } else if any_above {
                level.insert(policy.clone(), vec![any.clone()]);
            }
        }
        if any_policy == AnyPolicy::Counts && stated.policies.contains(&any) {
            for (policy, parents) in &self.expecting {
                let parents = || parents.clone();
                level.entry(policy.clone()).or_insert_with(parents);
            }
        }
        level
    }

    /// RFC 5280, 6.1.5 (g): whether the lowest level holds a policy that comes from an acceptable
    /// one. Each node is looked at once.
    fn has_acceptable(&self) -> bool {
        let lowest = self.levels.last();
        let Some(acceptable) = &self.initial.acceptable else {
            return lowest.is_some_and(|level| !level.is_empty());
        };
        let any = ObjectIdentifier::from(ANY_POLICY);
        // (g) (iii) 3: anyPolicy at the end stands for every acceptable policy.
        if lowest.is_some_and(|level| level.contains_key(&any)) {
            return acceptable.iter().next().is_some();
        }
        let mut here: HashSet<&ObjectIdentifier> = lowest
            .map(|level| level.keys().collect())
            .unwrap_or_default();
        for level in self.levels.iter().rev() {
            let mut above = HashSet::new();
            for policy in here {
                for parent in level.get(policy).into_iter().flatten() {
                    if *parent != any {
                        above.insert(parent);
                    } else if acceptable.contains(policy) {
                        return true;
                    }
                }
            }
            here = above;
        }
        false
    }
}
