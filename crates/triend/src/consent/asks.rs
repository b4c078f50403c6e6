//! The open questions. One at a time for each caller; each has a secret, then a session, then an
//! answer.
//! Does not know the pages.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::Instant;

use super::{Answer, Ask, Outcome, Subject};
use crate::clock::later;
use crate::secret::{NoRandomness, Secret, SecretFingerprint};

/// Names a question within this run of the daemon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AskId(u64);

/// How long and how many.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct AskLimits {
    /// How long a question waits for its answer. Clients of the CSC API wait 300 s for a
    /// signature, so an answer must come before that.
    pub answer_within: Duration,
    /// How long a browser may take to show a window, and a window to begin to watch.
    pub open_within: Duration,
    /// How long a window that watched may be away: a page that is loaded again comes back.
    pub back_within: Duration,
    /// How long the window may go on watching after the answer.
    pub watch_for: Duration,
    /// Questions that wait at the same time, over all callers: nobody answers more windows.
    pub most_waiting: usize,
}

impl Default for AskLimits {
    fn default() -> Self {
        Self {
            answer_within: Duration::from_secs(240),
            // A browser that was not running needs half a minute on a slow machine.
            open_within: Duration::from_secs(90),
            back_within: Duration::from_secs(8),
            watch_for: Duration::from_secs(3600),
            most_waiting: 8,
        }
    }
}

/// The questions that wait and those whose windows still watch.
#[derive(Debug, Clone)]
pub struct Asks {
    limits: AskLimits,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    entries: BTreeMap<AskId, Entry>,
}

#[derive(Debug)]
struct Entry {
    ask: Ask,
    /// There until it was exchanged.
    secret: Option<SecretFingerprint>,
    session: Option<SecretFingerprint>,
    /// There until it was answered.
    answer: Option<oneshot::Sender<Answer>>,
    /// What came of it, where that is told.
    outcome: Option<Outcome>,
    /// How many watch it; a page that is loaded again has two for a moment.
    watching: usize,
    /// Until when somebody must watch it; none while somebody does.
    missed: watch::Sender<Option<Instant>>,
    ends: Instant,
}

/// Why a question is not put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AskRefusal {
    /// This caller's earlier question still waits.
    Pending,
    /// Too many wait.
    TooMany,
    /// No secret could be made.
    NoRandomness,
}

/// A question that was put: open its window with the secret, then await the answer.
#[derive(Debug)]
#[non_exhaustive]
pub struct OpenedAsk {
    /// Its name.
    pub id: AskId,
    /// Goes to the window and to nobody else.
    pub secret: Secret,
    /// The answer to come.
    pub awaited: Awaited,
}

/// An answer to come. Dropping it takes the question back.
#[derive(Debug)]
pub struct Awaited {
    id: AskId,
    asks: Asks,
    receiver: oneshot::Receiver<Answer>,
    watched: watch::Receiver<Option<Instant>>,
    within: Duration,
}

/// A window that watches its question. Dropped, it is gone, and comes back soon or not at all.
#[derive(Debug)]
pub struct Watching {
    id: AskId,
    asks: Asks,
}

impl Asks {
    /// None yet.
    #[must_use]
    pub fn new(limits: AskLimits) -> Self {
        Self {
            limits,
            inner: Arc::default(),
        }
    }

    /// Puts a question.
    ///
    /// # Errors
    /// The same caller has one that waits, or too many wait.
    pub fn put(&self, ask: Ask) -> Result<OpenedAsk, AskRefusal> {
        let secret = Secret::new().map_err(|NoRandomness| AskRefusal::NoRandomness)?;
        let now = Instant::now();
        let mut inner = self.swept(now);
        let entries = &inner.entries;
        let waiting = || entries.values().filter(|entry| entry.answer.is_some());
        if waiting().any(|entry| same_caller(&entry.ask, &ask)) {
            return Err(AskRefusal::Pending);
        }
        if waiting().count() >= self.limits.most_waiting {
            return Err(AskRefusal::TooMany);
        }
        inner.last = inner.last.saturating_add(1);
        let id = AskId(inner.last);
        let (sender, receiver) = oneshot::channel();
        let (missed, watched) = watch::channel(Some(later(now, self.limits.open_within)));
        let entry = Entry {
            ask,
            secret: Some(secret.fingerprint()),
            session: None,
            answer: Some(sender),
            outcome: None,
            watching: 0,
            missed,
            ends: later(now, self.limits.answer_within),
        };
        inner.entries.insert(id, entry);
        drop(inner);
        let awaited = Awaited {
            id,
            asks: self.clone(),
            receiver,
            watched,
            within: self.limits.answer_within,
        };
        Ok(OpenedAsk {
            id,
            secret,
            awaited,
        })
    }

    /// Exchanges a window's secret for its session: once.
    #[must_use]
    pub fn exchange(&self, secret: &Secret) -> Option<(AskId, Secret)> {
        let session = Secret::new().ok()?;
        let given = secret.fingerprint();
        let mut inner = self.swept(Instant::now());
        let (id, entry) = inner
            .entries
            .iter_mut()
            .find(|(_, entry)| entry.secret == Some(given))?;
        entry.secret = None;
        entry.session = Some(session.fingerprint());
        entry.is_missed_after(self.limits.open_within);
        Some((*id, session))
    }

    /// Notes that the window of a session watches; none where there is no such session.
    #[must_use]
    pub fn watch(&self, session: &Secret) -> Option<Watching> {
        let given = session.fingerprint();
        let mut inner = self.swept(Instant::now());
        let (id, entry) = inner
            .entries
            .iter_mut()
            .find(|(_, entry)| entry.session == Some(given))?;
        entry.watching = entry.watching.saturating_add(1);
        entry.missed.send_replace(None);
        Some(Watching {
            id: *id,
            asks: self.clone(),
        })
    }

    /// The question of a session, with whether it still waits and how long.
    #[must_use]
    pub fn of_session(&self, session: &Secret) -> Option<(AskId, Ask, Option<Duration>)> {
        let given = session.fingerprint();
        let now = Instant::now();
        let inner = self.swept(now);
        let (id, entry) = inner
            .entries
            .iter()
            .find(|(_, entry)| entry.session == Some(given))?;
        let left = entry
            .answer
            .is_some()
            .then(|| entry.ends.saturating_duration_since(now));
        Some((*id, entry.ask.clone(), left))
    }

    /// Gives the answer of a session's window. The answer comes back where nobody waits for it
    /// any more.
    ///
    /// # Errors
    /// The question was answered, has expired or was taken back.
    pub fn answer(&self, session: &Secret, answer: Answer) -> Result<(), Answer> {
        let given = session.fingerprint();
        let now = Instant::now();
        let mut inner = self.swept(now);
        let Some(entry) = inner
            .entries
            .values_mut()
            .find(|entry| entry.session == Some(given))
        else {
            return Err(answer);
        };
        let Some(sender) = entry.answer.take() else {
            return Err(answer);
        };
        entry.ends = later(now, self.limits.watch_for);
        sender.send(answer)
    }

    /// Tells the window of a question what came of it. A question that still waits is over with
    /// that: nobody can answer it any more, and its window shows the outcome. What has ended stays
    /// as it ended.
    pub fn tell(&self, id: AskId, outcome: Outcome) {
        let now = Instant::now();
        if let Some(entry) = self.swept(now).entries.get_mut(&id) {
            entry.answer = None;
            if !matches!(entry.outcome, Some(Outcome::Done | Outcome::Failed(_))) {
                entry.outcome = Some(outcome);
            }
            entry.ends = later(now, self.limits.watch_for);
        }
    }

    /// Takes back the question of a job, where it waits for its answer.
    pub(crate) fn take_back_of_job(&self, of: &str) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.entries.retain(|_, entry| {
            let is_its = matches!(&entry.ask.subject, Subject::Signing { job } if job == of);
            !is_its || entry.answer.is_none()
        });
    }

    /// What the window of a session was told.
    #[must_use]
    pub fn outcome(&self, session: &Secret) -> Option<Outcome> {
        let given = session.fingerprint();
        let inner = self.swept(Instant::now());
        let mut entries = inner.entries.values();
        let entry = entries.find(|entry| entry.session == Some(given))?;
        entry.outcome.clone()
    }

    /// Takes questions back whose time is over.
    fn swept(&self, now: Instant) -> MutexGuard<'_, Inner> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.entries.retain(|_, entry| entry.ends > now);
        inner
    }

    fn left(&self, id: AskId) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = inner.entries.get_mut(&id) {
            entry.watching = entry.watching.saturating_sub(1);
            if entry.watching == 0 {
                entry.is_missed_after(self.limits.back_within);
            }
        }
    }

    fn take_back(&self, id: AskId) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        // Where it was answered, the window goes on watching.
        let entry = inner.entries.get(&id);
        if entry.is_some_and(|entry| entry.answer.is_some()) {
            inner.entries.remove(&id);
        }
    }
}

impl Awaited {
    /// The question it answers.
    #[must_use]
    pub const fn id(&self) -> AskId {
        self.id
    }

    /// Waits for the answer, as long as a question may wait and its window is there.
    pub async fn answer(mut self) -> Answer {
        let mut watched = self.watched.clone();
        tokio::select! {
            // Where both are there, the person has answered and closed the window.
            biased;
            answer = &mut self.receiver => answer.unwrap_or(Answer::Expired),
            () = tokio::time::sleep(self.within) => Answer::Expired,
            () = is_missed(&mut watched) => Answer::Closed,
        }
    }
}

/// Waits until nobody has watched for as long as that may be.
async fn is_missed(watched: &mut watch::Receiver<Option<Instant>>) {
    loop {
        let until = *watched.borrow_and_update();
        let over = async {
            match until {
                Some(until) => tokio::time::sleep_until(until).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = over => return,
            changed = watched.changed() => if changed.is_err() {
                // The question is gone, and whoever answers says so.
                std::future::pending::<()>().await;
            },
        }
    }
}

impl Entry {
    fn is_missed_after(&self, time: Duration) {
        self.missed.send_replace(Some(later(Instant::now(), time)));
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.asks.left(self.id);
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        self.asks.take_back(self.id);
    }
}

/// Two questions of one caller. Pairings of one origin count as one caller's.
fn same_caller(one: &Ask, other: &Ask) -> bool {
    match (&one.caller, &other.caller) {
        (Some(one), Some(other)) => one.pairing == other.pairing,
        (None, None) => match (&one.subject, &other.subject) {
            // Whatever they call themselves.
            (Subject::Pairing { origin: one, .. }, Subject::Pairing { origin: other, .. }) => {
                one == other
            }
            (one, other) => one == other,
        },
        _ => false,
    }
}

impl AskId {
    /// Its number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for AskRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pending => "the caller's earlier question still waits: answer it first",
            Self::TooMany => "too many questions wait: answer them first",
            Self::NoRandomness => "no secret could be made: restart the machine",
        })
    }
}

impl std::error::Error for AskRefusal {}

#[cfg(test)]
mod tests;
