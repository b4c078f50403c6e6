#![doc = include_str!("../../../README.md")]

mod error;
mod file;
mod sign;
mod verify;

pub use error::{Error, ErrorKind};
pub use file::{FileError, MappedFile, write_new_file};
pub use sign::{
    PermittedSignature, Prepared, ResumeError, SignatureRequest, Signed, SignedDocument,
    WhereShown, propose, sign,
};
pub use verify::{SuppliedEvidence, Verification, inspect, unreadable, verify};

#[cfg(feature = "net")]
pub use trien_net as net;
pub use trien_pdf::appearance;
pub use trien_pdf::{Document, Drawing, PlaceError};
pub use trien_policy::{
    ChangeFact, ChangeVerdict, ChangeWord, ChangesFact, Conclusion, DocumentConclusion, Finding,
    IntegrityFact, Language, Level, Outcome, Permit, Profile, Refusal, Report, SignatureReport,
    TimestampStatus, ValidationFacts, judge,
};
#[cfg(feature = "token")]
pub use trien_token as token;
pub use trien_trust as trust;
pub use trien_types::{
    DigestAlgorithm, Limits, PssParameters, SignatureScheme, SigningKey, SigningKeyError,
    SigningKeyErrorKind, UnixTime, UtcOffset,
};
