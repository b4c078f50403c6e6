//! What a verdict depends on beside the file: two runs with the same settings say the same.

use serde::{Deserialize, Serialize};
use trien_policy::ProfileChoice;
use trien_types::{DigestAlgorithm, UnixTime, encode_hex};
use trien_x509::Digester;

use super::{Procedure, Run};

/// The settings of a run, for its journal. A journal is of one time and one set of rules; which
/// workflows are asked about, and whether texts for people are told, is each entry's own: a run that
/// asks for something else takes the entries that hold it, and judges the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunSettings {
    /// The time of judgement. A journal keeps it, so that a run that goes on judges at the same.
    pub validation_time: UnixTime,
    text: String,
    procedure: String,
    /// How texts for people are told; `None` for a run that tells none.
    telling: Option<String>,
}

impl RunSettings {
    /// The settings of a run. What it is given beside (evidence, changes to the rules) is to be
    /// added by [`RunSettings::and`].
    #[must_use]
    pub fn of(run: &Run<'_>) -> Self {
        let verification = run.verification;
        let mut anchors: Vec<String> = verification
            .anchors
            .iter()
            .map(|anchor| encode_hex(anchor.certificate().id().as_octets()))
            .collect();
        anchors.sort();
        let profile = match &verification.profile {
            ProfileChoice::Always(profile) => format!(
                "{} {} {:?}",
                profile.id, profile.applies_from, profile.applies_until
            ),
            ProfileChoice::InForce(school) => format!("in force, {school:?}"),
            _ => "another".to_owned(),
        };
        let procedure = match run.procedure {
            Procedure::None => "none".to_owned(),
            Procedure::One(workflow) => format!("{workflow:?}"),
            Procedure::ByCategory => "by category".to_owned(),
        };
        let lines = [
            ("version", env!("CARGO_PKG_VERSION").to_owned()),
            ("profile", profile),
            ("anchors", anchors.join(" ")),
            ("language", format!("{:?}", verification.language)),
            ("uncertified", format!("{:?}", verification.uncertified)),
            ("mapping", format!("{:?}", run.mapping)),
            ("online", run.transport.is_some().to_string()),
        ];
        let mut settings = Self {
            validation_time: verification.validation_time,
            text: String::new(),
            procedure,
            telling: run.teller.is_some().then(String::new),
        };
        for (name, value) in lines {
            settings = settings.and(name, &value);
        }
        settings
    }

    /// The same with something more that verdicts depend on.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.text.push_str(&line(name, value));
        self
    }

    /// The same with something that texts for people depend on, and no verdict.
    #[must_use]
    pub fn and_told(mut self, name: &str, value: &str) -> Self {
        if let Some(telling) = &mut self.telling {
            telling.push_str(&line(name, value));
        }
        self
    }

    /// SHA-256 of all that verdicts depend on but the time and the workflows, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        digest(&self.text)
    }

    /// What is asked of each record beside.
    pub(super) fn asked(&self) -> Asked {
        Asked {
            procedure: digest(&self.procedure),
            telling: self.telling.as_deref().map(digest),
        }
    }
}

/// What an entry of a journal was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    procedure: String,
    telling: Option<String>,
}

impl Asked {
    /// Whether an entry that was asked for this holds what another run asks for.
    pub(super) fn serves(&self, other: &Self) -> bool {
        self.procedure == other.procedure
            && (other.telling.is_none() || self.telling == other.telling)
    }
}

/// Lengths part the values from one another whatever they hold.
fn line(name: &str, value: &str) -> String {
    format!("{name} {}:{value}\n", value.len())
}

fn digest(text: &str) -> String {
    Digester::digest(DigestAlgorithm::Sha256, text.as_bytes())
        .map(|digest| encode_hex(digest.as_octets()))
        .unwrap_or_default()
}
