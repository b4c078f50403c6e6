//! Trust anchors, and certification paths from a certificate to one of them at any given time.
//! Does not look at revocation, CMS, PDF or policy, fetches nothing and reads no clock.

mod anchor;
mod name_key;
mod path;
mod purpose;

pub use anchor::{
    AnchorFolder, AnchorFolderError, AnchorProblem, AnchorProblemKind, FolderLimits, TrustAnchor,
    TrustAnchors,
};
pub use path::{
    Budget, BudgetItem, CertificationPath, PathCheck, PathFailure, PathFailureReason, PathResult,
    build_paths,
};
pub use purpose::{AnchorPurposes, PathPurpose};
