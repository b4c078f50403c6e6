//! Has DSS and pyHanko sign at each level of PAdES over live services of the test PKI, asks them and
//! this library about every file, and prints `docs/LEVELS.md`:
//!
//! `cargo xtask judge-levels`, or `cargo run -p trien --example levels-table -- FOLDER`
//!
//! FOLDER keeps the keys, the files and the anchors. Exit status 1: a difference without an
//! explanation, or an explanation without a difference.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a program for developers: what fails must stop it, aloud"
)]

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../tests/it/client.rs"]
mod client;
#[path = "../tests/levels/mod.rs"]
mod levels;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::SystemTime;

use trien::UnixTime;
use trien_testkit::judges::LevelJudge;
use trien_testkit::levels::ForeignLevels;
use trien_testkit::records::{Conformance, SignatureFields, school_report};
use trien_testkit::structures::{Structure, write};

use client::Client;
use levels::{Explanation, Row, Said};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = PathBuf::from(
        std::env::args_os()
            .nth(1)
            .ok_or("usage: levels-table FOLDER")?,
    );
    std::fs::create_dir_all(&folder)?;
    let record = school_report(1, SignatureFields::Absent, Conformance::Plain)?;
    let input = write(&record.document, Structure::ClassicTable);
    // The makers read the machine's clock.
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let now = UnixTime::from_seconds(i64::try_from(since.as_secs())?);
    let made = ForeignLevels::make(&folder, &input, now)?;
    let rows = levels::rows(
        &made,
        &levels::files(&made, &input, &folder, &Client::default()),
    );
    println!("{HEADER}");
    for row in &rows {
        println!("{}", line(row));
    }
    println!("\n## Differences\n");
    for explanation in Explanation::ALL {
        println!("{}. {}", explanation.number(), explanation.text());
    }
    let mut ending = ExitCode::SUCCESS;
    for row in &rows {
        for objection in row.objections() {
            eprintln!("{}: {objection}", line(row));
            ending = ExitCode::FAILURE;
        }
    }
    Ok(ending)
}

const HEADER: &str = "\
# PAdES levels: what we say and what others say

Made by `cargo xtask judge-levels`; not edited by hand. A school record is signed by each maker at each
level with one key of the test PKI, over its live time-stamping authority, OCSP responder and revocation
lists. Then every judge gets the files offline, with the roots and what the files hold. The level is the
one after EN 319 142-1, the words are those of EN 319 102-1. A number points to the explanation of a
difference from ours, below the table. Three moments: an hour after signing; after the signer's certificate
expired; after those of the time-stamping authority and the responder expired too.
*Raised*: the file of one maker, brought to a higher level by another.

| maker | moment | Triện | DSS | pyHanko |
|---|---|---|---|---|";

fn line(row: &Row) -> String {
    let cell = |judge: LevelJudge, said: &Option<Said>| match said {
        None => "not asked".to_owned(),
        Some(said) => match row.explanation(judge) {
            Some(explanation) => format!("{said} ({})", explanation.number()),
            None => said.to_string(),
        },
    };
    format!(
        "| {} {} | {} | {} | {} | {} |",
        row.file.maker,
        row.file.level.name(),
        row.moment,
        row.ours,
        cell(LevelJudge::Dss, &row.dss),
        cell(LevelJudge::PyHanko, &row.pyhanko),
    )
}
