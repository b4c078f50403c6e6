//! The files that a run writes: none of them is one that it reads, and nothing but a regular file is
//! replaced. Asked before any work.

use std::path::{Path, PathBuf};

use trien::archive::{Archive, ArchiveLimits, Found, Mapping, Summary};
use trien::{FileError, Language, check_target, write_new_file};
use trien_examples::{check_seal_key, file_words};

use crate::arguments::{Arguments, Format};

/// Why an output is not written, in a sentence.
pub(crate) fn check(arguments: &Arguments, language: Language) -> Result<(), String> {
    if arguments.output.is_some() && matches!(arguments.format, Format::Text | Format::Json) {
        return Err(match language {
            Language::En => {
                "--output goes with --format html or csv; send text and json on with > FILE"
            }
            Language::Vi | _ => {
                "--output chỉ đi với --format html hoặc csv; với text, json hãy ghi bằng > TỆP"
            }
        }
        .to_owned());
    }
    let named_in_mapping = named_in_mapping(arguments);
    let mut inputs = named(arguments);
    inputs.extend(named_in_mapping.iter().map(PathBuf::as_path));
    let mut before: Vec<(&str, PathBuf)> = Vec::new();
    for (option, path) in outputs(arguments) {
        check_target(path, &inputs)
            .and_then(|()| apart_from_folders(option, path, arguments))
            .map_err(|error| format!("{option}: {}", file_words(&error, language)))?;
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let whole = match (whole.parent().map(Path::canonicalize), whole.file_name()) {
            (Some(Ok(folder)), Some(name)) => folder.join(name),
            _ => whole,
        };
        if let Some((other, _)) = before.iter().find(|(_, other)| *other == whole) {
            let path = path.display();
            return Err(match language {
                Language::En => format!("{other} and {option} both name {path}: name two files"),
                Language::Vi | _ => {
                    format!("{other} và {option} cùng ghi vào {path}: hãy chọn hai tên khác nhau")
                }
            });
        }
        before.push((option, whole));
    }
    if arguments.seal_report.is_some() {
        check_seal_key(&arguments.keys, language)?;
    }
    Ok(())
}

/// The files that a run writes, with the options that name them.
fn outputs(arguments: &Arguments) -> impl Iterator<Item = (&'static str, &Path)> {
    [
        ("--output", &arguments.output),
        ("--summary", &arguments.summary),
        ("--make-manifest", &arguments.make_manifest),
        ("--seal-report", &arguments.seal_report),
        ("--resume", &arguments.resume),
    ]
    .into_iter()
    .filter_map(|(option, path)| Some((option, path.as_deref()?)))
}

/// The files that a run writes.
pub(crate) fn written(arguments: &Arguments) -> Vec<PathBuf> {
    outputs(arguments)
        .map(|(_, path)| path.to_owned())
        .collect()
}

/// The list of staff and the workflows that the mapping names. What is wrong with the mapping is
/// told when it is read.
fn named_in_mapping(arguments: &Arguments) -> Vec<PathBuf> {
    let named = arguments.mapping.as_deref().map(Mapping::files_named);
    named.and_then(Result::ok).unwrap_or_default()
}

/// The files that are read, as they are named.
fn named(arguments: &Arguments) -> Vec<&Path> {
    let beside = [
        &arguments.manifest,
        &arguments.mapping,
        &arguments.profile_overrides,
    ];
    arguments
        .paths
        .iter()
        .chain(beside.into_iter().flatten())
        .chain(arguments.keys.files())
        .map(PathBuf::as_path)
        .chain(arguments.workflow.as_deref().map(Path::new))
        .collect()
}

/// Extensions of what a run writes, other than PDF, which records are too.
const OWN_EXTENSIONS: [&str; 5] = ["csv", "html", "json", "jsonl", "txt"];

/// What lies in a folder that is read is an input too: among the paths what no run writes, among
/// anchors and evidence anything.
fn apart_from_folders(option: &str, target: &Path, arguments: &Arguments) -> Result<(), FileError> {
    let Ok(real) = target.canonicalize() else {
        return Ok(());
    };
    let lies_in = |folder: &Path| {
        folder.is_dir()
            && folder
                .canonicalize()
                .is_ok_and(|folder| real.starts_with(folder))
    };
    let refused = || Err(FileError::WouldReplaceInput(target.to_owned()));
    let kept = [&arguments.anchors, &arguments.evidence];
    if kept.into_iter().flatten().any(|folder| lies_in(folder)) {
        return refused();
    }
    // What a run writes may stand beside the records, and is written anew there; all else that
    // stands there is the school's. A journal is read before it is written on.
    let extension = real
        .extension()
        .map(|found| found.to_string_lossy().to_lowercase());
    let is_record = ["pdf", "zip"].map(Some).contains(&extension.as_deref());
    let may_be_own = match extension.as_deref() {
        None => true,
        Some(extension) => {
            OWN_EXTENSIONS.contains(&extension) || option == "--resume" && !is_record
        }
    };
    if may_be_own {
        return Ok(());
    }
    for path in &arguments.paths {
        // A path that is not there may be a pattern.
        let is_input =
            lies_in(path) || (!path.exists() && is_come_to(target, std::slice::from_ref(path)));
        if is_input {
            return refused();
        }
    }
    Ok(())
}

/// Whether a pattern leads to this file, or to the folder that it lies in.
fn is_come_to(target: &Path, paths: &[PathBuf]) -> bool {
    Archive::of(paths, ArchiveLimits::default())
        .files()
        .any(|found| {
            let path = match &found {
                Found::File(source) => source.path().or_else(|| source.container().map(Path::new)),
                Found::Unreadable { name, .. } => Some(Path::new(name.as_str())),
                _ => None,
            };
            path.is_some_and(|path| {
                matches!(
                    check_target(target, &[path]),
                    Err(FileError::WouldReplaceInput(_))
                )
            })
        })
}

/// Writes what was counted.
pub(crate) fn write_summary(path: &Path, summary: &Summary) -> Result<(), FileError> {
    let written = serde_json::to_vec_pretty(summary)
        .map_err(|error| FileError::Write(path.to_owned(), error.into()))?;
    write_new_file(path, None, &[&written, b"\n"])
}
