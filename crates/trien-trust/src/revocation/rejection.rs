//! Why a piece of evidence makes no statement about a certificate.
//! Does not judge how bad that is.

use std::fmt;

use trien_types::{CertificateId, UnixTime};
use trien_x509::asn1::{Asn1Error, ObjectIdentifier};
use trien_x509::{CertificateScope, OcspResponseStatus, RevocationSignatureError};

use super::EvidenceId;
use crate::path::{BudgetItem, PathFailureReason};

/// Evidence that makes no statement about the certificate asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RejectedEvidence {
    /// Which evidence of the pool.
    pub id: EvidenceId,
    /// Why not.
    pub reason: RejectionReason,
}

/// Why evidence makes no statement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RejectionReason {
    /// No answer of the OCSP response names the certificate.
    AboutOtherCertificates,
    /// The budget ended before its signature was looked at.
    BudgetSpent(BudgetItem),
    /// The CRL is about another kind of certificate (RFC 5280, 5.2.5).
    CertificateKindOutOfScope(CertificateScope),
    /// A delta CRL on which the certificate is not listed, and no complete CRL that it adds to.
    DeltaWithoutBase,
    /// The certificate's entry on the CRL cannot be read: it may be revoked.
    EntryUnreadable(Asn1Error),
    /// The CRL is neither by the certificate's issuer nor by one that a distribution point of the
    /// certificate names.
    IssuerDoesNotFit,
    /// The CRL is for another distribution point than the certificate names (RFC 5280, 6.3.3 (b)).
    OtherDistributionPoint,
    /// The CRL is about no reason that the distribution point is about (RFC 5280, 6.3.3 (d)).
    ReasonsDoNotMeet,
    /// The responder's certificate was not valid when it signed.
    ResponderOutsideValidity {
        /// Its certificate.
        certificate: CertificateId,
        /// When it signed.
        produced_at: UnixTime,
    },
    /// The signature does not hold, or could not be decided, under the keys known by the signer's
    /// name.
    SignatureNotShown {
        /// The first certificate of that name.
        certificate: CertificateId,
        /// Why; `None` when the key cannot be read.
        cause: Option<RevocationSignatureError>,
    },
    /// The key usage of the signer's certificate does not allow signing this (RFC 5280, 4.2.1.3).
    SignerKeyUsage {
        /// Its certificate.
        certificate: CertificateId,
    },
    /// The signature holds, but the issuer has not authorised the responder: it is not issued by
    /// the certificate's issuer itself, or not for OCSP signing (RFC 6960, 4.2.2.2).
    SignerNotAuthorised {
        /// Its certificate.
        certificate: CertificateId,
    },
    /// No certificate of the signer is at hand.
    SignerNotFound,
    /// The signature holds, but the signer does not lead to the certificate's anchor.
    SignerWithoutPath {
        /// Its certificate.
        certificate: CertificateId,
        /// Why not.
        cause: Box<PathFailureReason>,
    },
    /// The responder did not answer.
    Unsuccessful(OcspResponseStatus),
    /// A critical extension is not known, so that "good" cannot be concluded (RFC 5280, 5.2).
    UnknownCriticalExtension(ObjectIdentifier),
}

impl RejectionReason {
    /// Whether the evidence is simply about other certificates, as most of a large pool is.
    #[must_use]
    pub const fn is_about_others(&self) -> bool {
        matches!(
            self,
            Self::AboutOtherCertificates
                | Self::CertificateKindOutOfScope(_)
                | Self::IssuerDoesNotFit
                | Self::OtherDistributionPoint
        )
    }
}

impl fmt::Display for RejectionReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::AboutOtherCertificates => "the response is about other certificates",
            Self::BudgetSpent(item) => {
                return write!(formatter, "given up at the {item}; offer less evidence");
            }
            Self::CertificateKindOutOfScope(_) => "the list is about another kind of certificate",
            Self::DeltaWithoutBase => "a delta list without the complete list it adds to; add that",
            Self::EntryUnreadable(_) => "the certificate's entry on the list cannot be read",
            Self::IssuerDoesNotFit => "the list is not one of the certificate's issuer",
            Self::OtherDistributionPoint => "the list is for another distribution point",
            Self::ReasonsDoNotMeet => "the list is about none of the reasons asked for",
            Self::ResponderOutsideValidity {
                certificate,
                produced_at,
            } => {
                return write!(
                    formatter,
                    "the responder's certificate {certificate} was not valid at {produced_at}"
                );
            }
            Self::SignatureNotShown { .. } => "the signature is not shown to hold",
            Self::SignerKeyUsage { certificate } => {
                return write!(
                    formatter,
                    "the key usage of certificate {certificate} forbids signing this"
                );
            }
            Self::SignerNotAuthorised { certificate } => {
                return write!(
                    formatter,
                    "the issuer has not authorised the responder's certificate {certificate}"
                );
            }
            Self::SignerNotFound => "the signer's certificate is not known; add it",
            Self::SignerWithoutPath { certificate, .. } => {
                return write!(
                    formatter,
                    "the signer's certificate {certificate} does not lead to the anchor"
                );
            }
            Self::Unsuccessful(status) => {
                return write!(formatter, "the responder did not answer: {status}");
            }
            Self::UnknownCriticalExtension(oid) => {
                return write!(formatter, "the critical extension {oid} is not known");
            }
        })
    }
}

impl std::error::Error for RejectionReason {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::EntryUnreadable(error) => Some(error),
            Self::SignatureNotShown {
                cause: Some(error), ..
            } => Some(error),
            Self::AboutOtherCertificates
            | Self::BudgetSpent(_)
            | Self::CertificateKindOutOfScope(_)
            | Self::DeltaWithoutBase
            | Self::IssuerDoesNotFit
            | Self::OtherDistributionPoint
            | Self::ReasonsDoNotMeet
            | Self::ResponderOutsideValidity { .. }
            | Self::SignatureNotShown { cause: None, .. }
            | Self::SignerKeyUsage { .. }
            | Self::SignerNotAuthorised { .. }
            | Self::SignerNotFound
            | Self::SignerWithoutPath { .. }
            | Self::Unsuccessful(_)
            | Self::UnknownCriticalExtension(_) => None,
        }
    }
}
