//! What was observed about certificates, the paths they are in, and what lists and responders say
//! of them. Nothing here depends on a time of judgement.

use serde::{Deserialize, Serialize};
use trien_types::UnixTime;

use super::moment::{optional_seconds, seconds};

/// A public key by kind and size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct KeyFact {
    /// `RSA`, `EC`, `DSA`, `Ed25519`, …
    pub kind: String,
    /// Size in bits, of the modulus or of the curve's order.
    pub bits: u32,
}

impl KeyFact {
    /// A key of `bits` bits.
    #[must_use]
    pub fn new(kind: impl Into<String>, bits: u32) -> Self {
        Self {
            kind: kind.into(),
            bits,
        }
    }
}

/// What a signature was made with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AlgorithmFact {
    /// The key that signed.
    pub key: KeyFact,
    /// The digest signed, by name (`SHA-256`); `None` when the scheme has its own (Ed25519).
    pub digest: Option<String>,
    /// The scheme by its name in PKCS#1 or FIPS 186, where it has one: `RSASSA-PSS`, `ECDSA`.
    pub scheme: Option<String>,
}

impl AlgorithmFact {
    /// The last moment at which a signature made so can be relied on, after key and digest; `None`
    /// without a known end.
    #[must_use]
    pub fn reliable_until(&self) -> Option<UnixTime> {
        crate::algorithm_constraints::reliable_until(self)
    }

    /// What people call it, such as `RSA 2048, SHA-256`.
    #[must_use]
    pub fn name(&self) -> String {
        crate::algorithm_constraints::name_of(self)
    }

    /// A signature by `key` over a digest.
    #[must_use]
    pub const fn new(key: KeyFact, digest: Option<String>) -> Self {
        Self {
            key,
            digest,
            scheme: None,
        }
    }
}

/// Who says what a certificate's status is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EvidenceKind {
    /// A certificate revocation list (RFC 5280, 5).
    Crl,
    /// A responder's answer (RFC 6960).
    Ocsp,
}

/// What is said of a certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
#[non_exhaustive]
pub enum CertificateStatus {
    /// Not revoked.
    Good,
    /// Suspended (RFC 5280, certificateHold): it may be good again.
    OnHold {
        /// Since when.
        #[serde(with = "seconds")]
        since: UnixTime,
    },
    /// Revoked for good.
    Revoked {
        /// Since when: the revocation, or the earlier date from which the key is suspected.
        #[serde(with = "seconds")]
        since: UnixTime,
        /// The reason given, by its name in RFC 5280, 5.3.1.
        reason: Option<String>,
    },
    /// The responder does not know it.
    Unknown,
}

/// One statement about a certificate's status whose signature and authority hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StatusFact {
    /// Who says it.
    pub kind: EvidenceKind,
    /// What is said.
    pub status: CertificateStatus,
    /// thisUpdate: the moment the statement is about.
    #[serde(with = "seconds")]
    pub this_update: UnixTime,
    /// nextUpdate: when newer information is there at the latest.
    #[serde(with = "optional_seconds")]
    pub next_update: Option<UnixTime>,
    /// From when expired certificates are still spoken of; `None` when they may be left out.
    #[serde(with = "optional_seconds")]
    pub expired_since: Option<UnixTime>,
    /// Until when its signer can be relied on: the end of validity or the revocation of a
    /// certificate that is not on the path asked about; `None` when the path itself bounds it.
    #[serde(with = "optional_seconds")]
    pub signer_until: Option<UnixTime>,
    /// What the statement was signed with.
    pub algorithm: Option<AlgorithmFact>,
    /// The evidence's own id: SHA-256 of its octets, in hexadecimal (of each, for a delta list).
    pub evidence: Vec<String>,
    /// The first signed revision that covers the evidence; `None` when it came from elsewhere.
    pub covered_from: Option<usize>,
}

impl StatusFact {
    /// A statement about the moment `this_update`.
    #[must_use]
    pub const fn new(
        kind: EvidenceKind,
        status: CertificateStatus,
        this_update: UnixTime,
        next_update: Option<UnixTime>,
    ) -> Self {
        Self {
            kind,
            status,
            this_update,
            next_update,
            expired_since: None,
            signer_until: None,
            algorithm: None,
            evidence: Vec::new(),
            covered_from: None,
        }
    }
}

/// A certificate on a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CertificateFacts {
    /// SHA-256 of its octets, in hexadecimal.
    pub id: String,
    /// commonName of the subject.
    pub common_name: Option<String>,
    /// Subject, RFC 4514.
    pub subject: String,
    /// Start of its validity.
    #[serde(with = "seconds")]
    pub not_before: UnixTime,
    /// End of its validity.
    #[serde(with = "seconds")]
    pub not_after: UnixTime,
    /// Its key; `None` when it cannot be read.
    pub key: Option<KeyFact>,
    /// What it was signed with by the next certificate of the path; `None` for an anchor.
    pub algorithm: Option<AlgorithmFact>,
    /// What is said of its status, the oldest statement first.
    pub statuses: Vec<StatusFact>,
    /// Evidence that speaks of it and does not count, each with its reason in the language of the
    /// verification.
    pub rejected_evidence: Vec<String>,
}

impl CertificateFacts {
    /// A certificate with its validity, of which nothing is said yet.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        subject: impl Into<String>,
        (not_before, not_after): (UnixTime, UnixTime),
    ) -> Self {
        Self {
            id: id.into(),
            common_name: None,
            subject: subject.into(),
            not_before,
            not_after,
            key: None,
            algorithm: None,
            statuses: Vec::new(),
            rejected_evidence: Vec::new(),
        }
    }
}

/// A certification path that holds but for time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PathFacts {
    /// The certificates, the one asked about first and the anchor last.
    pub certificates: Vec<CertificateFacts>,
    /// The end of the trust in the anchor, where it was given one.
    #[serde(with = "optional_seconds")]
    pub anchor_until: Option<UnixTime>,
    /// What the anchor is known as, where its fingerprint is one that this program knows.
    pub anchor_known_as: Option<String>,
}

impl PathFacts {
    /// A path of these certificates.
    #[must_use]
    pub const fn new(certificates: Vec<CertificateFacts>, anchor_until: Option<UnixTime>) -> Self {
        Self {
            certificates,
            anchor_until,
            anchor_known_as: None,
        }
    }
}

/// What stands in the file to judge a certification path later (EN 319 142-1, 5.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
#[non_exhaustive]
pub enum EvidenceInFile {
    /// The status of some certificate of the path is not told.
    Incomplete,
    /// The status of every certificate of a path is told.
    Complete {
        /// The first signed revision that covers all of it, if any does.
        covered_from: Option<usize>,
    },
}

/// Whether a certificate leads to a trust anchor, time aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
#[non_exhaustive]
pub enum PathFact {
    /// No trust anchors were given: integrity can be known, trust cannot.
    NoAnchors,
    /// Paths lead to anchors.
    Found {
        /// At least one.
        paths: Vec<PathFacts>,
    },
    /// No path leads to an anchor.
    Untrusted {
        /// Why, in the language of the verification.
        detail: String,
    },
    /// There is no certificate to start from.
    NoCertificate,
}

impl PathFact {
    /// The paths found.
    #[must_use]
    pub fn paths(&self) -> &[PathFacts] {
        match self {
            Self::Found { paths } => paths,
            Self::NoAnchors | Self::Untrusted { .. } | Self::NoCertificate => &[],
        }
    }
}
