//! Under which rules a signature is judged: data, not code. An administrator may change levels,
//! dates and their confirmation in TOML.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use trien_types::UnixTime;

use crate::circular::tt41_2017::signing::FOR_EVERYBODY;
use crate::circular::{
    Confirmation, Instrument, PROFILES, SchoolKind, nd23_2025, nd30_2020, nd68_2024, of_school,
    tt15_2025, tt41_2017,
};
use crate::judged::Judged;
use crate::rule::{AFTER, BEFORE, BEFORE_SIGNING};
use crate::{Language, Level, Rule, RuleId, SigningFacts, toml_words};

/// A profile: an instrument's rules, what each weighs, and from when until when it applies.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Profile {
    /// Stable id: `tt41_2017`.
    pub id: &'static str,
    /// The instrument's title.
    pub title: &'static str,
    /// From when it applies.
    pub applies_from: UnixTime,
    /// Until when, exclusive; `None` while no end is known.
    pub applies_until: Option<UnixTime>,
    /// Whether these dates were read in the instrument.
    pub dates: Confirmation,
    instrument: &'static Instrument,
    levels: BTreeMap<String, Level>,
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
            && self.applies_from == other.applies_from
            && self.applies_until == other.applies_until
            && self.dates == other.dates
            && self.levels == other.levels
    }
}

impl Eq for Profile {}

impl Profile {
    const fn of(instrument: &'static Instrument) -> Self {
        Self {
            id: instrument.id,
            title: instrument.title,
            applies_from: instrument.applies_from,
            applies_until: instrument.applies_until,
            dates: instrument.dates,
            instrument,
            levels: BTreeMap::new(),
        }
    }

    /// Thông tư 41/2017/TT-BTTTT, in force from 5 February 2018: the default.
    #[must_use]
    pub const fn tt41_2017() -> Self {
        Self::of(&tt41_2017::INSTRUMENT)
    }

    /// Thông tư 15/2025/TT-BKHCN: private schools, from 15 August 2025.
    #[must_use]
    pub const fn tt15_2025() -> Self {
        Self::of(&tt15_2025::INSTRUMENT)
    }

    /// Nghị định 68/2024/NĐ-CP: public schools, beside and after TT 41/2017.
    #[must_use]
    pub const fn nd68_2024() -> Self {
        Self::of(&nd68_2024::INSTRUMENT)
    }

    /// Nghị định 23/2025/NĐ-CP: everybody but public bodies.
    #[must_use]
    pub const fn nd23_2025() -> Self {
        Self::of(&nd23_2025::INSTRUMENT)
    }

    /// The profile of this id: `tt41_2017`, `tt15_2025`, `nd68_2024` or `nd23_2025`.
    #[must_use]
    pub fn named(id: &str) -> Option<Self> {
        PROFILES
            .into_iter()
            .find(|instrument| instrument.id == id)
            .map(Self::of)
    }

    /// The ids of all profiles.
    #[must_use]
    pub fn ids() -> [&'static str; 4] {
        PROFILES.map(|instrument| instrument.id)
    }

    /// The profile that binds a school at a moment: the most special one in force then, else the
    /// one that came last before it, else the first there ever was.
    #[must_use]
    pub fn in_force(school: SchoolKind, moment: UnixTime) -> Self {
        let all = of_school(school);
        let begun = |instrument: &&&'static Instrument| instrument.applies_from <= moment;
        let in_force = |instrument: &&&'static Instrument| {
            begun(instrument) && instrument.applies_until.is_none_or(|until| moment < until)
        };
        let [first, _] = &all;
        let chosen = all
            .iter()
            .find(in_force)
            .or_else(|| all.iter().filter(begun).max_by_key(|one| one.applies_from))
            .unwrap_or(first);
        Self::of(chosen)
    }

    /// The same profile with another level for one rule, as an administrator may decide.
    #[must_use]
    pub fn with_level(mut self, rule: RuleId, level: Level) -> Self {
        self.levels.insert(rule.as_str().to_owned(), level);
        self
    }

    /// The same profile as an administrator's TOML changes it:
    ///
    /// ```toml
    /// applies_until = "2026-11-15T00:00:00+07:00"
    /// dates = "confirmed"
    /// [levels]
    /// "tt41.9.1a" = "fail"
    /// ```
    ///
    /// # Errors
    /// The text is no TOML of this form, names a rule that the profile does not have, or a moment
    /// that is none.
    pub fn with_overrides(mut self, text: &str) -> Result<Self, ProfileError> {
        let read: Overrides = toml::from_str(text).map_err(ProfileError::Form)?;
        let moment =
            |text: String| UnixTime::from_rfc3339(&text).map_err(|_| ProfileError::Moment { text });
        if let Some(from) = read.applies_from {
            self.applies_from = moment(from)?;
        }
        if let Some(until) = read.applies_until {
            self.applies_until = Some(moment(until)?);
        }
        if let Some(dates) = read.dates {
            self.dates = dates;
        }
        for (rule, level) in read.levels {
            let known = self.validation_rules().any(|one| one.id.as_str() == rule)
                || self.signing_rules().any(|one| one.id.as_str() == rule);
            if !known {
                return Err(ProfileError::UnknownRule { rule });
            }
            self.levels.insert(rule, level);
        }
        Ok(self)
    }

    /// The rules that a signature is judged by, in the order of the report.
    pub fn validation_rules(&self) -> impl Iterator<Item = &'static Rule<Judged>> + use<> {
        BEFORE
            .into_iter()
            .chain(self.instrument.validation.iter().copied())
            .chain(nd30_2020::INSTRUMENT.validation.iter().copied())
            .chain(AFTER)
    }

    /// The rules that are asked before a signature is made.
    pub fn signing_rules(&self) -> impl Iterator<Item = &'static Rule<SigningFacts>> + use<> {
        let own: &'static [&'static Rule<SigningFacts>] = self.instrument.signing;
        let is_own = |rule: &&Rule<SigningFacts>| own.iter().any(|one| one.id == rule.id);
        BEFORE_SIGNING
            .into_iter()
            .filter(move |rule| !is_own(rule))
            .chain(
                FOR_EVERYBODY
                    .into_iter()
                    .filter(move |rule| !own.iter().any(|one| one.id == rule.id)),
            )
            .chain(own.iter().copied())
            .chain(nd30_2020::INSTRUMENT.signing.iter().copied())
            .chain(crate::workflow::SIGNING)
    }

    /// What `rule` weighs here.
    #[must_use]
    pub fn level_of<F>(&self, rule: &Rule<F>) -> Level {
        self.levels
            .get(rule.id.as_str())
            .copied()
            .unwrap_or(rule.level)
    }
}

impl Default for Profile {
    fn default() -> Self {
        Self::tt41_2017()
    }
}

/// Which profile judges a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileChoice {
    /// This one, whatever the time.
    Always(Profile),
    /// The one in force at the best signature time, else at the claimed one, else at the time of
    /// judgement.
    InForce(SchoolKind),
}

impl Default for ProfileChoice {
    fn default() -> Self {
        Self::Always(Profile::default())
    }
}

impl From<Profile> for ProfileChoice {
    fn from(profile: Profile) -> Self {
        Self::Always(profile)
    }
}

impl ProfileChoice {
    /// The profile for a signature from `moment`.
    #[must_use]
    pub fn at(&self, moment: UnixTime) -> Profile {
        match self {
            Self::Always(profile) => profile.clone(),
            Self::InForce(school) => Profile::in_force(*school, moment),
        }
    }

    /// The kind of school the choice is for: public ones, unless it says otherwise.
    #[must_use]
    pub fn school(&self) -> SchoolKind {
        match self {
            Self::InForce(school) => *school,
            Self::Always(profile) => {
                let private = of_school(SchoolKind::Private);
                if private.iter().any(|instrument| instrument.id == profile.id) {
                    SchoolKind::Private
                } else {
                    SchoolKind::Public
                }
            }
        }
    }
}

/// An administrator's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Overrides {
    applies_from: Option<String>,
    applies_until: Option<String>,
    dates: Option<Confirmation>,
    #[serde(default)]
    levels: BTreeMap<String, Level>,
}

/// An administrator's changes cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileError {
    /// The text is no TOML of the form that is wanted.
    Form(toml::de::Error),
    /// A moment is not written as RFC 3339 has it.
    Moment {
        /// What stands there.
        text: String,
    },
    /// The profile has no such rule.
    UnknownRule {
        /// What stands there.
        rule: String,
    },
}

impl fmt::Display for ProfileError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(_) => formatter.write_str("the profile's changes cannot be read as TOML"),
            Self::Moment { text } => write!(
                formatter,
                "{text:?} is no moment: write it as 2026-11-15T00:00:00+07:00"
            ),
            Self::UnknownRule { rule } => write!(
                formatter,
                "the profile has no rule {rule:?}: name one as the report does"
            ),
        }
    }
}

impl ProfileError {
    /// What is wrong, in a sentence for people.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        match (self, language) {
            (Self::Form(error), _) => toml_words(error, language),
            (_, Language::En) => self.to_string(),
            (Self::Moment { text }, _) => {
                format!("{text} không phải là thời điểm: hãy viết như 2026-11-15T00:00:00+07:00")
            }
            (Self::UnknownRule { rule }, _) => {
                format!("bộ quy tắc không có quy tắc {rule}: hãy ghi tên như trong báo cáo")
            }
        }
    }
}

impl std::error::Error for ProfileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Form(error) => Some(error),
            Self::Moment { .. } | Self::UnknownRule { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> UnixTime {
        UnixTime::from_rfc3339(text).unwrap()
    }

    #[test]
    fn tt41_applies_from_5_february_2018_in_vietnam() {
        assert_eq!(
            Profile::tt41_2017().applies_from.to_string(),
            "2018-02-05T00:00:00+07:00"
        );
        assert_eq!(Profile::tt41_2017().dates, Confirmation::Unconfirmed);
    }

    #[test]
    fn the_profile_in_force_follows_the_date_and_the_school() {
        let id = |school, at: &str| Profile::in_force(school, moment(at)).id;
        let signed = "2026-05-31T08:00:00+07:00";
        assert_eq!(id(SchoolKind::Public, signed), "tt41_2017");
        assert_eq!(id(SchoolKind::Private, signed), "tt15_2025");
        let last = "2026-11-14T23:59:59+07:00";
        assert_eq!(id(SchoolKind::Public, last), "tt41_2017");
        let after = "2026-11-15T00:00:00+07:00";
        assert_eq!(id(SchoolKind::Public, after), "nd68_2024");
        assert_eq!(
            id(SchoolKind::Private, "2025-06-01T00:00:00+07:00"),
            "nd23_2025"
        );
        assert_eq!(
            id(SchoolKind::Public, "2010-01-01T00:00:00+07:00"),
            "tt41_2017"
        );
    }

    #[test]
    fn an_administrator_changes_levels_and_dates_and_nothing_unknown() {
        let text = "applies_until = \"2027-01-01T00:00:00+07:00\"\ndates = \"confirmed\"\n\
                    [levels]\n\"tt41.9.1a\" = \"fail\"\n";
        let profile = Profile::tt41_2017().with_overrides(text).unwrap();
        assert_eq!(profile.dates, Confirmation::Confirmed);
        let rule = profile
            .validation_rules()
            .find(|rule| rule.id.as_str() == "tt41.9.1a")
            .unwrap();
        assert_eq!(profile.level_of(rule), Level::Fail);
        let refused = |text: &str| Profile::tt41_2017().with_overrides(text).unwrap_err();
        let unknown = refused("[levels]\n\"tt41.99\" = \"fail\"\n");
        assert!(matches!(unknown, ProfileError::UnknownRule { .. }));
        let moment = refused("applies_until = \"soon\"\n");
        assert!(matches!(moment, ProfileError::Moment { .. }));
        assert!(matches!(refused("x = 1"), ProfileError::Form(_)));
    }
}
