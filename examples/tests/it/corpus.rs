//! Signed, attacked and odd files from elsewhere, with what is to be said of each. The corpus is no
//! part of the repository; it is read in place beside it and skipped aloud where it is absent.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use trien::trust::TrustAnchors;
use trien::{UnixTime, Verification};

use crate::contract::violations;

/// Rows that we believe are labelled wrong, each with what is said instead and why.
const EXCEPTIONS: &str = include_str!("../../../testdata/exceptions.json");

/// A row of the corpus: the file, what is expected of it, and how many signatures it has.
struct Row {
    file: String,
    expectation: String,
    signatures: Option<usize>,
}

fn corpus() -> Option<PathBuf> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = manifest.join("../../shared/corpus");
    if folder.join("expected.tsv").is_file() {
        return Some(folder);
    }
    println!("SKIPPED: no corpus of foreign files beside the repository (../shared/corpus)");
    None
}

fn rows(corpus: &Path) -> Vec<Row> {
    let table = std::fs::read_to_string(corpus.join("expected.tsv")).unwrap();
    let mut lines = table.lines();
    let names: Vec<&str> = lines.next().unwrap().split('\t').collect();
    let column = |name: &str| names.iter().position(|own| *own == name).unwrap();
    let (file, expectation, signatures) = (column("file"), column("expect"), column("signatures"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            Row {
                file: cells[file].to_owned(),
                expectation: cells[expectation].to_owned(),
                signatures: cells[signatures].parse().ok(),
            }
        })
        .collect()
}

fn answer(path: &Path) -> Value {
    let anchors = TrustAnchors::default();
    let moment = UnixTime::from_rfc3339("2026-05-31T08:00:00+07:00").unwrap();
    let file = trien::MappedFile::open(path).unwrap();
    let report = trien::verify(&file, &Verification::new(&anchors, moment));
    serde_json::to_value(report.named(&path.to_string_lossy())).unwrap()
}

fn is(value: &Value, name: &str, word: &str) -> bool {
    value[name] == word
}

fn is_intact(signature: &Value) -> bool {
    is(signature, "integrity", "intact")
}

fn is_good(signature: &Value) -> bool {
    is_intact(signature)
        && !is(signature, "coverage", "broken")
        && !is(signature, "changes", "forbidden")
}

/// Whether the answer is what the row expects.
fn is_right(row: &Row, answer: &Value) -> bool {
    let signatures = answer["signatures"].as_array().unwrap();
    let approvals: Vec<&Value> = signatures
        .iter()
        .filter(|signature| !is(signature, "kind", "document-timestamp"))
        .collect();
    let counts = [signatures.len(), approvals.len()];
    if row
        .signatures
        .is_some_and(|wanted| !counts.contains(&wanted))
    {
        return false;
    }
    let document = &answer["document"];
    let accepted = !approvals.is_empty()
        && signatures.iter().all(is_good)
        && !is(document, "conclusion", "invalid");
    let approvals_intact =
        !approvals.is_empty() && approvals.iter().all(|signature| is_intact(signature));
    match row.expectation.as_str() {
        "accept" => accepted,
        "intact" => approvals_intact,
        "modified" => {
            !accepted
                && signatures.iter().any(|signature| {
                    is(signature, "changes", "forbidden")
                        || is(signature, "coverage", "broken")
                        || !is_intact(signature)
                })
        }
        "notime" => {
            let stamps = signatures
                .iter()
                .flat_map(|signature| signature["timestamps"].as_array().unwrap());
            approvals_intact
                && stamps
                    .into_iter()
                    .any(|stamp| !is(stamp, "status", "valid"))
        }
        "partial" => !approvals
            .iter()
            .any(|signature| is(signature, "coverage", "whole-file") && is_good(signature)),
        "reject" => {
            !accepted
                && (is(document, "conclusion", "unreadable")
                    || signatures.iter().any(|signature| !is_good(signature)))
        }
        "robust" => true,
        other => panic!("{}: what is {other}?", row.file),
    }
}

/// What is said of the signatures of a file, in the words of the exceptions.
fn actual(answer: &Value) -> String {
    let signatures = answer["signatures"].as_array().unwrap();
    let lines: Vec<String> = signatures
        .iter()
        .filter(|signature| !is(signature, "kind", "document-timestamp"))
        .map(|signature| {
            let words = ["integrity", "coverage", "changes"];
            let words = words.map(|name| signature[name].as_str().unwrap_or_default());
            let field = signature["field"].as_str().unwrap_or_default();
            format!("{field} {}", words.join(", "))
        })
        .collect();
    lines.join("; ")
}

/// File → (what is expected, what is said instead).
fn exceptions() -> BTreeMap<String, (String, String)> {
    let listed: Vec<Value> = serde_json::from_str(EXCEPTIONS).unwrap();
    let text = |value: &Value, name: &str| value[name].as_str().unwrap().to_owned();
    listed
        .iter()
        .map(|row| {
            assert!(text(row, "reason").len() > 40, "{row}");
            let said = (text(row, "expected"), text(row, "actual"));
            (text(row, "file"), said)
        })
        .collect()
}

#[test]
fn foreign_files_are_judged_as_expected_and_none_stops_the_program() {
    let Some(corpus) = corpus() else {
        return;
    };
    let rows = rows(&corpus);
    assert!(rows.len() > 700, "{}", rows.len());
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let part = rows.len().div_ceil(workers);
    let answers: Vec<(&Row, Value)> = std::thread::scope(|scope| {
        let parts: Vec<_> = rows
            .chunks(part)
            .map(|part| {
                let corpus = &corpus;
                scope.spawn(move || -> Vec<(&Row, Value)> {
                    let one = |row: &Row| {
                        std::panic::catch_unwind(|| answer(&corpus.join(&row.file)))
                            .unwrap_or_else(|_| panic!("{} ends the program", row.file))
                    };
                    part.iter().map(|row| (row, one(row))).collect()
                })
            })
            .collect();
        parts
            .into_iter()
            .flat_map(|part| part.join().unwrap())
            .collect()
    });
    let mut right: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut wrong, mut against_contract) = (BTreeMap::new(), Vec::new());
    for (row, answer) in &answers {
        let of_file = |violation: String| format!("{}: {violation}", row.file);
        against_contract.extend(violations(answer).into_iter().map(of_file));
        let expectation = row.expectation.as_str();
        if is_right(row, answer) {
            *right.entry(expectation).or_default() += 1;
        } else {
            wrong.insert(row.file.clone(), (expectation.to_owned(), actual(answer)));
        }
    }
    assert_eq!(against_contract, Vec::<String>::new());
    println!("right: {right:?}, of {}", rows.len());
    // Both ways: an exception that is no longer needed is to be deleted.
    assert_eq!(wrong, exceptions());
}
