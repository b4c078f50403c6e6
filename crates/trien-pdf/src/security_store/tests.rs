#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test that fails panics"
)]

use proptest::prelude::*;
use trien_types::UnixTime;

use super::*;
use crate::{ChangeKind, History, PlaceError};

const KEY: &str = "0123456789ABCDEF0123456789ABCDEF01234567";

/// A file with a cross-reference table whose first object is the catalog.
fn file(version: &str, bodies: &[String]) -> Vec<u8> {
    let mut bytes = format!("%PDF-{version}\n").into_bytes();
    let mut offsets = Vec::new();
    for (index, body) in bodies.iter().enumerate() {
        offsets.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n{body}\nendobj\n", index + 1).as_bytes());
    }
    let xref = bytes.len();
    let size = bodies.len() + 1;
    bytes.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f\r\n").as_bytes());
    for offset in offsets {
        bytes.extend_from_slice(format!("{offset:010} 00000 n\r\n").as_bytes());
    }
    let trailer = format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{xref}\n%%EOF\n");
    bytes.extend_from_slice(trailer.as_bytes());
    bytes
}

fn stream(data: &str) -> String {
    format!("<</Length {}>>stream\n{data}\nendstream", data.len())
}

/// A file whose catalog has this entry, with further objects from number 3 on.
fn with_store(entry: &str, objects: &[String]) -> Vec<u8> {
    let mut bodies = vec![
        format!("<</Type/Catalog/Pages 2 0 R{entry}>>"),
        "<</Type/Pages/Kids[]/Count 0>>".to_owned(),
    ];
    bodies.extend_from_slice(objects);
    file("1.7", &bodies)
}

fn open(bytes: &[u8]) -> Document<'_> {
    Document::open(bytes, &Limits::default()).unwrap()
}

fn read(bytes: &[u8]) -> Option<SecurityStore> {
    let document = open(bytes);
    SecurityStore::read(&document, document.latest(), document.limits()).unwrap()
}

fn texts(data: &[StoredDatum]) -> Vec<String> {
    data.iter()
        .map(|datum| String::from_utf8(datum.octets.to_vec()).unwrap())
        .collect()
}

fn add(bytes: &[u8], addition: &StoreAddition) -> Option<Vec<u8>> {
    let document = open(bytes);
    let update = document.add_to_security_store(addition).unwrap()?;
    assert_eq!(update.original(), bytes);
    Some([bytes, update.appended()].concat())
}

fn data(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[test]
fn a_document_without_a_store_has_none() {
    assert_eq!(read(&with_store("", &[])), None);
}

#[test]
fn every_part_is_read_and_a_shared_stream_once() {
    let bytes = with_store(
        "/DSS 3 0 R",
        &[
            format!(
                "<</Certs 4 0 R/CRLs[6 0 R]/OCSPs[7 0 R]/VRI<</{KEY} 8 0 R/Type/VRI>>/Type/DSS>>"
            ),
            "[5 0 R]".to_owned(),
            stream("certificate"),
            stream("list"),
            stream("response"),
            "<</Cert[5 0 R]/CRL[6 0 R]/OCSP[9 0 R]/TU(D:20260531080000+07'00')/TS 10 0 R>>"
                .to_owned(),
            stream("other response"),
            stream("token"),
        ],
    );
    let store = read(&bytes).unwrap();
    assert_eq!(store.findings, []);
    assert_eq!(store.object, Some(ObjectId::new(3, 0)));
    assert_eq!(texts(&store.certificates), ["certificate"]);
    assert_eq!(texts(&store.crls), ["list"]);
    assert_eq!(texts(&store.ocsps), ["response"]);
    let [entry] = store.validation_related.as_slice() else {
        panic!("{:?}", store.validation_related)
    };
    assert_eq!(entry.key, KEY);
    assert_eq!(texts(&entry.ocsps), ["other response"]);
    assert_eq!(entry.time, Some(UnixTime::from_seconds(1_780_189_200)));
    assert_eq!(
        entry.time_stamp.as_ref().map(|datum| datum.object),
        Some(ObjectId::new(10, 0))
    );
    assert!(Arc::ptr_eq(
        &entry.certificates[0].octets,
        &store.certificates[0].octets
    ));
    assert_eq!(store.all_certificates().count(), 1);
    assert_eq!(store.all_ocsps().count(), 2);
}

#[test]
fn a_damaged_part_is_a_finding_and_hides_no_other() {
    let bytes = with_store(
        "/DSS 3 0 R",
        &[
            "<</Certs[5 0 R(direct)4 0 R 99 0 R]/CRLs/No/OCSPs[6 0 R]/VRI<</short 4 0 R/x 5 0 R>>>>"
                .to_owned(),
            "<</TU(yesterday)>>".to_owned(),
            stream("certificate"),
            "<</Length 3/Filter/FlateDecode>>stream\nabc\nendstream".to_owned(),
        ],
    );
    let store = read(&bytes).unwrap();
    assert_eq!(texts(&store.certificates), ["certificate"]);
    let findings: Vec<String> = store.findings.iter().map(ToString::to_string).collect();
    assert_eq!(
        findings,
        [
            "DSS/Certs/1 is no stream",
            "DSS/Certs/2 is no stream",
            "DSS/Certs/3 is no stream",
            "DSS/CRLs is no array",
            "DSS/OCSPs/0 cannot be read",
            "DSS/VRI/short is no upper-case SHA-1 of a signature",
            "DSS/VRI/short/TU is no date",
            "DSS/VRI/x is no upper-case SHA-1 of a signature",
            "DSS/VRI/x is no dictionary",
        ]
    );
}

#[test]
fn a_store_is_read_as_of_a_revision() {
    let first = with_store("", &[]);
    let mut addition = StoreAddition {
        certificates: data(&["one"]),
        ..StoreAddition::default()
    };
    let second = add(&first, &addition).unwrap();
    addition.certificates = data(&["two"]);
    let third = add(&second, &addition).unwrap();
    let document = open(&third);
    let at: Vec<Option<Vec<String>>> = document
        .revisions()
        .map(|revision| {
            SecurityStore::read(&document, revision, document.limits())
                .unwrap()
                .map(|store| texts(&store.certificates))
        })
        .collect();
    let both = vec!["one".to_owned(), "two".to_owned()];
    assert_eq!(at, [None, Some(vec!["one".to_owned()]), Some(both)]);
}

#[test]
fn more_octets_than_the_limit_are_left_out_and_said() {
    let bytes = with_store(
        "/DSS<</Certs[3 0 R 4 0 R 5 0 R]>>",
        &[stream("12345678"), stream("12345678"), stream("1")],
    );
    let document = open(&bytes);
    let mut limits = Limits::default();
    limits.decoded_octets = 12;
    let store = SecurityStore::read(&document, document.latest(), &limits)
        .unwrap()
        .unwrap();
    assert_eq!(store.certificates.len(), 1);
    assert_eq!(store.findings.len(), 2);
    assert!(
        store
            .findings
            .iter()
            .all(|finding| finding.kind == StoreFindingKind::TooMuch)
    );
}

#[test]
fn a_list_that_names_one_stream_a_million_times_ends() {
    let references = "3 0 R ".repeat(1_000_000);
    let bytes = with_store(&format!("/DSS<</Certs[{references}]>>"), &[stream("x")]);
    let store = read(&bytes).unwrap();
    assert_eq!(store.certificates.len(), SecurityStore::MOST_DATA);
    assert_eq!(store.findings[0].kind, StoreFindingKind::TooMuch);
}

#[test]
fn only_what_is_new_is_written_and_everything_else_stays() {
    let bytes = with_store(
        "/DSS 3 0 R",
        &[
            format!("<</Certs 4 0 R/OCSPs[5 0 R]/VRI<</{KEY}<</Cert[5 0 R]/Mine 7>>>>/Mine 8>>"),
            "[5 0 R]".to_owned(),
            stream("one"),
        ],
    );
    let mut related = ValidationRelatedAddition::new(KEY);
    related.certificates = data(&["one", "two"]);
    related.time = Some(UnixTime::from_seconds(0));
    let mut addition = StoreAddition {
        certificates: data(&["one", "two", "two"]),
        crls: data(&["list"]),
        ..StoreAddition::default()
    };
    addition.validation_related.push(related);
    let after = add(&bytes, &addition).unwrap();
    let store = read(&after).unwrap();
    assert_eq!(store.findings, []);
    assert_eq!(texts(&store.certificates), ["one", "two"]);
    assert_eq!(texts(&store.crls), ["list"]);
    assert_eq!(texts(&store.ocsps), ["one"]);
    assert_eq!(
        texts(&store.validation_related[0].certificates),
        ["one", "two"]
    );
    // /TU says when an entry was made, and this one was made by somebody else.
    assert_eq!(store.validation_related[0].time, None);
    let text = String::from_utf8_lossy(&after[bytes.len()..]).into_owned();
    assert!(
        text.contains("/Mine 7") && text.contains("/Mine 8"),
        "{text}"
    );
    assert!(text.contains("/Extensions <</ESIC <</BaseVersion /1.7/ExtensionLevel 1>>>>"));
    assert_eq!(text.matches("endstream").count(), 2, "{text}");
    assert_eq!(add(&after, &addition), None);
}

#[test]
fn pdf_2_declares_no_extension_and_a_foreign_one_stays() {
    let addition = StoreAddition {
        crls: vec![b"abcdefgh".repeat(1000)],
        ..StoreAddition::default()
    };
    let catalog = "<</Type/Catalog/Extensions<</ADBE<</BaseVersion/1.7>>>>>>".to_owned();
    let new = add(&file("2.0", std::slice::from_ref(&catalog)), &addition).unwrap();
    assert!(!String::from_utf8_lossy(&new).contains("ESIC"));
    let old = add(&file("1.4", &[catalog]), &addition).unwrap();
    let text = String::from_utf8_lossy(&old).into_owned();
    assert!(text.contains("/ADBE <</BaseVersion /1.7>>/ESIC"), "{text}");
    // A long list is deflated, and read as it was.
    assert!(text.contains("/FlateDecode"));
    assert_eq!(*read(&old).unwrap().crls[0].octets, addition.crls[0]);
}

#[test]
fn a_damaged_store_takes_no_addition() {
    let addition = StoreAddition {
        certificates: data(&["one"]),
        ..StoreAddition::default()
    };
    for entry in ["/DSS 7", "/DSS[]", "/DSS<</Certs 7>>", "/DSS<</X 1/X 2>>"] {
        let bytes = with_store(entry, &[]);
        let error = open(&bytes).add_to_security_store(&addition).unwrap_err();
        assert!(matches!(error, PlaceError::StoreUnusable(_)), "{entry}");
    }
}

#[test]
fn an_addition_is_a_permitted_change() {
    let bytes = with_store(
        "/DSS 3 0 R",
        &[
            "<</Certs 4 0 R>>".to_owned(),
            "[5 0 R]".to_owned(),
            stream("one"),
        ],
    );
    let mut related = ValidationRelatedAddition::new(KEY);
    related.certificates = data(&["one", "two"]);
    let mut addition = StoreAddition {
        certificates: data(&["two"]),
        crls: data(&["list"]),
        ocsps: data(&["response"]),
        ..StoreAddition::default()
    };
    addition.validation_related.push(related);
    for start in [bytes, with_store("", &[])] {
        let after = add(&start, &addition).unwrap();
        let document = open(&after);
        let revisions: Vec<RevisionIndex> = document.revisions().collect();
        let history = History::since(&document, revisions[0]);
        let kinds: Vec<ChangeKind> = history
            .after(revisions[0])
            .map(|change| change.kind.clone())
            .collect();
        assert!(
            kinds.contains(&ChangeKind::SecurityStoreChanged),
            "{kinds:?}"
        );
        assert!(
            kinds.iter().all(|kind| matches!(
                kind,
                ChangeKind::SecurityStoreChanged | ChangeKind::ExtensionsDeclared
            )),
            "{kinds:?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_is_added_is_read_again(
        certificates in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..5),
        ocsps in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 1..5),
        more in proptest::collection::vec(any::<u8>(), 0..9000),
    ) {
        let mut addition = StoreAddition {
            certificates,
            ocsps,
            crls: vec![more],
            ..StoreAddition::default()
        };
        let mut related = ValidationRelatedAddition::new(KEY);
        related.certificates.clone_from(&addition.certificates);
        addition.validation_related.push(related);
        let bytes = add(&with_store("", &[]), &addition).unwrap();
        let store = read(&bytes).unwrap();
        prop_assert_eq!(&store.findings, &[]);
        for (wanted, found) in [
            (&addition.certificates, &store.certificates),
            (&addition.crls, &store.crls),
            (&addition.ocsps, &store.ocsps),
        ] {
            prop_assert!(wanted.iter().all(|octets| found.iter().any(|datum| *datum.octets == **octets)));
            prop_assert!(found.iter().all(|datum| wanted.iter().any(|octets| *datum.octets == **octets)));
        }
        prop_assert_eq!(add(&bytes, &addition), None);
    }
}
