//! What the new look of a filled field lies over: its areas hide what is below, its letters add to
//! it. A field that was prepared over a mark and is filled in behind the signature says what nobody
//! signed. Honest forms leave the place of a field blank but for lines, dots and boxes to tick.
//! Says nothing about whether it may.

use super::boxes::{area, common, inset, ordered, overlap, size};
use super::covering::{EVERYWHERE, HIDDEN, WIDE_LINE};
use super::ground::{Above, Grounds, Legible};
use super::looks::{Filling, NewLook, Shows};
use super::on_pages::{Below, Placed, marks_on_pages};
use super::printed::{Printed, Sign, core_of};
use super::references::References;
use super::shown::{Covered, Look, MarkPlace, ShownMark};
use super::step::{Result, Step};
use crate::content::{Found, Tone};
use crate::field::rectangle_of;
use crate::{Dictionary, Object, ObjectId, RevisionIndex, Stream};

/// How far a field may reach over something, in points: people place fields by eye.
const SLACK: f64 = 2.0;

/// Parts of one look that are told apart. What has more is one area.
const PARTS: usize = 2_000;

/// How much an area may differ from an earlier one, in points: programs round.
const ROUNDING: f64 = 0.5;

/// From this in every component on, letters are as light as paper, and hide.
const LIGHT: f64 = 0.75;

/// Up to this in every component an area of a button is the ink of its tick.
const DARK: f64 = 0.2;

/// The share of a button that the box takes which is to be ticked.
const BOX_SHARE: f64 = 0.25;

/// The share of an earlier mark that letters of the file's own fonts may lie over.
const CROSSED_SHARE: f64 = 1.0 / 3.0;

/// What a look draws, in the user space of its page.
#[derive(Debug, Default)]
struct Ink {
    /// What lets nothing through.
    hides: Vec<[f64; 4]>,
    /// Letters and thin lines.
    marks: Vec<[f64; 4]>,
    /// Letters of the file's own fonts draw whatever the font says.
    is_anywhere: bool,
}

impl Ink {
    fn of(found: &Found, within: [f64; 4], shows: Shows) -> Self {
        let parts = [
            found.letters.len(),
            found.images.len(),
            found.shapes.len(),
            found.lines.len(),
        ];
        let parts = parts
            .iter()
            .fold(0_usize, |sum, more| sum.saturating_add(*more));
        let mut ink = Self::default();
        if found.is_cut || found.unclear > 0 || found.widest_line > WIDE_LINE || parts > PARTS {
            ink.hides.push(within);
            return ink;
        }
        let is_tick = |tone: Tone| shows == Shows::State && tone.lightest <= DARK;
        for shape in &found.shapes {
            if is_tick(shape.tone) {
                ink.marks.push(shape.rectangle);
            } else {
                ink.hides.push(shape.rectangle);
            }
        }
        ink.hides
            .extend(found.images.iter().map(|image| image.rectangle));
        ink.marks.extend(&found.lines);
        let is_space = |text: &Option<String>| {
            let text = text.as_ref();
            text.is_some_and(|text| text.trim().is_empty())
        };
        for letter in found.letters.iter().filter(|one| !is_space(&one.text)) {
            if letter.keeps_to_box {
                ink.marks.push(core_of(letter.rectangle));
            } else if letter.tone.darkest >= LIGHT {
                ink.hides.push(within);
            } else {
                ink.is_anywhere = true;
            }
        }
        for parts in [&mut ink.hides, &mut ink.marks] {
            // 8.10.1: nothing is drawn outside the box.
            parts
                .iter_mut()
                .for_each(|part| *part = common(*part, within));
            parts.retain(|part| area(*part) > 0.0);
        }
        ink
    }

    /// What the look before did not draw.
    fn beyond(mut self, before: &Self) -> Self {
        let lies_in = |part: &[f64; 4], whole: &[f64; 4]| {
            area(common(*part, inset(*whole, (-ROUNDING, -ROUNDING)))) >= area(*part)
        };
        self.hides
            .retain(|part| !before.hides.iter().any(|whole| lies_in(part, whole)));
        self.marks
            .retain(|part| !before.marks.iter().any(|whole| lies_in(part, whole)));
        self
    }

    const fn is_empty(&self) -> bool {
        self.hides.is_empty() && self.marks.is_empty() && !self.is_anywhere
    }

    const fn look(&self) -> Look {
        if self.hides.is_empty() {
            Look::Drawn
        } else {
            Look::Opaque
        }
    }

    fn hides(&self, below: [f64; 4]) -> bool {
        self.hides.iter().any(|part| overlap(*part, below))
    }

    fn marks(&self, below: [f64; 4]) -> bool {
        self.marks.iter().any(|part| overlap(*part, below))
    }
}

/// What the filled widget newly draws over something; nothing where it draws on blank paper.
pub(super) fn marks_of_filling(
    step: &Step<'_, '_>,
    new: &NewLook,
    filling: &Filling,
    (references, grounds): (&References, &mut Grounds),
) -> Result<Vec<ShownMark>> {
    let flags = step.new_value(&new.widget, "F")?.as_integer();
    let corners = step.new_value(&new.widget, "Rect")?;
    let rectangle = rectangle_of(&corners).map_or(EVERYWHERE, ordered);
    if flags.unwrap_or_default() & HIDDEN != 0 || area(rectangle) <= 0.0 {
        return Ok(Vec::new());
    }
    let (width, height) = size(rectangle);
    let slack = |side: f64| SLACK.min(side / 4.0);
    let within = inset(rectangle, (slack(width), slack(height)));
    let ink = ink_drawn(step, new, filling, (rectangle, within))?;
    if ink.is_empty() {
        return Ok(Vec::new());
    }
    let placed = Placed {
        id: new.id,
        widget: &new.widget,
        rectangle,
        look: ink.look(),
        place: MarkPlace::Prepared,
    };
    marks_on_pages(step, &placed, (references, grounds), |below, grounds| {
        let letters = below.contents.letters.len();
        let compared = letters.saturating_add(below.above.map_or(0, <[_]>::len));
        if !grounds.may_compare(compared) {
            return Ok(Some(Covered::Unread));
        }
        Ok(covered(&ink, filling.shows, within, below, new.id))
    })
}

/// What a widget newly draws.
fn ink_drawn(
    step: &Step<'_, '_>,
    new: &NewLook,
    filling: &Filling,
    (rectangle, within): ([f64; 4], [f64; 4]),
) -> Result<Ink> {
    let looks = [(&filling.was, step.before), (&new.widget, step.after)];
    let mut drawn = [const { None }; 2];
    for (place, (widget, at)) in drawn.iter_mut().zip(looks) {
        *place = match look_of(step, widget, at)? {
            Some(form) => {
                let found = step.document.drawn_by(&form, rectangle, at)?;
                Some(Ink::of(&found, within, filling.shows))
            }
            None => None,
        };
    }
    let [before, after] = drawn;
    // Without a look that is new, viewers build one for the value.
    let is_built = filling.shows == Shows::Value
        && (after.is_none() || !is_look_new(step, &filling.was, &new.widget)?);
    if !is_built {
        let after = after.unwrap_or_default();
        return Ok(after.beyond(&before.unwrap_or_default()));
    }
    let mut built = Ink {
        is_anywhere: true,
        ..Ink::default()
    };
    if has_ground(step, &new.widget)? {
        built.hides.push(within);
    }
    Ok(built.beyond(&before.unwrap_or_default()))
}

/// The normal appearance of a widget, that of its state where it has several.
fn look_of(step: &Step<'_, '_>, widget: &Dictionary, at: RevisionIndex) -> Result<Option<Stream>> {
    let value = |of: &Dictionary, key: &str| step.document.value(of, key, at);
    let Object::Dictionary(appearance) = value(widget, "AP")? else {
        return Ok(None);
    };
    let normal = match value(&appearance, "N")? {
        Object::Dictionary(states) => match value(widget, "AS")?.as_name() {
            Some(state) => value(&states, &state.to_string())?,
            None => Object::Null,
        },
        normal => normal,
    };
    Ok(match normal {
        Object::Stream(form) => Some(form),
        _ => None,
    })
}

fn is_look_new(step: &Step<'_, '_>, was: &Dictionary, is: &Dictionary) -> Result<bool> {
    let [was, is] = [step.old_value(was, "AP")?, step.new_value(is, "AP")?]
        .map(|appearance| appearance.as_dictionary().and_then(|d| d.get("N")).cloned());
    let is_touched = is
        .as_ref()
        .and_then(Object::as_reference)
        .is_some_and(|look| step.is_touched(look));
    Ok(was != is || is_touched)
}

/// Whether viewers paint a ground behind the value (12.5.6.19, table 192).
fn has_ground(step: &Step<'_, '_>, widget: &Dictionary) -> Result<bool> {
    let Object::Dictionary(characteristics) = step.new_value(widget, "MK")? else {
        return Ok(false);
    };
    Ok(match step.new_value(&characteristics, "BG")? {
        Object::Null => false,
        Object::Array(colour) => !colour.is_empty(),
        _ => true,
    })
}

/// The gravest of what a look lies over.
fn covered(
    ink: &Ink,
    shows: Shows,
    within: [f64; 4],
    below: &Below<'_>,
    own: Option<ObjectId>,
) -> Option<Covered> {
    let (contents, above) = (below.contents, below.above);
    let is_covered = |printed: &Printed| {
        let below = common(printed.rectangle, within);
        if area(below) <= 0.0 {
            return false;
        }
        let says = match printed.sign {
            Sign::Word => true,
            Sign::Punctuation | Sign::Box => false,
            Sign::Unknown => shows != Shows::State || area(below) < area(within) * BOX_SHARE,
        };
        (printed.sign != Sign::Box && ink.hides(below))
            || (says && (ink.is_anywhere || ink.marks(below)))
    };
    if contents.letters.iter().any(is_covered) {
        return Some(Covered::Text);
    }
    let mut gravest = match contents.legible {
        Legible::Yes => None,
        Legible::Scan => Some(Covered::Scan),
        Legible::No => Some(Covered::Unread),
    };
    let mut pictures = contents.pictures.iter();
    if pictures.any(|picture| ink.hides(common(*picture, within))) {
        gravest = gravest.max(Some(Covered::Picture));
    }
    let Some(above) = above else {
        return gravest.max(Some(Covered::Unread));
    };
    let others = above
        .iter()
        .filter(|standing| own.is_none() || standing.id != own);
    for standing in others {
        let below = common(standing.rectangle, within);
        if area(below) <= 0.0 {
            continue;
        }
        let covers = match standing.kind {
            Above::Annotation if ink.hides(below) || ink.marks(below) => Covered::Annotation,
            Above::Mark
                if ink.hides(below)
                    || (ink.is_anywhere
                        && area(below) > area(standing.rectangle) * CROSSED_SHARE) =>
            {
                Covered::Mark
            }
            Above::Annotation | Above::Mark => continue,
        };
        gravest = gravest.max(Some(covers));
    }
    gravest
}

#[cfg(test)]
mod tests {
    use super::super::ground::Contents;
    use super::*;

    fn contents(sign: Sign) -> Contents {
        Contents {
            visible: Some([0.0, 0.0, 100.0, 100.0]),
            letters: vec![Printed {
                rectangle: [10.0, 10.0, 15.0, 20.0],
                sign,
            }],
            pictures: Vec::new(),
            pale: Vec::new(),
            drawings: Vec::new(),
            legible: Legible::Yes,
        }
    }

    fn covers(ink: &Ink, shows: Shows, sign: Sign) -> Option<Covered> {
        let below = Below {
            page: &Dictionary::default(),
            contents: &contents(sign),
            above: Some(&[]),
        };
        covered(ink, shows, [5.0, 5.0, 40.0, 25.0], &below, None)
    }

    #[test]
    fn areas_hide_and_letters_add_where_words_are() {
        let area = Ink {
            hides: vec![[5.0, 5.0, 40.0, 25.0]],
            ..Ink::default()
        };
        let letters = Ink {
            marks: vec![[12.0, 12.0, 18.0, 20.0]],
            ..Ink::default()
        };
        let beside = Ink {
            marks: vec![[16.0, 12.0, 22.0, 20.0]],
            ..Ink::default()
        };
        let text = Some(Covered::Text);
        for sign in [Sign::Word, Sign::Unknown] {
            assert_eq!(covers(&area, Shows::Value, sign), text);
            assert_eq!(covers(&letters, Shows::Value, sign), text);
            assert_eq!(covers(&beside, Shows::Value, sign), None);
        }
        assert_eq!(covers(&area, Shows::Value, Sign::Punctuation), text);
        assert_eq!(covers(&letters, Shows::Value, Sign::Punctuation), None);
        assert_eq!(covers(&area, Shows::State, Sign::Box), None);
    }

    #[test]
    fn what_the_look_before_drew_is_not_new() {
        let ink = |marks: &[[f64; 4]]| Ink {
            marks: marks.to_vec(),
            ..Ink::default()
        };
        let (dot, letter) = ([1.0, 1.0, 1.5, 1.5], [1.0, 1.0, 6.0, 9.0]);
        assert!(ink(&[letter]).beyond(&ink(&[letter])).is_empty());
        assert!(!ink(&[letter]).beyond(&ink(&[dot])).is_empty());
    }
}
