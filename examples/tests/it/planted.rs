//! A school's archive with faults planted in it: `verify` tells every one and invents none.
//! What is planted is told by its maker, which is no part of the program.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::archive_maker::{JUDGED_AT_TEXT, make};
use crate::programs::{arguments, run};

/// Records, one of ten of them wrong: every kind of fault once.
const RECORDS: u32 = 140;
const FAULT_EVERY: u32 = 10;

#[test]
fn every_planted_fault_is_told_and_none_is_invented() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let made = make(folder.path(), RECORDS, FAULT_EVERY).unwrap();
    assert_eq!(made.planted.len(), 14);
    let archive = path("archive");
    let ran = run(
        "verify",
        arguments![
            "--format",
            "json",
            "--at",
            JUDGED_AT_TEXT,
            "--anchors",
            &path("anchors"),
            "--evidence",
            &path("evidence"),
            "--mapping",
            &path("mapping.toml"),
            "--summary",
            &path("summary.json"),
            &archive,
        ],
    );
    let above = archive.to_str().unwrap();
    let mut lines: BTreeMap<String, Value> = BTreeMap::new();
    for line in ran.reports() {
        let file = line["file"].as_str().unwrap();
        let inside = file.strip_prefix(above).unwrap().trim_start_matches('/');
        lines.insert(inside.to_owned(), line);
    }
    // The copy of one is a file more.
    assert_eq!(lines.len(), usize::try_from(made.records).unwrap() + 1);
    for planted in &made.planted {
        let line = lines.remove(&planted.file).unwrap();
        for (pointer, told) in planted.told.as_object().unwrap() {
            let said = line.pointer(pointer);
            let fault = planted.fault;
            assert_eq!(said, Some(told), "{fault} {}: {pointer}", planted.file);
        }
    }
    for (file, line) in &lines {
        let kind = line["archive"]["kind"].as_str().unwrap();
        let conclusion = line["document"]["conclusion"].as_str().unwrap();
        let wanted = if kind == "record" {
            "valid"
        } else {
            "unsigned"
        };
        assert_eq!(conclusion, wanted, "{file}");
        if kind == "record" {
            assert_eq!(line["workflow"]["conclusion"], "complete", "{file}");
            assert_ne!(line["archive"]["late"], true, "{file}");
        }
    }
    let summary = std::fs::read_to_string(path("summary.json")).unwrap();
    let summary: Value = serde_json::from_str(&summary).unwrap();
    let counts = &summary["counts"];
    assert_eq!(counts["duplicates"], 1);
    assert_eq!(counts["late"], 1);
    assert_eq!(counts["unreadable"], 2);
    assert_eq!(counts["invalid"], 3);
}
