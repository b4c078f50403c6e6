//! Whether a widget shows a text and nothing new besides: its looks before and after, their fonts,
//! colours, areas and lines (ISO 32000-2, 12.5.6.19, 12.7.4.3).
//! Does not know which values a field may have.

use std::rc::Rc;

use super::font::LookFonts;
use super::look::{Look, black, rgb};
use super::value::says;
use super::{COMBO, MULTILINE, Pair};
use crate::changes::step::{Result, Step, elements};
use crate::cursor::Cursor;
use crate::field::{FormField, number_of, rectangle_of};
use crate::parse::direct_object;
use crate::{Dictionary, Object, RevisionIndex};

/// How much of a widget its background takes at least: less may be a drawing.
const BACKGROUND_SHARE: f64 = 0.8;

/// How much of a widget's height its border takes at most.
const BORDER_SHARE: f64 = 0.2;

impl Step<'_, '_> {
    pub(in crate::changes) fn form_at(&self, at: RevisionIndex) -> Result<Rc<Dictionary>> {
        self.forms.dictionary(self.document, at)
    }

    /// The operators of a default appearance (12.7.4.3), each with its operands.
    pub(in crate::changes) fn default_appearance(
        &self,
        field: &Dictionary,
        at: RevisionIndex,
    ) -> Result<Operators> {
        let mut string = self.passed_on(field, "DA", at)?;
        if string == Object::Null {
            string = self.document.value(self.form_at(at)?.as_ref(), "DA", at)?;
        }
        let Object::String(string) = string else {
            return Ok(Vec::new());
        };
        Ok(operators(&string.octets, self))
    }

    /// Whether a default appearance letters as before: in the same colour, in the same size or the
    /// one that fits, in a font that was there or a standard one.
    pub(in crate::changes) fn is_same_lettering(
        &self,
        was: &Dictionary,
        is: &Dictionary,
    ) -> Result<bool> {
        let before = self.default_appearance(was, self.before)?;
        let after = self.default_appearance(is, self.after)?;
        if is.get("DA").is_none() || before.is_empty() {
            return Ok(false);
        }
        if before == after {
            return Ok(true);
        }
        let (mut fonts, mut colours) = ([None, None], [Some(black()), Some(black())]);
        for (index, operators) in [&before, &after].into_iter().enumerate() {
            for (operator, operands) in operators {
                match (operator.as_str(), operands.as_slice()) {
                    ("", []) => {}
                    ("g" | "rg" | "k", components) => {
                        if let Some(colour) = colours.get_mut(index) {
                            *colour = colour_of_operands(components);
                        }
                    }
                    ("Tf", [name, size]) => {
                        if let Some(font) = fonts.get_mut(index) {
                            *font = Some((name.clone(), size.clone()));
                        }
                    }
                    _ => return Ok(false),
                }
            }
        }
        let [Some((old_name, old_size)), Some((name, size))] = fonts else {
            return Ok(false);
        };
        let [old_colour, colour] = colours;
        let keeps_size = size == old_size || size.parse() == Ok(0.0);
        Ok(colour.is_some()
            && colour == old_colour
            && keeps_size
            && (name == old_name || self.is_harmless_name(&name)?))
    }

    /// Whether a name that a default appearance did not have leads to no font of the update's making:
    /// to one that was there, a standard one, or none. Where viewers build looks anew it stays.
    fn is_harmless_name(&self, name: &str) -> Result<bool> {
        let form = self.form_at(self.before)?;
        if self.old_value(&form, "NeedAppearances")? == Object::Boolean(true) {
            return Ok(false);
        }
        let name = name.trim_start_matches('/');
        let resources = self.fonts_of(self.form_at(self.after)?.as_ref(), "DR", self.after)?;
        if resources.is_none_or(|fonts| fonts.get(name).is_none()) {
            return Ok(true);
        }
        self.is_standard_in_form(name)
    }

    /// Whether the form has a font of this name that was there or that everybody has.
    pub(in crate::changes) fn is_standard_in_form(&self, name: &str) -> Result<bool> {
        let now = self.fonts_of(self.form_at(self.after)?.as_ref(), "DR", self.after)?;
        let before = self.fonts_of(self.form_at(self.before)?.as_ref(), "DR", self.before)?;
        let known = LookFonts {
            earlier: named(before.as_ref()).collect(),
            of_form: now.as_ref(),
            ..LookFonts::default()
        };
        let font = known.read(self, &Dictionary::new(), name, self.after)?;
        Ok(font.is_some_and(|font| font.keeps_ascii()))
    }

    pub(super) fn all_show(
        &self,
        field: &FormField,
        widgets: &[Pair<'_>],
        value: &str,
    ) -> Result<bool> {
        for widget in widgets {
            if !self.shows(field, *widget, value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the form asks viewers to build looks anew, and did so in the revision that brought
    /// it: a later one that asks for it makes no look superfluous that was signed.
    fn was_rebuilt_from_the_start(&self) -> Result<bool> {
        let is_asked = |form: &Dictionary, at| -> Result<bool> {
            let asked = self.document.value(form, "NeedAppearances", at)?;
            Ok(asked == Object::Boolean(true))
        };
        if !is_asked(self.form_at(self.before)?.as_ref(), self.before)? {
            return Ok(false);
        }
        for at in self.document.revisions() {
            let form = self.form_at(at)?;
            if !form.entries().is_empty() {
                return is_asked(&form, at);
            }
        }
        Ok(false)
    }

    /// Whether a widget shows this text and nothing new besides.
    fn shows(&self, field: &FormField, widget: Pair<'_>, value: &str) -> Result<bool> {
        let before = self.form_at(self.before)?;
        let rebuilt = match self.is_rebuilt.get() {
            Some(known) => *known,
            None => {
                let known = self.was_rebuilt_from_the_start()?;
                *self.is_rebuilt.get_or_init(|| known)
            }
        };
        let was = self.old_value(widget.was, "AP")?;
        let Object::Dictionary(is) = self.new_value(widget.is, "AP")? else {
            return Ok(was == Object::Null || rebuilt);
        };
        let empty = Dictionary::new();
        let was = was.as_dictionary().unwrap_or(&empty);
        // Looks for the moments when somebody points at it or presses it stay as they are.
        for entry in is.entries().iter().filter(|entry| entry.key != *"N") {
            let touched = |id| self.is_touched(id);
            if was.get(&entry.key.to_string()) != Some(&entry.value)
                || entry.value.as_reference().is_some_and(touched)
            {
                return Ok(false);
            }
        }
        let Object::Stream(stream) = self.new_value(&is, "N")? else {
            return Ok(false);
        };
        let kept = was.get("N") == is.get("N")
            && !is
                .get("N")
                .and_then(Object::as_reference)
                .is_some_and(|id| self.is_touched(id));
        if kept && rebuilt {
            return Ok(true);
        }
        let after = self.form_at(self.after)?;
        let [mut fonts, mut old_fonts] = [LookFonts::default(), LookFonts::default()];
        let form_fonts = self.fonts_of(&after, "DR", self.after)?;
        let old_form_fonts = self.fonts_of(&before, "DR", self.before)?;
        fonts.of_form = form_fonts.as_ref();
        old_fonts.of_form = old_form_fonts.as_ref();
        let old_look = match self.old_value(was, "N")? {
            Object::Stream(stream) => {
                let own = self.fonts_of(&stream.dictionary, "Resources", self.before)?;
                fonts.earlier.extend(named(own.as_ref()));
                Look::read(self, &stream, &old_fonts, self.before)?
            }
            _ => None,
        };
        fonts.earlier.extend(named(old_form_fonts.as_ref()));
        let Some(look) = Look::read(self, &stream, &fonts, self.after)? else {
            return Ok(false);
        };
        let rectangle = rectangle_of(&self.new_value(widget.is, "Rect")?);
        Ok(says(&look.letters, value)
            && look.is_in_reading_order()
            && (self.may_have_lines(field)? || look.is_one_line())
            && rectangle.is_some_and(|rectangle| look.is_drawn_to_size(rectangle))
            && self.is_turned_as_before(&look, old_look.as_ref(), widget)?
            && self.is_painted_as_before(&look, old_look.as_ref(), widget)?
            && self.is_coloured_as_before(&look, old_look.as_ref(), field, widget)?)
    }

    /// Whether a field shows more than one line (12.7.5.3, table 228; 12.7.5.4).
    fn may_have_lines(&self, field: &FormField) -> Result<bool> {
        let flags = self.flags(&field.dictionary)?;
        let kind = field.field_type.as_ref().and_then(Object::as_name);
        let is_choice = kind.is_some_and(|kind| *kind == *"Ch");
        Ok(if is_choice {
            flags & COMBO == 0
        } else {
            flags & MULTILINE != 0
        })
    }

    pub(super) fn fonts_of(
        &self,
        holder: &Dictionary,
        key: &str,
        at: RevisionIndex,
    ) -> Result<Option<Dictionary>> {
        let Object::Dictionary(resources) = self.document.value(holder, key, at)? else {
            return Ok(None);
        };
        let fonts = self.document.value(&resources, "Font", at)?;
        Ok(fonts.as_dictionary().cloned())
    }

    /// 12.5.6.19: a widget says how its look is turned. Upside down a 6 is a 9.
    fn is_turned_as_before(
        &self,
        look: &Look,
        old: Option<&Look>,
        widget: Pair<'_>,
    ) -> Result<bool> {
        if old.is_some_and(|old| old.turned == look.turned) {
            return Ok(true);
        }
        let turn = match self.old_value(widget.was, "MK")? {
            Object::Dictionary(characteristics) => {
                let turn = self.old_value(&characteristics, "R")?;
                turn.as_integer().unwrap_or_default()
            }
            _ => 0,
        };
        let turned = match turn.rem_euclid(360) {
            90 => [0.0, 1.0, -1.0, 0.0],
            180 => [-1.0, 0.0, 0.0, -1.0],
            270 => [0.0, -1.0, 1.0, 0.0],
            _ => [1.0, 0.0, 0.0, 1.0],
        };
        Ok(look.turned == turned)
    }

    /// Areas and lines are those of the look before, or the background and border that the widget
    /// names: all others could be letters, or hide some.
    fn is_painted_as_before(
        &self,
        look: &Look,
        old: Option<&Look>,
        widget: Pair<'_>,
    ) -> Result<bool> {
        let (width, height) = look.size();
        let background = self.colour_of(widget.was, "BG")?;
        let border = self.colour_of(widget.was, "BC")?;
        Ok(look.paints.iter().all(|paint| {
            let is_old =
                old.is_some_and(|old| old.paints.iter().any(|known| known.words == paint.words));
            let is_whole = paint.rectangle.is_some_and(|[x, y, other_x, other_y]| {
                (other_x - x).abs() >= width * BACKGROUND_SHARE
                    && (other_y - y).abs() >= height * BACKGROUND_SHARE
            });
            let is_border = paint.line <= height.min(width) * BORDER_SHARE;
            let named = match &background {
                Some(colour) if paint.fills => paint.words.starts_with(&format!("fill {colour} ")),
                _ => !paint.fills && border.is_some(),
            };
            let hides_text = paint.fills && paint.letters_before > 0;
            !hides_text && (is_old || (is_whole && is_border && named))
        }))
    }

    /// A colour that a widget names for its background or border (12.5.6.19, table 192).
    fn colour_of(&self, widget: &Dictionary, key: &str) -> Result<Option<String>> {
        let Object::Dictionary(characteristics) = self.old_value(widget, "MK")? else {
            return Ok(None);
        };
        let colour = elements(self.old_value(&characteristics, key)?);
        let components: Option<Vec<f64>> = colour.iter().map(number_of).collect();
        Ok(components.and_then(|components| rgb(&components)))
    }

    /// Letters have the colour that the field names, or had: others could not be seen.
    fn is_coloured_as_before(
        &self,
        look: &Look,
        old: Option<&Look>,
        field: &FormField,
        widget: Pair<'_>,
    ) -> Result<bool> {
        let mut named = Vec::new();
        for dictionary in [widget.was, &field.dictionary] {
            for (operator, operands) in self.default_appearance(dictionary, self.before)? {
                if matches!(operator.as_str(), "g" | "rg" | "k") {
                    named.extend(colour_of_operands(&operands));
                }
            }
        }
        if named.is_empty() {
            named.push(black());
        }
        let earlier = old.map(|old| old.letters.as_slice()).unwrap_or_default();
        let background = self.colour_of(widget.was, "BG")?;
        if background.is_none_or(|background| background != black()) {
            named.push(black());
        }
        Ok(look.letters.iter().all(|letter| {
            named.contains(&letter.colour)
                || earlier.iter().any(|known| known.colour == letter.colour)
        }))
    }
}

pub(super) fn colour_of_operands(operands: &[String]) -> Option<String> {
    let numbers: Option<Vec<f64>> = operands.iter().map(|text| text.parse().ok()).collect();
    numbers.and_then(|numbers| rgb(&numbers))
}

/// Operators with their operands, numbers written one way.
pub(in crate::changes) type Operators = Vec<(String, Vec<String>)>;

fn operators(octets: &[u8], step: &Step<'_, '_>) -> Operators {
    let mut cursor = Cursor::new(octets, 0);
    let mut found = Vec::new();
    let mut operands = Vec::new();
    loop {
        cursor.skip_white_space();
        let Some(octet) = cursor.peek() else {
            // Operands of nothing count too: what differs in them differs.
            found.push((String::new(), operands));
            return found;
        };
        if matches!(octet, b'/' | b'0'..=b'9' | b'+' | b'-' | b'.') {
            if let Ok(object) = direct_object(&mut cursor, step.document.limits()) {
                operands.push(match number_of(&object) {
                    Some(number) => format!("{number:.2}"),
                    None => object
                        .as_name()
                        .map_or_else(|| format!("{object:?}"), |name| format!("/{name}")),
                });
                continue;
            }
            return Vec::new();
        }
        let operator = cursor.regular_run();
        if operator.is_empty() {
            return vec![(String::from_utf8_lossy(octets).into_owned(), Vec::new())];
        }
        let operator = String::from_utf8_lossy(operator).into_owned();
        found.push((operator, std::mem::take(&mut operands)));
    }
}

pub(super) fn named(fonts: Option<&Dictionary>) -> impl Iterator<Item = Object> + '_ {
    fonts
        .into_iter()
        .flat_map(|fonts| fonts.entries())
        .map(|entry| entry.value.clone())
}
