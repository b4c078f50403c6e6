//! The Vietnamese instruments, one folder each: a constant, a pure function and a test per rule,
//! and a ledger that gives every requirement a state. Dates are data: whether an instrument's end
//! is confirmed is told, and never decides by itself.

pub(crate) mod nd23_2025;
pub(crate) mod nd30_2020;
pub(crate) mod nd68_2024;
pub(crate) mod tt15_2025;
pub(crate) mod tt41_2017;

use serde::{Deserialize, Serialize};
use trien_types::UnixTime;

use crate::SigningFacts;
use crate::judged::Judged;
use crate::rule::Rule;

/// Whether a date was read in the instrument itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Confirmation {
    /// It was.
    Confirmed,
    /// It is known second-hand: to be shown with that remark.
    Unconfirmed,
}

/// Which certificates a school uses, and with that which instruments bind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SchoolKind {
    /// A public school, with certificates of the Government's own authority.
    #[default]
    Public,
    /// A private school, with certificates of a licensed public authority.
    Private,
}

/// An instrument as it is in the code.
#[derive(Debug)]
pub(crate) struct Instrument {
    pub(crate) id: &'static str,
    pub(crate) title: &'static str,
    pub(crate) applies_from: UnixTime,
    /// Exclusive; `None` while no end is known.
    pub(crate) applies_until: Option<UnixTime>,
    pub(crate) dates: Confirmation,
    pub(crate) validation: &'static [&'static Rule<Judged>],
    pub(crate) signing: &'static [&'static Rule<SigningFacts>],
    /// Requirement → state, as in its `LEDGER.md`.
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "held against the rules by a test")
    )]
    pub(crate) ledger: &'static str,
}

/// The profiles: NĐ 30/2020 is no profile of its own but binds under each of them.
pub(crate) const PROFILES: [&Instrument; 4] = [
    &tt41_2017::INSTRUMENT,
    &tt15_2025::INSTRUMENT,
    &nd68_2024::INSTRUMENT,
    &nd23_2025::INSTRUMENT,
];

/// The instruments that may bind a kind of school, the most special first.
pub(crate) const fn of_school(kind: SchoolKind) -> [&'static Instrument; 2] {
    match kind {
        SchoolKind::Public => [&tt41_2017::INSTRUMENT, &nd68_2024::INSTRUMENT],
        SchoolKind::Private => [&tt15_2025::INSTRUMENT, &nd23_2025::INSTRUMENT],
    }
}

#[cfg(test)]
mod tests;
