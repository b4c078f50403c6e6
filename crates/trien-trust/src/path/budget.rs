//! How much work one search for paths may do.
//! Knows no clock: work is counted, not timed.

use std::fmt;

/// Bounds for one call of [`build_paths`](crate::build_paths). Start from [`Budget::default`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Budget {
    /// Certificates on one path, target and anchor included. Real paths have 2 to 5.
    pub path_certificates: usize,
    /// Issuers looked at by name, over the whole search. 10,000 candidates of one name and ten
    /// levels need 100,000; rustls-webpki allows twice that many steps.
    pub issuers: usize,
    /// Signatures verified. Many candidates may claim one name and key identifier to hide the true
    /// issuer: 1,000 verifications of RSA-2048 take some 30 ms.
    pub signatures: usize,
    /// Complete paths put before OpenSSL, about 0.1 ms each. Four roots that all cross-certify
    /// each other make 16.
    pub complete_paths: usize,
    /// Paths that hold, after which the search ends. More than two are not met.
    pub found: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            path_certificates: 12,
            issuers: 200_000,
            signatures: 1_000,
            complete_paths: 64,
            found: 8,
        }
    }
}

/// Which part of the budget was spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BudgetItem {
    /// [`Budget::complete_paths`]
    CompletePaths,
    /// [`Budget::issuers`]
    Issuers,
    /// [`Budget::path_certificates`]
    PathCertificates,
    /// [`Budget::signatures`]
    Signatures,
}

impl fmt::Display for BudgetItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::CompletePaths => "number of complete paths",
            Self::Issuers => "number of issuers looked at",
            Self::PathCertificates => "number of certificates on a path",
            Self::Signatures => "number of signatures verified",
        })
    }
}
