//! Answers that are remembered under the content that they are about.
//! Does not know what the answers mean: whoever asks makes the key from all that decides them.

use std::fmt;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use lru::LruCache;

/// A bounded memory of answers, shared by all threads of a process. What was asked for longest ago
/// is forgotten first, so that hostile input can make it useless for a time but neither large nor
/// wrong: a key is the content itself, or a digest of it, and never a name that two contents may
/// bear.
pub struct Remembered<K, V> {
    most: NonZeroUsize,
    answers: OnceLock<Mutex<LruCache<K, V>>>,
}

impl<K: Hash + Eq, V: Clone> Remembered<K, V> {
    /// An empty memory of so many answers.
    #[must_use]
    pub const fn new(most: NonZeroUsize) -> Self {
        Self {
            most,
            answers: OnceLock::new(),
        }
    }

    fn answers(&self) -> MutexGuard<'_, LruCache<K, V>> {
        let answers = self
            .answers
            .get_or_init(|| Mutex::new(LruCache::new(self.most)));
        // Whoever panicked meanwhile left whole entries: nothing of ours is changed in between.
        answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer under this key, if it is still known.
    #[must_use]
    pub fn find(&self, key: &K) -> Option<V> {
        self.answers().get(key).cloned()
    }

    /// Remembers an answer.
    pub fn keep(&self, key: K, answer: V) {
        // What falls out is dropped when the lock is free again.
        let _forgotten = self.answers().push(key, answer);
    }

    /// How many answers are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.answers().len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<K, V> fmt::Debug for Remembered<K, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Remembered")
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "test code")]

    use super::*;

    #[test]
    fn what_was_asked_for_longest_ago_is_forgotten_first() {
        let remembered = Remembered::new(NonZeroUsize::new(2).unwrap());
        remembered.keep("a", 1);
        remembered.keep("b", 2);
        assert_eq!(remembered.find(&"a"), Some(1));
        remembered.keep("c", 3);
        assert_eq!(remembered.find(&"b"), None);
        assert_eq!(remembered.find(&"a"), Some(1));
        assert_eq!(remembered.find(&"c"), Some(3));
        assert_eq!(remembered.len(), 2);
    }

    #[test]
    fn threads_share_what_is_remembered() {
        static SHARED: Remembered<u32, u32> = Remembered::new(NonZeroUsize::MIN);
        std::thread::spawn(|| SHARED.keep(7, 49)).join().unwrap();
        assert_eq!(SHARED.find(&7), Some(49));
    }
}
