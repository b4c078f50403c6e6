//! Under which rules a signature is judged: data, not code.

use trien_types::UnixTime;

use crate::{Level, Rule, RuleId};

/// A profile: what each rule weighs. The rules themselves are [`crate::validation_rules`] and
/// [`crate::signing_rules`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Profile {
    /// Stable id, as in LEGAL terms: `tt41_2017`.
    pub id: &'static str,
    /// The instrument's title.
    pub title: &'static str,
    /// From when it applies.
    pub applies_from: UnixTime,
    levels: Vec<(RuleId, Level)>,
}

impl Profile {
    /// Thông tư 41/2017/TT-BTTTT, in force from 5 February 2018: the default.
    #[must_use]
    pub const fn tt41_2017() -> Self {
        Self {
            id: "tt41_2017",
            title: "Thông tư 41/2017/TT-BTTTT",
            // 2018-02-05T00:00:00+07:00
            applies_from: UnixTime::from_seconds(1_517_763_600),
            levels: Vec::new(),
        }
    }

    /// The same profile with another level for one rule, as an administrator may decide.
    #[must_use]
    pub fn with_level(mut self, rule: RuleId, level: Level) -> Self {
        self.levels.retain(|(known, _)| *known != rule);
        self.levels.push((rule, level));
        self
    }

    /// What `rule` weighs here.
    #[must_use]
    pub fn level_of<F>(&self, rule: &Rule<F>) -> Level {
        let overridden = self.levels.iter().find(|(id, _)| *id == rule.id);
        overridden.map_or(rule.level, |(_, level)| *level)
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::tt41_2017()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tt41_applies_from_5_february_2018_in_vietnam() {
        assert_eq!(
            Profile::tt41_2017().applies_from.to_string(),
            "2018-02-05T00:00:00+07:00"
        );
    }
}
