//! How often something may happen: a burst, then one each while. Bounded memory whoever asks.
//! Does not know what is counted.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// A burst, and how long until one more is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Allowance {
    /// As many at once.
    pub burst: u32,
    /// One more after each of these.
    pub each: Duration,
}

/// Too many; how long to wait for the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TooOften {
    /// After this it is allowed.
    pub wait: Duration,
}

/// A token bucket for each key. Where there are too many keys, those that came last share one.
#[derive(Debug)]
pub struct Buckets<K> {
    allowance: Allowance,
    most_keys: usize,
    inner: Mutex<HashMap<Option<K>, FullAt>>,
}

/// When a bucket is full again: all there is to know of it.
type FullAt = Instant;

impl Allowance {
    /// `burst` at once, and one more after each `each`.
    #[must_use]
    pub const fn new(burst: u32, each: Duration) -> Self {
        Self { burst, each }
    }
}

impl<K: Eq + Hash> Buckets<K> {
    /// Full ones. At most `most_keys` keys have one of their own.
    #[must_use]
    pub fn new(allowance: Allowance, most_keys: usize) -> Self {
        Self {
            allowance,
            most_keys,
            inner: Mutex::default(),
        }
    }

    /// Takes one of `key`'s at `now`.
    ///
    /// # Errors
    /// There is none left.
    pub fn take(&self, key: K, now: Instant) -> Result<(), TooOften> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut key = Some(key);
        if !inner.contains_key(&key) && inner.len() >= self.most_keys {
            // A full bucket is one that nobody needs to remember.
            inner.retain(|_, full_at| *full_at > now);
            if inner.len() >= self.most_keys {
                key = None;
            }
        }
        let full_at = inner.entry(key).or_insert(now);
        let next = (*full_at).max(now).checked_add(self.allowance.each);
        let room = self.allowance.each.saturating_mul(self.allowance.burst);
        let next = next.ok_or(TooOften { wait: room })?;
        let ahead = next.saturating_duration_since(now);
        if ahead > room {
            return Err(TooOften {
                wait: ahead.saturating_sub(room),
            });
        }
        *full_at = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_burst_is_allowed_then_one_each_while_and_keys_do_not_share() {
        let buckets = Buckets::new(Allowance::new(3, SECOND), 10);
        let start = Instant::now();
        for _ in 0..3 {
            buckets.take("a", start).unwrap();
        }
        assert_eq!(buckets.take("a", start).unwrap_err().wait, SECOND);
        buckets.take("b", start).unwrap();
        buckets.take("a", start + SECOND).unwrap();
        assert!(buckets.take("a", start + SECOND).is_err());
        for _ in 0..3 {
            buckets.take("a", start + 60 * SECOND).unwrap();
        }
        assert!(buckets.take("a", start + 60 * SECOND).is_err());
    }

    #[test]
    fn keys_beyond_the_most_share_one_bucket_and_memory_stays_bounded() {
        let buckets = Buckets::new(Allowance::new(2, SECOND), 4);
        let start = Instant::now();
        let allowed = (0..1000)
            .filter(|key| buckets.take(*key, start).is_ok())
            .count();
        assert_eq!(allowed, 4 + 2);
        assert_eq!(buckets.inner.lock().unwrap().len(), 5);
        // Full buckets are forgotten, and a new key has its own again.
        let later = start + 10 * SECOND;
        buckets.take(5000, later).unwrap();
        assert!(buckets.inner.lock().unwrap().len() <= 2);
    }
}
