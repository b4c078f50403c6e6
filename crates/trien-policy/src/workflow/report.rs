//! Whether a record went through its workflow: complete, in order, in the right roles and by the
//! right kinds of certificate. Judges no signature anew: a step counts as its signatures do.

use serde::{Deserialize, Serialize, Serializer};

use super::Workflow;
use super::judged_rules::{RULES, Walked};
use super::progress::{Objection, Observed, Progress, Tracked};
use super::step::{Necessity, Step};
use crate::{
    ChangesFact, Conclusion, CoverageFact, Finding, IntegrityFact, Report, SignatureFacts,
    SignatureKindFact, SignatureReport, SignerKind, SigningAct,
};

/// What is said of a record as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WorkflowConclusion {
    /// Every needed step is done, in order, by the right kinds, with signatures that all passed.
    Complete,
    /// As complete, but a signature was not judged to have passed: its certificate is not known
    /// to be trusted or in force; or somebody signed who has no step.
    Unconfirmed,
    /// So far in order; steps are missing.
    Incomplete,
    /// Signed out of order, in a wrong role or by a wrong kind of certificate.
    Violated,
}

/// How far a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum StepState {
    /// It has the signatures it needs.
    Done,
    /// It has some.
    Begun,
    /// It has none and needs some.
    Missing,
    /// It has none and needs none.
    Skipped,
}

/// What is said of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StepReport {
    /// Its id.
    pub step: String,
    /// What is done in it, in the report's language.
    pub title: String,
    /// How far it is.
    pub state: StepState,
    /// Whether it may be signed next.
    pub due: Due,
    /// How many signatures count.
    pub signed: usize,
    /// How many it needs at least; 0 for an optional one.
    pub needed: usize,
    /// How many it takes at most.
    pub at_most: usize,
}

/// Whether a step may be signed next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Due {
    /// It may.
    Now,
    /// It waits for others, is full, or its turn is over.
    NotNow,
}

impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bool(*self == Self::Now)
    }
}

/// A signature as the workflow sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TrackedSignature {
    /// Its field.
    pub field: String,
    /// The step it belongs to; `None` when its field is none of the workflow's.
    pub step: Option<String>,
    /// The roles it claims.
    pub claimed_roles: Vec<String>,
    /// Whom its certificate names.
    pub kind: Option<SignerKind>,
    /// What there is against it: ids of rules.
    pub objections: Vec<&'static str>,
}

/// What is said of a record under a workflow. In JSON the object `workflow` of a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct WorkflowReport {
    /// The workflow's id.
    pub id: String,
    /// Its title, in the report's language.
    pub title: String,
    /// What is said of the record.
    pub conclusion: WorkflowConclusion,
    /// Its steps in order.
    pub steps: Vec<StepReport>,
    /// The signatures in the order of signing, document time stamps left out.
    pub signatures: Vec<TrackedSignature>,
    /// Every rule that ran.
    pub findings: Vec<Finding>,
}

/// Holds a judged document against a workflow. A signature counts where it is intact with nothing
/// forbidden behind it; that the record is complete is said only where all of them passed.
#[must_use]
pub fn judge_workflow(report: &Report, workflow: &Workflow) -> WorkflowReport {
    let mut progress = Progress::new(workflow);
    let mut walked = Walked::default();
    let mut signatures = Vec::new();
    let mut people: Vec<(usize, Holder<'_>)> = Vec::new();
    for signature in &report.signatures {
        let facts = &signature.facts;
        if facts.kind == SignatureKindFact::DocumentTimestamp {
            continue;
        }
        let tracked = if is_sound(signature) {
            progress.add(Observed::from(facts))
        } else {
            walked.broken.push(facts.field.clone());
            Tracked {
                step: workflow
                    .steps
                    .iter()
                    .position(|step| step.slots.contains_key(&facts.field)),
                objections: Vec::new(),
            }
        };
        if let (Some(step), Some(holder)) = (tracked.step, holder(facts)) {
            walked.note_holder(step, &holder, &people);
            people.push((step, holder));
        }
        if signature.conclusion != Conclusion::Passed {
            walked.unconfirmed.push(facts.field.clone());
        }
        let seal = |index: usize| {
            let step = workflow.steps.get(index);
            step.is_some_and(|step| step.act == SigningAct::Seal)
        };
        if tracked.step.is_none() && facts.claimed_roles.is_empty() {
            walked.roleless.push(facts.field.clone());
        }
        let objections = walked.note(&facts.field, &tracked, &seal);
        signatures.push(TrackedSignature {
            field: facts.field.clone(),
            step: tracked
                .step
                .and_then(|index| workflow.steps.get(index))
                .map(|step| step.id.clone()),
            claimed_roles: facts.claimed_roles.clone(),
            kind: facts.signer.as_ref().map(|signer| signer.kind),
            objections,
        });
    }
    let open: Vec<usize> = (0..workflow.steps.len())
        .filter(|index| progress.is_open(*index))
        .collect();
    let is_complete = open.is_empty() && progress_has_any(&progress, workflow);
    walked.open = (!is_complete).then(|| super::rules::titles(workflow, open));
    let conclusion = if walked.is_violated() {
        WorkflowConclusion::Violated
    } else if !is_complete {
        WorkflowConclusion::Incomplete
    } else if !walked.unconfirmed.is_empty() || !walked.unknown.is_empty() {
        WorkflowConclusion::Unconfirmed
    } else {
        WorkflowConclusion::Complete
    };
    WorkflowReport {
        id: workflow.id.clone(),
        title: workflow.title(report.language).to_owned(),
        conclusion,
        steps: step_reports(workflow, &progress, report),
        signatures,
        findings: RULES
            .into_iter()
            .map(|rule| rule.finding((rule.check)(&walked), rule.level, report.language))
            .collect(),
    }
}

/// A person's certificate in a field: a body may seal in several steps.
struct Holder<'r> {
    field: &'r str,
    /// Issuer and subject (RFC 5280, 4.1.2.6).
    names: (&'r str, &'r str),
}

fn holder(facts: &SignatureFacts) -> Option<Holder<'_>> {
    let signer = facts.signer.as_ref()?;
    (signer.kind != SignerKind::Organisation).then_some(Holder {
        field: &facts.field,
        names: (&signer.issuer, &signer.subject),
    })
}

/// A workflow of optional steps alone is not complete with no signature at all.
fn progress_has_any(progress: &Progress<'_, '_>, workflow: &Workflow) -> bool {
    (0..workflow.steps.len()).any(|index| progress.count(index) > 0)
}

fn is_sound(signature: &SignatureReport) -> bool {
    let facts = &signature.facts;
    facts.integrity == IntegrityFact::Intact
        && facts.coverage != CoverageFact::Broken
        && ChangesFact::of(&facts.changes) != ChangesFact::Forbidden
        && !matches!(signature.conclusion, Conclusion::Failed(_))
}

fn step_reports(
    workflow: &Workflow,
    progress: &Progress<'_, '_>,
    report: &Report,
) -> Vec<StepReport> {
    let due: Vec<usize> = progress.due().collect();
    let one = |(index, step): (usize, &Step)| {
        let signed = progress.count(index);
        let optional = step.necessity == Necessity::Optional;
        StepReport {
            step: step.id.clone(),
            title: step.title(report.language).to_owned(),
            state: if signed >= step.count.at_least {
                StepState::Done
            } else if signed > 0 {
                StepState::Begun
            } else if optional {
                StepState::Skipped
            } else {
                StepState::Missing
            },
            due: if due.contains(&index) {
                Due::Now
            } else {
                Due::NotNow
            },
            signed,
            needed: if optional { 0 } else { step.count.at_least },
            at_most: step.count.at_most,
        }
    };
    workflow.steps.iter().enumerate().map(one).collect()
}

impl Walked {
    /// Notes a signature, and the earlier one, of somebody who signed in another step.
    fn note_holder(&mut self, step: usize, own: &Holder<'_>, before: &[(usize, Holder<'_>)]) {
        for (other, earlier) in before {
            if *other == step || earlier.names != own.names {
                continue;
            }
            for field in [earlier.field, own.field] {
                if !self.same_signer.iter().any(|known| known == field) {
                    self.same_signer.push(field.to_owned());
                }
            }
        }
    }

    /// Takes up what there is against a signature; gives the ids of the rules it breaks.
    fn note(
        &mut self,
        field: &str,
        tracked: &Tracked,
        is_seal: &dyn Fn(usize) -> bool,
    ) -> Vec<&'static str> {
        let mut ids = Vec::new();
        let name = || field.to_owned();
        let Some(own) = tracked.step else {
            self.unknown.push(name());
            return vec!["workflow.unknown-signature"];
        };
        for objection in &tracked.objections {
            let (list, id) = match objection {
                Objection::Certificate => (&mut self.certificate, "workflow.certificate"),
                Objection::Full => (&mut self.full, "workflow.step-done"),
                Objection::Late { by } => {
                    if by.iter().any(|step| is_seal(*step)) && !is_seal(own) {
                        self.seal.push(name());
                        ids.push("nd30.32.2d");
                    }
                    (&mut self.order, "workflow.order")
                }
                Objection::Missing { steps } => {
                    if is_seal(own) && steps.iter().any(|step| !is_seal(*step)) {
                        self.seal.push(name());
                        ids.push("nd30.32.2d");
                    }
                    (&mut self.order, "workflow.order")
                }
                Objection::Role => (&mut self.role, "workflow.role"),
                Objection::SignedTwice => (&mut self.twice, "workflow.signed-twice"),
            };
            list.push(name());
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }
}
