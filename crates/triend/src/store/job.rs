//! Jobs until they are collected: one row for each job and for each of its documents.
//! Does not know the documents' content, nor what the states mean to anybody.

use rusqlite::{OptionalExtension as _, Row, Transaction, params};
use trien_types::{CertificateId, UnixTime};

use super::Store;
use super::audit::{Action, Actor, append_past};
use super::canonical::Canonical;
use super::content_hash::ContentHash;
use super::error::StoreError;
use crate::caller::PairingId;

/// A job as its row has it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobRow {
    /// 32 hexadecimal digits.
    pub id: String,
    /// Whose it is: the number of a pairing.
    pub pairing: i64,
    /// When it came.
    pub created: UnixTime,
    /// When it is removed, collected or not.
    pub expires: UnixTime,
    /// How far it is.
    pub state: String,
    /// Why it stopped, where it did: JSON.
    pub stopped: Option<String>,
    /// With which certificate it is or was signed.
    pub certificate: Option<CertificateId>,
    /// What was asked for: JSON.
    pub signature: String,
}

/// A document of a job as its row has it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobDocumentRow {
    /// From 1.
    pub number: u32,
    /// What the caller calls it.
    pub name: String,
    /// Octets of the document, once it is there.
    pub octets: Option<i64>,
    /// How far it is.
    pub state: String,
    /// Why it was not signed, where it was not: JSON.
    pub error: Option<String>,
    /// Octets and SHA-256 of the signed document.
    pub result: Option<(i64, ContentHash)>,
}

/// What the log says of a job that was signed. No names: the log is never deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobSigned {
    /// The job.
    pub job: String,
    /// With which certificate.
    pub certificate: CertificateId,
    /// SHA-256 of each document that was signed, in their order.
    pub results: Vec<ContentHash>,
    /// How many were not signed.
    pub failed: u32,
}

impl JobRow {
    /// A row of a job that has just come.
    #[must_use]
    pub fn new(
        (id, pairing): (String, i64),
        (created, expires): (UnixTime, UnixTime),
        state: String,
        signature: String,
    ) -> Self {
        Self {
            id,
            pairing,
            created,
            expires,
            state,
            stopped: None,
            certificate: None,
            signature,
        }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            pairing: row.get(1)?,
            created: UnixTime::from_seconds(row.get(2)?),
            expires: UnixTime::from_seconds(row.get(3)?),
            state: row.get(4)?,
            stopped: row.get(5)?,
            certificate: row
                .get::<_, Option<ContentHash>>(6)?
                .map(CertificateId::from),
            signature: row.get(7)?,
        })
    }
}

impl JobDocumentRow {
    /// A row of a document of this state.
    #[must_use]
    pub const fn new(number: u32, name: String, octets: Option<i64>, state: String) -> Self {
        Self {
            number,
            name,
            octets,
            state,
            error: None,
            result: None,
        }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let result = row
            .get::<_, Option<i64>>(4)?
            .zip(row.get::<_, Option<ContentHash>>(5)?);
        Ok(Self {
            number: row.get(0)?,
            name: row.get(1)?,
            octets: row.get(2)?,
            state: row.get(3)?,
            result,
            error: row.get(6)?,
        })
    }
}

impl Store {
    /// Adds a job with its documents.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn add_job(
        &mut self,
        job: &JobRow,
        documents: &[JobDocumentRow],
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            transaction.execute(
                "INSERT INTO job (id, pairing, created_time, expires_time, state, stopped,
                   certificate, signature) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    job.id,
                    job.pairing,
                    job.created.seconds(),
                    job.expires.seconds(),
                    job.state,
                    job.stopped,
                    job.certificate.map(ContentHash::from),
                    job.signature,
                ],
            )?;
            for document in documents {
                transaction.execute(
                    "INSERT INTO job_document (job, number, name, octets, state)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![
                        job.id,
                        document.number,
                        document.name,
                        document.octets,
                        document.state
                    ],
                )?;
            }
            Ok(())
        })
    }

    /// Writes how far documents of a job have come: all of them or none.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn update_job_documents(
        &mut self,
        job: &str,
        documents: &[JobDocumentRow],
    ) -> Result<(), StoreError> {
        self.change(|transaction| update_documents(transaction, job, documents))
    }

    /// Writes how far a job and some of its documents have come, with an entry in the log where
    /// something was signed.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn update_job(
        &mut self,
        job: &JobRow,
        documents: &[JobDocumentRow],
        signed: Option<&JobSigned>,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            update_documents(transaction, &job.id, documents)?;
            transaction.execute(
                "UPDATE job SET state = ?2, stopped = ?3, certificate = ?4 WHERE id = ?1",
                params![
                    job.id,
                    job.state,
                    job.stopped,
                    job.certificate.map(ContentHash::from)
                ],
            )?;
            if let Some(signed) = signed {
                let subject = signed.hash();
                append_past(
                    transaction,
                    time,
                    Actor::Pairing(PairingId::from_number(job.pairing)),
                    Action::JobSigned,
                    subject,
                )?;
            }
            Ok(())
        })
    }

    /// Removes a job with its documents, and says whether it was there.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn remove_job(&mut self, job: &str) -> Result<JobRemoval, StoreError> {
        self.change(|transaction| {
            transaction.execute("DELETE FROM job_document WHERE job = ?1", params![job])?;
            match transaction.execute("DELETE FROM job WHERE id = ?1", params![job])? {
                0 => Ok(JobRemoval::WasNotThere),
                _ => Ok(JobRemoval::Removed),
            }
        })
    }

    /// Every job, the oldest first.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn jobs(&self) -> Result<Vec<JobRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT id, pairing, created_time, expires_time, state, stopped, certificate, signature
             FROM job ORDER BY created_time, id",
        )?;
        let rows = statement.query_map([], JobRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The documents of a job in their order.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn job_documents(&self, job: &str) -> Result<Vec<JobDocumentRow>, StoreError> {
        let mut statement = self.connection.prepare(
            "SELECT number, name, octets, state, result_octets, result_sha256, error
             FROM job_document WHERE job = ?1 ORDER BY number",
        )?;
        let rows = statement.query_map(params![job], JobDocumentRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the log has the entry of a job.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn has_job_signed(&self, signed: &JobSigned) -> Result<JobLogged, StoreError> {
        let found: Option<i64> = self
            .connection
            .query_row(
                "SELECT sequence FROM audit_entry WHERE subject = ?1 AND action = ?2",
                params![signed.hash(), Action::JobSigned.code()],
                |row| row.get(0),
            )
            .optional()?;
        Ok(match found {
            Some(_) => JobLogged::There,
            None => JobLogged::NotThere,
        })
    }
}

/// Whether a job was there to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobRemoval {
    /// It was, and is gone.
    Removed,
    /// There was none.
    WasNotThere,
}

/// Whether the log tells of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum JobLogged {
    /// It does.
    There,
    /// It does not.
    NotThere,
}

impl JobSigned {
    /// What is to be said of a job.
    #[must_use]
    pub const fn new(
        job: String,
        certificate: CertificateId,
        results: Vec<ContentHash>,
        failed: u32,
    ) -> Self {
        Self {
            job,
            certificate,
            results,
            failed,
        }
    }

    /// The subject of its entry in the log.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        let start = Canonical::of("trien.job-signed/1")
            .text(&self.job)
            .hash_value(self.certificate.into())
            .number(self.failed.into());
        self.results
            .iter()
            .fold(start, |list, hash| list.hash_value(*hash))
            .hash()
    }
}

fn update_documents(
    transaction: &Transaction<'_>,
    job: &str,
    documents: &[JobDocumentRow],
) -> Result<(), StoreError> {
    let mut statement = transaction.prepare(
        "UPDATE job_document SET octets = ?3, state = ?4, error = ?5, result_octets = ?6,
           result_sha256 = ?7 WHERE job = ?1 AND number = ?2",
    )?;
    for document in documents {
        statement.execute(params![
            job,
            document.number,
            document.octets,
            document.state,
            document.error,
            document.result.map(|(octets, _)| octets),
            document.result.map(|(_, hash)| hash),
        ])?;
    }
    Ok(())
}
