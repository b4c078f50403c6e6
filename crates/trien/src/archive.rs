//! Archives: many records judged in one run, counted for an inspection, kept provable and handed
//! over.
//!
//! Knows files, folders, zip archives and what is counted of records. Judges no signature itself:
//! every verdict is [`crate::verify`]'s. Reads no clock and draws nothing.

mod moment;
mod record;
mod summary;

pub use record::{
    ArchiveRecord, CategoryRecord, DocumentRecord, FindingRecord, PlacedRecord, ProfileRecord,
    Record, RecordError, RecordKind, RecordLine, SignatureRecord, SignerRecord, TimestampRecord,
    TrackedRecord, TrustAnchorRecord, WorkflowRecord, WorkflowStepRecord,
};
pub use summary::{
    Ageing, CategoryCount, Counts, DuplicateFiles, FILES_LISTED, MonthCount, NormCount,
    OnlineCount, PersonCount, ProcedureCount, SchoolCount, StaffCount, Summary,
};
