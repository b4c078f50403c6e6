//! Why no certification path holds, and which of many reasons tells most.
//! Does not conclude anything from it: that is policy.

use std::fmt;

use trien_types::{CertificateId, UnixTime};
use trien_x509::asn1::ObjectIdentifier;
use trien_x509::{Certificate, CertificateSignatureError, DistinguishedName};

use super::{BudgetItem, CertificationPath};
use crate::purpose::PathPurpose;

/// Why a path does not hold. Certificates are named by their ids; all of them are among
/// [`PathFailure::certificates`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PathFailureReason {
    /// All else holds, but the trust in the anchor ended before the time.
    AnchorEnded {
        /// The anchor.
        anchor: CertificateId,
        /// The last moment of the trust.
        valid_until: UnixTime,
        /// The time asked about.
        time: UnixTime,
    },
    /// The path holds, but its anchor is not trusted for the purpose.
    AnchorNotForPurpose {
        /// The anchor.
        anchor: CertificateId,
        /// The purpose asked about.
        purpose: PathPurpose,
    },
    /// The search ended early; nothing is known about the paths not looked at.
    BudgetSpent(BudgetItem),
    /// OpenSSL cannot read a certificate that leads to an anchor.
    CertificateNotRead {
        /// The certificate.
        certificate: CertificateId,
    },
    /// A certificate has a critical extension that is not known (RFC 5280, 4.2).
    CriticalExtensionUnknown {
        /// The certificate.
        certificate: CertificateId,
        /// The first one.
        extension: Option<ObjectIdentifier>,
    },
    /// All else holds, but a certificate expired before the time. When several are outside their
    /// validity, this is the one nearest the target.
    Expired {
        /// The certificate.
        certificate: CertificateId,
        /// Its last moment.
        not_after: UnixTime,
        /// The time asked about.
        time: UnixTime,
    },
    /// A certificate has an extension twice (RFC 5280, 4.2 forbids it): readers would differ on
    /// which one counts.
    ExtensionRepeated {
        /// The certificate.
        certificate: CertificateId,
        /// The extension.
        extension: ObjectIdentifier,
    },
    /// OpenSSL does not follow the path from a certificate to its issuer: the authority key
    /// identifier names another one, or two certificates of one name cannot be told apart.
    IssuerNotLinked {
        /// The certificate below the issuer.
        certificate: CertificateId,
    },
    /// The key usage does not allow what the key is used for: signing certificates, or at the
    /// start of the path the purpose (RFC 5280, 4.2.1.3; RFC 3161, 2.3).
    KeyUsageForbids {
        /// The certificate.
        certificate: CertificateId,
    },
    /// A name is outside an issuer's name constraints, or of a form they cannot be applied to
    /// (RFC 5280, 4.2.1.10).
    NameNotPermitted {
        /// The certificate with the name.
        certificate: CertificateId,
    },
    /// Neither anchors nor candidates have a certificate of the issuer that is not on the path
    /// already.
    NoIssuerFound {
        /// The certificate without issuer.
        certificate: CertificateId,
        /// Its subject.
        subject: DistinguishedName,
        /// The issuer's name.
        issuer: DistinguishedName,
    },
    /// A certificate signs another but is no certification authority (RFC 5280, 4.2.1.9).
    NotACa {
        /// The certificate that signs.
        certificate: CertificateId,
    },
    /// All else holds, but a certificate is not valid yet at the time. As with `Expired`, the one
    /// nearest the target.
    NotYetValid {
        /// The certificate.
        certificate: CertificateId,
        /// Its first moment.
        not_before: UnixTime,
        /// The time asked about.
        time: UnixTime,
    },
    /// OpenSSL refuses the path for another reason.
    Other {
        /// OpenSSL's number for it (`X509_V_ERR_...`).
        code: i32,
        /// OpenSSL's words for it.
        text: &'static str,
    },
    /// More authorities follow one than its path length allows (RFC 5280, 4.2.1.9).
    PathTooLong {
        /// The certificate with the path length.
        certificate: CertificateId,
    },
    /// Certificate policies are not as an issuer demands, or cannot be read (RFC 5280, 6.1).
    PolicyNotPermitted {
        /// The certificate at which this came out.
        certificate: CertificateId,
    },
    /// The path ends at a self-signed certificate that is no anchor: an unknown root.
    RootNotAnAnchor {
        /// The self-signed certificate.
        root: CertificateId,
    },
    /// Certificates with the issuer's name are there, but the signature holds under none of them.
    SignatureDoesNotHold {
        /// The certificate with the signature.
        certificate: CertificateId,
        /// The first of the certificates with the issuer's name.
        issuer: CertificateId,
    },
    /// As `SignatureDoesNotHold`, but the algorithm or the issuer's key is not known here.
    SignatureNotDecided {
        /// The certificate with the signature.
        certificate: CertificateId,
        /// The certificate with the issuer's name.
        issuer: CertificateId,
        /// Why; `None` when the issuer's key cannot be read.
        cause: Option<CertificateSignatureError>,
    },
}

impl PathFailureReason {
    /// Whether the path holds but for the time asked about: `Expired`, `NotYetValid`,
    /// `AnchorEnded`.
    #[must_use]
    pub const fn is_by_time(&self) -> bool {
        matches!(
            self,
            Self::AnchorEnded { .. } | Self::Expired { .. } | Self::NotYetValid { .. }
        )
    }

    /// How much it tells: a reason met on a path that came further outranks one of a path that
    /// ended earlier. Spent budget stands above all that more candidates could have mended.
    pub(super) const fn rank(&self) -> u8 {
        match self {
            Self::Expired { .. } | Self::NotYetValid { .. } => 90,
            Self::AnchorEnded { .. } => 80,
            Self::BudgetSpent(_) => 70,
            Self::AnchorNotForPurpose { .. } => 60,
            Self::KeyUsageForbids { .. }
            | Self::NameNotPermitted { .. }
            | Self::PolicyNotPermitted { .. } => 50,
            Self::CriticalExtensionUnknown { .. }
            | Self::ExtensionRepeated { .. }
            | Self::NotACa { .. }
            | Self::PathTooLong { .. } => 40,
            Self::CertificateNotRead { .. } | Self::IssuerNotLinked { .. } | Self::Other { .. } => {
                30
            }
            Self::SignatureDoesNotHold { .. } => 20,
            Self::SignatureNotDecided { .. } => 15,
            Self::RootNotAnAnchor { .. } => 10,
            Self::NoIssuerFound { .. } => 0,
        }
    }
}

impl fmt::Display for PathFailureReason {
    #[expect(clippy::too_many_lines, reason = "one sentence for each reason")]
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut says = |certificate: &CertificateId, words: &str| {
            write!(formatter, "certificate {certificate} {words}")
        };
        match self {
            Self::AnchorEnded {
                anchor,
                valid_until,
                time,
            } => write!(
                formatter,
                "trust in anchor {anchor} ended at {valid_until}, before {time}"
            ),
            Self::AnchorNotForPurpose { anchor, purpose } => {
                write!(formatter, "anchor {anchor} is not trusted for {purpose}")
            }
            Self::BudgetSpent(item) => write!(
                formatter,
                "the search for a path was given up at its {item}; offer fewer candidates"
            ),
            Self::CertificateNotRead { certificate } => says(certificate, "cannot be read"),
            Self::CriticalExtensionUnknown {
                certificate,
                extension,
            } => {
                says(certificate, "has a critical extension that is unknown")?;
                extension
                    .iter()
                    .try_for_each(|extension| write!(formatter, ": {extension}"))
            }
            Self::Expired {
                certificate,
                not_after,
                time,
            } => says(
                certificate,
                &format!("expired at {not_after}, before {time}"),
            ),
            Self::ExtensionRepeated {
                certificate,
                extension,
            } => says(certificate, &format!("has the extension {extension} twice")),
            Self::IssuerNotLinked { certificate } => says(
                certificate,
                "does not lead to its issuer by name and key identifier",
            ),
            Self::KeyUsageForbids { certificate } => {
                says(certificate, "has a key usage that forbids its use")
            }
            Self::NameNotPermitted { certificate } => says(
                certificate,
                "has a name that an issuer's constraints forbid",
            ),
            Self::NoIssuerFound { issuer, .. } => write!(
                formatter,
                "no certificate of issuer {issuer} is known; add it or its anchor"
            ),
            Self::NotACa { certificate } => says(certificate, "signs another but is no authority"),
            Self::NotYetValid {
                certificate,
                not_before,
                time,
            } => says(
                certificate,
                &format!("is valid from {not_before}, after {time}"),
            ),
            Self::Other { code, text } => write!(formatter, "openssl refuses: {text} ({code})"),
            Self::PathTooLong { certificate } => says(
                certificate,
                "is followed by more authorities than it allows",
            ),
            Self::PolicyNotPermitted { certificate } => says(
                certificate,
                "has policies that are not as an issuer demands",
            ),
            Self::RootNotAnAnchor { root } => {
                says(root, "ends the path as its root, but is no anchor")
            }
            Self::SignatureDoesNotHold { certificate, .. } => {
                says(certificate, "bears a signature that does not hold")
            }
            Self::SignatureNotDecided { certificate, .. } => {
                says(certificate, "bears a signature that cannot be checked")
            }
        }
    }
}

/// No path holds: the reason, and the certificates it was met on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathFailure {
    reason: PathFailureReason,
    path: CertificationPath,
}

impl PathFailure {
    pub(super) const fn new(reason: PathFailureReason, path: CertificationPath) -> Self {
        Self { reason, path }
    }

    /// The reason.
    #[must_use]
    pub const fn reason(&self) -> &PathFailureReason {
        &self.reason
    }

    /// The certificates as far as the path came, the one asked about first.
    #[must_use]
    pub fn certificates(&self) -> impl DoubleEndedIterator<Item = &Certificate> {
        self.path.certificates()
    }

    /// The whole path when it fails [by time alone](PathFailureReason::is_by_time): it holds at
    /// another time, which a proof of existence may supply.
    #[must_use]
    pub fn path_at_another_time(&self) -> Option<&CertificationPath> {
        self.reason.is_by_time().then_some(&self.path)
    }
}

impl fmt::Display for PathFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(formatter)
    }
}

impl std::error::Error for PathFailure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let PathFailureReason::SignatureNotDecided {
            cause: Some(cause), ..
        } = &self.reason
        {
            Some(cause)
        } else {
            None
        }
    }
}
