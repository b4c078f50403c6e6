//! The threads that walk documents along the signing road, and what they share: the key, the
//! bounds, and why they stop.
//! Does not know the steps of the road.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use trien::SignatureScheme;

use super::super::entry::Job;
use super::super::ground::Ground;
use super::super::seen::Seen;
use super::super::state::DocumentState;
use super::super::trouble::{self, Failure};
use super::recorder::Outcome;
use crate::clock::later;
use crate::consent::MovedMark;
use crate::daemon::Daemon;
use crate::rejection::{Code, Rejection};
use crate::token_worker::WorkerKey;

/// How long a job may sign: a thousand documents at three seconds each, which slow tokens and
/// slow authorities take, and some room.
const SIGNING_TIME: Duration = Duration::from_secs(3600);

/// Signatures that the token is asked for at a time: while it makes one, the next ones wait at its
/// door, so that it goes on where this process is not given a processor just then. Each is counted
/// as slow only from when the token can be at it.
const AT_THE_TOKEN: u64 = 4;

/// Octets of documents that are open at a time. A larger one is alone.
const OPEN_OCTETS: u64 = 64 << 20;

/// What the threads of one job share.
pub(super) struct Line<'j> {
    pub(super) daemon: &'j Daemon,
    pub(super) job: &'j Arc<Job>,
    pub(super) ground: Ground,
    pub(super) scheme: SignatureScheme,
    pub(super) moved: Vec<MovedMark>,
    pub(super) seen: Seen,
    /// Room for a time stamp, in octets, as the last one that did not fit asked for.
    pub(super) stamp_octets: AtomicUsize,
    /// DER of the signer's certificate and its issuers'.
    pub(super) path: Vec<Vec<u8>>,
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
        (key, scheme): (&WorkerKey, SignatureScheme),
        waiting: Vec<u32>,
        (moved, seen): (Vec<MovedMark>, Seen),
    ) -> Self {
        use trien::SigningKey as _;
        Self {
            daemon,
            job,
            ground,
            scheme,
            moved,
            seen,
            stamp_octets: AtomicUsize::new(0),
            path: key.certificate_path().to_vec(),
            waiting,
            next: AtomicUsize::new(0),
            stopped: Mutex::new(None),
            ends: later(Instant::now(), SIGNING_TIME),
            token: Bound::new(AT_THE_TOKEN, Shares::Equal),
            open: Bound::new(OPEN_OCTETS, Shares::Unequal),
        }
    }

    /// Documents that wait to be signed.
    pub(super) const fn length(&self) -> usize {
        self.waiting.len()
    }

    /// Why it stopped.
    pub(super) fn end(self) -> Result<(), Rejection> {
        let stopped = self.stopped.into_inner();
        let stopped = stopped.unwrap_or_else(PoisonError::into_inner);
        stopped.map_or(Ok(()), Err)
    }

    /// Signs documents and writes them until none is left or something stops the job. What comes of
    /// each is told at once. Whoever signs the last one closes the key: the token is logged out while
    /// the last results are written.
    pub(super) fn work(&self, key: Arc<WorkerKey>, done: Sender<Outcome>) {
        let mut key = Some(key);
        while let Some(open) = &key
            && let Some(number) = self.next()
        {
            self.job
                .change_document(number, |document| document.state = DocumentState::Signing);
            let signed = self.guarded(|| self.walk(open, number));
            if self.next.load(Ordering::Relaxed) >= self.waiting.len() {
                key = None;
            }
            let outcome = signed.and_then(|unwritten| self.guarded(|| self.write(&unwritten)));
            if done.send(Outcome { number, outcome }).is_err() {
                return;
            }
        }
    }

    /// One step of one document: what fails for all of them stops the job, and a panic ends no
    /// more than the document.
    pub(super) fn guarded<T>(
        &self,
        step: impl FnOnce() -> Result<T, Failure>,
    ) -> Result<T, Rejection> {
        match catch_unwind(AssertUnwindSafe(step)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(Failure::Document(rejection))) => Err(rejection),
            Ok(Err(Failure::Job(rejection))) => {
                self.stop(rejection.clone());
                Err(rejection)
            }
            Err(_) => {
                tracing::error!("signing a document broke off");
                Err(Code::Internal.into())
            }
        }
    }

    fn next(&self) -> Option<u32> {
        if !self.daemon.pairing_holds(self.job.pairing()) {
            self.stop(Code::PairingEnded.into());
        }
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
        if Instant::now() > self.ends {
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

    /// Lets the token sign `message`. The value is not verified here: the structure that is built
    /// of it is.
    pub(super) fn value(&self, key: &WorkerKey, message: &[u8]) -> Result<Vec<u8>, Failure> {
        let turn = self.token.take(1);
        self.goes_on()?;
        let pending = key
            .start(self.scheme, message)
            .map_err(|error| trouble::of_signature(&error))?;
        let value = pending
            .wait_unverified()
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
    shares: Shares,
    taken: Mutex<u64>,
    freed: Condvar,
}

/// Whether one share that is given back is room for exactly one of those who wait. Waking all of
/// them for each signature would cost more than verifying it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shares {
    Equal,
    Unequal,
}

/// A share in a [`Bound`] until it is dropped.
pub(super) struct Taken<'b> {
    bound: &'b Bound,
    amount: u64,
}

impl Bound {
    const fn new(most: u64, shares: Shares) -> Self {
        Self {
            most,
            shares,
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
        drop(taken);
        match self.bound.shares {
            Shares::Equal => self.bound.freed.notify_one(),
            Shares::Unequal => self.bound.freed.notify_all(),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_taken_at_a_time_than_there_is_and_one_that_is_larger_goes_alone() {
        let bound = Bound::new(10, Shares::Unequal);
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
