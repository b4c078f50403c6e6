//! Object streams (ISO 32000-2, 7.5.7).

use trien_types::{Limit, Limits};

use crate::cursor::Cursor;
use crate::parse::direct_object;
use crate::{Dictionary, Expected, Object, ObjectId, ReadError, ReadErrorKind, Span};

/// A decoded object stream and the places of its objects.
#[derive(Debug)]
pub(crate) struct ObjectStream {
    data: Vec<u8>,
    /// Object number and offset in `data`.
    objects: Vec<(u32, usize)>,
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
        Ok(Self { data, objects })
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
