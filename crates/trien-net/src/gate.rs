//! Lets so many through at a time.

use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, PoisonError};

#[derive(Debug)]
pub(crate) struct Gate {
    free: Mutex<usize>,
    left: Condvar,
}

impl Gate {
    pub(crate) fn new(at_once: NonZeroUsize) -> Self {
        Self {
            free: Mutex::new(at_once.get()),
            left: Condvar::new(),
        }
    }

    /// Waits for a turn, which lasts until the returned value is dropped.
    pub(crate) fn enter(&self) -> Turn<'_> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = self.left.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
        *free = free.saturating_sub(1);
        Turn(self)
    }
}

#[derive(Debug)]
pub(crate) struct Turn<'a>(&'a Gate);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut free = self.0.free.lock().unwrap_or_else(PoisonError::into_inner);
        *free = free.saturating_add(1);
        self.0.left.notify_one();
    }
}
