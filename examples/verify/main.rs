//! Verifies PDF files, folders and zip archives offline, a verdict per signature, in Vietnamese or
//! English; counts what an inspection asks about an archive.
//!
//! Exit status: 0 all valid, 1 something is not, 2 something could not be read.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program prints; the library it shows does not"
)]

mod arguments;
mod inputs;
mod journals;
mod manifests;
mod memory;
mod outputs;
mod progress;
mod reporting;
mod running;
mod seen;
mod signers;
mod stopping;
mod telling;

use std::io;
use std::process::ExitCode;

use trien::archive::{DEFAULT_MAPPING, RunError};
use trien_examples::{Ending, parsed, print_chain};
use trien_report::{DrawRequest, draw_if_asked};

use arguments::Arguments;

fn main() -> ExitCode {
    // Pages are drawn by children of this program.
    if let DrawRequest::Ended(status) = draw_if_asked(std::env::args_os().skip(1)) {
        return ExitCode::from(status);
    }
    let arguments: Arguments = match parsed("verify") {
        Ok(arguments) => arguments,
        Err(ended) => return ended,
    };
    if arguments.print_mapping {
        print!("{DEFAULT_MAPPING}");
        return ExitCode::SUCCESS;
    }
    match running::run(&arguments) {
        Ok(ending) => ending.into(),
        // A reader that closes its end, such as `head`, has seen what it wanted; but not all was
        // judged, so it is not said that all is well.
        Err(RunError::Told(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ending::Unable.into()
        }
        Err(error) => {
            print_chain("verify", &error);
            Ending::Unable.into()
        }
    }
}
