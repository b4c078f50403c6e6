//! The stores in one SQLite file: register, evidence, audit log.
//! Does not know where the folder is to be, who may call, or what time it is.
//!
//! Every change is one transaction together with its entry in the log; it is there whole or not at
//! all, whatever ends the process (docs/adr/0014-one-database-for-what-the-law-keeps.md).

mod anchor;
mod audit;
mod backup;
mod blob;
mod canonical;
mod content_hash;
mod error;
mod evidence;
mod files;
mod job;
mod pairing;
mod register;
mod schema;
mod short_text;
mod signing;

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use trien_types::UnixTime;

pub use audit::{
    Action, Actor, AuditEntry, AuditFault, AuditHead, AuditTrail, HeadFormError, HeadSeal, RowKind,
    SealError, SealedHead,
};
pub use backup::{Restored, StoreCheck};
pub use content_hash::ContentHash;
pub use error::{DatabaseFailure, StoreError, Subject};
pub use evidence::{
    Completeness, Destroyed, Direction, DocumentPlace, EvidenceItem, EvidenceKind, KeptEvidence,
    MissingEvidence, NewRecord, NewWithdrawal, Record, RecordId, RecordState, Traces, Withdrawal,
    WithdrawalReport,
};
pub use job::{JobDocumentRow, JobLogged, JobRemoval, JobRow, JobSigned};
pub use pairing::{NewPairing, Pairing};
pub use register::{
    NewSealAssignment, NewSigner, SealAssignment, SealAssignmentId, Signer, SignerId, Term,
    TermError,
};
pub use short_text::{ShortText, TextFault};
pub(crate) use short_text::{first_unseen, is_unprintable, visible_part};
pub use signing::SigningEvent;

use files::{Presence, StoreFiles};

/// How long a change waits for another process that is writing. A change takes milliseconds; who
/// waits longer is told.
const WAIT_FOR_OTHERS: Duration = Duration::from_secs(10);

/// An open store. Several processes may have the same one open; one of them writes at a time.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    files: StoreFiles,
}

impl Store {
    /// Makes a store in `folder`, which is made too where it is not there. `time` is the moment of
    /// the log's first entry.
    ///
    /// # Errors
    /// There is a store already, or the folder cannot be written.
    pub fn create(folder: &Path, time: UnixTime) -> Result<Self, StoreError> {
        let files = StoreFiles::lock(folder, Presence::New)?;
        let mut connection = connect(&files)?;
        schema::create(&mut connection, time)?;
        Ok(Self { connection, files })
    }

    /// Opens the store in `folder`. One of an earlier version of this program is brought to the
    /// present one, with an entry of `time` in the log.
    ///
    /// # Errors
    /// There is none, it is no store or one of a later version, others can read its file, or it
    /// cannot be opened.
    pub fn open(folder: &Path, time: UnixTime) -> Result<Self, StoreError> {
        let files = StoreFiles::lock(folder, Presence::Existing)?;
        let mut connection = connect(&files)?;
        schema::migrate(&mut connection, &files.database(), time)?;
        Ok(Self { connection, files })
    }

    /// Opens the store in `folder`, or makes it where there is none.
    ///
    /// # Errors
    /// As [`Store::open`] and [`Store::create`].
    pub fn open_or_create(folder: &Path, time: UnixTime) -> Result<Self, StoreError> {
        match Self::create(folder, time) {
            Err(StoreError::StoreExists(_)) => Self::open(folder, time),
            other => other,
        }
    }

    /// The database file.
    #[must_use]
    pub fn path(&self) -> std::path::PathBuf {
        self.files.database()
    }

    /// One change: everything `change` does, or nothing.
    fn change<T>(
        &mut self,
        change: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        // Immediate: who reads the end of the log to append to it must be alone from there on.
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let value = change(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Reads that belong together: all of them see the same state.
    fn view<T>(
        &self,
        view: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let transaction = self.connection.unchecked_transaction()?;
        view(&transaction)
    }
}

/// Opens the file with everything set that guards what is in it.
fn connect(files: &StoreFiles) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(
        files.database(),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    guard(&connection)?;
    // One synced append for a commit; readers go on meanwhile. The reason is in the ADR.
    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        return Err(StoreError::JournalUnavailable(files.database()));
    }
    Ok(connection)
}

/// What every connection keeps, also one to a backup.
fn guard(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(WAIT_FOR_OTHERS)?;
    // A hostile file must not run code of its own schema, nor a statement of ours bend the schema.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.pragma_update(None, "cell_size_check", "on")?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "foreign_keys", "on")?;
    // What was reported committed survives a loss of power.
    connection.pragma_update(None, "synchronous", "full")?;
    // What is destroyed is overwritten (TT 41/2017, art. 10).
    connection.pragma_update(None, "secure_delete", "on")?;
    Ok(())
}
