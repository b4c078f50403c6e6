//! Asking time-stamping authorities (RFC 3161), one after the other until one answers well.
//! Knows that a token must state the time it was asked for at, and that its authority must lead
//! to an anchor where anchors are named. Whether the authority was revoked is verification's to
//! ask.

use std::error::Error as StdError;
use std::fmt;

use trien_cms::{AcceptedTimeStamp, TimeStampRequest, TimeStampResponseError};
use trien_trust::{PathFailure, PathPurpose};
use trien_types::{
    Digest, DigestAlgorithm, Limits, Purpose, TransportError, TransportRequest, UnixTime,
};
use trien_x509::const_oid::ObjectIdentifier;
use trien_x509::{Certificate, DigestUnavailable, Digester, RandomUnavailable, random_nonce};

use crate::evidence::{EvidenceSearch, check_path};

/// By how many seconds a token's time may differ from the time it is asked for at: ten minutes,
/// for the authority's clock, the caller's and the exchange with several authorities in turn.
/// Local time written as UTC is seven hours off in Vietnam, and an hour is the least that a wrong
/// zone makes.
pub const TIME_STAMP_TOLERANCE_SECONDS: i64 = 600;

/// Where time stamps are asked for, and what is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeStampAuthority {
    /// Addresses in the order they are tried; the next one is asked only when one fails.
    pub urls: Vec<String>,
    /// The policy to ask for; `None` leaves it to the authority.
    pub policy: Option<ObjectIdentifier>,
    /// The digest that is stamped: SHA-256 unless told otherwise.
    pub digest: DigestAlgorithm,
}

impl TimeStampAuthority {
    /// The authority at this address.
    #[must_use]
    pub fn at(url: impl Into<String>) -> Self {
        Self::first_of([url])
    }

    /// The authorities at these addresses, the first that answers well.
    #[must_use]
    pub fn first_of<U: Into<String>>(urls: impl IntoIterator<Item = U>) -> Self {
        Self {
            urls: urls.into_iter().map(Into::into).collect(),
            policy: None,
            digest: DigestAlgorithm::Sha256,
        }
    }

    /// The same with a certain policy.
    #[must_use]
    pub const fn under_policy(mut self, policy: ObjectIdentifier) -> Self {
        self.policy = Some(policy);
        self
    }

    /// Asks the authorities in their order for a time stamp over `octets`, of anything at all, and
    /// gives the DER of the token once it was found to be over them, to state the search's time,
    /// and to lead to one of its anchors, if it has any.
    ///
    /// # Errors
    /// No authority gave one.
    pub fn time_stamp(
        &self,
        octets: &[u8],
        search: &EvidenceSearch<'_>,
        limits: &Limits,
    ) -> Result<Vec<u8>, NoTimeStamp> {
        let obtained = self.stamp(
            |algorithm| Digester::digest(algorithm, octets),
            search,
            &[],
            limits,
        )?;
        Ok(obtained.accepted.as_octets().to_vec())
    }

    /// As [`TimeStampAuthority::time_stamp`], for octets of which only the digest is known, and with
    /// `nonce` where the asker has drawn one: at random, for this request alone.
    ///
    /// # Errors
    /// No authority gave one.
    pub fn time_stamp_digest(
        &self,
        imprint: &Digest,
        nonce: Option<u64>,
        search: &EvidenceSearch<'_>,
        limits: &Limits,
    ) -> Result<Vec<u8>, NoTimeStamp> {
        let obtained = self.stamp_imprint((imprint, nonce), search, &[], limits)?;
        Ok(obtained.accepted.as_octets().to_vec())
    }

    /// Asks the authorities in their order for a token over what `digest` computes, at the
    /// search's time. Where the search has anchors, the authority must lead to one, by the
    /// token's certificates, by `candidates` or by issuers that are fetched.
    pub(crate) fn stamp(
        &self,
        digest: impl FnOnce(DigestAlgorithm) -> Result<Digest, DigestUnavailable>,
        search: &EvidenceSearch<'_>,
        candidates: &[Certificate],
        limits: &Limits,
    ) -> Result<ObtainedTimeStamp, NoTimeStamp> {
        let imprint = digest(self.digest).map_err(NoTimeStamp::Digest)?;
        self.stamp_imprint((&imprint, None), search, candidates, limits)
    }

    fn stamp_imprint(
        &self,
        (imprint, nonce): (&Digest, Option<u64>),
        search: &EvidenceSearch<'_>,
        candidates: &[Certificate],
        limits: &Limits,
    ) -> Result<ObtainedTimeStamp, NoTimeStamp> {
        let mut failures = Vec::new();
        for url in &self.urls {
            let nonce = match nonce {
                Some(nonce) => nonce,
                None => random_nonce().map_err(NoTimeStamp::Random)?,
            };
            let mut request = TimeStampRequest::new(imprint, nonce)
                .ok_or(NoTimeStamp::DigestUnnamed(imprint.algorithm()))?;
            if let Some(policy) = self.policy {
                request = request.under_policy(policy);
            }
            let answer = ask(&request, url, search, limits).and_then(|accepted| {
                check_time(&accepted, search)?;
                check_authority(&accepted, search, candidates)?;
                Ok(accepted)
            });
            match answer {
                Ok(accepted) => {
                    return Ok(ObtainedTimeStamp {
                        accepted,
                        url: url.clone(),
                        failures,
                    });
                }
                Err(reason) => failures.push(AuthorityFailure {
                    url: url.clone(),
                    reason,
                }),
            }
        }
        Err(NoTimeStamp::Authorities(failures))
    }
}

fn ask(
    request: &TimeStampRequest,
    url: &str,
    search: &EvidenceSearch<'_>,
    limits: &Limits,
) -> Result<AcceptedTimeStamp, AuthorityFailureReason> {
    let post = TransportRequest::new(Purpose::TimeStamp, url, request.to_der());
    let answer = search
        .transport
        .exchange(post)
        .map_err(AuthorityFailureReason::Transport)?;
    request
        .accept(&answer, limits)
        .map_err(AuthorityFailureReason::Response)
}

/// The token states the time of the search, within [`TIME_STAMP_TOLERANCE_SECONDS`].
fn check_time(
    accepted: &AcceptedTimeStamp,
    search: &EvidenceSearch<'_>,
) -> Result<(), AuthorityFailureReason> {
    let stated = accepted.intact().gen_time();
    let asked_at = search.time;
    let earliest = asked_at.plus_seconds(TIME_STAMP_TOLERANCE_SECONDS.saturating_neg());
    let latest = asked_at.plus_seconds(TIME_STAMP_TOLERANCE_SECONDS);
    if (earliest..=latest).contains(&stated) {
        Ok(())
    } else {
        Err(AuthorityFailureReason::TimeDiffers { stated, asked_at })
    }
}

/// The authority leads to one of the anchors, if there are any.
fn check_authority(
    accepted: &AcceptedTimeStamp,
    search: &EvidenceSearch<'_>,
    candidates: &[Certificate],
) -> Result<(), AuthorityFailureReason> {
    if search.anchors.is_empty() {
        return Ok(());
    }
    let certificates = accepted.token().signed_data().parsed_certificates();
    let candidates = certificates
        .iter()
        .flatten()
        .chain(candidates)
        .cloned()
        .collect();
    let authority = accepted.intact().signer().certificate();
    let moment = (accepted.intact().gen_time(), PathPurpose::TimeStamping);
    check_path(authority, candidates, search, moment).map_err(AuthorityFailureReason::NotTrusted)
}

/// Whether `answer` brings the time stamp that `request` asks for: the check that transports with
/// several authorities need to know when to ask the next one.
///
/// # Errors
/// It does not; the source says why.
pub fn check_time_stamp_answer(request: &[u8], answer: &[u8]) -> Result<(), TransportError> {
    let request = TimeStampRequest::from_der(request)
        .ok_or_else(|| TransportError::new("the octets are no time-stamp request made here"))?;
    request
        .accept(answer, &Limits::default())
        .map(|_| ())
        .map_err(TransportError::new)
}

/// A token with where it came from.
#[derive(Debug)]
pub(crate) struct ObtainedTimeStamp {
    pub(crate) accepted: AcceptedTimeStamp,
    pub(crate) url: String,
    /// Authorities that were asked before and failed.
    pub(crate) failures: Vec<AuthorityFailure>,
}

/// One authority gave no token that may be used.
#[derive(Debug)]
#[non_exhaustive]
pub struct AuthorityFailure {
    /// Its address.
    pub url: String,
    /// What happened.
    pub reason: AuthorityFailureReason,
}

/// Why an authority's token is not there.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthorityFailureReason {
    /// No answer.
    Transport(TransportError),
    /// An answer without a token that may be used.
    Response(TimeStampResponseError),
    /// The token states another time than now: the authority's clock is wrong or it lies, or the
    /// caller's clock is wrong.
    TimeDiffers {
        /// The token's time.
        stated: UnixTime,
        /// The time it was asked for at.
        asked_at: UnixTime,
    },
    /// The authority's certificate leads to none of the anchors; why, where a path was found at
    /// all.
    NotTrusted(Option<Box<PathFailure>>),
}

impl fmt::Display for AuthorityFailureReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(formatter),
            Self::Response(error) => error.fmt(formatter),
            Self::TimeDiffers { stated, asked_at } => write!(
                formatter,
                "the time stamp states {stated}, and it was asked for at {asked_at}: check the \
                 clocks"
            ),
            Self::NotTrusted(failure) => {
                formatter.write_str("the authority leads to none of the trusted roots")?;
                match failure {
                    Some(failure) => write!(formatter, ": {failure}"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl StdError for AuthorityFailureReason {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(error) => error.source(),
            Self::Response(error) => error.source(),
            Self::TimeDiffers { .. } | Self::NotTrusted(_) => None,
        }
    }
}

impl fmt::Display for AuthorityFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.url, self.reason)?;
        let mut source = self.reason.source();
        while let Some(error) = source {
            write!(formatter, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl StdError for AuthorityFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.reason.source()
    }
}

/// No time stamp was obtained.
#[derive(Debug)]
#[non_exhaustive]
pub enum NoTimeStamp {
    /// Every authority failed, in the order asked. Empty when none was named.
    Authorities(Vec<AuthorityFailure>),
    /// The digest cannot be computed.
    Digest(DigestUnavailable),
    /// The digest has no identifier in time stamps.
    DigestUnnamed(DigestAlgorithm),
    /// There is no nonce to be had.
    Random(RandomUnavailable),
}

impl fmt::Display for NoTimeStamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Authorities(failures) if failures.is_empty() => {
                formatter.write_str("no time-stamping authority is named: name one")
            }
            Self::Authorities(failures) => {
                formatter.write_str("no time-stamping authority gave a time stamp")?;
                for failure in failures {
                    write!(formatter, "; {failure}")?;
                }
                Ok(())
            }
            Self::Digest(_) => formatter.write_str("the digest to be stamped cannot be computed"),
            Self::DigestUnnamed(digest) => {
                write!(formatter, "{digest} cannot be time-stamped: choose SHA-256")
            }
            Self::Random(error) => error.fmt(formatter),
        }
    }
}

impl StdError for NoTimeStamp {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Digest(error) => Some(error),
            Self::Authorities(_) | Self::DigestUnnamed(_) | Self::Random(_) => None,
        }
    }
}
