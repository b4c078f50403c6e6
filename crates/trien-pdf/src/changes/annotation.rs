//! Annotations (ISO 32000-2, 12.5): what came, went or shows something else, and how much of its
//! page a widget takes. Which comments are harmless is told elsewhere.

use super::kind::{ChangeKind, Covering, Loss};
use super::listing::Listing;
use super::step::{Result, Step};
use crate::field::rectangle_of;
use crate::{Dictionary, Object, RevisionIndex};

/// Flags of an annotation (12.5.3).
const HIDDEN: i64 = 1 << 1;

/// Whether a widget shows something that can hide content: it has an area, an appearance, and no
/// flag that hides it.
pub(super) fn covering_of(step: &Step<'_, '_>, annotation: &Dictionary) -> Result<Covering> {
    let shown = has_room(step, annotation)? && annotation.get("AP").is_some();
    Ok(if shown {
        Covering::Possible
    } else {
        Covering::No
    })
}

/// Whether an annotation has an area, and no flag that hides it.
pub(super) fn has_room(step: &Step<'_, '_>, annotation: &Dictionary) -> Result<bool> {
    Ok(area(step, annotation, step.after)? > 0.0)
}

/// The area that an annotation takes on its page; 0 when it is hidden on screen and in print.
fn area(step: &Step<'_, '_>, annotation: &Dictionary, at: RevisionIndex) -> Result<f64> {
    let value = |key| step.document.value(annotation, key, at);
    let flags = value("F")?.as_integer().unwrap_or_default();
    if flags & HIDDEN != 0 {
        return Ok(0.0);
    }
    Ok(match value("Rect")? {
        Object::Null => 0.0,
        // Numbers that are not written out may be any.
        rectangle => rectangle_of(&rectangle).map_or(f64::INFINITY, area_of),
    })
}

/// Whether a widget has a background or a border (12.5.6.19, table 192), which viewers draw
/// without an appearance.
pub(super) fn paints_itself(step: &Step<'_, '_>, widget: &Dictionary) -> Result<bool> {
    let Object::Dictionary(characteristics) = step.new_value(widget, "MK")? else {
        return Ok(false);
    };
    for key in ["BC", "BG"] {
        match step.new_value(&characteristics, key)? {
            Object::Null => {}
            Object::Array(colour) if colour.is_empty() => {}
            _ => return Ok(true),
        }
    }
    Ok(false)
}

/// Whether the widget of a document time stamp shows something, which no time stamp needs.
pub(super) fn stamp_covering(step: &Step<'_, '_>, widget: &Dictionary) -> Result<Covering> {
    let shown = area(step, widget, step.after)? > 0.0
        && (widget.get("AP").is_some() || widget.get("MK").is_some());
    if !shown {
        return Ok(Covering::No);
    }
    let rectangle = step.new_value(widget, "Rect")?;
    let mark = rectangle_of(&rectangle).map_or(f64::INFINITY, area_of);
    let line = page_area(step, widget)? * STAMP_SHARE;
    Ok(if mark > line {
        Covering::Page
    } else {
        Covering::Possible
    })
}

/// The share of a page that the line of text takes which some programs show for a time stamp.
const STAMP_SHARE: f64 = 1.0 / 100.0;

/// The share of a page from which the mark of a further signature counts as hiding the page: a
/// signature or a seal takes two to four hundredths of an A4 page.
const LARGE_SHARE: f64 = 1.0 / 8.0;

/// The share from which a mark hides the page, whoever signs.
const WHOLE_SHARE: f64 = 1.0 / 2.0;

/// Whether the widget of a further signature takes more of its page than a mark needs. Where it is
/// and how large it is stands in the report in any case: what it hides only eyes can tell.
pub(super) fn mark_covering(step: &Step<'_, '_>, widget: &Dictionary) -> Result<Covering> {
    if covering_of(step, widget)? == Covering::No {
        return Ok(Covering::No);
    }
    let rectangle = step.new_value(widget, "Rect")?;
    let mark = rectangle_of(&rectangle).map_or(f64::INFINITY, area_of);
    let page = page_area(step, widget)?;
    Ok(if page > 0.0 && mark > page * WHOLE_SHARE {
        Covering::Page
    } else if mark > page * LARGE_SHARE {
        Covering::Possible
    } else {
        Covering::No
    })
}

/// Whether a widget takes more of its page than a field needs that is filled in behind a
/// signature; the page is A4 where it is not told.
pub(super) fn takes_much_of_its_page(step: &Step<'_, '_>, widget: &Dictionary) -> Result<bool> {
    const A4: f64 = 595.0 * 842.0;
    let field = area(step, widget, step.after)?;
    let page = page_area(step, widget)?;
    let page = if page > 0.0 { page } else { A4 };
    Ok(field > page * LARGE_SHARE)
}

fn area_of([left, bottom, right, top]: [f64; 4]) -> f64 {
    ((right - left) * (top - bottom)).abs()
}

/// The area of the widget's page, from its media box, which may be inherited (7.7.3.4); 0 when
/// it is not known.
fn page_area(step: &Step<'_, '_>, widget: &Dictionary) -> Result<f64> {
    let (forms, document, at) = (step.forms, step.document, step.after);
    let mut node = forms.node(document, widget.get("P"), at)?;
    for _ in 0..step.document.limits().nesting {
        let Object::Dictionary(page) = node.as_ref() else {
            return Ok(0.0);
        };
        let media_box = step.new_value(page, "MediaBox")?;
        if let Some(corners) = rectangle_of(&media_box) {
            return Ok(area_of(corners));
        }
        let parent = forms.node(document, page.get("Parent"), at)?;
        node = parent;
    }
    Ok(0.0)
}

fn subtype_of(value: &Object) -> String {
    value.as_name().map(ToString::to_string).unwrap_or_default()
}

/// What is told of an annotation and says nothing of the page: when it changed, its pop-up.
const TOLD: [&str; 5] = ["M", "NM", "Open", "Popup", "StructParent"];

/// Where a link leads, which was signed with it.
const LEADS: [&str; 3] = ["A", "Dest", "PA"];

/// The change that adding this annotation is, or changing it from `old`.
pub(super) fn annotation_change(
    step: &Step<'_, '_>,
    old: Option<&Dictionary>,
    annotation: &Dictionary,
    listing: &Listing,
) -> Result<ChangeKind> {
    if runs_new_action(step, old, annotation)? {
        return Ok(ChangeKind::ActionAdded);
    }
    let subtype = subtype_of(&step.new_value(annotation, "Subtype")?);
    if let Some(old) = old {
        let old_subtype = subtype_of(&step.old_value(old, "Subtype")?);
        let differing = step.differing_keys(old, annotation)?;
        let is_told = |key: &String| TOLD.contains(&key.as_str());
        let covering = Covering::No;
        if differing.iter().all(is_told) {
            return Ok(ChangeKind::Annotation { subtype, covering });
        }
        let leads = differing.iter().any(|key| LEADS.contains(&key.as_str()));
        if leads || !listing.was(step, old).is_harmless(step)? {
            return Ok(ChangeKind::AnnotationLost {
                subtype: old_subtype,
                loss: Loss::Disguise,
            });
        }
    }
    let covering = if listing.is(step, annotation).is_harmless(step)? {
        Covering::No
    } else {
        Covering::Possible
    };
    Ok(ChangeKind::Annotation { subtype, covering })
}

/// The change that removing an annotation is: what could not have come cannot go.
pub(super) fn annotation_removal(
    step: &Step<'_, '_>,
    old: &Dictionary,
    listing: &Listing,
) -> Result<ChangeKind> {
    let subtype = subtype_of(&step.old_value(old, "Subtype")?);
    // A stamp without a look of its own shows what each viewer likes, most of them nothing.
    let shows_nothing = subtype == "Stamp" && old.get("AP").is_none();
    Ok(
        if shows_nothing || listing.was(step, old).is_harmless(step)? {
            ChangeKind::Annotation {
                subtype,
                covering: Covering::No,
            }
        } else {
            ChangeKind::AnnotationLost {
                subtype,
                loss: Loss::Removal,
            }
        },
    )
}

/// The change that it is when an appearance of the earlier annotation is painted anew in place.
pub(super) fn annotation_repainting(
    step: &Step<'_, '_>,
    old: &Dictionary,
    listing: &Listing,
    otherwise: ChangeKind,
) -> Result<ChangeKind> {
    let subtype = subtype_of(&step.old_value(old, "Subtype")?);
    Ok(if listing.was(step, old).is_harmless(step)? {
        otherwise
    } else {
        ChangeKind::AnnotationLost {
            subtype,
            loss: Loss::Disguise,
        }
    })
}

/// Whether an annotation gains an action that does more than lead somewhere (12.6.4).
fn runs_new_action(
    step: &Step<'_, '_>,
    old: Option<&Dictionary>,
    annotation: &Dictionary,
) -> Result<bool> {
    let null = Object::Null;
    for key in ["A", "AA", "PA"] {
        let was = old.and_then(|old| old.get(key)).unwrap_or(&null);
        let Some(is) = annotation.get(key) else {
            continue;
        };
        if step.same_content(was, is)? {
            continue;
        }
        let leads = match step.new_value(annotation, key)? {
            Object::Null => true,
            Object::Dictionary(action) if key != "AA" => {
                action.get("Next").is_none() && only_leads(step, &action)?
            }
            _ => false,
        };
        if !leads {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Addresses that a viewer opens and does not run. `javascript:` runs in it, `file:` starts what
/// lies on the reader's disk.
const SCHEMES: [&str; 3] = ["http:", "https:", "mailto:"];

/// Actions that turn pages (12.6.4.12, table 215); readers know others by name, which do more.
const TURNS: [&str; 4] = ["FirstPage", "LastPage", "NextPage", "PrevPage"];

/// Whether an action leads to a page or an address, and does no more.
fn only_leads(step: &Step<'_, '_>, action: &Dictionary) -> Result<bool> {
    let kind = step.new_value(action, "S")?;
    let is = |wanted: &str| kind.as_name().is_some_and(|kind| *kind == *wanted);
    if is("GoTo") {
        return Ok(true);
    }
    if is("Named") {
        let name = step.new_value(action, "N")?;
        let turns = |name: &crate::Name| TURNS.iter().any(|known| *name == **known);
        return Ok(name.as_name().is_some_and(turns));
    }
    if !is("URI") {
        return Ok(false);
    }
    // 7.6.2: an encrypted address is no text.
    Ok(match step.new_value(action, "URI")? {
        Object::String(uri) => is_harmless_address(&uri.octets),
        _ => false,
    })
}

/// Whether an address is one that is known to be only opened, or has no scheme of its own.
fn is_harmless_address(octets: &[u8]) -> bool {
    let address = String::from_utf8_lossy(octets).to_ascii_lowercase();
    let is_plain = !address
        .chars()
        .any(|sign| sign.is_control() || sign == char::REPLACEMENT_CHARACTER);
    let before_path = address.split(['/', '?', '#']).next().unwrap_or_default();
    let is_relative = !before_path.contains(':');
    let named = SCHEMES.iter().any(|scheme| address.starts_with(scheme));
    is_plain && (named || is_relative)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_run_or_start_something_are_none() {
        for good in [
            "https://moet.gov.vn/a:b",
            "HTTP://a",
            "mailto:a@b.vn",
            "trang/2",
            "#2",
        ] {
            assert!(is_harmless_address(good.as_bytes()), "{good}");
        }
        for bad in [
            "javascript:app.alert(1)",
            "JavaScript:1",
            " javascript:1",
            "java\nscript:1",
            "file:///C:/a.exe",
            "data:text/html,x",
            "vbscript:x",
        ] {
            assert!(!is_harmless_address(bad.as_bytes()), "{bad}");
        }
    }
}
