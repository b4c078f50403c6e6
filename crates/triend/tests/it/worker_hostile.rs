//! Modules that hang, crash, lie, print and overwrite: real shared libraries, compiled by each
//! test around `SoftHSM`. Each costs a typed error in its time, and no more.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use trien_testkit::pki::Role;
use trien_testkit::tokens::TEST_PIN;
use trien_token::FinalTry;
use trien_types::SigningKey as _;
use triend::token_worker::{
    TimeLimits, TokenChange, TokenService, TokenServiceError, TokenServiceSettings, WorkerEnd,
    WorkerKey,
};

use crate::worker_softhsm::{Drawer, id, open, pin, plan};

/// The limit under test. What is sound must be done in it too, on the busiest machine.
const LIMIT: Duration = Duration::from_secs(8);

/// Limits that are not under test: nothing that ends by itself takes as long.
const PATIENCE: Duration = Duration::from_secs(600);

/// One token, and a module that misbehaves before `SoftHSM` in the list.
struct Hostile {
    drawer: Drawer,
    module: PathBuf,
}

impl Hostile {
    /// `None`, said aloud, without `SoftHSM` or a C compiler.
    fn that(behaviour: &str) -> Option<Self> {
        let drawer = Drawer::with(&[plan(Role::Principal)])?;
        let module = compile(&drawer, behaviour)?;
        Some(Self { drawer, module })
    }

    fn settings(&self) -> TokenServiceSettings {
        let mut settings = self.drawer.settings();
        settings.modules = vec![self.module.clone()];
        settings.limits.loading = PATIENCE;
        settings.limits.listing = PATIENCE;
        settings.limits.login = PATIENCE;
        settings.limits.signature = PATIENCE;
        settings.limits.closing = PATIENCE;
        settings
    }

    /// How often the module has noted what it does.
    fn noted(&self) -> usize {
        let notes = std::fs::read_to_string(notes(&self.drawer));
        notes.unwrap_or_default().lines().count()
    }

    fn service(&self) -> TokenService {
        TokenService::new(self.settings())
    }

    /// The hostile module first, then the good one.
    fn beside_a_good_one(&self) -> TokenService {
        self.limited_beside_a_good_one(|_| {})
    }

    fn limited_beside_a_good_one(&self, limit: impl FnOnce(&mut TimeLimits)) -> TokenService {
        let mut settings = self.settings();
        limit(&mut settings.limits);
        settings
            .modules
            .push(self.drawer.tokens.module_path.clone());
        TokenService::new(settings)
    }
}

pub(crate) fn compile(drawer: &Drawer, behaviour: &str) -> Option<PathBuf> {
    let module = drawer.path().join(format!("lib{behaviour}.so"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/modules/hostile.c");
    let compiled = Command::new("cc")
        .args(["-shared", "-fPIC", "-w", "-o"])
        .arg(&module)
        .arg(format!("-D{behaviour}"))
        .arg(format!(
            "-DSOFTHSM=\"{}\"",
            drawer.tokens.module_path.display()
        ))
        .arg(format!("-DPULLED=\"{}\"", pulled(drawer).display()))
        .arg(format!("-DHELD=\"{}\"", held(drawer).display()))
        .arg(format!("-DNOTES=\"{}\"", notes(drawer).display()))
        .arg(source)
        .arg("-ldl")
        .status();
    let Ok(status) = compiled else {
        println!("SKIPPED: there is no C compiler");
        return None;
    };
    assert!(status.success());
    Some(module)
}

/// Where this file is, a `PLUGGABLE` module has no token.
fn pulled(drawer: &Drawer) -> PathBuf {
    drawer.path().join("pulled")
}

/// While this file is, a `HELD` module signs nothing more.
pub(crate) fn held(drawer: &Drawer) -> PathBuf {
    drawer.path().join("held")
}

/// Where a module notes what it does, a line each time.
fn notes(drawer: &Drawer) -> PathBuf {
    drawer.path().join("notes")
}

fn timed<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    let took = start.elapsed();
    // What hangs hangs for ever: whatever ends soon was ended.
    assert!(took < LIMIT * 20, "took {took:?}");
    result
}

fn process(service: &TokenService, module: &Path) -> u32 {
    service.worker_process(module).unwrap()
}

/// Neither running nor a zombie.
pub(crate) fn is_gone(process: u32) -> bool {
    !Path::new(&format!("/proc/{process}")).exists()
}

/// Waits for the end of a process that is about to end.
pub(crate) fn ends(process: u32) {
    let start = Instant::now();
    while !is_gone(process) {
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "process {process} lives"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn sign(key: &WorkerKey) -> Result<Vec<u8>, TokenServiceError> {
    let scheme = key.schemes()[0];
    key.sign_message(scheme, b"signed attributes")
}

#[test]
fn a_module_that_never_starts_costs_its_own_time_and_the_others_nothing() {
    let Some(hostile) = Hostile::that("HANG_INITIALIZE") else {
        return;
    };
    let service = hostile.limited_beside_a_good_one(|limits| limits.loading = LIMIT);
    let reports = timed(|| service.tokens());
    let error = reports[0].tokens.as_ref().unwrap_err();
    let silent = TokenServiceError::ModuleSilent {
        path: hostile.module.clone(),
        seconds: LIMIT.as_secs(),
    };
    assert_eq!(error.to_string(), silent.to_string());
    assert_eq!(reports[1].tokens().count(), 1);
    assert_eq!(service.worker_process(&hostile.module), None);
    assert_eq!(hostile.noted(), 1);
    // Left alone for a while: it does not cost its time again.
    assert!(!service.tokens().is_empty());
    assert_eq!(hostile.noted(), 1);
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
    drop(key);
    // Asked again on request, in a process of its own again.
    let again = timed(|| service.refresh());
    assert!(again[0].tokens.is_err());
    assert!(again[1].tokens.is_ok());
    assert_eq!(hostile.noted(), 2);
}

#[test]
fn a_module_that_hangs_while_it_lists_is_killed() {
    let Some(hostile) = Hostile::that("HANG_LISTING") else {
        return;
    };
    let service = hostile.limited_beside_a_good_one(|limits| limits.listing = LIMIT);
    let (reports, process) = std::thread::scope(|scope| {
        let listing = scope.spawn(|| timed(|| service.tokens()));
        let process = loop {
            assert!(!listing.is_finished(), "nobody saw its process");
            if let Some(process) = service.worker_process(&hostile.module) {
                break process;
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        (listing.join().unwrap(), process)
    });
    assert!(matches!(
        reports[0].tokens,
        Err(TokenServiceError::ModuleSilent { .. })
    ));
    assert!(reports[1].tokens.is_ok());
    ends(process);
}

#[test]
fn a_module_that_aborts_while_it_signs_ends_its_process_and_nothing_else() {
    let Some(hostile) = Hostile::that("ABORT_SIGN") else {
        return;
    };
    let service = hostile.service();
    let key = open(&service, Role::Principal).unwrap();
    let worker = process(&service, &hostile.module);
    let error = timed(|| sign(&key)).unwrap_err();
    assert!(
        matches!(
            &error,
            TokenServiceError::ModuleCrashed {
                end: WorkerEnd::Signal(6),
                ..
            }
        ),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "module libABORT_SIGN.so crashed: repeat; if it crashes again, install the token's software \
         again (signal 6)"
    );
    ends(worker);
    // The key is lost, without another try of anything.
    assert!(matches!(
        sign(&key),
        Err(TokenServiceError::ModuleCrashed { .. })
    ));
    drop(key);
    // The next call has a fresh process.
    let key = open(&service, Role::Principal).unwrap();
    assert_ne!(process(&service, &hostile.module), worker);
    drop(key);
}

#[test]
fn a_module_that_hangs_while_it_signs_answers_in_its_time() {
    let Some(hostile) = Hostile::that("HANG_SIGN") else {
        return;
    };
    let mut settings = hostile.settings();
    settings.limits.signature = LIMIT;
    let service = TokenService::new(settings);
    let key = open(&service, Role::Principal).unwrap();
    let worker = process(&service, &hostile.module);
    let scheme = key.schemes()[0];
    let pending: Vec<_> = (0..3)
        .map(|_| key.start(scheme, b"attributes").unwrap())
        .collect();
    timed(|| {
        for signature in pending {
            assert!(matches!(
                signature.wait(),
                Err(TokenServiceError::ModuleSilent { seconds, .. }) if seconds == LIMIT.as_secs()
            ));
        }
    });
    ends(worker);
    timed(|| drop(key));
    assert!(service.tokens()[0].tokens.is_ok());
}

#[test]
fn a_module_that_kills_its_process_or_exits_is_told_apart() {
    let Some(killing) = Hostile::that("KILL_SIGN") else {
        return;
    };
    let service = killing.service();
    let key = open(&service, Role::Principal).unwrap();
    assert!(matches!(
        sign(&key),
        Err(TokenServiceError::ModuleCrashed {
            end: WorkerEnd::Signal(9),
            ..
        })
    ));
    let Some(leaving) = Hostile::that("EXIT_LISTING") else {
        return;
    };
    let reports = leaving.beside_a_good_one().tokens();
    assert!(matches!(
        reports[0].tokens,
        Err(TokenServiceError::ModuleCrashed {
            end: WorkerEnd::Exited(0),
            ..
        })
    ));
    assert!(reports[1].tokens.is_ok());
}

#[test]
fn a_crash_at_login_is_no_second_try() {
    let Some(hostile) = Hostile::that("ABORT_LOGIN") else {
        return;
    };
    let service = hostile.beside_a_good_one();
    // The same token is reachable through the good module, where the PIN must not go.
    let error = service
        .open_key(&id(Role::Principal), pin("00000000"), FinalTry::Refuse)
        .unwrap_err();
    assert!(matches!(error, TokenServiceError::ModuleCrashed { .. }));
    let states: Vec<_> = service.refresh()[1]
        .tokens()
        .map(|token| token.pin_state)
        .collect();
    assert_eq!(states, [trien_token::PinState::Initialised]);
}

#[test]
fn a_value_that_is_no_signature_never_comes_out() {
    for behaviour in ["GARBAGE_SIGN", "ABSURD_VALUE"] {
        let Some(hostile) = Hostile::that(behaviour) else {
            return;
        };
        let service = hostile.service();
        let key = open(&service, Role::Principal).unwrap();
        let error = sign(&key).unwrap_err();
        assert!(
            matches!(
                error,
                TokenServiceError::SignatureWrong(_) | TokenServiceError::ModuleCrashed { .. }
            ),
            "{behaviour}: {error:?}"
        );
    }
}

#[test]
fn a_module_that_writes_into_the_pipe_is_faulty_and_killed() {
    for behaviour in ["OVERWRITE_PIPE", "ANNOUNCE_MUCH"] {
        let Some(hostile) = Hostile::that(behaviour) else {
            return;
        };
        let service = hostile.service();
        let key = open(&service, Role::Principal).unwrap();
        let worker = process(&service, &hostile.module);
        let error = timed(|| sign(&key)).unwrap_err();
        assert!(
            matches!(
                error,
                TokenServiceError::ModuleFaulty { .. } | TokenServiceError::ModuleCrashed { .. }
            ),
            "{behaviour}: {error:?}"
        );
        ends(worker);
    }
}

#[test]
fn tokens_that_describe_themselves_in_garbage_are_listed_and_harmless() {
    let Some(hostile) = Hostile::that("GARBAGE_INFO") else {
        return;
    };
    let service = hostile.beside_a_good_one();
    let reports = timed(|| service.tokens());
    // Whatever becomes of the hostile module's, the good one's is there.
    assert_eq!(reports[1].tokens().count(), 1);
}

#[test]
fn a_count_that_no_memory_holds_ends_the_worker_alone() {
    let Some(hostile) = Hostile::that("ABSURD_COUNT") else {
        return;
    };
    let service = hostile.beside_a_good_one();
    let reports = timed(|| service.tokens());
    assert!(reports[0].tokens.is_err(), "{:?}", reports[0]);
    assert_eq!(reports[1].tokens().count(), 1);
}

#[test]
fn what_a_module_prints_is_kept_apart_from_the_protocol() {
    let Some(hostile) = Hostile::that("PRINT") else {
        return;
    };
    let service = hostile.service();
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
    let said = service.module_output(&hostile.module).unwrap();
    assert!(said.contains("vendor library started"), "{said}");
    assert!(said.contains("vendor library warns"), "{said}");
}

#[test]
fn a_pin_that_a_module_prints_is_not_kept() {
    let Some(hostile) = Hostile::that("PRINT_PIN") else {
        return;
    };
    let service = hostile.service();
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
    let said = service.module_output(&hostile.module).unwrap();
    assert!(!said.contains(TEST_PIN), "{said}");
}

#[test]
fn a_module_that_reads_the_input_takes_no_request() {
    let Some(hostile) = Hostile::that("READ_INPUT") else {
        return;
    };
    let service = hostile.service();
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
}

#[test]
fn what_a_module_started_ends_with_its_worker() {
    let Some(hostile) = Hostile::that("HELPER") else {
        return;
    };
    let service = hostile.service();
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
    let worker = process(&service, &hostile.module);
    let started = children(worker);
    assert_eq!(started.len(), 1, "{started:?}");
    // The helper has the pipe open; the end of the worker must be seen all the same.
    kill(worker);
    let error = timed(|| sign(&key)).unwrap_err();
    assert!(
        matches!(
            error,
            TokenServiceError::ModuleCrashed {
                end: WorkerEnd::Signal(9),
                ..
            }
        ),
        "{error:?}"
    );
    ends(worker);
    ends(started[0]);
}

#[test]
fn a_process_that_left_the_group_with_the_pipe_keeps_nobody_waiting() {
    let Some(hostile) = Hostile::that("DETACHED_HELPER") else {
        return;
    };
    let service = hostile.service();
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
    let worker = process(&service, &hostile.module);
    let started = children(worker);
    kill(worker);
    assert!(matches!(
        timed(|| sign(&key)),
        Err(TokenServiceError::ModuleCrashed {
            end: WorkerEnd::Signal(9),
            ..
        })
    ));
    ends(worker);
    drop(key);
    sign(&open(&service, Role::Principal).unwrap()).unwrap();
    // It is nobody's child any more: the test ends it.
    for process in started {
        kill(process);
    }
    for process in children(process(&service, &hostile.module)) {
        kill(process);
    }
}

pub(crate) fn kill(process: u32) {
    let status = Command::new("kill")
        .args(["-9", &process.to_string()])
        .status();
    assert!(status.unwrap().success());
}

fn children(process: u32) -> Vec<u32> {
    let tasks = std::fs::read_dir(format!("/proc/{process}/task")).unwrap();
    tasks
        .flat_map(|task| {
            // A thread may have ended meanwhile.
            let listed = std::fs::read_to_string(task.unwrap().path().join("children"));
            let listed = listed.unwrap_or_default();
            let numbers = listed.split_whitespace();
            numbers
                .map(|number| number.parse().unwrap())
                .collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn a_worker_killed_between_or_during_signatures_costs_those_and_no_pin() {
    let Some(hostile) = Hostile::that("HELD_SIGN") else {
        return;
    };
    let service = hostile.service();
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
    let worker = process(&service, &hostile.module);
    // During: two are under way.
    std::fs::write(held(&hostile.drawer), b"").unwrap();
    let scheme = key.schemes()[0];
    let first = key.start(scheme, b"1").unwrap();
    let second = key.start(scheme, b"2").unwrap();
    while hostile.noted() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    kill(worker);
    for signature in [first, second] {
        assert!(matches!(
            signature.wait(),
            Err(TokenServiceError::ModuleCrashed {
                end: WorkerEnd::Signal(9),
                ..
            })
        ));
    }
    drop(key);
    ends(worker);
    std::fs::remove_file(held(&hostile.drawer)).unwrap();
    // Between.
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
    kill(process(&service, &hostile.module));
    assert!(matches!(
        sign(&key),
        Err(TokenServiceError::ModuleCrashed { .. })
    ));
    drop(key);
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
}

#[test]
fn a_pulled_token_stops_the_job_and_keeps_what_was_signed() {
    let Some(hostile) = Hostile::that("PLUGGABLE") else {
        return;
    };
    let service = hostile.service();
    let key = open(&service, Role::Principal).unwrap();
    sign(&key).unwrap();
    let worker = process(&service, &hostile.module);
    std::fs::write(pulled(&hostile.drawer), b"").unwrap();
    let error = sign(&key).unwrap_err();
    assert!(
        matches!(error, TokenServiceError::TokenRemoved),
        "{error:?}"
    );
    drop(key);
    assert!(matches!(
        open(&service, Role::Principal),
        Err(TokenServiceError::CertificateNotFound(_) | TokenServiceError::TokenNotPresent)
    ));
    std::fs::remove_file(pulled(&hostile.drawer)).unwrap();
    sign(&open(&service, Role::Principal).unwrap()).unwrap();
    // Several drivers fail every call after a token was pulled: this one was loaded anew.
    ends(worker);
}

#[test]
fn tokens_that_come_and_go_are_noticed_without_being_asked_for() {
    let Some(hostile) = Hostile::that("PLUGGABLE") else {
        return;
    };
    let mut settings = hostile.settings();
    settings.poll_interval = Duration::from_millis(50);
    // Only the notice makes the listing new.
    settings.listing_age = Duration::from_secs(3_600);
    let service = TokenService::new(settings);
    let count = || service.tokens()[0].tokens().count();
    assert_eq!(count(), 1);
    let mut watch = service.watch();
    assert_eq!(watch.wait(Duration::from_millis(300)), TokenChange::None);
    let before = watch.generation();
    std::fs::write(pulled(&hostile.drawer), b"").unwrap();
    assert_eq!(watch.wait(LIMIT * 20), TokenChange::Changed);
    assert_ne!(watch.generation(), before);
    assert_eq!(count(), 0);
    std::fs::remove_file(pulled(&hostile.drawer)).unwrap();
    assert_eq!(watch.wait(LIMIT * 20), TokenChange::Changed);
    assert_eq!(count(), 1);
    // No notice interrupts a job.
    let key = open(&service, Role::Principal).unwrap();
    assert_eq!(watch.wait(Duration::from_millis(300)), TokenChange::None);
    drop(key);
}

#[test]
fn no_process_outlives_its_service() {
    let Some(hostile) = Hostile::that("HANG_SIGN") else {
        return;
    };
    let service = hostile.beside_a_good_one();
    assert!(!service.tokens().is_empty());
    let workers = [
        process(&service, &hostile.module),
        process(&service, &hostile.drawer.tokens.module_path),
    ];
    drop(service);
    workers.into_iter().for_each(ends);
}
