//! What is signed: a học bạ of the test kit, or a page with the record's title.

use trien::Language;
use trien::Workflow;
use trien::appearance::{Alignment, EmbeddedFont, FontFace, Line, Mark};
use trien_testkit::records::{
    Conformance, PlainDocument, SignatureFields, SystemFonts, school_report,
};
use trien_testkit::structures::{Structure, write};

use crate::Outcome;

/// A4 in points.
const SIZE: (f32, f32) = (595.28, 841.89);

/// The unsigned record of a workflow.
pub(crate) fn unsigned(workflow: &Workflow) -> Outcome<Vec<u8>> {
    let document = if workflow.id().starts_with("hoc-ba") {
        school_report(1, SignatureFields::Absent, Conformance::PdfA2b)?.document
    } else {
        titled(workflow.title(Language::Vi))?
    };
    Ok(write(&document, Structure::ClassicTable))
}

/// A page that bears a title.
fn titled(title: &str) -> Outcome<PlainDocument> {
    let fonts = SystemFonts::find()?;
    let face = FontFace::parse(&fonts.regular, 0)?;
    let line = |text: &str, size| Line::new(text, size).aligned(Alignment::Centre);
    let mark = Mark::new(SIZE.0 - 100.0, 80.0)?
        .with_line(line(&title.to_uppercase(), 20.0))?
        .with_line(line("Năm học 2026 - 2027 (THỬ NGHIỆM)", 13.0))?;
    let font = EmbeddedFont::new(&face, mark.texts())?;
    let mut document = PlainDocument::new();
    let written = mark.write(&font, &mut || document.allocate())?;
    let form = document.take(written);
    let content = document.add_stream("", b"q 1 0 0 1 50 700 cm /Title Do Q");
    let pages = document.allocate();
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 {} {} ] /Contents {content} 0 R \
         /Resources << /XObject << /Title {form} 0 R >> >> >>",
        SIZE.0, SIZE.1
    ));
    let tree = format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>");
    document.set(pages, tree);
    let catalogue = format!("<< /Type /Catalog /Pages {pages} 0 R >>");
    document.set(document.root, catalogue);
    Ok(document)
}
