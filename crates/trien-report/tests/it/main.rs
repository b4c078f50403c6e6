//! The reports as those who read them get them: through a spreadsheet program, and as files that
//! hold what they should and nothing that runs.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "test code: a failure must stop the test, and what is skipped must be said aloud"
)]

mod html;
mod lines;
mod pdf;
mod spreadsheet;
