//! What lies in folders and zip archives and is not looked at, by its kind.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::Path;
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

/// Files that a walk passed by, as it goes on. Clones share one count.
#[derive(Debug, Clone, Default)]
pub struct LeftOut {
    counts: Arc<Mutex<BTreeMap<String, usize>>>,
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

    /// A count of its own that goes on from this one.
    pub(super) fn apart(&self) -> Self {
        Self {
            counts: Arc::new(Mutex::new(self.counts())),
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
        let mut head = [0; 5];
        let is_pdf = File::open(path)
            .and_then(|mut file| file.read_exact(&mut head))
            .is_ok_and(|()| &head == b"%PDF-");
        if is_pdf {
            self.note(PDF);
        } else {
            self.note_name(name);
        }
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
