//! Files of gigabytes: offsets beyond 32 bits, in memory that does not grow with them. The files are
//! holes, so they take no room where the file system knows holes; elsewhere the test says that it is
//! skipped. Beyond ten digits: `cargo xtask huge`.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{FileExt as _, MetadataExt as _};
use std::process::Command;

use trien::{Document, Limits, MappedFile, SignatureRequest};
use trien_policy::{ChangesFact, IntegrityFact};
use trien_testkit::pki::Role;
use trien_testkit::records::sparse_scan;

use crate::school::{SIGNED_AT, assert_sound, kept_folder, key, verify};

/// A little above 2³²: every offset behind the picture needs more than 32 bits.
const OCTETS: u64 = (1 << 32) + 4_097;

/// What signing and verifying may take beside the mapped file.
const OWN_KIB: u64 = 48 * 1_024;

/// Memory of this process that is no file's, in KiB.
fn own_memory_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

/// Set for the process that does the work: other tests have their memory in this one.
const ALONE: &str = "TRIEN_TEST_HUGE_ALONE";

#[test]
fn a_file_above_four_gigabytes_is_signed_twice_and_verified() {
    if std::env::var_os(ALONE).is_some() {
        return sign_and_verify();
    }
    let test = "huge::a_file_above_four_gigabytes_is_signed_twice_and_verified";
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(ALONE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{said}");
    let told = |line: &&str| line.starts_with("SKIPPED: ") || line.starts_with("huge: ");
    let lines: Vec<&str> = said.lines().filter(told).collect();
    // A name that fits no test succeeds as well.
    assert!(!lines.is_empty(), "{said}");
    for line in lines {
        println!("{line}");
    }
}

fn sign_and_verify() {
    let folder = kept_folder("huge");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("scan.pdf");
    if let Err(error) = sparse_scan(&path, OCTETS) {
        println!("SKIPPED: no file of 4 GB can be made here: {error}");
        return;
    }
    if fs::metadata(&path).unwrap().blocks() > 1_000_000 {
        println!("SKIPPED: files have no holes here, and 4 GB are too many to write");
        fs::remove_file(&path).unwrap();
        return;
    }
    let before = own_memory_kib();
    for role in [Role::HomeroomTeacher, Role::SchoolSeal] {
        let appended = {
            let file = MappedFile::open(&path).unwrap();
            let document = Document::open(&file, &Limits::default()).unwrap();
            let request = SignatureRequest::new(role.label(), SIGNED_AT);
            let signed = trien::sign(&document, &mut key(role), request).unwrap();
            signed.appended().to_vec()
        };
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(&appended).unwrap();
    }
    let file = MappedFile::open(&path).unwrap();
    assert!(u64::try_from(file.len()).unwrap() > OCTETS);
    let fields = [Role::HomeroomTeacher, Role::SchoolSeal].map(Role::label);
    assert_sound(&file, &fields, "4 GB");
    let grown = own_memory_kib().saturating_sub(before);
    println!("huge: {grown} KiB beside the mapped file of {OCTETS} octets");
    assert!(grown < OWN_KIB, "{grown} KiB beside the mapped file");
    drop(file);

    // One octet in the middle of the hole, beyond 32 bits.
    let writable = OpenOptions::new().write(true).open(&path).unwrap();
    writable.write_all_at(&[1], OCTETS - 5).unwrap();
    let report = verify(&MappedFile::open(&path).unwrap());
    for signature in &report.signatures {
        assert!(
            matches!(signature.facts.integrity, IntegrityFact::Broken { .. }),
            "{:?}",
            signature.facts.integrity
        );
        assert_ne!(
            ChangesFact::of(&signature.facts.changes),
            ChangesFact::Forbidden
        );
    }
    assert_eq!(report.signatures.len(), 2);
    fs::remove_file(&path).unwrap();
}
