//! Runs cargo and other programs from the root of the workspace.
//! Knows nothing of what must be installed first.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use crate::failure::Failure;
use crate::judges::{self, Judges};
use crate::outcome::Outcome;

/// The root folder of this workspace.
#[derive(Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Two folders above this package, whose place cargo tells at run time (the place at build
    /// time would be wrong for a target folder shared between two clones).
    pub(crate) fn find() -> Self {
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package.ancestors().nth(2).unwrap_or(&package).to_owned();
        Self { root }
    }

    /// A path inside the workspace.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        // Cargo takes a relative target folder from where it runs, and we run it elsewhere.
        if let Some(target) = std::env::var_os("CARGO_TARGET_DIR")
            && let Ok(absolute) = std::path::absolute(&target)
        {
            command.env("CARGO_TARGET_DIR", absolute);
        }
        command
    }

    fn cargo(&self) -> Command {
        let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        self.command(&program)
    }
}

/// Runs one program with its output where ours goes.
///
/// # Errors
/// [`Failure::CommandNotStarted`] and [`Failure::CommandFailed`].
pub(crate) fn plain(
    workspace: &Workspace,
    words: &[&str],
    environment: &[(&str, &str)],
) -> Result<(), Failure> {
    let (program, arguments) = words.split_first().unwrap_or((&"", &[]));
    let mut command = workspace.command(program);
    command.args(arguments).envs(environment.iter().copied());
    status(&mut command).and_then(|status| {
        if status.success() {
            Ok(())
        } else {
            Err(Failure::CommandFailed {
                command: words.join(" "),
            })
        }
    })
}

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
    command.args(&words).stdout(Stdio::piped());
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

/// Reads a small file of the repository.
///
/// # Errors
/// [`Failure::File`].
pub(crate) fn read_text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|source| Failure::File {
        path: path.to_owned(),
        source,
    })
}

fn status(command: &mut Command) -> Result<std::process::ExitStatus, Failure> {
    command
        .stdin(Stdio::null())
        .status()
        .map_err(|source| Failure::CommandNotStarted {
            command: command.get_program().to_string_lossy().into_owned(),
            source,
        })
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

    #[test]
    fn the_workspace_is_the_folder_of_the_lock_file() {
        assert!(Workspace::find().path("Cargo.lock").is_file());
    }
}
