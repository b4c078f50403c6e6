//! Why octets are no CMS structure, with the place.

use std::fmt;

use trien_types::Limit;
use trien_x509::asn1::{Asn1Error, ObjectIdentifier};

/// What is wrong with the octets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CmsErrorKind {
    /// Not the ASN.1 that belongs there.
    Asn1(Asn1Error),
    /// A bound was reached.
    LimitReached(Limit),
    /// Nothing, or nothing but zeros: the place for a signature that was never filled
    /// (ATTACKS B7).
    NotSigned,
    /// The CMS content is of another type than signed-data (RFC 5652, 5.1).
    NotSignedData(ObjectIdentifier),
    /// The signed content is no TSTInfo (RFC 3161, 2.4.2).
    NotATimeStamp(ObjectIdentifier),
    /// A time-stamp token without its TSTInfo.
    TimeStampWithoutContent,
}

/// The octets are not the structure asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CmsError {
    /// Octets from the start of what was given to the parser. Inside content that was joined from
    /// pieces it counts from the joined content's start.
    pub offset: usize,
    /// What is wrong.
    pub kind: CmsErrorKind,
}

impl CmsError {
    pub(crate) const fn new(offset: usize, kind: CmsErrorKind) -> Self {
        Self { offset, kind }
    }
}

impl From<Asn1Error> for CmsError {
    fn from(error: Asn1Error) -> Self {
        Self::new(error.offset, CmsErrorKind::Asn1(error))
    }
}

impl fmt::Display for CmsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset;
        match &self.kind {
            CmsErrorKind::Asn1(_) => write!(formatter, "malformed CMS structure at octet {offset}"),
            CmsErrorKind::LimitReached(limit) => {
                write!(formatter, "limit reached at octet {offset}: {limit}")
            }
            CmsErrorKind::NotSigned => {
                formatter.write_str("the place for the signature was never filled")
            }
            CmsErrorKind::NotSignedData(oid) => {
                write!(formatter, "the CMS content is {oid}, not signed-data")
            }
            CmsErrorKind::NotATimeStamp(oid) => {
                write!(formatter, "the signed content is {oid}, not a time stamp")
            }
            CmsErrorKind::TimeStampWithoutContent => {
                formatter.write_str("the time-stamp token has no content")
            }
        }
    }
}

impl std::error::Error for CmsError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let CmsErrorKind::Asn1(error) = &self.kind {
            Some(error)
        } else {
            None
        }
    }
}
