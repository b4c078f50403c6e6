//! Activation data (SAD): what a client holds after a consent, and the open key behind it.
//! In memory alone, so that a restart ends all of it. Does not know what is signed.
//!
//! Activation data belongs to one pairing and one certificate, is for the digests the window
//! showed, and is spent by one call. [`Activations::extend`] gives new data for what is left of
//! them. The key is closed with the last digest, when the time is over, when the pairing ends, when
//! the person cancels, and when the token fails.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use trien::DigestAlgorithm;
use trien_types::CertificateId;

use super::digests::Digests;
use super::{CscError, Version};
use crate::caller::{Caller, PairingId};
use crate::clock::later;
use crate::consent::AskId;
use crate::rejection::Code;
use crate::secret::{Secret, SecretFingerprint};
use crate::token_worker::WorkerKey;

/// How long activation data lives, in seconds.
pub(super) const LIFE_SECONDS: u64 = 300;

/// How long a consent lives through all its extensions: a thousand signatures of a slow card.
const LONGEST: Duration = Duration::from_secs(1800);

/// Transactions that are remembered after their end, so that a client is told that its data has
/// expired and not that there never was any.
const MOST_REMEMBERED: usize = 64;

/// The activation data that lives.
#[derive(Debug, Clone, Default)]
pub struct Activations(Arc<Mutex<Vec<Transaction>>>);

#[derive(Debug)]
struct Transaction {
    sad: SecretFingerprint,
    pairing: PairingId,
    credential: CertificateId,
    algorithm: DigestAlgorithm,
    ask: AskId,
    /// Digests that were consented to and not signed.
    left: BTreeSet<Vec<u8>>,
    /// Those of them that the data in force is for.
    bound: BTreeSet<Vec<u8>>,
    use_of: Use,
    expires: Instant,
    ends: Instant,
    /// None while it signs, and after the end.
    key: Option<WorkerKey>,
}

/// What the data in force was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Unused,
    /// A call has spent it, and signs.
    Signing,
    /// A call has spent it; it may be extended.
    Spent,
    /// It is over.
    Ended,
}

/// What a consent was given for.
#[derive(Debug)]
pub(super) struct Consented {
    pub(super) credential: CertificateId,
    pub(super) ask: AskId,
    pub(super) digests: Digests,
    pub(super) key: WorkerKey,
}

/// Who shows which data for what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'c> {
    pub(super) sad: &'c str,
    pub(super) caller: &'c Caller,
    pub(super) credential: CertificateId,
    pub(super) version: Version,
}

/// A key taken out to sign with; put back or dropped by [`Activations::signed`].
#[derive(Debug)]
pub(super) struct Taken {
    pub(super) key: WorkerKey,
    pub(super) ask: AskId,
    sad: SecretFingerprint,
}

/// Whether something of a consent is left to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Left {
    Some,
    Nothing,
}

impl Activations {
    fn lock(&self) -> MutexGuard<'_, Vec<Transaction>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a transaction.
    pub(super) fn begin(&self, caller: &Caller, given: Consented) -> Result<Secret, CscError> {
        let secret = Secret::new().map_err(|_| Code::Internal)?;
        let now = Instant::now();
        let digests: BTreeSet<Vec<u8>> = given.digests.values.into_iter().collect();
        let transaction = Transaction {
            sad: secret.fingerprint(),
            pairing: caller.pairing,
            credential: given.credential,
            algorithm: given.digests.algorithm,
            ask: given.ask,
            bound: digests.clone(),
            left: digests,
            use_of: Use::Unused,
            expires: later(now, Duration::from_secs(LIFE_SECONDS)),
            ends: later(now, LONGEST),
            key: Some(given.key),
        };
        let mut transactions = self.lock();
        let surplus = transactions.len().saturating_sub(MOST_REMEMBERED);
        let mut passed = 0_usize;
        transactions.retain(|one| {
            let goes = one.use_of == Use::Ended && passed < surplus;
            passed = passed.saturating_add(usize::from(goes));
            !goes
        });
        transactions.push(transaction);
        Ok(secret)
    }

    /// The question whose consent the data comes from, where it is this caller's and something of
    /// it may still be signed.
    pub(super) fn living(&self, sad: &str, caller: &Caller) -> Option<AskId> {
        let given = Secret::parse(sad)?.fingerprint();
        let now = Instant::now();
        let transactions = self.lock();
        let found = transactions.iter().find(|one| one.sad == given)?;
        let lives = match found.use_of {
            Use::Signing => true,
            Use::Unused | Use::Spent => now < found.expires,
            Use::Ended => false,
        };
        (lives && found.pairing == caller.pairing).then_some(found.ask)
    }

    /// The algorithm of the digests that the data is for.
    pub(super) fn algorithm(&self, shown: Shown<'_>) -> Result<DigestAlgorithm, CscError> {
        let mut transactions = self.lock();
        find(&mut transactions, shown).map(|found| found.algorithm)
    }

    /// Takes the key out for these digests, and spends the data with that. Nothing is spent where
    /// it is refused.
    pub(super) fn take(&self, shown: Shown<'_>, digests: &Digests) -> Result<Taken, CscError> {
        let mut transactions = self.lock();
        let found = find(&mut transactions, shown)?;
        if found.use_of != Use::Unused {
            return Err(CscError::expired());
        }
        let authorised = found.algorithm == digests.algorithm
            && digests.values.iter().all(|one| found.bound.contains(one));
        if !authorised {
            return Err(CscError::hash_unauthorised(shown.version));
        }
        let key = found.key.take().ok_or_else(CscError::expired)?;
        found.use_of = Use::Signing;
        for digest in &digests.values {
            found.left.remove(digest);
        }
        Ok(Taken {
            key,
            ask: found.ask,
            sad: found.sad,
        })
    }

    /// Whether the person has taken the consent back while it is used.
    pub(super) fn is_cancelled(&self, taken: &Taken) -> bool {
        let transactions = self.lock();
        let found = transactions.iter().find(|one| one.sad == taken.sad);
        found.is_none_or(|found| found.use_of != Use::Signing)
    }

    /// Puts the key back where something is left to sign. Otherwise it is dropped, which closes it:
    /// this blocks.
    ///
    /// # Errors
    /// The transaction was ended meanwhile: what was signed goes nowhere.
    pub(super) fn signed(&self, taken: Taken) -> Result<Left, CscError> {
        let Taken { key, sad, .. } = taken;
        let mut transactions = self.lock();
        let found = transactions.iter_mut().find(|one| one.sad == sad);
        let Some(found) = found.filter(|found| found.use_of == Use::Signing) else {
            drop(transactions);
            drop(key);
            return Err(Code::Cancelled.into());
        };
        if found.left.is_empty() || Instant::now() >= found.expires {
            found.use_of = Use::Ended;
            drop(transactions);
            drop(key);
            return Ok(Left::Nothing);
        }
        found.use_of = Use::Spent;
        found.key = Some(key);
        Ok(Left::Some)
    }

    /// Ends the transaction of a key that failed, and closes the key: this blocks. Says whether it
    /// was this that ended it.
    pub(super) fn failed(&self, taken: Taken) -> Cancelled {
        let ended = self.end(|one| one.sad == taken.sad);
        drop(taken);
        if ended.is_empty() {
            Cancelled::Nothing
        } else {
            Cancelled::Ended
        }
    }

    /// New data for some of the digests that are left; what was in force is none any more.
    pub(super) fn extend(&self, shown: Shown<'_>, digests: &Digests) -> Result<Secret, CscError> {
        let secret = Secret::new().map_err(|_| Code::Internal)?;
        let mut transactions = self.lock();
        let found = find(&mut transactions, shown)?;
        if !matches!(found.use_of, Use::Unused | Use::Spent) {
            return Err(CscError::expired());
        }
        let authorised = found.algorithm == digests.algorithm
            && digests.values.iter().all(|one| found.left.contains(one));
        if !authorised {
            return Err(CscError::hash_unauthorised(shown.version));
        }
        found.bound = digests.values.iter().cloned().collect();
        found.use_of = Use::Unused;
        found.sad = secret.fingerprint();
        let life = later(Instant::now(), Duration::from_secs(LIFE_SECONDS));
        found.expires = life.min(found.ends);
        Ok(secret)
    }

    /// How many seconds data of this caller is in force for.
    pub(super) fn seconds_left(&self, secret: &Secret) -> u64 {
        let given = secret.fingerprint();
        let now = Instant::now();
        let transactions = self.lock();
        let found = transactions.iter().find(|one| one.sad == given);
        found.map_or(0, |found| {
            // Rounded up: the whole five minutes are five minutes.
            let left = found.expires.saturating_duration_since(now);
            left.saturating_add(Duration::from_millis(999))
                .as_secs()
                .min(LIFE_SECONDS)
        })
    }

    /// Ends what a caller has: one consent at a time. Says which questions it came from. Blocks.
    pub(super) fn end_of_caller(&self, pairing: PairingId) -> Vec<AskId> {
        self.end(|one| one.pairing == pairing)
    }

    /// Ends what came of a question: the person takes it back, or its caller is gone. Says whether
    /// there was something. Blocks.
    #[must_use]
    pub fn cancel(&self, ask: AskId) -> Cancelled {
        if self.end(|one| one.ask == ask).is_empty() {
            Cancelled::Nothing
        } else {
            Cancelled::Ended
        }
    }

    /// Ends what is over in time or whose pairing is. Says which questions it came from and why it
    /// ended, and whether something still lives. Blocks.
    pub(super) fn sweep(&self, holds: impl Fn(PairingId) -> bool) -> (Vec<(AskId, Code)>, Left) {
        let now = Instant::now();
        let is_live = |one: &Transaction| one.use_of != Use::Ended;
        let over: Vec<(SecretFingerprint, Code)> = self
            .lock()
            .iter()
            .filter(|one| is_live(one))
            .filter_map(|one| {
                if !holds(one.pairing) {
                    return Some((one.sad, Code::PairingEnded));
                }
                // What signs ends by itself when it has signed.
                let is_late = one.use_of != Use::Signing && now >= one.expires;
                is_late.then_some((one.sad, Code::ActivationExpired))
            })
            .collect();
        let mut ended = Vec::with_capacity(over.len());
        for (sad, why) in over {
            let asks = self.end(|one| one.sad == sad);
            ended.extend(asks.into_iter().map(|ask| (ask, why)));
        }
        let left = if self.lock().iter().any(is_live) {
            Left::Some
        } else {
            Left::Nothing
        };
        (ended, left)
    }

    /// Ends those that are meant, and says which questions they came from.
    fn end(&self, is_meant: impl Fn(&Transaction) -> bool) -> Vec<AskId> {
        let mut transactions = self.lock();
        let mut keys = Vec::new();
        let mut ended = Vec::new();
        for one in transactions.iter_mut() {
            if is_meant(one) && one.use_of != Use::Ended {
                one.use_of = Use::Ended;
                one.left.clear();
                one.bound.clear();
                keys.extend(one.key.take());
                ended.push(one.ask);
            }
        }
        // Closing a key waits for its token.
        drop(transactions);
        drop(keys);
        ended
    }
}

/// Whether a consent was ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cancelled {
    /// It was, and its key is closed.
    Ended,
    /// There was none that lives.
    Nothing,
}

/// The transaction of the data, if it is this caller's and this credential's and lives. Others' is
/// as unknown as what nobody was given.
fn find<'t>(
    transactions: &'t mut [Transaction],
    shown: Shown<'_>,
) -> Result<&'t mut Transaction, CscError> {
    let unknown = || CscError::invalid("SAD").shown_as(Code::ActivationExpired);
    let given = Secret::parse(shown.sad).ok_or_else(unknown)?.fingerprint();
    let found = transactions
        .iter_mut()
        .find(|one| one.sad == given)
        .filter(|one| one.pairing == shown.caller.pairing && one.credential == shown.credential)
        .ok_or_else(unknown)?;
    if found.use_of == Use::Ended || Instant::now() >= found.expires {
        return Err(CscError::expired());
    }
    Ok(found)
}
