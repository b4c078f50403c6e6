//! Whoever alters the database around the program is found out.

use rusqlite::Connection;
use rusqlite::types::Value;
use triend::store::{AuditFault, AuditTrail, RowKind, Store};

use crate::school::{ADMINISTRATOR, START, School, behind_the_program, days};

/// A school whose log has a dozen entries.
fn busy_school() -> School {
    let (mut school, principal, _) = School::staffed();
    school
        .store
        .end_signer(principal, days(40), None, ADMINISTRATOR, days(40))
        .unwrap();
    for day in 0..8 {
        let mut again = crate::school::principal();
        again.person = crate::school::text(&format!("Giáo viên {day}"));
        school
            .store
            .add_signer(&again, ADMINISTRATOR, days(day))
            .unwrap();
    }
    school
}

/// What the check finds after an alteration. The guards that had to be removed for it are found
/// too, and left out here: the test is whether the alteration itself is seen.
fn after(alteration: impl FnOnce(&Connection)) -> Vec<AuditFault> {
    let school = busy_school();
    let connection = behind_the_program(&school.store.path());
    alteration(&connection);
    let trail = Store::open(&school.data(), START)
        .unwrap()
        .check_audit()
        .unwrap();
    assert!(
        schema_faults(&trail) > 0,
        "the missing guards were not seen"
    );
    let mut faults = trail.faults;
    faults.retain(|fault| !matches!(fault, AuditFault::SchemaDiffers { .. }));
    faults
}

fn schema_faults(trail: &AuditTrail) -> usize {
    let differs = |fault: &&AuditFault| matches!(fault, AuditFault::SchemaDiffers { .. });
    trail.faults.iter().filter(differs).count()
}

#[test]
fn nothing_but_the_missing_guards_is_found_where_nothing_else_was_altered() {
    assert_eq!(after(|_| ()), []);
    let trail = busy_school().store.check_audit().unwrap();
    assert_eq!((trail.entries, trail.faults), (12, vec![]));
}

/// Every octet of every column of the first, a middle and the last entry, one at a time.
#[test]
fn any_changed_octet_in_an_entry_of_the_log_is_found() {
    let school = busy_school();
    let connection = behind_the_program(&school.store.path());
    let columns = ["time", "actor", "action", "subject", "previous", "hash"];
    let store = Store::open(&school.data(), START).unwrap();
    let guards = store.check_audit().unwrap().faults.len();
    let mut altered = 0;
    for sequence in [1, 7, 12_i64] {
        for column in columns {
            let read = format!("SELECT {column} FROM audit_entry WHERE sequence = ?1");
            let write = format!("UPDATE audit_entry SET {column} = ?2 WHERE sequence = ?1");
            let original: Value = connection
                .query_row(&read, [sequence], |row| row.get(0))
                .unwrap();
            for changed in one_octet_changed(&original) {
                connection
                    .execute(&write, rusqlite::params![sequence, changed])
                    .unwrap();
                let found = store.check_audit().unwrap().faults.len();
                assert!(found > guards, "entry {sequence}, {column}: {changed:?}");
                altered += 1;
            }
            connection
                .execute(&write, rusqlite::params![sequence, original])
                .unwrap();
        }
    }
    assert_eq!(store.check_audit().unwrap().faults.len(), guards);
    println!("{altered} single octets were altered, each was found");
    assert!(altered >= 400);
}

fn one_octet_changed(value: &Value) -> Vec<Value> {
    let each = |octets: &[u8]| -> Vec<Vec<u8>> {
        (0..octets.len())
            .map(|at| {
                let mut octets = octets.to_vec();
                octets[at] ^= 1;
                octets
            })
            .collect()
    };
    match value {
        Value::Integer(number) => (0..8)
            .map(|octet| Value::Integer(number ^ (1 << (octet * 8))))
            .collect(),
        Value::Text(text) => each(text.as_bytes())
            .into_iter()
            .map(|octets| Value::Text(String::from_utf8(octets).unwrap()))
            .collect(),
        Value::Blob(octets) => each(octets).into_iter().map(Value::Blob).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_deleted_entry_is_found_wherever_it_stood() {
    for sequence in 1..=12_i64 {
        let faults = after(|connection| {
            connection
                .execute("DELETE FROM audit_entry WHERE sequence = ?1", [sequence])
                .unwrap();
        });
        // The last one too: what it told of is still there.
        assert!(!faults.is_empty(), "entry {sequence}");
    }
}

#[test]
fn a_deleted_entry_is_found_when_those_after_it_are_numbered_anew() {
    let faults = after(|connection| {
        connection
            .execute_batch(
                "DELETE FROM audit_entry WHERE sequence = 5;
                 UPDATE audit_entry SET sequence = sequence - 1 WHERE sequence > 5;",
            )
            .unwrap();
    });
    assert!(faults.contains(&AuditFault::ChainBroken { sequence: 5 }));
}

#[test]
fn entries_in_another_order_are_found() {
    let faults = after(|connection| {
        connection
            .execute_batch(
                "UPDATE audit_entry SET sequence = 1000 WHERE sequence = 6;
                 UPDATE audit_entry SET sequence = 6 WHERE sequence = 7;
                 UPDATE audit_entry SET sequence = 7 WHERE sequence = 1000;",
            )
            .unwrap();
    });
    assert!(faults.contains(&AuditFault::EntryAltered { sequence: 6 }));
    assert!(faults.contains(&AuditFault::ChainBroken { sequence: 6 }));
}

#[test]
fn a_log_without_entries_is_found() {
    let faults = after(|connection| {
        connection.execute("DELETE FROM audit_entry", []).unwrap();
    });
    assert!(faults.contains(&AuditFault::Empty));
}

#[test]
fn the_register_cannot_say_other_than_the_log() {
    let alterations = [
        "UPDATE signer SET person = 'Ai Khác' WHERE id = 1",
        "UPDATE signer SET role = 'van-thu' WHERE id = 1",
        "UPDATE signer SET from_time = from_time - 1 WHERE id = 1",
        "UPDATE signer SET until_time = from_time + 1 WHERE id = 1",
        "UPDATE signer SET certificate = (SELECT certificate FROM signer WHERE id = 2)
         WHERE id = 1",
        "DELETE FROM signer WHERE id = 1",
        "INSERT INTO signer (person, body, role, capacity, certificate, from_time)
         SELECT person, body, role, capacity, certificate, from_time FROM signer WHERE id = 1",
        "DELETE FROM signer_end",
        "UPDATE signer_end SET until_time = until_time + 1",
    ];
    for alteration in alterations {
        let faults = after(|connection| {
            assert_eq!(connection.execute(alteration, []).unwrap(), 1);
        });
        let about_rows = faults.iter().all(|fault| {
            matches!(
                fault,
                AuditFault::RowMissing {
                    kind: RowKind::Signer | RowKind::SignerEnd,
                    ..
                } | AuditFault::RowUnlogged { .. }
            )
        });
        assert!(!faults.is_empty() && about_rows, "{alteration}: {faults:?}");
    }
}

#[test]
fn octets_under_another_hash_are_found() {
    let faults = after(|connection| {
        connection
            .execute("UPDATE blob SET octets = x'00' WHERE rowid = 1", [])
            .unwrap();
    });
    assert!(matches!(
        faults.as_slice(),
        [AuditFault::OctetsAltered { .. }]
    ));
}

#[test]
fn the_database_itself_refuses_what_the_program_never_does() {
    let school = busy_school();
    let connection = Connection::open(school.store.path()).unwrap();
    for statement in [
        "UPDATE audit_entry SET time = 0",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE sequence = 12",
        "UPDATE signer SET person = 'Ai Khác'",
        "DELETE FROM signer",
        "UPDATE signer_end SET until_time = 0",
        "DELETE FROM signer_end",
        "UPDATE blob SET octets = x''",
        "UPDATE store SET id = randomblob(32)",
        "DELETE FROM store",
        "INSERT OR REPLACE INTO audit_entry SELECT sequence, 0, actor, action, subject, previous,
         hash FROM audit_entry WHERE sequence = 12",
        "INSERT OR REPLACE INTO audit_entry SELECT sequence + 2, time, actor, action, subject,
         previous, hash FROM audit_entry WHERE sequence = 12",
        "INSERT OR REPLACE INTO signer SELECT id, 'Ai Khác', body, role, capacity, certificate,
         from_time, until_time, decision FROM signer WHERE id = 1",
        "INSERT OR REPLACE INTO signer_end SELECT signer, 0, decision FROM signer_end",
        "INSERT OR REPLACE INTO blob SELECT sha256, x'' FROM blob",
        "INSERT OR REPLACE INTO store SELECT 1, randomblob(32)",
    ] {
        let refused = connection.execute(statement, []);
        assert!(refused.is_err(), "{statement}");
    }
    assert!(school.store.check_audit().unwrap().is_intact());
}
