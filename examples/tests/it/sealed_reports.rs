//! `verify --seal-report` with a key on a token: levels, the mark, PINs, and what pyHanko says.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use serde_json::Value;
use trien::UnixTime;
use trien_testkit::pki::Role;
use trien_testkit::services::LiveServices;
use trien_testkit::tokens::{CONFIG_VARIABLE, TEST_PIN};

use crate::judges::{Trust, pyhanko};
use crate::programs::{NOW, Ran, anchors, arguments, program, run};
use crate::tokens::{Drawer, NO_PIN, WRONG_PIN};

/// `verify` on the desk's record with these options, and the token's module.
fn verify(drawer: &Drawer, options: &[&OsStr]) -> Ran {
    let run = program("verify")
        .env(CONFIG_VARIABLE, &drawer.tokens.config_path)
        .env("SCHOOL_PIN", TEST_PIN)
        .env("WRONG_PIN", WRONG_PIN)
        .args(["--at", NOW, "--anchors"])
        .arg(anchors())
        .arg("--module")
        .arg(&drawer.tokens.module_path)
        .args(options)
        .arg(drawer.desk.path("1.pdf"))
        .output();
    Ran::from(run.unwrap())
}

/// What this program says of a report, at the time of the machine: it was signed just now.
fn judged(report: &Path) -> Value {
    let ran = run(
        "verify",
        arguments!["--format", "json", "--anchors", anchors(), report],
    );
    let mut reports = ran.reports();
    assert_eq!(reports.len(), 1, "{ran:?}");
    reports.remove(0)["signatures"][0].take()
}

/// pyHanko finds every signature of the reports good and trusted an hour later: so many in each.
fn assert_sound_to_pyhanko(reports: &[PathBuf], signatures: &[usize], now: UnixTime) {
    let trust = Trust {
        anchors: anchors(),
        moment: now.plus_seconds(3_600),
    };
    let Some(answers) = pyhanko(trust, reports) else {
        println!("SKIPPED: pyHanko is not installed");
        return;
    };
    assert_eq!(answers.len(), reports.len());
    for (answer, number) in answers.iter().zip(signatures) {
        assert!(answer["error"].is_null(), "{answer}");
        let found = answer["signatures"].as_array().unwrap();
        assert_eq!(found.len(), *number, "{answer}");
        for signature in found {
            for name in ["intact", "valid", "trusted", "bottom_line"] {
                assert_eq!(signature[name], true, "{name}: {answer}");
            }
        }
        assert_eq!(found[number - 1]["coverage"], "ENTIRE_FILE", "{answer}");
    }
}

fn drawer() -> Option<Drawer> {
    let drawer = Drawer::of_school()?;
    drawer
        .desk
        .sign("sign", Role::Principal, "0.pdf", "1.pdf")
        .assert_signed();
    Some(drawer)
}

#[test]
fn a_report_is_signed_and_sealed_with_tokens_and_pyhanko_finds_it_sound() {
    let Some(drawer) = drawer() else {
        return;
    };
    let keys = Path::new(env!("CARGO_TARGET_TMPDIR")).join("keys");
    let now = trien_examples::clock();
    let services = LiveServices::start(&keys, now).unwrap();
    let url = services.time_stamps.url();
    let pin = drawer.desk.put("pin", format!("{TEST_PIN}\n").as_bytes());
    let plain: [&OsStr; 2] = ["--pin-env".as_ref(), "SCHOOL_PIN".as_ref()];
    let stamped: [&OsStr; 8] = [
        "--pin-file".as_ref(),
        pin.as_os_str(),
        "--tsa".as_ref(),
        url.as_ref(),
        "--allow-private-addresses".as_ref(),
        "--show".as_ref(),
        "1,360,20,180,50".as_ref(),
        "--mask".as_ref(),
    ];
    let mut reports: Vec<PathBuf> = Vec::new();
    for (options, level) in [(plain.as_slice(), "PAdES-B-B"), (&stamped, "PAdES-B-T")] {
        let role = Role::Principal;
        let report = drawer.desk.path(&format!("{level}.pdf"));
        let token: [&OsStr; 4] = [
            "--seal-report".as_ref(),
            report.as_os_str(),
            "--token".as_ref(),
            role.label().as_ref(),
        ];
        let ran = verify(&drawer, &[&token[..], options].concat());
        let said = format!("mức {}", level.trim_start_matches("PAdES-"));
        assert!(ran.complained.contains("Báo cáo đã ký"), "{ran:?}");
        assert!(ran.complained.contains(&said), "{ran:?}");
        assert!(!ran.complained.contains(TEST_PIN), "{ran:?}");
        let signature = judged(&report);
        for (name, wanted) in [
            ("integrity", "intact"),
            ("coverage", "whole-file"),
            ("level", level),
        ] {
            assert_eq!(signature[name], wanted, "{signature}");
        }
        assert_eq!(
            signature["placed"].is_null(),
            level == "PAdES-B-B",
            "{signature}"
        );
        reports.push(report);
    }
    // The school's seal comes behind, by the same programs as on any record.
    let seal = [
        "--token",
        "ConDau",
        "--field",
        "ConDau",
        "--as",
        "seal",
        "--pin-env",
        "SCHOOL_PIN",
    ];
    drawer
        .run("countersign", &seal, "PAdES-B-T.pdf", "sealed.pdf")
        .assert_signed();
    reports.push(drawer.desk.path("sealed.pdf"));
    assert_sound_to_pyhanko(&reports, &[1, 1, 2], now);
}

#[test]
fn what_cannot_be_sealed_costs_no_pin_and_leaves_no_report() {
    let Some(drawer) = drawer() else {
        return;
    };
    let report = drawer.desk.path("report.pdf");
    let token = Role::Principal.label();
    let sealed = |options: &[&str]| {
        let mut list = arguments!["--seal-report", &report, "--token", token].to_vec();
        list.extend(options.iter().map(OsStr::new));
        let ran = verify(&drawer, &list);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(!report.exists(), "{ran:?}");
        ran
    };
    // A file for the PIN that is not there tells whether the PIN was asked for.
    for (options, words) in [
        (&["--level", "b-t"][..], "--tsa"),
        (&["--show", "1,560,800,180,50"], "ngoài trang 1"),
        (&["--show", "1,20,20,5,5"], "quá nhỏ"),
    ] {
        let ran = sealed(&[options, &["--pin-file", NO_PIN]].concat());
        assert!(ran.complained.contains(words), "{ran:?}");
        assert!(!ran.complained.contains(NO_PIN), "{ran:?}");
    }
    let ran = sealed(&["--pin-file", NO_PIN]);
    assert!(ran.complained.contains(NO_PIN), "{ran:?}");
    let seal = arguments![
        "--seal-report",
        &report,
        "--token",
        "ConDau",
        "--pin-file",
        NO_PIN
    ];
    let ran = verify(&drawer, seal);
    assert!(ran.complained.contains("countersign --as seal"), "{ran:?}");
    assert!(
        !ran.complained.contains(NO_PIN) && !report.exists(),
        "{ran:?}"
    );
    let ran = sealed(&["--pin-env", "WRONG_PIN"]);
    assert!(ran.complained.contains("mã PIN không đúng"), "{ran:?}");
    assert!(!ran.complained.contains(WRONG_PIN), "{ran:?}");
    let gone = ["--tsa", "http://127.0.0.1:1/", "--allow-private-addresses"];
    let ran = sealed(&[&gone[..], &["--pin-env", "SCHOOL_PIN"]].concat());
    assert!(
        ran.complained.contains("không lấy được dấu thời gian"),
        "{ran:?}"
    );
}
