//! The trees that lead from marked content, annotations and identifiers to structure elements (ISO
//! 32000-2, 14.7.2, 14.7.5.4; number and name trees: 7.9.6, 7.9.7). What they say of what was
//! there stays; they gain keys for annotations. Does not know the elements' kids.

use std::collections::{HashMap, HashSet};

use super::kind::ChangeKind;
use super::ownership::ELEMENT;
use super::step::{Result, Step, elements};
use crate::{Dictionary, Object, ObjectId, RevisionIndex};

/// Nodes of one tree: with 32 entries each, as programs write them, more than a book has.
const NODES: usize = 100_000;

/// The trees of a structure, and where each keeps its pairs.
const TREES: [(&str, &str); 2] = [("ParentTree", "Nums"), ("IDTree", "Names")];

/// Keys of a tree, as they are written, and what they lead to.
type Leaves = HashMap<Vec<u8>, Object>;

/// What a tree holds, and the objects that it is made of.
#[derive(Debug, Default)]
struct Tree {
    leaves: Leaves,
    nodes: Vec<ObjectId>,
    /// Objects that values are, elements aside.
    values: Vec<ObjectId>,
}

impl Step<'_, '_> {
    /// Whether the trees say of content, annotations and identifiers that were there what they
    /// said, and gain nothing but elements for annotations. Explains the objects they are made of.
    pub(super) fn explain_trees(&mut self, was: &Dictionary, is: &Dictionary) -> Result<bool> {
        for (root, pairs) in TREES {
            if was.get(root) == is.get(root) && !self.may_touch_trees() {
                continue;
            }
            let (Some(old), Some(new)) = (
                self.tree(was.get(root), pairs, self.before)?,
                self.tree(is.get(root), pairs, self.after)?,
            ) else {
                // What cannot be read says the same only while it is not touched.
                let id = is.get(root).and_then(Object::as_reference);
                let stays =
                    was.get(root) == is.get(root) && !id.is_some_and(|id| self.is_touched(id));
                if stays {
                    continue;
                }
                return Ok(false);
            };
            if !self.says_the_same(&old, &new)? {
                return Ok(false);
            }
            let owners = ["ParentTree", "IDTree", "Kids", "Nums", "Names", ELEMENT];
            for id in old
                .nodes
                .into_iter()
                .chain(old.values)
                .chain(new.nodes)
                .chain(new.values)
            {
                if self.is_touched(id) {
                    self.explains_owned(id, ChangeKind::StructureExtended, owners);
                }
            }
        }
        Ok(true)
    }

    /// Whether something was touched that a tree is made of: nodes and lists.
    fn may_touch_trees(&self) -> bool {
        self.touched.values().any(|touched| {
            [&touched.old, &touched.new]
                .iter()
                .any(|object| match object {
                    Object::Array(_) => true,
                    Object::Dictionary(node) => ["Kids", "Nums", "Names"]
                        .iter()
                        .any(|key| node.get(key).is_some()),
                    _ => false,
                })
        })
    }

    /// Whether a key of the tree of parents leads somewhere as of the revision before.
    pub(super) fn had_parents(&self, key: i64) -> Result<bool> {
        let (_, catalog) = self.document.catalog(self.before)?;
        let Object::Dictionary(root) = self.old_value(&catalog, "StructTreeRoot")? else {
            return Ok(false);
        };
        let tree = self.tree(root.get("ParentTree"), "Nums", self.before)?;
        let key = key.to_string();
        Ok(tree.is_none_or(|tree| {
            let value = tree.leaves.get(key.as_bytes());
            value.is_some_and(|value| *value != Object::Null)
        }))
    }

    fn says_the_same(&self, old: &Tree, new: &Tree) -> Result<bool> {
        for (key, was) in &old.leaves {
            let kept = match new.leaves.get(key) {
                Some(is) => self.leads_to_the_same(was, is)?,
                None => false,
            };
            if !kept && !self.is_left(key, was, new.leaves.get(key))? {
                return Ok(false);
            }
        }
        for (key, is) in &new.leaves {
            if !old.leaves.contains_key(key) && !self.is_gained(key, is)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The same element, or a list of the same elements: whether these changed is told by them.
    fn leads_to_the_same(&self, was: &Object, is: &Object) -> Result<bool> {
        let touched = was.as_reference().is_some_and(|id| self.is_touched(id));
        if was == is && !touched {
            return Ok(true);
        }
        let old = self.document.resolve(was, self.before)?;
        let new = self.document.resolve(is, self.after)?;
        match (&old, &new) {
            (Object::Array(old), Object::Array(new)) => {
                if old.len() != new.len() || !self.budget.spend(old.len()) {
                    return Ok(false);
                }
                for (old, new) in old.iter().zip(new) {
                    if old != new && !self.same_content(old, new)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Object::Dictionary(_), Object::Dictionary(_)) if was == is => Ok(true),
            _ => self.same_content(&old, &new),
        }
    }

    /// Whether what a key led to went with its annotation, or was nothing; and nothing but an
    /// element for annotations took its place.
    fn is_left(&self, key: &[u8], was: &Object, is: Option<&Object>) -> Result<bool> {
        let was_nothing = match self.document.resolve(was, self.before)? {
            Object::Null => true,
            Object::Array(elements) => elements.is_empty(),
            _ => {
                let gone = match self.annotation_of(key, was, self.before)? {
                    Some(annotation) => {
                        let now = self.document.object(annotation, self.after)?.object;
                        now == Object::Null || self.is_removed(annotation)
                    }
                    None => false,
                };
                gone || self.is_for_removed_annotation(was)?
            }
        };
        Ok(was_nothing
            && match is {
                Some(is) => self.is_gained(key, is)?,
                None => true,
            })
    }

    /// Whether a value is nothing, an element for annotations or the one that holds the annotation
    /// of this key: a list would be the elements of marked content, and content does not come.
    fn is_gained(&self, key: &[u8], is: &Object) -> Result<bool> {
        Ok(match self.document.resolve(is, self.after)? {
            Object::Null => true,
            Object::Array(elements) => elements.is_empty(),
            Object::Dictionary(_) => {
                self.is_for_annotation(is, 0)? || self.annotation_of(key, is, self.after)?.is_some()
            }
            _ => false,
        })
    }

    /// The annotation that is a kid of an element and names this key for its own (14.7.5.4).
    fn annotation_of(
        &self,
        key: &[u8],
        element: &Object,
        at: RevisionIndex,
    ) -> Result<Option<ObjectId>> {
        let Object::Dictionary(element) = self.document.resolve(element, at)? else {
            return Ok(None);
        };
        let kids = match self.document.value(&element, "K", at)? {
            Object::Array(kids) => kids,
            single => vec![single],
        };
        if !self.budget.spend(kids.len()) {
            return Ok(None);
        }
        for kid in kids.iter().filter_map(Object::as_dictionary) {
            let is_annotation = kid.get("Type").and_then(Object::as_name);
            let Some(annotation) = kid.get("Obj").and_then(Object::as_reference) else {
                continue;
            };
            if is_annotation.is_none_or(|name| *name != "OBJR") {
                continue;
            }
            let Object::Dictionary(entries) = self.document.object(annotation, at)?.object else {
                continue;
            };
            let named = self.document.value(&entries, "StructParent", at)?;
            if named
                .as_integer()
                .is_some_and(|named| named.to_string().as_bytes() == key)
            {
                return Ok(Some(annotation));
            }
        }
        Ok(None)
    }

    /// All pairs of a tree; `None` for one that says two things of a key, or has no end.
    fn tree(&self, root: Option<&Object>, pairs: &str, at: RevisionIndex) -> Result<Option<Tree>> {
        let mut tree = Tree::default();
        let mut pending: Vec<Object> = root.cloned().into_iter().collect();
        let mut seen = HashSet::new();
        let mut nodes = 0_usize;
        while let Some(object) = pending.pop() {
            nodes = nodes.saturating_add(1);
            if nodes > NODES {
                return Ok(None);
            }
            if let Some(id) = object.as_reference() {
                if !seen.insert(id) {
                    return Ok(None);
                }
                tree.nodes.push(id);
            }
            let node = match self.document.resolve(&object, at)? {
                Object::Dictionary(node) => node,
                Object::Null => continue,
                _ => return Ok(None),
            };
            for key in ["Kids", pairs] {
                tree.nodes
                    .extend(node.get(key).and_then(Object::as_reference));
            }
            if node.duplicate_key().is_some() {
                return Ok(None);
            }
            pending.extend(elements(self.document.value(&node, "Kids", at)?));
            let listed = elements(self.document.value(&node, pairs, at)?);
            if !self.budget.spend(listed.len()) {
                return Ok(None);
            }
            let (listed, rest) = listed.as_chunks::<2>();
            for [key, value] in listed {
                let key = match self.document.resolve(key, at)? {
                    Object::Integer(number) => number.to_string().into_bytes(),
                    Object::String(text) => text.octets,
                    _ => return Ok(None),
                };
                if tree.leaves.insert(key, value.clone()).is_some() {
                    return Ok(None);
                }
                let Some(id) = value.as_reference() else {
                    continue;
                };
                if self.is_touched(id) && !self.was_element(id) {
                    tree.values.push(id);
                }
            }
            if !rest.is_empty() {
                return Ok(None);
            }
        }
        Ok(Some(tree))
    }
}
