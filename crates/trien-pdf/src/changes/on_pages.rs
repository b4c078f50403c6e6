//! A new look on each page that lists its widget, as the page was before it. Knows which pages those
//! are; says nothing about what hides what there.

use super::boxes::{area, common};
use super::ground::{Contents, Grounds, Standing};
use super::references::{Place, References};
use super::shown::{Covered, Look, MarkPlace, ShownMark};
use super::step::{Result, Step};
use crate::{Dictionary, Object, ObjectId, XrefEntry};

/// A look, and the widget that shows it.
pub(super) struct Placed<'a> {
    pub(super) id: Option<ObjectId>,
    pub(super) widget: &'a Dictionary,
    pub(super) rectangle: [f64; 4],
    pub(super) look: Look,
    pub(super) place: MarkPlace,
}

/// One page below the look.
pub(super) struct Below<'a> {
    pub(super) page: &'a Dictionary,
    pub(super) contents: &'a Contents,
    /// `None` where they are too many.
    pub(super) above: Option<&'a [Standing]>,
}

/// The marks that a look makes: one for each page, with what it covers there.
pub(super) fn marks_on_pages(
    step: &Step<'_, '_>,
    placed: &Placed<'_>,
    (references, grounds): (&References, &mut Grounds),
    mut covers: impl FnMut(&Below<'_>, &mut Grounds) -> Result<Option<Covered>>,
) -> Result<Vec<ShownMark>> {
    let mark = |page: Option<ObjectId>, share, covers| ShownMark {
        page,
        rectangle: placed.rectangle,
        share,
        look: placed.look,
        covers,
        place: placed.place,
    };
    let unread = |page| mark(page, f64::INFINITY, Some(Covered::Unread));
    let pages = pages_of(step, placed.id, placed.widget, references)?;
    if pages.is_empty() {
        return Ok(vec![unread(None)]);
    }
    let mut marks = Vec::with_capacity(pages.len());
    for id in pages {
        let Some(page) = grounds.page(step.document, id, step.before)? else {
            marks.push(unread(Some(id)));
            continue;
        };
        let contents = grounds.contents(step.document, (id, &page), step.before)?;
        let above = grounds.above(step.document, (id, &page), step.before)?;
        let share = contents.visible.map_or(f64::INFINITY, |visible| {
            area(common(placed.rectangle, visible)) / area(visible)
        });
        let below = Below {
            page: &page,
            contents: &contents,
            above: above.as_deref(),
        };
        marks.push(mark(Some(id), share, covers(&below, grounds)?));
    }
    Ok(marks)
}

/// The pages that list a widget, whatever page it names; the one it names where none is found.
fn pages_of(
    step: &Step<'_, '_>,
    id: Option<ObjectId>,
    widget: &Dictionary,
    references: &References,
) -> Result<Vec<ObjectId>> {
    let mut numbers = Vec::new();
    if let Some(id) = id {
        for (referrer, place) in references.places_of(step.document, id.number, step.after)? {
            match place {
                Place::Element => {
                    let lists = references.places_of(step.document, referrer, step.after)?;
                    let annotations = lists
                        .iter()
                        .filter(|(_, place)| place.last_key() == Some("Annots"));
                    numbers.extend(annotations.map(|(page, _)| *page));
                }
                place if place.last_key() == Some("Annots") => numbers.push(referrer),
                Place::Key(_) => {}
            }
        }
    }
    numbers.sort_unstable();
    numbers.dedup();
    if numbers.is_empty() {
        return Ok(widget
            .get("P")
            .and_then(Object::as_reference)
            .into_iter()
            .collect());
    }
    let mut pages = Vec::new();
    for number in numbers {
        let generation = match step.document.entry(number, step.after)?.0 {
            XrefEntry::InFile { generation, .. } => generation,
            XrefEntry::Free | XrefEntry::InStream { .. } => 0,
        };
        pages.push(ObjectId::new(number, generation));
    }
    Ok(pages)
}
