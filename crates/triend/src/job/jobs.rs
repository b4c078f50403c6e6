//! Every job until it is collected: made, found by its caller, removed.
//! Does not know how documents are signed.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use trien_types::UnixTime;

use super::description::{NewJob, of_document};
use super::entry::{Job, JobDocument};
use super::signature::SignatureLevel;
use super::spool::{PartFile, Spool, rejection_of};
use super::state::{DocumentState, JobState};
use super::{JobId, reconciliation, trouble};
use crate::anchors;
use crate::caller::Caller;
use crate::config::Config;
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};
use crate::store::{ContentHash, Store};

/// Jobs of one caller that may lie there: a school's classes, and some that nobody collected.
const MOST_JOBS_OF_A_CALLER: usize = 100;

/// The jobs and their spool.
#[derive(Debug)]
pub struct Jobs {
    spool: Spool,
    jobs: Mutex<BTreeMap<JobId, Arc<Job>>>,
    run: String,
}

impl Jobs {
    /// The jobs that the store and the spool in `folder` have from before: what is signed stays
    /// so, what was under way is interrupted, what nobody knows is removed.
    ///
    /// # Errors
    /// The spool cannot be made.
    pub fn open(folder: PathBuf, store: &mut Store, now: UnixTime) -> io::Result<Self> {
        let spool = Spool::open(folder)?;
        let jobs = reconciliation::reconcile(&spool, store, now);
        let jobs = jobs.into_iter().map(|job| (job.id(), Arc::new(job)));
        Ok(Self {
            jobs: Mutex::new(jobs.collect()),
            spool,
            run: JobId::new().map_err(io::Error::other)?.to_string(),
        })
    }

    /// Names this run of the daemon, in the ids of events.
    #[must_use]
    pub fn run(&self) -> &str {
        &self.run
    }

    /// Where the documents lie.
    #[must_use]
    pub const fn spool(&self) -> &Spool {
        &self.spool
    }

    /// A job, whosever it is: for the consent page, which knows its name from its question.
    #[must_use]
    pub fn find(&self, id: JobId) -> Option<Arc<Job>> {
        let job = self.lock().get(&id).map(Arc::clone)?;
        (!job.is_removed()).then_some(job)
    }

    /// A job of this caller. Another's is as unknown as one that is not there. What a page has here
    /// from a pairing that was revoked is its own again once it is paired anew (docs/adr/0019).
    ///
    /// # Errors
    /// There is none of this name.
    pub fn of_caller(
        &self,
        daemon: &Daemon,
        id: &str,
        caller: &Caller,
    ) -> Result<Arc<Job>, Rejection> {
        let job = JobId::parse(id)
            .and_then(|id| self.find(id))
            .ok_or(Code::JobUnknown)?;
        let earlier = job.pairing();
        if earlier != caller.pairing {
            let stands_still = job.state().is_over() || job.state() == JobState::Collecting;
            let is_its_page = caller.origin.is_some()
                && daemon.origin_of_ended(earlier)?.as_ref() == caller.origin.as_ref();
            if !(stands_still && is_its_page) {
                return Err(Code::JobUnknown.into());
            }
            job.belongs_to(caller.pairing);
        }
        Ok(job)
    }

    /// Makes a job with the documents that came along. Blocks while they are written.
    ///
    /// # Errors
    /// A document is no Base64 or too large, the configuration has nobody to ask for the level,
    /// the caller has too many jobs, or the disk is full. Nothing is left in any case.
    pub fn create(
        &self,
        daemon: &Daemon,
        caller: &Caller,
        new: NewJob,
    ) -> Result<Arc<Job>, Rejection> {
        check_level(new.signature.level, daemon.config())?;
        let of_caller = |job: &&Arc<Job>| job.pairing() == caller.pairing;
        if self.lock().values().filter(of_caller).count() >= MOST_JOBS_OF_A_CALLER {
            return Err(Code::TooManyRequests.into());
        }
        let id = JobId::new().map_err(|_| Code::Internal)?;
        let job = self
            .received(id, daemon, caller, new)
            .and_then(|job| {
                let (row, documents) = (job.to_row(), job.document_rows(None));
                daemon
                    .with_store_blocking(|store, _| store.add_job(&row, &documents))
                    .map_err(|error| trouble::of_store(&error))?;
                Ok(Arc::new(job))
            })
            .inspect_err(|_| self.remove_files(id))?;
        self.lock().insert(id, Arc::clone(&job));
        Ok(job)
    }

    fn received(
        &self,
        id: JobId,
        daemon: &Daemon,
        caller: &Caller,
        new: NewJob,
    ) -> Result<Job, Rejection> {
        self.spool
            .create(id)
            .map_err(|error| rejection_of(&error))?;
        let limit = daemon.config().limits.document_octets;
        let mut documents = Vec::with_capacity(new.documents.len());
        for (document, number) in new.documents.into_iter().zip(1_u32..) {
            let came = match document.base64 {
                None => None,
                Some(text) => Some(self.decode(id, number, &text, limit)?),
            };
            let name = document.name.as_str().to_owned();
            let octets = came.map(|(octets, _)| octets);
            let mut document = JobDocument::new(number, name, octets);
            document.came = came.map(|(_, hash)| hash);
            documents.push(document);
        }
        let now = daemon.now();
        let seconds = i64::try_from(daemon.config().limits.job_seconds).unwrap_or(i64::MAX);
        Ok(Job::new(
            (id, caller.pairing),
            (now, now.plus_seconds(seconds)),
            (new.signature, new.certificate),
            documents,
        ))
    }

    fn decode(
        &self,
        id: JobId,
        number: u32,
        text: &str,
        limit: u64,
    ) -> Result<(u64, ContentHash), Rejection> {
        let octets = STANDARD.decode(text).map_err(|_| {
            let why = ("pdf không phải Base64", "pdf is no Base64");
            of_document(Code::RequestMalformed, number, why)
        })?;
        if u64::try_from(octets.len()).unwrap_or(u64::MAX) > limit {
            return Err(of_document(Code::BodyTooLarge, number, ("", "")));
        }
        let write = || {
            let mut part = self.spool.receive(id, number)?;
            part.write(&octets)?;
            let came = (part.octets(), part.hash());
            part.keep().map(|()| came)
        };
        write().map_err(|error| rejection_of(&error))
    }

    /// Begins to receive a document that comes by itself.
    ///
    /// # Errors
    /// The job has no such document, does not wait for one, or one is being received.
    pub fn receive(&self, job: &Job, number: u32) -> Result<PartFile, Rejection> {
        {
            let progress = job.progress();
            progress.document(number).ok_or(Code::DocumentUnknown)?;
            if progress.state != JobState::Collecting {
                return Err(Code::JobState.into());
            }
        }
        self.spool.receive(job.id(), number).map_err(|error| {
            if error.kind() == io::ErrorKind::AlreadyExists {
                Code::JobState.into()
            } else {
                rejection_of(&error)
            }
        })
    }

    /// Keeps a document that was received. Says whether it was the last one that was missing.
    ///
    /// # Errors
    /// The job has gone on meanwhile, or the disk is full.
    pub fn keep(
        &self,
        daemon: &Daemon,
        job: &Job,
        (number, part): (u32, PartFile),
    ) -> Result<Collected, Rejection> {
        let (octets, hash) = (part.octets(), part.hash());
        // Held to the end: nothing begins while a document changes, and none changes after.
        let keeping = job.keeping();
        if job.state() != JobState::Collecting {
            return Err(Code::JobState.into());
        }
        let mut row = job
            .progress()
            .document(number)
            .ok_or(Code::DocumentUnknown)?
            .clone();
        row.octets = Some(octets);
        row.state = DocumentState::Received;
        row.error = None;
        let (id, rows) = (job.id().to_string(), [row.to_row()]);
        let kept = part
            .keep()
            .map_err(|error| rejection_of(&error))
            .and_then(|()| {
                daemon
                    .with_store_blocking(|store, _| store.update_job_documents(&id, &rows))
                    .map_err(|error| trouble::of_store(&error))
            });
        job.change_document(number, |document| {
            document.error = None;
            if kept.is_ok() {
                document.octets = Some(octets);
                document.came = Some(hash);
                document.state = DocumentState::Received;
            } else {
                // Which of two files lies there now is not known: it must come again.
                document.octets = None;
                document.came = None;
                document.state = DocumentState::Awaited;
            }
        });
        drop(keeping);
        kept.map(|()| Self::collected(job))
    }

    /// Whether every document is there. Says so once: the job is then past collecting. Where one is
    /// being kept, whoever keeps it asks when it is there.
    #[must_use]
    pub fn collected(job: &Job) -> Collected {
        let Some(_keeping) = job.try_keeping() else {
            return Collected::NotYet;
        };
        let is_missing = |state| state == DocumentState::Awaited;
        {
            let progress = job.progress();
            if progress.state != JobState::Collecting || progress.count(is_missing) > 0 {
                return Collected::NotYet;
            }
        }
        job.change(|progress| progress.state = JobState::Examining);
        Collected::Now
    }

    /// Ends a job and removes it: from its caller's sight at once, its files when nothing works
    /// on them any more.
    pub fn remove(&self, daemon: &Daemon, job: &Job) {
        job.set_removed();
        job.cancel();
        // At once, and not when its thread comes to it: the caller's next job is asked about.
        daemon.asks().take_back_of_job(&job.id().to_string());
        let state = job.state();
        if state.is_over() || state == JobState::Collecting {
            self.purge(daemon, job.id());
        }
    }

    /// Removes what is left of a job: names of documents are personal data.
    pub(super) fn purge(&self, daemon: &Daemon, id: JobId) {
        self.remove_files(id);
        let name = id.to_string();
        if let Err(error) = daemon.with_store_blocking(|store, _| store.remove_job(&name)) {
            // Its row without files is removed at the next start.
            tracing::error!(%error, "a job's row could not be removed");
        }
        self.lock().remove(&id);
    }

    /// Removes the jobs whose time is over, and those of programs whose pairing has ended: a program
    /// that is paired again is another one, and nobody can collect them.
    pub fn sweep(&self, daemon: &Daemon) {
        let now = daemon.now();
        let jobs: Vec<Arc<Job>> = self.lock().values().map(Arc::clone).collect();
        let over = jobs
            .into_iter()
            .filter(|job| job.expires <= now || daemon.is_ended_program(job.pairing()));
        for job in over {
            self.remove(daemon, &job);
        }
    }

    fn remove_files(&self, id: JobId) {
        if let Err(error) = self.spool.remove(id) {
            tracing::error!(%error, "files of a job could not be removed");
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobId, Arc<Job>>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a job has all its documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Collected {
    /// Some are missing, or it had them before.
    NotYet,
    /// It has just got the last one.
    Now,
}

/// Levels that need others need somebody to be asked: said before anybody is troubled.
fn check_level(level: SignatureLevel, config: &Config) -> Result<(), Rejection> {
    if level >= SignatureLevel::BT && config.time_stamp_authorities.is_empty() {
        return Err(Rejection::about(
            Code::LevelNotSetUp,
            "time-stamp-authorities",
        ));
    }
    if level >= SignatureLevel::BLt && !anchors::are_there(config) {
        return Err(Rejection::about(Code::LevelNotSetUp, "anchors"));
    }
    Ok(())
}
