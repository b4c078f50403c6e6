//! Whether the log is what was written: the chain, its start, and that what stands in the stores is
//! what the log tells of.
//! Does not know who altered what; it says where.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension as _};

use super::super::canonical::RowHash;
use super::super::content_hash::ContentHash;
use super::super::error::StoreError;
use super::super::{Store, blob, evidence, pairing, register, schema};
use super::fault::{AuditFault, RowKind};
use super::head::{AuditHead, SealedHead, head_hashes, sealed_heads};
use super::{Action, AuditEntry, BEFORE_THE_FIRST, COLUMNS};

/// Faults listed one by one; a log that was written anew has as many as entries.
const MOST_FAULTS: usize = 100;

/// What the check of a log found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AuditTrail {
    /// Entries read.
    pub entries: u64,
    /// The last entry's number and hash.
    pub end: Option<(i64, ContentHash)>,
    /// The faults found, the first hundred of them.
    pub faults: Vec<AuditFault>,
    /// The last head that is kept and vouched for: up to this entry nobody writes the log anew.
    pub last_sealed: Option<i64>,
    /// Faults beyond those listed.
    pub further_faults: u64,
}

impl AuditTrail {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) const fn new() -> Self {
        Self {
            entries: 0,
            end: None,
            last_sealed: None,
            faults: Vec::new(),
            further_faults: 0,
        }
    }

    pub(super) fn add(&mut self, fault: AuditFault) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        } else {
            self.further_faults = self.further_faults.saturating_add(1);
        }
    }
}

impl Store {
    /// Checks the whole log and that the stores hold what it tells of, octet for octet.
    ///
    /// # Errors
    /// The database cannot be read. Whatever was altered is a fault in the result.
    pub fn check_audit(&self) -> Result<AuditTrail, StoreError> {
        self.check_audit_against(&[])
    }

    /// As [`Store::check_audit`], and that every exported head is still in the log: without one
    /// from outside, who cuts off the end together with all that it tells of is not seen.
    ///
    /// # Errors
    /// As there.
    pub fn check_audit_against(&self, exported: &[AuditHead]) -> Result<AuditTrail, StoreError> {
        self.view(|connection| check(connection, exported))
    }
}

pub(in crate::store) fn check(
    connection: &Connection,
    exported: &[AuditHead],
) -> Result<AuditTrail, StoreError> {
    let mut trail = AuditTrail::new();
    check_chain(connection, &mut trail)?;
    check_heads(connection, exported, &mut trail)?;
    check_rows(connection, &mut trail)?;
    for sha256 in blob::altered(connection)? {
        trail.add(AuditFault::OctetsAltered { sha256 });
    }
    for name in schema::differences(connection)? {
        trail.add(AuditFault::SchemaDiffers { name });
    }
    Ok(trail)
}

fn check_chain(connection: &Connection, trail: &mut AuditTrail) -> Result<(), StoreError> {
    let store = schema::store_id(connection)?;
    let query = format!("SELECT {COLUMNS} FROM audit_entry ORDER BY sequence");
    let mut statement = connection.prepare(&query)?;
    let mut rows = statement.query([])?;
    let mut previous = BEFORE_THE_FIRST;
    let mut expected = 1_i64;
    while let Some(row) = rows.next()? {
        let entry = AuditEntry::from_row(row)?;
        let sequence = entry.sequence;
        if trail.entries == 0
            && (entry.action != Action::StoreCreated.code() || entry.subject != store)
        {
            trail.add(AuditFault::OfAnotherStore);
        }
        if sequence != expected {
            let found = sequence;
            trail.add(AuditFault::EntriesMissing { expected, found });
        }
        if entry.previous != previous {
            trail.add(AuditFault::ChainBroken { sequence });
        }
        if entry.computed_hash() != entry.hash {
            trail.add(AuditFault::EntryAltered { sequence });
        }
        previous = entry.hash;
        expected = sequence.saturating_add(1);
        trail.entries = trail.entries.saturating_add(1);
        trail.end = Some((sequence, entry.hash));
    }
    if trail.entries == 0 {
        trail.add(AuditFault::Empty);
    }
    Ok(())
}

/// Heads that are kept must be vouched for; those and exported ones must be in the log.
fn check_heads(
    connection: &Connection,
    exported: &[AuditHead],
    trail: &mut AuditTrail,
) -> Result<(), StoreError> {
    let store = schema::store_id(connection)?;
    for SealedHead { head, seal } in sealed_heads(connection)? {
        let sequence = head.sequence;
        if !seal.holds_for(&head.to_octets()) {
            trail.add(AuditFault::SealBroken { sequence });
        } else if is_in_log(connection, &head, trail)? {
            trail.last_sealed = trail.last_sealed.max(Some(sequence));
        }
    }
    for head in exported {
        if head.store == store {
            is_in_log(connection, head, trail)?;
        } else {
            let sequence = head.sequence;
            trail.add(AuditFault::HeadOfAnotherStore { sequence });
        }
    }
    Ok(())
}

fn is_in_log(
    connection: &Connection,
    head: &AuditHead,
    trail: &mut AuditTrail,
) -> Result<bool, StoreError> {
    let sequence = head.sequence;
    let found: Option<ContentHash> = connection
        .query_row(
            "SELECT hash FROM audit_entry WHERE sequence = ?1",
            [sequence],
            |row| row.get(0),
        )
        .optional()?;
    match found {
        Some(hash) if hash == head.hash => return Ok(true),
        Some(_) => trail.add(AuditFault::WrittenAnew { sequence }),
        None => trail.add(AuditFault::CutOff { sequence }),
    }
    Ok(false)
}

/// Where a kind of row is found, and which entries of the log say that one came or went.
struct Told {
    kind: RowKind,
    hashes: fn(&Connection, Option<i64>) -> Result<Vec<RowHash>, StoreError>,
    came: Action,
    went: Option<Action>,
}

const TOLD: &[Told] = &[
    Told {
        kind: RowKind::Destruction,
        hashes: evidence::begun_hashes,
        came: Action::DestructionBegun,
        went: None,
    },
    Told {
        kind: RowKind::DestructionEnd,
        hashes: evidence::done_hashes,
        came: Action::DestructionDone,
        went: None,
    },
    Told {
        kind: RowKind::Evidence,
        hashes: evidence::item_hashes,
        came: Action::EvidenceAdded,
        went: Some(Action::EvidenceDestroyed),
    },
    Told {
        kind: RowKind::Head,
        hashes: head_hashes,
        came: Action::HeadSealed,
        went: None,
    },
    Told {
        kind: RowKind::Pairing,
        hashes: pairing::pairing_hashes,
        came: Action::PairingAdded,
        went: None,
    },
    Told {
        kind: RowKind::PairingEnd,
        hashes: pairing::pairing_end_hashes,
        came: Action::PairingEnded,
        went: None,
    },
    Told {
        kind: RowKind::PairingRight,
        hashes: pairing::right_hashes,
        came: Action::PairingRightGranted,
        went: None,
    },
    Told {
        kind: RowKind::Record,
        hashes: evidence::record_hashes,
        came: Action::RecordAdded,
        went: None,
    },
    Told {
        kind: RowKind::Withdrawal,
        hashes: evidence::withdrawal_hashes,
        came: Action::RecordWithdrawn,
        went: None,
    },
    Told {
        kind: RowKind::WithdrawalReport,
        hashes: evidence::report_hashes,
        came: Action::WithdrawalReported,
        went: None,
    },
    Told {
        kind: RowKind::Signer,
        hashes: register::signer_hashes,
        came: Action::SignerAdded,
        went: None,
    },
    Told {
        kind: RowKind::SignerEnd,
        hashes: register::end_hashes,
        came: Action::SignerEnded,
        went: None,
    },
    Told {
        kind: RowKind::SealAssignment,
        hashes: register::assignment_hashes,
        came: Action::SealAssigned,
        went: None,
    },
    Told {
        kind: RowKind::SealReturn,
        hashes: register::return_hashes,
        came: Action::SealReturned,
        went: None,
    },
];

/// Rows that stand there and rows that came and did not go are the same rows.
fn check_rows(connection: &Connection, trail: &mut AuditTrail) -> Result<(), StoreError> {
    for told in TOLD {
        let mut came = entries_of(connection, told.came)?;
        if let Some(went) = told.went {
            for subject in entries_of(connection, went)?.keys() {
                came.remove(subject);
            }
        }
        for RowHash { id, hash } in (told.hashes)(connection, None)? {
            if came.remove(&hash).is_none() {
                let kind = told.kind;
                trail.add(AuditFault::RowUnlogged { kind, id });
            }
        }
        let mut missing: Vec<i64> = came.into_values().collect();
        missing.sort_unstable();
        for sequence in missing {
            let kind = told.kind;
            trail.add(AuditFault::RowMissing { kind, sequence });
        }
    }
    Ok(())
}

/// Subjects of the entries of one action, with their numbers. The subject of a row holds the row's
/// number, so no two are the same.
fn entries_of(
    connection: &Connection,
    action: Action,
) -> Result<HashMap<ContentHash, i64>, StoreError> {
    let mut statement =
        connection.prepare("SELECT subject, sequence FROM audit_entry WHERE action = ?1")?;
    let rows = statement.query_map([action.code()], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
