//! The fields of the form as of a revision, read once for the steps before and after it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::step::Result;
use crate::field::{Form, form_fields};
use crate::hashing::NumberMap;
use crate::{Dictionary, Document, Object, ObjectId, RevisionIndex};

/// Forms kept at one time: that before a step, that after it, and an earlier one that a field is
/// looked for in.
const KEPT: usize = 3;

/// Nodes kept at one time: a register has a few fields that others are below of, and some hundred
/// pages.
const NODES: usize = 1_000;

/// What is below a node, and whoever asks for what it passes on has no use for.
const LISTS: [&str; 2] = ["Annots", "Kids"];

/// The forms that were read last.
#[derive(Debug, Default)]
pub(super) struct Forms {
    kept: RefCell<VecDeque<(RevisionIndex, Rc<Form>)>>,
    /// Whether a field had a signature for a value: asked for each field that is signed.
    signed: RefCell<NumberMap<RevisionIndex, bool>>,
    dictionaries: RefCell<NumberMap<RevisionIndex, Rc<Dictionary>>>,
    nodes: RefCell<NumberMap<(ObjectId, RevisionIndex), Rc<Object>>>,
}

impl Forms {
    /// The fields as of a revision.
    pub(super) fn of(&self, document: &Document<'_>, revision: RevisionIndex) -> Result<Rc<Form>> {
        let known = self.kept.borrow().iter().find_map(|(of, form)| {
            let found = *of == revision;
            found.then(|| Rc::clone(form))
        });
        if let Some(known) = known {
            return Ok(known);
        }
        let form = Rc::new(form_fields(document, revision)?);
        let mut kept = self.kept.borrow_mut();
        kept.push_back((revision, Rc::clone(&form)));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Ok(form)
    }

    /// The form dictionary as of a revision, empty where there is none: each widget that is filled
    /// in asks for its fonts, and it may list 5,000 fields.
    pub(super) fn dictionary(
        &self,
        document: &Document<'_>,
        revision: RevisionIndex,
    ) -> Result<Rc<Dictionary>> {
        if let Some(known) = self.dictionaries.borrow().get(&revision) {
            return Ok(Rc::clone(known));
        }
        let (_, catalog) = document.catalog(revision)?;
        let form = match document.value(&catalog, "AcroForm", revision)? {
            Object::Dictionary(form) => form,
            _ => Dictionary::new(),
        };
        let form = Rc::new(form);
        let mut dictionaries = self.dictionaries.borrow_mut();
        if dictionaries.len() >= KEPT {
            dictionaries.clear();
        }
        dictionaries.insert(revision, Rc::clone(&form));
        Ok(form)
    }

    /// What stands above a field or a page, or the page of a widget, without the list of what is
    /// below: it may be asked for each of the 5,000 that it lists.
    pub(super) fn node(
        &self,
        document: &Document<'_>,
        named: Option<&Object>,
        revision: RevisionIndex,
    ) -> Result<Rc<Object>> {
        let id = named.and_then(Object::as_reference);
        if let Some(id) = id
            && let Some(known) = self.nodes.borrow().get(&(id, revision))
        {
            return Ok(Rc::clone(known));
        }
        let mut node = match named {
            Some(named) => document.resolve(named, revision)?,
            None => Object::Null,
        };
        if let Object::Dictionary(dictionary) = &mut node {
            LISTS.iter().for_each(|list| dictionary.remove(list));
        }
        let node = Rc::new(node);
        if let Some(id) = id {
            let mut nodes = self.nodes.borrow_mut();
            if nodes.len() >= NODES {
                nodes.clear();
            }
            nodes.insert((id, revision), Rc::clone(&node));
        }
        Ok(node)
    }

    /// Whether a field was signed as of a revision.
    pub(super) fn are_signed(
        &self,
        document: &Document<'_>,
        revision: RevisionIndex,
    ) -> Result<bool> {
        if let Some(known) = self.signed.borrow().get(&revision) {
            return Ok(*known);
        }
        let mut is_signed = false;
        for field in &self.of(document, revision)?.fields {
            let value = document.resolve(&field.value, revision)?;
            if value.as_dictionary().is_some() {
                is_signed = true;
                break;
            }
        }
        self.signed.borrow_mut().insert(revision, is_signed);
        Ok(is_signed)
    }
}
