//! The roads of `trien-cms`: what is built verifies here and elsewhere, what is damaged does not.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "test helpers on inputs made here; skips are said aloud"
)]

mod algorithms;
mod ber;
mod building;
mod corpus;
mod corpus_file;
mod hostile;
mod keys;
mod maker;
mod ml_dsa;
mod rules;
mod time_stamps;
mod undecided;
