//! Filling in a field (ISO 32000-2, 12.7.4 and 12.7.5): its value and what shows it.

use super::annotation::{mark_covering, paints_itself, stamp_covering};
use super::field_entry::{only_made_read_only, only_names_annotation};
use super::kind::{ChangeKind, Covering, FilledValues, Locking};
use super::looks::Drawer;
use super::ownership::Showers;
use super::pairs::kid_pairs;
use super::shown::MarkPlace;
use super::step::{Result, Step};
use crate::field::FormField;
use crate::{Dictionary, Object, ObjectId, RevisionIndex};

/// What signing may change in a field or widget dictionary.
const SIGNED: [&str; 9] = ["AP", "AS", "F", "I", "M", "MK", "RV", "Rect", "V"];

/// How many objects of an appearance are followed: states of buttons.
const APPEARANCE_STREAMS: usize = 256;

/// What happened to a field's value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Same,
    Filled,
    Signed,
    /// A signature was replaced or removed, or something that is no value was put there.
    Wrong,
}

impl Step<'_, '_> {
    pub(super) fn explain_field(&mut self, old: &FormField, new: &FormField) -> Result<()> {
        let name = new.full_name.clone();
        let changed = |field: String| ChangeKind::FieldChanged { field, look: None };
        if old.object != new.object {
            let was = Object::Dictionary(old.dictionary.clone());
            let is = Object::Dictionary(new.dictionary.clone());
            if !self.same_content(&was, &is)? {
                self.note(new.object, changed(name));
            }
            return Ok(());
        }
        let value = self.compare_values(old, new)?;
        let kind = self.kind_of_value(value, old, new)?;
        let mut sound = value != Value::Wrong
            && (value != Value::Filled
                || (self.is_sound_filling(old, new)? && self.companions_agree(new)?));
        let widgets = new.kids.iter().map(|(id, _)| *id);
        let shown_by = self.showers(std::iter::once(new.object).chain(widgets));
        let mut touched = value != Value::Same;
        let mut explained: Vec<ObjectId> = Vec::new();
        let mut locking = None;
        let mut says_type_alone = value == Value::Same;
        for (id, was, is) in widget_pairs(old, new) {
            let keys = self.differing_keys(was, is)?;
            touched |= !keys.is_empty();
            says_type_alone &= keys.iter().all(|key| key == "Type");
            locking = locking.max(self.locking(&keys, (was, is), (new, value))?);
            for key in &keys {
                sound &= match value {
                    Value::Signed => is_signing_key(key, was, is),
                    _ => self.is_filling_key(key, value, (was, is), new)?,
                };
            }
            // Readers that look for the value in the widget alone shall find the field's.
            sound &= !keys.iter().any(|key| key == "V")
                || repeats_value(new, is)
                || (value == Value::Filled && is_own_state(new, is));
            explained.extend(id);
            if value == Value::Signed || sound {
                self.explain_appearance(is, shown_by, value, &kind)?;
            }
        }
        if old.kids.len() != new.kids.len() {
            sound = false;
            touched = true;
        }
        if !sound {
            let look = match value {
                Value::Filled | Value::Same => self.wrong_look(old, new)?,
                Value::Signed | Value::Wrong => None,
            };
            let field = name;
            self.note(new.object, ChangeKind::FieldChanged { field, look });
            return Ok(());
        }
        if value == Value::Filled {
            self.shows_filling(old, new)?;
        }
        let locked = locking.filter(|by| value == Value::Same || *by == Locking::Filling);
        let locked = locked.map(|by| ChangeKind::FieldLocked { field: name, by });
        if let Some(locked) = locked.clone().filter(|_| value != Value::Same) {
            self.note(new.object, locked);
        }
        let mut kind = locked.filter(|_| value == Value::Same).unwrap_or(kind);
        if says_type_alone {
            kind = ChangeKind::ObjectRewritten;
        }
        if touched {
            for id in explained {
                self.explains(id, kind.clone());
            }
            if let Some(id) = new.value.as_reference()
                && value == Value::Filled
            {
                self.explains_owned(id, kind.clone(), ["V", "DV"]);
            }
            if !new.object.is_some_and(|id| self.is_touched(id)) {
                self.note(new.object, kind);
            }
        }
        Ok(())
    }

    /// What happened to a field, after its value.
    fn kind_of_value(
        &mut self,
        value: Value,
        old: &FormField,
        new: &FormField,
    ) -> Result<ChangeKind> {
        let name = new.full_name.clone();
        let changed = |field: String| ChangeKind::FieldChanged { field, look: None };
        Ok(match value {
            Value::Wrong => changed(name.clone()),
            Value::Filled => ChangeKind::FieldFilled {
                field: name.clone(),
                values: Some(FilledValues {
                    old: self.told_value(&old.value, self.before)?,
                    new: self.told_value(&new.value, self.after)?,
                }),
            },
            Value::Same => ChangeKind::FieldFilled {
                field: name.clone(),
                values: None,
            },
            Value::Signed => match self.document.resolve(&new.value, self.after)? {
                Object::Dictionary(dictionary) => {
                    match self.signature_kind(name.clone(), &new.value, &dictionary)? {
                        ChangeKind::SignatureFieldAdded { field, .. } => {
                            let covering = self.new_look(old, new, mark_covering)?;
                            ChangeKind::SignatureFieldFilled { field, covering }
                        }
                        ChangeKind::DocumentTimestampAdded { field, .. } => {
                            let covering = self.new_look(old, new, stamp_covering)?;
                            ChangeKind::DocumentTimestampAdded { field, covering }
                        }
                        other => other,
                    }
                }
                _ => changed(name.clone()),
            },
        })
    }

    /// Whether what the widgets of a field show covers something, where it is not what they
    /// showed before.
    fn new_look(
        &mut self,
        old: &FormField,
        new: &FormField,
        covering: fn(&Self, &Dictionary) -> Result<Covering>,
    ) -> Result<Covering> {
        let mut most = Covering::No;
        let was_there = self.was_there_unsigned(new)?;
        for (id, was, is) in widget_pairs(old, new) {
            let keys = self.differing_keys(was, is)?;
            let shows = |key: &String| {
                matches!(
                    key.as_str(),
                    "AP" | "AS" | "BS" | "Border" | "F" | "MK" | "Rect"
                )
            };
            let in_place = match is.get("AP") {
                Some(look) => self.is_repainted(look)?,
                None => false,
            };
            let resized = keys.iter().any(|key| key == "Rect" || key == "F");
            let place = if resized || !was_there {
                MarkPlace::New
            } else {
                MarkPlace::Prepared
            };
            if in_place || keys.iter().any(shows) {
                if place == MarkPlace::New {
                    most = most.max(covering(self, is)?);
                }
                self.shows_mark(&new.full_name, (id, is), (place, Drawer::Look));
            }
            if keys.iter().any(|key| key == "MK") && paints_itself(self, is)? {
                most = Covering::Page;
            }
        }
        Ok(most)
    }

    /// Whether a field came before anybody signed: whoever signed saw its place. One that came
    /// later and bare is a new mark when it is signed.
    fn was_there_unsigned(&self, field: &FormField) -> Result<bool> {
        let Some(id) = field.object else {
            return Ok(false);
        };
        let mut since = self.before;
        while let Some(earlier) = since.0.checked_sub(1).map(RevisionIndex) {
            if self.document.object(id, earlier)?.object == Object::Null {
                return Ok(!self.forms.are_signed(self.document, earlier)?);
            }
            since = earlier;
        }
        Ok(true)
    }

    /// Whether a stream of an appearance is another one than before.
    fn is_repainted(&self, look: &Object) -> Result<bool> {
        let mut pending = vec![look.clone()];
        let mut followed = 0_usize;
        while let Some(object) = pending.pop() {
            followed = followed.saturating_add(1);
            if followed > APPEARANCE_STREAMS
                || object.as_reference().is_some_and(|id| self.is_touched(id))
            {
                return Ok(true);
            }
            if let Object::Dictionary(dictionary) = self.document.resolve(&object, self.after)? {
                pending.extend(dictionary.entries().iter().map(|entry| entry.value.clone()));
            }
        }
        Ok(false)
    }

    fn compare_values(&self, old: &FormField, new: &FormField) -> Result<Value> {
        let is_signature = new
            .field_type
            .as_ref()
            .and_then(Object::as_name)
            .is_some_and(|n| *n == "Sig");
        let was = self.document.resolve(&old.value, self.before)?;
        let is = self.document.resolve(&new.value, self.after)?;
        if old.value == new.value && self.same(&was, &is)? {
            return Ok(Value::Same);
        }
        if old.field_type != new.field_type {
            return Ok(Value::Wrong);
        }
        if is_signature {
            return Ok(match (&was, &is) {
                (Object::Null, Object::Dictionary(_)) => Value::Signed,
                (Object::Null, Object::Null) => Value::Same,
                // ATTACKS.md, ground rule 4: /V names the same dictionary, with the same entries.
                _ => Value::Wrong,
            });
        }
        Ok(match is {
            Object::Dictionary(_) => Value::Wrong,
            _ => Value::Filled,
        })
    }

    /// The streams of an appearance may be new, or change in place with the value.
    fn explain_appearance(
        &mut self,
        widget: &Dictionary,
        shown_by: Option<Showers>,
        value: Value,
        kind: &ChangeKind,
    ) -> Result<()> {
        if !matches!(value, Value::Filled | Value::Signed) {
            return Ok(());
        }
        let Some(appearance) = widget.get("AP") else {
            return Ok(());
        };
        let mut pending = vec![appearance.clone()];
        let mut followed = 0_usize;
        while let Some(object) = pending.pop() {
            followed = followed.saturating_add(1);
            if followed > APPEARANCE_STREAMS {
                return Ok(());
            }
            let resolved = self.document.resolve(&object, self.after)?;
            if let Some(id) = object.as_reference()
                && self.is_touched(id)
                && self.was_appearance(id)
            {
                self.explains_look(id, kind.clone(), shown_by);
            }
            if let Object::Dictionary(dictionary) = resolved {
                pending.extend(dictionary.entries().iter().map(|entry| entry.value.clone()));
            }
        }
        Ok(())
    }

    /// A form `XObject` stays one, in the same resources: fonts are never part of filling in (S3).
    fn was_appearance(&self, id: ObjectId) -> bool {
        self.touched
            .get(&id.number)
            .is_some_and(|touched| match (&touched.old, &touched.new) {
                (Object::Null, _) => true,
                (Object::Stream(old), Object::Stream(new)) => {
                    let subtype =
                        |d: &Dictionary| d.get("Subtype").and_then(Object::as_name).cloned();
                    subtype(&old.dictionary) == subtype(&new.dictionary)
                }
                (Object::Dictionary(_), Object::Dictionary(_)) => true,
                _ => false,
            })
    }
}

fn is_signing_key(key: &str, was: &Dictionary, is: &Dictionary) -> bool {
    SIGNED.contains(&key)
        || (key == "Ff" && only_made_read_only(was, is))
        || (key == "Type" && only_names_annotation(was, is))
}

/// Whether a widget has no value of its own, or that of its field again.
pub(super) fn repeats_value(field: &FormField, widget: &Dictionary) -> bool {
    widget.get("V").is_none_or(|value| *value == field.value)
}

/// Whether the value of a button's widget is the state that it shows: some programs write it there.
fn is_own_state(field: &FormField, widget: &Dictionary) -> bool {
    let is_button = field.field_type.as_ref().and_then(Object::as_name);
    is_button.is_some_and(|name| *name == "Btn")
        && widget.get("Parent").is_some()
        && widget.get("V").is_some()
        && widget.get("V") == widget.get("AS")
}

/// The dictionaries of a field and of its widgets, earlier and now.
pub(super) fn widget_pairs<'f>(
    old: &'f FormField,
    new: &'f FormField,
) -> impl Iterator<Item = (Option<ObjectId>, &'f Dictionary, &'f Dictionary)> {
    let kids = kid_pairs(&old.kids, &new.kids);
    std::iter::once((new.object, &old.dictionary, &new.dictionary)).chain(kids)
}
