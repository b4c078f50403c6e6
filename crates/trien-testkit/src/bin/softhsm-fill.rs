//! Fills SoftHSM tokens with the keys and certificates listed on standard input.
//! Started by `trien_testkit::tokens` as a child process; does nothing when started by hand.

use std::error::Error;
use std::process::ExitCode;

use trien_testkit::tokens::{FillRequest, fill_if_asked};

#[expect(
    clippy::print_stderr,
    reason = "a program tells its caller why it failed"
)]
fn main() -> ExitCode {
    match fill_if_asked() {
        Ok(FillRequest::Filled) => ExitCode::SUCCESS,
        Ok(_) => {
            eprintln!("started by hand: tokens are filled by trien_testkit::tokens::TokenSet");
            ExitCode::from(2)
        }
        Err(error) => {
            eprintln!("{error}");
            let mut cause = error.source();
            while let Some(error) = cause {
                eprintln!("  because {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}
