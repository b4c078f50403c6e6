//! What a rule found.

use serde::{Deserialize, Serialize};

use crate::{Level, RuleId};

/// What a rule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// What it needs is not known.
    CannotTell,
    /// It has nothing to say here.
    NotApplicable,
}

/// One rule that ran, with what it found. Every rule that ran is in the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The rule.
    pub rule: RuleId,
    /// Where the rule comes from, as people cite it.
    pub clause: &'static str,
    /// What it found.
    pub outcome: Outcome,
    /// What a failure weighs under the profile: only `fail` lowers a conclusion or forbids.
    pub level: Level,
    /// A sentence in the report's language, with the detail where there is one.
    pub message: String,
}
