//! `quickstart`, what `cargo xtask demo` runs: three signatures from nothing, and the judges.

use trien::UnixTime;
use trien_testkit::pki::Role;

use crate::contract::violations;
use crate::judges::{Case, Trust, assert_accepted};
use crate::programs::{Ran, arguments, program, run, states};

const SIGNERS: [Role; 3] = [Role::HomeroomTeacher, Role::Principal, Role::SchoolSeal];
const OUTPUTS: [&str; 3] = [
    "hoc-ba-1-gvcn.pdf",
    "hoc-ba-2-hieu-truong.pdf",
    "hoc-ba-3-con-dau.pdf",
];

#[test]
fn the_demo_ends_with_three_valid_signatures_that_every_judge_accepts() {
    if trien_testkit::tokens::softhsm_module().is_err() {
        println!("SKIPPED: softhsm2 is not installed, so quickstart was not run");
        return;
    }
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("quickstart");
    // A second run in the same folder works as well: tokens and outputs are made anew.
    let ran = Ran::from(program("quickstart").arg(&folder).output().unwrap());
    if ran.complained.contains("font") {
        println!("SKIPPED: {}", ran.complained);
        return;
    }
    assert_eq!((ran.status, ran.complained.as_str()), (0, ""), "{ran:?}");
    assert!(ran.printed.contains("3 chữ ký hợp lệ"), "{ran:?}");
    for name in OUTPUTS {
        assert!(ran.printed.contains(name), "{ran:?}");
    }
    let anchors = folder.join("anchors");
    let labels = SIGNERS.map(Role::label);
    let mut cases = Vec::new();
    for (index, name) in OUTPUTS.into_iter().enumerate() {
        let path = folder.join(name);
        let ran = run(
            "verify",
            arguments!["--format", "json", "--anchors", &anchors, &path],
        );
        let report = ran.reports().remove(0);
        assert_eq!(violations(&report), Vec::<String>::new());
        let expected: Vec<String> = labels[..=index]
            .iter()
            .enumerate()
            .map(|(at, label)| {
                if at == index {
                    format!("{label} intact whole-file none")
                } else {
                    format!("{label} intact revision permitted")
                }
            })
            .collect();
        assert_eq!(states(&report), expected);
        let file = std::fs::read(&path).unwrap();
        cases.push(Case::new(name, file, &labels[..=index]));
    }
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let trust = Trust {
        anchors: &anchors,
        moment: UnixTime::from_seconds(i64::try_from(now.as_secs()).unwrap()),
    };
    assert_accepted(trust, &cases, &[]);
}
