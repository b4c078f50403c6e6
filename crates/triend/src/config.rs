//! The configuration file: TOML with a fixed set of keys. What it does not name has the value of
//! [`Config::default`].
//! Does not know where the file is, nor reads anything it names.

mod fault;
mod reader;

use std::path::PathBuf;

use trien::Language;

pub use fault::{ConfigError, ConfigFault, ConfigFaultKind, Expected};

/// What the daemon is told once, when it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Config {
    /// The TCP port on 127.0.0.1 and `::1`. Where it is one of [`PORTS`] and taken, another of
    /// them is. 0 takes any free one (tests).
    pub port: u16,
    /// PKCS#11 modules beside those that are found: absolute paths.
    pub modules: Vec<PathBuf>,
    /// Program and arguments that open an address in the user's browser; the system's own where
    /// empty.
    pub browser: Vec<String>,
    /// Time-stamp authorities, in the order in which they are asked: http or https addresses.
    pub time_stamp_authorities: Vec<String>,
    /// Folder of trust anchors; where none is named, `anchors` in the daemon's own folder.
    pub anchors: Option<PathBuf>,
    /// Name of the profile that judges; the one in force at a public school where none.
    pub profile: Option<String>,
    /// The language that comes first on our own pages.
    pub language: Language,
    /// How much is logged.
    pub log_level: LogLevel,
    /// Sizes and numbers.
    pub limits: ConfigLimits,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum LogLevel {
    /// What failed.
    Error,
    /// Also what was refused.
    Warn,
    /// Also what was answered.
    #[default]
    Info,
    /// Also how.
    Debug,
}

/// Sizes and numbers that a school may want otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigLimits {
    /// Largest document, in octets.
    pub document_octets: u64,
    /// How long a job waits to be collected, in seconds.
    pub job_seconds: u64,
    /// Size of a log file, in octets. Five of them are kept.
    pub log_octets: u64,
    /// Connections at the same time.
    pub connections: u32,
    /// How long a stop waits for jobs to end their present document, in seconds.
    pub stop_seconds: u64,
}

/// The port that is asked for first (DESIGN.md, 8): no other component is known to use it.
pub const DEFAULT_PORT: u16 = 14741;

/// The ports that are tried, in this order, and that clients look at in this order. None of them is
/// known of another component.
pub const PORTS: [u16; 4] = [DEFAULT_PORT, 14742, 14743, 14744];

impl Default for Config {
    fn default() -> Self {
        Self {
            port: DEFAULT_PORT,
            modules: Vec::new(),
            browser: Vec::new(),
            time_stamp_authorities: Vec::new(),
            anchors: None,
            profile: None,
            language: Language::Vi,
            log_level: LogLevel::default(),
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
            log_octets: 5 << 20,
            // Six for each page of a browser, and the windows.
            connections: 256,
            // A token signs a document in seconds; the slowest known takes eleven.
            stop_seconds: 60,
        }
    }
}

impl LogLevel {
    /// The name in the file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

impl Config {
    /// Reads the text of a configuration file.
    ///
    /// # Errors
    /// It is no TOML, has keys that there are not, or values that do not fit: all of them, each
    /// with its line.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        reader::read(text)
    }

    /// As [`Config::parse`], from the octets of a file, which are to be UTF-8.
    ///
    /// # Errors
    /// As there; or they are no text.
    pub fn parse_octets(octets: &[u8]) -> Result<Self, ConfigError> {
        let text = std::str::from_utf8(octets).map_err(|error| {
            let before = octets.get(..error.valid_up_to()).unwrap_or_default();
            ConfigError::not_text(before)
        })?;
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests;
