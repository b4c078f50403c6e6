//! The life of a worker process: replies read in the order of the requests, each held against its
//! time; what it prints; the end, whoever brings it about.
//! Knows nothing of what requests mean.

use std::collections::VecDeque;
use std::io::{BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ExitStatus};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use tokio::time::Instant;
use trien_token::PinState;

use super::error::{TokenServiceError, WorkerEnd};
use super::frame::{REPLY_OCTETS, REQUEST_OCTETS, read_frame};
use super::message::{ListedToken, Reply, Request, TokenName};
use super::process::{has_exited, kill_group};
use super::watch::Changes;
use super::worker::lock;

/// How often a running request is held against its limit.
const TICK: Duration = Duration::from_millis(100);

/// How long a killed process may take to be gone before callers are answered without its status.
/// One that waits for a device in the kernel takes longer.
const REAPING: Duration = Duration::from_secs(2);

/// Octets kept of what a module prints: enough for its first complaint.
const OUTPUT_OCTETS: usize = 4_096;

pub(super) enum ReplyTo {
    Caller(mpsc::Sender<Result<Reply, TokenServiceError>>),
    /// The poll for tokens that were plugged in or pulled out.
    Poll,
}

pub(super) struct Pending {
    pub(super) limit: Duration,
    pub(super) to: ReplyTo,
}

/// Requests in the order in which the worker answers them.
#[derive(Default)]
pub(super) struct Queue {
    pub(super) pending: VecDeque<Pending>,
    /// Since when the worker can be at the first of them: before, it was at another one, which
    /// may have waited for a person.
    pub(super) first_since: Option<Instant>,
    /// Why the daemon killed the worker, if it did.
    pub(super) verdict: Option<TokenServiceError>,
    /// Set when the process is gone.
    pub(super) end: Option<TokenServiceError>,
    /// The attendant sleeps until the next poll and must be woken for a request.
    pub(super) asleep: bool,
}

pub(super) struct Process {
    pub(super) child: Child,
    /// Set once it has been waited for.
    pub(super) status: Option<ExitStatus>,
}

impl Process {
    /// The status, if the process is gone; with that its number is given back to the system.
    pub(super) fn reap(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            self.status = self.child.try_wait().ok().flatten();
        }
        self.status
    }

    /// Whether the process has ended, waited for or not.
    fn is_over(&self) -> bool {
        self.status.is_some() || has_exited(&self.child)
    }
}

pub(super) struct Shared {
    pub(super) path: PathBuf,
    pub(super) poll: Duration,
    pub(super) listing: Duration,
    pub(super) queue: Mutex<Queue>,
    pub(super) wake: Condvar,
    pub(super) process: Mutex<Process>,
    pub(super) requests: Mutex<ChildStdin>,
    pub(super) output: Mutex<Vec<u8>>,
    /// Set when a PIN has been sent: from then on nothing printed is kept.
    pub(super) output_closed: AtomicBool,
    /// The tokens of the last reply; none before the first.
    pub(super) seen: Mutex<Option<Vec<(TokenName, PinState)>>>,
    pub(super) stale: AtomicBool,
    pub(super) open_keys: AtomicUsize,
    pub(super) changes: Arc<Changes>,
}

impl Shared {
    pub(super) fn attend(
        shared: &Arc<Self>,
        replies: impl Read + Send + 'static,
        printed: impl Read + Send + 'static,
    ) -> std::io::Result<()> {
        let thread = |name: &str, body: Box<dyn FnOnce() + Send>| {
            thread::Builder::new().name(name.into()).spawn(body)
        };
        let this = Arc::clone(shared);
        thread(
            "token-replies",
            Box::new(move || this.read_replies(replies)),
        )?;
        let this = Arc::clone(shared);
        thread("token-limits", Box::new(move || this.keep_limits()))?;
        let this = Arc::clone(shared);
        thread("token-output", Box::new(move || this.keep_output(printed)))?;
        Ok(())
    }

    pub(super) fn faulty(&self) -> TokenServiceError {
        TokenServiceError::ModuleFaulty {
            path: self.path.clone(),
        }
    }

    /// Puts a request at the end of the queue, just before it is written.
    pub(super) fn expect(&self, pending: Pending) -> Result<(), TokenServiceError> {
        let mut queue = lock(&self.queue);
        if let Some(end) = &queue.end {
            return Err(end.clone());
        }
        if queue.pending.is_empty() {
            queue.first_since = Some(Instant::now());
        }
        queue.pending.push_back(pending);
        if std::mem::take(&mut queue.asleep) {
            self.wake.notify_all();
        }
        Ok(())
    }

    /// The first request is answered: it leaves the queue, and the next one's time begins.
    fn answered(&self) -> Option<Pending> {
        let mut queue = lock(&self.queue);
        let first = queue.pending.pop_front();
        queue.first_since = queue.pending.front().map(|_| Instant::now());
        first
    }

    fn read_replies(&self, replies: impl Read) {
        let mut replies = BufReader::new(replies);
        while let Ok(frame) = read_frame(&mut replies, REPLY_OCTETS) {
            let Ok(reply) = Reply::from_frame(&frame) else {
                self.kill(Some(self.faulty()));
                break;
            };
            // A reply nobody asked for.
            let Some(first) = self.answered() else {
                self.kill(Some(self.faulty()));
                break;
            };
            let seen = if let Reply::Tokens(tokens) = &reply {
                self.see(tokens)
            } else {
                Seen::AsBefore
            };
            match first.to {
                ReplyTo::Caller(sender) => {
                    // Who does not wait any more needs no reply.
                    let _ = sender.send(Ok(reply));
                }
                ReplyTo::Poll => {
                    if seen == Seen::Changed {
                        self.stale.store(true, Ordering::SeqCst);
                        self.changes.happened();
                    }
                }
            }
        }
        self.has_ended();
    }

    fn see(&self, tokens: &[ListedToken]) -> Seen {
        let now: Vec<_> = tokens
            .iter()
            .map(|token| (token.name.clone(), token.pin_state))
            .collect();
        let mut seen = lock(&self.seen);
        if seen.as_ref() == Some(&now) {
            return Seen::AsBefore;
        }
        *seen = Some(now);
        Seen::Changed
    }

    /// The pipe has ended: so does the process, and with it every request.
    fn has_ended(&self) {
        self.kill(None);
        let status = self.reap();
        {
            let mut queue = lock(&self.queue);
            let crashed = || TokenServiceError::ModuleCrashed {
                path: self.path.clone(),
                end: status.map_or(WorkerEnd::Unknown, worker_end),
            };
            let end = queue.verdict.clone().unwrap_or_else(crashed);
            let end = queue.end.get_or_insert(end).clone();
            for pending in queue.pending.drain(..) {
                if let ReplyTo::Caller(sender) = pending.to {
                    let _ = sender.send(Err(end.clone()));
                }
            }
            self.wake.notify_all();
        }
        self.changes.happened();
        // One that waits for a device in the kernel goes later; nobody may stay a zombie.
        while lock(&self.process).reap().is_none() {
            thread::sleep(TICK);
        }
    }

    /// Kills the process and what it started. The first verdict stands.
    pub(super) fn kill(&self, verdict: Option<TokenServiceError>) {
        {
            let mut queue = lock(&self.queue);
            if queue.verdict.is_none() {
                queue.verdict = verdict;
            }
        }
        let mut process = lock(&self.process);
        // A process that has been waited for has no number any more that would be its own.
        if process.status.is_none() {
            kill_group(&mut process.child);
        }
    }

    /// The status of a killed process, once it is gone.
    pub(super) fn reap(&self) -> Option<ExitStatus> {
        let since = Instant::now();
        loop {
            if let Some(status) = lock(&self.process).reap() {
                return Some(status);
            }
            if Instant::now().saturating_duration_since(since) > REAPING {
                return None;
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Kills the worker when a request takes too long; asks for the tokens now and then.
    fn keep_limits(&self) {
        let mut queue = lock(&self.queue);
        while queue.end.is_none() {
            let nap = if let (Some(first), Some(since)) = (queue.pending.front(), queue.first_since)
            {
                let limit = first.limit;
                let left = limit.saturating_sub(Instant::now().saturating_duration_since(since));
                if left.is_zero() {
                    queue
                        .verdict
                        .get_or_insert(TokenServiceError::ModuleSilent {
                            path: self.path.clone(),
                            seconds: limit.as_secs(),
                        });
                }
                if left.is_zero() || lock(&self.process).is_over() {
                    drop(queue);
                    self.kill(None);
                    self.answer_without_pipe();
                    queue = lock(&self.queue);
                    TICK
                } else {
                    left.min(TICK)
                }
            } else {
                queue.asleep = true;
                self.poll
            };
            let (woken, timeout) = self
                .wake
                .wait_timeout(queue, nap)
                .unwrap_or_else(PoisonError::into_inner);
            queue = woken;
            if timeout.timed_out() && queue.pending.is_empty() && queue.asleep {
                drop(queue);
                self.poll_tokens();
                queue = lock(&self.queue);
            }
        }
    }

    /// The pipe ends with the process, unless the module started another one that holds it open
    /// and has left the process group: then callers are answered without its end.
    fn answer_without_pipe(&self) {
        if self.reap().is_some() {
            let queue = lock(&self.queue);
            let (queue, _) = self
                .wake
                .wait_timeout_while(queue, TICK, |queue| queue.end.is_none())
                .unwrap_or_else(PoisonError::into_inner);
            let is_answered = queue.end.is_some();
            drop(queue);
            if !is_answered {
                self.has_ended();
            }
        }
    }

    /// Asks which tokens are there, once they have been listed and while no key is open: a batch
    /// is not to wait for it, and learns of a pulled token by itself.
    fn poll_tokens(&self) {
        if self.open_keys.load(Ordering::SeqCst) > 0 || lock(&self.seen).is_none() {
            return;
        }
        // Whoever holds the pipe asks something himself.
        if let Ok(mut requests) = self.requests.try_lock() {
            let expected = self.expect(Pending {
                limit: self.listing,
                to: ReplyTo::Poll,
            });
            if expected.is_ok() {
                let frame = Request::PollTokens.to_frame();
                let _ = frame.send(&mut *requests, REQUEST_OCTETS);
            }
        }
    }

    /// Reads what the module prints, so that it never blocks, and keeps the beginning.
    fn keep_output(&self, mut printed: impl Read) {
        let mut piece = [0_u8; 1_024];
        loop {
            match printed.read(&mut piece) {
                Ok(0) => break,
                Ok(octets) => {
                    if self.output_closed.load(Ordering::SeqCst) {
                        continue;
                    }
                    let mut output = lock(&self.output);
                    let room = OUTPUT_OCTETS.saturating_sub(output.len()).min(octets);
                    output.extend_from_slice(piece.get(..room).unwrap_or_default());
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    AsBefore,
    Changed,
}

fn worker_end(status: ExitStatus) -> WorkerEnd {
    #[cfg(unix)]
    {
        use std::os::unix::process::ExitStatusExt as _;
        if let Some(signal) = status.signal() {
            return WorkerEnd::Signal(signal);
        }
    }
    status.code().map_or(WorkerEnd::Unknown, WorkerEnd::Exited)
}
