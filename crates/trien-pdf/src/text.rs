//! Text strings (ISO 32000-2, 7.9.2.2) and dates (7.9.4).

use trien_types::{CivilTime, UnixTime, UtcOffset};

use crate::{PdfString, StringForm};

/// `PDFDocEncoding` (annex D.3) from 0x80 to 0x9F; 0x9F is undefined.
const HIGH: [char; 32] = [
    '\u{2022}', '\u{2020}', '\u{2021}', '\u{2026}', '\u{2014}', '\u{2013}', '\u{0192}', '\u{2044}',
    '\u{2039}', '\u{203A}', '\u{2212}', '\u{2030}', '\u{201E}', '\u{201C}', '\u{201D}', '\u{2018}',
    '\u{2019}', '\u{201A}', '\u{2122}', '\u{FB01}', '\u{FB02}', '\u{0141}', '\u{0152}', '\u{0160}',
    '\u{0178}', '\u{017D}', '\u{0131}', '\u{0142}', '\u{0153}', '\u{0161}', '\u{017E}', '\u{FFFD}',
];

/// `PDFDocEncoding` from 0x18 to 0x1F.
const LOW: [char; 8] = [
    '\u{02D8}', '\u{02C7}', '\u{02C6}', '\u{02D9}', '\u{02DD}', '\u{02DB}', '\u{02DA}', '\u{02DC}',
];

/// The text that a text string holds: UTF-16BE or UTF-8 behind its mark, else `PDFDocEncoding`.
#[must_use]
pub fn decode_text(string: &PdfString) -> String {
    match string.octets.as_slice() {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Not in the standard, but met: the mark of little-endian UTF-16.
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        octets => octets.iter().map(|octet| pdf_doc(*octet)).collect(),
    }
}

fn utf16(octets: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = octets.chunks_exact(2).map(|pair| match pair {
        [first, second] => unit([*first, *second]),
        _ => 0xFFFD,
    });
    char::decode_utf16(units)
        .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

fn pdf_doc(octet: u8) -> char {
    match octet {
        0x18..=0x1F => LOW.get(usize::from(octet & 7)).copied(),
        0x80..=0x9F => HIGH.get(usize::from(octet & 31)).copied(),
        0xA0 => Some('\u{20AC}'),
        other => Some(char::from(other)),
    }
    .unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// A text string for `text`: ASCII as it is, everything else as UTF-16BE, which every reader knows.
#[must_use]
pub fn encode_text(text: &str) -> PdfString {
    if text.bytes().all(|octet| matches!(octet, 0x20..=0x7E)) {
        return PdfString {
            octets: text.as_bytes().to_vec(),
            form: StringForm::Literal,
        };
    }
    let mut octets = vec![0xFE, 0xFF];
    octets.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    PdfString {
        octets,
        form: StringForm::Hexadecimal,
    }
}

/// A date as ISO 32000-2, 7.9.4 writes it, with its offset; `None` when it names no moment.
///
/// Missing parts have the standard's defaults; a missing offset counts as UTC.
#[must_use]
pub fn decode_date(string: &PdfString) -> Option<(UnixTime, UtcOffset)> {
    let text = decode_text(string);
    let text = text.trim();
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
    let rest = text.get(digits.len()..)?;
    let part = |start: usize, end: usize, default: i8| -> Option<i8> {
        match digits.get(start..end) {
            Some(digits) => digits.parse().ok(),
            None if digits.len() <= start => Some(default),
            None => None,
        }
    };
    let year: i16 = digits.get(0..4)?.parse().ok()?;
    let date = (year, part(4, 6, 1)?, part(6, 8, 1)?);
    let time = (part(8, 10, 0)?, part(10, 12, 0)?, part(12, 14, 0)?);
    let offset = decode_offset(rest)?;
    let moment = UnixTime::from_civil(CivilTime::new(date, time, offset)).ok()?;
    Some((moment, offset))
}

fn decode_offset(text: &str) -> Option<UtcOffset> {
    let mut characters = text.chars();
    let sign = match characters.next() {
        None | Some('Z') => return Some(UtcOffset::UTC),
        Some('+') => 1_i16,
        Some('-') => -1,
        Some(_) => return None,
    };
    let digits: String = characters.filter(char::is_ascii_digit).collect();
    let hours: i16 = digits.get(0..2)?.parse().ok()?;
    let minutes: i16 = digits.get(2..4).unwrap_or("0").parse().ok()?;
    let total = hours
        .checked_mul(60)?
        .checked_add(minutes)?
        .checked_mul(sign)?;
    UtcOffset::from_minutes(total).ok()
}

/// The date string of a moment at an offset, `D:20260531080000+07'00'`; `None` outside the
/// years 0 to 9999.
#[must_use]
pub fn encode_date(time: UnixTime, offset: UtcOffset) -> Option<PdfString> {
    let civil = time.to_civil(offset).ok().filter(|civil| civil.year >= 0)?;
    let sign = if offset.minutes() < 0 { '-' } else { '+' };
    let minutes = offset.minutes().unsigned_abs();
    let text = format!(
        "D:{:04}{:02}{:02}{:02}{:02}{:02}{sign}{:02}'{:02}'",
        civil.year,
        civil.month,
        civil.day,
        civil.hour,
        civil.minute,
        civil.second,
        minutes / 60,
        minutes % 60
    );
    Some(PdfString {
        octets: text.into_bytes(),
        form: StringForm::Literal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_text_goes_there_and_back() {
        let text = "Trường Tiểu học Thử Nghiệm";
        assert_eq!(decode_text(&encode_text(text)), text);
        assert_eq!(encode_text("HieuTruong").octets, b"HieuTruong");
    }

    #[test]
    fn dates_go_there_and_back() {
        let time = UnixTime::from_rfc3339("2026-05-31T08:00:00+07:00").unwrap();
        let written = encode_date(time, UtcOffset::VIETNAM).unwrap();
        assert_eq!(written.octets, b"D:20260531080000+07'00'");
        assert_eq!(decode_date(&written), Some((time, UtcOffset::VIETNAM)));
    }

    #[test]
    fn short_and_odd_dates_are_read_or_refused() {
        let date = |text: &str| {
            decode_date(&PdfString {
                octets: text.into(),
                form: StringForm::Literal,
            })
            .map(|(time, _)| time.to_rfc3339(UtcOffset::UTC))
        };
        assert_eq!(date("D:2026").as_deref(), Some("2026-01-01T00:00:00+00:00"));
        assert_eq!(
            date("D:20260531010203Z00'00'").as_deref(),
            Some("2026-05-31T01:02:03+00:00")
        );
        assert_eq!(date("D:20260230"), None);
        assert_eq!(date("yesterday"), None);
    }
}
