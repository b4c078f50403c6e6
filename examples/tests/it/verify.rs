//! `verify`: its contract, its exit status, its words.

use serde_json::Value;
use trien_testkit::attacks::flip_octet;
use trien_testkit::pki::Role;

use crate::contract::violations;
use crate::programs::{Desk, NOW, Ran, anchors, arguments, program, run, states};

fn verify(desk: &Desk, names: &[&str]) -> Ran {
    let mut list = arguments!["--format", "json", "--at", NOW, "--anchors", anchors()].to_vec();
    let paths: Vec<_> = names.iter().map(|name| desk.path(name)).collect();
    list.extend(paths.iter().map(|path| path.as_os_str()));
    run("verify", &list)
}

fn conclusion(report: &Value) -> &str {
    report["document"]["conclusion"].as_str().unwrap()
}

/// A desk with a file of every kind.
fn files() -> Desk {
    let desk = Desk::new();
    for (program, role, input, output) in [
        ("sign", Role::HomeroomTeacher, "0.pdf", "1.pdf"),
        ("countersign", Role::SchoolSeal, "1.pdf", "2.pdf"),
    ] {
        desk.sign(program, role, input, output).assert_signed();
    }
    let signed = std::fs::read(desk.path("2.pdf")).unwrap();
    desk.put("broken.pdf", &flip_octet(&signed, 20).unwrap());
    desk.put("tail.pdf", &[signed.as_slice(), b"\nmore\n"].concat());
    desk.put("empty.pdf", b"");
    desk.put("text.pdf", b"no PDF at all");
    desk
}

#[test]
fn every_line_keeps_the_contract() {
    let desk = files();
    let names = [
        "0.pdf",
        "1.pdf",
        "2.pdf",
        "broken.pdf",
        "tail.pdf",
        "empty.pdf",
        "text.pdf",
        "missing.pdf",
    ];
    let ran = verify(&desk, &names);
    assert_eq!(ran.status, 2, "{ran:?}");
    let reports = ran.reports();
    let expected = [
        "unsigned",
        "indeterminate",
        "indeterminate",
        "invalid",
        "invalid",
        "unreadable",
        "unreadable",
        "unreadable",
    ];
    assert_eq!(reports.len(), expected.len());
    for ((report, name), expected) in reports.iter().zip(names).zip(expected) {
        assert_eq!(violations(report), Vec::<String>::new(), "{name}");
        assert_eq!(conclusion(report), expected, "{name}");
        assert_eq!(report["file"], desk.path(name).to_str().unwrap());
    }
    assert_eq!(
        states(&reports[3]),
        [
            "GiaoVienChuNhiem broken revision permitted",
            "ConDau broken whole-file none"
        ]
    );
    assert_eq!(reports[2]["document"]["revisions"], 3);
    assert!(reports[7]["document"]["error"].is_string());
}

#[test]
fn a_contract_that_is_broken_is_noticed() {
    let desk = files();
    let sound = verify(&desk, &["2.pdf"]).reports().remove(0);
    let changes: [fn(&mut Value); 6] = [
        |report| report["schema"] = "trien.verify/2".into(),
        |report| report["document"]["conclusion"] = "fine".into(),
        |report| report["signatures"][0]["integrity_reason"] = "none".into(),
        |report| report["signatures"][1]["indication"] = "TOTAL-FAILED".into(),
        |report| report["signatures"][0]["claimed_signing_time"] = "2026-05-31".into(),
        |report| {
            report["signatures"][0]
                .as_object_mut()
                .unwrap()
                .remove("findings");
        },
    ];
    for change in changes {
        let mut report = sound.clone();
        change(&mut report);
        assert!(!violations(&report).is_empty(), "{report}");
    }
}

#[test]
fn the_exit_status_is_that_of_the_worst_file() {
    let desk = files();
    for (names, status) in [
        (&["2.pdf"][..], 1),
        (&["0.pdf"], 1),
        (&["broken.pdf"], 1),
        (&["text.pdf"], 2),
        (&["text.pdf", "2.pdf"], 2),
        (&["2.pdf", "missing.pdf"], 2),
    ] {
        assert_eq!(verify(&desk, names).status, status, "{names:?}");
    }
}

/// Integrity, coverage and changes depend on the octets alone.
#[test]
fn trust_and_time_leave_integrity_coverage_and_changes_alone() {
    let desk = files();
    let path = desk.path("2.pdf");
    let at = |time: &str| {
        run(
            "verify",
            arguments![
                "--format",
                "json",
                "--at",
                time,
                "--anchors",
                anchors(),
                &path
            ],
        )
    };
    let without = run("verify", arguments!["--format", "json", "--at", NOW, &path]);
    let answers = [
        at(NOW),
        at("2001-01-01T00:00:00Z"),
        at("2049-01-01T00:00:00Z"),
        without,
    ];
    let first = states(&answers[0].reports()[0]);
    for answer in &answers {
        let report = answer.reports().remove(0);
        assert_eq!(states(&report), first);
        assert_eq!(violations(&report), Vec::<String>::new());
        assert_eq!(conclusion(&report), "indeterminate");
    }
    let sub = |answer: &Ran| answer.reports()[0]["signatures"][0]["sub_indication"].clone();
    assert_eq!(sub(&answers[3]), "NO_CERTIFICATE_CHAIN_FOUND");
    assert_ne!(sub(&answers[0]), sub(&answers[2]));
}

#[test]
fn people_read_vietnamese_or_english() {
    let desk = files();
    let text = |language: &str, name: &str| {
        let path = desk.path(name);
        run("verify", arguments!["--lang", language, "--at", NOW, &path]).printed
    };
    assert!(text("vi", "2.pdf").contains("còn nguyên vẹn"));
    assert!(text("vi", "broken.pdf").contains("BỊ PHÁ VỠ"));
    assert!(text("en", "2.pdf").contains("intact"));
    assert!(text("en", "broken.pdf").contains("BROKEN"));
    assert!(text("vi", "text.pdf").contains("KHÔNG ĐỌC ĐƯỢC"));
    let subject = "Trần Quốc Tuấn (THỬ NGHIỆM)";
    assert!(text("vi", "1.pdf").contains(subject));
    let path = desk.path("2.pdf");
    let explained = run("verify", arguments!["--explain", "--at", NOW, &path]).printed;
    assert!(explained.len() > text("vi", "2.pdf").len());
}

#[test]
fn anchors_that_cannot_be_read_are_said_and_the_others_count() {
    let desk = files();
    let folder = desk.path("anchors");
    std::fs::create_dir(&folder).unwrap();
    for entry in std::fs::read_dir(anchors()).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.join(path.file_name().unwrap())).unwrap();
    }
    std::fs::write(folder.join("damaged.pem"), b"-----BEGIN CERTIFICATE-----\n").unwrap();
    let path = desk.path("2.pdf");
    let ran = run(
        "verify",
        arguments!["--format", "json", "--at", NOW, "--anchors", &folder, &path],
    );
    assert_eq!(ran.status, 2, "{ran:?}");
    assert_eq!(ran.complained.lines().count(), 1, "{ran:?}");
    assert!(ran.complained.contains("damaged.pem"), "{ran:?}");
    assert_eq!(
        ran.reports()[0]["signatures"][0]["sub_indication"],
        "TRY_LATER"
    );
    let missing = desk.path("no-anchors");
    let ran = run("verify", arguments!["--anchors", &missing, &path]);
    assert_eq!(ran.status, 2, "{ran:?}");
    assert!(ran.complained.contains("no-anchors"), "{ran:?}");
}

#[test]
fn a_reader_that_stops_reading_is_told_nothing_and_not_that_all_is_valid() {
    let desk = files();
    let many: Vec<_> = (0..400).map(|_| desk.path("2.pdf")).collect();
    let mut child = program("verify")
        .args(["--at", NOW])
        .args(&many)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    // Closed before anything is read.
    drop(child.stdout.take());
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!((ran.status, ran.complained.as_str()), (2, ""));
}

#[test]
fn a_call_without_a_path_is_explained() {
    let ran = run("verify", arguments![]);
    assert_eq!(ran.status, 2);
    assert!(ran.complained.contains("PATH"), "{ran:?}");
    let help = run("verify", arguments!["--help"]);
    assert_eq!(help.status, 0);
    assert!(help.printed.contains("Mã thoát"), "{help:?}");
}

#[test]
fn an_open_conclusion_is_explained_in_one_sentence() {
    let desk = files();
    let path = desk.path("2.pdf");
    for (language, words) in [
        ("vi", "chưa biết chứng thư số có bị thu hồi hay không"),
        ("en", "whether the certificate was revoked is not known yet"),
    ] {
        let list = arguments![
            "--lang",
            language,
            "--at",
            NOW,
            "--anchors",
            anchors(),
            &path
        ];
        let ran = run("verify", list);
        let conclusions = ran.printed.matches("TRY_LATER").count();
        assert_eq!(conclusions, 2, "{ran:?}");
        assert_eq!(ran.printed.matches(words).count(), conclusions, "{ran:?}");
    }
}

#[test]
fn under_rules_that_cannot_be_had_no_verdict_is_given() {
    let desk = files();
    let file = desk.path("2.pdf");
    let verify = |profile: &str, overrides: &std::path::Path| {
        let list = arguments![
            "--anchors",
            anchors(),
            "--at",
            NOW,
            "--profile",
            profile,
            "--profile-overrides",
            overrides,
            &file
        ];
        run("verify", list)
    };
    desk.put("broken.toml", b"garbage = [");
    desk.put("good.toml", b"[levels]\n\"tt41.9.1a\" = \"fail\"\n");
    for (profile, overrides) in [
        ("tt41_2017", desk.path("broken.toml")),
        ("tt41_2017", desk.path("none.toml")),
        ("public", desk.path("good.toml")),
    ] {
        let ran = verify(profile, &overrides);
        assert_eq!((ran.status, ran.printed.as_str()), (2, ""), "{ran:?}");
        assert!(!ran.complained.is_empty());
    }
    let ran = verify("tt41_2017", &desk.path("good.toml"));
    assert!(ran.printed.contains("SIG_CONSTRAINTS_FAILURE"), "{ran:?}");
}
