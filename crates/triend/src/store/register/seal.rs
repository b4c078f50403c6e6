//! Who holds the device with the body's key (TT 41/2017, art. 5; NĐ 30/2020, art. 32).
//! Does not know the device itself, only the name its owner gives it.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use trien_types::{Role, UnixTime};

use super::super::Store;
use super::super::audit::{Action, Actor, append};
use super::super::canonical::{Canonical, RowHash, one_hash, row_hashes};
use super::super::error::{StoreError, Subject};
use super::super::short_text::ShortText;
use super::signer::{SignerId, find};
use super::term::{Term, TermError};

/// The number of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SealAssignmentId(i64);

impl SealAssignmentId {
    /// The assignment of this number, which may or may not be there.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// A seal device that is given to a clerk.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewSealAssignment {
    /// Label or serial number of the device.
    pub device: ShortText,
    /// The clerk's entry in the register.
    pub clerk: SignerId,
    /// The decision that assigns it.
    pub decision: ShortText,
    /// From when until when.
    pub term: Term,
}

impl NewSealAssignment {
    /// The device goes to the clerk by that decision.
    #[must_use]
    pub const fn new(device: ShortText, clerk: SignerId, decision: ShortText, term: Term) -> Self {
        Self {
            device,
            clerk,
            decision,
            term,
        }
    }
}

/// An assignment as it stands in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SealAssignment {
    /// Its number.
    pub id: SealAssignmentId,
    /// Label or serial number of the device.
    pub device: ShortText,
    /// The clerk's entry in the register.
    pub clerk: SignerId,
    /// The decision that assigns it.
    pub decision: ShortText,
    /// From when until when, with a return that came later.
    pub term: Term,
}

const ASSIGNMENTS: &str = "SELECT id, device, clerk, decision, from_time,
    coalesce(seal_return.until_time, seal_assignment.until_time)
    FROM seal_assignment LEFT JOIN seal_return ON seal_return.assignment = seal_assignment.id";

impl SealAssignment {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let until: Option<i64> = row.get(5)?;
        Ok(Self {
            id: SealAssignmentId(row.get(0)?),
            device: row.get(1)?,
            clerk: SignerId::from_number(row.get(2)?),
            decision: row.get(3)?,
            term: Term::as_stored(
                UnixTime::from_seconds(row.get(4)?),
                until.map(UnixTime::from_seconds),
            ),
        })
    }
}

impl Store {
    /// Records that a seal device is given to a clerk.
    ///
    /// # Errors
    /// The entry is not there or no clerk's, does not hold all that time, or the device is
    /// somebody's for part of it.
    pub fn assign_seal(
        &mut self,
        new: &NewSealAssignment,
        actor: Actor,
        time: UnixTime,
    ) -> Result<SealAssignmentId, StoreError> {
        self.change(|transaction| {
            let clerk = find(transaction, new.clerk)?;
            if clerk.known_role() != Some(Role::Clerk) {
                return Err(StoreError::NotAClerk);
            }
            // An open assignment of a clerk whose entry ends: it ends with the entry.
            if !clerk.term.contains(new.term.from())
                || new.term.until().is_some() && !clerk.term.covers(&new.term)
            {
                return Err(TermError::OutsideSigner.into());
            }
            let present = matching(transaction, "device = ?1", &new.device)?;
            for assignment in present {
                if held(transaction, &assignment)?.is_some_and(|term| term.overlaps(&new.term)) {
                    return Err(StoreError::AlreadyThere(Subject::SealAssignment));
                }
            }
            transaction.execute(
                "INSERT INTO seal_assignment (device, clerk, decision, from_time, until_time)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    new.device,
                    new.clerk.number(),
                    new.decision,
                    new.term.from().seconds(),
                    new.term.until().map(UnixTime::seconds),
                ],
            )?;
            let id = transaction.last_insert_rowid();
            let subject = one_hash(&assignment_hashes(transaction, Some(id))?)?;
            append(transaction, time, actor, Action::SealAssigned, subject)?;
            Ok(SealAssignmentId(id))
        })
    }

    /// Records that a seal device was given back: from `until` on it is nobody's.
    ///
    /// # Errors
    /// There is no such assignment, it has been ended, or the end is not after its start or later
    /// than the end it has.
    pub fn return_seal(
        &mut self,
        id: SealAssignmentId,
        until: UnixTime,
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            let assignment = matching(transaction, "id = ?1", id.0)?
                .pop()
                .ok_or(StoreError::NotFound(Subject::SealAssignment, id.0))?;
            let returned = transaction
                .query_row(
                    "SELECT 1 FROM seal_return WHERE assignment = ?1",
                    [id.0],
                    |_| Ok(()),
                )
                .optional()?;
            if returned.is_some() {
                return Err(StoreError::AlreadyEnded(Subject::SealAssignment));
            }
            assignment.term.ended(until)?;
            transaction.execute(
                "INSERT INTO seal_return (assignment, until_time) VALUES (?1, ?2)",
                params![id.0, until.seconds()],
            )?;
            let subject = one_hash(&return_hashes(transaction, Some(id.0))?)?;
            append(transaction, time, actor, Action::SealReturned, subject)?;
            Ok(())
        })
    }

    /// All assignments, in the order they came.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn seal_assignments(&self) -> Result<Vec<SealAssignment>, StoreError> {
        matching(&self.connection, "?1", 1)
    }

    /// Who holds the device at `time`: an assignment that holds, of a clerk whose entry holds.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn seal_holder(
        &self,
        device: &ShortText,
        time: UnixTime,
    ) -> Result<Option<SealAssignment>, StoreError> {
        self.view(|connection| {
            for assignment in matching(connection, "device = ?1", device)? {
                if held(connection, &assignment)?.is_some_and(|term| term.contains(time)) {
                    return Ok(Some(assignment));
                }
            }
            Ok(None)
        })
    }
}

/// The time of an assignment in which its clerk's entry holds too.
fn held(connection: &Connection, assignment: &SealAssignment) -> Result<Option<Term>, StoreError> {
    let clerk = find(connection, assignment.clerk)?;
    let Some(until) = clerk.term.until() else {
        return Ok(Some(assignment.term));
    };
    let earlier = assignment.term.until().map_or(until, |own| own.min(until));
    Ok(Term::new(assignment.term.from(), Some(earlier)).ok())
}

fn matching(
    connection: &Connection,
    condition: &str,
    value: impl rusqlite::ToSql,
) -> Result<Vec<SealAssignment>, StoreError> {
    let query = format!("{ASSIGNMENTS} WHERE {condition} ORDER BY id");
    let mut statement = connection.prepare(&query)?;
    let rows = statement.query_map([value], SealAssignment::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The canonical hash of each assignment, or of one, computed from the database.
pub(in crate::store) fn assignment_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT id, device, clerk, decision, from_time, until_time
         FROM seal_assignment WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
        id,
        |row, id| {
            Ok(Canonical::of("trien.seal-assignment/1")
                .number(id)
                .text(row.get_ref(1)?.as_str()?)
                .number(row.get(2)?)
                .text(row.get_ref(3)?.as_str()?)
                .number(row.get(4)?)
                .optional(row.get(5)?, Canonical::number))
        },
    )
}

/// The canonical hash of each return, or of one.
pub(in crate::store) fn return_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT assignment, until_time FROM seal_return
         WHERE ?1 IS NULL OR assignment = ?1 ORDER BY assignment",
        id,
        |row, id| {
            Ok(Canonical::of("trien.seal-return/1")
                .number(id)
                .number(row.get(1)?))
        },
    )
}
