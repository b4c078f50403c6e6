//! Names and strings (ISO 32000-2, 7.3.4, 7.3.5): what their characters stand for.

use crate::cursor::Cursor;
use crate::{Expected, Name, PdfString, ReadError, ReadErrorKind, StringForm};

type Result<T> = std::result::Result<T, ReadError>;

/// A name behind its solidus, at which the cursor stands.
pub(super) fn name(cursor: &mut Cursor<'_>) -> Result<Name> {
    cursor.advance(1);
    let offset = cursor.offset();
    let run = cursor.regular_run();
    if !run.contains(&b'#') {
        return Ok(Name::new(run.to_vec()));
    }
    let mut octets = Vec::with_capacity(run.len());
    let mut rest = run;
    while let Some((first, tail)) = rest.split_first() {
        rest = tail;
        if *first != b'#' {
            octets.push(*first);
            continue;
        }
        // 7.3.5: a number sign is followed by two digits. Older files use it as itself.
        if let [high, low, after @ ..] = tail
            && let (Some(high), Some(low)) = (hex_digit(*high), hex_digit(*low))
        {
            octets.push((high << 4) | low);
            rest = after;
        } else {
            octets.push(b'#');
        }
    }
    if octets.contains(&0) {
        return Err(ReadError::unexpected(Expected::Name, offset));
    }
    Ok(Name::new(octets))
}

fn hex_digit(octet: u8) -> Option<u8> {
    char::from(octet)
        .to_digit(16)
        .and_then(|digit| u8::try_from(digit).ok())
}

/// A string between angle brackets.
pub(super) fn hexadecimal_string(cursor: &mut Cursor<'_>) -> Result<PdfString> {
    cursor.advance(1);
    // Reserve what stands there, not what is claimed: the closing bracket bounds it.
    let length = memchr::memchr(b'>', cursor.rest()).unwrap_or_default();
    let mut octets = Vec::with_capacity(length / 2);
    let pairs = plain_pairs(cursor.rest().get(..length).unwrap_or_default(), &mut octets);
    cursor.advance(pairs.saturating_mul(2));
    let mut pending = None;
    loop {
        let offset = cursor.offset();
        let octet = cursor
            .next()
            .ok_or(ReadError::new(ReadErrorKind::UnexpectedEnd, offset))?;
        if octet == b'>' {
            break;
        }
        if crate::cursor::is_white_space(octet) {
            continue;
        }
        let digit = hex_digit(octet).ok_or(ReadError::unexpected(Expected::HexDigit, offset))?;
        match pending.take() {
            None => pending = Some(digit),
            Some(high) => octets.push((high << 4) | digit),
        }
    }
    let form = match pending {
        None => StringForm::Hexadecimal,
        Some(high) => {
            octets.push(high << 4);
            StringForm::HexadecimalOdd
        }
    };
    Ok(PdfString { octets, form })
}

/// Digits that are decoded before it is looked whether all of them were digits.
const DIGITS_AT_ONCE: usize = 128;

/// Of an octet that is no digit; larger than any digit.
const NO_DIGIT: u8 = 0xFF;

/// The value of a digit, or [`NO_DIGIT`]: without a branch or a table, so that the compiler takes
/// many at a time.
const fn digit_value(octet: u8) -> u8 {
    let decimal = octet.wrapping_sub(b'0');
    let letter = (octet | 0x20).wrapping_sub(b'a');
    let lettered = if letter < 6 {
        letter.wrapping_add(10)
    } else {
        NO_DIGIT
    };
    if decimal < 10 { decimal } else { lettered }
}

/// Appends what pairs of digits mean, up to somewhere before the first that is none; gives their
/// number. The value of a signature has thousands of digits without a space.
fn plain_pairs(digits: &[u8], octets: &mut Vec<u8>) -> usize {
    let mut plain = 0_usize;
    let mut values = [0; DIGITS_AT_ONCE];
    let mut decoded = [0; DIGITS_AT_ONCE / 2];
    let (blocks, rest) = digits.as_chunks::<DIGITS_AT_ONCE>();
    for block in blocks {
        let mut all = 0;
        for (octet, value) in block.iter().zip(&mut values) {
            *value = digit_value(*octet);
            all |= *value;
        }
        if all > 15 {
            return plain;
        }
        for (pair, octet) in values.as_chunks::<2>().0.iter().zip(&mut decoded) {
            // As one number, whose halves the processor packs many at a time.
            let pair = u16::from_le_bytes(*pair);
            [*octet, _] = ((pair << 4) | (pair >> 8)).to_le_bytes();
        }
        octets.extend_from_slice(&decoded);
        plain = plain.saturating_add(decoded.len());
    }
    for [high, low] in rest.as_chunks::<2>().0 {
        let (high, low) = (digit_value(*high), digit_value(*low));
        if high | low > 15 {
            return plain;
        }
        octets.push((high << 4) | low);
        plain = plain.saturating_add(1);
    }
    plain
}

/// A string between parentheses.
pub(super) fn literal_string(cursor: &mut Cursor<'_>) -> Result<PdfString> {
    cursor.advance(1);
    let mut octets = Vec::new();
    let mut parentheses = 1_usize;
    loop {
        let offset = cursor.offset();
        let octet = cursor
            .next()
            .ok_or(ReadError::new(ReadErrorKind::UnexpectedEnd, offset))?;
        match octet {
            b'(' => parentheses = parentheses.saturating_add(1),
            b')' => {
                parentheses = parentheses.saturating_sub(1);
                if parentheses == 0 {
                    return Ok(PdfString {
                        octets,
                        form: StringForm::Literal,
                    });
                }
            }
            b'\\' => {
                octets.extend(escape(cursor));
                continue;
            }
            b'\r' => {
                // 7.3.4.2: any end of line inside a string means one line feed.
                cursor.accept(b"\n");
                octets.push(b'\n');
                continue;
            }
            _ => {}
        }
        octets.push(octet);
    }
}

/// The octet an escape sequence stands for (7.3.4.2, table 3).
fn escape(cursor: &mut Cursor<'_>) -> Option<u8> {
    let octet = cursor.next()?;
    match octet {
        b'n' => Some(b'\n'),
        b'r' => Some(b'\r'),
        b't' => Some(b'\t'),
        b'b' => Some(8),
        b'f' => Some(12),
        b'\n' => None,
        b'\r' => {
            cursor.accept(b"\n");
            None
        }
        b'0'..=b'7' => {
            let mut value = u16::from(octet & 7);
            for _ in 0..2 {
                match cursor.peek() {
                    Some(digit @ b'0'..=b'7') => {
                        value = (value << 3) | u16::from(digit & 7);
                        cursor.advance(1);
                    }
                    _ => break,
                }
            }
            // High-order overflow is ignored.
            Some(value.to_be_bytes()[1])
        }
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_octet_is_the_digit_that_it_is_or_none() {
        for octet in 0..=u8::MAX {
            let expected = hex_digit(octet).unwrap_or(NO_DIGIT);
            assert_eq!(digit_value(octet), expected, "{octet}");
        }
    }

    #[test]
    fn a_long_string_means_the_same_wherever_something_stands_between_its_digits() {
        let octets: Vec<u8> = (0..=u8::MAX).cycle().take(700).collect();
        let digits: String = octets.iter().map(|octet| format!("{octet:02x}")).collect();
        for place in (0..=digits.len()).step_by(7) {
            let (before, after) = digits.split_at(place);
            for between in ["", " ", "\r\n"] {
                let text = format!("<{before}{between}{after}>");
                let read = hexadecimal_string(&mut Cursor::new(text.as_bytes(), 0)).unwrap();
                assert_eq!(read.octets, octets, "{place} {between:?}");
            }
            let text = format!("<{before}g{after}>");
            let error = hexadecimal_string(&mut Cursor::new(text.as_bytes(), 0)).unwrap_err();
            assert_eq!(error.offset, place + 1);
        }
    }
}
