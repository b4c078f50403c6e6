//! What tests of Triện are made of: a declared test PKI, filled SoftHSM tokens, sample records and
//! the file structures they may come in, and the services that signatures need, on loopback. Development only: nothing here is linked into a product.
//!
//! Knows nothing of signatures: making and judging them is what the other crates do.

pub mod attacks;
mod der;
pub mod judges;
pub mod levels;
pub mod parts;
pub mod pki;
pub mod records;
pub mod renderings;
pub mod seeds;
pub mod services;
pub mod structures;
pub mod tokens;
