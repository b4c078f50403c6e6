//! Why a text is no workflow, and in which line.

use std::fmt;

/// A text is no workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WorkflowError {
    /// The line, from 1; `None` for the text as a whole.
    pub line: Option<usize>,
    /// What is wrong there.
    pub kind: WorkflowErrorKind,
}

/// What is wrong with a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WorkflowErrorKind {
    /// A step waits for one that does not stand before it.
    AfterUnknown {
        /// What stands there.
        step: String,
    },
    /// How many sign: at least one, at most 64, one where there is no number in the field's
    /// name, all where the fields are named.
    Count,
    /// Two steps have one field.
    FieldShared {
        /// Its name.
        field: String,
    },
    /// A field is named by other than letters, digits, `-` and `_` of ASCII, `{role}` and `{n}`.
    FieldName {
        /// What stands there.
        field: String,
    },
    /// The text is no TOML of the form that is wanted.
    Form(Box<toml::de::Error>),
    /// An id is empty, longer than 64 letters, or has others than a–z, 0–9 and `-`.
    Id {
        /// What stands there.
        id: String,
    },
    /// The kinds of certificate do not fit the act: a seal is a body's, a person signs with
    /// their own (TT 41/2017, art. 6.2).
    KeyKind {
        /// The step.
        step: String,
    },
    /// The place has measures that no page has, or is over the signature of no earlier step.
    Place {
        /// The step.
        step: String,
    },
    /// Somebody signs beside or after the seal (NĐ 30/2020, art. 32.2d).
    SealNotLast {
        /// The step that does.
        step: String,
    },
    /// Two steps have one id.
    StepRepeated {
        /// The id.
        step: String,
    },
    /// A title is empty or longer than 200 letters.
    Title,
    /// The text has more than 64 KiB.
    TooLong,
    /// There is no step, or more than 32.
    StepCount,
    /// There is no such role in such a capacity.
    UnknownSignatory {
        /// What stands there.
        signatory: String,
    },
    /// There is no such commitment.
    UnknownCommitment {
        /// What stands there.
        commitment: String,
    },
}

impl fmt::Display for WorkflowError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}: ")?;
        }
        match &self.kind {
            WorkflowErrorKind::AfterUnknown { step } => write!(
                formatter,
                "after names {step:?}, which is no step before this one: name one or move it"
            ),
            WorkflowErrorKind::Count => formatter.write_str(
                "count does not fit: 1 to 64 signers, with {n} in the field or all fields named",
            ),
            WorkflowErrorKind::FieldShared { field } => {
                write!(formatter, "two steps share the field {field}: rename one")
            }
            WorkflowErrorKind::FieldName { field } => write!(
                formatter,
                "{field:?} names no field: use letters, digits, - and _, {{role}} and {{n}}"
            ),
            WorkflowErrorKind::Form(error) => write!(
                formatter,
                "the text is no workflow in TOML: {}",
                error.message()
            ),
            WorkflowErrorKind::Id { id } => {
                write!(formatter, "{id:?} is no id: use a to z, 0 to 9 and -")
            }
            WorkflowErrorKind::KeyKind { step } => write!(
                formatter,
                "{step}: a seal is put with organisation certificates, people sign with others"
            ),
            WorkflowErrorKind::Place { step } => {
                write!(
                    formatter,
                    "{step}: there is no such place: give millimetres of a page, or an earlier step"
                )
            }
            WorkflowErrorKind::SealNotLast { step } => write!(
                formatter,
                "{step}: nobody signs beside or after the seal: let the seal wait for this step"
            ),
            WorkflowErrorKind::StepRepeated { step } => {
                write!(formatter, "two steps are called {step}: rename one")
            }
            WorkflowErrorKind::Title => {
                formatter.write_str("a title has 1 to 200 letters on one line")
            }
            WorkflowErrorKind::TooLong => {
                formatter.write_str("the text is longer than 64 KiB: shorten it")
            }
            WorkflowErrorKind::StepCount => formatter.write_str("a workflow has 1 to 32 steps"),
            WorkflowErrorKind::UnknownSignatory { signatory } => write!(
                formatter,
                "{signatory:?} is no role: write hieu-truong, kt-pho-hieu-truong or the like"
            ),
            WorkflowErrorKind::UnknownCommitment { commitment } => write!(
                formatter,
                "{commitment:?} is no commitment: write proof-of-approval or the like"
            ),
        }
    }
}

impl std::error::Error for WorkflowError {}
