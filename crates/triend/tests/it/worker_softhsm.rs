//! Services over `SoftHSM` tokens of the test kit, one folder per test.

use std::path::PathBuf;

use tempfile::TempDir;
use trien_testkit::pki::Role;
use trien_testkit::tokens::{
    CONFIG_VARIABLE, Filler, TEST_PIN, TokenError, TokenPlan, TokenSet, fill_if_asked,
};
use trien_token::{FinalTry, Pin, PinSource};
use trien_types::CertificateId;
use triend::token_worker::{
    ModuleSearch, TokenService, TokenServiceError, TokenServiceSettings, WorkerKey,
};

use crate::school::pki;

/// Run again as the child process that fills tokens; nothing to do otherwise.
#[test]
fn filler() {
    fill_if_asked().unwrap();
}

/// Tokens in a drawer, and the workers that reach them.
pub(crate) struct Drawer {
    folder: TempDir,
    pub(crate) tokens: TokenSet,
}

impl Drawer {
    /// `None`, said aloud, without `SoftHSM`.
    pub(crate) fn with(plans: &[TokenPlan]) -> Option<Self> {
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let filler = Filler::TestOfThisProgram("worker_softhsm::filler");
        match TokenSet::make(folder.path(), plans, &filler) {
            Err(TokenError::ModuleMissing) => {
                println!("SKIPPED: softhsm2 is not installed");
                None
            }
            tokens => Some(Self {
                tokens: tokens.unwrap(),
                folder,
            }),
        }
    }

    /// A token for every signer of the school.
    pub(crate) fn of_school() -> Option<Self> {
        Self::with(&Role::SIGNERS.map(plan))
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    pub(crate) fn settings(&self) -> TokenServiceSettings {
        let mut settings = settings(vec![self.tokens.module_path.clone()]);
        settings.environment = vec![(
            CONFIG_VARIABLE.into(),
            self.tokens.config_path.clone().into(),
        )];
        settings
    }

    pub(crate) fn service(&self) -> TokenService {
        TokenService::new(self.settings())
    }
}

/// Workers of the program under test, for these modules alone.
pub(crate) fn settings(modules: Vec<PathBuf>) -> TokenServiceSettings {
    let program = env!("CARGO_BIN_EXE_triend").into();
    let mut settings = TokenServiceSettings::of_program(program, modules);
    settings.search = ModuleSearch::Configured;
    settings
}

/// The token of a signer, with the issuer's certificate.
pub(crate) fn plan(role: Role) -> TokenPlan {
    let authority = pki().identity(role.issuer()).unwrap();
    TokenPlan::new(role.label(), TEST_PIN)
        .with_identity(
            pki().identity(role).unwrap(),
            trien_testkit::tokens::ContextLogin::NotAsked,
        )
        .unwrap()
        .with_certificate(authority.name(), &authority.certificate_der().unwrap())
}

pub(crate) fn id(role: Role) -> CertificateId {
    let der = crate::school::certificate(role);
    trien_token::VerificationKey::of_certificate(&der)
        .unwrap()
        .certificate_id()
}

pub(crate) fn pin(text: &str) -> PinSource {
    PinSource::Pin(Pin::from_text(text.into()).unwrap())
}

pub(crate) fn open(service: &TokenService, role: Role) -> Result<WorkerKey, TokenServiceError> {
    service.open_key(&id(role), pin(TEST_PIN), FinalTry::Refuse)
}

/// This program again, for one test.
pub(crate) fn this_program(test: &str) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]);
    command
}
