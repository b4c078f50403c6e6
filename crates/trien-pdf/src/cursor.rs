//! The lexical level of ISO 32000-2, 7.2: white space, comments, tokens.
//! Knows nothing of objects' meaning.

/// White-space characters (7.2.3, table 1).
pub(crate) const fn is_white_space(octet: u8) -> bool {
    matches!(octet, 0 | 9 | 10 | 12 | 13 | 32)
}

/// Delimiter characters (7.2.3, table 2).
pub(crate) const fn is_delimiter(octet: u8) -> bool {
    matches!(
        octet,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// Regular characters by their octets: a pass over a file asks this of every one.
#[expect(
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "a table made when this is compiled: whatever is wrong in it does not compile"
)]
const REGULAR: [bool; 256] = {
    let mut regular = [false; 256];
    let mut octet = 0;
    while octet < 256 {
        regular[octet] = !is_white_space(octet as u8) && !is_delimiter(octet as u8);
        octet += 1;
    }
    regular
};

pub(crate) fn is_regular(octet: u8) -> bool {
    REGULAR.get(usize::from(octet)).copied().unwrap_or(false)
}

/// A place in bytes that moves forward.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    offset: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8], offset: usize) -> Self {
        Self { bytes, offset }
    }

    pub(crate) const fn offset(&self) -> usize {
        self.offset
    }

    pub(crate) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.offset..).unwrap_or_default()
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.offset).copied()
    }

    pub(crate) fn advance(&mut self, octets: usize) {
        self.offset = self.offset.saturating_add(octets).min(self.bytes.len());
    }

    pub(crate) fn next(&mut self) -> Option<u8> {
        let octet = self.peek()?;
        self.advance(1);
        Some(octet)
    }

    /// Moves behind white space only.
    pub(crate) fn skip_spaces(&mut self) {
        let spaces = self
            .rest()
            .iter()
            .take_while(|octet| is_white_space(**octet))
            .count();
        self.advance(spaces);
    }

    /// Moves behind white space and comments (7.2.4).
    pub(crate) fn skip_white_space(&mut self) {
        loop {
            self.skip_spaces();
            if self.peek() != Some(b'%') {
                return;
            }
            let comment = self
                .rest()
                .iter()
                .take_while(|octet| !matches!(**octet, b'\r' | b'\n'))
                .count();
            self.advance(comment);
        }
    }

    /// Moves behind `keyword` if it stands here and ends here.
    pub(crate) fn accept_keyword(&mut self, keyword: &[u8]) -> bool {
        let rest = self.rest();
        let ends = rest
            .get(keyword.len())
            .is_none_or(|octet| !is_regular(*octet));
        if rest.starts_with(keyword) && ends {
            self.advance(keyword.len());
            return true;
        }
        false
    }

    /// Moves behind `text` if it stands here, whatever follows.
    pub(crate) fn accept(&mut self, text: &[u8]) -> bool {
        let here = self.rest().starts_with(text);
        if here {
            self.advance(text.len());
        }
        here
    }

    /// The run of regular characters here; moves behind it.
    pub(crate) fn regular_run(&mut self) -> &'a [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|octet| is_regular(**octet)).count();
        self.advance(length);
        rest.get(..length).unwrap_or_default()
    }

    /// As [`Cursor::unsigned`], of so many digits at most.
    pub(crate) fn unsigned_of(&mut self, digits: usize) -> Option<u64> {
        let mut ahead = self.clone();
        let value = ahead.unsigned()?;
        if ahead.offset.saturating_sub(self.offset) > digits {
            return None;
        }
        *self = ahead;
        Some(value)
    }

    /// Digits of an integer that is not negative; does not move when there are none.
    pub(crate) fn unsigned(&mut self) -> Option<u64> {
        let rest = self.rest();
        let digits = rest.iter().take_while(|octet| octet.is_ascii_digit());
        let digits = digits.count();
        // A run that goes on with anything else is no number.
        if rest.get(digits).is_some_and(|octet| is_regular(*octet)) {
            return None;
        }
        let value = parse_unsigned(rest.get(..digits)?)?;
        self.advance(digits);
        Some(value)
    }
}

/// The value of a run of decimal digits, if it is one and fits 64 bits.
pub(crate) fn parse_unsigned(run: &[u8]) -> Option<u64> {
    if run.is_empty() {
        return None;
    }
    run.iter().try_fold(0_u64, |value, octet| {
        if !octet.is_ascii_digit() {
            return None;
        }
        value.checked_mul(10)?.checked_add(u64::from(octet & 0x0F))
    })
}
