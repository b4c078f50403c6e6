//! What a workflow says of a record, as `trien.verify/1` writes it.

use serde::{Deserialize, Serialize};
use trien_policy::{SignerKind, StepState, WorkflowConclusion};

use super::FindingRecord;

/// The object `workflow`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkflowRecord {
    /// The workflow's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What is said of the record.
    pub conclusion: WorkflowConclusion,
    /// Its steps in order.
    pub steps: Vec<WorkflowStepRecord>,
    /// The signatures in the order of signing.
    pub signatures: Vec<TrackedRecord>,
    /// Every rule that ran.
    pub findings: Vec<FindingRecord>,
}

/// How far a step is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct WorkflowStepRecord {
    /// Its id.
    pub step: String,
    /// Its title.
    pub title: String,
    /// How far it is.
    pub state: StepState,
    /// Whether it may be signed next.
    pub due: bool,
    /// How many signatures count.
    pub signed: usize,
    /// How many it needs.
    pub needed: usize,
    /// How many it takes.
    pub at_most: usize,
}

/// A signature as the workflow sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TrackedRecord {
    /// Its field.
    pub field: String,
    /// The step it belongs to.
    pub step: Option<String>,
    /// The roles it claims.
    pub claimed_roles: Vec<String>,
    /// Whom its certificate names.
    pub kind: Option<SignerKind>,
    /// What there is against it: ids of rules.
    pub objections: Vec<String>,
}
