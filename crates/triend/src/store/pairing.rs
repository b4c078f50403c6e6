//! Which pages and programs may call the daemon, since when, and which may no longer.
//! Does not know how the user was asked.

mod right;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use trien_types::UnixTime;

use super::Store;
use super::audit::{Action, Actor, append};
use super::canonical::{Canonical, RowHash, one_hash, row_hashes};
use super::error::{StoreError, Subject};
use super::short_text::ShortText;
use crate::caller::{Origin, PairingId};
use crate::secret::SecretFingerprint;

pub(super) use right::right_hashes;

/// What is to be paired.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NewPairing {
    /// A page, known by its origin.
    Page {
        /// Its origin.
        origin: Origin,
        /// What it calls itself.
        name: ShortText,
        /// The key with which the daemon proves to the page that it is itself.
        proof_key: [u8; 32],
    },
    /// A program, known by a token.
    Program {
        /// What it calls itself.
        name: ShortText,
        /// What is kept of its token.
        token: SecretFingerprint,
    },
}

/// A page or program that was paired.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pairing {
    /// Its number.
    pub id: PairingId,
    /// The page's origin; none for a program.
    pub origin: Option<Origin>,
    /// What it calls itself.
    pub name: ShortText,
    /// Since when.
    pub paired: UnixTime,
    /// From when on it may no longer call.
    pub ended: Option<UnixTime>,
}

const PAIRINGS: &str = "SELECT id, origin, name, paired_time, ended_time
    FROM pairing LEFT JOIN pairing_end ON pairing_end.pairing = pairing.id";

impl Pairing {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let origin: Option<String> = row.get(1)?;
        let ended: Option<i64> = row.get(4)?;
        Ok(Self {
            id: PairingId::from_number(row.get(0)?),
            // Only what was read as an origin was written; what somebody else wrote lets nobody in.
            origin: match origin {
                Some(text) => Some(Origin::parse(&text).ok_or(rusqlite::Error::InvalidQuery)?),
                None => None,
            },
            name: row.get(2)?,
            paired: UnixTime::from_seconds(row.get(3)?),
            ended: ended.map(UnixTime::from_seconds),
        })
    }
}

impl Store {
    /// Lets a page or program call.
    ///
    /// # Errors
    /// The origin is paired already.
    pub fn add_pairing(
        &mut self,
        new: &NewPairing,
        actor: Actor,
        time: UnixTime,
    ) -> Result<PairingId, StoreError> {
        let (origin, name, secret) = match new {
            NewPairing::Page {
                origin,
                name,
                proof_key,
            } => (Some(origin), name, proof_key),
            NewPairing::Program { name, token } => (None, name, token.as_octets()),
        };
        self.change(|transaction| {
            if let Some(origin) = origin
                && of_origin(transaction, origin)?.is_some()
            {
                return Err(StoreError::AlreadyThere(Subject::Pairing));
            }
            transaction.execute(
                "INSERT INTO pairing (origin, name, secret, paired_time) VALUES (?1, ?2, ?3, ?4)",
                params![
                    origin.map(Origin::as_str),
                    name,
                    secret.as_slice(),
                    time.seconds()
                ],
            )?;
            let id = transaction.last_insert_rowid();
            let subject = one_hash(&pairing_hashes(transaction, Some(id))?)?;
            append(transaction, time, actor, Action::PairingAdded, subject)?;
            Ok(PairingId::from_number(id))
        })
    }

    /// Ends a pairing: its next call is refused.
    ///
    /// # Errors
    /// There is no such pairing, or it has ended.
    pub fn end_pairing(
        &mut self,
        id: PairingId,
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.end_pairings(&[id], actor, time)
    }

    /// Ends several, or none of them.
    ///
    /// # Errors
    /// There is no such pairing as one of them, or it has ended. Nothing has changed then.
    pub fn end_pairings(
        &mut self,
        ids: &[PairingId],
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            for id in ids {
                let pairing = one(transaction, "id = ?1", id.number())?
                    .ok_or(StoreError::NotFound(Subject::Pairing, id.number()))?;
                if pairing.ended.is_some() {
                    return Err(StoreError::AlreadyEnded(Subject::Pairing));
                }
                transaction.execute(
                    "INSERT INTO pairing_end (pairing, ended_time) VALUES (?1, ?2)",
                    params![id.number(), time.seconds()],
                )?;
                let subject = one_hash(&pairing_end_hashes(transaction, Some(id.number()))?)?;
                append(transaction, time, actor, Action::PairingEnded, subject)?;
            }
            Ok(())
        })
    }

    /// All pairings, those that have ended among them, in the order they came.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn pairings(&self) -> Result<Vec<Pairing>, StoreError> {
        matching(&self.connection, "?1", 1)
    }

    /// The pairing that lets pages of an origin in.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn pairing_of_origin(&self, origin: &Origin) -> Result<Option<Pairing>, StoreError> {
        of_origin(&self.connection, origin)
    }

    /// The pairing that lets the program with a token in.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn pairing_of_token(
        &self,
        token: &SecretFingerprint,
    ) -> Result<Option<Pairing>, StoreError> {
        // SHA-256 of 32 random octets: how long the search takes tells nothing of them.
        one(
            &self.connection,
            "secret = ?1 AND origin IS NULL AND ended_time IS NULL",
            token.as_octets().as_slice(),
        )
    }

    /// Whether a pairing lets anybody in.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn pairing_holds(&self, id: PairingId) -> Result<bool, StoreError> {
        let pairing = one(&self.connection, "id = ?1", id.number())?;
        Ok(pairing.is_some_and(|pairing| pairing.ended.is_none()))
    }

    /// A pairing that has ended; none where it holds.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn ended_pairing(&self, id: PairingId) -> Result<Option<Pairing>, StoreError> {
        let pairing = one(&self.connection, "id = ?1", id.number())?;
        Ok(pairing.filter(|pairing| pairing.ended.is_some()))
    }

    /// The key with which the daemon proves to the holder of a pairing that it is itself: of a page
    /// the one that its origin was first paired with, of a program the SHA-256 of its token.
    ///
    /// An origin that is paired again keeps its key, so that a browser which knows the daemon from the
    /// earlier pairing knows it still.
    ///
    /// # Errors
    /// There is no such pairing, or the database cannot be read.
    pub fn proof_key_of(&self, id: PairingId) -> Result<[u8; 32], StoreError> {
        self.connection
            .query_row(
                "SELECT coalesce((SELECT first.secret FROM pairing AS first
                    WHERE first.origin = pairing.origin ORDER BY first.id LIMIT 1), secret)
                 FROM pairing WHERE id = ?1",
                [id.number()],
                |row| row.get(0),
            )
            .optional()?
            .ok_or(StoreError::NotFound(Subject::Pairing, id.number()))
    }
}

/// That a pairing lets somebody in: one that has ended is told from one that never was.
pub(super) fn holds(connection: &Connection, id: PairingId) -> Result<(), StoreError> {
    let found = one(connection, "id = ?1", id.number())?;
    let pairing = found.ok_or(StoreError::NotFound(Subject::Pairing, id.number()))?;
    match pairing.ended {
        None => Ok(()),
        Some(_) => Err(StoreError::AlreadyEnded(Subject::Pairing)),
    }
}

fn of_origin(connection: &Connection, origin: &Origin) -> Result<Option<Pairing>, StoreError> {
    one(
        connection,
        "origin = ?1 AND ended_time IS NULL",
        origin.as_str(),
    )
}

fn one(
    connection: &Connection,
    condition: &str,
    value: impl rusqlite::ToSql,
) -> Result<Option<Pairing>, StoreError> {
    Ok(matching(connection, condition, value)?.into_iter().next())
}

fn matching(
    connection: &Connection,
    condition: &str,
    value: impl rusqlite::ToSql,
) -> Result<Vec<Pairing>, StoreError> {
    let mut statement = connection.prepare(&format!("{PAIRINGS} WHERE {condition} ORDER BY id"))?;
    let rows = statement.query_map([value], Pairing::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The canonical hash of each pairing, or of one, computed from the database.
pub(super) fn pairing_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT id, origin, name, secret, paired_time FROM pairing
         WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
        id,
        |row, id| {
            Ok(Canonical::of("trien.pairing/1")
                .number(id)
                .optional(row.get_ref(1)?.as_str_or_null()?, Canonical::text)
                .text(row.get_ref(2)?.as_str()?)
                .octets(row.get_ref(3)?.as_blob()?)
                .number(row.get(4)?))
        },
    )
}

/// The canonical hash of each end of a pairing, or of one.
pub(super) fn pairing_end_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT pairing, ended_time FROM pairing_end
         WHERE ?1 IS NULL OR pairing = ?1 ORDER BY pairing",
        id,
        |row, id| {
            Ok(Canonical::of("trien.pairing-end/1")
                .number(id)
                .number(row.get(1)?))
        },
    )
}

#[cfg(test)]
mod tests;
