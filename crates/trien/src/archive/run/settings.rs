//! What a verdict depends on beside the file: two runs with the same settings say the same.

use trien_policy::ProfileChoice;
use trien_types::{DigestAlgorithm, UnixTime, encode_hex};
use trien_x509::Digester;

use super::{Procedure, Run};

/// The settings of a run, for its journal.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunSettings {
    /// The time of judgement. A journal keeps it, so that a run that goes on judges at the same.
    pub validation_time: UnixTime,
    text: String,
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
            ("procedure", procedure),
            ("mapping", format!("{:?}", run.mapping)),
            ("told", run.teller.is_some().to_string()),
            ("online", run.transport.is_some().to_string()),
        ];
        let mut settings = Self {
            validation_time: verification.validation_time,
            text: String::new(),
        };
        for (name, value) in lines {
            settings = settings.and(name, &value);
        }
        settings
    }

    /// The same with something more that verdicts depend on.
    #[must_use]
    pub fn and(mut self, name: &str, value: &str) -> Self {
        // Lengths part the values from one another whatever they hold.
        let length = value.len();
        self.text.push_str(&format!("{name} {length}:{value}\n"));
        self
    }

    /// SHA-256 of all of it but the time, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        Digester::digest(DigestAlgorithm::Sha256, self.text.as_bytes())
            .map(|digest| encode_hex(digest.as_octets()))
            .unwrap_or_default()
    }
}
