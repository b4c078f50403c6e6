//! The chores a reader of the README meets, the demo and the tests, and the table of levels.
//! Knows nothing of what must be installed first.

use std::io::{BufRead, BufReader, Write};
use std::process::{ExitCode, Stdio};

use crate::failure::Failure;
use crate::judges::{self, Judges};
use crate::outcome::Outcome;
use crate::workspace::{Workspace, status};

/// Builds the examples in release mode and runs `quickstart`.
///
/// # Errors
/// Where cargo cannot be started or the build fails. The exit status of quickstart is ours.
pub(crate) fn demo(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode, Failure> {
    println!("xtask: building the examples.");
    let mut build = workspace.cargo();
    build.args([
        "build",
        "--release",
        "--package",
        "trien-examples",
        "--examples",
    ]);
    if !status(&mut build)?.success() {
        return Err(Failure::CommandFailed {
            command: "cargo build --release --package trien-examples --examples".to_owned(),
        });
    }
    println!("xtask: running target/release/examples/quickstart.");
    let mut quickstart = workspace.cargo();
    quickstart.args(["run", "--quiet", "--release", "--package", "trien-examples"]);
    quickstart
        .args(["--example", "quickstart", "--"])
        .args(arguments);
    let code = status(&mut quickstart)?.code();
    // A program ended by a signal has no code; a code above 255 does not exist on Unix.
    Ok(code
        .and_then(|code| u8::try_from(code).ok())
        .map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Runs `cargo test`, shows what it prints, and ends with what came of it.
///
/// # Errors
/// [`Failure::CommandNotStarted`] where cargo cannot be started.
pub(crate) fn tests(
    workspace: &Workspace,
    judges: Judges,
    arguments: &[String],
) -> Result<ExitCode, Failure> {
    let words = test_arguments(arguments);
    println!("xtask: running cargo {}.", words.join(" "));
    let mut command = workspace.cargo();
    command
        .args(&words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let not_started = |source| Failure::CommandNotStarted {
        command: "cargo test".to_owned(),
        source,
    };
    let mut child = command.spawn().map_err(not_started)?;
    let mut outcome = Outcome::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line.map_err(not_started)?;
            show(&line);
            outcome.read(&String::from_utf8_lossy(&line));
        }
    }
    let status = child.wait().map_err(not_started)?;
    if judges == Judges::Unavailable {
        outcome.read(judges::SKIPPED);
    }
    println!("\n{outcome}");
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Has the table of levels made and puts it into `docs/LEVELS.md`.
///
/// # Errors
/// Where cargo cannot be started or the table not be written.
pub(crate) fn levels(workspace: &Workspace) -> Result<ExitCode, Failure> {
    println!("xtask: signing at each level and asking the judges.");
    let folder = workspace.path("target/judges/levels");
    let mut command = workspace.cargo();
    command.args(["run", "--quiet", "--package", "trien", "--example"]);
    command.args(["levels-table", "--"]).arg(folder);
    command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command
        .output()
        .map_err(|source| Failure::CommandNotStarted {
            command: "cargo run --package trien --example levels-table".to_owned(),
            source,
        })?;
    if !output.status.success() {
        println!("xtask: the table was not written: what is wrong stands above.");
        return Ok(ExitCode::FAILURE);
    }
    let path = workspace.path("docs/LEVELS.md");
    std::fs::write(&path, output.stdout).map_err(|source| Failure::File { path, source })?;
    println!("xtask: docs/LEVELS.md is written.");
    Ok(ExitCode::SUCCESS)
}

/// The whole workspace unless a package is named; all test binaries even when one fails; and what
/// passing tests print, because a test that skips says so there.
fn test_arguments(arguments: &[String]) -> Vec<&str> {
    let mut words = vec!["test", "--no-fail-fast"];
    let own_end = arguments.iter().position(|argument| argument == "--");
    let (ours, harness) = arguments.split_at(own_end.unwrap_or(arguments.len()));
    let names_a_package = ours.iter().any(|argument| {
        argument.starts_with("-p") || argument == "--package" || argument.starts_with("--package=")
    });
    if !names_a_package {
        words.push("--workspace");
    }
    words.extend(ours.iter().map(String::as_str));
    words.push("--");
    words.extend(harness.iter().skip(1).map(String::as_str));
    words.push("--show-output");
    words
}

/// A closed pipe (`cargo xtask test | head`) must not stop the tests.
fn show(line: &[u8]) {
    let mut output = std::io::stdout().lock();
    let written = output
        .write_all(line)
        .and_then(|()| output.write_all(b"\n"));
    drop(written);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(arguments: &[&str]) -> String {
        let owned: Vec<String> = arguments.iter().map(|word| (*word).to_owned()).collect();
        test_arguments(&owned).join(" ")
    }

    #[test]
    fn without_arguments_the_whole_workspace_is_tested() {
        assert_eq!(
            words(&[]),
            "test --no-fail-fast --workspace -- --show-output"
        );
    }

    #[test]
    fn a_named_package_replaces_the_workspace() {
        let expected = "test --no-fail-fast -p trien -- --show-output";
        assert_eq!(words(&["-p", "trien"]), expected);
    }

    #[test]
    fn arguments_of_the_harness_stay_behind_the_two_dashes() {
        assert_eq!(
            words(&["--test", "it", "--", "layers", "-p"]),
            "test --no-fail-fast --workspace --test it -- layers -p --show-output"
        );
    }
}
