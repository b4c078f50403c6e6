//! How programs end, and the one place where they read the clock.

use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use clap::error::{ContextKind, ContextValue};
use trien::{Language, UnixTime, system_words};

use crate::signing::printable;

/// Exit status, the same in every example.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Ending {
    /// 0: all well.
    Well,
    /// 1: something is not valid, or the rules refused.
    Objection,
    /// 2: something could not be done or read.
    Unable,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Well => Self::SUCCESS,
            Ending::Objection => Self::from(1),
            Ending::Unable => Self::from(2),
        }
    }
}

/// The machine's time. The library never asks for it: a program does, once, at its edge.
#[must_use]
pub fn clock() -> UnixTime {
    #[expect(
        clippy::disallowed_methods,
        reason = "the program's edge: time goes in from here"
    )]
    let now = SystemTime::now();
    let seconds = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    UnixTime::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}

/// The arguments of a program. A value that cannot be meant is told in the words of what reads it,
/// Vietnamese first; for the rest clap speaks. Gives the exit status where the program ends here.
///
/// # Errors
/// The exit status: 2 for wrong arguments, 0 after `--help` and `--version`.
pub fn parsed<A: Parser>(program: &str) -> Result<A, ExitCode> {
    A::try_parse().map_err(|error| {
        let value = |kind| match error.get(kind) {
            Some(ContextValue::String(text)) => Some(text.as_str()),
            _ => None,
        };
        if let (Some(option), Some(value), Some(because)) = (
            value(ContextKind::InvalidArg),
            value(ContextKind::InvalidValue),
            error.source(),
        ) {
            let option = option.split(' ').next().unwrap_or_default();
            eprintln!("{program}: {option} {}: {because}", printable(value));
            return Ending::Unable.into();
        }
        // Nobody reads what cannot be written.
        let _ = error.print();
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

/// Prints an error and what caused it on one line of standard error, without what a terminal would
/// obey: errors repeat names of files and what files say.
pub fn print_chain(program: &str, error: &(dyn Error + 'static)) {
    let mut line = format!("{program}: {}", said_by(error));
    let mut cause = error.source();
    while let Some(error) = cause {
        let said = said_by(error);
        // Some errors say what caused them: once is enough.
        if !line.contains(&said) {
            line.push_str(": ");
            line.push_str(&said);
        }
        cause = error.source();
    }
    eprintln!("{}", printable(&line));
}

/// An error in its words; one of the system in both languages.
fn said_by(error: &(dyn Error + 'static)) -> String {
    match error.downcast_ref::<io::Error>() {
        Some(error) if error.get_ref().is_none() => {
            let [vi, en] = [Language::Vi, Language::En].map(|one| system_words(error, one));
            format!("{vi} / {en}")
        }
        _ => error.to_string(),
    }
}
