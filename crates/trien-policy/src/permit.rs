//! Whether a signature may be made: asked before the PIN is.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use trien_types::UnixTime;

use crate::language::Language;
use crate::rule::Level;
use crate::{Finding, KeyFact, Outcome, PathFact, Profile, SignerFacts, SignerKind, Workflow};

/// A signature that is in the document already.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct EarlierSignature {
    /// Full name of its field.
    pub field: String,
    /// What is wrong with it, in technical English; `None` when it is intact and nothing behind
    /// it is forbidden.
    pub objection: Option<String>,
    /// Whom its certificate names.
    pub kind: SignerKind,
    /// Its certificate.
    pub signer: Option<SignerFacts>,
    /// The roles it claims.
    pub claimed_roles: Vec<String>,
    /// Whether its certificate leads to an anchor; [`PathFact::NoAnchors`] where none was given.
    pub path: PathFact,
    /// Whether it is a document time stamp, which nobody signs a step with.
    pub is_time_stamp: bool,
}

/// What a signature is meant as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum SigningAct {
    /// Not said: nothing is asked about the kind of certificate.
    #[default]
    Unstated,
    /// A competent person signs.
    Personal,
    /// The body's seal on a record that a competent person signed.
    Seal,
    /// The body's seal on a copy of its own (SAO Y, SAO LỤC, TRÍCH SAO).
    SealOfCopy,
}

impl EarlierSignature {
    /// A signature that is intact, with nothing forbidden behind it.
    #[must_use]
    pub fn sound(field: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            objection: None,
            kind: SignerKind::Unknown,
            signer: None,
            claimed_roles: Vec::new(),
            path: PathFact::NoAnchors,
            is_time_stamp: false,
        }
    }

    /// A signature that must not be built upon.
    #[must_use]
    pub fn objectionable(field: impl Into<String>, objection: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            objection: Some(objection.into()),
            kind: SignerKind::Unknown,
            signer: None,
            claimed_roles: Vec::new(),
            path: PathFact::NoAnchors,
            is_time_stamp: false,
        }
    }

    /// The same by this certificate, in these roles.
    #[must_use]
    pub fn signed_by(mut self, signer: SignerFacts, claimed_roles: Vec<String>) -> Self {
        self.kind = signer.kind;
        self.signer = Some(signer);
        self.claimed_roles = claimed_roles;
        self
    }

    /// The same by a certificate of this kind.
    #[must_use]
    pub const fn by(mut self, kind: SignerKind) -> Self {
        self.kind = kind;
        self
    }
}

/// A step of a workflow that is to be signed.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct WorkflowTurn {
    /// The workflow.
    pub workflow: Arc<Workflow>,
    /// Id of the step.
    pub step: String,
    /// Full name of the field it is signed in.
    pub field: String,
}

impl WorkflowTurn {
    /// A step signed in a field.
    #[must_use]
    pub fn new(workflow: Arc<Workflow>, step: impl Into<String>, field: impl Into<String>) -> Self {
        Self {
            workflow,
            step: step.into(),
            field: field.into(),
        }
    }
}

/// What is known before signing.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SigningFacts {
    /// The time at which the signature is to be made.
    pub signing_time: UnixTime,
    /// Start of the certificate's validity.
    pub not_before: UnixTime,
    /// End of the certificate's validity.
    pub not_after: UnixTime,
    /// The signatures that are there.
    pub earlier: Vec<EarlierSignature>,
    /// The field of a certification that allows no changes.
    pub certified_without_changes: Option<String>,
    /// What the signature is meant as.
    pub act: SigningAct,
    /// The role it is to claim.
    pub claimed_role: Option<String>,
    /// The step of a workflow that it is to be.
    pub workflow: Option<WorkflowTurn>,
    /// Whom the certificate names.
    pub kind: SignerKind,
    /// The certificate.
    pub signer: Option<SignerFacts>,
    /// The key that is to sign, where it is known.
    pub key: Option<KeyFact>,
    /// Whether the certificate leads to an anchor, with what is said of its status.
    pub path: PathFact,
}

impl SigningFacts {
    /// Facts of a first signature at `signing_time` with a certificate of this validity.
    #[must_use]
    pub const fn new(
        signing_time: UnixTime,
        (not_before, not_after): (UnixTime, UnixTime),
    ) -> Self {
        Self {
            signing_time,
            not_before,
            not_after,
            earlier: Vec::new(),
            certified_without_changes: None,
            act: SigningAct::Unstated,
            claimed_role: None,
            workflow: None,
            kind: SignerKind::Unknown,
            signer: None,
            key: None,
            path: PathFact::NoAnchors,
        }
    }
}

/// Permission to sign under a profile. Only [`permit`] makes one, and preparing a signature
/// demands one: forgetting the check does not compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permit {
    findings: Vec<Finding>,
}

impl Permit {
    /// Every rule that ran; warnings among them are to be shown before the PIN is asked for.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What does not hold or is not known without forbidding the signature.
    pub fn warnings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| {
            finding.level == Level::Warn
                && matches!(finding.outcome, Outcome::Fail | Outcome::CannotTell)
        })
    }
}

/// The rules forbid this signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    findings: Vec<Finding>,
}

impl Refusal {
    /// Every rule that ran.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// The rules that forbid it.
    pub fn grounds(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| {
            finding.level == Level::Fail
                && matches!(finding.outcome, Outcome::Fail | Outcome::CannotTell)
        })
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, finding) in self.grounds().enumerate() {
            if index > 0 {
                formatter.write_str(" ")?;
            }
            write!(formatter, "{} [{}]", finding.message, finding.clause)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Asks every signing rule of the profile.
///
/// # Errors
/// A rule that the profile weighs as `Fail` does not hold.
pub fn permit(
    facts: &SigningFacts,
    profile: &Profile,
    language: Language,
) -> Result<Permit, Refusal> {
    let mut findings = Vec::new();
    let mut forbidden = false;
    let facts = as_the_step_means_it(facts);
    for rule in profile.signing_rules() {
        let checked = (rule.check)(&facts);
        let fails = matches!(checked.outcome, Outcome::Fail | Outcome::CannotTell);
        forbidden |= fails && profile.level_of(rule) == Level::Fail;
        findings.push(rule.finding(checked, profile.level_of(rule), language));
    }
    if forbidden {
        Err(Refusal { findings })
    } else {
        Ok(Permit { findings })
    }
}

/// What a step of a workflow is meant as is the workflow's to say, not the caller's.
fn as_the_step_means_it(facts: &SigningFacts) -> Cow<'_, SigningFacts> {
    let turn = facts.workflow.as_ref();
    match turn.and_then(|turn| turn.workflow.step(&turn.step)) {
        Some(step) if step.act() != facts.act => {
            let mut meant = facts.clone();
            meant.act = step.act();
            Cow::Owned(meant)
        }
        _ => Cow::Borrowed(facts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RuleId;

    fn expired() -> SigningFacts {
        SigningFacts::new(
            UnixTime::from_seconds(3_000),
            (UnixTime::from_seconds(1_000), UnixTime::from_seconds(2_000)),
        )
    }

    #[test]
    fn a_refusal_names_its_clause_in_vietnamese() {
        let refusal = permit(&expired(), &Profile::default(), Language::Vi).unwrap_err();
        let text = refusal.to_string();
        assert!(
            text.contains("hết hạn") && text.contains("TT 15/2025 Đ.5.1a"),
            "{text}"
        );
    }

    #[test]
    fn an_administrator_may_weigh_a_rule_as_a_warning() {
        let profile = Profile::default().with_level(RuleId::new("tt15.5.1a"), Level::Warn);
        let permit = permit(&expired(), &profile, Language::En).unwrap();
        assert_eq!(permit.findings().len(), profile.signing_rules().count());
    }
}
