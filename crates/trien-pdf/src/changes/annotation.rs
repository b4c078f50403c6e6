//! Annotations (ISO 32000-2, 12.5): which can hide what lies below them.

use super::kind::{ChangeKind, Covering};
use super::step::{Result, Step};
use crate::field::rectangle_of;
use crate::{Dictionary, Object};

/// Annotations that draw over the page (12.5.6): text of their own, stamps, shapes that can be
/// filled, redactions. Notes, links and marks on text leave what is below readable.
const DRAWN: [&str; 11] = [
    "FreeText",
    "Stamp",
    "Ink",
    "Redact",
    "Square",
    "Circle",
    "Polygon",
    "Line",
    "PolyLine",
    "Watermark",
    "Widget",
];

/// Whether an annotation shows something that can hide content: it has an area, an appearance,
/// and no flag that hides it.
pub(super) fn covering_of(step: &Step<'_, '_>, annotation: &Dictionary) -> Result<Covering> {
    let rectangle = step.new_value(annotation, "Rect")?;
    let area = rectangle_of(&rectangle)
        .is_some_and(|[left, bottom, right, top]| left != right && bottom != top);
    let flags = step
        .new_value(annotation, "F")?
        .as_integer()
        .unwrap_or_default();
    let hidden = flags & 2 != 0;
    let drawn = annotation.get("AP").is_some();
    Ok(if area && drawn && !hidden {
        Covering::Possible
    } else {
        Covering::No
    })
}

/// The share of a page from which the mark of a further signature counts as hiding the page: a
/// signature or a seal takes two to four hundredths of an A4 page.
const LARGE_SHARE: f64 = 1.0 / 8.0;

/// Whether the widget of a further signature takes more of its page than a mark needs. Where it is
/// and how large it is stands in the report in any case: what it hides only eyes can tell.
pub(super) fn mark_covering(step: &Step<'_, '_>, widget: &Dictionary) -> Result<Covering> {
    if covering_of(step, widget)? == Covering::No {
        return Ok(Covering::No);
    }
    let rectangle = step.new_value(widget, "Rect")?;
    let mark = rectangle_of(&rectangle).map_or(f64::INFINITY, area_of);
    let page = page_area(step, widget)?;
    Ok(if mark > page * LARGE_SHARE {
        Covering::Possible
    } else {
        Covering::No
    })
}

fn area_of([left, bottom, right, top]: [f64; 4]) -> f64 {
    ((right - left) * (top - bottom)).abs()
}

/// The area of the widget's page, from its media box, which may be inherited (7.7.3.4); 0 when
/// it is not known.
fn page_area(step: &Step<'_, '_>, widget: &Dictionary) -> Result<f64> {
    let mut node = step.new_value(widget, "P")?;
    for _ in 0..step.document.limits().nesting {
        let Object::Dictionary(page) = &node else {
            return Ok(0.0);
        };
        let media_box = step.new_value(page, "MediaBox")?;
        if let Some(corners) = rectangle_of(&media_box) {
            return Ok(area_of(corners));
        }
        node = step.new_value(page, "Parent")?;
    }
    Ok(0.0)
}

/// The change that adding, changing or removing this annotation is.
pub(super) fn annotation_change(
    step: &Step<'_, '_>,
    annotation: &Dictionary,
) -> Result<ChangeKind> {
    let subtype = step.new_value(annotation, "Subtype")?;
    let subtype = subtype
        .as_name()
        .map(ToString::to_string)
        .unwrap_or_default();
    let covering = if DRAWN.contains(&subtype.as_str()) {
        covering_of(step, annotation)?
    } else {
        Covering::No
    };
    Ok(ChangeKind::Annotation { subtype, covering })
}

/// Whether a dictionary is an annotation other than a widget.
pub(super) fn is_annotation(object: &Object) -> bool {
    let Some(dictionary) = object.as_dictionary() else {
        return false;
    };
    let named = dictionary.get("Subtype").and_then(Object::as_name);
    let is_type = dictionary
        .get("Type")
        .is_none_or(|value| value.as_name().is_some_and(|name| *name == "Annot"));
    is_type
        && dictionary.get("Rect").is_some()
        && named.is_some_and(|name| *name != "Widget" && *name != "Image" && *name != "Form")
}
