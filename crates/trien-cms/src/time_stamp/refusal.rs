//! What an authority says when it gives no token (RFC 3161, 2.4.2; RFC 4210, 5.2.3).

use std::fmt;

use trien_x509::asn1::{Asn1Error, Reader, Tag};

/// Characters of the authority's own words that are kept: a sentence or two.
const MOST_CHARACTERS: usize = 300;

/// Why an authority refused: one bit of `PKIFailureInfo`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeStampFailure {
    /// Bit 0: the digest algorithm is not supported.
    BadAlgorithm,
    /// Bit 2: the transaction is not permitted.
    BadRequest,
    /// Bit 5: the request has the wrong format.
    BadDataFormat,
    /// Bit 14: the authority's clock is not available.
    TimeNotAvailable,
    /// Bit 15: the policy is not supported.
    UnacceptedPolicy,
    /// Bit 16: an extension is not supported.
    UnacceptedExtension,
    /// Bit 17: additional information is not understood or not available.
    AdditionalInformationNotAvailable,
    /// Bit 25: the authority's system failed.
    SystemFailure,
    /// A bit that RFC 3161 does not name.
    Other {
        /// Its number.
        bit: u32,
    },
}

impl TimeStampFailure {
    const fn of_bit(bit: u32) -> Self {
        match bit {
            0 => Self::BadAlgorithm,
            2 => Self::BadRequest,
            5 => Self::BadDataFormat,
            14 => Self::TimeNotAvailable,
            15 => Self::UnacceptedPolicy,
            16 => Self::UnacceptedExtension,
            17 => Self::AdditionalInformationNotAvailable,
            25 => Self::SystemFailure,
            bit => Self::Other { bit },
        }
    }
}

impl fmt::Display for TimeStampFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::BadAlgorithm => "the digest algorithm is not supported",
            Self::BadRequest => "the request is not permitted",
            Self::BadDataFormat => "the request has the wrong format",
            Self::TimeNotAvailable => "its clock is not available",
            Self::UnacceptedPolicy => "the policy is not supported",
            Self::UnacceptedExtension => "an extension is not supported",
            Self::AdditionalInformationNotAvailable => "additional information is not available",
            Self::SystemFailure => "its system failed",
            Self::Other { bit } => return write!(formatter, "failure {bit}"),
        })
    }
}

/// An authority refused: its `PKIStatusInfo`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeStampRefusal {
    /// `PKIStatus`: 2 is a rejection, 3 waiting, 4 and 5 revocation (RFC 3161, 2.4.2).
    pub status: u64,
    /// The lowest bit of `PKIFailureInfo` that is set.
    pub failure: Option<TimeStampFailure>,
    /// The first of the authority's own words, without control characters. Foreign text: it
    /// proves nothing.
    pub text: Option<String>,
}

impl TimeStampRefusal {
    /// ```text
    /// PKIStatusInfo ::= SEQUENCE { status INTEGER, statusString PKIFreeText OPTIONAL,
    ///   failInfo PKIFailureInfo OPTIONAL }
    /// ```
    pub(super) fn parse(status: u64, mut rest: Reader<'_>) -> Result<Self, Asn1Error> {
        let text = match rest.optional(Tag::SEQUENCE)? {
            Some(texts) => {
                let mut texts = texts.elements()?;
                if texts.is_empty() {
                    None
                } else {
                    Some(readable(texts.element()?.content()))
                }
            }
            None => None,
        };
        let failure = match rest.optional(Tag::BIT_STRING)? {
            Some(bits) => first_bit(bits.bits()?).map(TimeStampFailure::of_bit),
            None => None,
        };
        Ok(Self {
            status,
            failure,
            text,
        })
    }
}

fn readable(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets)
        .chars()
        .filter(|character| !character.is_control())
        .take(MOST_CHARACTERS)
        .collect()
}

/// Bit 0 is the highest of the first octet (X.690, 8.6.2.1).
fn first_bit(octets: &[u8]) -> Option<u32> {
    let (index, octet) = octets.iter().enumerate().find(|(_, octet)| **octet != 0)?;
    u32::try_from(index)
        .ok()?
        .checked_mul(8)?
        .checked_add(octet.leading_zeros())
}

impl fmt::Display for TimeStampRefusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the time-stamping authority refused with status {}",
            self.status
        )?;
        if let Some(failure) = self.failure {
            write!(formatter, ": {failure}")?;
        }
        match &self.text {
            Some(text) => write!(formatter, " ({text:?})"),
            None => Ok(()),
        }
    }
}
