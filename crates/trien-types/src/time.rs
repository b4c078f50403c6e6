//! Seconds since 1970 and their civil form at a fixed offset. Reads no clock.

use std::fmt;

use jiff::{SignedDuration, Timestamp, civil};

const EPOCH: civil::DateTime = civil::date(1970, 1, 1).at(0, 0, 0, 0);

/// A moment, in whole seconds since 1970-01-01T00:00:00Z without leap seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnixTime(i64);

/// Offset of local time from UTC, in minutes. Invariant: under 24 hours either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct UtcOffset(i16);

/// A moment taken apart at a fixed offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CivilTime {
    /// Year of the Gregorian calendar.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month, from 1.
    pub day: i8,
    /// Hour, 0 to 23.
    pub hour: i8,
    /// Minute, 0 to 59.
    pub minute: i8,
    /// Second, 0 to 59.
    pub second: i8,
    /// The offset these numbers are given at.
    pub offset: UtcOffset,
}

/// A text or a set of numbers is no moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeError;

impl fmt::Display for TimeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not a date and time of the form 2026-05-31T08:00:00+07:00")
    }
}

impl std::error::Error for TimeError {}

impl UtcOffset {
    /// Coordinated universal time.
    pub const UTC: Self = Self(0);
    /// Vietnam's time, +07:00 all year.
    pub const VIETNAM: Self = Self(7 * 60);

    /// An offset of `minutes` east of UTC.
    ///
    /// # Errors
    /// 24 hours or more.
    pub const fn from_minutes(minutes: i16) -> Result<Self, TimeError> {
        if minutes > -1440 && minutes < 1440 {
            Ok(Self(minutes))
        } else {
            Err(TimeError)
        }
    }

    /// Minutes east of UTC.
    #[must_use]
    pub const fn minutes(self) -> i16 {
        self.0
    }

    fn seconds(self) -> i64 {
        i64::from(self.0).saturating_mul(60)
    }
}

impl UnixTime {
    /// A moment so many seconds after (or before) 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// The moment `seconds` later (earlier when negative); stays at the ends of the range.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// The moment that civil numbers name at their offset.
    ///
    /// # Errors
    /// The numbers name no date or time of day.
    pub fn from_civil(civil: CivilTime) -> Result<Self, TimeError> {
        let date_time = civil::DateTime::new(
            civil.year,
            civil.month,
            civil.day,
            civil.hour,
            civil.minute,
            civil.second,
            0,
        )
        .map_err(|_| TimeError)?;
        // Not through `Timestamp`, which ends before the last days of the calendar, and with them
        // before 9999-12-31T23:59:59Z: that moment says "never expires" (RFC 5280, 4.1.2.5).
        let local = EPOCH.duration_until(date_time).as_secs();
        Ok(Self(local.saturating_sub(civil.offset.seconds())))
    }

    /// The civil form at `offset`.
    ///
    /// # Errors
    /// The year is outside -9999 to 9999.
    pub fn to_civil(self, offset: UtcOffset) -> Result<CivilTime, TimeError> {
        let local = SignedDuration::from_secs(self.0.saturating_add(offset.seconds()));
        let date_time = EPOCH.checked_add(local).map_err(|_| TimeError)?;
        Ok(CivilTime {
            year: date_time.year(),
            month: date_time.month(),
            day: date_time.day(),
            hour: date_time.hour(),
            minute: date_time.minute(),
            second: date_time.second(),
            offset,
        })
    }

    /// Reads an RFC 3339 text, such as `2026-05-31T08:00:00+07:00`. Fractions are cut off.
    ///
    /// # Errors
    /// The text is no RFC 3339 date and time with an offset.
    pub fn from_rfc3339(text: &str) -> Result<Self, TimeError> {
        let timestamp: Timestamp = text.parse().map_err(|_| TimeError)?;
        Ok(Self(timestamp.as_second()))
    }

    /// RFC 3339 text at `offset`; a moment outside the calendar prints as `@` and its seconds.
    #[must_use]
    pub fn to_rfc3339(self, offset: UtcOffset) -> String {
        let Ok(civil) = self.to_civil(offset) else {
            return format!("@{}", self.0);
        };
        let sign = if offset.0 < 0 { '-' } else { '+' };
        let minutes = offset.0.unsigned_abs();
        format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{sign}{:02}:{:02}",
            civil.year,
            civil.month,
            civil.day,
            civil.hour,
            civil.minute,
            civil.second,
            minutes / 60,
            minutes % 60
        )
    }
}

impl CivilTime {
    /// Civil numbers at an offset; [`UnixTime::from_civil`] checks that they name a moment.
    #[must_use]
    pub const fn new(date: (i16, i8, i8), time: (i8, i8, i8), offset: UtcOffset) -> Self {
        Self {
            year: date.0,
            month: date.1,
            day: date.2,
            hour: time.0,
            minute: time.1,
            second: time.2,
            offset,
        }
    }
}

impl fmt::Display for UnixTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.to_rfc3339(UtcOffset::VIETNAM))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_time_is_seven_hours_ahead() {
        let time = UnixTime::from_rfc3339("2026-05-31T08:00:00+07:00").unwrap();
        assert_eq!(time.to_rfc3339(UtcOffset::UTC), "2026-05-31T01:00:00+00:00");
        assert_eq!(time.to_string(), "2026-05-31T08:00:00+07:00");
        assert_eq!(
            UnixTime::from_civil(time.to_civil(UtcOffset::VIETNAM).unwrap()),
            Ok(time)
        );
    }

    #[test]
    fn civil_numbers_that_name_no_day_are_refused() {
        let civil = CivilTime::new((2026, 2, 30), (0, 0, 0), UtcOffset::UTC);
        assert_eq!(UnixTime::from_civil(civil), Err(TimeError));
        assert!(UtcOffset::from_minutes(1440).is_err());
    }

    #[test]
    fn the_moment_that_says_never_expires_is_read() {
        let civil = CivilTime::new((9999, 12, 31), (23, 59, 59), UtcOffset::UTC);
        let never = UnixTime::from_civil(civil).unwrap();
        assert_eq!(never.seconds(), 253_402_300_799);
        assert_eq!(never.to_civil(UtcOffset::UTC), Ok(civil));
        assert_eq!(never.to_civil(UtcOffset::VIETNAM), Err(TimeError));
        let first = CivilTime::new((-9999, 1, 1), (0, 0, 0), UtcOffset::UTC);
        let first_moment = UnixTime::from_civil(first).unwrap();
        assert_eq!(first_moment.to_civil(UtcOffset::UTC), Ok(first));
    }

    #[test]
    fn a_moment_outside_the_calendar_still_prints() {
        assert_eq!(
            UnixTime::from_seconds(i64::MAX).to_rfc3339(UtcOffset::UTC),
            "@9223372036854775807"
        );
    }
}
