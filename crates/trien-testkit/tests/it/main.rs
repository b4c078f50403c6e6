//! The test kit judged by programs of others: OpenSSL, SoftHSM, qpdf, poppler, mupdf.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a panic in a test is a failed test, and its files are its own"
)]

mod appearance;
mod archive;
mod judge;
mod parts;
mod pki;
mod service_programs;
mod services;
mod structures;
mod tokens;
