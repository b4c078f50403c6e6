//! Withdrawal of a record by notice, its replacement, and the report back (NĐ 30/2020, art. 18).
//! Does not destroy anything: who receives a notice destroys, then reports.

use rusqlite::{Connection, OptionalExtension as _, params};
use trien_types::UnixTime;

use super::super::Store;
use super::super::audit::{Action, Actor, append};
use super::super::canonical::{Canonical, RowHash, one_hash, row_hashes};
use super::super::error::{StoreError, Subject};
use super::super::short_text::ShortText;
use super::record::{Direction, RecordId, RecordState, find};

/// A notice that a record is withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewWithdrawal {
    /// Number and symbol of the notice.
    pub notice: ShortText,
    /// The notice's time.
    pub notice_time: UnixTime,
    /// The record of equal form that takes the place of one with wrong content (art. 18.3).
    pub replaced_by: Option<RecordId>,
}

impl NewWithdrawal {
    /// A withdrawal without replacement; set the field where there is one.
    #[must_use]
    pub const fn new(notice: ShortText, notice_time: UnixTime) -> Self {
        Self {
            notice,
            notice_time,
            replaced_by: None,
        }
    }
}

/// A withdrawal as it stands in the store. It stays when the evidence is destroyed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Withdrawal {
    /// Number and symbol of the notice.
    pub notice: ShortText,
    /// The notice's time.
    pub notice_time: UnixTime,
    /// The record that takes its place.
    pub replaced_by: Option<RecordId>,
    /// Reports that copies were deleted: ours for a record received, the receivers' for one
    /// issued.
    pub reports: Vec<WithdrawalReport>,
}

/// A report that a withdrawn record was deleted (art. 18.4b).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WithdrawalReport {
    /// Number and symbol of the report.
    pub reference: ShortText,
    /// Its time.
    pub time: UnixTime,
}

impl Store {
    /// Records that a notice withdraws the record. Nothing is destroyed by that.
    ///
    /// # Errors
    /// There is no such record, it is withdrawn already, or what replaces it is not there, is the
    /// record itself, went the other way or is withdrawn.
    pub fn withdraw(
        &mut self,
        id: RecordId,
        new: &NewWithdrawal,
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            let record = find(transaction, id)?;
            if record.is_withdrawn {
                return Err(StoreError::AlreadyThere(Subject::Withdrawal));
            }
            if let Some(replacing) = new.replaced_by {
                let other = find(transaction, replacing)?;
                if other.id == id || other.direction != record.direction || other.is_withdrawn {
                    return Err(StoreError::NoReplacement(replacing));
                }
            }
            transaction.execute(
                "INSERT INTO withdrawal (record, notice, notice_time, replaced_by)
                 VALUES (?1, ?2, ?3, ?4)",
                params![
                    id.0,
                    new.notice,
                    new.notice_time.seconds(),
                    new.replaced_by.map(RecordId::number)
                ],
            )?;
            let subject = one_hash(&withdrawal_hashes(transaction, Some(id.0))?)?;
            append(transaction, time, actor, Action::RecordWithdrawn, subject)?;
            Ok(())
        })
    }

    /// Records that a withdrawn record was deleted and that this was reported.
    ///
    /// # Errors
    /// There is no such record, it is not withdrawn, or it was received and is still kept: who
    /// reports has deleted.
    pub fn report_withdrawal(
        &mut self,
        id: RecordId,
        report: &ShortText,
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            let record = find(transaction, id)?;
            if !record.is_withdrawn {
                return Err(StoreError::NotFound(Subject::Withdrawal, id.0));
            }
            if record.direction == Direction::Incoming && record.state != RecordState::Destroyed {
                return Err(StoreError::StillKept(id));
            }
            transaction.execute(
                "INSERT INTO withdrawal_report (record, reference, report_time)
                 VALUES (?1, ?2, ?3)",
                params![id.0, report, time.seconds()],
            )?;
            let row = transaction.last_insert_rowid();
            let subject = one_hash(&report_hashes(transaction, Some(row))?)?;
            append(
                transaction,
                time,
                actor,
                Action::WithdrawalReported,
                subject,
            )?;
            Ok(())
        })
    }

    /// The withdrawal of a record, where it is withdrawn.
    ///
    /// # Errors
    /// There is no such record, or the database cannot be read.
    pub fn withdrawal(&self, id: RecordId) -> Result<Option<Withdrawal>, StoreError> {
        self.view(|connection| {
            find(connection, id)?;
            let found = connection
                .query_row(
                    "SELECT notice, notice_time, replaced_by FROM withdrawal WHERE record = ?1",
                    [id.0],
                    |row| {
                        Ok(Withdrawal {
                            notice: row.get(0)?,
                            notice_time: UnixTime::from_seconds(row.get(1)?),
                            replaced_by: row.get::<_, Option<i64>>(2)?.map(RecordId),
                            reports: Vec::new(),
                        })
                    },
                )
                .optional()?;
            let Some(mut withdrawal) = found else {
                return Ok(None);
            };
            let mut statement = connection.prepare(
                "SELECT reference, report_time FROM withdrawal_report
                 WHERE record = ?1 ORDER BY id",
            )?;
            let rows = statement.query_map([id.0], |row| {
                Ok(WithdrawalReport {
                    reference: row.get(0)?,
                    time: UnixTime::from_seconds(row.get(1)?),
                })
            })?;
            withdrawal.reports = rows.collect::<Result<_, _>>()?;
            Ok(Some(withdrawal))
        })
    }
}

/// The canonical hash of each withdrawal, or of one, computed from the database.
pub(in crate::store) fn withdrawal_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT record, notice, notice_time, replaced_by FROM withdrawal
         WHERE ?1 IS NULL OR record = ?1 ORDER BY record",
        id,
        |row, id| {
            Ok(Canonical::of("trien.withdrawal/1")
                .number(id)
                .text(row.get_ref(1)?.as_str()?)
                .number(row.get(2)?)
                .optional(row.get(3)?, Canonical::number))
        },
    )
}

/// The canonical hash of each report, or of one.
pub(in crate::store) fn report_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT id, record, reference, report_time FROM withdrawal_report
         WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
        id,
        |row, id| {
            Ok(Canonical::of("trien.withdrawal-report/1")
                .number(id)
                .number(row.get(1)?)
                .text(row.get_ref(2)?.as_str()?)
                .number(row.get(3)?))
        },
    )
}
