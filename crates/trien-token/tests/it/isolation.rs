//! Each test on tokens of its own: `SoftHSM` finds its tokens through the environment of the
//! process, so the test binary runs itself again for one test, first to fill the tokens, then to
//! use them. Initialising `SoftHSM` twice in one process is undefined, hence two processes.

use std::path::{Path, PathBuf};
use std::process::Command;

use trien_token::find_modules;

use crate::hsm::Filler;

const STAGE: &str = "TRIEN_TOKEN_TEST_STAGE";
const PLACE: &str = "TRIEN_TOKEN_TEST_PLACE";
const MODULE: &str = "TRIEN_TOKEN_TEST_MODULE";

/// The name under which the test harness knows the function that this stands in.
macro_rules! this_test {
    () => {{
        fn marker() {}
        crate::isolation::enclosing(std::any::type_name_of_val(&marker))
    }};
}
pub(crate) use this_test;

pub(crate) fn enclosing(marker: &'static str) -> &'static str {
    let path = marker.strip_suffix("::marker").unwrap();
    path.split_once("::").unwrap().1
}

/// What a test uses: the directory that it and its filling share, and the module.
pub(crate) struct Place {
    pub(crate) directory: PathBuf,
    pub(crate) softhsm: PathBuf,
}

impl Place {
    pub(crate) fn read(&self, file: &str) -> Vec<u8> {
        std::fs::read(self.directory.join(file)).unwrap()
    }
}

/// Lines added to `SoftHSM`'s configuration, and environment of the using process.
#[derive(Default)]
pub(crate) struct Setting {
    pub(crate) configuration: &'static str,
    /// Record all calls with `OpenSC`'s spy module.
    pub(crate) spied: bool,
}

/// The installed `SoftHSM`, as the crate finds it.
pub(crate) fn softhsm() -> Option<PathBuf> {
    installed("libsofthsm2.so")
}

fn installed(file: &str) -> Option<PathBuf> {
    let named = |path: &PathBuf| path.file_name().is_some_and(|name| name == file);
    find_modules(&[])
        .into_iter()
        .map(|found| found.path)
        .find(named)
}

/// `OpenSC`'s spy beside its module.
fn spy() -> Option<PathBuf> {
    let beside = |path: &Path| path.with_file_name("pkcs11-spy.so");
    installed("opensc-pkcs11.so")
        .map(|path| beside(&path))
        .filter(|path| path.is_file())
}

pub(crate) fn on_tokens(test: &str, fill: fn(&Filler), body: fn(&Place)) {
    on_tokens_with(test, &Setting::default(), fill, body);
}

pub(crate) fn on_tokens_with(test: &str, setting: &Setting, fill: fn(&Filler), body: fn(&Place)) {
    let Ok(stage) = std::env::var(STAGE) else {
        return supervise(test, setting);
    };
    let directory = PathBuf::from(std::env::var_os(PLACE).unwrap());
    let softhsm = PathBuf::from(std::env::var_os(MODULE).unwrap());
    if stage == "fill" {
        fill(&Filler::start(&softhsm, &directory));
    } else {
        body(&Place {
            directory: directory.clone(),
            softhsm,
        });
    }
    std::fs::write(directory.join(&stage), b"").unwrap();
}

fn supervise(test: &str, setting: &Setting) {
    let Some(softhsm) = softhsm() else {
        eprintln!("SKIPPED {test}: SoftHSM is not installed");
        return;
    };
    let spy = spy();
    if setting.spied && spy.is_none() {
        eprintln!("SKIPPED {test}: OpenSC's pkcs11-spy.so is not installed");
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let tokens = place.path().join("tokens");
    std::fs::create_dir(&tokens).unwrap();
    let configuration = format!(
        "directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n{}",
        tokens.display(),
        setting.configuration
    );
    let configuration_file = place.path().join("softhsm2.conf");
    std::fs::write(&configuration_file, configuration).unwrap();
    for stage in ["fill", "use"] {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args([test, "--exact", "--nocapture"])
            .env("SOFTHSM2_CONF", &configuration_file)
            .env(STAGE, stage)
            .env(PLACE, place.path())
            .env(MODULE, &softhsm);
        if let (true, "use", Some(spy)) = (setting.spied, stage, &spy) {
            command
                .env(MODULE, spy)
                .env("PKCS11SPY", &softhsm)
                .env("PKCS11SPY_OUTPUT", place.path().join("calls"));
        }
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let complained = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "{test}, {stage}: {said}\n{complained}"
        );
        // A filter that fits no test succeeds as well.
        assert!(
            place.path().join(stage).exists(),
            "{test}: stage {stage} did not run: {said}"
        );
    }
}
