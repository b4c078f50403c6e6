//! What is printed on a page and may be read: letters, and small shapes that may be letters; what
//! kind of sign each is. Lines of dots to write on are none.

use super::boxes::{inset, size};
use crate::content::Found;

/// How much of a letter's box at each edge is no letter, as a share.
const LETTER_EDGE: f64 = 0.12;

/// As many dots in a row are a line to write on.
const LEADERS: usize = 4;

/// Shapes as large as letters, in points: less is a line of a table, more a ground or a frame.
const LETTER_SIZES: (f64, f64) = (2.0, 57.0);

/// From this lightness on a shape is the ground of a table.
const GROUND_LIGHTNESS: f64 = 0.75;

/// Signs that stand between what is written, and places to write on: ink over them says nothing
/// else than it says beside them.
const PUNCTUATION: &str = "/:;,.()[]|_…·*\"'’“”";

/// Boxes and circles that wait for a tick.
const BOXES: &str = "☐□▢◻⬜❏❑❐❒○◯⚪◌";

/// What a sign may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Letters, digits, signs of arithmetic.
    Word,
    /// Punctuation.
    Punctuation,
    /// A box to tick.
    Box,
    /// The file does not tell; shapes that may be letters.
    Unknown,
}

/// One letter, or a shape that may be one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printed {
    pub(super) rectangle: [f64; 4],
    pub(super) sign: Sign,
}

fn sign_of(text: Option<&str>) -> Sign {
    let Some(text) = text.map(str::trim) else {
        return Sign::Unknown;
    };
    let all = |of: &str| text.chars().all(|sign| of.contains(sign));
    if all(PUNCTUATION) {
        Sign::Punctuation
    } else if all(BOXES) {
        Sign::Box
    } else {
        Sign::Word
    }
}

/// A letter's box without its edges.
pub(super) fn core_of(rectangle: [f64; 4]) -> [f64; 4] {
    let (width, height) = size(rectangle);
    inset(rectangle, (width * LETTER_EDGE, height * LETTER_EDGE))
}

/// Letters but for lines to write on, and shapes that may be letters.
pub(super) fn printed(found: &Found) -> Vec<Printed> {
    let is_leader = |text: &Option<String>| {
        let mut letters = text.iter().flat_map(|text| text.chars());
        letters.all(|letter| matches!(letter, '.' | '…' | '_' | '·'))
    };
    let letters = found
        .letters
        .chunk_by(|one, other| one.text == other.text)
        .filter(|run| {
            let first = run.first().map(|letter| &letter.text);
            let is_line =
                first.is_some_and(|text| text.is_some() && is_leader(text) && run.len() >= LEADERS);
            let is_space =
                first.is_some_and(|text| text.as_ref().is_some_and(|text| text.trim().is_empty()));
            !is_line && !is_space
        })
        .flatten()
        .map(|letter| Printed {
            rectangle: core_of(letter.rectangle),
            sign: sign_of(letter.text.as_deref()),
        });
    let shapes = found.shapes.iter().filter_map(|shape| {
        let (width, height) = size(shape.rectangle);
        let (least, most) = LETTER_SIZES;
        let is_letter = width.min(height) >= least
            && width.max(height) <= most
            && shape.tone.darkest < GROUND_LIGHTNESS;
        is_letter.then_some(Printed {
            rectangle: shape.rectangle,
            sign: Sign::Unknown,
        })
    });
    letters.chain(shapes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_told_by_what_they_say() {
        for (text, sign) in [
            (Some("5"), Sign::Word),
            (Some("-"), Sign::Word),
            (Some("☑"), Sign::Word),
            (Some("/"), Sign::Punctuation),
            (Some("…"), Sign::Punctuation),
            (Some("☐"), Sign::Box),
            (None, Sign::Unknown),
        ] {
            assert_eq!(sign_of(text), sign, "{text:?}");
        }
    }
}
