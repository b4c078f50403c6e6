//! What a new signature field is made of (ISO 32000-2, 12.5.6.19, 12.7.4, 12.7.5.5): entries that a
//! field to be signed has, on it, on the nodes above it and on its widgets. Readers look for the kind
//! of a field from its widget upwards as well as from the form downwards, so both lead to the same.
//! Says nothing about what it covers, nor about its value.

use super::annotation::paints_itself;
use super::field_fill::repeats_value;
use super::kind::ChangeKind;
use super::step::{Result, Step, elements};
use crate::field::{FieldNode, Form, FormField};
use crate::hashing::NumberSet;
use crate::{Dictionary, Object, ObjectId};

/// Entries of nodes above fields, which pass some of them on (tables 226 and 228).
const OF_NODES: [&str; 9] = ["DA", "DR", "FT", "Ff", "Kids", "Parent", "T", "TM", "TU"];

/// Entries that a signature field has besides (table 235).
const OF_FIELDS: [&str; 3] = ["Lock", "SV", "V"];

/// Entries of its widgets (tables 166 and 191).
const OF_WIDGETS: [&str; 19] = [
    "AP",
    "BS",
    "Border",
    "C",
    "Contents",
    "DA",
    "DR",
    "F",
    "FT",
    "H",
    "M",
    "MK",
    "NM",
    "P",
    "Parent",
    "Rect",
    "StructParent",
    "Subtype",
    "Type",
];

/// Of what a widget looks like without a look of its own (table 192): colours, and how it is turned.
/// Captions and icons are those of buttons.
const CHARACTERISTICS: [&str; 3] = ["BC", "BG", "R"];

impl Step<'_, '_> {
    /// Judges the nodes that came to stand above fields: readers ask them for actions and for what
    /// they pass on.
    pub(super) fn explain_nodes(&mut self, before: &Form, after: &Form) -> Result<()> {
        let known: NumberSet<ObjectId> =
            before.nodes.iter().filter_map(|node| node.object).collect();
        let is_direct = |node: &&FieldNode| node.object.is_none();
        let mut direct = before.nodes.iter().filter(is_direct);
        for node in &after.nodes {
            let is_sound = match node.object {
                Some(id) => known.contains(&id) || self.is_plain_node(node, id)?,
                // Nobody adds a field that has no object of its own.
                None => direct
                    .next()
                    .is_some_and(|was| was.dictionary == node.dictionary),
            };
            if !is_sound {
                let field = node.full_name.clone();
                self.note(node.object, ChangeKind::FieldAdded { field });
            }
        }
        Ok(())
    }

    /// Whether a node is new, stands above new fields only, and passes on what signature fields have.
    fn is_plain_node(&self, node: &FieldNode, id: ObjectId) -> Result<bool> {
        let is_known = |key: &str| OF_NODES.contains(&key);
        Ok(node.kids.is_empty()
            && self.is_new(id)?
            && self.are_new_kids(&node.dictionary)?
            && self.has_only(&node.dictionary, is_known, node.listed_by)?)
    }

    /// Whether a new field, its own entries and those of its widgets, is that of a signature and of
    /// nothing else.
    pub(super) fn is_plain_field(&self, field: &FormField) -> Result<bool> {
        let listed = elements(self.new_value(&field.dictionary, "Kids")?);
        let of_field = |key: &str| {
            OF_NODES.contains(&key) || OF_FIELDS.contains(&key) || OF_WIDGETS.contains(&key)
        };
        let of_widget = |key: &str| key == "V" || OF_WIDGETS.contains(&key);
        if listed.len() != field.kids.len()
            || !self.are_new_kids(&field.dictionary)?
            || !self.has_only(&field.dictionary, of_field, field.listed_by)?
            || self.is_strange_widget(field, &field.dictionary)?
        {
            return Ok(false);
        }
        for (_, kid) in &field.kids {
            if !self.has_only(kid, of_widget, field.object)?
                || self.is_strange_widget(field, kid)?
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether all that a node or field lists are new dictionaries: objects that were something else
    /// before are not made fields or widgets by an update.
    fn are_new_kids(&self, node: &Dictionary) -> Result<bool> {
        for kid in elements(self.new_value(node, "Kids")?) {
            let Some(id) = kid.as_reference() else {
                return Ok(false);
            };
            let is_dictionary = self
                .document
                .resolve(&kid, self.after)?
                .as_dictionary()
                .is_some();
            if !is_dictionary || !self.is_new(id)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether a dictionary has known entries, each once, none of which says that it is anything but
    /// the part of a signature field, below the node that lists it.
    fn has_only(
        &self,
        dictionary: &Dictionary,
        is_known: impl Fn(&str) -> bool,
        listed_by: Option<ObjectId>,
    ) -> Result<bool> {
        for entry in dictionary.entries() {
            let key = entry.key.to_string();
            let value = || self.document.resolve(&entry.value, self.after);
            let names = |wanted: &str| -> Result<bool> {
                Ok(value()?.as_name().is_some_and(|name| *name == *wanted))
            };
            let is_sound = is_known(&key)
                && match key.as_str() {
                    "FT" => names("Sig")?,
                    "Type" => names("Annot")?,
                    "Subtype" => names("Widget")?,
                    "Parent" => {
                        let above = entry.value.as_reference();
                        (above.is_some() && above == listed_by) || entry.value == Object::Null
                    }
                    "MK" => match value()? {
                        Object::Dictionary(characteristics) => {
                            characteristics.duplicate_key().is_none()
                                && characteristics.entries().iter().all(|entry| {
                                    CHARACTERISTICS.contains(&entry.key.to_string().as_str())
                                })
                        }
                        other => other == Object::Null,
                    },
                    _ => true,
                };
            if !is_sound {
                return Ok(false);
            }
        }
        Ok(dictionary.duplicate_key().is_none())
    }

    /// A widget that says nowhere where it is (12.5.2), so that a sign which a reader draws for a field
    /// to be signed covers the page, one with another value than its field, or one that paints itself.
    fn is_strange_widget(&self, field: &FormField, widget: &Dictionary) -> Result<bool> {
        let subtype = widget.get("Subtype").and_then(Object::as_name);
        let is_widget = subtype.is_some_and(|name| *name == "Widget");
        let is_anywhere = is_widget && self.new_value(widget, "Rect")? == Object::Null;
        Ok(is_anywhere || !repeats_value(field, widget) || paints_itself(self, widget)?)
    }
}
