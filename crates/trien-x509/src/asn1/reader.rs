//! Reads elements one after another, within bounds and without recursion.
//! Does not know which elements belong where: callers say what they expect.

use trien_types::Limits;

use super::element::{CONSTRUCTED, LengthForm};
use super::{Asn1Error, Asn1ErrorKind, Element, Framing, Tag};

/// Elements in a row. Cheap to clone; borrows the octets.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    octets: &'a [u8],
    /// Position of the next element in `octets`.
    position: usize,
    /// What `octets` starts at, counted from the start of the outermost octets.
    base: usize,
    nesting_left: usize,
}

struct Header {
    tag: Tag,
    identifier: u8,
    octets: usize,
    /// `None`: indefinite.
    content: Option<usize>,
    form: LengthForm,
}

impl<'a> Reader<'a> {
    /// Reads `octets`; [`Limits::nesting`] bounds how deep elements may lie in each other.
    #[must_use]
    pub const fn new(octets: &'a [u8], limits: &Limits) -> Self {
        Self::inside(octets, 0, limits.nesting)
    }

    pub(super) const fn inside(octets: &'a [u8], base: usize, nesting_left: usize) -> Self {
        Self {
            octets,
            position: 0,
            base,
            nesting_left,
        }
    }

    /// Octets from the start of the outermost octets to the next element.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.base.saturating_add(self.position)
    }

    /// The octets not read yet.
    #[must_use]
    pub fn rest(&self) -> &'a [u8] {
        self.octets.get(self.position..).unwrap_or_default()
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rest().is_empty()
    }

    /// Reads the next element, whatever it is.
    ///
    /// # Errors
    /// No element stands here, or it is longer than the octets.
    pub fn element(&mut self) -> Result<Element<'a>, Asn1Error> {
        let rest = self.rest();
        let offset = self.offset();
        let header = header(rest, offset)?;
        let (content_octets, closing) = match header.content {
            Some(octets) => (octets, 0),
            None => (self.indefinite_content(&header)?, END_OF_CONTENTS.len()),
        };
        let content_end = header.octets.saturating_add(content_octets);
        let end = content_end.saturating_add(closing);
        let (Some(raw), Some(content)) = (rest.get(..end), rest.get(header.octets..content_end))
        else {
            return Err(Asn1Error::new(
                offset,
                Asn1ErrorKind::LengthBeyondOctets {
                    claimed: content_octets,
                    available: rest.len().saturating_sub(header.octets),
                },
            ));
        };
        self.position = self.position.saturating_add(end);
        Ok(Element {
            tag: header.tag,
            identifier: header.identifier,
            length_form: header.form,
            offset,
            raw,
            content,
            content_offset: offset.saturating_add(header.octets),
            nesting_left: self.nesting_left,
        })
    }

    /// Reads the next element, which must have this tag.
    ///
    /// # Errors
    /// As [`Reader::element`], or another tag stands here.
    pub fn expect(&mut self, tag: Tag) -> Result<Element<'a>, Asn1Error> {
        let before = self.position;
        let element = self.element()?;
        if element.tag() != tag {
            self.position = before;
            return Err(element.error(Asn1ErrorKind::UnexpectedTag {
                expected: tag,
                found: element.tag(),
            }));
        }
        Ok(element)
    }

    /// Reads the next element if there is one with this tag.
    ///
    /// # Errors
    /// An element with this tag stands here but cannot be read.
    pub fn optional(&mut self, tag: Tag) -> Result<Option<Element<'a>>, Asn1Error> {
        if self.is_empty() || header(self.rest(), self.offset())?.tag != tag {
            return Ok(None);
        }
        self.element().map(Some)
    }

    /// Ends reading: nothing may be left.
    ///
    /// # Errors
    /// Octets are left.
    pub fn finish(self) -> Result<(), Asn1Error> {
        if self.is_empty() {
            Ok(())
        } else {
            Err(Asn1Error::new(self.offset(), Asn1ErrorKind::TrailingOctets))
        }
    }

    /// Whether all that is left is framed as DER frames it. Content that is no element, such as
    /// junk in an attribute, counts as BER.
    #[must_use]
    pub fn framing(&self) -> Framing {
        // What is open, as where it ends; headers alone are read.
        let octets = self.octets;
        let mut open = Vec::with_capacity(USUAL_NESTING);
        open.push(octets.len());
        let mut position = self.position;
        while let Some(end) = open.last().copied() {
            if position >= end {
                open.pop();
                continue;
            }
            let here = octets.get(position..end).unwrap_or_default();
            // Nearly all have a tag of one octet and a length of one.
            let (identifier, header_octets, content) = match here {
                [identifier, length @ 0..0x80, ..] if identifier & 0x1f != 0x1f => {
                    (*identifier, 2, usize::from(*length))
                }
                _ => match header(here, position) {
                    Ok(Header {
                        identifier,
                        octets,
                        content: Some(content),
                        form: LengthForm::Minimal,
                        ..
                    }) => (identifier, octets, content),
                    _ => return Framing::Ber,
                },
            };
            if content > here.len().saturating_sub(header_octets) {
                return Framing::Ber;
            }
            position = position.saturating_add(header_octets);
            if identifier & CONSTRUCTED == 0 {
                position = position.saturating_add(content);
                continue;
            }
            let is_container = matches!(identifier, SEQUENCE | SET)
                || Tag::from_identifier(identifier, 0).is_context();
            if !is_container || open.len() > self.nesting_left {
                return Framing::Ber;
            }
            open.push(position.saturating_add(content));
        }
        Framing::Der
    }

    /// Length of the content that end-of-contents octets close, by walking over headers only.
    fn indefinite_content(&self, outer: &Header) -> Result<usize, Asn1Error> {
        let rest = self.rest();
        let mut position = outer.octets;
        let mut open = 1_usize;
        loop {
            let here = rest.get(position..).unwrap_or_default();
            let offset = self.offset().saturating_add(position);
            if here.is_empty() {
                return Err(Asn1Error::new(
                    self.offset(),
                    Asn1ErrorKind::EndOfContentsMissing,
                ));
            }
            if here.starts_with(&END_OF_CONTENTS) {
                open = open.saturating_sub(1);
                if open == 0 {
                    return Ok(position.saturating_sub(outer.octets));
                }
                position = position.saturating_add(END_OF_CONTENTS.len());
                continue;
            }
            let inner = header(here, offset)?;
            position = position.saturating_add(inner.octets);
            match inner.content {
                None => {
                    open = open.saturating_add(1);
                    if open > self.nesting_left {
                        return Err(Asn1Error::new(offset, Asn1ErrorKind::NestingTooDeep));
                    }
                }
                Some(content) => {
                    let available = rest.len().saturating_sub(position);
                    if content > available {
                        return Err(Asn1Error::new(
                            offset,
                            Asn1ErrorKind::LengthBeyondOctets {
                                claimed: content,
                                available,
                            },
                        ));
                    }
                    position = position.saturating_add(content);
                }
            }
        }
    }
}

/// Identifier octets of SEQUENCE and SET, constructed.
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;

/// Certificates nest eight deep, their extensions a little more.
const USUAL_NESTING: usize = 16;

/// X.690, 8.1.5.
const END_OF_CONTENTS: [u8; 2] = [0, 0];

/// Reads tag and length (X.690, 8.1.2 and 8.1.3).
fn header(octets: &[u8], offset: usize) -> Result<Header, Asn1Error> {
    // Nearly all are short ones.
    if let [identifier, length @ 0..0x80, ..] = octets
        && identifier & 0x1f != 0x1f
    {
        return Ok(Header {
            tag: Tag::from_identifier(*identifier, u32::from(identifier & 0x1f)),
            identifier: *identifier,
            octets: 2,
            content: Some(usize::from(*length)),
            form: LengthForm::Minimal,
        });
    }
    any_header(octets, offset)
}

fn any_header(octets: &[u8], offset: usize) -> Result<Header, Asn1Error> {
    let fail = |kind| Asn1Error::new(offset, kind);
    let mut source = octets.iter().copied();
    let mut next = || {
        source
            .next()
            .ok_or(Asn1Error::new(offset, Asn1ErrorKind::EndOfOctets))
    };
    let identifier = next()?;
    let mut used = 1_usize;
    let mut number = u32::from(identifier & 0x1f);
    if number == 0x1f {
        number = 0;
        loop {
            let octet = next()?;
            used = used.saturating_add(1);
            number = number
                .checked_mul(128)
                .and_then(|shifted| shifted.checked_add(u32::from(octet & 0x7f)))
                .ok_or(fail(Asn1ErrorKind::TagTooLong))?;
            if octet & 0x80 == 0 {
                break;
            }
        }
    }
    let tag = Tag::from_identifier(identifier, number);
    let first = next()?;
    used = used.saturating_add(1);
    let (content, form) = match first {
        0x80 if identifier & CONSTRUCTED == 0 => {
            return Err(fail(Asn1ErrorKind::IndefinitePrimitive));
        }
        0x80 => (None, LengthForm::Indefinite),
        0..0x80 => (Some(usize::from(first)), LengthForm::Minimal),
        _ => {
            let count = first & 0x7f;
            if count > 8 {
                return Err(fail(Asn1ErrorKind::LengthTooLong));
            }
            let mut length = 0_u64;
            for _ in 0..count {
                length = (length << 8) | u64::from(next()?);
            }
            used = used.saturating_add(usize::from(count));
            let fewest = match length {
                0..0x80 => 0,
                _ => (71_u32.saturating_sub(length.leading_zeros())) / 8,
            };
            let form = if u32::from(count) == fewest {
                LengthForm::Minimal
            } else {
                LengthForm::Padded
            };
            let length = usize::try_from(length).map_err(|_| fail(Asn1ErrorKind::LengthTooLong))?;
            (Some(length), form)
        }
    };
    Ok(Header {
        tag,
        identifier,
        octets: used,
        content,
        form,
    })
}
