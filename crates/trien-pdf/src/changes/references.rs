//! Who refers to the objects that updates touch: one pass over every object of every revision,
//! without building objects, and without looking into streams.

use std::cell::RefCell;
use std::rc::Rc;

use super::extent::Passed;
use super::kind::Change;
use super::places::collect_places;
pub(super) use super::places::{Place, places, walk};
use super::scan::scan;
use crate::cursor::Cursor;
use crate::hashing::{NumberMap, NumberSet};
use crate::parse::object_header;
use crate::{Dictionary, Document, Object, ObjectId, ReadError, RevisionIndex, XrefEntry};

/// A version of an object that refers to a touched one.
#[derive(Debug, Clone)]
pub(super) struct Referrer {
    pub(super) number: u32,
    /// The entry it was read through: tells which revisions see it.
    entry: XrefEntry,
    /// A revision that sees it.
    revision: RevisionIndex,
}

impl Referrer {
    /// Whether who refers to it is asked too: of a dictionary that no key of its own says the kind
    /// of (appearances, their states), and of a widget that shows one of these targets, or belongs
    /// to the field that it is.
    fn leads_on(&self, document: &Document<'_>, targets: &NumberSet<u32>) -> bool {
        let id = ObjectId::new(self.number, 0);
        let Ok(located) = document.object(id, self.revision) else {
            return false;
        };
        let names = |value: &Object| {
            let mut found = false;
            walk(value, &mut |number| found |= targets.contains(&number));
            found
        };
        located.object.as_dictionary().is_some_and(|dictionary| {
            let is_bare = dictionary.entries().len() <= BARE_KEYS
                && TELLING_KEYS.iter().all(|key| dictionary.get(key).is_none());
            let subtype = dictionary.get("Subtype").and_then(Object::as_name);
            let is_widget = subtype.is_some_and(|name| *name == "Widget");
            is_bare
                || (is_widget
                    && ["AP", "Parent"]
                        .iter()
                        .any(|key| dictionary.get(key).is_some_and(names)))
        })
    }
}

/// What a pass is for.
struct Task<'t> {
    targets: &'t NumberSet<u32>,
    ends: Ends,
    /// Trailers by the offset of their section.
    trailers: &'t NumberMap<usize, &'t Dictionary>,
}

/// What every cross-reference stream of a file names again: its dictionary is a trailer, and the
/// trailer of a revision is asked apart. 10,000 referrers of one object would be read for each of
/// 10,000 revisions.
const TRAILER_ROOTS: [&str; 3] = ["Encrypt", "Info", "Root"];

/// What an entry led to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Read {
    Nothing,
    Object,
}

/// Passes: a stream, its states, its appearances, and who shows those.
const LEVELS: usize = 3;

/// Keys of a bare dictionary: the states of a large group of buttons.
const BARE_KEYS: usize = 64;

/// Keys that say what a dictionary is.
const TELLING_KEYS: [&str; 5] = ["FT", "Rect", "S", "Subtype", "Type"];

/// Referrers of touched objects, by number.
#[derive(Debug, Default)]
pub(super) struct References {
    by_target: NumberMap<u32, Vec<Referrer>>,
    /// Whose referrers were asked for: of any other number nothing is known.
    known: NumberSet<u32>,
    /// Places in referrers that were read, by target: a list of 100,000 annotations is not read anew
    /// for each of 6,000 revisions that touch one of them.
    places: RefCell<NumberMap<(u32, usize), Rc<Targets>>>,
    /// Objects that go on behind their revision.
    reaching: NumberMap<RevisionIndex, Vec<Change>>,
}

/// Where an object refers to which.
type Targets = NumberMap<u32, Vec<Place>>;

/// Whether a pass looks at where objects end: one of them is enough.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Known,
    Wanted,
}

impl References {
    /// Notes who refers to one of `targets`, and who refers to those referrers that mean nothing
    /// by themselves: what they are depends on where they stand.
    pub(super) fn collect(
        document: &Document<'_>,
        mut targets: NumberSet<u32>,
    ) -> Result<Self, ReadError> {
        let mut references = Self::default();
        let mut ends = Ends::Wanted;
        for _ in 0..LEVELS {
            let known = targets.len();
            let reaching = std::mem::take(&mut references.reaching);
            references = Self::pass(document, &targets, ends)?;
            if ends == Ends::Known {
                references.reaching = reaching;
            }
            ends = Ends::Known;
            references.known.clone_from(&targets);
            // Each is read once: the list of a page or a field may refer to 5,000 targets.
            let mut referrers: NumberMap<(u32, XrefEntry), &Referrer> = NumberMap::default();
            for referrer in references.by_target.values().flatten() {
                referrers.insert((referrer.number, referrer.entry), referrer);
            }
            let leading: Vec<u32> = referrers
                .into_values()
                .filter(|one| !targets.contains(&one.number) && one.leads_on(document, &targets))
                .map(|one| one.number)
                .collect();
            targets.extend(leading);
            if targets.len() == known {
                break;
            }
        }
        Ok(references)
    }

    /// Reads every version of every object once.
    fn pass(
        document: &Document<'_>,
        targets: &NumberSet<u32>,
        ends: Ends,
    ) -> Result<Self, ReadError> {
        let mut references = Self::default();
        let mut seen = NumberSet::default();
        let trailers: NumberMap<usize, &Dictionary> = document
            .revisions()
            .flat_map(|revision| document.sections(revision))
            .map(|section| (section.offset, &section.trailer))
            .collect();
        let task = Task {
            targets,
            ends,
            trailers: &trailers,
        };
        for revision in document.revisions() {
            for section in document.sections(revision) {
                for (first, count) in section.numbers() {
                    for number in first..first.saturating_add(count) {
                        let Some(entry) = section.entry(document.bytes(), number)? else {
                            continue;
                        };
                        if entry != XrefEntry::Free && !seen.contains(&(number, entry)) {
                            let read = references.read(document, number, entry, revision, &task)?;
                            // Entries that lead nowhere may be many more than objects.
                            if read == Read::Object {
                                seen.insert((number, entry));
                            }
                        }
                    }
                }
            }
        }
        Ok(references)
    }

    fn read(
        &mut self,
        document: &Document<'_>,
        number: u32,
        entry: XrefEntry,
        revision: RevisionIndex,
        task: &Task<'_>,
    ) -> Result<Read, ReadError> {
        let mut note = |target: u32| {
            if task.targets.contains(&target) {
                let referrers = self.by_target.entry(target).or_default();
                if referrers
                    .last()
                    .is_none_or(|last| last.number != number || last.entry != entry)
                {
                    referrers.push(Referrer {
                        number,
                        entry,
                        revision,
                    });
                }
            }
        };
        match entry {
            XrefEntry::Free => Ok(Read::Nothing),
            XrefEntry::InFile { offset, .. } => {
                let at = offset.saturating_add(document.base());
                let mut cursor = Cursor::new(document.bytes(), at);
                cursor.skip_white_space();
                let start = cursor.offset();
                // What stands there under another number is not this object.
                let header = object_header(&mut cursor).filter(|id| id.number == number);
                let Some(id) = header else {
                    return Ok(Read::Nothing);
                };
                if let Some(trailer) = task.trailers.get(&start) {
                    let entries = trailer.entries().iter();
                    entries
                        .filter(|entry| !TRAILER_ROOTS.iter().any(|root| entry.key == *root))
                        .for_each(|entry| walk(&entry.value, &mut note));
                    return Ok(Read::Object);
                }
                let met = scan(&mut cursor, &mut note);
                document.note_read(at, cursor.offset())?;
                if task.ends == Ends::Wanted {
                    let passed = Passed {
                        id,
                        start,
                        end: cursor.offset(),
                        met,
                        named_by: revision,
                    };
                    if let Some(change) = passed.reaching(document)? {
                        self.reaching
                            .entry(change.revision)
                            .or_default()
                            .push(change);
                    }
                }
                Ok(Read::Object)
            }
            XrefEntry::InStream { .. } => {
                let id = ObjectId::new(number, 0);
                match document.object(id, revision) {
                    Ok(located) => {
                        walk(&located.object, &mut note);
                        Ok(Read::Object)
                    }
                    Err(error) if error.is_limit() => Err(error),
                    // An object that cannot be read is told by whoever needs it.
                    Err(_) => Ok(Read::Nothing),
                }
            }
        }
    }

    /// Objects whose end lies in `revision`, and which began before it.
    pub(super) fn reaching(&self, revision: RevisionIndex) -> &[Change] {
        self.reaching.get(&revision).map_or(&[], Vec::as_slice)
    }

    /// Whether referrers of `target` were looked for.
    pub(super) fn are_known_of(&self, target: u32) -> bool {
        self.known.contains(&target)
    }

    /// The objects that refer to `target`, in any version of theirs.
    pub(super) fn referrers_of(&self, target: u32) -> impl Iterator<Item = u32> {
        let referrers = self.by_target.get(&target).into_iter().flatten();
        referrers.map(|referrer| referrer.number)
    }

    /// The versions that refer to `target` and are seen in `revision`.
    pub(super) fn live(
        &self,
        document: &Document<'_>,
        target: u32,
        revision: RevisionIndex,
    ) -> Result<Vec<u32>, ReadError> {
        let mut live = Vec::new();
        for referrer in self.by_target.get(&target).into_iter().flatten() {
            if document.entry(referrer.number, revision)?.0 == referrer.entry {
                live.push(referrer.number);
            }
        }
        live.dedup();
        Ok(live)
    }

    /// Every place in a revision that refers to an object.
    pub(super) fn places_of(
        &self,
        document: &Document<'_>,
        number: u32,
        at: RevisionIndex,
    ) -> Result<Vec<(u32, Place)>, ReadError> {
        let mut found = Vec::new();
        for referrer in self.live(document, number, at)? {
            let entry = document.entry(referrer, at)?.0;
            let generation = match entry {
                XrefEntry::InFile { generation, .. } => generation,
                XrefEntry::Free | XrefEntry::InStream { .. } => 0,
            };
            let id = ObjectId::new(referrer, generation);
            let targets = self.targets(document, id, (entry, at))?;
            let places = targets.get(&number).into_iter().flatten();
            found.extend(places.map(|place| (referrer, place.clone())));
        }
        Ok(found)
    }

    /// Where an object of a revision refers to those that referrers are known of.
    fn targets(
        &self,
        document: &Document<'_>,
        id: ObjectId,
        (entry, at): (XrefEntry, RevisionIndex),
    ) -> Result<Rc<Targets>, ReadError> {
        // What an object stream holds can change without an entry.
        let key = match entry {
            XrefEntry::InFile { offset, .. } => Some((id.number, offset)),
            XrefEntry::Free | XrefEntry::InStream { .. } => None,
        };
        if let Some(known) = key.and_then(|key| self.places.borrow().get(&key).cloned()) {
            return Ok(known);
        }
        let object = document.object(id, at)?.object;
        let mut targets = Targets::default();
        collect_places(&object, &mut Vec::new(), &mut |target, place| {
            if self.known.contains(&target) {
                targets.entry(target).or_default().push(place());
            }
        });
        let targets = Rc::new(targets);
        if let Some(key) = key {
            self.places.borrow_mut().insert(key, Rc::clone(&targets));
        }
        Ok(targets)
    }
}
