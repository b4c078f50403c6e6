//! A caller's wait for its activation data. A caller that goes away before it has them ends the
//! consent: nobody would hold what the key is open for, and the token would stay taken.
//! Does not know how a key is opened.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use trien_types::CertificateId;

use super::super::activation::Cancelled;
use super::{Call, CscError};
use crate::consent::{AskId, Outcome};
use crate::rejection::Rejection;
use crate::store::SigningEvent;

/// The wait. Dropped before [`Waiting::is_over`], the caller is gone.
#[derive(Debug)]
pub(super) struct Waiting {
    presence: Presence,
    step: Step,
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Asked,
    Opening,
    Over,
}

/// Whether the caller is still there, for the thread that opens its key.
#[derive(Debug, Clone)]
pub(super) struct Presence {
    call: Call,
    ask: AskId,
    certificate: CertificateId,
    is_gone: Arc<AtomicBool>,
}

impl Waiting {
    pub(super) fn new(call: &Call, (ask, certificate): (AskId, CertificateId)) -> Self {
        Self {
            presence: Presence {
                call: call.clone(),
                ask,
                certificate,
                is_gone: Arc::default(),
            },
            step: Step::Asked,
        }
    }

    /// The key is opened from now on, and whoever opens it tells the window what came of it.
    pub(super) fn opens(&mut self) -> Presence {
        self.step = Step::Opening;
        self.presence.clone()
    }

    /// The caller has its answer.
    pub(super) const fn is_over(&mut self) {
        self.step = Step::Over;
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.step == Step::Over {
            return;
        }
        // Before it is looked for what to end: whoever begins it later sees this.
        self.presence.is_gone.store(true, Ordering::SeqCst);
        if self.step == Step::Asked {
            self.presence.tell();
        }
        let presence = self.presence.clone();
        // It waits for the token.
        let end = move || presence.end();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(end);
        } else {
            end();
        }
    }
}

impl Presence {
    /// Before a try of the PIN is used.
    ///
    /// # Errors
    /// The caller is gone.
    pub(super) fn check(&self) -> Result<(), CscError> {
        if self.is_gone.load(Ordering::SeqCst) {
            return Err(Rejection::caller_gone().into());
        }
        Ok(())
    }

    /// After the key was opened: ends the consent where the caller went away meanwhile.
    pub(super) fn keep_or_end(&self) {
        if self.check().is_err() {
            self.end();
        }
    }

    /// Ends what came of the question, where that is something.
    fn end(&self) {
        let daemon = &self.call.daemon;
        if daemon.activations().cancel(self.ask) == Cancelled::Ended {
            tracing::warn!("the caller of a consent is gone: its key was closed");
            let certificate = self.certificate;
            let event = SigningEvent::DigestsCancelled { certificate };
            // Where it cannot be written that is in the daemon's own log.
            let _ = daemon.note(&event, self.call.caller.pairing);
            self.tell();
        }
    }

    fn tell(&self) {
        let asks = self.call.daemon.asks();
        asks.tell(self.ask, Outcome::Failed(Rejection::caller_gone()));
    }
}
