//! Patterns of names (`*`, `?`, `[`, `**`) spelled out, folder by folder as the walk goes: links are
//! not followed, and a folder that stays closed is told.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use glob::{MatchOptions, Pattern};
use unicode_normalization::UnicodeNormalization;

use super::roots::Root;
use super::{LeftOut, Walk, by_name, has_extension};

/// Cases are not told apart: a scanner writes `.PDF`.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: false,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// A pattern as the folder before the first wildcard, and what follows, name by name.
#[derive(Debug)]
pub(super) struct NamePattern {
    folder: PathBuf,
    names: Vec<Name>,
    kinds: Kinds,
}

#[derive(Debug)]
enum Name {
    /// `**`: any folders, or none.
    AnyFolders,
    Fits(Pattern),
}

/// What a pattern names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kinds {
    All,
    /// It ends in a separator.
    Folders,
}

/// A folder to look into, with the places in the pattern that its path has come to.
struct Reached {
    path: PathBuf,
    depth: usize,
    places: Vec<usize>,
}

impl NamePattern {
    /// `None` for a path without wildcards in its names; `Some(None)` for what cannot be read.
    pub(super) fn of(text: &str) -> Option<Option<Self>> {
        let is_wild = |name: &str| name.contains(['*', '?', '[']);
        let mut folder = PathBuf::new();
        let mut components = Path::new(text).components().peekable();
        while let Some(component) = components.peek() {
            if matches!(component, Component::Normal(name) if is_wild(&name.to_string_lossy())) {
                break;
            }
            folder.push(component);
            components.next();
        }
        components.peek()?;
        let mut names = Vec::new();
        for component in components {
            let Component::Normal(name) = component else {
                // A folder above one that a wildcard stands for.
                return Some(None);
            };
            let name: String = name.to_string_lossy().nfc().collect();
            if name == "**" {
                if !matches!(names.last(), Some(Name::AnyFolders)) {
                    names.push(Name::AnyFolders);
                }
                continue;
            }
            match Pattern::new(&name) {
                Ok(pattern) => names.push(Name::Fits(pattern)),
                Err(_) => return Some(None),
            }
        }
        let is_separated = text.ends_with(std::path::is_separator);
        let kinds = if is_separated && !matches!(names.last(), Some(Name::AnyFolders)) {
            Kinds::Folders
        } else {
            Kinds::All
        };
        Some(Some(Self {
            folder,
            names,
            kinds,
        }))
    }

    /// What fits, in the order of names, and the folders on the way that stay closed; what was come
    /// to, where the walk is stopped.
    pub(super) fn spelled_out(&self, walk: &Walk, left_out: &LeftOut) -> Vec<Root> {
        let limits = &walk.limits;
        let mut roots = Vec::new();
        let mut open = vec![Step::Enter(Reached {
            path: self.folder.clone(),
            depth: 0,
            places: vec![0],
        })];
        while let Some(step) = open.pop() {
            if walk.is_stopped() {
                break;
            }
            match step {
                Step::Found(path) => roots.push(Root::Path(path)),
                Step::Enter(reached) if reached.depth >= limits.depth => {
                    roots.push(Root::TooDeep(reached.path));
                }
                Step::Enter(reached) => match self.enter(&reached, left_out) {
                    Ok(steps) => open.extend(steps.into_iter().rev()),
                    Err(error) => roots.push(Root::Closed(reached.path, Arc::new(error))),
                },
            }
        }
        roots
    }

    fn enter(&self, reached: &Reached, left_out: &LeftOut) -> std::io::Result<Vec<Step>> {
        let here = if reached.path.as_os_str().is_empty() {
            Path::new(".")
        } else {
            &reached.path
        };
        let mut steps = Vec::new();
        for entry in fs::read_dir(here)? {
            let entry = entry?;
            let (name, path) = (entry.file_name(), reached.path.join(entry.file_name()));
            let name = name.to_string_lossy().into_owned();
            let (is_named, places) = self.after(&reached.places, &name);
            let kind = entry.file_type()?;
            if kind.is_dir() {
                // A folder that fits is taken whole.
                if is_named {
                    steps.push((name, Step::Found(path)));
                } else if !places.is_empty() {
                    let depth = reached.depth.saturating_add(1);
                    let reached = Reached {
                        path,
                        depth,
                        places,
                    };
                    steps.push((name, Step::Enter(reached)));
                }
            } else if kind.is_symlink() {
                if is_named || (!places.is_empty() && path.is_dir()) {
                    left_out.note_link();
                }
            } else if is_named && self.kinds == Kinds::All {
                // Of files a pattern means the records.
                if !kind.is_file() {
                    left_out.note_name("");
                } else if has_extension(&name, "pdf") || has_extension(&name, "zip") {
                    steps.push((name, Step::Found(path)));
                } else {
                    left_out.note_file(&name, &path);
                }
            }
        }
        steps.sort_by(|(one, _), (other, _)| by_name(one, other));
        Ok(steps.into_iter().map(|(_, step)| step).collect())
    }

    /// Whether a name below these places ends the pattern, and the places after it.
    fn after(&self, places: &[usize], name: &str) -> (bool, Vec<usize>) {
        let name: String = name.nfc().collect();
        let (mut is_named, mut after) = (false, Vec::new());
        let mut reach = |place: usize| {
            if place >= self.names.len() {
                is_named = true;
            } else if !after.contains(&place) {
                after.push(place);
            }
        };
        for place in places {
            let mut place = *place;
            if matches!(self.names.get(place), Some(Name::AnyFolders)) {
                reach(place);
                place = place.saturating_add(1);
                if place >= self.names.len() {
                    reach(place);
                }
            }
            if let Some(Name::Fits(pattern)) = self.names.get(place)
                && pattern.matches_with(&name, OPTIONS)
            {
                reach(place.saturating_add(1));
            }
        }
        (is_named, after)
    }
}

enum Step {
    Enter(Reached),
    Found(PathBuf),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &Path) -> (Vec<String>, LeftOut) {
        let left_out = LeftOut::default();
        let pattern = NamePattern::of(pattern.to_str().unwrap()).unwrap().unwrap();
        let roots = pattern.spelled_out(&Walk::default(), &left_out);
        let names = roots.into_iter().map(|root| {
            if let Root::Path(path) = &root {
                path.file_name().unwrap().to_string_lossy().into_owned()
            } else {
                format!("{root:?}")
            }
        });
        (names.collect(), left_out)
    }

    #[test]
    fn what_fits_comes_in_the_order_of_names_whatever_its_case() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir_all(path.join("6a/b/c")).unwrap();
        fs::create_dir_all(path.join("7a/d.pdf")).unwrap();
        let composing = "6a/b/bạn.pdf";
        for name in ["z.PDF", "6a/y.pdf", "6a/b/c/x.Pdf", "6a/w.docx", composing] {
            fs::write(path.join(name), b"").unwrap();
        }
        for (pattern, wanted) in [
            (
                "**/*.pdf",
                vec!["bạn.pdf", "x.Pdf", "y.pdf", "d.pdf", "z.PDF"],
            ),
            ("*.pdf", vec!["z.PDF"]),
            ("**", vec!["6a", "7a", "z.PDF"]),
            ("*/", vec!["6a", "7a"]),
            ("?A/*.pdf", vec!["y.pdf", "d.pdf"]),
            ("**/b/**/*.pdf", vec!["bạn.pdf", "x.Pdf"]),
            ("**/ba\u{323}?.pdf", vec!["bạn.pdf"]),
        ] {
            let (names, _) = found(&path.join(pattern));
            assert_eq!(names, wanted, "{pattern}");
        }
        let (_, left_out) = found(&path.join("6?/*"));
        assert_eq!(left_out.counts().get(".docx"), Some(&1));
        assert!(NamePattern::of("a/b.pdf").is_none());
        for wrong in ["a/**b", "a/[", "*/../b", "a***"] {
            assert!(NamePattern::of(wrong).unwrap().is_none(), "{wrong}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_counted_and_not_followed_and_closed_folders_are_told() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("a.pdf"), b"").unwrap();
        for link in ["l1", "l2"] {
            symlink(".", path.join(link)).unwrap();
        }
        symlink("a.pdf", path.join("b.pdf")).unwrap();
        symlink("a.pdf", path.join("c.docx")).unwrap();
        let (names, left_out) = found(&path.join("**/*.pdf"));
        assert_eq!(names, ["a.pdf"]);
        assert_eq!(left_out.counts().get("link"), Some(&3));
        // No folder, so that it cannot be listed, whoever asks.
        let (names, _) = found(&path.join("a.pdf/*.pdf"));
        assert!(matches!(&names[..], [told] if told.starts_with("Closed")));
        let mut deep = path.to_owned();
        for _ in 0..70 {
            deep.push("d");
        }
        fs::create_dir_all(&deep).unwrap();
        let (names, _) = found(&path.join("**/*.pdf"));
        assert!(names[1].starts_with("TooDeep"), "{names:?}");
    }

    #[test]
    fn a_walk_that_is_stopped_looks_into_no_further_folder() {
        use std::sync::atomic::Ordering;
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("6a")).unwrap();
        fs::write(folder.path().join("6a/a.pdf"), b"").unwrap();
        let pattern = folder.path().join("**/*.pdf");
        let pattern = NamePattern::of(pattern.to_str().unwrap()).unwrap().unwrap();
        let walk = Walk::default();
        assert_eq!(pattern.spelled_out(&walk, &LeftOut::default()).len(), 1);
        walk.stop.store(true, Ordering::Relaxed);
        assert_eq!(pattern.spelled_out(&walk, &LeftOut::default()).len(), 0);
    }
}
