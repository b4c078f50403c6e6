//! The configuration file: TOML with a fixed set of keys. What it does not name has the value of
//! [`Config::default`].
//! Does not know where the file is, nor reads anything it names.

use std::fmt;
use std::path::PathBuf;

use serde::Deserialize;

/// What the daemon is told once, when it starts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Config {
    /// The TCP port on 127.0.0.1 and `::1`. 0 takes any free one (tests).
    pub port: u16,
    /// PKCS#11 modules beside those that are found: absolute paths.
    pub modules: Vec<PathBuf>,
    /// Program and arguments that open an address in the user's browser; the system's own where
    /// empty.
    pub browser: Vec<String>,
    /// Time-stamp authorities, in the order in which they are asked: http or https addresses.
    pub time_stamp_authorities: Vec<String>,
    /// Folder of trust anchors.
    pub anchors: Option<PathBuf>,
    /// Sizes and numbers.
    pub limits: ConfigLimits,
}

/// Sizes and numbers that a school may want otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct ConfigLimits {
    /// Largest document, in octets.
    pub document_octets: u64,
    /// How long a job waits to be collected, in seconds.
    pub job_seconds: u64,
}

/// The port that is asked for first (DESIGN.md, 8): no other component is known to use it.
pub const DEFAULT_PORT: u16 = 14741;

impl Default for Config {
    fn default() -> Self {
        Self {
            port: DEFAULT_PORT,
            modules: Vec::new(),
            browser: Vec::new(),
            time_stamp_authorities: Vec::new(),
            anchors: None,
            limits: ConfigLimits::default(),
        }
    }
}

impl Default for ConfigLimits {
    fn default() -> Self {
        Self {
            // A scanned record of several hundred pages.
            document_octets: 256 << 20,
            job_seconds: 24 * 3600,
        }
    }
}

/// The file is no configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(toml::de::Error);

impl Config {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    /// It is no TOML, has a key that there is not, or a value of the wrong kind; with the line.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(ConfigError)
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the configuration cannot be read: {}", self.0)
    }
}

impl std::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_the_default_and_an_unknown_key_is_named_with_its_line() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
        let error = Config::parse("port = 1\nprot = 2\n")
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("prot") && error.contains("line 2"),
            "{error}"
        );
        assert!(Config::parse("port = 70000").is_err());
    }
}
