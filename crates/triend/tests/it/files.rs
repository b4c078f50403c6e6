//! The store's files: whose they are, and what is no store.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use triend::store::{Store, StoreError};

use crate::school::{ADMINISTRATOR, START, School, principal};

#[test]
fn only_the_owner_may_read_what_the_store_writes() {
    let mut school = School::new();
    school
        .store
        .add_signer(&principal(), ADMINISTRATOR, START)
        .unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&school.data()), 0o700);
    let mut names = vec![];
    for entry in fs::read_dir(school.data()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
        names.push(path.file_name().unwrap().to_string_lossy().into_owned());
    }
    names.sort();
    assert_eq!(
        names,
        [
            "triend.lock",
            "triend.sqlite",
            "triend.sqlite-shm",
            "triend.sqlite-wal"
        ]
    );
}

#[test]
fn a_store_that_others_may_read_is_not_opened() {
    let school = School::new();
    let path = school.store.path();
    for mode in [0o640, 0o604, 0o602, 0o660] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let error = Store::open(&school.data(), START).unwrap_err();
        assert!(matches!(error, StoreError::Exposed(_)), "{error}");
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    Store::open(&school.data(), START).unwrap();
}

#[test]
fn a_link_a_folder_and_other_files_are_no_store() {
    let school = School::new();
    let other = school.folder.path().join("other");
    let error = Store::open(&other, START).unwrap_err();
    assert!(matches!(error, StoreError::NoStore(_)), "{error}");
    fs::create_dir(&other).unwrap();
    let database = other.join("triend.sqlite");
    symlink(school.store.path(), &database).unwrap();
    let error = Store::open(&other, START).unwrap_err();
    assert!(matches!(error, StoreError::NotAStore(_)), "{error}");
    fs::remove_file(&database).unwrap();

    fs::write(
        &database,
        b"not a database, but as long as one may be".repeat(200),
    )
    .unwrap();
    fs::set_permissions(&database, fs::Permissions::from_mode(0o600)).unwrap();
    let error = Store::open(&other, START).unwrap_err();
    assert!(matches!(error, StoreError::Damaged(_)), "{error}");
    fs::write(&database, b"").unwrap();
    let error = Store::open(&other, START).unwrap_err();
    assert!(matches!(error, StoreError::NotAStore(_)), "{error}");
}

#[test]
fn a_store_is_made_once_and_opened_again_and_again() {
    let mut school = School::new();
    let id = school
        .store
        .add_signer(&principal(), ADMINISTRATOR, START)
        .unwrap();
    let error = Store::create(&school.data(), START).unwrap_err();
    assert!(matches!(error, StoreError::StoreExists(_)), "{error}");
    // Two at once, as the daemon and a command are.
    let mut other = Store::open_or_create(&school.data(), START).unwrap();
    assert_eq!(other.signer(id).unwrap().person, principal().person);
    other
        .end_signer(id, START.plus_seconds(5), None, ADMINISTRATOR, START)
        .unwrap();
    assert!(school.store.signer(id).unwrap().term.until().is_some());
    assert!(school.store.check_audit().unwrap().is_intact());
}
