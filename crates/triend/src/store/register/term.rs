//! From when until when something holds.
//! Does not know what.

use std::error::Error;
use std::fmt;

use trien_types::UnixTime;

/// A span of time with a start and perhaps an end. Invariant: it ends after it starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Term {
    from: UnixTime,
    until: Option<UnixTime>,
}

/// Why a span of time makes no sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TermError {
    /// It ends when or before it starts.
    EndsBeforeItStarts,
    /// The end given is later than the one it has: an end only shortens.
    LaterThanItsEnd,
    /// It reaches out of the time the clerk's own entry holds.
    OutsideSigner,
}

impl Term {
    /// From the first moment to the moment it no longer holds; `None` leaves the end open.
    ///
    /// # Errors
    /// [`TermError::EndsBeforeItStarts`]
    pub fn new(from: UnixTime, until: Option<UnixTime>) -> Result<Self, TermError> {
        if until.is_some_and(|until| until <= from) {
            return Err(TermError::EndsBeforeItStarts);
        }
        Ok(Self { from, until })
    }

    /// The first moment.
    #[must_use]
    pub const fn from(&self) -> UnixTime {
        self.from
    }

    /// The first moment after it; `None` where the end is open.
    #[must_use]
    pub const fn until(&self) -> Option<UnixTime> {
        self.until
    }

    /// Whether it holds at `time`.
    #[must_use]
    pub fn contains(&self, time: UnixTime) -> bool {
        self.from <= time && self.until.is_none_or(|until| time < until)
    }

    /// Whether there is a moment at which both hold.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.until.is_none_or(|until| other.from < until)
            && other.until.is_none_or(|until| self.from < until)
    }

    /// Whether both ends of `other` lie inside.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        self.from <= other.from
            && match (self.until, other.until) {
                (None, _) => true,
                (Some(_), None) => false,
                (Some(own), Some(others)) => others <= own,
            }
    }

    /// The same with an earlier end.
    ///
    /// # Errors
    /// The end is before the start, or later than the one it has.
    pub fn ended(&self, until: UnixTime) -> Result<Self, TermError> {
        if self.until.is_some_and(|present| present < until) {
            return Err(TermError::LaterThanItsEnd);
        }
        Self::new(self.from, Some(until))
    }

    /// As read from the file, where the database holds the invariant and the check finds who bent
    /// it.
    pub(super) const fn as_stored(from: UnixTime, until: Option<UnixTime>) -> Self {
        Self { from, until }
    }
}

impl fmt::Display for TermError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::EndsBeforeItStarts => "the end is not after the start: give a later end",
            Self::LaterThanItsEnd => "it ends earlier already: make a new entry for longer",
            Self::OutsideSigner => {
                "the clerk's own entry does not hold all that time: shorten it or renew the entry"
            }
        })
    }
}

impl Error for TermError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn term() -> impl Strategy<Value = Term> {
        (0_i64..30, prop::option::of(1_i64..30)).prop_map(|(from, length)| {
            let start = UnixTime::from_seconds(from);
            Term::new(start, length.map(|length| start.plus_seconds(length))).unwrap()
        })
    }

    proptest! {
        #[test]
        fn terms_overlap_when_a_moment_is_in_both(one in term(), other in term()) {
            let shared = (0..70).map(UnixTime::from_seconds)
                .any(|time| one.contains(time) && other.contains(time));
            prop_assert_eq!(one.overlaps(&other), shared);
            prop_assert_eq!(other.overlaps(&one), shared);
        }

        #[test]
        fn a_term_covers_another_when_it_holds_wherever_the_other_does(
            one in term(), other in term(),
        ) {
            let everywhere = (0..70).map(UnixTime::from_seconds)
                .all(|time| one.contains(time) || !other.contains(time));
            prop_assert_eq!(one.covers(&other), everywhere);
        }
    }

    #[test]
    fn a_term_that_ends_before_it_starts_cannot_be_built() {
        let time = UnixTime::from_seconds(5);
        assert_eq!(
            Term::new(time, Some(time)),
            Err(TermError::EndsBeforeItStarts)
        );
        let term = Term::new(time, Some(UnixTime::from_seconds(9))).unwrap();
        assert_eq!(
            term.ended(UnixTime::from_seconds(10)),
            Err(TermError::LaterThanItsEnd)
        );
        assert!(term.ended(UnixTime::from_seconds(8)).is_ok());
    }
}
