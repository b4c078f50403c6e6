//! Which items of TT 41/2017, art. 9, are missing with a record.
//! Looks at what fits whom, not at whether it is valid: that is verification's answer.

use std::fmt;

use trien::Limits;
use trien::x509::{Certificate, Crl, OcspResponse};
use trien_types::CertificateId;

use super::super::error::StoreError;
use super::super::register::read_certificate;
use super::super::{ContentHash, Store};
use super::item::{EvidenceKind, KeptEvidence, kept};
use super::record::{Direction, RecordId, RecordState, find};

/// What art. 9 asks for and what of it is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Completeness {
    /// The signers whose certificates are kept.
    pub signers: Vec<CertificateId>,
    /// What is missing, in the order of the article.
    pub missing: Vec<MissingEvidence>,
}

impl Completeness {
    /// Whether nothing is missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

/// Something art. 9.1 asks for that is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MissingEvidence {
    /// No signer's certificate at all.
    SignerCertificate,
    /// Neither a list of the issuer nor an OCSP response for this signer.
    RevocationInformation(CertificateId),
    /// No reference to the authority's quy chế chứng thực.
    PracticeStatement,
    /// Nothing on this signer's responsibility.
    Responsibility(CertificateId),
    /// No time stamp at signing (outgoing records).
    TimeStampAtSigning,
    /// No time stamp at receipt (incoming records).
    TimeStampAtReceipt,
}

impl fmt::Display for MissingEvidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignerCertificate => formatter.write_str("no signer's certificate"),
            Self::RevocationInformation(id) => {
                write!(formatter, "no revocation list or OCSP response for {id}")
            }
            Self::PracticeStatement => formatter.write_str("no practice statement"),
            Self::Responsibility(id) => write!(formatter, "no responsibility of {id}"),
            Self::TimeStampAtSigning => formatter.write_str("no time stamp at signing"),
            Self::TimeStampAtReceipt => formatter.write_str("no time stamp at receipt"),
        }
    }
}

impl Store {
    /// Compares what is kept with a record to what TT 41/2017, art. 9.1, asks for.
    ///
    /// # Errors
    /// There is no such record, its evidence is destroyed, or the database cannot be read.
    pub fn completeness(&self, id: RecordId) -> Result<Completeness, StoreError> {
        self.view(|connection| {
            let record = find(connection, id)?;
            if record.state != RecordState::Kept {
                return Err(StoreError::RecordDestroyed(id));
            }
            Ok(compare(record.direction, &kept(connection, id)?))
        })
    }
}

fn compare(direction: Direction, kept: &[KeptEvidence]) -> Completeness {
    let of_kind = |kind| kept.iter().filter(move |item| item.kind == kind);
    let signers: Vec<&KeptEvidence> = of_kind(EvidenceKind::SignerCertificate).collect();
    let mut missing = Vec::new();
    if signers.is_empty() {
        missing.push(MissingEvidence::SignerCertificate);
    }
    let statuses = Statuses::read(kept);
    for signer in &signers {
        if !statuses.speak_of(signer) {
            missing.push(MissingEvidence::RevocationInformation(signer.sha256.into()));
        }
    }
    if of_kind(EvidenceKind::PracticeStatement).next().is_none() {
        missing.push(MissingEvidence::PracticeStatement);
    }
    for signer in &signers {
        let about = |item: &KeptEvidence| item.sha256 == signer.sha256;
        if !of_kind(EvidenceKind::Responsibility).any(about) {
            missing.push(MissingEvidence::Responsibility(signer.sha256.into()));
        }
    }
    let (kind, absent) = match direction {
        Direction::Incoming => (
            EvidenceKind::TimeStampAtReceipt,
            MissingEvidence::TimeStampAtReceipt,
        ),
        Direction::Outgoing => (
            EvidenceKind::TimeStampAtSigning,
            MissingEvidence::TimeStampAtSigning,
        ),
    };
    if of_kind(kind).next().is_none() {
        missing.push(absent);
    }
    Completeness {
        signers: signers
            .iter()
            .map(|signer| CertificateId::from(ContentHash::clone(&signer.sha256)))
            .collect(),
        missing,
    }
}

/// The lists and responses of a record.
struct Statuses {
    lists: Vec<Crl>,
    responses: Vec<OcspResponse>,
}

impl Statuses {
    fn read(kept: &[KeptEvidence]) -> Self {
        let limits = Limits::default();
        let octets = |kind| {
            kept.iter()
                .filter(move |item| item.kind == kind)
                .filter_map(|item| item.octets.as_deref())
        };
        Self {
            lists: octets(EvidenceKind::Crl)
                .filter_map(|octets| Crl::from_der(octets, &limits).ok())
                .collect(),
            responses: octets(EvidenceKind::Ocsp)
                .filter_map(|octets| OcspResponse::from_der(octets, &limits).ok())
                .collect(),
        }
    }

    /// Whether a list is of the certificate's issuer, or a response is about its serial number.
    fn speak_of(&self, signer: &KeptEvidence) -> bool {
        let octets = signer.octets.as_deref().unwrap_or_default();
        let Ok(certificate) = read_certificate(octets) else {
            return false;
        };
        let listed = self
            .lists
            .iter()
            .any(|list| list.issuer() == certificate.issuer());
        listed || self.answered(&certificate)
    }

    fn answered(&self, certificate: &Certificate) -> bool {
        self.responses
            .iter()
            .filter_map(OcspResponse::basic)
            .flat_map(|basic| basic.responses())
            .any(|response| response.certificate.serial == *certificate.serial())
    }
}
