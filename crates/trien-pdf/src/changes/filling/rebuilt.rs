//! Whether looks that viewers build anew (ISO 32000-2, 12.7.3, /NeedAppearances) say what the looks
//! say that are there: in letters that everybody has, in the same colour, on the same ground
//! (ATTACKS.md, F5). Builds none.

use super::font::LookFonts;
use super::look::{Look, rgb};
use super::value::says;
use super::{COMBO, PASSWORD, PUSH_BUTTON};
use crate::changes::step::{Result, Step};
use crate::field::{FormField, form_fields, number_of, rectangle_of};
use crate::{Dictionary, Object};

/// Fields of a form whose looks are read.
const FIELDS: usize = 2_000;

/// What reading the looks of one field costs of the budget for what is read over and over.
const FIELD_COST: usize = 100;

/// Signs of ticks in the font that viewers draw them with (12.5.6.19, table 192): none is blank.
const TICKS: [&str; 6] = ["4", "8", "H", "l", "n", "u"];

/// Text smaller than this many points is not seen.
const SMALLEST_TEXT: f64 = 2.0;

impl Step<'_, '_> {
    /// Whether every field shows its value, so that viewers may build its looks anew.
    pub(in crate::changes) fn looks_say_values(&self) -> Result<bool> {
        if self.is_hidden() {
            return Ok(true);
        }
        let form = form_fields(self.document, self.after)?;
        let cost = form.fields.len().saturating_mul(FIELD_COST);
        if form.fields.len() > FIELDS || !self.budget.spend(cost) {
            return Ok(false);
        }
        for field in &form.fields {
            if !self.may_be_rebuilt(field)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn may_be_rebuilt(&self, field: &FormField) -> Result<bool> {
        let kind = field.field_type.as_ref().and_then(Object::as_name);
        let is = |name: &str| kind.is_some_and(|kind| *kind == *name);
        // Viewers build no looks of signatures.
        if is("Sig") {
            return Ok(true);
        }
        let own = std::iter::once(&field.dictionary);
        let kids: Vec<&Dictionary> = field.kids.iter().map(|(_, kid)| kid).collect();
        // A script may make other words of the value.
        if own
            .clone()
            .chain(kids.iter().copied())
            .any(|one| one.get("AA").is_some())
        {
            return Ok(false);
        }
        let widgets: Vec<&Dictionary> = if kids.is_empty() { own.collect() } else { kids };
        for widget in widgets {
            let Object::Dictionary(looks) = self.new_value(widget, "AP")? else {
                // Viewers draw it already.
                continue;
            };
            let sound = if is("Btn") {
                self.button_says_its_state(field, widget, &looks)?
            } else {
                let Some(value) = self.value_to_be_shown(field, is("Ch").then_some(COMBO))? else {
                    return Ok(false);
                };
                self.look_says(&value, widget, &looks)?
            };
            if !sound {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What viewers letter for the value of a field, which has this flag where it needs one; `None`
    /// where that is more than the value.
    fn value_to_be_shown(&self, field: &FormField, needed: Option<i64>) -> Result<Option<String>> {
        let flags = self.passed_on(&field.dictionary, "Ff", self.after)?;
        let flags = flags.as_integer().unwrap_or_default();
        let Some(values) = self.value_texts(&field.value, self.after)? else {
            return Ok(None);
        };
        // The look of a list shows more than what is chosen.
        let is_list = needed.is_some_and(|needed| flags & needed == 0);
        if flags & PASSWORD != 0 || values.len() > 1 || is_list {
            return Ok(None);
        }
        let mut value = values.concat();
        if needed.is_some() {
            let choices = self.choices(&field.dictionary, self.after)?;
            let chosen = choices.into_iter().find(|(export, _)| *export == value);
            value = chosen.map_or(value, |(_, shown)| shown);
        }
        Ok(Some(value))
    }

    fn look_says(&self, value: &str, widget: &Dictionary, looks: &Dictionary) -> Result<bool> {
        let Object::Stream(stream) = self.new_value(looks, "N")? else {
            return Ok(false);
        };
        let form = self.form_at(self.after)?;
        let form_fonts = self.fonts_of(&form, "DR", self.after)?;
        // No font that was there is trusted: it may draw what it likes, and another one will.
        let fonts = LookFonts {
            earlier: Vec::new(),
            of_form: form_fonts.as_ref(),
            ..LookFonts::default()
        };
        let Some(look) = Look::read(self, &stream, &fonts, self.after)? else {
            return Ok(false);
        };
        let Some(lettering) = self.lettering(widget, &fonts)? else {
            return Ok(value.trim().is_empty() && look.letters.is_empty());
        };
        let height = rectangle_of(&self.new_value(widget, "Rect")?)
            .map_or(0.0, |[_, bottom, _, top]| (top - bottom).abs());
        let is_seen = lettering.size == 0.0
            || (SMALLEST_TEXT..=height.max(SMALLEST_TEXT)).contains(&lettering.size);
        let same_colour = |letter: &super::look::Letter| letter.colour == lettering.colour;
        Ok(says(&look.letters, value)
            && is_seen
            && look.letters.iter().all(same_colour)
            && self.ground_is_shown(widget, &look, &lettering.colour)?)
    }

    /// Font, size and colour of the default appearance, where they are all a standard font's.
    fn lettering(&self, widget: &Dictionary, fonts: &LookFonts<'_>) -> Result<Option<Lettering>> {
        let mut lettering = None;
        let mut colour = super::look::black();
        for (operator, operands) in self.default_appearance(widget, self.after)? {
            match (operator.as_str(), operands.as_slice()) {
                ("", []) => {}
                ("g" | "rg" | "k", components) => {
                    let Some(named) = super::widget::colour_of_operands(components) else {
                        return Ok(None);
                    };
                    colour = named;
                }
                ("Tf", [name, size]) => {
                    let name = name.trim_start_matches('/');
                    let font = fonts.read(self, &Dictionary::new(), name, self.after)?;
                    let Some(size) = size.parse().ok().filter(|_| font.is_some()) else {
                        return Ok(None);
                    };
                    lettering = Some(size);
                }
                _ => return Ok(None),
            }
        }
        Ok(lettering.map(|size| Lettering { size, colour }))
    }

    /// Whether the ground and border that viewers would draw are drawn already, and hide nothing.
    fn ground_is_shown(&self, widget: &Dictionary, look: &Look, ink: &str) -> Result<bool> {
        let Object::Dictionary(characteristics) = self.new_value(widget, "MK")? else {
            return Ok(true);
        };
        // 12.5.6.19: pictures and a turn are drawn anew as well.
        for key in ["I", "IX", "R", "RI"] {
            if !matches!(
                self.new_value(&characteristics, key)?,
                Object::Null | Object::Integer(0)
            ) {
                return Ok(false);
            }
        }
        for (key, fills) in [("BG", true), ("BC", false)] {
            let components = match self.new_value(&characteristics, key)? {
                Object::Null => continue,
                Object::Array(components) if components.is_empty() => continue,
                Object::Array(components) => components,
                _ => return Ok(false),
            };
            let numbers: Option<Vec<f64>> = components.iter().map(number_of).collect();
            let Some(colour) = numbers.and_then(|numbers| rgb(&numbers)) else {
                return Ok(false);
            };
            let drawn = look.paints.iter().any(|paint| {
                paint.fills == fills
                    && (!fills || paint.words.starts_with(&format!("fill {colour} ")))
            });
            if !drawn || (fills && colour == ink) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the looks of a button are what viewers draw for its states: something where it is
    /// chosen, nothing where it is not, its caption where it has one.
    fn button_says_its_state(
        &self,
        field: &FormField,
        widget: &Dictionary,
        looks: &Dictionary,
    ) -> Result<bool> {
        let flags = self.passed_on(&field.dictionary, "Ff", self.after)?;
        let caption = match self.new_value(widget, "MK")? {
            Object::Dictionary(characteristics) => {
                let caption = self.new_value(&characteristics, "CA")?;
                self.value_texts(&caption, self.after)?
                    .map(|texts| texts.concat())
            }
            _ => Some(String::new()),
        };
        let Some(caption) = caption else {
            return Ok(false);
        };
        let form = self.form_at(self.after)?;
        let form_fonts = self.fonts_of(&form, "DR", self.after)?;
        let look_of = |look: &Object| -> Result<Option<Look>> {
            let Object::Stream(stream) = self.document.resolve(look, self.after)? else {
                return Ok(None);
            };
            let signs = LookFonts {
                earlier: self.fonts_of_signs(&stream.dictionary)?,
                of_form: form_fonts.as_ref(),
                ..LookFonts::default()
            };
            Look::read(self, &stream, &signs, self.after)
        };
        let is_push = flags.as_integer().unwrap_or_default() & PUSH_BUTTON != 0;
        let normal = looks.get("N").cloned().unwrap_or(Object::Null);
        if is_push {
            let Some(look) = look_of(&normal)? else {
                return Ok(false);
            };
            let ink = look.letters.first().map(|letter| letter.colour.clone());
            return Ok(says(&look.letters, &caption)
                && self.ground_is_shown(widget, &look, &ink.unwrap_or_default())?);
        }
        if !caption.is_empty() && !TICKS.contains(&caption.as_str()) {
            return Ok(false);
        }
        let Object::Dictionary(states) = self.document.resolve(&normal, self.after)? else {
            return Ok(false);
        };
        let white = rgb(&[1.0]).unwrap_or_default();
        for state in states.entries() {
            let Some(look) = look_of(&state.value)? else {
                return Ok(false);
            };
            let ground = look
                .paints
                .iter()
                .filter(|paint| paint.rectangle.is_some())
                .count();
            let seen = look.letters.iter().any(|letter| letter.colour != white);
            let is_drawn = seen || look.paints.len() > ground;
            let is_chosen = state.key != *"Off";
            let is_shown = if is_chosen {
                is_drawn
            } else {
                look.letters.is_empty() && !is_drawn
            };
            if !is_shown || !self.ground_is_shown(widget, &look, "")? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The fonts of a look that are those of signs, which readers have.
    fn fonts_of_signs(&self, look: &Dictionary) -> Result<Vec<Object>> {
        let mut signs = Vec::new();
        let Some(fonts) = self.fonts_of(look, "Resources", self.after)? else {
            return Ok(signs);
        };
        for entry in fonts.entries() {
            let Object::Dictionary(font) = self.document.resolve(&entry.value, self.after)? else {
                continue;
            };
            let base = self.new_value(&font, "BaseFont")?;
            let is_signs = base.as_name().is_some_and(|name| *name == "ZapfDingbats");
            let subtype = self.new_value(&font, "Subtype")?;
            let is_simple = subtype.as_name().is_some_and(|name| *name == "Type1");
            if is_signs && is_simple && font.get("FontDescriptor").is_none() {
                signs.push(entry.value.clone());
            }
        }
        Ok(signs)
    }
}

/// What a default appearance letters with.
struct Lettering {
    /// In points; 0 for the one that fits.
    size: f64,
    colour: String,
}
