//! Workflows by name or from a file, and what is said of a record under one, in words.

use std::path::Path;

use trien::{
    Due, Language, Outcome, StepState, Workflow, WorkflowConclusion, WorkflowError, WorkflowReport,
};

use crate::words::choose;

/// A workflow was not to be had.
#[derive(Debug)]
#[non_exhaustive]
pub enum NoWorkflow {
    /// The file cannot be read; there is no ready one of this name either.
    File(String, std::io::Error),
    /// The text is no workflow.
    Text(String, WorkflowError),
}

impl std::fmt::Display for NoWorkflow {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(name, _) => write!(
                formatter,
                "không có quy trình {name}: hãy dùng một trong {ready} hoặc tên tệp TOML / there is \
                 no workflow {name}: name one of {ready} or a TOML file",
                ready = Workflow::ready_ids().join(", ")
            ),
            Self::Text(name, _) => write!(
                formatter,
                "{name} không phải là quy trình / {name} is no workflow"
            ),
        }
    }
}

impl std::error::Error for NoWorkflow {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::File(_, error) => Some(error),
            Self::Text(_, error) => Some(error),
        }
    }
}

/// A ready workflow by its name, else the one in the file of this name.
///
/// # Errors
/// There is neither, or the file holds no workflow.
pub fn workflow_named(name: &str) -> Result<Workflow, NoWorkflow> {
    let wrong = |error| NoWorkflow::Text(name.to_owned(), error);
    if let Some(ready) = Workflow::ready(name).map_err(wrong)? {
        return Ok(ready);
    }
    let text = std::fs::read_to_string(Path::new(name))
        .map_err(|error| NoWorkflow::File(name.to_owned(), error))?;
    Workflow::from_toml(&text).map_err(wrong)
}

/// The lines about a record under a workflow.
#[must_use]
pub fn workflow_lines(report: &WorkflowReport, language: Language) -> Vec<String> {
    let say = |vi, en| choose(language, vi, en);
    let conclusion = match report.conclusion {
        WorkflowConclusion::Complete => say("ĐỦ VÀ ĐÚNG", "COMPLETE"),
        WorkflowConclusion::Unconfirmed => say(
            "ĐỦ CÁC BƯỚC, CÓ CHỮ KÝ CẦN XEM LẠI",
            "ALL STEPS SIGNED, A SIGNATURE NEEDS ATTENTION",
        ),
        WorkflowConclusion::Incomplete => say("CHƯA ĐỦ", "INCOMPLETE"),
        WorkflowConclusion::Violated | _ => say("SAI QUY TRÌNH", "VIOLATED"),
    };
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
