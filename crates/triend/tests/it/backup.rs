//! Backups are whole or not there, and nothing takes a store's place that was not checked.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use triend::store::{
    Action, AuditFault, ContentHash, Direction, DocumentPlace, NewRecord, Store, StoreError,
};

use crate::school::{
    ADMINISTRATOR, START, School, behind_the_program, complete_evidence, days, principal, text,
};

fn files(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_of_a_store_in_use_is_one_private_file_that_is_restored_whole() {
    let (mut school, principal_id, _) = School::staffed();
    let folder = school.folder.path().join("backups");
    fs::create_dir(&folder).unwrap();
    let target = folder.join("triend-1.sqlite");
    // Somebody else has it open, with a reader under way.
    let other = Store::open(&school.data(), START).unwrap();
    let head = school.store.backup(&target, days(1)).unwrap();
    assert_eq!(head.sequence, 3);
    assert_eq!(files(&folder), ["triend-1.sqlite"]);
    let mode = fs::metadata(&target).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o600);
    let again = school.store.backup(&target, days(1)).unwrap_err();
    assert!(matches!(again, StoreError::FileExists(_)), "{again}");

    school
        .store
        .end_signer(principal_id, days(2), None, ADMINISTRATOR, days(2))
        .unwrap();
    let lost = school.store.audit_head(days(2)).unwrap();
    let busy = Store::restore(&school.data(), &target, days(3)).unwrap_err();
    assert!(matches!(busy, StoreError::Busy), "{busy}");
    let data = school.data();
    let School {
        folder: _root,
        store,
    } = school;
    drop((store, other));
    let restored = Store::restore(&data, &target, days(3)).unwrap();
    assert_eq!(restored.entries_lost, Some(1));
    assert_eq!((restored.head.sequence, restored.head.hash), (3, head.hash));
    let store = Store::open(&data, days(3)).unwrap();
    assert_eq!(store.signer(principal_id).unwrap().term.until(), None);
    let last = store.last_audit_entry().unwrap();
    assert_eq!((last.sequence, last.action.as_str()), (4, "store.restored"));
    assert!(store.check().unwrap().is_intact());
    // Whoever held a later head sees that the log was set back.
    let trail = store.check_audit_against(&[head, lost]).unwrap();
    assert_eq!(trail.faults, [AuditFault::WrittenAnew { sequence: 4 }]);
    // What was there before can still be looked at.
    let before = restored.before.unwrap();
    let elsewhere = data.with_extension("before");
    fs::create_dir(&elsewhere).unwrap();
    fs::copy(before, elsewhere.join("triend.sqlite")).unwrap();
    let old = Store::open(&elsewhere, days(3)).unwrap();
    assert_eq!(old.last_audit_entry().unwrap().hash, lost.hash);
    assert!(old.check().unwrap().is_intact());
}

#[test]
fn a_backup_is_restored_where_there_is_no_store() {
    let (school, ..) = School::staffed();
    let target = school.folder.path().join("backup.sqlite");
    school.store.backup(&target, days(1)).unwrap();
    let new = school.folder.path().join("new/place");
    let restored = Store::restore(&new, &target, days(2)).unwrap();
    assert_eq!((restored.entries_lost, restored.before), (None, None));
    let store = Store::open(&new, days(2)).unwrap();
    assert_eq!(store.signers().unwrap(), school.store.signers().unwrap());
    let last = store.last_audit_entry().unwrap();
    assert_eq!(last.action, Action::StoreRestored.code());
}

#[test]
fn evidence_that_comes_back_with_a_backup_is_named() {
    let mut school = School::new();
    let new = NewRecord::new(Direction::Outgoing, ContentHash::of(b"record"));
    let id = school
        .store
        .add_record(&new, &complete_evidence(b"record"), ADMINISTRATOR, START)
        .unwrap();
    let target = school.folder.path().join("backup.sqlite");
    school.store.backup(&target, days(1)).unwrap();
    let elsewhere = DocumentPlace::DestroyedElsewhere;
    school
        .store
        .destroy(id, &text("1/BB"), elsewhere, ADMINISTRATOR, days(2))
        .unwrap();
    let data = school.data();
    let School {
        folder: _root,
        store,
    } = school;
    drop(store);
    let restored = Store::restore(&data, &target, days(3)).unwrap();
    assert_eq!(restored.came_back, [id]);
}

#[test]
fn what_was_not_checked_takes_nobodys_place() {
    let (school, ..) = School::staffed();
    let backup = school.folder.path().join("backup.sqlite");
    school.store.backup(&backup, days(1)).unwrap();
    let data = school.data();
    let School {
        folder: root,
        store,
    } = school;
    let head = store.audit_head(days(1)).unwrap();
    drop(store);
    let before = fs::read(data.join("triend.sqlite")).unwrap();

    let altered = root.path().join("altered.sqlite");
    fs::copy(&backup, &altered).unwrap();
    behind_the_program(&altered)
        .execute("UPDATE signer SET person = 'Ai Khác'", [])
        .unwrap();
    let refused = Store::restore(&data, &altered, days(2)).unwrap_err();
    assert!(matches!(refused, StoreError::NotIntact(_)), "{refused}");

    let other = School::new();
    let foreign = root.path().join("foreign.sqlite");
    other.store.backup(&foreign, days(1)).unwrap();
    let refused = Store::restore(&data, &foreign, days(2)).unwrap_err();
    assert!(matches!(refused, StoreError::OfAnotherStore), "{refused}");

    let octets = fs::read(&backup).unwrap();
    let broken = root.path().join("broken.sqlite");
    let mut holed = octets.clone();
    // From the start of a page on: what lies unused in its middle may hold anything.
    let page = octets.len() / 2 / 4096 * 4096;
    for octet in holed.iter_mut().skip(page).take(2_000) {
        *octet ^= 0x55;
    }
    for wrong in [
        &octets[..octets.len() / 2],
        &octets[..50],
        b"",
        b"no database",
        &holed,
    ] {
        fs::write(&broken, wrong).unwrap();
        let refused = Store::restore(&data, &broken, days(2)).unwrap_err();
        let named = matches!(
            refused,
            StoreError::BackupDamaged(_)
                | StoreError::NotABackup(_)
                | StoreError::NotIntact(_)
                | StoreError::Database(_)
        );
        assert!(named, "{refused:?}");
    }
    let absent = Store::restore(&data, &root.path().join("absent"), days(2)).unwrap_err();
    assert!(matches!(absent, StoreError::File(..)), "{absent}");
    assert_eq!(fs::read(data.join("triend.sqlite")).unwrap(), before);
    assert_eq!(files(&data), ["triend.lock", "triend.sqlite"]);
    let store = Store::open(&data, days(2)).unwrap();
    assert_eq!(store.audit_head(days(1)).unwrap(), head);
}

#[test]
fn a_damaged_store_is_told_and_gives_its_place_to_a_backup() {
    let (mut school, ..) = School::staffed();
    for number in 0..50 {
        let mut new = principal();
        new.person = text(&format!("Giáo viên {number}"));
        school
            .store
            .add_signer(&new, ADMINISTRATOR, days(1))
            .unwrap();
    }
    let backup = school.folder.path().join("backup.sqlite");
    school.store.backup(&backup, days(1)).unwrap();
    let data = school.data();
    let School {
        folder: _root,
        store,
    } = school;
    drop(store);
    let database = data.join("triend.sqlite");
    let whole = fs::read(&database).unwrap();
    let mut told = 0;
    for page in 0..whole.len() / 4096 {
        let mut holed = whole.clone();
        holed[page * 4096..][..4096].fill(0xA5);
        fs::write(&database, &holed).unwrap();
        let intact = Store::open(&data, days(2))
            .and_then(|store| store.check())
            .is_ok_and(|check| check.is_intact());
        assert!(!intact, "page {page}");
        told += 1;
        let restored = Store::restore(&data, &backup, days(2 + told)).unwrap();
        assert!(restored.before.is_some());
        let store = Store::open(&data, days(2)).unwrap();
        assert_eq!(store.signers().unwrap().len(), 52);
        assert!(store.check().unwrap().is_intact());
    }
    println!("{told} pages were damaged, one at a time");
    assert!(told > 20);
}

/// Killed at any point of a restoration, the store is the one before or the one restored.
#[test]
fn a_restoration_that_is_killed_leaves_one_store_or_the_other() {
    let (mut school, principal_id, _) = School::staffed();
    let backup = school.folder.path().join("backup.sqlite");
    school.store.backup(&backup, days(1)).unwrap();
    school
        .store
        .end_signer(principal_id, days(2), None, ADMINISTRATOR, days(2))
        .unwrap();
    let data = school.data();
    let School {
        folder: root,
        store,
    } = school;
    drop(store);
    let (mut before, mut after) = (0, 0);
    for round in 0..40_u64 {
        let work = root.path().join(format!("work-{round}"));
        fs::create_dir(&work).unwrap();
        // With a journal that is not yet in the database, as a killed daemon leaves it.
        for name in files(&data) {
            fs::copy(data.join(&name), work.join(&name)).unwrap();
        }
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_triend"))
            .arg("--data")
            .arg(&work)
            .args(["store", "restore"])
            .arg(&backup)
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(round * 3));
        child.kill().unwrap();
        child.wait().unwrap();
        let store = Store::open(&work, days(3)).unwrap();
        assert!(store.check().unwrap().is_intact(), "round {round}");
        if store.signer(principal_id).unwrap().term.until().is_some() {
            before += 1;
        } else {
            after += 1;
        }
    }
    println!("{before} killed before the store was replaced, {after} after");
    assert!(before > 0);
}
