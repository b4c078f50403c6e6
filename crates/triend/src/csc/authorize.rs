//! `credentials/authorize` and `credentials/extendTransaction`: the person is asked, and the caller
//! gets activation data for exactly what was shown.
//! Signs nothing.

mod waiting;

use std::time::Duration;

use serde_json::{Value, json};
use trien::token::{FinalTry, PinSource};
use trien_types::encode_hex;

use self::waiting::Waiting;
use super::activation::{Consented, Left, Shown};
use super::credential::Credential;
use super::digests::Digests;
use super::parameters::{Body, Parameters};
use super::{Call, CscError, MOST_SIGNATURES};
use crate::consent::{Approval, Ask, AskId, FinalTryConfirmed, Outcome, Subject};
use crate::daemon::Daemon;
use crate::rejection::Code;
use crate::secret::Secret;
use crate::store::{SigningEvent, visible_part};
use crate::token_worker::TokenServiceError;

/// Characters of a description, as the standard has it.
const LONGEST_DESCRIPTION: usize = 500;

/// How often is looked for activation data whose time is over.
const BETWEEN_SWEEPS: Duration = Duration::from_secs(1);

/// What is to be asked.
struct Wish {
    credential: Credential,
    digests: Digests,
    ask: Ask,
}

/// `credentials/authorize`. Waits for the person.
///
/// # Errors
/// A parameter is not what the method takes, the credential cannot sign, the person says no, or
/// the token does not open.
pub async fn authorize(call: &Call, body: Body) -> Result<Value, CscError> {
    let of_body = call.clone();
    let wish = blocking(move || read(&of_body, &body)).await?;
    let now = call.daemon.now();
    if let Err(error) = wish.credential.check_usable(now, call.version) {
        // A client shows nothing of this, so a window does.
        if let Err(why) = call.daemon.show(wish.ask, error.shown().clone()) {
            tracing::warn!(code = why.code().name(), "a window could not be opened");
        }
        return Err(error);
    }
    let awaited = call.daemon.ask(wish.ask)?;
    let ask = awaited.id();
    let mut waiting = Waiting::new(call, (ask, wish.credential.id()));
    let approval = match call.daemon.answer_to(awaited, &call.caller).await {
        Ok(approval) => approval,
        Err(rejection) => {
            waiting.is_over();
            return Err(rejection.into());
        }
    };
    let (opened, presence) = (call.clone(), waiting.opens());
    let wanted = (wish.credential, wish.digests);
    // It opens to its end, also where the caller is gone and this is waited for no more.
    let result = blocking(move || {
        let secret = presence
            .check()
            .and_then(|()| open(&opened, wanted, (ask, approval)));
        let secret = secret.inspect_err(|error| {
            let failed = Outcome::Failed(error.shown().clone());
            opened.daemon.asks().tell(ask, failed);
        })?;
        opened.daemon.asks().tell(ask, Outcome::Underway(None));
        keep_time(&opened.daemon);
        presence.keep_or_end();
        Ok(secret)
    });
    let result = result.await;
    waiting.is_over();
    Ok(reply(&call.daemon, &result?))
}

/// `credentials/extendTransaction`.
///
/// # Errors
/// The data is none of this caller's, has expired, or the digests are not those that are left.
pub fn extend(call: &Call, parameters: &Parameters<'_>) -> Result<Value, CscError> {
    parameters.refuse_secrets()?;
    let credential = Credential::named(call, parameters)?;
    let sad = parameters.required_string("SAD")?;
    let digests = Digests::of(parameters)?;
    let shown = Shown {
        sad: &sad,
        caller: &call.caller,
        credential: credential.id(),
        version: call.version,
    };
    let activations = call.daemon.activations();
    let secret = activations.extend(shown, &digests).inspect_err(|error| {
        tell_of(call, &sad, error);
    })?;
    Ok(reply(&call.daemon, &secret))
}

/// Shows the error of a call that spent nothing in the window of the consent that the data comes
/// from. The window goes on, and the person can still take it back. Where nothing may be signed any
/// more, whoever ended it tells how: a second call must not say of what the first one has just
/// signed that it failed.
pub(super) fn tell_of(call: &Call, sad: &str, error: &CscError) {
    if let Some(ask) = call.daemon.activations().living(sad, &call.caller) {
        let refused = Outcome::Underway(Some(error.shown().clone()));
        call.daemon.asks().tell(ask, refused);
    }
}

fn reply(daemon: &Daemon, secret: &Secret) -> Value {
    json!({
        "SAD": secret.reveal(),
        "expiresIn": daemon.activations().seconds_left(secret),
    })
}

fn read(call: &Call, body: &Body) -> Result<Wish, CscError> {
    let parameters = body.parameters(call.version)?;
    parameters.refuse_secrets()?;
    let credential = Credential::named(call, &parameters)?;
    let count = parameters
        .integer("numSignatures")?
        .ok_or_else(|| CscError::missing("integer", "numSignatures"))?;
    let invalid = || CscError::request("Invalid value for parameter numSignatures");
    if count < 1 {
        return Err(invalid());
    }
    let count = usize::try_from(count)
        .ok()
        .filter(|count| *count <= MOST_SIGNATURES)
        .ok_or_else(|| CscError::request("Numbers of signatures is too high"))?;
    let digests = Digests::of(&parameters)?;
    // What is not shown is not consented to.
    if digests.values.len() != count {
        return Err(invalid());
    }
    let description = parameters.string("description")?.unwrap_or_default();
    if description.chars().nth(LONGEST_DESCRIPTION).is_some() {
        return Err(CscError::invalid("description"));
    }
    let names = parameters.document_names();
    let names = names.iter().take(count).map(|name| shown(name)).collect();
    let ask = Ask {
        caller: Some(call.caller.clone()),
        subject: Subject::Digests {
            credential: credential.id(),
            description: shown(&description),
            digests: digests.values.iter().map(|one| encode_hex(one)).collect(),
            names,
        },
    };
    Ok(Wish {
        credential,
        digests,
        ask,
    })
}

/// A caller's text without what cannot be seen or turns the writing.
fn shown(text: &str) -> String {
    let seen: String = visible_part(text).take(LONGEST_DESCRIPTION).collect();
    seen.trim().to_owned()
}

/// Opens the key with the PIN that was typed, once.
fn open(
    call: &Call,
    (credential, digests): (Credential, Digests),
    (ask, approval): (AskId, Approval),
) -> Result<Secret, CscError> {
    let Approval { pin, final_try, .. } = approval;
    let activations = call.daemon.activations();
    // One consent at a time: what the caller left lying holds the token otherwise.
    for ended in activations.end_of_caller(call.caller.pairing) {
        let failed = Outcome::Failed(Code::ActivationExpired.into());
        call.daemon.asks().tell(ended, failed);
    }
    let pin = pin.map_or(PinSource::ProtectedAuthenticationPath, PinSource::Pin);
    let final_try = match final_try {
        FinalTryConfirmed::No => FinalTry::Refuse,
        FinalTryConfirmed::Yes => FinalTry::AcceptFinalTry,
    };
    let key = call
        .daemon
        .tokens()
        .open_key(&credential.id(), pin, final_try)
        .map_err(|error| {
            tracing::warn!(cause = error.code(), "the key of a consent was not opened");
            if matches!(error, TokenServiceError::PinIncorrect { .. }) {
                let certificate = credential.id();
                let event = SigningEvent::PinIncorrect { certificate };
                // Where it cannot be written that is in the daemon's own log.
                let _ = call.daemon.note(&event, call.caller.pairing);
            }
            CscError::of_token(&error, call.version)
        })?;
    let consented = Consented {
        credential: credential.id(),
        ask,
        digests,
        key,
    };
    activations.begin(&call.caller, consented)
}

/// Closes keys whose time is over; runs while there are any.
fn keep_time(daemon: &Daemon) {
    let daemon = daemon.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(BETWEEN_SWEEPS).await;
            let swept = daemon.clone();
            let sweep = move || {
                let activations = swept.activations();
                activations.sweep(|pairing| swept.pairing_holds(pairing))
            };
            let Ok((ended, left)) = tokio::task::spawn_blocking(sweep).await else {
                return;
            };
            for (ask, why) in ended {
                daemon.asks().tell(ask, Outcome::Failed(why.into()));
            }
            if left == Left::Nothing {
                return;
            }
        }
    });
}

/// Off the threads that answer calls: tokens take their time.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, CscError> + Send + 'static,
) -> Result<T, CscError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| Code::Internal)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_callers_text_is_shown_without_what_cannot_be_seen() {
        assert_eq!(shown("  Học bạ 6A\u{202e}\u{0}\r\n "), "Học bạ 6A");
        assert_eq!(shown(&"x".repeat(2_000)).len(), LONGEST_DESCRIPTION);
    }
}
