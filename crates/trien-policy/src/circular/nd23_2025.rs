//! Nghị định 23/2025/NĐ-CP: electronic signatures and trust services, all but those of the
//! Government's own authority.

use trien_types::UnixTime;

use super::{Confirmation, Instrument};

mod rules;

/// The instrument.
pub(crate) const INSTRUMENT: Instrument = Instrument {
    id: "nd23_2025",
    title: "Nghị định 23/2025/NĐ-CP",
    // 2025-04-10T00:00:00+07:00
    applies_from: UnixTime::from_seconds(1_744_218_000),
    applies_until: None,
    dates: Confirmation::Confirmed,
    validation: &[&rules::INTEGRITY, &rules::AT_SIGNING, &rules::LIFETIME],
    signing: &[&rules::OWN_AND_ISSUER],
    ledger: include_str!("nd23_2025/LEDGER.md"),
};
