//! Makes a school's archive from the test PKI, with faults planted in one record of fifty:
//!
//! `cargo run --release -p trien --example make-archive -- FOLDER --records 10000`
//!
//! FOLDER gets `archive/` (folders and zip archives), `anchors/`, `evidence/` (revocation lists),
//! `mapping.toml` and `planted.json`: what is wrong where, and what a verifier is to say of it. The
//! line it prints verifies the archive.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a program for developers: what fails must stop it, aloud"
)]

mod archive;

use std::path::PathBuf;

/// One record of so many is made wrong: 2 %.
const FAULT_EVERY: u32 = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let usage = "usage: make-archive FOLDER [--records N]";
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, records) = match arguments.as_slice() {
        [folder] if !folder.starts_with('-') => (folder, 1_000),
        [folder, option, number] if option == "--records" && !folder.starts_with('-') => {
            (folder, number.parse()?)
        }
        _ => return Err(usage.into()),
    };
    let folder = PathBuf::from(folder);
    let made = archive::make(&folder, records, FAULT_EVERY)?;
    println!(
        "{} records, {} faults planted\nverify --format json --at {} --anchors {} --evidence {} --mapping {} {}",
        made.records,
        made.planted.len(),
        archive::JUDGED_AT_TEXT,
        folder.join("anchors").display(),
        folder.join("evidence").display(),
        folder.join("mapping.toml").display(),
        folder.join("archive").display(),
    );
    Ok(())
}
