//! A process that writes is killed 200 times in the middle of a change: what it had reported is
//! there, and what it had not is there whole or not at all.

use std::collections::hash_map::RandomState;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::hash::BuildHasher as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use triend::store::{
    ContentHash, Direction, DocumentPlace, EvidenceItem, NewRecord, RecordId, RecordState,
    SignerId, Store,
};

use crate::school::{
    ADMINISTRATOR, START, complete_evidence, days, pki, principal, text, time_stamp,
};

/// Kills in the middle of a change. Those between two changes come on top.
const KILLS: usize = 200;
/// Kills of one store; then a fresh one, so that checking the whole of it stays quick.
const KILLS_OF_A_STORE: usize = 25;
/// The most kills in all, far beyond what chance leaves between changes.
const MOST_KILLS: usize = 2_000;
/// Changes that a child makes at most before the one in which it is killed.
const MOST_CHANGES: u64 = 10;
/// Where the child is told to write. Absent in a run that is not a child.
const FOLDER: &str = "TRIEND_KILL_FOLDER";

fn document(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.pdf"))
}

/// The child. Says what it begins, does it, says that it is done, and never ends by itself.
#[test]
#[ignore = "the process that the other test kills"]
fn writer() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("only started by the other test"));
    let mut store = Store::open(&folder.join("data"), START).unwrap();
    let life = std::process::id();
    let certain = complete_evidence(b"");
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| {
        writeln!(out, "{line}").unwrap();
        out.flush().unwrap();
    };
    for round in 0_u64.. {
        let name = format!("{life}-{round}");
        let mut new = principal();
        new.person = text(&name);
        say("begin register".to_owned());
        let id = store.add_signer(&new, ADMINISTRATOR, START).unwrap();
        say(format!("done register {} {name}", id.number()));

        let path = document(&folder, &name);
        fs::write(&path, &name).unwrap();
        // All but the time stamp is shared with the other records.
        let mut evidence = certain.clone();
        let token = EvidenceItem::TimeStampAtSigning(time_stamp(name.as_bytes()));
        *evidence.last_mut().unwrap() = token;
        let record = NewRecord::new(Direction::Outgoing, ContentHash::of(name.as_bytes()));
        say("begin evidence".to_owned());
        let id = store
            .add_record(&record, &evidence, ADMINISTRATOR, START)
            .unwrap();
        say(format!("done evidence {} {name}", id.number()));

        // Every other one stays.
        if round % 2 == 0 {
            let place = DocumentPlace::File(&path);
            say("begin destruction".to_owned());
            store
                .destroy(id, &text("1/BB"), place, ADMINISTRATOR, days(1))
                .unwrap();
            say(format!("done destruction {} {name}", id.number()));
        }
    }
}

/// What children have reported of one store.
#[derive(Default)]
struct Reported {
    signers: BTreeMap<i64, String>,
    records: BTreeMap<i64, String>,
    destroyed: BTreeSet<i64>,
}

impl Reported {
    fn take(&mut self, what: &str, id: i64, name: &str) {
        match what {
            "register" => {
                self.signers.insert(id, name.to_owned());
            }
            "evidence" => {
                self.records.insert(id, name.to_owned());
            }
            "destruction" => {
                self.destroyed.insert(id);
            }
            other => panic!("{other}"),
        }
    }
}

/// How long changes take on this machine, as far as it is known.
#[derive(Default)]
struct Pace(BTreeMap<String, Duration>);

impl Pace {
    fn of(&self, what: &str) -> Duration {
        self.0
            .get(what)
            .copied()
            .unwrap_or(Duration::from_millis(5))
    }

    /// The last ones count most: others may have left the machine alone meanwhile.
    fn took(&mut self, what: &str, time: Duration) {
        let mean = (self.of(what) + time) / 2;
        self.0.insert(what.to_owned(), mean);
    }
}

fn random() -> u64 {
    RandomState::new().hash_one(0)
}

/// Starts a child, lets it write for a while, kills it at a random point of a random change; gives
/// what it was doing.
fn one_life(folder: &Path, reported: &mut Reported, pace: &mut Pace) -> Option<String> {
    let last = random() % MOST_CHANGES;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "kill::writer", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut doing = None;
    let (mut begun, mut since) = (0, Instant::now());
    let mut killed = false;
    for line in lines {
        let line = line.unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        match words.as_slice() {
            ["begin", what] => {
                doing = Some((*what).to_owned());
                since = Instant::now();
                if begun == last {
                    let most = u64::try_from(pace.of(what).as_micros()).unwrap().max(1);
                    std::thread::sleep(Duration::from_micros(random() % most));
                    child.kill().unwrap();
                    killed = true;
                }
                begun += 1;
            }
            ["done", what, id, name] => {
                doing = None;
                if !killed {
                    pace.took(what, since.elapsed());
                }
                reported.take(what, id.parse().unwrap(), name);
            }
            // The test harness's own lines, and one that the kill cut.
            _ => {}
        }
    }
    let status = child.wait().unwrap();
    assert!(
        killed && !status.success(),
        "the child ended by itself: {status}"
    );
    doing
}

/// Everything reported is there, everything there is whole, and the log knows all of it.
fn verify(folder: &Path, reported: &Reported) -> usize {
    let mut store = Store::open(&folder.join("data"), START).unwrap();
    let check = store.check().unwrap();
    assert!(check.is_intact(), "{check:?}");
    for (id, name) in &reported.signers {
        let signer = store.signer(SignerId::from_number(*id)).unwrap();
        assert_eq!(signer.person.as_str(), name);
    }
    for (id, name) in &reported.records {
        let record = store.record(RecordId::from_number(*id)).unwrap();
        assert_eq!(record.sha256, ContentHash::of(name.as_bytes()));
    }
    let mut begun = vec![];
    for record in store.records().unwrap() {
        let items = store.evidence_of(record.id).unwrap().len();
        let number = record.id.number();
        match record.state {
            RecordState::Kept => {
                assert!(!reported.destroyed.contains(&number));
                assert_eq!(items, 5);
                assert!(store.completeness(record.id).unwrap().is_complete());
            }
            RecordState::DestructionBegun => {
                assert!(!reported.destroyed.contains(&number));
                assert_eq!(items, 5);
                begun.push(record);
            }
            RecordState::Destroyed => {
                assert_eq!(items, 0);
                if let Some(name) = reported.records.get(&number) {
                    assert!(!document(folder, name).exists());
                }
            }
            other => panic!("{other:?}"),
        }
    }
    // Begun and not ended: doing it again ends it, whether the document had gone or not.
    for record in &begun {
        let name = &reported.records[&record.id.number()];
        let path = document(folder, name);
        store
            .destroy(
                record.id,
                &text("2/BB"),
                DocumentPlace::File(&path),
                ADMINISTRATOR,
                days(2),
            )
            .unwrap();
        assert!(!path.exists());
        let state = store.record(record.id).unwrap().state;
        assert_eq!(state, RecordState::Destroyed);
    }
    begun.len()
}

#[test]
fn nothing_reported_is_lost_when_the_process_is_killed_200_times() {
    // Made here once, so that no child spends its life on it.
    pki();
    let mut doing: BTreeMap<String, usize> = BTreeMap::new();
    let (mut commits, mut resumed, mut lives) = (0, 0, 0);
    let mut pace = Pace::default();
    let inside = |doing: &BTreeMap<String, usize>| {
        doing.values().sum::<usize>() - doing.get("between").copied().unwrap_or_default()
    };
    while inside(&doing) < KILLS {
        assert!(lives < MOST_KILLS, "the kills miss the changes: {doing:?}");
        let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        Store::create(&folder.path().join("data"), START).unwrap();
        let mut reported = Reported::default();
        for _ in 0..KILLS_OF_A_STORE {
            let what = one_life(folder.path(), &mut reported, &mut pace);
            *doing
                .entry(what.unwrap_or_else(|| "between".to_owned()))
                .or_default() += 1;
            resumed += verify(folder.path(), &reported);
            lives += 1;
        }
        commits += reported.signers.len() + reported.records.len() + reported.destroyed.len();
        // Nothing more than was begun when the child was killed, one for each life.
        let store = Store::open(&folder.path().join("data"), START).unwrap();
        let extra = store.signers().unwrap().len() - reported.signers.len()
            + store.records().unwrap().len()
            - reported.records.len();
        assert!(extra <= KILLS_OF_A_STORE, "{extra}");
    }
    println!(
        "{lives} kills: {doing:?}; {commits} reported changes, {resumed} destructions resumed"
    );
    for what in ["register", "evidence", "destruction"] {
        assert!(doing.get(what).is_some_and(|kills| *kills >= 10), "{what}");
    }
}
