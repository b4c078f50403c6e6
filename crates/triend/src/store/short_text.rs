//! A line of text that people read: a name, a number, a reference.
//! Does not know what it says.

use std::error::Error;
use std::fmt;

/// The longest line, in characters. Names of bodies stay under 150, references to decisions under
/// 200; the rest is room.
const LONGEST_CHARACTERS: usize = 300;

/// One line of 1 to 300 characters without control characters and without those that turn the
/// direction of writing, which make a text look like another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ShortText(String);

/// Why a text is no [`ShortText`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextFault {
    /// Nothing but blanks.
    Empty,
    /// More than 300 characters.
    TooLong,
    /// The character at this position (in characters, from 0) cannot be seen or turns the writing.
    Unprintable {
        /// Position in characters, from 0.
        position: usize,
    },
}

impl ShortText {
    /// Takes a text without the blanks around it.
    ///
    /// # Errors
    /// It is empty, too long, or holds characters that cannot be seen.
    pub fn new(text: &str) -> Result<Self, TextFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextFault::Empty);
        }
        // Stops counting where it is too long already, however long the text is.
        if text.chars().nth(LONGEST_CHARACTERS).is_some() {
            return Err(TextFault::TooLong);
        }
        match text.chars().position(is_unprintable) {
            Some(position) => Err(TextFault::Unprintable { position }),
            None => Ok(Self(text.to_owned())),
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Control characters, line ends, the bidirectional controls of Unicode (UAX #9, 2), and what is
/// drawn as nothing at all (`Default_Ignorable_Code_Point`, and the annotations beside it).
pub(crate) const fn is_unprintable(character: char) -> bool {
    matches!(
        character,
        '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

impl fmt::Display for ShortText {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for TextFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => formatter.write_str("the text is empty"),
            Self::TooLong => write!(
                formatter,
                "the text is longer than {LONGEST_CHARACTERS} characters"
            ),
            Self::Unprintable { position } => {
                let place = position.saturating_add(1);
                write!(formatter, "character {place} of the text cannot be seen")
            }
        }
    }
}

impl Error for TextFault {}

impl rusqlite::ToSql for ShortText {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        Ok(self.0.as_str().into())
    }
}

impl rusqlite::types::FromSql for ShortText {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        // As it stands: a text that was altered in the file is for the check to find, and must not
        // keep anybody from reading the rest.
        value.as_str().map(|text| Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vietnamese_lines_are_taken_and_trimmed() {
        let text = ShortText::new("  Trường Tiểu học Chu Văn An ").unwrap();
        assert_eq!(text.as_str(), "Trường Tiểu học Chu Văn An");
    }

    #[test]
    fn lines_that_look_like_others_are_refused() {
        assert_eq!(ShortText::new(" \t"), Err(TextFault::Empty));
        assert_eq!(
            ShortText::new("a\u{202e}b"),
            Err(TextFault::Unprintable { position: 1 })
        );
        assert_eq!(
            ShortText::new("a\nb"),
            Err(TextFault::Unprintable { position: 1 })
        );
        for unseen in ['\u{ad}', '\u{200b}', '\u{2066}', '\u{3164}', '\u{e0041}'] {
            assert_eq!(
                ShortText::new(&format!("a{unseen}b")),
                Err(TextFault::Unprintable { position: 1 }),
                "{unseen:?}"
            );
        }
        // Vietnamese in combining characters is not touched.
        assert!(ShortText::new("e\u{302}\u{309}").is_ok());
        assert!(ShortText::new(&"ề".repeat(300)).is_ok());
        assert_eq!(ShortText::new(&"ề".repeat(301)), Err(TextFault::TooLong));
    }
}
