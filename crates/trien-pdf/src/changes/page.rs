//! Changes of pages and their annotations (ISO 32000-2, 7.7.3.3, 12.5).

use std::collections::HashSet;

use super::annotation::{
    annotation_change, annotation_removal, annotation_repainting, is_annotation,
};
use super::catalog::reference_of;
use super::kind::ChangeKind;
use super::listing::Listing;
use super::ownership::ELEMENT;
use super::references::References;
use super::step::{Result, Step, elements};
use crate::field::rectangle_of;
use crate::hashing::NumberSet;
use crate::{Dictionary, Object, ObjectId};

/// What refers to an annotation: lists of annotations, its popup, answers, structure.
const ANNOTATION_OWNERS: [&str; 6] = ["Annots", "IRT", "Obj", "Parent", "Popup", ELEMENT];

/// Keys of nodes of the page tree (7.7.3.2, table 30) and of pages (7.7.3.3, table 31): a reader
/// that takes more of them for inherited than it should would show another page.
const PAGE_TREE_KEYS: [&str; 33] = [
    "AA",
    "AF",
    "Annots",
    "ArtBox",
    "B",
    "BleedBox",
    "BoxColorInfo",
    "Contents",
    "Count",
    "CropBox",
    "DPart",
    "Dur",
    "Group",
    "ID",
    "Kids",
    "LastModified",
    "MediaBox",
    "Metadata",
    "OutputIntents",
    "PZ",
    "Parent",
    "PresSteps",
    "Resources",
    "Rotate",
    "SeparationInfo",
    "StructParents",
    "Tabs",
    "TemplateInstantiated",
    "Thumb",
    "Trans",
    "TrimBox",
    "Type",
    "UserUnit",
];

impl Step<'_, '_> {
    pub(super) fn explain_pages(&mut self, references: &References) -> Result<()> {
        let widgets = self.widgets()?;
        let numbers: Vec<u32> = self.touched_numbers().collect();
        for number in numbers {
            let Some(touched) = self.touched.get(&number) else {
                continue;
            };
            let (id, old, new) = (touched.id, touched.old.clone(), touched.new.clone());
            match (&old, &new) {
                (Object::Dictionary(old), Object::Dictionary(new)) if is_page(old) => {
                    self.explain_page(id, old, new, &widgets)?;
                }
                (Object::Dictionary(old), Object::Dictionary(new)) if is_tree_node(old) => {
                    self.explain_tree_node(id, old, new)?;
                }
                (Object::Array(old), Object::Array(new))
                    if self.is_list_of_annotations(number, references)? =>
                {
                    let listing = self.listing_of_list(id, references)?;
                    if self.explain_list(old, new, &listing, &widgets)? {
                        self.explains_owned(id, ChangeKind::WidgetAdded, ["Annots"]);
                    }
                    self.carries_owned(id, ["Annots"]);
                }
                (Object::Array(old), Object::Null)
                    if self.is_list_of_annotations(number, references)? =>
                {
                    let listing = self.listing_of_list(id, references)?;
                    self.explain_list(old, &[], &listing, &widgets)?;
                    self.carries_owned(id, ["Annots"]);
                }
                _ if is_annotation(&old) || (is_annotation(&new) && old != Object::Null) => {
                    self.explain_annotation(id, &old, &new, references)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Fields and widgets of the form as this revision leaves it.
    fn widgets(&self) -> Result<NumberSet<ObjectId>> {
        let form = self.forms.of(self.document, self.after)?;
        Ok(form
            .fields
            .iter()
            .flat_map(|field| {
                field
                    .object
                    .into_iter()
                    .chain(field.kids.iter().filter_map(|(id, _)| *id))
            })
            .collect())
    }

    fn explain_page(
        &mut self,
        id: ObjectId,
        old: &Dictionary,
        new: &Dictionary,
        widgets: &NumberSet<ObjectId>,
    ) -> Result<()> {
        let mut explained = true;
        for key in self.differing_keys(old, new)? {
            explained &= match key.as_str() {
                "Annots" => true,
                "Tabs" => {
                    self.note(Some(id), ChangeKind::AnnotationOrder);
                    true
                }
                "LastModified" | "PieceInfo" => {
                    self.note(Some(id), ChangeKind::MetadataReplaced);
                    true
                }
                // The key of the page into the tree of parents (14.7.5.4): one that led somewhere
                // would make another page's elements of its content.
                "StructParents" if old.get("StructParents").is_none() => {
                    self.note(Some(id), ChangeKind::TaggingDeclared);
                    match self.new_value(new, &key)?.as_integer() {
                        Some(parents) => !self.had_parents(parents)?,
                        None => false,
                    }
                }
                "CropBox" | "MediaBox" | "Resources" | "Rotate" => {
                    self.inherits_the_same(old, new, &key)?
                }
                _ => false,
            };
        }
        // A list of its own that nothing touched is the same, however long it is.
        let lists = [old, new].map(|page| reference_of(page, "Annots"));
        let is_kept = lists[0] == lists[1] && lists[0].is_some_and(|list| !self.is_touched(list));
        let received = if is_kept {
            false
        } else {
            let old_list = elements(self.old_value(old, "Annots")?);
            let new_list = elements(self.new_value(new, "Annots")?);
            let listing = self.listing_on(id)?;
            self.explain_list(&old_list, &new_list, &listing, widgets)?
        };
        if explained {
            if received {
                self.explains(id, ChangeKind::WidgetAdded);
            }
            self.carries(id);
            if let Some(list) = reference_of(new, "Annots") {
                self.carries_owned(list, ["Annots"]);
            }
        }
        Ok(())
    }

    /// Whether a page states for itself what it inherits (7.7.3.4), or no longer does.
    fn inherits_the_same(&self, old: &Dictionary, new: &Dictionary, key: &str) -> Result<bool> {
        let stated = |page: &Dictionary, at| {
            let found = self.document.inherited(page, key, at, |value| {
                (*value != Object::Null).then(|| value.clone())
            })?;
            Ok(found.unwrap_or(match key {
                "Rotate" => Object::Integer(0),
                _ => Object::Null,
            }))
        };
        let (was, is) = (stated(old, self.before)?, stated(new, self.after)?);
        self.same_content(&was, &is)
    }

    /// A node of the page tree may gain what no reader looks at; its kids and what pages inherit
    /// stay (7.7.3.2, 7.7.3.4).
    fn explain_tree_node(
        &mut self,
        id: ObjectId,
        old: &Dictionary,
        new: &Dictionary,
    ) -> Result<()> {
        let differing = self.differing_keys(old, new)?;
        if !differing
            .iter()
            .any(|key| PAGE_TREE_KEYS.contains(&key.as_str()))
        {
            self.explains(id, ChangeKind::MetadataReplaced);
        }
        Ok(())
    }

    /// Annotations that a list gains or loses. Widgets of new signature fields belong to them;
    /// any other widget that comes or goes changes what the page shows. Tells whether one came.
    fn explain_list(
        &mut self,
        old: &[Object],
        new: &[Object],
        listing: &Listing,
        widgets: &NumberSet<ObjectId>,
    ) -> Result<bool> {
        let page = listing.after.as_ref().map(|site| site.id);
        let of = |object: Option<ObjectId>| Listing {
            object,
            ..listing.clone()
        };
        let mut received = false;
        // What is listed later is drawn on top: what stays keeps its order, and nothing stands twice.
        let (was, is) = (Listed::of(old), Listed::of(new));
        let kept = old.iter().filter(|object| is.has(object));
        if !new.iter().filter(|object| was.has(object)).eq(kept) {
            self.note(None, ChangeKind::Unexplained);
        }
        for added in new.iter().filter(|object| !was.has(object)) {
            let id = added.as_reference();
            if let (Some(id), Some(page)) = (id, page) {
                self.locate(id, page);
            }
            if let Some(id) = id
                && widgets.contains(&id)
                && self.is_new(id)?
            {
                received = true;
                continue;
            }
            let resolved = self.document.resolve(added, self.after)?;
            let Object::Dictionary(annotation) = &resolved else {
                if resolved != Object::Null {
                    self.note(id, ChangeKind::Unexplained);
                }
                continue;
            };
            let kind = if annotation
                .get("Subtype")
                .and_then(Object::as_name)
                .is_some_and(|n| *n == "Widget")
            {
                match id {
                    // Known to the form before, and now listed on a page too: a field without
                    // extent (12.7.5.5). Any other would be drawn where it was not.
                    Some(id) if widgets.contains(&id) && self.has_no_extent(annotation)? => {
                        received = true;
                        ChangeKind::WidgetAdded
                    }
                    _ => ChangeKind::Unexplained,
                }
            } else {
                annotation_change(self, None, annotation, &of(id))?
            };
            self.note(id, kind);
        }
        for removed in old.iter().filter(|object| !is.has(object)) {
            let id = removed.as_reference();
            if let (Some(id), Some(page)) = (id, page) {
                self.locate(id, page);
            }
            let Object::Dictionary(annotation) = self.document.resolve(removed, self.before)?
            else {
                continue;
            };
            let is_widget = annotation
                .get("Subtype")
                .and_then(Object::as_name)
                .is_some_and(|n| *n == "Widget");
            let kind = if is_widget {
                ChangeKind::Unexplained
            } else {
                annotation_removal(self, &annotation, &of(id))?
            };
            self.note(id, kind);
        }
        Ok(received)
    }

    /// Whether an annotation takes no room on a page.
    fn has_no_extent(&self, annotation: &Dictionary) -> Result<bool> {
        let rectangle = self.new_value(annotation, "Rect")?;
        Ok(rectangle_of(&rectangle)
            .is_some_and(|[left, bottom, right, top]| left == right && bottom == top))
    }

    fn is_list_of_annotations(&self, number: u32, references: &References) -> Result<bool> {
        let mut found = false;
        for at in [self.before, self.after] {
            for (_, place) in references.places_of(self.document, number, at)? {
                if place.last_key() != Some("Annots") {
                    return Ok(false);
                }
                found = true;
            }
        }
        Ok(found)
    }

    fn explain_annotation(
        &mut self,
        id: ObjectId,
        old: &Object,
        new: &Object,
        references: &References,
    ) -> Result<()> {
        let stated = new.as_dictionary().or(old.as_dictionary());
        let listing = match stated.cloned() {
            Some(stated) => {
                let at = match new {
                    Object::Null => self.before,
                    _ => self.after,
                };
                self.listing_of(id, (&stated, at), references)?
            }
            None => return Ok(()),
        };
        let kind = match (old, new) {
            (_, Object::Dictionary(annotation)) if is_annotation(new) => {
                annotation_change(self, old.as_dictionary(), annotation, &listing)?
            }
            (Object::Dictionary(annotation), Object::Null) => {
                annotation_removal(self, annotation, &listing)?
            }
            _ => return Ok(()),
        };
        // Its appearance may change in place with it.
        let mut repainted = Vec::new();
        for (dictionary, at) in [(old, self.before), (new, self.after)] {
            let Some(appearance) = dictionary.as_dictionary().and_then(|d| d.get("AP")) else {
                continue;
            };
            let resolved = self.document.resolve(appearance, at)?;
            let entries = resolved
                .as_dictionary()
                .map(Dictionary::entries)
                .unwrap_or_default();
            let streams = entries
                .iter()
                .filter_map(|entry| entry.value.as_reference());
            repainted.extend(streams.filter(|stream| self.is_touched(*stream)));
        }
        let kind = match old.as_dictionary() {
            Some(old) if !repainted.is_empty() => annotation_repainting(self, old, &listing, kind)?,
            _ => kind,
        };
        self.explains_owned(id, kind.clone(), ANNOTATION_OWNERS);
        let shown_by = self.showers([Some(id)]);
        for stream in repainted {
            self.explains_look(stream, kind.clone(), shown_by);
        }
        Ok(())
    }
}

/// What stands in a list: asked for each element of another one.
struct Listed {
    references: NumberSet<ObjectId>,
    /// What is written out in the list itself, as text: objects have no order and no hash.
    direct: HashSet<String>,
}

impl Listed {
    fn of(list: &[Object]) -> Self {
        let (references, direct): (Vec<&Object>, Vec<&Object>) = list
            .iter()
            .partition(|object| object.as_reference().is_some());
        let references = references.into_iter().filter_map(Object::as_reference);
        Self {
            references: references.collect(),
            direct: direct
                .into_iter()
                .map(|object| format!("{object:?}"))
                .collect(),
        }
    }

    fn has(&self, object: &Object) -> bool {
        match object.as_reference() {
            Some(id) => self.references.contains(&id),
            None => self.direct.contains(&format!("{object:?}")),
        }
    }
}

pub(super) fn is_page(dictionary: &Dictionary) -> bool {
    dictionary
        .get("Type")
        .and_then(Object::as_name)
        .is_some_and(|name| *name == "Page")
}

fn is_tree_node(dictionary: &Dictionary) -> bool {
    dictionary
        .get("Type")
        .and_then(Object::as_name)
        .is_some_and(|name| *name == "Pages")
}
