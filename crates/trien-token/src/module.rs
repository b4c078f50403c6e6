//! A loaded PKCS#11 module and the tokens it reaches.
//! Knows nothing of what is on a token.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use cryptoki::error::{Error, RvError};
use cryptoki::slot::Slot;

use crate::module_file::check_module_file;
use crate::token::{Token, TokenInfo};
use crate::worker::{LISTING, ModuleWorker};
use crate::{CallError, TokenError};

/// The modules of this process by canonical path. They stay loaded to its end.
static LOADED: Mutex<BTreeMap<PathBuf, Arc<ModuleWorker>>> = Mutex::new(BTreeMap::new());

/// Slots asked in one module. Readers are counted on one hand; a module that reports more than
/// this is faulty.
const SLOTS: usize = 64;

/// A PKCS#11 module, loaded and initialised once per process and kept to its end.
///
/// Cheap to clone. All calls run on the module's own thread, one at a time, so two jobs never
/// meet in one session; a call that hangs is given up after a time, while the thread waits on.
/// A module that crashes takes the process with it: probe unknown modules in a child process.
/// Never fork after loading one.
#[derive(Clone)]
pub struct Module {
    worker: Arc<ModuleWorker>,
}

impl Module {
    /// Checks the file, then loads and initialises it, or returns the module if it is loaded.
    ///
    /// # Errors
    /// The file cannot be loaded here, or the module does not start or not answer.
    pub fn load(path: &Path) -> Result<Self, TokenError> {
        Self::load_with(path, ModuleWorker::start)
    }

    /// As [`Module::load`], with every call on the thread that makes it, for as long as it takes:
    /// for a process that is there for this module alone, has one thread for it, and is killed
    /// from outside when it hangs. It saves two changes of thread for each signature. A module
    /// that is loaded already stays as it is.
    ///
    /// # Errors
    /// The file cannot be loaded here, or the module does not start.
    pub fn load_on_callers_thread(path: &Path) -> Result<Self, TokenError> {
        Self::load_with(path, |path| match ModuleWorker::start_here(path) {
            Ok(worker) => (Some(worker), Ok(())),
            Err(error) => (None, Err(error)),
        })
    }

    fn load_with(
        path: &Path,
        start: impl FnOnce(&Path) -> (Option<Arc<ModuleWorker>>, Result<(), TokenError>),
    ) -> Result<Self, TokenError> {
        check_module_file(path).map_err(|error| TokenError::ModuleFile {
            path: path.to_owned(),
            error,
        })?;
        let identity = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(worker) = loaded.get(&identity) {
            return Ok(Self {
                worker: Arc::clone(worker),
            });
        }
        let (worker, result) = start(&identity);
        if let Some(worker) = &worker {
            loaded.insert(identity, Arc::clone(worker));
        }
        result?;
        let stopped = || TokenError::ModuleStopped {
            path: path.to_owned(),
        };
        Ok(Self {
            worker: worker.ok_or_else(stopped)?,
        })
    }

    /// The module's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.worker.path()
    }

    /// The tokens that are plugged in, without those that were never initialised.
    ///
    /// # Errors
    /// The module fails, or every slot with a token does.
    pub fn tokens(&self) -> Result<Vec<Token>, TokenError> {
        let found = self.worker.run(LISTING, |state| {
            let slots = state
                .pkcs11
                .get_slots_with_token()
                .map_err(TokenError::failed)?;
            let mut found: Vec<(Slot, TokenInfo)> = Vec::new();
            let mut failed = None;
            for slot in slots.into_iter().take(SLOTS) {
                match state.pkcs11.get_token_info(slot) {
                    Ok(info) => {
                        // Some tokens forget the flag; such a one has a label.
                        if info.token_initialized() || !info.label().is_empty() {
                            found.push((slot, TokenInfo::new(&info)));
                        }
                    }
                    // It was pulled out just now.
                    Err(Error::Pkcs11(RvError::TokenNotPresent | RvError::DeviceRemoved, _)) => {}
                    Err(error) => failed = Some(error),
                }
            }
            match failed {
                // One faulty reader must not hide the token in another.
                Some(error) if found.is_empty() => Err(CallError::new(error).into()),
                _ => Ok(found),
            }
        })?;
        Ok(found
            .into_iter()
            .map(|(slot, info)| Token::new(Arc::clone(&self.worker), slot, info))
            .collect())
    }

    /// The only token with this label.
    ///
    /// # Errors
    /// There is none or more than one, or the module fails.
    pub fn token_labelled(&self, label: &str) -> Result<Token, TokenError> {
        let tokens = self.tokens()?;
        let present = tokens
            .iter()
            .map(|token| token.info().label.clone())
            .collect();
        let mut matching: Vec<_> = tokens
            .into_iter()
            .filter(|token| token.info().label == label)
            .collect();
        let Some(token) = matching.pop() else {
            return Err(TokenError::TokenNotFound { present });
        };
        if matching.is_empty() {
            return Ok(token);
        }
        matching.push(token);
        let serial_numbers = matching
            .iter()
            .map(|token| token.info().serial_number.clone())
            .collect();
        Err(TokenError::TokenNotUnique { serial_numbers })
    }
}

impl fmt::Debug for Module {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Module")
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
