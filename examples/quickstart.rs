//! The whole road on one machine: makes tokens, a test PKI with its services and a học bạ; signs
//! as homeroom teacher, countersigns as principal, seals as clerk; archives with evidence and time
//! stamps; verifies as an inspector would, offline; and says where the files are.
//!
//! `quickstart [FOLDER]`, `target/demo` when none is named. Exit status: 0 when every signature
//! is valid, 2 otherwise.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program prints; the library it shows does not"
)]

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use trien::appearance::{EmbeddedFont, FontFace, Image, ImagePlace, Mark};
use trien::net::{AddressPolicy, HttpSettings, HttpTransport};
use trien::token::{CertificateSelector, FinalTry, Module, Pin, PinSource};
use trien::trust::{AnchorFolder, FolderLimits, TrustAnchors};
use trien::{
    Document, DocumentConclusion, Drawing, EvidenceSearch, ExtensionLevel, ExtensionRequest,
    Limits, MappedFile, SignatureKindFact, SignatureRequest, TimeStampAuthority, UnixTime,
    Verification, WhereShown,
};
use trien_examples::{Ending, clock, document_words, print_chain, signature_lines};
use trien_testkit::pki::{PkiSettings, Role, TestPki, Validity};
use trien_testkit::records::{
    Conformance, Picture, SignatureFields, SignaturePlace, SystemFonts, school_report,
};
use trien_testkit::services::LiveServices;
use trien_testkit::structures::{Structure, write};
use trien_testkit::tokens::{
    CONFIG_VARIABLE, FillRequest, Filler, TEST_PIN, TokenSet, fill_if_asked, softhsm_module,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

const DAY: i64 = 86_400;

/// Who signs what, in the order of the Circular: the seal comes last.
const STEPS: [(Role, &str, &str); 3] = [
    (
        Role::HomeroomTeacher,
        "Giáo viên chủ nhiệm",
        "hoc-ba-1-gvcn.pdf",
    ),
    (Role::Principal, "Hiệu trưởng", "hoc-ba-2-hieu-truong.pdf"),
    (
        Role::SchoolSeal,
        "Con dấu của trường",
        "hoc-ba-3-con-dau.pdf",
    ),
];

/// With evidence and time stamps, for the archive.
const ARCHIVED: &str = "hoc-ba-4-luu-tru.pdf";

/// How long after the first signature the file is archived, in seconds.
const ARCHIVED_AFTER: i64 = 10;

/// Tells the child where time stamps are had.
const AUTHORITY_VARIABLE: &str = "TRIEN_DEMO_AUTHORITY";

fn main() -> ExitCode {
    match run() {
        Ok(ending) => ending.into(),
        Err(error) => {
            print_chain("quickstart", error.as_ref());
            Ending::Unable.into()
        }
    }
}

fn run() -> Outcome<Ending> {
    // SoftHSM takes its configuration from the environment when it is loaded: this program fills
    // the tokens and uses them in children of its own that have it.
    if fill_if_asked()? == FillRequest::Filled {
        return Ok(Ending::Well);
    }
    if std::env::args_os()
        .skip(1)
        .any(|argument| argument.to_string_lossy().starts_with('-'))
    {
        println!("quickstart [FOLDER]   (target/demo)");
        return Ok(Ending::Well);
    }
    let folder = std::env::args_os()
        .nth(1)
        .map_or_else(|| PathBuf::from("target/demo"), PathBuf::from);
    if std::env::var_os(CONFIG_VARIABLE).is_some_and(|value| Path::new(&value).starts_with(&folder))
    {
        return walk(&folder, clock());
    }
    let now = clock();
    fs::create_dir_all(&folder)?;
    let services = LiveServices::start_with(&folder.join("pki"), settings(now), now)?;
    let config = set_up(&folder, &services.pki)?;
    let relative = folder.join(config.strip_prefix(fs::canonicalize(&folder)?)?);
    services.set_time(clock().plus_seconds(ARCHIVED_AFTER));
    let status = Command::new(std::env::current_exe()?)
        .arg(&folder)
        .env(CONFIG_VARIABLE, relative)
        .env(AUTHORITY_VARIABLE, services.time_stamps.url())
        .status()?;
    Ok(if status.success() {
        Ending::Well
    } else {
        Ending::Unable
    })
}

/// Roots and tokens; gives SoftHSM's configuration file.
fn set_up(folder: &Path, pki: &TestPki) -> Outcome<PathBuf> {
    let tokens = folder.join("softhsm");
    if tokens.exists() {
        fs::remove_dir_all(&tokens)?;
    }
    let anchors = folder.join("anchors");
    pki.write_anchors(&anchors)?;
    println!(
        "PKI thử nghiệm / test PKI: {}",
        folder.join("pki").display()
    );
    let set = TokenSet::of_school(&tokens, pki, &Filler::ThisProgram)?;
    println!(
        "Thiết bị SoftHSM / SoftHSM tokens: {} (PIN {TEST_PIN})",
        tokens.display()
    );
    Ok(set.config_path)
}

/// Certificates around the present, so that the demo works in any year. Whole days, so that the
/// roots of one day are the same in every run.
fn settings(now: UnixTime) -> PkiSettings {
    let today = now.plus_seconds(now.seconds().rem_euclid(DAY).saturating_neg());
    let around = |before: i64, after: i64| {
        let shift = |days: i64| today.plus_seconds(days.saturating_mul(DAY));
        Validity::new(shift(before.saturating_neg()), shift(after))
    };
    let mut settings = PkiSettings::default();
    settings.roots = around(3_650, 3_650);
    settings.authorities = around(1_000, 1_825);
    settings.leaves = around(30, 1_000);
    settings
}

fn walk(folder: &Path, now: UnixTime) -> Outcome<Ending> {
    let record = school_report(4, SignatureFields::Absent, Conformance::PdfA2b)?;
    let mut input = folder.join("hoc-ba-0-chua-ky.pdf");
    trien::write_new_file(
        &input,
        None,
        &[&write(&record.document, Structure::ClassicTable)],
    )?;
    println!(
        "Học bạ chưa ký / the unsigned record: {}\n",
        input.display()
    );
    for (index, ((role, who, name), place)) in (0_i64..).zip(STEPS.iter().zip(&record.places)) {
        let output = folder.join(name);
        // Signed one after the other, as people do.
        let time = now.plus_seconds(index);
        sign(&input, &output, *role, place, time)?;
        println!("Đã ký / signed: {who} → {}", output.display());
        input = output;
    }
    let archived = folder.join(ARCHIVED);
    archive(folder, &input, &archived, now.plus_seconds(ARCHIVED_AFTER))?;
    println!("Đã lưu trữ / archived: {}", archived.display());
    judge(folder, &archived, now.plus_seconds(DAY))
}

/// Level B-LTA: the evidence about every certificate, and a document time stamp over all of it.
fn archive(folder: &Path, input: &Path, output: &Path, time: UnixTime) -> Outcome<()> {
    let url = std::env::var(AUTHORITY_VARIABLE)?;
    let file = MappedFile::open(input)?;
    let roots = TrustAnchors::read_dir(&folder.join("anchors"), &FolderLimits::default())?;
    // The services of the demo are on this machine, which a certificate may else not point at.
    let mut http = HttpSettings::default();
    http.addresses = AddressPolicy::AllowPrivate;
    let transport = HttpTransport::new(http);
    let search = EvidenceSearch::new(&roots.anchors, time, &transport);
    let request =
        ExtensionRequest::new(ExtensionLevel::BLta, search).stamped_by(TimeStampAuthority::at(url));
    let extended = trien::extend(&file, &request, &Limits::default())?;
    extended.document.write_to(output, Some(input))?;
    Ok(())
}

fn sign(
    input: &Path,
    output: &Path,
    role: Role,
    place: &SignaturePlace,
    time: UnixTime,
) -> Outcome<()> {
    let file = MappedFile::open(input)?;
    let document = Document::open(&file, &Limits::default())?;
    let token = Module::load(&softhsm_module()?)?.token_labelled(role.label())?;
    let pin = PinSource::Pin(Pin::from_text(TEST_PIN.to_owned())?);
    let mut key = token.open_key(&CertificateSelector::Only, pin, FinalTry::Refuse)?;
    let (drawing, corner) = mark(role, place)?;
    let request = SignatureRequest::new(&place.field, time)
        .with_reason(if role == Role::SchoolSeal {
            "Phát hành học bạ"
        } else {
            "Xác nhận học bạ"
        })
        .shown(WhereShown::on_page(place.page, corner, drawing));
    trien::sign(&document, &mut key, request)?.write_to(output, Some(input))?;
    Ok(())
}

/// The mark on the page, as NĐ 30/2020 has it: the image alone, handwriting in blue, the seal in
/// red.
fn mark(role: Role, place: &SignaturePlace) -> Outcome<(Drawing, (f32, f32))> {
    let [left, bottom, right, top] = place.rectangle;
    let picture = if role == Role::SchoolSeal {
        Picture::seal(300)
    } else if role == Role::Principal {
        Picture::handwriting(11, 160)
    } else {
        Picture::handwriting(7, 160)
    };
    let mark = Mark::new(right - left, top - bottom)?
        .with_image(Image::parse(&picture.to_png()?)?, ImagePlace::Behind);
    let fonts = SystemFonts::find()?;
    let face = FontFace::parse(&fonts.regular, 0)?;
    let font = EmbeddedFont::new(&face, mark.texts())?;
    Ok((Drawing::new(mark, font), (left, bottom)))
}

fn judge(folder: &Path, path: &Path, time: UnixTime) -> Outcome<Ending> {
    let AnchorFolder {
        anchors, problems, ..
    } = TrustAnchors::read_dir(&folder.join("anchors"), &FolderLimits::default())?;
    for problem in &problems {
        print_chain("quickstart", problem);
    }
    let file = MappedFile::open(path)?;
    let report = trien::verify(&file, &Verification::new(&anchors, time));
    println!(
        "\n{}: {}",
        path.display(),
        document_words(report.conclusion, report.language)
    );
    for (number, signature) in (1_usize..).zip(&report.signatures) {
        for line in signature_lines(number, signature, &report) {
            println!("{line}");
        }
    }
    println!(
        "\nChứng thư số gốc thử nghiệm / test roots: {}",
        folder.join("anchors").display()
    );
    // Document time stamps are signatures of nobody.
    let signed = report
        .signatures
        .iter()
        .filter(|signature| signature.facts.kind == SignatureKindFact::Approval)
        .count();
    if signed == STEPS.len() && report.conclusion == DocumentConclusion::Valid {
        println!("{signed} chữ ký hợp lệ / {signed} valid signatures");
        Ok(Ending::Well)
    } else {
        Ok(Ending::Unable)
    }
}
