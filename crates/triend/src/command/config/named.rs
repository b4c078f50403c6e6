//! What a configuration names on this machine: whether it is there and can be used.
//! Starts nothing and changes nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use trien::{Language, system_words};
use trien_token::check_module_file;
use triend::config::Config;
use triend::token_worker::{TokenServiceError, words};

/// A line for each thing that is named and cannot be used, with its key.
pub(super) fn lacks(config: &Config, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(folder) = &config.anchors
        && let Err(error) = fs::read_dir(folder)
    {
        let why = system_words(&error, language);
        lines.push(format!("anchors: {}: {why}", folder.display()));
    }
    for path in &config.modules {
        if let Err(error) = check_module_file(path) {
            let error = TokenServiceError::ModuleFile {
                path: path.clone(),
                error: Arc::new(error),
            };
            let why = words::error(&error, language);
            lines.push(format!("modules: {}: {why}", path.display()));
        }
    }
    if let Some(program) = config.browser.first()
        && !is_program(program)
    {
        let why = match language {
            Language::En => "no program of this name can be started",
            Language::Vi | _ => "không có chương trình nào chạy được với tên này",
        };
        lines.push(format!("browser: {program}: {why}"));
    }
    lines
}

/// Whether the system would find a program to start: by its path, else in the folders of `PATH`.
fn is_program(name: &str) -> bool {
    let path = Path::new(name);
    let alone = path
        .parent()
        .is_none_or(|folder| folder.as_os_str().is_empty());
    if !alone {
        return can_be_started(path);
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| can_be_started(&folder.join(name)))
}

fn can_be_started(path: &Path) -> bool {
    let mut with_ending = path.as_os_str().to_owned();
    with_ending.push(std::env::consts::EXE_SUFFIX);
    [path.to_owned(), PathBuf::from(with_ending)]
        .iter()
        .any(|path| fs::metadata(path).is_ok_and(|metadata| may_be_run(&metadata)))
}

#[cfg(unix)]
fn may_be_run(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn may_be_run(metadata: &fs::Metadata) -> bool {
    metadata.is_file()
}
