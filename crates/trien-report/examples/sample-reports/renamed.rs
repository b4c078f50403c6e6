//! The records of the large archives: those of the small one under other names, in other places,
//! some broken in known ways.

use serde_json::{Value, json};

use crate::LARGE;

const CATEGORIES: [(&str, &str); 6] = [
    ("hoc_ba", "Học bạ"),
    ("so_theo_doi", "Sổ theo dõi và đánh giá học sinh"),
    ("ke_hoach_bai_day", "Kế hoạch bài dạy"),
    ("ke_hoach_giao_duc", "Kế hoạch giáo dục"),
    ("so_chu_nhiem", "Sổ chủ nhiệm"),
    ("cong_van_di", "Công văn đi"),
];

const NAMES: [&str; 20] = [
    "Bùi Văn Ánh",
    "Đặng Thị Bích",
    "Đỗ Quốc Cường",
    "Hoàng Mỹ Duyên",
    "Lê Hữu Đức",
    "Lý Thị Hạnh",
    "Ngô Gia Huy",
    "Nguyễn Khánh Linh",
    "Phạm Tuấn Minh",
    "Trần Bảo Ngọc",
    "Vũ Thị Oanh",
    "Phan Thanh Phong",
    "Mai Thu Quỳnh",
    "Cao Minh Sơn",
    "Đinh Thị Thảo",
    "Hồ Ngọc Uyên",
    "Dương Quang Vinh",
    "Tạ Thị Xuân",
    "Trịnh Hải Yến",
    "Chu Văn An",
];

/// The same record in another place, by another teacher, in another month.
pub(crate) fn renamed(number: usize, mut record: Value) -> Value {
    let name = NAMES.get(number % NAMES.len()).copied().unwrap_or_default();
    let (id, title) = CATEGORIES
        .get(number / 7 % CATEGORIES.len())
        .copied()
        .unwrap_or_default();
    let month = number % 9 + 1;
    let class = number / 45 % 20 + 1;
    record["file"] = json!(format!("2026/{id}/lop-{class:02}/{number:05} {name}.pdf"));
    record["archive"]["category"] = json!({"id": id, "title": title});
    record["archive"]["late"] = json!(number % 97 == 5);
    if number % 97 == 5 {
        record["archive"]["due"] = json!("2026-06-15T17:00:00+07:00");
    }
    if number % 100 == 3 {
        record["archive"]["provable_until"] = json!("2028-09-01T00:00:00+07:00");
        record["archive"]["weakest"] = json!("chứng thư số hết hạn");
    }
    // Ten thousand copies of one file would all be the same: some are.
    record["archive"]["sha256"] = json!(format!("{:064x}", number / 2 * 2));
    if number % 500 > 1 {
        record["archive"]["sha256"] = json!(format!("{:064x}", number + LARGE));
    }
    // The sample's revocation is not known, as on a machine without a network: here it is.
    let is_valid = record["document"]["conclusion"] == "indeterminate" && number % 49 != 7;
    if is_valid {
        record["document"]["conclusion"] = json!("valid");
    }
    if let Some(signatures) = record["signatures"].as_array_mut() {
        for (place, signature) in signatures.iter_mut().enumerate() {
            let hour = place.min(9);
            for time in ["claimed_signing_time", "best_signature_time"] {
                if signature[time].is_string() {
                    signature[time] = json!(format!("2026-{month:02}-1{hour}T0{hour}:30:00+07:00"));
                }
            }
            if is_valid {
                signature["indication"] = json!("TOTAL-PASSED");
                signature["sub_indication"] = Value::Null;
            }
            if place == 0 && signature["signer"].is_object() {
                signature["signer"]["common_name"] = json!(name);
                signature["signer"]["subject"] =
                    json!(format!("CN={name},O=Trường THCS Nguyễn Du,C=VN"));
                // Everybody got a new certificate in the spring.
                let year = if month > 4 { 0x54 } else { 0x53 };
                signature["signer"]["serial"] =
                    json!(format!("{year:X}00{:02X}", number % NAMES.len()));
            }
        }
    }
    if is_valid && record["workflow"].is_object() {
        held(number, &mut record["workflow"]);
    }
    if is_valid {
        set_apart(number, &mut record);
    }
    record
}

/// What the workflow says of a valid record that is renamed: most are complete, some broken in a known way.
fn held(number: usize, workflow: &mut Value) {
    let (conclusion, broken) = match number {
        _ if number % 37 == 3 => ("violated", Some("workflow.order")),
        _ if number % 41 == 4 => ("violated", Some("workflow.role")),
        _ if number % 43 == 5 => ("incomplete", Some("workflow.complete")),
        _ if number % 61 == 6 => ("violated", Some("workflow.unknown-signature")),
        _ if number % 67 == 8 => ("violated", Some("workflow.signed-twice")),
        _ if number % 71 == 9 => ("complete", Some("workflow.same-signer")),
        _ => ("complete", None),
    };
    workflow["conclusion"] = json!(conclusion);
    let steps = workflow["steps"].as_array_mut();
    let last = steps
        .as_ref()
        .map_or(0, |steps| steps.len().saturating_sub(1));
    for (place, step) in steps.into_iter().flatten().enumerate() {
        let is_missing = conclusion == "incomplete" && place == last;
        step["state"] = json!(if is_missing { "missing" } else { "done" });
    }
    for finding in workflow["findings"].as_array_mut().into_iter().flatten() {
        let is_broken = broken.is_some_and(|rule| finding["rule"] == rule);
        finding["outcome"] = json!(if is_broken { "fail" } else { "pass" });
    }
}

/// What the summary tells apart: signers whom no root vouches for, times that are claimed alone,
/// workflows that nobody named, seals of persons and seals that are not seen.
fn set_apart(number: usize, record: &mut Value) {
    let last = record["signatures"]
        .as_array()
        .map_or(0, |all| all.len().saturating_sub(1));
    match number {
        _ if number % 211 == 12 => {
            record["signatures"][0]["signer"]["common_name"] = json!("Không Ai Biết");
            record["signatures"][0]["signer"]["serial"] = json!("0666");
            record["signatures"][0]["trust_anchor"] = Value::Null;
        }
        // In autumn: behind the end of the period, where there is one.
        _ if number % 18 == 8 => {
            for signature in record["signatures"].as_array_mut().into_iter().flatten() {
                signature["best_signature_time"] = Value::Null;
            }
        }
        _ if number % 223 == 15 => record["archive"]["workflow_by"] = json!("likeness"),
        _ if number % 227 == 16 => {
            record["workflow"] = Value::Null;
            record["archive"]["workflows_open"] = json!(["hoc-ba-thcs-thpt", "hoc-ba-tieu-hoc"]);
        }
        _ if number % 229 == 17 => {
            record["signatures"][last]["signer"]["kind"] = json!("person");
            record["signatures"][last]["field"] = json!("ConDau");
        }
        _ if number % 233 == 18 => record["signatures"][last]["placed"] = Value::Null,
        _ => {}
    }
}
