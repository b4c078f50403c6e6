//! The fields of the form as of a revision, read once for the steps before and after it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::step::Result;
use crate::field::{Form, form_fields};
use crate::{Document, RevisionIndex};

/// Forms kept at one time: that before a step, that after it, and an earlier one that a field is
/// looked for in.
const KEPT: usize = 3;

/// The forms that were read last.
#[derive(Debug, Default)]
pub(super) struct Forms(RefCell<VecDeque<(RevisionIndex, Rc<Form>)>>);

impl Forms {
    /// The fields as of a revision.
    pub(super) fn of(&self, document: &Document<'_>, revision: RevisionIndex) -> Result<Rc<Form>> {
        let known = self.0.borrow().iter().find_map(|(of, form)| {
            let found = *of == revision;
            found.then(|| Rc::clone(form))
        });
        if let Some(known) = known {
            return Ok(known);
        }
        let form = Rc::new(form_fields(document, revision)?);
        let mut kept = self.0.borrow_mut();
        kept.push_back((revision, Rc::clone(&form)));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Ok(form)
    }
}
