//! A disk that is full, and a limit on the size of files: told by name, and nothing committed is
//! lost.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;
use triend::store::{ContentHash, Direction, EvidenceItem, NewRecord, RecordId, Store, StoreError};

use crate::school::{ADMINISTRATOR, START, complete_evidence, pki, time_stamp};

/// Where the child is told to write.
const FOLDER: &str = "TRIEND_FULL_FOLDER";
/// Records that fit in neither disk.
const ENOUGH: usize = 2_000;

fn add(store: &mut Store, certain: &[EvidenceItem], number: usize) -> Result<RecordId, StoreError> {
    let name = format!("record {number}");
    let mut evidence = certain.to_vec();
    *evidence.last_mut().unwrap() = EvidenceItem::TimeStampAtSigning(time_stamp(name.as_bytes()));
    let record = NewRecord::new(Direction::Outgoing, ContentHash::of(name.as_bytes()));
    store.add_record(&record, &evidence, ADMINISTRATOR, START)
}

/// The child: writes until there is no room, looks at what is there, and where removing a ballast
/// makes room, goes on.
#[test]
#[ignore = "the process that the other tests give no room"]
fn filler() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).expect("only started by other tests"));
    let mut store = Store::create(&folder.join("data"), START).unwrap();
    let ballast = folder.join("ballast");
    let has_ballast = fs::write(&ballast, vec![1; 200_000]).is_ok();
    let certain = complete_evidence(b"");
    let mut kept = vec![];
    let error = loop {
        match add(&mut store, &certain, kept.len()) {
            Ok(id) => kept.push(id),
            Err(error) => break error,
        }
        assert!(kept.len() < ENOUGH, "there is room for all");
    };
    println!("told: {error}");
    assert!(matches!(error, StoreError::NoRoom(_)), "{error:?}");
    let there = |store: &Store| -> Vec<RecordId> {
        let records = store.records().unwrap();
        records.iter().map(|record| record.id).collect()
    };
    assert_eq!(there(&store), kept);
    assert!(store.check().unwrap().is_intact());
    // Again and again: it stays an error and changes nothing.
    for _ in 0..3 {
        assert!(add(&mut store, &certain, kept.len()).is_err());
    }
    assert_eq!(there(&store), kept);
    drop(store);
    let mut store = Store::open(&folder.join("data"), START).unwrap();
    assert_eq!(there(&store), kept);
    if has_ballast {
        fs::remove_file(&ballast).unwrap();
        kept.push(add(&mut store, &certain, kept.len()).unwrap());
        println!("went on with room");
    }
    assert_eq!(there(&store), kept);
    assert!(store.check().unwrap().is_intact());
    println!("kept: {}", kept.len());
}

/// Runs the child behind a shell script that takes room away.
fn without_room(script: &str, folder: &Path) -> Output {
    pki();
    Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .arg(folder)
        .env(FOLDER, folder)
        .output()
        .unwrap()
}

const CHILD: &str = r#"exec "$0" --ignored --exact full::filler --nocapture"#;

fn said(output: &Output) -> String {
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let said = text(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", text(&output.stderr));
    assert!(said.contains("told: no room is left"), "{said}");
    said
}

fn kept(said: &str) -> usize {
    let line = said.lines().find_map(|line| line.strip_prefix("kept: "));
    line.unwrap().parse().unwrap()
}

#[test]
fn a_full_disk_is_told_and_loses_nothing_and_with_room_it_goes_on() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mount = r#"mount -t tmpfs -o size=700k tmpfs "$1""#;
    let probe = without_room(mount, folder.path());
    if !probe.status.success() {
        println!("SKIPPED: no small disk can be mounted here: {probe:?}");
        return;
    }
    let said = said(&without_room(&format!("{mount} && {CHILD}"), folder.path()));
    assert!(said.contains("went on with room"), "{said}");
    println!("a disk of 700 kB: {} records", kept(&said));
    assert!(kept(&said) >= 5);
}

#[test]
fn a_limit_on_the_size_of_files_is_told_and_loses_nothing() {
    let folder = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    pki();
    // Blocks of 512 octets; ignored, the signal becomes an error of the write.
    let output = Command::new("sh")
        .args(["-c", &format!(r#"trap "" XFSZ; ulimit -f 700; {CHILD}"#)])
        .arg(std::env::current_exe().unwrap())
        .env(FOLDER, folder.path())
        .output()
        .unwrap();
    let said = said(&output);
    println!("files of 350 kB at most: {} records", kept(&said));
    // Where the limit is gone, it goes on.
    let mut store = Store::open(&folder.path().join("data"), START).unwrap();
    let before = store.records().unwrap().len();
    add(&mut store, &complete_evidence(b""), ENOUGH).unwrap();
    assert_eq!(store.records().unwrap().len(), before + 1);
    assert!(store.check().unwrap().is_intact());
}
