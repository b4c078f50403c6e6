//! What a pairing may do beside signing and verifying.
//! Does not know how the user was asked.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};
use trien_types::UnixTime;

use super::super::Store;
use super::super::audit::{Action, Actor, append};
use super::super::canonical::{Canonical, RowHash, one_hash, row_hashes};
use super::super::error::StoreError;
use super::holds;
use crate::caller::{PairingId, Right};

impl Store {
    /// Gives a pairing further rights, all of them or none. One that it has is not given again.
    ///
    /// # Errors
    /// There is no such pairing, or it has ended.
    pub fn grant_rights(
        &mut self,
        id: PairingId,
        rights: &BTreeSet<Right>,
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            holds(transaction, id)?;
            let present = rights_of(transaction, id)?;
            for right in rights.difference(&present) {
                grant(transaction, id, *right, actor, time)?;
            }
            Ok(())
        })
    }

    /// The rights that a pairing was given.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn rights_of_pairing(&self, id: PairingId) -> Result<BTreeSet<Right>, StoreError> {
        rights_of(&self.connection, id)
    }
}

fn grant(
    transaction: &Transaction<'_>,
    id: PairingId,
    right: Right,
    actor: Actor,
    time: UnixTime,
) -> Result<(), StoreError> {
    transaction.execute(
        "INSERT INTO pairing_right (pairing, granted, granted_time) VALUES (?1, ?2, ?3)",
        params![id.number(), right.code(), time.seconds()],
    )?;
    let row = transaction.last_insert_rowid();
    let subject = one_hash(&right_hashes(transaction, Some(row))?)?;
    append(
        transaction,
        time,
        actor,
        Action::PairingRightGranted,
        subject,
    )?;
    Ok(())
}

fn rights_of(connection: &Connection, id: PairingId) -> Result<BTreeSet<Right>, StoreError> {
    let mut statement =
        connection.prepare("SELECT granted FROM pairing_right WHERE pairing = ?1")?;
    let rows = statement.query_map([id.number()], |row| row.get::<_, String>(0))?;
    let mut rights = BTreeSet::new();
    for code in rows {
        // One of a later version lets nobody do anything here.
        rights.extend(Right::from_code(&code?));
    }
    Ok(rights)
}

/// The canonical hash of each right, or of one, computed from the database.
pub(in crate::store) fn right_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT id, pairing, granted, granted_time FROM pairing_right
         WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
        id,
        |row, id| {
            Ok(Canonical::of("trien.pairing-right/1")
                .number(id)
                .number(row.get(1)?)
                .text(row.get_ref(2)?.as_str()?)
                .number(row.get(3)?))
        },
    )
}
