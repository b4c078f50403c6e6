//! The whole verifying road over arbitrary octets, under the default limits.

use trien::trust::TrustAnchors;
use trien::{Conclusion, UnixTime, Verification, verify};

/// 2026-05-31T08:00:00+07:00: a time is an input, and seeds should meet the same one.
const TIME: UnixTime = UnixTime::from_seconds(1_780_189_200);

/// Any octets lead to a report.
pub fn verify_facade(octets: &[u8]) {
    let anchors = TrustAnchors::default();
    let report = verify(octets, &Verification::new(&anchors, TIME));
    // Without an anchor nothing can be concluded to be valid.
    for signature in &report.signatures {
        assert_ne!(signature.conclusion, Conclusion::Passed);
    }
}
