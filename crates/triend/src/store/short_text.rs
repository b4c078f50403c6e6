//! A line of text that people read: a name, a number, a reference.
//! Does not know what it says.

use std::error::Error;
use std::fmt;

use unicode_normalization::char::is_combining_mark;

/// The longest line, in characters. Names of bodies stay under 150, references to decisions under
/// 200; the rest is room.
const LONGEST_CHARACTERS: usize = 300;

/// As many marks above and below one letter as any writing has: Vietnamese has two, Burmese six. With
/// more, a line covers its neighbours.
const MOST_MARKS: usize = 8;

/// One line of 1 to 300 characters without control characters, without those that turn the direction of
/// writing or are drawn as nothing, which make a text look like another one, and without marks that have
/// no letter or are piled on one. Within an emoji (UTS #51, 1.4) what chooses and joins its parts belongs
/// to what is seen.
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
        match first_unseen(text) {
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

/// The position of the first character, from 0, that people do not see as it is: see [`ShortText`].
pub(crate) fn first_unseen(text: &str) -> Option<usize> {
    let mut seen = Seen::default();
    with_next(text).position(|(character, next)| !seen.takes(character, next))
}

/// As much of a text as people see as it is: see [`ShortText`].
pub(crate) fn visible_part(text: &str) -> impl Iterator<Item = char> {
    let mut seen = Seen::default();
    with_next(text)
        .filter(move |(character, next)| seen.takes(*character, *next))
        .map(|(character, _)| character)
}

/// Each character with the one behind it.
fn with_next(text: &str) -> impl Iterator<Item = (char, Option<char>)> {
    let next = text.chars().skip(1).map(Some).chain([None]);
    text.chars().zip(next)
}

/// What marks stand on, while a text is read.
#[derive(Debug, Default)]
struct Seen {
    has_letter: bool,
    marks: usize,
    emoji: Emoji,
}

/// How far an emoji goes before the next character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Emoji {
    /// Nothing that is part of one.
    #[default]
    None,
    /// A character that can be one: what says how it is drawn may follow, or another one that it is
    /// joined with.
    Base,
    /// It is said how it is drawn: what joins it with another one may follow.
    Presented,
    /// A character that is on a keycap where that follows.
    Key,
}

/// Draws what stands before it on a keycap (UTS #51, ED-14c).
const KEYCAP: char = '\u{20e3}';

/// Joins two emoji into one picture (UTS #51, ED-16).
const JOINER: char = '\u{200d}';

impl Seen {
    /// Whether a character is seen as it is, behind those that were taken and before the next one.
    fn takes(&mut self, character: char, next: Option<char>) -> bool {
        if self.is_within_emoji(character, next) {
            self.emoji = Emoji::Presented;
            return true;
        }
        if is_combining_mark(character) && !is_unprintable(character) {
            let stands = self.has_letter && self.marks < MOST_MARKS;
            self.marks = self.marks.saturating_add(usize::from(stands));
            self.emoji = Emoji::None;
            return stands;
        }
        let taken = !is_unprintable(character);
        if taken {
            *self = Self {
                has_letter: !character.is_whitespace(),
                marks: 0,
                emoji: Emoji::begun_by(character),
            };
        }
        taken
    }

    /// Whether a character that is drawn as nothing itself is part of the emoji before it: a choice
    /// between text and picture, or what joins it with the emoji that follows.
    fn is_within_emoji(&self, character: char, next: Option<char>) -> bool {
        match (self.emoji, character) {
            (Emoji::Base, '\u{fe0e}' | '\u{fe0f}') => true,
            (Emoji::Key, '\u{fe0f}') => next == Some(KEYCAP),
            (Emoji::Base | Emoji::Presented, JOINER) => next.is_some_and(can_be_emoji),
            _ => false,
        }
    }
}

impl Emoji {
    const fn begun_by(character: char) -> Self {
        match character {
            '0'..='9' | '#' | '*' => Self::Key,
            _ if can_be_emoji(character) => Self::Base,
            _ => Self::None,
        }
    }
}

/// The blocks of Unicode that emoji stand in, and those that stand alone elsewhere (emoji-data.txt,
/// `Emoji`), without what is on keys. Other signs in these blocks are pictures too.
const fn can_be_emoji(character: char) -> bool {
    matches!(
        character,
        '\u{a9}'
            | '\u{ae}'
            | '\u{203c}'
            | '\u{2049}'
            | '\u{2122}'
            | '\u{2139}'
            | '\u{2194}'..='\u{21aa}'
            | '\u{231a}'..='\u{23ff}'
            | '\u{24c2}'
            | '\u{25aa}'..='\u{25fe}'
            | '\u{2600}'..='\u{27bf}'
            | '\u{2934}'..='\u{2935}'
            | '\u{2b05}'..='\u{2b55}'
            | '\u{3030}'
            | '\u{303d}'
            | '\u{3297}'
            | '\u{3299}'
            | '\u{1f000}'..='\u{1faff}'
    )
}

/// Control characters, line ends, the bidirectional controls of Unicode (UAX #9, 2), what is drawn as
/// nothing at all (`Default_Ignorable_Code_Point`, the annotations beside it, blank signs), and what each
/// font draws as it likes (private use).
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
            | '\u{2800}'
            | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffc}'
            | '\u{fffe}'..='\u{ffff}'
            | '\u{13430}'..='\u{1345f}'
            | '\u{16fe4}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{10ffff}'
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
    fn names_with_emoji_are_taken_as_they_are() {
        for name in [
            "Học bạ ❤️.pdf",
            "Học bạ ☎︎.pdf",
            "⭐ Lớp 5A 👍🏽.pdf",
            "👩‍🏫 cô Hòa.pdf",
            "👨‍👩‍👧‍👦 phụ huynh",
            "❤️‍🔥",
            "🏳️‍🌈",
            "🇻🇳 Việt Nam",
            "1️⃣ Học bạ.pdf",
        ] {
            assert_eq!(ShortText::new(name).unwrap().as_str(), name);
            assert_eq!(visible_part(name).collect::<String>(), name);
        }
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
        for unseen in [
            '\u{ad}',
            '\u{200b}',
            '\u{2066}',
            '\u{2800}',
            '\u{3164}',
            '\u{e000}',
            '\u{fe0f}',
            '\u{fffc}',
            '\u{1d159}',
            '\u{e0041}',
            '\u{f0000}',
            '\u{10ffff}',
        ] {
            assert_eq!(
                ShortText::new(&format!("a{unseen}b")),
                Err(TextFault::Unprintable { position: 1 }),
                "{unseen:?}"
            );
        }
        // Marks that stand on nothing, or are piled up.
        for (marks, position) in [
            ("\u{301}".to_owned(), 0),
            ("\u{20dd} a".to_owned(), 0),
            ("a \u{301}b".to_owned(), 2),
            (format!("a{}b", "\u{301}".repeat(9)), 9),
        ] {
            assert_eq!(
                ShortText::new(&marks),
                Err(TextFault::Unprintable { position }),
                "{marks:?}"
            );
        }
        let part: String = visible_part("\u{301}a\u{2800}\u{301} \u{301}\u{e000}b").collect();
        assert_eq!(part, "a\u{301} b");
        assert!(ShortText::new(&format!("a{}b", "\u{301}".repeat(8))).is_ok());
        // Other writings are, from either side, and Burmese has many marks.
        for text in ["בית ספר", "مدرسة", "学校", "កម្ពុជា", "မြို့သို့"]
        {
            assert!(ShortText::new(text).is_ok(), "{text}");
        }
        // What joins and chooses emoji belongs nowhere else, and comes once.
        for (text, position) in [
            ("a\u{200d}b", 1),
            ("\u{200d}❤", 0),
            ("❤\u{200d}", 1),
            ("❤\u{200d}a", 1),
            ("❤\u{200d}\u{200d}🔥", 1),
            ("❤\u{fe0f}\u{fe0f}", 2),
            ("a\u{fe0f}", 1),
            ("1\u{fe0f}", 1),
            ("1\u{fe0f}a", 1),
            ("❤\u{301}\u{fe0f}", 2),
            ("❤\u{200b}", 1),
            ("❤\u{202e}", 1),
        ] {
            let refused = Err(TextFault::Unprintable { position });
            assert_eq!(ShortText::new(text), refused, "{text:?}");
        }
        // Vietnamese in combining characters is not touched.
        assert!(ShortText::new("e\u{302}\u{309}").is_ok());
        assert!(ShortText::new(&"ề".repeat(300)).is_ok());
        assert_eq!(ShortText::new(&"ề".repeat(301)), Err(TextFault::TooLong));
    }
}
