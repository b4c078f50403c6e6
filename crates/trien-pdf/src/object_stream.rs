//! Object streams (ISO 32000-2, 7.5.7).

use std::cell::OnceCell;

use trien_types::{Limit, Limits};

use crate::cursor::{Cursor, is_white_space};
use crate::parse::direct_object;
use crate::{Dictionary, Expected, Object, ObjectId, ReadError, ReadErrorKind, Span};

/// A decoded object stream and the places of its objects.
#[derive(Debug)]
pub(crate) struct ObjectStream {
    data: Vec<u8>,
    /// Object number and offset in `data`.
    objects: Vec<(u32, usize)>,
    /// /First.
    first: usize,
    /// How its dictionary is written.
    dictionary: Packing,
    /// How it is, once that was asked for.
    packing: OnceCell<Packing>,
}

/// Whether an object stream is as 7.5.7 says, so that all readers find the same objects in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Packing {
    /// It is.
    Strict,
    /// Every reader known finds the same, though no writer writes it so.
    Untidy,
    /// Readers find different objects: two of one number, or some that the header does not name.
    Ambiguous,
}

/// Short names of filters (8.9.7): they mean something in inline images, and to some readers here.
const SHORT_FILTERS: [&str; 7] = ["AHx", "A85", "LZW", "Fl", "RL", "CCF", "DCT"];

/// How the dictionary says where the objects are: once, with the keys of this place.
fn written(dictionary: &Dictionary) -> Packing {
    let is_short = |value: &Object| {
        let name = value.as_name();
        name.is_some_and(|name| SHORT_FILTERS.iter().any(|short| *name == *short))
    };
    let filter = dictionary.get("Filter");
    let filters = filter.and_then(Object::as_array).unwrap_or_default();
    let is_ambiguous = ["F", "FFilter", "FDecodeParms", "DP"]
        .iter()
        .any(|key| dictionary.get(key).is_some())
        || filter.into_iter().chain(filters).any(is_short)
        || dictionary.duplicate_key().is_some();
    if is_ambiguous {
        Packing::Ambiguous
    } else {
        Packing::Strict
    }
}

impl ObjectStream {
    pub(crate) fn parse(
        dictionary: &Dictionary,
        data: Vec<u8>,
        limits: &Limits,
    ) -> Result<Self, ReadError> {
        let wrong = |offset| ReadError::unexpected(Expected::ObjectHeader, offset);
        let number = |key: &str| dictionary.get(key).and_then(Object::as_usize);
        let is_object_stream = dictionary
            .get("Type")
            .and_then(Object::as_name)
            .is_some_and(|name| *name == "ObjStm");
        let (true, Some(count), Some(first)) = (is_object_stream, number("N"), number("First"))
        else {
            return Err(wrong(0));
        };
        if u32::try_from(count).map_or(true, |count| count > limits.objects) {
            return Err(ReadError::limit(Limit::Objects, 0));
        }
        let mut cursor = Cursor::new(&data, 0);
        let mut objects = Vec::new();
        for _ in 0..count {
            cursor.skip_white_space();
            let here = cursor.offset();
            let number = cursor
                .unsigned()
                .and_then(|number| u32::try_from(number).ok());
            cursor.skip_white_space();
            let offset = cursor
                .unsigned()
                .and_then(|offset| usize::try_from(offset).ok());
            let (Some(number), Some(offset)) = (number, offset) else {
                return Err(wrong(here));
            };
            objects.push((
                number,
                first.checked_add(offset).ok_or_else(|| wrong(here))?,
            ));
        }
        Ok(Self {
            data,
            objects,
            first,
            dictionary: written(dictionary),
            packing: OnceCell::new(),
        })
    }

    /// Whether the stream is as 7.5.7 says, and how many octets were read to find out.
    ///
    /// # Errors
    /// An object in it is over a limit.
    pub(crate) fn packing(&self, limits: &Limits) -> Result<(Packing, usize), ReadError> {
        if let Some(known) = self.packing.get() {
            return Ok((*known, 0));
        }
        let packing = self
            .dictionary
            .max(self.header())
            .max(self.numbers())
            .max(self.places(limits)?);
        Ok((*self.packing.get_or_init(|| packing), self.data.len()))
    }

    /// The pairs in front: plain decimal numbers, and nothing else up to /First.
    fn header(&self) -> Packing {
        let mut cursor = Cursor::new(&self.data, 0);
        let mut packing = Packing::Strict;
        for _ in 0..self.objects.len().saturating_mul(2) {
            let start = cursor.offset();
            cursor.skip_spaces();
            packing = packing.max(spaces(&self.data, start, cursor.offset()));
            let run = cursor.regular_run();
            packing = packing.max(match run {
                // A comment.
                [] => return Packing::Ambiguous,
                [b'0', _, ..] => Packing::Untidy,
                _ => Packing::Strict,
            });
        }
        if cursor.offset() > self.first {
            return Packing::Ambiguous;
        }
        packing.max(spaces(&self.data, cursor.offset(), self.first))
    }

    /// Each number once.
    fn numbers(&self) -> Packing {
        let mut numbers: Vec<u32> = self.objects.iter().map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        if numbers.len() < self.objects.len() {
            Packing::Ambiguous
        } else {
            Packing::Strict
        }
    }

    /// One object behind another from /First to the end, in the order of the header.
    fn places(&self, limits: &Limits) -> Result<Packing, ReadError> {
        let mut offsets: Vec<usize> = self.objects.iter().map(|(_, offset)| *offset).collect();
        let mut packing = Packing::Strict;
        if offsets.first().is_some_and(|offset| *offset != self.first) || !offsets.is_sorted() {
            packing = Packing::Untidy;
            offsets.sort_unstable();
        }
        let mut end = self.first;
        for offset in offsets {
            // Also an object that begins inside the one before it.
            if offset < end || offset >= self.data.len() {
                return Ok(Packing::Ambiguous);
            }
            packing = packing.max(spaces(&self.data, end, offset));
            match self.data.get(offset) {
                Some(b'%') | None => return Ok(Packing::Ambiguous),
                Some(octet) if is_white_space(*octet) => packing = packing.max(Packing::Untidy),
                Some(_) => {}
            }
            let mut cursor = Cursor::new(&self.data, offset);
            match direct_object(&mut cursor, limits) {
                Ok(_) => end = cursor.offset(),
                Err(error) if error.is_limit() => return Err(error),
                // Whoever needs it tells that it cannot be read.
                Err(_) => return Ok(packing.max(Packing::Untidy)),
            }
        }
        Ok(packing.max(spaces(&self.data, end, self.data.len())))
    }

    /// The object that the entry (`id`, `index`) promises, and what of the data was read for it.
    pub(crate) fn object(
        &self,
        id: ObjectId,
        index: usize,
        limits: &Limits,
    ) -> (Result<Object, ReadError>, Span) {
        let offset = match self.objects.get(index) {
            Some((number, offset)) if *number == id.number => *offset,
            _ => {
                let missing = ReadError::new(ReadErrorKind::ObjectNotInStream(id), 0);
                return (Err(missing), Span::new(0, 0));
            }
        };
        let mut cursor = Cursor::new(&self.data, offset);
        let object = direct_object(&mut cursor, limits);
        (object, Span::new(offset, cursor.offset()))
    }

    pub(crate) fn octets(&self) -> usize {
        let index = self.objects.len().saturating_mul(size_of::<(u32, usize)>());
        self.data.len().saturating_add(index)
    }
}

/// What stands between two offsets where nothing may stand but white space.
fn spaces(data: &[u8], from: usize, to: usize) -> Packing {
    let Some(between) = data.get(from..to) else {
        return Packing::Ambiguous;
    };
    let kind = |octet: &u8| match octet {
        b' ' | b'\t' | b'\r' | b'\n' => Packing::Strict,
        octet if is_white_space(*octet) => Packing::Untidy,
        _ => Packing::Ambiguous,
    };
    between.iter().map(kind).max().unwrap_or(Packing::Strict)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    fn packing_of(header: &str, body: &str, first: usize, more: &str) -> Packing {
        let count = header.split_whitespace().count() / 2;
        let text = format!("<</Type/ObjStm/N {count}/First {first}{more}>>");
        let limits = Limits::default();
        let mut cursor = Cursor::new(text.as_bytes(), 0);
        let Object::Dictionary(dictionary) = direct_object(&mut cursor, &limits).unwrap() else {
            panic!("{text}")
        };
        let data = format!("{header}{body}").into_bytes();
        let stream = ObjectStream::parse(&dictionary, data, &limits).unwrap();
        stream.packing(&limits).unwrap().0
    }

    #[test]
    fn an_object_stream_holds_each_number_once_and_nothing_between_its_objects() {
        use Packing::{Ambiguous, Strict, Untidy};
        for (header, body, expected) in [
            ("3 0 4 2 ", "7 8", Strict),
            ("3 0 4 2\r\n", "7\n8\n", Strict),
            ("3 0 4 4 ", "<<>><<>>", Strict),
            ("", "", Strict),
            // Of two objects of one number each reader takes its own.
            ("3 0 3 2 ", "7 8", Ambiguous),
            ("0003 0 3 2 ", "7 8", Ambiguous),
            // Objects that the header does not name.
            ("3 2 ", "7 8", Ambiguous),
            ("3 0 4 4 ", "7 9 8", Ambiguous),
            ("3 0 ", "7 8", Ambiguous),
            ("3 0 ", "7 %8\n", Ambiguous),
            ("3 0 4 0 ", "7 ", Ambiguous),
            ("3 0 4 1 ", "77", Ambiguous),
            ("3 0 ", "3 0 obj 7 ", Ambiguous),
            ("3 0 4 9 ", "7 8", Ambiguous),
            // What no writer writes.
            ("3 2 4 0 ", "7 8", Untidy),
            ("3 1 ", " 7", Untidy),
            ("03 0 ", "7", Untidy),
            ("3\u{c}0 ", "7", Untidy),
            ("3 0 ", "[", Untidy),
        ] {
            let found = packing_of(header, body, header.len(), "");
            assert_eq!(found, expected, "{header:?} {body:?}");
        }
        assert_eq!(packing_of("3 0 ", "7", 4, "/F/Fl"), Ambiguous);
        assert_eq!(packing_of("3 0 ", "7", 4, "/Filter/Fl"), Ambiguous);
        assert_eq!(packing_of("3 0 ", "7", 4, "/N 1"), Ambiguous);
        assert_eq!(packing_of("3 0 ", "9 0 7", 4, ""), Ambiguous);
        assert_eq!(packing_of("3 0 ", "    7", 8, ""), Strict);
        assert_eq!(packing_of("3 0 ", "   7", 1, ""), Ambiguous);
    }
}
