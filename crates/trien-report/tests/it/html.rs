//! The HTML report as octets: blocks that hold the records, and nothing else that runs.

use serde_json::Value;
use trien_report::{HtmlReport, HtmlSettings, Language};

use crate::lines::{HOSTILE, record, summary};

fn report(records: impl Iterator<Item = (String, &'static str)>) -> String {
    let settings = HtmlSettings::new(Language::Vi).titled(HOSTILE[0]);
    let mut report = HtmlReport::begin(Vec::new(), &settings).unwrap();
    for (file, text) in records {
        report.record(&record(&file, text), &[]).unwrap();
    }
    let summary = serde_json::from_value(summary()).unwrap();
    String::from_utf8(report.finish(&summary).unwrap()).unwrap()
}

/// The block of this name.
fn block(page: &str, id: &str) -> Option<Value> {
    let start = format!("<script type=\"application/json\" id=\"{id}\">");
    let (_, rest) = page.split_once(&start)?;
    let (json, _) = rest.split_once("</script>")?;
    serde_json::from_str(json).ok()
}

#[test]
fn hostile_texts_end_no_script_and_come_back_as_they_were() {
    let files = HOSTILE.iter().map(|text| ((*text).to_owned(), *text));
    let page = report(files);
    // Title, rows, records, summary, pages not drawn, and the one program; each ends once.
    assert_eq!(page.matches("<script").count(), 6);
    assert_eq!(page.matches("</script").count(), 6);
    assert_eq!(block(&page, "not-drawn").unwrap(), 0);
    assert!(!page.contains("<img src=x"));
    let rows = block(&page, "rows-0").unwrap();
    for (row, text) in rows["rows"].as_array().unwrap().iter().zip(HOSTILE) {
        assert_eq!(row["file"], text);
    }
    assert_eq!(block(&page, "about").unwrap()["title"], HOSTILE[0]);
}

#[test]
fn the_policy_names_the_digests_of_the_page_s_own_program_and_looks() {
    let page = report(std::iter::once(("a.pdf".to_owned(), "a")));
    let policy = page
        .split_once("Content-Security-Policy\" content=\"")
        .unwrap()
        .1;
    let policy = policy.split_once('"').unwrap().0;
    assert!(
        policy.starts_with("default-src 'none'; script-src 'sha256-"),
        "{policy}"
    );
    assert!(
        !policy.contains("unsafe") && !policy.contains("http"),
        "{policy}"
    );
}

#[test]
fn records_come_in_blocks_of_a_hundred_and_parts_are_written_once() {
    let text = "một câu dài, lặp lại trong mọi hồ sơ của kho lưu trữ";
    let page = report((0..250).map(|number| (format!("{number}.pdf"), text)));
    let rows = |number: usize| block(&page, &format!("rows-{number}"));
    for (number, expected) in [100, 100, 50].into_iter().enumerate() {
        assert_eq!(
            rows(number).unwrap()["rows"].as_array().unwrap().len(),
            expected
        );
        let records = block(&page, &format!("records-{number}")).unwrap();
        assert_eq!(records.as_array().unwrap().len(), expected);
    }
    assert!(rows(3).is_none());
    assert!(rows(1).unwrap()["parts"].as_array().unwrap().is_empty());
    let each =
        (report((0..1250).map(|number| (format!("{number}.pdf"), text))).len() - page.len()) / 1000;
    assert!(each < 2_500, "{each} octets a record");
}

#[test]
fn the_report_opens_in_the_language_asked_for() {
    let settings = HtmlSettings::new(Language::En);
    let report = HtmlReport::begin(Vec::new(), &settings).unwrap();
    let summary = serde_json::from_value(summary()).unwrap();
    let page = String::from_utf8(report.finish(&summary).unwrap()).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>\n<!-- trien.report/1 -->\n<html lang=\"en\">"));
    assert!(page.ends_with("</html>\n"));
    assert!(block(&page, "rows-0").is_none());
}
