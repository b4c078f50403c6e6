//! Files that pyHanko and DSS make at each level, over live services of the test PKI.

#[path = "../levels/mod.rs"]
mod levels;

use std::time::SystemTime;

use trien::UnixTime;
use trien_testkit::levels::ForeignLevels;
use trien_testkit::structures::{Structure, write};

use crate::school::{empty_page, kept_folder};
use levels::{Explanation, files, rows};

/// The makers read the machine's clock.
fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    UnixTime::from_seconds(i64::try_from(since.unwrap().as_secs()).unwrap())
}

#[test]
fn files_of_others_are_judged_as_others_judge_them() {
    let input = write(&empty_page(), Structure::ClassicTable);
    let folder = kept_folder("foreign-levels");
    let made = ForeignLevels::make(&folder, &input, now()).unwrap();
    let rows = rows(&made, &files(&made, &input, &folder));
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
