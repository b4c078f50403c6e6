//! Hexadecimal text of octets, for identifiers and fingerprints.

use std::fmt;

/// Why a text is not the hexadecimal form of whole octets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HexError {
    /// The character at this position (in characters from the start) is no hexadecimal digit.
    NotADigit {
        /// Position in characters, from 0.
        position: usize,
    },
    /// The number of digits is odd.
    OddLength,
}

impl fmt::Display for HexError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotADigit { position } => {
                write!(formatter, "character {position} is no hexadecimal digit")
            }
            Self::OddLength => write!(formatter, "the number of hexadecimal digits is odd"),
        }
    }
}

impl std::error::Error for HexError {}

/// Lower-case hexadecimal text of `octets`.
#[must_use]
pub fn encode_hex(octets: &[u8]) -> String {
    let mut text = String::with_capacity(octets.len().saturating_mul(2));
    for octet in octets {
        for nibble in [octet >> 4, octet & 15] {
            text.extend(char::from_digit(u32::from(nibble), 16));
        }
    }
    text
}

/// The octets that `text` writes in hexadecimal digits of either case.
///
/// # Errors
/// A character that is no digit, or an odd number of digits.
pub fn decode_hex(text: &str) -> Result<Vec<u8>, HexError> {
    let mut octets = Vec::with_capacity(text.len() / 2);
    let mut high = None;
    for (position, character) in text.chars().enumerate() {
        let digit = character
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or(HexError::NotADigit { position })?;
        match high.take() {
            None => high = Some(digit),
            Some(first) => octets.push((first << 4) | digit),
        }
    }
    if high.is_some() {
        return Err(HexError::OddLength);
    }
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_text_goes_there_and_back() {
        assert_eq!(encode_hex(&[0, 0x9a, 0xff]), "009aff");
        assert_eq!(decode_hex("009AfF"), Ok(vec![0, 0x9a, 0xff]));
        assert_eq!(decode_hex("0"), Err(HexError::OddLength));
        assert_eq!(decode_hex("0g"), Err(HexError::NotADigit { position: 1 }));
    }
}
