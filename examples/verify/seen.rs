//! What is gathered from record to record.

use std::collections::BTreeMap;
use std::io;

use trien::archive::{
    Belonging, Judged, ListedFile, ManifestCount, Mapping, Mask, Origin, Question, Record, Source,
    Tally, Verdict,
};
use trien::{DocumentConclusion, UnixTime, WorkflowConclusion};
use trien_examples::Ending;
use trien_report::PdfReport;

use crate::arguments::{Arguments, Format};
use crate::reporting::Reporting;

/// What is gathered from record to record.
pub(crate) struct Seen {
    pub(crate) ending: Ending,
    pub(crate) files: usize,
    /// Of these, told from the journal of an earlier run.
    pub(crate) taken: usize,
    /// Files by what they are.
    pub(crate) counts: BTreeMap<Verdict, usize>,
    pub(crate) signed: usize,
    pub(crate) newest: Option<UnixTime>,
    pub(crate) tally: Option<Tally>,
    /// The period asked about.
    question: Question,
    /// Files that are not of it, and of these those by the time that they claim alone.
    pub(crate) outside: (usize, usize),
    /// What was not looked at, by kind.
    pub(crate) left_out: BTreeMap<String, usize>,
    /// Files of this program that lie in the archive and are none of its files.
    pub(crate) own_files: usize,
    /// The folders and zip archives that are looked through.
    pub(crate) folders: Vec<String>,
    /// What a manifest said.
    pub(crate) manifest: Option<ManifestCount>,
    pub(crate) mask: Option<Mask>,
    /// The files for a manifest, or to be held against one.
    pub(crate) listed: Option<Vec<ListedFile>>,
    pub(crate) reporting: Option<Reporting>,
    /// The report that will be signed.
    pub(crate) sealed: Option<PdfReport>,
    /// Whether the workflows of the kinds of record are asked about by the user, so that they
    /// weigh on the exit status.
    workflows_weigh: bool,
}

impl Seen {
    pub(crate) fn new(arguments: &Arguments, mapping: &Mapping) -> Self {
        let mut question = Question::default();
        question.from = arguments.from;
        question.to = arguments.to;
        question.provable_until = arguments.provable_until;
        question.staff.clone_from(&mapping.staff);
        question.language = arguments.lang.into();
        let is_counted = arguments.summary.is_some()
            || arguments.provable_until.is_some()
            || arguments.format == Format::Html
            || arguments.seal_report.is_some();
        Self {
            ending: Ending::Well,
            files: 0,
            taken: 0,
            counts: BTreeMap::new(),
            signed: 0,
            left_out: BTreeMap::new(),
            own_files: 0,
            folders: Vec::new(),
            manifest: None,
            newest: None,
            tally: is_counted.then(|| Tally::new(question.clone())),
            question,
            outside: (0, 0),
            mask: arguments.mask.then(|| Mask::new(arguments.lang.into())),
            listed: (arguments.manifest.is_some() || arguments.make_manifest.is_some())
                .then(Vec::new),
            reporting: None,
            sealed: (arguments.seal_report.is_some())
                .then(|| PdfReport::new(arguments.lang.into(), arguments.title.clone())),
            workflows_weigh: arguments.workflow.is_some() || arguments.mapping.is_some(),
        }
    }

    /// The name of a file, as it is told.
    pub(crate) fn named(&self, file: &str) -> String {
        let masked = self.mask.as_ref().map(|mask| mask.file(file));
        masked.unwrap_or_else(|| file.to_owned())
    }

    /// What was not found for a record, as it is told.
    pub(crate) fn missing(&self, judged: &Judged, missing: &str) -> String {
        match (&self.mask, &judged.record) {
            (Some(mask), record) => mask.missing(record.as_ref(), missing),
            (None, _) => missing.to_owned(),
        }
    }

    /// Takes a record into the reports that are written.
    pub(crate) fn report(&mut self, record: &Record, source: Option<&Source>) -> io::Result<()> {
        if let Some(report) = &mut self.sealed {
            report.record(record);
        }
        self.reporting
            .as_mut()
            .map_or(Ok(()), |reporting| reporting.record(record, source))
    }

    /// Whether a record is of the period; `None` where none is asked about.
    pub(crate) fn note_period(&mut self, judged: &Judged) -> Option<Belonging> {
        let record = judged.record.as_ref()?;
        if !self.question.has_period() {
            return None;
        }
        let belonging = self.question.regards(record);
        if belonging != Belonging::Inside {
            self.outside.0 = self.outside.0.saturating_add(1);
        }
        if belonging == Belonging::OutsideByClaim {
            self.outside.1 = self.outside.1.saturating_add(1);
        }
        Some(belonging)
    }

    pub(crate) fn note(&mut self, judged: &Judged) {
        self.files = self.files.saturating_add(1);
        let is_taken = judged.origin == Origin::Journal;
        self.taken = self.taken.saturating_add(usize::from(is_taken));
        let count = self.counts.entry(judged.verdict).or_default();
        *count = count.saturating_add(1);
        self.newest = self.newest.max(judged.newest_time_stamp);
        if let Some(listed) = &mut self.listed {
            listed.push(ListedFile::of(judged));
        }
        let is_signed = !matches!(
            judged.conclusion,
            DocumentConclusion::Unsigned | DocumentConclusion::Unreadable
        );
        self.signed = self.signed.saturating_add(usize::from(is_signed));
        self.ending = self.ending.max(match judged.conclusion {
            DocumentConclusion::Valid => Ending::Well,
            DocumentConclusion::Unreadable => Ending::Unable,
            DocumentConclusion::Indeterminate
            | DocumentConclusion::Invalid
            | DocumentConclusion::Unsigned
            | _ => Ending::Objection,
        });
        if self.workflows_weigh
            && judged
                .workflow
                .is_some_and(|workflow| workflow != WorkflowConclusion::Complete)
        {
            self.ending = self.ending.max(Ending::Objection);
        }
    }
}
