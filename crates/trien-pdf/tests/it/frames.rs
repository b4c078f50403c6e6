//! Cross-references that readers take for different things.

use trien_pdf::{ChangeKind, Document, History, ObjectId};
use trien_types::Limits;

use crate::maker::{file, update};

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
const TREE: &str = "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 9 9]/Resources<<>>>>";
const PAGE: &str = "<</Type/Page/Parent 2 0 R/Contents 4 0 R/Annots[]>>";
const CONTENT: &str = "<</Length 1>>stream\nq\nendstream";

/// A document whose content is its first object, at octet 9.
fn base() -> Vec<u8> {
    file(&[
        (4, CONTENT.to_owned()),
        (1, CATALOG.to_owned()),
        (2, TREE.to_owned()),
        (3, PAGE.to_owned()),
    ])
}

/// The file with more entries in its newest trailer.
fn with_trailer(bytes: &[u8], entries: &str) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap();
    let (before, after) = text.rsplit_once("/Root 1 0 R").unwrap();
    format!("{before}/Root 1 0 R{entries}{after}").into_bytes()
}

/// An update with one entry and no object.
fn with_entry(bytes: &[u8], number: u32, offset: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    update(&mut bytes, 70, &[]);
    let text = String::from_utf8(bytes).unwrap();
    let (before, after) = text.rsplit_once("xref\ntrailer").unwrap();
    format!("{before}xref\n{number} 1\n{offset:010} 00000 n\r\ntrailer{after}").into_bytes()
}

fn position(bytes: &[u8], mark: &str) -> usize {
    let mut windows = bytes.windows(mark.len());
    windows
        .position(|window| window == mark.as_bytes())
        .unwrap()
}

fn kinds(bytes: &[u8]) -> Vec<ChangeKind> {
    let document = Document::open(bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    let first = document.revisions().next().unwrap();
    let changes = history.after(first);
    changes.map(|change| change.kind.clone()).collect()
}

fn is_loosely_framed(kinds: &[ChangeKind]) -> bool {
    let mut kinds = kinds.iter();
    kinds.any(|kind| matches!(kind, ChangeKind::LooselyFramed { .. }))
}

/// Whether the file is wrong whatever was added to it.
fn is_wrong_throughout(bytes: &[u8]) -> bool {
    let document = Document::open(bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    history.structure(document.latest()).next().is_some()
}

#[test]
fn i2_an_entry_that_names_the_start_of_the_file_names_no_object() {
    assert_eq!(kinds(&with_entry(&base(), 4, 9)), []);
    let found = kinds(&with_entry(&base(), 4, 0));
    assert!(
        matches!(found[..], [ChangeKind::Unreadable(_)]),
        "{found:?}"
    );
}

#[test]
fn i2_an_entry_that_names_a_comment_before_its_object_is_a_change() {
    let mut objects = base();
    update(
        &mut objects,
        70,
        &[(5, "null\nendobj\n%\n4 0 obj\n".to_owned() + CONTENT)],
    );
    let at = position(&objects, "%\n4 0 obj");
    let found = kinds(&with_entry(&objects, 4, at));
    assert!(found.contains(&ChangeKind::Unexplained), "{found:?}");
    let found = kinds(&with_entry(&objects, 4, at + 1));
    assert!(!found.contains(&ChangeKind::Unexplained), "{found:?}");
}

#[test]
fn i2_number_zero_in_use_is_a_change() {
    let mut bytes = base();
    update(&mut bytes, 70, &[(0, "null".to_owned())]);
    assert!(is_loosely_framed(&kinds(&bytes)));
}

#[test]
fn i2_a_reference_to_number_zero_is_a_change() {
    let mut bytes = file(&[
        (0, CONTENT.to_owned()),
        (1, CATALOG.to_owned()),
        (2, TREE.to_owned()),
        (3, PAGE.to_owned()),
        (4, CONTENT.to_owned()),
    ]);
    // Number 0 has one entry, which comes from the list.
    let text = String::from_utf8(bytes).unwrap();
    bytes = text.replace("0 1\n0000000000 65535 f\r\n", "").into_bytes();
    update(&mut bytes, 70, &[(3, PAGE.replace("4 0 R", "0 0 R"))]);
    let document = Document::open(&bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    let page = Some(ObjectId::new(3, 0));
    let mut changes = history.of(document.latest()).iter();
    assert!(changes.any(|change| change.object == page && change.kind == ChangeKind::Unexplained));
}

#[test]
fn i2_two_sections_that_one_startxref_leads_to_are_wrong_throughout() {
    let plain = base();
    let start = position(&plain, "xref\n");
    let junk = format!("%{}\n", "-".repeat(999));
    assert!(!is_wrong_throughout(&[junk.as_bytes(), &plain].concat()));
    // Behind a space we count from the header, and from the file's start otherwise.
    for before in ["", " "] {
        let section = format!("{before}xref\n0 0\ntrailer<</Size 5/Root 1 0 R>>");
        let mut octets = junk.clone();
        octets.replace_range(start..start + section.len(), &section);
        assert!(is_wrong_throughout(&[octets.as_bytes(), &plain].concat()));
    }
}

#[test]
fn i2_behind_octets_before_the_header_offsets_may_count_from_either() {
    let plain = base();
    let mut counted = String::from_utf8(plain.clone()).unwrap();
    for mark in ["1 0 obj", "2 0 obj", "3 0 obj", "4 0 obj"] {
        let at = position(&plain, mark);
        let entry = |offset: usize| format!("{offset:010} 00000 n");
        counted = counted.replace(&entry(at), &entry(at + 2));
    }
    let table = position(&plain, "xref\n");
    let tail = |offset: usize| format!("startxref\n{offset}\n");
    counted = counted.replace(&tail(table), &tail(table + 2));
    let mut shifted = format!("%\n{counted}").into_bytes();
    assert!(!is_wrong_throughout(&shifted));
    update(&mut shifted, 70, &[]);
    assert_eq!(kinds(&shifted), []);
    // Counted from the header, as readers do.
    let mut plain = plain;
    update(&mut plain, 70, &[]);
    assert_eq!(kinds(&[b"%\n", &plain[..]].concat()), []);
}

#[test]
fn x8_a_length_that_is_stated_without_octets_before_the_header_denies_updates() {
    let linearized = |length: usize| {
        let mut bytes = file(&[
            (70, format!("<</Linearized 1/L {length:06}>>")),
            (1, CATALOG.to_owned()),
            (2, TREE.to_owned()),
            (3, PAGE.to_owned()),
            (4, CONTENT.to_owned()),
        ]);
        update(&mut bytes, 71, &[]);
        bytes
    };
    let length = linearized(0).len();
    for before in ["", "%\n", "%-----------\n"] {
        let stated = |length| [before.as_bytes(), &linearized(length)].concat();
        assert!(is_wrong_throughout(&stated(length)), "{before:?}");
        assert!(
            is_wrong_throughout(&stated(length + before.len())),
            "{before:?}"
        );
        assert!(!is_wrong_throughout(&stated(length + 99)), "{before:?}");
    }
}

/// The whole file was unreadable, which readers show.
#[test]
fn a_first_trailer_with_an_offset_of_nothing_before_it_is_read() {
    for entries in ["/Prev 0", "/Prev null", "/XRefStm null"] {
        let bytes = with_trailer(&base(), entries);
        let document = Document::open(&bytes, &Limits::default()).unwrap();
        let catalog = document.catalog(document.latest()).unwrap();
        assert_eq!(catalog.0, ObjectId::new(1, 0), "{entries}");
        let mut updated = bytes;
        update(&mut updated, 70, &[]);
        assert_eq!(kinds(&updated), [], "{entries}");
    }
}
