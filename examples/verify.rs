//! Verifies PDF files and folders offline, a verdict per signature, in Vietnamese or English.
//!
//! Exit status: 0 all valid, 1 something is not, 2 something could not be read.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program prints; the library it shows does not"
)]

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use trien::net::AddressPolicy;
use trien::trust::{AnchorFolder, FolderLimits, TrustAnchors};
use trien::{
    DocumentConclusion, Limits, MappedFile, Profile, ProfileChoice, Report, SchoolKind,
    SuppliedEvidence, Transport, UnixTime, Verification, WorkflowConclusion, WorkflowReport,
    judge_workflow,
};
use trien_examples::{
    Ending, Entry, LanguageName, clock, document_words, online, pdf_files, print_chain, printable,
    revision_lines, signature_lines, workflow_lines, workflow_named,
};

/// Kiểm tra chữ ký số trong tệp PDF, không cần mạng. Verifies the signatures of PDF files offline.
///
/// Mã thoát / exit status: 0 tất cả hợp lệ / all valid; 1 có tệp chưa hợp lệ / something is not;
/// 2 có tệp không đọc được / something could not be read.
#[derive(Parser)]
#[command(version)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "flags of a command line are independent of each other"
)]
struct Arguments {
    /// text: cho người đọc / for people; json: một dòng cho mỗi tệp / one line per file
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Thư mục chứng thư số gốc được tin cậy (PEM, DER, .p7b) / folder of trusted roots
    #[arg(long, value_name = "DIR")]
    anchors: Option<PathBuf>,
    /// Bộ quy tắc áp dụng / the rules that judge
    #[arg(long, value_enum, default_value = "tt41_2017")]
    profile: ProfileName,
    /// Tệp TOML điều chỉnh bộ quy tắc / TOML file with an administrator's changes to the rules
    #[arg(long, value_name = "FILE")]
    profile_overrides: Option<PathBuf>,
    /// Thư mục chứng thư số, CRL, OCSP lưu sẵn (.cer .crl .ocsp) / folder of certificates, CRLs and
    /// OCSP responses kept for offline use
    #[arg(long, value_name = "DIR")]
    evidence: Option<PathBuf>,
    /// Không dùng mạng (mặc định) / no network (the default)
    #[arg(long, conflicts_with = "online")]
    offline: bool,
    /// Tải CRL, OCSP và chứng thư số còn thiếu / fetch missing CRLs, OCSP responses and certificates
    #[arg(long)]
    online: bool,
    /// Cho phép kết nối tới địa chỉ nội bộ / let connections lead to private addresses
    #[arg(long, requires = "online")]
    allow_private_addresses: bool,
    /// Thời điểm xét, ví dụ 2026-05-31T08:00:00+07:00; mặc định: bây giờ / time of judgement
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<UnixTime>,
    /// Xét theo quy trình ký: tên quy trình có sẵn hoặc tệp TOML / hold against a workflow: the
    /// name of a ready one, or a TOML file
    #[arg(long, value_name = "NAME|FILE")]
    workflow: Option<String>,
    /// Ngôn ngữ / language
    #[arg(long, value_enum, default_value = "vi")]
    lang: LanguageName,
    /// Kể lại các phiên bản: ai ký, thay đổi những gì / tell the revisions: who signed, what changed
    #[arg(long)]
    explain: bool,
    /// Tệp và thư mục / files and folders
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProfileName {
    #[value(name = "tt41_2017")]
    Tt41,
    #[value(name = "tt15_2025")]
    Tt15,
    #[value(name = "nd68_2024")]
    Nd68,
    #[value(name = "nd23_2025")]
    Nd23,
    /// có hiệu lực khi ký, trường công lập / in force at signing, public school
    Public,
    /// có hiệu lực khi ký, trường tư thục / in force at signing, private school
    Private,
}

fn parse_time(text: &str) -> Result<UnixTime, String> {
    UnixTime::from_rfc3339(text).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok(ending) => ending.into(),
        // A reader that closes its end, such as `head`, has seen what it wanted.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            print_chain("verify", &error);
            Ending::Unable.into()
        }
    }
}

fn run(arguments: &Arguments) -> io::Result<Ending> {
    // The default, which may be said aloud.
    let _ = arguments.offline;
    let transport = arguments.online.then(|| {
        online(if arguments.allow_private_addresses {
            AddressPolicy::AllowPrivate
        } else {
            AddressPolicy::default()
        })
    });
    let (anchors, mut ending) = anchors(arguments);
    let mut verification = Verification::new(&anchors, arguments.at.unwrap_or_else(clock));
    // Under other rules than were asked for, no verdict is better than one.
    let Some(profile) = profile(arguments) else {
        return Ok(Ending::Unable);
    };
    verification.profile = profile;
    let (supplied, supplied_ending) = supplied(arguments);
    verification.supplied = supplied;
    ending = ending.max(supplied_ending);
    verification.language = arguments.lang.into();
    let workflow = match arguments
        .workflow
        .as_deref()
        .map(workflow_named)
        .transpose()
    {
        Ok(workflow) => workflow,
        Err(error) => {
            print_chain("verify", &error);
            return Ok(Ending::Unable);
        }
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let entries = pdf_files(&arguments.paths);
    if entries.is_empty() {
        eprintln!("verify: không tìm thấy tệp PDF nào / no PDF file was found");
        ending = Ending::Unable;
    }
    for entry in entries {
        let (path, report) = match entry {
            Entry::File(path) => {
                let report = verify_file(&path, &verification, transport.as_deref());
                (path, report)
            }
            Entry::Unreadable(path, error) => {
                let report = trien::unreadable(error.to_string(), &verification);
                (path, report)
            }
            _ => continue,
        };
        ending = ending.max(match report.conclusion {
            DocumentConclusion::Valid => Ending::Well,
            DocumentConclusion::Unreadable => Ending::Unable,
            DocumentConclusion::Indeterminate
            | DocumentConclusion::Invalid
            | DocumentConclusion::Unsigned
            | _ => Ending::Objection,
        });
        let judged = workflow
            .as_ref()
            .map(|workflow| judge_workflow(&report, workflow));
        if judged
            .as_ref()
            .is_some_and(|judged| judged.conclusion != WorkflowConclusion::Complete)
        {
            ending = ending.max(Ending::Objection);
        }
        write_report(&mut out, arguments, &path, (&report, judged.as_ref()))?;
        out.flush()?;
    }
    Ok(ending)
}

/// The anchors to trust. A file among them that cannot be read is said aloud; the others count.
fn anchors(arguments: &Arguments) -> (TrustAnchors, Ending) {
    let Some(folder) = &arguments.anchors else {
        return (TrustAnchors::default(), Ending::Well);
    };
    match TrustAnchors::read_dir(folder, &FolderLimits::default()) {
        Ok(AnchorFolder {
            anchors, problems, ..
        }) => {
            for problem in &problems {
                print_chain("verify", problem);
            }
            (
                anchors,
                if problems.is_empty() {
                    Ending::Well
                } else {
                    Ending::Unable
                },
            )
        }
        Err(error) => {
            print_chain("verify", &error);
            (TrustAnchors::default(), Ending::Unable)
        }
    }
}

/// The rules that judge, with an administrator's changes; none where these cannot be had.
fn profile(arguments: &Arguments) -> Option<ProfileChoice> {
    let in_force = |school| {
        if arguments.profile_overrides.is_some() {
            eprintln!(
                "verify: --profile-overrides chỉ dùng với một bộ quy tắc cụ thể, ví dụ --profile \
                 tt41_2017 / goes with one named profile"
            );
            return None;
        }
        Some(ProfileChoice::InForce(school))
    };
    let profile = match arguments.profile {
        ProfileName::Public => return in_force(SchoolKind::Public),
        ProfileName::Private => return in_force(SchoolKind::Private),
        ProfileName::Tt41 => Profile::tt41_2017(),
        ProfileName::Tt15 => Profile::tt15_2025(),
        ProfileName::Nd68 => Profile::nd68_2024(),
        ProfileName::Nd23 => Profile::nd23_2025(),
    };
    let Some(path) = &arguments.profile_overrides else {
        return Some(profile.into());
    };
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            eprintln!("verify: {}", path.display());
            print_chain("verify", &error);
            return None;
        }
    };
    match profile.with_overrides(&text) {
        Ok(changed) => Some(changed.into()),
        Err(error) => {
            print_chain("verify", &error);
            None
        }
    }
}

/// What the caller keeps beside the files.
fn supplied(arguments: &Arguments) -> (SuppliedEvidence, Ending) {
    let Some(folder) = &arguments.evidence else {
        return (SuppliedEvidence::default(), Ending::Well);
    };
    match SuppliedEvidence::read_dir(folder, &Limits::default()) {
        Ok(supplied) => (supplied, Ending::Well),
        Err(error) => {
            print_chain("verify", &error);
            (SuppliedEvidence::default(), Ending::Unable)
        }
    }
}

fn verify_file(
    path: &Path,
    verification: &Verification<'_>,
    transport: Option<&dyn Transport>,
) -> Report {
    match MappedFile::open(path) {
        Ok(file) => {
            let Some(transport) = transport else {
                return trien::verify(&file, verification);
            };
            let mut verification = verification.clone();
            // What cannot be read is said by the report; what cannot be fetched, by its rules.
            if let Ok(resolved) = trien::resolve(&file, &verification, transport) {
                for missing in &resolved.missing {
                    eprintln!("verify: {}: {missing}", path.display());
                }
                verification.supplied = resolved.supplied;
            }
            trien::verify(&file, &verification)
        }
        Err(error) => {
            let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
            trien::unreadable(
                format!("{error}{}", cause.unwrap_or_default()),
                verification,
            )
        }
    }
}

fn write_report(
    out: &mut impl Write,
    arguments: &Arguments,
    path: &Path,
    (report, workflow): (&Report, Option<&WorkflowReport>),
) -> io::Result<()> {
    let name = path.to_string_lossy();
    match arguments.format {
        Format::Json => {
            let mut named = report.named(&name);
            if let Some(workflow) = workflow {
                named = named.with_workflow(workflow);
            }
            serde_json::to_writer(&mut *out, &named)?;
            writeln!(out)
        }
        Format::Text => {
            let words = document_words(report.conclusion, report.language);
            writeln!(out, "{}: {words}", printable(&name))?;
            if let Some(error) = &report.document.unreadable {
                writeln!(out, "  {}", printable(error))?;
            }
            for problem in &report.document.evidence_problems {
                writeln!(out, "  ! {}", printable(problem))?;
            }
            for (number, signature) in (1_usize..).zip(&report.signatures) {
                for line in signature_lines(number, signature, report) {
                    writeln!(out, "{}", printable(&line))?;
                }
            }
            for line in workflow
                .iter()
                .flat_map(|workflow| workflow_lines(workflow, report.language))
            {
                writeln!(out, "{}", printable(&line))?;
            }
            if arguments.explain {
                for line in revision_lines(report) {
                    writeln!(out, "{}", printable(&line))?;
                }
            }
            Ok(())
        }
    }
}
