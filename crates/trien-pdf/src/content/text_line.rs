//! Letters into lines: what a person reads as one piece of text, and finding words in it.

use unicode_normalization::UnicodeNormalization;

use super::Letter;
use crate::PageArea;

/// A gap wider than this share of the letters' height begins another line: columns of a form.
const COLUMN_GAP: f64 = 1.2;

/// A gap wider than this share is a space, whether or not one was painted.
const SPACE_GAP: f64 = 0.2;

/// How far, as a share of its height, a letter may stand above or below its line.
const SAME_LINE: f64 = 0.5;

/// How many lines back a letter may belong to: writers paint a line's fonts one after another.
const OPEN_LINES: usize = 64;

/// A piece of text in one line.
#[derive(Debug, Clone, PartialEq)]
pub struct TextLine {
    letters: Vec<Letter>,
    area: PageArea,
}

impl TextLine {
    /// The text, composed (NFC), its white space as single spaces.
    #[must_use]
    pub fn text(&self) -> String {
        self.characters()
            .into_iter()
            .map(|(character, _)| character)
            .collect()
    }

    /// Where it stands on the page as it is shown.
    #[must_use]
    pub const fn area(&self) -> PageArea {
        self.area
    }

    /// Where `words` stands in the line, once for each time; at the ends of words only. White
    /// space counts as one space.
    #[must_use]
    pub fn find(&self, words: &str) -> Vec<PageArea> {
        let wanted = normalised(words);
        let characters = self.characters();
        let mut found = Vec::new();
        if wanted.is_empty() {
            return found;
        }
        let is_letter = |index: Option<usize>| {
            index
                .and_then(|index| characters.get(index))
                .is_some_and(|(character, _)| character.is_alphanumeric())
        };
        for (start, window) in characters.windows(wanted.len()).enumerate() {
            let end = start.saturating_add(wanted.len());
            let is_there = window
                .iter()
                .zip(&wanted)
                .all(|((character, _), wanted)| character == wanted);
            if is_there && !is_letter(start.checked_sub(1)) && !is_letter(Some(end)) {
                let areas = window.iter().filter_map(|(_, letter)| *letter);
                found.extend(
                    areas
                        .filter_map(|index| self.letters.get(index))
                        .map(|letter| letter.area)
                        .reduce(|sum, area| union(&sum, &area)),
                );
            }
        }
        found
    }

    /// Characters with the index of the letter each belongs to; a space belongs to none.
    fn characters(&self) -> Vec<(char, Option<usize>)> {
        let mut ordered: Vec<usize> = (0..self.letters.len()).collect();
        let left = |index: &usize| {
            self.letters
                .get(*index)
                .map_or(0.0, |letter| letter.area.left)
        };
        ordered.sort_by(|one, other| left(one).total_cmp(&left(other)));
        let mut characters: Vec<(char, Option<usize>)> = Vec::new();
        let mut right: Option<f64> = None;
        for index in ordered {
            let Some(letter) = self.letters.get(index) else {
                continue;
            };
            let gap = right.is_some_and(|right| letter.area.left - right > letter.size * SPACE_GAP);
            if gap || letter.text.chars().all(char::is_whitespace) {
                characters.push((' ', None));
            }
            let visible = letter.text.chars().filter(|c| !c.is_whitespace());
            characters.extend(visible.map(|character| (character, Some(index))));
            right = Some(right.map_or(letter.area.right(), |right| right.max(letter.area.right())));
        }
        composed(&characters)
    }
}

/// NFC over the characters, single spaces, none at the ends.
fn composed(characters: &[(char, Option<usize>)]) -> Vec<(char, Option<usize>)> {
    let mut result: Vec<(char, Option<usize>)> = Vec::with_capacity(characters.len());
    for (character, letter) in characters {
        let last = result.last().copied();
        if *character == ' ' {
            if last.is_some_and(|(last, _)| last != ' ') {
                result.push((' ', None));
            }
            continue;
        }
        // A mark that was painted apart from its letter joins it.
        if let Some((before, owner)) = last
            && let Some(joined) = unicode_normalization::char::compose(before, *character)
        {
            result.pop();
            result.push((joined, owner));
            continue;
        }
        result.extend(character.nfc().map(|character| (character, *letter)));
    }
    if result
        .last()
        .is_some_and(|(character, _)| *character == ' ')
    {
        result.pop();
    }
    result
}

/// Words as [`TextLine::find`] compares them.
fn normalised(words: &str) -> Vec<char> {
    let composed: String = words.nfc().collect();
    composed
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .collect()
}

fn union(one: &PageArea, other: &PageArea) -> PageArea {
    let left = one.left.min(other.left);
    let top = one.top.min(other.top);
    PageArea::new(
        (left, top),
        (
            one.right().max(other.right()) - left,
            one.bottom().max(other.bottom()) - top,
        ),
    )
}

/// Groups letters into lines: each joins the last line that it continues.
pub(super) fn lines(letters: Vec<Letter>) -> Vec<TextLine> {
    let mut lines: Vec<TextLine> = Vec::new();
    for letter in letters {
        let recent = lines.len().saturating_sub(OPEN_LINES);
        let joined = lines
            .iter_mut()
            .skip(recent)
            .rev()
            .find(|line| continues(line, &letter));
        match joined {
            Some(line) => {
                line.area = union(&line.area, &letter.area);
                line.letters.push(letter);
            }
            None if letter.text.trim().is_empty() => {}
            None => lines.push(TextLine {
                area: letter.area,
                letters: vec![letter],
            }),
        }
    }
    lines
}

fn continues(line: &TextLine, letter: &Letter) -> bool {
    let height = letter.size.max(f64::MIN_POSITIVE);
    let (_, middle) = letter.area.centre();
    let (_, line_middle) = line.area.centre();
    let gap = (letter.area.left - line.area.right()).max(line.area.left - letter.area.right());
    (middle - line_middle).abs() < height * SAME_LINE && gap < height * COLUMN_GAP
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters 2 mm wide and 4 mm high from `left` on.
    fn letters(text: &str, left: f64, top: f64) -> Vec<Letter> {
        let mut at = left;
        text.chars()
            .map(|character| {
                let area = PageArea::new((at, top), (2.0, 4.0));
                at += 2.0;
                let text = String::from(character);
                Letter {
                    text,
                    area,
                    size: 4.0,
                }
            })
            .collect()
    }

    #[test]
    fn a_wide_gap_parts_two_titles_and_words_are_found_whole() {
        let mut all = letters("PHÓ HIỆU TRƯỞNG", 10.0, 50.0);
        all.extend(letters("HIỆU TRƯỞNG", 100.0, 50.0));
        let lines = lines(all);
        let texts: Vec<String> = lines.iter().map(TextLine::text).collect();
        assert_eq!(texts, ["PHÓ HIỆU TRƯỞNG", "HIỆU TRƯỞNG"]);
        assert_eq!(lines[1].find("HIỆU  TRƯỞNG").len(), 1);
        assert_eq!(lines[0].find("TRƯỞNG")[0].left, 10.0 + 9.0 * 2.0);
        assert!(lines[0].find("HIỆU TRƯ").is_empty());
        assert!(lines[0].find(" ").is_empty());
    }

    #[test]
    fn decomposed_letters_are_found_by_composed_words() {
        let text: String = "HIỆU TRƯỞNG".nfd().collect();
        let mut all = Vec::new();
        let mut at = 10.0;
        for character in text.chars() {
            // Marks stand over their letter.
            let is_mark = unicode_normalization::char::is_combining_mark(character);
            let left = if is_mark { at - 1.0 } else { at };
            let area = PageArea::new((left, 50.0), (2.0, 4.0));
            let size = 4.0;
            all.push(Letter {
                text: String::from(character),
                area,
                size,
            });
            at += if is_mark { 0.0 } else { 2.0 };
        }
        let lines = lines(all);
        assert_eq!(lines[0].find("HIỆU TRƯỞNG").len(), 1, "{}", lines[0].text());
    }
}
