use serde_json::{Value, json};

use crate::archive::StaffCount;

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
        "best_signature_time": best, "timestamps": [{"time": best, "status": "valid"}], "signer": {"common_name": name,
        "issuer_common_name": null, "subject": subject, "issuer": "CN=CA", "serial": serial,
        "kind": "person", "not_before": "2025-01-01T00:00:00+07:00",
        "not_after": "2027-01-01T00:00:00+07:00"},
        "trust_anchor": {"subject": "CN=Root", "sha256": "00", "known_as": null}})
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
fn fe7b_5_whose_seals_the_files_bear_is_counted_school_by_school() {
    let sealed = |file: &str, school: &str, subjects: &[&str]| {
        let seals: Vec<Value> = subjects
            .iter()
            .map(|subject| {
                let mut seal = signature("approval", subject, "0A", OCTOBER);
                seal["signer"]["kind"] = json!("organisation");
                seal
            })
            .collect();
        record(file, &json!({"school": school}), &seals)
    };
    let own = "CN=Trường A,O=Trường A";
    let other = "CN=Công ty Lừa Đảo,UID=MST:0100000000";
    let mut records = vec![
        sealed("1.pdf", "A", &[other]),
        // Twice in one file is one file.
        sealed("2.pdf", "A", &[own, own]),
        sealed("3.pdf", "A", &[own]),
        record(
            "4.pdf",
            &json!({"school": "A"}),
            &[signature("approval", AN, "0B", OCTOBER)],
        ),
    ];
    let many = crate::archive::SEALS_LISTED + 2;
    records.extend((0..many).map(|at| sealed("b.pdf", "B", &[&format!("CN=Trường {at}")])));
    let summary = counted(Question::default(), &records);
    let norm = &summary.schools[0].norm;
    let told: Vec<(&str, &str, usize)> = norm
        .seals
        .iter()
        .map(|seal| {
            (
                seal.organisation.as_str(),
                seal.subject.as_str(),
                seal.files,
            )
        })
        .collect();
    assert_eq!(told, [("Trường A", own, 2), ("Công ty Lừa Đảo", other, 1)]);
    assert_eq!(norm.seals[0].files_sealed, ["2.pdf", "3.pdf"]);
    assert_eq!(norm.seals_unlisted, 0);
    let norm = &summary.schools[1].norm;
    assert_eq!(norm.seals.len(), crate::archive::SEALS_LISTED);
    assert_eq!(norm.seals_unlisted, 2);
}

#[test]
fn fe7b_5_the_seal_of_a_trader_is_masked_and_that_of_a_school_is_not() {
    let seal = |file: &str, subject: &str| {
        let mut seal = signature("approval", subject, "0A", OCTOBER);
        seal["signer"]["kind"] = json!("organisation");
        record(file, &json!({}), &[seal])
    };
    let trader = "CN=Nguyễn Văn Bình,UID=MST:0100000000";
    let school = "CN=Trường A,O=Trường A";
    let records = [seal("1.pdf", school), seal("2.pdf", trader)];
    let summary = counted(Question::default(), &records);
    let masked = crate::archive::Mask::new(Language::Vi).summary(&summary);
    let seals = &masked.schools[0].norm.seals;
    let named = |name: &str| seals.iter().find(|seal| seal.organisation == name);
    assert_eq!(named("Trường A").unwrap().subject, school);
    let hidden = &named("N. V. B.").unwrap().subject;
    assert!(!hidden.contains("Bình"), "{hidden}");
}

/// What a workflow says of a record: its conclusion, and the rules that fail.
fn workflow(conclusion: &str, failing: &[&str]) -> Value {
    let findings: Vec<Value> = failing
        .iter()
        .map(|rule| {
            json!({"rule": rule, "clause": "c", "outcome": "fail", "level": "fail",
                "message": "m"})
        })
        .collect();
    json!({"id": "hoc-ba", "title": "Học bạ", "conclusion": conclusion, "steps": [],
        "signatures": [], "findings": findings})
}

#[test]
fn a_procedure_s_numbers_are_what_the_lines_say_with_the_files_behind_each() {
    let of = |file: &str, archive: &Value, said: Value| {
        let mut record = record(file, archive, &[]);
        record.workflow = Some(serde_json::from_value(said).unwrap());
        record
    };
    let plain = json!({"workflow_by": "name"});
    let guess = json!({"workflow_by": "likeness"});
    let mut open = record(
        "open.pdf",
        &json!({"workflows_open": ["b", "a"]}),
        &[signature("approval", AN, "0A", OCTOBER)],
    );
    open.workflow = None;
    let records = [
        of("1.pdf", &plain, workflow("complete", &[])),
        of(
            "2.pdf",
            &guess,
            workflow("complete", &["workflow.same-signer"]),
        ),
        of(
            "3.pdf",
            &plain,
            workflow(
                "violated",
                &["workflow.order", "nd30.32.2d", "workflow.complete"],
            ),
        ),
        of(
            "4.pdf",
            &plain,
            workflow("violated", &["workflow.role", "workflow.certificate"]),
        ),
        of(
            "5.pdf",
            &plain,
            workflow("unconfirmed", &["workflow.unknown-signature"]),
        ),
        of(
            "6.pdf",
            &plain,
            workflow("violated", &["workflow.signed-twice"]),
        ),
        open,
    ];
    let summary = counted(Question::default(), &records);
    let school = &summary.schools[0];
    let [count] = &school.procedure[..] else {
        panic!("{summary:?}");
    };
    assert_eq!((count.files, count.complete, count.failing), (6, 2, 4));
    assert_eq!(count.files_failing, ["3.pdf", "4.pdf", "5.pdf", "6.pdf"]);
    for (number, files, wanted) in [
        (count.incomplete, &count.files_incomplete, "3.pdf"),
        (count.out_of_order, &count.files_out_of_order, "3.pdf"),
        (count.wrong_authority, &count.files_wrong_authority, "4.pdf"),
        (count.beside, &count.files_beside, "5.pdf"),
        (count.otherwise, &count.files_otherwise, "6.pdf"),
        (count.by_likeness, &count.files_by_likeness, "2.pdf"),
        (count.same_signer, &count.files_same_signer, "2.pdf"),
    ] {
        assert_eq!((number, files.as_slice()), (1, &[wanted.to_owned()][..]));
    }
    // Which authority had to sign is not known: not counted as signed by it.
    assert_eq!(school.procedure_open.files, 1);
    assert_eq!(school.procedure_open.workflows, ["b", "a"]);
    assert_eq!(school.procedure_open.files_open, ["open.pdf"]);
    assert!(school.online.files_missing.contains(&"open.pdf".to_owned()));
    assert_eq!(
        school.online.missing,
        school.online.due - school.online.signed_by_authority
    );
}

#[test]
fn fe7b_1_without_a_workflow_the_seal_says_that_the_school_signed() {
    let of_person = signature("approval", AN, "0A", OCTOBER);
    let mut of_school = signature("approval", "CN=Trường A", "0B", OCTOBER);
    of_school["signer"]["kind"] = json!("organisation");
    let records = [
        record("person.pdf", &json!({}), std::slice::from_ref(&of_person)),
        record("sealed.pdf", &json!({}), &[of_person, of_school]),
    ];
    let summary = counted(Question::default(), &records);
    let online = &summary.schools[0].online;
    assert_eq!((online.due, online.signed_by_authority), (2, 1));
    assert_eq!(online.files_missing, ["person.pdf"]);
}

#[test]
fn files_of_no_known_school_are_said_to_be_so() {
    let records = [
        record("1.pdf", &json!({}), &[]),
        record("2.pdf", &json!({"school": null}), &[]),
        record("3.pdf", &json!({"school": null}), &[]),
    ];
    let mut question = Question::default();
    let summary = counted(question.clone(), &records);
    assert_eq!(summary.counts.school_unknown, 2);
    let titles = |summary: &Summary| -> Vec<(Option<String>, String)> {
        let schools = summary.schools.iter();
        schools
            .map(|one| (one.school.clone(), one.title.clone()))
            .collect()
    };
    let of_a = (Some("A".to_owned()), "A".to_owned());
    assert_eq!(
        titles(&summary),
        [(None, "Không rõ trường".to_owned()), of_a.clone()]
    );
    question.language = Language::En;
    let summary = counted(question, &records);
    assert_eq!(
        titles(&summary),
        [(None, "School not known".to_owned()), of_a]
    );
}

#[test]
fn lists_end_at_their_bound_and_numbers_go_on() {
    let records: Vec<Record> = (0..FILES_LISTED + 5)
        .map(|number| {
            let name = format!("{number}.pdf");
            record(
                &name,
                &json!({}),
                &[signature("approval", AN, "0A", OCTOBER)],
            )
        })
        .collect();
    let mut unsigned: Vec<Record> = (0..FILES_LISTED + 7)
        .map(|number| record(&format!("u{number}.pdf"), &json!({}), &[]))
        .collect();
    unsigned.extend(records);
    let summary = counted(Question::default(), &unsigned);
    let school = &summary.schools[0];
    let an = &school.staff.people[0];
    assert_eq!(
        (an.files.len(), an.file_count),
        (FILES_LISTED, FILES_LISTED + 5)
    );
    let category = &school.categories[0];
    assert_eq!(
        (category.files_unsigned.len(), category.unsigned),
        (FILES_LISTED, FILES_LISTED + 7)
    );
    // A person's signature alone, under no workflow, is not the school's.
    assert_eq!(
        (school.online.files_missing.len(), school.online.missing),
        (FILES_LISTED, 2 * FILES_LISTED + 12)
    );
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

#[test]
fn a_certificate_that_anybody_can_make_counts_for_nobody_where_anchors_are_installed() {
    let mut forged = signature("approval", AN, "0F", OCTOBER);
    forged["trust_anchor"] = Value::Null;
    let stranger = {
        let mut one = signature("approval", "CN=Lê Giả Danh", "0E", OCTOBER);
        one["trust_anchor"] = Value::Null;
        one
    };
    let records = [
        record(
            "1.pdf",
            &json!({}),
            &[signature("approval", AN, "0A", OCTOBER)],
        ),
        record("2.pdf", &json!({}), &[forged, stranger]),
    ];
    let summary = counted(Question::default(), &records);
    let staff = &summary.schools[0].staff;
    assert_eq!((staff.used, staff.people.len()), (1, 1));
    assert_eq!(staff.people[0].serials, ["0A"]);
    assert_eq!(staff.people[0].files, ["1.pdf"]);
    assert_eq!(staff.untrusted, 1);
    assert_eq!(staff.files_untrusted, ["2.pdf"]);
    // Without anchors nobody can be told apart.
    let mut tally = Tally::new(Question::default());
    let mut plain = records;
    for signature in plain.iter_mut().flat_map(|record| &mut record.signatures) {
        signature.trust_anchor = None;
    }
    for record in &plain {
        tally.add(record);
    }
    let summary = tally.finish(time("2026-06-01T00:00:00+07:00"), "p", 0);
    let staff = &summary.schools[0].staff;
    assert_eq!((staff.people.len(), staff.untrusted), (2, 0));
}

#[test]
fn a_claimed_time_takes_no_record_out_of_the_period_unseen() {
    let claims = |file: &str, conclusion: &str| {
        let mut signature = signature("approval", AN, "0A", OCTOBER);
        signature["best_signature_time"] = Value::Null;
        signature["claimed_signing_time"] = json!("2001-01-01T00:00:00+07:00");
        let mut record = record(file, &json!({}), &[signature]);
        record.document.conclusion = serde_json::from_value(json!(conclusion)).unwrap();
        record
    };
    let records = [
        claims("valid.pdf", "valid"),
        claims("invalid.pdf", "invalid"),
        claims("open.pdf", "indeterminate"),
        record(
            "proven.pdf",
            &json!({}),
            &[signature("approval", AN, "0A", "2002-01-01T00:00:00+07:00")],
        ),
    ];
    let question = Question {
        from: Some(time("2025-09-01T00:00:00+07:00")),
        ..Question::default()
    };
    let summary = counted(question, &records);
    let counts = summary.counts;
    assert_eq!((counts.files, counts.invalid), (1, 1));
    assert_eq!((counts.outside_period, counts.outside_by_claim), (3, 2));
    let claimed = &summary.outside_by_claim;
    assert_eq!((claimed.valid, claimed.indeterminate), (1, 1));
    assert_eq!(claimed.files, ["valid.pdf", "open.pdf"]);
}

#[test]
fn extending_an_archive_changes_nothing_of_what_is_counted() {
    let kept = |file: &str, extended: Option<&str>| {
        let mut own = signature("approval", AN, "0A", OCTOBER);
        own["claimed_signing_time"] = json!("2026-05-31T08:00:00+07:00");
        own["timestamps"] = json!([]);
        own["best_signature_time"] = json!(extended);
        let stamp = extended.map(|time| signature("document-timestamp", AN, "0B", time));
        let signatures: Vec<Value> = std::iter::once(own).chain(stamp).collect();
        record(file, &json!({}), &signatures)
    };
    let asked = |from: &str, to: &str| Question {
        from: Some(time(from)),
        to: Some(time(to)),
        ..Question::default()
    };
    let may = || asked("2026-05-01T00:00:00+07:00", "2026-06-30T23:59:59+07:00");
    let autumn = || asked("2026-09-01T00:00:00+07:00", "2026-12-31T23:59:59+07:00");
    let extended = Some("2026-11-22T09:00:00+07:00");
    for question in [may(), autumn()] {
        let before = counted(question.clone(), &[kept("a.pdf", None)]);
        let after = counted(question, &[kept("a.pdf", extended)]);
        assert_eq!(before, after);
    }
    let outside = counted(autumn(), &[kept("a.pdf", extended)]);
    assert_eq!(outside.counts.outside_by_claim, 1);
    let inside = counted(may(), &[kept("a.pdf", extended)]);
    assert_eq!((inside.counts.files, inside.counts.outside_period), (1, 0));
    assert_eq!(inside.files_by_month[0].month, "2026-05");
    assert_eq!(inside.schools[0].staff.used, 1);
}

#[test]
fn rules_about_marks_are_those_that_the_norm_counts() {
    let fails = |file: &str, rule: &str| {
        let mut signature = signature("approval", AN, "0A", OCTOBER);
        signature["findings"] = json!([{"rule": rule, "clause": "c", "outcome": "fail",
            "level": "fail", "message": "m"}]);
        record(file, &json!({}), &[signature])
    };
    let records = [
        fails("flipped.pdf", "tt41.7.2"),
        fails("edited.pdf", "pdf.changes"),
        fails("expired.pdf", "tt41.8.2a"),
        fails("sealed first.pdf", "nd30.32.2d"),
        fails("covered.pdf", "pdf.covering"),
    ];
    let norm = &counted(Question::default(), &records).schools[0].norm;
    assert_eq!(norm.mark_rules_failed, 2);
    assert_eq!(norm.files_rules_failed, ["sealed first.pdf", "covered.pdf"]);
}

#[test]
fn a_path_that_cannot_be_read_is_no_record_and_a_step_that_is_done_is_not_missing() {
    let mut place = record("none", &json!({"kind": "unreachable", "sha256": null}), &[]);
    place.document.conclusion = DocumentConclusion::Unreadable;
    let mut sealed_first = record(
        "1.pdf",
        &json!({}),
        &[signature("approval", AN, "0A", OCTOBER)],
    );
    let mut said = workflow("violated", &["nd30.32.2d"]);
    said["steps"] = json!([{"step": "con-dau", "title": "Con dấu", "state": "done", "due": false,
        "signed": 1, "needed": 1, "at_most": 1}]);
    sealed_first.workflow = Some(serde_json::from_value(said).unwrap());
    let summary = counted(Question::default(), &[place, sealed_first]);
    assert_eq!((summary.counts.files, summary.counts.unreadable), (2, 1));
    assert_eq!(summary.counts.unreachable, 1);
    assert_eq!(summary.counts.school_unknown, 0);
    let [school] = &summary.schools[..] else {
        panic!("{summary:?}");
    };
    assert_eq!((school.online.due, school.online.missing), (1, 0));
    assert_eq!(school.procedure[0].failing, 1);
}

#[test]
fn every_verdict_is_counted_once_and_months_count_files_beside_signatures() {
    let mut unread = record("unread.pdf", &json!({"kind": "not-due"}), &[]);
    unread.document.conclusion = DocumentConclusion::Unreadable;
    let late = signature("approval", AN, "0A", "2026-03-01T08:00:00+07:00");
    let stamp = signature("document-timestamp", AN, "0B", "2031-03-01T08:00:00+07:00");
    let records = [
        record("unsigned.pdf", &json!({}), &[]),
        record("notice.pdf", &json!({"kind": "not-due"}), &[]),
        record("scan.pdf", &json!({"kind": "scan"}), &[]),
        unread,
        record(
            "twice.pdf",
            &json!({}),
            &[signature("approval", AN, "0A", OCTOBER), late, stamp],
        ),
    ];
    let summary = counted(Question::default(), &records);
    let counts = Verdict::ALL.map(|verdict| summary.counts.of(verdict));
    assert_eq!(counts, [1, 0, 0, 2, 1, 1]);
    assert_eq!(counts.iter().sum::<usize>(), summary.counts.files);
    for verdict in Verdict::ALL {
        let files = records.iter().filter(|one| Verdict::of(one) == verdict);
        assert_eq!(files.count(), summary.counts.of(verdict), "{verdict:?}");
    }
    let months = |list: &[MonthCount]| -> Vec<(String, usize)> {
        list.iter().map(|of| (of.month.clone(), of.valid)).collect()
    };
    let signed = |month: &str| (month.to_owned(), 1);
    assert_eq!(
        months(&summary.by_month),
        [signed("2025-10"), signed("2026-03")]
    );
    assert_eq!(months(&summary.files_by_month), [signed("2026-03")]);
}

/// A list's line with what its columns have.
fn listed(name: &str, identity: &str, serial: &str) -> StaffMember {
    let stated = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    StaffMember {
        name: name.to_owned(),
        identity: stated(identity),
        serial: stated(serial),
        ..StaffMember::default()
    }
}

fn staff_of(list: &[StaffMember], records: &[Record]) -> StaffCount {
    let question = Question {
        staff: Some(list.to_vec()),
        ..Question::default()
    };
    let mut summary = counted(question, records);
    summary.schools.remove(0).staff
}

fn signed_by(subjects: &[&str]) -> Vec<Record> {
    let signed = |(at, subject): (usize, &&str)| {
        let serial = format!("A{at}");
        let own = signature("approval", subject, &serial, OCTOBER);
        record(&format!("{at}.pdf"), &json!({}), &[own])
    };
    subjects.iter().enumerate().map(signed).collect()
}

#[test]
fn fe7_19_a_number_is_the_same_however_the_list_writes_it_and_a_differing_one_is_not_overridden() {
    let records = signed_by(&[AN, "CN=Trần Bình,serialNumber=031200000002"]);
    for (an, binh) in [
        ("001200000001", "031200000002"),
        ("1200000001", "31200000002"),
        ("CCCD: 001 200 000 001", "'031200000002"),
    ] {
        let list = [listed("Nguyễn Văn An", an, ""), listed("x", binh, "")];
        let staff = staff_of(&list, &records);
        assert_eq!((staff.used, staff.people.len()), (2, 2), "{an} {binh}");
        assert_eq!(staff.ambiguous, 0);
        assert!(staff.people.iter().all(|one| one.listed == Some(true)));
    }
    // Another's number, a rounded one, and a part of one: it is not that person, whatever the name.
    for other in ["001200000009", "1,2E+10", "00120000000", "200000001"] {
        let staff = staff_of(&[listed("Nguyễn Văn An", other, "")], &records);
        assert_eq!(
            (staff.used, staff.with_certificate),
            (0, Some(0)),
            "{other}"
        );
        assert_eq!(staff.people.len(), 3, "{other}");
        assert!(staff.people[0].listed == Some(false), "{other}");
    }
}

#[test]
fn fe7_19_a_name_that_stands_twice_in_the_list_decides_nothing_and_is_told() {
    let named = |name: &str| listed(name, "", "");
    let records = signed_by(&[AN]);
    let staff = staff_of(&[named("Nguyễn Văn An"), named("Nguyễn Văn An")], &records);
    assert_eq!(
        (staff.listed, staff.used, staff.with_certificate),
        (Some(2), 0, Some(0))
    );
    assert_eq!(staff.ambiguous, 2);
    assert_eq!(staff.names_ambiguous, ["Nguyễn Văn An", "Nguyễn Văn An"]);
    // Nobody is told as not having signed who may have.
    assert_eq!(
        (staff.people.len(), staff.people[0].listed),
        (1, Some(true))
    );
    // Accents tell people apart where both are written with theirs.
    let staff = staff_of(&[named("NGUYỄN VĂN ÂN"), named("NGUYỄN VĂN AN")], &records);
    assert_eq!((staff.used, staff.ambiguous), (1, 0));
    assert_eq!(
        staff.people[1].common_name.as_deref(),
        Some("NGUYỄN VĂN ÂN")
    );
    // A number settles who it was, and who it was not.
    let numbered = |number: &str| listed("Nguyễn Văn An", number, "");
    let staff = staff_of(
        &[numbered("001200000001"), named("Nguyễn Văn An")],
        &records,
    );
    assert_eq!((staff.used, staff.ambiguous, staff.people.len()), (1, 0, 2));
    let staff = staff_of(
        &[numbered("001200000009"), named("Nguyễn Văn An")],
        &records,
    );
    assert_eq!((staff.used, staff.ambiguous), (1, 0));
    let serial = listed("Nguyễn Văn An", "", "0a0");
    let staff = staff_of(&[named("Nguyễn Văn An"), serial], &records);
    assert_eq!((staff.used, staff.ambiguous), (1, 0));
    // A certificate without a number may be either's.
    let plain = signed_by(&["CN=Nguyễn Văn An,O=Trường A"]);
    let staff = staff_of(&[numbered("001200000009"), named("nguyen van an")], &plain);
    assert_eq!((staff.used, staff.ambiguous, staff.people.len()), (0, 2, 1));
    // One name, one of the list: it decides.
    let staff = staff_of(&[named("nguyen van an")], &plain);
    assert_eq!((staff.used, staff.ambiguous), (1, 0));
}
