//! Several time-stamping authorities in turn, with pauses.
//! Knows no time-stamp response: a check that the caller gives says whether an answer is one.

use std::error::Error;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use trien_types::{Purpose, Transport, TransportError, TransportRequest};

use crate::NetError;

/// The check that takes any answer, for [`FailOver::new`].
///
/// # Errors
/// None, ever.
pub const fn any_answer(_request: &[u8], _answer: &[u8]) -> Result<(), TransportError> {
    Ok(())
}

/// How often and how soon. Start from [`FailOverSettings::default`]. Where all authorities are
/// silent, a request lasts as long as their time-outs in every round together, and the pauses.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailOverSettings {
    /// How often the whole list is gone through.
    pub rounds: NonZeroU32,
    /// The pause before the second round; each further one is twice as long.
    pub pause: Duration,
}

impl Default for FailOverSettings {
    /// FIELD.md 5: three tries with pauses of 2 and 4 s.
    fn default() -> Self {
        Self {
            rounds: NonZeroU32::MIN.saturating_add(2),
            pause: Duration::from_secs(2),
        }
    }
}

/// One attempt that failed.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedAttempt {
    /// Which authority.
    pub url: String,
    /// In which round, from 1.
    pub round: u32,
    /// How.
    pub error: TransportError,
}

/// No authority gave a usable answer.
#[derive(Debug)]
pub struct FailOverError {
    attempts: Vec<FailedAttempt>,
}

impl FailOverError {
    /// Every attempt in the order made; none where the list is empty.
    #[must_use]
    pub fn attempts(&self) -> &[FailedAttempt] {
        &self.attempts
    }

    /// The `FailOverError` behind a transport's error, where there is one.
    #[must_use]
    pub fn of(error: &TransportError) -> Option<&Self> {
        error.source()?.downcast_ref()
    }
}

impl fmt::Display for FailOverError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no time-stamping authority answered")?;
        for (position, attempt) in self.attempts.iter().enumerate() {
            let separator = if position == 0 { ": " } else { "; " };
            match NetError::of(&attempt.error) {
                Some(error) => write!(formatter, "{separator}{error}")?,
                None => match attempt.error.source() {
                    Some(source) => write!(formatter, "{separator}{}: {source}", attempt.url)?,
                    None => write!(formatter, "{separator}{}", attempt.url)?,
                },
            }
        }
        Ok(())
    }
}

impl Error for FailOverError {}

/// Sends time-stamp requests to the authorities of a list, one after the other, until one
/// answers. The last one that did is asked first the next time. Other requests pass.
#[derive(Debug)]
pub struct FailOver<T> {
    inner: T,
    urls: Vec<String>,
    check: fn(&[u8], &[u8]) -> Result<(), TransportError>,
    settings: FailOverSettings,
    preferred: AtomicUsize,
}

impl<T> FailOver<T> {
    /// The authorities at `urls`, in this order. A time-stamp request's own address is not used.
    /// `check` gets the octets of a request and its answer: where it fails, the next authority is
    /// asked and this one not again.
    #[must_use]
    pub fn new<'a>(
        inner: T,
        urls: impl IntoIterator<Item = &'a str>,
        check: fn(&[u8], &[u8]) -> Result<(), TransportError>,
        settings: FailOverSettings,
    ) -> Self {
        Self {
            inner,
            urls: urls.into_iter().map(str::to_owned).collect(),
            check,
            settings,
            preferred: AtomicUsize::new(0),
        }
    }

    /// The authorities, the first choice first.
    #[must_use]
    pub fn urls(&self) -> &[String] {
        &self.urls
    }
}

impl<T: Transport> FailOver<T> {
    fn stamp(&self, body: &[u8]) -> Result<Vec<u8>, FailOverError> {
        let first = self.preferred.load(Ordering::Relaxed);
        let in_turn = self.urls.iter().enumerate().cycle().skip(first);
        let mut candidates: Vec<(usize, &String)> = in_turn.take(self.urls.len()).collect();
        let mut attempts = Vec::new();
        let mut pause = self.settings.pause;
        for round in 1..=self.settings.rounds.get() {
            if candidates.is_empty() {
                break;
            }
            if round > 1 {
                std::thread::sleep(pause);
                pause = pause.saturating_mul(2);
            }
            let mut again = Vec::new();
            for (position, url) in candidates {
                match self.attempt(url, body) {
                    Ok(answer) => {
                        self.preferred.store(position, Ordering::Relaxed);
                        return Ok(answer);
                    }
                    Err(error) => {
                        let retriable =
                            NetError::of(&error).is_some_and(|error| error.kind().is_retriable());
                        if retriable {
                            again.push((position, url));
                        }
                        attempts.push(FailedAttempt {
                            url: url.clone(),
                            round,
                            error,
                        });
                    }
                }
            }
            candidates = again;
        }
        Err(FailOverError { attempts })
    }

    fn attempt(&self, url: &str, body: &[u8]) -> Result<Vec<u8>, TransportError> {
        let request = TransportRequest::new(Purpose::TimeStamp, url, body);
        let answer = self.inner.exchange(request)?;
        (self.check)(body, &answer)?;
        Ok(answer)
    }
}

impl<T: Transport> Transport for FailOver<T> {
    fn exchange(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        if request.purpose == Purpose::TimeStamp {
            self.stamp(request.body).map_err(TransportError::new)
        } else {
            self.inner.exchange(request)
        }
    }
}
