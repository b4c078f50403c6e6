//! The lines of a journal: how they are bound, and which of them are believed.

use std::collections::{HashMap, HashSet};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use trien_types::{DigestAlgorithm, UnixTime, decode_hex, encode_hex};
use trien_x509::Digester;

use super::key::Seal;
use super::{Asked, JournalError, JournalKey};
use crate::archive::moment;

/// The format's name.
pub(super) const SCHEMA: &str = "trien.journal/3";

/// What journals of every version begin with: such a file is ours to begin again.
const BEGINNING: &[u8] = b"{\"journal\":\"trien.journal/";

/// What stands behind the text of a line: a blank, the seal in hexadecimal, the line break.
pub(super) const SEAL_OCTETS: usize = 1 + 64 + 1;

/// What the first line is bound behind: no other line is bound behind this.
pub(super) const FIRST: Seal = [0; 32];

/// Names that are tried for a journal that is copied aside.
const ASIDE_AT_MOST: u32 = 1_000;

#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) journal: String,
    pub(super) settings: String,
    #[serde(with = "moment")]
    pub(super) at: UnixTime,
}

/// What names an entry: file and content; and what it was asked for.
#[derive(Deserialize)]
struct EntryKey {
    asked: Asked,
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
pub(super) struct Span {
    pub(super) start: u64,
    pub(super) octets: usize,
}

/// How a journal begins.
pub(super) enum Begun {
    /// Not at all, or it was cut off in its first line.
    Not,
    /// Under another key.
    Other,
    /// Under this key.
    Own {
        head: Head,
        seal: Seal,
        /// The length of the first line.
        octets: u64,
    },
}

pub(super) fn head_of(
    reader: &mut impl BufRead,
    path: &Path,
    key: &JournalKey,
) -> Result<Begun, JournalError> {
    /// The first line is some hundred octets long: a file that goes on without an end to it is
    /// none of ours.
    const HEAD_AT_MOST: u64 = 4_096;
    let mut line = Vec::new();
    reader
        .take(HEAD_AT_MOST)
        .read_until(b'\n', &mut line)
        .map_err(|error| JournalError::Read(path.to_owned(), error))?;
    let is_ours = line.iter().zip(BEGINNING).all(|(own, ours)| own == ours);
    let octets = u64::try_from(line.len()).unwrap_or(u64::MAX);
    if line.last() != Some(&b'\n') {
        // What was begun as ours and cut off is begun again; anything else is somebody's file.
        return if is_ours && octets < HEAD_AT_MOST {
            Ok(Begun::Not)
        } else {
            Err(JournalError::NoJournal(path.to_owned()))
        };
    }
    if !is_ours || line.len() < BEGINNING.len() {
        return Err(JournalError::NoJournal(path.to_owned()));
    }
    let own = parted(&line).and_then(|(text, seal)| {
        if !key.is_sealed(&[&FIRST, &FIRST, text], &seal) {
            return None;
        }
        let head: Head = serde_json::from_slice(text).ok()?;
        Some(Begun::Own { head, seal, octets })
    });
    Ok(own.unwrap_or(Begun::Other))
}

/// What a journal holds behind its first line.
#[derive(Default)]
pub(super) struct Entries {
    pub(super) places: HashMap<[u8; 16], Span>,
    /// What is there of records that were asked for something else.
    pub(super) unserving: HashSet<[u8; 16]>,
    /// Behind the last whole line that is believed.
    pub(super) end: u64,
    /// The seal of that line.
    pub(super) last: Seal,
    /// The number of a line that is not believed, from 1.
    pub(super) doubted: Option<usize>,
}

pub(super) fn entries(
    reader: &mut impl BufRead,
    (start, head): (u64, Seal),
    key: &JournalKey,
    asked: &Asked,
) -> std::io::Result<Entries> {
    let mut read = Entries {
        end: start,
        last: head,
        ..Entries::default()
    };
    let mut line = Vec::new();
    for number in 2_usize.. {
        line.clear();
        reader.read_until(b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            break;
        }
        let own = parted(&line)
            .filter(|(text, seal)| key.is_sealed(&[&head, &read.last, text], seal.as_slice()));
        let Some((text, seal)) = own else {
            read.doubted = Some(number);
            break;
        };
        let octets = line.len();
        if let Ok(entry) = serde_json::from_slice::<EntryKey>(text)
            && let Some(sha256) = entry.record.archive.sha256
            && let Some(place) = place(&entry.record.file, &sha256)
        {
            let start = read.end;
            if entry.asked.serves(asked) {
                read.unserving.remove(&place);
                read.places.insert(place, Span { start, octets });
            } else if !read.places.contains_key(&place) {
                read.unserving.insert(place);
            }
        }
        read.last = seal;
        read.end = read
            .end
            .saturating_add(u64::try_from(octets).unwrap_or(u64::MAX));
    }
    Ok(read)
}

/// A line as it is written.
pub(super) fn sealed(mut text: Vec<u8>, seal: &Seal) -> Vec<u8> {
    text.push(b' ');
    text.extend_from_slice(encode_hex(seal).as_bytes());
    text.push(b'\n');
    text
}

/// The text of a line, and its seal.
pub(super) fn parted(line: &[u8]) -> Option<(&[u8], Seal)> {
    let (text, end) = line.split_at_checked(line.len().checked_sub(SEAL_OCTETS)?)?;
    let seal = end.strip_prefix(b" ")?.strip_suffix(b"\n")?;
    let seal = decode_hex(std::str::from_utf8(seal).ok()?).ok()?;
    Some((text, seal.try_into().ok()?))
}

/// Copies a journal beside itself under a name that is free, readable by its owner alone.
pub(super) fn copied_aside(path: &Path) -> std::io::Result<PathBuf> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut last = std::io::Error::from(std::io::ErrorKind::AlreadyExists);
    for number in 1..=ASIDE_AT_MOST {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".set-aside-{number}"));
        match options.open(&name) {
            Ok(mut copy) => {
                std::io::copy(&mut File::open(path)?, &mut copy)?;
                copy.sync_all()?;
                return Ok(PathBuf::from(name));
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => last = error,
            Err(error) => return Err(error),
        }
    }
    Err(last)
}

pub(super) fn place(file: &str, sha256: &str) -> Option<[u8; 16]> {
    let name = format!("{sha256} {file}");
    let digest = Digester::digest(DigestAlgorithm::Sha256, name.as_bytes()).ok()?;
    digest.as_octets().first_chunk().copied()
}
