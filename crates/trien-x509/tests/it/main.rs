//! The roads of `trien-x509`: octets to elements, certificates and keys, and what breaks them.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "test helpers on inputs made here"
)]

mod algorithms;
mod asn1;
mod certificates;
mod crls;
mod distribution_points;
mod ml_dsa;
mod openssl_judge;
mod public_keys;
mod revocation_maker;
