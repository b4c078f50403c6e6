//! What verifying a time-stamp token says (RFC 3161, 2.3 and 2.4.2; ATTACKS section 9).
//! Does not say whether the authority is trusted.

use std::fmt;

use trien_types::UnixTime;
use trien_x509::Certificate;

use super::{TimeStampToken, TstInfo};
use crate::oid;
use crate::spans::SignedSpans;
use crate::verdict::{BrokenBecause, SignerIntact, Stop, UnsupportedBecause};

/// Why a token whose value holds is refused all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeStampFault {
    /// The signing-certificate attribute is missing (ATTACKS T4; RFC 3161, 2.4.2).
    SigningCertificateAbsent,
    /// The imprint is the digest of other data (ATTACKS T1).
    ImprintDiffers,
    /// The authority's certificate was not valid at the stated time (ATTACKS T4).
    OutsideValidity,
    /// The authority's certificate has no extended key usage (ATTACKS T3; RFC 3161, 2.3).
    PurposeAbsent,
    /// Its extended key usage is not critical.
    PurposeNotCritical,
    /// Its extended key usage is not time-stamping alone.
    PurposeNotSole,
}

impl fmt::Display for TimeStampFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::SigningCertificateAbsent => {
                "the time stamp does not state its authority's certificate"
            }
            Self::ImprintDiffers => "the time stamp is over other data",
            Self::OutsideValidity => {
                "the time stamp's time is outside its authority's certificate's validity"
            }
            Self::PurposeAbsent => "the time-stamping authority's certificate states no purpose",
            Self::PurposeNotCritical => {
                "the time-stamping authority's certificate does not state its purpose as critical"
            }
            Self::PurposeNotSole => {
                "the time-stamping authority's certificate is not for time stamps alone"
            }
        })
    }
}

/// Proof that a token holds over what it is said to cover. Made only by
/// [`TimeStampToken::verify`]; the next stage is a certification path for its authority.
#[derive(Debug, Clone)]
pub struct TimeStampIntact {
    signer: SignerIntact,
    tst_info: TstInfo,
}

impl TimeStampIntact {
    /// The proof for the token's signature; its certificate is the authority's.
    #[must_use]
    pub const fn signer(&self) -> &SignerIntact {
        &self.signer
    }

    /// What the authority states.
    #[must_use]
    pub const fn tst_info(&self) -> &TstInfo {
        &self.tst_info
    }

    /// The time stated.
    #[must_use]
    pub const fn gen_time(&self) -> UnixTime {
        self.tst_info.gen_time()
    }
}

/// The answer in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeStampStatus {
    /// Value, imprint and certificate are as RFC 3161 wants them.
    Intact,
    /// Something is not; the token proves no time.
    Refused,
    /// Not decided: something is not supported here.
    Unsupported,
}

/// All that was found out about one token.
#[derive(Debug, Clone)]
pub struct TimeStampVerification {
    tst_info: TstInfo,
    outcome: Outcome,
}

#[derive(Debug, Clone)]
enum Outcome {
    Holds(SignerIntact, Vec<TimeStampFault>),
    Broken(BrokenBecause),
    Unsupported(UnsupportedBecause),
}

impl TimeStampVerification {
    pub(super) fn new(
        tst_info: TstInfo,
        result: Result<(SignerIntact, Vec<TimeStampFault>), Stop>,
    ) -> Self {
        let outcome = match result {
            Ok((intact, faults)) => Outcome::Holds(intact, faults),
            Err(Stop::Broken(reason)) => Outcome::Broken(reason),
            Err(Stop::Unsupported(reason)) => Outcome::Unsupported(reason),
        };
        Self { tst_info, outcome }
    }

    /// The answer in one word.
    #[must_use]
    pub const fn status(&self) -> TimeStampStatus {
        match &self.outcome {
            Outcome::Holds(_, faults) if faults.is_empty() => TimeStampStatus::Intact,
            Outcome::Holds(..) | Outcome::Broken(_) => TimeStampStatus::Refused,
            Outcome::Unsupported(_) => TimeStampStatus::Unsupported,
        }
    }

    /// The time the token states, whatever the status.
    #[must_use]
    pub const fn stated_time(&self) -> UnixTime {
        self.tst_info.gen_time()
    }

    /// The proof, if the token is intact.
    #[must_use]
    pub fn intact(&self) -> Option<TimeStampIntact> {
        match &self.outcome {
            Outcome::Holds(signer, faults) if faults.is_empty() => Some(TimeStampIntact {
                signer: signer.clone(),
                tst_info: self.tst_info.clone(),
            }),
            Outcome::Holds(..) | Outcome::Broken(_) | Outcome::Unsupported(_) => None,
        }
    }

    /// The authority's certificate, if the token's own signature holds.
    #[must_use]
    pub const fn authority(&self) -> Option<&Certificate> {
        match &self.outcome {
            Outcome::Holds(signer, _) => Some(signer.certificate()),
            Outcome::Broken(_) | Outcome::Unsupported(_) => None,
        }
    }

    /// Why a token whose value holds is refused; empty otherwise.
    #[must_use]
    pub fn faults(&self) -> &[TimeStampFault] {
        match &self.outcome {
            Outcome::Holds(_, faults) => faults,
            Outcome::Broken(_) | Outcome::Unsupported(_) => &[],
        }
    }

    /// Why the token's own signature is broken, if it is.
    #[must_use]
    pub const fn broken(&self) -> Option<&BrokenBecause> {
        match &self.outcome {
            Outcome::Broken(reason) => Some(reason),
            Outcome::Holds(..) | Outcome::Unsupported(_) => None,
        }
    }

    /// What is not supported, if nothing was decided.
    #[must_use]
    pub const fn unsupported(&self) -> Option<&UnsupportedBecause> {
        match &self.outcome {
            Outcome::Unsupported(reason) => Some(reason),
            Outcome::Holds(..) | Outcome::Broken(_) => None,
        }
    }
}

/// Whether the imprint is the digest of what is stamped.
pub(super) fn imprint_holds(
    token: &TimeStampToken,
    stamped: &dyn SignedSpans,
) -> Result<bool, Stop> {
    let info = token.tst_info();
    let algorithm = info.imprint_algorithm().digest()?;
    Ok(stamped.digest(algorithm)?.as_octets() == info.imprint())
}

/// Imprint, purpose, validity and the binding of the certificate.
pub(super) fn faults(
    token: &TimeStampToken,
    authority: &Certificate,
    stamped: &dyn SignedSpans,
) -> Result<Vec<TimeStampFault>, Stop> {
    let info = token.tst_info();
    let mut faults = Vec::new();
    if !imprint_holds(token, stamped)? {
        faults.push(TimeStampFault::ImprintDiffers);
    }
    let bound = token
        .signed_data()
        .only_signer()
        .and_then(|signer| signer.signing_certificates().ok())
        .is_some_and(|certificates| !certificates.is_empty());
    if !bound {
        faults.push(TimeStampFault::SigningCertificateAbsent);
    }
    match authority.extended_key_usage() {
        None => faults.push(TimeStampFault::PurposeAbsent),
        Some(usage) => {
            if !usage.critical {
                faults.push(TimeStampFault::PurposeNotCritical);
            }
            if !matches!(usage.purposes.as_slice(), [only] if *only == oid::TIME_STAMPING) {
                faults.push(TimeStampFault::PurposeNotSole);
            }
        }
    }
    if !authority.is_within_validity(info.gen_time()) {
        faults.push(TimeStampFault::OutsideValidity);
    }
    Ok(faults)
}
