//! What lives as long as the daemon runs, and is shared by everything it does.
//! Does not know HTTP.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use trien::UnixTime;

use crate::config::Config;
use crate::consent::{Ask, AskLimits, AskRefusal, Asks, Awaited, Browser};
use crate::rejection::{Code, Rejection};
use crate::store::{Store, StoreError};

/// The daemon's parts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Daemon(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    config: Config,
    folder: PathBuf,
    port: u16,
    store: Mutex<Store>,
    asks: Asks,
    browser: Browser,
}

impl Daemon {
    /// Opens the store in `folder`, or makes it. `port` is the one that is listened on.
    ///
    /// # Errors
    /// The store cannot be opened.
    pub fn open(config: Config, folder: PathBuf, port: u16) -> Result<Self, StoreError> {
        let store = Store::open_or_create(&folder, now())?;
        let browser = Browser::new(config.browser.clone());
        Ok(Self(Arc::new(Parts {
            config,
            folder,
            port,
            store: Mutex::new(store),
            asks: Asks::new(AskLimits::default()),
            browser,
        })))
    }

    /// The configuration.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The folder of the store and the spool.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        &self.0.folder
    }

    /// The port that is listened on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.0.port
    }

    /// The daemon's own origin, with the address that it tells people and browsers.
    #[must_use]
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.0.port)
    }

    /// The questions that wait.
    #[must_use]
    pub fn asks(&self) -> &Asks {
        &self.0.asks
    }

    /// Puts a question and opens its window.
    ///
    /// # Errors
    /// The caller has a question that waits, too many wait, or no window can be opened.
    pub fn ask(&self, ask: Ask) -> Result<Awaited, Rejection> {
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

    /// Does something with the store, off the threads that answer calls.
    ///
    /// # Errors
    /// What it does fails, or the thread ended.
    pub async fn with_store<T, E>(
        &self,
        action: impl FnOnce(&mut Store, UnixTime) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let parts = Arc::clone(&self.0);
        let task = tokio::task::spawn_blocking(move || {
            let mut store = parts.store.lock().unwrap_or_else(PoisonError::into_inner);
            action(&mut store, now())
        });
        match task.await {
            Ok(result) => result,
            Err(_) => Err(StoreError::Busy.into()),
        }
    }

    /// As [`Daemon::with_store`], on a thread that may wait.
    ///
    /// # Errors
    /// What it does fails.
    pub fn with_store_blocking<T>(&self, action: impl FnOnce(&mut Store, UnixTime) -> T) -> T {
        let mut store = self.0.store.lock().unwrap_or_else(PoisonError::into_inner);
        action(&mut store, now())
    }

    /// The time: this is the edge where it comes in.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        now()
    }
}

fn now() -> UnixTime {
    #[expect(
        clippy::disallowed_methods,
        reason = "the daemon's edge: time goes in from here"
    )]
    let now = SystemTime::now();
    let seconds = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    UnixTime::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX))
}
