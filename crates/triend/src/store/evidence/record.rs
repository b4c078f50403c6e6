//! The records that evidence is kept with: which document, which way it went, what it is called.
//! Does not know the document's content, only its hash.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use trien_types::UnixTime;

use super::super::Store;
use super::super::audit::{Action, Actor, append};
use super::super::canonical::{Canonical, RowHash, one_hash, row_hashes};
use super::super::content_hash::ContentHash;
use super::super::error::{StoreError, Subject};
use super::super::short_text::ShortText;
use super::item::{EvidenceItem, keep_items};

/// The number of a record in this store; not the document's own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(pub(super) i64);

impl RecordId {
    /// The record of this number, which may or may not be there.
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

/// Which way a record went (NĐ 30/2020: văn bản đi, văn bản đến).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// Văn bản đến: received.
    Incoming,
    /// Văn bản đi: issued.
    Outgoing,
}

impl Direction {
    /// The name in the store. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Incoming => "incoming",
            Self::Outgoing => "outgoing",
        }
    }

    /// The direction that a [`Direction::code`] names.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Incoming, Self::Outgoing]
            .into_iter()
            .find(|direction| direction.code() == code)
    }
}

/// A record that evidence is to be kept with.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewRecord {
    /// Which way it went.
    pub direction: Direction,
    /// SHA-256 of the signed PDF.
    pub sha256: ContentHash,
    /// Its number (số), where it has one.
    pub number: Option<ShortText>,
    /// Its symbol (ký hiệu), where it has one.
    pub symbol: Option<ShortText>,
}

impl NewRecord {
    /// A record without number and symbol; set the fields where it has them.
    #[must_use]
    pub const fn new(direction: Direction, sha256: ContentHash) -> Self {
        Self {
            direction,
            sha256,
            number: None,
            symbol: None,
        }
    }
}

/// How far the destruction of a record's evidence has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RecordState {
    /// Evidence and document are gone.
    Destroyed,
    /// The destruction was begun and is to be done again until it ends.
    DestructionBegun,
    /// Evidence is kept.
    Kept,
}

/// A record as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// Its number in this store.
    pub id: RecordId,
    /// Which way it went.
    pub direction: Direction,
    /// SHA-256 of the signed PDF.
    pub sha256: ContentHash,
    /// Its number (số).
    pub number: Option<ShortText>,
    /// Its symbol (ký hiệu).
    pub symbol: Option<ShortText>,
    /// When it came into the store.
    pub kept: UnixTime,
    /// Whether its evidence is still there.
    pub state: RecordState,
    /// Whether it was withdrawn; [`Store::withdrawal`] says by what.
    pub is_withdrawn: bool,
}

const RECORDS: &str = "SELECT id, direction, sha256, number, symbol, kept_time,
    destruction.record IS NOT NULL, destruction_done.record IS NOT NULL,
    withdrawal.record IS NOT NULL
    FROM record
    LEFT JOIN destruction ON destruction.record = record.id
    LEFT JOIN destruction_done ON destruction_done.record = record.id
    LEFT JOIN withdrawal ON withdrawal.record = record.id";

impl Record {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let direction: String = row.get(1)?;
        let state = match (row.get(6)?, row.get(7)?) {
            (_, true) => RecordState::Destroyed,
            (true, false) => RecordState::DestructionBegun,
            (false, false) => RecordState::Kept,
        };
        Ok(Self {
            id: RecordId(row.get(0)?),
            direction: Direction::from_code(&direction).ok_or(rusqlite::Error::InvalidQuery)?,
            sha256: row.get(2)?,
            number: row.get(3)?,
            symbol: row.get(4)?,
            kept: UnixTime::from_seconds(row.get(5)?),
            state,
            is_withdrawn: row.get(8)?,
        })
    }
}

impl Store {
    /// Adds a record with its evidence, all of it or nothing. More can come later:
    /// [`Store::add_evidence`].
    ///
    /// # Errors
    /// The document is there already in this direction, or an item is not what it is said to be.
    pub fn add_record(
        &mut self,
        new: &NewRecord,
        items: &[EvidenceItem],
        actor: Actor,
        time: UnixTime,
    ) -> Result<RecordId, StoreError> {
        EvidenceItem::read_all(items)?;
        self.change(|transaction| {
            let present = transaction
                .query_row(
                    "SELECT 1 FROM record WHERE direction = ?1 AND sha256 = ?2",
                    params![new.direction.code(), new.sha256],
                    |_| Ok(()),
                )
                .optional()?;
            if present.is_some() {
                return Err(StoreError::AlreadyThere(Subject::Record));
            }
            transaction.execute(
                "INSERT INTO record (direction, sha256, number, symbol, kept_time)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    new.direction.code(),
                    new.sha256,
                    new.number,
                    new.symbol,
                    time.seconds()
                ],
            )?;
            let id = RecordId(transaction.last_insert_rowid());
            let subject = one_hash(&record_hashes(transaction, Some(id.0))?)?;
            append(transaction, time, actor, Action::RecordAdded, subject)?;
            keep_items(transaction, id, items, actor, time)?;
            Ok(id)
        })
    }

    /// One record.
    ///
    /// # Errors
    /// There is no such record, or the database cannot be read.
    pub fn record(&self, id: RecordId) -> Result<Record, StoreError> {
        find(&self.connection, id)
    }

    /// All records, in the order they came.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn records(&self) -> Result<Vec<Record>, StoreError> {
        matching(&self.connection, "?1", 1)
    }

    /// The records of a document: one where it was issued or received, two where it was both.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn records_of(&self, document: ContentHash) -> Result<Vec<Record>, StoreError> {
        matching(&self.connection, "sha256 = ?1", document)
    }
}

/// One record.
pub(super) fn find(connection: &Connection, id: RecordId) -> Result<Record, StoreError> {
    matching(connection, "id = ?1", id.0)?
        .pop()
        .ok_or(StoreError::NotFound(Subject::Record, id.0))
}

fn matching(
    connection: &Connection,
    condition: &str,
    value: impl rusqlite::ToSql,
) -> Result<Vec<Record>, StoreError> {
    let mut statement = connection.prepare(&format!("{RECORDS} WHERE {condition} ORDER BY id"))?;
    let rows = statement.query_map([value], Record::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The canonical hash of each record's line, or of one, computed from the database.
pub(in crate::store) fn record_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT id, direction, sha256, number, symbol, kept_time FROM record
         WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
        id,
        |row, id| {
            Ok(Canonical::of("trien.record/1")
                .number(id)
                .text(row.get_ref(1)?.as_str()?)
                .octets(row.get_ref(2)?.as_blob()?)
                .optional(row.get_ref(3)?.as_str_or_null()?, Canonical::text)
                .optional(row.get_ref(4)?.as_str_or_null()?, Canonical::text)
                .number(row.get(5)?))
        },
    )
}
