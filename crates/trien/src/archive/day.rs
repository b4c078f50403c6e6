//! Days as people in Vietnam write them: `31/12/2026`, `2026-12-31`, or a moment with its offset.

use std::error::Error;
use std::fmt;

use trien_policy::Language;
use trien_types::{CivilTime, UnixTime, UtcOffset};

/// A text names no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DayError;

impl DayError {
    /// What to write instead, for people.
    #[must_use]
    pub const fn sentence(self, language: Language) -> &'static str {
        match language {
            Language::En => {
                "no day: write day/month/year, year-month-day, or a time with its offset"
            }
            Language::Vi | _ => {
                "không phải là ngày: hãy viết ngày/tháng/năm (31/12/2026), năm-tháng-ngày \
                 (2026-12-31) hoặc thời điểm (2026-12-31T17:00:00+07:00)"
            }
        }
    }
}

impl fmt::Display for DayError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [vi, en] = [Language::Vi, Language::En].map(|language| self.sentence(language));
        write!(formatter, "{vi} / {en}")
    }
}

impl Error for DayError {}

/// The moment that is written, or the first second of the day, in Vietnam.
///
/// # Errors
/// The text is no day and no moment.
pub fn first_moment(text: &str) -> Result<UnixTime, DayError> {
    moment(text, (0, 0, 0))
}

/// The moment that is written, or the last second of the day, in Vietnam.
///
/// # Errors
/// The text is no day and no moment.
pub fn last_moment(text: &str) -> Result<UnixTime, DayError> {
    moment(text, (23, 59, 59))
}

fn moment(text: &str, time: (i8, i8, i8)) -> Result<UnixTime, DayError> {
    let text = text.trim();
    if let Ok(moment) = UnixTime::from_rfc3339(text) {
        return Ok(moment);
    }
    let date = by_slashes(text).or_else(|| by_hyphens(text));
    let civil = CivilTime::new(date.ok_or(DayError)?, time, UtcOffset::VIETNAM);
    UnixTime::from_civil(civil).map_err(|_| DayError)
}

/// Day, month, year; days and months below ten with or without a zero before them.
fn by_slashes(text: &str) -> Option<(i16, i8, i8)> {
    let mut parts = text.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || day.len() > 2 || month.len() > 2 || year.len() != 4 {
        return None;
    }
    Some((number(year)?, number(month)?, number(day)?))
}

/// Year, month, day, all digits written.
fn by_hyphens(text: &str) -> Option<(i16, i8, i8)> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    Some((number(year)?, number(month)?, number(day)?))
}

/// Digits alone: no sign, no blanks.
fn number<T: std::str::FromStr>(digits: &str) -> Option<T> {
    let is_number = digits.bytes().all(|octet| octet.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_people_and_as_programs_write_it() {
        let first = "2026-09-05T00:00:00+07:00";
        for text in ["05/09/2026", "5/9/2026", " 5/09/2026 ", "2026-09-05", first] {
            assert_eq!(first_moment(text).unwrap().to_string(), first, "{text}");
        }
        assert_eq!(
            last_moment("31/12/2026").unwrap().to_string(),
            "2026-12-31T23:59:59+07:00"
        );
        assert_eq!(last_moment(first).unwrap().to_string(), first);
    }

    #[test]
    fn what_may_mean_another_day_is_refused() {
        for text in [
            "",
            "12/31/2026",
            "31/02/2026",
            "31/12/26",
            "31-12-2026",
            "2026/12/31",
            "2026-9-5",
            "+1/+2/2026",
            "31.12.2026",
            "31/12/2026/1",
            "hôm nay",
        ] {
            assert_eq!(first_moment(text), Err(DayError), "{text}");
        }
    }
}
