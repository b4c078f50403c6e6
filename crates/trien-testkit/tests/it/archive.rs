//! Archived records as veraPDF judges them.

use trien_pdf::appearance::{EmbeddedFont, FontFace, Image, ImagePlace, Line, Mark};
use trien_testkit::judges::{JudgeError, PdfAVerdict, pdf_a_2b};
use trien_testkit::records::{
    Conformance, Picture, PlainDocument, SignatureFields, SystemFonts, school_report,
};
use trien_testkit::structures::{Structure, write};

use crate::structures::unless_missing;

/// `None`, said aloud, without veraPDF.
#[expect(clippy::print_stderr, reason = "a skipped judge must be seen")]
fn judged(document: &PlainDocument) -> Option<PdfAVerdict> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("record.pdf");
    std::fs::write(&path, write(document, Structure::ClassicTable)).unwrap();
    match pdf_a_2b(&path) {
        Err(missing @ JudgeError::Missing { .. }) => {
            eprintln!("SKIPPED: {missing}");
            None
        }
        verdict => Some(verdict.unwrap()),
    }
}

#[test]
fn an_archived_record_with_prepared_fields_conforms_to_pdf_a_2b() {
    let made = school_report(2, SignatureFields::Prepared, Conformance::PdfA2b);
    let Some(record) = unless_missing(made) else {
        return;
    };
    if let Some(verdict) = judged(&record.document) {
        assert_eq!(verdict, PdfAVerdict::Conforms);
    }
}

#[test]
fn a_plain_record_does_not_conform_and_says_why() {
    let made = school_report(1, SignatureFields::Absent, Conformance::Plain);
    let Some(record) = unless_missing(made) else {
        return;
    };
    if let Some(verdict) = judged(&record.document) {
        let PdfAVerdict::Violates(violations) = verdict else {
            panic!("{verdict:?}");
        };
        assert!(
            violations.iter().any(|line| line.starts_with("6.6.2.1")),
            "{violations:?}"
        );
    }
}

/// The mark of a signature becomes the appearance of a prepared field, as signing does it.
#[test]
fn a_mark_with_text_and_a_transparent_seal_leaves_the_record_archivable() {
    let made = school_report(1, SignatureFields::Prepared, Conformance::PdfA2b);
    let Some(record) = unless_missing(made) else {
        return;
    };
    let mut document = record.document;
    let fonts = SystemFonts::find().unwrap();
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let seal = Image::parse(&Picture::seal(100).to_png().unwrap()).unwrap();
    let line = Line::new("Ký bởi: Trường THCS Thử Nghiệm", 10.0);
    let mark = Mark::new(102.0, 102.0).unwrap().with_line(line).unwrap();
    let mark = mark.with_image(seal, ImagePlace::Behind);
    let font = EmbeddedFont::new(&face, mark.texts()).unwrap();
    let written = mark.write(&font, &mut || document.allocate()).unwrap();
    let form = document.take(written);
    let (field, body) = document
        .objects
        .iter()
        .find(|(_, body)| body.windows(7).any(|window| window == b"/FT /Si"))
        .map(|(number, body)| (*number, String::from_utf8(body.clone()).unwrap()))
        .unwrap();
    let (start, _) = body.split_once("/AP").unwrap();
    document.set(field, format!("{start}/AP << /N {form} 0 R >> >>"));
    if let Some(verdict) = judged(&document) {
        assert_eq!(verdict, PdfAVerdict::Conforms);
    }
}
