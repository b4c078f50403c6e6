//! Entries of a field or widget that may differ when it is filled in (ISO 32000-2, 12.5.2, 12.7.4), and
//! by what a field is locked.

use super::field_fill::Value;
use super::kind::Locking;
use super::step::{Result, Step};
use crate::field::{FormField, number_of};
use crate::permission::locks_of;
use crate::{Dictionary, FieldLock, Object};

impl Step<'_, '_> {
    /// Whether an entry of a field or widget may differ as it does when the field is filled in, or
    /// when nothing happens to its value.
    pub(super) fn is_filling_key(
        &self,
        key: &str,
        value: Value,
        (was, is): (&Dictionary, &Dictionary),
        field: &FormField,
    ) -> Result<bool> {
        Ok(match key {
            // A look that changes while the value stays shows something else than was signed (S2).
            "AP" | "AS" => value == Value::Filled,
            "M" | "V" => true,
            "Type" => only_names_annotation(was, is),
            "F" => only_locked(was, is),
            "Ff" => {
                only_made_read_only(was, is)
                    || (was.get(key).is_none()
                        && self.new_value(is, key)?.as_integer() == Some(self.flags(was)?))
            }
            "RV" => self.companions_agree(field)?,
            "I" => self.indices_agree(field)?,
            "DA" => value == Value::Filled && self.is_same_lettering(was, is)?,
            // What is written out and said nothing before says nothing now; a border without a
            // colour is none, however wide (12.5.6.19, table 192).
            "BS" => {
                (was.get(key).is_none()
                    && was.get("Border").is_none()
                    && self.is_usual_border(&self.new_value(is, key)?)?)
                    || (value == Value::Filled && self.has_no_border(was, is)?)
            }
            "MK" => {
                let is_bare = |value: &Object| match value {
                    Object::Dictionary(dictionary) => dictionary.entries().is_empty(),
                    other => *other == Object::Null,
                };
                is_bare(&self.old_value(was, key)?) && is_bare(&self.new_value(is, key)?)
            }
            _ => false,
        })
    }

    /// Whether a border style says what holds without one (12.5.4, table 168): a solid line of one
    /// point.
    fn is_usual_border(&self, style: &Object) -> Result<bool> {
        let Object::Dictionary(style) = style else {
            return Ok(false);
        };
        for entry in style.entries() {
            let value = self.document.resolve(&entry.value, self.after)?;
            let is_usual = match entry.key.to_string().as_str() {
                "Type" => true,
                "S" => value.as_name().is_some_and(|name| *name == "S"),
                "W" => number_of(&value) == Some(1.0),
                _ => false,
            };
            if !is_usual {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a widget has a look, and names no colour for a border, before and after: then its
    /// border style says nothing that is drawn.
    fn has_no_border(&self, was: &Dictionary, is: &Dictionary) -> Result<bool> {
        for (widget, at) in [(was, self.before), (is, self.after)] {
            let value = |of: &Dictionary, key: &str| self.document.value(of, key, at);
            let colour = match value(widget, "MK")? {
                Object::Dictionary(characteristics) => value(&characteristics, "BC")?,
                _ => Object::Null,
            };
            let is_bare = match &colour {
                Object::Null => true,
                Object::Array(components) => components.is_empty(),
                _ => false,
            };
            let plain = match value(widget, "BS")? {
                Object::Dictionary(style) => {
                    let known = ["S", "Type", "W"];
                    let mut entries = style.entries().iter();
                    entries.all(|entry| known.iter().any(|known| entry.key == **known))
                }
                other => other == Object::Null,
            };
            if !is_bare || !plain || value(widget, "AP")? == Object::Null {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// By what a field that may be filled in is locked, if it is.
    pub(super) fn locking(
        &self,
        keys: &[String],
        (was, is): (&Dictionary, &Dictionary),
        (field, value): (&FormField, Value),
    ) -> Result<Option<Locking>> {
        let has = |wanted: &str| keys.iter().any(|key| key == wanted);
        let is_signature = field.field_type.as_ref().and_then(Object::as_name);
        if is_signature.is_some_and(|name| *name == "Sig") {
            return Ok(None);
        }
        let own = is.get("Ff").and_then(Object::as_integer);
        if has("Ff") && own.is_some_and(|own| own & 1 != 0) && self.flags(was)? & 1 == 0 {
            return Ok(Some(if value == Value::Filled {
                Locking::Filling
            } else if self.is_locked_by_signing(&field.full_name)? {
                Locking::Signature
            } else {
                Locking::Nobody
            }));
        }
        Ok(has("F").then_some(Locking::Widget))
    }

    /// Whether a signature that came with this revision locks the field.
    fn is_locked_by_signing(&self, full_name: &str) -> Result<bool> {
        let locks = match self.new_locks.get() {
            Some(known) => known,
            None => {
                let locks = self.locks_of_new_signatures()?;
                self.new_locks.get_or_init(|| locks)
            }
        };
        Ok(locks.iter().any(|lock| lock.locks(full_name)))
    }

    fn locks_of_new_signatures(&self) -> Result<Vec<FieldLock>> {
        let form = self.forms.of(self.document, self.after)?;
        let mut locks = Vec::new();
        for field in &form.fields {
            let Some(id) = field.value.as_reference().filter(|id| self.is_touched(*id)) else {
                continue;
            };
            let Object::Dictionary(signature) = self.document.object(id, self.after)?.object else {
                continue;
            };
            let is_signature = field.field_type.as_ref().and_then(Object::as_name);
            if is_signature.is_some_and(|name| *name == "Sig") && self.is_new(id)? {
                let of = (&signature, Some(&field.dictionary));
                locks.extend(locks_of(self.document, of, self.after)?);
            }
        }
        Ok(locks)
    }
}

/// The flags of a widget may say that it is locked (12.5.3); hidden or shown, it shows something
/// else than was signed.
fn only_locked(was: &Dictionary, is: &Dictionary) -> bool {
    const READ_ONLY: i64 = 1 << 6;
    const LOCKED: i64 = 1 << 7;
    const LOCKED_CONTENTS: i64 = 1 << 9;
    let flags = |d: &Dictionary| d.get("F").and_then(Object::as_integer).unwrap_or_default();
    (flags(is) ^ flags(was)) & !(READ_ONLY | LOCKED | LOCKED_CONTENTS) == 0
}

/// What is an annotation by where it stands may say so (12.5.2, table 166): /Type has one value.
pub(super) fn only_names_annotation(was: &Dictionary, is: &Dictionary) -> bool {
    let names = |key: &str, wanted: &str| {
        let name = is.get(key).and_then(Object::as_name);
        name.is_some_and(|name| *name == *wanted)
    };
    was.get("Type").is_none() && names("Type", "Annot") && names("Subtype", "Widget")
}

/// A signature that locks fields sets their flag `ReadOnly` (12.7.4.1, table 227), and no other.
pub(super) fn only_made_read_only(was: &Dictionary, is: &Dictionary) -> bool {
    let flags = |d: &Dictionary| d.get("Ff").and_then(Object::as_integer).unwrap_or_default();
    flags(is) == flags(was) | 1
}
