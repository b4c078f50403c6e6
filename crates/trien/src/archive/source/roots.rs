//! The paths that a user names: patterns spelled out, and nothing twice.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::pattern::NamePattern;
use super::{LeftOut, Walk, has_extension};

/// A path to begin at.
#[derive(Debug, Clone)]
pub(super) enum Root {
    Path(PathBuf),
    /// A pattern that names nothing.
    NoMatch(PathBuf),
    /// A pattern that cannot be read.
    NoPattern(PathBuf),
    /// A folder that a pattern leads to and cannot be listed.
    Closed(PathBuf, Arc<io::Error>),
    /// A folder that a pattern leads to, deeper than is followed.
    TooDeep(PathBuf),
}

pub(super) fn of(paths: &[PathBuf], walk: &Walk, left_out: &LeftOut) -> Vec<Root> {
    let mut roots = Vec::new();
    for path in paths {
        match pattern(path) {
            None => roots.push(Root::Path(path.clone())),
            Some(None) => roots.push(Root::NoPattern(path.clone())),
            Some(Some(pattern)) => {
                let found = pattern.spelled_out(walk, left_out);
                if found.is_empty() && !walk.is_stopped() {
                    roots.push(Root::NoMatch(path.clone()));
                }
                roots.extend(found);
            }
        }
    }
    if roots.len() > 1 {
        once(&mut roots);
    }
    roots
}

/// `None` for a path that is there, or is no pattern.
fn pattern(path: &Path) -> Option<Option<NamePattern>> {
    if path.symlink_metadata().is_ok() {
        return None;
    }
    NamePattern::of(path.to_str()?)
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
        let (Root::Path(path) | Root::Closed(path, _) | Root::TooDeep(path)) = root else {
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
