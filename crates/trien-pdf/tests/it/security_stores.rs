//! Security stores of real files, whole and damaged: what is there is read, nothing panics, and a
//! store that takes an addition holds it and everything it held before.

use std::path::{Path, PathBuf};

use trien_pdf::{Document, SecurityStore, StoreAddition};
use trien_types::Limits;

/// Files with a store in the corpus, at least.
const STORES: usize = 150;

/// Octets that are damaged in one file, spread over it.
const DAMAGED: usize = 24;

fn pdf_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pdf_files(&path, found);
        } else if path
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("pdf"))
        {
            found.push(path);
        }
    }
}

/// Reads the stores of every revision; adds to the newest. Gives what the newest holds.
fn exercise(bytes: &[u8]) -> Option<SecurityStore> {
    let document = Document::open(bytes, &Limits::default()).ok()?;
    let mut newest = None;
    for revision in document.revisions() {
        newest = SecurityStore::read(&document, revision, document.limits()).ok()?;
    }
    let store = newest?;
    let mut addition = StoreAddition::default();
    addition.certificates = vec![b"new certificate".to_vec()];
    if let Ok(Some(update)) = document.add_to_security_store(&addition) {
        let whole = [bytes, update.appended()].concat();
        let after = Document::open(&whole, &Limits::default()).unwrap();
        let after = SecurityStore::read(&after, after.latest(), after.limits());
        let after = after.unwrap().unwrap();
        assert_eq!(after.certificates.len(), store.certificates.len() + 1);
        assert_eq!(after.crls, store.crls);
        assert_eq!(after.ocsps, store.ocsps);
        assert_eq!(after.validation_related, store.validation_related);
    }
    Some(store)
}

#[test]
fn stores_of_the_corpus_are_read_and_grow_whole_and_damaged() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus");
    if !corpus.is_dir() {
        println!("SKIPPED corpus: no ../shared/corpus beside the repository");
        return;
    }
    let mut files = Vec::new();
    pdf_files(&corpus, &mut files);
    files.sort();
    let (mut stores, mut data, mut damaged) = (0, 0, 0);
    for path in files {
        let mut bytes = std::fs::read(&path).unwrap();
        let Some(store) = exercise(&bytes) else {
            continue;
        };
        stores += 1;
        data +=
            store.all_certificates().count() + store.all_crls().count() + store.all_ocsps().count();
        // Large files take long and have no other stores.
        if bytes.len() > 400_000 {
            continue;
        }
        for number in 0..DAMAGED {
            let at = bytes.len() * (2 * number + 1) / (2 * DAMAGED);
            let kept = bytes[at];
            bytes[at] ^= 1 << (number % 8);
            damaged += usize::from(exercise(&bytes).is_some());
            bytes[at] = kept;
        }
    }
    println!("{stores} stores with {data} streams; {damaged} damaged ones were read");
    assert!(
        stores >= STORES && data > 5 * STORES && damaged > 5 * STORES,
        "{stores} {data}"
    );
}
