//! Why a store did not do what it was asked. After an error nothing has changed.
//! Does not know the languages of users: the program says it in theirs.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;

use rusqlite::ErrorCode;
use rusqlite::ffi;
use trien_types::CertificateId;

use super::backup::StoreCheck;
use super::evidence::{EvidenceKind, RecordId};
use super::register::TermError;

/// What an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Subject {
    /// An item of evidence.
    EvidenceItem,
    /// The pairing of a page or program with the daemon.
    Pairing,
    /// A record whose evidence is kept.
    Record,
    /// The assignment of a seal device.
    SealAssignment,
    /// An entry of the register of signers.
    Signer,
    /// The withdrawal of a record.
    Withdrawal,
}

/// Why a store did not do what it was asked. Nothing has changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreError {
    /// It is there already.
    AlreadyThere(Subject),
    /// It has ended already.
    AlreadyEnded(Subject),
    /// The file is a backup whose database is damaged.
    BackupDamaged(PathBuf),
    /// Another process is using the store in a way that leaves no room.
    Busy,
    /// The certificate is an authority's own, which signs certificates and no documents.
    CertificateOfAuthority,
    /// The octets are no certificate; the source tells.
    CertificateUnreadable(Box<dyn Error + Send + Sync>),
    /// The certificate is none of those kept with the record.
    CertificateUnknown(CertificateId),
    /// The database file is damaged.
    Damaged(DatabaseFailure),
    /// SQLite failed in another way.
    Database(DatabaseFailure),
    /// The file is not the document of the record: its hash is another.
    DocumentDiffers(PathBuf),
    /// The file is a link, or has further names under which it would stay.
    DocumentLinked(PathBuf),
    /// The octets are not what they are said to be; the source tells.
    EvidenceUnreadable(EvidenceKind, Box<dyn Error + Send + Sync>),
    /// Others than the owner may read or write this file.
    Exposed(PathBuf),
    /// A file of that name is there; it is not replaced.
    FileExists(PathBuf),
    /// A file or folder could not be read or written.
    File(PathBuf, std::io::Error),
    /// A file is to be written into this folder, which is not there.
    FolderMissing(PathBuf),
    /// The file system offers no write-ahead journal; network drives do not.
    JournalUnavailable(PathBuf),
    /// The store was made by a later version of this program.
    LaterVersion {
        /// Its version.
        found: i64,
        /// The latest version this program knows.
        known: i64,
    },
    /// This record cannot take the place of the one withdrawn: it is that record, went the other
    /// way, or is withdrawn itself.
    NoReplacement(RecordId),
    /// The operating system gave no random octets.
    NoRandomness,
    /// No room is left on the disk, or a limit on the size of files is reached.
    NoRoom(DatabaseFailure),
    /// There is no store in this folder.
    NoStore(PathBuf),
    /// The file is no backup that this program wrote.
    NotABackup(PathBuf),
    /// The file is no store of this program.
    NotAStore(PathBuf),
    /// The store or backup is not as this program wrote it.
    NotIntact(Box<StoreCheck>),
    /// There is none with this number.
    NotFound(Subject, i64),
    /// The backup is of another store than the one in the folder.
    OfAnotherStore,
    /// There is a store in this folder already.
    StoreExists(PathBuf),
    /// Only a clerk holds the seal device (TT 41/2017, art. 5; NĐ 30/2020, art. 32).
    NotAClerk,
    /// The evidence of this record is destroyed, or its destruction has begun.
    RecordDestroyed(RecordId),
    /// The record is still kept: who reports a deletion has deleted.
    StillKept(RecordId),
    /// The time it is to hold makes no sense.
    Term(TermError),
    /// More items at once than this.
    TooMany {
        /// The number of items.
        items: usize,
        /// The most that is taken at once.
        limit: usize,
    },
    /// More octets than this are not kept.
    TooLarge {
        /// The number of octets.
        octets: usize,
        /// The most that is kept.
        limit: usize,
    },
}

/// What SQLite said, to read; its type is no part of this library's promises.
#[derive(Debug)]
pub struct DatabaseFailure(pub(super) rusqlite::Error);

impl DatabaseFailure {
    /// Whether SQLite found a file of another kind, and not one of its own that is damaged.
    pub(super) fn is_no_database(&self) -> bool {
        self.0.sqlite_error_code() == Some(ErrorCode::NotADatabase)
    }
}

impl fmt::Display for DatabaseFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for DatabaseFailure {}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::EvidenceItem => "item of evidence",
            Self::Pairing => "pairing",
            Self::Record => "record",
            Self::SealAssignment => "assignment of a seal device",
            Self::Signer => "entry of the register",
            Self::Withdrawal => "withdrawal",
        })
    }
}

impl fmt::Display for StoreError {
    #[expect(clippy::too_many_lines, reason = "one sentence for each cause")]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AlreadyThere(subject) => write!(formatter, "this {subject} is there already"),
            Self::AlreadyEnded(subject) => write!(formatter, "this {subject} has ended already"),
            Self::BackupDamaged(path) => write!(
                formatter,
                "the backup {} is damaged: use another one",
                path.display()
            ),
            Self::Busy => {
                formatter.write_str("another program is using the store: try again when it is done")
            }
            Self::CertificateOfAuthority => formatter.write_str(
                "the certificate is that of a certification authority and not the signer's own: \
                 give the one on the signer's token",
            ),
            Self::CertificateUnreadable(_) => {
                formatter.write_str("the octets are no certificate: give one in DER")
            }
            Self::CertificateUnknown(id) => write!(
                formatter,
                "certificate {id} is not kept with the record: add it first"
            ),
            Self::Damaged(_) => formatter
                .write_str("the store's file is damaged: keep it as it is and restore a backup"),
            Self::Database(_) => formatter.write_str("the store's database failed"),
            Self::DocumentDiffers(path) => write!(
                formatter,
                "{} is not the record's document: nothing was destroyed",
                path.display()
            ),
            Self::DocumentLinked(path) => write!(
                formatter,
                "{} is a link or has further names: name the only file there is",
                path.display()
            ),
            Self::EvidenceUnreadable(kind, _) => {
                write!(formatter, "the octets are no {}", kind.code())
            }
            Self::Exposed(path) => write!(
                formatter,
                "others may read or write {}: take their rights away (chmod 600)",
                path.display()
            ),
            Self::FileExists(path) => write!(
                formatter,
                "{} is there already: choose another name",
                path.display()
            ),
            Self::File(path, _) => {
                write!(formatter, "{} cannot be read or written", path.display())
            }
            Self::FolderMissing(path) => write!(
                formatter,
                "there is no folder {}: make it first",
                path.display()
            ),
            Self::JournalUnavailable(path) => write!(
                formatter,
                "{} lies where no write-ahead journal can be kept: choose a local disk",
                path.display()
            ),
            Self::LaterVersion { found, known } => write!(
                formatter,
                "the store has version {found} and this program knows {known}: update the program"
            ),
            Self::NoReplacement(id) => write!(
                formatter,
                "record {} cannot take the place: name another one that went the same way",
                id.number()
            ),
            Self::NoRandomness => formatter
                .write_str("the operating system gives no random octets: restart the machine"),
            Self::NoRoom(_) => formatter
                .write_str("no room is left for the store: free space on its disk and do it again"),
            Self::NoStore(path) => write!(formatter, "there is no store in {}", path.display()),
            Self::NotABackup(path) => write!(
                formatter,
                "{} is no backup of triend: name a file that store backup wrote",
                path.display()
            ),
            Self::NotAStore(path) => {
                write!(formatter, "{} is no store of triend", path.display())
            }
            Self::NotIntact(_) => {
                formatter.write_str("the store or backup is not as this program wrote it: check it")
            }
            Self::OfAnotherStore => formatter.write_str(
                "the backup is of another store: move the store in the folder away first",
            ),
            Self::NotFound(subject, id) => write!(formatter, "there is no {subject} {id}"),
            Self::StoreExists(path) => {
                write!(formatter, "there is a store in {} already", path.display())
            }
            Self::NotAClerk => formatter
                .write_str("the seal device is held by a clerk: name an entry with that role"),
            Self::RecordDestroyed(id) => write!(
                formatter,
                "the evidence of record {} is destroyed or being destroyed",
                id.number()
            ),
            Self::StillKept(id) => write!(
                formatter,
                "record {} is still kept: destroy it, then report",
                id.number()
            ),
            Self::Term(error) => error.fmt(formatter),
            Self::TooMany { items, limit } => {
                write!(
                    formatter,
                    "{items} items are more than the {limit} taken at once"
                )
            }
            Self::TooLarge { octets, limit } => {
                write!(formatter, "{octets} octets are more than the {limit} kept")
            }
        }
    }
}

impl Error for StoreError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::CertificateUnreadable(error) | Self::EvidenceUnreadable(_, error) => {
                Some(error.as_ref())
            }
            Self::Damaged(failure) | Self::Database(failure) | Self::NoRoom(failure) => {
                Some(failure)
            }
            Self::File(_, error) => Some(error),
            Self::AlreadyEnded(_)
            | Self::AlreadyThere(_)
            | Self::BackupDamaged(_)
            | Self::Busy
            | Self::CertificateOfAuthority
            | Self::CertificateUnknown(_)
            | Self::DocumentDiffers(_)
            | Self::DocumentLinked(_)
            | Self::Exposed(_)
            | Self::JournalUnavailable(_)
            | Self::LaterVersion { .. }
            | Self::FileExists(_)
            | Self::FolderMissing(_)
            | Self::NotIntact(_)
            | Self::OfAnotherStore
            | Self::NoRandomness
            | Self::NoReplacement(_)
            | Self::NoStore(_)
            | Self::NotABackup(_)
            | Self::NotAClerk
            | Self::NotAStore(_)
            | Self::NotFound(..)
            | Self::RecordDestroyed(_)
            | Self::StillKept(_)
            | Self::StoreExists(_)
            | Self::Term(_)
            | Self::TooLarge { .. }
            | Self::TooMany { .. } => None,
        }
    }
}

impl From<TermError> for StoreError {
    fn from(error: TermError) -> Self {
        Self::Term(error)
    }
}

/// Extended codes of SQLite (sqlite.org/rescode.html) for writes that the file system did not
/// take: beyond a size limit it says EFBIG, not ENOSPC, and SQLite calls that an error of writing.
const WRITES_NOT_TAKEN: [i32; 4] = [
    ffi::SQLITE_IOERR_WRITE,
    ffi::SQLITE_IOERR_TRUNCATE,
    ffi::SQLITE_IOERR_SHMSIZE,
    ffi::SQLITE_IOERR_FSYNC,
];

// Inside this crate only: the foreign type is private to the store.
impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let extended = error.sqlite_extended_error_code();
        let code = error.sqlite_error_code();
        let failure = DatabaseFailure(error);
        if extended.is_some_and(|extended| WRITES_NOT_TAKEN.contains(&extended)) {
            return Self::NoRoom(failure);
        }
        match code {
            Some(ErrorCode::DiskFull) => Self::NoRoom(failure),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged(failure),
            _ => Self::Database(failure),
        }
    }
}
