//! The token worker's side: reads requests, calls the module, answers.
//! Knows nothing of jobs, origins or documents.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use trien_token::{CertificateSelector, Module, SigningInput, Token, TokenError, TokenKey};
use trien_types::{SignatureScheme, SigningKey as _};

use super::fault::{FaultKind, WorkerFault};
use super::frame::{REPLY_OCTETS, REQUEST_OCTETS, read_frame};
use super::message::{
    KeyNumber, ListedCertificate, ListedToken, OpenKey, Reply, Request, TokenName, is_within_limits,
};
use super::process::{end_now, end_with_daemon, forbid_core_dumps, take_pipes};

/// Runs a token worker for the module at `path` on standard input and output, until the daemon
/// closes the pipe. This is the whole of the hidden command `token-worker`.
///
/// The process takes no PIN from its arguments or environment, dumps no core, and dies with the
/// daemon. It ends without calling the module's own ending, in which some drivers hang.
///
/// # Errors
/// The pipes cannot be set up, so that no request could be read.
pub fn run_token_worker(path: &Path) -> io::Result<()> {
    forbid_core_dumps()?;
    let mut pipes = take_pipes()?;
    end_with_daemon(&pipes.requests)?;
    let mut worker = Worker {
        path,
        module: None,
        keys: BTreeMap::new(),
    };
    // A pipe that ends or carries anything else is the end of the work, however it came about.
    while let Ok(frame) = read_frame(&mut pipes.requests, REQUEST_OCTETS) {
        let Ok(request) = Request::from_frame(&frame) else {
            break;
        };
        // Wiped before the module runs.
        drop(frame);
        let reply = worker.answer(request).unwrap_or_else(Reply::Failed);
        if reply
            .to_frame()
            .send(&mut pipes.replies, REPLY_OCTETS)
            .is_err()
        {
            break;
        }
    }
    drop(worker);
    end_now()
}

struct Worker<'a> {
    path: &'a Path,
    module: Option<Module>,
    keys: BTreeMap<KeyNumber, (TokenName, TokenKey)>,
}

impl Worker<'_> {
    fn answer(&mut self, request: Request) -> Result<Reply, WorkerFault> {
        match request {
            Request::Load => {
                self.module =
                    Some(Module::load_on_callers_thread(self.path).map_err(|error| fault(&error))?);
                Ok(Reply::Done)
            }
            Request::ListTokens => Ok(Reply::Tokens(
                self.tokens()?.iter().map(with_certificates).collect(),
            )),
            Request::PollTokens => Ok(Reply::Tokens(
                self.tokens()?
                    .iter()
                    .map(|token| listed(token, Ok(Vec::new())))
                    .collect(),
            )),
            Request::OpenKey {
                key,
                token: name,
                certificate,
                pin,
                final_try,
            } => {
                let token = self.token(&name)?;
                let selector = CertificateSelector::Id(certificate);
                let opened = token
                    .open_key(&selector, pin, final_try)
                    .map_err(|error| fault(&error))?;
                let reply = OpenKey {
                    key_link: opened.key_link(),
                    pin_state_before_login: opened.pin_state_before_login(),
                    schemes: opened.schemes().to_vec(),
                    digest_schemes: opened.digest_schemes().to_vec(),
                };
                self.keys.insert(key, (name, opened));
                Ok(Reply::KeyOpen(reply))
            }
            Request::SignMessage {
                key,
                scheme,
                message,
            } => self.sign(key, scheme, SigningInput::Message(&message)),
            Request::SignDigest {
                key,
                scheme,
                digest,
            } => self.sign(key, scheme, SigningInput::Digest(&digest)),
            Request::CloseKey(key) => {
                // Logs out. The daemon closes a key once; one that is not open is closed.
                drop(self.keys.remove(&key));
                Ok(Reply::Done)
            }
        }
    }

    fn tokens(&self) -> Result<Vec<Token>, WorkerFault> {
        let module = self.module.as_ref();
        let module = module.ok_or(WorkerFault::of_kind(FaultKind::Other))?;
        module.tokens().map_err(|error| fault(&error))
    }

    fn token(&self, name: &TokenName) -> Result<Token, WorkerFault> {
        let mut tokens = self.tokens()?.into_iter();
        tokens
            .find(|token| name_of(token) == *name)
            .ok_or(WorkerFault::of_kind(FaultKind::TokenNotPresent))
    }

    /// The value is verified in the daemon, which cannot trust this process to have done it.
    fn sign(
        &mut self,
        key: KeyNumber,
        scheme: SignatureScheme,
        input: SigningInput<'_>,
    ) -> Result<Reply, WorkerFault> {
        let open = self.keys.get_mut(&key);
        let (name, open) = open.ok_or(WorkerFault::of_kind(FaultKind::KeyNotOpen))?;
        let (failed, name) = match open.danger_unverified(scheme, input) {
            Ok(value) => return Ok(Reply::Value(value)),
            Err(error) => (fault(&error), name.clone()),
        };
        // Drivers tell a removed token in many ways; whether it is there is asked instead.
        let is_token_there = || {
            !self
                .token(&name)
                .is_err_and(|error| error.kind == FaultKind::TokenNotPresent)
        };
        let is_gone = failed.kind == FaultKind::Call && (failed.is_key_gone() || !is_token_there());
        Err(if is_gone {
            WorkerFault {
                kind: FaultKind::TokenRemoved,
                ..failed
            }
        } else {
            failed
        })
    }
}

fn fault(error: &TokenError) -> WorkerFault {
    WorkerFault::from(error)
}

fn name_of(token: &Token) -> TokenName {
    let info = token.info();
    TokenName {
        label: info.label.clone(),
        manufacturer: info.manufacturer.clone(),
        model: info.model.clone(),
        serial_number: info.serial_number.clone(),
    }
}

fn with_certificates(token: &Token) -> ListedToken {
    let certificates = token
        .inventory()
        .map_err(|error| fault(&error))
        .map(|inventory| {
            let held = inventory.certificates.into_iter();
            held.map(|held| ListedCertificate {
                der: held.der,
                label: held.label,
                key_link: held.key_link,
                schemes: held.schemes,
                digest_schemes: held.digest_schemes,
            })
            .collect()
        })
        .and_then(|certificates: Vec<_>| {
            is_within_limits(&certificates)
                .then_some(certificates)
                .ok_or(WorkerFault::of_kind(FaultKind::TooMuch))
        });
    listed(token, certificates)
}

fn listed(token: &Token, certificates: Result<Vec<ListedCertificate>, WorkerFault>) -> ListedToken {
    let info = token.info();
    ListedToken {
        name: name_of(token),
        pin_state: info.pin_state,
        login: info.login,
        protected_authentication_path: info.protected_authentication_path,
        pin_octets: info.pin_octets,
        certificates,
    }
}
