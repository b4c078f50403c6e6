use serde_json::{Value, json};

use super::*;

fn time(text: &str) -> UnixTime {
    UnixTime::from_rfc3339(text).unwrap()
}

/// A signature: its kind, the subject and serial number of its signer, and its best time.
fn signature(kind: &str, subject: &str, serial: &str, best: &str) -> Value {
    let name = subject.split(',').next().unwrap().trim_start_matches("CN=");
    json!({"field": "a", "kind": kind, "sub_filter": null, "level": null, "integrity": "intact",
        "integrity_reason": null, "coverage": "whole-file", "revision": 1, "changes": "none",
        "indication": "TOTAL-PASSED", "sub_indication": null, "claimed_signing_time": null,
        "best_signature_time": best, "signer": {"common_name": name,
        "issuer_common_name": null, "subject": subject, "issuer": "CN=CA", "serial": serial,
        "kind": "person", "not_before": "2025-01-01T00:00:00+07:00",
        "not_after": "2027-01-01T00:00:00+07:00"}})
}

fn record(file: &str, archive: &Value, signatures: &[Value]) -> Record {
    let conclusion = if signatures.is_empty() {
        "unsigned"
    } else {
        "valid"
    };
    let mut own = json!({"octets": 1, "sha256": file, "container": null, "category": null,
        "school": "A", "pages": 1, "kind": "record", "due": null, "late": null,
        "provable_until": null, "weakest": null});
    for (name, value) in archive.as_object().unwrap() {
        own[name] = value.clone();
    }
    let line = json!({"file": file, "document": {"conclusion": conclusion, "error": null,
        "revisions": 1, "encrypted": false}, "profile": "p",
        "validation_time": "2026-01-01T00:00:00+07:00", "signatures": signatures,
        "archive": own});
    serde_json::from_value(line).unwrap()
}

fn counted(question: Question, records: &[Record]) -> Summary {
    let mut tally = Tally::new(question);
    for record in records {
        tally.add(record);
    }
    tally.finish(time("2026-06-01T00:00:00+07:00"), "p", 1)
}

fn member(name: &str, school: &str) -> StaffMember {
    StaffMember {
        name: name.to_owned(),
        school: Some(school.to_owned()),
        ..StaffMember::default()
    }
}

const OCTOBER: &str = "2025-10-10T08:00:00+07:00";
const AN: &str = "CN=Nguyễn Văn An,UID=CCCD:001200000001,O=Trường A";

#[test]
fn a_person_with_two_certificates_is_one_person_and_an_authority_for_time_stamps_is_none() {
    let records = [
        record(
            "1.pdf",
            &json!({}),
            &[signature("approval", AN, "0A", OCTOBER)],
        ),
        record(
            "2.pdf",
            &json!({}),
            &[
                signature(
                    "approval",
                    "CN=Nguyễn An,serialNumber=001200000001",
                    "0B",
                    OCTOBER,
                ),
                signature("approval", "CN=Trần Bình,O=Trường A", "0C", OCTOBER),
                signature("document-timestamp", "CN=Dấu thời gian", "0D", OCTOBER),
            ],
        ),
    ];
    let summary = counted(Question::default(), &records);
    let staff = &summary.schools[0].staff;
    assert_eq!(summary.counts.signatures, 3);
    assert_eq!(staff.used, 2);
    assert_eq!(staff.people.len(), 2);
    let an = &staff.people[0];
    assert_eq!(an.serials, ["0A", "0B"]);
    assert_eq!((an.serial.as_str(), an.signatures), ("0A", 2));
    assert_eq!(an.files, ["1.pdf", "2.pdf"]);
}

#[test]
fn a_school_that_the_list_names_nobody_of_has_no_list() {
    let records = [
        record(
            "1.pdf",
            &json!({}),
            &[signature("approval", AN, "0A", OCTOBER)],
        ),
        record(
            "2.pdf",
            &json!({"school": "B"}),
            &[signature("approval", AN, "0A", OCTOBER)],
        ),
    ];
    let question = Question {
        staff: Some(vec![
            member("Nguyễn Văn An", "Trường khác"),
            member("Nguyễn Văn An", "a"),
            member("Người Không Ký", "A"),
        ]),
        ..Question::default()
    };
    let summary = counted(question, &records);
    let [a, b] = &summary.schools[..] else {
        panic!("{summary:?}");
    };
    assert_eq!(a.staff.listed, Some(2));
    assert_eq!(a.staff.with_certificate, Some(1));
    assert_eq!(a.staff.people.len(), 2);
    assert_eq!(b.staff.listed, None);
    assert_eq!(b.staff.with_certificate, None);
    assert_eq!(b.staff.used, 1);
    assert_eq!(b.staff.people[0].listed, None);
}

#[test]
fn a_period_regards_its_own_records_in_every_question() {
    let august = "2025-08-10T08:00:00+07:00";
    let january = "2026-01-05T08:00:00+07:00";
    let binh = "CN=Trần Bình,UID=CCCD:001200000002";
    let chi = "CN=Lê Chi,UID=CCCD:001200000003";
    let records = [
        // Of the period by its last signature, whenever it was begun.
        record(
            "in.pdf",
            &json!({"late": true}),
            &[
                signature("approval", AN, "0A", august),
                signature("approval", binh, "0B", OCTOBER),
                signature("document-timestamp", "CN=TSA", "0D", january),
            ],
        ),
        // Not of the period, but Chi signed it in the period.
        record(
            "after.pdf",
            &json!({"late": true}),
            &[
                signature("approval", chi, "0C", OCTOBER),
                signature("approval", binh, "0B", january),
            ],
        ),
        record(
            "due in.pdf",
            &json!({"due": "2025-12-31T23:59:59+07:00"}),
            &[],
        ),
        record(
            "due after.pdf",
            &json!({"due": "2026-05-31T23:59:59+07:00"}),
            &[],
        ),
        record("due never.pdf", &json!({}), &[]),
    ];
    let mut question = Question::default();
    let whole = counted(question.clone(), &records);
    assert_eq!((whole.counts.files, whole.counts.outside_period), (5, 0));
    assert_eq!((whole.counts.late, whole.counts.signatures), (2, 4));
    question.from = Some(time("2025-09-01T00:00:00+07:00"));
    question.to = Some(time("2025-12-31T23:59:59+07:00"));
    let summary = counted(question, &records);
    let counts = summary.counts;
    assert_eq!((counts.files, counts.outside_period), (3, 2));
    assert_eq!((counts.valid, counts.unsigned), (1, 2));
    assert_eq!((counts.late, counts.signatures), (1, 2));
    let months: usize = summary.by_month.iter().map(|month| month.valid).sum();
    assert_eq!(months, 2);
    let school = &summary.schools[0];
    assert_eq!(school.categories[0].files, 3);
    assert_eq!(
        school.categories[0].files_unsigned,
        ["due in.pdf", "due never.pdf"]
    );
    assert_eq!(school.online.due, 3);
    let used: Vec<(&str, usize, bool)> = school
        .staff
        .people
        .iter()
        .map(|one| {
            let name = one.common_name.as_deref().unwrap();
            (name, one.signatures, one.used_in_period)
        })
        .collect();
    assert_eq!(
        used,
        [
            ("Lê Chi", 1, true),
            ("Nguyễn Văn An", 1, false),
            ("Trần Bình", 1, true)
        ]
    );
    assert_eq!(school.staff.used, 2);
}
