//! Judgement: what recorded facts about signatures mean under a profile and at a time, and whether
//! a signature may be made.
//!
//! Pure: knows no bytes, keys, network or clock. The same facts, profile and time always give the
//! same [`Report`].

mod change_word;
mod conclusion;
mod facts;
mod finding;
mod judge;
mod language;
mod permit;
mod profile;
mod report;
mod rule;

pub use change_word::ChangeWord;
pub use conclusion::{Conclusion, DocumentConclusion, FailedBecause, IndeterminateBecause};
pub use facts::{
    ChangeFact, ChangeVerdict, ChangesFact, CoverageFact, DocumentFacts, IntegrityFact,
    IntegrityFailure, PathFact, SignatureFacts, SignatureKindFact, SignerFacts, SignerKind,
    TimestampFacts, TimestampStatus, ValidationFacts,
};
pub use finding::{Finding, Outcome};
pub use judge::judge;
pub use language::Language;
pub use permit::{EarlierSignature, Permit, Refusal, SigningFacts, permit};
pub use profile::Profile;
pub use report::{NamedReport, Report, SignatureReport};
pub use rule::{Checked, Judged, Level, Rule, RuleId, signing_rules, validation_rules};
