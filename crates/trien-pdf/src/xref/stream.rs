//! Cross-reference streams (ISO 32000-2, 7.5.8).

use trien_types::{Limit, Limits};

use super::{Result, XrefEntry};
use crate::cursor::Cursor;
use crate::parse::indirect_object;
use crate::{Dictionary, Expected, Object, ReadError};

/// The entries of one cross-reference stream, decoded.
#[derive(Debug)]
pub(crate) struct StreamEntries {
    /// (first number, count), ascending, without overlap, each with its first row.
    ranges: Vec<(u32, u32)>,
    rows: Vec<usize>,
    widths: [usize; 3],
    data: Vec<u8>,
    offset: usize,
}

pub(crate) struct StreamSection {
    pub(crate) entries: StreamEntries,
    pub(crate) dictionary: Dictionary,
    pub(crate) end: usize,
}

/// Reads the cross-reference stream whose object header is at `offset`.
pub(crate) fn read(bytes: &[u8], offset: usize, limits: &Limits) -> Result<StreamSection> {
    let wrong = || ReadError::unexpected(Expected::XrefSection, offset);
    let object = indirect_object(bytes, offset, limits)
        .map_err(|error| if error.is_limit() { error } else { wrong() })?;
    let Object::Stream(stream) = object.object else {
        return Err(wrong());
    };
    let dictionary = stream.dictionary;
    if dictionary
        .get("Type")
        .and_then(Object::as_name)
        .is_none_or(|name| *name != "XRef")
    {
        return Err(wrong());
    }
    // 7.5.8.2: the values of this dictionary are direct, so the length is known here.
    let length = dictionary
        .get("Length")
        .and_then(Object::as_usize)
        .ok_or_else(wrong)?;
    let data_end = stream.data_offset.checked_add(length).ok_or_else(wrong)?;
    let encoded = bytes
        .get(stream.data_offset..data_end)
        .ok_or(ReadError::unexpected(
            Expected::EndStream,
            stream.data_offset,
        ))?;
    let mut cursor = Cursor::new(bytes, data_end);
    cursor.skip_spaces();
    if !cursor.accept(b"endstream") {
        return Err(ReadError::unexpected(Expected::EndStream, cursor.offset()));
    }
    cursor.skip_white_space();
    if !cursor.accept_keyword(b"endobj") {
        return Err(ReadError::unexpected(Expected::EndObj, cursor.offset()));
    }
    let data = crate::filter::decode(&dictionary, encoded, stream.data_offset, limits)?;
    let widths = widths(&dictionary).ok_or_else(wrong)?;
    let (ranges, rows) = ranges(&dictionary, limits, offset)?;
    let entries = StreamEntries {
        ranges,
        rows,
        widths,
        data,
        offset,
    };
    Ok(StreamSection {
        entries,
        dictionary,
        end: cursor.offset(),
    })
}

fn widths(dictionary: &Dictionary) -> Option<[usize; 3]> {
    let widths = dictionary.get("W")?.as_array()?;
    let widths: Vec<usize> = widths.iter().map(Object::as_usize).collect::<Option<_>>()?;
    let widths = <[usize; 3]>::try_from(widths).ok()?;
    let row: usize = widths
        .iter()
        .try_fold(0_usize, |sum, width| sum.checked_add(*width))?;
    (widths.iter().all(|width| *width <= 8) && row > 0).then_some(widths)
}

type Ranges = (Vec<(u32, u32)>, Vec<usize>);

fn ranges(dictionary: &Dictionary, limits: &Limits, offset: usize) -> Result<Ranges> {
    let wrong = || ReadError::unexpected(Expected::XrefSection, offset);
    let number = |object: &Object| {
        object
            .as_integer()
            .and_then(|value| u32::try_from(value).ok())
    };
    let size = dictionary.get("Size").and_then(number).ok_or_else(wrong)?;
    let numbers: Vec<u32> = match dictionary.get("Index") {
        None => vec![0, size],
        Some(Object::Array(array)) => array
            .iter()
            .map(number)
            .collect::<Option<_>>()
            .ok_or_else(wrong)?,
        Some(_) => return Err(wrong()),
    };
    let mut found = Vec::new();
    let mut row = 0_usize;
    for pair in numbers.chunks(2) {
        let [first, count] = pair else {
            return Err(wrong());
        };
        if first.saturating_add(*count) > limits.objects {
            return Err(ReadError::limit(Limit::Objects, offset));
        }
        found.push((*first, *count, row));
        row = row.saturating_add(usize::try_from(*count).map_err(|_| wrong())?);
    }
    found.retain(|(_, count, _)| *count > 0);
    found.sort_unstable();
    let overlap = found.windows(2).any(|pair| match pair {
        [low, high] => low.0.saturating_add(low.1) > high.0,
        _ => false,
    });
    if overlap {
        return Err(wrong());
    }
    Ok(found
        .into_iter()
        .map(|(first, count, row)| ((first, count), row))
        .unzip())
}

impl StreamEntries {
    /// Octets of the decoded data.
    pub(crate) const fn octets(&self) -> usize {
        self.data.len()
    }

    pub(crate) fn entry(&self, number: u32) -> Result<Option<XrefEntry>> {
        let behind = self.ranges.partition_point(|(first, _)| *first <= number);
        let Some(range) = behind.checked_sub(1) else {
            return Ok(None);
        };
        let (Some((first, count)), Some(row)) = (self.ranges.get(range), self.rows.get(range))
        else {
            return Ok(None);
        };
        let index = number.saturating_sub(*first);
        if index >= *count {
            return Ok(None);
        }
        let index = usize::try_from(index)
            .unwrap_or(usize::MAX)
            .saturating_add(*row);
        self.row(index)
            .map(Some)
            .ok_or(ReadError::unexpected(Expected::XrefEntry, self.offset))
    }

    fn row(&self, index: usize) -> Option<XrefEntry> {
        let [kind_octets, second_octets, third_octets] = self.widths;
        let row_octets = kind_octets
            .checked_add(second_octets)?
            .checked_add(third_octets)?;
        let start = index.checked_mul(row_octets)?;
        let row = self.data.get(start..start.checked_add(row_octets)?)?;
        let (kind, rest) = row.split_at_checked(kind_octets)?;
        let (second, third) = rest.split_at_checked(second_octets)?;
        // 7.5.8.2: a kind of width 0 means 1.
        let kind = if kind.is_empty() { 1 } else { big_endian(kind) };
        match kind {
            1 => Some(XrefEntry::InFile {
                offset: usize::try_from(big_endian(second)).ok()?,
                generation: u16::try_from(big_endian(third)).ok()?,
            }),
            2 => Some(XrefEntry::InStream {
                stream: u32::try_from(big_endian(second)).ok()?,
                index: usize::try_from(big_endian(third)).ok()?,
            }),
            // 7.5.8.3: other kinds are references to the null object, as free ones are.
            _ => Some(XrefEntry::Free),
        }
    }

    /// Whether kinds are written in `octets` at most, and none is one that the standard does not
    /// have (7.5.8.3): it makes them null, and some readers give the file up for them.
    pub(crate) fn kinds_are_known(&self, octets: usize) -> bool {
        let [kind_octets, ..] = self.widths;
        let row_octets: usize = self.widths.iter().sum();
        let rows = self.ranges.iter().map(|(_, count)| *count);
        let rows: u64 = rows.map(u64::from).sum();
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        kind_octets <= octets
            && self.data.chunks(row_octets.max(1)).take(rows).all(|row| {
                let kind = row.get(..kind_octets).unwrap_or_default();
                kind.is_empty() || big_endian(kind) <= 2
            })
    }

    pub(crate) fn ranges(&self) -> &[(u32, u32)] {
        &self.ranges
    }
}

fn big_endian(octets: &[u8]) -> u64 {
    octets
        .iter()
        .fold(0, |value, octet| (value << 8) | u64::from(*octet))
}
