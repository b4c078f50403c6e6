//! What becomes of a job once its documents are there: examined, asked about, signed.
//! Does not know HTTP.

use std::sync::Arc;
use std::thread;

use trien::token::{FinalTry, PinSource};

use super::engine::{self, SigningOrder};
use super::entry::Job;
use super::examination::examine;
use super::ground::Ground;
use super::moving::note_moved;
use super::seen::Seen;
use super::state::{DocumentState, JobState};
use super::{Collected, Jobs, reconciliation, trouble};
use crate::caller::Caller;
use crate::consent::{Approval, Ask, FinalTryConfirmed, Subject};
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};

/// Sets a job on its way if it has just got its last document.
pub fn begin_if_collected(daemon: &Daemon, job: &Arc<Job>, caller: &Caller) {
    if Jobs::collected(job) == Collected::Now {
        begin(daemon, job, caller);
    }
}

/// Sets a job on its way; it is past collecting already.
pub fn begin(daemon: &Daemon, job: &Arc<Job>, caller: &Caller) {
    let (daemon, job, caller) = (daemon.clone(), Arc::clone(job), caller.clone());
    tokio::spawn(async move { walk(daemon, job, caller).await });
}

/// Makes ready what was not signed to be asked about again: [`begin`] comes next. Blocks.
///
/// # Errors
/// The job is still on its way, or there is nothing to sign.
pub fn prepare_retry(daemon: &Daemon, job: &Job) -> Result<(), Rejection> {
    if !job.state().is_over() {
        return Err(Code::JobState.into());
    }
    // A result that could not be written into the store is there all the same.
    reconciliation::adopt_results(daemon, job);
    job.change(|progress| {
        let count = progress.count(DocumentState::is_unsigned_end);
        // Another call may have been quicker.
        if !progress.state.is_over() || count == 0 {
            return Err(Rejection::new(Code::JobState));
        }
        progress.change_documents(
            |document| document.state.is_unsigned_end(),
            |document| {
                document.state = DocumentState::Received;
                document.error = None;
            },
        );
        progress.stopped = None;
        progress.state = JobState::Examining;
        job.allow_again();
        Ok(())
    })
}

async fn walk(daemon: Daemon, job: Arc<Job>, caller: Caller) {
    let (asked, answered) = (daemon.clone(), Arc::clone(&job));
    match consent(&asked, &answered, caller).await {
        Ok(Some(order)) => {
            let name = "job".to_owned();
            let started = thread::Builder::new()
                .name(name)
                .spawn(move || engine::run(&daemon, &job, order));
            if started.is_err() {
                end(asked, answered, Some(Code::Internal.into())).await;
            }
        }
        Ok(None) => end(daemon, job, None).await,
        Err(rejection) => end(daemon, job, Some(rejection)).await,
    }
}

async fn end(daemon: Daemon, job: Arc<Job>, stopped: Option<Rejection>) {
    let task = tokio::task::spawn_blocking(move || engine::conclude(&daemon, &job, stopped));
    if task.await.is_err() {
        tracing::error!("a job could not be ended");
    }
}

/// What is to be signed and how; nothing where no document is left.
async fn consent(
    daemon: &Daemon,
    job: &Arc<Job>,
    caller: Caller,
) -> Result<Option<SigningOrder>, Rejection> {
    let (at, examined) = (daemon.clone(), Arc::clone(job));
    tokio::task::spawn_blocking(move || examine_all(&at, &examined))
        .await
        .map_err(|_| Code::Internal)??;
    let is_waiting = |state| state == DocumentState::Received;
    if job.is_cancelled() || job.progress().count(is_waiting) == 0 {
        return Ok(None);
    }
    // Nothing changes in it from here on, and nothing but what it shows is signed.
    let seen = Seen::of(job);
    if job.progress().count(is_waiting) == 0 {
        return Ok(None);
    }
    let awaited = daemon.ask(Ask {
        caller: Some(caller.clone()),
        subject: Subject::Signing {
            job: job.id().to_string(),
        },
    })?;
    job.change(|progress| progress.state = JobState::AwaitingConsent);
    // Dropping what is awaited takes the question back.
    let approval = tokio::select! {
        answer = daemon.answer_to(awaited, &caller) => answer?,
        () = job.cancelled() => return Ok(None),
    };
    order(job, approval, seen).map(Some)
}

fn order(job: &Job, approval: Approval, seen: Seen) -> Result<SigningOrder, Rejection> {
    let certificate = approval
        .certificate
        .or(job.wanted_certificate())
        .ok_or(Code::CertificateUnknown)?;
    // What the caller named is what was shown.
    if job
        .wanted_certificate()
        .is_some_and(|wanted| wanted != certificate)
    {
        return Err(Code::CertificateUnknown.into());
    }
    note_moved(job, &approval.moved);
    Ok(SigningOrder {
        certificate,
        pin: approval
            .pin
            .map_or(PinSource::ProtectedAuthenticationPath, PinSource::Pin),
        final_try: match approval.final_try {
            FinalTryConfirmed::No => FinalTry::Refuse,
            FinalTryConfirmed::Yes => FinalTry::AcceptFinalTry,
        },
        moved: approval.moved,
        seen,
    })
}

/// Certificates that the rules are asked about before one is chosen: a clerk's and a principal's, and
/// those of former ones. Of more, those first that come first and the one that was chosen before:
/// with another one nothing is signed whose warnings were not shown, and a retry shows them.
const MOST_CANDIDATES: usize = 12;

/// Asks the rules about every document, with the certificate that will most likely sign: the one
/// the caller names, else the only one there is. With another one they are asked again.
fn examine_all(daemon: &Daemon, job: &Job) -> Result<(), Rejection> {
    let mut ground = Ground::of(job, daemon.config())?;
    let mut paths = possible_paths(daemon, job);
    let mut candidates: Vec<Ground> = Vec::new();
    if let [only] = paths.as_mut_slice() {
        let path = std::mem::take(only);
        job.examined_with(engine::certificate_id(&path));
        if let Some(certificate) = path.first() {
            // There is time for the disk now. Where it fails, signing tries again and says so.
            let _ = daemon
                .jobs()
                .spool()
                .keep_certificate(job.id(), certificate);
        }
        ground = ground.signed_by(path, daemon.now())?;
    } else {
        job.examined_with(None);
        let chosen = job.progress().certificate;
        paths.sort_by_key(|path| chosen.is_none() || engine::certificate_id(path) != chosen);
        candidates = paths
            .into_iter()
            .take(MOST_CANDIDATES)
            // One that cannot be asked about now is when the person has chosen it.
            .filter_map(|path| {
                let ground = Ground::of(job, daemon.config()).ok()?;
                ground.signed_by(path, daemon.now()).ok()
            })
            .collect();
    }
    let grounds = (&ground, candidates.as_slice());
    examine(job, daemon.jobs().spool(), grounds, daemon.now());
    let rows = job.document_rows(None);
    let id = job.id().to_string();
    daemon
        .with_store_blocking(|store, _| store.update_job_documents(&id, &rows))
        .map_err(|error| trouble::of_store(&error))
}

/// The certificates that may sign, each with its issuers: the one the caller names, else all there
/// are.
fn possible_paths(daemon: &Daemon, job: &Job) -> Vec<Vec<Vec<u8>>> {
    let modules = daemon.tokens().tokens();
    let mut there: Vec<_> = modules
        .iter()
        .flat_map(|module| module.tokens())
        .flat_map(|token| token.signing_certificates())
        .filter(|certificate| {
            job.wanted_certificate()
                .is_none_or(|wanted| wanted == certificate.id)
        })
        .collect();
    // One token may be reached by two modules.
    there.sort_by_key(|certificate| certificate.id);
    there.dedup_by_key(|certificate| certificate.id);
    let paths = there.iter();
    paths
        .map(|certificate| certificate.certificate_path.clone())
        .collect()
}
