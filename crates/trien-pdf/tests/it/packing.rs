//! Updates that write an object into a stream in which readers find different objects (7.5.7).

use trien_pdf::{ChangeKind, Document, History};
use trien_types::Limits;

use crate::maker::file;

const NOW: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>";
const ELSE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 8 8]>>";

fn base() -> Vec<u8> {
    file(&[
        (1, "<</Type/Catalog/Pages 2 0 R>>".to_owned()),
        (2, "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned()),
        (3, NOW.to_owned()),
    ])
}

/// An object stream 4 with these data, and a cross-reference stream 5 by which page 3 is its object
/// `index`.
fn repacked(mut bytes: Vec<u8>, (header, body): (&str, &str), index: u8, more: &str) -> Vec<u8> {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let named = text.rsplit_once("startxref\n").unwrap().1;
    let previous: usize = named.split_whitespace().next().unwrap().parse().unwrap();
    let count = header.split_whitespace().count() / 2;
    let (packed, first) = (format!("{header}{body}"), header.len());
    let at = u16::try_from(bytes.len()).unwrap();
    let length = packed.len();
    let stream = format!(
        "4 0 obj\n<</Type/ObjStm/N {count}/First {first}/Length {length}{more}>>\nstream\n\
         {packed}\nendstream\nendobj\n"
    );
    bytes.extend_from_slice(stream.as_bytes());
    let start = u16::try_from(bytes.len()).unwrap();
    let mut rows = vec![2, 0, 4, index];
    for offset in [at, start] {
        rows.push(1);
        rows.extend_from_slice(&offset.to_be_bytes());
        rows.push(0);
    }
    let head = format!(
        "5 0 obj\n<</Type/XRef/Size 6/Root 1 0 R/Prev {previous}/W[1 2 1]/Index[3 3]/Length {}>>\n\
         stream\n",
        rows.len()
    );
    bytes.extend_from_slice(head.as_bytes());
    bytes.extend_from_slice(&rows);
    let end = format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n");
    bytes.extend_from_slice(end.as_bytes());
    bytes
}

fn is_malformed(bytes: &[u8]) -> (bool, bool) {
    let document = Document::open(bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    let is = |kind: &ChangeKind| *kind == ChangeKind::ObjectStreamMalformed;
    let first = document.revisions().next().unwrap();
    let added = history.after(first).any(|change| is(&change.kind));
    let signed = history.structure(document.latest());
    let signed = signed.map(|change| &change.kind).any(is);
    (added, signed)
}

#[test]
fn x13_of_two_objects_in_one_place_of_an_object_stream_each_reader_shows_its_own() {
    let other = ELSE.len() + 1;
    let both = format!("{ELSE} {NOW} ");
    let tidy = format!("{NOW} ");
    for (header, body, index, expected) in [
        ("3 0 ".to_owned(), &tidy, 0, (false, false)),
        (format!("9 0 3 {other} "), &both, 1, (false, false)),
        (format!("3 0 3 {other} "), &both, 1, (true, true)),
        (format!("0003 0 3 {other} "), &both, 1, (true, true)),
        (format!("3 {other} "), &both, 0, (true, true)),
        (format!("9 {other} 3 {other} "), &both, 1, (true, true)),
        (format!("3 {other} 9 0 "), &both, 0, (true, false)),
        ("03 0 ".to_owned(), &tidy, 0, (true, false)),
    ] {
        let bytes = repacked(base(), (&header, body), index, "");
        assert_eq!(is_malformed(&bytes), expected, "{header}");
    }
    let short = repacked(base(), ("3 0 ", &tidy), 0, "/F/Fl");
    assert_eq!(is_malformed(&short), (true, true));
}

#[test]
fn what_is_over_a_limit_in_a_signed_revision_is_told() {
    let limits = Limits::default();
    let deep = "[".repeat(limits.nesting + 2);
    let header = format!("3 0 9 {} ", NOW.len() + 1);
    let bytes = repacked(base(), (&header, &format!("{NOW} {deep}")), 0, "");
    let document = Document::open(&bytes, &limits).unwrap();
    let history = History::of_signed(&document);
    let signed = history.structure(document.latest());
    let kinds: Vec<_> = signed.map(|change| &change.kind).collect();
    let [ChangeKind::Unexamined(error)] = kinds.as_slice() else {
        panic!("{kinds:?}");
    };
    assert!(error.is_limit(), "{error}");
    assert_eq!(
        history
            .structure(document.revisions().next().unwrap())
            .count(),
        0
    );
}
