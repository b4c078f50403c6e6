//! Notice that something about the tokens changed: plugged in, pulled out, PIN count lower, a
//! module gone.
//! Does not say what: list the tokens again.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::worker::lock;

/// Counts changes.
#[derive(Debug, Default)]
pub(super) struct Changes {
    generation: Mutex<u64>,
    moved: Condvar,
}

impl Changes {
    pub(super) fn happened(&self) {
        let mut generation = lock(&self.generation);
        *generation = generation.wrapping_add(1);
        self.moved.notify_all();
    }
}

/// What became of waiting for a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenChange {
    /// Nothing changed in the time given.
    None,
    /// Something did: list the tokens again.
    Changed,
}

/// Sees changes of tokens since it was made or last asked.
#[derive(Debug, Clone)]
pub struct TokenWatch {
    changes: Arc<Changes>,
    seen: u64,
}

impl TokenWatch {
    pub(super) fn new(changes: Arc<Changes>) -> Self {
        let seen = *lock(&changes.generation);
        Self { changes, seen }
    }

    /// A number that is another one after each change.
    #[must_use]
    pub fn generation(&self) -> u64 {
        *lock(&self.changes.generation)
    }

    /// Waits for a change, at most `limit`. One that happened since the last call counts.
    pub fn wait(&mut self, limit: Duration) -> TokenChange {
        let generation = lock(&self.changes.generation);
        let (generation, _) = self
            .changes
            .moved
            .wait_timeout_while(generation, limit, |generation| *generation == self.seen)
            .unwrap_or_else(PoisonError::into_inner);
        if *generation == self.seen {
            return TokenChange::None;
        }
        self.seen = *generation;
        TokenChange::Changed
    }
}
