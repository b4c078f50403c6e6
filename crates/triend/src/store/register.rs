//! The register of signers and bodies (TT 41/2017, art. 6 and 7.3; NĐ 30/2020, art. 13) and of who
//! holds the seal device (art. 5).
//! Does not judge certificates, nor whether somebody may hold a role.

mod seal;
mod signer;
mod term;

pub use seal::{NewSealAssignment, SealAssignment, SealAssignmentId};
pub use signer::{NewSigner, Signer, SignerId};
pub use term::{Term, TermError};

pub(super) use seal::{assignment_hashes, return_hashes};
pub(super) use signer::{end_hashes, find as find_signer, read_certificate, signer_hashes};
