//! What a new signature changes in the form (ISO 32000-2, 12.7.3) and on its page.

use super::extension::declare_extension;
use super::overlay::Overlay;
use super::page::{add_annotation, page_by_index};
use super::{Drawing, PlaceError, PlacedDrawing, Placement, SignatureKind, WidgetPlacement};
use crate::appearance::{QuarterTurns, SharedResources};
use crate::{
    Dictionary, Document, FieldValue, Name, Object, ObjectId, SignatureField, decode_text,
    encode_text, signature_fields,
};

/// Annotation flags (12.5.3): Print and Locked. PDF/A asks for Print and forbids the hiding ones.
const PRINT_AND_LOCKED: i64 = 4 | 128;
const PRINT: i64 = 4;

/// /SigFlags (12.7.3, table 225): signatures exist, and only appending keeps them.
const SIGNATURES_EXIST_APPEND_ONLY: i64 = 3;

/// All objects the signature changes or adds, but for its own dictionary, whose number they use.
pub(super) fn changed_objects<'d, 'a>(
    document: &'d Document<'a>,
    placement: &Placement,
) -> Result<(Overlay<'d, 'a>, ObjectId), PlaceError> {
    document.check_placeable()?;
    let mut overlay = Overlay::new(document)?;
    let signature = overlay.allocate();
    let fields = signature_fields(document, overlay.revision)?;
    match fields
        .into_iter()
        .find(|field| field.full_name == placement.field)
    {
        Some(field) => fill_field(&mut overlay, placement, field, signature)?,
        None => add_field(&mut overlay, placement, signature)?,
    }
    if placement.kind == SignatureKind::DocumentTimestamp {
        declare_extension(&mut overlay)?;
    }
    Ok((overlay, signature))
}

fn fill_field(
    overlay: &mut Overlay<'_, '_>,
    placement: &Placement,
    field: SignatureField,
    signature: ObjectId,
) -> Result<(), PlaceError> {
    match field.value {
        FieldValue::Empty => {}
        FieldValue::Signature(_) => {
            return Err(PlaceError::FieldFilled {
                field: field.full_name,
            });
        }
        FieldValue::Unreadable(_) => {
            return Err(PlaceError::FieldUnusable {
                field: field.full_name,
            });
        }
    }
    let drawing = match &placement.widget {
        WidgetPlacement::Invisible => None,
        WidgetPlacement::InField(drawing) => Some(drawing),
        WidgetPlacement::OnPages(_) => {
            return Err(PlaceError::FieldHasPlace {
                field: field.full_name,
            });
        }
    };
    let Some(id) = field.object else {
        return Err(PlaceError::FieldUnusable {
            field: field.full_name,
        });
    };
    let mut dictionary = field.dictionary;
    if let Object::Dictionary(lock) =
        overlay
            .document
            .value(&dictionary, "Lock", overlay.revision)?
    {
        overlay.field_lock = Some(lock);
    }
    dictionary.set("V", Object::Reference(signature));
    overlay.set(id, Object::Dictionary(dictionary));
    if let Some(drawing) = drawing {
        let shown = field.widgets.iter().find(|widget| widget.object.is_some());
        let Some((shown, widget)) = shown.and_then(|shown| Some((shown, shown.object?))) else {
            return Err(PlaceError::FieldUnusable {
                field: field.full_name,
            });
        };
        // A field whose page is not found is drawn as on a page that is not turned.
        let turns = overlay
            .document
            .page_of_widget(shown)
            .map_or(QuarterTurns::None, |page| page.view().turns);
        let Object::Dictionary(mut dictionary) = overlay.object(widget)? else {
            return Err(PlaceError::FieldUnusable {
                field: field.full_name,
            });
        };
        let flags = dictionary
            .get("F")
            .and_then(Object::as_integer)
            .unwrap_or_default();
        dictionary.set("F", Object::Integer(flags | PRINT));
        let shared = &mut SharedResources::default();
        dictionary.set("AP", appearance(overlay, drawing, turns, shared)?);
        overlay.set(widget, Object::Dictionary(dictionary));
    }
    extend_form(overlay, None)
}

fn add_field(
    overlay: &mut Overlay<'_, '_>,
    placement: &Placement,
    signature: ObjectId,
) -> Result<(), PlaceError> {
    let name = &placement.field;
    if name.is_empty() || name.contains('.') {
        return Err(PlaceError::FieldNameInvalid {
            field: name.clone(),
        });
    }
    let drawings = match &placement.widget {
        WidgetPlacement::Invisible => [].as_slice(),
        WidgetPlacement::InField(_) => {
            return Err(PlaceError::NoSuchField {
                field: name.clone(),
            });
        }
        WidgetPlacement::OnPages(drawings) if drawings.is_empty() => {
            return Err(PlaceError::PlaceInvalid);
        }
        WidgetPlacement::OnPages(drawings) => drawings,
    };
    let field = overlay.allocate();
    let mut dictionary = Dictionary::new();
    dictionary.set("FT", Object::Name(Name::from("Sig")));
    dictionary.set("T", Object::String(encode_text(name)));
    dictionary.set("V", Object::Reference(signature));
    let shared = &mut SharedResources::default();
    match drawings {
        // 12.7.4.1: a field with one widget may be one dictionary with it.
        [] => {
            add_widget(overlay, field, dictionary, 0, None)?;
        }
        [placed] => {
            let shown = Some((placed, shared));
            add_widget(overlay, field, dictionary, placed.page, shown)?;
        }
        several => {
            let mut kids = Vec::with_capacity(several.len());
            for placed in several {
                let widget = overlay.allocate();
                let mut parent = Dictionary::new();
                parent.set("Parent", Object::Reference(field));
                // Both are inherited (12.7.4.1), but mupdf and poppler look for them in the
                // widget alone, and would call the signature broken or absent.
                parent.set("FT", Object::Name(Name::from("Sig")));
                parent.set("V", Object::Reference(signature));
                let shown = Some((placed, &mut *shared));
                add_widget(overlay, widget, parent, placed.page, shown)?;
                kids.push(Object::Reference(widget));
            }
            dictionary.set("Kids", Object::Array(kids));
            overlay.set(field, Object::Dictionary(dictionary));
        }
    }
    extend_form(overlay, Some((field, name)))
}

/// Completes `dictionary` to a widget on the page of this index, and lists it there.
fn add_widget(
    overlay: &mut Overlay<'_, '_>,
    id: ObjectId,
    mut dictionary: Dictionary,
    page_index: usize,
    shown: Option<(&PlacedDrawing, &mut SharedResources)>,
) -> Result<(), PlaceError> {
    let (page, page_dictionary) = page_by_index(overlay.document, overlay.revision, page_index)?;
    dictionary.set("Type", Object::Name(Name::from("Annot")));
    dictionary.set("Subtype", Object::Name(Name::from("Widget")));
    dictionary.set("F", Object::Integer(PRINT_AND_LOCKED));
    dictionary.set("P", Object::Reference(page));
    let mut corners = [0.0; 4];
    if let Some((placed, shared)) = shown {
        // A page without a box is neither turned nor measured.
        let view = overlay
            .document
            .view_of(&page_dictionary, overlay.document.latest())?;
        let (turns, unit) = view.map_or((QuarterTurns::None, 1.0), |view| {
            (view.turns, view.user_unit)
        });
        corners = rectangle(placed, turns, unit)?;
        let look = appearance(overlay, &placed.drawing, turns, shared)?;
        dictionary.set("AP", look);
    }
    dictionary.set(
        "Rect",
        Object::Array(corners.into_iter().map(number).collect()),
    );
    // The page as this update has it by now: it may list other widgets of this field.
    let page_dictionary = match overlay.object(page)? {
        Object::Dictionary(changed) => changed,
        _ => page_dictionary,
    };
    overlay.set(id, Object::Dictionary(dictionary));
    add_annotation(overlay, page, page_dictionary, id)
}

/// A whole number as an integer, any other as a real: what a reader compares stays short.
fn number(value: f64) -> Object {
    let text = format!("{value}");
    text.parse().map_or(Object::Real(value), Object::Integer)
}

fn rectangle(
    placed: &PlacedDrawing,
    turns: QuarterTurns,
    user_unit: f64,
) -> Result<[f64; 4], PlaceError> {
    let mark = &placed.drawing.mark;
    let [left, bottom, width, height] =
        [placed.left, placed.bottom, mark.width(), mark.height()].map(f64::from);
    let (width, height) = if turns.swaps_sides() {
        (height / user_unit, width / user_unit)
    } else {
        (width / user_unit, height / user_unit)
    };
    // Rounded to a hundredth of a unit: a longer fraction moves nothing that can be seen.
    let corners =
        [left, bottom, left + width, bottom + height].map(|value| (value * 100.0).round() / 100.0);
    if corners.iter().all(|value| value.is_finite()) {
        Ok(corners)
    } else {
        Err(PlaceError::PlaceInvalid)
    }
}

/// Writes the drawing's objects; gives the /AP dictionary (12.5.5).
fn appearance(
    overlay: &mut Overlay<'_, '_>,
    drawing: &Drawing,
    turns: QuarterTurns,
    shared: &mut SharedResources,
) -> Result<Object, PlaceError> {
    let written = drawing
        .mark
        .write_turned(&drawing.font, turns, shared, &mut || {
            overlay.allocate().number
        })
        .map_err(PlaceError::Appearance)?;
    for object in written.objects {
        overlay.set_body(object.number, object.body);
    }
    let mut dictionary = Dictionary::new();
    dictionary.set("N", Object::Reference(ObjectId::new(written.root, 0)));
    Ok(Object::Dictionary(dictionary))
}

/// Sets the form's flags and, for a new field, adds it to the roots.
fn extend_form(
    overlay: &mut Overlay<'_, '_>,
    added: Option<(ObjectId, &str)>,
) -> Result<(), PlaceError> {
    let (root, mut catalog) = overlay.catalog()?;
    let place = catalog.get("AcroForm").cloned();
    let mut form = match &place {
        Some(value) => match overlay.document.resolve(value, overlay.revision)? {
            Object::Dictionary(form) => form,
            _ => Dictionary::new(),
        },
        None => Dictionary::new(),
    };
    let before = form.clone();
    let flags = form
        .get("SigFlags")
        .and_then(Object::as_integer)
        .unwrap_or_default();
    form.set(
        "SigFlags",
        Object::Integer(flags | SIGNATURES_EXIST_APPEND_ONLY),
    );
    if let Some((field, name)) = added {
        add_root(overlay, &mut form, field, name)?;
    }
    if form == before {
        return Ok(());
    }
    match place {
        Some(Object::Reference(id)) => overlay.set(id, Object::Dictionary(form)),
        Some(Object::Dictionary(_)) => {
            catalog.set("AcroForm", Object::Dictionary(form));
            overlay.set(root, Object::Dictionary(catalog));
        }
        _ => {
            let id = overlay.allocate();
            overlay.set(id, Object::Dictionary(form));
            catalog.set("AcroForm", Object::Reference(id));
            overlay.set(root, Object::Dictionary(catalog));
        }
    }
    Ok(())
}

fn add_root(
    overlay: &mut Overlay<'_, '_>,
    form: &mut Dictionary,
    field: ObjectId,
    name: &str,
) -> Result<(), PlaceError> {
    let place = form.get("Fields").cloned();
    let mut roots = match &place {
        Some(value) => match overlay.document.resolve(value, overlay.revision)? {
            Object::Array(roots) => roots,
            _ => Vec::new(),
        },
        None => Vec::new(),
    };
    for root in &roots {
        if let Object::Dictionary(root) = overlay.document.resolve(root, overlay.revision)?
            && let Object::String(partial) = overlay.document.value(&root, "T", overlay.revision)?
            && decode_text(&partial) == name
        {
            return Err(PlaceError::FieldOfOtherType {
                field: name.to_owned(),
            });
        }
    }
    roots.push(Object::Reference(field));
    match place {
        Some(Object::Reference(id)) => overlay.set(id, Object::Array(roots)),
        _ => form.set("Fields", Object::Array(roots)),
    }
    Ok(())
}
