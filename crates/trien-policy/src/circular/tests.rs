//! Ledgers and rules are the same thing said twice: this holds them together.

#![allow(clippy::print_stdout, reason = "a skip is said aloud")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;

const ALL: [&Instrument; 5] = [
    &tt41_2017::INSTRUMENT,
    &tt15_2025::INSTRUMENT,
    &nd68_2024::INSTRUMENT,
    &nd23_2025::INSTRUMENT,
    &nd30_2020::INSTRUMENT,
];

/// Requirement → (state, where) of every row of a ledger.
fn rows(ledger: &str) -> BTreeMap<String, (String, String)> {
    ledger
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| requirement"))
        .map(|line| {
            let cells: Vec<String> = line
                .trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().trim_matches('`').to_owned())
                .collect();
            assert_eq!(cells.len(), 3, "{line}");
            (cells[0].clone(), (cells[1].clone(), cells[2].clone()))
        })
        .collect()
}

fn rules_of(instrument: &Instrument) -> BTreeSet<String> {
    let validation = instrument.validation.iter().map(|rule| rule.id);
    let signing = instrument.signing.iter().map(|rule| rule.id);
    validation
        .chain(signing)
        .map(|id| id.as_str().to_owned())
        .collect()
}

#[test]
fn every_ledger_names_exactly_the_rules_there_are() {
    for instrument in ALL {
        let rows = rows(instrument.ledger);
        assert!(!rows.is_empty(), "{}", instrument.id);
        let enforced: BTreeSet<String> = rows
            .iter()
            .filter(|(_, (state, _))| state == "rule")
            .flat_map(|(_, (_, rules))| rules.split(", ").map(str::to_owned))
            .collect();
        assert_eq!(enforced, rules_of(instrument), "{}", instrument.id);
    }
}

#[test]
fn every_state_of_a_ledger_is_one_of_the_known_ones_and_says_where() {
    let known = [
        "rule",
        "type",
        "daemon",
        "application",
        "open",
        "not applicable",
    ];
    for instrument in ALL {
        for (requirement, (state, place)) in rows(instrument.ledger) {
            assert!(known.contains(&state.as_str()), "{requirement}: {state}");
            assert!(!place.is_empty(), "{requirement}");
        }
    }
}

#[test]
fn every_profile_asks_each_rule_once_and_says_it_in_both_languages() {
    for id in crate::Profile::ids() {
        let profile = crate::Profile::named(id).unwrap();
        let mut seen = BTreeSet::new();
        for rule in profile.validation_rules() {
            assert!(seen.insert(rule.id), "{id}: {}", rule.id);
            for sentence in [rule.pass, rule.fail, rule.cannot_tell] {
                assert!(
                    !sentence.vi.is_empty() && !sentence.en.is_empty(),
                    "{}",
                    rule.id
                );
            }
        }
        let mut seen = BTreeSet::new();
        for rule in profile.signing_rules() {
            assert!(seen.insert(rule.id), "{id}: {}", rule.id);
        }
    }
}

/// The requirements as the project's reading of the law lists them, where it is at hand.
#[test]
fn every_requirement_of_the_law_as_read_is_in_a_ledger() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/LEGAL.md");
    let Ok(law) = std::fs::read_to_string(path) else {
        println!("SKIPPED: the list of requirements is not beside the repository");
        return;
    };
    let prefixes = [
        ("tt41.", &tt41_2017::INSTRUMENT),
        ("tt15.", &tt15_2025::INSTRUMENT),
        ("nd68.", &nd68_2024::INSTRUMENT),
        ("nd23.", &nd23_2025::INSTRUMENT),
        ("nd30.", &nd30_2020::INSTRUMENT),
    ];
    let mut missing = Vec::new();
    for line in law.lines().filter(|line| line.starts_with('|')) {
        let id = line.trim_matches('|').split('|').next().unwrap_or_default();
        for (prefix, instrument) in prefixes {
            if id.starts_with(prefix) && !rows(instrument.ledger).contains_key(id) {
                missing.push(id.to_owned());
            }
        }
    }
    assert!(missing.is_empty(), "{missing:?}");
}
