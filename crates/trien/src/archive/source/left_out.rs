//! What lies in folders and zip archives and is not looked at, by its kind.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// Letters of an ending that is counted by its name: longer ones are no ending.
const ENDING: usize = 8;
/// Endings told apart, so that a hostile archive fills no memory.
const ENDINGS: usize = 64;

/// A PDF that is not called one.
const PDF: &str = "%PDF-";
/// A link inside a folder.
const LINK: &str = "link";
/// What has no ending, or one that is not told apart.
const OTHER: &str = "other";

/// What HTML reports of this project have in their second line, by which they are known again.
pub const REPORT_MARK: &str = "<!-- trien.report/1 -->";

/// How files begin that earlier runs wrote: journals and their copies, lines, summaries, reports.
const OWN_BEGINNINGS: [&str; 4] = [
    "{\"journal\":\"trien.journal/",
    "{\"schema\":\"trien.",
    "{\n  \"schema\": \"trien.",
    "<!DOCTYPE html>\n<!-- trien.report/1 -->",
];

/// Octets in which these are found.
const HEAD: u64 = 64;

/// Files that a walk passed by, as it goes on. Clones share one count.
#[derive(Debug, Clone, Default)]
pub struct LeftOut {
    counts: Arc<Mutex<BTreeMap<String, usize>>>,
    own: Arc<AtomicUsize>,
    /// Files that this run writes: whatever their names are, they are none of the archive's.
    written: Arc<Vec<PathBuf>>,
}

impl LeftOut {
    /// The kinds that are no endings. The words are part of the contract and never change.
    pub const WORDS: [&'static str; 3] = [PDF, LINK, OTHER];

    /// How many, by kind: an ending such as `.docx`; `%PDF-` for a PDF that is not called one;
    /// `link`; `other`.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<String, usize> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }

    /// Files of these programs, in no count: what a run that was killed left behind
    /// (`.trien-….part`), journals, lines, summaries and HTML reports of earlier runs.
    #[must_use]
    pub fn own(&self) -> usize {
        self.own.load(Ordering::Relaxed)
    }

    /// A count that leaves out the files that are written.
    pub(super) fn beside(written: &[PathBuf]) -> Self {
        Self {
            written: Arc::new(written.to_vec()),
            ..Self::default()
        }
    }

    /// A count of its own that goes on from this one.
    pub(super) fn apart(&self) -> Self {
        Self {
            counts: Arc::new(Mutex::new(self.counts())),
            own: Arc::new(AtomicUsize::new(self.own())),
            written: Arc::clone(&self.written),
        }
    }

    pub(super) fn note_name(&self, name: &str) {
        let ending = name
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase())
            .filter(|ending| {
                (1..=ENDING).contains(&ending.len())
                    && ending.bytes().all(|octet| octet.is_ascii_alphanumeric())
            });
        self.note(&ending.map_or_else(|| OTHER.to_owned(), |ending| format!(".{ending}")));
    }

    /// A file that is there to be read.
    pub(super) fn note_file(&self, name: &str, path: &Path) {
        if self.is_written(path) {
            return;
        }
        let mut head = Vec::new();
        // What cannot be read is counted by its name.
        let _ = File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head));
        let begins = |beginning: &&str| head.starts_with(beginning.as_bytes());
        if is_left_behind(name) || OWN_BEGINNINGS.iter().any(begins) {
            self.own.fetch_add(1, Ordering::Relaxed);
        } else if head.starts_with(b"%PDF-") {
            self.note(PDF);
        } else {
            self.note_name(name);
        }
    }

    fn is_written(&self, path: &Path) -> bool {
        self.written.iter().any(|own| {
            own.file_name() == path.file_name()
                && match (own.canonicalize(), path.canonicalize()) {
                    (Ok(own), Ok(path)) => own == path,
                    _ => false,
                }
        })
    }

    pub(super) fn note_link(&self) {
        self.note(LINK);
    }

    fn note(&self, kind: &str) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let is_room = counts.len() < ENDINGS || counts.contains_key(kind);
        let kind = if is_room { kind } else { OTHER };
        let count = counts.entry(kind.to_owned()).or_default();
        *count = count.saturating_add(1);
    }
}

/// Whether a name is that of a file that [`crate::NewFile`] did not come to finish.
fn is_left_behind(name: &str) -> bool {
    name.strip_prefix(".trien-")
        .and_then(|rest| rest.strip_suffix(".part"))
        .is_some_and(|middle| {
            middle.len() == 6 && middle.bytes().all(|octet| octet.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_these_programs_are_none_of_the_archive_s() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let written = put("bang.csv", "now");
        let left_out = LeftOut::beside(&[written]);
        for (name, text) in [
            ("bang.csv", "now"),
            (".trien-aB3xYz.part", "%PDF-1.7"),
            ("nhat-ky.jsonl", "{\"journal\":\"trien.journal/2\"}"),
            (
                "nhat-ky.jsonl.set-aside-1",
                "{\"journal\":\"trien.journal/2\"}",
            ),
            ("tong-hop.json", "{\n  \"schema\": \"trien.archive/1\""),
            ("dong.jsonl", "{\"schema\":\"trien.verify/1\""),
            ("bao-cao.html", "<!DOCTYPE html>\n<!-- trien.report/1 -->\n"),
        ] {
            left_out.note_file(name, &put(name, text));
        }
        assert_eq!(left_out.counts(), BTreeMap::new());
        assert_eq!(left_out.own(), 6);
        for (name, text, kind) in [
            (".trien-ab.part", "", ".part"),
            ("a.part", "", ".part"),
            ("khac.json", "{\"schema\": \"other\"}", ".json"),
            ("ho-so.bin", "%PDF-1.7", PDF),
        ] {
            left_out.note_file(name, &put(name, text));
            assert!(left_out.counts().contains_key(kind), "{name}");
        }
        assert_eq!(left_out.own(), 6);
    }
}
