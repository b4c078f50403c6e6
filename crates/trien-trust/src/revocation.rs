//! What CRLs (RFC 5280, 5) and OCSP responses (RFC 6960) say about a certificate.
//!
//! Knows no time: every [`StatusStatement`] that a pool of evidence makes is listed with its dates
//! and its signer, and everything that looked like one and is none is listed with the reason.
//! Whether a statement is fresh enough, and whether its signer was itself revoked, is policy.
//! [`StatusAnswer::status_at`] is a convenience for callers without one. Fetches nothing.

mod at_time;
mod certificate_list;
mod delta;
mod evidence;
mod question;
mod rejection;
mod responder;
mod scope;
mod signer;
mod statement;

pub use at_time::StatusAt;
pub use evidence::{EvidenceId, EvidenceKind, RevocationEvidence, UnreadableEvidence};
pub use question::{StatusAnswer, StatusSubject};
pub use rejection::{RejectedEvidence, RejectionReason};
pub use statement::{
    EvidenceUse, Revocation, SignerRole, StatedStatus, StatementDeviation, StatementKind,
    StatementSigner, StatusStatement,
};
