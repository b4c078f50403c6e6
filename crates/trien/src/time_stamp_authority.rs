//! Asking time-stamping authorities (RFC 3161), one after the other until one answers well.
//! Does not know whether an authority is trusted: verification asks that later.

use std::error::Error as StdError;
use std::fmt;

use trien_cms::{AcceptedTimeStamp, TimeStampRequest, TimeStampResponseError};
use trien_types::{
    Digest, DigestAlgorithm, Limits, Purpose, Transport, TransportError, TransportRequest,
};
use trien_x509::const_oid::ObjectIdentifier;
use trien_x509::{DigestUnavailable, Digester, RandomUnavailable, random_nonce};

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
    /// gives the DER of the token once it was found to be over them.
    ///
    /// # Errors
    /// No authority gave one.
    pub fn time_stamp(
        &self,
        octets: &[u8],
        transport: &dyn Transport,
        limits: &Limits,
    ) -> Result<Vec<u8>, NoTimeStamp> {
        let obtained = self.stamp(
            |algorithm| Digester::digest(algorithm, octets),
            transport,
            limits,
        )?;
        Ok(obtained.accepted.as_octets().to_vec())
    }

    /// Asks the authorities in their order for a token over what `digest` computes.
    pub(crate) fn stamp(
        &self,
        digest: impl FnOnce(DigestAlgorithm) -> Result<Digest, DigestUnavailable>,
        transport: &dyn Transport,
        limits: &Limits,
    ) -> Result<ObtainedTimeStamp, NoTimeStamp> {
        let imprint = digest(self.digest).map_err(NoTimeStamp::Digest)?;
        let mut failures = Vec::new();
        for url in &self.urls {
            let nonce = random_nonce().map_err(NoTimeStamp::Random)?;
            let mut request = TimeStampRequest::new(&imprint, nonce)
                .ok_or(NoTimeStamp::DigestUnnamed(self.digest))?;
            if let Some(policy) = self.policy {
                request = request.under_policy(policy);
            }
            match ask(&request, url, transport, limits) {
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
    transport: &dyn Transport,
    limits: &Limits,
) -> Result<AcceptedTimeStamp, AuthorityFailureReason> {
    let post = TransportRequest::new(Purpose::TimeStamp, url, request.to_der());
    let answer = transport
        .exchange(post)
        .map_err(AuthorityFailureReason::Transport)?;
    request
        .accept(&answer, limits)
        .map_err(AuthorityFailureReason::Response)
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
}

impl fmt::Display for AuthorityFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.url)?;
        let reason: &(dyn StdError + 'static) = match &self.reason {
            AuthorityFailureReason::Transport(error) => error,
            AuthorityFailureReason::Response(error) => error,
        };
        write!(formatter, "{reason}")?;
        let mut source = reason.source();
        while let Some(error) = source {
            write!(formatter, ": {error}")?;
            source = error.source();
        }
        Ok(())
    }
}

impl StdError for AuthorityFailure {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.reason {
            AuthorityFailureReason::Transport(error) => error.source(),
            AuthorityFailureReason::Response(error) => error.source(),
        }
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
