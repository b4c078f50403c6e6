//! Who signs with which certificate, in which role and capacity, from when until when.
//! Does not know seal devices.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use trien::x509::{Certificate, KeyUsage};
use trien_types::{Capacity, CertificateId, Role, UnixTime};

use super::super::Store;
use super::super::audit::{Action, Actor, append};
use super::super::canonical::{Canonical, RowHash, one_hash, row_hashes};
use super::super::content_hash::ContentHash;
use super::super::error::{StoreError, Subject};
use super::super::short_text::ShortText;
use super::super::{blob, register::Term};

/// The largest certificate kept, in octets. Those of Vietnamese authorities stay under 3,000;
/// ML-DSA ones under 20,000.
const LARGEST_CERTIFICATE_OCTETS: usize = 64 * 1024;

/// The number of an entry in the register of signers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SignerId(i64);

impl SignerId {
    /// The entry of this number, which may or may not be there.
    #[must_use]
    pub const fn from_number(number: i64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> i64 {
        self.0
    }
}

/// What is to come into the register.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewSigner {
    /// The person's name.
    pub person: ShortText,
    /// The school or other body.
    pub body: ShortText,
    /// The role at that body.
    pub role: Role,
    /// By what authority (NĐ 30/2020, art. 13).
    pub capacity: Capacity,
    /// DER of the certificate.
    pub certificate: Vec<u8>,
    /// From when until when.
    pub term: Term,
    /// The decision or letter that it rests on.
    pub decision: Option<ShortText>,
}

impl NewSigner {
    /// An entry in one's own capacity without a decision; change the fields that differ.
    #[must_use]
    pub const fn new(
        person: ShortText,
        body: ShortText,
        role: Role,
        certificate: Vec<u8>,
        term: Term,
    ) -> Self {
        Self {
            person,
            body,
            role,
            capacity: Capacity::Own,
            certificate,
            term,
            decision: None,
        }
    }
}

/// An entry of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signer {
    /// Its number.
    pub id: SignerId,
    /// The person's name.
    pub person: ShortText,
    /// The school or other body.
    pub body: ShortText,
    /// The role's [`Role::code`], which a later version of this program may know better.
    pub role: String,
    /// The capacity's [`Capacity::code`].
    pub capacity: String,
    /// The certificate; [`Store::certificate_of`] has its octets.
    pub certificate: CertificateId,
    /// From when until when, with an end that came later.
    pub term: Term,
    /// The decision that the entry rests on.
    pub decision: Option<ShortText>,
    /// The decision that its end rests on.
    pub end_decision: Option<ShortText>,
}

impl Signer {
    /// The role, where this version knows it.
    #[must_use]
    pub fn known_role(&self) -> Option<Role> {
        Role::from_code(&self.role)
    }

    /// The capacity, where this version knows it.
    #[must_use]
    pub fn known_capacity(&self) -> Option<Capacity> {
        Capacity::from_code(&self.capacity)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let until: Option<i64> = row.get(7)?;
        let ended: Option<i64> = row.get(9)?;
        Ok(Self {
            id: SignerId(row.get(0)?),
            person: row.get(1)?,
            body: row.get(2)?,
            role: row.get(3)?,
            capacity: row.get(4)?,
            certificate: row.get::<_, ContentHash>(5)?.into(),
            term: Term::as_stored(
                UnixTime::from_seconds(row.get(6)?),
                ended.or(until).map(UnixTime::from_seconds),
            ),
            decision: row.get(8)?,
            end_decision: row.get(10)?,
        })
    }
}

const SIGNERS: &str = "SELECT id, person, body, role, capacity, certificate, from_time,
    signer.until_time, signer.decision, signer_end.until_time, signer_end.decision
    FROM signer LEFT JOIN signer_end ON signer_end.signer = signer.id";

impl Store {
    /// Adds an entry to the register. Of its certificate nothing is judged but that it is no
    /// authority's.
    ///
    /// # Errors
    /// The octets are no certificate, that of an authority or too many, or the same person, body, role, capacity and
    /// certificate stand there already for part of the time.
    pub fn add_signer(
        &mut self,
        new: &NewSigner,
        actor: Actor,
        time: UnixTime,
    ) -> Result<SignerId, StoreError> {
        if is_of_authority(&read_certificate(&new.certificate)?) {
            return Err(StoreError::CertificateOfAuthority);
        }
        self.change(|transaction| {
            let certificate = blob::keep(transaction, &new.certificate)?;
            let present = matching(transaction, "certificate = ?1", certificate)?;
            if present.iter().any(|signer| {
                signer.person == new.person
                    && signer.body == new.body
                    && signer.role == new.role.code()
                    && signer.capacity == new.capacity.code()
                    && signer.term.overlaps(&new.term)
            }) {
                return Err(StoreError::AlreadyThere(Subject::Signer));
            }
            transaction.execute(
                "INSERT INTO signer
                 (person, body, role, capacity, certificate, from_time, until_time, decision)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    new.person,
                    new.body,
                    new.role.code(),
                    new.capacity.code(),
                    certificate,
                    new.term.from().seconds(),
                    new.term.until().map(UnixTime::seconds),
                    new.decision,
                ],
            )?;
            let id = transaction.last_insert_rowid();
            let subject = one_hash(&signer_hashes(transaction, Some(id))?)?;
            append(transaction, time, actor, Action::SignerAdded, subject)?;
            Ok(SignerId(id))
        })
    }

    /// Ends an entry: from `until` on it no longer holds. What was signed before stays explained.
    ///
    /// # Errors
    /// There is no such entry, it has been ended, or the end is not after its start or later than
    /// the end it has.
    pub fn end_signer(
        &mut self,
        id: SignerId,
        until: UnixTime,
        decision: Option<&ShortText>,
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            let signer = find(transaction, id)?;
            let has_end = transaction
                .query_row("SELECT 1 FROM signer_end WHERE signer = ?1", [id.0], |_| {
                    Ok(())
                })
                .optional()?;
            if has_end.is_some() {
                return Err(StoreError::AlreadyEnded(Subject::Signer));
            }
            signer.term.ended(until)?;
            transaction.execute(
                "INSERT INTO signer_end (signer, until_time, decision) VALUES (?1, ?2, ?3)",
                params![id.0, until.seconds(), decision],
            )?;
            let subject = one_hash(&end_hashes(transaction, Some(id.0))?)?;
            append(transaction, time, actor, Action::SignerEnded, subject)?;
            Ok(())
        })
    }

    /// One entry.
    ///
    /// # Errors
    /// There is no such entry, or the database cannot be read.
    pub fn signer(&self, id: SignerId) -> Result<Signer, StoreError> {
        find(&self.connection, id)
    }

    /// All entries, those that have ended among them, in the order they came.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn signers(&self) -> Result<Vec<Signer>, StoreError> {
        matching(&self.connection, "?1", 1)
    }

    /// The entries that hold at `time`.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn signers_at(&self, time: UnixTime) -> Result<Vec<Signer>, StoreError> {
        let mut signers = self.signers()?;
        signers.retain(|signer| signer.term.contains(time));
        Ok(signers)
    }

    /// The entries of a certificate that hold at `time`: as what its owner signed then.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn signers_with_certificate(
        &self,
        certificate: CertificateId,
        time: UnixTime,
    ) -> Result<Vec<Signer>, StoreError> {
        let hash = ContentHash::from(certificate);
        let mut signers = matching(&self.connection, "certificate = ?1", hash)?;
        signers.retain(|signer| signer.term.contains(time));
        Ok(signers)
    }

    /// DER of an entry's certificate.
    ///
    /// # Errors
    /// There is no such entry, or the database cannot be read.
    pub fn certificate_of(&self, id: SignerId) -> Result<Vec<u8>, StoreError> {
        let signer = self.signer(id)?;
        blob::find(&self.connection, signer.certificate.into())?
            .ok_or(StoreError::CertificateUnknown(signer.certificate))
    }
}

/// Reads a certificate of bounded size.
pub(in crate::store) fn read_certificate(octets: &[u8]) -> Result<Certificate, StoreError> {
    if octets.len() > LARGEST_CERTIFICATE_OCTETS {
        return Err(StoreError::TooLarge {
            octets: octets.len(),
            limit: LARGEST_CERTIFICATE_OCTETS,
        });
    }
    Certificate::from_der(octets)
        .map_err(|error| StoreError::CertificateUnreadable(Box::new(error)))
}

/// Whether a certificate is there to sign others with (RFC 5280, 4.2.1.3 and 4.2.1.9). Roots from
/// before version 3 have no extension that says so: they are their own issuers.
fn is_of_authority(certificate: &Certificate) -> bool {
    let constraints = certificate.basic_constraints();
    let usage = certificate.key_usage();
    constraints.is_some_and(|constraints| constraints.authority)
        || usage.is_some_and(|usage| usage.contains(KeyUsage::KEY_CERT_SIGN))
        || (certificate.extensions().is_empty() && certificate.is_self_issued())
}

/// One entry.
pub(in crate::store) fn find(connection: &Connection, id: SignerId) -> Result<Signer, StoreError> {
    matching(connection, "id = ?1", id.0)?
        .pop()
        .ok_or(StoreError::NotFound(Subject::Signer, id.0))
}

fn matching(
    connection: &Connection,
    condition: &str,
    value: impl rusqlite::ToSql,
) -> Result<Vec<Signer>, StoreError> {
    let mut statement = connection.prepare(&format!("{SIGNERS} WHERE {condition} ORDER BY id"))?;
    let rows = statement.query_map([value], Signer::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The canonical hash of each entry, or of one, computed from the database.
pub(in crate::store) fn signer_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT id, person, body, role, capacity, certificate, from_time, until_time, decision
         FROM signer WHERE ?1 IS NULL OR id = ?1 ORDER BY id",
        id,
        |row, id| {
            Ok(Canonical::of("trien.signer/1")
                .number(id)
                .text(row.get_ref(1)?.as_str()?)
                .text(row.get_ref(2)?.as_str()?)
                .text(row.get_ref(3)?.as_str()?)
                .text(row.get_ref(4)?.as_str()?)
                .octets(row.get_ref(5)?.as_blob()?)
                .number(row.get(6)?)
                .optional(row.get(7)?, Canonical::number)
                .optional(row.get_ref(8)?.as_str_or_null()?, Canonical::text))
        },
    )
}

/// The canonical hash of each end of an entry, or of one.
pub(in crate::store) fn end_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    row_hashes(
        connection,
        "SELECT signer, until_time, decision FROM signer_end
         WHERE ?1 IS NULL OR signer = ?1 ORDER BY signer",
        id,
        |row, id| {
            Ok(Canonical::of("trien.signer-end/1")
                .number(id)
                .number(row.get(1)?)
                .optional(row.get_ref(2)?.as_str_or_null()?, Canonical::text))
        },
    )
}
