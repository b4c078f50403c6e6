//! Rules: one constant, one pure function and one test each.

pub(crate) mod certificate;
mod document;
#[cfg(test)]
pub(crate) mod facts;
pub(crate) mod signature;
pub(crate) mod signing;
mod time;

use std::fmt;

pub(crate) use document::is_only_unknown;

use crate::judged::Judged;
use crate::language::{Detail, Sentence};
use crate::{Conclusion, Finding, Language, Outcome, SigningFacts};
use serde::{Deserialize, Serialize, Serializer};

/// A rule's stable name, such as `tt41.7.2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RuleId(&'static str);

impl RuleId {
    pub(crate) const fn new(id: &'static str) -> Self {
        Self(id)
    }

    /// The name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl Serialize for RuleId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

/// What a rule weighs when it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Level {
    /// It lowers the conclusion.
    Fail,
    /// It is shown as a warning.
    Warn,
    /// It is shown.
    Inform,
}

/// What a check found: the outcome, a detail in technical English, and what a failure means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    pub(crate) outcome: Outcome,
    pub(crate) detail: Option<Detail>,
    pub(crate) conclusion: Conclusion,
}

/// Where the sentence says all.
pub(crate) const NO_DETAIL: Option<Detail> = None;

impl Checked {
    pub(crate) const PASS: Self = Self {
        outcome: Outcome::Pass,
        detail: None,
        conclusion: Conclusion::Passed,
    };

    pub(crate) const NOT_APPLICABLE: Self = Self {
        outcome: Outcome::NotApplicable,
        detail: None,
        conclusion: Conclusion::Passed,
    };

    pub(crate) fn fail<D: Into<Detail>>(conclusion: Conclusion, detail: Option<D>) -> Self {
        Self {
            outcome: Outcome::Fail,
            detail: detail.map(Into::into),
            conclusion,
        }
    }

    pub(crate) fn cannot_tell<D: Into<Detail>>(conclusion: Conclusion, detail: Option<D>) -> Self {
        Self {
            outcome: Outcome::CannotTell,
            detail: detail.map(Into::into),
            conclusion,
        }
    }
}

/// A rule over facts of kind `F`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Rule<F> {
    /// Its stable name.
    pub id: RuleId,
    /// The clause it comes from.
    pub clause: &'static str,
    /// What it weighs unless the profile says otherwise.
    pub level: Level,
    /// The check itself.
    pub check: fn(&F) -> Checked,
    pub(crate) pass: Sentence,
    pub(crate) fail: Sentence,
    pub(crate) cannot_tell: Sentence,
}

impl<F> Rule<F> {
    /// What was checked as a finding in a language.
    pub(crate) fn finding(&self, checked: Checked, level: Level, language: Language) -> Finding {
        let sentence = self.sentence(checked.outcome).in_language(language);
        let message = match checked.detail {
            None => sentence.to_owned(),
            Some(detail) => format!("{sentence} ({})", detail.in_language(language)),
        };
        Finding {
            rule: self.id,
            clause: self.clause,
            outcome: checked.outcome,
            level,
            message,
        }
    }

    const fn sentence(&self, outcome: Outcome) -> Sentence {
        match outcome {
            Outcome::Pass => self.pass,
            Outcome::Fail => self.fail,
            Outcome::CannotTell => self.cannot_tell,
            Outcome::NotApplicable => Sentence {
                vi: "Không áp dụng cho chữ ký này.",
                en: "Does not apply here.",
            },
        }
    }
}

/// What every signature is judged by, whatever the instrument, before its own rules.
pub(crate) const BEFORE: [&Rule<Judged>; 5] = [
    &signature::FORMAT,
    &document::COVERAGE,
    &document::CERTIFICATION_FIRST,
    &document::CHANGES,
    &document::COVERING,
];

/// What every signature is judged by, after them.
pub(crate) const AFTER: [&Rule<Judged>; 5] = [
    &certificate::ALGORITHMS,
    &time::ORDER,
    &time::CLAIMED_TIME,
    &time::LOCAL_TIME,
    &time::CLAIMED_AHEAD,
];

/// What is asked before every signature, whatever the instrument.
pub(crate) const BEFORE_SIGNING: [&Rule<SigningFacts>; 4] = [
    &signing::CERTIFICATE_IN_VALIDITY,
    &signing::CERTIFICATION_ALLOWS,
    &signing::PATH_TRUSTED,
    &signing::STATUS_KNOWN,
];
