//! The judgement of a document, and its JSON form: schema `trien.verify/1`, on whose names other
//! programs rely (DESIGN.md 9: add, never rename).

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};
use trien_types::{UnixTime, UtcOffset};

use crate::{
    ChangeFact, ChangeVerdict, ChangesFact, Conclusion, Confirmation, DocumentConclusion,
    DocumentFacts, Finding, IndeterminateBecause, IntegrityFact, IntegrityFailure, Language,
    PathFacts, Profile, SignatureFacts, TimestampStatus, WorkflowReport,
};

/// What is said of one signature.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SignatureReport {
    /// What was observed.
    pub facts: SignatureFacts,
    /// What it means.
    pub conclusion: Conclusion,
    /// The earliest moment at which it is proven to have existed (EN 319 102-1:
    /// best-signature-time); `None` when nothing proves any.
    pub best_signature_time: Option<UnixTime>,
    /// What is said of its time stamps.
    pub timestamps: Vec<TimestampReport>,
    /// The evidence about revocation that was relied on: SHA-256 of its octets, in hexadecimal.
    pub evidence: Vec<String>,
    /// The anchor that the best path leads to; `None` without a path.
    pub trust_anchor: Option<TrustAnchorReport>,
    /// The profile it was judged under.
    pub profile: Profile,
    /// The profile that is in force at the time it is from, for the same kind of school.
    pub in_force: Profile,
    /// Every rule that ran.
    pub findings: Vec<Finding>,
    /// Why it is not intact, in the report's language: the class of failure in words, and behind
    /// it what exactly. `None` for one that is intact.
    pub integrity_reason: Option<String>,
}

/// The words about a signature that is not intact.
pub(crate) fn integrity_reason(fact: &IntegrityFact, language: Language) -> Option<String> {
    let (vi, detail) = match fact {
        IntegrityFact::Intact => return None,
        IntegrityFact::Unsupported { detail } => ("phần mềm chưa hỗ trợ cách ký này", detail),
        IntegrityFact::Broken { failure, detail } => {
            let vi = match failure {
                IntegrityFailure::ByteRange => "phạm vi được ký ghi trong tệp không đúng",
                IntegrityFailure::NotSigned => "chỗ ký đã chuẩn bị nhưng chưa ai ký",
                IntegrityFailure::Unreadable => "không đọc được dữ liệu của chữ ký",
                IntegrityFailure::Structure => "cấu trúc của chữ ký sai quy cách",
                IntegrityFailure::Digest => "nội dung đã ký bị thay đổi",
                IntegrityFailure::Value => "giá trị chữ ký không khớp với khóa của người ký",
                IntegrityFailure::Certificate => {
                    "thiếu chứng thư số của người ký, hoặc chứng thư số kèm theo không đúng"
                }
            };
            (vi, detail)
        }
    };
    Some(match language {
        Language::En => detail.clone(),
        Language::Vi => format!("{vi} ({detail})"),
    })
}

/// The anchor that a path leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TrustAnchorReport {
    /// Subject, RFC 4514.
    pub subject: String,
    /// SHA-256 of the certificate, in hexadecimal: to be compared with what its owner publishes.
    pub sha256: String,
    /// What a certificate of this fingerprint is known as, where this program knows it.
    pub known_as: Option<String>,
}

impl TrustAnchorReport {
    pub(crate) fn of(path: &PathFacts) -> Option<Self> {
        let anchor = path.certificates.last()?;
        Some(Self {
            subject: anchor.subject.clone(),
            sha256: anchor.id.clone(),
            known_as: path.anchor_known_as.clone(),
        })
    }
}

/// What is said of a time stamp.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimestampReport {
    /// genTime; `None` when the token cannot be read.
    pub time: Option<UnixTime>,
    /// What it is by itself, at its own moment.
    pub status: TimestampStatus,
    /// Why it proves nothing at the time of judgement; `None` when it does.
    pub objection: Option<IndeterminateBecause>,
}

/// What is said of a document.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    /// What was observed of the file.
    pub document: DocumentFacts,
    /// What it means.
    pub conclusion: DocumentConclusion,
    /// Its signatures in the order of signing.
    pub signatures: Vec<SignatureReport>,
    /// The profile's id.
    pub profile: &'static str,
    /// The time of judgement.
    pub validation_time: UnixTime,
    /// The language of the sentences.
    pub language: Language,
}

impl Report {
    /// The report as the object of schema `trien.verify/1`, under the name the caller knows the
    /// file by.
    #[must_use]
    pub const fn named<'r>(&'r self, file: &'r str) -> NamedReport<'r> {
        NamedReport {
            file,
            report: self,
            workflow: None,
        }
    }
}

/// A report with the name of its file: what is written as JSON.
#[derive(Debug, Clone, Copy)]
pub struct NamedReport<'r> {
    file: &'r str,
    report: &'r Report,
    workflow: Option<&'r WorkflowReport>,
}

impl<'r> NamedReport<'r> {
    /// The same with what a workflow says of it, as the object `workflow`.
    #[must_use]
    pub const fn with_workflow(mut self, workflow: &'r WorkflowReport) -> Self {
        self.workflow = Some(workflow);
        self
    }

    /// The same with what an archive says of the file, as the object `archive`, which is the last.
    #[must_use]
    pub const fn with_archive<A: Serialize>(self, archive: &'r A) -> ArchivedReport<'r, A> {
        ArchivedReport {
            named: self,
            archive,
        }
    }
}

/// A report with the name of its file and what an archive says of it: what is written as JSON.
#[derive(Debug, Clone, Copy)]
pub struct ArchivedReport<'r, A> {
    named: NamedReport<'r>,
    archive: &'r A,
}

fn time(time: UnixTime) -> String {
    time.to_rfc3339(UtcOffset::VIETNAM)
}

impl NamedReport<'_> {
    const fn names(&self) -> usize {
        if self.workflow.is_some() { 7 } else { 6 }
    }

    fn write<O: SerializeStruct>(&self, object: &mut O) -> Result<(), O::Error> {
        #[derive(Serialize)]
        struct Document<'r> {
            conclusion: DocumentConclusion,
            error: Option<&'r str>,
            revisions: usize,
            encrypted: bool,
            evidence_problems: &'r [String],
        }
        let report = self.report;
        object.serialize_field("schema", "trien.verify/1")?;
        object.serialize_field("file", self.file)?;
        let document = Document {
            conclusion: report.conclusion,
            error: report.document.unreadable.as_deref(),
            revisions: report.document.revisions,
            encrypted: report.document.encrypted,
            evidence_problems: &report.document.evidence_problems,
        };
        object.serialize_field("document", &document)?;
        object.serialize_field("profile", report.profile)?;
        object.serialize_field("validation_time", &time(report.validation_time))?;
        object.serialize_field("signatures", &report.signatures)?;
        if let Some(workflow) = self.workflow {
            object.serialize_field("workflow", workflow)?;
        }
        Ok(())
    }
}

impl Serialize for NamedReport<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Report", self.names())?;
        self.write(&mut object)?;
        object.end()
    }
}

impl<A: Serialize> Serialize for ArchivedReport<'_, A> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let names = self.named.names().saturating_add(1);
        let mut object = serializer.serialize_struct("Report", names)?;
        self.named.write(&mut object)?;
        object.serialize_field("archive", self.archive)?;
        object.end()
    }
}

#[derive(Serialize)]
struct Signer<'r> {
    common_name: Option<&'r str>,
    issuer_common_name: Option<&'r str>,
    subject: &'r str,
    issuer: &'r str,
    serial: &'r str,
    kind: crate::SignerKind,
    not_before: String,
    not_after: String,
}

#[derive(Serialize)]
struct Timestamp {
    time: Option<String>,
    status: TimestampStatus,
    /// Why it proves nothing at the time of judgement.
    sub_indication: Option<&'static str>,
}

impl From<&TimestampReport> for Timestamp {
    fn from(report: &TimestampReport) -> Self {
        Self {
            time: report.time.map(time),
            status: report.status,
            sub_indication: report.objection.map(IndeterminateBecause::name),
        }
    }
}

/// A profile by name, with its dates and how well they are known.
#[derive(Serialize)]
struct NamedProfile<'r> {
    id: &'r str,
    title: &'r str,
    applies_from: String,
    applies_until: Option<String>,
    dates: Confirmation,
}

impl<'r> From<&'r Profile> for NamedProfile<'r> {
    fn from(profile: &'r Profile) -> Self {
        Self {
            id: profile.id,
            title: profile.title,
            applies_from: time(profile.applies_from),
            applies_until: profile.applies_until.map(time),
            dates: profile.dates,
        }
    }
}

/// Changes that the report of one signature lists at most: whoever adds 100,000 annotations shall
/// not make a report of 20 MB. An honest record has some ten a signature.
const LISTED_CHANGES: usize = 1_000;

/// The changes that are listed, in their order; where they are too many, forbidden ones first of
/// all.
fn listed(changes: &[ChangeFact]) -> Vec<&ChangeFact> {
    if changes.len() <= LISTED_CHANGES {
        return changes.iter().collect();
    }
    let is_forbidden = |change: &ChangeFact| change.verdict == ChangeVerdict::Forbidden;
    let forbidden = changes.iter().filter(|change| is_forbidden(change));
    let mut forbidden = forbidden.count().min(LISTED_CHANGES);
    let mut permitted = LISTED_CHANGES.saturating_sub(forbidden);
    changes
        .iter()
        .filter(|change| {
            let left = if is_forbidden(change) {
                &mut forbidden
            } else {
                &mut permitted
            };
            let is_listed = *left > 0;
            *left = left.saturating_sub(1);
            is_listed
        })
        .collect()
}

impl Serialize for SignatureReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let facts = &self.facts;
        let integrity = match &facts.integrity {
            IntegrityFact::Intact => "intact",
            IntegrityFact::Broken { .. } => "broken",
            IntegrityFact::Unsupported { .. } => "unsupported",
        };
        let signer = facts.signer.as_ref().map(|signer| Signer {
            common_name: signer.common_name.as_deref(),
            issuer_common_name: signer.issuer_common_name.as_deref(),
            subject: &signer.subject,
            issuer: &signer.issuer,
            serial: &signer.serial,
            kind: signer.kind,
            not_before: time(signer.not_before),
            not_after: time(signer.not_after),
        });
        let change_list = listed(&facts.changes);
        let left_out = facts.changes.len().saturating_sub(change_list.len());
        let timestamps: Vec<Timestamp> = self.timestamps.iter().map(Timestamp::from).collect();
        let mut object = serializer.serialize_struct("Signature", 27)?;
        object.serialize_field("field", &facts.field)?;
        object.serialize_field("kind", &facts.kind)?;
        object.serialize_field("sub_filter", &facts.sub_filter)?;
        object.serialize_field("level", &facts.level)?;
        object.serialize_field("integrity", integrity)?;
        object.serialize_field("integrity_reason", &self.integrity_reason)?;
        object.serialize_field("coverage", &facts.coverage)?;
        object.serialize_field("revision", &facts.revision)?;
        object.serialize_field("changes", &ChangesFact::of(&facts.changes))?;
        object.serialize_field("change_list", &change_list)?;
        object.serialize_field("changes_left_out", &left_out)?;
        object.serialize_field("indication", self.conclusion.indication())?;
        object.serialize_field("sub_indication", &self.conclusion.sub_indication())?;
        object.serialize_field("signer", &signer)?;
        object.serialize_field(
            "claimed_signing_time",
            &facts.claimed_signing_time.map(time),
        )?;
        object.serialize_field("best_signature_time", &self.best_signature_time.map(time))?;
        object.serialize_field("timestamps", &timestamps)?;
        object.serialize_field("evidence", &self.evidence)?;
        object.serialize_field("placed", &facts.placed)?;
        object.serialize_field("reason", &facts.reason)?;
        object.serialize_field("claimed_roles", &facts.claimed_roles)?;
        object.serialize_field("commitments", &facts.commitments)?;
        object.serialize_field("deviations", &facts.deviations)?;
        object.serialize_field("trust_anchor", &self.trust_anchor)?;
        object.serialize_field("profile", &NamedProfile::from(&self.profile))?;
        object.serialize_field("profile_in_force", &NamedProfile::from(&self.in_force))?;
        object.serialize_field("findings", &self.findings)?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ChangeWord;

    #[test]
    fn a_list_that_is_too_long_keeps_what_is_forbidden() {
        let change =
            |revision, verdict| ChangeFact::new(revision, ChangeWord::UnreferencedObject, verdict);
        let mut changes: Vec<ChangeFact> = (0..LISTED_CHANGES)
            .map(|revision| change(revision, ChangeVerdict::Permitted))
            .collect();
        assert_eq!(listed(&changes).len(), LISTED_CHANGES);
        changes.push(change(LISTED_CHANGES, ChangeVerdict::Forbidden));
        let kept = listed(&changes);
        assert_eq!(kept.len(), LISTED_CHANGES);
        let last = kept.last().unwrap();
        assert_eq!(
            (last.revision, last.verdict),
            (LISTED_CHANGES, ChangeVerdict::Forbidden)
        );
        assert!(kept.is_sorted_by_key(|change| change.revision));
    }
}
