//! What the forms of the report ask of a record beyond its names.
//! Judges nothing: the verdict is the record's own.

use std::borrow::Cow;

use serde::Serialize;
use trien::archive::{FindingRecord, Record, RecordKind, SignatureRecord};
use trien::{
    DocumentConclusion, Language, Level, Outcome, UnixTime, UtcOffset, WorkflowConclusion,
};

use crate::words::choose;

/// Whether somebody has to look at it: it is broken, not trusted, cannot be read, is signed late,
/// did not keep its workflow, or should be signed and is not.
pub(crate) fn is_objected_to(record: &Record) -> bool {
    match record.document.conclusion {
        DocumentConclusion::Valid => {
            record.archive.late == Some(true)
                || record
                    .workflow
                    .as_ref()
                    .is_some_and(|workflow| workflow.conclusion != WorkflowConclusion::Complete)
        }
        DocumentConclusion::Unsigned => record.archive.kind == RecordKind::Record,
        DocumentConclusion::Invalid
        | DocumentConclusion::Indeterminate
        | DocumentConclusion::Unreadable
        | _ => true,
    }
}

/// The signer as people know him: the common name, else the whole subject.
pub(crate) fn signer_name(signature: &SignatureRecord) -> Option<&str> {
    let signer = signature.signer.as_ref()?;
    Some(signer.common_name.as_deref().unwrap_or(&signer.subject))
}

/// Rules that a signature breaks, worst first.
pub(crate) fn failures(signature: &SignatureRecord) -> impl Iterator<Item = &FindingRecord> {
    let of = |level: Level| {
        signature
            .findings
            .iter()
            .filter(move |finding| finding.outcome == Outcome::Fail && finding.level == level)
    };
    of(Level::Fail).chain(of(Level::Warn))
}

/// Why a record is to be looked at: what cannot be read, the worst rule that is broken, else what
/// cannot be told; the latter in the record's own words.
pub(crate) fn reason(record: &Record, language: Language) -> Option<Cow<'_, str>> {
    if let Some(error) = &record.document.error {
        return Some(error.into());
    }
    let is_valid = record.document.conclusion == DocumentConclusion::Valid;
    if is_valid && record.archive.late == Some(true) {
        return Some(signed_late(record.archive.due, language).into());
    }
    let workflow = record
        .workflow
        .iter()
        .flat_map(|workflow| &workflow.findings);
    let findings = || {
        record
            .signatures
            .iter()
            // What is valid is in the list for its workflow alone.
            .filter(|_| !is_valid)
            .flat_map(|signature| &signature.findings)
            .chain(workflow.clone())
    };
    let first = |outcome: Outcome, level: Level| {
        findings().find(|finding| finding.outcome == outcome && finding.level == level)
    };
    let cause = first(Outcome::Fail, Level::Fail)
        .or_else(|| first(Outcome::CannotTell, Level::Fail))
        .or_else(|| first(Outcome::Fail, Level::Warn));
    if let Some(finding) = cause {
        return Some(finding.message.as_str().into());
    }
    if record.archive.late == Some(true) {
        return Some(signed_late(record.archive.due, language).into());
    }
    let is_unsigned = record.document.conclusion == DocumentConclusion::Unsigned;
    is_unsigned.then(|| choose(language, "thiếu chữ ký", "not signed").into())
}

fn signed_late(due: Option<UnixTime>, language: Language) -> String {
    let due = due.map(moment);
    match (language, due) {
        (Language::En, Some(due)) => format!("signed late (due {due})"),
        (Language::En, None) => "signed late".to_owned(),
        (_, Some(due)) => format!("ký trễ hạn (hạn {due})"),
        (_, None) => "ký trễ hạn".to_owned(),
    }
}

/// As people write it: `17:00 31/05/2026`.
pub(crate) fn moment(time: UnixTime) -> String {
    time.to_civil(UtcOffset::VIETNAM).map_or_else(
        |_| time.to_string(),
        |civil| {
            format!(
                "{:02}:{:02} {:02}/{:02}/{}",
                civil.hour, civil.minute, civil.day, civil.month, civil.year
            )
        },
    )
}

/// What a rule says, with its times as people write them.
pub(crate) fn spoken(message: &str) -> String {
    /// Octets of a time in RFC 3339 with Vietnam's offset.
    const TIME: usize = 25;
    let mut said = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let time = rest
            .split_at_checked(TIME)
            .filter(|(time, _)| first.is_ascii_digit() && time.ends_with("+07:00"))
            .and_then(|(time, after)| Some((UnixTime::from_rfc3339(time).ok()?, after)));
        if let Some((time, after)) = time {
            said.push_str(&moment(time));
            rest = after;
        } else {
            said.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    said
}

/// The word that a value has in the contract; empty for what is no word.
pub(crate) fn word_of(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        Ok(_) | Err(_) => String::new(),
    }
}

/// As the contract writes it.
pub(crate) fn written(time: UnixTime) -> String {
    time.to_rfc3339(UtcOffset::VIETNAM)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A record that says as little as the contract lets it.
    pub(crate) fn record(conclusion: &str, signatures: &str, archive: &str) -> Record {
        let line = format!(
            r#"{{"schema":"trien.verify/1","file":"a.pdf","document":{{"conclusion":"{conclusion}",
            "error":null,"revisions":1,"encrypted":false}},"profile":"tt41_2017",
            "validation_time":"2026-06-30T08:00:00+07:00","signatures":[{signatures}],
            "archive":{{"octets":1,"sha256":null,"container":null,"category":null,"school":null,
            "pages":1,"kind":"record","due":null,"late":null,"provable_until":null,
            "weakest":null{archive}}}}}"#
        );
        serde_json::from_str(&line).unwrap()
    }

    pub(crate) const SIGNATURE: &str = r#"{"field":"GVCN","kind":"approval","sub_filter":null,
        "level":null,"integrity":"intact","integrity_reason":null,"coverage":"whole-file",
        "revision":1,"changes":"none","indication":"TOTAL-PASSED","sub_indication":null,
        "signer":{"common_name":null,"issuer_common_name":null,"subject":"CN=Lan","issuer":"CN=CA",
        "serial":"12E5","kind":"person","not_before":"2026-01-01T00:00:00+07:00",
        "not_after":"2028-01-01T00:00:00+07:00"},
        "claimed_signing_time":"2026-05-31T08:00:00+07:00","best_signature_time":null,
        "findings":[
        {"rule":"b","clause":"B","outcome":"fail","level":"warn","message":"b"},
        {"rule":"a","clause":"A","outcome":"fail","level":"fail","message":"a"},
        {"rule":"c","clause":"C","outcome":"pass","level":"fail","message":"c"}]}"#;

    #[test]
    fn an_unsigned_scan_is_no_objection_and_an_unsigned_record_is_one() {
        let mut unsigned = record("unsigned", "", "");
        assert!(is_objected_to(&unsigned));
        unsigned.archive.kind = RecordKind::Scan;
        assert!(!is_objected_to(&unsigned));
        assert!(is_objected_to(&record("unreadable", "", "")));
        let mut valid = record("valid", SIGNATURE, "");
        assert!(!is_objected_to(&valid));
        valid.archive.late = Some(true);
        assert!(is_objected_to(&valid));
    }

    #[test]
    fn signatures_are_shown_by_name_time_and_worst_rule() {
        let record = record("valid", SIGNATURE, "");
        let signature = record.signatures.first().unwrap();
        assert_eq!(signer_name(signature), Some("CN=Lan"));
        let broken: Vec<&str> = failures(signature)
            .map(|found| found.rule.as_str())
            .collect();
        assert_eq!(broken, ["a", "b"]);
        let mut invalid = record.clone();
        invalid.document.conclusion = DocumentConclusion::Invalid;
        assert_eq!(reason(&invalid, Language::Vi).as_deref(), Some("a"));
        // A valid one is there for what it is there for, whatever else is remarked.
        assert_eq!(reason(&record, Language::Vi), None);
        let mut late = record.clone();
        late.archive.late = Some(true);
        late.archive.due = UnixTime::from_rfc3339("2026-05-31T17:00:00+07:00").ok();
        let why = reason(&late, Language::Vi);
        assert_eq!(why.as_deref(), Some("ký trễ hạn (hạn 17:00 31/05/2026)"));
        let unsigned = self::record("unsigned", "", "");
        let why = reason(&unsigned, Language::Vi);
        assert_eq!(why.as_deref(), Some("thiếu chữ ký"));
        assert_eq!(
            record.dated_at().map(written).as_deref(),
            Some("2026-05-31T08:00:00+07:00")
        );
        assert_eq!(word_of(&signature.kind), "approval");
    }

    #[test]
    fn times_in_what_a_rule_says_are_written_as_people_write_them() {
        assert_eq!(
            spoken("Hết hạn. (2026-07-01T08:00:00+07:00: 2025 – 2026-06-10T09:30:00+07:00) ợ"),
            "Hết hạn. (08:00 01/07/2026: 2025 – 09:30 10/06/2026) ợ"
        );
    }

    #[test]
    fn a_document_time_stamp_of_later_years_dates_no_record() {
        let stamp = SIGNATURE
            .replace("\"approval\"", "\"document-timestamp\"")
            .replace("2026-05-31T08", "2031-01-01T08");
        let record = record("valid", &format!("{SIGNATURE},{stamp}"), "");
        let signed = UnixTime::from_rfc3339("2026-05-31T08:00:00+07:00").ok();
        assert_eq!(record.dated_at(), signed);
        assert_eq!(record.regarded_at(), signed);
    }
}
