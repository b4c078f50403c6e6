//! The moment that a service claims: an input, never the machine's clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use trien_types::UnixTime;

/// A clock that shows what it was set to. Clones show the same.
#[derive(Debug, Clone)]
pub struct ServiceClock(Arc<AtomicI64>);

impl ServiceClock {
    /// A clock that shows `time`.
    #[must_use]
    pub fn at(time: UnixTime) -> Self {
        Self(Arc::new(AtomicI64::new(time.seconds())))
    }

    /// What it shows.
    #[must_use]
    pub fn time(&self) -> UnixTime {
        UnixTime::from_seconds(self.0.load(Ordering::Relaxed))
    }

    /// Sets it, for every clone.
    pub fn set(&self, time: UnixTime) {
        self.0.store(time.seconds(), Ordering::Relaxed);
    }
}
