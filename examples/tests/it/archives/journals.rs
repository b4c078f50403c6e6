//! `verify` on any number of threads, after a kill and an interrupt, and with a journal that is not
//! one's own.

use std::io::Write;
use std::process::Stdio;

use super::School;
use crate::contract::violations;
use crate::programs::{NOW, Ran, anchors, page, program};

#[test]
fn any_number_of_threads_says_the_same_in_the_same_order() {
    let school = School::new();
    for format in ["json", "text"] {
        let one = school.verify(&["--format", format, "--jobs", "1"]);
        let many = school.verify(&["--format", format, "--jobs", "5"]);
        assert!(!one.printed.is_empty());
        assert_eq!(one.printed, many.printed);
        assert_eq!((one.status, many.status), (2, 2));
        if format == "json" {
            for report in one.reports() {
                assert!(report["archive"].is_object(), "{report}");
                assert_eq!(violations(&report), Vec::<String>::new());
            }
        }
    }
}

#[test]
fn a_run_that_was_killed_goes_on_and_says_the_same_byte_for_byte() {
    let school = School::new();
    let journal = school.desk.path("journal");
    let summaries = [school.desk.path("1.json"), school.desk.path("2.json")];
    let whole = school.verify(&[
        "--format",
        "json",
        "--summary",
        summaries[0].to_str().unwrap(),
    ]);
    let options = [
        "--format",
        "json",
        "--summary",
        summaries[1].to_str().unwrap(),
        "--resume",
        journal.to_str().unwrap(),
    ];
    // A pipe that nobody reads stops the program in the middle; then it is killed outright.
    let mut child = program("verify")
        .args(["--at", NOW, "--jobs", "2", "--anchors"])
        .arg(anchors())
        .args(options)
        .arg(school.archive())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    for _ in 0..60_000 {
        let lines = std::fs::read(&journal).map_or(0, |octets| {
            octets.iter().filter(|octet| **octet == b'\n').count()
        });
        if lines > 5 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    // A line that the kill cut off.
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(&journal)
        .unwrap();
    file.write_all(br#"{"told":null,"conclusion":"valid","rec"#)
        .unwrap();
    drop(file);
    let kept = std::fs::read_to_string(&journal).unwrap().lines().count();
    assert!(kept > 5, "{kept}");
    let resumed = school.verify(&options);
    assert_eq!(resumed.printed, whole.printed);
    assert_eq!(
        std::fs::read(&summaries[0]).unwrap(),
        std::fs::read(&summaries[1]).unwrap()
    );
    // Once more: everything is told from the journal, which does not grow.
    let length = std::fs::metadata(&journal).unwrap().len();
    let again = school.verify(&options);
    assert_eq!(again.printed, whole.printed);
    // What was not judged now is told aside, never in the result.
    let taken = "28 kết quả lấy từ nhật ký của lần chạy trước";
    assert!(again.complained.contains(taken), "{}", again.complained);
    assert_eq!(std::fs::metadata(&journal).unwrap().len(), length);
    // A changed file is judged anew, and other settings are another journal's.
    let name = "archive/Trường A/Học bạ/5A/00.pdf";
    school.desk.put(name, &page());
    let changed = school.verify(&options);
    assert!(changed.reports().iter().any(|report| {
        report["file"].as_str().unwrap().ends_with("00.pdf")
            && report["document"]["conclusion"] == "unsigned"
    }));
    let other = school.verify(&[
        "--format",
        "json",
        "--profile",
        "tt15_2025",
        "--resume",
        journal.to_str().unwrap(),
    ]);
    assert_eq!(other.status, 2);
    assert!(other.complained.contains("nhật ký"), "{other:?}");
}

#[test]
fn a_journal_that_came_with_the_disc_is_not_believed() {
    let school = School::new();
    let journal = school.desk.path("journal");
    let options = ["--format", "json", "--resume", journal.to_str().unwrap()];
    let whole = school.verify(&options);
    // Another user's, or another computer's: the same program with another key.
    let state = school.desk.path("state");
    let ran = program("verify")
        .env("XDG_STATE_HOME", &state)
        .args(["--at", NOW, "--anchors"])
        .arg(anchors())
        .args(options)
        .arg(school.archive())
        .output()
        .unwrap();
    let ran = Ran::from(ran);
    assert_eq!(ran.printed, whole.printed);
    assert!(
        ran.complained.contains("không được tin"),
        "{}",
        ran.complained
    );
    assert!(
        !ran.complained.contains("lấy từ nhật ký"),
        "{}",
        ran.complained
    );
    assert!(school.desk.path("journal.set-aside-1").is_file());
    assert!(state.join("trien/journal.key").is_file());
    // A line that somebody changed is judged again, and said.
    let text = std::fs::read_to_string(&journal).unwrap();
    let forged = text.replacen("INDETERMINATE", "TOTAL-PASSED!", 1);
    assert_ne!(forged, text);
    std::fs::write(&journal, forged).unwrap();
    let ran = school.verify(&options);
    assert_eq!(ran.printed, whole.printed);
}

#[cfg(unix)]
#[test]
fn an_interrupt_keeps_what_is_done_and_says_how_to_go_on() {
    let school = School::new();
    let signed = std::fs::read(school.desk.path("signed.pdf")).unwrap();
    for number in 0..300 {
        school
            .desk
            .put(&format!("archive/Trường B/{number:03}.pdf"), &signed);
    }
    let journal = school.desk.path("journal");
    let options = ["--format", "json", "--resume", journal.to_str().unwrap()];
    let child = program("verify")
        .args(["--at", NOW, "--jobs", "1", "--anchors"])
        .arg(anchors())
        .args(options)
        .arg(school.archive())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Nobody reads the pipe yet, so that the run stands still in the middle.
    for _ in 0..60_000 {
        let length = std::fs::metadata(&journal).map_or(0, |metadata| metadata.len());
        if length > 60_000 {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.status, 2, "{}", ran.complained);
    assert!(ran.complained.contains("đã dừng"), "{}", ran.complained);
    assert!(ran.complained.contains("--resume"), "{}", ran.complained);
    let done = ran.reports().len();
    assert!(done > 0 && done < 328, "{done}");
    let whole = school.verify(&["--format", "json"]);
    assert!(whole.printed.starts_with(&ran.printed));
    assert_eq!(school.verify(&options).printed, whole.printed);
}

#[test]
fn a_journal_serves_every_format_that_asks_for_what_it_holds() {
    let school = School::new();
    let journal = school.desk.path("journal");
    let journal = journal.to_str().unwrap();
    let resumed = |options: &[&str], taken: usize, again: usize| {
        let whole = school.verify(options);
        let mut list = options.to_vec();
        list.extend(["--resume", journal]);
        let ran = school.verify(&list);
        assert_eq!(ran.printed, whole.printed, "{options:?}");
        let said = format!("{taken} kết quả lấy từ nhật ký");
        assert_eq!(ran.complained.contains(&said), taken > 0, "{ran:?}");
        let said = format!("nhật ký có {again} kết quả của lần chạy dùng --format khác");
        assert_eq!(ran.complained.contains(&said), again > 0, "{ran:?}");
    };
    resumed(&["--format", "json"], 0, 0);
    // It holds no workflows either, which spreadsheets and pages have.
    resumed(&["--format", "csv"], 0, 28);
    resumed(&["--format", "csv"], 28, 0);
    // It holds no texts for people yet.
    resumed(&["--format", "text"], 0, 28);
    resumed(&["--format", "text"], 28, 0);
    resumed(&["--format", "json"], 28, 0);
    resumed(&["--format", "text", "--explain"], 0, 28);
    resumed(&["--format", "html", "--thumbnails", "none"], 28, 0);
    resumed(&["--format", "csv"], 28, 0);
}
