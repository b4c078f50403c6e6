//! Targets of the PDF layer.

use std::collections::HashSet;
use std::num::NonZeroUsize;

use trien_pdf::{
    Coverage, Document, FieldValue, History, ObjectId, Permission, Placement, SecurityStore,
    SignatureKind, fuzzing, salvage_signatures, signature_fields,
};
use trien_types::Limits;

use crate::limits;

/// Object numbers that are looked up in each revision: seeds of fuzzing use no more.
const NUMBERS: u32 = 64;

/// [`Document::open`], every revision, its fields and low object numbers.
pub fn open(octets: &[u8]) {
    let limits = limits();
    let Ok(document) = Document::open(octets, &limits) else {
        return;
    };
    let mut end = 0;
    for revision in document.revisions() {
        if let Some(revision_end) = document.revision_end(revision) {
            assert!(end <= revision_end && revision_end <= octets.len());
            end = revision_end;
        }
        let _catalog = document.catalog(revision);
        let _fields = signature_fields(&document, revision);
        let _form = document.xref_form(revision);
        for number in 0..NUMBERS {
            let Ok(located) = document.object(ObjectId::new(number, 0), revision) else {
                continue;
            };
            if let Some(stream) = located.object.as_stream()
                && let Ok(data) = document.decoded(stream, revision)
            {
                assert!(data.len() <= limits.decoded_octets);
            }
        }
    }
}

/// One cross-reference section by itself.
pub fn xref(octets: &[u8]) {
    let _entries = fuzzing::xref_section(octets, &limits());
}

/// Direct and indirect objects, what is written of them, and streams decoded.
pub fn object(octets: &[u8]) {
    let limits = limits();
    if let Some(object) = fuzzing::direct_object(octets, &limits) {
        let written = fuzzing::write_object(&object);
        let again = fuzzing::direct_object(&written, &limits);
        let again = again.expect("what is written can be read");
        assert_eq!(
            fuzzing::write_object(&again),
            written,
            "writing what was read again changes nothing"
        );
    }
    let _object = fuzzing::indirect_object(octets, &limits);
    let _data = fuzzing::filtered(octets, &limits);
}

/// The comparison of all revisions, and the verdict on each change under every permission that
/// the document's signatures declare.
pub fn revision_diff(octets: &[u8]) {
    let Ok(document) = Document::open(octets, &limits()) else {
        return;
    };
    let history = History::of_signed(&document);
    let mut permission = Permission::default();
    for revision in document.revisions() {
        for field in signature_fields(&document, revision).unwrap_or_default() {
            if let FieldValue::Signature(signature) = &field.value
                && let Ok(more) =
                    permission
                        .clone()
                        .and(&document, signature, Some(&field.dictionary), revision)
            {
                permission = more;
            }
        }
        for change in history.of(revision) {
            let _verdict = permission.verdict(change);
            assert!(format!("{change:?}").len() < 64 * 1024 * 1024);
        }
    }
}

/// The first pages of a file: what they show, and what the widgets on them show.
pub fn page_content(octets: &[u8]) {
    let Ok(document) = Document::open(octets, &limits()) else {
        return;
    };
    for index in 0..4 {
        let Ok(page) = document.page(index) else {
            break;
        };
        if let Ok(content) = document.page_content(&page) {
            for line in &content.lines {
                let text = line.text();
                assert!(text.is_empty() || !text.starts_with(' '));
                let _found = line.find(&text);
            }
        }
    }
    for field in signature_fields(&document, document.latest()).unwrap_or_default() {
        for widget in &field.widgets {
            if let Ok(page) = document.page_of_widget(widget) {
                let _images = document.widget_images(&page, widget);
            }
        }
    }
}

/// Signature dictionaries through the form and by search: a byte range that was accepted leaves
/// out one hexadecimal string and nothing else.
pub fn byte_range(octets: &[u8]) {
    let limits = limits();
    let document = Document::open(octets, &limits).ok();
    let mut signatures = salvage_signatures(octets, &limits);
    if let Some(document) = &document {
        for revision in document.revisions() {
            for field in signature_fields(document, revision).unwrap_or_default() {
                if let FieldValue::Signature(signature) = field.value {
                    signatures.push(*signature);
                }
            }
        }
    }
    for signature in signatures {
        let _claims = (signature.claimed_signing_time(), signature.text("Reason"));
        let Ok(range) = signature.byte_range else {
            continue;
        };
        let [first, second] = range.spans();
        let gap = range.gap();
        assert_eq!(first.start(), 0);
        assert_eq!((first.end(), gap.end()), (gap.start(), second.start()));
        assert!(second.end() == range.end() && range.end() <= octets.len());
        let token = gap.of(octets).expect("the gap lies in the file");
        assert!(token.starts_with(b"<") && token.ends_with(b">"));
        assert!(!token[1..token.len() - 1].contains(&b'>'));
        if let Some(document) = &document {
            let coverage = Coverage::of(document, &range);
            if let Some(revision) = coverage.revision(document) {
                assert!(document.revision_end(revision).expect("finished") <= range.end());
            }
        }
    }
}

/// The store of validation data of every revision, each datum once.
pub fn security_store(octets: &[u8]) {
    let limits = limits();
    let Ok(document) = Document::open(octets, &limits) else {
        return;
    };
    for revision in document.revisions() {
        let Ok(Some(store)) = SecurityStore::read(&document, revision, &limits) else {
            continue;
        };
        let mut seen = HashSet::new();
        let mut read = 0;
        let data = (store.all_certificates())
            .chain(store.all_crls())
            .chain(store.all_ocsps());
        for datum in data {
            if seen.insert(datum.object) {
                read += datum.octets.len();
            }
        }
        assert!(seen.len() <= SecurityStore::MOST_DATA);
        assert!(read <= limits.decoded_octets);
        assert!(format!("{:?}", store.findings).len() < 64 * 1024 * 1024);
    }
}

/// A signature placed on any document that opens: the original stays, the field is found, the
/// whole file is covered.
pub fn update_round_trip(octets: &[u8]) {
    let limits: Limits = limits();
    let Ok(document) = Document::open(octets, &limits) else {
        return;
    };
    let existing = signature_fields(&document, document.latest())
        .unwrap_or_default()
        .into_iter()
        .find(|field| matches!(field.value, FieldValue::Empty));
    let new = "FuzzedField".to_owned();
    let mut placement = Placement::invisible(match existing {
        Some(field) if octets.len().is_multiple_of(2) => field.full_name,
        _ => new,
    });
    if octets.len().is_multiple_of(3) {
        placement.kind = SignatureKind::DocumentTimestamp;
        placement.update_identifier = Some([7; 16]);
    }
    let room = NonZeroUsize::new(64).expect("64 is not 0");
    let Ok(prepared) = document.place(&placement, room) else {
        return;
    };
    let contents = b"\x30\x03\x02\x01\x05";
    let appended = prepared.complete(contents).expect("5 octets fit 64");
    let mut signed = octets.to_vec();
    signed.extend_from_slice(&appended);
    let reopened = Document::open(&signed, &limits).expect("what we signed opens");
    assert_eq!(
        reopened.revisions().count(),
        document.revisions().count() + 1
    );
    let fields = signature_fields(&reopened, reopened.latest()).expect("the form is readable");
    let signature = fields
        .iter()
        .filter(|field| field.full_name == placement.field)
        .find_map(|field| match &field.value {
            FieldValue::Signature(signature) if signature.contents.starts_with(contents) => {
                Some(signature)
            }
            _ => None,
        })
        .expect("our signature is found");
    let range = signature.byte_range.as_ref().expect("our byte range holds");
    assert_eq!(*range, prepared.byte_range());
    assert_eq!(Coverage::of(&reopened, range), Coverage::WholeFile);
    let spans: usize = prepared.signed_spans().iter().map(|span| span.len()).sum();
    assert_eq!(spans + range.gap().octets(), signed.len());
}
