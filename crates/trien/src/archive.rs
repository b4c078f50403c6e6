//! Archives: many records judged in one run, counted for an inspection, kept provable and handed
//! over.
//!
//! Knows files, folders, zip archives and what is counted of records. Judges no signature itself:
//! every verdict is [`crate::verify()`]'s. Reads no clock and draws nothing.

mod day;
mod error;
mod handed_over;
mod manifest;
mod mapping;
mod mask;
mod moment;
mod provable;
mod record;
mod run;
mod scan;
mod source;
mod subject;
mod summary;
mod tally;
mod verdict;

pub use day::{DayError, first_moment, last_moment};
pub use error::{ArchiveError, PackingMethod};

pub use handed_over::{ManifestAcceptance, ManifestCount, ManifestSigner};
pub use manifest::{
    ListedFile, MANIFEST_ATTACHMENT, Manifest, ManifestCheck, ManifestError, VerdictChange,
};
pub use mapping::{
    Category, CategoryWorkflow, DEFAULT_MAPPING, Mapping, MappingError, Scans, School, SchoolLevel,
    SignatureNeed, StaffError, StaffMember, StaffNotes,
};
pub use mask::Mask;
pub use provable::{ProvableUntil, provable_until};
pub use record::{
    ArchiveRecord, CategoryRecord, DocumentRecord, FindingRecord, PlacedRecord, ProfileRecord,
    Record, RecordError, RecordKind, RecordLine, SignatureRecord, SignerRecord, TimestampRecord,
    TrackedRecord, TrustAnchorRecord, WorkflowBy, WorkflowRecord, WorkflowStepRecord,
};
pub use run::{
    Detail, Doubt, Doubted, Ended, Fingerprint, Journal, JournalError, JournalKey, Judged, Origin,
    Procedure, Run, RunError, RunSettings, Teller,
};
pub use source::{
    Archive, ArchiveLimits, Files, Found, LeftOut, Octets, REPORT_MARK, Source, Walk,
};
pub use subject::subject_numbers;
pub use summary::{
    Ageing, CategoryCount, Counts, DuplicateFiles, FILES_LISTED, MonthCount, NormCount,
    OnlineCount, OpenProcedureCount, OutsideByClaim, PersonCount, ProcedureCount, SEALS_LISTED,
    SchoolCount, SealCount, StaffCount, Summary,
};
pub use tally::{Belonging, Counted, Question, Tally};
pub use verdict::Verdict;
