//! Copies of the store, and putting one in the store's place; whether a database file is whole.
//! Does not know where copies are kept, nor for how long. A copy holds what was kept when it was
//! made, evidence that was destroyed since among it.

use std::fs::{self, File};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, params};
use tempfile::NamedTempFile;
use trien_types::UnixTime;

use super::audit::{Action, Actor, AuditHead, AuditTrail, append, check, head_of};
use super::canonical::Canonical;
use super::error::StoreError;
use super::evidence::RecordId;
use super::files::{Presence, StoreFiles, folder_of, sync_folder_of};
use super::{Store, guard, schema};

/// Restorations within one second that find a name for what was there before. Nobody makes more;
/// without a bound a folder that answers wrongly would be asked for ever.
const MOST_RESTORATIONS_A_SECOND: u32 = 10_000;

/// Whether a store is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StoreCheck {
    /// What SQLite finds wrong with the file, in its words; the first hundred.
    pub file_faults: Vec<String>,
    /// What the check of the log found.
    pub trail: AuditTrail,
}

impl StoreCheck {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.file_faults.is_empty() && self.trail.is_intact()
    }
}

/// A backup was put in the store's place.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Restored {
    /// The log's end in the backup.
    pub head: AuditHead,
    /// Entries of the log that the store had beyond the backup; `None` where it could not be read.
    pub entries_lost: Option<i64>,
    /// Records whose evidence had been destroyed and is back with the backup: destroy it again.
    pub came_back: Vec<RecordId>,
    /// Where the store's file from before lies, if there was one. It holds what it held: remove it
    /// when it is needed no more.
    pub before: Option<PathBuf>,
}

impl Store {
    /// Checks the database file and the log.
    ///
    /// # Errors
    /// The database cannot be read at all.
    pub fn check(&self) -> Result<StoreCheck, StoreError> {
        self.view(check_all)
    }

    /// Writes a copy of the store as one file, while it is in use. The copy is checked before it
    /// gets its name, and never takes the place of another file.
    ///
    /// # Errors
    /// The store is not whole, a file of that name is there, or the copy cannot be written.
    pub fn backup(&self, target: &Path, time: UnixTime) -> Result<AuditHead, StoreError> {
        if fs::symlink_metadata(target).is_ok() {
            return Err(StoreError::FileExists(target.to_owned()));
        }
        let part = temporary_beside(target)?;
        let copy = copy_into(&self.connection, part.path())?;
        intact(&copy)?;
        let head = head_of(&copy, time)?;
        close(copy)?;
        let failed = |error| StoreError::File(target.to_owned(), error);
        part.as_file().sync_all().map_err(failed)?;
        part.persist_noclobber(target).map_err(|error| {
            if error.error.kind() == ErrorKind::AlreadyExists {
                StoreError::FileExists(target.to_owned())
            } else {
                failed(error.error)
            }
        })?;
        sync_folder_of(target).map_err(failed)?;
        Ok(head)
    }

    /// Puts a backup in the place of the store in `folder`, or where there is none. The backup is
    /// copied, brought to the present version and checked before anything is replaced; the file
    /// that was there stays under another name. The log says that it was restored.
    ///
    /// # Errors
    /// Somebody has the store open, the backup is not whole or is of another store than the one
    /// there, or the folder cannot be written. The store is as it was then.
    pub fn restore(folder: &Path, backup: &Path, time: UnixTime) -> Result<Restored, StoreError> {
        let files = StoreFiles::lock_alone(folder, Presence::New)?;
        let database = files.database();
        let part = temporary_beside(&database)?;
        let (mut copy, head) =
            checked_copy(backup, part.path(), time).map_err(|error| of_backup(error, backup))?;
        let present = Present::settle(&database, &head)?;
        let came_back = match &present {
            Some(Present { destroyed, .. }) => came_back(&copy, destroyed)?,
            None => Vec::new(),
        };
        let lost = present.as_ref().and_then(|present| present.head);
        note_restoration(&mut copy, &head, lost.as_ref(), time)?;
        intact(&copy)?;
        close(copy)?;
        let failed = |error| StoreError::File(database.clone(), error);
        part.as_file().sync_all().map_err(failed)?;
        let before = match &present {
            Some(_) => Some(set_aside(&database, time)?),
            None => None,
        };
        part.persist(&database)
            .map_err(|error| failed(error.error))?;
        sync_folder_of(&database).map_err(failed)?;
        Ok(Restored {
            head,
            entries_lost: lost.map(|lost| lost.sequence.saturating_sub(head.sequence).max(0)),
            came_back,
            before,
        })
    }
}

/// What stands in the folder before a restoration.
struct Present {
    /// The end of its log, where it can be read.
    head: Option<AuditHead>,
    /// Records whose evidence is destroyed, by direction and document.
    destroyed: Vec<(String, Vec<u8>)>,
}

impl Present {
    /// Reads what can be read and empties its journal, so that nothing of it is taken for the
    /// restored file's. A damaged store is no obstacle: that is what backups are for.
    fn settle(database: &Path, backup: &AuditHead) -> Result<Option<Self>, StoreError> {
        match fs::symlink_metadata(database) {
            Err(_) => return Ok(None),
            Ok(metadata) if !metadata.is_file() => {
                return Err(StoreError::NotAStore(database.to_owned()));
            }
            Ok(_) => {}
        }
        let read = Self::read(database);
        if let Ok(Self {
            head: Some(head), ..
        }) = &read
            && head.store != backup.store
        {
            return Err(StoreError::OfAnotherStore);
        }
        // What is left of a journal belongs to the file that is set aside.
        for suffix in ["-wal", "-shm", "-journal"] {
            let journal = with_suffix(database, suffix);
            if fs::symlink_metadata(&journal).is_ok() {
                let aside = with_suffix(database, &format!(".left{suffix}"));
                fs::rename(&journal, &aside)
                    .map_err(|error| StoreError::File(journal.clone(), error))?;
            }
        }
        Ok(Some(read.unwrap_or(Self {
            head: None,
            destroyed: Vec::new(),
        })))
    }

    fn read(database: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open_with_flags(
            database,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        guard(&connection)?;
        let head = head_of(&connection, UnixTime::from_seconds(0))?;
        let destroyed = destroyed(&connection).unwrap_or_default();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        close(connection)?;
        Ok(Self {
            head: Some(head),
            destroyed,
        })
    }
}

fn destroyed(connection: &Connection) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT direction, sha256 FROM record JOIN destruction ON destruction.record = record.id",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The records of `destroyed` that are kept in the copy.
fn came_back(
    copy: &Connection,
    destroyed: &[(String, Vec<u8>)],
) -> Result<Vec<RecordId>, StoreError> {
    let mut statement = copy.prepare(
        "SELECT id FROM record WHERE direction = ?1 AND sha256 = ?2
         AND NOT EXISTS (SELECT 1 FROM destruction WHERE destruction.record = record.id)",
    )?;
    let mut back = Vec::new();
    for (direction, sha256) in destroyed {
        let rows = statement.query_map(params![direction, sha256], |row| row.get(0))?;
        for row in rows {
            back.push(RecordId::from_number(row?));
        }
    }
    back.sort_unstable();
    Ok(back)
}

/// Writes down what was restored and what end of the log it took the place of.
fn note_restoration(
    copy: &mut Connection,
    backup: &AuditHead,
    lost: Option<&AuditHead>,
    time: UnixTime,
) -> Result<(), StoreError> {
    let transaction = copy.transaction()?;
    let subject = Canonical::of("trien.restoration/1")
        .number(backup.sequence)
        .hash_value(backup.hash)
        .optional(lost.map(|head| head.sequence), Canonical::number)
        .optional(lost.map(|head| head.hash), Canonical::hash_value)
        .hash();
    append(
        &transaction,
        time,
        Actor::Administrator,
        Action::StoreRestored,
        subject,
    )?;
    transaction.commit()?;
    Ok(())
}

/// Gives the present file a second name, under which it stays when the first is taken. A second
/// restoration within one second finds the next number free.
fn set_aside(database: &Path, time: UnixTime) -> Result<PathBuf, StoreError> {
    let mut number = 1_u32;
    loop {
        let suffix = format!(".before-restore-{}-{number}", time.seconds());
        let aside = with_suffix(database, &suffix);
        match fs::hard_link(database, &aside) {
            Ok(()) => return Ok(aside),
            Err(error)
                if error.kind() == ErrorKind::AlreadyExists
                    && number < MOST_RESTORATIONS_A_SECOND =>
            {
                number = number.saturating_add(1);
            }
            Err(error) => return Err(StoreError::File(aside, error)),
        }
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// An empty file that only its owner may read, in the folder of what it will become.
fn temporary_beside(target: &Path) -> Result<NamedTempFile, StoreError> {
    let folder = folder_of(target);
    tempfile::Builder::new()
        .prefix(".triend-")
        .suffix(".part")
        .tempfile_in(folder)
        .map_err(|error| {
            if error.kind() == ErrorKind::NotFound {
                return StoreError::FolderMissing(folder.to_owned());
            }
            // The kind alone: the error itself names a file that nobody asked for.
            StoreError::File(target.to_owned(), error.kind().into())
        })
}

/// A copy of a backup in the present version, and the end of its log.
fn checked_copy(
    backup: &Path,
    target: &Path,
    time: UnixTime,
) -> Result<(Connection, AuditHead), StoreError> {
    let source = open_backup(backup)?;
    schema::version(&source, backup)?;
    let mut copy = copy_into(&source, target)?;
    schema::migrate(&mut copy, target, time)?;
    intact(&copy)?;
    let head = head_of(&copy, time)?;
    Ok((copy, head))
}

/// What is wrong with the file that was named is not said of the store, which may be whole.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the others are not about what is in the file, or say so themselves"
)]
fn of_backup(error: StoreError, backup: &Path) -> StoreError {
    let is_none = match &error {
        StoreError::NotAStore(_) => true,
        StoreError::Damaged(failure) => failure.is_no_database(),
        _ => return error,
    };
    if is_none {
        StoreError::NotABackup(backup.to_owned())
    } else {
        StoreError::BackupDamaged(backup.to_owned())
    }
}

fn open_backup(path: &Path) -> Result<Connection, StoreError> {
    // Opened by us first: SQLite says "unable to open" for all that can go wrong.
    let metadata = File::open(path)
        .and_then(|file| file.metadata())
        .map_err(|error| StoreError::File(path.to_owned(), error))?;
    if !metadata.is_file() {
        return Err(StoreError::NotAStore(path.to_owned()));
    }
    let connection = Connection::open_with_flags(
        path,
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    guard(&connection)?;
    Ok(connection)
}

/// A copy of everything at one moment, as one file without a journal beside it.
fn copy_into(source: &Connection, target: &Path) -> Result<Connection, StoreError> {
    let mut copy = Connection::open_with_flags(
        target,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    {
        let backup = Backup::new(source, &mut copy)?;
        // All pages in one step: between steps others could write, and it would begin anew.
        if backup.step(-1)? != StepResult::Done {
            return Err(StoreError::Busy);
        }
    }
    guard(&copy)?;
    let mode: String =
        copy.pragma_update_and_check(None, "journal_mode", "delete", |row| row.get(0))?;
    if mode != "delete" {
        return Err(StoreError::JournalUnavailable(target.to_owned()));
    }
    Ok(copy)
}

fn intact(connection: &Connection) -> Result<(), StoreError> {
    let found = check_all(connection)?;
    if found.is_intact() {
        Ok(())
    } else {
        Err(StoreError::NotIntact(Box::new(found)))
    }
}

fn check_all(connection: &Connection) -> Result<StoreCheck, StoreError> {
    let mut statement = connection.prepare("PRAGMA integrity_check(100)")?;
    let rows = statement.query_map([], |row| row.get(0))?;
    let mut file_faults: Vec<String> = rows.collect::<Result<_, _>>()?;
    file_faults.retain(|line| line != "ok");
    let mut statement = connection.prepare("PRAGMA foreign_key_check")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    for table in rows.take(100) {
        file_faults.push(format!("a row of {} refers to none", table?));
    }
    Ok(StoreCheck {
        file_faults,
        trail: check(connection, &[])?,
    })
}

fn close(connection: Connection) -> Result<(), StoreError> {
    connection.close().map_err(|(_, error)| error.into())
}
