//! `signatures/signHash`: signs digests that a consent was given for.
//! Does not know what they are of.

use std::collections::VecDeque;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trien::SignatureScheme;
use trien_types::Digest;

use super::activation::{Cancelled, Left, Shown, Taken};
use super::authorize::tell_of;
use super::credential::Credential;
use super::digests::Digests;
use super::parameters::Parameters;
use super::{Call, CscError, algorithm};
use crate::consent::Outcome;
use crate::rejection::{Code, Rejection};
use crate::store::SigningEvent;

/// Signatures that the token has at a time: while it makes one, the next waits at its door.
const AT_THE_TOKEN: usize = 2;

/// `signatures/signHash`. Blocks while the token signs.
///
/// # Errors
/// The data is not for this, the algorithm is none of the key's, or the token fails. Nothing is
/// given out then.
pub fn sign_hashes(call: &Call, parameters: &Parameters<'_>) -> Result<Value, CscError> {
    parameters.refuse_secrets()?;
    let sad = parameters.required_string("SAD")?;
    let signed = sign(call, parameters, &sad);
    let values = signed.inspect_err(|error| tell_of(call, &sad, error))?;
    let values: Vec<String> = values.iter().map(|value| STANDARD.encode(value)).collect();
    Ok(json!({ "signatures": values }))
}

fn sign(call: &Call, parameters: &Parameters<'_>, sad: &str) -> Result<Vec<Vec<u8>>, CscError> {
    let credential = Credential::named(call, parameters)?;
    refuse_asynchronous(parameters)?;
    let hashes = parameters.required_hashes()?;
    let scheme = algorithm::scheme(parameters, credential.digest_schemes())?;
    let digests = Digests::new(hashes, Some(scheme.digest_algorithm()))?;
    credential.check_usable(call.daemon.now(), call.version)?;
    let shown = Shown {
        sad,
        caller: &call.caller,
        credential: credential.id(),
        version: call.version,
    };
    let activations = call.daemon.activations();
    let mut taken = activations.take(shown, &digests)?;
    let ask = taken.ask;
    match values(call, &mut taken, scheme, &digests) {
        Ok(values) => {
            let event = SigningEvent::DigestsSigned {
                certificate: credential.id(),
                digests: digests.values.clone(),
            };
            // What the log does not tell of is not given out.
            if let Err(error) = call.daemon.note(&event, call.caller.pairing) {
                let error = Rejection::from(error).code().into();
                end_failed(call, taken, &error);
                return Err(error);
            }
            tell_end(call, ask, activations.signed(taken)?);
            Ok(values)
        }
        Err(error) => {
            end_failed(call, taken, &error);
            tracing::warn!(
                code = error.shown().code().name(),
                "digests were not signed"
            );
            Err(error)
        }
    }
}

/// Tells the window whether all of it is signed.
pub(super) fn tell_end(call: &Call, ask: crate::consent::AskId, left: Left) {
    call.daemon.asks().tell(
        ask,
        match left {
            Left::Some => Outcome::Underway(None),
            Left::Nothing => Outcome::Done,
        },
    );
}

/// Ends what failed after the data was spent, and tells the window why. Where somebody else ended it
/// meanwhile, they tell.
pub(super) fn end_failed(call: &Call, taken: Taken, error: &CscError) {
    let ask = taken.ask;
    if call.daemon.activations().failed(taken) == Cancelled::Ended {
        let failed = Outcome::Failed(error.shown().clone());
        call.daemon.asks().tell(ask, failed);
    }
}

fn values(
    call: &Call,
    taken: &mut Taken,
    scheme: SignatureScheme,
    digests: &Digests,
) -> Result<Vec<Vec<u8>>, CscError> {
    let of_token = |error| CscError::of_token(&error, call.version);
    let mut values = Vec::with_capacity(digests.values.len());
    let mut pending = VecDeque::with_capacity(AT_THE_TOKEN);
    for octets in &digests.values {
        if call.daemon.activations().is_cancelled(taken) {
            return Err(Code::Cancelled.into());
        }
        let digest = Digest::new(digests.algorithm, octets.clone())
            .map_err(|_| CscError::request("Invalid digest value length"))?;
        pending.push_back(taken.key.start_digest(scheme, &digest).map_err(of_token)?);
        if pending.len() >= AT_THE_TOKEN
            && let Some(first) = pending.pop_front()
        {
            values.push(first.wait().map_err(of_token)?);
        }
    }
    for one in pending {
        values.push(one.wait().map_err(of_token)?);
    }
    Ok(values)
}

/// There is nothing to poll for: answers come when they are there.
pub(super) fn refuse_asynchronous(parameters: &Parameters<'_>) -> Result<(), CscError> {
    match parameters.string("operationMode")?.as_deref() {
        None | Some("S") => Ok(()),
        Some(_) => Err(CscError::invalid("operationMode").shown_as(Code::RequestMalformed)),
    }
}
