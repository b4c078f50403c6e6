//! Default resources of the form (ISO 32000-2, 12.7.3, /DR): they may grow for new fields, as long as no
//! field that was there draws with what comes. A look without resources of its own, and a field
//! without a look, take what they name from here.

use super::step::{Result, Step};
use crate::content::redefines_device_colours;
use crate::cursor::Cursor;
use crate::field::FormField;
use crate::{Dictionary, Object};

/// How many looks of one widget are read: states of buttons.
const LOOKS: usize = 256;

/// What reading one field costs of the budget for what is read over and over.
const FIELD_COST: usize = 10;

impl Step<'_, '_> {
    /// Two levels: categories, and names in them. What was there stays the same.
    pub(super) fn resources_only_grow(
        &self,
        old: Option<&Object>,
        new: Option<&Object>,
    ) -> Result<bool> {
        let null = Object::Null;
        let was = self.document.resolve(old.unwrap_or(&null), self.before)?;
        let is = self.document.resolve(new.unwrap_or(&null), self.after)?;
        let empty = Dictionary::new();
        let (was, is) = match (&was, &is) {
            (Object::Null, Object::Dictionary(is)) => (&empty, is),
            (Object::Dictionary(was), Object::Dictionary(is)) => (was, is),
            _ => return Ok(false),
        };
        // 8.6.5.6: looks that viewers build have these resources, and their colours.
        if redefines_device_colours(self.document, is, self.after)? {
            let [spaces, kept] = [is, was].map(|of| of.get("ColorSpace").unwrap_or(&null));
            if !self.same_content(kept, spaces)? {
                return Ok(false);
            }
        }
        for entry in was.entries() {
            let key = entry.key.to_string();
            let Some(value) = is.get(&key) else {
                return Ok(false);
            };
            if self.same_content(&entry.value, value)? {
                continue;
            }
            let category = self.document.resolve(&entry.value, self.before)?;
            let grown = self.document.resolve(value, self.after)?;
            // Default resources serve the text of fields (12.7.4.3): it is set in fonts and never
            // draws an XObject, and procedure sets are read by nobody (14.2).
            if matches!(key.as_str(), "XObject" | "ProcSet") {
                continue;
            }
            let (Object::Dictionary(category), Object::Dictionary(grown)) = (&category, &grown)
            else {
                return Ok(false);
            };
            for name in category.entries() {
                let same = match grown.get(&name.key.to_string()) {
                    Some(value) => self.same_content(&name.value, value)?,
                    None => false,
                };
                if !same {
                    return Ok(false);
                }
            }
        }
        self.no_field_awaits(was, is)
    }

    /// Whether no field of the revision before names something that only this one gives a meaning.
    fn no_field_awaits(&self, was: &Dictionary, is: &Dictionary) -> Result<bool> {
        let (mut fonts, mut others) = (Vec::new(), Vec::new());
        for category in is.entries() {
            let key = category.key.to_string();
            let Object::Dictionary(now) = self.document.resolve(&category.value, self.after)?
            else {
                continue;
            };
            let before = self.old_value(was, &key)?;
            for entry in now.entries() {
                let name = entry.key.to_string();
                let known = before.as_dictionary().and_then(|before| before.get(&name));
                let same = match known {
                    Some(known) => self.same_content(known, &entry.value)?,
                    None => false,
                };
                if same {
                    continue;
                }
                if key == "Font" {
                    fonts.push(name.clone());
                }
                others.push(name);
            }
        }
        if others.is_empty() {
            return Ok(true);
        }
        let form = self.forms.of(self.document, self.before)?;
        let cost = form.fields.len().saturating_mul(FIELD_COST);
        if !self.budget.spend(cost) {
            return Ok(false);
        }
        let rebuilt = self.new_value(self.form_at(self.after)?.as_ref(), "NeedAppearances")?;
        let is_rebuilt = rebuilt == Object::Boolean(true);
        for field in &form.fields {
            let kids = field.kids.iter().map(|(_, kid)| kid);
            for widget in std::iter::once(&field.dictionary).chain(kids) {
                if self.a_look_names(widget, &others)? {
                    return Ok(false);
                }
                let is_drawn = !is_rebuilt && widget.get("AP").is_some();
                if !is_drawn && self.letters_in_new_font(field, widget, &fonts)? {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Whether no viewer draws a value that was there by the default appearance that the form receives:
    /// in its colour and size, with whatever else it writes (12.7.4.3).
    pub(super) fn no_value_awaits_letters(&self) -> Result<bool> {
        // Some viewers draw whatever else stands there in front of every value.
        let written = self.default_appearance(&Dictionary::new(), self.after)?;
        let mut written = written
            .iter()
            .map(|(operator, operands)| (operator.as_str(), operands.len()));
        // What is behind the last operator is one of no name.
        let letters = |written| {
            matches!(
                written,
                ("Tf", 2) | ("g", 1) | ("rg", 3) | ("k", 4) | ("", 0)
            )
        };
        if !self.is_hidden() && !written.all(letters) {
            return Ok(false);
        }
        let form = self.forms.of(self.document, self.before)?;
        if !self
            .budget
            .spend(form.fields.len().saturating_mul(FIELD_COST))
        {
            return Ok(false);
        }
        let rebuilt = self.new_value(self.form_at(self.after)?.as_ref(), "NeedAppearances")?;
        let is_rebuilt = rebuilt == Object::Boolean(true);
        for field in &form.fields {
            let kind = field.field_type.as_ref().and_then(Object::as_name);
            let is_lettered = kind.is_some_and(|kind| *kind == "Tx" || *kind == "Ch");
            if !is_lettered
                || self
                    .told_value(&field.value, self.before)?
                    .trim()
                    .is_empty()
            {
                continue;
            }
            let kids = field.kids.iter().map(|(_, kid)| kid);
            for widget in std::iter::once(&field.dictionary).chain(kids) {
                let is_drawn = !is_rebuilt && widget.get("AP").is_some();
                let is_above = !field.kids.is_empty() && widget.get("Rect").is_none();
                if !is_drawn
                    && !is_above
                    && self.default_appearance(widget, self.before)?.is_empty()
                {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    /// Whether a viewer that draws the value of a field letters it in a font that came, and that is
    /// none of those that everybody has.
    fn letters_in_new_font(
        &self,
        field: &FormField,
        widget: &Dictionary,
        fonts: &[String],
    ) -> Result<bool> {
        let kind = field.field_type.as_ref().and_then(Object::as_name);
        if !kind.is_some_and(|kind| *kind == "Tx" || *kind == "Ch") {
            return Ok(false);
        }
        for (operator, operands) in self.default_appearance(widget, self.before)? {
            let named = operands.first().map(|name| name.trim_start_matches('/'));
            if operator == "Tf"
                && let Some(name) = named
                && fonts.iter().any(|font| font == name)
                && !self.is_standard_in_form(name)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a look of a widget that has no resources of its own uses one of these names.
    fn a_look_names(&self, widget: &Dictionary, names: &[String]) -> Result<bool> {
        let Some(appearance) = widget.get("AP") else {
            return Ok(false);
        };
        let mut pending = vec![appearance.clone()];
        let mut followed = 0_usize;
        while let Some(object) = pending.pop() {
            followed = followed.saturating_add(1);
            if followed > LOOKS {
                return Ok(true);
            }
            let stream = match self.document.resolve(&object, self.before)? {
                Object::Dictionary(states) => {
                    pending.extend(states.entries().iter().map(|entry| entry.value.clone()));
                    continue;
                }
                Object::Stream(stream) => stream,
                _ => continue,
            };
            let own = self.old_value(&stream.dictionary, "Resources")?;
            if own.as_dictionary().is_some() {
                continue;
            }
            let data = match self.document.decoded(&stream, self.before) {
                Ok(data) => data,
                Err(error) if error.is_limit() => return Err(error),
                Err(_) => continue,
            };
            if uses_a_name(&data, names) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether one of these names stands in a content stream.
fn uses_a_name(data: &[u8], names: &[String]) -> bool {
    memchr::memchr_iter(b'/', data).any(|at| {
        let mut cursor = Cursor::new(data, at);
        let object = crate::parse::direct_object(&mut cursor, &trien_types::Limits::default());
        let named = object
            .ok()
            .and_then(|object| object.as_name().map(ToString::to_string));
        named.is_some_and(|name| names.contains(&name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        let names = ["F9".to_owned()];
        assert!(uses_a_name(b"BT /F9 10 Tf", &names) && uses_a_name(b"/F#39 1 Tf", &names));
        assert!(!uses_a_name(b"BT /F90 10 Tf (F9) Tj", &names));
    }
}
