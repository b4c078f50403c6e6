//! Every file structure, signed three times over: teacher, principal, seal. Our verdict and that of
//! every judge.

use trien::{Document, Limits};
use trien_testkit::pki::Role;
use trien_testkit::records::PlainDocument;
use trien_testkit::structures::{LinearizeError, Structure, linearize, write};

use crate::judges::{Case, Exception, Judge};
use crate::school::{SIGNERS, assert_accepted, assert_sound, plain_record, signed_by, verify};

const COUNTED_FROM_HEADER: &str =
    "mupdf drops what stands before %PDF- and so counts /ByteRange from there";
const HEADER_WANTED_FIRST: &str = "pyHanko and DSS want %PDF- in the first octet";

fn exceptions() -> Vec<Exception> {
    let counted = ["FileStart", "Header"].map(|from| format!("HeaderNotAtStart({from})"));
    let mut exceptions = vec![Exception::new(
        &counted[0],
        Judge::Qpdf,
        "qpdf wants offsets from the header, warns and rebuilds the table",
    )];
    for case in &counted {
        exceptions.push(Exception::new(case, Judge::Dss, HEADER_WANTED_FIRST));
        exceptions.push(Exception::new(case, Judge::MuPdf, COUNTED_FROM_HEADER));
        exceptions.push(Exception::new(case, Judge::PyHanko, HEADER_WANTED_FIRST));
    }
    exceptions
}

fn linearized() -> Option<Vec<u8>> {
    let record = plain_record(Structure::ClassicTable)?;
    match linearize(&record) {
        Err(LinearizeError::QpdfMissing) => {
            println!("SKIPPED: no linearized record, qpdf is not installed");
            None
        }
        linearized => Some(linearized.unwrap()),
    }
}

fn signed_in_turn(record: Vec<u8>) -> Vec<u8> {
    SIGNERS.into_iter().fold(record, |file, role| {
        let signed = signed_by(&file, role);
        assert!(
            signed.starts_with(&file),
            "{role:?}: the original octets are the first"
        );
        signed
    })
}

/// What our report says of the file beside its verdict.
fn deviations(name: &str) -> &'static [&'static str] {
    if name.starts_with("HeaderNotAtStart") {
        &["có dữ liệu nằm trước dấu hiệu %PDF- ở đầu tệp"]
    } else {
        &[]
    }
}

#[test]
fn every_structure_takes_three_signatures_that_every_judge_accepts() {
    let mut files = Vec::new();
    for structure in Structure::ALL {
        let Some(record) = plain_record(structure) else {
            return;
        };
        files.push((format!("{structure:?}"), record));
    }
    files.extend(linearized().map(|file| ("Linearized".to_owned(), file)));
    let fields = SIGNERS.map(Role::label);
    let mut cases = Vec::new();
    for (name, record) in files {
        let signed = signed_in_turn(record);
        assert_sound(&signed, &fields, &name);
        for signature in verify(&signed).signatures {
            let found = signature.facts.deviations;
            assert_eq!(found, deviations(&name), "{name}");
        }
        cases.push(Case::new(name, signed, &fields));
    }
    assert_accepted(&cases, &exceptions());
}

#[test]
fn a_pages_rectangle_is_inherited_and_cropped() {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let whole = document.add(format!("<< /Type /Page /Parent {pages} 0 R >>"));
    let cropped = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /CropBox [ 580 900 20 30.5 ] >>"
    ));
    document.set(
        pages,
        format!(
            "<< /Type /Pages /Kids [ {whole} 0 R {cropped} 0 R ] /Count 2 \
             /MediaBox [ 0 0 595 842 ] >>"
        ),
    );
    let catalogue = format!("<< /Type /Catalog /Pages {pages} 0 R >>");
    document.set(document.root, catalogue);
    for structure in [Structure::ClassicTable, Structure::ObjectStreams] {
        let file = write(&document, structure);
        let document = Document::open(&file, &Limits::default()).unwrap();
        let rectangle = |index| document.page_rectangle(index);
        assert_eq!(rectangle(0).unwrap(), Some([0.0, 0.0, 595.0, 842.0]));
        assert_eq!(rectangle(1).unwrap(), Some([20.0, 30.5, 580.0, 842.0]));
        assert!(matches!(
            rectangle(2),
            Err(trien::PlaceError::NoSuchPage { page: 2 })
        ));
    }
}
