//! Bounds of trust that an administrator writes beside a file of anchors.
//! Reads their text; does not know which certificates they are for.
//!
//! `root.pem` is bounded by `root.pem.toml`:
//!
//! ```toml
//! purpose = "signing"                          # or "time-stamping"; without it every purpose
//! valid-until = "2030-12-31T23:59:59+07:00"    # the last moment of the trust
//! ```

use std::fmt;

use serde::Deserialize;
use trien_types::UnixTime;

use super::TrustAnchor;
use crate::purpose::{AnchorPurposes, PathPurpose};

/// What the name of a file of bounds adds to the name of the anchors' file.
pub(super) const ENDING: &str = ".toml";

/// Bounds as they stand in a file. A key that is not known is an error: it may have been meant to
/// narrow the trust.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Bounds {
    purposes: Option<PathPurpose>,
    valid_until: Option<UnixTime>,
}

/// The text of a file of bounds cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum AnchorBoundsError {
    /// It is no TOML, has a key that is not known, or a purpose that is none.
    Text(Box<toml::de::Error>),
    /// `valid-until` is no moment with an offset (RFC 3339).
    Time(trien_types::TimeError),
}

impl fmt::Display for AnchorBoundsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Text(_) => {
                "write purpose = \"signing\" or \"time-stamping\" and valid-until = \"…\" only"
            }
            Self::Time(_) => "valid-until is no date and time",
        })
    }
}

impl std::error::Error for AnchorBoundsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Text(error) => Some(error),
            Self::Time(error) => Some(error),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    purpose: Option<Purpose>,
    valid_until: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Purpose {
    Signing,
    TimeStamping,
}

impl Bounds {
    pub(super) fn read(octets: &[u8]) -> Result<Self, AnchorBoundsError> {
        let text = String::from_utf8_lossy(octets);
        let written: Written =
            toml::from_str(&text).map_err(|error| AnchorBoundsError::Text(Box::new(error)))?;
        Ok(Self {
            purposes: written.purpose.map(|purpose| match purpose {
                Purpose::Signing => PathPurpose::DocumentSigning,
                Purpose::TimeStamping => PathPurpose::TimeStamping,
            }),
            valid_until: written
                .valid_until
                .map(|text| UnixTime::from_rfc3339(&text))
                .transpose()
                .map_err(AnchorBoundsError::Time)?,
        })
    }

    pub(super) const fn apply(self, anchor: TrustAnchor) -> TrustAnchor {
        let anchor = match self.purposes {
            Some(purpose) => anchor.with_purposes(AnchorPurposes::Only(purpose)),
            None => anchor,
        };
        match self.valid_until {
            Some(last_moment) => anchor.with_valid_until(last_moment),
            None => anchor,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_and_whatever_else_is_written_is_refused() {
        let read = |text: &str| Bounds::read(text.as_bytes());
        assert_eq!(read("# nothing\n").unwrap(), Bounds::default());
        let both = read("purpose = \"time-stamping\"\nvalid-until = \"2030-01-01T00:00:00Z\"");
        let both = both.unwrap();
        assert_eq!(both.purposes, Some(PathPurpose::TimeStamping));
        assert_eq!(
            both.valid_until,
            UnixTime::from_rfc3339("2030-01-01T00:00:00Z").ok()
        );
        for wrong in [
            "purposes = \"signing\"",
            "purpose = \"everything\"",
            "valid-until = 2030",
            "valid-until = \"2030-01-01\"",
            "no toml",
            "\u{0}",
        ] {
            let error = read(wrong).unwrap_err();
            assert!(std::error::Error::source(&error).is_some(), "{wrong}");
        }
    }
}
