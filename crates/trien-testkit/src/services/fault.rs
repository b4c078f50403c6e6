//! What a service shall do wrong, and to which request.
//! Does not do it: the HTTP server and the services do.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How a body tells its length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// Chunked: the length shows only at the end.
    Chunked,
    /// Content-Length says it before.
    Declared,
}

/// Answers that are held back until a test lets them go: what depends on who is there at the same time
/// depends on no clock. Clones hold the same answers.
#[derive(Debug, Clone, Default)]
pub struct Hold(Arc<AtomicBool>);

/// How often it is asked whether an answer is held back still.
const BETWEEN_LOOKS: Duration = Duration::from_millis(2);

impl Hold {
    /// Holds answers back.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets all answers go, those to come too.
    pub fn release(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Waits until it is released.
    pub(super) async fn released(&self) {
        while !self.0.load(Ordering::SeqCst) {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}

impl PartialEq for Hold {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Hold {}

/// What a service does wrong. Faults that a service has no part for, such as a wrong nonce on a
/// revocation list, change nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The connection ends in the middle of the body.
    CutOff,
    /// A time stamp or OCSP answer by a certificate that had expired a year before the clock.
    ExpiredSigner,
    /// Times of a day after the clock.
    FromFuture,
    /// Octets that are no ASN.1, with the right content type.
    Garbage,
    /// A gzip stream of so many zeros, with `Content-Encoding: gzip` whether asked for or not.
    GzipBomb {
        /// Octets after unpacking.
        octets: u64,
    },
    /// The connection ends without an answer.
    HangUp,
    /// No answer until it is let go, then a sound one.
    Held(Hold),
    /// This HTTP status with an empty body.
    HttpStatus(u16),
    /// A body of so many octets.
    Huge {
        /// Length of the body.
        octets: u64,
        /// How the length is told.
        framing: Framing,
    },
    /// Local time of Vietnam written as if it were UTC: seven hours ahead of the clock.
    LocalTimeAsUtc,
    /// A redirection.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// Value of `Location`.
        location: String,
    },
    /// A redirection to the same address with another query, for ever.
    RedirectLoop,
    /// A time-stamp or OCSP answer that says no: rejection, and tryLater.
    Refuse,
    /// No answer for so long, then a sound one.
    Slow(Duration),
    /// Revocation information that was to be replaced three weeks before the clock.
    Stale,
    /// The body comes octet by octet with this pause between two.
    Trickle {
        /// The pause.
        pause: Duration,
    },
    /// OCSP answers unknown for any certificate; a time-stamp answer has status 6, which
    /// RFC 3161 does not list.
    UnknownStatus,
    /// Another content type.
    WrongContentType(String),
    /// A time stamp over other octets; an OCSP answer about another serial number.
    WrongImprint,
    /// Signed by a key that does not belong to the certificate.
    WrongKey,
    /// A nonce that was not asked for.
    WrongNonce,
}

/// Faults to come. Clones share the script.
#[derive(Debug, Clone, Default)]
pub struct FaultScript(Arc<Mutex<Script>>);

#[derive(Debug, Default)]
struct Script {
    next: VecDeque<Vec<Fault>>,
    always: Vec<Fault>,
}

impl FaultScript {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One further request meets these faults; each call adds one request to the queue. No fault
    /// at all is a request served soundly.
    pub fn next(&self, faults: impl IntoIterator<Item = Fault>) {
        self.script().next.push_back(faults.into_iter().collect());
    }

    /// Every request beyond the queue meets these faults.
    pub fn always(&self, faults: impl IntoIterator<Item = Fault>) {
        self.script().always = faults.into_iter().collect();
    }

    /// Sound again: forgets the queue and the rest.
    pub fn clear(&self) {
        *self.script() = Script::default();
    }

    /// The faults of the request that has come in.
    pub(super) fn take(&self) -> Vec<Fault> {
        let mut script = self.script();
        script
            .next
            .pop_front()
            .unwrap_or_else(|| script.always.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queued_faults_come_before_lasting_ones() {
        let script = FaultScript::default();
        script.always([Fault::Garbage]);
        script.next([Fault::Stale, Fault::WrongKey]);
        script.next([]);
        assert_eq!(script.take(), [Fault::Stale, Fault::WrongKey]);
        assert_eq!(script.take(), []);
        assert_eq!(script.take(), [Fault::Garbage]);
        script.clear();
        assert_eq!(script.take(), []);
    }
}
