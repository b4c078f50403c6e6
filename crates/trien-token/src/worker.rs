//! Where the PKCS#11 calls of a module run: on one thread of its own, or, in a process that is
//! there for the module alone, on whichever thread asks; one at a time in both.
//! Knows nothing of what the calls are for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};

use crate::key_session::KeySession;
use crate::raw::RawFunctions;
use crate::{CallError, TokenError};

/// Time for loading, listing and closing. Field reports: probing a module takes 8 to 40 s with
/// slow drivers; a listing that takes longer waits for a PIN window nobody sees.
pub(crate) const LISTING: Duration = Duration::from_secs(40);

/// Time for a login or a signature, which may wait for a person at the token's pad.
pub(crate) const PERSON: Duration = Duration::from_secs(180);

/// Names an open session on the worker's thread.
pub(crate) type SessionNumber = u64;

/// What lives on the worker's thread and never leaves it.
pub(crate) struct WorkerState {
    pub(crate) pkcs11: Pkcs11,
    pub(crate) raw: RawFunctions,
    pub(crate) sessions: BTreeMap<SessionNumber, KeySession>,
    pub(crate) next_session: SessionNumber,
}

type Run<S> = Box<dyn FnOnce(&mut S) + Send>;

struct Job<S> {
    number: u64,
    run: Run<S>,
}

/// Runs the jobs of a module, one at a time.
pub(crate) enum ModuleWorker<S = WorkerState> {
    /// On a thread of its own.
    OwnThread(ModuleThread<S>),
    /// On the thread that asks, for as long as it takes.
    Callers(CallersThread<S>),
}

/// A module whose calls run on the thread that asks.
pub(crate) struct CallersThread<S> {
    path: PathBuf,
    state: Mutex<S>,
    /// Sessions whose keys were dropped while a job ran.
    dropped: Mutex<Vec<SessionNumber>>,
}

/// Sends jobs to a module's thread and waits for them, but not forever.
pub(crate) struct ModuleThread<S> {
    path: PathBuf,
    thread: ThreadId,
    jobs: Mutex<(u64, mpsc::Sender<Job<S>>)>,
    /// Number of the last job that has ended.
    ended: Arc<AtomicU64>,
    /// Number of the last job that was not waited for to its end.
    abandoned: AtomicU64,
}

impl ModuleWorker {
    /// Starts the thread, which loads and initialises the module.
    ///
    /// The worker is handed out together with the error when the module is silent: it must not
    /// be loaded a second time.
    pub(crate) fn start(path: &Path) -> (Option<Arc<Self>>, Result<(), TokenError>) {
        let (thread, result) = ModuleThread::start_with(path, LISTING, load);
        let worker = thread.map(|thread| Arc::new(Self::OwnThread(thread)));
        (worker, result)
    }

    /// Loads and initialises the module on this thread.
    pub(crate) fn start_here(path: &Path) -> Result<Arc<Self>, TokenError> {
        let state = load(path).map_err(|error| TokenError::ModuleLoad {
            path: path.to_owned(),
            error,
        })?;
        Ok(Arc::new(Self::Callers(CallersThread {
            path: path.to_owned(),
            state: Mutex::new(state),
            dropped: Mutex::default(),
        })))
    }

    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::OwnThread(thread) => &thread.path,
            Self::Callers(callers) => &callers.path,
        }
    }

    /// Runs a job and waits for its result, on the module's own thread for at most `limit`.
    pub(crate) fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        job: impl FnOnce(&mut WorkerState) -> Result<T, TokenError> + Send + 'static,
    ) -> Result<T, TokenError> {
        match self {
            Self::OwnThread(thread) => thread.run(limit, job),
            Self::Callers(callers) => {
                let mut state = lock(&callers.state);
                callers.close_dropped(&mut state);
                job(&mut state)
            }
        }
    }

    /// Logs out and closes a session. Waits, unless called on the module's own thread or from
    /// within a job.
    pub(crate) fn close(&self, session: SessionNumber) {
        match self {
            Self::OwnThread(own) if thread::current().id() == own.thread => {
                let _ = own.send(Box::new(move |state| drop(state.sessions.remove(&session))));
            }
            Self::OwnThread(own) => {
                let _ = own.run(LISTING, move |state| {
                    drop(state.sessions.remove(&session));
                    Ok(())
                });
            }
            Self::Callers(callers) => {
                lock(&callers.dropped).push(session);
                // While a job runs, the next one closes it.
                if let Ok(mut state) = callers.state.try_lock() {
                    callers.close_dropped(&mut state);
                }
            }
        }
    }
}

impl CallersThread<WorkerState> {
    fn close_dropped(&self, state: &mut WorkerState) {
        let dropped = std::mem::take(&mut *lock(&self.dropped));
        for session in dropped {
            drop(state.sessions.remove(&session));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<S: 'static> ModuleThread<S> {
    fn start_with(
        path: &Path,
        limit: Duration,
        load: fn(&Path) -> Result<S, CallError>,
    ) -> (Option<Self>, Result<(), TokenError>) {
        let (sender, receiver) = mpsc::channel::<Job<S>>();
        let (report, loaded) = mpsc::channel();
        let ended = Arc::new(AtomicU64::new(0));
        let body = {
            let (path, ended) = (path.to_owned(), Arc::clone(&ended));
            move || match load(&path) {
                Ok(mut state) => {
                    ended.store(1, Ordering::SeqCst);
                    let _ = report.send(Ok(()));
                    for job in receiver {
                        (job.run)(&mut state);
                        ended.store(job.number, Ordering::SeqCst);
                    }
                }
                Err(error) => {
                    let _ = report.send(Err(error));
                }
            }
        };
        let stopped = || TokenError::ModuleStopped {
            path: path.to_owned(),
        };
        let Ok(thread) = thread::Builder::new()
            .name("pkcs11-module".into())
            .spawn(body)
        else {
            return (None, Err(stopped()));
        };
        let worker = Self {
            path: path.to_owned(),
            thread: thread.thread().id(),
            jobs: Mutex::new((1, sender)),
            ended,
            // Loading is job 1: abandoned until it has ended.
            abandoned: AtomicU64::new(1),
        };
        match loaded.recv_timeout(limit) {
            Ok(Ok(())) => (Some(worker), Ok(())),
            Ok(Err(error)) => (
                None,
                Err(TokenError::ModuleLoad {
                    path: path.to_owned(),
                    error,
                }),
            ),
            Err(RecvTimeoutError::Timeout) => {
                let silent = worker.silent(limit);
                (Some(worker), Err(silent))
            }
            Err(RecvTimeoutError::Disconnected) => (None, Err(stopped())),
        }
    }

    /// Runs a job on the module's thread and waits for its result for at most `limit`. While an
    /// earlier job hangs, answers at once that the module is silent.
    fn run<T: Send + 'static>(
        &self,
        limit: Duration,
        job: impl FnOnce(&mut S) -> Result<T, TokenError> + Send + 'static,
    ) -> Result<T, TokenError> {
        if self.abandoned.load(Ordering::SeqCst) > self.ended.load(Ordering::SeqCst) {
            return Err(self.silent(limit));
        }
        let (reply, result) = mpsc::channel();
        let number = self.send(Box::new(move |state| {
            // When nobody waits any more, the result is dropped here, which closes what it opened.
            let _ = reply.send(job(state));
        }))?;
        match result.recv_timeout(limit) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => {
                self.abandoned.fetch_max(number, Ordering::SeqCst);
                Err(self.silent(limit))
            }
            Err(RecvTimeoutError::Disconnected) => Err(self.stopped()),
        }
    }

    fn send(&self, run: Run<S>) -> Result<u64, TokenError> {
        let mut jobs = lock(&self.jobs);
        let number = jobs.0.saturating_add(1);
        jobs.0 = number;
        jobs.1
            .send(Job { number, run })
            .map_err(|_| self.stopped())?;
        Ok(number)
    }

    fn silent(&self, limit: Duration) -> TokenError {
        TokenError::ModuleSilent {
            path: self.path.clone(),
            seconds: limit.as_secs(),
        }
    }

    fn stopped(&self) -> TokenError {
        TokenError::ModuleStopped {
            path: self.path.clone(),
        }
    }
}

/// Loads and initialises a module. It is never finalised: finalising and initialising again
/// misbehaves with several vendors, and unloading hangs with one.
fn load(path: &Path) -> Result<WorkerState, CallError> {
    let pkcs11 = Pkcs11::new(path).map_err(CallError::new)?;
    let raw = RawFunctions::load(path)?;
    let initialised = pkcs11.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    match initialised {
        // PKCS#11 3.1, 5.4.1: other code of this process has initialised it.
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        // The module knows no locking; it needs none, as one thread makes all calls.
        Err(Error::Pkcs11(RvError::CantLock, _)) => pkcs11
            .initialize(CInitializeArgs::new(CInitializeFlags::empty()))
            .map_err(CallError::new)?,
        Err(error) => return Err(CallError::new(error)),
    }
    Ok(WorkerState {
        pkcs11,
        raw,
        sessions: BTreeMap::new(),
        next_session: 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Duration = Duration::from_millis(20);
    const LONG: Duration = Duration::from_secs(20);

    /// A worker without a module.
    fn worker() -> ModuleThread<()> {
        let (worker, result) = ModuleThread::start_with(Path::new("m.so"), LONG, |_| Ok(()));
        result.unwrap();
        worker.unwrap()
    }

    #[test]
    fn a_hanging_call_is_given_up_and_the_module_refused_until_it_returns() {
        let worker = worker();
        let (let_go, waiting) = mpsc::channel::<()>();
        let (dropped, seen) = mpsc::channel::<()>();
        let hanging = worker.run(SHORT, move |()| {
            let _ = waiting.recv();
            // The sender stands for a session: it must not outlive the job nobody waits for.
            Ok(dropped)
        });
        assert!(matches!(hanging, Err(TokenError::ModuleSilent { .. })));
        let refused = worker.run(LONG, |()| Ok(()));
        assert!(matches!(refused, Err(TokenError::ModuleSilent { .. })));
        let_go.send(()).unwrap();
        assert_eq!(seen.recv_timeout(LONG), Err(RecvTimeoutError::Disconnected));
        // The job's end is noted just after its result is dropped.
        while worker.ended.load(Ordering::SeqCst) < 2 {
            thread::yield_now();
        }
        assert_eq!(worker.run(LONG, |()| Ok(7)).unwrap(), 7);
    }

    #[test]
    fn a_module_that_hangs_while_it_loads_is_not_asked_anything() {
        let (worker, result) = ModuleThread::<()>::start_with(Path::new("m.so"), SHORT, |_| {
            thread::sleep(LONG);
            Ok(())
        });
        assert!(matches!(result, Err(TokenError::ModuleSilent { .. })));
        let refused = worker.unwrap().run(LONG, |()| Ok(()));
        assert!(matches!(refused, Err(TokenError::ModuleSilent { .. })));
    }

    #[test]
    fn a_thread_that_ended_is_told_apart_from_a_silent_one() {
        let worker = worker();
        let panicked = worker.run(LONG, |()| -> Result<(), TokenError> {
            panic!("for the test")
        });
        assert!(matches!(panicked, Err(TokenError::ModuleStopped { .. })));
        let later = worker.run(LONG, |()| Ok(()));
        assert!(matches!(later, Err(TokenError::ModuleStopped { .. })));
    }
}
