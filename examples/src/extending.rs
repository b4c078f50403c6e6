//! The road of `extend`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use trien::{Language, Limits, MappedFile, UnixTime, ValidationRelated, extend};

use crate::levels::{LevelName, ServiceArguments, missing_line};
use crate::signing::{civil, parse_time, printable};
use crate::trouble::Trouble;
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
    /// Tệp PDF đã ký / the signed PDF
    input: PathBuf,
    /// Tệp PDF kết quả / the raised PDF; never the input
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
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
    let file = MappedFile::open(&arguments.input).map_err(Trouble::File)?;
    let anchors = arguments.services.anchors()?;
    let transport = arguments.services.transport();
    let time = arguments.at.unwrap_or_else(clock);
    let services = &arguments.services;
    let mut request = services.request(level, &anchors, time, transport.as_ref());
    if arguments.missing == WhenMissing::Accept {
        request = request.accepting_incomplete_evidence();
    }
    if arguments.vri {
        request.validation_related = ValidationRelated::Written;
    }
    let extended = extend(&file, &request, &Limits::default()).map_err(Trouble::Extension)?;
    extended
        .document
        .write_to(&arguments.out, Some(&arguments.input))
        .map_err(Trouble::File)?;
    let (input, output) = (arguments.input.display(), arguments.out.display());
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
