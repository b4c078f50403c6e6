//! Answers kept on disk until they are to be replaced.
//! Knows nothing of what the octets mean: a function of the caller reads their expiry. What is
//! kept is no more trusted than what comes over HTTP: its own signature decides.

mod entry;
mod store;

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use trien_types::{Purpose, Transport, TransportError, TransportRequest, UnixTime};

use entry::Entry;
use store::Store;

/// What becomes of an answer whose time is over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expired {
    /// It is not used.
    #[default]
    Never,
    /// It is used when the service cannot be reached. Whoever judges sees how old it is.
    WhenUnreachable,
}

/// How much is kept and how long. Start from [`CacheSettings::default`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheSettings {
    /// Octets of all answers together; the oldest ones make room.
    pub octets: u64,
    /// Octets of one answer; larger ones are not kept.
    pub answer_octets: u64,
    /// Seconds an answer is used at most, whatever it says itself: a list that names a day in the
    /// next century must not hide a revocation until then.
    pub longest_seconds: i64,
    /// What becomes of answers whose time is over.
    pub expired: Expired,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self {
            octets: 512 * 1024 * 1024,
            // `Limits::crl_octets`.
            answer_octets: 64 * 1024 * 1024,
            longest_seconds: 7 * 86_400,
            expired: Expired::default(),
        }
    }
}

/// The folder of a cache cannot be used.
#[derive(Debug)]
pub struct CacheError {
    folder: PathBuf,
    source: io::Error,
}

impl fmt::Display for CacheError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.folder.display();
        write!(
            formatter,
            "cannot keep answers in {folder}: choose another folder"
        )
    }
}

impl Error for CacheError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

/// Keeps the answers of `inner` in a folder, which processes may share. Time stamps are never
/// kept. A folder that fails later on costs requests, not answers.
pub struct CachedTransport<T> {
    inner: T,
    store: Store,
    settings: CacheSettings,
    expiry_of: fn(Purpose, &[u8]) -> Option<UnixTime>,
    clock: Box<dyn Fn() -> UnixTime + Send + Sync>,
}

impl<T: fmt::Debug> fmt::Debug for CachedTransport<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("CachedTransport")
            .field("inner", &self.inner)
            .field("store", &self.store)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<T> CachedTransport<T> {
    /// Uses `folder`, making it where it does not exist. `expiry_of` says until when an answer may
    /// be used; `None` keeps it out. `clock` tells the time.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn open(
        inner: T,
        folder: &Path,
        settings: CacheSettings,
        expiry_of: fn(Purpose, &[u8]) -> Option<UnixTime>,
        clock: impl Fn() -> UnixTime + Send + Sync + 'static,
    ) -> Result<Self, CacheError> {
        let store = Store::open(folder).map_err(|source| CacheError {
            folder: folder.to_owned(),
            source,
        })?;
        Ok(Self {
            inner,
            store,
            settings,
            expiry_of,
            clock: Box::new(clock),
        })
    }

    /// Keeps an answer where it may be kept. The folder's failure is not the request's.
    fn keep(&self, request: TransportRequest<'_>, answer: &[u8], now: UnixTime) {
        let Some(expiry) = (self.expiry_of)(request.purpose, answer) else {
            return;
        };
        let until = expiry.min(now.plus_seconds(self.settings.longest_seconds));
        let octets = u64::try_from(answer.len()).unwrap_or(u64::MAX);
        if until <= now || octets > self.settings.answer_octets.min(self.settings.octets) {
            return;
        }
        let entry = Entry::new(request, until, answer);
        let _kept = self.store.write(&entry, self.settings.octets);
    }
}

impl<T: Transport> Transport for CachedTransport<T> {
    fn exchange(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError> {
        if request.purpose == Purpose::TimeStamp {
            return self.inner.exchange(request);
        }
        let now = (self.clock)();
        let kept = self.store.read(request, self.settings.answer_octets);
        match kept {
            Some(entry) if now < entry.until => Ok(entry.answer),
            expired => match (self.inner.exchange(request), expired) {
                (Ok(answer), _) => {
                    self.keep(request, &answer, now);
                    Ok(answer)
                }
                (Err(_), Some(entry)) if self.settings.expired == Expired::WhenUnreachable => {
                    Ok(entry.answer)
                }
                (Err(error), _) => Err(error),
            },
        }
    }
}
