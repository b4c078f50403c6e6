//! `workflow`: every ready workflow from end to end on SoftHSM, all that is wrong refused before a
//! PIN, the outputs before every judge; and `verify --workflow`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use trien::{UnixTime, Workflow};

use crate::contract::violations;
use crate::judges::{Case, Trust, assert_accepted};
use crate::programs::{Ran, arguments, program, run};

/// Name of a workflow, its last file, and the fields of its signatures in order.
const OUTPUTS: [(&str, &str, &[&str]); 6] = [
    (
        "cong-van-di",
        "2-ConDau.pdf",
        &["KtPhoHieuTruong", "ConDau"],
    ),
    (
        "hoc-ba-thcs-thpt",
        "6-ConDau.pdf",
        &[
            "GiaoVienBoMon-1",
            "GiaoVienBoMon-2",
            "GiaoVienBoMon-3",
            "GiaoVienChuNhiem",
            "HieuTruong",
            "ConDau",
        ],
    ),
    (
        "hoc-ba-tieu-hoc",
        "3-ConDau.pdf",
        &["GiaoVienChuNhiem", "HieuTruong", "ConDau"],
    ),
    (
        "ke-hoach-bai-day",
        "3-PhoHieuTruong.pdf",
        &["GiaoVienBoMon", "ToTruong", "PhoHieuTruong"],
    ),
    (
        "ke-hoach-giao-duc",
        "4-ConDau.pdf",
        &["NguoiLap-GiaoVienBoMon", "ToTruong", "HieuTruong", "ConDau"],
    ),
    (
        "so-theo-doi-danh-gia",
        "5-HieuTruong.pdf",
        &[
            "GiaoVienBoMon-1",
            "GiaoVienBoMon-2",
            "GiaoVienBoMon-3",
            "GiaoVienChuNhiem",
            "HieuTruong",
        ],
    ),
];

/// The program has run once, with every refusal; `None`, said aloud, where it cannot.
fn walked() -> Option<&'static (PathBuf, Ran)> {
    static WALKED: OnceLock<Option<(PathBuf, Ran)>> = OnceLock::new();
    let walked = WALKED.get_or_init(|| {
        trien_testkit::tokens::softhsm_module().ok()?;
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("workflow");
        let mut command = program("workflow");
        command.arg("--folder").arg(&folder).arg("--show-refusals");
        let ran = Ran::from(command.output().unwrap());
        (!ran.complained.contains("font")).then_some((folder, ran))
    });
    if walked.is_none() {
        println!("SKIPPED: softhsm2 or a font is not installed, so workflow was not run");
    }
    walked.as_ref()
}

/// `verify --workflow` on a file, an hour later, with the newer lists.
fn judged(folder: &Path, workflow: &str, file: &Path) -> (i32, Value) {
    let at = now().plus_seconds(3_700).to_string();
    let (anchors, evidence) = (folder.join("anchors"), folder.join("evidence-later"));
    let ran = run(
        "verify",
        arguments![
            "--format",
            "json",
            "--anchors",
            &anchors,
            "--evidence",
            &evidence,
            "--at",
            &at,
            "--workflow",
            workflow,
            file,
        ],
    );
    (ran.status, ran.reports().remove(0))
}

fn now() -> UnixTime {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    UnixTime::from_seconds(i64::try_from(now.unwrap().as_secs()).unwrap())
}

#[test]
fn every_ready_workflow_runs_and_every_wrong_attempt_is_refused_before_the_pin() {
    let Some((_, ran)) = walked() else {
        return;
    };
    assert_eq!((ran.status, ran.complained.as_str()), (0, ""), "{ran:?}");
    assert!(ran.printed.contains("6/6 hồ sơ ký đủ"), "{ran:?}");
    assert!(!ran.printed.contains("!!"), "{ran:?}");
    let rules = [
        "nd30.32.2d",
        "tt15.5.1a",
        "tt41.4.2",
        "tt41.6.2a",
        "tt41.6.2b",
        "tt41.8.2c",
        "workflow.certificate",
        "workflow.order",
        "workflow.role",
        "workflow.signed-twice",
        "workflow.step-done",
    ];
    for rule in rules {
        assert!(ran.printed.contains(&format!("[{rule}]")), "{rule}");
    }
    let refused = ran.printed.matches("  ✗ ").count();
    let told = format!("{refused} lần thử sai, {refused} bị từ chối");
    assert!(refused > 200 && ran.printed.contains(&told), "{refused}");
}

#[test]
fn the_outputs_are_complete_for_us_and_valid_for_every_judge() {
    let Some((folder, _)) = walked() else {
        return;
    };
    let names: BTreeSet<&str> = OUTPUTS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(names, BTreeSet::from(Workflow::ready_ids()));
    let mut cases = Vec::new();
    for (name, file, fields) in OUTPUTS {
        let path = folder.join(name).join(file);
        let (status, report) = judged(folder, name, &path);
        assert_eq!(violations(&report), Vec::<String>::new());
        assert_eq!(report["document"]["conclusion"], "valid", "{name}");
        assert_eq!(report["workflow"]["conclusion"], "complete", "{name}");
        assert_eq!((status, &report["workflow"]["id"]), (0, &Value::from(name)));
        for (signature, field) in report["signatures"].as_array().unwrap().iter().zip(fields) {
            assert_eq!(signature["field"], *field);
            assert_eq!(signature["level"], "PAdES-B-B");
            assert_eq!(signature["claimed_roles"].as_array().unwrap().len(), 1);
            assert_eq!(signature["commitments"].as_array().unwrap().len(), 1);
            assert_eq!(signature["deviations"].as_array().unwrap().len(), 0);
        }
        cases.push(Case::new(name, std::fs::read(&path).unwrap(), fields));
    }
    let anchors = folder.join("anchors");
    let trust = Trust {
        anchors: &anchors,
        moment: now(),
    };
    assert_accepted(trust, &cases, &[]);
}

#[test]
fn verify_tells_what_is_missing_and_takes_a_workflow_from_a_file() {
    let Some((folder, _)) = walked() else {
        return;
    };
    let record = folder.join("hoc-ba-tieu-hoc");
    let (status, report) = judged(folder, "hoc-ba-tieu-hoc", &record.join("2-HieuTruong.pdf"));
    let workflow = &report["workflow"];
    assert_eq!(
        (status, &workflow["conclusion"]),
        (1, &Value::from("incomplete"))
    );
    let states: Vec<&str> = workflow["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["done", "done", "missing"]);
    assert_eq!(workflow["steps"][2]["due"], true);
    // An own workflow without the seal: the same file is complete, the sealed one has a stranger.
    let text = Workflow::ready_text("hoc-ba-tieu-hoc").unwrap();
    let (own, _) = text.rsplit_once("[[step]]").unwrap();
    let path = folder.join("own.toml");
    std::fs::write(&path, own).unwrap();
    let named = path.to_str().unwrap();
    let (status, report) = judged(folder, named, &record.join("2-HieuTruong.pdf"));
    assert_eq!(
        (status, &report["workflow"]["conclusion"]),
        (0, &Value::from("complete"))
    );
    let (_, sealed) = judged(folder, named, &record.join("3-ConDau.pdf"));
    let objections = &sealed["workflow"]["signatures"][2]["objections"];
    assert_eq!(objections[0], "workflow.unknown-signature");
    // Another record's workflow: nothing of it fits.
    let (status, other) = judged(
        folder,
        "cong-van-di",
        &record.join("1-GiaoVienChuNhiem.pdf"),
    );
    assert_eq!(
        (status, &other["workflow"]["conclusion"]),
        (1, &Value::from("incomplete"))
    );
}

#[test]
fn verify_names_no_workflow_unless_asked_and_says_which_there_are() {
    let Some((folder, _)) = walked() else {
        return;
    };
    let file = folder.join("cong-van-di/2-ConDau.pdf");
    let ran = run("verify", arguments!["--format", "json", &file]);
    assert!(ran.reports()[0].get("workflow").is_none());
    let ran = run("verify", arguments!["--workflow", "so-dau-bai", &file]);
    assert_eq!(ran.status, 2);
    assert!(ran.complained.contains("hoc-ba-tieu-hoc"), "{ran:?}");
    let wrong = folder.join("wrong.toml");
    std::fs::write(&wrong, "id = \"x\"\nfoo = 1\n").unwrap();
    let ran = run("verify", arguments!["--workflow", &wrong, &file]);
    assert_eq!(ran.status, 2);
    assert!(
        ran.complained.contains("dòng 2: không có mục foo"),
        "{ran:?}"
    );
    // Nobody is trusted here: complete, and not confirmed.
    let ran = run("verify", arguments!["--workflow", "cong-van-di", &file]);
    assert_eq!(ran.status, 1);
    assert!(
        ran.printed.contains("ĐỦ BƯỚC, CHƯA XÁC NHẬN HẾT"),
        "{ran:?}"
    );
}
