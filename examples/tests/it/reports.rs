//! `verify --format html` and `--format csv`: whole files under the names that were asked for.

use std::path::Path;

use trien_testkit::attacks::flip_octet;
use trien_testkit::pki::Role;

use crate::programs::{Desk, NOW, Ran, anchors, arguments, contents, report, run};

/// A folder with a signed file, a broken one, and one without a signature.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.sign("sign", Role::HomeroomTeacher, "0.pdf", "1.pdf")
        .assert_signed();
    let signed = std::fs::read(desk.path("1.pdf")).unwrap();
    desk.put("broken.pdf", &flip_octet(&signed, 20).unwrap());
    desk
}

fn verify(format: &str, output: &Path, further: &[&str], place: &Path) -> Ran {
    let mut list = arguments!["--format", format, "--output", output, "--at", NOW].to_vec();
    list.extend(arguments!["--anchors", anchors()]);
    list.extend(further.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    list.push(place.as_os_str());
    run("verify", &list)
}

#[test]
fn the_html_report_is_whole_and_pictures_what_is_to_be_looked_at() {
    let desk = desk();
    let output = desk.path("report.html");
    let ran = verify(
        "html",
        &output,
        &["--title", "Trường <THCS>"],
        &desk.path(""),
    );
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(ran.printed, "");
    let page = std::fs::read_to_string(&output).unwrap();
    assert!(page.ends_with("</html>\n"));
    assert!(page.contains(r"Trường \u003cTHCS\u003e"));
    for name in ["/0.pdf\"", "/1.pdf\"", "/broken.pdf\""] {
        assert!(page.contains(name), "{name}");
    }
    assert!(page.contains("\"verdict\":\"invalid\""));
    assert!(page.contains("data:image/png;base64,"), "no picture");
    assert!(!has_part(desk.folder()));
}

/// Whether half of a file was left behind.
fn has_part(folder: &Path) -> bool {
    contents(folder).keys().any(|path| {
        path.extension()
            .is_some_and(|extension| extension == "part")
    })
}

#[test]
fn what_is_masked_or_not_wanted_has_no_pictures() {
    let desk = desk();
    for further in [["--mask", "--thumbnails=all"], ["--thumbnails", "none"]] {
        let output = desk.path("report.html");
        verify("html", &output, &further, &desk.path(""));
        let page = std::fs::read_to_string(&output).unwrap();
        assert!(page.ends_with("</html>\n") && !page.contains("data:image/"));
    }
}

#[test]
fn the_spreadsheet_has_a_row_for_each_signature_and_each_file_without() {
    let desk = desk();
    let output = desk.path("report.csv");
    let further = ["--lang", "en", "--separator", "semicolon"];
    let ran = verify("csv", &output, &further, &desk.path(""));
    assert_eq!(ran.status, 1, "{ran:?}");
    let sheet = std::fs::read_to_string(&output).unwrap();
    assert!(sheet.starts_with("\u{FEFF}File;Conclusion;"), "{sheet}");
    assert_eq!(sheet.matches("\r\n").count(), 4, "{sheet}");
    assert!(sheet.contains("/0.pdf;unsigned;"), "{sheet}");
}

#[test]
fn a_report_that_cannot_be_written_is_said() {
    let desk = desk();
    let ran = verify("html", &desk.path("none/report.html"), &[], &desk.path(""));
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(!ran.complained.is_empty());
    // Nothing to report on: no report.
    let empty = desk.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let output = desk.path("report.html");
    assert_eq!(verify("html", &output, &[], &empty).status, 2);
    assert!(!output.exists() && !has_part(desk.folder()));
}

#[test]
fn the_pdf_report_is_signed_by_whom_was_asked_and_is_judged_sound() {
    let desk = desk();
    let place = desk.path("1.pdf");
    let seal = |report: &str, key: &str| {
        let (report, key) = (desk.path(report), desk.path(key));
        let mut list = arguments!["--at", NOW, "--anchors", anchors()].to_vec();
        list.extend(arguments![
            "--seal-report",
            &report,
            "--soft-key",
            &key,
            &place
        ]);
        (run("verify", &list), report)
    };
    let (ran, sealed) = seal("sealed.pdf", &format!("{}.pem", Role::Principal.label()));
    assert!(ran.complained.contains("Báo cáo đã ký"), "{ran:?}");
    let judged = report(&sealed);
    let signature = &judged["signatures"][0];
    assert_eq!(signature["integrity"], "intact", "{judged}");
    assert_eq!(signature["coverage"], "whole-file");
    // Without a key there is no report.
    let (ran, none) = seal("none.pdf", "no-key");
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(!none.exists());
    // That is found out before the records are read, not after.
    assert_eq!(ran.printed, "", "{ran:?}");
}
