//! Values of fields as text (ISO 32000-2, 12.7.5): what a look has to show, and what is told of them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::look::Letter;
use crate::changes::step::{Result, Step};
use crate::{Object, RevisionIndex, decode_text};

/// Characters of a value that are told at most: a line of a report.
const TOLD: usize = 120;

/// Characters that change how others are read: they hide or turn them.
fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

impl Step<'_, '_> {
    /// The texts of a value: none for nothing, one for a string, a stream or a name, several where
    /// a list of choices is selected. `None` when it is something else.
    pub(super) fn value_texts(
        &self,
        value: &Object,
        at: RevisionIndex,
    ) -> Result<Option<Vec<String>>> {
        let texts = match self.document.resolve(value, at)? {
            Object::Null => Vec::new(),
            Object::String(string) => vec![decode_text(&string)],
            Object::Name(name) => {
                vec![String::from_utf8_lossy(name.as_octets()).into_owned()]
            }
            Object::Stream(stream) => match self.document.decoded(&stream, at) {
                Ok(octets) => {
                    let form = crate::StringForm::Literal;
                    let octets = octets.to_vec();
                    vec![decode_text(&crate::PdfString { octets, form })]
                }
                Err(error) if error.is_limit() => return Err(error),
                Err(_) => return Ok(None),
            },
            Object::Array(elements) => {
                let mut texts = Vec::new();
                for element in &elements {
                    let Object::String(string) = self.document.resolve(element, at)? else {
                        return Ok(None);
                    };
                    texts.push(decode_text(&string));
                }
                texts
            }
            _ => return Ok(None),
        };
        Ok(Some(texts))
    }

    /// A value as a report tells it: one line, of a bounded length, without characters that hide
    /// others.
    pub(in crate::changes) fn told_value(
        &self,
        value: &Object,
        at: RevisionIndex,
    ) -> Result<String> {
        let texts = self.value_texts(value, at)?.unwrap_or_default().join(", ");
        Ok(told(&texts))
    }
}

pub(super) fn told(text: &str) -> String {
    let mut shown = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == TOLD {
            shown.push('…');
            break;
        }
        shown.push(match character {
            white if white.is_whitespace() => ' ',
            unseen if is_unseen(unseen) => char::REPLACEMENT_CHARACTER,
            seen => seen,
        });
    }
    shown
}

/// Whether letters say this, white space aside. A letter that its font does not tell stands for
/// any one.
pub(super) fn says(letters: &[Letter], value: &str) -> bool {
    let wanted: Vec<char> = plain(value).collect();
    let mut rest = wanted.as_slice();
    for letter in letters {
        match &letter.text {
            Some(text) => {
                for character in plain(text) {
                    match rest.split_first() {
                        Some((first, tail)) if *first == character => rest = tail,
                        _ => return false,
                    }
                }
            }
            None => {
                let Some((_, tail)) = rest.split_first() else {
                    return false;
                };
                let marks = tail.iter().take_while(|mark| is_combining_mark(**mark));
                let marks = marks.count();
                rest = tail.get(marks..).unwrap_or_default();
            }
        }
    }
    rest.is_empty()
}

/// Whether two texts are the same, white space aside.
pub(super) fn same_text(one: &str, other: &str) -> bool {
    plain(one).eq(plain(other))
}

/// Letters and their marks one by one, without white space; quotation marks that fonts confuse
/// are one.
fn plain(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfd()
        .filter(|character| !character.is_whitespace())
        .map(|character| match character {
            '`' | '\u{2018}' | '\u{2019}' => '\'',
            other => other,
        })
}

/// The text of rich text (12.7.4.4): XHTML without its elements. `None` for what is not plainly
/// elements, text and references to characters.
pub(super) fn text_of_rich_text(rich: &str) -> Option<String> {
    let mut text = String::new();
    let mut rest = rich.trim_start().trim_start_matches('\u{FEFF}');
    if rest.starts_with("<?xml") {
        (_, rest) = rest.split_once("?>")?;
    }
    while let Some((before, element)) = rest.split_once('<') {
        push_unescaped(&mut text, before)?;
        let (inside, after) = element.split_once('>')?;
        if inside.starts_with(['!', '?']) {
            return None;
        }
        rest = after;
    }
    push_unescaped(&mut text, rest)?;
    Some(text)
}

fn push_unescaped(text: &mut String, escaped: &str) -> Option<()> {
    let mut rest = escaped;
    while let Some((before, reference)) = rest.split_once('&') {
        text.push_str(before);
        let (name, after) = reference.split_once(';')?;
        text.push(match name {
            "amp" => '&',
            "apos" => '\'',
            "gt" => '>',
            "lt" => '<',
            "quot" => '"',
            number => {
                let digits = number.strip_prefix('#')?;
                let code = match digits.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = after;
    }
    text.push_str(rest);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(texts: &[Option<&str>]) -> Vec<Letter> {
        let letter = |text: &Option<&str>| Letter {
            text: text.map(str::to_owned),
            x: 0.0,
            y: 0.0,
            width: 1.0,
            size: 10.0,
            colour: String::new(),
        };
        texts.iter().map(letter).collect()
    }

    #[test]
    fn letters_say_a_value_whatever_the_white_space_and_the_composition() {
        let composed = letters(&[Some("Đ"), Some("ạ"), Some("t")]);
        assert!(says(&composed, "Đa\u{323}t"));
        assert!(says(&composed, " Đạ\r\nt "));
        assert!(!says(&composed, "Đạ"), "a letter too many");
        assert!(!says(&composed, "Đạt 10"), "a letter too few");
        assert!(!says(&composed, "Đat"), "another letter");
    }

    #[test]
    fn a_letter_that_is_not_told_stands_for_one() {
        let unknown = letters(&[Some("1"), None]);
        assert!(says(&unknown, "1ạ") && says(&unknown, "10"));
        assert!(!says(&unknown, "1") && !says(&unknown, "100"));
    }

    #[test]
    fn values_are_told_in_one_line_that_nothing_turns_around() {
        assert_eq!(told("a\nb\u{202E}c\u{0}"), "a b\u{FFFD}c\u{FFFD}");
        assert_eq!(told(&"9".repeat(500)).chars().count(), TOLD + 1);
    }

    #[test]
    fn rich_text_is_its_text_or_nothing() {
        let rich =
            "<?xml version=\"1.0\"?><body><p style=\"x\">6,0 &amp; <b>7</b>&#x20;</p></body>";
        assert_eq!(text_of_rich_text(rich).as_deref(), Some("6,0 & 7 "));
        for odd in ["<p><!-- x -->6</p>", "<![CDATA[6]]>", "&nbsp;6", "<p", "6&"] {
            assert_eq!(text_of_rich_text(odd), None, "{odd}");
        }
    }
}
