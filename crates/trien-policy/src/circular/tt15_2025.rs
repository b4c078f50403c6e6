//! Thông tư 15/2025/TT-BKHCN: software for signatures with certificates of public authorities.

use trien_types::UnixTime;

use super::{Confirmation, Instrument};

mod signing;
mod validity;

/// The instrument.
pub(crate) const INSTRUMENT: Instrument = Instrument {
    id: "tt15_2025",
    title: "Thông tư 15/2025/TT-BKHCN",
    // 2025-08-15T00:00:00+07:00
    applies_from: UnixTime::from_seconds(1_755_190_800),
    applies_until: None,
    dates: Confirmation::Confirmed,
    validation: &[
        &validity::INTEGRITY,
        &validity::PATH,
        &validity::VALIDITY,
        &validity::STATUS,
        &validity::ALGORITHMS,
        &validity::PADDING,
    ],
    signing: &[
        &signing::CERTIFICATE,
        &signing::PATH,
        &signing::STATUS,
        &signing::ALGORITHMS,
    ],
    ledger: include_str!("tt15_2025/LEDGER.md"),
};
