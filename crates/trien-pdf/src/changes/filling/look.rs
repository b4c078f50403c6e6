//! What the look of a text field draws (ISO 32000-2, 12.7.4.3): letters with their places, and the
//! areas and lines around them. Anything that such a look never needs makes it no simple one.
//! Does not know what the field's value is.

use super::font::LookFonts;
use super::reader;
use crate::changes::step::{Result, Step};
use crate::field::{number_of, rectangle_of};
use crate::{Dictionary, Object, RevisionIndex, Stream};

/// Text smaller than this many points is there and not seen.
const SMALLEST_TEXT: f64 = 2.0;

/// Text that is larger than so many times the height of its look shows parts of letters.
const LARGEST_TEXT: f64 = 2.0;

/// How far letters of one line may stand apart upwards, as a share of their size.
const LINE_SHARE: f64 = 0.25;

/// How much a look may be shrunk, stretched or clipped (12.5.5).
pub(super) const LARGEST_SCALE: f64 = 1.5;

/// What the dictionary of a look has (8.10.2, table 93) and what every stream has (7.3.8.2). What
/// else it may have hides it, groups it or takes it from another file.
const OF_A_LOOK: [&str; 12] = [
    "BBox",
    "DecodeParms",
    "Filter",
    "FormType",
    "LastModified",
    "Length",
    "Matrix",
    "Name",
    "Resources",
    "StructParents",
    "Subtype",
    "Type",
];

/// One code that is shown.
#[derive(Debug)]
pub(super) struct Letter {
    /// What it stands for; `None` in a font that does not tell.
    pub(super) text: Option<String>,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) size: f64,
    /// As [`rgb`] writes it.
    pub(super) colour: String,
}

/// One area or line that is painted.
#[derive(Debug)]
pub(super) struct Paint {
    /// Everything about it, to compare it with others.
    pub(super) words: String,
    pub(super) fills: bool,
    /// How many letters came before it, which it could cover.
    pub(super) letters_before: usize,
    /// The rectangle, if it is nothing else.
    pub(super) rectangle: Option<[f64; 4]>,
    /// Width of its lines.
    pub(super) line: f64,
}

/// What a look draws.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) letters: Vec<Letter>,
    pub(super) paints: Vec<Paint>,
    /// Left, bottom, right, top.
    pub(super) bounds: [f64; 4],
    /// How the look is turned: the first four numbers of its matrix.
    pub(super) turned: [f64; 4],
}

/// The name of a colour: three components in hundredths.
pub(super) fn rgb(components: &[f64]) -> Option<String> {
    let [red, green, blue] = match components {
        [grey] => [*grey; 3],
        [red, green, blue] => [*red, *green, *blue],
        [cyan, magenta, yellow, black] => {
            [cyan, magenta, yellow].map(|ink| 1.0 - (ink + black).min(1.0))
        }
        _ => return None,
    };
    Some(format!("{red:.2} {green:.2} {blue:.2}"))
}

/// Black, in which everything starts (8.4.1).
pub(super) fn black() -> String {
    rgb(&[0.0]).unwrap_or_default()
}

impl Look {
    /// What a look draws; `None` when it is not of the simple kind that fields are filled with.
    pub(super) fn read(
        step: &Step<'_, '_>,
        stream: &Stream,
        fonts: &LookFonts<'_>,
        at: RevisionIndex,
    ) -> Result<Option<Self>> {
        let dictionary = &stream.dictionary;
        let strange = |key: &str| !OF_A_LOOK.contains(&key);
        if dictionary
            .entries()
            .iter()
            .any(|e| strange(&e.key.to_string()))
        {
            return Ok(None);
        }
        let value = |key| step.document.value(dictionary, key, at);
        let Some(corners) = rectangle_of(&value("BBox")?) else {
            return Ok(None);
        };
        let Some([a, b, c, d, _, _]) = matrix(&value("Matrix")?) else {
            return Ok(None);
        };
        let data = match step.document.decoded(stream, at) {
            Ok(data) => data,
            Err(error) if error.is_limit() => return Err(error),
            Err(_) => return Ok(None),
        };
        let (resources, has_own) = match value("Resources")? {
            Object::Dictionary(resources) => (resources, true),
            _ => (Dictionary::new(), false),
        };
        let [x, y, other_x, other_y] = corners;
        // 8.6.5.6: a colour space of the look makes other colours of those that are set, or none.
        if dictionary.duplicate_key().is_some()
            || resources.duplicate_key().is_some()
            || resources.get("ColorSpace").is_some()
        {
            return Ok(None);
        }
        let look = Self {
            letters: Vec::new(),
            paints: Vec::new(),
            bounds: [
                x.min(other_x),
                y.min(other_y),
                x.max(other_x),
                y.max(other_y),
            ],
            turned: [a, b, c, d],
        };
        let look = reader::read(look, &data, step, (&resources, fonts), at)?;
        // Without resources, readers take the page's (8.10.2) or the form's: fonts and colours of
        // these names may be others there.
        Ok(look.filter(|look| has_own || (look.letters.is_empty() && look.paints.is_empty())))
    }

    pub(super) fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.bounds;
        (right - left, top - bottom)
    }

    /// Whether all letters stand on one line.
    pub(super) fn is_one_line(&self) -> bool {
        self.letters.windows(2).all(|pair| match pair {
            [one, other] => (other.y - one.y).abs() < one.size * LINE_SHARE,
            _ => true,
        })
    }

    /// Whether the look comes out about as large as it is drawn (12.5.5).
    pub(super) fn is_drawn_to_size(&self, [x, y, other_x, other_y]: [f64; 4]) -> bool {
        let (mut width, mut height) = self.size();
        let [a, b, c, d] = self.turned;
        if a == 0.0 && d == 0.0 {
            (width, height) = (height, width);
        }
        let is_turn = (a.abs() + b.abs(), c.abs() + d.abs()) == (1.0, 1.0);
        let close = |drawn: f64, shown: f64| {
            drawn <= shown * LARGEST_SCALE && shown <= drawn * LARGEST_SCALE
        };
        is_turn && close(width, (other_x - x).abs()) && close(height, (other_y - y).abs())
    }

    /// Whether the letters stand in reading order, where they are seen: from left to right, line
    /// below line, and inside the look unless they do not fit.
    pub(super) fn is_in_reading_order(&self) -> bool {
        let [left, bottom, right, top] = self.bounds;
        let (width, height) = self.size();
        let mut before: Option<&Letter> = None;
        let (mut longest, mut along, mut lines) = (0.0_f64, 0.0_f64, 0.0_f64);
        let mut is_outside = false;
        for letter in &self.letters {
            let same_line =
                before.is_some_and(|last| (letter.y - last.y).abs() < letter.size / 2.0);
            if let Some(last) = before {
                let follows = letter.x >= last.x + last.width * 0.4 - 0.1;
                let below = letter.y < last.y;
                if !(if same_line { follows } else { below }) {
                    return false;
                }
            }
            if !same_line {
                along = 0.0;
                lines += letter.size;
            }
            along += letter.width;
            longest = longest.max(along);
            let beyond =
                letter.x + letter.width / 2.0 > right || letter.y < bottom - letter.size * 0.3;
            if letter.size < SMALLEST_TEXT
                || letter.size > height * LARGEST_TEXT
                || letter.x < left - letter.width / 2.0
                || letter.y + letter.size * 0.4 > top
                || (before.is_none() && beyond)
            {
                return false;
            }
            is_outside |= beyond;
            before = Some(letter);
        }
        !is_outside || longest > width * 0.8 || lines > height * 0.8
    }
}

/// Six numbers; those of no change when there is no matrix.
fn matrix(value: &Object) -> Option<[f64; 6]> {
    match value {
        Object::Null => Some([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
        Object::Array(numbers) => {
            let numbers: Option<Vec<f64>> = numbers.iter().map(number_of).collect();
            numbers?.try_into().ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A look of 100 by 20 points with these letters of 10 points, 5 points wide.
    fn look(places: &[(f64, f64)]) -> Look {
        let letter = |(x, y): &(f64, f64)| Letter {
            text: Some("9".to_owned()),
            x: *x,
            y: *y,
            width: 5.0,
            size: 10.0,
            colour: black(),
        };
        Look {
            letters: places.iter().map(letter).collect(),
            paints: Vec::new(),
            bounds: [0.0, 0.0, 100.0, 20.0],
            turned: [1.0, 0.0, 0.0, 1.0],
        }
    }

    #[test]
    fn letters_stand_from_left_to_right_and_line_below_line() {
        for good in [
            &[(2.0, 4.0), (7.0, 4.0), (11.5, 4.0)][..],
            &[(2.0, 12.0), (7.0, 12.0), (2.0, 4.0)],
            &[],
        ] {
            assert!(look(good).is_in_reading_order(), "{good:?}");
        }
        for bad in [
            [(7.0, 4.0), (2.0, 4.0)],
            [(2.0, 4.0), (2.5, 4.0)],
            [(2.0, 4.0), (2.0, 14.0)],
            [(-30.0, 4.0), (2.0, 4.0)],
            [(2.0, 4.0), (150.0, 4.0)],
            [(2.0, 19.0), (7.0, 19.0)],
        ] {
            assert!(!look(&bad).is_in_reading_order(), "{bad:?}");
        }
    }

    #[test]
    fn only_what_does_not_fit_goes_beyond_the_look() {
        let places = |count: u8| -> Vec<(f64, f64)> {
            (0..count)
                .map(|n| (2.0 + 5.0 * f64::from(n), 4.0))
                .collect()
        };
        assert!(look(&places(40)).is_in_reading_order());
        let mut few = places(5);
        few.push((150.0, 4.0));
        assert!(!look(&few).is_in_reading_order());
    }

    #[test]
    fn letters_are_neither_too_small_nor_too_large_to_be_read() {
        for (size, is_read) in [(0.5, false), (8.0, true), (60.0, false)] {
            let mut look = look(&[(2.0, 4.0)]);
            look.letters[0].size = size;
            assert_eq!(look.is_in_reading_order(), is_read, "{size}");
        }
    }

    #[test]
    fn a_look_is_drawn_to_the_size_of_its_widget_whichever_way_it_is_turned() {
        let mut turned = look(&[]);
        assert!(turned.is_drawn_to_size([10.0, 10.0, 110.0, 30.0]));
        assert!(!turned.is_drawn_to_size([10.0, 10.0, 12.0, 11.0]));
        turned.turned = [0.0, 1.0, -1.0, 0.0];
        assert!(turned.is_drawn_to_size([10.0, 10.0, 30.0, 110.0]));
        turned.turned = [0.1, 0.0, 0.0, 0.1];
        assert!(!turned.is_drawn_to_size([10.0, 10.0, 110.0, 30.0]));
    }

    #[test]
    fn one_colour_has_one_name() {
        assert_eq!(rgb(&[0.0]), rgb(&[0.0, 0.0, 0.0]));
        assert_eq!(rgb(&[0.0]), rgb(&[0.3, 0.0, 0.0, 1.0]));
        assert_eq!(rgb(&[1.0]), rgb(&[0.0; 4]));
        assert_eq!(rgb(&[1.0, 0.0]), None);
    }
}
