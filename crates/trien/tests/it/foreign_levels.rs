//! Files that pyHanko and DSS make at each level, over live services of the test PKI.

#[path = "../levels/mod.rs"]
mod levels;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::SystemTime;

use trien::UnixTime;
use trien_testkit::judges::{BaselineLevel, EvidenceSource, LevelJudge, Question, ask};
use trien_testkit::levels::ForeignLevels;
use trien_testkit::structures::{Structure, write};

use crate::client::Client;
use crate::school::{empty_page, kept_folder};
use levels::{Explanation, Moment, Signed, files, rows};

/// The makers read the machine's clock.
fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    UnixTime::from_seconds(i64::try_from(since.unwrap().as_secs()).unwrap())
}

struct Shared {
    made: ForeignLevels,
    files: Vec<Signed>,
}

/// Made once: starting the makers takes longer than judging.
fn shared() -> &'static Shared {
    static SHARED: OnceLock<Shared> = OnceLock::new();
    SHARED.get_or_init(|| {
        let input = write(&empty_page(), Structure::ClassicTable);
        let folder = kept_folder("foreign-levels");
        let made = ForeignLevels::make(&folder, &input, now()).unwrap();
        let files = files(&made, &input, &folder, &Client::default());
        Shared { made, files }
    })
}

#[test]
fn files_of_others_are_judged_as_others_judge_them() {
    let Shared { made, files } = shared();
    let rows = rows(made, files);
    assert_eq!(rows.len(), Moment::ALL.len() * files.len());
    let wrong: Vec<String> = rows
        .iter()
        .filter(|row| !row.objections().is_empty())
        .map(|row| {
            let (maker, level) = (&row.file.maker, row.file.level.name());
            let objections = row.objections().join("; ");
            format!(
                "{maker} {level}, {}: we say {}; {objections}",
                row.moment, row.ours
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn where_evidence_can_be_fetched_nothing_is_said_against_any_level_of_ours() {
    let Shared { made, files } = shared();
    let ours: Vec<PathBuf> = files
        .iter()
        .filter(|file| file.maker.starts_with("Triện"))
        .map(|file| file.path.clone())
        .collect();
    assert!(ours.len() >= BaselineLevel::ALL.len());
    let mut question = Question::new(&made.anchors);
    question.evidence = EvidenceSource::Fetched;
    for judge in LevelJudge::ALL {
        let Some(verdicts) = ask(judge, &question, &ours).unwrap() else {
            continue;
        };
        for verdict in verdicts {
            assert_eq!(verdict.signatures.len(), 1, "{judge}: {verdict:#?}");
            let signature = &verdict.signatures[0];
            assert_eq!(
                signature.indication, "TOTAL_PASSED",
                "{judge}: {verdict:#?}"
            );
            let stamps = signature.time_stamps.iter();
            let remarks = stamps.flat_map(|stamp| stamp.errors.iter().chain(&stamp.warnings));
            let remarks: Vec<_> = remarks
                .chain(&signature.errors)
                .chain(&signature.warnings)
                .collect();
            assert!(remarks.is_empty(), "{judge}: {verdict:#?}");
        }
    }
}

#[test]
fn the_document_of_levels_gives_the_reasons_in_force() {
    let document = include_str!("../../../../docs/LEVELS.md");
    for explanation in Explanation::ALL {
        let sentence = format!("{}. {}\n", explanation.number(), explanation.text());
        assert!(
            document.contains(&sentence),
            "run `cargo xtask judge-levels`: {sentence}"
        );
    }
}
