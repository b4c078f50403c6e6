//! Integration tests of the facade and of the workspace as a whole, a module per road.
//!
//! Real components throughout: keys and certificates of the test PKI, records of the test kit,
//! SoftHSM, and judges that others wrote. What is absent is skipped aloud.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::unwrap_in_result,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "test code: a panic is a failed test, and skips are said aloud"
)]

mod answer_expiry;
mod archive;
mod attacks;
mod bad_input;
mod certified;
mod chain;
mod client;
mod encrypted;
mod evidence;
mod fields;
mod flips;
mod forbidden;
mod foreign_levels;
mod foreign_raised;
mod forms;
mod honest;
mod honest_fills;
mod huge;
mod judges;
mod keys;
mod layers;
mod levels;
mod marks;
mod marks_measured;
mod page_content;
mod school;
mod statements;
mod structures;
mod time_stamping;
mod tokens;
mod two_step;
mod two_step_altered;
mod unknown_algorithms;
mod updates;
mod workflow;
