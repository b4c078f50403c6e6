//! An item of evidence as it comes in.
//! Does not judge it: the store reads it.

use serde::Deserialize;
use trien_types::Capacity;

use crate::http::form::{CapacityCode, Fingerprint, Line, Octets, OneCertificate, RoleCode};
use crate::store::EvidenceItem;

/// By its kind, with what belongs to it.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Item {
    SignerCertificate {
        certificate: OneCertificate,
    },
    Crl {
        der: Octets,
    },
    Ocsp {
        der: Octets,
    },
    PracticeStatement {
        url: Line,
        sha256: Fingerprint,
    },
    Responsibility {
        certificate: Fingerprint,
        role: RoleCode,
        capacity: Option<CapacityCode>,
        assignment: Option<Line>,
    },
    TimeStampAtSigning {
        der: Octets,
    },
    TimeStampAtReceipt {
        der: Octets,
    },
}

impl Item {
    pub(super) fn into_evidence(self) -> EvidenceItem {
        match self {
            Self::SignerCertificate { certificate } => {
                EvidenceItem::SignerCertificate(certificate.0.as_der().to_vec())
            }
            Self::Crl { der } => EvidenceItem::Crl(der.0),
            Self::Ocsp { der } => EvidenceItem::Ocsp(der.0),
            Self::PracticeStatement { url, sha256 } => EvidenceItem::PracticeStatement {
                url: url.0,
                sha256: sha256.0,
            },
            Self::Responsibility {
                certificate,
                role,
                capacity,
                assignment,
            } => EvidenceItem::Responsibility {
                certificate: certificate.0.into(),
                role: role.0,
                capacity: capacity.map_or(Capacity::Own, |capacity| capacity.0),
                assignment: assignment.map(|line| line.0),
            },
            Self::TimeStampAtSigning { der } => EvidenceItem::TimeStampAtSigning(der.0),
            Self::TimeStampAtReceipt { der } => EvidenceItem::TimeStampAtReceipt(der.0),
        }
    }
}
