//! All modules of this machine, each in a process of its own: what is plugged in, and opening a
//! key.
//! Knows nothing of jobs, consent or documents.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use trien_token::{FinalTry, KeyLink, PinSource, VerificationKey};
use trien_types::CertificateId;

use super::error::{Asked, KeyFault, TokenServiceError};
use super::key::{Opened, WorkerKey};
use super::message::{Reply, Request};
use super::module::{Age, Module, locate};
use super::report::{CertificateReport, ModuleReport, TokenReport};
use super::reservation::Reservations;
use super::settings::TokenServiceSettings;
use super::watch::{Changes, TokenWatch};
use super::worker::{Worker, lock};

/// The tokens of this machine, through one worker process per module.
///
/// Cheap to clone; all clones are one service. Every method may be called from any thread, blocks
/// for no longer than the settings' limits, and answers with a typed error when a module crashes,
/// hangs or talks nonsense: such a module costs its own process, never this one. Dropping the last
/// clone, and the last [`WorkerKey`], ends the workers.
#[derive(Clone)]
pub struct TokenService {
    shared: Arc<Service>,
}

pub(super) struct Service {
    pub(super) settings: TokenServiceSettings,
    modules: Mutex<Vec<Arc<Module>>>,
    reservations: Arc<Reservations>,
    pub(super) changes: Arc<Changes>,
}

/// A certificate with the token and module it is on.
struct Place {
    module: Arc<Module>,
    token: TokenReport,
    certificate: CertificateReport,
}

impl TokenService {
    /// Finds the modules; starts nothing yet.
    #[must_use]
    pub fn new(settings: TokenServiceSettings) -> Self {
        let modules = locate(&settings).into_iter().map(Module::new).collect();
        Self {
            shared: Arc::new(Service {
                settings,
                modules: Mutex::new(modules),
                reservations: Arc::default(),
                changes: Arc::default(),
            }),
        }
    }

    /// The settings it was made with.
    #[must_use]
    pub fn settings(&self) -> &TokenServiceSettings {
        &self.shared.settings
    }

    /// Every module, in the order in which they are asked, with its tokens and their certificates.
    /// Needs no PIN and no signature.
    ///
    /// All modules are asked at once, so this takes as long as the slowest of them, and never
    /// longer than the limits for loading and listing. A report younger than
    /// [`listing_age`](TokenServiceSettings::listing_age) is used again unless tokens were plugged
    /// in or out since; the report of a module that signs is not renewed until its keys are
    /// closed; a module that crashed or hung is left alone for
    /// [`rest_after_failure`](TokenServiceSettings::rest_after_failure).
    #[must_use]
    pub fn tokens(&self) -> Vec<ModuleReport> {
        self.list(Age::Usual)
    }

    /// As [`TokenService::tokens`], with every report made anew, also of modules that failed; and
    /// looks for modules installed since.
    #[must_use]
    pub fn refresh(&self) -> Vec<ModuleReport> {
        let located = locate(&self.shared.settings);
        {
            let mut modules = lock(&self.shared.modules);
            *modules = located
                .into_iter()
                .map(|location| {
                    let known = modules.iter().find(|module| {
                        module.path == location.path
                            && module.check.is_ok() == location.check.is_ok()
                    });
                    known.map_or_else(|| Module::new(location), Arc::clone)
                })
                .collect();
            for module in modules.iter() {
                module.forget_failure();
            }
        }
        self.list(Age::Fresh)
    }

    /// Notice of changes: of tokens plugged in or pulled out (while their module's worker runs,
    /// and no key of it is open), of a lower PIN count, of a module that ended.
    #[must_use]
    pub fn watch(&self) -> TokenWatch {
        TokenWatch::new(Arc::clone(&self.shared.changes))
    }

    /// Opens the key of a certificate for one job, with at most one login, on the first token that
    /// holds it; waits [`busy`](super::TimeLimits::busy) for a token that signs for another job.
    ///
    /// The PIN is sent to one worker, once, for one token, in one frame over a pipe; it is wiped
    /// here afterwards, and there too unless the key asks for it before each signature. It is not
    /// used if the certificate is not there, the PIN is locked, or its last try is left and
    /// `final_try` does not accept that. It is never tried again: not after a refusal, not after a
    /// crash, not elsewhere.
    ///
    /// # Errors
    /// The certificate is on no token, its key cannot sign, the token is busy or gone, the PIN is
    /// refused, or the module fails.
    pub fn open_key(
        &self,
        certificate: &CertificateId,
        pin: PinSource,
        final_try: FinalTry,
    ) -> Result<WorkerKey, TokenServiceError> {
        self.open_key_within(certificate, pin, final_try, self.settings().limits.busy)
    }

    /// As [`TokenService::open_key`], waiting for a busy token no longer than `wait`.
    ///
    /// # Errors
    /// As [`TokenService::open_key`].
    pub fn open_key_within(
        &self,
        certificate: &CertificateId,
        pin: PinSource,
        final_try: FinalTry,
        wait: Duration,
    ) -> Result<WorkerKey, TokenServiceError> {
        let id = *certificate;
        let Place {
            module,
            token,
            certificate,
        } = self.find(id)?;
        let unusable = |fault| TokenServiceError::KeyUnusable {
            certificate: id,
            fault,
        };
        let verification = VerificationKey::of_certificate(certificate.der())
            .map_err(|_| unusable(KeyFault::CertificateUnreadable))?;
        if certificate.key_link == KeyLink::Conflicting {
            return Err(unusable(KeyFault::Conflicting));
        }
        if certificate.key_link == KeyLink::Missing {
            return Err(unusable(KeyFault::Missing));
        }
        if certificate.schemes.is_empty() {
            return Err(unusable(KeyFault::SchemeMissing));
        }
        // A serial number names a token whichever module reaches it.
        let reserved = if token.serial_number.is_empty() {
            format!("{}\n{}", module.path.display(), token.label)
        } else {
            token.serial_number.clone()
        };
        let reservation = self.shared.reservations.take(reserved, wait)?;
        let worker = module.worker(&self.shared)?;
        let limit = self.settings().limits.login;
        let asked = Asked {
            module: &module.path,
            limit,
            certificate: Some(id),
            scheme: None,
        };
        let mut opened = Opened::new(&worker, reservation, self.settings().limits);
        let request = Request::OpenKey {
            key: opened.number(),
            token: token.name(),
            certificate: id,
            pin,
            final_try,
        };
        let answer = worker.send(&request, limit)?;
        // The frame was wiped when it was sent; this wipes the PIN itself before the token has
        // even answered.
        drop(request);
        match worker.wait(&answer)? {
            Reply::KeyOpen(open) => {
                opened.is_open();
                Ok(WorkerKey::new(opened, certificate, open, verification))
            }
            Reply::Failed(fault) => {
                let error = worker.failed(fault, &asked);
                worker.mark_stale();
                Err(error)
            }
            Reply::Done | Reply::Tokens(_) | Reply::Value(_) => Err(worker.kill_as_faulty()),
        }
    }

    /// What a module printed on its standard output and error before the first PIN was sent to
    /// it, cut after 4 kB; for a page on which the user looks for the cause of a failure. It is a
    /// foreign program's text and may name persons: show it, never log it.
    #[must_use]
    pub fn module_output(&self, module: &Path) -> Option<String> {
        Some(self.worker_of(module)?.output())
    }

    /// The number of a module's worker process, while there is one.
    #[must_use]
    pub fn worker_process(&self, module: &Path) -> Option<u32> {
        let worker = self.worker_of(module)?;
        worker.end().is_none().then(|| worker.process_id())
    }

    fn worker_of(&self, module: &Path) -> Option<Arc<Worker>> {
        let modules = lock(&self.shared.modules);
        let module = modules.iter().find(|known| known.path == module)?;
        lock(&module.worker).clone()
    }

    fn list(&self, age: Age) -> Vec<ModuleReport> {
        let modules = lock(&self.shared.modules).clone();
        let service = &self.shared;
        thread::scope(|scope| {
            let asked: Vec<_> = modules
                .iter()
                .map(|module| {
                    let known = module.known(service, age);
                    // A thread for those that have to be asked.
                    let thread = known.is_none().then(|| {
                        thread::Builder::new()
                            .name("token-listing".into())
                            .spawn_scoped(scope, || module.list(service, age))
                    });
                    (module, known, thread)
                })
                .collect();
            asked
                .into_iter()
                .filter_map(|(module, known, thread)| match (known, thread) {
                    (Some(known), _) => Some(known),
                    (None, Some(Ok(thread))) => thread.join().ok(),
                    // Without a thread, one after the other.
                    (None, _) => Some(module.list(service, age)),
                })
                .collect()
        })
    }

    /// The first place that has the certificate with a key; with none, the first that has it.
    fn find(&self, id: CertificateId) -> Result<Place, TokenServiceError> {
        for age in [Age::Usual, Age::Fresh] {
            let reports = self.list(age);
            let modules = lock(&self.shared.modules).clone();
            let mut places = Vec::new();
            for report in &reports {
                let Some(module) = modules.iter().find(|module| module.path == report.path) else {
                    continue;
                };
                for token in report.tokens() {
                    let held = token.certificates.iter().flatten();
                    places.extend(held.filter(|held| held.id == id).map(|held| Place {
                        module: Arc::clone(module),
                        token: token.clone(),
                        certificate: held.clone(),
                    }));
                }
            }
            let usable = places
                .iter()
                .position(|place| place.certificate.may_sign())
                .unwrap_or(0);
            if usable < places.len() {
                return Ok(places.swap_remove(usable));
            }
        }
        Err(TokenServiceError::CertificateNotFound(id))
    }
}

impl fmt::Debug for TokenService {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let modules = lock(&self.shared.modules);
        let paths: Vec<_> = modules.iter().map(|module| &module.path).collect();
        formatter
            .debug_struct("TokenService")
            .field("modules", &paths)
            .finish_non_exhaustive()
    }
}
