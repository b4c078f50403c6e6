//! Nghị định 68/2024/NĐ-CP: signatures with certificates of the Government's own authority. The day it
//! came into force is not confirmed.

use trien_types::UnixTime;

use super::{Confirmation, Instrument};

mod rules;

/// The instrument.
pub(crate) const INSTRUMENT: Instrument = Instrument {
    id: "nd68_2024",
    title: "Nghị định 68/2024/NĐ-CP",
    // 2024-08-15T00:00:00+07:00
    applies_from: UnixTime::from_seconds(1_723_654_800),
    applies_until: None,
    dates: Confirmation::Unconfirmed,
    validation: &[&rules::INTEGRITY, &rules::VALID],
    signing: &[&rules::BEFORE_SIGNING],
    ledger: include_str!("nd68_2024/LEDGER.md"),
};
