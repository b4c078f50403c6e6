//! One program at one kind of work: how long it takes and how much memory.
//! Knows no row and no target.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::system;
use crate::workspace::Workspace;

/// How a program is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Timing {
    /// From outside, as a whole process.
    Process,
    /// By itself: the line of JSON that names this work has the median.
    Itself(&'static str),
    /// `openssl speed -mr rsa2048`: what one signature takes.
    OpensslSign,
}

/// A program at a piece of work. Words are paths from the folder of the files.
#[derive(Debug, Clone)]
pub(super) struct Contender {
    pub(super) name: &'static str,
    pub(super) timing: Timing,
    pub(super) words: Vec<&'static str>,
    /// More than this of a peer is not waited for.
    pub(super) at_most_seconds: u64,
    /// Pieces of work in a run: files of an archive, else one. Figures are of one piece.
    pub(super) pieces: u32,
}

/// What a program took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figures {
    pub(super) seconds: f64,
    pub(super) memory_mib: Option<f64>,
}

impl Figures {
    /// Whether it kept to so much memory, where that was asked and could be told.
    pub(super) fn is_within(self, mib: Option<f64>) -> bool {
        mib.is_none_or(|mib| self.memory_mib.is_none_or(|own| own <= mib))
    }
}

/// Where programs run, and which are here.
#[derive(Debug)]
pub(super) struct Tools {
    folder: PathBuf,
    can_tell_memory: bool,
}

impl Tools {
    pub(super) fn find(workspace: &Workspace, folder: &str) -> Self {
        Self {
            folder: workspace.path(folder),
            can_tell_memory: system::succeeds("/usr/bin/time", &["-f", "%M", "true"]),
        }
    }

    fn command(&self, words: &[&str]) -> Command {
        let (program, arguments) = words.split_first().unwrap_or((&"", &[]));
        // A program of ours is named from the folder of the files, not from here.
        let program = if program.contains('/') {
            self.folder.join(program)
        } else {
            PathBuf::from(program)
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}

impl Contender {
    /// Whether the program is there at all.
    pub(super) fn is_here(&self, tools: &Tools) -> bool {
        let Some(program) = self.words.first() else {
            return false;
        };
        if program.contains('/') {
            return tools.folder.join(program).is_file();
        }
        let paths = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
    }

    /// One run; the exit status does not matter where a program says by it what it thinks of the
    /// signatures, but it must end by itself.
    pub(super) fn seconds(&self, tools: &Tools) -> Result<f64, String> {
        let limit = self.at_most_seconds.to_string();
        let words: Vec<&str> = ["timeout", &limit]
            .iter()
            .chain(&["env"])
            .chain(&self.words)
            .copied()
            .collect();
        // Whole processes are started without a chaperon: what one costs would be counted.
        let words = if self.timing == Timing::Process && self.at_most_seconds >= UNWATCHED {
            self.words.as_slice()
        } else {
            words.as_slice()
        };
        if self.timing == Timing::Process {
            // What the one before left to be written would be waited for by whoever asks the disk
            // next. Where there is no such program, nobody waits.
            let _nobody_waits = Command::new("sync").status();
        }
        let mut command = tools.command(words);
        #[expect(clippy::disallowed_methods, reason = "a stopwatch of a program")]
        let start = Instant::now();
        let output = command
            .output()
            .map_err(|error| format!("{} could not be started: {error}", self.name))?;
        let elapsed = start.elapsed().as_secs_f64();
        if output.status.code().is_none_or(|code| code == TIMED_OUT) {
            return Err(format!("> {limit} s"));
        }
        let text = String::from_utf8_lossy(&output.stdout);
        match self.timing {
            Timing::Process => Ok(elapsed / f64::from(self.pieces)),
            Timing::Itself(work) => median_microseconds(&text, work)
                .map(|microseconds| microseconds / 1e6)
                .ok_or_else(|| "says no time".to_owned()),
            Timing::OpensslSign => seconds_of_openssl(&text).ok_or("says no time".to_owned()),
        }
    }

    /// Peak memory of a whole process, where it can be told.
    pub(super) fn memory_mib(&self, tools: &Tools) -> Option<f64> {
        if self.timing != Timing::Process || !tools.can_tell_memory {
            return None;
        }
        let words = [&["/usr/bin/time", "-q", "-f", "%M"][..], &self.words].concat();
        let mut command = tools.command(&words);
        let output = command.stdout(Stdio::null()).stderr(Stdio::piped());
        let output = output.output().ok()?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let kibibytes: f64 = said.lines().last()?.trim().parse().ok()?;
        Some(kibibytes / 1_024.0)
    }
}

/// From so many seconds on nobody watches: such work ends.
pub(super) const UNWATCHED: u64 = 600;

/// What `timeout` ends with when it had to act.
const TIMED_OUT: i32 = 124;

/// The median in the line of JSON about `work`.
fn median_microseconds(text: &str, work: &str) -> Option<f64> {
    let line = text
        .lines()
        .find(|line| work.is_empty() || line.contains(&format!("\"work\":\"{work}\"")))?;
    let (_, rest) = line.split_once("\"median_microseconds\":")?;
    let end = rest.find([',', '}'])?;
    rest.get(..end)?.trim().parse().ok()
}

/// `+F2:2:2048:4775.3:80973.9`: signatures a second, then verifications.
fn seconds_of_openssl(text: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with("+F2:"))?;
    let rate: f64 = line.split(':').nth(3)?.parse().ok()?;
    (rate > 0.0).then(|| 1.0 / rate)
}

/// The processor, its number and what else it had to do.
pub(super) fn machine() -> String {
    let text = |path: &str| std::fs::read_to_string(Path::new(path)).unwrap_or_default();
    let information = text("/proc/cpuinfo");
    let model = information
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .and_then(|line| line.split(':').nth(1))
        .map_or("an unknown processor", str::trim)
        .to_owned();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let load = text("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    format!("{cores} cores of {model}; load average at the end {load} (1 is one busy core)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_the_work_asked_for_is_read() {
        let text = "{\"count\":5,\"median_microseconds\":17.5,\"work\":\"one\"}\n\
                    {\"work\":\"two\",\"median_microseconds\": 3}\n";
        assert_eq!(median_microseconds(text, "one"), Some(17.5));
        assert_eq!(median_microseconds(text, "two"), Some(3.0));
        assert_eq!(median_microseconds(text, ""), Some(17.5));
        assert_eq!(median_microseconds(text, "three"), None);
    }

    #[test]
    fn the_time_of_a_signature_is_read_from_openssl_speed() {
        let text = "+DTP:2048:private:rsa:1\n+F2:2:2048:4000.0:80973.9\n";
        assert_eq!(seconds_of_openssl(text), Some(0.000_25));
    }
}
