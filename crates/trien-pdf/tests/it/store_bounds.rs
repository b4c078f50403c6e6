//! Security stores that name more than any has: what a comparison reads and holds of them is bounded.

use trien_pdf::{ChangeKind, Document, History, ReadErrorKind};
use trien_types::{Limit, Limits};

use crate::maker::{file, update};

/// A document, and an update that brings a store whose list names one certificate so often.
fn with_store(references: usize) -> Vec<u8> {
    let mut bytes = file(&[
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (2, "<</Type/Pages/Count 0/Kids[]>>".to_owned()),
    ]);
    let catalog = "<</Type/Catalog/Pages 2 0 R/DSS 3 0 R>>".to_owned();
    let store = format!("<</Certs[{}]>>", "4 0 R ".repeat(references));
    let datum = "<</Length 1>>\nstream\nx\nendstream".to_owned();
    update(&mut bytes, 5, &[(1, catalog), (3, store), (4, datum)]);
    bytes
}

fn kinds(bytes: &[u8]) -> Vec<ChangeKind> {
    let document = Document::open(bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    let changes = history.of(document.latest()).iter();
    changes.map(|change| change.kind.clone()).collect()
}

#[test]
fn a_store_is_followed_as_far_as_stores_go() {
    assert_eq!(
        kinds(&with_store(50_000)),
        [ChangeKind::SecurityStoreChanged]
    );
    let beyond = kinds(&with_store(100_001));
    assert!(beyond.contains(&ChangeKind::Unexplained), "{beyond:?}");
    assert!(!beyond.contains(&ChangeKind::SecurityStoreChanged));
}

#[test]
fn an_update_of_more_values_than_are_held_is_a_limit_by_name() {
    let changes = kinds(&with_store(2_000_001));
    let [ChangeKind::Unreadable(error)] = changes.as_slice() else {
        panic!("{changes:?}");
    };
    assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::Objects));
}
