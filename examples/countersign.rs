//! Adds a further signature, or the seal, to a PDF that bears one already. Refused where an
//! earlier signature is broken or the document was changed after it.
//!
//! Exit status: 0 signed, 1 refused by the rules, 2 could not. After 1 and 2 nothing is written.

use std::process::ExitCode;

use clap::Parser;
use trien_examples::{Act, SigningArguments, run_signing};

/// Ký tiếp hoặc đóng dấu số lên tệp PDF đã ký. Countersigns or seals a signed PDF.
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
    run_signing(Act::Countersign, &Arguments::parse().signing)
}
