//! What was observed about time-stamp tokens.

use serde::{Deserialize, Serialize};
use trien_types::UnixTime;

use super::moment::optional_seconds;
use super::{AlgorithmFact, PathFact};

/// Whether a token holds by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
#[non_exhaustive]
pub enum TokenFact {
    /// It holds and stamps what it stands beside.
    Intact,
    /// It does not.
    Refused {
        /// Why, in the language of the verification.
        detail: String,
    },
    /// This program cannot tell.
    Unsupported {
        /// What it does not support, in the language of the verification.
        detail: String,
    },
}

/// What is said of a time-stamp token as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TimestampStatus {
    /// It holds and its authority was trusted and in its validity when it stamped.
    Valid,
    /// It does not hold.
    Invalid,
    /// It holds, but whether its authority is trusted is not known.
    Indeterminate,
}

/// One time-stamp token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimestampFacts {
    /// genTime; `None` when the token cannot be read.
    #[serde(with = "optional_seconds")]
    pub time: Option<UnixTime>,
    /// Whether it holds by itself.
    pub token: TokenFact,
    /// Whether its authority leads to an anchor for time stamping.
    pub path: PathFact,
    /// What it was signed with.
    pub algorithm: Option<AlgorithmFact>,
    /// Further digests it rests on (the imprint's), by name.
    pub digests: Vec<String>,
}

impl TimestampFacts {
    /// A token's time and whether it holds; its authority is not known yet.
    #[must_use]
    pub const fn new(time: Option<UnixTime>, token: TokenFact) -> Self {
        Self {
            time,
            token,
            path: PathFact::NoCertificate,
            algorithm: None,
            digests: Vec::new(),
        }
    }
}
