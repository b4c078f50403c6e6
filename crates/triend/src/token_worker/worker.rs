//! One worker process as the daemon holds it: requests in, replies out in the same order, each
//! within its time; and the end of the process, whoever ends it.
//! Knows nothing of what requests mean.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

use super::error::{Asked, TokenServiceError};
use super::fault::WorkerFault;
use super::frame::REQUEST_OCTETS;
use super::message::{Reply, Request};
use super::process::kill_group;
use super::supervision::{Pending, Process, ReplyTo, Shared};
use super::watch::Changes;
use super::{TokenServiceSettings, spawn};

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A reply that is on its way.
pub(super) type Answer = mpsc::Receiver<Result<Reply, TokenServiceError>>;

/// A worker process. Dropping it kills the process.
pub(super) struct Worker {
    shared: Arc<Shared>,
    next_key: AtomicU64,
    /// Set when a call failed in no way that is known: several drivers fail every call after a
    /// token was pulled, until they are loaded anew.
    worn: AtomicBool,
}

impl Worker {
    /// Starts the process; the module is not loaded yet.
    pub(super) fn start(
        settings: &TokenServiceSettings,
        module: &Path,
        changes: Arc<Changes>,
    ) -> Result<Self, TokenServiceError> {
        let failed = |error: std::io::Error| TokenServiceError::WorkerStart {
            path: module.to_owned(),
            kind: error.kind(),
        };
        let mut child = spawn::start(settings, module).map_err(failed)?;
        let pipes = (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let (Some(requests), Some(replies), Some(printed)) = pipes else {
            kill_group(&mut child);
            let _ = child.wait();
            return Err(failed(std::io::ErrorKind::BrokenPipe.into()));
        };
        let shared = Arc::new(Shared {
            path: module.to_owned(),
            poll: settings.poll_interval,
            listing: settings.limits.listing,
            queue: Mutex::default(),
            wake: Condvar::new(),
            process: Mutex::new(Process {
                child,
                status: None,
            }),
            requests: Mutex::new(requests),
            output: Mutex::default(),
            output_closed: AtomicBool::new(false),
            seen: Mutex::default(),
            stale: AtomicBool::new(false),
            open_keys: AtomicUsize::new(0),
            changes,
        });
        let worker = Self {
            shared: Arc::clone(&shared),
            next_key: AtomicU64::new(0),
            worn: AtomicBool::new(false),
        };
        let threads = Shared::attend(&shared, replies, printed);
        // Without its threads the worker is dropped here, and that kills it.
        threads.map_err(failed)?;
        Ok(worker)
    }

    pub(super) fn path(&self) -> &Path {
        &self.shared.path
    }

    /// Why the process is gone; none while it lives.
    pub(super) fn end(&self) -> Option<TokenServiceError> {
        lock(&self.shared.queue).end.clone()
    }

    /// Whether it is to be asked for anything more: it lives, and nothing speaks for a fresh
    /// process, or a key that is open in it does not allow one.
    pub(super) fn is_usable(&self) -> bool {
        self.end().is_none() && (self.has_open_keys() || !self.worn.load(Ordering::SeqCst))
    }

    /// Whether tokens were plugged in or pulled out since they were listed.
    pub(super) fn is_stale(&self) -> bool {
        self.shared.stale.load(Ordering::SeqCst)
    }

    pub(super) fn mark_stale(&self) {
        self.shared.stale.store(true, Ordering::SeqCst);
    }

    /// A number for a key, and the promise not to poll while it is open.
    pub(super) fn key_opens(&self) -> u64 {
        self.shared.open_keys.fetch_add(1, Ordering::SeqCst);
        self.next_key.fetch_add(1, Ordering::SeqCst)
    }

    pub(super) fn key_is_closed(&self) {
        self.shared.open_keys.fetch_sub(1, Ordering::SeqCst);
    }

    pub(super) fn has_open_keys(&self) -> bool {
        self.shared.open_keys.load(Ordering::SeqCst) > 0
    }

    /// The number of the process, for whoever looks after it from outside.
    pub(super) fn process_id(&self) -> u32 {
        lock(&self.shared.process).child.id()
    }

    /// What the module printed before the first PIN was sent.
    pub(super) fn output(&self) -> String {
        let output = lock(&self.shared.output);
        String::from_utf8_lossy(&output)
            .chars()
            .map(|character| {
                if character.is_control() && character != '\n' {
                    ' '
                } else {
                    character
                }
            })
            .collect()
    }

    /// Sends a request, whose reply must come within `limit` from when the worker is at it.
    pub(super) fn send(
        &self,
        request: &Request,
        limit: Duration,
    ) -> Result<Answer, TokenServiceError> {
        if matches!(request, Request::OpenKey { .. }) {
            self.shared.output_closed.store(true, Ordering::SeqCst);
        }
        if matches!(request, Request::ListTokens) {
            self.shared.stale.store(false, Ordering::SeqCst);
        }
        let (sender, answer) = mpsc::channel();
        let to = ReplyTo::Caller(sender);
        let frame = request.to_frame();
        let mut requests = lock(&self.shared.requests);
        self.shared.expect(Pending { limit, to })?;
        // A pipe that fails belongs to a process that ends, and its end answers the caller. One
        // that blocks is freed by the kill when the time is over.
        let _ = frame.send(&mut *requests, REQUEST_OCTETS);
        Ok(answer)
    }

    /// Waits for a reply. It comes, or the worker is killed and its end comes.
    pub(super) fn wait(&self, answer: &Answer) -> Result<Reply, TokenServiceError> {
        answer.recv().unwrap_or_else(|_| Err(self.shared.faulty()))
    }

    /// Kills the process for a reply that does not fit its request.
    pub(super) fn kill_as_faulty(&self) -> TokenServiceError {
        let verdict = self.shared.faulty();
        self.shared.kill(Some(verdict.clone()));
        verdict
    }

    /// The error for what the worker reported. A module that hangs inside it is not asked again.
    pub(super) fn failed(&self, fault: WorkerFault, asked: &Asked<'_>) -> TokenServiceError {
        let error = TokenServiceError::of_fault(fault, asked);
        if matches!(error, TokenServiceError::ModuleSilent { .. }) {
            self.kill_as(error.clone());
        }
        if matches!(
            error,
            TokenServiceError::CallFailed(_) | TokenServiceError::TokenRemoved
        ) {
            self.worn.store(true, Ordering::SeqCst);
        }
        error
    }

    /// Kills the process for a module that cannot be used.
    pub(super) fn kill_as(&self, verdict: TokenServiceError) {
        self.shared.kill(Some(verdict));
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.kill(None);
        // So that no process outlives the service that started it.
        self.shared.reap();
    }
}
