//! Indications and sub-indications (EN 319 102-1, 5.1.3, tables 5 and 6). A sub-indication exists
//! only under the indication that may carry it.

use serde::Serialize;

/// What the judgement of one signature is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Conclusion {
    /// TOTAL-PASSED
    Passed,
    /// TOTAL-FAILED
    Failed(FailedBecause),
    /// INDETERMINATE
    Indeterminate(IndeterminateBecause),
}

/// Sub-indications of TOTAL-FAILED, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum FailedBecause {
    /// `FORMAT_FAILURE`: the signature is malformed, or covers no whole state of the document.
    FormatFailure,
    /// `HASH_FAILURE`: the signed data were changed.
    HashFailure,
    /// `SIG_CRYPTO_FAILURE`: the value does not hold under the signer's key.
    SigCryptoFailure,
    /// `REVOKED`: it is proven that the signature was made after the certificate was revoked.
    Revoked,
    /// `EXPIRED`: it is proven that the signature was made after the certificate expired.
    Expired,
}

/// Sub-indications of INDETERMINATE that are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum IndeterminateBecause {
    /// `SIG_CONSTRAINTS_FAILURE`: something the profile demands does not hold.
    SigConstraintsFailure,
    /// `GENERIC`: this program cannot tell whether the signature holds at all.
    Generic,
    /// `NO_SIGNING_CERTIFICATE_FOUND`
    NoSigningCertificateFound,
    /// `NO_CERTIFICATE_CHAIN_FOUND`
    NoCertificateChainFound,
    /// `REVOKED_NO_POE`: the certificate was revoked, and nothing proves that the signature is
    /// older.
    RevokedNoPoe,
    /// `REVOKED_CA_NO_POE`: a certificate above it was revoked, and nothing proves that the
    /// signature is older.
    RevokedCaNoPoe,
    /// `CRYPTO_CONSTRAINTS_FAILURE_NO_POE`: a weak algorithm, and no proof that the signature is
    /// older than its weakness.
    CryptoConstraintsFailureNoPoe,
    /// `NOT_YET_VALID`
    NotYetValid,
    /// `OUT_OF_BOUNDS_NO_POE`
    OutOfBoundsNoPoe,
    /// `TIMESTAMP_ORDER_FAILURE`: time stamps name times in an order in which they cannot have been
    /// made.
    TimestampOrderFailure,
    /// `TRY_LATER`: the status of the certificate is not known yet.
    TryLater,
}

impl FailedBecause {
    /// The sub-indication's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FormatFailure => "FORMAT_FAILURE",
            Self::HashFailure => "HASH_FAILURE",
            Self::SigCryptoFailure => "SIG_CRYPTO_FAILURE",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
        }
    }
}

impl IndeterminateBecause {
    /// The sub-indication's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SigConstraintsFailure => "SIG_CONSTRAINTS_FAILURE",
            Self::NoSigningCertificateFound => "NO_SIGNING_CERTIFICATE_FOUND",
            Self::NoCertificateChainFound => "NO_CERTIFICATE_CHAIN_FOUND",
            Self::RevokedNoPoe => "REVOKED_NO_POE",
            Self::RevokedCaNoPoe => "REVOKED_CA_NO_POE",
            Self::CryptoConstraintsFailureNoPoe => "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
            Self::NotYetValid => "NOT_YET_VALID",
            Self::OutOfBoundsNoPoe => "OUT_OF_BOUNDS_NO_POE",
            Self::TimestampOrderFailure => "TIMESTAMP_ORDER_FAILURE",
            Self::TryLater => "TRY_LATER",
            Self::Generic => "GENERIC",
        }
    }
}

impl Conclusion {
    /// The indication's name.
    #[must_use]
    pub const fn indication(self) -> &'static str {
        match self {
            Self::Passed => "TOTAL-PASSED",
            Self::Failed(_) => "TOTAL-FAILED",
            Self::Indeterminate(_) => "INDETERMINATE",
        }
    }

    /// The sub-indication's name.
    #[must_use]
    pub const fn sub_indication(self) -> Option<&'static str> {
        match self {
            Self::Passed => None,
            Self::Failed(because) => Some(because.name()),
            Self::Indeterminate(because) => Some(because.name()),
        }
    }

    /// The graver of two conclusions: rules lower a conclusion and never raise it.
    #[must_use]
    pub fn lowered_by(self, other: Self) -> Self {
        match (self, other) {
            (Self::Failed(left), Self::Failed(right)) => Self::Failed(left.min(right)),
            (Self::Failed(because), _) | (_, Self::Failed(because)) => Self::Failed(because),
            (Self::Indeterminate(left), Self::Indeterminate(right)) => {
                Self::Indeterminate(left.min(right))
            }
            (Self::Indeterminate(because), Self::Passed)
            | (Self::Passed, Self::Indeterminate(because)) => Self::Indeterminate(because),
            (Self::Passed, Self::Passed) => Self::Passed,
        }
    }
}

/// What the document as a whole is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DocumentConclusion {
    /// Every signature passed.
    Valid,
    /// A signature is broken, or the document was changed without permission.
    Invalid,
    /// Nothing is wrong that can be seen, and something cannot be told.
    Indeterminate,
    /// There is no signature.
    Unsigned,
    /// The file could not be read.
    Unreadable,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conclusion_is_lowered_and_never_raised() {
        let all = [
            Conclusion::Passed,
            Conclusion::Failed(FailedBecause::HashFailure),
            Conclusion::Failed(FailedBecause::FormatFailure),
            Conclusion::Indeterminate(IndeterminateBecause::TryLater),
            Conclusion::Indeterminate(IndeterminateBecause::NoCertificateChainFound),
        ];
        for first in all {
            for second in all {
                let both = first.lowered_by(second);
                assert_eq!(both, second.lowered_by(first));
                assert!(both == first || both == second);
                if first != Conclusion::Passed {
                    assert_ne!(both, Conclusion::Passed);
                }
            }
        }
    }
}
