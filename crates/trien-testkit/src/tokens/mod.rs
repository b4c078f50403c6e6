//! SoftHSM tokens filled from the test PKI: one per signer, as in a school's drawer.
//!
//! SoftHSM reads its configuration from the environment variable `SOFTHSM2_CONF` when it is
//! initialised, and may be initialised once per process only. So tokens are filled by a child
//! process ([`Filler`]), and a program that uses them must itself be started with the variable set
//! to [`TokenSet::config_path`]. Needs the package softhsm2 and nothing else.

mod error;
mod fill;
mod plan;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub use error::TokenError;
pub use fill::{SECURITY_OFFICER_PIN, fill};
pub use plan::{ContextLogin, TokenPlan};

use crate::pki::{Role, TestPki};

/// The PIN of the tokens of [`TokenSet::of_school`].
pub const TEST_PIN: &str = "12345678";

/// The environment variable SoftHSM takes its configuration from.
pub const CONFIG_VARIABLE: &str = "SOFTHSM2_CONF";

/// Set for a child that shall fill tokens.
const FILL_VARIABLE: &str = "TRIEN_TESTKIT_FILL";

/// Octets of the list a child reads: a token takes about 10 kB.
const LIST_OCTETS: u64 = 64 * 1024 * 1024;

/// Where packages put SoftHSM's module: Debian and Ubuntu, Fedora, Homebrew, built from source.
const MODULES: [&str; 6] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/usr/lib/pkcs11/libsofthsm2.so",
];

/// The program that fills tokens as a child process.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Filler {
    /// The `softhsm-fill` program of this crate at this path.
    Program(PathBuf),
    /// The running test program again, asked for the one test of this full name (such as
    /// `tokens::filler`), which must call [`fill_if_asked`].
    TestOfThisProgram(&'static str),
    /// The running program again, whose `main` must call [`fill_if_asked`] first of all.
    ThisProgram,
}

impl Filler {
    fn command(&self) -> Result<Command, TokenError> {
        let this = || env::current_exe().map_err(TokenError::at(Path::new("the running program")));
        Ok(match self {
            Self::Program(path) => Command::new(path),
            Self::TestOfThisProgram(test) => {
                let mut command = Command::new(this()?);
                command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
                command
            }
            Self::ThisProgram => Command::new(this()?),
        })
    }
}

/// Whether [`fill_if_asked`] had something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FillRequest {
    /// This process was started to fill tokens, and has done so: it should end now.
    Filled,
    /// This process was started for something else.
    NotAsked,
}

/// Fills tokens when this process was started by [`TokenSet::make`] to do so.
///
/// # Errors
/// The list on standard input is malformed or the tokens cannot be filled.
pub fn fill_if_asked() -> Result<FillRequest, TokenError> {
    if env::var_os(FILL_VARIABLE).is_none() {
        return Ok(FillRequest::NotAsked);
    }
    let mut list = String::new();
    io::stdin()
        .take(LIST_OCTETS)
        .read_to_string(&mut list)
        .map_err(TokenError::at(Path::new("standard input")))?;
    let (module, plans) = plan::from_list(&list)?;
    fill::load_and_fill(&module, &plans)?;
    Ok(FillRequest::Filled)
}

/// The path of SoftHSM's module on this machine.
///
/// # Errors
/// [`TokenError::ModuleMissing`] when the package softhsm2 is not installed.
pub fn softhsm_module() -> Result<PathBuf, TokenError> {
    MODULES
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
        .ok_or(TokenError::ModuleMissing)
}

/// Tokens in a folder of their own.
#[derive(Clone)]
#[non_exhaustive]
pub struct TokenSet {
    /// The configuration file: the value of `SOFTHSM2_CONF` for programs that use the tokens.
    pub config_path: PathBuf,
    /// SoftHSM's module.
    pub module_path: PathBuf,
    /// The PIN of each token by the token's label.
    pub pins: BTreeMap<String, String>,
}

impl std::fmt::Debug for TokenSet {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("TokenSet")
            .field("config_path", &self.config_path)
            .field("module_path", &self.module_path)
            .field("labels", &self.pins.keys())
            .finish_non_exhaustive()
    }
}

impl TokenSet {
    /// Makes the tokens of `plans` in `folder`, which is created; what it holds already stays.
    ///
    /// # Errors
    /// SoftHSM is not installed, the folder cannot be used, or the child process fails.
    pub fn make(folder: &Path, plans: &[TokenPlan], filler: &Filler) -> Result<Self, TokenError> {
        let module_path = softhsm_module()?;
        let tokens = folder.join("tokens");
        fs::create_dir_all(&tokens).map_err(TokenError::at(&tokens))?;
        // SoftHSM resolves the folder against the working directory of whoever loads it.
        let tokens = fs::canonicalize(&tokens).map_err(TokenError::at(&tokens))?;
        let folder = fs::canonicalize(folder).map_err(TokenError::at(folder))?;
        let config_path = folder.join("softhsm2.conf");
        let config = format!(
            "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n\
             slots.removable = false\n",
            tokens.display()
        );
        fs::write(&config_path, config).map_err(TokenError::at(&config_path))?;
        let set = Self {
            config_path,
            module_path,
            pins: plans
                .iter()
                .map(|plan| (plan.label.clone(), plan.pin.clone()))
                .collect(),
        };
        set.run(plans, filler)?;
        Ok(set)
    }

    /// One token for each of [`Role::SIGNERS`], labelled with [`Role::label`], PIN [`TEST_PIN`],
    /// each holding key, certificate and the issuers below the root.
    ///
    /// # Errors
    /// As [`TokenSet::make`].
    pub fn of_school(folder: &Path, pki: &TestPki, filler: &Filler) -> Result<Self, TokenError> {
        let mut plans = Vec::new();
        for role in Role::SIGNERS {
            let identity = pki.identity(role)?;
            let authority = pki.identity(role.issuer())?;
            plans.push(
                TokenPlan::new(role.label(), TEST_PIN)
                    .with_identity(identity, ContextLogin::NotAsked)?
                    .with_certificate(authority.name(), &authority.certificate_der()?),
            );
        }
        Self::make(folder, &plans, filler)
    }

    /// The PIN of a signer's token.
    #[must_use]
    pub fn pin(&self, role: Role) -> Option<&str> {
        self.pins.get(role.label()).map(String::as_str)
    }

    fn run(&self, plans: &[TokenPlan], filler: &Filler) -> Result<(), TokenError> {
        let module = self.module_path.to_string_lossy();
        let list = plan::to_list(&module, plans);
        let mut command = filler.command()?;
        let program = PathBuf::from(command.get_program());
        let mut child = command
            .env(FILL_VARIABLE, "1")
            .env(CONFIG_VARIABLE, &self.config_path)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(TokenError::at(&program))?;
        if let Some(mut input) = child.stdin.take() {
            // A child that died early is reported by its status, not by the broken pipe.
            let _ = input.write_all(list.as_bytes());
        }
        let output = child.wait_with_output().map_err(TokenError::at(&program))?;
        if output.status.success() {
            return Ok(());
        }
        let mut printed = String::from_utf8_lossy(&output.stdout).into_owned();
        printed.push_str(&String::from_utf8_lossy(&output.stderr));
        Err(TokenError::FillerFailed {
            status: output.status.code(),
            printed,
        })
    }
}
