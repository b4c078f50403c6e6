//! PDF files among the paths a user names.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Folders inside one another that are followed: deeper than any archive of records.
const DEPTH: usize = 64;

/// A file to verify, or a path that could not be looked into.
#[derive(Debug)]
#[non_exhaustive]
pub enum Entry {
    /// A file.
    File(PathBuf),
    /// A path that could not be read.
    Unreadable(PathBuf, io::Error),
}

/// Files as named, and all `.pdf` files in the folders named, in the order of their names.
/// Links inside folders are not followed, so that a loop of links ends.
#[must_use]
pub fn pdf_files(paths: &[PathBuf]) -> Vec<Entry> {
    let mut entries = Vec::new();
    for path in paths {
        match fs::metadata(path) {
            Err(error) => entries.push(Entry::Unreadable(path.clone(), error)),
            Ok(metadata) if metadata.is_dir() => walk(path, DEPTH, &mut entries),
            Ok(_) => entries.push(Entry::File(path.clone())),
        }
    }
    entries
}

fn walk(folder: &Path, depth: usize, entries: &mut Vec<Entry>) {
    let too_deep = || io::Error::other("too many folders inside one another");
    let Some(depth) = depth.checked_sub(1) else {
        entries.push(Entry::Unreadable(folder.to_owned(), too_deep()));
        return;
    };
    let listed = fs::read_dir(folder).and_then(|list| list.collect::<io::Result<Vec<_>>>());
    let mut listed = match listed {
        Ok(listed) => listed,
        Err(error) => {
            entries.push(Entry::Unreadable(folder.to_owned(), error));
            return;
        }
    };
    listed.sort_by_key(fs::DirEntry::file_name);
    for item in listed {
        let path = item.path();
        match item.file_type() {
            Err(error) => entries.push(Entry::Unreadable(path, error)),
            Ok(kind) if kind.is_dir() => walk(&path, depth, entries),
            Ok(kind) if kind.is_file() && is_pdf(&path) => entries.push(Entry::File(path)),
            Ok(_) => {}
        }
    }
}

fn is_pdf(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("pdf"))
}
