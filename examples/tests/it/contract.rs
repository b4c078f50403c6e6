//! The contract of `verify --format json` (schema `trien.verify/1`): which names there are and what
//! their values may be. Other programs rely on it: names may be added, never renamed.

use serde_json::Value;

const NULL: &str = "null";
const TEXT: &str = "text";
const COUNT: &str = "count";
const BOOLEAN: &str = "boolean";
const TIME: &str = "time";
const LIST: &str = "list";
const OBJECT: &str = "object";

/// Name and what its value may be: a kind of value, or one of the words listed.
type Entry = (&'static str, &'static [&'static str]);

const REPORT: [Entry; 4] = [
    ("schema", &["trien.verify/1"]),
    ("file", &[TEXT]),
    ("document", &[OBJECT]),
    ("signatures", &[LIST]),
];

const ARCHIVE: [Entry; 11] = [
    ("octets", &[COUNT]),
    ("sha256", &[NULL, TEXT]),
    ("container", &[NULL, TEXT]),
    ("category", &[NULL, OBJECT]),
    ("school", &[NULL, TEXT]),
    ("pages", &[NULL, COUNT]),
    ("kind", &["record", "scan", "not-due", "unreachable"]),
    ("due", &[NULL, TIME]),
    ("late", &[NULL, BOOLEAN]),
    ("provable_until", &[NULL, TIME]),
    ("weakest", &[NULL, TEXT]),
];

const DOCUMENT: [Entry; 4] = [
    (
        "conclusion",
        &[
            "valid",
            "invalid",
            "indeterminate",
            "unsigned",
            "unreadable",
        ],
    ),
    ("error", &[NULL, TEXT]),
    ("revisions", &[COUNT]),
    ("encrypted", &[BOOLEAN]),
];

const SIGNATURE: [Entry; 17] = [
    ("field", &[TEXT]),
    ("placed", &[NULL, OBJECT]),
    ("kind", &["approval", "certification", "document-timestamp"]),
    ("sub_filter", &[NULL, TEXT]),
    (
        "level",
        &[NULL, "PAdES-B-B", "PAdES-B-T", "PAdES-B-LT", "PAdES-B-LTA"],
    ),
    ("integrity", &["intact", "broken", "unsupported"]),
    ("integrity_reason", &[NULL, TEXT]),
    ("coverage", &["whole-file", "revision", "broken"]),
    ("changes", &["none", "permitted", "forbidden"]),
    ("change_list", &[LIST]),
    (
        "indication",
        &["TOTAL-PASSED", "TOTAL-FAILED", "INDETERMINATE"],
    ),
    ("sub_indication", &[NULL, TEXT]),
    ("signer", &[NULL, OBJECT]),
    ("claimed_signing_time", &[NULL, TIME]),
    ("best_signature_time", &[NULL, TIME]),
    ("timestamps", &[LIST]),
    ("findings", &[LIST]),
];

const SIGNER: [Entry; 4] = [
    ("subject", &[TEXT]),
    ("issuer", &[TEXT]),
    ("serial", &[TEXT]),
    (
        "kind",
        &[
            "person",
            "organisation",
            "person-in-organisation",
            "unknown",
        ],
    ),
];

const TIMESTAMP: [Entry; 2] = [
    ("time", &[NULL, TIME]),
    ("status", &["valid", "invalid", "indeterminate"]),
];

const FINDING: [Entry; 4] = [
    ("rule", &[TEXT]),
    ("clause", &[TEXT]),
    (
        "outcome",
        &["pass", "fail", "cannot-tell", "not-applicable"],
    ),
    ("message", &[TEXT]),
];

/// EN 319 102-1, tables 5 and 6: which sub-indications stand under which indication.
const FAILED: [&str; 3] = ["FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE"];

/// 2026-05-31T08:00:00+07:00
fn is_time(text: &str) -> bool {
    let form = "dddd-dd-ddTdd:dd:dd+dd:dd";
    text.len() == form.len()
        && text
            .chars()
            .zip(form.chars())
            .all(|(own, wanted)| match wanted {
                'd' => own.is_ascii_digit(),
                '+' => matches!(own, '+' | '-'),
                other => own == other,
            })
}

fn is_allowed(value: &Value, allowed: &[&str]) -> bool {
    allowed.iter().any(|kind| match *kind {
        NULL => value.is_null(),
        TEXT => value.is_string(),
        COUNT => value.is_u64(),
        BOOLEAN => value.is_boolean(),
        TIME => value.as_str().is_some_and(is_time),
        LIST => value.is_array(),
        OBJECT => value.is_object(),
        word => value == word,
    })
}

fn check(value: &Value, entries: &[Entry], where_: &str, wrong: &mut Vec<String>) {
    for (name, allowed) in entries {
        match value.get(name) {
            None => wrong.push(format!("{where_}: no {name}")),
            Some(value) if is_allowed(value, allowed) => {}
            Some(value) => wrong.push(format!("{where_}: {name} is {value}")),
        }
    }
}

fn signature(value: &Value, wrong: &mut Vec<String>) {
    check(value, &SIGNATURE, "signature", wrong);
    if value["signer"].is_object() {
        check(&value["signer"], &SIGNER, "signer", wrong);
    }
    for timestamp in value["timestamps"].as_array().into_iter().flatten() {
        check(timestamp, &TIMESTAMP, "timestamp", wrong);
    }
    for finding in value["findings"].as_array().into_iter().flatten() {
        check(finding, &FINDING, "finding", wrong);
    }
    let mut demand = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{what}: {}", value["field"]));
        }
    };
    let is = |name: &str, word: &str| value[name] == word;
    demand(
        is("integrity", "intact") == value["integrity_reason"].is_null(),
        "a reason stands beside what is not intact and nowhere else",
    );
    let sub = value["sub_indication"].as_str();
    demand(
        is("indication", "TOTAL-PASSED") == sub.is_none(),
        "a sub-indication stands under what did not pass",
    );
    demand(
        is("indication", "TOTAL-FAILED") == sub.is_some_and(|sub| FAILED.contains(&sub)),
        "a sub-indication stands under its own indication",
    );
    let changes = value["change_list"].as_array().map_or(0, Vec::len);
    demand(
        is("changes", "none") == (changes == 0),
        "changes are listed where there are some",
    );
    demand(
        is("integrity", "intact") || !is("indication", "TOTAL-PASSED"),
        "what is not intact did not pass",
    );
    demand(
        value["findings"]
            .as_array()
            .is_some_and(|all| !all.is_empty()),
        "rules ran",
    );
}

/// Whether a change that was looked at may not be. What a password hides and what a limit left out
/// are not permitted either, and prove nothing against anybody (ADR 0007).
fn is_forbidden(signature: &Value) -> bool {
    let changes = signature["change_list"].as_array();
    changes.into_iter().flatten().any(|change| {
        change["verdict"] == "forbidden"
            && change["kind"] != "encrypted"
            && change["kind"] != "unexamined"
    })
}

/// What in a line of `verify --format json` is not as the contract says.
pub(crate) fn violations(report: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    check(report, &REPORT, "report", &mut wrong);
    // Lines of the program have it; a report of the library alone knows no archive.
    if let Some(archive) = report.get("archive") {
        check(archive, &ARCHIVE, "archive", &mut wrong);
    }
    check(&report["document"], &DOCUMENT, "document", &mut wrong);
    let signatures = report["signatures"].as_array().cloned().unwrap_or_default();
    for value in &signatures {
        signature(value, &mut wrong);
    }
    let conclusion = report["document"]["conclusion"]
        .as_str()
        .unwrap_or_default();
    let any = |name: &str, word: &str| signatures.iter().any(|value| value[name] == word);
    let invalid = any("integrity", "broken") || signatures.iter().any(is_forbidden);
    let fits = match conclusion {
        "unreadable" => signatures.is_empty() && report["document"]["error"].is_string(),
        "unsigned" => signatures.is_empty(),
        "valid" => !signatures.is_empty() && !invalid,
        "invalid" => !signatures.is_empty(),
        _ => !signatures.is_empty() && !invalid,
    };
    if !fits {
        wrong.push(format!("{conclusion} does not fit the signatures"));
    }
    wrong
}
