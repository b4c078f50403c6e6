//! What each revision changes of the one before it, and which changes explain themselves.
//! Whatever no rule explains is `Unexplained`, never dropped. Whether a change is allowed is
//! another question: [`crate::Permission`] answers it.

mod annotation;
mod boxes;
mod budget;
mod catalog;
mod comment;
mod comparison;
mod covering;
mod declarations;
mod default_resources;
mod entries;
mod extent;
mod field_entry;
mod field_fill;
mod filled_over;
mod filling;
mod form;
mod forms;
mod framing;
mod ground;
mod kind;
mod listing;
mod looks;
mod mark;
mod metadata;
mod new_field;
mod occupied;
mod octets;
mod on_pages;
mod ownership;
mod packed;
mod packing;
mod page;
mod pairs;
mod parent_tree;
mod places;
mod printed;
mod references;
mod scan;
mod scanned;
mod shade;
mod shown;
mod step;
mod store;
mod structure;
mod unreferenced;
mod veil;
mod written;

use std::collections::BTreeSet;

use crate::cursor::Cursor;
use crate::object_stream::Packing;
use crate::xref::XrefSection;
use crate::{Document, RevisionIndex, XrefEntry};

use budget::Budget;
use forms::Forms;
use ground::Grounds;
pub use kind::{
    Change, ChangeClass, ChangeKind, Covering, FilledValues, Locking, LookShows, Loss, WrongLook,
};
use occupied::Occupied;
use octets::Trailing;
use packed::Packed;
use packing::loosely_packed;
use references::References;
pub use shown::{Covered, Look, MarkPlace, ShownMark};
use step::Step;

/// The changes of every revision after a given one.
#[derive(Debug, Default)]
pub struct History {
    first: usize,
    steps: Vec<Vec<Change>>,
    /// What is wrong with revisions whether they were signed or not, by revision.
    structure: Vec<Change>,
}

impl History {
    /// Compares each revision with the one before it.
    #[must_use]
    pub fn of_signed(document: &Document<'_>) -> Self {
        Self::since(document, RevisionIndex(0))
    }

    /// Compares each revision after `signed` with the one before it. The work follows what the
    /// revisions touch, and one pass over the references of the document.
    #[must_use]
    pub fn since(document: &Document<'_>, signed: RevisionIndex) -> Self {
        let first = signed.0.saturating_add(1);
        let revisions: Vec<RevisionIndex> = document
            .revisions()
            .filter(|revision| *revision > signed)
            .collect();
        let packed = Packed::default();
        let loose: Vec<_> = document
            .revisions()
            .map(|revision| loosely_packed(document, revision, &packed))
            .collect();
        let malformed = |(revision, found)| malformed(revision, found);
        let malformed = document.revisions().zip(&loose).flat_map(malformed);
        let structure: Vec<Change> = malformed
            .chain(framing::denies_updates(document))
            .chain(framing::leads_to_two_sections(document))
            .collect();
        if revisions.is_empty() {
            return Self {
                first,
                steps: Vec::new(),
                structure,
            };
        }
        let occupied = Occupied::default();
        let budget = Budget::default();
        let forms = Forms::default();
        let kept = (&occupied, &forms, &budget);
        let open = |revision| Step::open(document, revision, &packed, kept);
        let (mut held, mut targets) = (0_usize, BTreeSet::new());
        let mut steps = Vec::new();
        for revision in &revisions {
            let step = open(*revision);
            targets.extend(step.iter().flat_map(Step::touched_numbers));
            held = held.saturating_add(octets_of(document, *revision));
            // What is not held is read once more when its turn comes.
            steps.push((held <= HELD_OCTETS).then_some(step));
        }
        let references = References::collect(document, targets.into_iter().collect());
        let mut grounds = Grounds::default();
        let is_hidden = document.is_encrypted() && has_packed_objects(document);
        let steps = steps
            .drain(..)
            .zip(&revisions)
            .map(|(step, revision)| {
                let step = step.unwrap_or_else(|| open(*revision));
                let unreadable =
                    |error| vec![Change::new(*revision, None, ChangeKind::Unreadable(error))];
                let mut changes = match (step, &references) {
                    (Ok(step), Ok(references)) => step
                        .explain(references, &mut grounds)
                        .unwrap_or_else(unreadable),
                    (Err(error), _) => unreadable(error),
                    (Ok(_), Err(error)) => unreadable(error.clone()),
                };
                match loose.get(revision.0) {
                    Some(Ok(found)) => {
                        changes.extend(found.iter().map(|(_, change)| change.clone()));
                    }
                    Some(Err(error)) => changes.extend(unreadable(error.clone())),
                    None => {}
                }
                let foreign = octets::foreign(document, *revision);
                changes.extend(foreign.map(|kind| Change::new(*revision, None, kind)));
                if let Ok(references) = &references {
                    changes.extend(references.reaching(*revision).iter().cloned());
                }
                let tells = |change: &Change| change.kind == ChangeKind::Encrypted;
                if is_hidden && !changes.iter().any(tells) {
                    changes.push(Change::new(*revision, None, ChangeKind::Encrypted));
                }
                changes.extend(skipped(document, *revision));
                changes.extend(framing::loosely_framed(document, *revision));
                changes.extend(ending(document, *revision, 0));
                changes
            })
            .collect();
        Self {
            first,
            steps,
            structure,
        }
    }

    /// The changes of one revision; none for a revision that was not compared.
    #[must_use]
    pub fn of(&self, revision: RevisionIndex) -> &[Change] {
        let step = revision
            .0
            .checked_sub(self.first)
            .and_then(|index| self.steps.get(index));
        step.map(Vec::as_slice).unwrap_or_default()
    }

    /// What is wrong with `signed` and the revisions before it, so that programs show different
    /// things though nothing was added.
    pub fn structure(&self, signed: RevisionIndex) -> impl Iterator<Item = &Change> {
        let is_signed = move |change: &&Change| change.revision <= signed;
        self.structure.iter().filter(is_signed)
    }

    /// All changes after `signed`.
    pub fn after(&self, signed: RevisionIndex) -> impl Iterator<Item = &Change> {
        let skip = signed.0.saturating_add(1).saturating_sub(self.first);
        self.steps.iter().skip(skip).flatten()
    }
}

/// What is wrong with the object streams of a revision whether it was signed or not, or why nobody
/// knows.
fn malformed(revision: RevisionIndex, found: &step::Result<Vec<(Packing, Change)>>) -> Vec<Change> {
    match found {
        Ok(found) => found
            .iter()
            .filter(|(packing, _)| *packing == Packing::Ambiguous)
            .map(|(_, change)| change.clone())
            .collect(),
        Err(error) => {
            let kind = if error.is_limit() {
                ChangeKind::Unexamined(error.clone())
            } else {
                ChangeKind::Unreadable(error.clone())
            };
            vec![Change::new(revision, None, kind)]
        }
    }
}

/// Octets of revisions whose objects are held in memory together: signatures and security stores
/// have some ten kB each. Read, they take thirty times as much.
const HELD_OCTETS: usize = 4 * 1024 * 1024;

/// How long a revision is.
fn octets_of(document: &Document<'_>, revision: RevisionIndex) -> usize {
    let before = revision.0.checked_sub(1).map(RevisionIndex);
    let start = before.and_then(|before| document.revision_end(before));
    let end = document.revision_end(revision);
    let end = end.unwrap_or_else(|| document.bytes().len());
    end.saturating_sub(start.unwrap_or_default())
}

/// Whether some object of some revision is in an object stream.
fn has_packed_objects(document: &Document<'_>) -> bool {
    document.revisions().any(|revision| {
        let mut sections = document.sections(revision);
        sections.any(|section| {
            let mut numbers = section
                .numbers()
                .into_iter()
                .flat_map(|(first, count)| first..first.saturating_add(count));
            numbers.any(|number| {
                let entry = document.entry(number, revision);
                matches!(entry, Ok((XrefEntry::InStream { .. }, _)) | Err(_))
            })
        })
    })
}

/// A revision between this one and the one that its /Prev names: closed by a startxref of its own,
/// and in no chain (ATTACKS.md, I4).
fn skipped(document: &Document<'_>, revision: RevisionIndex) -> Option<Change> {
    let before = RevisionIndex(revision.0.checked_sub(1)?);
    let start = document.revision_end(before)?;
    let between = document
        .bytes()
        .get(start..document.entry_offset(revision)?)?;
    let offset = memchr::memmem::find_iter(between, b"startxref")
        .map(|at| at.saturating_add(start))
        .find(|at| names_section(document, *at, start))?;
    let kind = ChangeKind::UnaccountedOctets { offset };
    Some(Change::new(revision, None, kind))
}

/// Whether the startxref at `keyword` names a section behind `start`: one in an attached file
/// counts from that file's own start.
fn names_section(document: &Document<'_>, keyword: usize, start: usize) -> bool {
    let mut cursor = Cursor::new(document.bytes(), keyword);
    cursor.accept(b"startxref");
    cursor.skip_spaces();
    let named = cursor.unsigned().and_then(|at| usize::try_from(at).ok());
    let Some(at) = named.and_then(|at| at.checked_add(document.base())) else {
        return false;
    };
    at >= start
        && at < keyword
        && XrefSection::read(document.bytes(), at, document.base(), document.limits()).is_ok()
}

/// What is wrong with a revision's end, and octets behind the last one that stand behind the first
/// `covered` of the file: those that a signature covers are signed with the rest.
#[must_use]
pub fn ending(document: &Document<'_>, revision: RevisionIndex, covered: usize) -> Option<Change> {
    let note = |kind| Some(Change::new(revision, None, kind));
    if document.revision_end(revision).is_none() {
        return note(ChangeKind::UnfinishedRevision);
    }
    if revision != document.latest() {
        return None;
    }
    match Trailing::behind(document, covered) {
        Trailing::Nothing => None,
        Trailing::LineEnds(offset) => note(ChangeKind::TrailingLineEnds { offset }),
        Trailing::Foreign(offset) => note(ChangeKind::UnaccountedOctets { offset }),
    }
}
