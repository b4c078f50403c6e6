//! The run over an archive: every record judged on all cores, told in the order of the archive,
//! within bounded memory. A journal keeps what is done, so that a run that was cut off goes on.
//!
//! Knows no clock and no terminal: whoever runs it shows how far it is.

mod journal;
mod judged;
mod order;
mod settings;
mod stamps;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use trien_policy::{Report, Workflow, WorkflowReport};
use trien_types::Transport;

use super::{Found, Mapping, Verdict};
use crate::Verification;

pub use journal::{Doubt, Doubted, Journal, JournalError, JournalKey};
pub use judged::{Judged, Origin};
pub use settings::RunSettings;

/// Says a record's report for people, with what it is counted as; called on any thread.
pub type Teller<'r> =
    &'r (dyn Fn(&str, Verdict, &Report, Option<&WorkflowReport>) -> String + Sync);

/// How an archive is judged.
#[derive(Clone)]
#[non_exhaustive]
pub struct Run<'r> {
    /// How every record is verified.
    pub verification: &'r Verification<'r>,
    /// What folders mean.
    pub mapping: &'r Mapping,
    /// Which workflows are asked about.
    pub procedure: Procedure<'r>,
    /// Threads that judge.
    pub jobs: NonZeroUsize,
    /// Fetches what is missing; nothing is fetched without it.
    pub transport: Option<&'r (dyn Transport + Sync)>,
    /// Says each report for people.
    pub teller: Option<Teller<'r>>,
    /// Whether lines are read into records too, on the threads that judge.
    pub detail: Detail,
    /// Whether each record's SHA-256 is had where nothing else asks for it. A run with a journal
    /// has it anyhow.
    pub fingerprint: Fingerprint,
    /// Ends the run after the records in work, once it is set.
    pub stop: &'r AtomicBool,
}

impl fmt::Debug for Run<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Run")
            .field("procedure", &self.procedure)
            .field("jobs", &self.jobs)
            .finish_non_exhaustive()
    }
}

/// Which workflows records are held against.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub enum Procedure<'r> {
    /// None.
    #[default]
    None,
    /// This one, whatever the record.
    One(&'r Workflow),
    /// Those that the mapping names for the kind of record.
    ByCategory,
}

/// What comes with a record that was judged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Detail {
    /// Its line.
    #[default]
    Line,
    /// What the line says too, for counting and masking.
    Record,
}

/// Whether a record's whole content is hashed: one more pass over its octets, which for a large
/// file takes as long as verifying it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fingerprint {
    /// It is: lines, manifests and copies that are found out want it.
    #[default]
    Taken,
    /// Nobody asks for it.
    Omitted,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// Everything was judged.
    Complete,
    /// It was stopped; what was told is whole.
    Stopped,
}

/// A run broke off.
#[derive(Debug)]
#[non_exhaustive]
pub enum RunError {
    /// What is told could not be taken: the reader is gone, or the disk is full.
    Told(std::io::Error),
    /// The journal cannot be written.
    Journal(JournalError),
}

impl fmt::Display for RunError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Told(_) => {
                formatter.write_str("không ghi được kết quả / the verdicts cannot be written")
            }
            Self::Journal(error) => error.fmt(formatter),
        }
    }
}

impl std::error::Error for RunError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Told(error) => Some(error),
            Self::Journal(error) => error.source(),
        }
    }
}

impl<'r> Run<'r> {
    /// A run on one thread without a workflow.
    #[must_use]
    pub const fn new(
        verification: &'r Verification<'r>,
        mapping: &'r Mapping,
        stop: &'r AtomicBool,
    ) -> Self {
        Self {
            verification,
            mapping,
            procedure: Procedure::None,
            jobs: NonZeroUsize::MIN,
            transport: None,
            teller: None,
            detail: Detail::Line,
            fingerprint: Fingerprint::Taken,
            stop,
        }
    }

    /// Judges `files` and gives each to `sink` in their order, whichever thread judged it first.
    /// With a journal, what it holds for the same name and octets is told from there, and what is
    /// judged is written to it before it is told.
    ///
    /// # Errors
    /// What `sink` answers; the journal cannot be written. Threads end their records first.
    pub fn each(
        &self,
        files: impl Iterator<Item = Found> + Send,
        mut journal: Option<&mut Journal>,
        mut sink: impl FnMut(Judged) -> std::io::Result<()>,
    ) -> Result<Ended, RunError> {
        let known = journal.as_deref().map(Journal::known);
        let judge = |found: Found| self.judged(found, known.as_ref());
        let ended = order::in_order(self.jobs, self.stop, files, judge, |judged| {
            if let Some(journal) = journal.as_deref_mut() {
                journal.keep(&judged).map_err(RunError::Journal)?;
            }
            sink(judged).map_err(RunError::Told)
        })?;
        if let Some(journal) = journal {
            journal.settle().map_err(RunError::Journal)?;
        }
        Ok(ended)
    }
}
