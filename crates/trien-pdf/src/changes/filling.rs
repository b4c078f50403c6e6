//! Whether a field was filled in and nothing else (ISO 32000-2, 12.7.5): its value is one that it
//! may have, every widget shows that value and no other, and nothing about its looks is new but the
//! letters (ATTACKS.md, S2, F5).

mod font;
mod look;
mod program;
mod reader;
mod rebuilt;
mod telling;
mod value;
mod widget;

use super::annotation::takes_much_of_its_page;
use super::pairs::kid_pairs;
use super::step::{Result, Step, elements};
use crate::field::FormField;
use crate::{Dictionary, Object, RevisionIndex};
pub(super) use program::Programs;
use value::{same_text, text_of_rich_text};

/// Flags of fields (12.7.4.1, table 227; 12.7.5, tables 229, 231, 233).
const READ_ONLY: i64 = 1;
const MULTI_SELECT: i64 = 1 << 21;
const MULTILINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;
const NO_TOGGLE_TO_OFF: i64 = 1 << 14;
const PUSH_BUTTON: i64 = 1 << 16;
const COMBO: i64 = 1 << 17;
const EDIT: i64 = 1 << 18;

/// A widget as it was and as it is.
#[derive(Debug, Clone, Copy)]
struct Pair<'f> {
    was: &'f Dictionary,
    is: &'f Dictionary,
}

impl Step<'_, '_> {
    /// Whether a new value is one that the field may have, and all its widgets show it.
    pub(super) fn is_sound_filling(&self, old: &FormField, new: &FormField) -> Result<bool> {
        if self.flags(&old.dictionary)? & READ_ONLY != 0 {
            return Ok(false);
        }
        let widgets = widgets(old, new);
        for widget in &widgets {
            if takes_much_of_its_page(self, widget.is)? {
                return Ok(false);
            }
        }
        let kind = new.field_type.as_ref().and_then(Object::as_name);
        let is = |name: &str| kind.is_some_and(|kind| *kind == *name);
        if (is("Tx") || is("Ch")) && self.is_hidden() {
            Ok(true)
        } else if is("Tx") {
            self.is_sound_text(old, new, &widgets)
        } else if is("Ch") {
            self.is_sound_choice(old, new, &widgets)
        } else if is("Btn") {
            self.is_sound_button(old, new, &widgets)
        } else {
            Ok(false)
        }
    }

    /// Whether rich text and the indices of choices, where there are some, say what the value says.
    pub(super) fn companions_agree(&self, new: &FormField) -> Result<bool> {
        let has_companion = new.dictionary.get("RV").is_some();
        if has_companion && self.is_hidden() {
            return Ok(true);
        }
        let Some(values) = self.value_texts(&new.value, self.after)? else {
            return Ok(false);
        };
        let rich = match self.new_value(&new.dictionary, "RV")? {
            Object::Null => None,
            rich => Some(self.value_texts(&rich, self.after)?),
        };
        Ok(match rich {
            None => true,
            Some(Some(rich)) => text_of_rich_text(&rich.concat())
                .is_some_and(|text| same_text(&text, &values.concat())),
            Some(None) => false,
        })
    }

    /// Whether the indices of the selected choices (/I) are those of the value.
    pub(super) fn indices_agree(&self, new: &FormField) -> Result<bool> {
        if self.is_hidden() {
            return Ok(true);
        }
        let indices = elements(self.new_value(&new.dictionary, "I")?);
        let values = self
            .value_texts(&new.value, self.after)?
            .unwrap_or_default();
        let choices = self.choices(&new.dictionary, self.after)?;
        let mut selected = Vec::new();
        for index in &indices {
            let index = self.document.resolve(index, self.after)?.as_usize();
            let Some((export, _)) = index.and_then(|index| choices.get(index)) else {
                return Ok(false);
            };
            selected.push(export.clone());
        }
        selected.sort_unstable();
        let mut values = values;
        values.sort_unstable();
        Ok(selected.is_empty() || selected == values)
    }

    /// Flags of a field, its own or inherited, as they were.
    pub(super) fn flags(&self, field: &Dictionary) -> Result<i64> {
        let flags = self.passed_on(field, "Ff", self.before)?;
        Ok(flags.as_integer().unwrap_or_default())
    }

    /// An entry that fields inherit (12.7.4.1).
    fn passed_on(&self, field: &Dictionary, key: &str, at: RevisionIndex) -> Result<Object> {
        let value = self.document.value(field, key, at)?;
        if value != Object::Null {
            return Ok(value);
        }
        let mut node = self.forms.node(self.document, field.get("Parent"), at)?;
        for _ in 1..self.document.limits().nesting {
            let Object::Dictionary(dictionary) = node.as_ref() else {
                break;
            };
            let value = self.document.value(dictionary, key, at)?;
            if value != Object::Null {
                return Ok(value);
            }
            let above = dictionary.get("Parent");
            node = self.forms.node(self.document, above, at)?;
        }
        Ok(Object::Null)
    }

    fn is_sound_text(
        &self,
        old: &FormField,
        new: &FormField,
        widgets: &[Pair<'_>],
    ) -> Result<bool> {
        if self
            .document
            .resolve(&new.value, self.after)?
            .as_name()
            .is_some()
        {
            return Ok(false);
        }
        let Some(values) = self.value_texts(&new.value, self.after)? else {
            return Ok(false);
        };
        let [value] = values.as_slice() else {
            return Ok(values.is_empty() && self.all_show(old, widgets, "")?);
        };
        if self.flags(&old.dictionary)? & PASSWORD != 0 {
            let hidden = |sign: &str| sign.repeat(value.chars().count());
            return Ok(self.all_show(old, widgets, &hidden("*"))?
                || self.all_show(old, widgets, &hidden("•"))?);
        }
        self.all_show(old, widgets, value)
    }

    fn is_sound_choice(
        &self,
        old: &FormField,
        new: &FormField,
        widgets: &[Pair<'_>],
    ) -> Result<bool> {
        let flags = self.flags(&old.dictionary)?;
        let Some(values) = self.value_texts(&new.value, self.after)? else {
            return Ok(false);
        };
        if values.len() > 1 && flags & MULTI_SELECT == 0 {
            return Ok(false);
        }
        let choices = self.choices(&old.dictionary, self.before)?;
        let is_free = flags & COMBO != 0 && flags & EDIT != 0;
        let mut shown = String::new();
        for value in &values {
            match choices.iter().find(|(export, _)| export == value) {
                Some((_, display)) => shown.push_str(display),
                None if is_free || value.is_empty() => shown.push_str(value),
                None => return Ok(false),
            }
        }
        // The look of a list shows every choice and marks some: what is marked is not read here.
        self.all_show(old, widgets, &shown)
    }

    /// What is exported and what is shown of each choice (12.7.5.4).
    fn choices(&self, field: &Dictionary, at: RevisionIndex) -> Result<Vec<(String, String)>> {
        let mut choices = Vec::new();
        for choice in elements(self.passed_on(field, "Opt", at)?) {
            let texts = self.value_texts(&choice, at)?.unwrap_or_default();
            match texts.as_slice() {
                [both] => choices.push((both.clone(), both.clone())),
                [export, display] => choices.push((export.clone(), display.clone())),
                _ => {}
            }
        }
        Ok(choices)
    }

    /// Check boxes and radio buttons switch between looks that they have; push buttons have no
    /// value.
    fn is_sound_button(
        &self,
        old: &FormField,
        new: &FormField,
        widgets: &[Pair<'_>],
    ) -> Result<bool> {
        let flags = self.flags(&old.dictionary)?;
        if flags & PUSH_BUTTON != 0 {
            return Ok(false);
        }
        let value = match self.document.resolve(&new.value, self.after)? {
            Object::Null => "Off".to_owned(),
            Object::Name(name) => name.to_string(),
            _ => return Ok(false),
        };
        // Table 229: one of the buttons stays chosen. No viewer lets go of all.
        let was = self.document.resolve(&old.value, self.before)?;
        let was_chosen = was.as_name().is_some_and(|was| *was != "Off");
        if value == "Off" && was_chosen && flags & NO_TOGGLE_TO_OFF != 0 {
            return Ok(false);
        }
        let mut is_known = value == "Off";
        for widget in widgets {
            let [was, is] = [
                self.states(widget.was, self.before)?,
                self.states(widget.is, self.after)?,
            ];
            let touched = is.iter().any(|(_, look)| {
                look.as_reference()
                    .is_some_and(|look| self.is_touched(look))
            });
            if was != is || touched || self.is_appearance_touched(widget.is)? {
                return Ok(false);
            }
            let has_it = is.iter().any(|(state, _)| *state == value);
            is_known |= has_it;
            let state = match self.new_value(widget.is, "AS")? {
                Object::Name(name) => name.to_string(),
                Object::Null => "Off".to_owned(),
                _ => return Ok(false),
            };
            // Without looks viewers draw the state that /AS names, or the value.
            let wanted = if has_it { value.as_str() } else { "Off" };
            let is_bare = is.is_empty();
            if state != wanted && !(is_bare && state == value) {
                return Ok(false);
            }
            is_known |= is_bare;
        }
        Ok(is_known)
    }

    /// The states of a button and their looks as written.
    fn states(&self, widget: &Dictionary, at: RevisionIndex) -> Result<Vec<(String, Object)>> {
        let Object::Dictionary(appearance) = self.document.value(widget, "AP", at)? else {
            return Ok(Vec::new());
        };
        let Object::Dictionary(states) = self.document.value(&appearance, "N", at)? else {
            return Ok(Vec::new());
        };
        let states = states.entries().iter();
        Ok(states
            .map(|entry| (entry.key.to_string(), entry.value.clone()))
            .collect())
    }

    /// Whether the dictionaries of looks themselves were written again.
    fn is_appearance_touched(&self, widget: &Dictionary) -> Result<bool> {
        let touched = |value: Option<&Object>| {
            let id = value.and_then(Object::as_reference);
            id.is_some_and(|id| self.is_touched(id))
        };
        if touched(widget.get("AP")) {
            return Ok(true);
        }
        let Object::Dictionary(appearance) = self.new_value(widget, "AP")? else {
            return Ok(false);
        };
        Ok(appearance
            .entries()
            .iter()
            .any(|entry| touched(Some(&entry.value))))
    }
}

/// The widgets of a field: its kids, or the field itself.
fn widgets<'f>(old: &'f FormField, new: &'f FormField) -> Vec<Pair<'f>> {
    if new.kids.is_empty() {
        let (was, is) = (&old.dictionary, &new.dictionary);
        return vec![Pair { was, is }];
    }
    let kids = kid_pairs(&old.kids, &new.kids);
    kids.map(|(_, was, is)| Pair { was, is }).collect()
}
