//! Spool and store brought together again after the daemon ended, however it did: finished results
//! are kept, what was under way is interrupted, nothing is signed twice.
//! Signs nothing.

use std::path::Path;

use trien::trust::TrustAnchors;
use trien::x509::Certificate;
use trien::{IntegrityFact, MappedFile, UnixTime, Verification, inspect};
use trien_types::CertificateId;

use super::engine::signed;
use super::entry::{Job, JobDocument};
use super::original::Original;
use super::spool::Spool;
use super::state::{DocumentState, JobState};
use super::{JobId, view};
use crate::caller::PairingId;
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};
use crate::store::{ContentHash, JobRow, Store, StoreError};

/// The jobs that go on. Nothing in it fails as a whole: a job that cannot be brought together is
/// said to be so and left for its time to end.
pub(super) fn reconcile(spool: &Spool, store: &mut Store, now: UnixTime) -> Vec<Job> {
    let rows = match store.jobs() {
        Ok(rows) => rows,
        Err(error) => {
            tracing::error!(%error, "jobs from before cannot be read");
            return Vec::new();
        }
    };
    let mut jobs = Vec::with_capacity(rows.len());
    for row in rows {
        match one(spool, store, row, now) {
            Ok(job) => jobs.extend(job),
            Err(error) => tracing::error!(%error, "a job from before cannot be read"),
        }
    }
    remove_strangers(spool, &jobs);
    jobs
}

fn one(
    spool: &Spool,
    store: &mut Store,
    row: JobRow,
    now: UnixTime,
) -> Result<Option<Job>, StoreError> {
    let (Some(id), Some((signature, wanted)), Some(state)) = (
        JobId::parse(&row.id),
        view::order_from_stored(&row.signature),
        JobState::from_code(&row.state),
    ) else {
        store.remove_job(&row.id)?;
        return Ok(None);
    };
    if row.expires <= now || spool.remove_parts(id).is_err() {
        // Over, or its folder is gone: a store that was restored from a backup has such rows.
        let _ = spool.remove(id);
        store.remove_job(&row.id)?;
        return Ok(None);
    }
    let documents = store.job_documents(&row.id)?;
    let documents = documents.into_iter().map(JobDocument::from_row).collect();
    let job = Job::new(
        (id, PairingId::from_number(row.pairing)),
        (row.created, row.expires),
        (signature, wanted),
        documents,
    );
    job.change(|progress| {
        progress.state = state;
        progress.stopped = row.stopped.as_deref().map(view::from_stored);
        progress.certificate = row.certificate;
    });
    settle(&job, spool);
    let log = (state == JobState::Signing)
        .then(|| signed(&job, &job.progress()))
        .flatten();
    store.update_job(&job.to_row(), &job.document_rows(None), log.as_ref(), now)?;
    Ok(Some(job))
}

/// Brings what the rows say together with the files that are there.
fn settle(job: &Job, spool: &Spool) {
    adopt(job, spool);
    job.change(|progress| {
        let is_missing = |state| state == DocumentState::Awaited;
        // Killed with its last document there and nothing begun: nobody would go on with it.
        let was = if progress.state == JobState::Collecting && progress.count(is_missing) == 0 {
            JobState::Examining
        } else {
            progress.state
        };
        for document in &mut progress.documents {
            let number = document.number;
            let has_input = document
                .octets
                .is_some_and(|octets| length(&spool.input(job.id, number)) == Some(octets));
            match document.state {
                DocumentState::Signed => {
                    let there = length(&spool.result(job.id, number));
                    if there.is_none() || there != document.result.map(|(octets, _)| octets) {
                        document.result = None;
                        document.end(DocumentState::Failed, Code::Interrupted.into());
                    }
                }
                DocumentState::Received if !has_input => {
                    // A loss of power took it; its sender has it.
                    document.octets = None;
                    if was == JobState::Collecting {
                        document.state = DocumentState::Awaited;
                    } else {
                        document.end(DocumentState::Failed, Code::DocumentUnknown.into());
                    }
                }
                DocumentState::Received if was != JobState::Collecting => {
                    document.end(DocumentState::Failed, Code::Interrupted.into());
                }
                DocumentState::Awaited
                | DocumentState::Received
                | DocumentState::Refused
                | DocumentState::Signing
                | DocumentState::Failed
                | DocumentState::Cancelled => {}
            }
        }
        let is_open = matches!(
            was,
            JobState::Examining | JobState::AwaitingConsent | JobState::Signing
        );
        if is_open {
            let interrupted = progress.documents.iter().any(|document| {
                document.error.as_ref().map(Rejection::code) == Some(Code::Interrupted)
            });
            progress.state = if interrupted {
                progress.stopped = Some(Code::Interrupted.into());
                JobState::Stopped
            } else {
                JobState::Finished
            };
        }
    });
}

/// Takes over results that are whole and have no row. What is no result is removed.
fn adopt(job: &Job, spool: &Spool) {
    let Some(signer) = signer_of(job, spool) else {
        return;
    };
    let unsigned = job.numbers(|document| document.state != DocumentState::Signed);
    for number in unsigned {
        let path = spool.result(job.id(), number);
        if length(&path).is_none() {
            continue;
        }
        let input = spool.input(job.id(), number);
        let result = is_signed(&input, &path, (&signer, job.came(number)));
        match result {
            Some(result) => {
                job.change_document(number, |document| {
                    document.state = DocumentState::Signed;
                    document.error = None;
                    document.result = Some(result);
                });
            }
            None => {
                tracing::warn!("a result that does not verify is removed");
                let _ = std::fs::remove_file(&path);
            }
        }
    }
}

/// As [`adopt`], before a job is signed again.
pub(super) fn adopt_results(daemon: &Daemon, job: &Job) {
    adopt(job, daemon.jobs().spool());
    let (row, documents) = (job.to_row(), job.document_rows(None));
    let written =
        daemon.with_store_blocking(|store, now| store.update_job(&row, &documents, None, now));
    if let Err(error) = written {
        tracing::error!(%error, "results that were found could not be written down");
    }
}

/// The certificate that the job was to be signed with, as it was kept when signing began.
fn signer_of(job: &Job, spool: &Spool) -> Option<Certificate> {
    let certificate = job.progress().certificate?;
    let der = spool.certificate(job.id())?;
    let is_it = CertificateId::from(ContentHash::of(&der)) == certificate;
    is_it.then(|| Certificate::from_der(der).ok()).flatten()
}

/// Whether `result` is the document signed by the holder of a certificate: the original in front,
/// every signature intact, one of them made with it.
fn is_signed(
    input: &Path,
    result: &Path,
    (signer, came): (&Certificate, Option<ContentHash>),
) -> Option<(u64, ContentHash)> {
    let original = Original::open(input, came).ok()?;
    let octets = MappedFile::open(result).ok()?;
    if octets.len() <= original.len() || !octets.starts_with(&original) {
        return None;
    }
    let anchors = TrustAnchors::default();
    // Whether a path was valid is not asked here: the rules asked when it was signed.
    let facts = inspect(
        &octets,
        &Verification::new(&anchors, UnixTime::from_seconds(0)),
    );
    let before = inspect(
        &original,
        &Verification::new(&anchors, UnixTime::from_seconds(0)),
    );
    let is_intact = facts
        .signatures
        .iter()
        .all(|signature| signature.integrity == IntegrityFact::Intact);
    let is_more = facts.signatures.len() > before.signatures.len();
    let is_theirs = facts
        .signatures
        .iter()
        .skip(before.signatures.len())
        .filter_map(|signature| signature.signer.as_ref())
        .any(|stated| stated.serial == signer.serial().to_string());
    let length = u64::try_from(octets.len()).ok()?;
    (is_intact && is_more && is_theirs).then(|| (length, ContentHash::of(&octets)))
}

/// Folders that no row knows.
fn remove_strangers(spool: &Spool, jobs: &[Job]) {
    let found = spool.jobs().unwrap_or_default();
    for id in found {
        if !jobs.iter().any(|job| job.id() == id)
            && let Err(error) = spool.remove(id)
        {
            tracing::error!(%error, "files of a job that is gone could not be removed");
        }
    }
}

fn length(path: &Path) -> Option<u64> {
    let metadata = std::fs::symlink_metadata(path).ok()?;
    metadata.is_file().then_some(metadata.len())
}
