//! What the tests of the reports in `web/tests` look at: a large archive, and a small one of real
//! files with pictures and hostile names.
//!
//! `sample-reports FOLDER` makes `FOLDER/large.html`, `FOLDER/small.html`, `FOLDER/small.csv`
//! and `FOLDER/small.pdf`.
//! The large archive's records are those of the small one under other names, signers and months.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::field_reassign_with_default,
    clippy::too_many_lines,
    clippy::type_complexity,
    clippy::wildcard_enum_match_arm,
    reason = "makes samples for tests"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use trien::appearance::{EmbeddedFont, FontFace, Image, ImagePlace, Mark};
use trien::archive::{ArchiveRecord, RecordKind, RecordLine};
use trien::mark::SerifFont;
use trien::token::SoftKey;
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{
    Document, DocumentConclusion, Drawing, Limits, SignatureRequest, UnixTime, Verification,
    WhereShown,
};
use trien_report::{
    DrawRequest, HtmlReport, HtmlSettings, Illustrator, Language, PdfReport, Record, Separator,
    Spreadsheet, Summary, Thumbnails, draw_if_asked,
};
use trien_testkit::attacks;
use trien_testkit::pki::{PkiSettings, Role, TestPki};
use trien_testkit::records::{
    Conformance, Picture, SignatureFields, SignaturePlace, SystemFonts, school_report,
};
use trien_testkit::structures::{Structure, write};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// 2026-05-31T08:00:00+07:00: inside every validity of the test PKI.
const SIGNED_AT: i64 = 1_780_189_200;

const DAY: i64 = 86_400;

/// Records of the large archive.
const LARGE: usize = 10_000;

/// Altered files of the small archive.
const ALTERED: usize = 14;

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

/// What nobody calls a file or himself who means well.
const HOSTILE: &str = "</script><script>window.hurt=1</script><img src=x onerror=window.hurt=1>";

fn main() -> ExitCode {
    if let DrawRequest::Ended(status) = draw_if_asked(std::env::args_os().skip(1)) {
        return ExitCode::from(status);
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "sample-reports: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let folder = std::env::args_os()
        .nth(1)
        .ok_or("usage: sample-reports FOLDER")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let small = real_records(folder)?;
    let summary = summary(&small.iter().map(|(record, _)| record).collect::<Vec<_>>())?;
    let settings = HtmlSettings::new(Language::Vi).titled("Trường THCS Nguyễn Du");
    let out = BufWriter::new(File::create(folder.join("small.html"))?);
    let mut html = HtmlReport::begin(out, &settings)?;
    let out = BufWriter::new(File::create(folder.join("small.csv"))?);
    let mut csv = Spreadsheet::begin(out, Language::Vi, Separator::Comma)?;
    let mut illustrator = Illustrator::new(Thumbnails::All)?;
    for (record, octets) in &small {
        let mut file = tempfile::tempfile()?;
        file.write_all(octets)?;
        html.record(record, &illustrator.pictures(record, &file))?;
        csv.record(record)?;
    }
    html.finish(&summary)?;
    csv.finish()?.flush()?;
    let mut pdf = PdfReport::new(Language::Vi, settings.title.clone());
    for (record, _) in &small {
        pdf.record(record);
    }
    std::fs::write(
        folder.join("small.pdf"),
        pdf.write(&summary, &SerifFont::find()?)?,
    )?;

    let mut large = Vec::new();
    for number in 0..LARGE {
        let (record, _) = small
            .get(if number.rem_euclid(50) == 7 {
                number.rem_euclid(small.len())
            } else {
                0
            })
            .ok_or("no record")?;
        large.push(serde_json::from_value::<Record>(renamed(
            number,
            serde_json::to_value(record)?,
        ))?);
    }
    let summary = self::summary(&large.iter().collect::<Vec<_>>())?;
    let out = BufWriter::new(File::create(folder.join("large.html"))?);
    let mut html = HtmlReport::begin(out, &settings)?;
    for record in &large {
        html.record(record, &[])?;
    }
    html.finish(&summary)?;
    Ok(())
}

/// A school report of three signatures, altered ones, an unsigned scan, no PDF at all, and a record
/// whose texts are hostile.
fn real_records(folder: &Path) -> Outcome<Vec<(Record, Vec<u8>)>> {
    let pki = TestPki::open_or_make(&folder.join("pki"), PkiSettings::default())?;
    let foreign = TestPki::open_or_make(&folder.join("foreign"), PkiSettings::default())?;
    pki.write_anchors(&folder.join("anchors"))?;
    let anchors =
        TrustAnchors::read_dir(&folder.join("anchors"), &FolderLimits::default())?.anchors;
    let judged_at = UnixTime::from_seconds(SIGNED_AT).plus_seconds(30 * DAY);
    let verification = Verification::new(&anchors, judged_at);

    let made = school_report(2, SignatureFields::Absent, Conformance::PdfA2b)?;
    let unsigned = write(&made.document, Structure::ClassicTable);
    let mut signed = unsigned.clone();
    for ((minute, role), place) in (0_i64..)
        .zip([Role::HomeroomTeacher, Role::Principal, Role::SchoolSeal])
        .zip(&made.places)
    {
        let identity = pki.identity(role)?;
        let mut key = SoftKey::new(identity.key().to_owned(), &identity.path_der()?)?;
        let time = UnixTime::from_seconds(SIGNED_AT).plus_seconds(minute * 60);
        let (drawing, corner) = mark(role, place)?;
        let request = SignatureRequest::new(&place.field, time)
            .with_reason("Xác nhận học bạ")
            .shown(WhereShown::on_page(place.page, corner, drawing));
        let document = Document::open(&signed, &Limits::default())?;
        signed = trien::sign(&document, &mut key, request)?.to_vec();
    }
    let mut files = vec![("2026/hoc-ba/6A1-01 Bùi Văn Ánh.pdf".to_owned(), signed)];
    for attack in attacks::all(&pki, &foreign).into_iter().take(ALTERED) {
        files.push((format!("2026/hoc-ba/bi-sua/{}.pdf", attack.id), attack.file));
    }
    files.push(("2026/phieu-khao-sat/bản quét.pdf".to_owned(), unsigned));
    files.push(("2026/hỏng.pdf".to_owned(), b"no PDF at all".to_vec()));
    files
        .into_iter()
        .map(|(name, octets)| {
            let report = trien::verify(&octets, &verification);
            let mut archive = ArchiveRecord::default();
            archive.octets = octets.len().try_into()?;
            archive.pages = Some(2);
            if report.conclusion == DocumentConclusion::Unsigned {
                archive.kind = RecordKind::Scan;
            }
            let line = RecordLine::of(&name, &report, None, &archive)?;
            Ok((line.record()?, octets))
        })
        .chain(std::iter::once_with(|| hostile(&verification)))
        .collect()
}

/// Handwriting, or the seal.
fn mark(role: Role, place: &SignaturePlace) -> Outcome<(Drawing, (f32, f32))> {
    let [left, bottom, right, top] = place.rectangle;
    let picture = if role == Role::SchoolSeal {
        Picture::seal(200)
    } else {
        Picture::handwriting(7, 160)
    };
    let mark = Mark::new(right - left, top - bottom)?
        .with_image(Image::parse(&picture.to_png()?)?, ImagePlace::Behind);
    let fonts = SystemFonts::find()?;
    let font = EmbeddedFont::new(&FontFace::parse(&fonts.regular, 0)?, mark.texts())?;
    Ok((Drawing::new(mark, font), (left, bottom)))
}

/// A record every text of which is hostile.
fn hostile(verification: &Verification<'_>) -> Outcome<(Record, Vec<u8>)> {
    let report = trien::unreadable(format!("=1+1 {HOSTILE}"), verification);
    let mut archive = ArchiveRecord::default();
    archive.category = Some(trien::archive::CategoryRecord::new("\"><b>", HOSTILE));
    archive.weakest = Some(HOSTILE.to_owned());
    let line = RecordLine::of(
        &format!("=cmd|'/c calc'!A1{HOSTILE}\u{202E}fdp.pdf"),
        &report,
        None,
        &archive,
    )?;
    Ok((line.record()?, b"nothing".to_vec()))
}

/// The same record in another place, by another teacher, in another month.
fn renamed(number: usize, mut record: Value) -> Value {
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
    // The sample's revocation is not known, as on a machine without a network: here it is.
    let is_valid = record["document"]["conclusion"] == "indeterminate" && number % 50 != 7;
    if is_valid {
        record["document"]["conclusion"] = json!("valid");
    }
    if let Some(signatures) = record["signatures"].as_array_mut() {
        for (place, signature) in signatures.iter_mut().enumerate() {
            for time in ["claimed_signing_time", "best_signature_time"] {
                if signature[time].is_string() {
                    signature[time] =
                        json!(format!("2026-{month:02}-1{place}T0{place}:30:00+07:00"));
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
                signature["signer"]["serial"] = json!(format!("5400{:02X}", number % NAMES.len()));
            }
        }
    }
    record
}

/// The numbers of these records, as far as the report shows them.
fn summary(records: &[&Record]) -> Outcome<Summary> {
    let count = |wanted: DocumentConclusion| {
        records
            .iter()
            .filter(|record| record.document.conclusion == wanted)
            .count()
    };
    let mut months: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    let mut people: BTreeMap<(String, String), (Option<String>, Vec<&str>)> = BTreeMap::new();
    let mut categories: BTreeMap<(String, String), Vec<&Record>> = BTreeMap::new();
    for record in records {
        let category = record.archive.category.as_ref();
        let category = category
            .map(|of| (of.id.clone(), of.title.clone()))
            .unwrap_or_default();
        categories.entry(category).or_default().push(record);
        for signature in &record.signatures {
            if let Some(signer) = &signature.signer {
                let key = (signer.subject.clone(), signer.serial.clone());
                let entry = people
                    .entry(key)
                    .or_insert_with(|| (signer.common_name.clone(), vec![]));
                entry.1.push(&record.file);
            }
            if let Some(time) = signature.time() {
                let month = time
                    .to_rfc3339(trien::UtcOffset::VIETNAM)
                    .get(..7)
                    .unwrap_or_default()
                    .to_owned();
                let place = match record.document.conclusion {
                    DocumentConclusion::Valid => 0,
                    DocumentConclusion::Invalid => 1,
                    _ => 2,
                };
                months.entry(month).or_default()[place] += 1;
            }
        }
    }
    let unsigned = |of: &[&Record]| -> Vec<String> {
        let unsigned = of.iter().filter(|record| {
            record.signatures.is_empty() && record.archive.kind == RecordKind::Record
        });
        unsigned.map(|record| record.file.clone()).collect()
    };
    let scans = |of: &[&Record]| {
        of.iter()
            .filter(|record| record.archive.kind == RecordKind::Scan)
            .count()
    };
    let categories: Vec<Value> = categories.iter().map(|((id, title), of)| {
        let missing = unsigned(of);
        let signed = of.len() - missing.len() - scans(of);
        let due = of.len() - scans(of);
        json!({"id": id, "title": title, "files": of.len(), "signed": signed, "scans": scans(of),
            "valid": of.iter().filter(|record| record.document.conclusion == DocumentConclusion::Valid).count(),
            "share": if due == 0 { 0.0 } else { f64::from(u32::try_from(signed).unwrap_or(0)) / f64::from(u32::try_from(due).unwrap_or(1)) },
            "files_unsigned": missing})
    }).collect();
    let failing: Vec<&str> = records
        .iter()
        .filter(|record| record.document.conclusion == DocumentConclusion::Invalid)
        .map(|record| record.file.as_str())
        .collect();
    let people: Vec<Value> = people
        .into_iter()
        .map(|((subject, serial), (name, files))| {
            json!({
        "subject": subject, "serial": serial, "common_name": name, "signatures": files.len(),
        "files": files, "used_in_period": true})
        })
        .collect();
    let summary = json!({
        "schema": "trien.archive/1", "judged_at": "2026-06-30T08:00:00+07:00",
        "from": "2025-09-01T00:00:00+07:00", "to": "2026-06-30T23:59:59+07:00",
        "profile": "tt41_2017", "anchors": 2,
        "counts": {"files": records.len(), "valid": count(DocumentConclusion::Valid),
            "invalid": count(DocumentConclusion::Invalid),
            "indeterminate": count(DocumentConclusion::Indeterminate),
            "unsigned": count(DocumentConclusion::Unsigned),
            "unreadable": count(DocumentConclusion::Unreadable), "scans": scans(records),
            "duplicates": 2, "late": records.iter().filter(|record| record.archive.late == Some(true)).count(),
            "signatures": records.iter().map(|record| record.signatures.len()).sum::<usize>()},
        "schools": [{"school": null,
            "staff": {"listed": 48, "with_certificate": 45, "used": people.len(), "people": people},
            "categories": categories,
            "procedure": [{"workflow": "hoc-ba-thcs-thpt", "files": records.len(), "complete": records.len() - failing.len(),
                "incomplete": 0, "out_of_order": 0, "wrong_authority": 0, "files_failing": failing}],
            "online": {"due": records.len() - scans(records), "signed_by_authority": count(DocumentConclusion::Valid), "scans": scans(records), "files_missing": unsigned(records)},
            "norm": {"sealed": records.len() - scans(records), "seal_certificate_organisation": records.len() - scans(records), "visible_seal": 0, "mark_rules_failed": 0, "files_failing": failing}}],
        "by_month": months.into_iter().map(|(month, [valid, invalid, indeterminate])| json!({"month": month, "valid": valid, "invalid": invalid, "indeterminate": indeterminate})).collect::<Vec<_>>(),
        "duplicates": [{"sha256": "00".repeat(32), "files": records.iter().take(2).map(|record| &record.file).collect::<Vec<_>>()}],
        "ageing": records.iter().take(3).map(|record| json!({"before": "2027-01-01T00:00:00+07:00", "file": record.file, "provable_until": "2026-12-01T00:00:00+07:00", "weakest": "Chứng thư số của người ký hết hạn"})).collect::<Vec<_>>(),
    });
    Ok(serde_json::from_value(summary)?)
}
