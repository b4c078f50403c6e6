//! Thông tư 41/2017/TT-BTTTT: signatures of state bodies, public schools among them. Its end (15 November
//! 2026) is known second-hand.

use trien_types::UnixTime;

use super::{Confirmation, Instrument};

mod keeping;
pub(crate) mod signing;
mod validity;

/// The instrument.
pub(crate) const INSTRUMENT: Instrument = Instrument {
    id: "tt41_2017",
    title: "Thông tư 41/2017/TT-BTTTT",
    // 2018-02-05T00:00:00+07:00
    applies_from: UnixTime::from_seconds(1_517_763_600),
    applies_until: Some(UnixTime::from_seconds(1_794_675_600)),
    dates: Confirmation::Unconfirmed,
    validation: &[
        &validity::INTEGRITY,
        &validity::PATH,
        &validity::VALIDITY,
        &validity::STATUS,
        &validity::SCOPE,
        &keeping::TIME_STAMP,
    ],
    signing: &[
        &signing::NOT_REVOKED,
        &signing::WHOLE_BEFORE,
        &signing::PERSONAL_KEY,
        &signing::SEAL_KEY,
    ],
    ledger: include_str!("tt41_2017/LEDGER.md"),
};
