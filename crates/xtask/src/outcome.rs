//! What came of a run of `cargo test`, read from what it prints.
//! Knows nothing of how it was run.

use std::fmt;

/// Totals over all test binaries, and what the tests themselves remarked.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    passed: u64,
    failed: u64,
    ignored: u64,
    /// Lines by which a test said that it skipped something or found something odd, each once.
    remarks: Vec<String>,
}

impl Outcome {
    /// Takes note of one line of output.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.passed = self.passed.saturating_add(count(result, "passed"));
            self.failed = self.failed.saturating_add(count(result, "failed"));
            self.ignored = self.ignored.saturating_add(count(result, "ignored"));
        }
        if is_remark(line) && !self.remarks.iter().any(|known| known == line.trim()) {
            self.remarks.push(line.trim().to_owned());
        }
    }
}

/// A test that skips something, or only warns, says so on a line of its own that begins with the
/// word in capitals.
fn is_remark(line: &str) -> bool {
    ["SKIP", "WARNING"]
        .iter()
        .any(|word| line.trim_start().starts_with(word))
}

/// The number before a word: `12` in `ok. 12 passed; 0 failed` for `passed`.
fn count(result: &str, word: &str) -> u64 {
    let mut before = "";
    for part in result
        .split([' ', ';', '.'])
        .filter(|part| !part.is_empty())
    {
        if part == word {
            return before.parse().unwrap_or(0);
        }
        before = part;
    }
    0
}

impl fmt::Display for Outcome {
    /// The remarks, then a closing line that stands alone and can be read by a program.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.remarks.is_empty() {
            writeln!(formatter, "What the tests remarked:")?;
            for remark in &self.remarks {
                writeln!(formatter, "  {remark}")?;
            }
        }
        write!(
            formatter,
            "{} passed, {} failed, {} skipped",
            self.passed, self.failed, self.ignored
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered \
                         out; finished in 0.02s";
    const SECOND: &str = "test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 \
                          filtered out; finished in 1.50s";

    #[test]
    fn results_of_all_binaries_add_up() {
        let mut outcome = Outcome::default();
        for line in ["running 13 tests", "test a_name ... ok", FIRST, "", SECOND] {
            outcome.read(line);
        }
        assert_eq!(outcome.to_string(), "17 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn a_remark_is_shown_once_and_before_the_closing_line() {
        let mut outcome = Outcome::default();
        for line in [
            "SKIPPED: corpus: no folder",
            "  SKIPPED: corpus: no folder",
            FIRST,
        ] {
            outcome.read(line);
        }
        let text = outcome.to_string();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines,
            [
                "What the tests remarked:",
                "  SKIPPED: corpus: no folder",
                "12 passed, 0 failed, 1 skipped"
            ]
        );
    }

    #[test]
    fn a_line_that_only_mentions_a_result_changes_nothing() {
        let mut outcome = Outcome::default();
        outcome.read("note: test result: ok. 99 passed; 0 failed");
        outcome.read("test result_of_skipping_is_shown ... ok");
        assert_eq!(outcome, Outcome::default());
    }
}
