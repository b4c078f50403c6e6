//! Programs of others, run where they are installed and skipped aloud where they are not.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A folder for this test program below the target folder, kept between runs.
pub(crate) fn kept_folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// Runs a program; `None`, and a line that says so, when it is not installed.
pub(crate) fn run<A: AsRef<OsStr>>(program: &str, arguments: &[A]) -> Option<Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            #[expect(clippy::print_stderr, reason = "a skipped judge must be seen")]
            {
                eprintln!("SKIPPED: {program} is not installed");
            }
            None
        }
        Err(error) => panic!("{program}: {error}"),
    }
}

/// Standard output and standard error as one text.
pub(crate) fn printed(output: &Output) -> String {
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&output.stderr));
    text
}
