//! Heads of the log: its end at a moment, exported, signed or time-stamped, so that nobody can cut
//! the log off or write it anew without being seen.
//! Does not hold keys and asks no authority: the caller's closure does.

use std::error::Error;
use std::fmt;

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use trien::{Limits, TimeStampToken};
use trien_types::{UnixTime, UtcOffset};

use super::super::Store;
use super::super::canonical::{Canonical, RowHash, one_hash, row_hashes};
use super::super::content_hash::ContentHash;
use super::super::error::StoreError;
use super::super::register::read_certificate;
use super::super::schema;
use super::{Action, Actor, append, last};

/// The form of exported heads.
const SCHEMA: &str = "trien.audit-head/1";

/// The largest file read as an exported head. One has about 300 octets.
const LARGEST_HEAD_FILE_OCTETS: usize = 4_096;

/// The end of a store's log at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct AuditHead {
    /// The store's identity.
    pub store: ContentHash,
    /// The last entry's number.
    pub sequence: i64,
    /// The last entry's hash.
    pub hash: ContentHash,
    /// When the head was taken.
    pub time: UnixTime,
}

/// What vouches for a head.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeadSeal {
    /// A signature over [`AuditHead::to_octets`] under a scheme that keys of its kind customarily
    /// use.
    Signature {
        /// DER of the signer's certificate.
        certificate: Vec<u8>,
        /// The value.
        value: Vec<u8>,
    },
    /// DER of a time-stamp token over [`AuditHead::to_octets`] that brings its authority's
    /// certificate.
    TimeStamp(Vec<u8>),
}

/// Why a head was not sealed. Nothing has changed.
#[derive(Debug)]
#[non_exhaustive]
pub enum SealError<E> {
    /// What the closure returned does not hold for the head.
    DoesNotHold,
    /// The closure failed.
    Sealing(E),
    /// The store failed.
    Store(StoreError),
}

impl<E: fmt::Display> fmt::Display for SealError<E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DoesNotHold => formatter
                .write_str("the time stamp or signature does not hold for the head: not kept"),
            Self::Sealing(error) => write!(formatter, "the head was not sealed: {error}"),
            Self::Store(error) => error.fmt(formatter),
        }
    }
}

impl<E: Error + 'static> Error for SealError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::DoesNotHold => None,
            Self::Sealing(error) => error.source(),
            Self::Store(error) => error.source(),
        }
    }
}

/// Why octets are no exported head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeadFormError;

impl fmt::Display for HeadFormError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the file is no head of the form {SCHEMA}")
    }
}

impl Error for HeadFormError {}

impl AuditHead {
    /// What is signed and time-stamped.
    #[must_use]
    pub fn to_octets(&self) -> Vec<u8> {
        Canonical::of(SCHEMA)
            .hash_value(self.store)
            .number(self.sequence)
            .hash_value(self.hash)
            .moment(self.time)
            .into_octets()
    }

    /// The text of an exported head: one JSON object on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        let object = json!({
            "schema": SCHEMA,
            "store": self.store.to_string(),
            "sequence": self.sequence,
            "hash": self.hash.to_string(),
            "time": self.time.to_rfc3339(UtcOffset::VIETNAM),
        });
        format!("{object}\n")
    }

    /// Reads an exported head.
    ///
    /// # Errors
    /// The octets are not of that form.
    pub fn from_json(octets: &[u8]) -> Result<Self, HeadFormError> {
        if octets.len() > LARGEST_HEAD_FILE_OCTETS {
            return Err(HeadFormError);
        }
        let object: Value = serde_json::from_slice(octets).map_err(|_| HeadFormError)?;
        let text = |name: &str| object.get(name).and_then(Value::as_str);
        let hash = |name| text(name).and_then(ContentHash::from_hex);
        if text("schema") != Some(SCHEMA) {
            return Err(HeadFormError);
        }
        let read = || {
            Some(Self {
                store: hash("store")?,
                sequence: object.get("sequence")?.as_i64()?,
                hash: hash("hash")?,
                time: UnixTime::from_rfc3339(text("time")?).ok()?,
            })
        };
        read().ok_or(HeadFormError)
    }
}

/// A head that is kept, with what vouches for it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SealedHead {
    /// The head.
    pub head: AuditHead,
    /// What vouches for it.
    pub seal: HeadSeal,
}

impl HeadSeal {
    /// Whether this vouches for exactly these octets. Whether its maker is trusted is not asked.
    pub(super) fn holds_for(&self, octets: &[u8]) -> bool {
        match self {
            Self::Signature { certificate, value } => read_certificate(certificate)
                .ok()
                .and_then(|certificate| certificate.public_key().ok())
                .is_some_and(|key| {
                    key.customary_schemes()
                        .into_iter()
                        .any(|scheme| key.verify(scheme, octets, value).is_ok())
                }),
            Self::TimeStamp(token) => TimeStampToken::parse(token, &Limits::default())
                .is_ok_and(|token| token.verify(&octets, &[]).intact().is_some()),
        }
    }

    const fn code(&self) -> &'static str {
        match self {
            Self::Signature { .. } => "signature",
            Self::TimeStamp(_) => "time-stamp",
        }
    }
}

impl Store {
    /// The end of the log now; to export, or to have it vouched for.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn audit_head(&self, time: UnixTime) -> Result<AuditHead, StoreError> {
        self.view(|connection| head_of(connection, time))
    }

    /// Has the end of the log signed or time-stamped by `seal`, which is given the octets, and
    /// keeps what it returns once that holds. The store is not locked meanwhile.
    ///
    /// # Errors
    /// The closure fails, what it returns does not hold, or the store cannot be written.
    pub fn seal_audit_head<E>(
        &mut self,
        actor: Actor,
        time: UnixTime,
        seal: impl FnOnce(&[u8]) -> Result<HeadSeal, E>,
    ) -> Result<AuditHead, SealError<E>> {
        let head = self.audit_head(time).map_err(SealError::Store)?;
        let octets = head.to_octets();
        let seal = seal(&octets).map_err(SealError::Sealing)?;
        if !seal.holds_for(&octets) {
            return Err(SealError::DoesNotHold);
        }
        self.change(|transaction| {
            let (value, certificate) = match &seal {
                HeadSeal::Signature { certificate, value } => (value, Some(certificate)),
                HeadSeal::TimeStamp(token) => (token, None),
            };
            transaction.execute(
                "INSERT INTO audit_head (sequence, hash, head_time, seal, octets, certificate)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    head.sequence,
                    head.hash,
                    head.time.seconds(),
                    seal.code(),
                    value,
                    certificate
                ],
            )?;
            let id = transaction.last_insert_rowid();
            let subject = one_hash(&head_hashes(transaction, Some(id))?)?;
            append(transaction, time, actor, Action::HeadSealed, subject)?;
            Ok(())
        })
        .map_err(SealError::Store)?;
        Ok(head)
    }

    /// The heads that are kept, in the order they were taken.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn sealed_heads(&self) -> Result<Vec<SealedHead>, StoreError> {
        self.view(sealed_heads)
    }
}

/// The end of the log.
pub(in crate::store) fn head_of(
    connection: &Connection,
    time: UnixTime,
) -> Result<AuditHead, StoreError> {
    let entry = last(connection)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    Ok(AuditHead {
        store: schema::store_id(connection)?,
        sequence: entry.sequence,
        hash: entry.hash,
        time,
    })
}

pub(super) fn sealed_heads(connection: &Connection) -> Result<Vec<SealedHead>, StoreError> {
    let store = schema::store_id(connection)?;
    let mut statement = connection.prepare(
        "SELECT sequence, hash, head_time, seal, octets, certificate FROM audit_head ORDER BY id",
    )?;
    let rows = statement.query_map([], |row| {
        let seal: String = row.get(3)?;
        let octets = row.get(4)?;
        let certificate: Option<Vec<u8>> = row.get(5)?;
        let seal = match (seal.as_str(), certificate) {
            ("time-stamp", None) => HeadSeal::TimeStamp(octets),
            ("signature", Some(certificate)) => HeadSeal::Signature {
                certificate,
                value: octets,
            },
            // Holds for nothing: found by the check.
            _ => HeadSeal::TimeStamp(Vec::new()),
        };
        Ok(SealedHead {
            head: AuditHead {
                store,
                sequence: row.get(0)?,
                hash: row.get(1)?,
                time: UnixTime::from_seconds(row.get(2)?),
            },
            seal,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The canonical hash of each kept head, or of one, computed from the database.
pub(super) fn head_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT id, sequence, hash, head_time, seal, octets, certificate FROM audit_head
         WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
        id,
        |row, id| {
            Ok(Canonical::of("trien.audit-head-row/1")
                .number(id)
                .number(row.get(1)?)
                .octets(row.get_ref(2)?.as_blob()?)
                .number(row.get(3)?)
                .text(row.get_ref(4)?.as_str()?)
                .octets(row.get_ref(5)?.as_blob()?)
                .optional(row.get_ref(6)?.as_blob_or_null()?, Canonical::octets))
        },
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn head() -> impl Strategy<Value = AuditHead> {
        // RFC 3339 has four digits for the year.
        let time = -60_000_000_000_i64..253_000_000_000;
        (any::<[u8; 32]>(), any::<i64>(), any::<[u8; 32]>(), time).prop_map(
            |(store, sequence, hash, time)| AuditHead {
                store: ContentHash::from_octets(store),
                sequence,
                hash: ContentHash::from_octets(hash),
                time: UnixTime::from_seconds(time),
            },
        )
    }

    proptest! {
        #[test]
        fn an_exported_head_is_read_back(head in head()) {
            prop_assert_eq!(AuditHead::from_json(head.to_json().as_bytes()), Ok(head));
        }

        #[test]
        fn different_heads_are_sealed_as_different_octets(one in head(), other in head()) {
            prop_assert_eq!(one == other, one.to_octets() == other.to_octets());
        }

        #[test]
        fn any_octets_are_a_head_or_an_error(octets in prop::collection::vec(any::<u8>(), 0..400)) {
            prop_assert!(AuditHead::from_json(&octets).is_err());
        }
    }

    #[test]
    fn a_file_of_another_form_or_size_is_no_head() {
        for wrong in [
            "",
            "{}",
            "null",
            r#"{"schema":"trien.audit-head/2","store":"00"}"#,
            r#"{"schema":"trien.audit-head/1","store":"00","sequence":1,"hash":"00","time":"x"}"#,
        ] {
            assert_eq!(AuditHead::from_json(wrong.as_bytes()), Err(HeadFormError));
        }
        let huge = format!("{{{}}}", " ".repeat(LARGEST_HEAD_FILE_OCTETS));
        assert_eq!(AuditHead::from_json(huge.as_bytes()), Err(HeadFormError));
    }
}
