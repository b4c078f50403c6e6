//! How many calls a caller may make.
//! Does not know what they do.

use std::time::Duration;

use tokio::time::Instant;

use super::gate::{Kind, Passage};
use crate::caller::{Origin, PairingId};
use crate::rate::{Allowance, Buckets, TooOften};

/// A class of a thousand documents comes in a thousand calls, and a page that shows how far it is
/// asks a few times a second: 4,000 at once, then 500 a second.
const OF_THE_PAIRED: Allowance = Allowance::new(4000, Duration::from_millis(2));
/// Who is not paired asks whether we are here, and how far its pairing is.
const OF_STRANGERS: Allowance = Allowance::new(60, Duration::from_millis(500));
/// Callers that are told apart, of each kind.
const MOST_KEYS: usize = 256;

/// The calls of everybody.
#[derive(Debug)]
pub(super) struct CallRates {
    paired: Buckets<PairingId>,
    own_pages: Buckets<()>,
    strangers: Buckets<Option<Origin>>,
    guesses: Buckets<Option<Origin>>,
}

impl Default for CallRates {
    fn default() -> Self {
        Self {
            paired: Buckets::new(OF_THE_PAIRED, MOST_KEYS),
            own_pages: Buckets::new(OF_THE_PAIRED, 1),
            strangers: Buckets::new(OF_STRANGERS, MOST_KEYS),
            guesses: Buckets::new(OF_STRANGERS, MOST_KEYS),
        }
    }
}

impl CallRates {
    /// Counts a call. Programs without a word are one stranger.
    pub(super) fn take(&self, passage: &Passage, now: Instant) -> Result<(), TooOften> {
        match &passage.caller {
            Some(caller) => self.paired.take(caller.pairing, now),
            // Previews alone are hundreds of calls.
            None if passage.kind == Kind::OwnPage => self.own_pages.take((), now),
            None => self.strangers.take(passage.page.clone(), now),
        }
    }

    /// Counts a call that tried a word which lets nobody in: as often as strangers call, and apart
    /// from them, so that who guesses keeps nobody from pairing.
    pub(super) fn take_guess(&self, from: Option<Origin>, now: Instant) -> Result<(), TooOften> {
        self.guesses.take(from, now)
    }
}
