//! One line of an archive's records: schema `trien.verify/1` with the object `archive`.
//! Knows names and kinds alone, and judges nothing.
//!
//! What is read here was written by this program, yet its texts come from files: names, subjects
//! and reasons may hold anything. Names that are missing are taken as empty, so that the lines of
//! earlier versions can be shown too.

use serde::{Deserialize, Serialize};

/// A file with what was found of it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Record {
    /// The name it was verified under.
    pub file: String,
    /// What is said of the document as a whole.
    pub document: RecordDocument,
    /// The profile's id.
    pub profile: String,
    /// The time of judgement, RFC 3339.
    pub validation_time: String,
    /// Its signatures in the order of signing.
    pub signatures: Vec<RecordSignature>,
    /// What a workflow says of it, where one was asked for.
    pub workflow: Option<RecordWorkflow>,
    /// What an archive knows of it.
    pub archive: RecordArchive,
}

impl Record {
    /// Reads a line of JSON.
    ///
    /// # Errors
    /// It is no JSON, or its names hold what they cannot.
    pub fn from_json(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }

    /// The latest moment of its signatures, best first: what it is dated by.
    #[must_use]
    pub fn dated(&self) -> Option<&str> {
        self.signatures.iter().rev().find_map(RecordSignature::time)
    }

    /// Whether somebody has to look at it: it is broken, not trusted, cannot be read, is signed late,
    /// or should be signed and is not.
    #[must_use]
    pub fn is_objected_to(&self) -> bool {
        match self.document.conclusion.as_str() {
            "valid" => self.archive.late == Some(true) || self.workflow_fails(),
            "unsigned" => self.archive.kind == "record" || self.archive.kind.is_empty(),
            _ => true,
        }
    }

    fn workflow_fails(&self) -> bool {
        self.workflow
            .as_ref()
            .is_some_and(|workflow| workflow.conclusion != "complete")
    }
}

/// What is said of a document as a whole.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordDocument {
    /// `valid`, `invalid`, `indeterminate`, `unsigned` or `unreadable`.
    pub conclusion: String,
    /// Why it could not be read.
    pub error: Option<String>,
    /// Its revisions.
    pub revisions: u64,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Evidence that cannot be used.
    pub evidence_problems: Vec<String>,
}

/// What is said of a signature.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordSignature {
    /// Full name of its field.
    pub field: String,
    /// `approval`, `certification` or `document-timestamp`.
    pub kind: String,
    /// /SubFilter as written.
    pub sub_filter: Option<String>,
    /// PAdES level.
    pub level: Option<String>,
    /// `intact`, `broken` or `unsupported`.
    pub integrity: String,
    /// Why it is not intact.
    pub integrity_reason: Option<String>,
    /// `whole-file`, `revision` or `broken`.
    pub coverage: String,
    /// The revision it closes, from 1.
    pub revision: Option<u64>,
    /// `none`, `permitted` or `forbidden`.
    pub changes: String,
    /// What came after it.
    pub change_list: Vec<RecordChange>,
    /// How many changes are not listed.
    pub changes_left_out: u64,
    /// EN 319 102-1: `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`.
    pub indication: String,
    /// EN 319 102-1, table 6.
    pub sub_indication: Option<String>,
    /// Who signed.
    pub signer: Option<RecordSigner>,
    /// When the signer's program says it was signed, RFC 3339.
    pub claimed_signing_time: Option<String>,
    /// The earliest proven moment, RFC 3339.
    pub best_signature_time: Option<String>,
    /// Its time stamps.
    pub timestamps: Vec<RecordTimestamp>,
    /// SHA-256 of the evidence relied on.
    pub evidence: Vec<String>,
    /// /Reason.
    pub reason: Option<String>,
    /// Roles that it claims.
    pub claimed_roles: Vec<String>,
    /// What departs from a standard without breaking it.
    pub deviations: Vec<String>,
    /// The anchor its path leads to.
    pub trust_anchor: Option<RecordAnchor>,
    /// The profile it was judged under.
    pub profile: Option<RecordProfile>,
    /// The profile in force at its time.
    pub profile_in_force: Option<RecordProfile>,
    /// Every rule that ran.
    pub findings: Vec<RecordFinding>,
    /// Where it shows; `None` where it does not.
    pub placed: Option<Placed>,
}

impl RecordSignature {
    /// The best moment there is: proven, else claimed.
    #[must_use]
    pub fn time(&self) -> Option<&str> {
        self.best_signature_time
            .as_deref()
            .or(self.claimed_signing_time.as_deref())
    }

    /// The signer as people know him: the common name, else the whole subject.
    #[must_use]
    pub fn signer_name(&self) -> Option<&str> {
        let signer = self.signer.as_ref()?;
        Some(signer.common_name.as_deref().unwrap_or(&signer.subject))
    }

    /// Rules that it breaks, worst first.
    pub fn failures(&self) -> impl Iterator<Item = &RecordFinding> {
        let of = |level: &'static str| {
            self.findings
                .iter()
                .filter(move |finding| finding.outcome == "fail" && finding.level == level)
        };
        of("fail").chain(of("warn"))
    }
}

/// One change behind a signature.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordChange {
    /// The revision that brought it, from 1.
    pub revision: u64,
    /// The object, as `number generation`.
    pub object: Option<String>,
    /// What happened, in a word for programs.
    pub kind: String,
    /// The field, or the annotation's subtype.
    pub field: Option<String>,
    /// The page it shows on, from 1.
    pub page: Option<u64>,
    /// Where: left, bottom, right, top in PDF points.
    pub rectangle: Option<[f64; 4]>,
    /// What the field said before.
    pub old_value: Option<String>,
    /// What it says since.
    pub new_value: Option<String>,
    /// `permitted` or `forbidden`.
    pub verdict: String,
}

/// Whom a certificate names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordSigner {
    /// commonName of the subject.
    pub common_name: Option<String>,
    /// commonName of the issuer.
    pub issuer_common_name: Option<String>,
    /// Subject, RFC 4514.
    pub subject: String,
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// `person`, `organisation`, `person-in-organisation` or `unknown`.
    pub kind: String,
    /// Start of its validity, RFC 3339.
    pub not_before: String,
    /// End of its validity, RFC 3339.
    pub not_after: String,
}

/// A time stamp.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordTimestamp {
    /// genTime, RFC 3339.
    pub time: Option<String>,
    /// `valid`, `invalid` or `indeterminate`.
    pub status: String,
    /// Why it proves nothing at the time of judgement.
    pub sub_indication: Option<String>,
}

/// The anchor that a path leads to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordAnchor {
    /// Subject, RFC 4514.
    pub subject: String,
    /// SHA-256 of the certificate.
    pub sha256: String,
    /// What it is known as.
    pub known_as: Option<String>,
}

/// A profile by name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordProfile {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// A rule that ran.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordFinding {
    /// Its id.
    pub rule: String,
    /// Where it comes from.
    pub clause: String,
    /// `pass`, `fail`, `cannot-tell` or `not-applicable`.
    pub outcome: String,
    /// What a failure weighs: `fail`, `warn` or `inform`.
    pub level: String,
    /// A sentence, in the language of the verification.
    pub message: String,
}

/// What a workflow says of a record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordWorkflow {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// `complete`, `unconfirmed`, `incomplete` or `violated`.
    pub conclusion: String,
    /// Its steps in order.
    pub steps: Vec<RecordStep>,
    /// Every rule that ran.
    pub findings: Vec<RecordFinding>,
}

/// A step of a workflow.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordStep {
    /// Its id.
    pub step: String,
    /// What is done in it.
    pub title: String,
    /// `done`, `begun`, `missing` or `skipped`.
    pub state: String,
    /// How many signatures count.
    pub signed: u64,
    /// How many it needs at least.
    pub needed: u64,
}

/// What an archive knows of a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordArchive {
    /// Size of the PDF.
    pub octets: u64,
    /// SHA-256 of the PDF.
    pub sha256: Option<String>,
    /// The zip archive it came from.
    pub container: Option<String>,
    /// The record category.
    pub category: Option<RecordCategory>,
    /// The school.
    pub school: Option<String>,
    /// Its pages.
    pub pages: Option<u64>,
    /// `record`, `scan` or `not-due`.
    pub kind: String,
    /// Deadline of its category, RFC 3339.
    pub due: Option<String>,
    /// Whether the last signature it needs came after the deadline.
    pub late: Option<bool>,
    /// Until when its signatures can be proven, RFC 3339.
    pub provable_until: Option<String>,
    /// What ends first, in words.
    pub weakest: Option<String>,
}

/// A record category.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RecordCategory {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// Where a signature shows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Placed {
    /// The page, from 1.
    pub page: u64,
    /// Left, bottom, right, top in PDF points.
    pub rectangle: [f64; 4],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_an_earlier_version_is_read() {
        let line = br#"{"schema":"trien.verify/1","file":"a.pdf","document":{"conclusion":"valid",
            "error":null,"revisions":1,"encrypted":false},"signatures":[{"field":"GVCN",
            "claimed_signing_time":"2026-05-31T08:00:00+07:00","timestamps":[]}]}"#;
        let record = Record::from_json(line).unwrap();
        assert_eq!(record.dated(), Some("2026-05-31T08:00:00+07:00"));
        assert_eq!(record.archive, RecordArchive::default());
        assert!(!record.is_objected_to());
        assert!(Record::from_json(b"{\"signatures\":3}").is_err());
    }

    #[test]
    fn an_unsigned_scan_is_no_objection_and_an_unsigned_record_is_one() {
        let mut record = Record::default();
        record.document.conclusion = "unsigned".to_owned();
        assert!(record.is_objected_to());
        record.archive.kind = "scan".to_owned();
        assert!(!record.is_objected_to());
        record.document.conclusion = "unreadable".to_owned();
        assert!(record.is_objected_to());
    }
}
