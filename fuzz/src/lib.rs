//! What each fuzz target does with its octets, and what must hold of the outcome.
//! Knows neither seeds nor how long to run: `cargo xtask fuzz` does.

mod appearance;
mod asn1;
mod facade;
mod pdf;
mod settings;

pub use appearance::{font, image};
pub use asn1::{certificate, cms, crl, ocsp, time_stamp};
pub use facade::{prepared, verify_facade};
pub use pdf::{
    byte_range, object, open, page_content, revision_diff, security_store, update_round_trip, xref,
};
pub use settings::{anchor_file, private_key, profile};

use trien_types::Limits;

/// The default limits, smaller where reaching them takes long: a target that spends a second on
/// one deflate bomb tries nothing else. That the default limits bound the work too is what the
/// `limits` tests of the crates show, and `verify_facade` runs under the defaults.
fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.decoded_octets = 1024 * 1024;
    limits.objects = 65_536;
    limits
}
