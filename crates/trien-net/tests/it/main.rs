//! The transports against the live services of the test kit and of OpenSSL.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a panic in a test is a failed test"
)]

mod cache;
mod fail_over;
mod faults;
mod live;
mod programs;
mod redirects;
mod single_flight;
mod timing;
