//! One record: read, judged, held against its workflow, and described.

use std::panic::{AssertUnwindSafe, catch_unwind};

use trien_policy::{
    DocumentConclusion, Language, Report, SignatureKindFact, WorkflowConclusion, WorkflowReport,
    judge_workflow,
};
use trien_types::{DigestAlgorithm, UnixTime, encode_hex};
use trien_x509::Digester;

use super::journal::Known;
use super::stamps::newest_of;
use super::{Detail, Fingerprint, Procedure, Run};
use crate::archive::mapping::Category;
use crate::archive::scan::is_scan;
use crate::archive::{
    ArchiveRecord, Found, Octets, Record, RecordKind, RecordLine, Scans, SignatureNeed, Source,
    Verdict, WorkflowBy, provable_until,
};

/// A record that was judged.
#[derive(Debug)]
#[non_exhaustive]
pub struct Judged {
    /// Its name.
    pub file: String,
    /// The same below the path that the user named.
    pub inside: String,
    /// Its line.
    pub line: RecordLine,
    /// What the line says, where the run reads it.
    pub record: Option<Record>,
    /// What its signatures amount to.
    pub conclusion: DocumentConclusion,
    /// What it is counted as.
    pub verdict: Verdict,
    /// What its workflow says of it.
    pub workflow: Option<WorkflowConclusion>,
    /// The report for people, where a run tells it.
    pub told: Option<String>,
    /// What could not be fetched.
    pub missing: Vec<String>,
    /// Size in octets.
    pub octets: u64,
    /// The newest time that a sound time stamp in it states: no clock is right that is behind it.
    pub newest_time_stamp: Option<UnixTime>,
    /// Whether it was judged now or by an earlier run.
    pub origin: Origin,
    /// SHA-256 of the octets in hexadecimal.
    pub(super) sha256: Option<String>,
}

/// When a record was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// By this run.
    Now,
    /// By an earlier run, and told from its journal.
    Journal,
}

/// Which workflow a record is held against.
enum Chosen {
    None,
    One(WorkflowReport, WorkflowBy),
    /// Several suit it equally.
    Open(Vec<String>),
}

impl Judged {
    /// SHA-256 of its octets in hexadecimal; `None` when they could not be read, or when the run
    /// leaves it out ([`Fingerprint::Omitted`]).
    #[must_use]
    pub fn sha256(&self) -> Option<&str> {
        self.sha256.as_deref()
    }
}

impl Run<'_> {
    pub(super) fn judged(&self, found: Found, known: Option<&Known>) -> Judged {
        let name = found.name().to_owned();
        let inside = match &found {
            Found::File(source) => source.inside().to_owned(),
            Found::Unreadable { inside, .. } => inside.clone(),
        };
        let whole = catch_unwind(AssertUnwindSafe(|| self.judged_whole(&found, known)));
        let mut judged = whole.unwrap_or_else(|_| {
            // One record must not take the others with it. What stopped it is a fault of ours.
            let said = match self.verification.language {
                Language::En => "a fault of this program: send the file to its makers",
                Language::Vi | _ => "lỗi của chương trình: hãy gửi tệp này cho nhà phát triển",
            };
            match &found {
                Found::File(source) => self.unread(source, said.to_owned()),
                Found::Unreadable { .. } => self.unreachable(name, said.to_owned()),
            }
        });
        judged.inside = inside;
        if self.detail == Detail::Record && judged.record.is_none() {
            judged.record = judged.line.record().ok();
        }
        judged
    }

    fn judged_whole(&self, found: &Found, known: Option<&Known>) -> Judged {
        let language = self.verification.language;
        let source = match found {
            Found::Unreadable { name, error, .. } => {
                return self.unreachable(name.clone(), error.told(language));
            }
            Found::File(source) => source,
        };
        let octets = match source.open() {
            Ok(octets) => octets,
            Err(error) => return self.unread(source, error.told(language)),
        };
        let is_asked_for = self.fingerprint == Fingerprint::Taken || known.is_some();
        let sha256 = is_asked_for
            .then(|| Digester::digest(DigestAlgorithm::Sha256, &octets).ok())
            .flatten()
            .map(|digest| encode_hex(digest.as_octets()));
        if let (Some(known), Some(sha256)) = (known, &sha256)
            && let Some(kept) = known.find((source.name(), source.inside()), sha256)
        {
            return kept;
        }
        self.verified(source, &octets, sha256)
    }

    fn verified(&self, source: &Source, octets: &Octets, sha256: Option<String>) -> Judged {
        let mut missing = Vec::new();
        let report = match self.transport {
            None => crate::verify(octets, self.verification),
            Some(transport) => {
                let mut verification = self.verification.clone();
                // What cannot be read is said by the report; what cannot be fetched, by its rules.
                if let Ok(resolved) = crate::resolve(octets, &verification, transport) {
                    missing.extend(resolved.missing.iter().map(ToString::to_string));
                    verification.supplied = resolved.supplied;
                }
                crate::verify(octets, &verification)
            }
        };
        let mut archive = self.placed(source);
        archive.octets = u64::try_from(octets.len()).unwrap_or(u64::MAX);
        archive.sha256 = sha256;
        archive.pages = report.document.pages;
        let category = self.mapping.category(source);
        archive.kind = self.kind(&report, category, octets);
        if let Some(end) = provable_until(&report) {
            archive.provable_until = Some(end.time);
            archive.weakest = Some(end.weakest);
        }
        let workflow = match self.workflow(&report, source, category) {
            Chosen::None => None,
            Chosen::One(workflow, by) => {
                archive.workflow_by = Some(by);
                Some(workflow)
            }
            Chosen::Open(ids) => {
                archive.workflows_open = ids;
                None
            }
        };
        archive.late = archive
            .due
            .and_then(|due| late(&report, workflow.as_ref(), due));
        let mut judged = self.told(source.name().to_owned(), &report, workflow, archive);
        judged.missing = missing;
        judged
    }

    /// What the mapping says of a file.
    fn placed(&self, source: &Source) -> ArchiveRecord {
        let category = self.mapping.category(source);
        let language = self.verification.language;
        ArchiveRecord {
            container: source.container().map(str::to_owned),
            category: category.map(|category| category.named(language)),
            school: self.mapping.school(source),
            due: category.and_then(|category| category.deadline),
            ..ArchiveRecord::default()
        }
    }

    fn kind(&self, report: &Report, category: Option<&Category>, octets: &[u8]) -> RecordKind {
        if category.is_some_and(|category| category.signature == SignatureNeed::NotNeeded) {
            return RecordKind::NotDue;
        }
        let may_be_scan = report.conclusion == DocumentConclusion::Unsigned
            && category.is_none_or(|category| category.scans == Scans::Allowed);
        if may_be_scan && is_scan(octets, &self.verification.limits) {
            RecordKind::Scan
        } else {
            RecordKind::Record
        }
    }

    /// The workflow that is asked about. Where neither the mapping nor the level of the school says
    /// which one applies, the one that the record comes closest to; none of equals.
    fn workflow(&self, report: &Report, source: &Source, category: Option<&Category>) -> Chosen {
        let asked = match (self.procedure, category) {
            (Procedure::One(workflow), _) => {
                return Chosen::One(judge_workflow(report, workflow), WorkflowBy::Name);
            }
            (Procedure::ByCategory, Some(category))
                if report.conclusion != DocumentConclusion::Unreadable =>
            {
                self.mapping.workflows(source, category)
            }
            (Procedure::None | Procedure::ByCategory, _) => return Chosen::None,
        };
        let mut judged: Vec<WorkflowReport> = asked
            .into_iter()
            .map(|workflow| judge_workflow(report, workflow))
            .collect();
        judged.sort_by_key(distance);
        let least = judged.first().map(distance);
        let equal = |one: &&WorkflowReport| Some(distance(one)) == least;
        let closest = judged.iter().filter(equal).count();
        if closest > 1 {
            let ids = judged.iter().take(closest);
            return Chosen::Open(ids.map(|one| one.id.clone()).collect());
        }
        let by = if judged.len() > 1 {
            WorkflowBy::Likeness
        } else {
            WorkflowBy::Name
        };
        judged
            .into_iter()
            .next()
            .map_or(Chosen::None, |workflow| Chosen::One(workflow, by))
    }

    fn told(
        &self,
        file: String,
        report: &Report,
        workflow: Option<WorkflowReport>,
        archive: ArchiveRecord,
    ) -> Judged {
        let line = RecordLine::of(&file, report, workflow.as_ref(), &archive);
        let verdict = Verdict::found(report.conclusion, archive.kind);
        Judged {
            told: self
                .teller
                .map(|teller| teller(&file, verdict, report, workflow.as_ref())),
            verdict,
            conclusion: report.conclusion,
            workflow: workflow.map(|workflow| workflow.conclusion),
            missing: Vec::new(),
            octets: archive.octets,
            newest_time_stamp: newest_of(&report.signatures),
            origin: Origin::Now,
            sha256: archive.sha256,
            inside: String::new(),
            record: None,
            file,
            line: line.unwrap_or_default(),
        }
    }

    /// A record whose octets could not be had, or that stopped the program.
    fn unread(&self, source: &Source, reason: String) -> Judged {
        let report = crate::unreadable(reason, self.verification);
        let archive = self.placed(source);
        self.told(source.name().to_owned(), &report, None, archive)
    }

    /// What could not be looked into. A place is no record: nobody has to sign it.
    fn unreachable(&self, file: String, reason: String) -> Judged {
        let report = crate::unreadable(reason, self.verification);
        let archive = ArchiveRecord {
            kind: RecordKind::Unreachable,
            ..ArchiveRecord::default()
        };
        self.told(file, &report, None, archive)
    }
}

/// How far a record is from a workflow: foreign signatures count most, then what is missing.
fn distance(judged: &WorkflowReport) -> (usize, usize, usize) {
    let foreign = judged.signatures.iter().filter(|one| one.step.is_none());
    let conclusion = match judged.conclusion {
        WorkflowConclusion::Complete => 0,
        WorkflowConclusion::Unconfirmed => 1,
        WorkflowConclusion::Incomplete => 2,
        WorkflowConclusion::Violated | _ => 3,
    };
    let objections = judged.signatures.iter().map(|one| one.objections.len());
    (foreign.count(), conclusion, objections.sum())
}

/// Whether the last signature that is needed came after the deadline. A time that is claimed alone
/// admits that it is late and never proves that it is not.
fn late(report: &Report, workflow: Option<&WorkflowReport>, due: UnixTime) -> Option<bool> {
    let needed = |field: &str| {
        let Some(workflow) = workflow else {
            return true;
        };
        workflow.signatures.iter().any(|tracked| {
            tracked.field == field
                && tracked.step.as_ref().is_some_and(|own| {
                    let step = workflow.steps.iter().find(|step| &step.step == own);
                    step.is_some_and(|step| step.needed > 0)
                })
        })
    };
    let last = report.signatures.iter().rev().find(|signature| {
        signature.facts.kind != SignatureKindFact::DocumentTimestamp
            && needed(&signature.facts.field)
    })?;
    let is_stamped = last
        .timestamps
        .iter()
        .any(|stamp| stamp.objection.is_none() && stamp.time.is_some());
    let proof = last.best_signature_time.map(|best| {
        if is_stamped {
            Proof::Stamp(best)
        } else {
            Proof::Archive(best)
        }
    });
    let late = is_late(last.facts.claimed_signing_time, proof, due);
    unless_broken(late, report.conclusion)
}

/// Nothing is in time by a file that does not hold; that one came late may be said of it.
fn unless_broken(late: Option<bool>, conclusion: DocumentConclusion) -> Option<bool> {
    late.filter(|late| *late || conclusion != DocumentConclusion::Invalid)
}

/// What proves that a signature existed at a moment.
#[derive(Debug, Clone, Copy)]
enum Proof {
    /// A time stamp of its own.
    Stamp(UnixTime),
    /// A document time stamp: these are put over archives for years, and tell nothing of when it
    /// was made beyond that it was before.
    Archive(UnixTime),
}

fn is_late(claimed: Option<UnixTime>, proof: Option<Proof>, due: UnixTime) -> Option<bool> {
    match proof {
        // It existed by then; that it was made then is what its program claims.
        Some(Proof::Stamp(by) | Proof::Archive(by)) if by <= due => Some(false),
        _ if claimed.is_some_and(|claimed| claimed > due) => Some(true),
        // A stamp that is older than the deadline is missing: nothing shows it in time.
        Some(Proof::Stamp(_)) => Some(true),
        Some(Proof::Archive(_)) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_time_stamp_of_an_archive_makes_no_signature_late() {
        let at = UnixTime::from_seconds;
        let (claimed, due) = (Some(at(10)), at(20));
        assert_eq!(is_late(claimed, None, due), None);
        assert_eq!(is_late(claimed, Some(Proof::Archive(at(99))), due), None);
        assert_eq!(
            is_late(claimed, Some(Proof::Stamp(at(99))), due),
            Some(true)
        );
        assert_eq!(
            is_late(claimed, Some(Proof::Archive(at(15))), due),
            Some(false)
        );
        let admitted = Some(at(21));
        assert_eq!(
            is_late(admitted, Some(Proof::Archive(at(99))), due),
            Some(true)
        );
        assert_eq!(is_late(admitted, None, due), Some(true));
    }

    #[test]
    fn a_file_whose_signatures_are_broken_is_not_in_time() {
        let (broken, whole) = (DocumentConclusion::Invalid, DocumentConclusion::Valid);
        assert_eq!(unless_broken(Some(false), broken), None);
        assert_eq!(unless_broken(Some(true), broken), Some(true));
        assert_eq!(unless_broken(Some(false), whole), Some(false));
    }
}
