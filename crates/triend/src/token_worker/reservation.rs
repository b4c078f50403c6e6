//! One job per token: who has a key open, and waiting for it.
//! Knows nothing of modules: a token reached through two of them is still one.

use std::collections::BTreeSet;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use super::error::TokenServiceError;
use super::worker::lock;

/// The tokens on which a key is open.
#[derive(Debug, Default)]
pub(super) struct Reservations {
    taken: Mutex<BTreeSet<String>>,
    freed: Condvar,
}

/// A token for one job, until dropped.
#[derive(Debug)]
pub(super) struct Reservation {
    of: Arc<Reservations>,
    token: String,
}

impl Reservations {
    /// Waits for the token, at most `limit`.
    pub(super) fn take(
        self: &Arc<Self>,
        token: String,
        limit: Duration,
    ) -> Result<Reservation, TokenServiceError> {
        let taken = lock(&self.taken);
        let (mut taken, _) = self
            .freed
            .wait_timeout_while(taken, limit, |taken| taken.contains(&token))
            .unwrap_or_else(PoisonError::into_inner);
        if !taken.insert(token.clone()) {
            return Err(TokenServiceError::Busy { waited: limit });
        }
        drop(taken);
        Ok(Reservation {
            of: Arc::clone(self),
            token,
        })
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        lock(&self.of.taken).remove(&self.token);
        self.of.freed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_for_one_job_at_a_time() {
        let all = Arc::new(Reservations::default());
        let first = all.take("1".into(), Duration::ZERO).unwrap();
        let other = all.take("2".into(), Duration::ZERO).unwrap();
        let refused = all.take("1".into(), Duration::from_millis(5));
        assert!(matches!(refused, Err(TokenServiceError::Busy { .. })));
        drop(first);
        let again = all.take("1".into(), Duration::ZERO).unwrap();
        drop((again, other));
    }

    #[test]
    fn whoever_waits_is_served_when_the_token_is_free() {
        let all = Arc::new(Reservations::default());
        let first = all.take("1".into(), Duration::ZERO).unwrap();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| all.take("1".into(), Duration::from_secs(20)));
            drop(first);
            assert!(waiting.join().unwrap().is_ok());
        });
    }
}
