//! Decoding of streams (ISO 32000-2, 7.4) that the reader itself must understand:
//! cross-reference streams, object streams. Images stay encoded.

mod predictor;

use std::io::Read;

use trien_types::{Limit, Limits};

use crate::cursor::is_white_space;
use crate::{Dictionary, Name, Object, ReadError, ReadErrorKind};
use predictor::predict;

type Result<T> = std::result::Result<T, ReadError>;

/// Decodes `encoded` through all filters of `dictionary`, which must hold them directly.
/// `offset` is where the data stand in the file, for errors.
pub(crate) fn decode(
    dictionary: &Dictionary,
    encoded: &[u8],
    offset: usize,
    limits: &Limits,
) -> Result<Vec<u8>> {
    let filters = filters(dictionary, offset, limits)?;
    let mut data = None;
    for (filter, parameters) in filters {
        let input: &[u8] = data.as_deref().unwrap_or(encoded);
        data = Some(apply(&filter, parameters, input, offset, limits)?);
    }
    let data = match data {
        Some(data) => data,
        None => encoded.to_vec(),
    };
    if data.len() > limits.decoded_octets {
        return Err(ReadError::limit(Limit::DecodedOctets, offset));
    }
    Ok(data)
}

type Filter<'a> = (Name, Option<&'a Dictionary>);

fn filters<'a>(
    dictionary: &'a Dictionary,
    offset: usize,
    limits: &Limits,
) -> Result<Vec<Filter<'a>>> {
    let unknown = || ReadError::new(ReadErrorKind::FilterUnknown, offset);
    let parameters = dictionary.get("DecodeParms");
    let filters = match dictionary.get("Filter") {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Name(name)) => {
            let parameters = match parameters {
                Some(Object::Array(array)) => array.first(),
                other => other,
            };
            vec![(name.clone(), parameters.and_then(Object::as_dictionary))]
        }
        Some(Object::Array(names)) => names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let name = name.as_name().cloned().ok_or_else(unknown)?;
                let parameters = match parameters {
                    Some(Object::Array(array)) => array.get(index),
                    Some(single) if index == 0 => Some(single),
                    _ => None,
                };
                Ok((name, parameters.and_then(Object::as_dictionary)))
            })
            .collect::<Result<_>>()?,
        Some(_) => return Err(unknown()),
    };
    if filters.len() > limits.filters {
        return Err(ReadError::limit(Limit::Filters, offset));
    }
    Ok(filters)
}

fn apply(
    filter: &Name,
    parameters: Option<&Dictionary>,
    input: &[u8],
    offset: usize,
    limits: &Limits,
) -> Result<Vec<u8>> {
    let failed = || ReadError::new(ReadErrorKind::FilterFailed, offset);
    match filter.as_octets() {
        b"FlateDecode" | b"Fl" => {
            let data = bounded(flate2::read::ZlibDecoder::new(input), offset, limits)?;
            predict(data, parameters, offset)
        }
        b"LZWDecode" | b"LZW" => {
            let early = parameters
                .and_then(|p| p.get("EarlyChange"))
                .and_then(Object::as_integer);
            let mut decoder = if early == Some(0) {
                weezl::decode::Decoder::new(weezl::BitOrder::Msb, 8)
            } else {
                weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
            };
            let mut data = Bounded {
                data: Vec::new(),
                limit: limits.decoded_octets,
            };
            let result = decoder.into_stream(&mut data).decode_all(input);
            if data.data.len() >= limits.decoded_octets {
                return Err(ReadError::limit(Limit::DecodedOctets, offset));
            }
            result.status.map_err(|_| failed())?;
            predict(data.data, parameters, offset)
        }
        b"ASCIIHexDecode" | b"AHx" => ascii_hex(input).ok_or_else(failed),
        b"ASCII85Decode" | b"A85" => ascii_85(input).ok_or_else(failed),
        b"RunLengthDecode" | b"RL" => run_length(input, offset, limits),
        _ => Err(ReadError::new(ReadErrorKind::FilterUnknown, offset)),
    }
}

/// A sink that stops at a bound.
struct Bounded {
    data: Vec<u8>,
    limit: usize,
}

impl std::io::Write for Bounded {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        let room = self.limit.saturating_sub(self.data.len());
        if room == 0 {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        let taken = octets.get(..room.min(octets.len())).unwrap_or_default();
        self.data.extend_from_slice(taken);
        Ok(taken.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// All octets of `reader`, up to the limit.
fn bounded(reader: impl Read, offset: usize, limits: &Limits) -> Result<Vec<u8>> {
    let mut data = Vec::new();
    let limit = u64::try_from(limits.decoded_octets)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    reader
        .take(limit)
        .read_to_end(&mut data)
        .map_err(|_| ReadError::new(ReadErrorKind::FilterFailed, offset))?;
    if data.len() > limits.decoded_octets {
        return Err(ReadError::limit(Limit::DecodedOctets, offset));
    }
    Ok(data)
}

/// 7.4.2
fn ascii_hex(input: &[u8]) -> Option<Vec<u8>> {
    let mut digits = Vec::new();
    for octet in input.iter().filter(|octet| !is_white_space(**octet)) {
        if *octet == b'>' {
            break;
        }
        digits.push(u8::try_from(char::from(*octet).to_digit(16)?).ok()?);
    }
    let pairs = digits.chunks(2);
    Some(
        pairs
            .map(|pair| pair.iter().fold(0, |all, digit| (all << 4) | digit))
            .collect(),
    )
}

/// 7.4.3
fn ascii_85(input: &[u8]) -> Option<Vec<u8>> {
    let mut output = Vec::new();
    let mut group: Vec<u32> = Vec::with_capacity(5);
    for octet in input.iter().filter(|octet| !is_white_space(**octet)) {
        match octet {
            b'~' => break,
            b'z' if group.is_empty() => output.extend([0; 4]),
            b'!'..=b'u' => group.push(u32::from(octet.wrapping_sub(b'!'))),
            _ => return None,
        }
        if group.len() == 5 {
            output.extend(ascii_85_group(&group)?);
            group.clear();
        }
    }
    let kept = group.len();
    if kept == 1 {
        return None;
    }
    if kept > 1 {
        group.resize(5, 84);
        output.extend(
            ascii_85_group(&group)?
                .into_iter()
                .take(kept.saturating_sub(1)),
        );
    }
    Some(output)
}

fn ascii_85_group(group: &[u32]) -> Option<[u8; 4]> {
    let value = group.iter().try_fold(0_u32, |value, digit| {
        value.checked_mul(85)?.checked_add(*digit)
    })?;
    Some(value.to_be_bytes())
}

/// 7.4.5
fn run_length(input: &[u8], offset: usize, limits: &Limits) -> Result<Vec<u8>> {
    let failed = || ReadError::new(ReadErrorKind::FilterFailed, offset);
    let mut output = Vec::new();
    let mut rest = input;
    while let Some((length, tail)) = rest.split_first() {
        let length = usize::from(*length);
        match length {
            0..=127 => {
                let count = length.saturating_add(1);
                output.extend_from_slice(tail.get(..count).ok_or_else(failed)?);
                rest = tail.get(count..).unwrap_or_default();
            }
            128 => break,
            _ => {
                let (octet, after) = tail.split_first().ok_or_else(failed)?;
                output.extend(std::iter::repeat_n(
                    *octet,
                    257_usize.saturating_sub(length),
                ));
                rest = after;
            }
        }
        if output.len() > limits.decoded_octets {
            return Err(ReadError::limit(Limit::DecodedOctets, offset));
        }
    }
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn dictionary(text: &[u8]) -> Dictionary {
        let mut cursor = crate::cursor::Cursor::new(text, 0);
        match crate::parse::direct_object(&mut cursor, &Limits::default()).unwrap() {
            Object::Dictionary(dictionary) => dictionary,
            other => panic!("{other:?}"),
        }
    }

    fn deflate(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn a_deflate_bomb_stops_at_the_limit() {
        let bomb = deflate(&vec![0; 4_000_000]);
        let mut limits = Limits::default();
        limits.decoded_octets = 100_000;
        let error = decode(&dictionary(b"<</Filter/FlateDecode>>"), &bomb, 7, &limits).unwrap_err();
        assert_eq!(error, ReadError::limit(Limit::DecodedOctets, 7));
    }

    #[test]
    fn png_up_rows_are_undone() {
        let encoded = deflate(&[2, 1, 2, 3, 2, 1, 1, 1]);
        let dictionary =
            dictionary(b"<</Filter[/FlateDecode]/DecodeParms[<</Predictor 12/Columns 3>>]>>");
        let data = decode(&dictionary, &encoded, 0, &Limits::default()).unwrap();
        assert_eq!(data, [1, 2, 3, 2, 3, 4]);
    }

    #[test]
    fn ascii_filters_decode() {
        let limits = Limits::default();
        let hex = decode(
            &dictionary(b"<</Filter/AHx>>"),
            b"48 65 6C6c 6f>",
            0,
            &limits,
        );
        assert_eq!(hex.unwrap(), b"Hello");
        let text = decode(
            &dictionary(b"<</Filter/A85>>"),
            b"87cURD]i,\"Ebo80~>",
            0,
            &limits,
        );
        assert_eq!(text.unwrap(), b"Hello World!");
        let run = decode(
            &dictionary(b"<</Filter/RL>>"),
            &[1, b'a', b'b', 254, b'c', 128],
            0,
            &limits,
        );
        assert_eq!(run.unwrap(), b"abccc");
    }

    #[test]
    fn too_many_filters_are_a_limit() {
        let dictionary = dictionary(b"<</Filter[/AHx/AHx/AHx/AHx/AHx]>>");
        assert!(
            decode(&dictionary, b"", 0, &Limits::default())
                .unwrap_err()
                .is_limit()
        );
    }
}
