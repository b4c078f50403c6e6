//! Destruction of what is kept with a record, together with the record (TT 41/2017, art. 10).
//! Does not decide that something is destroyed: it asks for the decision's number.
//!
//! Three steps, each of which can be done again: the decision is written down, the document goes,
//! the evidence goes. Whatever ends the process between them, doing it again goes on from there.

use std::fs;
use std::path::Path;

use rusqlite::{Connection, params};
use trien::MappedFile;
use trien_types::UnixTime;

use super::super::audit::{Action, Actor, append};
use super::super::canonical::{Canonical, RowHash, one_hash, row_hashes};
use super::super::content_hash::ContentHash;
use super::super::error::StoreError;
use super::super::files::sync_folder_of;
use super::super::short_text::ShortText;
use super::super::{Store, blob};
use super::item::item_hashes_of;
use super::record::{RecordId, RecordState, find};

/// Where the document is that goes with its evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentPlace<'p> {
    /// Another system kept it and has destroyed it already; the decision covers that.
    DestroyedElsewhere,
    /// This file, which is compared with the record and removed.
    File(&'p Path),
}

/// Whether octets of what was destroyed may still be read from the store's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Traces {
    /// A reader kept the journal from being emptied; the next change or closing empties it.
    JournalStillHeld,
    /// Overwritten in the database and gone from the journal.
    Overwritten,
}

/// What was destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Destroyed {
    /// Items of evidence.
    pub items: usize,
    /// Of their octets those that no other record or entry needs.
    pub octets_removed: usize,
    /// What is left to be read.
    pub traces: Traces,
}

impl Store {
    /// Destroys the evidence of a record together with its document. Begun once, it is done again
    /// with the same call until it ends; the decision of the first call stands.
    ///
    /// # Errors
    /// There is no such record, it is destroyed already, the file is another document, has
    /// further names, or cannot be removed. Nothing of the evidence is gone then.
    pub fn destroy(
        &mut self,
        id: RecordId,
        decision: &ShortText,
        document: DocumentPlace<'_>,
        actor: Actor,
        time: UnixTime,
    ) -> Result<Destroyed, StoreError> {
        let record = self.record(id)?;
        if record.state == RecordState::Destroyed {
            return Err(StoreError::RecordDestroyed(id));
        }
        let begun = record.state == RecordState::DestructionBegun;
        if let DocumentPlace::File(path) = document {
            // Once begun, the file may have gone before the process ended.
            if !begun || fs::symlink_metadata(path).is_ok() {
                check_document(path, record.sha256)?;
            }
        }
        if !begun {
            self.begin_destruction(id, decision, document, actor, time)?;
        }
        if let DocumentPlace::File(path) = document {
            remove_document(path)?;
        }
        self.finish_destruction(id, actor, time)
    }

    fn begin_destruction(
        &mut self,
        id: RecordId,
        decision: &ShortText,
        document: DocumentPlace<'_>,
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        let place = match document {
            DocumentPlace::DestroyedElsewhere => "elsewhere",
            DocumentPlace::File(_) => "file",
        };
        self.change(|transaction| {
            if find(transaction, id)?.state != RecordState::Kept {
                return Err(StoreError::RecordDestroyed(id));
            }
            transaction.execute(
                "INSERT INTO destruction (record, decision, document, begun_time)
                 VALUES (?1, ?2, ?3, ?4)",
                params![id.0, decision, place, time.seconds()],
            )?;
            let subject = one_hash(&begun_hashes(transaction, Some(id.0))?)?;
            append(transaction, time, actor, Action::DestructionBegun, subject)?;
            Ok(())
        })
    }

    fn finish_destruction(
        &mut self,
        id: RecordId,
        actor: Actor,
        time: UnixTime,
    ) -> Result<Destroyed, StoreError> {
        let (items, octets_removed) = self.change(|transaction| {
            if find(transaction, id)?.state != RecordState::DestructionBegun {
                return Err(StoreError::RecordDestroyed(id));
            }
            let items = item_hashes_of(transaction, id)?;
            for RowHash { hash, .. } in &items {
                append(transaction, time, actor, Action::EvidenceDestroyed, *hash)?;
            }
            let octets = blob::of_record(transaction, id)?;
            transaction.execute("DELETE FROM evidence WHERE record = ?1", [id.0])?;
            let removed = blob::remove_unneeded(transaction, &octets)?;
            transaction.execute(
                "INSERT INTO destruction_done (record, done_time) VALUES (?1, ?2)",
                params![id.0, time.seconds()],
            )?;
            let subject = one_hash(&done_hashes(transaction, Some(id.0))?)?;
            append(transaction, time, actor, Action::DestructionDone, subject)?;
            Ok((items.len(), removed))
        })?;
        Ok(Destroyed {
            items,
            octets_removed,
            traces: self.empty_journal(),
        })
    }

    /// Moves everything into the database, where what was deleted is overwritten, and cuts the
    /// journal, which holds pages as they were written.
    fn empty_journal(&self) -> Traces {
        let busy = self
            .connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                row.get::<_, i64>(0)
            });
        if busy.is_ok_and(|busy| busy == 0) {
            Traces::Overwritten
        } else {
            Traces::JournalStillHeld
        }
    }
}

/// The file is the record's document, a file and not a link, and has no second name.
fn check_document(path: &Path, expected: ContentHash) -> Result<(), StoreError> {
    let failed = |error| StoreError::File(path.to_owned(), error);
    let metadata = fs::symlink_metadata(path).map_err(failed)?;
    if !metadata.is_file() || has_further_names(&metadata) {
        return Err(StoreError::DocumentLinked(path.to_owned()));
    }
    let file = MappedFile::open(path).map_err(|error| failed(std::io::Error::other(error)))?;
    if ContentHash::of(&file) != expected {
        return Err(StoreError::DocumentDiffers(path.to_owned()));
    }
    Ok(())
}

#[cfg(unix)]
fn has_further_names(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.nlink() > 1
}

#[cfg(not(unix))]
const fn has_further_names(_metadata: &fs::Metadata) -> bool {
    false
}

fn remove_document(path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::File(path.to_owned(), error);
    match fs::remove_file(path) {
        Ok(()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
    }
    // The name is gone for good before the evidence goes.
    sync_folder_of(path).map_err(failed)
}

/// The canonical hash of each destruction that was begun, or of one, computed from the database.
pub(in crate::store) fn begun_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT record, decision, document, begun_time FROM destruction
         WHERE ?1 IS NULL OR record = ?1 ORDER BY record",
        id,
        |row, id| {
            Ok(Canonical::of("trien.destruction/1")
                .number(id)
                .text(row.get_ref(1)?.as_str()?)
                .text(row.get_ref(2)?.as_str()?)
                .number(row.get(3)?))
        },
    )
}

/// The canonical hash of each destruction that has ended, or of one.
pub(in crate::store) fn done_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT record, done_time FROM destruction_done
         WHERE ?1 IS NULL OR record = ?1 ORDER BY record",
        id,
        |row, id| {
            Ok(Canonical::of("trien.destruction-done/1")
                .number(id)
                .number(row.get(1)?))
        },
    )
}
