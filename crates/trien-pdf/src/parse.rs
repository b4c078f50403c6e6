//! Objects from bytes (ISO 32000-2, 7.3). Strict: what the grammar does not allow is an error.
//! Knows nothing of cross-references: references stay references, stream lengths stay unread.

mod characters;

use trien_types::{Limit, Limits};

use crate::cursor::Cursor;
use crate::{Dictionary, Expected, Object, ObjectId, ReadError, ReadErrorKind, Span, Stream};
use characters::{hexadecimal_string, literal_string, name};

type Result<T> = std::result::Result<T, ReadError>;

/// An indirect object as it stands in the file (7.3.10).
#[derive(Debug, Clone)]
pub(crate) struct IndirectObject {
    pub(crate) id: ObjectId,
    pub(crate) object: Object,
    /// Behind `endobj`; for streams behind the keyword `stream` and its line end.
    pub(crate) end: usize,
}

/// Digits of an object's number and of its generation, as an entry of a table has them (7.5.4):
/// longer ones, which only zeros make, some readers do not take.
pub(crate) const NUMBER_DIGITS: usize = 10;
pub(crate) const GENERATION_DIGITS: usize = 5;

/// What may follow a dictionary.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Streams {
    Allowed,
    Forbidden,
}

/// Reads `number generation obj …` at `offset`, without the data of a stream.
pub(crate) fn indirect_object(
    bytes: &[u8],
    offset: usize,
    limits: &Limits,
) -> Result<IndirectObject> {
    let mut cursor = Cursor::new(bytes, offset);
    cursor.skip_white_space();
    let header = cursor.offset();
    let id =
        object_header(&mut cursor).ok_or(ReadError::unexpected(Expected::ObjectHeader, header))?;
    let object = Parser::new(limits, cursor.offset()).object(&mut cursor, Streams::Allowed)?;
    if !matches!(object, Object::Stream(_)) {
        cursor.skip_white_space();
        if !cursor.accept_keyword(b"endobj") {
            return Err(ReadError::unexpected(Expected::EndObj, cursor.offset()));
        }
    }
    Ok(IndirectObject {
        id,
        object,
        end: cursor.offset(),
    })
}

/// `number generation obj`; moves behind it.
pub(crate) fn object_header(cursor: &mut Cursor<'_>) -> Option<ObjectId> {
    let number = u32::try_from(cursor.unsigned_of(NUMBER_DIGITS)?).ok()?;
    cursor.skip_white_space();
    let generation = u16::try_from(cursor.unsigned_of(GENERATION_DIGITS)?).ok()?;
    cursor.skip_white_space();
    cursor
        .accept(b"obj")
        .then_some(ObjectId { number, generation })
}

/// Reads one object that is not a stream, at the cursor.
pub(crate) fn direct_object(cursor: &mut Cursor<'_>, limits: &Limits) -> Result<Object> {
    Parser::new(limits, cursor.offset()).object(cursor, Streams::Forbidden)
}

struct Parser<'l> {
    limits: &'l Limits,
    start: usize,
    depth: usize,
}

impl<'l> Parser<'l> {
    const fn new(limits: &'l Limits, start: usize) -> Self {
        Self {
            limits,
            start,
            depth: 0,
        }
    }

    fn object(&mut self, cursor: &mut Cursor<'_>, streams: Streams) -> Result<Object> {
        cursor.skip_white_space();
        let offset = cursor.offset();
        if offset.saturating_sub(self.start) > self.limits.dictionary_octets {
            return Err(ReadError::limit(Limit::DictionaryOctets, offset));
        }
        let octet = cursor
            .peek()
            .ok_or(ReadError::new(ReadErrorKind::UnexpectedEnd, offset))?;
        match octet {
            b'/' => Ok(Object::Name(name(cursor)?)),
            b'(' => literal_string(cursor).map(Object::String),
            b'[' => self.nested(offset, |parser| parser.array(cursor)),
            b'<' if cursor.rest().starts_with(b"<<") => {
                let dictionary = self.nested(offset, |parser| parser.dictionary(cursor))?;
                if streams == Streams::Allowed && self.depth == 0 {
                    return stream_or_dictionary(cursor, dictionary);
                }
                Ok(Object::Dictionary(dictionary))
            }
            b'<' => hexadecimal_string(cursor).map(Object::String),
            b'0'..=b'9' | b'+' | b'-' | b'.' => number_or_reference(cursor),
            _ => keyword(cursor),
        }
    }

    fn nested<T>(
        &mut self,
        offset: usize,
        inner: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        if self.depth >= self.limits.nesting {
            return Err(ReadError::limit(Limit::Nesting, offset));
        }
        self.depth = self.depth.saturating_add(1);
        let result = inner(self);
        self.depth = self.depth.saturating_sub(1);
        result
    }

    fn array(&mut self, cursor: &mut Cursor<'_>) -> Result<Object> {
        cursor.advance(1);
        let mut elements = Vec::new();
        loop {
            cursor.skip_white_space();
            if cursor.accept(b"]") {
                return Ok(Object::Array(elements));
            }
            elements.push(self.object(cursor, Streams::Forbidden)?);
        }
    }

    fn dictionary(&mut self, cursor: &mut Cursor<'_>) -> Result<Dictionary> {
        cursor.advance(2);
        let mut dictionary = Dictionary::new();
        loop {
            cursor.skip_white_space();
            if cursor.accept(b">>") {
                return Ok(dictionary);
            }
            let offset = cursor.offset();
            if cursor.peek() != Some(b'/') {
                return Err(match cursor.peek() {
                    None => ReadError::new(ReadErrorKind::UnexpectedEnd, offset),
                    Some(_) => ReadError::unexpected(Expected::Name, offset),
                });
            }
            let key = name(cursor)?;
            cursor.skip_white_space();
            let start = cursor.offset();
            let value = self.object(cursor, Streams::Forbidden)?;
            dictionary.push(key, value, Span::new(start, cursor.offset()));
        }
    }
}

fn stream_or_dictionary(cursor: &mut Cursor<'_>, dictionary: Dictionary) -> Result<Object> {
    let mut ahead = cursor.clone();
    ahead.skip_white_space();
    if !ahead.accept(b"stream") {
        return Ok(Object::Dictionary(dictionary));
    }
    // 7.3.8.1: CR LF or LF, never CR alone: the CR could belong to the data.
    if !(ahead.accept(b"\r\n") || ahead.accept(b"\n")) {
        return Err(ReadError::unexpected(
            Expected::StreamLineEnd,
            ahead.offset(),
        ));
    }
    *cursor = ahead;
    Ok(Object::Stream(Stream {
        dictionary,
        data_offset: cursor.offset(),
    }))
}

fn number_or_reference(cursor: &mut Cursor<'_>) -> Result<Object> {
    let offset = cursor.offset();
    let mut ahead = cursor.clone();
    if let Some(number) = ahead.unsigned_of(NUMBER_DIGITS) {
        ahead.skip_white_space();
        if let Some(generation) = ahead.unsigned_of(GENERATION_DIGITS) {
            ahead.skip_white_space();
            if ahead.accept_keyword(b"R")
                && let (Ok(number), Ok(generation)) =
                    (u32::try_from(number), u16::try_from(generation))
            {
                *cursor = ahead;
                return Ok(Object::Reference(ObjectId { number, generation }));
            }
        }
    }
    let run = cursor.regular_run();
    number(run).ok_or(ReadError::unexpected(Expected::Number, offset))
}

fn number(run: &[u8]) -> Option<Object> {
    let text = std::str::from_utf8(run).ok()?;
    if let Ok(value) = text.parse::<i64>() {
        return Some(Object::Integer(value));
    }
    // 7.3.3 knows no exponent, and Rust's words for infinity are no numbers here.
    if !text
        .bytes()
        .all(|octet| matches!(octet, b'0'..=b'9' | b'+' | b'-' | b'.'))
    {
        return None;
    }
    let value = text.parse::<f64>().ok()?;
    value.is_finite().then_some(Object::Real(value))
}

fn keyword(cursor: &mut Cursor<'_>) -> Result<Object> {
    let offset = cursor.offset();
    for (word, object) in [
        (b"true".as_slice(), Object::Boolean(true)),
        (b"false".as_slice(), Object::Boolean(false)),
        (b"null".as_slice(), Object::Null),
    ] {
        if cursor.accept_keyword(word) {
            return Ok(object);
        }
    }
    Err(ReadError::unexpected(Expected::Object, offset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Name;

    fn parse(text: &[u8]) -> Result<Object> {
        direct_object(&mut Cursor::new(text, 0), &Limits::default())
    }

    #[test]
    fn strings_mean_the_same_octets_however_written() {
        let literal = parse(b"(a\\(b\\)\\\n\\101\r\nc)").unwrap();
        let hexadecimal = parse(b"<61 28 62 29 41 0a 63>").unwrap();
        assert_eq!(literal, hexadecimal);
        assert_eq!(parse(b"<4>").unwrap(), parse(b"(@)").unwrap());
    }

    #[test]
    fn names_resolve_number_signs() {
        assert_eq!(parse(b"/A#20B").unwrap(), Object::Name(Name::from("A B")));
        assert_eq!(parse(b"/A#zz").unwrap(), Object::Name(Name::from("A#zz")));
    }

    #[test]
    fn a_reference_is_told_from_two_numbers() {
        let Object::Array(elements) = parse(b"[1 0 R 1 0 -2 .5 +7]").unwrap() else {
            panic!("no array");
        };
        assert_eq!(elements.len(), 6);
        assert_eq!(elements[0], Object::Reference(ObjectId::new(1, 0)));
        assert_eq!(elements[4], Object::Real(0.5));
    }

    #[test]
    fn a_key_without_value_is_an_error_and_shifts_nothing() {
        let error = parse(b"<</Contents /ByteRange [0 1 2 3]>>").unwrap_err();
        assert_eq!(error.kind, ReadErrorKind::Unexpected(Expected::Name));
    }

    #[test]
    fn nesting_is_bounded() {
        let error = parse(&[b'['; 100_000]).unwrap_err();
        assert_eq!(error.kind, ReadErrorKind::LimitReached(Limit::Nesting));
    }

    #[test]
    fn dictionaries_are_equal_in_any_order() {
        assert_eq!(
            parse(b"<</A 1/B 2>>").unwrap(),
            parse(b"<</B 2 /A 1>>").unwrap()
        );
        assert_ne!(parse(b"<</A 1/B 2>>").unwrap(), parse(b"<</A 1>>").unwrap());
    }
}
