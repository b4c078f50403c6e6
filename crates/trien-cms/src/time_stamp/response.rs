//! An authority's answer (RFC 3161, 2.4.2).
//! Does not verify the token in it: [`crate::TimeStampToken::verify`] does.

use std::fmt;

use trien_types::Limits;
use trien_x509::asn1::{Asn1Error, Reader, Tag};

use super::{TimeStampRequest, TimeStampToken};
use crate::error::CmsError;

/// An authority refused: `PKIStatus` and `PKIFailureInfo` as it gave them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeStampRefusal {
    /// `PKIStatus`: 2 is a rejection, 3 waiting, 4 and 5 revocation (RFC 3161, 2.4.2).
    pub status: u64,
}

/// Why an answer brings no token.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TimeStampResponseError {
    /// The octets are no `TimeStampResp`.
    Malformed(Asn1Error),
    /// The token repeats another nonce or none: it is an old answer or to someone else.
    NonceDiffers,
    /// The authority refused.
    Refused(TimeStampRefusal),
    /// The token cannot be read.
    Token(CmsError),
    /// The authority granted but sent no token.
    TokenAbsent,
}

impl fmt::Display for TimeStampResponseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(_) => formatter.write_str("the answer is no time-stamp response"),
            Self::NonceDiffers => formatter.write_str("the answer is to another request"),
            Self::Refused(refusal) => write!(
                formatter,
                "the time-stamping authority refused with status {}",
                refusal.status
            ),
            Self::Token(_) => formatter.write_str("the time-stamp token cannot be read"),
            Self::TokenAbsent => formatter.write_str("the answer has no time-stamp token"),
        }
    }
}

impl std::error::Error for TimeStampResponseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            Self::Token(error) => Some(error),
            Self::NonceDiffers | Self::Refused(_) | Self::TokenAbsent => None,
        }
    }
}

impl From<Asn1Error> for TimeStampResponseError {
    fn from(error: Asn1Error) -> Self {
        Self::Malformed(error)
    }
}

/// Takes the token out of the answer to `request`: its octets as received.
///
/// ```text
/// TimeStampResp ::= SEQUENCE { status SEQUENCE { status INTEGER, … }, timeStampToken OPTIONAL }
/// ```
///
/// # Errors
/// No token, or not the one asked for. Whether it holds is not looked at.
pub fn token_of_response(
    octets: &[u8],
    request: &TimeStampRequest,
    limits: &Limits,
) -> Result<Vec<u8>, TimeStampResponseError> {
    let mut outer = Reader::new(octets, limits);
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let mut status = reader.expect(Tag::SEQUENCE)?.elements()?;
    let status = status.expect(Tag::INTEGER)?.unsigned()?;
    // 0 is granted, 1 granted with modifications.
    if status > 1 {
        return Err(TimeStampResponseError::Refused(TimeStampRefusal { status }));
    }
    if reader.is_empty() {
        return Err(TimeStampResponseError::TokenAbsent);
    }
    let token = reader.element()?.raw();
    reader.finish()?;
    let parsed = TimeStampToken::parse(token, limits).map_err(TimeStampResponseError::Token)?;
    if parsed.tst_info().nonce() != Some(request.nonce_octets().as_slice()) {
        return Err(TimeStampResponseError::NonceDiffers);
    }
    Ok(token.to_vec())
}
