//! Certification paths (RFC 5280, 6): from a certificate to a trust anchor, at a time.
//! Does not look at revocation or at the strength of algorithms: both are judged elsewhere.
//!
//! Paths are found here, one by one, and each is then put before OpenSSL alone, which decides
//! names, key identifiers, constraints and policies **without** time. Time is compared last, so
//! that an expired path that is otherwise in order can be told from a path that never held
//! (EN 319 102-1 concludes differently from the two).

mod budget;
mod extensions;
mod failure;
mod openssl_code;
mod policies;
mod search;
mod stated_policies;
mod verification;

use trien_types::UnixTime;
use trien_x509::Certificate;

use crate::anchor::TrustAnchors;
use crate::purpose::PathPurpose;

pub use budget::{Budget, BudgetItem};
pub use failure::{PathFailure, PathFailureReason};
pub use policies::{InitialPolicies, PolicyDemand};
pub(crate) use search::same_authority;

/// One thing that was checked on a path and holds. Revocation is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathCheck {
    /// The anchor's trust has not ended at the time.
    AnchorEnd,
    /// The anchor is trusted for the purpose.
    AnchorPurpose,
    /// Issuers are authorities and no path length is exceeded (RFC 5280, 4.2.1.9).
    BasicConstraints,
    /// No critical extension is unknown (RFC 5280, 4.2).
    CriticalExtensions,
    /// Key usages allow each key its part (RFC 5280, 4.2.1.3), the first one's the purpose.
    KeyUsage,
    /// Names are within the issuers' constraints (RFC 5280, 4.2.1.10).
    NameConstraints,
    /// Issuers' names and key identifiers lead from certificate to certificate.
    Names,
    /// Certificate policies are as the issuers demand (RFC 5280, 6.1.2).
    Policies,
    /// Each signature holds under the next certificate's key.
    Signatures,
    /// The time is within every certificate's validity, the anchor's too.
    Validity,
}

/// What holds at any time once a path holds at one.
pub(crate) const TIMELESS: [PathCheck; 8] = [
    PathCheck::Names,
    PathCheck::Signatures,
    PathCheck::BasicConstraints,
    PathCheck::KeyUsage,
    PathCheck::CriticalExtensions,
    PathCheck::NameConstraints,
    PathCheck::Policies,
    PathCheck::AnchorPurpose,
];

/// Certificates from the one asked about to an anchor, with what was checked on them.
/// Invariant: never empty; only this module makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificationPath {
    target: Certificate,
    /// The certificates above the target, the anchor last. Empty when the target is the anchor.
    issuers: Vec<Certificate>,
    checked: Vec<PathCheck>,
}

impl CertificationPath {
    pub(crate) const fn new(
        target: Certificate,
        issuers: Vec<Certificate>,
        checked: Vec<PathCheck>,
    ) -> Self {
        Self {
            target,
            issuers,
            checked,
        }
    }

    /// The certificates, the one asked about first and the anchor last.
    #[must_use]
    pub fn certificates(&self) -> impl DoubleEndedIterator<Item = &Certificate> {
        std::iter::once(&self.target).chain(&self.issuers)
    }

    /// The certificate asked about.
    #[must_use]
    pub const fn target(&self) -> &Certificate {
        &self.target
    }

    /// The certificates above it, each the issuer of the one before. Empty when it is the anchor.
    #[must_use]
    pub fn issuers(&self) -> &[Certificate] {
        &self.issuers
    }

    /// The anchor's certificate.
    #[must_use]
    pub fn anchor(&self) -> &Certificate {
        self.issuers.last().unwrap_or(&self.target)
    }

    /// What was checked and holds.
    #[must_use]
    pub fn checked(&self) -> &[PathCheck] {
        &self.checked
    }

    /// The certificates whose validity does not include `time`, in the path's order.
    pub fn outside_validity(&self, time: UnixTime) -> impl Iterator<Item = &Certificate> {
        self.certificates()
            .filter(move |certificate| !certificate.is_within_validity(time))
    }
}

/// What became of a search for paths.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathResult {
    /// At least one path holds.
    #[non_exhaustive]
    Found {
        /// The first path found.
        path: CertificationPath,
        /// Further ones: over cross certificates, or on to a second anchor above the first.
        others: Vec<CertificationPath>,
    },
    /// No path holds, for the most telling reason met.
    NotFound(PathFailure),
}

impl PathResult {
    /// The first path that holds.
    #[must_use]
    pub const fn path(&self) -> Option<&CertificationPath> {
        match self {
            Self::Found { path, .. } => Some(path),
            Self::NotFound(_) => None,
        }
    }

    /// All paths that hold, in the order found.
    pub fn paths(&self) -> impl Iterator<Item = &CertificationPath> {
        let others = match self {
            Self::Found { others, .. } => others.as_slice(),
            Self::NotFound(_) => &[],
        };
        self.path().into_iter().chain(others)
    }

    /// Why no path holds.
    #[must_use]
    pub const fn failure(&self) -> Option<&PathFailure> {
        match self {
            Self::Found { .. } => None,
            Self::NotFound(failure) => Some(failure),
        }
    }
}

/// Looks for certification paths from `target` to one of `anchors` that hold at `time` for
/// `purpose`. `candidates` may stand above the target; they come from anywhere and are not
/// trusted. Anchors' certificates are candidates too, so that a path may go on past one.
///
/// Found issuers are tried in this order: anchors before candidates, then those that the key
/// identifier names, then those valid at `time`, then as given. The search never takes the same
/// key of the same name twice and ends when `budget` is spent, whatever the candidates are.
#[must_use]
pub fn build_paths(
    target: &Certificate,
    candidates: &[Certificate],
    anchors: &TrustAnchors,
    time: UnixTime,
    purpose: PathPurpose,
    budget: &Budget,
) -> PathResult {
    let policies = InitialPolicies::default();
    build_paths_with_policies(
        target, candidates, anchors, time, purpose, budget, &policies,
    )
}

/// As [`build_paths`], and the paths must meet what `policies` demand.
#[must_use]
pub fn build_paths_with_policies(
    target: &Certificate,
    candidates: &[Certificate],
    anchors: &TrustAnchors,
    time: UnixTime,
    purpose: PathPurpose,
    budget: &Budget,
    policies: &InitialPolicies,
) -> PathResult {
    search::Search::new(target, candidates, anchors, time, purpose, budget, policies).run()
}
