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
use crate::{Dictionary, Document, Object, ObjectId, RevisionIndex};

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

#[derive(Debug)]
struct Standing {
    id: Option<ObjectId>,
    above: Above,
    area: Area,
}

/// What is known of the pages of a document, read once each.
#[derive(Debug)]
pub(super) struct Occupied {
    painted: RefCell<HashMap<ObjectId, Option<Rc<[Area]>>>>,
    listed: RefCell<Lists>,
    operators: Cell<usize>,
    comments: Cell<usize>,
}

impl Default for Occupied {
    fn default() -> Self {
        Self {
            painted: RefCell::default(),
            listed: RefCell::default(),
            operators: Cell::new(OPERATORS),
            comments: Cell::new(COMMENTS),
        }
    }
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
        areas.extend(painted.iter());
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
                let listed: Option<Rc<[Standing]>> = listed_on(document, site)?.map(Into::into);
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

    fn painted(&self, document: &Document<'_>, site: &Site) -> Result<Option<Rc<[Area]>>> {
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
            let places = contents.letters.into_iter().chain(contents.pictures);
            places.map(ordered).collect()
        });
        self.painted.borrow_mut().insert(site.id, painted.clone());
        Ok(painted)
    }
}

/// The annotations of a page; `None` when one is unclear, or they are too many.
fn listed_on(document: &Document<'_>, site: &Site) -> Result<Option<Vec<Standing>>> {
    let annotations = elements(document.value(&site.page, "Annots", site.at)?);
    if annotations.len() > ANNOTATIONS {
        return Ok(None);
    }
    let mut listed = Vec::new();
    for object in &annotations {
        let Object::Dictionary(annotation) = document.resolve(object, site.at)? else {
            continue;
        };
        let subtype = document.value(&annotation, "Subtype", site.at)?;
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
        let rectangle = document.value(&annotation, "Rect", site.at)?;
        match rectangle_of(&rectangle) {
            Some(area) => listed.push(Standing {
                id: object.as_reference(),
                above,
                area: ordered(area),
            }),
            None if above == Above::Comment => {}
            None => return Ok(None),
        }
    }
    Ok(Some(listed))
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
