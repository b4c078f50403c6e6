//! Every record in every file structure, as programs of others read it.

use std::path::Path;

use trien_testkit::records::{
    Conformance, PlainDocument, Record, RecordError, SignatureFields, class_reports, many_pages,
    scanned_pages, school_report,
};
use trien_testkit::structures::{
    CountedFrom, HiddenEntries, LinearizeError, Structure, linearize, write,
};

use crate::judge::{printed, run};

/// `None`, said aloud, without a font.
#[expect(clippy::print_stderr, reason = "a skip must be seen")]
pub(crate) fn unless_missing(made: Result<Record, RecordError>) -> Option<Record> {
    match made {
        Err(RecordError::FontMissing) => {
            eprintln!("SKIPPED: {}", RecordError::FontMissing);
            None
        }
        made => Some(made.unwrap()),
    }
}

/// Every judge finds no error and no warning, and the right number of pages.
fn judges_accept(path: &Path, what: &str, pages: usize) {
    qpdf_accepts(path, what);
    poppler_accepts(path, what, pages);
    mupdf_accepts(path, what, pages);
}

fn qpdf_accepts(path: &Path, what: &str) {
    if let Some(output) = run("qpdf", &["--check", path.to_str().unwrap()]) {
        assert!(output.status.success(), "{what}: {}", printed(&output));
    }
}

fn poppler_accepts(path: &Path, what: &str, pages: usize) {
    if let Some(output) = run("pdfinfo", &[path.to_str().unwrap()]) {
        let text = printed(&output);
        assert!(output.status.success(), "{what}: {text}");
        assert!(!text.contains("Error"), "{what}: {text}");
        let found = text.lines().find_map(|line| line.strip_prefix("Pages:"));
        assert_eq!(
            found.map(str::trim),
            Some(pages.to_string().as_str()),
            "{what}"
        );
    }
}

fn mupdf_accepts(path: &Path, what: &str, pages: usize) {
    if let Some(output) = run("mutool", &["info", path.to_str().unwrap()]) {
        let text = printed(&output);
        assert!(output.status.success(), "{what}: {text}");
        assert!(text.contains(&format!("Pages: {pages}")), "{what}: {text}");
        assert!(
            !text.contains("error") && !text.contains("repair"),
            "{what}: {text}"
        );
    }
}

/// The text of all pages with each run of white space as one space.
pub(crate) fn extracted(path: &Path) -> Option<String> {
    let path = path.to_string_lossy();
    let output = run("pdftotext", &["-layout", &path, "-"])?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn saved(folder: &Path, octets: &[u8]) -> std::path::PathBuf {
    let path = folder.join("record.pdf");
    std::fs::write(&path, octets).unwrap();
    path
}

#[test]
fn every_structure_is_read_by_every_judge_with_its_vietnamese_text() {
    let made = school_report(2, SignatureFields::Prepared, Conformance::Plain);
    let Some(record) = unless_missing(made) else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    for structure in Structure::ALL {
        let what = format!("{structure:?}");
        let path = saved(folder.path(), &write(&record.document, structure));
        // Each judge repairs some of them: those are judged by the others alone. qpdf wants
        // offsets from the header, mupdf the header first, poppler no free hidden objects.
        if structure != Structure::HeaderNotAtStart(CountedFrom::FileStart) {
            qpdf_accepts(&path, &what);
        }
        if !matches!(structure, Structure::HeaderNotAtStart(_)) {
            mupdf_accepts(&path, &what, 3);
        }
        if structure == Structure::Hybrid(HiddenEntries::Free) {
            continue;
        }
        poppler_accepts(&path, &what, 3);
        if let Some(text) = extracted(&path) {
            for expected in [
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                "KẾT QUẢ HỌC TẬP VÀ RÈN LUYỆN",
                "Hoạt động trải nghiệm",
            ] {
                assert!(text.contains(expected), "{what}: {text}");
            }
        }
    }
}

#[test]
fn a_linearized_file_passes_the_judges() {
    let made = school_report(1, SignatureFields::Absent, Conformance::Plain);
    let Some(record) = unless_missing(made) else {
        return;
    };
    let linearized = linearize(&write(&record.document, Structure::ClassicTable));
    #[expect(clippy::print_stderr, reason = "a skip must be seen")]
    if let Err(LinearizeError::QpdfMissing) = linearized {
        eprintln!("SKIPPED: qpdf is not installed");
        return;
    }
    let linearized = linearized.unwrap();
    assert!(
        linearized
            .windows(11)
            .any(|window| window == b"/Linearized")
    );
    let folder = tempfile::tempdir().unwrap();
    judges_accept(&saved(folder.path(), &linearized), "linearized", 2);
}

#[test]
fn an_archived_class_of_forty_five_makes_two_megabytes_and_passes_the_judges() {
    let made = class_reports(45, SignatureFields::Prepared, Conformance::PdfA2b);
    let Some(record) = unless_missing(made) else {
        return;
    };
    assert_eq!(record.places.len(), 3 * 45);
    let file = write(&record.document, Structure::ClassicTable);
    assert!(
        (1_500_000..3_000_000).contains(&file.len()),
        "{}",
        file.len()
    );
    let folder = tempfile::tempdir().unwrap();
    judges_accept(&saved(folder.path(), &file), "class", 45);
}

#[test]
fn a_scan_of_nine_pages_makes_a_hundred_megabytes_in_few_objects() {
    let document = scanned_pages(9);
    assert!(document.objects.len() < 40);
    let file = write(&document, Structure::ClassicTable);
    assert!(file.len() > 100_000_000);
    let folder = tempfile::tempdir().unwrap();
    judges_accept(&saved(folder.path(), &file), "scan", 9);
}

#[test]
fn twenty_thousand_pages_make_two_hundred_thousand_objects() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("register.pdf");
    many_pages(std::fs::File::create(&path).unwrap(), 20_000).unwrap();
    judges_accept(&path, "register", 20_000);
}

#[test]
fn page_trees_of_every_height_count_their_pages() {
    let folder = tempfile::tempdir().unwrap();
    for pages in [1, 99, 100, 101, 250, 10_001] {
        let path = folder.path().join("register.pdf");
        many_pages(std::fs::File::create(&path).unwrap(), pages).unwrap();
        judges_accept(&path, "register", pages);
    }
}

#[test]
fn a_second_reader_resolves_every_object_in_every_structure() {
    let document = scanned_pages(1);
    for structure in Structure::ALL {
        // lopdf takes offsets from the header when the header is not first (PACKAGES.md 2).
        if structure == Structure::HeaderNotAtStart(CountedFrom::FileStart) {
            continue;
        }
        let file = write(&document, structure);
        let read = lopdf::Document::load_mem(&file).unwrap();
        assert_eq!(read.get_pages().len(), 1, "{structure:?}");
        for number in document.objects.keys() {
            assert!(
                read.get_object((*number, 0)).is_ok(),
                "{structure:?} {number}"
            );
        }
    }
}

#[test]
fn the_same_document_gives_the_same_octets() {
    let make = || {
        let record = school_report(1, SignatureFields::Prepared, Conformance::PdfA2b);
        unless_missing(record).map(|record| record.document)
    };
    let (Some(first), Some(second)) = (make(), make()) else {
        return;
    };
    for structure in Structure::ALL {
        assert!(
            write(&first, structure) == write(&second, structure),
            "{structure:?}"
        );
    }
}

#[test]
fn a_number_used_again_has_generation_one_and_its_old_use_is_gone() {
    let mut document = PlainDocument::new();
    let pages = document.allocate();
    let page = document.add(format!(
        "<< /Type /Page /Parent {pages} 0 R /MediaBox [ 0 0 9 9 ] /Resources << >> >>"
    ));
    document.set(
        pages,
        format!("<< /Type /Pages /Kids [ {page} 0 R ] /Count 1 >>"),
    );
    document.set(1, format!("<< /Type /Catalog /Pages {pages} 0 R >>"));
    let file = write(&document, Structure::FreeEntries);
    let read = lopdf::Document::load_mem(&file).unwrap();
    let reused = read.catalog().unwrap().get(b"TRIEN_Reused").unwrap();
    assert_eq!(reused.as_reference().unwrap(), (4, 1));
    let folder = tempfile::tempdir().unwrap();
    let path = saved(folder.path(), &file);
    judges_accept(&path, "free entries", 1);
    let name = path.to_str().unwrap();
    if let Some(output) = run("qpdf", &["--show-object=4,1", name]) {
        assert!(
            printed(&output).contains("second use"),
            "{}",
            printed(&output)
        );
    }
}
