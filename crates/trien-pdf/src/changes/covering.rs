//! What the marks of a new signature or time stamp lie over, on the page as it was before them.
//! Says nothing about whether they may.

use std::collections::HashMap;

use super::boxes::{area, common, inset, ordered, overlap, size};
use super::filled_over::marks_of_filling;
use super::ground::{Above, Grounds, Legible, Standing};
use super::kind::{Change, ChangeKind};
use super::looks::{Drawer, NewLook};
use super::on_pages::{Below, Placed, marks_on_pages};
use super::printed::Sign;
use super::references::References;
use super::shown::{Covered, Look, MarkPlace, ShownMark};
use super::step::{Result, Step};
use super::veil::{Veil, hide};
use crate::content::Found;
use crate::field::rectangle_of;
use crate::{Dictionary, Object};

/// From this width in points on, a line is an area.
pub(super) const WIDE_LINE: f64 = 3.0;

/// How far a look may reach over something without covering it, in points: edges that touch.
const SLACK: f64 = 1.0;

/// How far a look may reach over something in a field that was prepared for it: people place fields
/// by eye.
const PREPARED_SLACK: f64 = 2.0;

/// Parts of one look that are told apart: letters, lines, areas. What has more is one area.
const PARTS: usize = 2_000;

/// Transparent pictures of one look at most.
const VEILS: usize = 8;

/// The share of an earlier mark that letters of the file's own fonts may lie over in a new field; in
/// one that was prepared, [`ILLEGIBLE_SHARE`].
const CROSSED_SHARE: f64 = 1.0 / 3.0;

/// The share of an earlier mark from which letters over it make it illegible: a seal lies over a third
/// of the signature on its left.
const ILLEGIBLE_SHARE: f64 = 1.0 / 2.0;

/// The rectangle of a widget that does not tell it.
pub(super) const EVERYWHERE: [f64; 4] = [
    f64::NEG_INFINITY,
    f64::NEG_INFINITY,
    f64::INFINITY,
    f64::INFINITY,
];

/// Flags of an annotation (12.5.3): hidden, and those by which it takes another place than it says.
pub(super) const HIDDEN: i64 = 1 << 1;
const ELSEWHERE: i64 = 1 << 3;
const NO_ROTATE: i64 = 1 << 4;

/// What a look draws, in the user space of its page.
#[derive(Default)]
struct Drawn {
    /// Areas, and pictures that let nothing through.
    opaque: Vec<[f64; 4]>,
    /// Letters and thin lines.
    lines: Vec<[f64; 4]>,
    /// Where letters of the file's own fonts may be: they draw whatever the font says.
    anywhere: Option<[f64; 4]>,
    veils: Vec<Veil>,
}

impl Drawn {
    const fn look(&self) -> Look {
        if !self.opaque.is_empty() {
            Look::Opaque
        } else if !self.lines.is_empty() || self.anywhere.is_some() {
            Look::Drawn
        } else {
            Look::Transparent
        }
    }

    fn is_empty(&self) -> bool {
        self.look() == Look::Transparent && self.veils.is_empty()
    }

    /// An area as large as the look.
    fn whole(rectangle: [f64; 4]) -> Self {
        Self {
            opaque: vec![rectangle],
            ..Self::default()
        }
    }

    /// Letters that may be anywhere in the look.
    fn somewhere(rectangle: [f64; 4]) -> Self {
        Self {
            anywhere: Some(rectangle),
            ..Self::default()
        }
    }

    /// Whether something of it is drawn in a rectangle, or hides it by transparent pictures.
    fn takes(&self, below: [f64; 4]) -> bool {
        let mut drawn = self.opaque.iter().chain(&self.lines).chain(&self.anywhere);
        drawn.any(|part| overlap(*part, below)) || hide(&self.veils, below)
    }
}

/// Finds the marks of these changes: what signatures show, and what filled fields show.
pub(super) fn note_marks(
    step: &mut Step<'_, '_>,
    looks: &[NewLook],
    references: &References,
    grounds: &mut Grounds,
) -> Result<()> {
    let mut signed: HashMap<String, usize> = HashMap::new();
    for (place, change) in step.changes.iter().enumerate() {
        if let Some(field) = shown_field(change) {
            signed.entry(field.to_owned()).or_insert(place);
        }
    }
    for new in looks {
        let Some(change) = signed.get(&new.field).copied() else {
            // It is something else, and forbidden.
            continue;
        };
        let marks = match &new.filling {
            Some(filling) => marks_of_filling(step, new, filling, (references, grounds))?,
            None => marks_of(step, new, references, grounds)?,
        };
        if let Some(change) = step.changes.get_mut(change) {
            change.marks.extend(marks);
        }
    }
    if looks.iter().any(|new| new.filling.is_some()) {
        grounds.forget_annotations();
    }
    // What else happens to a page may change what it shows.
    let only_signing = |change: &Change| change.kind.class() != super::ChangeClass::Forbidden;
    if !step.changes.iter().all(only_signing) {
        grounds.forget();
    }
    Ok(())
}

/// The field of which a change says that it was signed, stamped, filled in or is to be signed.
fn shown_field(change: &Change) -> Option<&str> {
    match &change.kind {
        ChangeKind::DocumentTimestampAdded { field, .. }
        | ChangeKind::EmptySignatureFieldAdded { field, .. }
        | ChangeKind::SignatureFieldAdded { field, .. }
        | ChangeKind::SignatureFieldFilled { field, .. }
        | ChangeKind::FieldFilled { field, .. } => Some(field),
        _ => None,
    }
}

fn marks_of(
    step: &Step<'_, '_>,
    new: &NewLook,
    references: &References,
    grounds: &mut Grounds,
) -> Result<Vec<ShownMark>> {
    let widget = &new.widget;
    let flags = step
        .new_value(widget, "F")?
        .as_integer()
        .unwrap_or_default();
    let rectangle = match step.new_value(widget, "Rect")? {
        Object::Null => return Ok(Vec::new()),
        // Numbers that are not written out may be any.
        corners => rectangle_of(&corners).map_or(EVERYWHERE, ordered),
    };
    if flags & HIDDEN != 0 || area(rectangle) <= 0.0 {
        return Ok(Vec::new());
    }
    let (drawn, appearance) = match step.new_value(widget, "AP")? {
        Object::Dictionary(appearance) => (drawn_by_all(step, &appearance, rectangle)?, appearance),
        // What a reader draws of its own is small, and somewhere in there.
        _ if new.drawer == Drawer::Reader => (Drawn::somewhere(rectangle), Dictionary::new()),
        _ => return Ok(Vec::new()),
    };
    if drawn.is_empty() {
        return Ok(Vec::new());
    }
    let placed = Placed {
        id: new.id,
        widget,
        rectangle,
        look: drawn.look(),
        place: new.place,
    };
    marks_on_pages(step, &placed, (references, grounds), |below, _| {
        let turned = step
            .document
            .view_of(below.page, step.before)?
            .is_none_or(|view| view.turns != crate::appearance::QuarterTurns::None);
        if flags & NO_ROTATE != 0 && turned {
            return Ok(Some(Covered::Elsewhere));
        }
        if flags & ELSEWHERE != 0 {
            return Ok(Some(Covered::Unread));
        }
        covered(step, (&drawn, &appearance), (rectangle, new.place), below)
    })
}

/// What the looks of a widget draw together: also those for when it is pointed at or pressed.
fn drawn_by_all(
    step: &Step<'_, '_>,
    appearance: &Dictionary,
    rectangle: [f64; 4],
) -> Result<Drawn> {
    let mut all = Drawn::default();
    for key in ["N", "R", "D"] {
        let more = match step.new_value(appearance, key)? {
            Object::Null => continue,
            // The same look for every moment.
            _ if key != "N" && appearance.get(key) == appearance.get("N") => continue,
            Object::Stream(form) => {
                let found = step.document.drawn_by(&form, rectangle, step.after)?;
                drawn(step, &found, rectangle)?
            }
            _ => Drawn::whole(rectangle),
        };
        all.opaque.extend(more.opaque);
        all.lines.extend(more.lines);
        all.anywhere = all.anywhere.or(more.anywhere);
        all.veils.extend(more.veils);
    }
    Ok(all)
}

/// What a look draws in its rectangle.
fn drawn(step: &Step<'_, '_>, found: &Found, rectangle: [f64; 4]) -> Result<Drawn> {
    let parts = [
        found.letters.len(),
        found.images.len(),
        found.shapes.len(),
        found.lines.len(),
    ];
    let parts = parts
        .iter()
        .fold(0_usize, |sum, more| sum.saturating_add(*more));
    if found.is_cut || found.unclear > 0 || found.widest_line > WIDE_LINE || parts > PARTS {
        return Ok(Drawn::whole(rectangle));
    }
    let mut drawn = Drawn {
        opaque: found.shapes.iter().map(|shape| shape.rectangle).collect(),
        lines: found.lines.clone(),
        ..Drawn::default()
    };
    for letter in &found.letters {
        if letter.keeps_to_box {
            drawn.lines.push(letter.rectangle);
        } else {
            drawn.anywhere = Some(rectangle);
        }
    }
    for image in &found.images {
        match Veil::read(step.document, image, step.after)? {
            Some(veil) if drawn.veils.len() < VEILS => drawn.veils.push(veil),
            _ => drawn.opaque.push(image.rectangle),
        }
    }
    let inside = |parts: &mut Vec<[f64; 4]>| {
        // 8.10.1: nothing is drawn outside the box.
        for part in parts {
            *part = common(*part, rectangle);
        }
    };
    inside(&mut drawn.opaque);
    inside(&mut drawn.lines);
    Ok(drawn)
}

/// The gravest of what a look lies over.
fn covered(
    step: &Step<'_, '_>,
    (drawn, appearance): (&Drawn, &Dictionary),
    (rectangle, place): ([f64; 4], MarkPlace),
    below: &Below<'_>,
) -> Result<Option<Covered>> {
    let (contents, above) = (below.contents, below.above);
    let (width, height) = size(rectangle);
    let within = |most: f64| {
        let slack = |side: f64| most.min(side / 4.0);
        inset(rectangle, (slack(width), slack(height)))
    };
    let inner = within(SLACK);
    let hides_area = |below: [f64; 4]| drawn.opaque.iter().any(|part| overlap(*part, below));
    // A prepared field may reach over lines to write on, as fields that are filled in may.
    let (field, is_prepared) = match place {
        MarkPlace::Prepared => (within(PREPARED_SLACK), true),
        MarkPlace::New => (rectangle, false),
    };
    let mut letters = contents.letters.iter();
    if letters.any(|letter| {
        let below = common(letter.rectangle, field);
        let says = match letter.sign {
            Sign::Word | Sign::Unknown => true,
            Sign::Punctuation => !is_prepared || hides_area(below),
            Sign::Box => !is_prepared,
        };
        says && area(below) > 0.0 && drawn.takes(below)
    }) {
        return Ok(Some(Covered::Text));
    }
    let mut gravest = match contents.legible {
        Legible::Yes => None,
        Legible::Scan => Some(Covered::Scan),
        Legible::No => Some(Covered::Unread),
    };
    let takes = |below: [f64; 4]| area(below) > 0.0 && drawn.takes(below);
    for picture in &contents.pictures {
        let below = common(*picture, inner);
        if hides_area(below) {
            gravest = gravest.max(Some(Covered::Picture));
        } else if takes(below) {
            gravest = gravest.max(Some(Covered::Drawing));
        }
    }
    let mut drawings = contents.drawings.iter();
    if drawings.any(|drawing| takes(common(*drawing, inner))) {
        gravest = gravest.max(Some(Covered::Drawing));
    }
    let Some(above) = above else {
        return Ok(gravest.max(Some(Covered::Unread)));
    };
    for standing in above {
        let below = common(standing.rectangle, inner);
        if area(below) <= 0.0 {
            continue;
        }
        match standing.kind {
            Above::Annotation if drawn.takes(below) => {
                gravest = gravest.max(Some(Covered::Annotation));
            }
            Above::Annotation => {}
            Above::Mark => {
                let crossed = area(below) / area(standing.rectangle);
                // Whoever signed saw the place that was prepared over the own mark.
                let own_letters = if is_prepared {
                    ILLEGIBLE_SHARE
                } else {
                    CROSSED_SHARE
                };
                let hides = hides_area(below)
                    || hide(&drawn.veils, below)
                    || (drawn.anywhere.is_some() && crossed > own_letters);
                let covers = if hides {
                    Covered::Mark
                } else if crossed > ILLEGIBLE_SHARE && drawn.takes(below) {
                    Covered::CrossedMark
                } else {
                    Covered::PartOfMark
                };
                if !is_repeated(step, standing, rectangle, appearance)? {
                    gravest = gravest.max(Some(covers));
                }
            }
        }
    }
    Ok(gravest)
}

/// Whether an earlier mark shows the same, at the same place: nothing is hidden then.
fn is_repeated(
    step: &Step<'_, '_>,
    standing: &Standing,
    rectangle: [f64; 4],
    appearance: &Dictionary,
) -> Result<bool> {
    let Some(id) = standing.id.filter(|_| standing.rectangle == rectangle) else {
        return Ok(false);
    };
    let earlier = match step.document.object(id, step.before)?.object {
        Object::Dictionary(earlier) => step.old_value(&earlier, "AP")?,
        _ => Object::Null,
    };
    step.same_content(&earlier, &Object::Dictionary(appearance.clone()))
}
