//! A daemon is killed again and again while it signs: what it had said to be signed is there and
//! holds, what it had not said is there whole or not at all, and nothing is signed twice.

use std::collections::BTreeMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use trien_testkit::pki::Role;
use trien_testkit::tokens::{CONFIG_VARIABLE, ContextLogin, TokenPlan};
use triend::store::ContentHash;
use triend::token_worker::TokenServiceSettings;

use crate::job_desk::{Desk, anchors, approved, letter, runtime, states, verified};
use crate::school::pki;
use crate::worker_softhsm::{Drawer, settings};

/// Where the child works, and what it needs there. Absent in a run that is not a child.
const FOLDER: &str = "TRIEND_JOB_KILL_FOLDER";
const TOKEN: &str = "TRIEND_JOB_KILL_TOKEN";

/// A PIN that stands nowhere by chance.
const PIN: &str = "Kin-9x!maT-kHau";

/// Documents of a job.
const BATCH: usize = 12;
/// Kills; `TRIEND_KILLS` asks for more.
const KILLS: usize = 25;
/// The longest a child lives after its token was opened, in microseconds.
const LONGEST_LIFE_MICROSECONDS: u64 = 350_000;

fn tokens(configuration: &Path) -> TokenServiceSettings {
    let module = trien_testkit::tokens::softhsm_module().unwrap();
    let mut settings = settings(vec![module]);
    settings.environment = vec![(CONFIG_VARIABLE.into(), configuration.into())];
    settings
}

fn batch() -> Vec<(&'static str, &'static [u8])> {
    vec![("Học bạ kín", letter()); BATCH]
}

/// The child. Signs one job after the other, says which, and never ends by itself.
#[test]
#[ignore = "the process that the other test kills"]
fn signer() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("only started by the other test"));
    let configuration = PathBuf::from(std::env::var_os(CONFIG_VARIABLE).unwrap());
    let token = std::env::var(TOKEN).unwrap();
    runtime().block_on(async {
        let desk = Desk::at(&folder, tokens(&configuration), |_| {}, Some(token));
        let say = |line: String| {
            let mut out = std::io::stdout().lock();
            writeln!(out, "{line}").unwrap();
            out.flush().unwrap();
        };
        loop {
            let address = desk.create(&batch(), json!({"level": "b-b"})).await;
            desk.answer(&address, approved(Role::Principal, PIN)).await;
            say(format!("begun {address}"));
            let mut said = [false; BATCH];
            loop {
                let job = desk.show(&address).await;
                for (number, state) in states(&job).into_iter().enumerate() {
                    if state == "signed" && !said[number] {
                        said[number] = true;
                        say(format!("signed {address} {}", number + 1));
                    }
                }
                if job["state"] == "finished" {
                    break;
                }
                assert!(!["stopped", "cancelled"].contains(&job["state"].as_str().unwrap()));
            }
        }
    });
}

type Signed = BTreeMap<(String, usize), Option<ContentHash>>;

/// Starts a child, lets it sign for a random while, kills it; notes what it said.
fn one_life(folder: &Path, configuration: &Path, token: &str, signed: &mut Signed) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "job_kill::signer", "--nocapture"])
        .env(FOLDER, folder)
        .env(TOKEN, token)
        .env(CONFIG_VARIABLE, configuration)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut killer = None;
    for line in lines {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["begun", _] if killer.is_none() => {
                let random = RandomState::new().hash_one(folder) % LONGEST_LIFE_MICROSECONDS;
                let process = child.id();
                // In a thread of its own: what is said meanwhile is read meanwhile.
                killer = Some(std::thread::spawn(move || {
                    std::thread::sleep(Duration::from_micros(random));
                    kill(process);
                }));
            }
            ["signed", address, number] => {
                let document = ((*address).to_owned(), number.parse().unwrap());
                signed.entry(document).or_default();
            }
            // The test harness's own lines.
            _ => {}
        }
    }
    killer.unwrap().join().unwrap();
    assert!(!child.wait().unwrap().success());
}

pub(crate) fn kill(process: u32) {
    let killed = Command::new("kill")
        .args(["-9", &process.to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
}

/// Looks at every document after a restart, then signs the rest of some jobs.
async fn verify(desk: &Desk, signed: &mut Signed) -> (usize, usize) {
    let anchors = anchors();
    let rows = desk
        .daemon
        .with_store_blocking(|store, _| store.jobs().unwrap());
    let (mut adopted, mut interrupted) = (0, 0);
    for row in &rows {
        let address = format!("/v1/jobs/{}", row.id);
        let mut job = desk.show(&address).await;
        let open = ["collecting", "examining", "awaiting-consent", "signing"];
        assert!(!open.contains(&job["state"].as_str().unwrap()), "{job}");
        let first = states(&job).join(" ");
        if job["state"] == "stopped" {
            assert_eq!(job["stopped"]["code"], "interrupted", "{job}");
            interrupted += 1;
            for (number, state) in states(&job).iter().enumerate() {
                let said = signed.contains_key(&(address.clone(), number + 1));
                assert!(*state == "signed" || !said, "lost: {number} of {first}");
                adopted += usize::from(*state == "signed" && !said);
            }
            note(desk, &job, &address, signed);
            desk.call("POST", &format!("{address}/retries"))
                .await
                .is_ok();
            desk.answer(&address, approved(Role::Principal, PIN)).await;
            job = desk.until_over(&address).await;
        }
        assert_eq!(job["signed"], BATCH, "{first}: {job}");
        note(desk, &job, &address, signed);
        for number in 1..=BATCH {
            let octets = desk.result(&address, number).await;
            assert!(octets.starts_with(letter()));
            let fields = verified(&octets, &anchors, &desk.daemon);
            assert_eq!(fields.len(), 1, "{fields:?}");
        }
        desk.call("POST", &format!("{address}/collected"))
            .await
            .is_ok();
        signed.retain(|(of, _), _| *of != address);
    }
    assert!(signed.is_empty(), "a job is gone: {signed:?}");
    (adopted, interrupted)
}

/// Notes the hash of every result; one that was noted before must not have changed.
fn note(desk: &Desk, job: &serde_json::Value, address: &str, signed: &mut Signed) {
    for (index, state) in states(job).iter().enumerate() {
        if *state != "signed" {
            continue;
        }
        let path = desk
            .spool_of(address)
            .join(format!("{}.out.pdf", index + 1));
        let hash = ContentHash::of(&std::fs::read(path).unwrap());
        let noted = signed.entry((address.to_owned(), index + 1)).or_default();
        assert_eq!(*noted.get_or_insert(hash), hash, "signed twice");
    }
}

/// What `SoftHSM` keeps of a token, rewritten in place at each login: a kill in that moment leaves
/// an empty file, and the software token is gone. A card has no such moment.
pub(crate) struct TokenObject {
    path: PathBuf,
    octets: Vec<u8>,
    pub(crate) mended: usize,
}

impl TokenObject {
    pub(crate) fn of(configuration: &Path) -> Self {
        let tokens = configuration.parent().unwrap().join("tokens");
        let mut folders = std::fs::read_dir(tokens).unwrap();
        let path = folders.next().unwrap().unwrap().path().join("token.object");
        Self {
            octets: std::fs::read(&path).unwrap(),
            path,
            mended: 0,
        }
    }

    pub(crate) fn mend(&mut self) {
        let whole = u64::try_from(self.octets.len()).unwrap();
        if std::fs::metadata(&self.path).unwrap().len() < whole {
            std::fs::write(&self.path, &self.octets).unwrap();
            self.mended += 1;
        }
    }
}

/// Files under a folder that hold `octets`.
pub(crate) fn holding(folder: &Path, octets: &[u8]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(holding(&path, octets));
        } else if std::fs::read(&path)
            .unwrap()
            .windows(octets.len())
            .any(|window| window == octets)
        {
            found.push(path);
        }
    }
    found
}

#[test]
fn no_signature_is_lost_or_made_twice_when_the_daemon_is_killed() {
    let authority = pki().identity(Role::Principal.issuer()).unwrap();
    let plan = TokenPlan::new("P", PIN)
        .with_identity(
            pki().identity(Role::Principal).unwrap(),
            ContextLogin::NotAsked,
        )
        .unwrap()
        .with_certificate(authority.name(), &authority.certificate_der().unwrap());
    let Some(drawer) = Drawer::with(&[plan]) else {
        return;
    };
    let kills = std::env::var("TRIEND_KILLS").map_or(KILLS, |text| text.parse().unwrap());
    let configuration = &drawer.tokens.config_path;
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut desk = Desk::at(folder.path(), tokens(configuration), |_| {}, None);
    let token = desk.token().to_owned();
    let mut object = TokenObject::of(configuration);
    let (mut signed, mut adopted, mut interrupted, mut said) = (Signed::new(), 0, 0, 0);
    for _ in 0..kills {
        drop(desk);
        one_life(folder.path(), configuration, &token, &mut signed);
        said += signed.len();
        object.mend();
        desk = Desk::at(
            folder.path(),
            tokens(configuration),
            |_| {},
            Some(token.clone()),
        );
        let held = holding(folder.path(), PIN.as_bytes());
        assert!(held.is_empty(), "the PIN is in {held:?}");
        let found = runtime().block_on(verify(&desk, &mut signed));
        adopted += found.0;
        interrupted += found.1;
    }
    println!(
        "{kills} kills: {said} signatures said to be made, {interrupted} jobs interrupted, \
         {adopted} results found that nobody had said, SoftHSM's token mended {} times",
        object.mended
    );
    assert!(interrupted > 0);
    let intact = desk
        .daemon
        .with_store_blocking(|store, _| store.check_audit().unwrap());
    assert!(intact.is_intact(), "{intact:?}");
}
