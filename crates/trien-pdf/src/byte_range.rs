//! The signed spans of a PDF signature and the gap between them (ISO 32000-2, 12.8.1).
//! Knows nothing of hashes, CMS or certificates.

use std::fmt;

use crate::{Dictionary, Object, Span, StringForm};

/// Why /ByteRange and /Contents do not name two spans around this dictionary's own value.
/// ATTACKS.md, section 2, has a row for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ByteRangeError {
    /// /ByteRange is absent.
    Absent,
    /// It is no direct array of direct integers that are not negative.
    NotIntegers,
    /// It holds another number of integers than four.
    NotTwoSpans {
        /// How many integers it holds.
        integers: usize,
    },
    /// The first span does not start at octet 0.
    StartsLater,
    /// A span reaches beyond the end of the file, or the spans overlap or are empty.
    OutsideFile,
    /// /Contents is absent or null.
    ContentsAbsent,
    /// /Contents is no direct hexadecimal string.
    ContentsNotHexadecimal,
    /// /Contents holds nothing but zeros: the place was prepared, and nobody signed.
    ContentsUnfilled,
    /// The gap between the spans is not exactly this dictionary's /Contents. What the spans hold
    /// can still be compared with the signature; what the file shows is not what was signed.
    GapIsNotContents {
        /// The spans as declared, inside the file and in order.
        declared: [Span; 2],
    },
    /// A key stands twice in the signature dictionary, so that readers disagree on its value.
    DuplicateKey,
    /// The signature dictionary is in an object stream, where no gap can be.
    InObjectStream,
}

impl fmt::Display for ByteRangeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Absent => "the signature has no /ByteRange",
            Self::NotIntegers => "/ByteRange is no array of integers from 0",
            Self::NotTwoSpans { integers } => {
                return write!(formatter, "/ByteRange holds {integers} integers, not 4");
            }
            Self::StartsLater => "the signed octets do not start with the file's first",
            Self::OutsideFile => "/ByteRange reaches outside the file or overlaps itself",
            Self::ContentsAbsent => "the signature has no /Contents",
            Self::ContentsNotHexadecimal => "/Contents is no hexadecimal string",
            Self::ContentsUnfilled => "the place for a signature is prepared but nobody signed",
            Self::GapIsNotContents { .. } => {
                "the octets left out of the signature are not exactly its own /Contents"
            }
            Self::DuplicateKey => "a key stands twice in the signature dictionary",
            Self::InObjectStream => "the signature dictionary is in an object stream",
        };
        formatter.write_str(text)
    }
}

impl std::error::Error for ByteRangeError {}

/// Two spans of the file, the first from octet 0, with a gap that is exactly the /Contents of the
/// dictionary they were read from. Cannot hold anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ByteRange {
    gap: Span,
    end: usize,
}

impl ByteRange {
    /// Reads /ByteRange of a signature dictionary that stands in `bytes`; the spans of its
    /// entries are offsets in `bytes`.
    pub(crate) fn parse(dictionary: &Dictionary, bytes: &[u8]) -> Result<Self, ByteRangeError> {
        if dictionary.duplicate_key().is_some() {
            return Err(ByteRangeError::DuplicateKey);
        }
        let contents = contents(dictionary)?;
        let numbers = match dictionary.get("ByteRange") {
            None | Some(Object::Null) => return Err(ByteRangeError::Absent),
            Some(Object::Array(elements)) => elements
                .iter()
                .map(Object::as_usize)
                .collect::<Option<Vec<usize>>>()
                .ok_or(ByteRangeError::NotIntegers)?,
            Some(_) => return Err(ByteRangeError::NotIntegers),
        };
        let [first, first_octets, second, second_octets] = numbers.as_slice() else {
            return Err(ByteRangeError::NotTwoSpans {
                integers: numbers.len(),
            });
        };
        if *first != 0 {
            return Err(ByteRangeError::StartsLater);
        }
        let end = second
            .checked_add(*second_octets)
            .ok_or(ByteRangeError::OutsideFile)?;
        if *first_octets == 0 || first_octets > second || *second_octets == 0 || end > bytes.len() {
            return Err(ByteRangeError::OutsideFile);
        }
        let gap = Span::new(*first_octets, *second);
        // The entry's span is where the parser read the value, so equal spans prove that the gap
        // is this token, `<` and `>` included, and not a look-alike.
        let range = Self { gap, end };
        if contents != gap {
            return Err(ByteRangeError::GapIsNotContents {
                declared: range.spans(),
            });
        }
        Ok(range)
    }

    /// The spans of an update that is being prepared; the caller laid them out.
    pub(crate) const fn prepared(gap: Span, end: usize) -> Self {
        Self { gap, end }
    }

    /// The octets left out: the /Contents token with its brackets.
    #[must_use]
    pub const fn gap(&self) -> Span {
        self.gap
    }

    /// The two signed spans.
    #[must_use]
    pub const fn spans(&self) -> [Span; 2] {
        [
            Span::new(0, self.gap.start()),
            Span::new(self.gap.end(), self.end),
        ]
    }

    /// The octet behind the last signed one.
    #[must_use]
    pub const fn end(&self) -> usize {
        self.end
    }
}

/// Where /Contents stands, if it is a filled hexadecimal string.
fn contents(dictionary: &Dictionary) -> Result<Span, ByteRangeError> {
    let entry = dictionary
        .entry("Contents")
        .ok_or(ByteRangeError::ContentsAbsent)?;
    match &entry.value {
        Object::Null => Err(ByteRangeError::ContentsAbsent),
        Object::String(string) if string.form == StringForm::Literal => {
            Err(ByteRangeError::ContentsNotHexadecimal)
        }
        Object::String(string) if string.octets.iter().all(|octet| *octet == 0) => {
            Err(ByteRangeError::ContentsUnfilled)
        }
        Object::String(_) => Ok(entry.span),
        Object::Array(_)
        | Object::Boolean(_)
        | Object::Dictionary(_)
        | Object::Integer(_)
        | Object::Name(_)
        | Object::Real(_)
        | Object::Reference(_)
        | Object::Stream(_) => Err(ByteRangeError::ContentsNotHexadecimal),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use trien_types::Limits;

    #[allow(clippy::unwrap_in_result, reason = "the result is what is tested")]
    /// Parses a dictionary that stands at octet 5 of a file of 100 octets.
    fn parse(dictionary: &str) -> Result<ByteRange, ByteRangeError> {
        let mut bytes = b"%PDF-".to_vec();
        bytes.extend_from_slice(dictionary.as_bytes());
        bytes.resize(100, b' ');
        let mut cursor = crate::cursor::Cursor::new(&bytes, 5);
        match crate::parse::direct_object(&mut cursor, &Limits::default()).unwrap() {
            Object::Dictionary(dictionary) => ByteRange::parse(&dictionary, &bytes),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn two_spans_around_contents_are_taken() {
        let range = parse("<</Contents<0aff>/ByteRange[0 16 22 78]>>").unwrap();
        assert_eq!(range.spans(), [Span::new(0, 16), Span::new(22, 100)]);
    }

    #[test]
    fn b1_byte_range_must_be_four_direct_integers() {
        assert_eq!(parse("<</Contents<0aff>>>"), Err(ByteRangeError::Absent));
        for range in [
            "[0 16 22. 78]",
            "[0 16 22 -78]",
            "(x)",
            "4 0 R",
            "[0 16 22 4 0 R]",
        ] {
            let text = format!("<</Contents<0aff>/ByteRange {range}>>");
            assert_eq!(parse(&text), Err(ByteRangeError::NotIntegers), "{range}");
        }
    }

    #[test]
    fn b2_more_than_two_spans_are_refused() {
        let error = parse("<</Contents<0aff>/ByteRange[0 16 22 8 40 4]>>").unwrap_err();
        assert_eq!(error, ByteRangeError::NotTwoSpans { integers: 6 });
    }

    #[test]
    fn b3_spans_stay_inside_the_file() {
        for range in [
            "0 16 22 79",
            "0 22 16 84",
            "0 16 22 0",
            "0 16 18446744073709551615 1",
        ] {
            let text = format!("<</Contents<0aff>/ByteRange[{range}]>>");
            assert!(parse(&text).is_err(), "{range}");
        }
    }

    #[test]
    fn b4_a_first_span_that_starts_later_is_rejected() {
        let error = parse("<</Contents<0aff>/ByteRange[1 15 22 78]>>").unwrap_err();
        assert_eq!(error, ByteRangeError::StartsLater);
    }

    #[test]
    fn b5_the_gap_is_the_token_and_nothing_else() {
        for range in ["0 15 22 78", "0 16 23 77", "0 17 21 79"] {
            let text = format!("<</Contents<0aff>/ByteRange[{range}]>>");
            let error = parse(&text).unwrap_err();
            assert!(
                matches!(error, ByteRangeError::GapIsNotContents { .. }),
                "{range}"
            );
        }
    }

    #[test]
    fn b6_b7_b8_contents_is_one_filled_hexadecimal_string() {
        let error = |text: &str| parse(text).unwrap_err();
        assert_eq!(
            error("<</Contents<0a>/Contents<0a>/ByteRange[0 16 22 78]>>"),
            ByteRangeError::DuplicateKey
        );
        assert_eq!(
            error("<</ByteRange[0 16 22 78]>>"),
            ByteRangeError::ContentsAbsent
        );
        assert_eq!(
            error("<</Contents<0000>/ByteRange[0 16 22 78]>>"),
            ByteRangeError::ContentsUnfilled
        );
        assert_eq!(
            error("<</Contents(0aff)/ByteRange[0 16 22 78]>>"),
            ByteRangeError::ContentsNotHexadecimal
        );
    }
}
