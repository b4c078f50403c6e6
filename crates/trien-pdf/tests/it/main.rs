//! The PDF layer from outside: hostile files, damaged files, and files that once broke it.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_in_result,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a panic in a test is a failed test, and its files are its own"
)]

mod complexity;
mod contents;
mod embedded;
mod frames;
mod limits;
mod maker;
mod many_annotations;
mod mutations;
mod new_fields;
mod packing;
mod regressions;
mod second_reader;
mod security_stores;
mod store_bounds;
mod written;
