//! Where records are: files, folders, patterns and zip archives, as one sequence in a fixed order.
//! Knows names and octets, and nothing of PDF.

mod consistency;
mod left_out;
mod packed;
mod pattern;
mod reading;
mod roots;
mod walk;

use std::cmp::Ordering;
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;

use unicode_normalization::UnicodeNormalization;

use super::{ArchiveError, PackingMethod};
use crate::MappedFile;

pub use left_out::{LeftOut, REPORT_MARK};
use packed::PackedFolder;
use roots::Root;
pub use walk::Files;

/// Bounds for hostile archives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ArchiveLimits {
    /// Folders inside one another that are followed: deeper than any archive of records.
    pub depth: usize,
    /// Entries of one zip archive: more than the records of a school in ten years. Each takes some
    /// hundred octets of memory.
    pub entries: usize,
    /// Octets that one entry may unpack to: larger than the largest record met, and small enough
    /// for a disk.
    pub entry_octets: u64,
    /// Octets of an entry that are unpacked into memory; a larger one goes to a temporary file.
    pub entry_in_memory: u64,
    /// How many times its packed size an entry above `entry_in_memory` may unpack to, and an
    /// archive as a whole: text packs to a twentieth, an honest PDF hardly at all.
    pub ratio: u64,
    /// Octets that a whole zip archive may unpack to however small it is.
    pub archive_octets: u64,
}

impl Default for ArchiveLimits {
    fn default() -> Self {
        Self {
            depth: 64,
            entries: 100_000,
            entry_octets: 16 << 30,
            entry_in_memory: 8 << 20,
            ratio: 250,
            archive_octets: 1 << 30,
        }
    }
}

/// How an archive is walked.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Walk {
    /// Its bounds.
    pub limits: ArchiveLimits,
    /// Ends the walk once it is set, in patterns too: what was come to by then is all there is. A
    /// [`Run`](super::Run) with the same flag says that it was stopped.
    pub stop: Arc<AtomicBool>,
    /// Files that are written meanwhile: none of them is counted as a file of the archive.
    pub written: Vec<PathBuf>,
}

impl Walk {
    fn is_stopped(&self) -> bool {
        self.stop.load(Relaxed)
    }
}

/// Paths that a user names, with all the records below them.
#[derive(Debug, Clone)]
pub struct Archive {
    roots: Vec<Root>,
    /// What the patterns passed by.
    left_out: LeftOut,
    walk: Walk,
}

impl Archive {
    /// Files, folders, zip archives and patterns (`*`, `?`, `[`, `**`) in the order named. What is
    /// named twice, or stands below a folder that is named too, is read once. Patterns tell no
    /// cases apart, follow no links, and tell each folder on their way that cannot be listed.
    #[must_use]
    pub fn of(paths: &[PathBuf], limits: ArchiveLimits) -> Self {
        let walk = Walk {
            limits,
            ..Walk::default()
        };
        Self::walked(paths, walk)
    }

    /// The same, walked in a way that is asked for.
    #[must_use]
    pub fn walked(paths: &[PathBuf], walk: Walk) -> Self {
        let left_out = LeftOut::beside(&walk.written);
        Self {
            roots: roots::of(paths, &walk, &left_out),
            left_out,
            walk,
        }
    }

    /// The folders and zip archives that are looked through whole, as they are named or patterns
    /// spell them; every other record is named by itself.
    #[must_use]
    pub fn folders(&self) -> Vec<String> {
        let folders = self.roots.iter().filter_map(|root| match root {
            Root::Path(path) => Some(path),
            Root::NoMatch(_) | Root::NoPattern(_) | Root::Closed(..) | Root::TooDeep(_) => None,
        });
        let folders = folders.filter(|path| {
            let is_zip = has_extension(&path.to_string_lossy(), "zip");
            path.is_dir() || (is_zip && path.is_file())
        });
        folders
            .map(|path| path.to_string_lossy().into_owned())
            .collect()
    }

    /// The records: files as named, all `.pdf` files of folders and zip archives in the order of
    /// their names in composed form (Unicode NFC). Links inside folders are not followed, so that
    /// a loop of links ends. Reads a folder when it is come to, so that an archive of any size
    /// takes the memory of its largest folders.
    #[must_use]
    pub fn files(&self) -> Files {
        Files::of(self.roots.clone(), self.walk.clone(), self.left_out.apart())
    }
}

/// What stands in an archive.
#[derive(Debug)]
#[non_exhaustive]
pub enum Found {
    /// A file to judge.
    File(Source),
    /// A place that could not be looked into.
    Unreadable {
        /// Its name.
        name: String,
        /// The same below the path that the user named; the last part of that path where it is the
        /// path itself.
        inside: String,
        /// Why.
        error: ArchiveError,
    },
}

impl Found {
    /// The name as people see it.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::File(source) => source.name(),
            Self::Unreadable { name, .. } => name,
        }
    }
}

/// A file to judge.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    /// The same below the path that the user named, folders parted by `/`.
    inside: String,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    Entry {
        folder: Arc<PackedFolder>,
        index: usize,
        /// Why it stays closed.
        refused: Option<Refused>,
    },
}

/// What is known of an entry before it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Refused {
    ArchiveSize,
    Nested,
}

impl Source {
    /// The name as people see it; that of an entry is `ARCHIVE.zip/NAME`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name below the path that the user named.
    #[must_use]
    pub fn inside(&self) -> &str {
        &self.inside
    }

    /// The path of the file; `None` for an entry of a zip archive.
    #[must_use]
    pub fn path(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::File(path) => Some(path),
            Place::Entry { .. } => None,
        }
    }

    /// The zip archive it stands in.
    #[must_use]
    pub fn container(&self) -> Option<&str> {
        match &self.place {
            Place::File(_) => None,
            Place::Entry { folder, .. } => Some(folder.name()),
        }
    }

    /// Its octets: mapped, or unpacked.
    ///
    /// # Errors
    /// It cannot be read, or a limit stands against it.
    pub fn open(&self) -> Result<Octets, ArchiveError> {
        match &self.place {
            Place::File(path) => MappedFile::open_reading(path, READ_OCTETS)
                .map(Octets::Mapped)
                .map_err(ArchiveError::File),
            Place::Entry {
                refused: Some(Refused::ArchiveSize),
                ..
            } => Err(ArchiveError::ArchiveSize),
            Place::Entry {
                refused: Some(Refused::Nested),
                ..
            } => Err(ArchiveError::Nested),
            Place::Entry { folder, index, .. } => folder.unpack(*index),
        }
    }
}

/// Octets of a record that is read and not mapped: archives lie on discs that fail and in folders
/// of a network that go away, and what is mapped then ends the program. School records have far
/// less; a thread holds one at a time.
const READ_OCTETS: u64 = 16 << 20;

/// A file's octets.
#[derive(Debug)]
#[non_exhaustive]
pub enum Octets {
    /// Mapped from the file, or from a temporary one.
    Mapped(MappedFile),
    /// In memory.
    Owned(Vec<u8>),
}

impl Deref for Octets {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(file) => file,
            Self::Owned(octets) => octets,
        }
    }
}

/// The order of names: composed, then as written, so that equal-looking names stand together and
/// never change places.
fn by_name(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        return one.cmp(other);
    }
    one.nfc().cmp(other.nfc()).then_with(|| one.cmp(other))
}

fn has_extension(name: &str, wanted: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(stem, extension)| !stem.is_empty() && extension.eq_ignore_ascii_case(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn composed_and_combining_names_stand_together() {
        let mut names = ["ba\u{323}n.pdf", "bạn.pdf", "bằng.pdf", "ban.pdf"];
        names.sort_by(|one, other| by_name(one, other));
        assert_eq!(names, ["ban.pdf", "ba\u{323}n.pdf", "bạn.pdf", "bằng.pdf"]);
    }

    #[test]
    fn extensions_are_read_in_any_case() {
        assert!(has_extension("a.PDF", "pdf"));
        assert!(!has_extension(".pdf", "pdf") && !has_extension("pdf", "pdf"));
        assert!(!has_extension("a.pdf.bak", "pdf"));
    }
}
