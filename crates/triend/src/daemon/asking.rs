//! Questions to the person: put, waited for, and told how they ended.
//! Does not know HTTP.

use std::pin::pin;
use std::time::Duration;

use tokio::time::Instant;
use trien::UnixTime;

use super::Daemon;
use crate::caller::{Caller, PairingId};
use crate::consent::{Answer, Approval, Ask, AskId, AskRefusal, Asks, Awaited, Outcome, Subject};
use crate::rejection::{Code, Rejection};
use crate::store::Store;

/// How often it is looked whether a pairing still holds whose question waits.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// A question whose window was not told how it ended. Where it was answered and its caller went away
/// before anything was done, the window says so.
struct Untold<'d> {
    asks: &'d Asks,
    ask: Option<AskId>,
}

impl Drop for Untold<'_> {
    fn drop(&mut self) {
        if let Some(ask) = self.ask {
            let gone = Rejection::caller_gone();
            self.asks.tell(ask, Outcome::Failed(gone));
        }
    }
}

impl Daemon {
    /// Puts a question and opens its window.
    ///
    /// # Errors
    /// The caller has a question that waits or asks too often, too many wait, or no window can be opened.
    pub fn ask(&self, ask: Ask) -> Result<Awaited, Rejection> {
        if let Some(caller) = &ask.caller {
            self.0
                .prompts
                .take(caller.pairing, Instant::now())
                .map_err(|_| Code::TooManyRequests)?;
        }
        let opened = self.0.asks.put(ask).map_err(|refusal| match refusal {
            AskRefusal::Pending => Code::ConsentPending,
            AskRefusal::TooMany => Code::TooManyRequests,
            AskRefusal::NoRandomness => Code::Internal,
        })?;
        self.0
            .browser
            .open(&self.base(), opened.id, &opened.secret)
            .map_err(|_| Code::NoWindow)?;
        Ok(opened.awaited)
    }

    /// Opens the window of a question that is not put, and shows why. For callers who show nothing
    /// of an error.
    ///
    /// # Errors
    /// As [`Daemon::ask`].
    pub fn show(&self, ask: Ask, why: Rejection) -> Result<(), Rejection> {
        let awaited = self.ask(ask)?;
        self.asks().tell(awaited.id(), Outcome::Failed(why));
        Ok(())
    }

    /// Puts a question of a paired caller, waits for the answer, and does with the store what was
    /// agreed to. The window is told whether it was done. A caller that goes away before the answer
    /// takes its question back; after it, what was agreed to is done all the same.
    ///
    /// # Errors
    /// As [`Daemon::ask`] and [`Daemon::answer_to`]; what was agreed to fails.
    pub async fn ask_and_do<T, E>(
        &self,
        caller: &Caller,
        subject: Subject,
        action: impl FnOnce(&mut Store, UnixTime) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Rejection>
    where
        T: Send + 'static,
        E: Into<Rejection>,
    {
        let awaited = self.ask(Ask::new(Some(caller.clone()), subject))?;
        let ask = awaited.id();
        let mut untold = Untold {
            asks: self.asks(),
            ask: Some(ask),
        };
        let answer = self.answer_to(awaited, caller).await;
        untold.ask = None;
        answer?;
        let daemon = self.clone();
        let task = tokio::task::spawn_blocking(move || {
            let done = daemon.with_store_blocking(action).map_err(Into::into);
            let outcome = match &done {
                Ok(_) => Outcome::Done,
                Err(rejection) => Outcome::Failed(rejection.clone()),
            };
            daemon.asks().tell(ask, outcome);
            done
        });
        task.await.unwrap_or_else(|_| {
            let failed = Rejection::new(Code::Internal);
            self.asks().tell(ask, Outcome::Failed(failed.clone()));
            Err(failed)
        })
    }

    /// Waits for the answer to a question of a paired caller. Where the pairing ends meanwhile, its
    /// window says so and takes no answer; one that was given is none.
    ///
    /// # Errors
    /// The person says no, nobody answers in time, or the pairing has ended.
    pub async fn answer_to(
        &self,
        awaited: Awaited,
        caller: &Caller,
    ) -> Result<Approval, Rejection> {
        let ask = awaited.id();
        let mut answering = pin!(awaited.answer());
        let answer = tokio::select! {
            answer = &mut answering => answer,
            () = self.until_ended(caller.pairing) => Answer::Expired,
        };
        if !self.pairing_holds(caller.pairing) {
            let ended = Rejection::new(Code::PairingEnded);
            self.asks().tell(ask, Outcome::Failed(ended.clone()));
            return Err(ended);
        }
        match answer {
            Answer::Approved(approval) => Ok(*approval),
            Answer::Refused => Err(Code::ConsentRefused.into()),
            Answer::Expired => Err(Code::ConsentExpired.into()),
            Answer::Closed => Err(Code::ConsentClosed.into()),
        }
    }

    /// Waits until a pairing is revoked, which another process may do.
    async fn until_ended(&self, pairing: PairingId) {
        while self.pairing_holds(pairing) {
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }
}
