//! Decoding of streams (ISO 32000-2, 7.4) that the reader itself must understand:
//! cross-reference streams, object streams. Images stay encoded.

mod predictor;

use std::io::Read;

use flate2::read::ZlibDecoder;
use trien_types::{Limit, Limits};

use crate::cursor::is_white_space;
use crate::{Dictionary, Name, Object, ReadError, ReadErrorKind};
use predictor::predict;

type Result<T> = std::result::Result<T, ReadError>;

/// Octets that are decoded before it is known how many there are. Of a longer stream the length is
/// found first, with nothing kept, and then it is decoded again: one that is over the limit, as
/// bombs are, takes no more memory than this, and one within it no more than it has octets.
const BEGINNING: usize = 4 * 1024 * 1024;

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
        // What one filter made is held while the next one reads it: both count.
        let mut left = limits.clone();
        left.decoded_octets = left
            .decoded_octets
            .saturating_sub(data.as_ref().map_or(0, Vec::len));
        data = Some(apply(&filter, parameters, input, offset, &left)?);
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
            let data = inflated(input, offset, limits)?;
            predict(data, parameters, offset)
        }
        b"LZWDecode" | b"LZW" => {
            let early = parameters
                .and_then(|p| p.get("EarlyChange"))
                .and_then(Object::as_integer);
            let decoded = |kept: usize| {
                let mut decoder = if early == Some(0) {
                    weezl::decode::Decoder::new(weezl::BitOrder::Msb, 8)
                } else {
                    weezl::decode::Decoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
                };
                let mut data = Bounded {
                    data: Vec::new(),
                    kept,
                    count: 0,
                    limit: limits.decoded_octets,
                };
                if kept > BEGINNING {
                    data.data.reserve_exact(kept);
                }
                let result = decoder.into_stream(&mut data).decode_all(input);
                if data.count >= limits.decoded_octets {
                    return Err(ReadError::limit(Limit::DecodedOctets, offset));
                }
                result.status.map_err(|_| failed())?;
                Ok(data)
            };
            let mut data = decoded(BEGINNING)?;
            if data.count > BEGINNING {
                let count = data.count;
                drop(data);
                data = decoded(count)?;
            }
            predict(data.data, parameters, offset)
        }
        b"ASCIIHexDecode" | b"AHx" => ascii_hex(input).ok_or_else(failed),
        b"ASCII85Decode" | b"A85" => {
            // One sign that stands for four zeros; all others make fewer octets than they are.
            let zeros = input.iter().filter(|octet| **octet == b'z').count();
            if zeros.saturating_mul(4) > limits.decoded_octets {
                return Err(ReadError::limit(Limit::DecodedOctets, offset));
            }
            ascii_85(input).ok_or_else(failed)
        }
        b"RunLengthDecode" | b"RL" => run_length(input, offset, limits),
        _ => Err(ReadError::new(ReadErrorKind::FilterUnknown, offset)),
    }
}

/// A sink that stops at a bound.
struct Bounded {
    data: Vec<u8>,
    /// Octets kept; of what follows only the number.
    kept: usize,
    count: usize,
    limit: usize,
}

impl std::io::Write for Bounded {
    fn write(&mut self, octets: &[u8]) -> std::io::Result<usize> {
        let room = self.limit.saturating_sub(self.count);
        if room == 0 {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        let taken = octets.get(..room.min(octets.len())).unwrap_or_default();
        let kept = self.kept.saturating_sub(self.data.len()).min(taken.len());
        self.data
            .extend_from_slice(taken.get(..kept).unwrap_or_default());
        self.count = self.count.saturating_add(taken.len());
        Ok(taken.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// 7.4.4: all octets, up to the limit.
fn inflated(input: &[u8], offset: usize, limits: &Limits) -> Result<Vec<u8>> {
    let failed = |_| ReadError::new(ReadErrorKind::FilterFailed, offset);
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let most = wide(limits.decoded_octets).saturating_add(1);
    let over = || ReadError::limit(Limit::DecodedOctets, offset);
    let mut data = Vec::new();
    let mut reader = ZlibDecoder::new(input).take(most.min(wide(BEGINNING)));
    reader.read_to_end(&mut data).map_err(failed)?;
    if data.len() >= BEGINNING {
        reader.set_limit(most.saturating_sub(wide(data.len())));
        let rest = std::io::copy(&mut reader, &mut std::io::sink()).map_err(failed)?;
        let rest = usize::try_from(rest).map_err(|_| over())?;
        let count = data.len().saturating_add(rest);
        if count > limits.decoded_octets {
            return Err(over());
        }
        data = Vec::with_capacity(count);
        let mut again = ZlibDecoder::new(input).take(wide(count));
        again.read_to_end(&mut data).map_err(failed)?;
    }
    if data.len() > limits.decoded_octets {
        return Err(over());
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
    let mut count = 0_usize;
    for run in runs(input) {
        let (_, times) = run.ok_or_else(failed)?;
        count = count.saturating_add(times);
        if count > limits.decoded_octets {
            return Err(ReadError::limit(Limit::DecodedOctets, offset));
        }
    }
    let mut output = Vec::with_capacity(count);
    for (octets, times) in runs(input).flatten() {
        match octets {
            [octet] => output.extend(std::iter::repeat_n(*octet, times)),
            several => output.extend_from_slice(several),
        }
    }
    Ok(output)
}

/// The runs of 7.4.5: one octet with its number, or several that stand for themselves; `None` where
/// they end too early, and then nothing more.
fn runs(input: &[u8]) -> impl Iterator<Item = Option<(&[u8], usize)>> {
    let mut rest = Some(input);
    std::iter::from_fn(move || {
        let (length, tail) = rest.take()?.split_first()?;
        let length = usize::from(*length);
        let (taken, times) = match length {
            0..=127 => (length.saturating_add(1), length.saturating_add(1)),
            128 => return None,
            _ => (1, 257_usize.saturating_sub(length)),
        };
        Some(tail.split_at_checked(taken).map(|(octets, after)| {
            rest = Some(after);
            (octets, times)
        }))
    })
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
    fn long_streams_are_whole_and_one_over_the_limit_is_refused() {
        let lines: Vec<u8> = (0..2 * BEGINNING)
            .map(|at| u8::try_from(at / 977 % 251).unwrap())
            .collect();
        let mut limits = Limits::default();
        for (filter, encoded) in [
            ("FlateDecode", deflate(&lines)),
            (
                "LZWDecode",
                weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8)
                    .encode(&lines)
                    .unwrap(),
            ),
        ] {
            let dictionary = dictionary(format!("<</Filter/{filter}>>").as_bytes());
            limits.decoded_octets = lines.len() + 1;
            let decoded = decode(&dictionary, &encoded, 0, &limits).unwrap();
            assert!(decoded == lines && decoded.capacity() <= lines.len() + 64);
            limits.decoded_octets = lines.len() - 1;
            let refused = decode(&dictionary, &encoded, 0, &limits).unwrap_err();
            assert_eq!(
                refused,
                ReadError::limit(Limit::DecodedOctets, 0),
                "{filter}"
            );
        }
        // What stands between two filters counts too.
        let twice = deflate(&deflate(&lines));
        let dictionary = dictionary(b"<</Filter[/Fl/Fl]>>");
        limits.decoded_octets = lines.len() + 1;
        assert!(
            decode(&dictionary, &twice, 0, &limits)
                .unwrap_err()
                .is_limit()
        );
        limits.decoded_octets = 2 * lines.len();
        assert!(decode(&dictionary, &twice, 0, &limits).unwrap() == lines);
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
        let mut few = Limits::default();
        few.decoded_octets = 4;
        let runs = dictionary(b"<</Filter/RL>>");
        let run = decode(&runs, &[1, b'a', b'b', 254, b'c', 128], 0, &few);
        assert!(run.unwrap_err().is_limit());
        assert!(decode(&runs, &[5, b'a'], 0, &limits).is_err());
        let zeros = decode(&dictionary(b"<</Filter/A85>>"), b"zz~>", 0, &few);
        assert!(zeros.unwrap_err().is_limit());
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
