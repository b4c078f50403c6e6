//! Updates whose objects mean the same by the letter, and not to every reader.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use trien_pdf::{ChangeClass, ChangeKind, Document, History, ObjectId};
use trien_types::Limits;

use crate::maker::{file, update};

const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
const TREE: &str = "<</Type/Pages/Count 1/Kids[3 0 R]/MediaBox[0 0 9 9]/Resources<<>>>>";

fn page(more: &str) -> String {
    format!("<</Type/Page/Parent 2 0 R/Contents 4 0 R{more}>>")
}

fn base(more: &[(u32, String)]) -> Vec<u8> {
    let mut objects = vec![
        (1, CATALOG.to_owned()),
        (2, TREE.to_owned()),
        (3, page("/Annots[]")),
        (4, "<</Length 1>>stream\nq\nendstream".to_owned()),
    ];
    objects.extend_from_slice(more);
    file(&objects)
}

fn changes(bytes: &[u8]) -> Vec<(Option<ObjectId>, ChangeKind)> {
    let document = Document::open(bytes, &Limits::default()).unwrap();
    let history = History::of_signed(&document);
    let first = document.revisions().next().unwrap();
    let changes = history.after(first);
    changes
        .map(|change| (change.object, change.kind.clone()))
        .collect()
}

fn assert_unexplained(base: &[u8], objects: &[(u32, String)], number: u32) {
    let mut bytes = base.to_vec();
    update(&mut bytes, 70, objects);
    let found = changes(&bytes);
    let expected = (Some(ObjectId::new(number, 0)), ChangeKind::Unexplained);
    assert!(found.contains(&expected), "{objects:?}: {found:?}");
}

#[test]
fn s4_a_reference_to_a_reference_is_a_change_of_what_refers_to_it() {
    let base = base(&[(50, "4 0 R".to_owned())]);
    let to = |number: u32| format!("<</Type/Page/Parent 2 0 R/Contents {number} 0 R/Annots[]>>");
    let chain = |number: u32, target: u32| (number, format!("{target} 0 R"));
    assert_unexplained(&base, &[(3, to(61)), chain(61, 4)], 3);
    assert_unexplained(&base, &[(3, to(61)), chain(61, 4)], 61);
    // The author left the chain.
    assert_unexplained(&base, &[(3, to(50))], 3);
    assert_unexplained(&base, &[chain(50, 3)], 50);
    let annotations = page("/Annots 61 0 R");
    let list = (62, "[]".to_owned());
    assert_unexplained(&base, &[(3, annotations), chain(61, 62), list], 3);
    let catalog = CATALOG.replace("2 0 R", "61 0 R");
    assert_unexplained(&base, &[(1, catalog), chain(61, 2)], 1);
}

#[test]
fn x18_a_stream_that_names_its_data_or_their_filters_otherwise_is_a_change() {
    let base = base(&[]);
    for key in [
        "/F /A85",
        "/F (b)",
        "/DP <</Predictor 12>>",
        "/FFilter /A85",
    ] {
        let stream = format!("<</Length 1{key}>>stream\nq\nendstream");
        assert_unexplained(&base, &[(61, stream)], 61);
    }
}

#[test]
fn x4_a_reference_to_another_generation_is_a_change_of_what_refers() {
    let base = base(&[]);
    let stamp = (61, "<</Type/Annot/Subtype/Stamp/Rect[0 0 9 9]>>".to_owned());
    for reference in ["61 1 R", "61 65535 R"] {
        let with = page(&format!("/Annots[{reference}]"));
        assert_unexplained(&base, &[(3, with), stamp.clone()], 3);
    }
}

#[test]
fn x13_a_key_that_means_nothing_is_a_change() {
    let base = base(&[]);
    let null = (61, "null".to_owned());
    for key in ["MediaBox", "Resources", "Rotate", "CropBox", "Group", "Zz"] {
        for value in ["null", "65 0 R", "61 0 R"] {
            let with = page(&format!("/Annots[]/{key} {value}"));
            assert_unexplained(&base, &[(3, with), null.clone()], 3);
        }
    }
    let tree = TREE.replace("/Count", "/Rotate null/Count");
    assert_unexplained(&base, &[(2, tree)], 2);
    let catalog = CATALOG.replace("/Pages", "/OCProperties 65 0 R/Pages");
    assert_unexplained(&base, &[(1, catalog)], 1);
}

#[test]
fn x13_an_inherited_key_that_meant_nothing_and_is_gone_is_a_change() {
    let mut bytes = base(&[]);
    let null = page("/Annots[]/MediaBox 65 0 R");
    update(&mut bytes, 70, &[(3, null)]);
    assert_unexplained(&bytes, &[(3, page("/Annots[]"))], 3);
}

#[test]
fn x13_a_number_sign_that_escapes_nothing_is_a_change() {
    let base = base(&[]);
    for more in [
        "/Annots[]/Contents#0 null",
        "/Annots[]/Contents#0 5",
        "/Annots[]/PieceInfo<</A#zz 5>>",
        "/Annots[]/PieceInfo<</A/B#>>",
    ] {
        assert_unexplained(&base, &[(3, page(more))], 3);
    }
    // A number sign that is escaped itself is one to all readers.
    let mut bytes = base;
    let escaped = page("/Annots[]/PieceInfo<</C#23 5>>");
    update(&mut bytes, 70, &[(3, escaped)]);
    let found = changes(&bytes);
    let is_allowed = |kind: &ChangeKind| kind.class() != ChangeClass::Forbidden;
    assert!(found.iter().all(|(_, kind)| is_allowed(kind)), "{found:?}");
}

/// Time that this thread had of a processor: what else the machine does is not counted. Where the system
/// does not tell it, the time that has gone by.
fn processor_time() -> Duration {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    let began = BEGAN.get_or_init(Instant::now);
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|told| told.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(|| began.elapsed(), Duration::from_nanos)
}

/// 50,000 keys took 16 seconds: each was looked for among all. Four times as many keys may take
/// about four times as long, on whatever machine, and not sixteen times.
#[test]
fn a_dictionary_of_very_many_keys_is_compared_in_little_time() {
    let took = |number: u32| {
        let keys: String = (0..number).map(|key| format!("/K{key} 1")).collect();
        let many = page(&format!("/Annots[]{keys}"));
        let doubled = page(&format!("/Annots[]{keys}{keys}"));
        let before = processor_time();
        assert_unexplained(&base(&[]), &[(3, many)], 3);
        assert_unexplained(&base(&[]), &[(3, doubled)], 3);
        processor_time().saturating_sub(before)
    };
    // The slowest of the few keys and the fastest of the many.
    let few = (0..3).map(|_| took(12_500)).max().unwrap();
    let many = (0..2).map(|_| took(50_000)).min().unwrap();
    assert!(many < few * 9, "{few:?} {many:?}");
}
