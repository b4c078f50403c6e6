//! Judgement: what recorded facts about signatures mean under a profile and at a time, and whether
//! a signature may be made.
//!
//! Pure: knows no bytes, keys, network or clock. The same facts, profile and time always give the
//! same [`Report`].

mod algorithm_constraints;
mod certificate_validation;
mod change_word;
mod circular;
mod conclusion;
mod covered_word;
mod facts;
mod finding;
mod judge;
mod judged;
mod language;
mod permit;
mod profile;
mod proof_of_existence;
mod report;
mod rule;
mod toml_words;
mod workflow;

pub use change_word::ChangeWord;
pub use circular::{Confirmation, SchoolKind};
pub use conclusion::{Conclusion, DocumentConclusion, FailedBecause, IndeterminateBecause};
pub use covered_word::CoveredWord;
pub use facts::{
    AlgorithmFact, CertificateFacts, CertificateStatus, ChangeFact, ChangeVerdict, ChangesFact,
    CoverageFact, DocumentFacts, EvidenceInFile, EvidenceKind, IntegrityFact, IntegrityFailure,
    KeyFact, PathFact, PathFacts, PlacedFact, SignatureFacts, SignatureKindFact, SignerFacts,
    SignerKind, StatusFact, TimestampFacts, TimestampStatus, TokenFact, ValidationFacts,
};
pub use finding::{Finding, Outcome};
pub use judge::judge;
pub use judged::Judged;
pub use language::Language;
pub use permit::{
    EarlierSignature, Permit, Refusal, SigningAct, SigningFacts, WorkflowTurn, permit,
};
pub use profile::{Profile, ProfileChoice, ProfileError};
pub use report::{
    ArchivedReport, NamedReport, Report, SignatureReport, TimestampReport, TrustAnchorReport,
};
pub use rule::{Checked, Level, Rule, RuleId};
pub use toml_words::toml_words;
pub use workflow::{
    Assignment, Count, Due, Necessity, NoAssignment, PageChoice, Place, SameSigner, Step,
    StepReport, StepState, TrackedSignature, Workflow, WorkflowConclusion, WorkflowError,
    WorkflowErrorKind, WorkflowReport, judge_workflow,
};
