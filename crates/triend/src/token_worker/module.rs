//! One module of a service: its worker, started when needed and again after it ended, and its last
//! report.
//! Knows nothing of other modules, and opens no key.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::time::Instant;
use trien_token::{ModuleFileError, ModuleLocation, ModuleOrigin, find_modules};

use super::error::{Asked, TokenServiceError};
use super::message::{Reply, Request};
use super::report::{ModuleReport, TokenReport};
use super::service::Service;
use super::settings::{ModuleSearch, TokenServiceSettings};
use super::worker::{Worker, lock};

/// A module with its worker, if that was started.
pub(super) struct Module {
    pub(super) path: PathBuf,
    name: Option<&'static str>,
    pub(super) check: Result<(), Arc<ModuleFileError>>,
    pub(super) worker: Mutex<Option<Arc<Worker>>>,
    listing: Mutex<Option<Listing>>,
}

/// The last report of a module.
struct Listing {
    made: Instant,
    report: ModuleReport,
}

/// How old a listing may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Age {
    /// As the settings allow.
    Usual,
    /// None: the module is asked, unless it rests after a failure or signs.
    Fresh,
}

/// The modules that the settings speak of.
pub(super) fn locate(settings: &TokenServiceSettings) -> Vec<ModuleLocation> {
    let mut located = find_modules(&settings.modules);
    if settings.search == ModuleSearch::Configured {
        located.retain(|location| location.origin == ModuleOrigin::Configured);
    }
    located
}

impl Module {
    pub(super) fn new(location: ModuleLocation) -> Arc<Self> {
        Arc::new(Self {
            path: location.path,
            name: location.name,
            check: location.check.map_err(Arc::new),
            worker: Mutex::default(),
            listing: Mutex::default(),
        })
    }

    fn report(&self, tokens: Result<Vec<TokenReport>, TokenServiceError>) -> ModuleReport {
        ModuleReport {
            path: self.path.clone(),
            name: self.name,
            tokens,
        }
    }

    fn file_error(&self) -> Option<TokenServiceError> {
        let error = self.check.as_ref().err()?;
        Some(TokenServiceError::ModuleFile {
            path: self.path.clone(),
            error: Arc::clone(error),
        })
    }

    /// The report that needs no asking. Waits for one that is being made.
    pub(super) fn known(&self, service: &Service, age: Age) -> Option<ModuleReport> {
        if let Some(error) = self.file_error() {
            return Some(self.report(Err(error)));
        }
        // One that is being made is waited for in a thread of its own.
        let listing = self.listing.try_lock().ok()?;
        self.usable(listing.as_ref(), service, age)
    }

    fn usable(
        &self,
        listing: Option<&Listing>,
        service: &Service,
        age: Age,
    ) -> Option<ModuleReport> {
        let listing = listing?;
        let settings = &service.settings;
        let made_since = Instant::now().saturating_duration_since(listing.made);
        // One that is being started is not waited for here.
        let worker = self.worker.try_lock().ok()?.clone();
        let alive = worker.filter(|worker| worker.is_usable());
        let usable = match (&listing.report.tokens, alive) {
            (Ok(_), Some(worker)) => {
                let young = made_since < settings.listing_age && !worker.is_stale();
                worker.has_open_keys() || (age == Age::Usual && young)
            }
            // Its worker is gone: it is started again to see what is there now.
            (Ok(_), None) => false,
            (
                Err(
                    TokenServiceError::ModuleCrashed { .. }
                    | TokenServiceError::ModuleFaulty { .. }
                    | TokenServiceError::ModuleLoad { .. }
                    | TokenServiceError::ModuleSilent { .. },
                ),
                _,
            ) => made_since < settings.rest_after_failure,
            (Err(_), _) => age == Age::Usual && made_since < settings.listing_age,
        };
        usable.then(|| listing.report.clone())
    }

    /// Lists the tokens, unless another thread has just done so.
    pub(super) fn list(&self, service: &Service, age: Age) -> ModuleReport {
        let asked = Instant::now();
        let mut listing = lock(&self.listing);
        let made_meanwhile = listing.as_ref().is_some_and(|listing| listing.made > asked);
        let age = if made_meanwhile { Age::Usual } else { age };
        if let Some(report) = self.usable(listing.as_ref(), service, age) {
            return report;
        }
        let report = self.report(self.ask(service));
        *listing = Some(Listing {
            made: Instant::now(),
            report: report.clone(),
        });
        report
    }

    fn ask(&self, service: &Service) -> Result<Vec<TokenReport>, TokenServiceError> {
        let worker = self.worker(service)?;
        let limit = service.settings.limits.listing;
        let asked = Asked {
            module: &self.path,
            limit,
            certificate: None,
            scheme: None,
        };
        let answer = worker.send(&Request::ListTokens, limit)?;
        match worker.wait(&answer)? {
            Reply::Tokens(tokens) => Ok(tokens
                .into_iter()
                .map(|token| TokenReport::of_listed(token, &asked))
                .collect()),
            Reply::Failed(fault) => Err(worker.failed(fault, &asked)),
            Reply::Done | Reply::KeyOpen(_) | Reply::Value(_) => Err(worker.kill_as_faulty()),
        }
    }

    /// The worker, with the module loaded; a new one if there is none or it has ended.
    pub(super) fn worker(&self, service: &Service) -> Result<Arc<Worker>, TokenServiceError> {
        let mut held = lock(&self.worker);
        if let Some(worker) = held.as_ref().filter(|worker| worker.is_usable()) {
            return Ok(Arc::clone(worker));
        }
        *held = None;
        let changes = Arc::clone(&service.changes);
        let worker = Arc::new(Worker::start(&service.settings, &self.path, changes)?);
        // Kept even when it does not load: what it printed tells why.
        *held = Some(Arc::clone(&worker));
        let limit = service.settings.limits.loading;
        let asked = Asked {
            module: &self.path,
            limit,
            certificate: None,
            scheme: None,
        };
        let answer = worker.send(&Request::Load, limit)?;
        match worker.wait(&answer)? {
            Reply::Done => Ok(worker),
            Reply::Failed(fault) => {
                let error = worker.failed(fault, &asked);
                worker.kill_as(error.clone());
                Err(error)
            }
            Reply::KeyOpen(_) | Reply::Tokens(_) | Reply::Value(_) => Err(worker.kill_as_faulty()),
        }
    }

    /// A module that failed may be asked again at once.
    pub(super) fn forget_failure(&self) {
        let mut listing = lock(&self.listing);
        if listing
            .as_ref()
            .is_some_and(|listing| listing.report.tokens.is_err())
        {
            *listing = None;
        }
    }
}
