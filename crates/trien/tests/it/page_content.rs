//! What we read from pages beside what poppler reads from them, over the corpus of others' files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use trien::{Document, Limits};
use trien_testkit::renderings::{RenderError, Renderer};

/// Files of one folder tree.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|kind| kind == "pdf") {
            found.push(path);
        }
    }
}

/// Words of three letters and more, in any order.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| word.chars().count() >= 3)
        .map(str::to_owned)
        .collect()
}

/// The same octets with every /Annots under a name that nobody knows.
fn without_annotations(bytes: &[u8]) -> Vec<u8> {
    let mut bare = bytes.to_vec();
    for start in 0..bare.len().saturating_sub(7) {
        if bare[start..].starts_with(b"/Annots") {
            bare[start + 6] = b'z';
        }
    }
    bare
}

#[test]
fn most_words_that_poppler_reads_from_the_corpus_we_read_too() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    if paths.is_empty() {
        println!("SKIPPED: no corpus at {}", root.display());
        return;
    }
    paths.sort();
    let (mut read, mut expected, mut pages) = (0_usize, 0_usize, 0_usize);
    for path in &paths {
        // Attacks are read otherwise by others: that is what makes them attacks.
        if path.components().any(|part| part.as_os_str() == "attacks") {
            continue;
        }
        let bytes = std::fs::read(path).unwrap();
        if bytes.len() > 4 * 1024 * 1024 {
            continue;
        }
        let Ok(document) = Document::open(&bytes, &Limits::default()) else {
            continue;
        };
        if document.is_encrypted() {
            continue;
        }
        let Ok(page) = document.page(0) else {
            continue;
        };
        let Ok(content) = document.page_content(&page) else {
            continue;
        };
        let ours: String = content
            .lines
            .iter()
            .map(|line| line.text() + "\n")
            .collect();
        // They read annotations too: so these are taken away, where a plain name lists them.
        let bare = without_annotations(&bytes);
        let copy = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(copy.path(), bare).unwrap();
        let theirs = match Renderer::Poppler.text(copy.path(), 0) {
            Err(missing @ RenderError::Missing(_)) => {
                println!("SKIPPED: {missing}");
                return;
            }
            Err(_) => continue,
            Ok(text) => text,
        };
        let (ours, theirs) = (words(&ours), words(&theirs));
        let common = ours.intersection(&theirs).count();
        if common * 2 < theirs.len() {
            println!("{}: {common} of {}", path.display(), theirs.len());
        }
        pages += 1;
        read += common;
        expected += theirs.len();
    }
    println!("{pages} first pages: {read} of {expected} words");
    assert!(pages > 100, "{pages}");
    assert!(read * 100 >= expected * 95, "{read} of {expected}");
}
