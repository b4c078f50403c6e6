//! Why octets are no element of ASN.1, with the place.

use std::fmt;

use super::Tag;

/// What is wrong with the encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Asn1ErrorKind {
    /// A BOOLEAN has not exactly one octet (X.690, 8.2.1).
    BadBoolean,
    /// An INTEGER has no octet or does not fit the number expected (X.690, 8.3).
    BadInteger,
    /// An OBJECT IDENTIFIER is empty, ends inside an arc, or has an arc over 128 bits (8.19).
    BadObjectIdentifier,
    /// A `UTCTime` or `GeneralizedTime` names no moment (X.680, 46 and 47).
    BadTime,
    /// The octets end where an element must begin or inside its tag or length.
    EndOfOctets,
    /// An indefinite length is not closed by end-of-contents octets (X.690, 8.1.3.6).
    EndOfContentsMissing,
    /// A primitive element has an indefinite length (X.690, 8.1.3.2).
    IndefinitePrimitive,
    /// The element claims more octets than there are.
    LengthBeyondOctets {
        /// Octets claimed.
        claimed: usize,
        /// Octets there are.
        available: usize,
    },
    /// A length of more than eight octets, or of the reserved form (X.690, 8.1.3.5).
    LengthTooLong,
    /// Elements are nested deeper than the limit.
    NestingTooDeep,
    /// A tag number over 32 bits.
    TagTooLong,
    /// Octets follow where the element must end.
    TrailingOctets,
    /// Another element stands here.
    UnexpectedTag {
        /// The tag that belongs here.
        expected: Tag,
        /// The tag that stands here.
        found: Tag,
    },
    /// A BIT STRING that must fill its octets does not (X.690, 8.6.2).
    UnusedBits,
}

/// The octets are not the ASN.1 that belongs there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asn1Error {
    /// Octets from the start of what was given to the reader.
    pub offset: usize,
    /// What is wrong.
    pub kind: Asn1ErrorKind,
}

impl Asn1Error {
    /// An error of `kind` at `offset`, for readers of structures.
    #[must_use]
    pub const fn new(offset: usize, kind: Asn1ErrorKind) -> Self {
        Self { offset, kind }
    }
}

impl fmt::Display for Asn1Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = self.offset;
        match self.kind {
            Asn1ErrorKind::BadBoolean => write!(formatter, "malformed BOOLEAN at octet {offset}"),
            Asn1ErrorKind::BadInteger => write!(formatter, "malformed INTEGER at octet {offset}"),
            Asn1ErrorKind::BadObjectIdentifier => {
                write!(formatter, "malformed OBJECT IDENTIFIER at octet {offset}")
            }
            Asn1ErrorKind::BadTime => write!(formatter, "malformed time at octet {offset}"),
            Asn1ErrorKind::EndOfOctets => {
                write!(
                    formatter,
                    "the octets end at {offset} where an element must be"
                )
            }
            Asn1ErrorKind::EndOfContentsMissing => write!(
                formatter,
                "the indefinite length of the element at octet {offset} is not closed"
            ),
            Asn1ErrorKind::IndefinitePrimitive => write!(
                formatter,
                "the primitive element at octet {offset} has an indefinite length"
            ),
            Asn1ErrorKind::LengthBeyondOctets { claimed, available } => write!(
                formatter,
                "the element at octet {offset} claims {claimed} octets of {available} left"
            ),
            Asn1ErrorKind::LengthTooLong => {
                write!(
                    formatter,
                    "the length of the element at octet {offset} is too long"
                )
            }
            Asn1ErrorKind::NestingTooDeep => {
                write!(
                    formatter,
                    "elements are nested too deep at octet {offset}; raise the limit"
                )
            }
            Asn1ErrorKind::TagTooLong => write!(formatter, "tag too long at octet {offset}"),
            Asn1ErrorKind::TrailingOctets => {
                write!(formatter, "octets follow the element's end at {offset}")
            }
            Asn1ErrorKind::UnusedBits => {
                write!(
                    formatter,
                    "the BIT STRING at octet {offset} has unused bits"
                )
            }
            Asn1ErrorKind::UnexpectedTag { expected, found } => {
                write!(
                    formatter,
                    "{found} at octet {offset} where {expected} belongs"
                )
            }
        }
    }
}

impl std::error::Error for Asn1Error {}
