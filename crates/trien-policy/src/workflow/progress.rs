//! How far a record is in its workflow: signatures one after the other, each held against the
//! steps. Signing and verifying ask the same questions here.

use trien_types::Signatory;

use super::Workflow;
use super::step::{Necessity, SameSigner, Step};
use crate::{EarlierSignature, SignatureFacts, SignerFacts, SignerKind};

/// What a workflow sees of a signature.
#[derive(Debug, Clone)]
pub(crate) struct Observed<'a> {
    pub(crate) field: &'a str,
    pub(crate) kind: SignerKind,
    /// Issuer and subject: an authority gives one subject to one holder (RFC 5280, 4.1.2.6).
    pub(crate) signer: Option<(&'a str, &'a str)>,
    pub(crate) claimed_roles: &'a [String],
}

fn names(signer: &SignerFacts) -> (&str, &str) {
    (&signer.issuer, &signer.subject)
}

impl<'a> From<&'a SignatureFacts> for Observed<'a> {
    fn from(facts: &'a SignatureFacts) -> Self {
        Self {
            field: &facts.field,
            kind: facts
                .signer
                .as_ref()
                .map_or(SignerKind::Unknown, |signer| signer.kind),
            signer: facts.signer.as_ref().map(names),
            claimed_roles: &facts.claimed_roles,
        }
    }
}

impl<'a> From<&'a EarlierSignature> for Observed<'a> {
    fn from(earlier: &'a EarlierSignature) -> Self {
        Self {
            field: &earlier.field,
            kind: earlier.kind,
            signer: earlier.signer.as_ref().map(names),
            claimed_roles: &earlier.claimed_roles,
        }
    }
}

/// What a workflow has against a signature. Steps by their index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Objection {
    /// The kind of certificate is not one of the step's.
    Certificate,
    /// The step had all its signatures.
    Full,
    /// Steps that come after it were signed already.
    Late { by: Vec<usize> },
    /// Steps that come before it are not done.
    Missing { steps: Vec<usize> },
    /// It claims no role, or none that signs in this field.
    Role,
    /// Its signer signed in this step before.
    SignedTwice,
}

/// Where a signature belongs and what there is against it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tracked {
    /// `None` when its field is none of the workflow's.
    pub(crate) step: Option<usize>,
    pub(crate) objections: Vec<Objection>,
}

/// The signatures counted so far.
#[derive(Debug, Clone)]
pub(crate) struct Progress<'w, 'a> {
    workflow: &'w Workflow,
    counted: Vec<Vec<Observed<'a>>>,
}

impl<'w, 'a> Progress<'w, 'a> {
    /// Nobody has signed.
    pub(crate) fn new(workflow: &'w Workflow) -> Self {
        Self {
            workflow,
            counted: vec![Vec::new(); workflow.steps.len()],
        }
    }

    fn step(&self, index: usize) -> Option<&'w Step> {
        self.workflow.steps.get(index)
    }

    /// How many signatures count in a step.
    pub(crate) fn count(&self, index: usize) -> usize {
        self.counted.get(index).map_or(0, Vec::len)
    }

    /// The step whose field this is, with who may sign there.
    fn slot(&self, field: &str) -> Option<(usize, &'w [Signatory])> {
        self.workflow
            .steps
            .iter()
            .enumerate()
            .find_map(|(index, step)| Some((index, step.slots.get(field)?.as_slice())))
    }

    /// Whether a step is begun and not finished, or needed and not begun.
    pub(crate) fn is_open(&self, index: usize) -> bool {
        self.step(index).is_some_and(|step| {
            let count = self.count(index);
            let skipped = count == 0 && step.necessity == Necessity::Optional;
            count < step.count.at_least && !skipped
        })
    }

    /// Steps that come before this one and are open.
    pub(crate) fn missing_before(&self, index: usize) -> Vec<usize> {
        let before = self.step(index).map(|step| &step.before);
        before
            .into_iter()
            .flatten()
            .copied()
            .filter(|before| self.is_open(*before))
            .collect()
    }

    /// Steps signed already that come after this one.
    pub(crate) fn signed_after(&self, index: usize) -> Vec<usize> {
        self.workflow
            .steps
            .iter()
            .enumerate()
            .filter(|(later, step)| step.before.contains(&index) && self.count(*later) > 0)
            .map(|(later, _)| later)
            .collect()
    }

    /// Whether the step has all the signatures it takes.
    pub(crate) fn is_full(&self, index: usize) -> bool {
        self.step(index)
            .is_some_and(|step| self.count(index) >= step.count.at_most)
    }

    /// Whether the signer signed in the step before and may not again.
    pub(crate) fn signed_before(&self, index: usize, signer: Option<(&str, &str)>) -> bool {
        let once = self
            .step(index)
            .is_some_and(|step| step.same_signer == SameSigner::Once);
        let same = |counted: &Observed<'_>| signer.is_some() && counted.signer == signer;
        once && self
            .counted
            .get(index)
            .is_some_and(|counted| counted.iter().any(same))
    }

    /// Steps that may be signed next.
    pub(crate) fn due(&self) -> impl Iterator<Item = usize> {
        (0..self.workflow.steps.len()).filter(|index| {
            !self.is_full(*index)
                && self.missing_before(*index).is_empty()
                && self.signed_after(*index).is_empty()
        })
    }

    /// Holds the next signature against the workflow, and counts it where it belongs, unless it
    /// is by the wrong role, kind of certificate or signer, or one too many. One out of order
    /// counts: it is there, and cannot be made a second time.
    pub(crate) fn add(&mut self, observed: Observed<'a>) -> Tracked {
        let Some((index, signatories)) = self.slot(observed.field) else {
            return Tracked {
                step: None,
                objections: Vec::new(),
            };
        };
        let mut objections = Vec::new();
        if !claims_one_of(observed.claimed_roles, signatories) {
            objections.push(Objection::Role);
        }
        if !self
            .step(index)
            .is_some_and(|step| step.takes(observed.kind))
        {
            objections.push(Objection::Certificate);
        }
        if self.signed_before(index, observed.signer) {
            objections.push(Objection::SignedTwice);
        }
        if self.is_full(index) {
            objections.push(Objection::Full);
        }
        let counts = objections.is_empty();
        let steps = self.missing_before(index);
        if !steps.is_empty() {
            objections.push(Objection::Missing { steps });
        }
        let by = self.signed_after(index);
        if !by.is_empty() {
            objections.push(Objection::Late { by });
        }
        if counts && let Some(counted) = self.counted.get_mut(index) {
            counted.push(observed);
        }
        Tracked {
            step: Some(index),
            objections,
        }
    }
}

/// Whether one of the roles claimed is that of one of these signatories.
pub(crate) fn claims_one_of(claimed: &[String], signatories: &[Signatory]) -> bool {
    claimed.iter().any(|role| {
        signatories
            .iter()
            .any(|signatory| signatory.to_string() == *role)
    })
}
