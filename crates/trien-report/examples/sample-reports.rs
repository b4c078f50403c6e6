//! What the tests of the reports in `web/tests` look at: a large archive, and a small one of real
//! files with pictures and hostile names.
//!
//! `sample-reports FOLDER` makes `FOLDER/large.html`, `FOLDER/period.html`, `FOLDER/small.html`,
//! `FOLDER/small.csv`, `FOLDER/small.pdf` and `FOLDER/manifest.pdf`.
//! The large archive's records are those of the small one under other names, signers and months; that
//! of `period.html` has some that do not belong to the period asked about.

#![allow(
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::field_reassign_with_default,
    clippy::too_many_lines,
    clippy::type_complexity,
    clippy::wildcard_enum_match_arm,
    reason = "makes samples for tests"
)]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use trien::appearance::{EmbeddedFont, FontFace, Image, ImagePlace, Mark};
use trien::archive::{ArchiveRecord, Manifest, Question, RecordKind, RecordLine, Tally};
use trien::mark::SerifFont;
use trien::token::SoftKey;
use trien::trust::{FolderLimits, TrustAnchors};
use trien::{
    Document, DocumentConclusion, Drawing, Limits, SignatureRequest, UnixTime, Verification,
    WhereShown, Workflow, judge_workflow,
};
use trien_report::{
    DrawRequest, HtmlReport, HtmlSettings, Illustrator, Language, PdfReport, Record, Separator,
    Spreadsheet, Summary, Thumbnails, draw_if_asked,
};
use trien_testkit::attacks;
use trien_testkit::pki::{PkiSettings, Role, TestPki};
use trien_testkit::records::{
    Conformance, Picture, SignatureFields, SignaturePlace, SystemFonts, class_reports,
    school_report,
};
use trien_testkit::structures::{Structure, write};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// 2026-05-31T08:00:00+07:00: inside every validity of the test PKI.
const SIGNED_AT: i64 = 1_780_189_200;

const DAY: i64 = 86_400;

/// Records of the large archive.
const LARGE: usize = 10_000;

/// Records of the archive some of which are outside the period.
const PERIOD: usize = 360;

/// Altered files of the small archive.
const ALTERED: usize = 14;

/// Pages of the file of a whole class, each with a signature.
const CLASS: u16 = 44;

/// As long as names of people and files get.
const LONG_NAME: &str = "Công Tằng Tôn Nữ Nguyễn Phúc Thị Thanh Phương Hoài Uyên";
const LONG_FILE: &str = "2026/hoc-ba/Học bạ cả lớp 6A1 năm học 2025–2026 do cô Công Tằng Tôn Nữ \
    Nguyễn Phúc Thị Thanh Phương Hoài Uyên chủ nhiệm, bản chính thức sau khi rà soát.pdf";

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
    let records: Vec<&Record> = small.iter().map(|(record, _)| record).collect();
    let summary = summary(&records, "2026-06-30")?;
    let settings = HtmlSettings::new(Language::Vi).titled("Trường THCS Nguyễn Du");
    let out = BufWriter::new(File::create(folder.join("small.html"))?);
    let mut html = HtmlReport::begin(out, &settings)?;
    let out = BufWriter::new(File::create(folder.join("small.csv"))?);
    let mut csv = Spreadsheet::begin(out, Language::Vi, Separator::Comma)?;
    let mut illustrator = Illustrator::new(Thumbnails::All)?;
    for (number, (record, octets)) in small.iter().enumerate() {
        html.record(record, &[])?;
        illustrator.begin(number, record, || {
            let mut file = tempfile::tempfile()?;
            file.write_all(octets)?;
            Ok(file)
        });
        while let Some((number, pictures)) = illustrator.next_due() {
            html.pictures(number, &pictures)?;
        }
        csv.record(record)?;
    }
    while let Some((number, pictures)) = illustrator.next_left() {
        html.pictures(number, &pictures)?;
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

    let manifest = Manifest::new(summary.judged_at, &summary.profile, 2, Vec::new());
    let written = trien_report::manifest(&manifest, &SerifFont::find()?, Language::Vi)?;
    std::fs::write(folder.join("manifest.pdf"), written)?;

    for (name, count, last_day) in [
        ("large", LARGE, "2026-12-31"),
        ("period", PERIOD, "2026-06-30"),
    ] {
        let mut records = Vec::new();
        for number in 0..count {
            let (record, _) = small
                .get(if number.rem_euclid(49) == 7 {
                    number.rem_euclid(small.len())
                } else {
                    0
                })
                .ok_or("no record")?;
            records.push(serde_json::from_value::<Record>(renamed(
                number,
                serde_json::to_value(record)?,
            ))?);
        }
        let summary = self::summary(&records.iter().collect::<Vec<_>>(), last_day)?;
        let out = BufWriter::new(File::create(folder.join(format!("{name}.html")))?);
        let mut html = HtmlReport::begin(out, &settings)?;
        for record in &records {
            html.record(record, &[])?;
        }
        html.finish(&summary)?;
    }
    Ok(())
}

/// A school report of three signatures, altered ones, a class's with a signature on each of its
/// pages, an unsigned scan, no PDF at all, and a record
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
    let roles = [Role::HomeroomTeacher, Role::Principal, Role::SchoolSeal];
    let places: Vec<_> = roles.into_iter().zip(&made.places).collect();
    let signed = signed(&pki, unsigned.clone(), &places)?;
    let mut files = vec![("2026/hoc-ba/6A1-01 Bùi Văn Ánh.pdf".to_owned(), signed)];
    for attack in attacks::all(&pki, &foreign).into_iter().take(ALTERED) {
        files.push((format!("2026/hoc-ba/bi-sua/{}.pdf", attack.id), attack.file));
    }
    let class = class_reports(CLASS, SignatureFields::Absent, Conformance::PdfA2b)?;
    let places: Vec<_> = class
        .places
        .iter()
        .filter(|place| place.field.starts_with("GiaoVien"))
        .map(|place| (Role::HomeroomTeacher, place))
        .collect();
    let unsigned_class = write(&class.document, Structure::ClassicTable);
    files.push((
        LONG_FILE.to_owned(),
        self::signed(&pki, unsigned_class, &places)?,
    ));
    files.push(("2026/phieu-khao-sat/bản quét.pdf".to_owned(), unsigned));
    files.push(("2026/hỏng.pdf".to_owned(), b"no PDF at all".to_vec()));
    let workflow = Workflow::ready("hoc-ba-thcs-thpt")?.ok_or("no workflow")?;
    files
        .into_iter()
        .map(|(name, octets)| {
            let report = trien::verify(&octets, &verification);
            let mut archive = ArchiveRecord::default();
            archive.octets = octets.len().try_into()?;
            archive.pages = Document::open(&octets, &Limits::default())
                .ok()
                .and_then(|document| document.page_count());
            if report.conclusion == DocumentConclusion::Unsigned {
                archive.kind = RecordKind::Scan;
            }
            let held = judge_workflow(&report, &workflow);
            let held = (archive.kind == RecordKind::Record).then_some(&held);
            let mut record = RecordLine::of(&name, &report, held, &archive)?.record()?;
            for signer in record.signatures.iter_mut().flat_map(|one| &mut one.signer) {
                if name == LONG_FILE {
                    signer.common_name = Some(LONG_NAME.to_owned());
                }
            }
            Ok((record, octets))
        })
        .chain(std::iter::once_with(|| hostile(&verification)))
        .collect()
}

/// Signed in these places, a minute after another.
fn signed(
    pki: &TestPki,
    mut file: Vec<u8>,
    places: &[(Role, &SignaturePlace)],
) -> Outcome<Vec<u8>> {
    for (minute, (role, place)) in (0_i64..).zip(places) {
        let identity = pki.identity(*role)?;
        let mut key = SoftKey::new(identity.key().to_owned(), &identity.path_der()?)?;
        let time = UnixTime::from_seconds(SIGNED_AT).plus_seconds(minute * 60);
        let (drawing, corner) = mark(*role, place)?;
        let request = SignatureRequest::new(&place.field, time)
            .with_reason("Xác nhận học bạ")
            .shown(WhereShown::on_page(place.page, corner, drawing));
        let document = Document::open(&file, &Limits::default())?;
        file = trien::sign(&document, &mut key, request)?.to_vec();
    }
    Ok(file)
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
    // Ten thousand copies of one file would all be the same.
    record["archive"]["sha256"] = json!(format!("{:064x}", number / 2 * 2));
    if number % 500 != 1 {
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
    record
}

/// What the workflow says of a valid record that is renamed: most are complete, some broken in a known way.
fn held(number: usize, workflow: &mut Value) {
    let (conclusion, broken) = match number {
        _ if number % 37 == 3 => ("violated", Some("workflow.order")),
        _ if number % 41 == 4 => ("violated", Some("workflow.role")),
        _ if number % 43 == 5 => ("incomplete", Some("workflow.complete")),
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

/// The numbers of these records for a period that ends on this day.
fn summary(records: &[&Record], last_day: &str) -> Outcome<Summary> {
    let mut question = Question::default();
    question.from = Some(UnixTime::from_rfc3339("2025-09-01T00:00:00+07:00")?);
    question.to = Some(UnixTime::from_rfc3339(&format!(
        "{last_day}T23:59:59+07:00"
    ))?);
    question.provable_until = Some(UnixTime::from_seconds(SIGNED_AT + 3 * 365 * DAY));
    let mut tally = Tally::new(question);
    for record in records {
        tally.add(record);
    }
    let judged_at = UnixTime::from_seconds(SIGNED_AT).plus_seconds(30 * DAY);
    Ok(tally.finish(judged_at, "tt41_2017", 2))
}
