//! Predictors (ISO 32000-2, 7.4.4.4): rows of samples written as differences.

use crate::{Dictionary, Object, ReadError, ReadErrorKind};

type Result<T> = std::result::Result<T, ReadError>;

/// The largest number of sample columns a predictor may claim: a row of an xref stream has tens
/// of octets; a mebioctet is beyond any use and keeps a row's allocation small.
const MAX_ROW_OCTETS: usize = 1024 * 1024;

/// 7.4.4.4: undoes the predictor that `parameters` name.
pub(super) fn predict(
    data: Vec<u8>,
    parameters: Option<&Dictionary>,
    offset: usize,
) -> Result<Vec<u8>> {
    let number = |key: &str, default: usize| {
        parameters
            .and_then(|p| p.get(key))
            .map_or(Some(default), Object::as_usize)
    };
    let failed = || ReadError::new(ReadErrorKind::FilterFailed, offset);
    let predictor = number("Predictor", 1).ok_or_else(failed)?;
    if predictor <= 1 {
        return Ok(data);
    }
    let colors = number("Colors", 1).ok_or_else(failed)?;
    let bits = number("BitsPerComponent", 8).ok_or_else(failed)?;
    let columns = number("Columns", 1).ok_or_else(failed)?;
    let pixel_bits = colors.checked_mul(bits).ok_or_else(failed)?;
    let row = pixel_bits
        .checked_mul(columns)
        .ok_or_else(failed)?
        .div_ceil(8);
    if row == 0 || row > MAX_ROW_OCTETS {
        return Err(failed());
    }
    let pixel = pixel_bits.div_ceil(8);
    match predictor {
        2 if bits == 8 => Ok(tiff_rows(data, row, colors)),
        10..=15 => png_rows(data, row, pixel).ok_or_else(failed),
        _ => Err(failed()),
    }
}

fn tiff_rows(mut data: Vec<u8>, row: usize, colors: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        for index in colors..line.len() {
            let left = index
                .checked_sub(colors)
                .and_then(|left| line.get(left))
                .copied();
            if let (Some(left), Some(octet)) = (left, line.get_mut(index)) {
                *octet = octet.wrapping_add(left);
            }
        }
    }
    data
}

/// The PNG filters (ISO/IEC 15948, 9.2), each row behind its filter type. Rows are moved up over the
/// filter types before them, within the same memory.
fn png_rows(mut data: Vec<u8>, row: usize, pixel: usize) -> Option<Vec<u8>> {
    let (mut above, mut current) = (vec![0_u8; row], vec![0_u8; row]);
    let (mut read, mut written) = (0_usize, 0_usize);
    while let Some(kind) = data.get(read).copied() {
        let from = read.checked_add(1)?;
        let end = from.checked_add(row)?.min(data.len());
        let encoded = data.get(from..end)?;
        for (index, octet) in encoded.iter().enumerate() {
            let before = index.checked_sub(pixel);
            let left = before.and_then(|at| current.get(at)).copied().unwrap_or(0);
            let up = above.get(index).copied().unwrap_or(0);
            let up_left = before.and_then(|at| above.get(at)).copied().unwrap_or(0);
            let predicted = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => u8::try_from(u16::midpoint(u16::from(left), u16::from(up))).ok()?,
                4 => paeth(left, up, up_left),
                _ => return None,
            };
            *current.get_mut(index)? = octet.wrapping_add(predicted);
        }
        let count = encoded.len();
        let to = written.checked_add(count)?;
        data.get_mut(written..to)?
            .copy_from_slice(current.get(..count)?);
        std::mem::swap(&mut above, &mut current);
        (read, written) = (end, to);
    }
    data.truncate(written);
    Some(data)
}

fn paeth(left: u8, up: u8, up_left: u8) -> u8 {
    let [a, b, c] = [left, up, up_left].map(i16::from);
    let estimate = a.saturating_add(b).saturating_sub(c);
    let [from_a, from_b, from_c] = [a, b, c].map(|value| estimate.abs_diff(value));
    if from_a <= from_b && from_a <= from_c {
        left
    } else if from_b <= from_c {
        up
    } else {
        up_left
    }
}
