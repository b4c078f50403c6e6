//! Zip archives as folders. Entries are read one by one within bounds; nothing is ever written
//! under a name that stands in the archive.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use zip::ZipArchive;
use zip::result::ZipError;

use super::reading::ReadFile;
use super::{
    ArchiveError, ArchiveLimits, LeftOut, Octets, PackingMethod, Refused, by_name, consistency,
    has_extension,
};
use crate::MappedFile;

/// A zip archive that is open.
#[derive(Debug)]
pub(super) struct PackedFolder {
    name: String,
    archive: ZipArchive<ReadFile>,
    limits: ArchiveLimits,
}

/// An entry that is a record, or a zip archive that stays closed.
#[derive(Debug)]
pub(super) struct PackedEntry {
    pub(super) name: String,
    pub(super) index: usize,
    pub(super) refused: Option<Refused>,
}

impl PackedFolder {
    /// Opens an archive and lists its records in the order of their names.
    pub(super) fn open(
        path: &Path,
        limits: &ArchiveLimits,
        left_out: &LeftOut,
    ) -> Result<(Self, Vec<PackedEntry>), ArchiveError> {
        let mut file = ReadFile::open(path).map_err(ArchiveError::File)?;
        let length = file.length();
        // Each entry is taken up into memory when the archive is opened: counted before that.
        if stated_entries(&mut file).is_some_and(|entries| entries > limits.entries) {
            return Err(ArchiveError::ZipEntries);
        }
        let broken = |error: ZipError| ArchiveError::Zip(Box::new(error));
        let archive = ZipArchive::new(file.clone()).map_err(broken)?;
        if archive.len() > limits.entries {
            return Err(ArchiveError::ZipEntries);
        }
        // The directory that is read is the one that was held against the entries.
        let is_consistent =
            consistency::directory(&file, limits.entries).is_some_and(|directory| {
                archive.offset() == 0
                    && archive.central_directory_start() == directory.start
                    && (archive.len() == directory.entries || archive.has_duplicate_names())
            });
        if !is_consistent {
            return Err(ArchiveError::ZipInconsistent);
        }
        let room = limits
            .archive_octets
            .max(length.saturating_mul(limits.ratio));
        let mut unpacked = 0_u64;
        let mut entries = Vec::new();
        for index in 0..archive.len() {
            let entry = archive.by_index_data(index).map_err(broken)?;
            // Programs leave out the mark that says UTF-8: what reads as UTF-8 is.
            let name = match std::str::from_utf8(entry.name_raw()) {
                Ok(name) => name.to_owned(),
                Err(_) => entry.name().map_err(broken)?.into_owned(),
            };
            let is_nested = has_extension(&name, "zip");
            if name.ends_with('/') {
                continue;
            }
            if !(is_nested || has_extension(&name, "pdf")) {
                left_out.note_name(&name);
                continue;
            }
            unpacked = unpacked.saturating_add(entry.size());
            let refused = if is_nested {
                Some(Refused::Nested)
            } else {
                (unpacked > room).then_some(Refused::ArchiveSize)
            };
            entries.push(PackedEntry {
                name,
                index,
                refused,
            });
        }
        entries.sort_by(|one, other| {
            by_name(&one.name, &other.name).then_with(|| one.index.cmp(&other.index))
        });
        let folder = Self {
            name: path.to_string_lossy().into_owned(),
            archive,
            limits: *limits,
        };
        Ok((folder, entries))
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Whether names come twice, so that an entry cannot be reached.
    pub(super) fn has_hidden_entries(&self) -> bool {
        self.archive.has_duplicate_names()
    }

    /// The octets of an entry: as many as it states, or none.
    pub(super) fn unpack(&self, index: usize) -> Result<Octets, ArchiveError> {
        let limits = &self.limits;
        let mut archive = self.archive.clone();
        let mut entry = archive.by_index(index).map_err(entry_error)?;
        let (size, packed) = (entry.size(), entry.compressed_size());
        if size > limits.entry_octets {
            return Err(ArchiveError::EntrySize);
        }
        if size > limits.entry_in_memory && size > packed.saturating_mul(limits.ratio) {
            return Err(ArchiveError::EntryRatio);
        }
        let failed = |error: std::io::Error| match error.downcast::<ZipError>() {
            Ok(error) => entry_error(error),
            Err(error) => ArchiveError::Entry(Box::new(error)),
        };
        if size <= limits.entry_in_memory {
            let mut octets = Vec::new();
            let mut bounded = (&mut entry).take(size.saturating_add(1));
            bounded.read_to_end(&mut octets).map_err(failed)?;
            is_stated(u64::try_from(octets.len()).unwrap_or(u64::MAX), size)?;
            return Ok(Octets::Owned(octets));
        }
        let mut file = tempfile::tempfile().map_err(failed)?;
        let mut bounded = (&mut entry).take(size.saturating_add(1));
        is_stated(
            std::io::copy(&mut bounded, &mut file).map_err(failed)?,
            size,
        )?;
        map(file).map_err(failed)
    }
}

/// Whether an entry gave what its headers state: programs that go by these would see another file.
const fn is_stated(read: u64, stated: u64) -> Result<(), ArchiveError> {
    if read > stated {
        return Err(ArchiveError::EntrySize);
    }
    if read < stated {
        return Err(ArchiveError::ZipInconsistent);
    }
    Ok(())
}

fn map(mut file: File) -> std::io::Result<Octets> {
    file.flush()?;
    MappedFile::map(&file).map(Octets::Mapped)
}

fn entry_error(error: ZipError) -> ArchiveError {
    if matches!(
        error,
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword
    ) {
        return ArchiveError::EntryEncrypted;
    }
    if let ZipError::CompressionMethodNotSupported(number) = error {
        return ArchiveError::EntryMethod(PackingMethod::new(number));
    }
    ArchiveError::Entry(Box::new(error))
}

/// The number of entries that the end of the central directory states (APPNOTE 4.3.16, and 4.3.14
/// where it says that the number is too large for it).
fn stated_entries(file: &mut ReadFile) -> Option<usize> {
    /// Its own 22 octets and the longest comment.
    const END_AT_MOST: u64 = 22 + 0xFFFF;
    let start = file.length().saturating_sub(END_AT_MOST);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(start)).ok()?;
    file.take(END_AT_MOST).read_to_end(&mut tail).ok()?;
    let end = memchr::memmem::rfind(&tail, b"PK\x05\x06")?;
    let stated = tail.get(end.checked_add(10)?..end.checked_add(12)?)?;
    let stated = u16::from_le_bytes(stated.try_into().ok()?);
    if stated != u16::MAX {
        return Some(usize::from(stated));
    }
    let long = memchr::memmem::rfind(&tail, b"PK\x06\x06")?;
    let stated = tail.get(long.checked_add(32)?..long.checked_add(40)?)?;
    usize::try_from(u64::from_le_bytes(stated.try_into().ok()?)).ok()
}
