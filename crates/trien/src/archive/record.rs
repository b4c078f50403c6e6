//! One record's line: the object of `trien.verify/1` with `archive` added. Kept as the octets that
//! were written, so that nothing is lost on the way; read into types on demand.

mod signature;
mod workflow;

use std::error::Error;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use trien_policy::{DocumentConclusion, Report, WorkflowReport};
use trien_types::UnixTime;

use super::{Belonging, moment};

pub use signature::{
    FindingRecord, PlacedRecord, ProfileRecord, SignatureRecord, SignerRecord, TimestampRecord,
    TrustAnchorRecord,
};
pub use workflow::{TrackedRecord, WorkflowRecord, WorkflowStepRecord};

/// A record's line as it is written: one JSON object without line breaks. Names that this version
/// does not know stay in it.
#[derive(Debug, Clone)]
pub struct RecordLine {
    text: Box<RawValue>,
}

/// A line is no record's.
#[derive(Debug)]
#[non_exhaustive]
pub enum RecordError {
    /// It is no JSON, or lacks what a record has.
    Malformed(serde_json::Error),
}

impl fmt::Display for RecordError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(_) => {
                formatter.write_str("the line is no record of trien.verify/1: run verify again")
            }
        }
    }
}

impl Error for RecordError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
        }
    }
}

impl RecordLine {
    /// The line about a report, under the name the caller knows the file by.
    ///
    /// # Errors
    /// Never for a report of this library; what the writer of JSON says.
    pub fn of(
        file: &str,
        report: &Report,
        workflow: Option<&WorkflowReport>,
        archive: &ArchiveRecord,
    ) -> Result<Self, RecordError> {
        let mut named = report.named(file);
        if let Some(workflow) = workflow {
            named = named.with_workflow(workflow);
        }
        let line = named.with_archive(archive);
        let text = serde_json::value::to_raw_value(&line).map_err(RecordError::Malformed)?;
        Ok(Self { text })
    }

    /// A line as it was written, without its line break. That it is a record's is found when it is
    /// read by [`RecordLine::record`].
    ///
    /// # Errors
    /// It is no JSON.
    pub fn from_json(text: String) -> Result<Self, RecordError> {
        let text = RawValue::from_string(text).map_err(RecordError::Malformed)?;
        Ok(Self { text })
    }

    /// The line with whether the record is of the period that was asked about, as `period`.
    ///
    /// # Errors
    /// Never for a line of this library; what the writer of JSON says.
    pub fn with_period(&self, belonging: Belonging) -> Result<Self, RecordError> {
        let mut text = self.as_json().to_owned();
        // The object goes on behind its last name.
        text.pop();
        text.push_str(",\"period\":");
        text.push_str(&serde_json::to_string(&belonging).map_err(RecordError::Malformed)?);
        text.push('}');
        Self::from_json(text)
    }

    /// The octets as they were written.
    #[must_use]
    pub fn as_json(&self) -> &str {
        self.text.get()
    }

    /// What it says.
    ///
    /// # Errors
    /// It lacks what a record has.
    pub fn record(&self) -> Result<Record, RecordError> {
        serde_json::from_str(self.text.get()).map_err(RecordError::Malformed)
    }
}

impl Default for RecordLine {
    /// `null`: a line that says nothing.
    fn default() -> Self {
        Self {
            text: RawValue::NULL.to_owned(),
        }
    }
}

impl PartialEq for RecordLine {
    fn eq(&self, other: &Self) -> bool {
        self.as_json() == other.as_json()
    }
}

impl Eq for RecordLine {}

impl Serialize for RecordLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.text.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RecordLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self { text })
    }
}

/// What a line says, as far as statistics and reports read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    /// The file's name, as the caller knows it.
    pub file: String,
    /// The file as a whole.
    pub document: DocumentRecord,
    /// The profile's id.
    pub profile: String,
    /// The time of judgement.
    #[serde(with = "moment")]
    pub validation_time: UnixTime,
    /// Its signatures in the order of signing.
    pub signatures: Vec<SignatureRecord>,
    /// What a workflow says of it, where one was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<WorkflowRecord>,
    /// What it is in its archive.
    #[serde(default)]
    pub archive: ArchiveRecord,
}

/// What is said of the file itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentRecord {
    /// What it is.
    pub conclusion: DocumentConclusion,
    /// Why it could not be read.
    pub error: Option<String>,
    /// Number of revisions.
    pub revisions: usize,
    /// Whether an encryption dictionary is named.
    pub encrypted: bool,
    /// Evidence that cannot be used.
    #[serde(default)]
    pub evidence_problems: Vec<String>,
}

/// What a record is in its archive.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ArchiveRecord {
    /// Size of the PDF in octets.
    pub octets: u64,
    /// SHA-256 of its octets in hexadecimal; `None` when they could not be read.
    pub sha256: Option<String>,
    /// The zip archive it stands in.
    pub container: Option<String>,
    /// The kind of record, by its folder or by a mapping.
    pub category: Option<CategoryRecord>,
    /// The school it belongs to, by a mapping.
    pub school: Option<String>,
    /// Number of pages; `None` when it cannot be told.
    pub pages: Option<usize>,
    /// Whether it should have been signed.
    pub kind: RecordKind,
    /// The end of the time for signing it.
    #[serde(with = "moment::optional")]
    pub due: Option<UnixTime>,
    /// Whether the last signature needed came after that; `None` when it cannot be told.
    pub late: Option<bool>,
    /// Until when what proves its signatures lasts: the earliest end among them.
    #[serde(with = "moment::optional")]
    pub provable_until: Option<UnixTime>,
    /// What ends then, in the language of the report.
    pub weakest: Option<String>,
    /// What chose the workflow that it was held against; `None` without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow_by: Option<WorkflowBy>,
    /// Ids of workflows that suit it equally, so that none was chosen: the mapping is to say the
    /// workflow, or the level of the school.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub workflows_open: Vec<String>,
}

/// What chose a record's workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum WorkflowBy {
    /// It was named: by the user, by the kind of record, or by the level of the school.
    Name,
    /// The record comes closest to it: what is missing on it may be what tells workflows apart.
    Likeness,
}

/// A kind of record, such as `hoc_ba`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CategoryRecord {
    /// Its stable name.
    pub id: String,
    /// What people call it.
    pub title: String,
}

impl CategoryRecord {
    /// A kind of record.
    #[must_use]
    pub fn new(id: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            title: title.into(),
        }
    }
}

/// Whether a record should have been signed. The words are part of the contract and never change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum RecordKind {
    /// It should.
    #[default]
    Record,
    /// An unsigned scan of a paper, where these are allowed: pages are images without text.
    Scan,
    /// Its kind needs no signature.
    NotDue,
    /// It is no record: a path, a folder or a place in a zip archive that could not be looked into.
    Unreachable,
}
