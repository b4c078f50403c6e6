//! Requests of pages and programs to be paired: from the question to the word that lets them in.
//! Does not know HTTP, nor what the window looks like.
//!
//! A page is known by its origin, which its browser vouches for; it is given a key with which it can
//! check that it talks to this daemon. A program is known by a token.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use tokio::time::Instant;

use crate::caller::{Origin, PairingId};
use crate::clock::later;
use crate::consent::{Answer, Ask, Awaited, Outcome, Subject};
use crate::daemon::Daemon;
use crate::rate::{Allowance, Buckets};
use crate::rejection::{Code, Rejection};
use crate::secret::{NoRandomness, Secret, SecretFingerprint};
use crate::store::{Actor, NewPairing, ShortText, StoreError};

/// How long the answer can be fetched after it was given.
const KEPT_FOR: Duration = Duration::from_secs(600);
/// Questions of strangers that wait at the same time: a page that asks from a hundred origins must
/// not open a hundred windows, and of two windows side by side the wrong one is answered.
const MOST_WAITING: usize = 1;
/// Windows for one stranger: three, then one every two minutes.
const PROMPTS_OF_ONE: Allowance = Allowance::new(3, Duration::from_secs(120));
/// Windows for all strangers together: eight, then one a minute.
const PROMPTS_OF_ALL: Allowance = Allowance::new(8, Duration::from_secs(60));
/// Strangers that are told apart.
const MOST_STRANGERS: usize = 128;

/// What the proof is of, before all else that is hashed.
const PROOF_CONTEXT: &[u8] = b"triend.proof/1\0";
/// What a browser's key is made of, before all else that is hashed.
const KEY_CONTEXT: &[u8] = b"triend.proof-key/1\0";

/// The requests that wait or whose answer has not been fetched.
#[derive(Debug, Clone)]
pub struct PairingRequests(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    requests: Mutex<BTreeMap<[u8; 32], Request>>,
    prompts_of_one: Buckets<Option<Origin>>,
    prompts_of_all: Buckets<()>,
}

#[derive(Debug)]
struct Request {
    origin: Option<Origin>,
    state: PairingState,
    ends: Instant,
}

/// What became of a request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum PairingState {
    /// The user has not answered.
    Waiting,
    /// The user said yes. What is given is given once.
    Approved(Option<Given>),
    /// The user said no.
    Refused,
    /// Nobody answered in time.
    Expired,
    /// It could not be written.
    Failed,
}

/// What goes to whoever was paired.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Given {
    /// To a page: the key of the proofs, in this browser.
    ProofKey(ProofKey),
    /// To a program: the word for `Authorization: Bearer`.
    Token(Secret),
}

/// The key with which one browser tells the daemon from a program that took its port. Made anew for
/// each that asks, and never given twice: whoever pretends to be the page gets one of his own, with
/// which he proves nothing to anybody else.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ProofKey {
    /// What the browser names it by. Tells nothing of the key.
    pub name: Secret,
    /// The key.
    pub key: Secret,
}

impl ProofKey {
    /// A new one under what is kept of a pairing.
    ///
    /// # Errors
    /// The system gives no random octets.
    pub fn new(kept: &[u8; 32]) -> Result<Self, NoRandomness> {
        let name = Secret::new()?;
        let key = key_of_name(kept, &name);
        Ok(Self { name, key })
    }
}

/// The key with this name, under what is kept of a pairing: HMAC-SHA-256, so that nothing else has to
/// be kept of it.
#[must_use]
pub fn key_of_name(kept: &[u8; 32], name: &Secret) -> Secret {
    Secret::from_octets(mac(kept, &[KEY_CONTEXT, name.as_octets()]))
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        // HMAC takes keys of any length.
        return [0; 32];
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

impl Default for PairingRequests {
    fn default() -> Self {
        Self(Arc::new(Inner {
            requests: Mutex::default(),
            prompts_of_one: Buckets::new(PROMPTS_OF_ONE, MOST_STRANGERS),
            prompts_of_all: Buckets::new(PROMPTS_OF_ALL, 1),
        }))
    }
}

/// Asks the user whether a page or program may call. Gives the word with which the caller asks
/// what became of it.
///
/// # Errors
/// It asks already, too many ask, or no window can be opened.
pub fn begin(
    daemon: &Daemon,
    origin: Option<Origin>,
    name: &ShortText,
) -> Result<Secret, Rejection> {
    let word = Secret::new().map_err(|_| Code::Internal)?;
    let requests = daemon.pairing_requests();
    let now = Instant::now();
    {
        // Held until the request stands there: two that come together are one too many.
        let mut inner = requests.swept(now);
        let waiting = inner
            .values()
            .filter(|request| matches!(request.state, PairingState::Waiting));
        if waiting.count() >= MOST_WAITING {
            // Also where another asked: the person has a window to answer before the next one opens.
            return Err(Code::ConsentPending.into());
        }
        let limits = &requests.0;
        if limits.prompts_of_one.take(origin.clone(), now).is_err()
            || limits.prompts_of_all.take((), now).is_err()
        {
            return Err(Code::TooManyRequests.into());
        }
        let request = Request {
            origin: origin.clone(),
            state: PairingState::Waiting,
            ends: later(now, KEPT_FOR),
        };
        inner.insert(*word.fingerprint().as_octets(), request);
    }
    let ask = Ask {
        caller: None,
        subject: Subject::Pairing {
            origin: origin.clone(),
            name: name.as_str().to_owned(),
        },
    };
    match daemon.ask(ask) {
        Ok(awaited) => {
            let (daemon, name, id) = (daemon.clone(), name.clone(), word.fingerprint());
            tokio::spawn(async move {
                let state = conclude(&daemon, origin, name, awaited).await;
                daemon.pairing_requests().settle(id, state);
            });
            Ok(word)
        }
        Err(rejection) => {
            requests.forget(word.fingerprint());
            Err(rejection)
        }
    }
}

/// What became of a request of this origin, or of a program. What is given comes once.
///
/// # Errors
/// There is no such request of this caller.
pub fn outcome(
    daemon: &Daemon,
    word: &Secret,
    origin: Option<&Origin>,
) -> Result<PairingState, Rejection> {
    let mut inner = daemon.pairing_requests().swept(Instant::now());
    let request = inner
        .get_mut(word.fingerprint().as_octets())
        .filter(|request| request.origin.as_ref() == origin)
        .ok_or(Code::PairingUnknown)?;
    let state = request.state.clone();
    if let PairingState::Approved(given) = &mut request.state {
        *given = None;
    }
    Ok(state)
}

async fn conclude(
    daemon: &Daemon,
    origin: Option<Origin>,
    name: ShortText,
    awaited: Awaited,
) -> PairingState {
    let ask = awaited.id();
    match awaited.answer().await {
        Answer::Approved(_) => {
            let paired =
                daemon.with_store(move |store, now| pair(store, origin, name, Actor::Program, now));
            let (state, outcome) = match paired.await {
                Ok((_, given)) => (PairingState::Approved(Some(given)), Outcome::Done),
                Err(error) => {
                    tracing::error!(cause = %error, "a pairing could not be written");
                    (PairingState::Failed, Outcome::Failed(error.into()))
                }
            };
            daemon.asks().tell(ask, outcome);
            state
        }
        Answer::Refused => PairingState::Refused,
        Answer::Expired | Answer::Closed => PairingState::Expired,
    }
}

/// Gives a page that is paired a key, without asking: its origin may call already, in every browser.
/// What it lacks is how to tell this daemon from another program.
///
/// # Errors
/// The pairing cannot be read, or no secret can be made.
pub fn key_of_paired(daemon: &Daemon, pairing: PairingId) -> Result<ProofKey, StoreError> {
    let kept = daemon.proof_key_of(pairing)?;
    ProofKey::new(&kept).map_err(|_| StoreError::NoRandomness)
}

/// Pairs, without asking. A page in a second browser is given a key under the pairing it has.
///
/// # Errors
/// The store cannot be written, or no secret can be made.
pub fn pair(
    store: &mut crate::store::Store,
    origin: Option<Origin>,
    name: ShortText,
    actor: Actor,
    now: trien::UnixTime,
) -> Result<(PairingId, Given), StoreError> {
    let secret = Secret::new().map_err(|_| StoreError::NoRandomness)?;
    let Some(origin) = origin else {
        let token = secret.fingerprint();
        let id = store.add_pairing(&NewPairing::Program { name, token }, actor, now)?;
        return Ok((id, Given::Token(secret)));
    };
    let id = match store.pairing_of_origin(&origin)? {
        Some(present) => present.id,
        None => {
            let new = NewPairing::Page {
                origin,
                name,
                proof_key: *secret.as_octets(),
            };
            store.add_pairing(&new, actor, now)?
        }
    };
    let key = ProofKey::new(&store.proof_key_of(id)?).map_err(|_| StoreError::NoRandomness)?;
    Ok((id, Given::ProofKey(key)))
}

/// Shows that this is the daemon that paired: HMAC-SHA-256 (RFC 2104) over the port that is
/// listened on and the caller's nonce, base64url. A program that took the port cannot make it, nor
/// fetch it from the daemon on another port.
#[must_use]
pub fn proof(key: &[u8; 32], port: u16, nonce: &str) -> String {
    let port = port.to_string();
    URL_SAFE_NO_PAD.encode(mac(
        key,
        &[PROOF_CONTEXT, port.as_bytes(), b"\0", nonce.as_bytes()],
    ))
}

impl PairingRequests {
    fn swept(&self, now: Instant) -> MutexGuard<'_, BTreeMap<[u8; 32], Request>> {
        let requests = &self.0.requests;
        let mut inner = requests.lock().unwrap_or_else(PoisonError::into_inner);
        inner.retain(|_, request| request.ends > now);
        inner
    }

    fn settle(&self, id: SecretFingerprint, state: PairingState) {
        let now = Instant::now();
        if let Some(request) = self.swept(now).get_mut(id.as_octets()) {
            request.state = state;
            request.ends = later(now, KEPT_FOR);
        }
    }

    fn forget(&self, id: SecretFingerprint) {
        self.swept(Instant::now()).remove(id.as_octets());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_is_of_one_key_one_port_and_one_nonce() {
        // Computed with Python's hmac module, as is the key's below.
        let expected = "7MrREPligdTh9xR2lDadWQoe_Lm8AT9BpCctZjNCuJ4";
        assert_eq!(proof(&[7; 32], 14741, "abcdefghijklmnop"), expected);
        for other in [
            proof(&[8; 32], 14741, "abcdefghijklmnop"),
            proof(&[7; 32], 14742, "abcdefghijklmnop"),
            proof(&[7; 32], 14741, "abcdefghijklmnoq"),
        ] {
            assert_ne!(other, expected);
        }
        let name = Secret::from_octets([9; 32]);
        let key = key_of_name(&[7; 32], &name);
        assert_eq!(key.reveal(), "rmFzKoncsRf1xyU1qF6ahBGSvLPs-l19dhWIKe1UonM");
    }
}
