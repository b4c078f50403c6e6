//! The journal of a run: a first line with its settings, then a line for each record as it is done.
//! Lines are written whole before a record is told; a line that a crash cut off is dropped.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use trien_policy::{DocumentConclusion, WorkflowConclusion};
use trien_types::{DigestAlgorithm, UnixTime};
use trien_x509::Digester;

use super::judged::{Origin, newest};
use super::{Judged, RunSettings};
use crate::archive::{RecordLine, moment};

/// Lines after which the journal is forced to the disk: a loss of power costs these, a crash of the
/// program costs none.
const BATCH: usize = 256;

/// The format's name.
const SCHEMA: &str = "trien.journal/1";

/// A journal cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalError {
    /// It cannot be opened or read.
    Read(PathBuf, std::io::Error),
    /// It cannot be written.
    Write(PathBuf, std::io::Error),
    /// The file is no journal.
    NoJournal(PathBuf),
    /// It is of a run with other settings or at another time.
    OtherSettings(PathBuf),
    /// Another run writes to it.
    InUse(PathBuf),
}

impl fmt::Display for JournalError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, vi, en) = match self {
            Self::Read(path, _) => (path, "không đọc được nhật ký", "the journal cannot be read"),
            Self::Write(path, _) => (
                path,
                "không ghi được nhật ký",
                "the journal cannot be written",
            ),
            Self::NoJournal(path) => (
                path,
                "tệp này không phải nhật ký của verify: hãy chọn tên khác",
                "this file is no journal: name another",
            ),
            Self::OtherSettings(path) => (
                path,
                "nhật ký thuộc lần kiểm tra với thiết lập khác (gốc tin cậy, bộ quy tắc, thời điểm…): \
                 hãy dùng đúng thiết lập cũ, hoặc chọn tên nhật ký mới",
                "the journal is of a run with other settings: use the same, or name another journal",
            ),
            Self::InUse(path) => (
                path,
                "một lần kiểm tra khác đang ghi nhật ký này",
                "another run writes to this journal",
            ),
        };
        write!(formatter, "{}: {vi} / {en}", path.display())
    }
}

impl Error for JournalError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read(_, error) | Self::Write(_, error) => Some(error),
            Self::NoJournal(_) | Self::OtherSettings(_) | Self::InUse(_) => None,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    journal: String,
    settings: String,
    #[serde(with = "moment")]
    at: UnixTime,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    told: Option<String>,
    conclusion: DocumentConclusion,
    workflow: Option<WorkflowConclusion>,
    missing: Vec<String>,
    record: RecordLine,
}

/// What names an entry: file and content.
#[derive(Deserialize)]
struct EntryKey {
    record: KeyRecord,
}

#[derive(Deserialize)]
struct KeyRecord {
    file: String,
    archive: KeyArchive,
}

#[derive(Deserialize)]
struct KeyArchive {
    sha256: Option<String>,
}

/// Where an entry stands.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: u64,
    octets: usize,
}

/// The journal of a run.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    known: Known,
    unsettled: usize,
}

/// What a journal held when it was opened. Takes some 40 octets of memory for each record; the
/// entries stay on the disk.
#[derive(Debug, Clone)]
pub(super) struct Known {
    places: Arc<HashMap<[u8; 16], Span>>,
    file: Arc<Mutex<File>>,
}

impl Journal {
    /// The time of judgement of the run that a journal is of; `None` where there is none yet.
    ///
    /// # Errors
    /// The file is no journal, or cannot be read.
    pub fn time_of(path: &Path) -> Result<Option<UnixTime>, JournalError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(JournalError::Read(path.to_owned(), error)),
        };
        let head = head_of(&mut BufReader::new(file), path)?;
        Ok(head.map(|(head, _)| head.at))
    }

    /// Opens a journal, or begins one. Only its owner may read it: it names people.
    ///
    /// # Errors
    /// The file is no journal or one of other settings, another run writes to it, or it cannot be
    /// read or written.
    pub fn open(path: &Path, settings: &RunSettings) -> Result<Self, JournalError> {
        let unread = |error| JournalError::Read(path.to_owned(), error);
        let unwritten = |error| JournalError::Write(path.to_owned(), error);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(unread)?;
        if file.try_lock().is_err() {
            return Err(JournalError::InUse(path.to_owned()));
        }
        let wanted = Head {
            journal: SCHEMA.to_owned(),
            settings: settings.fingerprint(),
            at: settings.validation_time,
        };
        let mut reader = BufReader::new(file.try_clone().map_err(unread)?);
        let (places, whole) = match head_of(&mut reader, path)? {
            None => {
                // New, or cut off in its first line.
                file.set_len(0).map_err(unwritten)?;
                let mut line =
                    serde_json::to_vec(&wanted).map_err(|error| unwritten(error.into()))?;
                line.push(b'\n');
                file.write_all(&line).map_err(unwritten)?;
                (HashMap::new(), None)
            }
            Some((head, _)) if head.settings != wanted.settings || head.at != wanted.at => {
                return Err(JournalError::OtherSettings(path.to_owned()));
            }
            Some((_, start)) => {
                let (places, end) = entries(&mut reader, start).map_err(unread)?;
                (places, Some(end))
            }
        };
        if let Some(end) = whole {
            // Behind it stands at most a line that was cut off.
            file.set_len(end).map_err(unwritten)?;
        }
        let reading = File::open(path).map_err(unread)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            known: Known {
                places: Arc::new(places),
                file: Arc::new(Mutex::new(reading)),
            },
            unsettled: 0,
        })
    }

    /// How many records it held when it was opened.
    #[must_use]
    pub fn records(&self) -> usize {
        self.known.places.len()
    }

    pub(super) fn known(&self) -> Known {
        self.known.clone()
    }

    /// Writes a record that was judged now. One that could not be read is not kept: it may be
    /// readable next time.
    pub(super) fn keep(&mut self, judged: &Judged) -> Result<(), JournalError> {
        if judged.origin == Origin::Journal || judged.sha256.is_none() {
            return Ok(());
        }
        let failed = |error| JournalError::Write(self.path.clone(), error);
        let entry = Entry {
            told: judged.told.clone(),
            conclusion: judged.conclusion,
            workflow: judged.workflow,
            missing: judged.missing.clone(),
            record: judged.line.clone(),
        };
        let mut line = serde_json::to_vec(&entry).map_err(|error| failed(error.into()))?;
        line.push(b'\n');
        self.file.write_all(&line).map_err(failed)?;
        self.unsettled = self.unsettled.saturating_add(1);
        if self.unsettled >= BATCH {
            self.settle()?;
        }
        Ok(())
    }

    /// Forces what was written to the disk.
    pub(super) fn settle(&mut self) -> Result<(), JournalError> {
        self.unsettled = 0;
        self.file
            .sync_data()
            .map_err(|error| JournalError::Write(self.path.clone(), error))
    }
}

impl Known {
    /// The record of this name and content, as it was told.
    pub(super) fn find(&self, file: &str, sha256: &str) -> Option<Judged> {
        let span = *self.places.get(&key(file, sha256)?)?;
        let mut octets = vec![0; span.octets];
        {
            let mut journal = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            journal.seek(SeekFrom::Start(span.start)).ok()?;
            journal.read_exact(&mut octets).ok()?;
        }
        let entry: Entry = serde_json::from_slice(&octets).ok()?;
        let record = entry.record.record().ok()?;
        // The key is a digest: the entry itself says what it is about.
        if record.file != file || record.archive.sha256.as_deref() != Some(sha256) {
            return None;
        }
        Some(Judged {
            file: record.file.clone(),
            inside: String::new(),
            line: entry.record,
            conclusion: entry.conclusion,
            workflow: entry.workflow,
            told: entry.told,
            missing: entry.missing,
            octets: record.archive.octets,
            newest_time_stamp: newest(
                record
                    .signatures
                    .iter()
                    .flat_map(|signature| &signature.timestamps)
                    .map(|stamp| (stamp.status, stamp.time)),
            ),
            origin: Origin::Journal,
            sha256: record.archive.sha256.clone(),
            record: Some(record),
        })
    }
}

/// The first line with the offset behind it; `None` for an empty file, or one that was cut off in
/// that line.
fn head_of(reader: &mut impl BufRead, path: &Path) -> Result<Option<(Head, u64)>, JournalError> {
    /// The first line is some hundred octets long: a file that goes on without an end to it is
    /// none of ours.
    const HEAD_AT_MOST: u64 = 4_096;
    let mut line = Vec::new();
    reader
        .take(HEAD_AT_MOST)
        .read_until(b'\n', &mut line)
        .map_err(|error| JournalError::Read(path.to_owned(), error))?;
    let none = || JournalError::NoJournal(path.to_owned());
    if line.last() != Some(&b'\n') {
        // What was begun as ours and cut off is begun again; anything else is somebody's file.
        let begun = b"{\"journal\":\"trien.journal/1\"";
        let common = line.iter().zip(begun).all(|(own, ours)| own == ours);
        let is_ours = common && u64::try_from(line.len()).is_ok_and(|octets| octets < HEAD_AT_MOST);
        return if is_ours { Ok(None) } else { Err(none()) };
    }
    let head: Head = serde_json::from_slice(&line).map_err(|_| none())?;
    if head.journal != SCHEMA {
        return Err(none());
    }
    Ok(Some((head, u64::try_from(line.len()).unwrap_or(u64::MAX))))
}

/// The entries from an offset on, with the end of the last whole one.
fn entries(
    reader: &mut impl BufRead,
    mut start: u64,
) -> std::io::Result<(HashMap<[u8; 16], Span>, u64)> {
    let mut places = HashMap::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            return Ok((places, start));
        }
        let octets = line.len();
        if let Ok(entry) = serde_json::from_slice::<EntryKey>(&line)
            && let Some(sha256) = entry.record.archive.sha256
            && let Some(key) = key(&entry.record.file, &sha256)
        {
            places.insert(key, Span { start, octets });
        }
        start = start.saturating_add(u64::try_from(octets).unwrap_or(u64::MAX));
    }
}

fn key(file: &str, sha256: &str) -> Option<[u8; 16]> {
    let name = format!("{sha256} {file}");
    let digest = Digester::digest(DigestAlgorithm::Sha256, name.as_bytes()).ok()?;
    digest.as_octets().first_chunk().copied()
}
