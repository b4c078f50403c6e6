//! Highlighters (ISO 32000-2, 12.5.6.10): whether the appearance of one leaves the text readable.
//! Reads the few operators that such marks are drawn with; anything else may hide something.

use super::shade::Shade;
use super::step::{Result, Step};
use crate::field::{number_of, rectangle_of};
use crate::{Dictionary, Object, RevisionIndex, Stream};

/// Operands before one operator: a curve has six.
const OPERANDS: usize = 6;

/// How much larger than drawn an appearance may come out on the page (12.5.5).
const LARGEST_SCALE: f64 = 1.5;

/// What a graphics state that multiplies may have besides: a transfer function or a mask would make
/// another colour of it (8.4.5, table 57).
const STATE_KEYS: [&str; 4] = ["BM", "CA", "Type", "ca"];

/// Colour spaces of the device (8.6.4).
const DEVICE_SPACES: [&str; 3] = ["DeviceCMYK", "DeviceGray", "DeviceRGB"];

/// Whether a space to blend in is the device's, or that of what lies below.
pub(super) fn is_device_space(space: &Object) -> bool {
    match space {
        Object::Null => true,
        Object::Name(name) => DEVICE_SPACES.iter().any(|device| *name == *device),
        _ => false,
    }
}

/// Whether the normal appearance of an annotation draws areas of such a shade that are multiplied with what
/// is below them (11.3.5), and nothing else.
pub(super) fn leaves_text_readable(
    step: &Step<'_, '_>,
    annotation: &Dictionary,
    at: RevisionIndex,
    shade: Shade,
) -> Result<bool> {
    let value = |dictionary: &Dictionary, key: &str| step.document.value(dictionary, key, at);
    let appearance = match value(annotation, "AP")? {
        Object::Null => return Ok(true),
        Object::Dictionary(appearance) => appearance,
        _ => return Ok(false),
    };
    let Object::Stream(stream) = value(&appearance, "N")? else {
        return Ok(false);
    };
    let Ok(data) = step.document.decoded(&stream, at) else {
        return Ok(false);
    };
    // 11.6.6: what is multiplied inside an isolated group meets nothing of the page.
    let is_open = match value(&stream.dictionary, "Group")? {
        Object::Null => true,
        Object::Dictionary(group) => {
            let mut flags = ["I", "K"].into_iter().map(|key| value(&group, key));
            // 11.3.4: blended in a space of its own making, light is not what it says.
            let space = is_device_space(&value(&group, "CS")?);
            flags.try_fold(space, |open, flag| {
                Ok(open && matches!(flag?, Object::Null | Object::Boolean(false)))
            })?
        }
        _ => false,
    };
    // 8.6.5.6: colour spaces make another colour of a light one.
    let keeps_colours = stream.dictionary.duplicate_key().is_none()
        && match value(&stream.dictionary, "Resources")? {
            Object::Dictionary(resources) => {
                resources.duplicate_key().is_none() && resources.get("ColorSpace").is_none()
            }
            // 8.10.2: some readers take the page's resources then, with colour spaces of the page.
            _ => data.trim_ascii().is_empty(),
        };
    let rectangle = value(annotation, "Rect")?;
    let multiplied = multiplied_states(step, &stream, at)?;
    Ok(is_open
        && keeps_colours
        && is_drawn_to_size(step, &rectangle, &stream, at)?
        && is_multiplied(&data, &multiplied, shade))
}

/// Whether the appearance comes out about as large as it is drawn.
fn is_drawn_to_size(
    step: &Step<'_, '_>,
    rectangle: &Object,
    stream: &Stream,
    at: RevisionIndex,
) -> Result<bool> {
    let value = |key: &str| step.document.value(&stream.dictionary, key, at);
    let matrix = match value("Matrix")? {
        Object::Array(numbers) => numbers.iter().map(number_of).collect(),
        _ => Some(vec![1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
    };
    let is_moved_only = matches!(matrix.as_deref(), Some([1.0, 0.0, 0.0, 1.0, _, _]));
    let sizes = [rectangle, &value("BBox")?].map(|corners| {
        rectangle_of(corners)
            .map(|[left, bottom, right, top]| ((right - left).abs(), (top - bottom).abs()))
    });
    let [Some((width, height)), Some((drawn_width, drawn_height))] = sizes else {
        return Ok(false);
    };
    let to_size = width <= drawn_width * LARGEST_SCALE && height <= drawn_height * LARGEST_SCALE;
    Ok(is_moved_only && to_size)
}

/// Names of graphics states that multiply, and do nothing else.
fn multiplied_states(
    step: &Step<'_, '_>,
    stream: &Stream,
    at: RevisionIndex,
) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let value = |dictionary: &Dictionary, key: &str| step.document.value(dictionary, key, at);
    let Object::Dictionary(resources) = value(&stream.dictionary, "Resources")? else {
        return Ok(names);
    };
    if let Object::Dictionary(states) = value(&resources, "ExtGState")? {
        for entry in states.entries() {
            if let Object::Dictionary(state) = step.document.resolve(&entry.value, at)?
                && state.duplicate_key().is_none()
                && state
                    .entries()
                    .iter()
                    .all(|entry| STATE_KEYS.iter().any(|known| entry.key == *known))
                && state
                    .get("BM")
                    .and_then(Object::as_name)
                    .is_some_and(|mode| *mode == "Multiply")
            {
                names.push(format!("/{}", entry.key));
            }
        }
    }
    Ok(names)
}

fn is_multiplied(data: &[u8], multiplied: &[String], is_light: Shade) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let mut operands: Vec<&str> = Vec::new();
    let (mut blended, mut light_inside, mut light_lines) = (false, false, false);
    for token in text.split_ascii_whitespace() {
        let colour = || -> Vec<f64> {
            let numbers = operands.iter().filter_map(|operand| operand.parse().ok());
            numbers.collect()
        };
        match token {
            "f" | "F" | "f*" if !(blended && light_inside) => return false,
            "S" | "s" if !(blended && light_lines) => return false,
            "B" | "B*" | "b" | "b*" if !(blended && light_inside && light_lines) => {
                return false;
            }
            "gs" => {
                let name = operands.last().copied().unwrap_or_default();
                blended = multiplied.iter().any(|known| known == name);
            }
            "g" | "rg" | "k" => light_inside = is_light(&colour()),
            "G" | "RG" | "K" => light_lines = is_light(&colour()),
            "B" | "B*" | "F" | "S" | "W" | "W*" | "b" | "b*" | "c" | "d" | "f" | "f*" | "h"
            | "i" | "j" | "J" | "l" | "m" | "M" | "n" | "q" | "re" | "ri" | "s" | "v" | "w"
            | "y" => {}
            "Q" => (blended, light_inside, light_lines) = (false, false, false),
            operand if is_operand(operand) && operands.len() < OPERANDS => {
                operands.push(operand);
                continue;
            }
            _ => return false,
        }
        operands.clear();
    }
    true
}

fn is_operand(token: &str) -> bool {
    token.starts_with('/') || token == "[]" || token.parse::<f64>().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::super::shade::is_light;
    use super::*;

    fn readable(data: &str) -> bool {
        is_multiplied(data.as_bytes(), &["/Blend".to_owned()], is_light)
    }

    #[test]
    fn light_multiplied_areas_leave_text_readable() {
        assert!(readable("/Blend gs 1 1 0 rg 10 20 m 90 20 l 90 30 l h f"));
        assert!(readable("q /Blend gs 0 0 1 0 k 0 0 9 9 re f Q"));
    }

    #[test]
    fn opaque_dark_or_strange_marks_may_hide() {
        for data in [
            "1 1 0 rg 0 0 9 9 re f",
            "/Blend gs 0 0 0 rg 0 0 9 9 re f",
            "/Blend gs 1 0 0 rg 0 0 9 9 re f",
            "/Blend gs 0 G 1 1 0 rg 0 0 9 9 re B",
            "/Other gs 1 1 0 rg 0 0 9 9 re f",
            "q /Blend gs 1 1 0 rg Q 0 0 9 9 re f",
            "0 0 1 RG 1 w 10 20 m 90 20 l S",
            "1 1 1 RG 60 w 10 20 m 90 20 l S",
            "60 0 0 60 0 0 cm 1 w 0 0 m 9 9 l S",
            "BT /F1 14 Tf (9.0) Tj ET",
            "/Fm0 Do",
        ] {
            assert!(!readable(data), "{data}");
        }
    }
}
