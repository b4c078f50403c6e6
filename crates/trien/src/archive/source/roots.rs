//! The paths that a user names: patterns spelled out, and nothing twice.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::has_extension;

/// A path to begin at.
#[derive(Debug, Clone)]
pub(super) enum Root {
    Path(PathBuf),
    /// A pattern that names nothing.
    NoMatch(PathBuf),
    /// A pattern that cannot be read.
    NoPattern(PathBuf),
}

pub(super) fn of(paths: &[PathBuf]) -> Vec<Root> {
    let mut roots = Vec::new();
    for path in paths {
        match spelled_out(path) {
            None => roots.push(Root::Path(path.clone())),
            Some(Err(_)) => roots.push(Root::NoPattern(path.clone())),
            Some(Ok(found)) if found.is_empty() => roots.push(Root::NoMatch(path.clone())),
            Some(Ok(found)) => roots.extend(found.into_iter().map(Root::Path)),
        }
    }
    if roots.len() > 1 {
        once(&mut roots);
    }
    roots
}

/// The paths that fit a pattern; `None` for a path that is there, or is no pattern.
fn spelled_out(path: &Path) -> Option<Result<Vec<PathBuf>, glob::PatternError>> {
    let text = path.to_str()?;
    if !text.contains(['*', '?', '[']) || path.symlink_metadata().is_ok() {
        return None;
    }
    // A folder that the pattern leads through and cannot be read is no match; named by itself it
    // is an error.
    Some(glob::glob(text).map(|found| {
        let mut found: Vec<PathBuf> = found.filter_map(Result::ok).collect();
        // Of other kinds a pattern means the folder's records, and what it names outright.
        found.retain(|path| {
            let name = path.to_string_lossy();
            path.is_dir() || has_extension(&name, "pdf") || has_extension(&name, "zip")
        });
        found
    }))
}

/// Leaves out what is named twice or is come to below a folder that is named too.
fn once(roots: &mut Vec<Root>) {
    let mut folders = HashSet::new();
    for root in roots.iter() {
        if let Root::Path(path) = root
            && path.is_dir()
            && let Ok(real) = path.canonicalize()
        {
            folders.insert(real);
        }
    }
    let mut seen = HashSet::new();
    roots.retain(|root| {
        let Root::Path(path) = root else {
            return true;
        };
        let Ok(real) = path.canonicalize() else {
            return true;
        };
        if !seen.insert(real.clone()) {
            return false;
        }
        let name = real.to_string_lossy();
        let is_come_to =
            path.is_dir() || has_extension(&name, "pdf") || has_extension(&name, "zip");
        !(is_come_to
            && real
                .ancestors()
                .skip(1)
                .any(|above| folders.contains(above)))
    });
}
