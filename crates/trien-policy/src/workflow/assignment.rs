//! What a signer in a role is to sign with in a step: the request's parts that the workflow fixes.

use std::fmt;

use trien_types::{CommitmentType, Signatory};

use super::Workflow;
use super::place::Place;
use crate::SigningAct;

/// What a workflow fixes of one signature.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Assignment {
    /// Id of the step.
    pub step: String,
    /// Full name of the field.
    pub field: String,
    /// What the signature is meant as.
    pub act: SigningAct,
    /// The role it claims, as text.
    pub claimed_role: String,
    /// What it commits to.
    pub commitment: Option<CommitmentType>,
    /// Where its mark goes; the `number`-th of the step is moved accordingly.
    pub place: Place,
    /// Which of the step's signatures it is, from 0.
    pub number: usize,
}

/// The workflow has no such part for anybody.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoAssignment {
    /// There is no such step.
    Step {
        /// What was asked for.
        step: String,
    },
    /// Nobody in this role signs in the step.
    Signatory {
        /// Who was asked for.
        signatory: Signatory,
    },
}

impl fmt::Display for NoAssignment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step { step } => write!(
                formatter,
                "the workflow has no step {step:?}: name one of its steps"
            ),
            Self::Signatory { signatory } => write!(
                formatter,
                "nobody signs as {} in this step: choose another step or role",
                signatory.code()
            ),
        }
    }
}

impl std::error::Error for NoAssignment {}

impl Workflow {
    /// What somebody in a role signs with in a step, in the first of its fields that is not
    /// among `filled`; in the last where all are, which the rules then refuse.
    ///
    /// # Errors
    /// There is no such step, or not this role in it.
    pub fn assignment<S: AsRef<str>>(
        &self,
        step: &str,
        signatory: Signatory,
        filled: &[S],
    ) -> Result<Assignment, NoAssignment> {
        let found = self.step(step).ok_or_else(|| NoAssignment::Step {
            step: step.to_owned(),
        })?;
        if !found.signatories.contains(&signatory) {
            return Err(NoAssignment::Signatory { signatory });
        }
        let is_free = |name: &String| !filled.iter().any(|one| one.as_ref() == name);
        let last = found.count.at_most;
        let (number, field) = (1..=last)
            .filter_map(|number| Some((number, found.fields.name(signatory, number)?)))
            .find(|(_, name)| is_free(name))
            .or_else(|| Some((last, found.fields.name(signatory, last)?)))
            .unwrap_or_default();
        Ok(Assignment {
            step: found.id.clone(),
            field,
            act: found.act,
            claimed_role: signatory.to_string(),
            commitment: found.commitment,
            place: found.place.clone(),
            number: number.saturating_sub(1),
        })
    }
}
