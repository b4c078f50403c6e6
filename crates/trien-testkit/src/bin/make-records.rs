//! Writes the sample records into a folder, to look at them and to try programs on them.

use std::error::Error;
use std::path::PathBuf;

use trien_pdf::appearance::{
    Alignment, Border, Colour, EmbeddedFont, FontFace, Image, ImagePlace, Line, Mark,
};
use trien_testkit::records::{self, Conformance, Picture, SignatureFields, SystemFonts};
use trien_testkit::structures::{Structure, write};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(
        std::env::args_os()
            .nth(1)
            .ok_or("usage: make-records FOLDER")?,
    );
    std::fs::create_dir_all(&folder)?;
    let save = |name: &str, document: &records::PlainDocument| {
        std::fs::write(folder.join(name), write(document, Structure::ClassicTable))
    };
    let plain = (SignatureFields::Absent, Conformance::Plain);
    let archived = (SignatureFields::Prepared, Conformance::PdfA2b);
    save(
        "hoc-ba.pdf",
        &records::school_report(2, plain.0, plain.1)?.document,
    )?;
    save(
        "hoc-ba-pdfa.pdf",
        &records::school_report(2, archived.0, archived.1)?.document,
    )?;
    save(
        "hoc-ba-lop.pdf",
        &records::class_reports(45, archived.0, archived.1)?.document,
    )?;
    save("so-quet.pdf", &records::scanned_pages(9))?;
    let register = std::fs::File::create(folder.join("so-dang-bo.pdf"))?;
    records::many_pages(register, 20_000)?;
    let report = records::school_report(2, archived.0, plain.1)?.document;
    for structure in Structure::ALL {
        let name: String = format!("{structure:?}.pdf");
        std::fs::write(folder.join(name), write(&report, structure))?;
    }
    save("marks.pdf", &marks()?)?;
    Ok(())
}

/// A page with the marks that signatures on a record bear.
fn marks() -> Result<records::PlainDocument, Box<dyn Error>> {
    let fonts = SystemFonts::find()?;
    let face = FontFace::parse(&fonts.regular, 0)?;
    let seal = Image::parse(&Picture::seal(400).to_png()?)?;
    let hand = Image::parse(&Picture::handwriting(5, 160).to_png()?)?;
    let lines = [
        "Ký bởi: Phạm Đức Thắng (THỬ NGHIỆM)",
        "Ngày ký: 2026-05-31T08:00:00+07:00",
        "Lý do: Ký duyệt học bạ",
    ];
    let mut beside = Mark::new(230.0, 60.0)?.with_border(Border::new(0.7, Colour::RED))?;
    let mut centred = Mark::new(170.0, 30.0)?;
    for line in lines {
        beside = beside.with_line(Line::new(line, 10.0))?;
        centred = centred.with_line(Line::new(line, 10.0).aligned(Alignment::Centre))?;
    }
    let beside = beside.with_image(seal.clone(), ImagePlace::Left);
    let signature = Mark::new(140.0, 70.0)?.with_image(hand, ImagePlace::Behind);
    let seal = Mark::new(102.0, 102.0)?.with_image(seal, ImagePlace::Behind);
    let font = EmbeddedFont::new(&face, lines)?;
    let mut document = records::PlainDocument::new();
    let pages = document.allocate();
    let mut names = String::new();
    let mut content = String::new();
    let places = [(60, 220), (320, 240), (150, 70), (90, 50)];
    for (mark, (x, y)) in [&beside, &centred, &signature, &seal]
        .into_iter()
        .zip(places)
    {
        let written = mark.write(&font, &mut || document.allocate())?;
        let form = document.take(written);
        names.push_str(&format!("/M{form} {form} 0 R "));
        content.push_str(&format!("q 1 0 0 1 {x} {y} cm /M{form} Do Q\n"));
    }
    let content = document.add_stream("", content.as_bytes());
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 540 320 ] /Contents {content} 0 R \
         /Resources << /XObject << {names}>> >> >>"
    ));
    let tree = format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>");
    document.set(pages, tree);
    let catalogue = format!("<< /Type /Catalog /Pages {pages} 0 R >>");
    document.set(document.root, catalogue);
    Ok(document)
}
