//! Why a chore stopped.
//! Knows no exit status: `main` decides what a failure means for the caller.

use std::fmt;
use std::path::PathBuf;

/// Why a chore stopped, with what the reader can do about it.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A program ran and said no.
    CommandFailed { command: String },
    /// A program could not be started at all.
    CommandNotStarted {
        command: String,
        source: std::io::Error,
    },
    /// A file of the repository or under `target/` could not be read, written or removed.
    File {
        path: PathBuf,
        source: std::io::Error,
    },
    /// Something is missing and may not be installed from here.
    Missing { advice: String },
    /// The packages were installed and something is still not found.
    StillMissing { what: Vec<&'static str> },
    /// A chore could not be finished, for the reason given.
    Unfinished(String),
    /// An argument that this command does not take.
    UnknownArgument(String),
    /// A command that does not exist.
    UnknownCommand(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandFailed { command } => {
                write!(formatter, "`{command}` failed; its own words are above")
            }
            Self::CommandNotStarted { command, .. } => {
                write!(formatter, "`{command}` could not be started")
            }
            Self::File { path, .. } => {
                write!(formatter, "{} could not be read or written", path.display())
            }
            Self::Missing { advice } => formatter.write_str(advice),
            Self::StillMissing { what } => write!(
                formatter,
                "the packages are installed, but this is still not found: {}; look at PATH",
                what.join(", ")
            ),
            Self::Unfinished(reason) => formatter.write_str(reason),
            Self::UnknownArgument(argument) => {
                write!(formatter, "the argument `{argument}` is not known here")
            }
            Self::UnknownCommand(command) => {
                write!(formatter, "there is no command `{command}`")
            }
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::CommandNotStarted { source, .. } | Self::File { source, .. } => Some(source),
            Self::CommandFailed { .. }
            | Self::Missing { .. }
            | Self::StillMissing { .. }
            | Self::Unfinished(_)
            | Self::UnknownArgument(_)
            | Self::UnknownCommand(_) => None,
        }
    }
}
