//! Marks on text (ISO 32000-2, 12.5.6.10): whether the appearance of one leaves the text readable.
//! Reads the few operators that such marks are drawn with; anything else may hide something.

use super::step::{Result, Step};
use crate::field::{number_of, rectangle_of};
use crate::{Dictionary, Object, Stream};

/// Operands before one operator: a curve has six.
const OPERANDS: usize = 6;

/// The widest line of an underline or a strike-out, in points.
const WIDEST_LINE: f64 = 3.0;

/// How much of the mark's height its lines may take together: a line of text is six times as high
/// as what underlines it, and strokes side by side make an area.
const LINES_SHARE: f64 = 1.0 / 3.0;

/// How much larger than drawn an appearance may come out on the page (12.5.5).
const LARGEST_SCALE: f64 = 1.5;

/// The darkest of the brightest components that a highlighter's ink has: below, it hides.
const DARKEST: f64 = 0.5;

/// Whether the normal appearance of an annotation draws thin lines, or bright areas that are
/// multiplied with what is below them (11.3.5), and nothing else.
pub(super) fn leaves_text_readable(step: &Step<'_, '_>, annotation: &Dictionary) -> Result<bool> {
    let Object::Dictionary(appearance) = step.new_value(annotation, "AP")? else {
        return Ok(true);
    };
    let Object::Stream(stream) = step.new_value(&appearance, "N")? else {
        return Ok(false);
    };
    let Ok(data) = step.document.decoded(&stream, step.after) else {
        return Ok(false);
    };
    let rectangle = step.new_value(annotation, "Rect")?;
    let Some(height) = height_if_drawn_to_size(step, &rectangle, &stream)? else {
        return Ok(false);
    };
    let multiplied = multiplied_states(step, &stream)?;
    Ok(is_thin_or_multiplied(&data, height, &multiplied))
}

/// The height of the annotation, while its appearance comes out about as large as it is drawn.
fn height_if_drawn_to_size(
    step: &Step<'_, '_>,
    rectangle: &Object,
    stream: &Stream,
) -> Result<Option<f64>> {
    let matrix = match step.new_value(&stream.dictionary, "Matrix")? {
        Object::Array(numbers) => numbers.iter().map(number_of).collect(),
        _ => Some(vec![1.0, 0.0, 0.0, 1.0, 0.0, 0.0]),
    };
    let is_moved_only = matches!(matrix.as_deref(), Some([1.0, 0.0, 0.0, 1.0, _, _]));
    let sizes = [rectangle, &step.new_value(&stream.dictionary, "BBox")?].map(|corners| {
        rectangle_of(corners)
            .map(|[left, bottom, right, top]| ((right - left).abs(), (top - bottom).abs()))
    });
    let [Some((width, height)), Some((drawn_width, drawn_height))] = sizes else {
        return Ok(None);
    };
    let to_size = width <= drawn_width * LARGEST_SCALE && height <= drawn_height * LARGEST_SCALE;
    Ok((is_moved_only && to_size).then_some(height))
}

/// Names of graphics states that multiply.
fn multiplied_states(step: &Step<'_, '_>, stream: &Stream) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let Object::Dictionary(resources) = step.new_value(&stream.dictionary, "Resources")? else {
        return Ok(names);
    };
    if let Object::Dictionary(states) = step.new_value(&resources, "ExtGState")? {
        for entry in states.entries() {
            if let Object::Dictionary(state) = step.document.resolve(&entry.value, step.after)?
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

fn is_thin_or_multiplied(data: &[u8], height: f64, multiplied: &[String]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else {
        return false;
    };
    let mut operands: Vec<&str> = Vec::new();
    let (mut blended, mut bright, mut width) = (false, false, 1.0_f64);
    let (mut segments, mut ink) = (0.0_f64, 0.0_f64);
    for token in text.split_ascii_whitespace() {
        let numbers = || operands.iter().filter_map(|operand| operand.parse().ok());
        let brightest = || numbers().fold(0.0, f64::max);
        match token {
            // Areas.
            "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" if !(blended && bright) => return false,
            // Lines.
            "S" | "s" if !(blended && bright) => {
                ink += segments * width;
                if width > WIDEST_LINE || ink > height * LINES_SHARE {
                    return false;
                }
            }
            "l" | "c" | "v" | "y" | "h" => segments += 1.0,
            "re" => segments += 4.0,
            "w" => width = numbers().next().unwrap_or(f64::INFINITY),
            "gs" => {
                let name = operands.last().copied().unwrap_or_default();
                blended = multiplied.iter().any(|known| known == name);
            }
            "g" | "rg" | "G" | "RG" => bright = brightest() >= DARKEST,
            "B" | "B*" | "F" | "S" | "W" | "W*" | "b" | "b*" | "d" | "f" | "f*" | "i" | "j"
            | "J" | "m" | "M" | "n" | "q" | "ri" | "s" => {}
            "Q" => (blended, bright) = (false, false),
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
    use super::*;

    fn readable(data: &str) -> bool {
        is_thin_or_multiplied(data.as_bytes(), 12.0, &["/Blend".to_owned()])
    }

    #[test]
    fn thin_lines_and_bright_multiplied_areas_leave_text_readable() {
        assert!(readable("0 0 1 RG 1 w 10 20 m 90 20 l S"));
        assert!(readable("/Blend gs 1 1 0 rg 10 20 m 90 20 l 90 30 l h f"));
    }

    #[test]
    fn opaque_dark_or_strange_marks_may_hide() {
        for data in [
            "1 1 0 rg 0 0 9 9 re f",
            "/Blend gs 0 0 0 rg 0 0 9 9 re f",
            "/Other gs 1 1 0 rg 0 0 9 9 re f",
            "q /Blend gs 1 1 0 rg Q 0 0 9 9 re f",
            "1 1 1 RG 60 w 10 20 m 90 20 l S",
            "1 w 0 1 m 9 1 l 0 2 m 9 2 l 0 3 m 9 3 l 0 4 m 9 4 l 0 5 m 9 5 l S",
            "60 0 0 60 0 0 cm 1 w 0 0 m 9 9 l S",
            "BT /F1 14 Tf (9.0) Tj ET",
            "/Fm0 Do",
        ] {
            assert!(!readable(data), "{data}");
        }
    }
}
