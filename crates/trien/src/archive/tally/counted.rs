//! Under which numbers of the inspection a record counts: said once, for the numbers and for whoever
//! shows the files behind them.

use serde::{Deserialize, Serialize};
use trien_policy::{DocumentConclusion, Outcome, SignerKind, StepState, WorkflowConclusion};

use super::signatures;
use crate::archive::mapping::folded;
use crate::archive::{Record, RecordKind, SignatureRecord, WorkflowBy, WorkflowRecord};

/// A number of questions 2 to 5 that counts a record. The words are part of the contract and never
/// change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Counted {
    /// 2: with a signature that holds, and none that is broken.
    Signed,
    /// 2: should be signed and is not.
    Unsigned,
    /// 3: held against a workflow.
    InProcedure,
    /// 3: complete.
    Complete,
    /// 3: not complete, for whatever reason.
    NotComplete,
    /// 3: with steps missing.
    Incomplete,
    /// 3: signed out of order.
    OutOfOrder,
    /// 3: signed in a wrong role or by a wrong kind of certificate.
    WrongAuthority,
    /// 3: with a signature of no step of the workflow.
    BesideProcedure,
    /// 3: with another fault: signed twice, more often than a step takes, not intact, not confirmed.
    OtherwiseWrong,
    /// 3: one person's certificate signed in two steps; lowers nothing by itself.
    SameSigner,
    /// 3: held against the workflow that it comes closest to, where nobody said which.
    ByLikeness,
    /// 3: held against none, since several suit it equally and nobody said which.
    ProcedureOpen,
    /// 4: should be signed.
    Due,
    /// 4: of these, signed by the authority.
    ByAuthority,
    /// 4: of these, not signed by the authority.
    WithoutAuthority,
    /// 5: with a seal.
    Sealed,
    /// 5: of these, sealed with certificates of organisations alone.
    SealOfOrganisation,
    /// 5: of these, with a seal that shows on a page.
    SealVisible,
    /// 5: of those with a seal, one is no organisation's.
    SealOfPerson,
    /// 5: of those with a seal, none shows on a page.
    SealUnseen,
    /// 5: breaks a rule about marks: the order of seal and signature, or what a picture covers.
    RulesBroken,
    /// 5: fails in any of this.
    NormFailing,
}

impl Counted {
    /// The numbers that count a record of the period, in the order of the questions.
    #[must_use]
    pub fn of(record: &Record) -> Vec<Self> {
        let mut counted = Vec::new();
        let is_due = record.archive.kind == RecordKind::Record;
        if is_signed(record) {
            counted.push(Self::Signed);
        } else if is_due {
            counted.push(Self::Unsigned);
        }
        if is_due {
            if let Some(workflow) = &record.workflow {
                note_procedure(workflow, &mut counted);
                if record.archive.workflow_by == Some(WorkflowBy::Likeness) {
                    counted.push(Self::ByLikeness);
                }
            }
            if !record.archive.workflows_open.is_empty() {
                counted.push(Self::ProcedureOpen);
            }
            counted.push(Self::Due);
            counted.push(if is_signed_by_authority(record) {
                Self::ByAuthority
            } else {
                Self::WithoutAuthority
            });
        }
        note_norm(record, &mut counted);
        counted
    }
}

/// 3. Whether records were signed by the procedure.
fn note_procedure(workflow: &WorkflowRecord, counted: &mut Vec<Counted>) {
    let fails = |rules: &[&str]| {
        workflow.findings.iter().any(|finding| {
            finding.outcome == Outcome::Fail && rules.contains(&finding.rule.as_str())
        })
    };
    let is_missing = |state| matches!(state, StepState::Missing | StepState::Begun);
    let is_complete = workflow.conclusion == WorkflowConclusion::Complete;
    let noted = [
        (Counted::InProcedure, true),
        (Counted::Complete, is_complete),
        (Counted::NotComplete, !is_complete),
        (
            Counted::Incomplete,
            workflow.steps.iter().any(|step| is_missing(step.state))
                || fails(&["workflow.complete"]),
        ),
        (
            Counted::OutOfOrder,
            fails(&["workflow.order", "nd30.32.2d"]),
        ),
        (
            Counted::WrongAuthority,
            fails(&["workflow.role", "workflow.certificate"]),
        ),
        (
            Counted::BesideProcedure,
            fails(&["workflow.unknown-signature"]),
        ),
        (Counted::SameSigner, fails(&["workflow.same-signer"])),
        (
            Counted::OtherwiseWrong,
            fails(&[
                "workflow.signed-twice",
                "workflow.step-done",
                "workflow.intact",
                "workflow.confirmed",
            ]),
        ),
    ];
    counted.extend(noted.into_iter().filter_map(|(one, is)| is.then_some(one)));
}

/// The rules about marks: a seal that was put before a person with the authority had signed, and
/// a picture of a signature laid over what was signed before. All others say whether a signature
/// holds, which is counted elsewhere.
const MARK_RULES: [&str; 2] = ["nd30.32.2d", "pdf.covering"];

/// 5. Whether signatures and seals follow the norm.
fn note_norm(record: &Record, counted: &mut Vec<Counted>) {
    let mut seals = signatures(record).filter(|one| is_seal(one)).peekable();
    let mut fails = false;
    if seals.peek().is_some() {
        counted.push(Counted::Sealed);
        let (mut of_organisation, mut visible) = (true, false);
        for seal in seals {
            of_organisation &= is_of_organisation(seal);
            visible |= seal.placed.is_some();
        }
        counted.push(if of_organisation {
            Counted::SealOfOrganisation
        } else {
            Counted::SealOfPerson
        });
        counted.push(if visible {
            Counted::SealVisible
        } else {
            Counted::SealUnseen
        });
        fails = !of_organisation || !visible;
    }
    let breaks_rule = signatures(record).any(|signature| {
        signature.findings.iter().any(|finding| {
            finding.outcome == Outcome::Fail && MARK_RULES.contains(&finding.rule.as_str())
        })
    });
    if breaks_rule {
        counted.push(Counted::RulesBroken);
    }
    if fails || breaks_rule {
        counted.push(Counted::NormFailing);
    }
}

/// Whether a signature on it holds, trust aside, and none of them is broken.
fn is_signed(record: &Record) -> bool {
    !matches!(
        record.document.conclusion,
        DocumentConclusion::Invalid | DocumentConclusion::Unreadable
    ) && signatures(record).any(SignatureRecord::is_sound)
}

/// Whether it is valid, and the last step that its workflow needs is done: a signature that may not
/// sign in a step does not make it done, and what else is wrong is told by question 3. Where no
/// workflow says whose signature that is, the school stands behind what bears its seal.
fn is_signed_by_authority(record: &Record) -> bool {
    let is_last_done = match &record.workflow {
        Some(workflow) => {
            let mut needed = workflow.steps.iter().filter(|step| step.needed > 0);
            needed
                .next_back()
                .is_some_and(|step| step.state == StepState::Done)
        }
        None => signatures(record).any(is_of_organisation),
    };
    // Under which workflow it would have to be signed by whom is not known.
    let is_open = !record.archive.workflows_open.is_empty();
    !is_open && is_last_done && record.document.conclusion == DocumentConclusion::Valid
}

/// A seal is a body's signature, or stands in a field that is called so.
fn is_seal(signature: &SignatureRecord) -> bool {
    is_of_organisation(signature) || folded(&signature.field).contains("condau")
}

fn is_of_organisation(signature: &SignatureRecord) -> bool {
    signature
        .signer
        .as_ref()
        .is_some_and(|signer| signer.kind == SignerKind::Organisation)
}
