//! Makes the files that `docs/PERFORMANCE.md` speaks of, and does one kind of work on them again and
//! again in one process, so that a clock, callgrind or perf can look at it:
//!
//! - `measure make FOLDER` writes the files, the anchors and revocation lists;
//! - `measure verify FOLDER ROW COUNT [THREADS]` verifies the files of a row, each in turn, with
//!   change analysis and trust; `ROW` is a folder below FOLDER (one, ten, three), or a file
//!   such as `pages/2.pdf`;
//! - `measure sign FOLDER COUNT [THREADS]` signs with a key in memory;
//! - `measure token FOLDER COUNT` signs with a key on a SoftHSM token, and lets the token sign alone;
//! - `measure huge FOLDER GIBIBYTES` makes a file of that size as a hole, signs it twice and verifies it.
//!
//! Each prints one line of JSON for each kind of work: how often, the median and the mean.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for developers: what fails must stop it, aloud"
)]

mod huge;
mod inputs;
mod signing;
mod verifying;

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use mimalloc::MiMalloc;
use serde_json::json;
use trien::UnixTime;

/// As our programs: docs/adr/0027-an-allocator-for-programs.md.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// 2026-05-31T08:00:00+07:00, inside every validity of the test PKI.
const SIGNED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200);
/// A year later.
const JUDGED_AT: UnixTime = UnixTime::from_seconds(1_780_189_200 + 365 * 86_400);

const USAGE: &str = "usage: measure make FOLDER | verify FOLDER ROW COUNT [THREADS] | sign FOLDER \
                     COUNT [THREADS] | token FOLDER COUNT | huge FOLDER GIBIBYTES";

fn main() -> Result<(), Box<dyn Error>> {
    if signing::is_filler()? {
        return Ok(());
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["make", folder] => inputs::make(Path::new(folder)),
        ["verify", folder, row, count] => verifying::run(Path::new(folder), row, count.parse()?, 1),
        ["verify", folder, row, count, threads] => {
            verifying::run(Path::new(folder), row, count.parse()?, threads.parse()?)
        }
        ["sign", folder, count] => signing::soft(Path::new(folder), count.parse()?),
        ["sign", folder, count, threads] => {
            signing::soft_together(Path::new(folder), count.parse()?, threads.parse()?)
        }
        ["token", folder, count] => signing::token(Path::new(folder), count.parse()?),
        ["huge", folder, gibibytes] => huge::run(Path::new(folder), gibibytes.parse()?),
        _ => Err(USAGE.into()),
    }
}

/// Prints what a loop took: `times` are those of single pieces of work, in any order.
fn tell(work: &str, mut times: Vec<Duration>, elapsed: Duration) {
    times.sort();
    let median = times[times.len() / 2].as_secs_f64();
    let count = times.len();
    println!(
        "{}",
        json!({
            "work": work,
            "count": count,
            "median_microseconds": median * 1e6,
            "per_second_by_median": 1.0 / median,
            "per_second": f64::from(u32::try_from(count).unwrap()) / elapsed.as_secs_f64(),
        })
    );
}

/// Prints what a loop on several threads took: what one piece of work of all takes of the whole time.
fn tell_together(work: &str, count: usize, elapsed: Duration) {
    let rate = f64::from(u32::try_from(count).unwrap()) / elapsed.as_secs_f64();
    println!(
        "{}",
        json!({
            "work": work,
            "count": count,
            "median_microseconds": 1e6 / rate,
            "per_second": rate,
        })
    );
}
