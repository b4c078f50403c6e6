//! Changes of the logical structure (ISO 32000-2, 14.7): it may gain elements for annotations and
//! fields. What the structure says of the page's content is content, and stays.

use std::collections::HashSet;

use super::catalog::reference_of;
use super::kind::ChangeKind;
use super::references::References;
use super::step::{Result, Step};
use crate::{Dictionary, Object, ObjectId};

/// What a structure element says in place of what it is for (14.9.3 to 14.9.6).
const SPOKEN: [&str; 4] = ["ActualText", "Alt", "E", "Phoneme"];

impl Step<'_, '_> {
    pub(super) fn explain_structure(
        &mut self,
        old: &Dictionary,
        new: &Dictionary,
        _references: &References,
    ) -> Result<()> {
        let was = self.old_value(old, "StructTreeRoot")?;
        let is = self.new_value(new, "StructTreeRoot")?;
        let empty = Dictionary::new();
        let (was, is) = match (&was, &is) {
            (Object::Null, Object::Null) => return Ok(()),
            (Object::Null, Object::Dictionary(is)) => (&empty, is),
            (Object::Dictionary(was), Object::Dictionary(is)) => (was, is),
            _ => {
                self.note(reference_of(old, "StructTreeRoot"), ChangeKind::Unexplained);
                return Ok(());
            }
        };
        let mut explained = true;
        for key in self.differing_keys(was, is)? {
            explained &= match key.as_str() {
                // Compared below, key by key.
                "ParentTree" | "IDTree" => true,
                // 14.7.2: the next free one, derived.
                "ParentTreeNextKey" => true,
                "K" => self.kids_only_grow(was, is)?,
                // 14.8.2: a role or class makes something else of the elements that were there.
                "RoleMap" | "ClassMap" => was.entries().is_empty(),
                "Type" => true,
                _ => false,
            };
        }
        let root = reference_of(new, "StructTreeRoot");
        if !explained || !self.explain_trees(was, is)? {
            self.note(root, ChangeKind::Unexplained);
            return Ok(());
        }
        if let Some(root) = root {
            self.explains(root, ChangeKind::StructureExtended);
        }
        self.explain_elements()
    }

    /// Touched elements: their kids may grow by elements for annotations.
    fn explain_elements(&mut self) -> Result<()> {
        let numbers: Vec<u32> = self.touched_numbers().collect();
        for number in numbers {
            let Some(touched) = self.touched.get(&number) else {
                continue;
            };
            let (id, old, new) = (touched.id, touched.old.clone(), touched.new.clone());
            let (Object::Dictionary(old), new) = (old, new) else {
                continue;
            };
            if !is_element(&old) {
                continue;
            }
            let explained = match &new {
                Object::Dictionary(new) => {
                    let keys = self.differing_keys(&old, new)?;
                    keys.iter().all(|key| key == "K") && self.kids_only_grow(&old, new)?
                }
                Object::Null => self.is_for_removed_annotation(&Object::Reference(id))?,
                _ => false,
            };
            if explained {
                self.explains(id, ChangeKind::StructureExtended);
            }
            for list in [
                reference_of(&old, "K"),
                new.as_dictionary().and_then(|d| reference_of(d, "K")),
            ]
            .into_iter()
            .flatten()
            {
                if explained && self.is_touched(list) {
                    self.explains_owned(list, ChangeKind::StructureExtended, ["K"]);
                }
            }
        }
        Ok(())
    }

    /// /K keeps what it has, in its order, but for elements of annotations, which come and go.
    fn kids_only_grow(&self, old: &Dictionary, new: &Dictionary) -> Result<bool> {
        let list = |value: Object| match value {
            Object::Array(elements) => elements,
            Object::Null => Vec::new(),
            single => vec![single],
        };
        let raw = |dictionary: &Dictionary, resolved: Object| match dictionary.get("K") {
            Some(Object::Reference(id)) if !matches!(resolved, Object::Array(_)) => {
                vec![Object::Reference(*id)]
            }
            _ => list(resolved),
        };
        let was = raw(old, self.old_value(old, "K")?);
        let is = raw(new, self.new_value(new, "K")?);
        let mut left = is.iter();
        for kid in &was {
            let mut found = false;
            let mut ahead = left.clone();
            for candidate in ahead.by_ref() {
                if candidate == kid || same_annotation(kid, candidate) {
                    found = true;
                    break;
                }
            }
            if found {
                left = ahead;
            } else if !self.is_for_removed_annotation(kid)? {
                return Ok(false);
            }
        }
        let known: HashSet<String> = was.iter().map(|kid| format!("{kid:?}")).collect();
        let is_known = |kid: &Object| {
            known.contains(&format!("{kid:?}")) || was.iter().any(|old| same_annotation(old, kid))
        };
        for kid in is.iter().filter(|kid| !is_known(kid)) {
            if !self.is_for_annotation(kid, 0)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// An element may go with the annotations it is for, and not before them.
    pub(super) fn is_for_removed_annotation(&self, kid: &Object) -> Result<bool> {
        let Object::Dictionary(element) = self.document.resolve(kid, self.before)? else {
            return Ok(false);
        };
        let mut found = false;
        for annotation in annotations_of(&element) {
            found = true;
            if self.document.object(annotation, self.after)?.object != Object::Null
                && !self.is_removed(annotation)
            {
                return Ok(false);
            }
        }
        Ok(found)
    }

    /// Whether a page or list of annotations lost it in this step.
    pub(super) fn is_removed(&self, annotation: ObjectId) -> bool {
        let lists = |object: &Object| match object {
            Object::Dictionary(page) => page.get("Annots").cloned().unwrap_or(Object::Null),
            other => other.clone(),
        };
        let reference = Object::Reference(annotation);
        let listed = |object: &Object, at| {
            let list = self
                .document
                .resolve(&lists(object), at)
                .unwrap_or(Object::Null);
            list.as_array()
                .is_some_and(|elements| elements.contains(&reference))
        };
        self.touched
            .values()
            .any(|touched| listed(&touched.old, self.before) && !listed(&touched.new, self.after))
    }

    /// Whether an element holds nothing but references to annotations (14.7.5.3), however deep.
    pub(super) fn is_for_annotation(&self, kid: &Object, depth: usize) -> Result<bool> {
        if depth > self.document.limits().nesting {
            return Ok(false);
        }
        let Object::Dictionary(dictionary) = self.document.resolve(kid, self.after)? else {
            return Ok(false);
        };
        // 14.9: what is read aloud in its place is text of the document.
        if SPOKEN.iter().any(|key| dictionary.get(key).is_some()) {
            return Ok(false);
        }
        let annotations = annotations_of(&dictionary);
        for annotation in &annotations {
            // 14.7.5.3: an external object of the page's content is content.
            let referred = self.document.object(*annotation, self.after)?.object;
            if matches!(referred, Object::Stream(_)) {
                return Ok(false);
            }
        }
        if !annotations.is_empty() {
            return Ok(true);
        }
        let below = match self.new_value(&dictionary, "K")? {
            Object::Array(kids) => kids,
            Object::Null => return Ok(true),
            single => vec![single],
        };
        for kid in &below {
            if !self.is_for_annotation(kid, depth.saturating_add(1))? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    pub(super) fn was_element(&self, id: ObjectId) -> bool {
        self.touched.get(&id.number).is_some_and(|touched| {
            [&touched.old, &touched.new]
                .iter()
                .any(|object| object.as_dictionary().is_some_and(is_element))
        })
    }
}

/// A structure element (14.7.2, table 355).
fn is_element(dictionary: &Dictionary) -> bool {
    let named = dictionary.get("Type").and_then(Object::as_name);
    named.is_some_and(|name| *name == "StructElem")
        || (named.is_none() && dictionary.get("S").is_some() && dictionary.get("P").is_some())
}

/// Two direct references to one annotation, whatever else they carry.
fn same_annotation(old: &Object, new: &Object) -> bool {
    let spoken = |kid: &Object| {
        let kid = kid.as_dictionary();
        SPOKEN.map(|key| kid.and_then(|kid| kid.get(key)).cloned())
    };
    if spoken(old) != spoken(new) {
        return false;
    }
    let [old, new] = [old, new].map(|kid| kid.as_dictionary().map(annotations_of));
    old.is_some_and(|annotations| !annotations.is_empty() && new == Some(annotations))
}

/// The annotations that an element or object reference is for; none when it is for content too.
fn annotations_of(dictionary: &Dictionary) -> Vec<ObjectId> {
    let reference = |dictionary: &Dictionary| {
        let is_reference = dictionary
            .get("Type")
            .and_then(Object::as_name)
            .is_some_and(|n| *n == "OBJR");
        reference_of(dictionary, "Obj").filter(|_| is_reference)
    };
    if let Some(annotation) = reference(dictionary) {
        return vec![annotation];
    }
    match dictionary.get("K") {
        Some(Object::Dictionary(kid)) => reference(kid).into_iter().collect(),
        Some(Object::Array(kids)) => kids
            .iter()
            .map(|kid| kid.as_dictionary().and_then(reference))
            .collect::<Option<_>>()
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}
