//! What a certification path is built for and what an anchor is trusted for.
//! Does not know which certificates fit a purpose: the path's checks do.

use std::fmt;

/// What the certificate at the start of a path was used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PathPurpose {
    /// A certificate revocation list (RFC 5280, 5).
    CrlSigning,
    /// A signature or seal on a document.
    DocumentSigning,
    /// An OCSP response (RFC 6960, 4.2.2.2).
    OcspSigning,
    /// A time stamp (RFC 3161).
    TimeStamping,
}

impl fmt::Display for PathPurpose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::CrlSigning => "signing revocation lists",
            Self::OcspSigning => "signing OCSP responses",
            Self::DocumentSigning => "signing documents",
            Self::TimeStamping => "time stamping",
        })
    }
}

/// The purposes an anchor is trusted for. Invariant: never none; such an anchor is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AnchorPurposes {
    /// Every purpose.
    All,
    /// This purpose and no other.
    Only(PathPurpose),
}

impl AnchorPurposes {
    /// Whether `purpose` is among them. Revocation lists and OCSP responses always are: they serve
    /// the purposes of the certificates they are about.
    #[must_use]
    pub fn contains(self, purpose: PathPurpose) -> bool {
        match self {
            Self::All => true,
            Self::Only(only) => {
                only == purpose
                    || matches!(purpose, PathPurpose::CrlSigning | PathPurpose::OcspSigning)
            }
        }
    }
}
