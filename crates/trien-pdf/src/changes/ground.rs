//! What a page shows before a mark comes: where its letters, pictures, annotations and earlier
//! marks are. Each page is read once as long as nothing but signing happens to it.
//! Knows nothing of the marks that come.

use std::collections::HashMap;
use std::rc::Rc;

use super::boxes::{area, common, ordered, size};
use super::printed::{Printed, printed};
use super::step::Result;
use crate::content::{Found, Sought, Tone};
use crate::field::{number_of, rectangle_of};
use crate::{Dictionary, Document, Object, ObjectId, RevisionIndex, XrefEntry};

/// Operators that all pages of a document may have together: some thousand full pages. What is
/// behind is not read.
const OPERATORS: usize = 20_000_000;

/// Letters and annotations that the looks of all filled fields are compared with: 1,800 fields of
/// a page of small print take 20 million.
const COMPARISONS: usize = 500_000_000;

/// Annotations of one page at most: a class register has some hundred fields a page.
const ANNOTATIONS: usize = 5_000;

/// The share of a page that pictures take together when they are the page: a scan.
const SCAN_SHARE: f64 = 0.5;

/// Pictures whose sides are shorter, in points, are lines.
const PICTURE_SIDE: f64 = 2.0;

/// Nodes above a widget that are asked for its type and value.
const FIELD_DEPTH: usize = 16;

/// Flags of an annotation that is not shown on screen (12.5.3).
const UNSEEN: i64 = 1 << 1 | 1 << 5;

/// Whether what a page shows is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Legible {
    /// Letters and pictures are where they are listed, and nowhere else.
    Yes,
    /// Pictures make up the page.
    Scan,
    /// Not to its end.
    No,
}

/// What the contents of a page show, in its user space.
#[derive(Debug)]
pub(super) struct Contents {
    /// What is visible of the page.
    pub(super) visible: Option<[f64; 4]>,
    pub(super) letters: Vec<Printed>,
    pub(super) pictures: Vec<[f64; 4]>,
    /// What is not dark on white: letters and areas of other colours, and pictures.
    pub(super) pale: Vec<[f64; 4]>,
    /// Strokes that are no lines to write on, and shadings.
    pub(super) drawings: Vec<[f64; 4]>,
    pub(super) legible: Legible,
}

/// What stands above the contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Above {
    /// The mark of a signature.
    Mark,
    /// Any other annotation, or a field with a value.
    Annotation,
}

/// What stands above the contents, and where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) id: Option<ObjectId>,
    pub(super) kind: Above,
    pub(super) rectangle: [f64; 4],
}

type Shown = Option<(Above, [f64; 4])>;

/// A page as of a revision.
type PageOf = (ObjectId, RevisionIndex);

/// What stands above the contents of a page; `None` when it is too much.
pub(super) type Standings = Option<Rc<[Standing]>>;

/// The pages of a document that were looked at.
#[derive(Debug)]
pub(super) struct Grounds {
    contents: HashMap<ObjectId, Rc<Contents>>,
    annotations: HashMap<ObjectId, (XrefEntry, Shown)>,
    /// The page that was looked at last, as of a revision: an update may fill in a thousand fields
    /// of one page.
    last: Option<(PageOf, Standings)>,
    /// The page that was read last: its list of annotations may be long.
    page: Option<(PageOf, Option<Rc<Dictionary>>)>,
    operators: usize,
    comparisons: usize,
}

impl Default for Grounds {
    fn default() -> Self {
        Self {
            contents: HashMap::new(),
            annotations: HashMap::new(),
            last: None,
            page: None,
            operators: OPERATORS,
            comparisons: COMPARISONS,
        }
    }
}

impl Grounds {
    /// Fields were filled in: what stands on pages is another.
    pub(super) fn forget_annotations(&mut self) {
        self.annotations.clear();
        self.last = None;
    }

    /// Whether a look may still be compared with so many things.
    pub(super) fn may_compare(&mut self, things: usize) -> bool {
        let left = self.comparisons.checked_sub(things);
        self.comparisons = left.unwrap_or_default();
        left.is_some()
    }

    /// Something else than a signature came: pages are read anew.
    pub(super) fn forget(&mut self) {
        self.contents.clear();
        self.annotations.clear();
        self.last = None;
    }

    /// A page as of a revision; `None` when it is none.
    pub(super) fn page(
        &mut self,
        document: &Document<'_>,
        id: ObjectId,
        revision: RevisionIndex,
    ) -> Result<Option<Rc<Dictionary>>> {
        if let Some((of, known)) = &self.page
            && *of == (id, revision)
        {
            return Ok(known.clone());
        }
        let page = match document.object(id, revision)?.object {
            Object::Dictionary(page) => Some(Rc::new(page)),
            _ => None,
        };
        self.page = Some(((id, revision), page.clone()));
        Ok(page)
    }

    /// What the contents of a page show as of a revision.
    pub(super) fn contents(
        &mut self,
        document: &Document<'_>,
        page: (ObjectId, &Dictionary),
        revision: RevisionIndex,
    ) -> Result<Rc<Contents>> {
        let (id, page) = page;
        if let Some(known) = self.contents.get(&id) {
            return Ok(Rc::clone(known));
        }
        let visible = document.view_of(page, revision)?.map(|view| view.visible);
        let found = if self.operators == 0 {
            Found {
                is_cut: true,
                ..Found::default()
            }
        } else {
            document.drawn_on(page, revision, Sought::Everything)?
        };
        // Opening a page takes time though it be empty.
        let cost = found.operators.saturating_add(100);
        self.operators = self.operators.saturating_sub(cost);
        let contents = Rc::new(contents_of(found, visible));
        self.contents.insert(id, Rc::clone(&contents));
        Ok(contents)
    }

    /// What stands above the contents of a page.
    pub(super) fn above(
        &mut self,
        document: &Document<'_>,
        (id, page): (ObjectId, &Dictionary),
        revision: RevisionIndex,
    ) -> Result<Standings> {
        if let Some((of, known)) = &self.last
            && *of == (id, revision)
        {
            return Ok(known.clone());
        }
        let standings: Standings = self.read_above(document, page, revision)?.map(Into::into);
        self.last = Some(((id, revision), standings.clone()));
        Ok(standings)
    }

    fn read_above(
        &mut self,
        document: &Document<'_>,
        page: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<Option<Vec<Standing>>> {
        let listed = document.value(page, "Annots", revision)?;
        let listed = listed.as_array().unwrap_or_default();
        if listed.len() > ANNOTATIONS {
            return Ok(None);
        }
        let mut above = Vec::new();
        let standing = |id: Option<ObjectId>, seen: Shown| {
            seen.map(|(kind, rectangle)| Standing {
                id,
                kind,
                rectangle,
            })
        };
        for object in listed {
            let Some(id) = object.as_reference() else {
                let resolved = document.resolve(object, revision)?;
                if let Object::Dictionary(annotation) = resolved {
                    above.extend(standing(None, shown(document, &annotation, revision)?));
                }
                continue;
            };
            let entry = document.entry(id.number, revision)?.0;
            let known = self.annotations.get(&id);
            let known = known.filter(|(then, _)| *then == entry);
            let seen = match known {
                Some((_, seen)) => *seen,
                None => {
                    let seen = match document.object(id, revision)?.object {
                        Object::Dictionary(annotation) => shown(document, &annotation, revision)?,
                        _ => None,
                    };
                    self.annotations.insert(id, (entry, seen));
                    seen
                }
            };
            above.extend(standing(Some(id), seen));
        }
        Ok(Some(above))
    }
}

pub(super) fn contents_of(found: Found, visible: Option<[f64; 4]>) -> Contents {
    let is_picture = |rectangle: &[f64; 4]| {
        let (width, height) = size(*rectangle);
        width.min(height) >= PICTURE_SIDE
    };
    let pictures: Vec<[f64; 4]> = found.images.iter().map(|image| image.rectangle).collect();
    let page = visible.map_or(0.0, area);
    let taken: f64 = visible.map_or(0.0, |visible| {
        pictures
            .iter()
            .map(|picture| area(common(*picture, visible)))
            .sum()
    });
    let legible = if found.is_cut || visible.is_none() {
        Legible::No
    } else if taken > page * SCAN_SHARE {
        Legible::Scan
    } else {
        Legible::Yes
    };
    Contents {
        visible,
        letters: printed(&found),
        pale: pale_of(&found),
        drawings: drawings_of(&found, visible),
        pictures: match legible {
            Legible::Scan => Vec::new(),
            Legible::No | Legible::Yes => pictures.into_iter().filter(is_picture).collect(),
        },
        legible,
    }
}

/// Strokes, and the whole page where something fills it of which the place is not known.
fn drawings_of(found: &Found, visible: Option<[f64; 4]>) -> Vec<[f64; 4]> {
    let unclear = visible.filter(|_| found.unclear > 0);
    found.strokes.iter().copied().chain(unclear).collect()
}

/// Up to this lightness in every component a letter is dark: on white, and on any colour that is
/// multiplied with it.
const DARK: f64 = 0.2;

/// From this lightness on an area is as white as paper.
const WHITE: f64 = 0.95;

/// What is not dark, white paper aside.
fn pale_of(found: &Found) -> Vec<[f64; 4]> {
    // What is no number is not dark.
    let is_dark = |tone: Tone| tone.lightest <= DARK;
    let is_white = |tone: Tone| tone.darkest >= WHITE;
    let letters = found.letters.iter().filter(|letter| !is_dark(letter.tone));
    let shapes = found
        .shapes
        .iter()
        .filter(|shape| !is_dark(shape.tone) && !is_white(shape.tone));
    letters
        .map(|letter| letter.rectangle)
        .chain(shapes.map(|shape| shape.rectangle))
        .chain(found.images.iter().map(|image| image.rectangle))
        .collect()
}

/// What an annotation shows above the contents, if it is more than a comment on them.
fn shown(
    document: &Document<'_>,
    annotation: &Dictionary,
    revision: RevisionIndex,
) -> Result<Shown> {
    let value = |key| document.value(annotation, key, revision);
    let Some(rectangle) = rectangle_of(&value("Rect")?).map(ordered) else {
        return Ok(None);
    };
    let unseen = number_of(&value("F")?).is_some() && {
        let flags = value("F")?.as_integer().unwrap_or_default();
        flags & UNSEEN != 0
    };
    if unseen || area(rectangle) <= 0.0 {
        return Ok(None);
    }
    // 12.5.6: without a look readers draw most kinds of their own; a stamp shows what each likes.
    let has_look = annotation.get("AP").is_some();
    let subtype = value("Subtype")?;
    let is = |names: &[&str]| {
        let name = subtype.as_name();
        name.is_some_and(|name| names.iter().any(|wanted| *name == **wanted))
    };
    // What comments on the page is no part of what was signed; the text below a mark on text is.
    let comments = [
        "Highlight",
        "Link",
        "Popup",
        "Squiggly",
        "StrikeOut",
        "Text",
        "Underline",
    ];
    if is(&comments) {
        return Ok(None);
    }
    if !is(&["Widget"]) {
        let is_drawn = has_look || !is(&["FileAttachment", "Movie", "Screen", "Sound", "Stamp"]);
        return Ok(is_drawn.then_some((Above::Annotation, rectangle)));
    }
    let (field_type, field_value) = field(document, annotation, revision)?;
    let is_type = |wanted: &str| field_type.as_name().is_some_and(|name| *name == *wanted);
    let is_empty = match &field_value {
        Object::Null => true,
        Object::String(text) => text.octets.is_empty(),
        _ => false,
    };
    Ok(if is_type("Sig") {
        (has_look && !is_empty).then_some((Above::Mark, rectangle))
    } else if is_type("Tx") || is_type("Ch") {
        // Readers build a look for a value without one.
        (!is_empty).then_some((Above::Annotation, rectangle))
    } else if !has_look {
        None
    } else {
        Some((Above::Annotation, rectangle))
    })
}

/// Type and value of a widget's field, perhaps inherited (12.7.4.1).
fn field(
    document: &Document<'_>,
    widget: &Dictionary,
    revision: RevisionIndex,
) -> Result<(Object, Object)> {
    let mut node = widget.clone();
    let (mut field_type, mut field_value) = (Object::Null, Object::Null);
    for _ in 0..FIELD_DEPTH {
        for (key, kept) in [("FT", &mut field_type), ("V", &mut field_value)] {
            if *kept == Object::Null {
                *kept = document.value(&node, key, revision)?;
            }
        }
        match document.value(&node, "Parent", revision)? {
            Object::Dictionary(parent) => node = parent,
            _ => break,
        }
    }
    Ok((field_type, field_value))
}
