//! Recorded facts and the reports made of them (`testdata/facts`). `TRIEN_BLESS=1` writes the
//! reports anew; what changed is then read in the diff.

use std::path::{Path, PathBuf};

use serde_json::Value;
use trien_policy::{Language, ProfileChoice, ValidationFacts, judge};

use crate::scenario::{Happened, Held, Scenario, day};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/facts")
}

/// The recorded cases: a name, what is held and happened, and the moment of judgement.
const CASES: [(&str, Held, Happened, &str); 6] = [
    ("b-b-fresh", Held::Basic, Happened::Nothing, "2026-06-02"),
    (
        "b-t-offline",
        Held::Time,
        Happened::NothingFetched,
        "2026-06-02",
    ),
    (
        "b-lt-signer-expired",
        Held::LongTerm,
        Happened::NothingFetched,
        "2028-03-01",
    ),
    (
        "b-lta-authority-revoked",
        Held::Archive,
        Happened::AuthorityRevoked,
        "2027-06-01",
    ),
    (
        "b-lta-stamping-expired",
        Held::Archive,
        Happened::Nothing,
        "2029-03-01",
    ),
    (
        "b-b-revoked",
        Held::Basic,
        Happened::SignerRevoked,
        "2027-06-01",
    ),
];

fn pretty(value: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap();
    text.push('\n');
    text
}

#[test]
fn stored_facts_are_judged_as_they_were() {
    let bless = std::env::var_os("TRIEN_BLESS").is_some();
    for (name, held, happened, at) in CASES {
        let facts_path = folder().join(format!("{name}.json"));
        let report_path = folder().join(format!("{name}.report.json"));
        let at = day(at);
        let made = Scenario::new(held, happened).facts(at);
        if bless {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&facts_path, pretty(&made)).unwrap();
        }
        let text = std::fs::read_to_string(&facts_path).unwrap();
        let facts: ValidationFacts = serde_json::from_str(&text).unwrap();
        assert_eq!(
            facts, made,
            "{name}: facts are stored and read without loss"
        );
        let report = judge(&facts, &ProfileChoice::default(), at, Language::Vi);
        let report = pretty(&report.named(name));
        if bless {
            std::fs::write(&report_path, &report).unwrap();
        }
        let expected: Value =
            serde_json::from_str(&std::fs::read_to_string(&report_path).unwrap()).unwrap();
        let report: Value = serde_json::from_str(&report).unwrap();
        assert_eq!(report, expected, "{name}");
    }
}
