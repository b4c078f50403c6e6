//! Why an attribute cannot be used.

use std::fmt;

use trien_x509::asn1::Asn1Error;
use trien_x509::const_oid::ObjectIdentifier;

use crate::oid;

/// What is wrong with an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttributeErrorKind {
    /// The value is not what this attribute holds.
    Malformed(Asn1Error),
    /// It is mandatory and not there (RFC 5652, 5.3).
    Missing,
    /// It is there more than once (RFC 5652, 5.3).
    Repeated,
    /// It must have one value (RFC 5652, 11).
    ValueCount {
        /// How many it has.
        found: usize,
    },
}

/// An attribute cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttributeError {
    /// Which attribute.
    pub oid: ObjectIdentifier,
    /// What is wrong with it.
    pub kind: AttributeErrorKind,
}

impl AttributeError {
    pub(crate) const fn new(oid: ObjectIdentifier, kind: AttributeErrorKind) -> Self {
        Self { oid, kind }
    }
}

impl fmt::Display for AttributeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.oid {
            oid::CONTENT_TYPE => "content-type",
            oid::MESSAGE_DIGEST => "message-digest",
            oid::SIGNING_TIME => "signing-time",
            oid::SIGNING_CERTIFICATE => "signing-certificate",
            oid::SIGNING_CERTIFICATE_V2 => "signing-certificate-v2",
            _ => return write!(formatter, "attribute {}: {}", self.oid, Words(self.kind)),
        };
        write!(formatter, "the {name} attribute {}", Words(self.kind))
    }
}

struct Words(AttributeErrorKind);

impl fmt::Display for Words {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            AttributeErrorKind::Malformed(_) => formatter.write_str("is malformed"),
            AttributeErrorKind::Missing => formatter.write_str("is missing"),
            AttributeErrorKind::Repeated => formatter.write_str("is there more than once"),
            AttributeErrorKind::ValueCount { found } => {
                write!(formatter, "has {found} values, not one")
            }
        }
    }
}

impl std::error::Error for AttributeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            AttributeErrorKind::Malformed(error) => Some(error),
            AttributeErrorKind::Missing
            | AttributeErrorKind::Repeated
            | AttributeErrorKind::ValueCount { .. } => None,
        }
    }
}
