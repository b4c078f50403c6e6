//! An authority's answer (RFC 3161, 2.4.2): the token it brings, and whether it is the one that
//! was asked for.
//! Does not know whether the authority is trusted.

use std::borrow::Cow;
use std::fmt;

use trien_types::{Digest, DigestAlgorithm, Limits};
use trien_x509::asn1::{Asn1Error, ObjectIdentifier, Reader, Tag};
use trien_x509::{Certificate, DigestUnavailable};

use super::{TimeStampFault, TimeStampIntact, TimeStampRefusal, TimeStampRequest, TimeStampToken};
use crate::error::CmsError;
use crate::spans::SignedSpans;
use crate::verdict::{BrokenBecause, UnsupportedBecause};

/// Why an answer brings no token.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum TimeStampResponseError {
    /// The token's own signature does not hold.
    Broken(BrokenBecause),
    /// The token holds, and something else is wrong with it.
    Faulty(TimeStampFault),
    /// The token is over another digest than was asked for, or over one made otherwise.
    ImprintDiffers,
    /// The octets are no `TimeStampResp`.
    Malformed(Asn1Error),
    /// The token repeats another nonce or none: it is an old answer or to someone else.
    NonceDiffers,
    /// The token was made under another policy than was asked for.
    PolicyDiffers {
        /// The token's policy.
        found: ObjectIdentifier,
    },
    /// The authority refused.
    Refused(TimeStampRefusal),
    /// The token cannot be read.
    Token(CmsError),
    /// The authority granted but sent no token.
    TokenAbsent,
    /// Something in the token is not supported here.
    Unsupported(UnsupportedBecause),
}

impl fmt::Display for TimeStampResponseError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(reason) => write!(formatter, "the time stamp does not hold: {reason}"),
            Self::Faulty(fault) => fault.fmt(formatter),
            Self::ImprintDiffers => formatter.write_str("the time stamp is over other data"),
            Self::Malformed(_) => formatter.write_str("the answer is no time-stamp response"),
            Self::NonceDiffers => formatter.write_str("the answer is to another request"),
            Self::PolicyDiffers { found } => {
                write!(formatter, "the time stamp is under another policy, {found}")
            }
            Self::Refused(refusal) => refusal.fmt(formatter),
            Self::Token(_) => formatter.write_str("the time-stamp token cannot be read"),
            Self::TokenAbsent => formatter.write_str("the answer has no time-stamp token"),
            Self::Unsupported(reason) => {
                write!(formatter, "the time stamp is not supported here: {reason}")
            }
        }
    }
}

impl std::error::Error for TimeStampResponseError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            Self::Token(error) => Some(error),
            Self::Broken(_)
            | Self::Faulty(_)
            | Self::ImprintDiffers
            | Self::NonceDiffers
            | Self::PolicyDiffers { .. }
            | Self::Refused(_)
            | Self::TokenAbsent
            | Self::Unsupported(_) => None,
        }
    }
}

impl From<Asn1Error> for TimeStampResponseError {
    fn from(error: Asn1Error) -> Self {
        Self::Malformed(error)
    }
}

/// A token that is the one asked for and holds. Made only by [`TimeStampRequest::accept`].
#[derive(Debug, Clone)]
pub struct AcceptedTimeStamp {
    octets: Vec<u8>,
    token: TimeStampToken,
    intact: TimeStampIntact,
}

impl AcceptedTimeStamp {
    /// The token as received: what goes into an unsigned attribute or into /Contents.
    #[must_use]
    pub fn as_octets(&self) -> &[u8] {
        &self.octets
    }

    /// The token, read.
    #[must_use]
    pub const fn token(&self) -> &TimeStampToken {
        &self.token
    }

    /// The proof that it holds, with the time and the authority's certificate.
    #[must_use]
    pub const fn intact(&self) -> &TimeStampIntact {
        &self.intact
    }
}

impl TimeStampRequest {
    /// Takes the answer to this request: status, nonce, imprint and policy are as asked for, the
    /// signature holds, the authority's certificate is stated, is for time stamps alone and says
    /// so critically, and was valid at the time (RFC 3161, 2.3 and 2.4.2; RFC 5816).
    ///
    /// # Errors
    /// No token, or one that must not be used. Whether the authority is trusted is not looked at.
    pub fn accept(
        &self,
        response: &[u8],
        limits: &Limits,
    ) -> Result<AcceptedTimeStamp, TimeStampResponseError> {
        let octets = token_of_response(response, self, limits)?;
        let token =
            TimeStampToken::parse(&octets, limits).map_err(TimeStampResponseError::Token)?;
        let info = token.tst_info();
        let same_algorithm = info.imprint_algorithm().digest() == Ok(self.imprint().algorithm());
        if !same_algorithm || info.imprint() != self.imprint().as_octets() {
            return Err(TimeStampResponseError::ImprintDiffers);
        }
        if self.policy().is_some_and(|policy| *info.policy() != policy) {
            return Err(TimeStampResponseError::PolicyDiffers {
                found: info.policy().clone(),
            });
        }
        let none: [Certificate; 0] = [];
        let verification = token.verify(&Imprint(self.imprint()), &none);
        if let Some(reason) = verification.broken() {
            return Err(TimeStampResponseError::Broken(reason.clone()));
        }
        if let Some(reason) = verification.unsupported() {
            return Err(TimeStampResponseError::Unsupported(reason.clone()));
        }
        if let Some(fault) = verification.faults().first() {
            return Err(TimeStampResponseError::Faulty(*fault));
        }
        let intact = verification
            .intact()
            .ok_or(TimeStampResponseError::TokenAbsent)?;
        Ok(AcceptedTimeStamp {
            octets,
            token,
            intact,
        })
    }
}

/// What is stamped, known by its digest alone; asked for no other, as the token's algorithm was
/// compared before.
struct Imprint<'d>(&'d Digest);

impl SignedSpans for Imprint<'_> {
    fn digest(&self, _algorithm: DigestAlgorithm) -> Result<Digest, DigestUnavailable> {
        Ok(self.0.clone())
    }

    fn octets(&self) -> Cow<'_, [u8]> {
        Cow::Borrowed(&[])
    }
}

/// Takes the token out of the answer to `request`: its octets as received.
///
/// ```text
/// TimeStampResp ::= SEQUENCE { status SEQUENCE { status INTEGER, … }, timeStampToken OPTIONAL }
/// ```
///
/// # Errors
/// No token, or not the one asked for by its nonce. Whether it holds is not looked at:
/// [`TimeStampRequest::accept`] does.
pub fn token_of_response(
    octets: &[u8],
    request: &TimeStampRequest,
    limits: &Limits,
) -> Result<Vec<u8>, TimeStampResponseError> {
    let mut outer = Reader::new(octets, limits);
    let mut reader = outer.expect(Tag::SEQUENCE)?.elements()?;
    outer.finish()?;
    let mut status_info = reader.expect(Tag::SEQUENCE)?.elements()?;
    let status = status_info.expect(Tag::INTEGER)?.unsigned()?;
    // 0 is granted, 1 granted with modifications.
    if status > 1 {
        let refusal = TimeStampRefusal::parse(status, status_info)?;
        return Err(TimeStampResponseError::Refused(refusal));
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
