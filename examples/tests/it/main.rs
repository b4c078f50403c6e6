//! The built example programs, run as users run them, a module per road.
//!
//! Real components throughout: SoftHSM, the test PKI, records of the test kit, and judges that
//! others wrote. What is absent is skipped aloud.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_in_result,
    clippy::unwrap_used,
    reason = "test code: a panic is a failed test, and skips are said aloud"
)]

mod anchors;
#[path = "../../../crates/trien/examples/make-archive/archive/mod.rs"]
mod archive_maker;
mod archives;
mod contract;
mod corpus;
mod folders;
#[allow(
    dead_code,
    reason = "shared with the tests of the facade, which use all of it"
)]
#[path = "../../../crates/trien/tests/it/judges.rs"]
mod judges;
mod levels;
mod manifests;
mod planted;
mod programs;
mod quickstart;
mod reports;
mod sealed_reports;
mod signing;
mod tokens;
mod verify;
mod workflow;
