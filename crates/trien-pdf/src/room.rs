//! How much room marks behind a signature may take: each by itself, and all of them together.
//! A mark, or the look of a filled field, over something that was certified or sealed may not be at all.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Change, ChangeKind, Covered, Look, MarkPlace, ObjectId, Permission, Sealing, ShownMark, Verdict,
};

/// The share of a certified page that new marks may take together: a signature or a seal takes two
/// to four hundredths of an A4 page.
const CERTIFIED_SHARE: f64 = 1.0 / 4.0;

/// The share that marks may take together of a page of which nobody can tell where it is empty.
const UNKNOWN_TOGETHER: f64 = 1.0 / 8.0;

/// The share of any other page.
const OPEN_SHARE: f64 = 1.0 / 2.0;

/// The share that one mark may take of a page of which nobody can tell where it is empty: scans
/// show no text to look for.
const UNKNOWN_SHARE: f64 = 1.0 / 20.0;

/// What a mark does that it may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum MarkFault {
    /// It lies over this.
    Covers(Covered),
    /// With the marks before it, it takes too much of the page.
    Crowds,
}

/// Judges the changes behind one signature, in their order.
#[derive(Debug, Clone)]
pub struct Judge<'p> {
    permission: &'p Permission,
    /// Fields whose signatures hold, where that is known.
    intact: Option<&'p BTreeSet<String>>,
    /// Shares that marks take of their pages so far.
    taken: BTreeMap<ObjectId, f64>,
}

impl Permission {
    /// A judge of the changes behind a signature of this permission.
    #[must_use]
    pub const fn judge(&self) -> Judge<'_> {
        Judge {
            permission: self,
            intact: None,
            taken: BTreeMap::new(),
        }
    }

    /// Whether a mark may be where it is, others aside. What lies over contents of a page that
    /// nobody certified or sealed is reported, and left to whoever reads the report.
    pub(crate) fn may_show(&self, mark: &ShownMark) -> bool {
        let guarded = self.certification.is_some() || self.sealing == Sealing::Sealed;
        match mark.covers {
            // What stays to be seen is reported, and left to whoever reads the report.
            None | Some(Covered::Drawing | Covered::PartOfMark) => true,
            Some(Covered::Scan | Covered::Unread) => {
                let hides = guarded && mark.look == Look::Opaque;
                !hides && (mark.place == MarkPlace::Prepared || mark.share <= UNKNOWN_SHARE)
            }
            Some(Covered::Annotation | Covered::CrossedMark | Covered::Picture | Covered::Text) => {
                !guarded
            }
            // Nobody is hidden who signed before; and where nobody can tell, all may be.
            Some(Covered::Elsewhere | Covered::Mark) => false,
        }
    }

    /// Whether what a filled field draws may be where it is. A field is no mark: whoever signed saw
    /// its place, and nothing is asked of its size.
    pub(crate) fn may_fill(&self, mark: &ShownMark) -> bool {
        let guarded = self.certification.is_some() || self.sealing == Sealing::Sealed;
        match mark.covers {
            None | Some(Covered::Drawing | Covered::PartOfMark) => true,
            // Where nobody can tell what is below, letters are what people write on scanned forms.
            Some(Covered::Scan | Covered::Unread) => !(guarded && mark.look == Look::Opaque),
            Some(Covered::Annotation | Covered::CrossedMark | Covered::Picture | Covered::Text) => {
                !guarded
            }
            Some(Covered::Elsewhere | Covered::Mark) => false,
        }
    }

    const fn room(&self) -> f64 {
        if self.certification.is_some() {
            CERTIFIED_SHARE
        } else {
            OPEN_SHARE
        }
    }
}

impl<'p> Judge<'p> {
    /// This judge, who knows in which fields signatures hold: what others show is nobody's, and may
    /// lie over nothing, whoever certified or sealed.
    #[must_use]
    pub const fn among(mut self, intact: &'p BTreeSet<String>) -> Self {
        self.intact = Some(intact);
        self
    }

    fn is_nobodys(&self, change: &Change) -> bool {
        match &change.kind {
            ChangeKind::DocumentTimestampAdded { field, .. }
            | ChangeKind::SignatureFieldAdded { field, .. }
            | ChangeKind::SignatureFieldFilled { field, .. } => {
                self.intact.is_some_and(|intact| !intact.contains(field))
            }
            _ => false,
        }
    }

    /// Whether the next change may follow, and what is wrong with which of its marks.
    pub fn next<'c>(
        &mut self,
        change: &'c Change,
    ) -> (Verdict, Option<(&'c ShownMark, MarkFault)>) {
        let mut fault = None;
        let is_nobodys = self.is_nobodys(change);
        let is_filling = matches!(change.kind, ChangeKind::FieldFilled { .. });
        // A bare field takes its place when it is signed.
        let is_bare = matches!(change.kind, ChangeKind::EmptySignatureFieldAdded { .. });
        for mark in &change.marks {
            if is_filling {
                let covers = mark.covers.filter(|_| !self.permission.may_fill(mark));
                fault = fault.or(covers.map(|covered| (mark, MarkFault::Covers(covered))));
                continue;
            }
            let taken = match mark.page {
                Some(page) => self.taken.entry(page).or_default(),
                None => &mut 0.0,
            };
            if mark.place == MarkPlace::New && !is_bare {
                *taken += mark.share;
            }
            let unknown = matches!(mark.covers, Some(Covered::Scan | Covered::Unread));
            let room = if unknown {
                UNKNOWN_TOGETHER
            } else {
                self.permission.room()
            };
            // Whoever signed first saw how large prepared fields are.
            let is_new = mark.place == MarkPlace::New && !is_bare;
            let is_crowded = is_new && (*taken > room || taken.is_nan());
            if fault.is_none() {
                fault = match mark.covers {
                    Some(covered) if is_nobodys || !self.permission.may_show(mark) => {
                        Some((mark, MarkFault::Covers(covered)))
                    }
                    _ if is_crowded => Some((mark, MarkFault::Crowds)),
                    _ => None,
                };
            }
        }
        let verdict = if fault.is_some() {
            Verdict::Forbidden
        } else {
            self.permission.verdict(change)
        };
        (verdict, fault)
    }
}
