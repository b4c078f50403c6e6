//! Record lines as a verification writes them.

use serde_json::{Value, json};
use trien_report::Record;

/// What nobody writes who means well: markup, a formula, the end of a script, turned letters.
pub(crate) const HOSTILE: [&str; 5] = [
    "</script><script>alert(1)</script>",
    "=HYPERLINK(\"http://evil.example\",\"học bạ\")",
    "\"><img src=x onerror=alert(1)>",
    "<!--<script>\u{2028}",
    "@SUM(1)\u{202E}fdp.pdf",
];

pub(crate) fn line(file: &str, text: &str) -> Value {
    json!({"schema": "trien.verify/1", "file": file,
        "document": {"conclusion": "valid", "error": null, "revisions": 1, "encrypted": false},
        "profile": "tt41_2017", "validation_time": "2026-06-30T08:00:00+07:00",
        "signatures": [{
            "field": text, "kind": "approval", "sub_filter": "ETSI.CAdES.detached",
            "level": "PAdES-B-T", "integrity": "intact", "integrity_reason": null,
            "coverage": "whole-file", "revision": 1, "changes": "none", "change_list": [],
            "indication": "TOTAL-PASSED", "sub_indication": null,
            "signer": {"common_name": text, "issuer_common_name": text, "subject": text,
                "issuer": text, "serial": "12E5", "kind": "person",
                "not_before": "2026-01-01T00:00:00+07:00",
                "not_after": "2028-01-01T00:00:00+07:00"},
            "claimed_signing_time": "2026-05-31T08:00:00+07:00",
            "best_signature_time": "2026-05-31T08:00:05+07:00",
            "timestamps": [], "reason": text, "claimed_roles": [text], "deviations": [text],
            "findings": [{"rule": "tt41.7.2", "clause": "TT 41/2017 Đ.7.2", "outcome": "fail",
                "level": "warn", "message": text}]}],
        "archive": {"octets": 12345, "sha256": "ab".repeat(32), "container": text,
            "category": {"id": "hoc_ba", "title": text}, "school": text, "pages": 2,
            "kind": "record", "due": null, "late": false, "provable_until": null,
            "weakest": text}})
}

pub(crate) fn record(file: &str, text: &str) -> Record {
    serde_json::from_value(line(file, text)).unwrap()
}

pub(crate) fn summary() -> Value {
    json!({"schema": "trien.archive/1", "judged_at": "2026-06-30T08:00:00+07:00", "from": null,
        "to": null, "profile": "tt41_2017", "anchors": 1,
        "counts": {"files": 5, "valid": 5, "invalid": 0, "indeterminate": 0, "unsigned": 0,
            "unreadable": 0, "scans": 0, "duplicates": 0, "late": 0, "signatures": 5},
        "schools": [], "by_month": [], "duplicates": [], "ageing": []})
}
