//! The spreadsheet as `LibreOffice` opens it, which says of each cell what it took it for.

use std::path::Path;
use std::process::Command;

use trien_report::{Language, Separator, Spreadsheet};

use crate::lines::{HOSTILE, record};

fn sheet(language: Language, separator: Separator) -> Vec<u8> {
    let mut sheet = Spreadsheet::begin(Vec::new(), language, separator).unwrap();
    for text in HOSTILE
        .into_iter()
        .chain(["Đặng Thị Bích, \"6A1\"\nhọc bạ"])
    {
        sheet.record(&record(&format!("{text}.pdf"), text)).unwrap();
    }
    sheet.finish().unwrap()
}

#[test]
fn the_file_is_utf_8_with_a_mark_and_ends_lines_as_rfc_4180_does() {
    let sheet = sheet(Language::Vi, Separator::Comma);
    assert!(sheet.starts_with(&[0xEF, 0xBB, 0xBF]));
    let text = String::from_utf8(sheet).unwrap();
    assert!(text.starts_with("\u{FEFF}Tệp,Kết luận,"));
    assert_eq!(text.matches("\r\n").count(), 7);
    // Line breaks in a cell would break lines in programs that read by lines.
    assert_eq!(text.matches('\n').count(), 7);
    let english = String::from_utf8(self::sheet(Language::En, Separator::Semicolon)).unwrap();
    assert!(english.starts_with("\u{FEFF}File;Conclusion;"));
}

#[test]
fn libre_office_sees_texts_times_and_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let csv = folder.path().join("records.csv");
    std::fs::write(&csv, sheet(Language::Vi, Separator::Comma)).unwrap();
    let Some(document) = opened(folder.path(), &csv) else {
        println!("SKIPPED: the spreadsheet in LibreOffice: it is not installed");
        return;
    };
    assert!(
        !document.contains("table:formula"),
        "a cell became a formula"
    );
    assert!(document.contains("Chủ thể chứng thư số"));
    assert!(document.contains("Đặng Thị Bích, &quot;6A1&quot; học bạ"));
    assert!(document.contains("&apos;=HYPERLINK(") || document.contains("'=HYPERLINK("));
    // A time is a time, a serial number stays as it is.
    assert!(document.contains("office:date-value=\"2026-05-31T08:00:05\""));
    assert!(document.contains("0x12E5"));
}

/// What the window that opens a file with a byte order mark proposes, which nobody sees here: comma,
/// quotation mark, UTF-8, from the first line.
const FILTER: &str = "--infilter=CSV:44,34,76,1";

/// The spreadsheet as `LibreOffice` writes it in XML; `None` where there is none.
fn opened(folder: &Path, csv: &Path) -> Option<String> {
    let profile = format!("-env:UserInstallation=file://{}/profile", folder.display());
    let output = Command::new("libreoffice")
        .args([
            &profile,
            "--headless",
            FILTER,
            "--convert-to",
            "fods",
            "--outdir",
        ])
        .arg(folder)
        .arg(csv)
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(std::fs::read_to_string(folder.join("records.fods")).unwrap())
}
