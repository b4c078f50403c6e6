//! Schemathesis, which makes calls out of the description, against the program as it runs: nothing it
//! sends leads to a failure of the daemon or to an answer that is not described. The person's windows
//! are answered by a program, so that nothing waits.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use trien_testkit::pki::Role as Holder;

use crate::school::pki;

/// The whole run; it ends by itself in about a minute.
const AT_MOST: Duration = Duration::from_secs(1_800);
/// Made inputs of each call: 54 calls in about a minute.
const EXAMPLES: &str = "40";

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path)
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn triend(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_triend"))
        .arg("--data")
        .arg(folder.join("data"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The daemon with windows that a program answers; its address.
fn start(folder: &Path, python: &Path) -> (Running, String) {
    let config = folder.join("triend.toml");
    let answer = repository("fixtures/judges/answer_windows.py");
    let text = format!(
        "port = 0\nbrowser = [{python:?}, {answer:?}]\nlog-level = \"warn\"\n\
         [limits]\ndocument-octets = 1_000_000\n"
    );
    fs::write(&config, text).unwrap();
    let log = fs::File::create(folder.join("said")).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_triend"))
        .args(["--lang", "en", "--data"])
        .arg(folder.join("data"))
        .arg("--config")
        .arg(&config)
        .arg("serve")
        .stdout(log)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child);
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(120) {
        let said = fs::read_to_string(folder.join("said")).unwrap();
        if let Some(address) = said.lines().find_map(|line| line.strip_prefix("triend: ")) {
            return (running, address.to_owned());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the daemon did not start");
}

/// Certificates that entries and roots are made of.
fn certificates() -> String {
    let holders = [Holder::NationalRoot, Holder::Principal, Holder::SchoolSeal];
    let pem = |holder| {
        let pem = pki().identity(holder).unwrap().certificate_pem();
        String::from_utf8(pem.unwrap()).unwrap()
    };
    holders.map(pem).concat()
}

#[test]
fn nothing_that_is_made_from_the_description_breaks_the_daemon_or_the_description() {
    let environment = repository("target/judges/schemathesis/bin");
    let program = environment.join("schemathesis");
    if !program.exists() {
        println!("SKIPPED: Schemathesis is not set up: cargo xtask judges");
        return;
    }
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let token = triend(folder.path(), &["pairings", "add-program", "Schemathesis"]);
    triend(
        folder.path(),
        &["pairings", "grant", "1", "records-read", "records-write"],
    );
    let (running, address) = start(folder.path(), &environment.join("python"));
    let out = fs::File::create(folder.path().join("out")).unwrap();
    let mut child = Command::new(&program)
        .current_dir(folder.path())
        .env(
            "SCHEMATHESIS_HOOKS",
            repository("fixtures/judges/schemathesis_hooks.py"),
        )
        .env("TRIEN_CERTIFICATES", certificates())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg("run")
        .arg(repository("crates/triend/assets/openapi.json"))
        .args(["--url", &address, "--max-examples", EXAMPLES])
        .args(["--seed", "1", "--no-color", "--generation-database", "none"])
        .args(["--request-timeout", "120", "--workers", "2"])
        .args(["--checks", CHECKS])
        // How fast inputs are made tells of the machine.
        .args(["--suppress-health-check", "too_slow"])
        // A stream of events ends with its job.
        .args(["--exclude-operation-id", "jobEvents"])
        .arg("--header")
        .arg(format!("Authorization: Bearer {}", token.trim()))
        .stdout(out.try_clone().unwrap())
        .stderr(out)
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if begun.elapsed() > AT_MOST {
            let _ = child.kill();
            let _ = child.wait();
            break None;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    let said = fs::read_to_string(folder.path().join("out")).unwrap();
    println!("{said}");
    println!("Schemathesis: {:?} after {:?}", status, begun.elapsed());
    assert!(status.is_some_and(|status| status.success()));
    drop(running);
    // What it wrote into the register stands in the log as it should.
    triend(folder.path(), &["audit", "check"]);
}

/// Not asked: that whatever fits the description is taken. The rules of signing and of the register
/// say more than a description can. Nor that every call without a word is answered 401 or 403: after
/// sixty guesses it is 429 (`http_gate` holds the doors themselves).
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,\
                      negative_data_rejection,unsupported_method";
