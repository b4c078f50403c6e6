//! Speed and memory beside the peers: makes the files, runs every row of `docs/PERFORMANCE.md` and
//! writes its table. Programs of a row run in turn, so that the weather on the machine is the same
//! for all; a peer that is not here is skipped by name.

mod archive;
mod contender;
mod profile;
mod rows;
mod table;

use std::process::ExitCode;

use crate::failure::Failure;
use crate::workspace::{Workspace, plain, read_text};

use contender::Tools;
pub(crate) use profile::run as profile;

/// Where the files are made, below the root.
const FOLDER: &str = "target/measure";

/// The page that is written, and what the table stands between.
const PAGE: &str = "docs/PERFORMANCE.md";
const BEGIN: &str = "<!-- cargo xtask peers: begin -->";
const END: &str = "<!-- cargo xtask peers: end -->";

/// Builds, makes, runs and writes.
///
/// # Errors
/// A step of our own fails. That a peer fails is said in the table.
pub(crate) fn run(workspace: &Workspace) -> Result<ExitCode, Failure> {
    build(workspace)?;
    let tools = Tools::find(workspace, FOLDER);
    make_files(workspace)?;
    let mut lines = Vec::new();
    for row in rows::all() {
        println!("xtask: {}", row.work);
        let line = table::line(&row, row.run(&tools));
        println!("{line}");
        lines.push(line);
    }
    let table = table::table(&lines, &contender::machine());
    let path = workspace.path(PAGE);
    let page = table::placed(&read_text(&path)?, BEGIN, END, &table).ok_or_else(|| {
        Failure::Unfinished(format!("{PAGE} has lost the lines {BEGIN} and {END}"))
    })?;
    std::fs::write(&path, page).map_err(|source| Failure::File { path, source })?;
    println!("xtask: {PAGE} is written.");
    Ok(ExitCode::SUCCESS)
}

/// The program that does our part of the rows.
fn measure(workspace: &Workspace) -> String {
    let path = workspace.path("target/release/examples/measure");
    path.to_string_lossy().into_owned()
}

/// All programs at once: built apart, cargo would build what is below them twice.
fn build(workspace: &Workspace) -> Result<(), Failure> {
    let packages = [
        "cargo",
        "build",
        "--release",
        "-p",
        "trien",
        "-p",
        "trien-examples",
    ];
    let programs = [
        "--example",
        "measure",
        "--example",
        "make-archive",
        "--example",
        "verify",
        "--example",
        "sign",
    ];
    plain(workspace, &[&packages[..], &programs].concat(), &[])
}

fn make_files(workspace: &Workspace) -> Result<(), Failure> {
    println!("xtask: making the files in {FOLDER}.");
    let folder = workspace.path(FOLDER).to_string_lossy().into_owned();
    plain(workspace, &[&measure(workspace), "make", &folder], &[])?;
    archive::make(workspace, FOLDER)
}

/// Signs and verifies a file larger than ten digits can say.
///
/// # Errors
/// It cannot be made here, or does not hold.
pub(crate) fn huge(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, Failure> {
    let gibibytes = match arguments {
        [] => "11",
        [one] if one.parse::<u16>().is_ok() => one,
        [other, ..] => return Err(Failure::UnknownArgument(other.clone())),
    };
    build(workspace)?;
    let folder = workspace.path(FOLDER).to_string_lossy().into_owned();
    let measure = measure(workspace);
    plain(workspace, &[&measure, "huge", &folder, gibibytes], &[])?;
    Ok(ExitCode::SUCCESS)
}
