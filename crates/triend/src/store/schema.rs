//! The versions of the database and the way from each to the next.
//! Does not know what the tables are for.

use std::path::Path;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use trien_types::UnixTime;

use super::audit::{Action, Actor, append};
use super::canonical::Canonical;
use super::content_hash::ContentHash;
use super::error::StoreError;

/// `TRIn` in the file's header (sqlite.org/fileformat2.html, offset 68): which program it is of.
const APPLICATION_ID: i32 = 0x5452_496e;

/// Version n is what the first n of these give. What has been released is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_audit.sql"),
    include_str!("schema/0002_register.sql"),
    include_str!("schema/0003_evidence.sql"),
    include_str!("schema/0004_heads.sql"),
    include_str!("schema/0005_pairing.sql"),
    include_str!("schema/0006_jobs.sql"),
    include_str!("schema/0007_pairing_rights.sql"),
];

/// The present version.
pub(super) fn latest() -> i64 {
    i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX)
}

/// Makes the tables in an empty database and the log's first entry.
pub(super) fn create(connection: &mut Connection, time: UnixTime) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    make(&transaction, MIGRATIONS, time)?;
    transaction.commit()?;
    Ok(())
}

fn make(
    transaction: &Transaction<'_>,
    migrations: &[&str],
    time: UnixTime,
) -> Result<(), StoreError> {
    for migration in migrations {
        transaction.execute_batch(migration)?;
    }
    let version = i64::try_from(migrations.len()).unwrap_or(i64::MAX);
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", version)?;
    transaction.execute(
        "INSERT INTO store (only, id) VALUES (1, randomblob(32))",
        [],
    )?;
    let id = store_id(transaction)?;
    append(transaction, time, Actor::Program, Action::StoreCreated, id)?;
    Ok(())
}

/// The 32 random octets that name this store and no other.
pub(super) fn store_id(connection: &Connection) -> Result<ContentHash, StoreError> {
    Ok(connection.query_row("SELECT id FROM store", [], |row| row.get(0))?)
}

/// The version of a database of this program.
pub(super) fn version(connection: &Connection, path: &Path) -> Result<i64, StoreError> {
    let application: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if application != APPLICATION_ID || version < 1 {
        return Err(StoreError::NotAStore(path.to_owned()));
    }
    let known = latest();
    if version > known {
        return Err(StoreError::LaterVersion {
            found: version,
            known,
        });
    }
    Ok(version)
}

/// Brings an earlier version to the present one: wholly, or not at all.
pub(super) fn migrate(
    connection: &mut Connection,
    path: &Path,
    time: UnixTime,
) -> Result<(), StoreError> {
    if version(connection, path)? == latest() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again: another process may have been quicker.
    let found = version(&transaction, path)?;
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(migration)?;
    }
    if found != latest() {
        transaction.pragma_update(None, "user_version", latest())?;
        let subject = Canonical::of("trien.migration/1")
            .number(found)
            .number(latest())
            .hash();
        append(
            &transaction,
            time,
            Actor::Program,
            Action::StoreMigrated,
            subject,
        )?;
    }
    transaction.commit()?;
    Ok(())
}

/// Tables, indexes and triggers that differ from those this version makes: who takes a guard away
/// leaves its absence behind.
pub(super) fn differences(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let fresh = Connection::open_in_memory()?;
    for migration in MIGRATIONS {
        fresh.execute_batch(migration)?;
    }
    let expected = objects(&fresh)?;
    let found = objects(connection)?;
    let mut names: Vec<String> = expected
        .iter()
        .filter(|object| !found.contains(object))
        .chain(found.iter().filter(|object| !expected.contains(object)))
        .map(|(name, _)| name.clone())
        .collect();
    names.sort();
    names.dedup();
    Ok(names)
}

/// Name and definition of everything in the schema but SQLite's own statistics.
fn objects(connection: &Connection) -> Result<Vec<(String, Option<String>)>, StoreError> {
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_stat%'")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests;
