//! The keys of the configuration, each with what it expects.
//! Reads every key before it says what is wrong.

use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use trien::{Language, Profile};

use super::fault::{ConfigError, ConfigFault, ConfigFaultKind, Expected};
use super::{Config, ConfigLimits, LogLevel};

const LANGUAGES: [(&str, Language); 2] = [("vi", Language::Vi), ("en", Language::En)];
const LEVELS: [LogLevel; 4] = [
    LogLevel::Error,
    LogLevel::Warn,
    LogLevel::Info,
    LogLevel::Debug,
];
/// Ports below are the system's.
const FIRST_USER_PORT: u64 = 1024;
/// Two keys are alike while no more characters than this differ.
const MOST_CHARACTERS_APART: usize = 3;

type Value<'t> = Spanned<DeValue<'t>>;

pub(super) fn read(text: &str) -> Result<Config, ConfigError> {
    let table = DeTable::parse(text).map_err(|error| ConfigError {
        faults: vec![ConfigFault {
            line: line_of(text, error.span().map_or(0, |span| span.start)),
            key: String::new(),
            kind: ConfigFaultKind::NotToml(error.message().to_owned()),
        }],
    })?;
    let mut config = Config::default();
    let mut reading = Reading {
        text,
        faults: Vec::new(),
    };
    reading.table("", table.get_ref(), ROOT, |reading, key, value| {
        root(reading, key, value, &mut config);
    });
    if reading.faults.is_empty() {
        return Ok(config);
    }
    reading.faults.sort_by_key(|fault| fault.line);
    Err(ConfigError {
        faults: reading.faults,
    })
}

/// The keys there are; the tests hold them against what is read and what is documented.
pub(super) const ROOT: &[&str] = &[
    "anchors",
    "browser",
    "language",
    "limits",
    "log-level",
    "modules",
    "port",
    "profile",
    "time-stamp-authorities",
];
pub(super) const LIMITS: &[&str] = &[
    "connections",
    "document-octets",
    "job-seconds",
    "log-octets",
    "stop-seconds",
];

fn root(reading: &mut Reading<'_>, key: &str, value: &Value<'_>, config: &mut Config) {
    match key {
        "anchors" => reading.set(key, value, Expected::AbsolutePath, |value| {
            config.anchors = Some(absolute(value)?);
            Some(())
        }),
        "browser" => reading.set(key, value, Expected::Texts, |value| {
            config.browser = list(value, |text| (!text.is_empty()).then(|| text.to_owned()))?;
            Some(())
        }),
        "language" => reading.set(key, value, Expected::OneOf(&["vi", "en"]), |value| {
            let word = value.as_str()?;
            config.language = LANGUAGES.iter().find(|(name, _)| *name == word)?.1;
            Some(())
        }),
        "log-level" => {
            let names = &["error", "warn", "info", "debug"];
            reading.set(key, value, Expected::OneOf(names), |value| {
                let word = value.as_str()?;
                config.log_level = *LEVELS.iter().find(|level| level.name() == word)?;
                Some(())
            });
        }
        "limits" => {
            let Some(table) = value.get_ref().as_table() else {
                return reading.fault(value, key, ConfigFaultKind::Value(Expected::Table));
            };
            reading.table("limits.", table, LIMITS, |reading, key, value| {
                limit(reading, key, value, &mut config.limits);
            });
        }
        "modules" => reading.set(key, value, Expected::AbsolutePaths, |value| {
            config.modules = list(value, absolute_text)?;
            Some(())
        }),
        "port" => {
            // Any free one: for tests, and told nowhere.
            if value
                .get_ref()
                .as_integer()
                .is_some_and(|port| port.as_str() == "0")
            {
                config.port = 0;
                return;
            }
            let port = reading.number(key, value, FIRST_USER_PORT, u64::from(u16::MAX));
            config.port = port
                .and_then(|port| u16::try_from(port).ok())
                .unwrap_or(config.port);
        }
        "profile" => {
            // The names are the library's; here they are told to who mistypes one.
            const NAMES: &[&str] = &["tt41_2017", "tt15_2025", "nd68_2024", "nd23_2025"];
            reading.set(key, value, Expected::OneOf(NAMES), |value| {
                let name = value.as_str()?;
                Profile::named(name)?;
                config.profile = Some(name.to_owned());
                Some(())
            });
        }
        _ => reading.set(key, value, Expected::Addresses, |value| {
            config.time_stamp_authorities = list(value, address)?;
            Some(())
        }),
    }
}

fn limit(reading: &mut Reading<'_>, key: &str, value: &Value<'_>, limits: &mut ConfigLimits) {
    const DAY: u64 = 24 * 3600;
    let (least, most) = match key {
        "connections" => (16, 4096),
        // The reader of PDFs takes no more than two gigabytes.
        "document-octets" => (1 << 16, 2 << 30),
        "job-seconds" => (60, 30 * DAY),
        "log-octets" => (1 << 16, 1 << 30),
        _ => (1, 600),
    };
    let full = format!("limits.{key}");
    let Some(number) = reading.number(&full, value, least, most) else {
        return;
    };
    match key {
        "connections" => limits.connections = u32::try_from(number).unwrap_or(u32::MAX),
        "document-octets" => limits.document_octets = number,
        "job-seconds" => limits.job_seconds = number,
        "log-octets" => limits.log_octets = number,
        _ => limits.stop_seconds = number,
    }
}

struct Reading<'t> {
    text: &'t str,
    faults: Vec<ConfigFault>,
}

impl Reading<'_> {
    /// Each key of a table that there is; of the others, that they are not.
    fn table(
        &mut self,
        before: &str,
        table: &DeTable<'_>,
        keys: &'static [&'static str],
        mut read: impl FnMut(&mut Self, &'static str, &Value<'_>),
    ) {
        for (name, value) in table {
            match keys.iter().find(|key| **key == name.get_ref().as_ref()) {
                Some(key) => read(self, key, value),
                None => {
                    let line = line_of(self.text, name.span().start);
                    self.faults.push(ConfigFault {
                        line,
                        key: format!("{before}{}", name.get_ref()),
                        kind: ConfigFaultKind::UnknownKey(closest(name.get_ref(), keys)),
                    });
                }
            }
        }
    }

    fn set(
        &mut self,
        key: &str,
        value: &Value<'_>,
        expected: Expected,
        set: impl FnOnce(&DeValue<'_>) -> Option<()>,
    ) {
        if set(value.get_ref()).is_none() {
            self.fault(value, key, ConfigFaultKind::Value(expected));
        }
    }

    fn number(&mut self, key: &str, value: &Value<'_>, least: u64, most: u64) -> Option<u64> {
        let number = value
            .get_ref()
            .as_integer()
            .and_then(|number| u64::from_str_radix(number.as_str(), number.radix()).ok())
            .filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let expected = Expected::Number { least, most };
            self.fault(value, key, ConfigFaultKind::Value(expected));
        }
        number
    }

    fn fault(&mut self, value: &Value<'_>, key: &str, kind: ConfigFaultKind) {
        let line = line_of(self.text, value.span().start);
        let key = key.to_owned();
        self.faults.push(ConfigFault { line, key, kind });
    }
}

fn list<T>(value: &DeValue<'_>, item: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    value
        .as_array()?
        .iter()
        .map(|value| value.get_ref().as_str().and_then(&item))
        .collect()
}

fn absolute(value: &DeValue<'_>) -> Option<PathBuf> {
    value.as_str().and_then(absolute_text)
}

fn absolute_text(text: &str) -> Option<PathBuf> {
    let path = Path::new(text);
    path.is_absolute().then(|| path.to_owned())
}

fn address(text: &str) -> Option<String> {
    let rest = ["http://", "https://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))?;
    let named = rest.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '[');
    let plain = text.bytes().all(|octet| octet.is_ascii_graphic());
    (named && plain).then(|| text.to_owned())
}

/// The line of an offset, from 1.
fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    before
        .iter()
        .filter(|octet| **octet == b'\n')
        .count()
        .saturating_add(1)
}

/// The key that differs least, where it differs little.
fn closest(name: &str, keys: &'static [&'static str]) -> Option<&'static str> {
    // `job_seconds` and `jobSeconds` are `job-seconds`, however many characters that makes.
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(char::is_ascii_alphanumeric);
        kept.map(|character| character.to_ascii_lowercase())
            .collect()
    };
    keys.iter()
        .map(|key| (characters_apart(&plain(name), &plain(key)), *key))
        .filter(|(apart, _)| *apart <= MOST_CHARACTERS_APART)
        .min()
        .map(|(_, key)| key)
}

/// How many characters stand in one of two words and not, or not at the same turn, in the other:
/// both lengths less twice the longest common sequence. Words are cut at forty characters.
fn characters_apart(one: &str, other: &str) -> usize {
    const LONGEST: usize = 40;
    let one: Vec<char> = one.chars().take(LONGEST).collect();
    let other: Vec<char> = other.chars().take(LONGEST).collect();
    let mut row = vec![0_usize; other.len().saturating_add(1)];
    for left in &one {
        let mut diagonal = 0;
        let mut before = 0;
        for (right, cell) in other.iter().zip(row.iter_mut().skip(1)) {
            let above = *cell;
            *cell = if left == right {
                usize::saturating_add(diagonal, 1)
            } else {
                above.max(before)
            };
            diagonal = above;
            before = *cell;
        }
    }
    let common = row.last().copied().unwrap_or_default();
    one.len()
        .saturating_add(other.len())
        .saturating_sub(common.saturating_mul(2))
}
