//! Trust anchors, and certification paths from a certificate to one of them at any given time.
//! Lists what revocation evidence says. Does not look at CMS, PDF or policy, fetches nothing and
//! reads no clock.

mod anchor;
mod name_key;
mod path;
mod purpose;
pub mod revocation;

pub use anchor::{
    AnchorFolder, AnchorFolderError, AnchorProblem, AnchorProblemKind, FolderLimits, TrustAnchor,
    TrustAnchors,
};
pub use path::{
    Budget, BudgetItem, CertificationPath, PathCheck, PathFailure, PathFailureReason, PathResult,
    build_paths,
};
pub use purpose::{AnchorPurposes, PathPurpose};
