//! One step of a workflow. Does not know what was signed already.

use std::collections::{BTreeMap, BTreeSet};

use trien_types::{CommitmentType, Signatory};

use super::field::Fields;
use super::place::Place;
use crate::{Language, SignerKind, SigningAct};

/// How many sign in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Count {
    /// The step is done with so many.
    pub at_least: usize,
    /// It takes no more than these.
    pub at_most: usize,
}

/// Whether a record is complete without a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Necessity {
    /// It is not.
    Needed,
    /// It is: nobody need sign. Once somebody did, the step is to be finished.
    Optional,
}

/// Whether one signer may sign more than once in a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SameSigner {
    /// Once only.
    Once,
    /// As often as there are fields, as a teacher of two subjects does.
    Repeated,
}

/// One step of a workflow.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub(super) id: String,
    pub(super) title: (String, String),
    pub(super) signatories: Vec<Signatory>,
    pub(super) certificates: Vec<SignerKind>,
    pub(super) act: SigningAct,
    pub(super) commitment: Option<CommitmentType>,
    pub(super) count: Count,
    pub(super) necessity: Necessity,
    pub(super) same_signer: SameSigner,
    pub(super) fields: Fields,
    pub(super) place: Place,
    /// Fields, each with who may sign in it.
    pub(super) slots: BTreeMap<String, Vec<Signatory>>,
    /// Indices of all steps that come before it.
    pub(super) before: BTreeSet<usize>,
}

impl Step {
    /// Its stable name.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is done in it.
    #[must_use]
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.title.0,
            Language::En => &self.title.1,
        }
    }

    /// The roles that may sign, each in a capacity.
    #[must_use]
    pub fn signatories(&self) -> &[Signatory] {
        &self.signatories
    }

    /// The kinds of certificate that may sign.
    #[must_use]
    pub fn certificates(&self) -> &[SignerKind] {
        &self.certificates
    }

    /// What the signature is meant as.
    #[must_use]
    pub const fn act(&self) -> SigningAct {
        self.act
    }

    /// What the signer commits to.
    #[must_use]
    pub const fn commitment(&self) -> Option<CommitmentType> {
        self.commitment
    }

    /// How many sign.
    #[must_use]
    pub const fn count(&self) -> Count {
        self.count
    }

    /// Whether a record is complete without it.
    #[must_use]
    pub const fn necessity(&self) -> Necessity {
        self.necessity
    }

    /// Whether one signer may sign more than once.
    #[must_use]
    pub const fn same_signer(&self) -> SameSigner {
        self.same_signer
    }

    /// Where the mark goes.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The fields its signatures go into.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.slots.keys().map(String::as_str)
    }

    /// Which of the step's signatures a field is for, from 0; `None` where it is none of its fields.
    #[must_use]
    pub fn number_of(&self, field: &str) -> Option<usize> {
        (0..self.count.at_most).find(|number| {
            self.signatories.iter().any(|signatory| {
                let name = self.fields.name(*signatory, number.saturating_add(1));
                name.as_deref() == Some(field)
            })
        })
    }

    /// Whether this kind of certificate may sign. What its subject does not tell passes for a
    /// person's, as TT 41/2017, art. 6.2a is read; never for a seal.
    pub(super) fn takes(&self, kind: SignerKind) -> bool {
        let people = [SignerKind::Person, SignerKind::PersonInOrganisation];
        let unknown_person = kind == SignerKind::Unknown
            && people
                .iter()
                .all(|person| self.certificates.contains(person));
        self.certificates.contains(&kind) || unknown_person
    }
}
