#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "test code")]

use serde_json::{Value, json};

use trien_types::UnixTime;

use super::*;
use crate::archive::{Question, Tally};

fn signature(kind: &str, who: &str, subject: &str, name: &str) -> Value {
    json!({"field": "HieuTruong", "kind": kind, "sub_filter": null, "level": null,
        "integrity": "intact", "integrity_reason": null, "coverage": "whole-file",
        "revision": 1, "changes": "none", "indication": "TOTAL-PASSED",
        "sub_indication": null, "claimed_signing_time": null,
        "best_signature_time": null, "reason": "Học sinh Trần Thị Bí Mật, 0912 345 678",
        "change_list": [{"revision": 2, "object": null, "kind": "annotation",
        "field": "ho_ten", "page": 1, "rectangle": null, "old_value": "",
        "new_value": "Trần Thị Bí Mật", "covers": null, "verdict": "forbidden"}],
        "signer": {"common_name": name,
        "issuer_common_name": "CA", "subject": subject,
        "issuer": "CN=CA", "serial": "540110A7F3C29B", "kind": who,
        "not_before": "2026-01-01T00:00:00+07:00",
        "not_after": "2027-01-01T00:00:00+07:00"}})
}

fn line(file: &str, signatures: &[Value]) -> RecordLine {
    let line = json!({"file": file, "document": {"conclusion": "invalid",
        "error": null, "revisions": 1, "encrypted": false}, "profile": "p",
        "validation_time": "2026-01-01T00:00:00+07:00", "signatures": signatures,
        "archive": {"octets": 1, "sha256": "123456789012", "container": null,
        "category": {"id": "hoc_ba", "title": "Học bạ"}, "school": "Trường THCS Trường An",
        "pages": 1, "kind": "record", "due": null, "late": null, "provable_until": null,
        "weakest": null}});
    RecordLine::from_json(line.to_string()).unwrap()
}

fn masked(line: &RecordLine) -> Value {
    let masked = Mask::new(Language::Vi).line(line).unwrap();
    serde_json::from_str(masked.as_json()).unwrap()
}

#[test]
fn certificates_of_people_show_four_digits_and_no_place_and_authorities_stay() {
    let subject = |name: &str| format!("CN={name},L=Quận 3,C=VN");
    let line = line(
        "a.pdf",
        &[
            signature(
                "approval",
                "person",
                &subject("Nguyễn Văn An"),
                "Nguyễn Văn An",
            ),
            signature("approval", "organisation", &subject("Trường A"), "Trường A"),
            signature("document-timestamp", "person", &subject("TSA"), "TSA"),
            // With a tax number it is a body's by its kind, and a person's by its name.
            signature(
                "approval",
                "organisation",
                "CN=Lê Tám,UID=MST:8123456789,O=Hộ kinh doanh Lê Tám",
                "Lê Tám",
            ),
            // A body's certificate has no card.
            signature(
                "approval",
                "organisation",
                "CN=Lê Ba,UID=CCCD:001200000001",
                "Lê Ba",
            ),
        ],
    );
    let masked = masked(&line);
    let said = |index: usize, name: &str| {
        masked["signatures"][index]["signer"][name]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(said(0, "subject"), "CN=N. V. A.,C=VN");
    assert_eq!(said(0, "serial"), "**********C29B");
    assert_eq!(said(1, "subject"), subject("Trường A"));
    assert_eq!(said(1, "serial"), "540110A7F3C29B");
    assert_eq!(said(2, "subject"), subject("TSA"));
    assert_eq!(said(4, "subject"), "CN=L. B.,UID=CCCD:*********001");
    let text = masked.to_string();
    for hidden in ["Nguyễn Văn", "Lê Ba", "Lê Tám", "Bí Mật", "0912"] {
        assert!(!text.contains(hidden), "{text}");
    }
}

#[test]
fn a_name_with_additions_of_its_authority_is_found_in_names_of_files() {
    for name in [
        "Trần Văn Bình (GV)",
        "Trần Văn Bình - Hiệu trưởng",
        "Trần Văn Bình, ThS",
    ] {
        let subject = format!("CN={name},C=VN");
        let signed = signature("approval", "person", &subject, name);
        let said = masked(&line("6A/Trần Văn Bình TranVanBinh.pdf", &[signed]));
        assert_eq!(said["file"], "6A/T. V. B. T. V. B..pdf", "{name}");
    }
}

#[test]
fn a_name_that_is_a_word_of_the_contract_changes_no_word_of_it() {
    let hostile = "CN=invalid,SN=indeterminate,GN=Trường,C=VN";
    let plain = line(
        "Học bạ/invalid.pdf",
        &[signature("approval", "person", hostile, "invalid")],
    );
    let said = masked(&plain);
    assert_eq!(said["document"]["conclusion"], "invalid");
    assert_eq!(said["archive"]["school"], "Trường THCS Trường An");
    assert_eq!(said["archive"]["sha256"], "123456789012");
    assert_eq!(said["file"], "Học bạ/invalid.pdf");
    assert_eq!(said["signatures"][0]["indication"], "TOTAL-PASSED");
    assert_eq!(said["signatures"][0]["signer"]["common_name"], "I.");
    let change = &said["signatures"][0]["change_list"][0];
    assert_eq!(change["kind"], "annotation");
    assert_eq!(change["old_value"], "");
    assert_eq!(change["new_value"], "(đã che)");
    // It is a record still.
    Mask::new(Language::Vi)
        .line(&plain)
        .unwrap()
        .record()
        .unwrap();
}

#[test]
fn a_record_is_masked_the_same_alone_and_after_others() {
    let an = line(
        "An Bình/Nguyễn Văn An.pdf",
        &[signature(
            "approval",
            "person",
            "CN=Nguyễn Văn An,C=VN",
            "Nguyễn Văn An",
        )],
    );
    let other = line(
        "Nguyễn Văn An.pdf",
        &[signature("approval", "person", "CN=Lê Ba,C=VN", "Lê Ba")],
    );
    let mut mask = Mask::new(Language::Vi);
    let alone = mask.line(&other).unwrap();
    mask.learn(&an.record().unwrap());
    assert_eq!(mask.line(&other).unwrap(), alone);
    let record = mask.line(&an).unwrap().record().unwrap();
    assert_eq!(record.file, "An Bình/N. V. A..pdf");
    assert_eq!(mask.file("An Bình/Nguyễn Văn An.pdf"), record.file);
    assert_eq!(mask.inside("Nguyễn Văn An.pdf"), "N. V. A..pdf");
    assert_eq!(mask.inside("An Bình/Nguyễn Văn An.pdf"), record.file);
    assert_eq!(mask.inside("n Văn An.pdf"), "n Văn An.pdf");
}

#[test]
fn names_of_fields_stay_where_they_are_roles_and_are_numbered_where_they_are_people() {
    let mut named = signature("approval", "person", "CN=Hoàng Bảy,C=VN", "Hoàng Bảy");
    named["field"] = json!("Hoang Bay 031123456782");
    named["findings"] = json!([{"rule": "x", "clause": "y", "outcome": "fail", "level": "fail",
        "message": "Có người ký. (Hoang Bay 031123456782, HieuTruong)"},
        {"rule": "x", "clause": "y", "outcome": "fail", "level": "fail",
        "message": "Hết hạn. (2026-07-01T08:00:00+07:00: 2026-07-01T08:00:00+07:00)"},
        {"rule": "x", "clause": "y", "outcome": "fail", "level": "fail",
        "message": "Không rõ. (Trần Thị Bí Mật)"}]);
    let second = signature("approval", "person", "CN=Lê Ba,C=VN", "Lê Ba");
    let said = masked(&line("a.pdf", &[named, second]));
    let field = said["signatures"][0]["field"].as_str().unwrap();
    assert_eq!(field, "(đã che 1)");
    assert_eq!(said["signatures"][1]["field"], "HieuTruong");
    let message = |index: usize| &said["signatures"][0]["findings"][index]["message"];
    assert_eq!(message(0), "Có người ký. ((đã che 1), HieuTruong)");
    assert_eq!(
        message(1),
        "Hết hạn. (2026-07-01T08:00:00+07:00: 2026-07-01T08:00:00+07:00)"
    );
    assert_eq!(message(2), "Không rõ. ((đã che))");
}

#[test]
fn a_pupil_s_name_without_diacritics_is_no_name_of_a_field() {
    let mut pupil = signature("approval", "person", "CN=Hoàng Bảy,C=VN", "Hoàng Bảy");
    pupil["field"] = json!("NguyenVanA");
    pupil["change_list"][0]["field"] = json!("diem.TranThiB");
    let homeroom = signature("approval", "person", "CN=Lê Ba,C=VN", "Lê Ba");
    let record = line("hoc-ba/HoangBay-5A.pdf", &[pupil, homeroom]);
    let said = masked(&record);
    assert_eq!(said["signatures"][1]["field"], "HieuTruong");
    assert_eq!(said["file"], "hoc-ba/H. B.-5A.pdf");
    let text = said.to_string();
    for hidden in ["NguyenVanA", "TranThiB", "HoangBay"] {
        assert!(!text.contains(hidden), "{text}");
    }
}

#[test]
fn what_ends_first_stays_in_the_summary_with_initials_where_it_is_a_person_s() {
    let weakest = |file: &str, words: &str| {
        let signed = signature(
            "approval",
            "person",
            "CN=Nguyễn Văn An,C=VN",
            "Nguyễn Văn An",
        );
        let mut record = line(file, &[signed]).record().unwrap();
        record.archive.weakest = Some(words.to_owned());
        record.archive.provable_until = Some(UnixTime::from_seconds(1));
        record
    };
    let records = [
        weakest("1.pdf", "chứng thư số của Nguyễn Văn An hết hạn"),
        weakest("2.pdf", "chứng thư số của VNPT-CA hết hạn"),
        weakest("3.pdf", "thuật toán SHA-1 không còn được tin cậy"),
    ];
    let mut mask = Mask::new(Language::Vi);
    let question = Question {
        provable_until: Some(UnixTime::from_seconds(2)),
        ..Question::default()
    };
    let mut tally = Tally::new(question);
    for record in &records {
        mask.learn(record);
        tally.add(record);
    }
    let summary = tally.finish(UnixTime::from_seconds(0), "p", 1);
    let said = |mask: &Mask| -> Vec<String> {
        let ageing = mask.summary(&summary).ageing;
        ageing.into_iter().filter_map(|one| one.weakest).collect()
    };
    let (person, algorithm) = (
        "chứng thư số của N. V. A. hết hạn",
        "thuật toán SHA-1 không còn được tin cậy",
    );
    let authority = "chứng thư số của VNPT-CA hết hạn";
    assert_eq!(said(&mask), [person, authority, algorithm]);
    // Of records that were not seen, an authority may be anybody.
    let unknown = "chứng thư số của V. C. hết hạn";
    assert_eq!(said(&Mask::new(Language::Vi)), [person, unknown, algorithm]);
}
