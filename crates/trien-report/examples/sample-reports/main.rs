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

use trien::appearance::{EmbeddedFont, FontFace, Image, ImagePlace, Mark};
use trien::archive::{
    ArchiveRecord, Manifest, ManifestCheck, ManifestCount, Question, RecordKind, RecordLine, Tally,
};
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

mod renamed;

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

/// What no program reads.
const BROKEN: &str = "2026/hỏng.pdf";

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

    let manifest = Manifest::new(summary.judged_at, &summary.profile, 2, Vec::new())?;
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
                    // The last two say what only the small archive is asked.
                    number.rem_euclid(small.len() - 2)
                } else {
                    0
                })
                .ok_or("no record")?;
            records.push(serde_json::from_value::<Record>(renamed::renamed(
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
    files.push((BROKEN.to_owned(), b"no PDF at all".to_vec()));
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
        .chain(std::iter::once_with(|| twin(&verification)))
        .chain(std::iter::once_with(|| unreachable(&verification)))
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

/// A file that has the name of another in a folder of its own.
fn twin(verification: &Verification<'_>) -> Outcome<(Record, Vec<u8>)> {
    let report = trien::unreadable("tệp không phải PDF".to_owned(), verification);
    let name = BROKEN.replace("2026/", "2026/hoc-ba/");
    let line = RecordLine::of(&name, &report, None, &ArchiveRecord::default())?;
    Ok((line.record()?, b"nothing".to_vec()))
}

/// A folder that nobody may look into: no file of any category.
fn unreachable(verification: &Verification<'_>) -> Outcome<(Record, Vec<u8>)> {
    let report = trien::unreadable("không có quyền xem thư mục".to_owned(), verification);
    let mut archive = ArchiveRecord::default();
    archive.kind = RecordKind::Unreachable;
    let line = RecordLine::of("2026/bị khóa", &report, None, &archive)?;
    Ok((line.record()?, Vec::new()))
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
    let mut summary = tally.finish(judged_at, "tt41_2017", 2);
    let kinds = [(".docx", 12), (".jpg", 3), ("%PDF-", 1), ("link", 2)];
    summary.left_out = kinds
        .map(|(kind, count)| (kind.to_owned(), count))
        .into_iter()
        .collect();
    // The disc lost a file since it was handed over, and others were put there and changed.
    let mut check = ManifestCheck::default();
    check.missing = vec!["hoc-ba/6A1-02 Đặng Thị Bích.pdf".to_owned()];
    let mut places = records.iter().map(|record| record.file.clone());
    check.places_added = places.by_ref().take(2).collect();
    check.places_changed = places.by_ref().take(2).collect();
    check.places_uncompared = places.by_ref().take(1).collect();
    check.places_judged_otherwise = places.by_ref().take(1).collect();
    // Another file has its name in another folder.
    check
        .places_changed
        .extend(places.find(|place| place == BROKEN));
    let inside = |places: &[String]| {
        let names = places
            .iter()
            .filter_map(|place| place.strip_prefix("2026/"));
        names.map(str::to_owned).collect()
    };
    check.added = inside(&check.places_added);
    check.changed = inside(&check.places_changed);
    check.uncompared = inside(&check.places_uncompared);
    check.judged_otherwise = inside(&check.places_judged_otherwise);
    summary.manifest = Some(ManifestCount::from(&check));
    Ok(summary)
}
