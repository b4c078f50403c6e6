//! What happens with keys beside the signing of jobs: for the log alone, which has their hashes.
//! Does not know keys, PINs or people.

use trien_types::{CertificateId, UnixTime};

use super::Store;
use super::audit::{Action, Actor, append_past};
use super::canonical::Canonical;
use super::content_hash::ContentHash;
use super::error::StoreError;
use crate::caller::PairingId;

/// Something that a caller brought about with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SigningEvent {
    /// Digests were signed.
    DigestsSigned {
        /// With which certificate.
        certificate: CertificateId,
        /// The digests in their order.
        digests: Vec<Vec<u8>>,
    },
    /// The token refused the PIN that was typed. Nothing of the PIN is kept.
    PinIncorrect {
        /// Of the token with which certificate.
        certificate: CertificateId,
    },
    /// A job that was agreed to was ended before its end.
    JobCancelled {
        /// The job.
        job: String,
        /// Documents that were signed by then.
        signed: u32,
    },
    /// A consent to digests was taken back.
    DigestsCancelled {
        /// With which certificate they were to be signed.
        certificate: CertificateId,
    },
}

impl SigningEvent {
    const fn action(&self) -> Action {
        match self {
            Self::DigestsSigned { .. } => Action::DigestsSigned,
            Self::PinIncorrect { .. } => Action::PinIncorrect,
            Self::JobCancelled { .. } | Self::DigestsCancelled { .. } => Action::ConsentCancelled,
        }
    }

    /// The subject of its entry in the log.
    #[must_use]
    pub fn hash(&self) -> ContentHash {
        match self {
            Self::DigestsSigned {
                certificate,
                digests,
            } => {
                let start =
                    Canonical::of("trien.digests-signed/1").hash_value((*certificate).into());
                digests
                    .iter()
                    .fold(start, |list, digest| {
                        list.hash_value(ContentHash::of(digest))
                    })
                    .hash()
            }
            Self::PinIncorrect { certificate } => Canonical::of("trien.pin-incorrect/1")
                .hash_value((*certificate).into())
                .hash(),
            Self::JobCancelled { job, signed } => Canonical::of("trien.job-cancelled/1")
                .text(job)
                .number((*signed).into())
                .hash(),
            Self::DigestsCancelled { certificate } => Canonical::of("trien.digests-cancelled/1")
                .hash_value((*certificate).into())
                .hash(),
        }
    }
}

impl Store {
    /// Writes down what a caller brought about. It has happened: a pairing that has ended since does
    /// not keep it out of the log.
    ///
    /// # Errors
    /// The database cannot be written.
    pub fn add_signing_event(
        &mut self,
        event: &SigningEvent,
        caller: PairingId,
        time: UnixTime,
    ) -> Result<(), StoreError> {
        self.change(|transaction| {
            let actor = Actor::Pairing(caller);
            append_past(transaction, time, actor, event.action(), event.hash())?;
            Ok(())
        })
    }
}
