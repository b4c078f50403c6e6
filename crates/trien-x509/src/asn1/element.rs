//! Tags, and elements with the octets they were read from.
//! Does not interpret the content.

use std::fmt;

use super::{Asn1Error, Asn1ErrorKind, Reader};

/// Class bits of the identifier octet (X.690, 8.1.2.2).
const CLASS: u8 = 0b1100_0000;
/// The bit that tells a constructed element (X.690, 8.1.2.5).
pub(super) const CONSTRUCTED: u8 = 0b0010_0000;
/// Class bits of context-specific tags.
const CONTEXT: u8 = 0b1000_0000;

/// A tag without the constructed bit: strings are met in both forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag {
    class: u8,
    number: u32,
}

impl Tag {
    /// BIT STRING.
    pub const BIT_STRING: Self = Self::universal(3);
    /// `BMPString`.
    pub const BMP_STRING: Self = Self::universal(30);
    /// BOOLEAN.
    pub const BOOLEAN: Self = Self::universal(1);
    /// ENUMERATED.
    pub const ENUMERATED: Self = Self::universal(10);
    /// `GeneralizedTime`.
    pub const GENERALIZED_TIME: Self = Self::universal(24);
    /// `IA5String`.
    pub const IA5_STRING: Self = Self::universal(22);
    /// INTEGER.
    pub const INTEGER: Self = Self::universal(2);
    /// NULL.
    pub const NULL: Self = Self::universal(5);
    /// OBJECT IDENTIFIER.
    pub const OBJECT_IDENTIFIER: Self = Self::universal(6);
    /// OCTET STRING.
    pub const OCTET_STRING: Self = Self::universal(4);
    /// `PrintableString`.
    pub const PRINTABLE_STRING: Self = Self::universal(19);
    /// SEQUENCE and SEQUENCE OF.
    pub const SEQUENCE: Self = Self::universal(16);
    /// SET and SET OF.
    pub const SET: Self = Self::universal(17);
    /// `TeletexString` (`T61String`).
    pub const TELETEX_STRING: Self = Self::universal(20);
    /// `UniversalString`.
    pub const UNIVERSAL_STRING: Self = Self::universal(28);
    /// `UTCTime`.
    pub const UTC_TIME: Self = Self::universal(23);
    /// `UTF8String`.
    pub const UTF8_STRING: Self = Self::universal(12);

    /// A universal tag.
    #[must_use]
    pub const fn universal(number: u32) -> Self {
        Self { class: 0, number }
    }

    /// A context-specific tag.
    #[must_use]
    pub const fn context(number: u32) -> Self {
        Self {
            class: CONTEXT,
            number,
        }
    }

    pub(super) const fn from_identifier(octet: u8, number: u32) -> Self {
        Self {
            class: octet & CLASS,
            number,
        }
    }

    /// The tag number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.number
    }

    /// Whether the class is context-specific.
    #[must_use]
    pub const fn is_context(self) -> bool {
        self.class == CONTEXT
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match (self.class, self.number) {
            (0, 1) => "BOOLEAN",
            (0, 2) => "INTEGER",
            (0, 3) => "BIT STRING",
            (0, 4) => "OCTET STRING",
            (0, 5) => "NULL",
            (0, 6) => "OBJECT IDENTIFIER",
            (0, 16) => "SEQUENCE",
            (0, 17) => "SET",
            (0, number) => return write!(formatter, "universal tag {number}"),
            (CONTEXT, number) => return write!(formatter, "tag [{number}]"),
            (0b0100_0000, number) => return write!(formatter, "application tag {number}"),
            (_, number) => return write!(formatter, "private tag {number}"),
        };
        formatter.write_str(name)
    }
}

/// How the octets of an element are framed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Framing {
    /// Definite lengths in the fewest octets, strings in one piece (X.690, 10.1 and 10.2).
    Der,
    /// Something only the basic encoding rules allow.
    Ber,
}

/// How the length of an element is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LengthForm {
    /// In the fewest octets.
    Minimal,
    /// In more octets than needed.
    Padded,
    /// By end-of-contents octets.
    Indefinite,
}

/// One element, borrowed from the octets it was read from.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    pub(super) tag: Tag,
    pub(super) identifier: u8,
    pub(super) length_form: LengthForm,
    pub(super) offset: usize,
    pub(super) raw: &'a [u8],
    pub(super) content: &'a [u8],
    pub(super) content_offset: usize,
    pub(super) nesting_left: usize,
}

impl<'a> Element<'a> {
    /// The tag.
    #[must_use]
    pub const fn tag(&self) -> Tag {
        self.tag
    }

    /// Whether the content is itself elements.
    #[must_use]
    pub const fn is_constructed(&self) -> bool {
        self.identifier & CONSTRUCTED != 0
    }

    /// Whether the length is given by end-of-contents octets.
    #[must_use]
    pub fn is_indefinite(&self) -> bool {
        self.length_form == LengthForm::Indefinite
    }

    /// Whether the length of this element, not of those inside it, is as DER wants it.
    #[must_use]
    pub fn has_der_length(&self) -> bool {
        self.length_form == LengthForm::Minimal
    }

    /// Octets from the start of what the reader was given to this element's tag.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// The whole element as received: tag, length, content, end-of-contents.
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.raw
    }

    /// The content octets, without end-of-contents.
    #[must_use]
    pub const fn content(&self) -> &'a [u8] {
        self.content
    }

    /// Octets from the start of what the reader was given to the content.
    #[must_use]
    pub const fn content_offset(&self) -> usize {
        self.content_offset
    }

    /// Reads the elements inside.
    ///
    /// # Errors
    /// The nesting limit is reached.
    pub fn elements(&self) -> Result<Reader<'a>, Asn1Error> {
        let nesting_left = self
            .nesting_left
            .checked_sub(1)
            .ok_or(self.error(Asn1ErrorKind::NestingTooDeep))?;
        Ok(Reader::inside(
            self.content,
            self.content_offset,
            nesting_left,
        ))
    }

    /// An error of `kind` at this element.
    #[must_use]
    pub const fn error(&self, kind: Asn1ErrorKind) -> Asn1Error {
        Asn1Error::new(self.offset, kind)
    }
}
