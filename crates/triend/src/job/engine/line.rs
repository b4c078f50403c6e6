//! The threads that walk documents along the signing road, and what they share: the key, the
//! bounds, and why they stop.
//! Does not know the steps of the road.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use trien::SignatureScheme;

use super::super::entry::Job;
use super::super::ground::Ground;
use super::super::state::DocumentState;
use super::super::trouble::{self, Failure};
use super::recorder::Outcome;
use crate::consent::MovedMark;
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};
use crate::token_worker::WorkerKey;

/// How long a job may sign: a thousand documents at three seconds each, which slow tokens and
/// slow authorities take, and some room.
const SIGNING_TIME: Duration = Duration::from_secs(3600);

/// Signatures that the token is asked for at a time: while it makes one, the next one waits at
/// its door. More would wait there and be counted as slow.
const AT_THE_TOKEN: usize = 2;

/// Octets of documents that are open at a time. A larger one is alone.
const OPEN_OCTETS: u64 = 64 << 20;

/// What the threads of one job share.
pub(super) struct Line<'j> {
    pub(super) daemon: &'j Daemon,
    pub(super) job: &'j Arc<Job>,
    pub(super) ground: Ground,
    pub(super) scheme: SignatureScheme,
    pub(super) moved: Vec<MovedMark>,
    /// Room for a time stamp, in octets, as the last one that did not fit asked for.
    pub(super) stamp_octets: AtomicUsize,
    /// DER of the signer's certificate and its issuers'.
    pub(super) path: Vec<Vec<u8>>,
    key: Mutex<WorkerKey>,
    waiting: Vec<u32>,
    next: AtomicUsize,
    stopped: Mutex<Option<Rejection>>,
    ends: Instant,
    token: Bound,
    open: Bound,
}

impl<'j> Line<'j> {
    pub(super) fn new(
        (daemon, job): (&'j Daemon, &'j Arc<Job>),
        ground: Ground,
        (key, scheme): (WorkerKey, SignatureScheme),
        waiting: Vec<u32>,
        moved: Vec<MovedMark>,
    ) -> Self {
        use trien::SigningKey as _;
        let now = now();
        Self {
            daemon,
            job,
            ground,
            scheme,
            moved,
            stamp_octets: AtomicUsize::new(0),
            path: key.certificate_path().to_vec(),
            key: Mutex::new(key),
            waiting,
            next: AtomicUsize::new(0),
            stopped: Mutex::new(None),
            ends: now.checked_add(SIGNING_TIME).unwrap_or(now),
            token: Bound::new(u64::try_from(AT_THE_TOKEN).unwrap_or(u64::MAX)),
            open: Bound::new(OPEN_OCTETS),
        }
    }

    /// Why it stopped. Closes the key.
    pub(super) fn end(self) -> Result<(), Rejection> {
        let Self { key, stopped, .. } = self;
        drop(key);
        let stopped = stopped.into_inner().unwrap_or_else(PoisonError::into_inner);
        stopped.map_or(Ok(()), Err)
    }

    /// Signs documents until none is left or something stops the job.
    pub(super) fn work(&self, done: SyncSender<Outcome>) {
        while let Some(number) = self.next() {
            self.job
                .change_document(number, |document| document.state = DocumentState::Signing);
            let walked = catch_unwind(AssertUnwindSafe(|| self.walk(number)));
            let outcome = match walked {
                Ok(Ok(result)) => Ok(result),
                Ok(Err(Failure::Document(rejection))) => Err(rejection),
                Ok(Err(Failure::Job(rejection))) => {
                    self.stop(rejection.clone());
                    Err(rejection)
                }
                Err(_) => {
                    tracing::error!("signing a document broke off");
                    Err(Code::Internal.into())
                }
            };
            if done.send(Outcome { number, outcome }).is_err() {
                return;
            }
        }
    }

    fn next(&self) -> Option<u32> {
        if self.goes_on().is_err() {
            return None;
        }
        let index = self.next.fetch_add(1, Ordering::Relaxed);
        self.waiting.get(index).copied()
    }

    /// Stops the job: what is under way ends, nothing new begins. The first reason counts.
    pub(super) fn stop(&self, rejection: Rejection) {
        lock(&self.stopped).get_or_insert(rejection);
    }

    /// Asked before each step that costs something.
    pub(super) fn goes_on(&self) -> Result<(), Failure> {
        if self.job.is_cancelled() {
            return Err(Failure::Job(Code::Cancelled.into()));
        }
        if now() > self.ends {
            self.stop(Code::TimeOver.into());
        }
        if self.daemon.stop().has_begun() {
            self.stop(Code::Interrupted.into());
        }
        match lock(&self.stopped).as_ref() {
            Some(rejection) => Err(Failure::Job(rejection.clone())),
            None => Ok(()),
        }
    }

    /// Lets the token sign `message`; the value is verified before it is given out.
    pub(super) fn value(&self, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let turn = self.token.take(1);
        self.goes_on()?;
        let pending = lock(&self.key)
            .start(self.scheme, message)
            .map_err(|error| trouble::of_signature(&error))?;
        let value = pending
            .wait()
            .map_err(|error| trouble::of_signature(&error));
        drop(turn);
        value
    }

    /// Waits until a document of so many octets may be open.
    pub(super) fn open(&self, octets: u64) -> Taken<'_> {
        self.open.take(octets)
    }
}

/// So much at a time; what is larger than all of it, alone.
struct Bound {
    most: u64,
    taken: Mutex<u64>,
    freed: Condvar,
}

/// A share in a [`Bound`] until it is dropped.
pub(super) struct Taken<'b> {
    bound: &'b Bound,
    amount: u64,
}

impl Bound {
    const fn new(most: u64) -> Self {
        Self {
            most,
            taken: Mutex::new(0),
            freed: Condvar::new(),
        }
    }

    fn take(&self, amount: u64) -> Taken<'_> {
        let mut taken = lock(&self.taken);
        while *taken > 0 && taken.saturating_add(amount) > self.most {
            taken = self
                .freed
                .wait(taken)
                .unwrap_or_else(PoisonError::into_inner);
        }
        *taken = taken.saturating_add(amount);
        Taken {
            bound: self,
            amount,
        }
    }
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        let mut taken = lock(&self.bound.taken);
        *taken = taken.saturating_sub(self.amount);
        self.bound.freed.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn now() -> Instant {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long a job signs is the daemon's own time, and no verdict's"
    )]
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_taken_at_a_time_than_there_is_and_one_that_is_larger_goes_alone() {
        let bound = Bound::new(10);
        let most = Mutex::new(0_u64);
        std::thread::scope(|scope| {
            for amount in [4, 4, 4, 25, 10, 1, 1, 9] {
                let (bound, most) = (&bound, &most);
                scope.spawn(move || {
                    let taken = bound.take(amount);
                    let now = *lock(&bound.taken);
                    assert!(now <= 10 || now == amount, "{now}");
                    let mut seen = lock(most);
                    *seen = now.max(*seen);
                    drop(seen);
                    drop(taken);
                });
            }
        });
        assert_eq!(*lock(&bound.taken), 0);
        assert_eq!(*lock(&most), 25);
    }
}
