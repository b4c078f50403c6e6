//! What a token service is told: which program its workers are, which modules, how long each may
//! take.
//! Reads no file.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Which modules a service uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModuleSearch {
    /// The configured ones alone.
    Configured,
    /// The configured ones, then those that [`trien_token::find_modules`] finds installed.
    ConfiguredAndInstalled,
}

/// How long things may take. What takes longer is taken to hang: its process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeLimits {
    /// Loading and initialising a module. Field reports: 8 to 40 s with slow drivers.
    pub loading: Duration,
    /// Listing the tokens of a module with their certificates, without a PIN.
    pub listing: Duration,
    /// Opening a key, which may wait for a person at the token's pad.
    pub login: Duration,
    /// One signature. Cards take a second or two; some drivers show a window of their own.
    pub signature: Duration,
    /// Logging out and closing a key.
    pub closing: Duration,
    /// How long [`open_key`](super::TokenService::open_key) waits for a token that signs for
    /// another job.
    pub busy: Duration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            loading: Duration::from_secs(40),
            listing: Duration::from_secs(40),
            login: Duration::from_secs(180),
            signature: Duration::from_secs(60),
            closing: Duration::from_secs(10),
            busy: Duration::from_secs(2),
        }
    }
}

/// Settings of a [`TokenService`](super::TokenService).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TokenServiceSettings {
    /// The program with the hidden command `token-worker`: this one, unless a test or an embedder
    /// says otherwise.
    pub executable: PathBuf,
    /// Modules the user named, in the order in which they are asked.
    pub modules: Vec<PathBuf>,
    /// Whether installed modules are used beside them.
    pub search: ModuleSearch,
    /// Environment variables that workers get beside those of this process, such as a driver's
    /// configuration. Never a secret: other programs of the user can read it.
    pub environment: Vec<(OsString, OsString)>,
    /// Time limits.
    pub limits: TimeLimits,
    /// How often the modules are asked whether tokens were plugged in or pulled out. Drivers'
    /// own events are not relied on (`C_WaitForSlotEvent` misses some).
    pub poll_interval: Duration,
    /// How long a listing is used again. A token plugged in or out ends that earlier.
    pub listing_age: Duration,
    /// How long a module that crashed or hung while it was listed is left alone by
    /// [`tokens`](super::TokenService::tokens), so that it does not cost its time limit again on
    /// each call.
    pub rest_after_failure: Duration,
}

impl TokenServiceSettings {
    /// Workers of the running program, for these modules and the installed ones.
    ///
    /// # Errors
    /// The system does not tell which program is running.
    pub fn new(modules: Vec<PathBuf>) -> std::io::Result<Self> {
        Ok(Self::of_program(std::env::current_exe()?, modules))
    }

    /// As [`TokenServiceSettings::new`] with workers of another program.
    #[must_use]
    pub fn of_program(executable: PathBuf, modules: Vec<PathBuf>) -> Self {
        Self {
            executable,
            modules,
            search: ModuleSearch::ConfiguredAndInstalled,
            environment: Vec::new(),
            limits: TimeLimits::default(),
            poll_interval: Duration::from_secs(2),
            listing_age: Duration::from_secs(10),
            rest_after_failure: Duration::from_secs(60),
        }
    }
}
