//! What is signed: a học bạ of the test kit, or a page with the record's title.

use trien::appearance::{Alignment, EmbeddedFont, FontFace, Line, Mark};
use trien::{Language, Place, Workflow};
use trien_testkit::records::{
    Conformance, PageShape, PlainDocument, SignatureFields, SystemFonts, official_letter,
    school_report,
};
use trien_testkit::structures::{Structure, write};

use crate::Outcome;

/// A4 in points.
const SIZE: (f32, f32) = (595.28, 841.89);

/// Room for a signature block, of which four stand beside each other at most, in points.
const BLOCK_WIDTH: f32 = 130.0;

/// The unsigned record of a workflow.
pub(crate) fn unsigned(workflow: &Workflow) -> Outcome<Vec<u8>> {
    let document = if workflow.id() == "cong-van-di" {
        official_letter(PageShape::A4, 1, Conformance::PdfA2b)?
    } else if workflow.id().starts_with("hoc-ba") {
        school_report(1, SignatureFields::Absent, Conformance::PdfA2b)?.document
    } else {
        titled(workflow)?
    };
    Ok(write(&document, Structure::ClassicTable))
}

/// A page that bears the record's title and, for each step that signs below a title of its own,
/// that title and a name.
fn titled(workflow: &Workflow) -> Outcome<PlainDocument> {
    let fonts = SystemFonts::find()?;
    let face = FontFace::parse(&fonts.regular, 0)?;
    let line = |text: &str, size| Line::new(text, size).aligned(Alignment::Centre);
    let title = workflow.title(Language::Vi).to_uppercase();
    let heading = Mark::new(SIZE.0 - 100.0, 80.0)?
        .with_line(line(&title, 20.0))?
        .with_line(line("Năm học 2026 - 2027 (THỬ NGHIỆM)", 13.0))?;
    let mut blocks = vec![(heading, (50.0, 640.0))];
    let titles: Vec<&str> = workflow
        .steps()
        .iter()
        .filter_map(|step| {
            if let Place::Below { title, .. } = step.place() {
                Some(title.as_str())
            } else {
                None
            }
        })
        .collect();
    let pitch = (SIZE.0 - 60.0) / f32::from(u16::try_from(titles.len().max(1))?);
    let mut left = 30.0;
    for title in titles {
        for (text, bottom) in [(title, 300.0), ("(Họ và tên)", 210.0)] {
            let block = Mark::new(BLOCK_WIDTH, 20.0)?.with_line(line(text, 11.0))?;
            blocks.push((block, (left, bottom)));
        }
        left += pitch;
    }
    let texts: Vec<&str> = blocks.iter().flat_map(|(mark, _)| mark.texts()).collect();
    let font = EmbeddedFont::new(&face, texts)?;
    let mut document = PlainDocument::new();
    let (mut content, mut forms) = (String::new(), String::new());
    for (number, (mark, (left, bottom))) in blocks.iter().enumerate() {
        let written = mark.write(&font, &mut || document.allocate())?;
        let form = document.take(written);
        content.push_str(&format!("q 1 0 0 1 {left} {bottom} cm /B{number} Do Q\n"));
        forms.push_str(&format!("/B{number} {form} 0 R "));
    }
    let content = document.add_stream("", content.as_bytes());
    let pages = document.allocate();
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 {} {} ] /Contents {content} 0 R \
         /Resources << /XObject << {forms}>> >> >>",
        SIZE.0, SIZE.1
    ));
    let tree = format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>");
    document.set(pages, tree);
    let catalogue = format!("<< /Type /Catalog /Pages {pages} 0 R >>");
    document.set(document.root, catalogue);
    Ok(document)
}
