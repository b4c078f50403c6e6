//! One item of evidence: read before it is kept, so that nothing is kept that cannot be read.
//! Does not know which items a record needs.

use rusqlite::{Connection, OptionalExtension as _, Row, Transaction, params};
use trien::x509::{Crl, OcspResponse};
use trien::{Limits, TimeStampToken};
use trien_types::{Capacity, CertificateId, Role, UnixTime};

use super::super::audit::{Action, Actor, append};
use super::super::canonical::{Canonical, RowHash, one_hash};
use super::super::content_hash::ContentHash;
use super::super::error::{StoreError, Subject};
use super::super::register::read_certificate;
use super::super::short_text::ShortText;
use super::super::{Store, blob};
use super::record::{RecordId, RecordState, find};

/// Items taken in one change. A record with 50 signatures and three certificates, lists and
/// statements each stays under 1,000.
const MOST_ITEMS: usize = 1_000;

/// Something that is kept with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EvidenceItem {
    /// DER of a signer's certificate.
    SignerCertificate(Vec<u8>),
    /// DER of a revocation list of the time of signing.
    Crl(Vec<u8>),
    /// DER of an OCSP response of the time of signing.
    Ocsp(Vec<u8>),
    /// Quy chế chứng thực of the authority at the time of signing: where it is and its hash.
    PracticeStatement {
        /// Where the authority publishes it.
        url: ShortText,
        /// SHA-256 of the file.
        sha256: ContentHash,
    },
    /// Thông tin về trách nhiệm của người ký.
    Responsibility {
        /// Whose: a signer's certificate of the same record.
        certificate: CertificateId,
        /// Chức danh.
        role: Role,
        /// By what authority.
        capacity: Capacity,
        /// The decision that assigned it.
        assignment: Option<ShortText>,
    },
    /// DER of the time stamp at signing (art. 9.1a).
    TimeStampAtSigning(Vec<u8>),
    /// DER of the time stamp at receipt (art. 9.1b).
    TimeStampAtReceipt(Vec<u8>),
}

/// The kind of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EvidenceKind {
    /// [`EvidenceItem::SignerCertificate`]
    SignerCertificate,
    /// [`EvidenceItem::Crl`]
    Crl,
    /// [`EvidenceItem::Ocsp`]
    Ocsp,
    /// [`EvidenceItem::PracticeStatement`]
    PracticeStatement,
    /// [`EvidenceItem::Responsibility`]
    Responsibility,
    /// [`EvidenceItem::TimeStampAtSigning`]
    TimeStampAtSigning,
    /// [`EvidenceItem::TimeStampAtReceipt`]
    TimeStampAtReceipt,
}

impl EvidenceKind {
    const ALL: [Self; 7] = [
        Self::SignerCertificate,
        Self::Crl,
        Self::Ocsp,
        Self::PracticeStatement,
        Self::Responsibility,
        Self::TimeStampAtSigning,
        Self::TimeStampAtReceipt,
    ];

    /// The name in the store. Never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SignerCertificate => "signer-certificate",
            Self::Crl => "crl",
            Self::Ocsp => "ocsp",
            Self::PracticeStatement => "practice-statement",
            Self::Responsibility => "responsibility",
            Self::TimeStampAtSigning => "time-stamp-at-signing",
            Self::TimeStampAtReceipt => "time-stamp-at-receipt",
        }
    }
}

/// An item as it stands in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeptEvidence {
    /// What it is.
    pub kind: EvidenceKind,
    /// SHA-256 of its octets, of the practice statement, or of the certificate that the
    /// responsibility is about.
    pub sha256: ContentHash,
    /// Its octets; absent for practice statements and responsibilities.
    pub octets: Option<Vec<u8>>,
    /// Where a practice statement is published.
    pub url: Option<ShortText>,
    /// The role's [`Role::code`] in a responsibility.
    pub role: Option<String>,
    /// The capacity's [`Capacity::code`] in a responsibility.
    pub capacity: Option<String>,
    /// The decision that assigned a responsibility.
    pub assignment: Option<ShortText>,
}

impl KeptEvidence {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let code: String = row.get(0)?;
        let kind = EvidenceKind::ALL
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or(rusqlite::Error::InvalidQuery)?;
        Ok(Self {
            kind,
            sha256: row.get(1)?,
            octets: row.get(2)?,
            url: row.get(3)?,
            role: row.get(4)?,
            capacity: row.get(5)?,
            assignment: row.get(6)?,
        })
    }
}

impl EvidenceItem {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> EvidenceKind {
        match self {
            Self::SignerCertificate(_) => EvidenceKind::SignerCertificate,
            Self::Crl(_) => EvidenceKind::Crl,
            Self::Ocsp(_) => EvidenceKind::Ocsp,
            Self::PracticeStatement { .. } => EvidenceKind::PracticeStatement,
            Self::Responsibility { .. } => EvidenceKind::Responsibility,
            Self::TimeStampAtSigning(_) => EvidenceKind::TimeStampAtSigning,
            Self::TimeStampAtReceipt(_) => EvidenceKind::TimeStampAtReceipt,
        }
    }

    /// Reads every item, before the first is kept.
    pub(super) fn read_all(items: &[Self]) -> Result<(), StoreError> {
        if items.len() > MOST_ITEMS {
            return Err(StoreError::TooMany {
                items: items.len(),
                limit: MOST_ITEMS,
            });
        }
        items.iter().try_for_each(Self::read)
    }

    fn read(&self) -> Result<(), StoreError> {
        let limits = Limits::default();
        let unreadable = |error: Box<dyn std::error::Error + Send + Sync>| {
            StoreError::EvidenceUnreadable(self.kind(), error)
        };
        match self {
            Self::SignerCertificate(octets) => {
                read_certificate(octets)?;
            }
            Self::Crl(octets) => {
                Crl::from_der(octets.as_slice(), &limits)
                    .map_err(|error| unreadable(error.into()))?;
            }
            Self::Ocsp(octets) => {
                OcspResponse::from_der(octets.as_slice(), &limits)
                    .map_err(|error| unreadable(error.into()))?;
            }
            Self::TimeStampAtSigning(octets) | Self::TimeStampAtReceipt(octets) => {
                TimeStampToken::parse(octets, &limits).map_err(|error| unreadable(error.into()))?;
            }
            Self::PracticeStatement { .. } | Self::Responsibility { .. } => {}
        }
        Ok(())
    }

    const fn octets(&self) -> Option<&Vec<u8>> {
        match self {
            Self::SignerCertificate(octets)
            | Self::Crl(octets)
            | Self::Ocsp(octets)
            | Self::TimeStampAtSigning(octets)
            | Self::TimeStampAtReceipt(octets) => Some(octets),
            Self::PracticeStatement { .. } | Self::Responsibility { .. } => None,
        }
    }
}

impl Store {
    /// Adds evidence to a record that is there: what came later, such as the time stamp at
    /// receipt. All of it or nothing.
    ///
    /// # Errors
    /// There is no such record or its evidence is destroyed, an item is there already, or is not
    /// what it is said to be.
    pub fn add_evidence(
        &mut self,
        id: RecordId,
        items: &[EvidenceItem],
        actor: Actor,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        EvidenceItem::read_all(items)?;
        self.change(|transaction| {
            if find(transaction, id)?.state != RecordState::Kept {
                return Err(StoreError::RecordDestroyed(id));
            }
            keep_items(transaction, id, items, actor, time)
        })
    }

    /// What is kept with a record, in the order it came.
    ///
    /// # Errors
    /// There is no such record, or the database cannot be read.
    pub fn evidence_of(&self, id: RecordId) -> Result<Vec<KeptEvidence>, StoreError> {
        self.view(|connection| {
            find(connection, id)?;
            kept(connection, id)
        })
    }
}

/// What is kept with a record.
pub(super) fn kept(connection: &Connection, id: RecordId) -> Result<Vec<KeptEvidence>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT kind, evidence.sha256, blob.octets, url, role, capacity, assignment FROM evidence
         LEFT JOIN blob ON blob.sha256 = evidence.octets WHERE record = ?1 ORDER BY id",
    )?;
    let rows = statement.query_map([id.0], KeptEvidence::from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps items that have been read. Certificates first: responsibilities are about them.
pub(super) fn keep_items(
    transaction: &Transaction<'_>,
    record: RecordId,
    items: &[EvidenceItem],
    actor: Actor,
    time: UnixTime,
) -> Result<(), StoreError> {
    let (responsibilities, others): (Vec<_>, Vec<_>) = items
        .iter()
        .partition(|item| item.kind() == EvidenceKind::Responsibility);
    for item in others.into_iter().chain(responsibilities) {
        keep_item(transaction, record, item)?;
        let id = transaction.last_insert_rowid();
        let subject = one_hash(&item_hashes(transaction, Some(id))?)?;
        append(transaction, time, actor, Action::EvidenceAdded, subject)?;
    }
    Ok(())
}

fn keep_item(
    transaction: &Transaction<'_>,
    record: RecordId,
    item: &EvidenceItem,
) -> Result<(), StoreError> {
    let octets = item
        .octets()
        .map(|octets| blob::keep(transaction, octets))
        .transpose()?;
    let (mut url, mut role, mut capacity, mut assignment) = (None, None, None, None);
    let sha256 = match item {
        EvidenceItem::PracticeStatement { url: at, sha256 } => {
            url = Some(at);
            *sha256
        }
        EvidenceItem::Responsibility {
            certificate,
            role: held,
            capacity: under,
            assignment: by,
        } => {
            (role, capacity, assignment) = (Some(held.code()), Some(under.code()), by.as_ref());
            let about = ContentHash::from(*certificate);
            if !is_kept(transaction, record, EvidenceKind::SignerCertificate, about)? {
                return Err(StoreError::CertificateUnknown(*certificate));
            }
            about
        }
        EvidenceItem::SignerCertificate(octets)
        | EvidenceItem::Crl(octets)
        | EvidenceItem::Ocsp(octets)
        | EvidenceItem::TimeStampAtSigning(octets)
        | EvidenceItem::TimeStampAtReceipt(octets) => ContentHash::of(octets),
    };
    if is_kept(transaction, record, item.kind(), sha256)? {
        return Err(StoreError::AlreadyThere(Subject::EvidenceItem));
    }
    transaction.execute(
        "INSERT INTO evidence (record, kind, sha256, octets, url, role, capacity, assignment)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            record.0,
            item.kind().code(),
            sha256,
            octets,
            url,
            role,
            capacity,
            assignment
        ],
    )?;
    Ok(())
}

fn is_kept(
    connection: &Connection,
    record: RecordId,
    kind: EvidenceKind,
    sha256: ContentHash,
) -> Result<bool, StoreError> {
    let found = connection
        .query_row(
            "SELECT 1 FROM evidence WHERE record = ?1 AND kind = ?2 AND sha256 = ?3",
            params![record.0, kind.code(), sha256],
            |_| Ok(()),
        )
        .optional()?;
    Ok(found.is_some())
}

/// The canonical hash of each item, or of one, computed from the database.
pub(in crate::store) fn item_hashes(
    connection: &Connection,
    id: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    hashes(connection, "?1 IS NULL OR id = ?1", id)
}

/// The canonical hash of each item of a record.
pub(super) fn item_hashes_of(
    connection: &Connection,
    record: RecordId,
) -> Result<Vec<RowHash>, StoreError> {
    hashes(connection, "record = ?1", Some(record.0))
}

fn hashes(
    connection: &Connection,
    condition: &str,
    value: Option<i64>,
) -> Result<Vec<RowHash>, StoreError> {
    let mut statement = connection.prepare(&format!(
        "SELECT id, record, kind, sha256, octets, url, role, capacity, assignment FROM evidence
         WHERE {condition} ORDER BY id"
    ))?;
    let rows = statement.query_map([value], |row| {
        let id: i64 = row.get(0)?;
        let hash = Canonical::of("trien.evidence/1")
            .number(id)
            .number(row.get(1)?)
            .text(row.get_ref(2)?.as_str()?)
            .octets(row.get_ref(3)?.as_blob()?)
            .optional(row.get_ref(4)?.as_blob_or_null()?, Canonical::octets)
            .optional(row.get_ref(5)?.as_str_or_null()?, Canonical::text)
            .optional(row.get_ref(6)?.as_str_or_null()?, Canonical::text)
            .optional(row.get_ref(7)?.as_str_or_null()?, Canonical::text)
            .optional(row.get_ref(8)?.as_str_or_null()?, Canonical::text)
            .hash();
        Ok(RowHash { id, hash })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
