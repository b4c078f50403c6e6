//! The journal of a run: a first line with its settings, then a line for each record as it is done.
//! Lines are written whole before a record is told; a line that a crash cut off is dropped.
//!
//! Every line ends with a seal: HMAC-SHA256 under the user's [`JournalKey`] over the seal of the
//! first line, the seal of the line before and the line itself. What somebody else wrote, changed
//! or put elsewhere is not believed: it is copied aside, and the records are judged again.

mod error;
mod key;
mod lines;

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use trien_policy::{DocumentConclusion, WorkflowConclusion};
use trien_types::UnixTime;

use super::judged::Origin;
use super::settings::Asked;
use super::stamps::newest_in;
use super::{Judged, RunSettings};
use crate::archive::{RecordLine, Verdict};

pub use error::JournalError;
pub use key::JournalKey;

use key::Seal;
use lines::{
    Begun, Entries, FIRST, Head, SCHEMA, SEAL_OCTETS, Span, copied_aside, entries, head_of, parted,
    place, sealed,
};

/// Lines after which the journal is forced to the disk: a loss of power costs these, a crash of the
/// program costs none.
const BATCH: usize = 256;

#[derive(Serialize, Deserialize)]
struct Entry {
    /// The name below the path that was named: the school and the kind of record come of it. Earlier
    /// versions did not say it, and their records are judged again.
    #[serde(default)]
    inside: Option<String>,
    asked: Asked,
    told: Option<String>,
    conclusion: DocumentConclusion,
    workflow: Option<WorkflowConclusion>,
    missing: Vec<String>,
    record: RecordLine,
}

/// The journal of a run.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: File,
    known: Known,
    /// The seal of the last line.
    last: Seal,
    unsettled: usize,
    doubted: Option<Doubted>,
    asked: Asked,
    unserving: usize,
}

/// What a journal held that is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Doubted {
    /// Where the journal was copied to as it was.
    pub copy: PathBuf,
    /// Why.
    pub because: Doubt,
}

/// Why what a journal holds is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Doubt {
    /// It was not begun under this user's key: on another computer, by somebody else, by an earlier
    /// version, or the key was lost. Nothing in it is believed.
    OtherKey,
    /// A line was damaged or changed by somebody else: it and those behind it are not believed.
    Line {
        /// Its number, from 1.
        number: usize,
    },
}

/// What a journal held when it was opened. Takes some 40 octets of memory for each record; the
/// entries stay on the disk.
#[derive(Debug, Clone)]
pub(super) struct Known {
    places: Arc<HashMap<[u8; 16], Span>>,
    file: Arc<Mutex<File>>,
    key: JournalKey,
    head: Seal,
}

impl Journal {
    /// The time of judgement of the run that a journal is of; `None` where there is none yet, or
    /// none that was begun under this key: nobody else chooses the time.
    ///
    /// # Errors
    /// The file is no journal, or cannot be read.
    pub fn time_of(path: &Path, key: &JournalKey) -> Result<Option<UnixTime>, JournalError> {
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(JournalError::Read(path.to_owned(), error)),
        };
        Ok(match head_of(&mut BufReader::new(file), path, key)? {
            Begun::Own { head, .. } => Some(head.at),
            Begun::Not | Begun::Other => None,
        })
    }

    /// Opens a journal, or begins one. Only its owner may read it: it names people. What it holds
    /// and this key does not bind is copied aside and left out: [`Journal::doubted`].
    ///
    /// # Errors
    /// The file is no journal or one of other settings, others may write to it, another run writes
    /// to it, or it cannot be read or written.
    pub fn open(
        path: &Path,
        settings: &RunSettings,
        key: &JournalKey,
    ) -> Result<Self, JournalError> {
        let unread = |error| JournalError::Read(path.to_owned(), error);
        let unwritten = |error| JournalError::Write(path.to_owned(), error);
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(unread)?;
        if !key::is_own(&file, 0o022).map_err(unread)? {
            return Err(JournalError::OthersMayWrite(path.to_owned()));
        }
        if file.try_lock().is_err() {
            return Err(JournalError::InUse(path.to_owned()));
        }
        let wanted = Head {
            journal: SCHEMA.to_owned(),
            settings: settings.fingerprint(),
            at: settings.validation_time,
        };
        let asked = settings.asked();
        let mut reader = BufReader::new(file.try_clone().map_err(unread)?);
        let begun = head_of(&mut reader, path, key)?;
        let (mut doubted, mut read) = (None, Entries::default());
        let head = if let Begun::Own { head, seal, octets } = begun {
            if head.settings != wanted.settings || head.at != wanted.at {
                return Err(JournalError::OtherSettings(path.to_owned()));
            }
            read = entries(&mut reader, (octets, seal), key, &asked).map_err(unread)?;
            if let Some(number) = read.doubted {
                let copy = copied_aside(path).map_err(unwritten)?;
                let because = Doubt::Line { number };
                doubted = Some(Doubted { copy, because });
            }
            // Behind it stands at most a line that was cut off, or what is not believed.
            file.set_len(read.end).map_err(unwritten)?;
            seal
        } else {
            if matches!(begun, Begun::Other) {
                let copy = copied_aside(path).map_err(unwritten)?;
                let because = Doubt::OtherKey;
                doubted = Some(Doubted { copy, because });
            }
            // New, cut off in its first line, or not to be believed.
            file.set_len(0).map_err(unwritten)?;
            let text = serde_json::to_vec(&wanted).map_err(|error| unwritten(error.into()))?;
            let seal = key.seal(&[&FIRST, &FIRST, &text]);
            file.write_all(&sealed(text, &seal)).map_err(unwritten)?;
            read.last = seal;
            seal
        };
        let reading = File::open(path).map_err(unread)?;
        Ok(Self {
            path: path.to_owned(),
            file,
            asked,
            unserving: read.unserving.len(),
            known: Known {
                places: Arc::new(read.places),
                file: Arc::new(Mutex::new(reading)),
                key: key.clone(),
                head,
            },
            last: read.last,
            unsettled: 0,
            doubted,
        })
    }

    /// What was found in it and is not believed.
    #[must_use]
    pub const fn doubted(&self) -> Option<&Doubted> {
        self.doubted.as_ref()
    }

    /// How many records it holds that were asked for something else and are judged again: other
    /// workflows, or no text for people.
    #[must_use]
    pub const fn unserving(&self) -> usize {
        self.unserving
    }

    /// How many records it held when it was opened that serve this run.
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
            inside: Some(judged.inside.clone()),
            asked: self.asked.clone(),
            told: judged.told.clone(),
            conclusion: judged.conclusion,
            workflow: judged.workflow,
            missing: judged.missing.clone(),
            record: judged.line.clone(),
        };
        let text = serde_json::to_vec(&entry).map_err(|error| failed(error.into()))?;
        let seal = self.known.key.seal(&[&self.known.head, &self.last, &text]);
        self.file.write_all(&sealed(text, &seal)).map_err(failed)?;
        self.last = seal;
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
    /// The record of this name and content, as it was told. `inside` is its name below the path that
    /// is named now: under another one it may be another school's.
    pub(super) fn find(&self, (file, inside): (&str, &str), sha256: &str) -> Option<Judged> {
        let span = *self.places.get(&place(file, sha256)?)?;
        // With the seal of the line before: what stands there by now must be bound as well.
        let mut octets = vec![0; span.octets.saturating_add(SEAL_OCTETS)];
        let before = u64::try_from(SEAL_OCTETS).unwrap_or(u64::MAX);
        {
            let mut journal = self.file.lock().unwrap_or_else(PoisonError::into_inner);
            let start = span.start.checked_sub(before)?;
            journal.seek(SeekFrom::Start(start)).ok()?;
            journal.read_exact(&mut octets).ok()?;
        }
        let (before, line) = octets.split_at_checked(SEAL_OCTETS)?;
        let (_, before) = parted(before)?;
        let (text, seal) = parted(line)?;
        if !self.key.is_sealed(&[&self.head, &before, text], &seal) {
            return None;
        }
        let entry: Entry = serde_json::from_slice(text).ok()?;
        if entry.inside.as_deref() != Some(inside) {
            return None;
        }
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
            verdict: Verdict::of(&record),
            workflow: entry.workflow,
            told: entry.told,
            missing: entry.missing,
            octets: record.archive.octets,
            newest_time_stamp: newest_in(&record.signatures),
            origin: Origin::Journal,
            sha256: record.archive.sha256.clone(),
            record: Some(record),
        })
    }
}
