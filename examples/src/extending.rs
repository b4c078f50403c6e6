//! The road of `extend`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use trien::archive::{Archive, ArchiveLimits, Found, first_moment};
use trien::trust::TrustAnchors;
use trien::{
    ExtensionErrorKind, ExtensionLevel, ExtensionRequest, Language, Limits, MappedFile,
    SuppliedEvidence, Transport, UnixTime, ValidationRelated, Verification, extend,
};

use crate::levels::{LevelName, ServiceArguments, extension, missing_line};
use crate::renewal::{NotRenewed, Renewed, renew_one};
use crate::signing::{civil, parse_time, printable};
use crate::trouble::Trouble;
use crate::words::choose;
use crate::{Ending, LanguageName, clock};

/// What is raised, how far, and under which name it is written.
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct ExtendArguments {
    /// Mức cần đạt / the level to reach
    #[arg(long, value_enum, default_value = "b-lta")]
    level: LevelName,
    #[command(flatten)]
    services: ServiceArguments,
    /// Khi thiếu bằng chứng: từ chối, hay vẫn ghi phần tìm được / when evidence is missing: refuse,
    /// or write what was found
    #[arg(long, value_enum, default_value = "refuse")]
    missing: WhenMissing,
    /// Ghi thêm /VRI cho từng chữ ký / write /VRI for each signature too
    #[arg(long)]
    vri: bool,
    /// Thời điểm xét bằng chứng; mặc định: bây giờ / the time evidence is looked for at
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<UnixTime>,
    /// Ngôn ngữ / language
    #[arg(long, value_enum, default_value = "vi")]
    lang: LanguageName,
    /// Gia hạn tại chỗ các tệp trong thư mục sắp không còn chứng minh được / renew, in place, the
    /// files of a folder that are about to lose provability
    #[arg(long, value_name = "DIR", conflicts_with_all = ["input", "out"])]
    archive: Option<PathBuf>,
    /// Cùng --archive: chỉ gia hạn tệp không còn chứng minh được đến ngày này; mặc định: một năm nữa
    /// / with --archive: files that cannot be proven until that day; in a year by default
    #[arg(long, value_name = "DAY", value_parser = parse_day, requires = "archive")]
    before: Option<UnixTime>,
    /// Tệp PDF đã ký / the signed PDF
    #[arg(required_unless_present = "archive", value_name = "INPUT")]
    input: Option<PathBuf>,
    /// Tệp PDF kết quả / the raised PDF; never the input
    #[arg(long, value_name = "FILE", required_unless_present = "archive")]
    out: Option<PathBuf>,
}

/// A time, or the start of a day in Vietnam.
fn parse_day(text: &str) -> Result<UnixTime, String> {
    first_moment(text).map_err(|error| error.to_string())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum WhenMissing {
    Refuse,
    Accept,
}

/// Extends as the arguments say. Exit status: 0 raised, 1 refused, 2 could not.
#[must_use]
pub fn run_extend(arguments: &ExtendArguments) -> ExitCode {
    let language = Language::from(arguments.lang);
    if let Some(folder) = &arguments.archive {
        return match renew(arguments, folder, language) {
            Ok(ending) => ending.into(),
            Err(trouble) => {
                eprintln!("extend: {}", printable(&trouble.sentence(language)));
                trouble.ending().into()
            }
        };
    }
    match run(arguments, language) {
        Ok(lines) => {
            for line in lines {
                println!("{}", printable(&line));
            }
            Ending::Well.into()
        }
        Err(trouble) => {
            eprintln!("extend: {}", printable(&trouble.sentence(language)));
            trouble.ending().into()
        }
    }
}

fn run(arguments: &ExtendArguments, language: Language) -> Result<Vec<String>, Trouble> {
    let level = arguments.level.extension().ok_or(Trouble::LevelTooLow)?;
    // The command line demands both.
    let (input, out) = arguments
        .input
        .as_ref()
        .zip(arguments.out.as_ref())
        .ok_or(Trouble::NotSigned)?;
    let file = MappedFile::open(input).map_err(Trouble::File)?;
    let anchors = arguments.services.anchors(language)?;
    let transport = arguments.services.transport();
    let time = arguments.at.unwrap_or_else(clock);
    let supplied = arguments.services.supplied(language)?;
    let trust = (&anchors, &supplied);
    let request = arguments.request(level, trust, time, transport.as_ref());
    let extended = extend(&file, &request, &Limits::default()).map_err(Trouble::Extension)?;
    extended
        .document
        .write_to(out, Some(input))
        .map_err(Trouble::File)?;
    let (input, output) = (input.display(), out.display());
    let name = arguments.level.standard();
    let stamped: Vec<String> = extended.stamped.iter().map(|time| civil(*time)).collect();
    let mut lines: Vec<String> = extended
        .missing
        .iter()
        .map(|missing| missing_line(missing, language))
        .collect();
    let stamped = stamped.join(", ");
    lines.push(match (language, extended.document.appended().is_empty()) {
        (Language::En, true) => {
            format!("Nothing to add: {input} has all of {name}; copied to {output}")
        }
        (Language::En, false) => {
            format!("Raised to {name}: {input}; time stamps: [{stamped}]; written to {output}")
        }
        (_, true) => format!("Không cần thêm gì: {input} đã đủ mức {name}; đã chép sang {output}"),
        (_, false) => format!(
            "Đã nâng lên mức {name}: {input}; dấu thời gian: [{stamped}]; tệp kết quả: {output}"
        ),
    });
    Ok(lines)
}

impl ExtendArguments {
    fn request<'s>(
        &self,
        level: ExtensionLevel,
        trust: (&'s TrustAnchors, &'s SuppliedEvidence),
        time: UnixTime,
        transport: &'s dyn Transport,
    ) -> ExtensionRequest<'s> {
        let mut request = self.services.request(level, trust, time, transport);
        if self.missing == WhenMissing::Accept {
            request = request.accepting_incomplete_evidence();
        }
        if self.vri {
            request.validation_related = ValidationRelated::Written;
        }
        request
    }
}

/// 365 days: archives are looked through once a year.
const A_YEAR_IN_SECONDS: i64 = 365 * 24 * 60 * 60;

/// Renews the files of a folder that need it, each by itself: what fails leaves its file as it was
/// and the others their turn.
fn renew(
    arguments: &ExtendArguments,
    folder: &Path,
    language: Language,
) -> Result<Ending, Trouble> {
    let level = arguments.level.extension().ok_or(Trouble::LevelTooLow)?;
    let anchors = arguments.services.anchors(language)?;
    let supplied = arguments.services.supplied(language)?;
    check_means(arguments, level, &anchors)?;
    for note in notes(arguments, level, language) {
        eprintln!("! {note}");
    }
    let transport = arguments.services.transport();
    let time = arguments.at.unwrap_or_else(clock);
    let before = arguments
        .before
        .unwrap_or_else(|| time.plus_seconds(A_YEAR_IN_SECONDS));
    let mut verification = Verification::new(&anchors, time);
    verification.language = language;
    verification.supplied = supplied.clone();
    let trust = (&anchors, &supplied);
    let request = arguments.request(level, trust, time, transport.as_ref());
    let mut ending = Ending::Well;
    let (mut renewed, mut left, mut failed) = (0_usize, 0_usize, 0_usize);
    // Files that lack a time stamp, by what the authorities said: one trouble of many files.
    let mut unstamped: Vec<(String, Vec<String>)> = Vec::new();
    let archive = Archive::of(&[folder.to_owned()], ArchiveLimits::default());
    for found in archive.files() {
        let name = found.name().to_owned();
        let outcome = match &found {
            Found::File(source) => renew_one(source, &verification, before, &request),
            Found::Unreadable { error, .. } => Err(NotRenewed::Unable(error.told(language))),
            _ => continue,
        };
        let (count, line) = match outcome {
            Ok(Renewed::Added { end }) => {
                let reached = end.filter(|end| *end < before);
                if reached.is_some() {
                    ending = ending.max(Ending::Objection);
                }
                (&mut renewed, renewed_line(reached, language))
            }
            Ok(Renewed::NotNeeded) => {
                left = left.saturating_add(1);
                continue;
            }
            Err(NotRenewed::Refused(error)) => {
                let line = extension(&error, language);
                if matches!(error.kind(), ExtensionErrorKind::NoTimeStamp(_)) {
                    ending = ending.max(Ending::Unable);
                    failed = failed.saturating_add(1);
                    match unstamped.iter_mut().find(|(said, _)| *said == line) {
                        Some((_, names)) => names.push(name),
                        None => unstamped.push((line, vec![name])),
                    }
                    continue;
                }
                ending = ending.max(Ending::Objection);
                (&mut failed, line)
            }
            Err(NotRenewed::Unable(error)) => {
                ending = ending.max(Ending::Unable);
                (&mut failed, error)
            }
            Err(NotRenewed::NoFurther { end }) => {
                ending = ending.max(Ending::Objection);
                (&mut failed, no_further_line(end, language))
            }
            Err(NotRenewed::Zip) => {
                ending = ending.max(Ending::Unable);
                let line = choose(
                    language,
                    "nằm trong tệp zip, không gia hạn tại chỗ được: hãy giải nén",
                    "stands in a zip archive and cannot be renewed there: unpack it",
                )
                .to_owned();
                (&mut failed, line)
            }
        };
        *count = count.saturating_add(1);
        let line = after_name(&line, &name);
        println!("{}", printable(&format!("{name}: {line}")));
    }
    tell_end(&unstamped, (renewed, left, failed), language);
    Ok(ending)
}

/// That a file was renewed, and until when it holds where that is short of the day asked for.
fn renewed_line(reached: Option<UnixTime>, language: Language) -> String {
    match (language, reached.map(civil)) {
        (Language::En, None) => "renewed".to_owned(),
        (Language::En, Some(end)) => format!("renewed, but it can be proven until {end} only"),
        (_, None) => "đã gia hạn".to_owned(),
        (_, Some(end)) => format!("đã gia hạn, nhưng chỉ chứng minh được đến {end}"),
    }
}

/// That another time stamp of this authority would carry a file no further.
fn no_further_line(end: UnixTime, language: Language) -> String {
    let end = civil(end);
    match language {
        Language::En => format!(
            "not renewed and left as it is: this time-stamping authority can prove it until {end} \
             only; use another one, or try again when it has a newer certificate"
        ),
        Language::Vi | _ => format!(
            "không gia hạn, tệp được giữ nguyên: máy chủ dấu thời gian này chỉ chứng minh được đến \
             {end}; hãy dùng máy chủ khác, hoặc gia hạn khi máy chủ này có chứng thư số mới hơn"
        ),
    }
}

/// What is said of a file, without its name where the sentence begins with it.
fn after_name<'l>(line: &'l str, name: &str) -> &'l str {
    match line.strip_prefix(name) {
        Some(rest) if rest.starts_with([':', ' ']) => rest.trim_start_matches([':', ' ']),
        _ => line,
    }
}

/// Troubles that many files share, and how many files came to what.
fn tell_end(
    unstamped: &[(String, Vec<String>)],
    (renewed, left, failed): (usize, usize, usize),
    language: Language,
) {
    for (line, names) in unstamped {
        let files = choose(language, "tệp", "files");
        println!("{}", printable(&format!("{} {files}: {line}", names.len())));
        for name in names {
            println!("  {}", printable(name));
        }
    }
    println!(
        "{}",
        match language {
            Language::En =>
                format!("{renewed} renewed, {left} did not need it, {failed} not renewed"),
            Language::Vi | _ => format!(
                "{renewed} tệp đã gia hạn, {left} tệp chưa cần, {failed} tệp không gia hạn được"
            ),
        }
    );
}

/// Asked before the first file: what lacks for one would lack for all.
fn check_means(
    arguments: &ExtendArguments,
    level: ExtensionLevel,
    anchors: &TrustAnchors,
) -> Result<(), Trouble> {
    if let Some(folder) = &arguments.services.anchors
        && anchors.is_empty()
    {
        return Err(Trouble::AnchorsEmpty(folder.clone()));
    }
    let is_stamped = matches!(level, ExtensionLevel::BT | ExtensionLevel::BLta);
    if is_stamped && !arguments.services.has_authority() {
        return Err(Trouble::AuthorityMissing);
    }
    Ok(())
}

/// What cannot be done with what was given, and what to give.
fn notes(
    arguments: &ExtendArguments,
    level: ExtensionLevel,
    language: Language,
) -> Vec<&'static str> {
    let mut notes = Vec::new();
    if level == ExtensionLevel::BLt && !arguments.services.has_authority() {
        notes.push(choose(
            language,
            "chưa nêu --tsa: chữ ký chưa có dấu thời gian thì không gia hạn được, các tệp đó được giữ \
             nguyên",
            "no --tsa: signatures without a time stamp cannot be renewed, their files stay as they are",
        ));
    }
    if level >= ExtensionLevel::BLt && arguments.services.evidence.is_none() {
        notes.push(choose(
            language,
            "chưa nêu --evidence: tình trạng thu hồi (CRL, OCSP) và chứng thư số của nơi cấp được hỏi \
             qua mạng, theo địa chỉ ghi trong từng chứng thư số. Tệp nào mà nơi cấp không còn trả lời, \
             hoặc máy này không có mạng, thì không gia hạn được và được giữ nguyên: hãy tải sẵn .crl, \
             .ocsp, .cer của các nơi cấp vào một thư mục rồi nêu --evidence THƯ_MỤC",
            "no --evidence: revocation (CRL, OCSP) and issuers' certificates are asked for over the \
             network, at the addresses that each certificate names. A file whose issuer answers no \
             more, or any file on a computer without a network, cannot be renewed and stays as it is: \
             keep the issuers' .crl, .ocsp and .cer files in a folder and name it with --evidence DIR",
        ));
    }
    notes
}
