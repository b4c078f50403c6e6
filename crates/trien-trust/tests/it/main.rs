//! Anchors and certification paths over certificates that the tests issue themselves.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::too_many_lines,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a panic in a test is a failed test"
)]

mod anchors;
mod budgets;
mod constraints;
mod folders;
mod hostile_evidence;
mod limbo;
mod list_statements;
mod lists;
mod paths;
mod pki;
mod pkits;
mod policies;
mod response_statements;
mod status_times;
mod times;
