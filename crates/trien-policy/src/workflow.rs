//! Workflows as data: who signs a record, in which order, in which role, with which kind of
//! certificate, in which field and where on the page. Ready ones are embedded, others are read from
//! TOML.
//!
//! Knows no document and no key, and not who a person is: a role is what a signature claims, and
//! whether its signer holds it is for the register to say.

mod assignment;
mod error;
mod field;
mod judged_rules;
mod place;
mod progress;
mod read;
mod ready;
mod report;
mod rules;
mod step;

pub use assignment::{Assignment, NoAssignment};
pub use error::{WorkflowError, WorkflowErrorKind};
pub use place::{PageChoice, Place};
pub use report::{
    Due, StepReport, StepState, TrackedSignature, WorkflowConclusion, WorkflowReport,
    judge_workflow,
};
pub(crate) use rules::{SIGNING, against_seal_last};
pub use step::{Count, Necessity, SameSigner, Step};

use crate::Language;

/// A record type's chain of signatures. Read from TOML by [`Workflow::from_toml`], or a ready one.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    id: String,
    title: Title,
    steps: Vec<Step>,
}

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Title {
    vi: String,
    en: String,
}

impl Workflow {
    /// Its stable name, such as `hoc-ba-tieu-hoc`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What kind of record it is for.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.title.vi,
            Language::En => &self.title.en,
        }
    }

    /// Its steps; one that waits for another stands behind it.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The step of this id.
    #[must_use]
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.id() == id)
    }

    fn index_of(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id() == id)
    }
}
