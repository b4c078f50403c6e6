//! Why bytes were not read as PDF, with the place in the file.

use std::fmt;

use trien_types::Limit;

use crate::ObjectId;

/// What a reader needed at a place where something else stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// An array.
    Array,
    /// A dictionary.
    Dictionary,
    /// The digits of an integer that is not negative.
    UnsignedInteger,
    /// The keyword `endobj`.
    EndObj,
    /// The keyword `endstream` at the end of the stream's /Length.
    EndStream,
    /// A name.
    Name,
    /// `>` or hexadecimal digits.
    HexDigit,
    /// A number.
    Number,
    /// Any object.
    Object,
    /// An indirect object's header, `number generation obj`.
    ObjectHeader,
    /// The line end after the keyword `stream`.
    StreamLineEnd,
    /// The keyword `trailer`.
    Trailer,
    /// An entry of a cross-reference table.
    XrefEntry,
    /// A cross-reference table or stream.
    XrefSection,
    /// A stream.
    Stream,
}

impl Expected {
    const fn text(self) -> &'static str {
        match self {
            Self::Array => "an array",
            Self::Dictionary => "a dictionary",
            Self::UnsignedInteger => "an unsigned integer",
            Self::EndObj => "the keyword endobj",
            Self::EndStream => "the keyword endstream",
            Self::Name => "a name",
            Self::HexDigit => "a hexadecimal digit",
            Self::Number => "a number",
            Self::Object => "an object",
            Self::ObjectHeader => "the header of an indirect object",
            Self::StreamLineEnd => "the line end after the keyword stream",
            Self::Trailer => "the keyword trailer",
            Self::XrefEntry => "a cross-reference entry",
            Self::XrefSection => "a cross-reference table or stream",
            Self::Stream => "a stream",
        }
    }
}

/// Why bytes were not read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The file has no octets.
    Empty,
    /// A filter gave no data: its input is damaged.
    FilterFailed,
    /// The filter is none that a cross-reference or object stream may use here.
    FilterUnknown,
    /// A bound was reached.
    LimitReached(Limit),
    /// The file is encrypted and this object lies in an encrypted object stream.
    Encrypted,
    /// The cross-reference entry points outside its own revision.
    EntryOutsideRevision(ObjectId),
    /// The object is not where its cross-reference entry says.
    ObjectNotAtOffset(ObjectId),
    /// The object stream does not hold the object that the cross-reference entry promises.
    ObjectNotInStream(ObjectId),
    /// No `%PDF-` header within the first 1,024 octets (ISO 32000-1, annex H, note 13).
    NoHeader,
    /// No `startxref` with a number.
    NoStartXref,
    /// /Prev leads in a circle, or into a later part of the file.
    PreviousLoops,
    /// A reference leads back to itself.
    ReferenceLoops(ObjectId),
    /// The trailer lacks /Root or it is no reference.
    NoRoot,
    /// The data of a stream go on behind the revision that the stream stands in.
    StreamOutsideRevision,
    /// Something else stood where this was needed.
    Unexpected(Expected),
    /// The bytes end in the middle of something.
    UnexpectedEnd,
}

/// Bytes were not read as PDF.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReadError {
    /// Why.
    pub kind: ReadErrorKind,
    /// Where, in octets from the start of the file (of the decoded stream for objects in one).
    pub offset: usize,
}

impl ReadError {
    pub(crate) const fn new(kind: ReadErrorKind, offset: usize) -> Self {
        Self { kind, offset }
    }

    pub(crate) const fn unexpected(expected: Expected, offset: usize) -> Self {
        Self {
            kind: ReadErrorKind::Unexpected(expected),
            offset,
        }
    }

    pub(crate) const fn limit(limit: Limit, offset: usize) -> Self {
        Self {
            kind: ReadErrorKind::LimitReached(limit),
            offset,
        }
    }

    /// Whether a bound stopped the reader, so that more might be read under other limits.
    #[must_use]
    pub const fn is_limit(&self) -> bool {
        matches!(self.kind, ReadErrorKind::LimitReached(_))
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ReadErrorKind::Empty => return formatter.write_str("the file is empty"),
            ReadErrorKind::NoHeader => {
                return formatter.write_str("this is no PDF file: no %PDF- header near its start");
            }
            ReadErrorKind::NoStartXref => {
                return formatter.write_str(
                    "no startxref with a number: the file is cut off or was not finished",
                );
            }
            ReadErrorKind::FilterFailed => write!(formatter, "the stream's data are damaged")?,
            ReadErrorKind::FilterUnknown => write!(formatter, "the stream's filter is unknown")?,
            ReadErrorKind::LimitReached(limit) => {
                write!(formatter, "over the limit: {limit}")?;
            }
            ReadErrorKind::Encrypted => {
                write!(formatter, "the object is in an encrypted object stream")?;
            }
            ReadErrorKind::EntryOutsideRevision(id) => {
                write!(
                    formatter,
                    "the entry of object {id} points outside its revision"
                )?;
            }
            ReadErrorKind::ObjectNotAtOffset(id) => {
                write!(formatter, "object {id} is not where its entry says")?;
            }
            ReadErrorKind::ObjectNotInStream(id) => {
                write!(
                    formatter,
                    "object {id} is not in the object stream its entry names"
                )?;
            }
            ReadErrorKind::PreviousLoops => {
                write!(formatter, "/Prev leads in a circle or forward in the file")?;
            }
            ReadErrorKind::ReferenceLoops(id) => {
                write!(
                    formatter,
                    "the reference to object {id} leads back to itself"
                )?;
            }
            ReadErrorKind::NoRoot => write!(formatter, "the trailer names no /Root")?,
            ReadErrorKind::StreamOutsideRevision => {
                write!(formatter, "the stream's data go on behind its revision")?;
            }
            ReadErrorKind::Unexpected(expected) => {
                write!(formatter, "expected {}", expected.text())?;
            }
            ReadErrorKind::UnexpectedEnd => {
                write!(formatter, "the bytes end in the middle of something")?;
            }
        }
        write!(formatter, " (at octet {})", self.offset)
    }
}

impl std::error::Error for ReadError {}
