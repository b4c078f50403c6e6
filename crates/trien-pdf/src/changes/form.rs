//! Changes of the interactive form (ISO 32000-2, 12.7): its own entries and the list of fields.

use std::collections::BTreeMap;

use super::annotation::{covering_of, mark_covering, stamp_covering};
use super::catalog::reference_of;
use super::kind::{ChangeKind, Covering};
use super::looks::Drawer;
use super::page::is_page;
use super::pairs::first_by;
use super::shown::MarkPlace;
use super::step::{Result, Step, elements};
use crate::field::{Form, FormField};
use crate::hashing::NumberSet;
use crate::{Dictionary, Document, Object, ObjectId};

impl Step<'_, '_> {
    pub(super) fn explain_form(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        root: ObjectId,
    ) -> Result<()> {
        let old_form = self.old_value(old, "AcroForm")?;
        let new_form = self.new_value(new, "AcroForm")?;
        let empty = Dictionary::new();
        let (was, is) = match (&old_form, &new_form) {
            (Object::Null, Object::Null) => return Ok(()),
            (_, Object::Dictionary(is)) => (old_form.as_dictionary().unwrap_or(&empty), is),
            _ => {
                self.note(Some(root), ChangeKind::Unexplained);
                return Ok(());
            }
        };
        let form = reference_of(new, "AcroForm");
        if self.explain_form_entries(was, is, form.or(Some(root)))? {
            if let Some(id) = form {
                self.explains(id, ChangeKind::FormExtended);
            }
        } else {
            self.note(form.or(Some(root)), ChangeKind::Unexplained);
        }
        let before = self.forms.of(self.document, self.before)?;
        let after = self.forms.of(self.document, self.after)?;
        self.explain_fields(&before, &after)?;
        if !self.fields_keep_order(was, is)? || !self.gains_only_fields(was, is)? {
            self.note(form.or(Some(root)), ChangeKind::Unexplained);
        } else if let Some(id) = reference_of(is, "Fields") {
            self.explains_owned(id, ChangeKind::FormExtended, ["Fields"]);
        }
        Ok(())
    }

    /// The entries of the form dictionary (12.7.3, table 224). The fields themselves are compared
    /// one by one.
    fn explain_form_entries(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        form: Option<ObjectId>,
    ) -> Result<bool> {
        for key in self.differing_keys(old, new)? {
            let explained = match key.as_str() {
                "Fields" => true,
                "SigFlags" => {
                    flags_only_added(&self.old_value(old, &key)?, &self.new_value(new, &key)?)
                }
                // F5: a viewer that builds appearances anew may show other than what was signed.
                "NeedAppearances" => {
                    self.new_value(new, &key)? != Object::Boolean(true)
                        || self.looks_say_values()?
                }
                "DA" => {
                    self.old_value(old, &key)? == Object::Null && self.no_value_awaits_letters()?
                }
                "DR" => self.resources_only_grow(old.get("DR"), new.get("DR"))?,
                _ => false,
            };
            if matches!(key.as_str(), "NeedAppearances" | "DA" | "DR") {
                self.note(form, ChangeKind::FormResourcesExtended);
            }
            if !explained {
                return Ok(false);
            }
        }
        // A resource dictionary of its own may change in place, as long as it only grows.
        for key in ["DR"] {
            if let (Some(was), Some(id)) = (old.get(key), reference_of(new, key))
                && self.is_touched(id)
                && self.resources_only_grow(Some(was), new.get(key))?
            {
                self.explains_owned(id, ChangeKind::FormResourcesExtended, [key]);
            }
        }
        Ok(true)
    }

    /// Whether the fields that were there and still are stand in the order they had: readers walk
    /// through them in it, and no program that signs or fills changes it.
    fn fields_keep_order(&self, old: &Dictionary, new: &Dictionary) -> Result<bool> {
        let was = elements(self.old_value(old, "Fields")?);
        let is = elements(self.new_value(new, "Fields")?);
        let kept: NumberSet<ObjectId> = is.iter().filter_map(Object::as_reference).collect();
        let was = was.iter().filter_map(Object::as_reference);
        let was: Vec<ObjectId> = was.filter(|id| kept.contains(id)).collect();
        let there: NumberSet<ObjectId> = was.iter().copied().collect();
        let is = is.iter().filter_map(Object::as_reference);
        Ok(is.filter(|id| there.contains(id)).eq(was))
    }

    /// Whether all that the list of fields gained are dictionaries of fields (12.7.4.1): these are
    /// judged one by one, and of anything else a reader makes what it likes.
    fn gains_only_fields(&self, old: &Dictionary, new: &Dictionary) -> Result<bool> {
        let was = elements(self.old_value(old, "Fields")?);
        let known: NumberSet<ObjectId> = was.iter().filter_map(Object::as_reference).collect();
        for gained in elements(self.new_value(new, "Fields")?) {
            let is_known = match gained.as_reference() {
                Some(id) => known.contains(&id),
                None => was.contains(&gained),
            };
            let resolved = self.document.resolve(&gained, self.after)?;
            let is_field = resolved.as_dictionary().is_some_and(|field| {
                ["FT", "Kids", "T"]
                    .iter()
                    .any(|key| field.get(key).is_some())
                    && !is_page(field)
            });
            if !is_known && !is_field {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn explain_fields(&mut self, before: &Form, after: &Form) -> Result<()> {
        self.explain_nodes(before, after)?;
        let [old, new] = [before, after].map(|form| by_name(form, self.document));
        for (name, fields) in &new {
            let was = old.get(name).map(Vec::as_slice).unwrap_or_default();
            let known = first_by(was.iter().map(|old| (old.object, old)));
            let renumbered = match was {
                [only] if fields.len() == 1 => Some(only),
                _ => None,
            };
            for field in fields {
                match known.get(&field.object).copied().or(renumbered) {
                    Some(old) => self.explain_field(old, field)?,
                    // F9: a second field of one name would speak for the first.
                    None if !was.is_empty() => {
                        let field_name = field.full_name.clone();
                        self.note(field.object, ChangeKind::FieldAdded { field: field_name });
                    }
                    None => self.explain_added_field(field)?,
                }
            }
        }
        for (name, fields) in &old {
            if new.get(name).map_or(0, Vec::len) < fields.len() {
                let object = fields.first().and_then(|field| field.object);
                let field = fields.first().map(|field| field.full_name.clone());
                let field = field.unwrap_or_default();
                self.note(object, ChangeKind::FieldRemoved { field });
            }
        }
        Ok(())
    }

    fn explain_added_field(&mut self, field: &FormField) -> Result<()> {
        let name = field.full_name.clone();
        let is_signature = field
            .field_type
            .as_ref()
            .and_then(Object::as_name)
            .is_some_and(|n| *n == "Sig");
        // Objects that were something else before are not made a field by an update.
        let fresh = match field.object {
            Some(id) => self.is_new(id)?,
            None => true,
        };
        // What acts, or what readers take for something else, is no mark of a signature.
        if !is_signature || !fresh || !self.is_plain_field(field)? {
            self.note(field.object, ChangeKind::FieldAdded { field: name });
            return Ok(());
        }
        let widgets =
            || std::iter::once(&field.dictionary).chain(field.kids.iter().map(|(_, kid)| kid));
        let largest = |of: fn(&Self, &Dictionary) -> Result<Covering>| {
            widgets().try_fold(Covering::No, |most, widget| Ok(most.max(of(self, widget)?)))
        };
        let (covering, mark) = (largest(covering_of)?, largest(mark_covering)?);
        let stamp = largest(stamp_covering)?;
        let kind = match self.document.resolve(&field.value, self.after)? {
            Object::Dictionary(value) => match self.signature_kind(name, &field.value, &value)? {
                ChangeKind::SignatureFieldAdded { field, .. } => ChangeKind::SignatureFieldAdded {
                    field,
                    covering: mark,
                },
                ChangeKind::DocumentTimestampAdded { field, .. } => {
                    ChangeKind::DocumentTimestampAdded {
                        field,
                        covering: stamp,
                    }
                }
                other => other,
            },
            Object::Null => ChangeKind::EmptySignatureFieldAdded {
                field: name,
                covering,
            },
            _ => ChangeKind::FieldAdded { field: name },
        };
        let drawer = match kind {
            ChangeKind::EmptySignatureFieldAdded { .. } => Drawer::Reader,
            _ => Drawer::Look,
        };
        let own = (field.object, &field.dictionary);
        self.shows_mark(&field.full_name, own, (MarkPlace::New, drawer));
        for (id, kid) in &field.kids {
            self.shows_mark(&field.full_name, (*id, kid), (MarkPlace::New, drawer));
        }
        self.note(field.object, kind);
        if let Some(id) = field.object {
            self.explains(id, ChangeKind::FormExtended);
        }
        Ok(())
    }

    /// What a signature that came with this revision is, after its dictionary.
    pub(super) fn signature_kind(
        &mut self,
        field: String,
        value: &Object,
        dictionary: &Dictionary,
    ) -> Result<ChangeKind> {
        if let Some(id) = value.as_reference()
            && !self.is_new(id)?
        {
            return Ok(ChangeKind::FieldChanged { field, look: None });
        }
        let sub_filter = dictionary.get("SubFilter").and_then(Object::as_name);
        if sub_filter.is_some_and(|name| *name == "ETSI.RFC3161") {
            return Ok(ChangeKind::DocumentTimestampAdded {
                field,
                covering: Covering::No,
            });
        }
        if crate::signature::certification(self.document, dictionary, self.after)?.is_some()
            && self.was_certified()?
        {
            return Ok(ChangeKind::SecondCertification { field });
        }
        Ok(ChangeKind::SignatureFieldAdded {
            field,
            covering: Covering::No,
        })
    }

    fn was_certified(&self) -> Result<bool> {
        let (_, catalog) = self.document.catalog(self.before)?;
        let Object::Dictionary(permissions) = self.old_value(&catalog, "Perms")? else {
            return Ok(false);
        };
        Ok(permissions.get("DocMDP").is_some())
    }
}

/// That there are signatures, and that the file may only be appended to (12.7.3, table 225), is
/// said and never taken back.
fn flags_only_added(was: &Object, is: &Object) -> bool {
    let was = was.as_integer().unwrap_or_default();
    is.as_integer().is_some_and(|is| was & !is == 0)
}

/// What a field is known by: its name or, where names are no text without the password, its object.
type Known<'f> = (Option<ObjectId>, Option<&'f str>);

fn by_name<'f>(form: &'f Form, document: &Document<'_>) -> BTreeMap<Known<'f>, Vec<&'f FormField>> {
    let mut fields: BTreeMap<Known<'f>, Vec<&FormField>> = BTreeMap::new();
    let is_text = !document.has_encrypted_strings();
    for field in &form.fields {
        let object = field.object.filter(|_| !is_text);
        let name = object.is_none().then_some(field.full_name.as_str());
        fields.entry((object, name)).or_default().push(field);
    }
    fields
}
