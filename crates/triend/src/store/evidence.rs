//! Evidence kept with outgoing and incoming records (TT 41/2017, art. 9, 10 and 12.3-4), and their
//! withdrawal (NĐ 30/2020, art. 18).
//! Does not judge what is kept: a signature is judged elsewhere, with this as input.

mod completeness;
mod destruction;
mod item;
mod record;
mod withdrawal;

pub use completeness::{Completeness, MissingEvidence};
pub use destruction::{Destroyed, DocumentPlace, Traces};
pub use item::{EvidenceItem, EvidenceKind, KeptEvidence};
pub use record::{Direction, NewRecord, Record, RecordId, RecordState};
pub use withdrawal::{NewWithdrawal, Withdrawal, WithdrawalReport};

pub(super) use destruction::{begun_hashes, done_hashes};
pub(super) use item::item_hashes;
pub(super) use record::record_hashes;
pub(super) use withdrawal::{report_hashes, withdrawal_hashes};
