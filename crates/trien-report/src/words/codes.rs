//! Every code that the library can emit has a word in either language: the library itself is asked
//! which codes there are, so that one that is added is missed here.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use trien::archive::{Counted, LeftOut, RecordKind, Verdict};
use trien::{
    ChangesFact, Conclusion, CoverageFact, FailedBecause, IndeterminateBecause, IntegrityFact,
    Outcome, SignatureKindFact, SignerKind, StepState, TimestampStatus, WorkflowConclusion,
};

use super::Words;

/// The front end's texts.
const CATALOGUE: &str = include_str!("../../web/report/catalogue.ts");

/// No code of any kind.
const NONE: &str = "?";

/// The codes of a kind: its reader names them when it is given another.
fn codes<T: DeserializeOwned>() -> Vec<String> {
    let refused = |value: serde_json::Value| serde_json::from_value::<T>(value).err();
    // By itself, or as the state of an object.
    let said = [NONE.into(), serde_json::json!({"state": NONE})]
        .into_iter()
        .filter_map(refused)
        .map(|error| error.to_string())
        .find(|said| said.starts_with("unknown variant"))
        .unwrap();
    let quoted = said.split('`').skip(3).step_by(2);
    quoted.map(str::to_owned).collect()
}

/// A table of the catalogue in a language: `name: { code: "word", "other-code": "word" },`.
fn table(language: &str, name: &str) -> BTreeMap<String, String> {
    let (_, texts) = CATALOGUE
        .split_once(&format!("export const {language}"))
        .unwrap();
    let (_, rest) = texts
        .split_once(&format!("\n  {name}: {{"))
        .unwrap_or_else(|| panic!("the catalogue has no {name}"));
    let mut words = BTreeMap::new();
    let mut rest = rest.trim_start();
    while !rest.starts_with('}') {
        let (code, behind) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once("\":").unwrap(),
            None => rest.split_once(':').unwrap(),
        };
        let (word, behind) = behind
            .trim_start()
            .strip_prefix('"')
            .and_then(|text| text.split_once('"'))
            .unwrap_or_else(|| panic!("{name}: {code} is no text"));
        words.insert(code.to_owned(), word.to_owned());
        rest = behind.trim_start_matches(',').trim_start();
    }
    words
}

/// The words that all forms share, which the front end takes from their catalogue too.
fn shared(language: &str, name: &str) -> Option<BTreeMap<String, String>> {
    let shared = super::WORDS.get(language)?.get(name)?;
    let (plain, capital) = (
        format!("\n  {name}: words.{language}.{name},"),
        format!("\n  {name}: begun(words.{language}.{name}),"),
    );
    assert!(
        CATALOGUE.contains(&plain) || CATALOGUE.contains(&capital),
        "{language} {name}: the page has words of its own"
    );
    Some(shared.clone())
}

/// The codes that have no word of their own in the front end.
fn without_words(name: &str, codes: &[String]) -> Vec<String> {
    assert!(codes.len() > 1, "{name}: {codes:?}");
    let mut missing = Vec::new();
    for language in ["vi", "en"] {
        let words = shared(language, name).unwrap_or_else(|| table(language, name));
        let lacks = |code: &&String| words.get(*code).is_none_or(|word| word.trim().is_empty());
        let lacking = codes.iter().filter(lacks);
        missing.extend(lacking.map(|code| format!("{language} {name} {code}")));
    }
    missing
}

#[test]
fn every_code_of_the_library_has_a_vietnamese_and_an_english_word() {
    let sub_indications = [codes::<FailedBecause>(), codes::<IndeterminateBecause>()].concat();
    let tables = [
        ("counted", codes::<Counted>()),
        ("verdicts", codes::<Verdict>()),
        ("verdictNotes", codes::<Verdict>()),
        ("kinds", codes::<RecordKind>()),
        ("signers", codes::<SignerKind>()),
        ("integrities", codes::<IntegrityFact>()),
        ("coverages", codes::<CoverageFact>()),
        ("changes", codes::<ChangesFact>()),
        ("outcomes", codes::<Outcome>()),
        ("workflows", codes::<WorkflowConclusion>()),
        ("steps", codes::<StepState>()),
        ("stamps", codes::<TimestampStatus>()),
        ("signatureKinds", codes::<SignatureKindFact>()),
        ("subIndications", sub_indications),
        ("leftOutKinds", LeftOut::WORDS.map(str::to_owned).to_vec()),
    ];
    let missing: Vec<String> = tables
        .iter()
        .flat_map(|(name, codes)| without_words(name, codes))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
    let said: usize = tables.iter().map(|(_, codes)| codes.len()).sum();
    assert!(said > 80, "{said}");
}

#[test]
fn both_languages_have_the_same_codes_and_every_table_is_known() {
    let [vi, en] = ["vi", "en"].map(|language| &super::WORDS[language]);
    for (kind, words) in vi {
        assert!(words.keys().eq(en[kind].keys()), "{kind}");
    }
    assert_eq!(vi.len(), en.len());
    for (words, code) in [
        (Words::Changes, "none"),
        (Words::Indications, "TOTAL-PASSED"),
        (Words::Integrities, "intact"),
        (Words::KindsOfFiles, "record"),
        (Words::KindsOfSignatures, "approval"),
        (Words::KindsOfSigners, "person"),
        (Words::LeftOut, "link"),
        (Words::Verdicts, "valid"),
        (Words::Workflows, "complete"),
    ] {
        assert!(vi[words.name()].contains_key(code), "{words:?}");
    }
}

#[test]
fn indications_and_their_reasons_are_named_as_they_are_emitted() {
    let failed = codes::<FailedBecause>();
    let open = codes::<IndeterminateBecause>();
    let conclusions: Vec<Conclusion> = failed
        .iter()
        .map(|code| Conclusion::Failed(read(code)))
        .chain(
            open.iter()
                .map(|code| Conclusion::Indeterminate(read(code))),
        )
        .collect();
    let emitted: Vec<&str> = conclusions
        .iter()
        .filter_map(|conclusion| conclusion.sub_indication())
        .collect();
    assert_eq!(emitted, [failed, open].concat());
    let mut indications: Vec<String> = std::iter::once(&Conclusion::Passed)
        .chain(&conclusions)
        .map(|conclusion| conclusion.indication().to_owned())
        .collect();
    indications.dedup();
    assert_eq!(indications.len(), 3);
    let missing = without_words("indications", &indications);
    assert!(missing.is_empty(), "{missing:#?}");
}

fn read<T: DeserializeOwned>(code: &str) -> T {
    serde_json::from_value(code.into()).unwrap()
}
