//! The rows of a school's archive: thousands of records of mixed kinds, some in zip archives, faults
//! among them. Peers are asked about records of it by name: they know no archive.

use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::workspace::{Workspace, plain};

use super::contender::Contender;
use super::rows::{Row, Target, VERIFY, ours, process, pyhanko, row};

/// Records that are made and counted; copies that are planted among them are files more.
const RECORDS: u32 = 10_000;

/// Records that the peers are asked about.
const ASKED: u32 = 200;

/// Their names, a line each.
const LIST: &str = "archive/asked.txt";

/// The moment of judgement of a made archive.
const AT: &str = "2026-07-01T08:00:00+07:00";

/// Makes the archive anew, and the list of records that the peers are asked about.
///
/// # Errors
/// It cannot be made.
pub(super) fn make(workspace: &Workspace, folder: &str) -> Result<(), Failure> {
    let path = workspace.path(folder).join("archive");
    if path.exists() {
        let source = std::fs::remove_dir_all(&path);
        source.map_err(|source| Failure::File {
            path: path.clone(),
            source,
        })?;
    }
    let program = workspace.path("target/release/examples/make-archive");
    let (program, made) = (program.to_string_lossy(), path.to_string_lossy());
    plain(
        workspace,
        &[&program, &made, "--records", &RECORDS.to_string()],
        &[],
    )?;
    let mut records = Vec::new();
    collect(&path.join("archive"), &mut records)?;
    records.sort();
    // All classes, not only the first ones.
    let asked = usize::try_from(ASKED).unwrap_or(usize::MAX);
    let every = records.len().checked_div(asked).unwrap_or(1);
    let list: String = records
        .iter()
        .step_by(every.max(1))
        .take(asked)
        .map(|record| format!("{}\n", record.display()))
        .collect();
    let path = workspace.path(folder).join(LIST);
    std::fs::write(&path, list).map_err(|source| Failure::File { path, source })
}

/// School records with several signatures, which are in folders of their own.
fn collect(folder: &Path, records: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |source| Failure::File {
        path: folder.to_owned(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let is_pdf = path.extension().is_some_and(|extension| extension == "pdf");
        if path.is_dir() {
            collect(&path, records)?;
        } else if is_pdf && path.components().any(|part| part.as_os_str() == "Học bạ") {
            records.push(path);
        }
    }
    Ok(())
}

/// `verify` with all that an archive is judged by; the exit status tells of the planted faults.
fn verifies(
    before: &[&'static str],
    jobs: &'static str,
    after: &[&'static str],
) -> Vec<&'static str> {
    let options = [
        VERIFY,
        "--format",
        "json",
        "--jobs",
        jobs,
        "--at",
        AT,
        "--anchors",
        "archive/anchors",
        "--evidence",
        "archive/evidence",
        "--mapping",
        "archive/mapping.toml",
    ];
    [before, &options, after].concat()
}

fn of(pieces: u32, contender: Contender) -> Contender {
    Contender {
        pieces,
        ..contender
    }
}

pub(super) fn rows() -> Vec<Row> {
    let each = ["xargs", "-d", "\\n", "-a", LIST];
    let pdfsig = [&each[..], &["-n", "1", "pdfsig", "-nocert"]].concat();
    let theirs = [
        &each[..],
        &[
            super::rows::PYTHON,
            super::rows::LOOP,
            "archive",
            "archive/anchors",
        ],
    ]
    .concat();
    vec![
        row(
            "an archive of 10,000 records with 2 % faults: trust, changes, workflow; two cores",
            Target::PerSecond {
                rate: 5_000.0,
                mib: Some(200.0),
            },
            5,
            vec![
                of(RECORDS, ours(&verifies(&[], "2", &["archive/archive"]))),
                Contender {
                    name: "`verify` on one core",
                    ..of(RECORDS, ours(&verifies(&[], "1", &["archive/archive"])))
                },
            ],
        ),
        row(
            "200 of its school records, by name, one core, the start with it",
            // Twenty times what pdfsig does on a core.
            Target::Times(0.05),
            5,
            vec![
                of(ASKED, ours(&verifies(&each, "1", &[]))),
                of(
                    ASKED,
                    process("pdfsig, a process each (no changes)", &pdfsig),
                ),
                pyhanko(&theirs),
            ],
        ),
    ]
}
