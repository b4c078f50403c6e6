//! How the roads reach a network, without knowing one.

use std::error::Error;
use std::fmt;

/// What a request is for: lets a transport choose time-outs and size limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// An RFC 3161 time stamp.
    TimeStamp,
    /// An RFC 6960 certificate status.
    Ocsp,
    /// A certificate revocation list (RFC 5280, 5).
    Crl,
    /// An issuer's certificate (RFC 5280, 4.2.2.1).
    IssuerCertificate,
}

/// One request: a GET when `body` is empty, otherwise a POST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TransportRequest<'a> {
    /// What it is for.
    pub purpose: Purpose,
    /// The address as the certificate or the configuration gives it.
    pub url: &'a str,
    /// The octets to post, DER in every use that Triện has.
    pub body: &'a [u8],
}

impl<'a> TransportRequest<'a> {
    /// A request for `purpose` at `url` that posts `body`, or gets when `body` is empty.
    #[must_use]
    pub const fn new(purpose: Purpose, url: &'a str, body: &'a [u8]) -> Self {
        Self { purpose, url, body }
    }
}

/// Exchanges octets with a service.
pub trait Transport {
    /// Sends the request and returns the body of a successful answer.
    ///
    /// # Errors
    /// No answer, an answer that is no success, or one over the transport's limits.
    fn exchange(&self, request: TransportRequest<'_>) -> Result<Vec<u8>, TransportError>;
}

/// A service gave no usable answer; the source tells why.
#[derive(Debug)]
pub struct TransportError {
    source: Box<dyn Error + Send + Sync>,
}

impl TransportError {
    /// Wraps the implementation's own error.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            source: source.into(),
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the service gave no usable answer")
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self.source.as_ref())
    }
}
