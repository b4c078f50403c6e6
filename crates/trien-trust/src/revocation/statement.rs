//! One statement about the status of a certificate, as plain data.
//! Says nothing about whether it is fresh.

use trien_types::{SignatureScheme, UnixTime};
use trien_x509::asn1::ObjectIdentifier;
use trien_x509::{Certificate, ReasonFlags, RevocationReason};

use super::EvidenceId;
use crate::path::CertificationPath;

/// What a statement was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatementKind {
    /// A complete CRL.
    Crl,
    /// A delta CRL, with its complete CRL where [`StatusStatement::evidence`] has two members.
    DeltaCrl,
    /// An OCSP response.
    Ocsp,
}

/// When and why a certificate was revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Revocation {
    /// Since when; `None` when the date cannot be read: then at every time.
    pub time: Option<UnixTime>,
    /// Why; unspecified where none is given or it cannot be read.
    pub reason: RevocationReason,
    /// When the key is known or suspected to have been lost (RFC 5280, 5.3.2).
    pub invalidity_date: Option<UnixTime>,
}

impl Revocation {
    /// Whether the certificate is only on hold, which may be lifted.
    #[must_use]
    pub fn is_hold(&self) -> bool {
        self.reason == RevocationReason::CertificateHold
    }

    /// Since when the certificate was revoked: always, where the date cannot be read.
    #[must_use]
    pub fn since(&self) -> UnixTime {
        self.time.unwrap_or(UnixTime::from_seconds(i64::MIN))
    }

    /// Since when the key is not relied on: the revocation, or the earlier date from which it is
    /// suspected.
    #[must_use]
    pub fn distrusted_since(&self) -> UnixTime {
        let since = self.since();
        self.invalidity_date
            .map_or(since, |suspected| suspected.min(since))
    }

    /// Whether it is in effect at `time`.
    #[must_use]
    pub fn is_in_effect_at(&self, time: UnixTime) -> bool {
        self.time.is_none_or(|since| since <= time)
    }
}

/// What a statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StatedStatus {
    /// Not revoked: not on the CRL, or "good" by OCSP.
    Good,
    /// Revoked or on hold.
    Revoked(Revocation),
    /// The responder does not know the certificate.
    Unknown,
}

/// The part that the signer of a statement has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SignerRole {
    /// It issued the certificate, with this very key.
    Issuer,
    /// Another key signs CRLs for the issuer, or an indirect CRL (RFC 5280, 5).
    CrlIssuer,
    /// A responder that the issuer authorised (RFC 6960, 4.2.2.2). Its revocation must be looked
    /// at too.
    DelegatedResponder,
    /// As [`Self::DelegatedResponder`], and the issuer says that its revocation need not be
    /// looked at (id-pkix-ocsp-nocheck, RFC 6960, 4.2.2.2.1).
    DelegatedResponderNoCheck,
}

/// Who signed a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatementSigner {
    /// The certificate of the key.
    pub certificate: Certificate,
    /// Its part.
    pub role: SignerRole,
    /// How it leads to the anchor of the certificate asked about; `None` for the issuer, whose
    /// path is that certificate's own. The path holds but perhaps not at every time: its
    /// certificates' validity is policy, except that a delegated responder was valid when it
    /// signed.
    pub path: Option<CertificationPath>,
}

/// Evidence that a statement rests on, and how it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct EvidenceUse {
    /// Which evidence of the pool.
    pub id: EvidenceId,
    /// The scheme of its signature, for the strength of algorithms.
    pub scheme: SignatureScheme,
}

/// Something odd about a statement that does not unmake it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StatementDeviation {
    /// A retention date (archive cutoff) is there and cannot be read; it is taken as absent.
    ArchiveCutoffUnreadable,
    /// A delta CRL without its complete one. It says that the certificate is revoked, which a
    /// complete one could not unsay.
    BaseMissing,
    /// The invalidity date is there and cannot be read.
    InvalidityDateUnreadable,
    /// The issuer's names agree but for the kind of dash between words; the key is the same.
    IssuerNameDashes,
    /// The reason is there and cannot be read.
    ReasonUnreadable,
    /// The revocation date cannot be read.
    RevocationDateUnreadable,
    /// A critical extension is not known. What says "good" is rejected for it; what says
    /// "revoked" still does.
    UnknownCriticalExtension(ObjectIdentifier),
}

/// What one CRL, one delta CRL with its complete one, or one OCSP response says of a certificate.
/// Its signature holds and its signer may sign it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatusStatement {
    /// What it was read from.
    pub kind: StatementKind,
    /// What it rests on: the complete CRL before the delta CRL.
    pub evidence: Vec<EvidenceUse>,
    /// What it says.
    pub status: StatedStatus,
    /// Since when that is known to be so: thisUpdate, of the delta CRL where there is one.
    pub this_update: UnixTime,
    /// By when there will be newer information.
    pub next_update: Option<UnixTime>,
    /// When an OCSP response was signed; `None` for CRLs.
    pub produced_at: Option<UnixTime>,
    /// The revocation reasons it is about: "good" means only that it is not revoked for these.
    pub reasons: ReasonFlags,
    /// Certificates that expired since then are still spoken of: expiredCertsOnCRL (X.509,
    /// 9.5.2.8) or archive cutoff (RFC 6960, 4.4.4).
    pub retained_since: Option<UnixTime>,
    /// Who signed it.
    pub signer: StatementSigner,
    /// What is odd about it.
    pub deviations: Vec<StatementDeviation>,
}

impl StatusStatement {
    /// Whether "good" still means something for a certificate whose validity ended at
    /// `not_after`: issuers may drop expired certificates from their lists (RFC 5280, 3.3) and
    /// responders forget them.
    #[must_use]
    pub fn speaks_of_validity_until(&self, not_after: UnixTime) -> bool {
        self.this_update <= not_after || self.retained_since.is_some_and(|since| since <= not_after)
    }
}
