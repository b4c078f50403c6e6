//! The walk through folders and zip archives, one level of names in memory for each folder that is
//! open.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::vec::IntoIter;

use super::packed::{PackedEntry, PackedFolder};
use super::roots::Root;
use super::{ArchiveError, Found, LeftOut, Place, Source, Walk, by_name, has_extension};

/// The records of an archive, one after the other.
#[derive(Debug)]
pub struct Files {
    roots: IntoIter<Root>,
    open: Vec<Level>,
    walk: Walk,
    left_out: LeftOut,
}

/// A folder that is open, with the names still to come.
#[derive(Debug)]
enum Level {
    Folder(IntoIter<Named>),
    Packed {
        folder: Arc<PackedFolder>,
        inside: String,
        entries: IntoIter<PackedEntry>,
    },
}

/// Something in a folder.
#[derive(Debug)]
struct Named {
    name: String,
    path: PathBuf,
    inside: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Folder,
    Pdf,
    Zip,
    Unknown(std::io::Error),
}

impl Files {
    pub(super) fn of(roots: Vec<Root>, walk: Walk, left_out: LeftOut) -> Self {
        Self {
            roots: roots.into_iter(),
            open: Vec::new(),
            walk,
            left_out,
        }
    }

    /// What is passed by, counted as the walk goes on.
    #[must_use]
    pub fn left_out(&self) -> LeftOut {
        self.left_out.clone()
    }

    fn root(&mut self, root: Root) -> Option<Found> {
        let unreadable = |path: &Path, error| unreadable(path, "", error);
        let path = match root {
            Root::NoPattern(path) => return Some(unreadable(&path, ArchiveError::Pattern)),
            Root::NoMatch(path) => return Some(unreadable(&path, ArchiveError::PatternEmpty)),
            Root::TooDeep(path) => return Some(unreadable(&path, ArchiveError::FolderDepth)),
            Root::Closed(path, error) => {
                let error = error.raw_os_error().map_or_else(
                    || std::io::Error::from(error.kind()),
                    std::io::Error::from_raw_os_error,
                );
                return Some(unreadable(&path, ArchiveError::Folder(error)));
            }
            Root::Path(path) => path,
        };
        match fs::metadata(&path) {
            Err(error) => Some(unreadable(&path, ArchiveError::Folder(error))),
            Ok(metadata) if metadata.is_dir() => self.enter(&path, ""),
            Ok(metadata) if metadata.is_file() && has_extension(&path.to_string_lossy(), "zip") => {
                self.enter_zip(&path, "")
            }
            Ok(_) => {
                let name = path.file_name().unwrap_or_default();
                let inside = name.to_string_lossy().into_owned();
                Some(file(path, inside))
            }
        }
    }

    /// Opens a folder; what comes back is why it stays closed.
    fn enter(&mut self, path: &Path, inside: &str) -> Option<Found> {
        let closed = |error| Some(unreadable(path, inside, error));
        if self.open.len() >= self.walk.limits.depth {
            return closed(ArchiveError::FolderDepth);
        }
        let listed = fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
        let listed = match listed {
            Ok(listed) => listed,
            Err(error) => return closed(ArchiveError::Folder(error)),
        };
        let mut named: Vec<Named> = listed
            .into_iter()
            .filter_map(|entry| Named::of(&entry, inside, &self.left_out))
            .collect();
        named.sort_by(|one, other| {
            by_name(&one.name, &other.name).then_with(|| one.path.cmp(&other.path))
        });
        self.open.push(Level::Folder(named.into_iter()));
        None
    }

    fn enter_zip(&mut self, path: &Path, inside: &str) -> Option<Found> {
        match PackedFolder::open(path, &self.walk.limits, &self.left_out) {
            Err(error) => Some(unreadable(path, inside, error)),
            Ok((folder, entries)) => {
                let hidden = folder
                    .has_hidden_entries()
                    .then(|| unreadable(path, inside, ArchiveError::ZipNamesTwice));
                self.open.push(Level::Packed {
                    folder: Arc::new(folder),
                    inside: inside.to_owned(),
                    entries: entries.into_iter(),
                });
                hidden
            }
        }
    }
}

impl Iterator for Files {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            // A folder of a million others holds no record for long.
            if self.walk.is_stopped() {
                return None;
            }
            let Some(level) = self.open.last_mut() else {
                let root = self.roots.next()?;
                if let Some(found) = self.root(root) {
                    return Some(found);
                }
                continue;
            };
            match level {
                Level::Packed {
                    folder,
                    inside,
                    entries,
                } => {
                    if let Some(entry) = entries.next() {
                        return Some(packed(folder, inside, entry));
                    }
                    self.open.pop();
                }
                Level::Folder(named) => {
                    let Some(named) = named.next() else {
                        self.open.pop();
                        continue;
                    };
                    let found = match named.kind {
                        Kind::Folder => self.enter(&named.path, &named.inside),
                        Kind::Pdf => Some(file(named.path, named.inside)),
                        Kind::Unknown(error) => {
                            let error = ArchiveError::Folder(error);
                            Some(unreadable(&named.path, &named.inside, error))
                        }
                        Kind::Zip => self.enter_zip(&named.path, &named.inside),
                    };
                    if found.is_some() {
                        return found;
                    }
                }
            }
        }
    }
}

impl Named {
    /// `None` for what is no record: other files, links, pipes.
    fn of(entry: &fs::DirEntry, inside: &str, left_out: &LeftOut) -> Option<Self> {
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = match entry.file_type() {
            Err(error) => Kind::Unknown(error),
            Ok(kind) if kind.is_dir() => Kind::Folder,
            Ok(kind) if kind.is_file() && has_extension(&name, "pdf") => Kind::Pdf,
            Ok(kind) if kind.is_file() && has_extension(&name, "zip") => Kind::Zip,
            Ok(kind) if kind.is_file() => {
                left_out.note_file(&name, &entry.path());
                return None;
            }
            Ok(kind) if kind.is_symlink() => {
                left_out.note_link();
                return None;
            }
            Ok(_) => {
                left_out.note_name("");
                return None;
            }
        };
        let inside = match inside {
            "" => name.clone(),
            folder => format!("{folder}/{name}"),
        };
        Some(Self {
            name,
            path: entry.path(),
            inside,
            kind,
        })
    }
}

/// A place that stays closed; what the user named is called by its last part.
fn unreadable(path: &Path, inside: &str, error: ArchiveError) -> Found {
    let inside = match inside {
        "" => path.file_name().map_or_else(
            || path.to_string_lossy().into_owned(),
            |name| name.to_string_lossy().into_owned(),
        ),
        below => below.to_owned(),
    };
    Found::Unreadable {
        name: path.to_string_lossy().into_owned(),
        inside,
        error,
    }
}

fn file(path: PathBuf, inside: String) -> Found {
    Found::File(Source {
        name: path.to_string_lossy().into_owned(),
        inside,
        place: Place::File(path),
    })
}

fn packed(folder: &Arc<PackedFolder>, inside: &str, entry: PackedEntry) -> Found {
    Found::File(Source {
        name: format!("{}/{}", folder.name(), entry.name),
        inside: match inside {
            "" => entry.name,
            above => format!("{above}/{}", entry.name),
        },
        place: Place::Entry {
            folder: Arc::clone(folder),
            index: entry.index,
            refused: entry.refused,
        },
    })
}
