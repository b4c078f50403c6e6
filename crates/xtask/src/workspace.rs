//! The root of the workspace and programs started there.
//! Knows nothing of what they are for.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::Failure;

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

    /// The cargo that started us.
    pub(crate) fn cargo(&self) -> Command {
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

/// Runs a program to its end, without input.
///
/// # Errors
/// [`Failure::CommandNotStarted`].
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus, Failure> {
    command
        .stdin(Stdio::null())
        .status()
        .map_err(|source| Failure::CommandNotStarted {
            command: command.get_program().to_string_lossy().into_owned(),
            source,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_the_folder_of_the_lock_file() {
        assert!(Workspace::find().path("Cargo.lock").is_file());
    }
}
