//! What the entries of an update name (ISO 32000-2, 7.5.4, 7.5.8), and which of them readers take
//! for different things.
//! Does not know what the objects are.

use std::collections::BTreeSet;

use super::kind::{Change, ChangeKind};
use super::step::Result;
use crate::{Document, ObjectId, RevisionIndex, XrefEntry};

/// The numbers for which a revision has another entry than the one before it, and what is wrong with
/// its entries.
pub(super) fn numbers_named(
    document: &Document<'_>,
    (before, after): (RevisionIndex, RevisionIndex),
) -> Result<(BTreeSet<u32>, Vec<Change>)> {
    let (mut numbers, mut changes) = (BTreeSet::new(), Vec::new());
    for section in document.sections(after) {
        let mut needs_zero = false;
        for (first, count) in section.numbers() {
            for number in first..first.saturating_add(count) {
                let hidden = section.hidden_entry(number)?;
                let plain = section.plain_entry(document.bytes(), number)?;
                if let (Some(hidden), Some(plain)) = (hidden, plain)
                    && is_divergent((hidden, plain), document.entry(number, before)?.0)
                {
                    let id = Some(ObjectId::new(number, 0));
                    changes.push(Change::new(after, id, ChangeKind::HybridDivergence));
                }
                let mut views = [hidden, plain].into_iter().flatten();
                needs_zero = needs_zero || views.any(|entry| uses_number_zero(number, entry));
                if !document.is_kept(number, (before, after))? {
                    numbers.insert(number);
                }
            }
        }
        if needs_zero {
            let offset = section.offset;
            let kind = ChangeKind::LooselyFramed { offset };
            changes.push(Change::new(after, None, kind));
        }
    }
    Ok((numbers, changes))
}

/// Whether the two views of a hybrid section show different things of a number. One that is free in
/// the table alone is new (7.5.8.4); one that was there before is lost to some readers, and the same
/// as ever to others.
fn is_divergent(views: (XrefEntry, XrefEntry), before: XrefEntry) -> bool {
    let are_in_use = views.0 != XrefEntry::Free && views.1 != XrefEntry::Free;
    views.0 != views.1 && (are_in_use || before != XrefEntry::Free)
}

/// Whether an entry uses object number 0, which is free in every file (7.5.4): some readers show what
/// is under it, some show nothing, and some rebuild the file.
const fn uses_number_zero(number: u32, entry: XrefEntry) -> bool {
    match entry {
        XrefEntry::Free => false,
        XrefEntry::InFile { .. } => number == 0,
        XrefEntry::InStream { stream, .. } => number == 0 || stream == 0,
    }
}
