//! Appearances of signatures as programs of others show and extract them.

use std::path::Path;

use trien_pdf::appearance::{
    Alignment, AppearanceError, Border, Colour, EmbeddedFont, FontFace, Image, ImageDefect,
    ImagePlace, Line, Mark,
};
use trien_testkit::records::{Picture, PlainDocument, RecordError, SystemFonts};
use trien_testkit::structures::{Structure, write};

use crate::judge::{printed, run};
use crate::structures::extracted;

const LETTERS: &str = "Ằ ẳ Ẵ ặ Ầ ẩ Ẫ ậ Đ đ Ề ể Ễ ệ Ồ ổ Ỗ ộ Ờ ở Ỡ ợ Ừ ử Ữ ự Ỳ ỷ Ỹ ỵ ĩ Ũ";

#[expect(clippy::print_stderr, reason = "a skip must be seen")]
fn fonts() -> Option<SystemFonts> {
    match SystemFonts::find() {
        Err(RecordError::FontMissing) => {
            eprintln!("SKIPPED: {}", RecordError::FontMissing);
            None
        }
        found => Some(found.unwrap()),
    }
}

/// A page of 300 by 100 points with nothing but the mark on it.
fn page_with(mark: &Mark, font: &EmbeddedFont) -> Vec<u8> {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let written = mark.write(font, &mut || document.allocate()).unwrap();
    let form = document.take(written);
    let content = document.add_stream("", b"/Mark Do");
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 300 100 ] /Contents {content} 0 R \
         /Resources << /XObject << /Mark {form} 0 R >> >> >>"
    ));
    document.set(
        pages,
        format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>"),
    );
    document.set(1, format!("<< /Type /Catalog /Pages {pages} 0 R >>"));
    write(&document, Structure::ClassicTable)
}

fn mark_of(lines: &[&str]) -> Mark {
    let mut mark = Mark::new(300.0, 100.0).unwrap();
    for line in lines {
        let line = Line::new(*line, 10.0).aligned(Alignment::Centre);
        mark = mark.with_line(line).unwrap();
    }
    mark
}

fn judged(folder: &Path, file: &[u8]) -> std::path::PathBuf {
    let path = folder.join("mark.pdf");
    std::fs::write(&path, file).unwrap();
    if let Some(output) = run("qpdf", &["--check", path.to_str().unwrap()]) {
        assert!(output.status.success(), "{}", printed(&output));
    }
    path
}

#[test]
fn every_vietnamese_letter_can_be_copied_out_of_a_mark() {
    let Some(fonts) = fonts() else { return };
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let mark = mark_of(&["Ký bởi: Nguyễn Thị Hường", LETTERS, &LETTERS.to_lowercase()]);
    let font = EmbeddedFont::new(&face, mark.texts()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = judged(folder.path(), &page_with(&mark, &font));
    if let Some(text) = extracted(&path) {
        assert!(text.contains("Ký bởi: Nguyễn Thị Hường"), "{text}");
        // Single letters between spaces are joined by pdftotext.
        let joined = |text: &str| text.split_whitespace().collect::<String>();
        assert!(joined(&text).contains(&joined(LETTERS)), "{text}");
        assert!(
            joined(&text).contains(&joined(&LETTERS.to_lowercase())),
            "{text}"
        );
    }
    if let Some(output) = run("pdffonts", &[path.to_str().unwrap()]) {
        let text = printed(&output);
        // emb, sub, uni: embedded, subset, with a ToUnicode map.
        assert!(text.contains("CID TrueType"), "{text}");
        assert!(text.contains("yes yes yes"), "{text}");
    }
}

#[test]
fn decomposed_letters_are_shown_and_extracted_composed() {
    let Some(fonts) = fonts() else { return };
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let mark = mark_of(&["Tra\u{302}\u{300}n"]);
    let font = EmbeddedFont::new(&face, mark.texts()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = judged(folder.path(), &page_with(&mark, &font));
    if let Some(text) = extracted(&path) {
        assert_eq!(text, "Trần");
    }
}

#[test]
fn lines_too_wide_for_the_box_stay_inside_it() {
    let Some(fonts) = fonts() else { return };
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let long = "Trường Trung học cơ sở Thử Nghiệm ".repeat(6);
    let mark = mark_of(&[&long]);
    let font = EmbeddedFont::new(&face, mark.texts()).unwrap();
    assert!(font.width(&long, 10.0).unwrap() > 300.0);
    let folder = tempfile::tempdir().unwrap();
    let path = judged(folder.path(), &page_with(&mark, &font));
    if let Some(output) = run("pdftotext", &["-bbox", path.to_str().unwrap(), "-"]) {
        let text = printed(&output);
        let mut words = 0;
        for word in text.lines().filter(|line| line.contains("<word")) {
            let edge = word.split("xMax=\"").nth(1).unwrap();
            let edge: f32 = edge.split('"').next().unwrap().parse().unwrap();
            assert!(edge <= 300.0, "{word}");
            words += 1;
        }
        assert!(words >= 36, "{text}");
    }
}

#[test]
fn a_mark_with_a_transparent_image_and_a_border_is_drawn() {
    let Some(fonts) = fonts() else { return };
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let seal = Image::parse(&Picture::seal(120).to_png().unwrap()).unwrap();
    let mark = mark_of(&["Trường THCS Thử Nghiệm"])
        .with_image(seal, ImagePlace::Left)
        .with_border(Border::new(1.0, Colour::BLUE))
        .unwrap();
    let font = EmbeddedFont::new(&face, mark.texts()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = judged(folder.path(), &page_with(&mark, &font));
    let image = folder.path().join("page");
    let arguments = [
        "-r",
        "72",
        "-singlefile",
        path.to_str().unwrap(),
        image.to_str().unwrap(),
    ];
    if run("pdftoppm", &arguments).is_some() {
        let file = std::fs::read(folder.path().join("page.ppm")).unwrap();
        let pixels = &file[file.len() - 300 * 100 * 3..];
        let red = |pixel: &[u8]| pixel[0] > 180 && pixel[1] < 90 && pixel[2] < 90;
        let seal = pixels.chunks_exact(3).filter(|pixel| red(pixel)).count();
        assert!(seal > 500, "{seal} red pixels");
        // The corner is border, the ground beside the seal is still white paper.
        assert!(pixels[2] > 100 && pixels[0] < 100, "{:?}", &pixels[..3]);
        let white = &pixels[(50 * 300 + 290) * 3..][..3];
        assert_eq!(white, [255, 255, 255]);
    }
}

#[test]
fn a_jpeg_goes_in_as_it_is() {
    let Some(fonts) = fonts() else { return };
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let jpeg = Picture::portrait(3, 60, 80).to_jpeg(90).unwrap();
    let mark = mark_of(&["ảnh"]).with_image(Image::parse(&jpeg).unwrap(), ImagePlace::Behind);
    let font = EmbeddedFont::new(&face, mark.texts()).unwrap();
    let file = page_with(&mark, &font);
    assert!(file.windows(jpeg.len()).any(|window| window == jpeg));
    let folder = tempfile::tempdir().unwrap();
    let path = judged(folder.path(), &file);
    if let Some(output) = run("pdfimages", &["-list", path.to_str().unwrap()]) {
        assert!(printed(&output).contains("jpeg"), "{}", printed(&output));
    }
}

#[test]
fn a_character_the_font_lacks_is_named() {
    let Some(fonts) = fonts() else { return };
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let error = EmbeddedFont::new(&face, ["học 學"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the font has no glyph for U+5B78: choose another font or text"
    );
    let font = EmbeddedFont::new(&face, ["abc"]).unwrap();
    assert!(matches!(
        font.encode("d"),
        Err(AppearanceError::CharacterMissing { character: 'd' })
    ));
}

#[test]
fn images_cut_anywhere_are_refused_without_a_panic() {
    let png = Picture::seal(16).to_png().unwrap();
    let jpeg = Picture::portrait(1, 16, 16).to_jpeg(80).unwrap();
    for length in 0..png.len() - 12 {
        assert!(Image::parse(&png[..length]).is_err(), "PNG cut at {length}");
    }
    let header = jpeg
        .windows(2)
        .position(|window| window == [0xFF, 0xDA])
        .unwrap();
    for length in 0..header {
        assert!(
            Image::parse(&jpeg[..length]).is_err(),
            "JPEG cut at {length}"
        );
    }
    let error = Image::parse(b"GIF89a").unwrap_err();
    assert!(matches!(
        error,
        AppearanceError::ImageUnusable {
            defect: ImageDefect::Format,
            ..
        }
    ));
}

#[test]
fn a_png_that_claims_to_be_huge_is_refused_before_its_pixels_are_allocated() {
    let mut png = Picture::seal(16).to_png().unwrap();
    png[16..24].copy_from_slice(&[0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF]);
    let check = png_crc(&png[12..29]);
    png[29..33].copy_from_slice(&check.to_be_bytes());
    assert!(matches!(
        Image::parse(&png).unwrap_err(),
        AppearanceError::ImageUnusable {
            defect: ImageDefect::Pixels,
            ..
        }
    ));
}

/// CRC-32 of ISO 3309, as PNG chunks bear it.
fn png_crc(octets: &[u8]) -> u32 {
    !octets.iter().fold(u32::MAX, |crc, octet| {
        (0..8).fold(crc ^ u32::from(*octet), |crc, _| {
            (crc >> 1) ^ (0xEDB8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    })
}

#[test]
fn sizes_that_are_no_sizes_are_refused() {
    for points in [0.0, -1.0, f32::NAN, f32::INFINITY, 14_401.0] {
        assert!(Mark::new(points, 10.0).is_err(), "{points}");
        let mark = Mark::new(10.0, 10.0).unwrap();
        assert!(mark.with_line(Line::new("a", points)).is_err(), "{points}");
    }
}

#[test]
fn the_same_mark_gives_the_same_objects_under_the_numbers_asked_for() {
    let Some(fonts) = fonts() else { return };
    let face = FontFace::parse(&fonts.regular, 0).unwrap();
    let make = || {
        let mark = mark_of(&["Phạm Đức Thắng"]);
        let font = EmbeddedFont::new(&face, mark.texts()).unwrap();
        let mut number = 40;
        mark.write(&font, &mut || {
            number += 2;
            number
        })
        .unwrap()
    };
    let first = make();
    assert_eq!(first, make());
    assert_eq!(first.root, 42);
    let numbers: Vec<u32> = first.objects.iter().map(|object| object.number).collect();
    assert_eq!(numbers, [42, 44, 46, 48, 50, 52, 54]);
    for object in &first.objects {
        assert!(object.body.starts_with(b"<<"));
        assert!(object.body.ends_with(b">>") || object.body.ends_with(b"endstream"));
    }
}
