//! Nghị định 30/2020/NĐ-CP: records work. No profile of its own: its rules bind under each.

use trien_types::UnixTime;

use super::{Confirmation, Instrument};

mod order;

/// The instrument.
pub(crate) const INSTRUMENT: Instrument = Instrument {
    id: "nd30_2020",
    title: "Nghị định 30/2020/NĐ-CP",
    // 2020-03-05T00:00:00+07:00
    applies_from: UnixTime::from_seconds(1_583_341_200),
    applies_until: None,
    dates: Confirmation::Confirmed,
    validation: &[&order::SEAL_LAST],
    signing: &[&order::SEAL_AFTER_SIGNATURE],
    ledger: include_str!("nd30_2020/LEDGER.md"),
};
