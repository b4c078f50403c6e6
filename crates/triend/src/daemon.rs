//! What lives as long as the daemon runs, and is shared by everything it does.
//! Does not know HTTP.

mod asking;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use trien::UnixTime;

use crate::anchors;
use crate::caller::{Caller, Origin, PairingId};
use crate::clock::now;
use crate::config::Config;
use crate::consent::{AskLimits, Asks, Browser};
use crate::csc::Activations;
use crate::job::Jobs;
use crate::pairing::{PairingRequests, key_of_name};
use crate::preview::Previews;
use crate::rate::{Allowance, Buckets};
use crate::secret::{Secret, SecretFingerprint};
use crate::stop::Stop;
use crate::store::{Pairing, SigningEvent, Store, StoreError};
use crate::token_worker::{TokenService, TokenServiceSettings};
use crate::verification::Verifications;

/// The daemon's parts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Daemon(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    config: Config,
    folder: PathBuf,
    port: u16,
    store: Mutex<Store>,
    /// A connection of its own for the gate: every call asks, and none waits for a long change.
    pairings: Mutex<Store>,
    pairing_requests: PairingRequests,
    asks: Asks,
    prompts: Buckets<PairingId>,
    browser: Browser,
    jobs: Jobs,
    tokens: TokenService,
    stop: Stop,
    previews: Previews,
    activations: Activations,
    verifications: Verifications,
}

/// Windows for one caller that is paired: thirty, then one every five seconds. Nobody answers more.
const PROMPTS_OF_ONE: Allowance = Allowance::new(30, Duration::from_secs(5));
/// Callers whose windows are counted apart.
const MOST_CALLERS: usize = 256;
/// How often jobs are looked for whose time is over.
const BETWEEN_SWEEPS: Duration = Duration::from_secs(60);

impl Daemon {
    /// Opens the store in `folder`, or makes it. `port` is the one that is listened on.
    ///
    /// # Errors
    /// The store or the spool cannot be opened.
    pub fn open(config: Config, folder: PathBuf, port: u16) -> Result<Self, StoreError> {
        let settings = TokenServiceSettings::new(config.modules.clone())
            .map_err(|error| StoreError::File(folder.clone(), error))?;
        Self::open_with_tokens(config, folder, port, TokenService::new(settings))
    }

    /// As [`Daemon::open`], with these tokens.
    ///
    /// # Errors
    /// As there.
    pub fn open_with_tokens(
        mut config: Config,
        folder: PathBuf,
        port: u16,
        tokens: TokenService,
    ) -> Result<Self, StoreError> {
        let mut store = Store::open_or_create(&folder, now())?;
        let pairings = Store::open(&folder, now())?;
        let spool = folder.join("spool");
        let jobs = Jobs::open(spool.clone(), &mut store, now())
            .map_err(|error| StoreError::File(spool, error))?;
        if config.anchors.is_none() {
            let own = folder.join("anchors");
            anchors::make_folder(&own).map_err(|error| StoreError::File(own.clone(), error))?;
            config.anchors = Some(own);
        }
        let browser = Browser::new(config.browser.clone());
        let daemon = Self(Arc::new(Parts {
            config,
            folder,
            port,
            store: Mutex::new(store),
            pairings: Mutex::new(pairings),
            pairing_requests: PairingRequests::default(),
            asks: Asks::new(AskLimits::default()),
            prompts: Buckets::new(PROMPTS_OF_ONE, MOST_CALLERS),
            browser,
            previews: Previews::new(),
            verifications: Verifications::default(),
            jobs,
            tokens,
            stop: Stop::default(),
            activations: Activations::default(),
        }));
        daemon.sweep_from_time_to_time();
        Ok(daemon)
    }

    /// Jobs whose time is over go, also when nobody calls.
    fn sweep_from_time_to_time(&self) {
        let parts = Arc::downgrade(&self.0);
        std::thread::spawn(move || {
            while let Some(parts) = parts.upgrade() {
                let daemon = Self(parts);
                daemon.jobs().sweep(&daemon);
                drop(daemon);
                std::thread::sleep(BETWEEN_SWEEPS);
            }
        });
    }

    /// The jobs until they are collected.
    #[must_use]
    pub fn jobs(&self) -> &Jobs {
        &self.0.jobs
    }

    /// The tokens of this machine.
    #[must_use]
    pub fn tokens(&self) -> &TokenService {
        &self.0.tokens
    }

    /// What was consented to over the API of the Cloud Signature Consortium.
    #[must_use]
    pub fn activations(&self) -> &Activations {
        &self.0.activations
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

    /// The end of the daemon. A job takes a hold on it while it signs a document, and signs no
    /// further one once it has begun.
    #[must_use]
    pub fn stop(&self) -> &Stop {
        &self.0.stop
    }

    /// The requests to be paired.
    #[must_use]
    pub fn pairing_requests(&self) -> &PairingRequests {
        &self.0.pairing_requests
    }

    /// Pages of an origin, as they may call; none where it is not paired. The database is asked
    /// each time, so that a revocation holds from the next call on.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn caller_of_origin(&self, origin: &Origin) -> Result<Option<Caller>, StoreError> {
        let store = self.pairings();
        let pairing = store.pairing_of_origin(origin)?;
        pairing.map(|pairing| caller(&store, pairing)).transpose()
    }

    /// The program with a token, as it may call; none where it is not paired.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn caller_of_token(&self, token: &SecretFingerprint) -> Result<Option<Caller>, StoreError> {
        let store = self.pairings();
        let pairing = store.pairing_of_token(token)?;
        pairing.map(|pairing| caller(&store, pairing)).transpose()
    }

    /// Whether a pairing still lets anybody in.
    #[must_use]
    pub fn pairing_holds(&self, id: PairingId) -> bool {
        self.pairings().pairing_holds(id).unwrap_or(false)
    }

    /// The origin of a pairing that has ended; none where it holds, or was a program's.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn origin_of_ended(&self, id: PairingId) -> Result<Option<Origin>, StoreError> {
        let ended = self.pairings().ended_pairing(id)?;
        Ok(ended.and_then(|pairing| pairing.origin))
    }

    /// Whether this was the pairing of a program, and has ended.
    #[must_use]
    pub fn is_ended_program(&self, id: PairingId) -> bool {
        let ended = self.pairings().ended_pairing(id);
        matches!(ended, Ok(Some(pairing)) if pairing.origin.is_none())
    }

    /// Shows the holder of a pairing that this is the daemon that paired, under the key with this
    /// name. Without one it is under what is kept of the pairing itself, which a program has.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn proof(
        &self,
        id: PairingId,
        key_name: Option<&Secret>,
        nonce: &str,
    ) -> Result<String, StoreError> {
        let kept = self.proof_key_of(id)?;
        let named = key_name.map(|name| key_of_name(&kept, name));
        let key = named.as_ref().map_or(&kept, Secret::as_octets);
        Ok(crate::pairing::proof(key, self.port(), nonce))
    }

    /// What is kept of a pairing to make its proofs.
    ///
    /// # Errors
    /// The database cannot be read, or there is no such pairing.
    pub fn proof_key_of(&self, id: PairingId) -> Result<[u8; 32], StoreError> {
        self.pairings().proof_key_of(id)
    }

    fn pairings(&self) -> MutexGuard<'_, Store> {
        self.0
            .pairings
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws pages.
    #[must_use]
    pub fn previews(&self) -> &Previews {
        &self.0.previews
    }

    /// The verifications under way.
    #[must_use]
    pub fn verifications(&self) -> &Verifications {
        &self.0.verifications
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

    /// Writes into the log what a caller brought about with a key. Blocks.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn note(&self, event: &SigningEvent, caller: PairingId) -> Result<(), StoreError> {
        self.with_store_blocking(|store, now| store.add_signing_event(event, caller, now))
            .inspect_err(|error| tracing::error!(%error, "the log could not be written"))
    }

    /// The time: this is the edge where it comes in.
    #[must_use]
    pub fn now(&self) -> UnixTime {
        now()
    }
}

fn caller(store: &Store, pairing: Pairing) -> Result<Caller, StoreError> {
    Ok(Caller {
        rights: store.rights_of_pairing(pairing.id)?,
        pairing: pairing.id,
        origin: pairing.origin,
        name: pairing.name.as_str().to_owned(),
    })
}
