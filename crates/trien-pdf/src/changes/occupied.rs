//! Where pages show something that a comment could hide or alter: letters, pictures, and annotations
//! that are drawn. Does not see lines and large areas.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::boxes::ordered;
use super::ground::{Legible, contents_of};
use super::step::{Result, elements};
use crate::content::Sought;
use crate::field::rectangle_of;
use crate::{Dictionary, Document, Object, ObjectId, RevisionIndex, XrefEntry};

/// Operators read on all pages that later revisions comment on: a page of small print takes ten
/// thousand, and each of 400 pages may be one.
const OPERATORS: usize = 4_000_000;

/// What opening a page costs, in operators, though it be empty.
const PAGE_COST: usize = 100;

/// Comments that are judged by their place: more on one document are no people's.
const COMMENTS: usize = 2_000;

/// Left, bottom, right and top.
pub(super) type Area = [f64; 4];

/// Annotations of one page that are looked at.
const ANNOTATIONS: usize = 5_000;

/// Lists of annotations that are kept: those of one step, earlier and now.
const LISTS_KEPT: usize = 16;

/// What an annotation is to a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Above {
    /// A comment that hides nothing, or nothing at all.
    Comment,
    /// A highlighter, which another one may not lie on.
    Highlight,
    /// Something that a comment could hide.
    Drawn,
}

/// By page and revision; `None` where it is unclear.
type Lists = HashMap<(ObjectId, RevisionIndex), Option<Rc<[Standing]>>>;

/// An object that lies in the file by itself, by number and offset: there it says the same in every
/// revision. What an object stream holds can change without an entry.
type Lying = (u32, usize);

#[derive(Debug)]
struct Standing {
    id: Option<ObjectId>,
    above: Above,
    area: Area,
}

/// What an annotation is to a comment, and where it stands; no area where that is unclear.
#[derive(Debug, Clone, Copy)]
struct Seen {
    above: Above,
    area: Option<Area>,
}

/// Lists and annotations that were read: of a list of thousands, each revision changes few.
#[derive(Debug, Default)]
struct Read {
    lists: HashMap<Lying, Rc<[Object]>>,
    annotations: HashMap<Lying, Seen>,
}

/// What is known of the pages of a document, read once each.
#[derive(Debug)]
pub(super) struct Occupied {
    painted: RefCell<HashMap<ObjectId, Option<Rc<Painted>>>>,
    listed: RefCell<Lists>,
    read: RefCell<Read>,
    operators: Cell<usize>,
    comments: Cell<usize>,
}

impl Default for Occupied {
    fn default() -> Self {
        Self {
            painted: RefCell::default(),
            listed: RefCell::default(),
            read: RefCell::default(),
            operators: Cell::new(OPERATORS),
            comments: Cell::new(COMMENTS),
        }
    }
}

/// What the contents of a page show.
#[derive(Debug)]
struct Painted {
    all: Vec<Area>,
    /// What is not dark on white.
    pale: Vec<Area>,
}

/// A page as one revision has it.
#[derive(Debug, Clone)]
pub(super) struct Site {
    pub(super) id: ObjectId,
    pub(super) page: Dictionary,
    pub(super) at: RevisionIndex,
}

impl Site {
    /// The page of this number; `None` when it is none.
    pub(super) fn of(
        document: &Document<'_>,
        id: ObjectId,
        at: RevisionIndex,
    ) -> Result<Option<Self>> {
        Ok(match document.object(id, at)?.object {
            Object::Dictionary(page) => Some(Self { id, page, at }),
            _ => None,
        })
    }
}

impl Occupied {
    /// One comment more that is judged by its place; `false` when they are too many.
    pub(super) fn admits_comment(&self) -> bool {
        let left = self.comments.get();
        self.comments.set(left.saturating_sub(1));
        left > 0
    }

    /// Where the page shows something besides the comment `own`; `None` when that is unclear.
    pub(super) fn on(
        &self,
        document: &Document<'_>,
        site: &Site,
        own: Option<ObjectId>,
    ) -> Result<Option<Vec<Area>>> {
        let Some(painted) = self.painted(document, site)? else {
            return Ok(None);
        };
        let Some(mut areas) = self.annotations(document, site, own, Above::Drawn)? else {
            return Ok(None);
        };
        areas.extend(painted.all.iter());
        Ok(Some(areas))
    }

    /// Where the page shows something that is not dark on white; `None` when that is unclear.
    pub(super) fn pale_on(
        &self,
        document: &Document<'_>,
        site: &Site,
    ) -> Result<Option<Vec<Area>>> {
        let Some(painted) = self.painted(document, site)? else {
            return Ok(None);
        };
        let Some(mut areas) = self.annotations(document, site, None, Above::Drawn)? else {
            return Ok(None);
        };
        areas.extend(painted.pale.iter());
        Ok(Some(areas))
    }

    /// Areas of the annotations of a kind, but for `own`; `None` when one is unclear.
    pub(super) fn annotations(
        &self,
        document: &Document<'_>,
        site: &Site,
        own: Option<ObjectId>,
        wanted: Above,
    ) -> Result<Option<Vec<Area>>> {
        let key = (site.id, site.at);
        let known = self.listed.borrow().get(&key).cloned();
        let listed = match known {
            Some(listed) => listed,
            None => {
                let listed: Option<Rc<[Standing]>> = self
                    .read
                    .borrow_mut()
                    .listed_on(document, site)?
                    .map(Into::into);
                let mut kept = self.listed.borrow_mut();
                if kept.len() >= LISTS_KEPT {
                    kept.clear();
                }
                kept.insert(key, listed.clone());
                listed
            }
        };
        Ok(listed.map(|listed| {
            let others = listed.iter().filter(|standing| {
                standing.above == wanted && (own.is_none() || standing.id != own)
            });
            others.map(|standing| standing.area).collect()
        }))
    }

    fn painted(&self, document: &Document<'_>, site: &Site) -> Result<Option<Rc<Painted>>> {
        if let Some(known) = self.painted.borrow().get(&site.id) {
            return Ok(known.clone());
        }
        let left = self.operators.get();
        if left == 0 {
            return Ok(None);
        }
        // What a page paints never changes without being forbidden: one revision tells it.
        let found = document.drawn_on(&site.page, site.at, Sought::Everything)?;
        self.operators
            .set(left.saturating_sub(found.operators.saturating_add(PAGE_COST)));
        let visible = document
            .view_of(&site.page, site.at)?
            .map(|view| view.visible);
        let contents = contents_of(found, visible);
        let painted = (contents.legible == Legible::Yes).then(|| {
            let letters = contents.letters.into_iter().map(|letter| letter.rectangle);
            let places = letters.chain(contents.pictures);
            Rc::new(Painted {
                all: places.map(ordered).collect(),
                pale: contents.pale.into_iter().map(ordered).collect(),
            })
        });
        self.painted.borrow_mut().insert(site.id, painted.clone());
        Ok(painted)
    }
}

impl Read {
    /// The annotations of a page; `None` when one is unclear, or they are too many.
    fn listed_on(&mut self, document: &Document<'_>, site: &Site) -> Result<Option<Vec<Standing>>> {
        let annotations = self.list_of(document, site)?;
        if annotations.len() > ANNOTATIONS {
            return Ok(None);
        }
        let mut listed = Vec::new();
        for object in &*annotations {
            let Some(Seen { above, area }) = self.seen(document, object, site.at)? else {
                continue;
            };
            match area {
                Some(area) => listed.push(Standing {
                    id: object.as_reference(),
                    above,
                    area,
                }),
                None if above == Above::Comment => {}
                None => return Ok(None),
            }
        }
        Ok(Some(listed))
    }

    fn list_of(&mut self, document: &Document<'_>, site: &Site) -> Result<Rc<[Object]>> {
        let lying = lying(document, site.page.get("Annots"), site.at)?;
        if let Some(known) = lying.and_then(|lying| self.lists.get(&lying)) {
            return Ok(Rc::clone(known));
        }
        let list: Rc<[Object]> = elements(document.value(&site.page, "Annots", site.at)?).into();
        if let Some(lying) = lying {
            if self.lists.len() >= LISTS_KEPT {
                self.lists.clear();
            }
            self.lists.insert(lying, Rc::clone(&list));
        }
        Ok(list)
    }

    fn seen(
        &mut self,
        document: &Document<'_>,
        object: &Object,
        at: RevisionIndex,
    ) -> Result<Option<Seen>> {
        let lying = lying(document, Some(object), at)?;
        if let Some(known) = lying.and_then(|lying| self.annotations.get(&lying)) {
            return Ok(Some(*known));
        }
        let resolved = document.resolve(object, at)?;
        let Object::Dictionary(annotation) = &resolved else {
            return Ok(None);
        };
        let seen = seen_of(document, annotation, at)?;
        let is_direct = |key| {
            annotation
                .get(key)
                .is_none_or(|value| value.as_reference().is_none())
        };
        if let Some(lying) = lying
            && is_direct("Subtype")
            && is_direct("Rect")
        {
            self.annotations.insert(lying, seen);
        }
        Ok(Some(seen))
    }
}

/// Where the object that `object` refers to lies; `None` where that says not what it is.
fn lying(
    document: &Document<'_>,
    object: Option<&Object>,
    at: RevisionIndex,
) -> Result<Option<Lying>> {
    let Some(id) = object.and_then(Object::as_reference) else {
        return Ok(None);
    };
    Ok(match document.entry(id.number, at)?.0 {
        XrefEntry::InFile { offset, generation } if generation == id.generation => {
            Some((id.number, offset))
        }
        XrefEntry::InFile { .. } | XrefEntry::Free | XrefEntry::InStream { .. } => None,
    })
}

fn seen_of(document: &Document<'_>, annotation: &Dictionary, at: RevisionIndex) -> Result<Seen> {
    let subtype = document.value(annotation, "Subtype", at)?;
    let is = |wanted: &str| subtype.as_name().is_some_and(|name| *name == *wanted);
    let has = |key| annotation.get(key).is_some();
    let above = if is("Highlight") {
        Above::Highlight
    } else if is("Link")
        || is("Popup")
        || is("Text")
        // Shapes that show what is inside them.
        || ((is("Circle") || is("Square")) && !has("AP") && !has("IC"))
    {
        Above::Comment
    } else {
        Above::Drawn
    };
    let rectangle = document.value(annotation, "Rect", at)?;
    Ok(Seen {
        above,
        area: rectangle_of(&rectangle).map(ordered),
    })
}

/// Whether two areas have a point inside both.
pub(super) fn meet(one: Area, other: Area) -> bool {
    let [left, bottom, right, top] = one;
    let [other_left, other_bottom, other_right, other_top] = other;
    left < other_right && other_left < right && bottom < other_top && other_bottom < top
}

/// Whether two areas stand at one height of the page.
pub(super) fn share_height(one: Area, other: Area) -> bool {
    let [_, bottom, _, top] = one;
    let [_, other_bottom, _, other_top] = other;
    bottom < other_top && other_bottom < top
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_that_only_touch_do_not_meet() {
        assert!(meet([0.0, 0.0, 2.0, 2.0], [1.0, 1.0, 3.0, 3.0]));
        assert!(!meet([0.0, 0.0, 1.0, 1.0], [1.0, 0.0, 2.0, 1.0]));
        assert!(share_height([0.0, 0.0, 1.0, 1.0], [9.0, 0.5, 10.0, 2.0]));
        assert!(!share_height([0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 2.0]));
    }
}
