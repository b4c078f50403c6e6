//! Opening a window in the user's browser.
//! Does not know what it shows.

use std::fmt;
use std::process::{Command, Stdio};

use super::asks::AskId;
use crate::secret::Secret;

/// The program that opens addresses in the user's browser, with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browser(Vec<String>);

/// The window could not be opened.
#[derive(Debug)]
pub struct NoWindow(std::io::Error);

impl Browser {
    /// A program and its arguments; the address comes behind them. An empty list is the system's
    /// own way.
    #[must_use]
    pub fn new(command: Vec<String>) -> Self {
        if command.is_empty() {
            return Self::of_the_system();
        }
        Self(command)
    }

    fn of_the_system() -> Self {
        let words: &[&str] = if cfg!(windows) {
            // Not through a shell: `&` in an address would be a command.
            &["rundll32", "url.dll,FileProtocolHandler"]
        } else if cfg!(target_os = "macos") {
            &["open"]
        } else if std::env::var_os("INVOCATION_ID").is_some() {
            // Under systemd a browser that is started would have the daemon's limits and end with
            // it: the user's manager starts it. The description keeps the address out of the journal.
            &[
                "systemd-run",
                "--user",
                "--quiet",
                "--collect",
                "--description=triend",
                "--",
                "xdg-open",
            ]
        } else {
            &["xdg-open"]
        };
        Self(words.iter().map(|word| (*word).to_owned()).collect())
    }

    /// Opens the page that puts a question. The secret stands in the fragment, which browsers
    /// send to no server.
    ///
    /// # Errors
    /// The program cannot be started.
    pub fn open(&self, base: &str, ask: AskId, secret: &Secret) -> Result<(), NoWindow> {
        let address = format!("{base}/consent#{}", secret.reveal());
        tracing::debug!(ask = ask.number(), "opening a window");
        self.start(&address)
    }

    fn start(&self, address: &str) -> Result<(), NoWindow> {
        let mut words = self.0.iter();
        let mut command = Command::new(words.next().map_or("", String::as_str));
        command
            .args(words)
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = command.spawn().map_err(NoWindow)?;
        // Waited for, so that no dead process stays behind; a browser may run for long.
        std::thread::spawn(move || child.wait());
        Ok(())
    }
}

impl fmt::Display for NoWindow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the browser could not be started: check browser in the configuration")
    }
}

impl std::error::Error for NoWindow {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}
