use rusqlite::params;

use super::*;
use crate::store::guard;

fn now() -> UnixTime {
    UnixTime::from_seconds(1_800_000_000)
}

/// A database of an earlier version, with a row in every table that version has.
fn at_version(version: usize) -> Connection {
    let mut connection = Connection::open_in_memory().unwrap();
    guard(&connection).unwrap();
    let transaction = connection.transaction().unwrap();
    make(&transaction, &MIGRATIONS[..version], now()).unwrap();
    transaction.commit().unwrap();
    if version >= 2 {
        let transaction = connection.transaction().unwrap();
        let certificate = crate::store::blob::keep(&transaction, b"DER").unwrap();
        transaction
            .execute(
                "INSERT INTO signer (person, body, role, capacity, certificate, from_time)
                 VALUES ('A', 'B', 'van-thu', 'chinh-danh', ?1, 5)",
                params![certificate],
            )
            .unwrap();
        let hashes = crate::store::register::signer_hashes(&transaction, None).unwrap();
        append(
            &transaction,
            now(),
            Actor::Administrator,
            Action::SignerAdded,
            hashes[0].hash,
        )
        .unwrap();
        transaction.commit().unwrap();
    }
    if version >= 3 {
        let transaction = connection.transaction().unwrap();
        transaction
            .execute(
                "INSERT INTO record (direction, sha256, kept_time) VALUES ('incoming', ?1, 5)",
                params![ContentHash::of(b"record")],
            )
            .unwrap();
        let hashes = crate::store::evidence::record_hashes(&transaction, None).unwrap();
        append(
            &transaction,
            now(),
            Actor::Administrator,
            Action::RecordAdded,
            hashes[0].hash,
        )
        .unwrap();
        transaction.commit().unwrap();
    }
    connection
}

fn rows(connection: &Connection) -> i64 {
    let count = |table: &str| -> i64 {
        connection
            .query_row(&format!("SELECT count(*) FROM {table}"), [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    count("blob")
        .saturating_add(count("signer"))
        .saturating_add(count("record"))
}

#[test]
fn every_earlier_version_is_brought_to_the_present_one_with_what_it_held() {
    for version in 1..=MIGRATIONS.len() {
        let mut connection = at_version(version);
        migrate(&mut connection, Path::new("x"), now()).unwrap();
        let found: i64 = connection
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(found, latest());
        assert_eq!(differences(&connection).unwrap(), Vec::<String>::new());
        let expected = match version {
            1 => 0,
            2 => 2,
            _ => 3,
        };
        assert_eq!(rows(&connection), expected);
        let trail = crate::store::audit::check(&connection, &[]).unwrap();
        assert_eq!(trail.faults, vec![], "from version {version}");
        let last = crate::store::audit::last(&connection).unwrap().unwrap();
        let migrated = last.action == Action::StoreMigrated.code();
        assert_eq!(migrated, version < MIGRATIONS.len());
    }
}

#[test]
fn a_migration_that_fails_leaves_the_earlier_version() {
    let mut connection = at_version(1);
    // In the way of what the second migration makes.
    connection
        .execute_batch("CREATE TABLE seal_return (other TEXT) STRICT;")
        .unwrap();
    migrate(&mut connection, Path::new("x"), now()).unwrap_err();
    assert_eq!(version(&connection, Path::new("x")).unwrap(), 1);
    let tables: i64 = connection
        .query_row(
            "SELECT count(*) FROM sqlite_schema WHERE name = 'signer'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(tables, 0);
}

#[test]
fn a_later_version_and_another_programs_file_are_told_apart() {
    let connection = at_version(MIGRATIONS.len());
    connection
        .pragma_update(None, "user_version", latest().saturating_add(1))
        .unwrap();
    let error = version(&connection, Path::new("x")).unwrap_err();
    assert!(matches!(error, StoreError::LaterVersion { found, known } if found == known + 1));
    connection.pragma_update(None, "application_id", 7).unwrap();
    let error = version(&connection, Path::new("x")).unwrap_err();
    assert!(matches!(error, StoreError::NotAStore(_)));
}
