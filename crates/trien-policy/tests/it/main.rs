//! Judgement as other programs see it: facts in, a report out.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests: what fails must stop them, aloud"
)]

mod scenario;
mod snapshots;
mod time_travel;
mod workflows;
