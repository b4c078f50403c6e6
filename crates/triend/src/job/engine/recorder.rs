//! Writing down what was signed: results of several documents in one change of the store, so that
//! the disk is not what signing waits for.
//! Does not know how they were signed.

use std::sync::mpsc::Receiver;
use std::thread;

use super::super::entry::JobDocument;
use super::super::spool::rejection_of;
use super::super::state::DocumentState;
use super::super::trouble;
use super::line::Line;
use crate::rejection::{Code, Rejection};
use crate::store::{ContentHash, JobDocumentRow};

/// Results in one change of the store: as many as come while the change before is written, and no
/// more than this, so that progress is seen.
const MOST_IN_A_CHANGE: usize = 128;

/// What came of one document.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) number: u32,
    pub(super) outcome: Result<(u64, ContentHash), Rejection>,
}

impl Outcome {
    fn apply(self, document: &mut JobDocument) {
        match self.outcome {
            Ok(result) => {
                document.state = DocumentState::Signed;
                document.error = None;
                document.result = Some(result);
            }
            Err(rejection) => document.end(DocumentState::Failed, rejection),
        }
    }
}

/// Writes outcomes down until no more come. A document counts as signed, and is said to be, once
/// its result and its row are on the disk.
pub(super) fn record(line: &Line<'_>, outcomes: Receiver<Outcome>) {
    while let Ok(first) = outcomes.recv() {
        let mut group = vec![first];
        while group.len() < MOST_IN_A_CHANGE
            && let Ok(next) = outcomes.try_recv()
        {
            group.push(next);
        }
        let written = write(line, &group);
        if let Err(rejection) = &written {
            line.stop(rejection.clone());
        }
        for outcome in group {
            let number = outcome.number;
            let outcome = match &written {
                Ok(()) => outcome,
                // Its result is there; the next run finds it and does not sign it again.
                Err(rejection) => Outcome {
                    number,
                    outcome: Err(rejection.clone()),
                },
            };
            line.job
                .change_document(number, |document| outcome.apply(document));
        }
    }
}

fn write(line: &Line<'_>, group: &[Outcome]) -> Result<(), Rejection> {
    let job = line.job;
    let rows: Vec<JobDocumentRow> = {
        let progress = job.progress();
        let changed = group.iter().filter_map(|outcome| {
            let mut document = progress.document(outcome.number)?.clone();
            let outcome = Outcome {
                number: outcome.number,
                outcome: outcome.outcome.clone(),
            };
            outcome.apply(&mut document);
            Some(document.to_row())
        });
        changed.collect()
    };
    let id = job.id().to_string();
    let daemon = line.daemon;
    let (named, written) = thread::scope(|scope| {
        // At the same time: neither is told before both are done, and after a loss of power a row
        // without its file is as little signed as a file without its row.
        let named = scope.spawn(|| daemon.jobs().spool().sync_names(job.id()));
        let written = daemon.with_store_blocking(|store, _| store.update_job_documents(&id, &rows));
        (named.join(), written)
    });
    written.map_err(|error| trouble::of_store(&error))?;
    named
        .map_err(|_| Code::Internal)?
        .map_err(|error| rejection_of(&error))
}
