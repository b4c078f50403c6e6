//! Octets kept once, however many entries and records need them, under their SHA-256.
//! Does not know what they are.

use rusqlite::{Connection, OptionalExtension as _, Transaction, params};

use super::content_hash::ContentHash;
use super::error::StoreError;
use super::evidence::RecordId;

/// Keeps the octets, or finds that they are kept.
pub(super) fn keep(
    transaction: &Transaction<'_>,
    octets: &[u8],
) -> Result<ContentHash, StoreError> {
    let hash = ContentHash::of(octets);
    transaction.execute(
        "INSERT INTO blob (sha256, octets) SELECT ?1, ?2
         WHERE NOT EXISTS (SELECT 1 FROM blob WHERE sha256 = ?1)",
        params![hash, octets],
    )?;
    Ok(hash)
}

/// The octets of this hash, when they are kept.
pub(super) fn find(
    connection: &Connection,
    hash: ContentHash,
) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(connection
        .query_row("SELECT octets FROM blob WHERE sha256 = ?1", [hash], |row| {
            row.get(0)
        })
        .optional()?)
}

/// The hashes whose octets give another one.
pub(super) fn altered(connection: &Connection) -> Result<Vec<ContentHash>, StoreError> {
    let mut statement = connection.prepare("SELECT sha256, octets FROM blob")?;
    let mut rows = statement.query([])?;
    let mut altered = Vec::new();
    while let Some(row) = rows.next()? {
        let expected: ContentHash = row.get(0)?;
        // Borrowed from the row: a list of revoked certificates may have 64 MB.
        if ContentHash::of(row.get_ref(1)?.as_blob().unwrap_or_default()) != expected {
            altered.push(expected);
        }
    }
    Ok(altered)
}

/// The hashes of octets that a record's evidence holds.
pub(super) fn of_record(
    connection: &Connection,
    record: RecordId,
) -> Result<Vec<ContentHash>, StoreError> {
    let mut statement = connection
        .prepare("SELECT DISTINCT octets FROM evidence WHERE record = ?1 AND octets IS NOT NULL")?;
    let rows = statement.query_map([record.number()], |row| row.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Removes those of the octets that nothing needs any more, and counts them. Other records and the
/// register keep theirs (TT 41/2017, art. 10: other documents are not touched).
pub(super) fn remove_unneeded(
    transaction: &Transaction<'_>,
    hashes: &[ContentHash],
) -> Result<usize, StoreError> {
    let mut removed = 0_usize;
    for hash in hashes {
        let rows = transaction.execute(
            "DELETE FROM blob WHERE sha256 = ?1
             AND NOT EXISTS (SELECT 1 FROM evidence WHERE octets = ?1)
             AND NOT EXISTS (SELECT 1 FROM signer WHERE certificate = ?1)",
            [hash],
        )?;
        removed = removed.saturating_add(rows);
    }
    Ok(removed)
}
