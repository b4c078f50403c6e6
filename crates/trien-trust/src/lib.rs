//! Trust anchors, and certification paths from a certificate to one of them at any given time.
//! Lists what revocation evidence says. Does not look at CMS, PDF or policy, fetches nothing and
//! reads no clock.

mod anchor;
mod name_key;
mod path;
mod purpose;
pub mod revocation;

pub use anchor::{
    AnchorBoundsError, AnchorFolder, AnchorFolderError, AnchorProblem, AnchorProblemKind,
    FolderLimits, KnownCertificate, KnownRole, TrustAnchor, TrustAnchors, certificates_in,
};
pub use path::{
    Budget, BudgetItem, CertificationPath, InitialPolicies, PathCheck, PathFailure,
    PathFailureReason, PathResult, PolicyDemand, build_paths, build_paths_with_policies,
};
pub use purpose::{AnchorPurposes, PathPurpose};
