//! Signing the documents of a job with one opened key. Documents are prepared, stamped and written
//! by many threads while the token signs one after the other.
//! Does not know who asked and who agreed.

mod line;
mod recorder;
mod road;
mod writing;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, mpsc};
use std::thread;

use trien::SigningKey as _;
use trien::token::{FinalTry, PinSource};
use trien_types::CertificateId;

use super::entry::{Job, Progress};
use super::examination::examine;
use super::ground::Ground;
use super::seen::Seen;
use super::spool::rejection_of;
use super::state::{DocumentState, JobState};
use super::trouble;
use crate::consent::MovedMark;
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};
use crate::store::{ContentHash, JobSigned, SigningEvent};
use crate::token_worker::TokenServiceError;

use line::Line;
use recorder::record;

/// Documents under way: some wait for the token, some for an authority, which takes seconds, and most
/// for the disk, which takes 4 ms for one and hardly more for all of them. With half as many a disk
/// that others use falls behind a fast token. How many authorities are asked at a time is the
/// transport's to say, and how much of the documents is open at a time, the line's.
const AT_ONCE: usize = 32;

/// What the person agreed to.
#[derive(Debug)]
pub(super) struct SigningOrder {
    pub(super) certificate: CertificateId,
    pub(super) pin: PinSource,
    pub(super) final_try: FinalTry,
    pub(super) moved: Vec<MovedMark>,
    pub(super) seen: Seen,
}

/// Signs what waits in a job, and ends the job. The key is closed when this returns, whatever
/// happened.
pub(super) fn run(daemon: &Daemon, job: &Arc<Job>, order: SigningOrder) {
    // The daemon does not end before what is under way has.
    let hold = daemon.stop().hold();
    let outcome = catch_unwind(AssertUnwindSafe(|| sign_all(daemon, job, order)));
    let stopped = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(rejection)) => Some(rejection),
        Err(_) => {
            tracing::error!("signing a job broke off");
            Some(Code::Internal.into())
        }
    };
    conclude(daemon, job, stopped);
    drop(hold);
}

fn sign_all(daemon: &Daemon, job: &Arc<Job>, order: SigningOrder) -> Result<(), Rejection> {
    let path = path_of(daemon, order.certificate).ok_or(Code::CertificateUnknown)?;
    let certificate = path.first().ok_or(Code::CertificateUnknown)?;
    let spool = daemon.jobs().spool();
    spool
        .keep_certificate(job.id(), certificate)
        .map_err(|error| rejection_of(&error))?;
    job.change(|progress| {
        progress.state = JobState::Signing;
        progress.certificate = Some(order.certificate);
    });
    // On the disk before anything is signed: results that are found later are judged by it.
    let row = job.to_row();
    daemon
        .with_store_blocking(|store, now| store.update_job(&row, &[], None, now))
        .map_err(|error| trouble::of_store(&error))?;
    let ground = Ground::of(job, daemon.config())?.signed_by(path, daemon.now())?;
    if job.progress().examined_with != Some(order.certificate) {
        examine(job, spool, (&ground, &[]), daemon.now());
    }
    order.seen.hold(job);
    // The answer may have come before the revocation, and this after it.
    if !daemon.pairing_holds(job.pairing()) {
        return Err(Code::PairingEnded.into());
    }
    let waiting = job.numbers(|document| document.state == DocumentState::Received);
    if waiting.is_empty() || job.is_cancelled() {
        return Ok(());
    }
    // Nothing is left to refuse but the token itself: now the PIN is used, once.
    let key = daemon
        .tokens()
        .open_key(&order.certificate, order.pin, order.final_try)
        .inspect_err(|error| {
            if matches!(error, TokenServiceError::PinIncorrect { .. }) {
                let certificate = order.certificate;
                let event = SigningEvent::PinIncorrect { certificate };
                // Where it cannot be written that is in the daemon's own log.
                let _ = daemon.note(&event, job.pairing());
            }
        })
        .map_err(|error| trouble::of_token(&error))?
        .with_issuers(ground.further_issuers());
    let scheme = *key.schemes().first().ok_or(Code::KeyUnusable)?;
    let line = Line::new(
        (daemon, job),
        ground,
        (&key, scheme),
        waiting,
        (order.moved, order.seen),
    );
    let key = Arc::new(key);
    thread::scope(|scope| {
        let line = &line;
        // Never more than the documents of a job, and each a few octets: whoever has one to tell
        // does not wait for the store.
        let (done, recorded) = mpsc::channel();
        scope.spawn(move || record(line, recorded));
        for _ in 0..AT_ONCE.min(line.length()) {
            let (key, done) = (Arc::clone(&key), done.clone());
            scope.spawn(move || line.work(key, done));
        }
        // Theirs alone from here on: the token is logged out before the job is said to be over.
        drop((key, done));
    });
    line.end()
}

/// Ends a job: what was not signed is said to be so and why, the log gets its entry. Whoever is told
/// that it is over finds both written.
pub(super) fn conclude(daemon: &Daemon, job: &Arc<Job>, stopped: Option<Rejection>) {
    let is_open =
        |state: DocumentState| matches!(state, DocumentState::Received | DocumentState::Signing);
    let was_agreed_to = job.state() == JobState::Signing;
    // A stop that comes with the last signature stops nothing: what is signed is given out.
    let is_through = was_agreed_to && stopped.is_none() && job.progress().count(is_open) == 0;
    let cancelled = job.is_cancelled() && !is_through;
    // Copies that no signature was appended to take room for nothing. Before the job is said to be
    // over: whoever tries again has them made anew.
    for number in job.numbers(|document| document.state != DocumentState::Signed) {
        daemon.jobs().spool().remove_begun(job.id(), number);
    }
    let end = |progress: &mut Progress| {
        let (state, error) = match (&stopped, cancelled) {
            (Some(rejection), false) => (DocumentState::Failed, rejection.clone()),
            (_, true) => (DocumentState::Cancelled, Code::Cancelled.into()),
            (None, false) => (DocumentState::Failed, Code::Internal.into()),
        };
        progress.change_documents(
            |document| is_open(document.state),
            |document| document.end(state, error.clone()),
        );
        progress.state = match (&stopped, cancelled) {
            (_, true) => JobState::Cancelled,
            (Some(_), false) => JobState::Stopped,
            (None, false) => JobState::Finished,
        };
        progress.stopped = stopped.clone().filter(|_| !cancelled);
    };
    let mut ended = job.progress().clone();
    end(&mut ended);
    let (row, documents) = (job.row_of(&ended), ended.document_rows());
    let signed = signed(job, &ended);
    let written = daemon
        .with_store_blocking(|store, now| store.update_job(&row, &documents, signed.as_ref(), now));
    if let Err(error) = written {
        // What is signed is in the store already; the rest is interrupted at the next start.
        tracing::error!(%error, "the end of a job could not be written");
    }
    if cancelled && was_agreed_to {
        let event = SigningEvent::JobCancelled {
            job: job.id().to_string(),
            signed: signed.map_or(0, |signed| {
                u32::try_from(signed.results.len()).unwrap_or(u32::MAX)
            }),
        };
        let _ = daemon.note(&event, job.pairing());
    }
    job.change(end);
    if job.is_removed() {
        daemon.jobs().purge(daemon, job.id());
    }
}

/// What the log is to say; nothing where nothing was signed.
pub(super) fn signed(job: &Job, progress: &Progress) -> Option<JobSigned> {
    let certificate = progress.certificate?;
    let results: Vec<ContentHash> = progress
        .documents
        .iter()
        .filter_map(|document| document.result.map(|(_, hash)| hash))
        .collect();
    let failed = progress.count(DocumentState::is_unsigned_end);
    (!results.is_empty()).then(|| {
        JobSigned::new(
            job.id().to_string(),
            certificate,
            results,
            u32::try_from(failed).unwrap_or(u32::MAX),
        )
    })
}

/// The certificate that a path begins with.
pub(super) fn certificate_id(path: &[Vec<u8>]) -> Option<CertificateId> {
    let certificate = path.first()?;
    Some(ContentHash::of(certificate).into())
}

fn path_of(daemon: &Daemon, certificate: CertificateId) -> Option<Vec<Vec<u8>>> {
    let modules = daemon.tokens().tokens();
    modules
        .iter()
        .flat_map(|module| module.tokens())
        .flat_map(|token| token.signing_certificates())
        .find(|report| report.id == certificate)
        .map(|report| report.certificate_path.clone())
}

#[cfg(test)]
mod tests;
