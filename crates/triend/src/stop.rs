//! The end of the daemon: who is told of it, and whom it waits for.
//! Does not know what they do.

use std::sync::Arc;

use tokio::sync::watch;

/// Whether the daemon ends, and how many hold it.
#[derive(Debug, Clone)]
pub struct Stop {
    stopping: Arc<watch::Sender<bool>>,
    holds: Arc<watch::Sender<usize>>,
}

/// Something that is to be finished before the daemon ends: a job's present document, a
/// connection. Dropping it lets go.
#[derive(Debug)]
pub struct Hold(Arc<watch::Sender<usize>>);

impl Default for Stop {
    fn default() -> Self {
        Self {
            stopping: Arc::new(watch::Sender::new(false)),
            holds: Arc::new(watch::Sender::new(0)),
        }
    }
}

impl Stop {
    /// Says that the daemon ends.
    pub fn begin(&self) {
        self.stopping.send_replace(true);
    }

    /// Whether it ends.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Waits until it ends.
    pub async fn begun(&self) {
        let mut stopping = self.stopping.subscribe();
        // The sender lives as long as this value.
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }

    /// Keeps the daemon from ending until the hold is dropped, or the time for that is over.
    #[must_use]
    pub fn hold(&self) -> Hold {
        self.holds
            .send_modify(|holds| *holds = holds.saturating_add(1));
        Hold(Arc::clone(&self.holds))
    }

    /// How many hold it.
    #[must_use]
    pub fn holds(&self) -> usize {
        *self.holds.borrow()
    }

    /// Waits until nobody holds it.
    pub async fn released(&self) {
        let mut holds = self.holds.subscribe();
        let _ = holds.wait_for(|holds| *holds == 0).await;
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.send_modify(|holds| *holds = holds.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn an_end_waits_for_those_that_hold_it() {
        let stop = Stop::default();
        let (first, second) = (stop.hold(), stop.hold());
        assert_eq!(stop.holds(), 2);
        let waiting = tokio::spawn({
            let stop = stop.clone();
            async move {
                stop.begun().await;
                stop.released().await;
            }
        });
        stop.begin();
        assert!(stop.has_begun());
        drop(first);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(!waiting.is_finished());
        drop(second);
        waiting.await.unwrap();
    }
}
