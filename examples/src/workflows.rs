//! Workflows by name or from a file, and what is said of a record under one, in words.

use std::io::ErrorKind;
use std::path::Path;

use trien::{
    Due, FileError, Language, Outcome, StepState, Workflow, WorkflowError, WorkflowReport,
    read_settings,
};

use trien_report::Words;

use crate::words::choose;

/// A workflow was not to be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum NoWorkflow {
    /// There is no file of this name, and no ready one either.
    Unknown(String),
    /// The file cannot be read.
    File(FileError),
    /// The text is no workflow.
    Text(String, WorkflowError),
}

impl NoWorkflow {
    /// What is wrong and what to do, for people.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let ready = || Workflow::ready_ids().join(", ");
        match (self, language) {
            (Self::Unknown(name), Language::En) => format!(
                "there is no workflow {name}: name one of {} or a TOML file",
                ready()
            ),
            (Self::Unknown(name), _) => format!(
                "không có quy trình {name}: hãy dùng một trong {} hoặc tên tệp TOML",
                ready()
            ),
            (Self::File(error), _) => error.told(language),
            (Self::Text(name, error), Language::En) => format!("{name} is no workflow: {error}"),
            (Self::Text(name, error), _) => format!(
                "{name} không phải là quy trình: {}",
                error.sentence(language)
            ),
        }
    }
}

impl std::fmt::Display for NoWorkflow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.sentence(Language::En))
    }
}

impl std::error::Error for NoWorkflow {}

/// A ready workflow by its name, else the one in the file of this name.
///
/// # Errors
/// There is neither, or the file holds no workflow.
pub fn workflow_named(name: &str) -> Result<Workflow, NoWorkflow> {
    let wrong = |error| NoWorkflow::Text(name.to_owned(), error);
    if let Some(ready) = Workflow::ready(name).map_err(wrong)? {
        return Ok(ready);
    }
    let text = match read_settings(Path::new(name)) {
        Ok(text) => text,
        Err(FileError::Open(_, error)) if error.kind() == ErrorKind::NotFound => {
            return Err(NoWorkflow::Unknown(name.to_owned()));
        }
        Err(error) => return Err(NoWorkflow::File(error)),
    };
    Workflow::from_toml(&text).map_err(wrong)
}

/// The lines about a record under a workflow.
#[must_use]
pub fn workflow_lines(report: &WorkflowReport, language: Language) -> Vec<String> {
    let say = |vi, en| choose(language, vi, en);
    let conclusion = Words::Workflows
        .of(&report.conclusion, language)
        .to_uppercase();
    let mut lines = vec![format!(
        "  {}: {} — {conclusion}",
        say("Quy trình", "Workflow"),
        report.title
    )];
    for step in &report.steps {
        let state = match step.state {
            StepState::Done => say("đã ký", "signed"),
            StepState::Begun => say("chưa ký đủ", "begun"),
            StepState::Skipped => say("bỏ qua (không bắt buộc)", "skipped (optional)"),
            StepState::Missing | _ => say("chưa ký", "not signed"),
        };
        let due = if step.due == Due::Now && step.signed < step.needed.max(1) {
            say(" ← đến lượt", " ← next")
        } else {
            ""
        };
        let (title, signed) = (&step.title, step.signed);
        lines.push(format!("     {title}: {state} ({signed}){due}"));
    }
    for finding in &report.findings {
        if matches!(finding.outcome, Outcome::Fail | Outcome::CannotTell) {
            lines.push(format!("     ✗ {} [{}]", finding.message, finding.rule));
        }
        if finding.rule.as_str() == "workflow.role" && finding.outcome == Outcome::Pass {
            lines.push(format!("     ✓ {} [{}]", finding.message, finding.rule));
        }
    }
    lines
}
