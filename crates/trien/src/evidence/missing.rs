//! What was not found, for whom, where it was looked for and why that gave nothing.

use std::error::Error as StdError;
use std::fmt;

use trien_trust::PathFailure;
use trien_trust::revocation::{RejectionReason, Revocation};
use trien_types::{CertificateId, Purpose, TransportError, UnixTime};
use trien_x509::RevocationError;

/// Evidence that was not found.
#[derive(Debug)]
#[non_exhaustive]
pub struct Missing {
    /// The field of the signature that needs it.
    pub field: String,
    /// The certificate it is about; `None` when the signer's own is not there.
    pub certificate: Option<CertificateId>,
    /// That certificate's subject, for people.
    pub subject: String,
    /// Why it is missing.
    pub reason: MissingReason,
    /// Where it was looked for, in this order.
    pub attempts: Vec<FetchAttempt>,
}

/// Why evidence is missing.
#[derive(Debug)]
#[non_exhaustive]
pub enum MissingReason {
    /// The signature or time stamp names a certificate that is not there, or cannot be read.
    SignerUnknown,
    /// No path leads to an anchor.
    NoPath(Option<Box<PathFailure>>),
    /// The certificate names no place where its status could be asked.
    NoAddress,
    /// No place gave a statement about the status that is of use.
    NoStatus,
    /// The issuer says that the certificate was revoked, or on hold.
    Revoked(Revocation),
    /// The responder does not know the certificate.
    Unknown,
    /// More certificates are to be proven than one document may ask for.
    TooMany,
}

/// One place that was asked.
#[derive(Debug)]
#[non_exhaustive]
pub struct FetchAttempt {
    /// What was asked for.
    pub purpose: Purpose,
    /// The address as the certificate gives it.
    pub url: String,
    /// Why it gave nothing of use.
    pub failure: FetchFailure,
}

/// Why an answer was of no use.
#[derive(Debug)]
#[non_exhaustive]
pub enum FetchFailure {
    /// No answer.
    Transport(TransportError),
    /// The answer holds no certificate.
    NoCertificate,
    /// The answer cannot be read as what was asked for.
    Unreadable(RevocationError),
    /// It makes no statement about the certificate.
    Rejected(RejectionReason),
    /// It was made later than now: a clock is wrong, or somebody lies.
    FromTheFuture {
        /// Its date.
        this_update: UnixTime,
    },
    /// It was to be replaced before the time it is needed for; it may be in force today.
    Stale {
        /// Its date.
        this_update: UnixTime,
        /// Its end.
        next_update: Option<UnixTime>,
    },
    /// It was asked before in this search, and said nothing of use.
    AskedBefore,
    /// The request cannot be written.
    NoRequest,
    /// More addresses than one document may ask for.
    TooMany,
}

impl fmt::Display for FetchAttempt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.url)?;
        match &self.failure {
            FetchFailure::Transport(error) => {
                error.fmt(formatter)?;
                let mut source = error.source();
                while let Some(error) = source {
                    write!(formatter, ": {error}")?;
                    source = error.source();
                }
                Ok(())
            }
            FetchFailure::NoCertificate => formatter.write_str("no certificate in the answer"),
            FetchFailure::Unreadable(error) => error.fmt(formatter),
            FetchFailure::Rejected(reason) => reason.fmt(formatter),
            FetchFailure::FromTheFuture { this_update } => {
                write!(
                    formatter,
                    "the answer is from {this_update}, which is not yet"
                )
            }
            FetchFailure::Stale {
                this_update,
                next_update: Some(next_update),
            } => write!(
                formatter,
                "the answer is from {this_update} and was to be replaced at {next_update}, before \
                 the time it is needed for"
            ),
            FetchFailure::Stale { this_update, .. } => {
                write!(
                    formatter,
                    "the answer is from {this_update}, before the time it is needed for"
                )
            }
            FetchFailure::AskedBefore => formatter.write_str("it was asked before"),
            FetchFailure::NoRequest => formatter.write_str("the request cannot be written"),
            FetchFailure::TooMany => formatter.write_str("too many addresses were asked already"),
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, subject, .. } = self;
        match &self.reason {
            MissingReason::SignerUnknown => {
                write!(formatter, "{field}: the signer's certificate is not there")?;
            }
            MissingReason::NoPath(failure) => {
                write!(formatter, "{field}: no path for {subject}")?;
                if let Some(failure) = failure {
                    write!(formatter, ": {failure}")?;
                }
            }
            MissingReason::NoAddress => {
                write!(
                    formatter,
                    "{field}: {subject} names no place to ask for its status"
                )?;
            }
            MissingReason::NoStatus => {
                write!(formatter, "{field}: the status of {subject} is not known")?;
            }
            MissingReason::Revoked(revocation) => {
                let state = if revocation.is_hold() {
                    "is on hold"
                } else {
                    "was revoked"
                };
                write!(formatter, "{field}: {subject} {state}")?;
            }
            MissingReason::Unknown => {
                write!(formatter, "{field}: its issuer does not know {subject}")?;
            }
            MissingReason::TooMany => {
                write!(formatter, "{field}: too many certificates are to be proven")?;
            }
        }
        for attempt in &self.attempts {
            write!(formatter, "; {attempt}")?;
        }
        Ok(())
    }
}
