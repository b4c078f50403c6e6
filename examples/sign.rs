//! Signs a PDF with a key on a token or in a file.
//!
//! Exit status: 0 signed, 1 refused by the rules, 2 could not. After 1 and 2 nothing is written.

use std::process::ExitCode;

use clap::Parser;
use trien_examples::{Act, SigningArguments, run_signing};

/// Ký số một tệp PDF. Signs a PDF.
///
/// Mã thoát / exit status: 0 đã ký / signed; 1 bị từ chối theo quy định / refused by the rules;
/// 2 không thực hiện được / could not.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    signing: SigningArguments,
}

fn main() -> ExitCode {
    run_signing(Act::Sign, &Arguments::parse().signing)
}
