//! The PDF report as other programs judge it.

use std::process::Command;

use trien::archive::Manifest;
use trien::mark::SerifFont;
use trien::{Document, Limits, UnixTime};
use trien_report::{Language, PdfReport};
use trien_testkit::judges::{JudgeError, PdfAVerdict, pdf_a_2b};

use crate::lines::{HOSTILE, line, summary};

/// A report of this many broken files with hostile names, in its own folder.
fn made(count: usize) -> Option<(tempfile::TempDir, Vec<u8>)> {
    let Ok(font) = SerifFont::find() else {
        println!("SKIPPED: the PDF report: no font with Vietnamese letters is installed");
        return None;
    };
    let mut report = PdfReport::new(
        Language::Vi,
        Some("Trường THCS Nguyễn Du & <con>".to_owned()),
    );
    for number in 0..count {
        let text = HOSTILE[number % HOSTILE.len()];
        let name = format!("2026/hoc-ba/{number:05} {text} Ha\u{323} Thị Ngọc 漢字.pdf");
        let mut line = line(&name, text);
        line["document"]["conclusion"] = "invalid".into();
        line["signatures"][0]["profile"] = serde_json::json!({
            "id": "tt41_2017",
            "title": "Thông tư 41/2017/TT-BTTTT",
            "applies_from": "2018-02-05T00:00:00+07:00",
            "applies_until": null,
            "dates": "unconfirmed",
        });
        report.record(&serde_json::from_value(line).unwrap());
    }
    let summary = serde_json::from_value(summary()).unwrap();
    let octets = report.write(&summary, &font).unwrap();
    Some((tempfile::tempdir().unwrap(), octets))
}

#[test]
fn the_report_keeps_pdf_a_2b_whatever_names_stand_in_it() {
    let Some((folder, octets)) = made(120) else {
        return;
    };
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, &octets).unwrap();
    assert!(Document::open(&octets, &Limits::default()).is_ok());
    match pdf_a_2b(&path) {
        Ok(verdict) => assert_eq!(verdict, PdfAVerdict::Conforms),
        Err(JudgeError::Missing { .. }) => println!("SKIPPED: PDF/A by veraPDF: it is not set up"),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn heads_of_tables_are_repeated_and_every_row_is_there() {
    let Some((folder, octets)) = made(120) else {
        return;
    };
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, &octets).unwrap();
    let Ok(output) = Command::new("pdftotext")
        .args(["-layout"])
        .arg(&path)
        .arg("-")
        .output()
    else {
        println!("SKIPPED: the text of the PDF report: pdftotext is not installed");
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    let sheets: Vec<&str> = text
        .split('\u{0C}')
        .filter(|sheet| !sheet.trim().is_empty())
        .collect();
    assert!(sheets.len() > 4, "{}", sheets.len());
    for (number, sheet) in sheets.iter().enumerate() {
        let foot = format!("Trang {}/{}", number + 1, sheets.len());
        assert!(sheet.contains(&foot), "{sheet}");
        assert!(number < 2 || sheet.contains("Lý do"), "{sheet}");
    }
    for number in 0..120 {
        assert!(
            text.contains(&format!("2026/hoc-ba/{number:05}")),
            "{number}"
        );
    }
    for words in [
        "Trường THCS Nguyễn Du & <con>",
        // The rules' title, not their id.
        "Bộ quy tắc: Thông tư 41/2017/TT-BTTTT",
    ] {
        assert!(text.contains(words), "{words}");
    }
}

#[test]
fn the_list_is_bounded_and_says_so() {
    let Some((_folder, small)) = made(2_000) else {
        return;
    };
    let (_folder, large) = made(2_500).unwrap();
    assert!(
        large.len() < small.len() + 4_096,
        "{} {}",
        small.len(),
        large.len()
    );
}

#[test]
fn a_manifest_s_sheet_has_its_accents_and_gives_the_list_back() {
    let Ok(font) = SerifFont::find() else {
        println!("SKIPPED: the manifest's sheet: no font with Vietnamese letters is installed");
        return;
    };
    let manifest = Manifest::new(
        UnixTime::from_seconds(1_780_000_000),
        "tt41_2017",
        2,
        Vec::new(),
    )
    .unwrap();
    let octets = trien_report::manifest(&manifest, &font, Language::Vi).unwrap();
    let read = Manifest::from_pdf(&octets, &Limits::default()).unwrap();
    assert_eq!(read, manifest);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.pdf");
    std::fs::write(&path, &octets).unwrap();
    let Ok(output) = Command::new("pdftotext").arg(&path).arg("-").output() else {
        println!("SKIPPED: the text of the manifest: pdftotext is not installed");
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    for words in [
        "Bản kê hồ sơ bàn giao",
        "Chứng thư số gốc được tin cậy: 2",
        "trien-manifest.json",
        "không chứng minh được gì",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn every_number_that_the_handbook_names_has_its_column() {
    let Ok(font) = SerifFont::find() else {
        println!(
            "SKIPPED: columns of the PDF report: no font with Vietnamese letters is installed"
        );
        return;
    };
    let mut summary = summary();
    summary["by_month"] = serde_json::json!([
        {"month": "2026-05", "valid": 7001, "invalid": 7002, "indeterminate": 7003}]);
    summary["files_by_month"] = serde_json::json!([
        {"month": "2026-05", "valid": 7004, "invalid": 7005, "indeterminate": 7006}]);
    summary["duplicates"] = serde_json::json!([
        {"sha256": "ab", "files": ["một.pdf", "hai.pdf", "ba.pdf", "bốn.pdf"]}]);
    summary["schools"] = serde_json::json!([{
        "school": "Trường A", "title": "Trường A",
        "staff": {"people": [{"common_name": "Lan", "signatures": 7007, "file_count": 7008}]},
        "categories": [{"id": "a", "title": "Học bạ", "files": 7009, "signed": 7010, "valid": 7011,
            "scans": 7012, "unsigned": 7013}],
        "procedure": [{"workflow": "w", "files": 7014, "complete": 7015, "failing": 7016,
            "incomplete": 7017, "out_of_order": 7018, "wrong_authority": 7019}]}]);
    let summary = serde_json::from_value(summary).unwrap();
    let report = PdfReport::new(Language::Vi, None);
    let octets = report.write(&summary, &font).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, &octets).unwrap();
    let Ok(output) = Command::new("pdftotext")
        .arg("-layout")
        .arg(&path)
        .arg("-")
        .output()
    else {
        println!("SKIPPED: columns of the PDF report: pdftotext is not installed");
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    for number in 7001..=7019 {
        assert!(text.contains(&number.to_string()), "{number}: {text}");
    }
    for words in [
        "một.pdf",
        "hai.pdf (+2)",
        // The column's title goes on in its second line.
        "Thiếu chữ",
        "Chưa đạt",
        "Số chữ ký theo tháng",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}
