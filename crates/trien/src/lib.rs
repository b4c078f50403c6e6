#![doc = include_str!("../../../README.md")]

mod answer_expiry;
#[cfg(feature = "archive")]
pub mod archive;
mod error;
mod evidence;
mod extend;
mod file;
pub mod mark;
mod sign;
mod time_stamp_authority;
mod verify;
mod words;

pub use answer_expiry::answer_expiry;
pub use error::{Error, ErrorKind};
pub use evidence::{
    Evidence, EvidenceSearch, FetchAttempt, FetchFailure, Missing, MissingReason,
    ValidationRelated, collect_evidence,
};
pub use extend::{
    Extended, ExtensionError, ExtensionErrorKind, ExtensionLevel, ExtensionRequest,
    IncompleteEvidence, Objection, extend,
};
pub use file::{
    FileError, MappedFile, NewFile, SETTINGS_OCTETS, check_target, read_settings,
    read_settings_octets, write_new_file,
};
pub use sign::{
    PermittedSignature, Prepared, ResumeError, SignatureRequest, Signed, SignedDocument,
    TimestampFailed, TimestampFailure, Timestamped, TimestampedSigningError, WhereShown, propose,
    sign, sign_and_timestamp,
};
pub use time_stamp_authority::{
    AuthorityFailure, AuthorityFailureReason, NoTimeStamp, TIME_STAMP_TOLERANCE_SECONDS,
    TimeStampAuthority, check_time_stamp_answer,
};
pub use verify::{
    Resolved, SuppliedEvidence, Verification, inspect, resolve, resolve_signer, unreadable, verify,
};

pub use words::system_words;

pub use trien_cms as cms;
pub use trien_cms::TimeStampToken;
#[cfg(feature = "net")]
pub use trien_net as net;
pub use trien_pdf::appearance;
pub use trien_pdf::{
    Dictionary, DocMdpPermission, Document, Drawing, Object, Page, PageArea, PageView, PlaceError,
    PlacedDrawing,
};
pub use trien_policy::{
    Assignment, ChangeFact, ChangeVerdict, ChangeWord, ChangesFact, Conclusion, Confirmation,
    Count, CoverageFact, DocumentConclusion, Due, FailedBecause, Finding, IndeterminateBecause,
    IntegrityFact, Language, Level, Necessity, NoAssignment, Outcome, PageChoice, Permit, Place,
    Profile, ProfileChoice, ProfileError, Refusal, Report, SameSigner, SchoolKind,
    SignatureKindFact, SignatureReport, SignerFacts, SignerKind, SigningAct, Step, StepReport,
    StepState, TimestampStatus, TrackedSignature, ValidationFacts, Workflow, WorkflowConclusion,
    WorkflowError, WorkflowErrorKind, WorkflowReport, WorkflowTurn, judge, judge_workflow,
    toml_words,
};
#[cfg(feature = "token")]
pub use trien_token as token;
pub use trien_trust as trust;
pub use trien_types::{
    Capacity, CommitmentType, DigestAlgorithm, Limits, PssParameters, Purpose, Role, Signatory,
    SignatureScheme, SigningKey, SigningKeyError, SigningKeyErrorKind, Transport, TransportError,
    TransportRequest, UnixTime, UtcOffset,
};
pub use trien_x509 as x509;
