//! Raises a signed PDF to a higher level of EN 319 142-1, whoever signed it: time stamp, evidence,
//! archive time stamp; done again, it renews the archive.
//!
//! Exit status: 0 raised, 1 refused: not signed, not intact or evidence missing, 2 could not.
//! After 1 and 2 nothing is written.

use std::process::ExitCode;

use clap::Parser;
use trien_examples::{ExtendArguments, parsed, run_extend};

/// Nâng mức chữ ký của tệp PDF đã ký để lưu trữ lâu dài. Raises a signed PDF for the archive.
///
/// Mã thoát / exit status: 0 đã nâng / raised; 1 bị từ chối / refused; 2 không thực hiện được /
/// could not.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(flatten)]
    extend: ExtendArguments,
}

fn main() -> ExitCode {
    match parsed::<Arguments>("extend") {
        Ok(arguments) => run_extend(&arguments.extend),
        Err(ended) => ended,
    }
}
