//! One request for the same thing at a time: who asks meanwhile gets the same answer.
//! Keeps no answer beyond the request; a cache inside does that.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use trien_types::{Purpose, Transport, TransportError, TransportRequest};

/// A failure that several callers share.
#[derive(Debug, Clone)]
pub struct SharedFailure(Arc<TransportError>);

impl fmt::Display for SharedFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl Error for SharedFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

/// The first caller's request broke off in a panic.
#[derive(Debug)]
struct BrokenOff;

impl fmt::Display for BrokenOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the request for the same thing broke off")
    }
}

impl Error for BrokenOff {}

type Key = (Purpose, String, Vec<u8>);
type Outcome = Result<Arc<[u8]>, SharedFailure>;

#[derive(Debug, Default)]
struct Flight {
    outcome: Mutex<Option<Outcome>>,
    landed: Condvar,
}

/// Makes one request for the same purpose, address and body at a time. Time stamps are not joined:
/// each caller wants one of its own.
#[derive(Debug)]
pub struct SingleFlight<T> {
    inner: T,
    flights: Mutex<HashMap<Key, Arc<Flight>>>,
}

impl<T> SingleFlight<T> {
    /// Joins requests to `inner`. Put a cache inside, not outside: who asks just after an answer
    /// came then finds it there.
    #[must_use]
    pub fn new(inner: T) -> Self {
        Self {
            inner,
            flights: Mutex::default(),
        }
    }

    fn flights(&self) -> MutexGuard<'_, HashMap<Key, Arc<Flight>>> {
        self.flights.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends a flight whatever happens, so that nobody waits for ever.
struct Landing<'a, T> {
    owner: &'a SingleFlight<T>,
    key: Key,
    flight: Arc<Flight>,
    outcome: Option<Outcome>,
}

impl<T> Drop for Landing<'_, T> {
    fn drop(&mut self) {
        self.owner.flights().remove(&self.key);
        let outcome = self
            .outcome
            .take()
            .unwrap_or_else(|| Err(SharedFailure(Arc::new(TransportError::new(BrokenOff)))));
        *self
            .flight
            .outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        self.flight.landed.notify_all();
    }
}

impl<T: Transport> Transport for SingleFlight<T> {
    fn exchange(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        if request.purpose == Purpose::TimeStamp {
            return self.inner.exchange(request);
        }
        let key = (
            request.purpose,
            request.url.to_owned(),
            request.body.to_vec(),
        );
        let mut flights = self.flights();
        if let Some(flight) = flights.get(&key).cloned() {
            drop(flights);
            return wait(&flight)
                .map(|answer| answer.to_vec())
                .map_err(TransportError::new);
        }
        let flight = Arc::new(Flight::default());
        flights.insert(key.clone(), Arc::clone(&flight));
        drop(flights);
        let mut landing = Landing {
            owner: self,
            key,
            flight,
            outcome: None,
        };
        let outcome = self
            .inner
            .exchange(request)
            .map(Arc::from)
            .map_err(|error| SharedFailure(Arc::new(error)));
        landing.outcome = Some(outcome.clone());
        drop(landing);
        outcome
            .map(|answer| answer.to_vec())
            .map_err(TransportError::new)
    }
}

fn wait(flight: &Flight) -> Outcome {
    let mut outcome = flight
        .outcome
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    loop {
        if let Some(outcome) = outcome.as_ref() {
            return outcome.clone();
        }
        outcome = flight
            .landed
            .wait(outcome)
            .unwrap_or_else(PoisonError::into_inner);
    }
}
