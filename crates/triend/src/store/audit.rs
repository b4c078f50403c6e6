//! The log of everything that changed: a chain in which each entry hashes the one before it.
//! Does not know the things that changed, only their hashes: no names are kept here.

mod check;
mod fault;
mod head;

use std::fmt;

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};
use trien_types::UnixTime;

use super::Store;
use super::canonical::Canonical;
use super::content_hash::ContentHash;
use super::error::StoreError;
use super::pairing;
use super::register::{self, SignerId};
use crate::caller::PairingId;

pub use check::AuditTrail;
pub use fault::{AuditFault, RowKind};

pub use head::{AuditHead, HeadFormError, HeadSeal, SealError, SealedHead};

pub(super) use check::check;
pub(super) use head::head_of;

/// What stands before the first entry.
pub(super) const BEFORE_THE_FIRST: ContentHash = ContentHash::from_octets([0; 32]);

/// Who caused a change. People are named by their number in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Actor {
    /// Whoever administers the machine.
    Administrator,
    /// A page or program that is paired.
    Pairing(PairingId),
    /// The program itself.
    Program,
    /// Somebody in the register of signers.
    Signer(SignerId),
}

impl fmt::Display for Actor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Administrator => formatter.write_str("administrator"),
            Self::Pairing(id) => write!(formatter, "pairing:{}", id.number()),
            Self::Program => formatter.write_str("program"),
            Self::Signer(id) => write!(formatter, "signer:{}", id.number()),
        }
    }
}

/// What changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Action {
    /// A certificate became a trust anchor.
    AnchorAdded,
    /// A certificate is no trust anchor any more.
    AnchorRemoved,
    /// What a person had agreed to was ended by them or by its caller.
    ConsentCancelled,
    /// The destruction of a record was decided and begun.
    DestructionBegun,
    /// Document and evidence of a record are gone.
    DestructionDone,
    /// An item of evidence was kept.
    EvidenceAdded,
    /// An item of evidence was destroyed.
    EvidenceDestroyed,
    /// Digests were signed that a program had made (CSC API).
    DigestsSigned,
    /// The end of the log was signed or time-stamped.
    HeadSealed,
    /// A page or program was paired with the daemon.
    PairingAdded,
    /// A pairing was ended.
    PairingEnded,
    /// A pairing was given a further right.
    PairingRightGranted,
    /// Documents were signed in a job.
    JobSigned,
    /// A token refused a PIN.
    PinIncorrect,
    /// A record was kept.
    RecordAdded,
    /// A record was withdrawn by notice.
    RecordWithdrawn,
    /// A seal device was assigned.
    SealAssigned,
    /// A seal device was returned.
    SealReturned,
    /// An entry came into the register.
    SignerAdded,
    /// An entry of the register was ended.
    SignerEnded,
    /// The store was made; the subject is its identity.
    StoreCreated,
    /// The store was brought to a later version.
    StoreMigrated,
    /// A backup was put in the store's place; the subject names both ends of the log.
    StoreRestored,
    /// The deletion of a withdrawn record was reported.
    WithdrawalReported,
}

impl Action {
    /// The name in the log. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::AnchorAdded => "anchor.added",
            Self::AnchorRemoved => "anchor.removed",
            Self::ConsentCancelled => "consent.cancelled",
            Self::DestructionBegun => "evidence.destruction-begun",
            Self::DestructionDone => "evidence.destruction-done",
            Self::EvidenceAdded => "evidence.item-added",
            Self::EvidenceDestroyed => "evidence.item-destroyed",
            Self::DigestsSigned => "digests.signed",
            Self::HeadSealed => "audit.head-sealed",
            Self::PairingAdded => "pairing.added",
            Self::PairingEnded => "pairing.ended",
            Self::PairingRightGranted => "pairing.right-granted",
            Self::JobSigned => "job.signed",
            Self::PinIncorrect => "pin.incorrect",
            Self::RecordAdded => "evidence.record-added",
            Self::RecordWithdrawn => "evidence.record-withdrawn",
            Self::SealAssigned => "register.seal-assigned",
            Self::SealReturned => "register.seal-returned",
            Self::SignerAdded => "register.signer-added",
            Self::SignerEnded => "register.signer-ended",
            Self::StoreCreated => "store.created",
            Self::StoreMigrated => "store.migrated",
            Self::StoreRestored => "store.restored",
            Self::WithdrawalReported => "evidence.withdrawal-reported",
        }
    }
}

/// One entry of the log, as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditEntry {
    /// Its number, from 1 without gaps.
    pub sequence: i64,
    /// When it was made, by the clock of the program that made it.
    pub time: UnixTime,
    /// Who caused it, as [`Actor`] writes it.
    pub actor: String,
    /// What changed, by [`Action::code`].
    pub action: String,
    /// SHA-256 of the canonical octets of what changed.
    pub subject: ContentHash,
    /// The hash of the entry before; zeros before the first.
    pub previous: ContentHash,
    /// SHA-256 of the canonical octets of all fields above.
    pub hash: ContentHash,
}

impl AuditEntry {
    /// The hash that the other fields give.
    #[must_use]
    pub fn computed_hash(&self) -> ContentHash {
        Canonical::of("trien.audit-entry/1")
            .number(self.sequence)
            .moment(self.time)
            .text(&self.actor)
            .text(&self.action)
            .hash_value(self.subject)
            .hash_value(self.previous)
            .hash()
    }

    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            sequence: row.get(0)?,
            time: UnixTime::from_seconds(row.get(1)?),
            actor: row.get(2)?,
            action: row.get(3)?,
            subject: row.get(4)?,
            previous: row.get(5)?,
            hash: row.get(6)?,
        })
    }
}

const COLUMNS: &str = "sequence, time, actor, action, subject, previous, hash";

/// The last entry.
pub(super) fn last(connection: &Connection) -> Result<Option<AuditEntry>, StoreError> {
    let query = format!("SELECT {COLUMNS} FROM audit_entry ORDER BY sequence DESC LIMIT 1");
    Ok(connection
        .query_row(&query, [], AuditEntry::from_row)
        .optional()?)
}

/// Adds an entry, in the transaction of the change that it tells of. An actor who is not in the
/// register, or whose pairing has ended, changes nothing.
pub(super) fn append(
    transaction: &Transaction<'_>,
    time: UnixTime,
    actor: Actor,
    action: Action,
    subject: ContentHash,
) -> Result<AuditEntry, StoreError> {
    match actor {
        Actor::Signer(id) => {
            register::find_signer(transaction, id)?;
        }
        Actor::Pairing(id) => pairing::holds(transaction, id)?,
        Actor::Administrator | Actor::Program => {}
    }
    append_past(transaction, time, actor, action, subject)
}

/// As [`append`], for what has happened already: it is told though the pairing has ended since.
pub(super) fn append_past(
    transaction: &Transaction<'_>,
    time: UnixTime,
    actor: Actor,
    action: Action,
    subject: ContentHash,
) -> Result<AuditEntry, StoreError> {
    let last = last(transaction)?;
    let mut entry = AuditEntry {
        sequence: last
            .as_ref()
            .map_or(0, |entry| entry.sequence)
            .saturating_add(1),
        time,
        actor: actor.to_string(),
        action: action.code().to_owned(),
        subject,
        previous: last.map_or(BEFORE_THE_FIRST, |entry| entry.hash),
        hash: BEFORE_THE_FIRST,
    };
    entry.hash = entry.computed_hash();
    transaction.execute(
        "INSERT INTO audit_entry (sequence, time, actor, action, subject, previous, hash)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            entry.sequence,
            entry.time.seconds(),
            entry.actor,
            entry.action,
            entry.subject,
            entry.previous,
            entry.hash,
        ],
    )?;
    Ok(entry)
}

impl Store {
    /// The log's last entry.
    ///
    /// # Errors
    /// The database cannot be read, or the log is empty, which no store's log is.
    pub fn last_audit_entry(&self) -> Result<AuditEntry, StoreError> {
        last(&self.connection)?.ok_or_else(|| StoreError::NotAStore(self.path()))
    }

    /// Entries of the log from number `first` on, at most `count`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn audit_entries(&self, first: i64, count: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let query = format!(
            "SELECT {COLUMNS} FROM audit_entry WHERE sequence >= ?1 ORDER BY sequence LIMIT ?2"
        );
        let mut statement = self.connection.prepare(&query)?;
        let rows = statement.query_map(params![first, count], AuditEntry::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
