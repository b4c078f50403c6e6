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
    summary["counts"]["duplicates"] = 3.into();
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
    let Some(text) = told(&report.write(&summary, &font).unwrap()) else {
        return;
    };
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
    // 23: files with the content of others, and how many of them are copies.
    let count = |what: &str| {
        let line = text.lines().find(|line| line.starts_with(what))?;
        line.split_whitespace().next_back()?.parse::<usize>().ok()
    };
    assert_eq!(count("Tệp trùng nội dung"), Some(4), "{text}");
    assert_eq!(count("Bản sao (tính trong"), Some(3), "{text}");
    // 33: months' heads begin as others do.
    let head = text.lines().find(|line| line.starts_with("Tháng")).unwrap();
    let heads: Vec<&str> = head.split("  ").map(str::trim).collect();
    for word in ["Hợp lệ", "Không hợp lệ", "Chưa xác định"] {
        assert!(heads.contains(&word), "{head}");
    }
}

/// The text of a report; `None` where nothing reads it.
fn told(octets: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, octets).unwrap();
    let Ok(output) = Command::new("pdftotext")
        .arg("-layout")
        .arg(&path)
        .arg("-")
        .output()
    else {
        println!("SKIPPED: the text of the PDF report: pdftotext is not installed");
        return None;
    };
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn fe7_25_unsigned_files_have_their_reason_and_no_list_ends_in_silence() {
    let Ok(font) = SerifFont::find() else {
        println!("SKIPPED: reasons in the PDF: no font with Vietnamese letters is installed");
        return;
    };
    let mut report = PdfReport::new(Language::Vi, None);
    let mut unsigned = line("a.pdf", "");
    unsigned["document"]["conclusion"] = "unsigned".into();
    unsigned["signatures"] = serde_json::json!([]);
    report.record(&serde_json::from_value(unsigned).unwrap());
    let mut summary = summary();
    let day = "2028-01-01T00:00:00+07:00";
    let ageing = (0..2_003).map(|number| {
        serde_json::json!({"before": day, "file": format!("{number}.pdf"), "provable_until": day,
            "weakest": null})
    });
    summary["ageing"] = ageing.collect();
    let summary = serde_json::from_value(summary).unwrap();
    let Some(text) = told(&report.write(&summary, &font).unwrap()) else {
        return;
    };
    let row = text.lines().find(|line| line.starts_with("a.pdf")).unwrap();
    assert!(row.contains("thiếu chữ ký"), "{row}");
    assert!(text.contains("1999.pdf") && !text.contains("2000.pdf"));
    assert!(text.contains("3 tệp nữa không liệt kê ở đây."));
}

#[test]
fn fe7_33_serial_numbers_are_broken_into_lines_of_one_length() {
    let Ok(font) = SerifFont::find() else {
        println!(
            "SKIPPED: serial numbers in the PDF: no font with Vietnamese letters is installed"
        );
        return;
    };
    let (short, long) = ("5ceb6919ebba136da56c6daadbf6dd63", "7".repeat(40));
    let mut summary = summary();
    summary["schools"] = serde_json::json!([{"school": "Trường A", "title": "Trường A",
        "staff": {"people": [{"common_name": "Lan", "serials": [short, long]}]},
        "categories": [], "procedure": []}]);
    let summary = serde_json::from_value(summary).unwrap();
    let report = PdfReport::new(Language::Vi, None);
    let Some(text) = told(&report.write(&summary, &font).unwrap()) else {
        return;
    };
    assert!(text.contains(&format!("{short},")), "{text}");
    let half = "7".repeat(20);
    let is_half = |line: &&str| line.split_whitespace().any(|word| word == half);
    assert_eq!(text.lines().filter(is_half).count(), 2, "{text}");
}

#[test]
fn fe7b_5_the_report_says_whose_seals_the_files_bear() {
    let Ok(font) = SerifFont::find() else {
        println!("SKIPPED: seals in the PDF: no font with Vietnamese letters is installed");
        return;
    };
    let mut summary = summary();
    summary["schools"] = serde_json::json!([{"school": "Trường A", "title": "Trường A",
        "norm": {"sealed": 13, "seals": [
            {"organisation": "Trường A", "subject": "CN=Trường A", "files": 12},
            {"organisation": "Công ty Lừa Đảo", "subject": "CN=Lừa", "files": 1}],
            "seals_unlisted": 4}}]);
    let summary = serde_json::from_value(summary).unwrap();
    let report = PdfReport::new(Language::Vi, None);
    let Some(text) = told(&report.write(&summary, &font).unwrap()) else {
        return;
    };
    let row = |name: &str, files: &str| {
        text.lines().any(|line| {
            let line = line.trim();
            line.starts_with(name) && line.ends_with(files)
        })
    };
    assert!(row("Trường A", " 12"), "{text}");
    assert!(row("Công ty Lừa Đảo", " 1"), "{text}");
    assert!(text.contains("không liệt kê: 4"), "{text}");
}
