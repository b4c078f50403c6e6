//! Runs the crate against a real module (`SoftHSM`), each test in its own process with its own
//! tokens; where the module is absent, each test says so and is skipped.

#![cfg(unix)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "test code: a panic is a failed test, and skips are said aloud"
)]

mod certificates;
mod hsm;
mod isolation;

mod inventory;
mod modules;
mod pins;
mod signatures;
mod soft_keys;
mod tokens;
