//! Counting: record lines in, the summary out. Needs nothing but the lines, so that a run that was
//! cut off and gone on with counts the same.

mod counted;
mod school;
mod staff;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use trien_policy::{DocumentConclusion, Language, SignatureKindFact};
use trien_types::{UnixTime, UtcOffset};

use super::{
    Ageing, Counts, DuplicateFiles, FILES_LISTED, MonthCount, OutsideByClaim, Record, RecordKind,
    SignatureRecord, StaffMember, Summary, Verdict,
};

pub use counted::Counted;

use school::SchoolTally;

/// What an inspection asks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Question {
    /// Start of the period.
    pub from: Option<UnixTime>,
    /// End of the period, inclusive.
    pub to: Option<UnixTime>,
    /// Files are told that cannot be proven until then.
    pub provable_until: Option<UnixTime>,
    /// The school's people.
    pub staff: Option<Vec<StaffMember>>,
    /// The language of what the summary says in words.
    pub language: Language,
}

impl Question {
    /// Whether a record belongs to the period: by the best time of its last signature; without one,
    /// by the day it is due; without either it always does.
    #[must_use]
    pub fn regards(&self, record: &Record) -> Belonging {
        if record
            .regarded_at()
            .is_none_or(|time| self.holds(Some(time)))
        {
            return Belonging::Inside;
        }
        match signatures(record).last() {
            Some(last) if last.stamped_at().is_none() => Belonging::OutsideByClaim,
            _ => Belonging::Outside,
        }
    }

    /// Whether a period is asked about.
    #[must_use]
    pub const fn has_period(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    fn holds(&self, time: Option<UnixTime>) -> bool {
        if !self.has_period() {
            return true;
        }
        time.is_some_and(|time| {
            self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time <= to)
        })
    }
}

/// Whether a record is of the period. The words are part of the contract and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Belonging {
    /// It is, or no period is asked about.
    Inside,
    /// It is not.
    Outside,
    /// By the time that its last signature claims, which nothing proves.
    OutsideByClaim,
}

/// Numbers as they grow.
#[derive(Debug)]
pub struct Tally {
    question: Question,
    counts: Counts,
    schools: BTreeMap<Option<String>, SchoolTally>,
    months: BTreeMap<String, MonthCount>,
    file_months: BTreeMap<String, MonthCount>,
    first: HashMap<String, Box<str>>,
    duplicates: Vec<DuplicateFiles>,
    duplicate_of: HashMap<String, usize>,
    ageing: Vec<Ageing>,
    outside_by_claim: OutsideByClaim,
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(question: Question) -> Self {
        Self {
            question,
            counts: Counts::default(),
            schools: BTreeMap::new(),
            months: BTreeMap::new(),
            file_months: BTreeMap::new(),
            first: HashMap::new(),
            duplicates: Vec::new(),
            duplicate_of: HashMap::new(),
            ageing: Vec::new(),
            outside_by_claim: OutsideByClaim::default(),
        }
    }

    /// Counts a record. The order of records is that of the lists.
    pub fn add(&mut self, record: &Record) {
        let archive = &record.archive;
        // What ends soon ends whenever it was signed.
        self.note_ageing(record);
        let belonging = self.question.regards(record);
        if archive.kind == RecordKind::Unreachable {
            // Of no period and of no school: it is no record.
            one(&mut self.counts.files);
            one(&mut self.counts.unreadable);
            one(&mut self.counts.unreachable);
            return;
        }
        self.schools.entry(archive.school.clone()).or_default().add(
            record,
            &self.question,
            belonging,
        );
        let counts = &mut self.counts;
        if belonging != Belonging::Inside {
            one(&mut counts.outside_period);
            if belonging == Belonging::OutsideByClaim {
                one(&mut counts.outside_by_claim);
                let claimed = &mut self.outside_by_claim;
                let is_valid = record.document.conclusion == DocumentConclusion::Valid;
                one(if is_valid {
                    &mut claimed.valid
                } else {
                    &mut claimed.indeterminate
                });
                list(&mut claimed.files, &record.file);
            }
            return;
        }
        one(&mut counts.files);
        one(match record.document.conclusion {
            DocumentConclusion::Valid => &mut counts.valid,
            DocumentConclusion::Invalid => &mut counts.invalid,
            DocumentConclusion::Indeterminate => &mut counts.indeterminate,
            DocumentConclusion::Unsigned => &mut counts.unsigned,
            DocumentConclusion::Unreadable | _ => &mut counts.unreadable,
        });
        if Verdict::of(record) == Verdict::NotNeeded {
            one(&mut counts.not_needed);
        }
        if let Some(time) = record.dated_at() {
            let month = self.file_months.entry(month_of(time)).or_default();
            match record.document.conclusion {
                DocumentConclusion::Valid => one(&mut month.valid),
                DocumentConclusion::Invalid => one(&mut month.invalid),
                DocumentConclusion::Indeterminate => one(&mut month.indeterminate),
                DocumentConclusion::Unsigned | DocumentConclusion::Unreadable | _ => {}
            }
        }
        if archive.kind == RecordKind::Scan {
            one(&mut counts.scans);
        }
        if archive.school.is_none() {
            one(&mut counts.school_unknown);
        }
        if archive.late == Some(true) {
            one(&mut counts.late);
        }
        for signature in signatures(record) {
            one(&mut self.counts.signatures);
            if let Some(time) = signature.time() {
                let month = self.months.entry(month_of(time)).or_default();
                one(match signature.indication.as_str() {
                    "TOTAL-PASSED" => &mut month.valid,
                    "TOTAL-FAILED" => &mut month.invalid,
                    _ => &mut month.indeterminate,
                });
            }
        }
        self.note_content(record);
    }

    fn note_ageing(&mut self, record: &Record) {
        if let (Some(before), Some(until)) =
            (self.question.provable_until, record.archive.provable_until)
            && until < before
        {
            self.ageing.push(Ageing {
                before,
                file: record.file.clone(),
                provable_until: until,
                weakest: record.archive.weakest.clone(),
            });
        }
    }

    fn note_content(&mut self, record: &Record) {
        let Some(sha256) = &record.archive.sha256 else {
            return;
        };
        let Some(first) = self.first.get(sha256) else {
            self.first
                .insert(sha256.clone(), record.file.as_str().into());
            return;
        };
        one(&mut self.counts.duplicates);
        let index = *self.duplicate_of.entry(sha256.clone()).or_insert_with(|| {
            self.duplicates.push(DuplicateFiles {
                sha256: sha256.clone(),
                files: vec![first.to_string()],
            });
            self.duplicates.len().saturating_sub(1)
        });
        if let Some(duplicate) = self.duplicates.get_mut(index) {
            list(&mut duplicate.files, &record.file);
        }
    }

    /// The answers.
    #[must_use]
    pub fn finish(self, judged_at: UnixTime, profile: &str, anchors: usize) -> Summary {
        let question = self.question;
        Summary {
            schema: "trien.archive/1".to_owned(),
            judged_at,
            from: question.from,
            to: question.to,
            profile: profile.to_owned(),
            anchors,
            counts: self.counts,
            schools: self
                .schools
                .into_iter()
                .map(|(school, tally)| {
                    tally.finish(
                        school,
                        (question.staff.as_deref(), anchors),
                        question.language,
                    )
                })
                .collect(),
            by_month: by_month(self.months),
            files_by_month: by_month(self.file_months),
            duplicates: self.duplicates,
            ageing: self.ageing,
            left_out: BTreeMap::new(),
            manifest: None,
            outside_by_claim: self.outside_by_claim,
        }
    }
}

impl Record {
    /// What it is dated by: the time of its last signature that has one ([`SignatureRecord::time`]).
    /// Document time stamps, with which archives are kept provable for years, are no signatures.
    #[must_use]
    pub fn dated_at(&self) -> Option<UnixTime> {
        let mut times = signatures(self).filter_map(SignatureRecord::time);
        times.next_back()
    }

    /// By what time it belongs to a period: the best time of its last signature (document time
    /// stamps are none); without one, the end of the time for signing it; `None` for one that
    /// belongs to every period: it has no time, or is invalid and claims one that nothing proves.
    #[must_use]
    pub fn regarded_at(&self) -> Option<UnixTime> {
        let last = signatures(self).last();
        let is_proven = last.is_some_and(|last| last.stamped_at().is_some());
        if last.is_some() && !is_proven && self.document.conclusion == DocumentConclusion::Invalid {
            return None;
        }
        last.and_then(SignatureRecord::time).or(self.archive.due)
    }
}

/// The signatures of people and bodies: document time stamps are none.
fn signatures(record: &Record) -> impl DoubleEndedIterator<Item = &SignatureRecord> {
    record
        .signatures
        .iter()
        .filter(|signature| signature.kind != SignatureKindFact::DocumentTimestamp)
}

fn by_month(months: BTreeMap<String, MonthCount>) -> Vec<MonthCount> {
    let named = |(month, count)| MonthCount { month, ..count };
    months.into_iter().map(named).collect()
}

fn one(count: &mut usize) {
    *count = count.saturating_add(1);
}

/// Adds to a list of files behind a number, up to its bound.
fn list(files: &mut Vec<String>, file: &str) {
    if files.len() < FILES_LISTED {
        files.push(file.to_owned());
    }
}

/// `2026-05`, in Vietnam.
fn month_of(time: UnixTime) -> String {
    time.to_civil(UtcOffset::VIETNAM).map_or_else(
        |_| "?".to_owned(),
        |civil| format!("{:04}-{:02}", civil.year, civil.month),
    )
}
