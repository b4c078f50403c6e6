//! The connections that may be open at the same time, and which of them gives way.
//! Does not know what a connection carries, only whether a call is under way on it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// So many places. A connection without a call gives way to a new one where all are taken: who opens
/// many and never speaks keeps nobody out.
#[derive(Debug, Clone)]
pub(super) struct Places(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    /// Counts places and calls: what is smaller came earlier.
    last: u64,
    /// Each connection by its name, with what ends it.
    open: BTreeMap<u64, Open>,
    /// Those without a call, by when they came to be so.
    waiting: BTreeMap<u64, u64>,
}

#[derive(Debug)]
struct Open {
    give_way: Option<oneshot::Sender<()>>,
    /// Where it stands in `waiting`.
    since: Option<u64>,
}

/// A place. Dropped, it is free.
#[derive(Debug)]
pub(super) struct Place {
    name: u64,
    places: Places,
}

/// A call under way on a connection, which keeps its place meanwhile. Dropped, it is over.
#[derive(Debug)]
pub(super) struct UnderWay {
    name: u64,
    places: Places,
}

/// Each place has a call under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct AllTaken;

impl Places {
    pub(super) fn new(most: usize) -> Self {
        Self(Arc::new(Shared {
            most,
            taken: Mutex::default(),
        }))
    }

    /// Takes a place, where there is none that of the connection that has waited longest for a call. What
    /// comes with it says when this one is to give way.
    pub(super) fn take(&self) -> Result<(Place, oneshot::Receiver<()>), AllTaken> {
        let mut taken = self.taken();
        if taken.open.len() >= self.0.most {
            let (_, longest) = taken.waiting.pop_first().ok_or(AllTaken)?;
            // Its own place is dropped later, and finds nothing then.
            if let Some(give_way) = taken.open.remove(&longest).and_then(|open| open.give_way) {
                let _ = give_way.send(());
            }
        }
        let name = taken.next();
        let (give_way, gives_way) = oneshot::channel();
        taken.open.insert(
            name,
            Open {
                give_way: Some(give_way),
                since: Some(name),
            },
        );
        taken.waiting.insert(name, name);
        drop(taken);
        let places = self.clone();
        Ok((Place { name, places }, gives_way))
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    const fn next(&mut self) -> u64 {
        self.last = self.last.saturating_add(1);
        self.last
    }
}

impl Place {
    /// A call has come.
    pub(super) fn begin(&self) -> UnderWay {
        let mut taken = self.places.taken();
        let open = taken.open.get_mut(&self.name);
        if let Some(since) = open.and_then(|open| open.since.take()) {
            taken.waiting.remove(&since);
        }
        drop(taken);
        UnderWay {
            name: self.name,
            places: self.places.clone(),
        }
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        let since = taken.next();
        if let Some(open) = taken.open.get_mut(&self.name)
            && open.since.is_none()
        {
            open.since = Some(since);
            taken.waiting.insert(since, self.name);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        let open = taken.open.remove(&self.name);
        if let Some(since) = open.and_then(|open| open.since) {
            taken.waiting.remove(&since);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told(receiver: &mut oneshot::Receiver<()>) -> bool {
        receiver.try_recv().is_ok()
    }

    #[test]
    fn who_has_waited_longest_without_a_call_gives_way_and_who_calls_does_not() {
        let places = Places::new(3);
        let (first, mut first_told) = places.take().unwrap();
        let (_second, mut second_told) = places.take().unwrap();
        let (third, mut third_told) = places.take().unwrap();
        let call = first.begin();
        let (_fourth, mut fourth_told) = places.take().unwrap();
        assert!(is_told(&mut second_told));
        assert!(!is_told(&mut first_told) && !is_told(&mut third_told));
        // A call that is over: its connection waits from then on, behind the others.
        drop(call);
        let (_fifth, _) = places.take().unwrap();
        assert!(is_told(&mut third_told) && !is_told(&mut first_told));
        let (_sixth, _) = places.take().unwrap();
        assert!(is_told(&mut fourth_told) && !is_told(&mut first_told));
        let (_seventh, _) = places.take().unwrap();
        assert!(is_told(&mut first_told));
        // What gave way frees no place of another when it ends.
        drop((first, third));
        assert_eq!(places.taken().open.len(), 3);
    }

    #[test]
    fn where_each_has_a_call_nobody_gives_way_and_a_place_that_is_left_is_free() {
        let places = Places::new(2);
        let kept: Vec<_> = (0..2).map(|_| places.take().unwrap().0).collect();
        let calls: Vec<_> = kept.iter().map(Place::begin).collect();
        assert!(places.take().is_err());
        drop((calls, kept));
        assert!(places.taken().open.is_empty() && places.taken().waiting.is_empty());
        assert!(places.take().is_ok());
    }
}
