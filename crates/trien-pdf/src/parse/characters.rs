//! Names and strings (ISO 32000-2, 7.3.4, 7.3.5): what their characters stand for.

use crate::cursor::Cursor;
use crate::{Expected, Name, PdfString, ReadError, ReadErrorKind, StringForm};

type Result<T> = std::result::Result<T, ReadError>;

/// A name behind its solidus, at which the cursor stands.
pub(super) fn name(cursor: &mut Cursor<'_>) -> Result<Name> {
    cursor.advance(1);
    let offset = cursor.offset();
    let run = cursor.regular_run();
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

/// The value of each octet as a hexadecimal digit; [`NO_DIGIT`] where it is none.
#[expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "a table made when this is compiled: whatever is wrong in it does not compile"
)]
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 10 {
        digits[b'0' as usize + value] = value as u8;
        value += 1;
    }
    while value < 16 {
        digits[b'A' as usize + value - 10] = value as u8;
        digits[b'a' as usize + value - 10] = value as u8;
        value += 1;
    }
    digits
};

/// Larger than any digit, so that it stays visible in the upper half of a pair.
const NO_DIGIT: u8 = 0xFF;

/// Pairs of digits that are decoded before it is looked whether all of them were digits.
const PAIRS_AT_ONCE: usize = 64;

/// Appends what pairs of digits mean, up to somewhere before the first that is none; gives their
/// number. The value of a signature has thousands of digits without a space.
fn plain_pairs(digits: &[u8], octets: &mut Vec<u8>) -> usize {
    let value = |digit: u8| DIGITS.get(usize::from(digit)).copied().unwrap_or(NO_DIGIT);
    let (pairs, _) = digits.as_chunks::<2>();
    let mut plain = 0_usize;
    let mut decoded = [0; PAIRS_AT_ONCE];
    for block in pairs.chunks(PAIRS_AT_ONCE) {
        let mut all = 0;
        for ([high, low], octet) in block.iter().zip(&mut decoded) {
            let (high, low) = (value(*high), value(*low));
            all |= high | low;
            *octet = (high << 4) | low;
        }
        if all > 15 {
            break;
        }
        octets.extend_from_slice(decoded.get(..block.len()).unwrap_or_default());
        plain = plain.saturating_add(block.len());
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
