//! Reading what the look of a text field draws, operator by operator (ISO 32000-2, annex A). An
//! operator that such a look never needs ends the reading.
//! Does not know what may be drawn.

use super::font::{LookFont, LookFonts};
use super::look::{LARGEST_SCALE, Letter, Look, Paint, black, rgb};
use crate::changes::step::{Result, Step};
use crate::cursor::Cursor;
use crate::field::number_of;
use crate::parse::direct_object;
use crate::{Dictionary, Object, RevisionIndex};

/// Operators of one look at most: one for each letter of a page of text, and as many moves.
const OPERATORS: usize = 20_000;

/// Letters of one look at most.
const LETTERS: usize = 20_000;

/// Operands kept in front of one operator.
const OPERANDS: usize = 64;

/// States saved at one time (annex C).
const SAVED: usize = 28;

/// How far letters may be squeezed or stretched, in percent (9.3.4).
const HORIZONTAL_SCALING: std::ops::RangeInclusive<f64> = 40.0..=200.0;

/// The parameters that move or colour letters.
#[derive(Debug, Clone)]
struct State {
    origin: (f64, f64),
    fill: String,
    stroke: String,
    /// Components of the colour spaces to fill and to stroke in (8.6.4).
    components: (usize, usize),
    line: f64,
    character_spacing: f64,
    word_spacing: f64,
    /// A share: 1 is the ordinary width.
    scaling: f64,
    leading: f64,
    size: f64,
    font: Option<usize>,
    /// What may be painted on: left, bottom, right, top.
    clip: [f64; 4],
}

/// What becomes of a path (8.5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Painting {
    Area,
    Line,
    Both,
}

struct Reader<'r, 'f, 'd, 'a> {
    step: &'r Step<'d, 'a>,
    fonts: &'r LookFonts<'f>,
    resources: &'r Dictionary,
    at: RevisionIndex,
    look: Look,
    state: State,
    saved: Vec<State>,
    read: Vec<(String, LookFont)>,
    /// Scale of the text matrix across and upwards.
    scale: (f64, f64),
    line: (f64, f64),
    place: (f64, f64),
    path: Vec<String>,
    rectangles: Vec<[f64; 4]>,
    clips: bool,
}

/// Reads into an empty look; `None` when it is not of the simple kind.
pub(super) fn read(
    look: Look,
    data: &[u8],
    step: &Step<'_, '_>,
    (resources, fonts): (&Dictionary, &LookFonts<'_>),
    at: RevisionIndex,
) -> Result<Option<Look>> {
    let mut reader = Reader {
        step,
        fonts,
        resources,
        at,
        state: State::start(look.bounds),
        look,
        saved: Vec::new(),
        read: Vec::new(),
        scale: (1.0, 1.0),
        line: (0.0, 0.0),
        place: (0.0, 0.0),
        path: Vec::new(),
        rectangles: Vec::new(),
        clips: false,
    };
    Ok(reader.run(data)?.then_some(reader.look))
}

impl State {
    fn start(clip: [f64; 4]) -> Self {
        Self {
            origin: (0.0, 0.0),
            fill: black(),
            stroke: black(),
            components: (1, 1),
            line: 1.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            scaling: 1.0,
            leading: 0.0,
            size: 0.0,
            font: None,
            clip,
        }
    }
}

impl Reader<'_, '_, '_, '_> {
    /// Whether the whole stream is of the simple kind.
    fn run(&mut self, data: &[u8]) -> Result<bool> {
        let mut cursor = Cursor::new(data, 0);
        let mut operands: Vec<Object> = Vec::new();
        let mut operators = 0_usize;
        loop {
            cursor.skip_white_space();
            let Some(octet) = cursor.peek() else {
                return Ok(true);
            };
            if matches!(
                octet,
                b'/' | b'(' | b'[' | b'<' | b'0'..=b'9' | b'+' | b'-' | b'.'
            ) {
                match direct_object(&mut cursor, self.step.document.limits()) {
                    Ok(object) if operands.len() < OPERANDS => operands.push(object),
                    Ok(_) | Err(_) => return Ok(false),
                }
                continue;
            }
            let operator = cursor.regular_run();
            operators = operators.saturating_add(1);
            if operator.is_empty() || operators > OPERATORS || !self.operate(operator, &operands)? {
                return Ok(false);
            }
            operands.clear();
        }
    }

    fn operate(&mut self, operator: &[u8], operands: &[Object]) -> Result<bool> {
        let numbers: Vec<f64> = operands.iter().filter_map(number_of).collect();
        let state = &mut self.state;
        match (operator, operands, numbers.as_slice()) {
            (b"q", [], _) if self.saved.len() < SAVED => self.saved.push(state.clone()),
            (b"Q", [], _) => {
                if let Some(saved) = self.saved.pop() {
                    self.state = saved;
                }
            }
            (b"cm", _, [1.0, 0.0, 0.0, 1.0, x, y]) => {
                state.origin = (state.origin.0 + x, state.origin.1 + y);
            }
            // 14.6: marks that mean nothing to who draws; optional content is no such mark.
            (b"BMC" | b"MP", [Object::Name(_)], _) | (b"EMC" | b"ET", [], _) => {}
            (b"BDC" | b"DP", [Object::Name(name), _], _) => return Ok(*name != "OC"),
            (b"d" | b"i" | b"j" | b"J" | b"M" | b"ri", ..) => {}
            (b"BT", [], _) => {
                self.scale = (1.0, 1.0);
                self.line = (0.0, 0.0);
                self.place = (0.0, 0.0);
                return Ok(self.end_path());
            }
            (b"Tm", _, [a, 0.0, 0.0, d, x, y]) if *a > 0.0 && *d > 0.0 => {
                if !HORIZONTAL_SCALING.contains(&(a / d * 100.0)) {
                    return Ok(false);
                }
                self.scale = (*a, *d);
                self.line = (*x, *y);
                self.place = self.line;
            }
            (b"Td", _, [x, y]) => self.next_line(*x, *y),
            (b"TD", _, [x, y]) => {
                state.leading = -*y;
                self.next_line(*x, *y);
            }
            (b"T*", [], _) => self.next_line(0.0, -self.state.leading),
            (b"Tc", _, [spacing]) => state.character_spacing = *spacing,
            (b"Tw", _, [spacing]) => state.word_spacing = *spacing,
            (b"Tz", _, [percent]) if HORIZONTAL_SCALING.contains(percent) => {
                state.scaling = *percent / 100.0;
            }
            (b"TL", _, [leading]) => state.leading = *leading,
            (b"Ts" | b"Tr", _, [0.0]) => {}
            (b"Tf", [Object::Name(name), _], [size]) => {
                state.size = *size;
                return self.set_font(&name.to_string());
            }
            (b"Tj", [Object::String(string)], _) => return Ok(self.show(&string.octets)),
            (b"'", [Object::String(string)], _) => {
                self.next_line(0.0, -self.state.leading);
                return Ok(self.show(&string.octets));
            }
            (b"\"", [_, _, Object::String(string)], [word, character]) => {
                state.word_spacing = *word;
                state.character_spacing = *character;
                self.next_line(0.0, -self.state.leading);
                return Ok(self.show(&string.octets));
            }
            (b"TJ", [Object::Array(pieces)], _) => return Ok(self.show_pieces(pieces)),
            _ => return self.draw(operator, operands, &numbers),
        }
        Ok(true)
    }

    /// Colours and paths.
    fn draw(&mut self, operator: &[u8], operands: &[Object], numbers: &[f64]) -> Result<bool> {
        let state = &mut self.state;
        match (operator, operands, numbers) {
            (b"g", _, [_]) | (b"rg", _, [_, _, _]) | (b"k", _, [_, _, _, _]) => {
                state.fill = rgb(numbers).unwrap_or_default();
                state.components.0 = numbers.len();
            }
            (b"G", _, [_]) | (b"RG", _, [_, _, _]) | (b"K", _, [_, _, _, _]) => {
                state.stroke = rgb(numbers).unwrap_or_default();
                state.components.1 = numbers.len();
            }
            (b"cs" | b"CS", [Object::Name(name)], _) => {
                let Some(components) = components_of(&name.to_string()) else {
                    return Ok(false);
                };
                if operator == b"cs" {
                    (state.components.0, state.fill) = (components, black());
                } else {
                    (state.components.1, state.stroke) = (components, black());
                }
            }
            (b"sc" | b"scn", ..) if is_colour(operands, numbers, state.components.0) => {
                state.fill = rgb(numbers).unwrap_or_default();
            }
            (b"SC" | b"SCN", ..) if is_colour(operands, numbers, state.components.1) => {
                state.stroke = rgb(numbers).unwrap_or_default();
            }
            (b"w", _, [width]) => state.line = *width,
            (b"re", _, [x, y, width, height]) => {
                let (left, bottom) = (state.origin.0 + x, state.origin.1 + y);
                let corners = [left, bottom, left + width, bottom + height];
                self.rectangles.push(corners);
                self.path.push(format!("re {corners:.1?}"));
            }
            (b"m" | b"l" | b"c" | b"v" | b"y" | b"h", ..) => {
                let letter = String::from_utf8_lossy(operator).into_owned();
                let origin = state.origin;
                self.path
                    .push(format!("{letter} {numbers:.1?} {origin:.1?}"));
            }
            (b"W" | b"W*", [], _) => self.clips = true,
            (b"n", [], _) => return Ok(self.end_path()),
            (b"f" | b"F" | b"f*", [], _) => return Ok(self.paint(Painting::Area)),
            (b"S" | b"s", [], _) => return Ok(self.paint(Painting::Line)),
            (b"B" | b"B*" | b"b" | b"b*", [], _) => return Ok(self.paint(Painting::Both)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line.0 += x * self.scale.0;
        self.line.1 += y * self.scale.1;
        self.place = self.line;
    }

    fn set_font(&mut self, name: &str) -> Result<bool> {
        let known = self.read.iter().position(|(known, _)| known == name);
        self.state.font = known;
        if known.is_none() {
            let Some(font) = self.fonts.read(self.step, self.resources, name, self.at)? else {
                return Ok(false);
            };
            self.state.font = Some(self.read.len());
            self.read.push((name.to_owned(), font));
        }
        Ok(true)
    }

    fn show_pieces(&mut self, pieces: &[Object]) -> bool {
        pieces.iter().all(|piece| match piece {
            Object::String(string) => self.show(&string.octets),
            other => number_of(other).is_some_and(|back| {
                let moved = -back / 1000.0 * self.state.size * self.state.scaling;
                self.place.0 += moved * self.scale.0;
                true
            }),
        })
    }

    fn show(&mut self, octets: &[u8]) -> bool {
        let state = &self.state;
        let Some((_, font)) = state.font.and_then(|index| self.read.get(index)) else {
            return octets.is_empty();
        };
        let Some(codes) = font.codes(octets) else {
            self.fonts.doubted.replace(Some(font.name.clone()));
            return false;
        };
        for code in codes {
            if self.look.letters.len() >= LETTERS {
                return false;
            }
            let width = code.width * state.size * state.scaling * self.scale.0;
            let is_white = |text: &str| text.chars().all(char::is_whitespace);
            if !code.text.as_deref().is_some_and(is_white) {
                self.look.letters.push(Letter {
                    text: code.text,
                    x: self.place.0 + state.origin.0,
                    y: self.place.1 + state.origin.1,
                    width,
                    size: state.size * self.scale.1,
                    colour: state.fill.clone(),
                });
            }
            let mut spacing = state.character_spacing;
            if code.is_word_space {
                spacing += state.word_spacing;
            }
            self.place.0 += width + spacing * state.scaling * self.scale.0;
        }
        true
    }

    /// Ends a path that paints nothing. One that clips leaves most of the look to be seen.
    fn end_path(&mut self) -> bool {
        let (width, height) = self.look.size();
        let clips = std::mem::take(&mut self.clips);
        let rectangles = std::mem::take(&mut self.rectangles);
        let path = std::mem::take(&mut self.path);
        if !clips {
            return true;
        }
        let ([[x, y, other_x, other_y]], [_]) = (rectangles.as_slice(), path.as_slice()) else {
            return false;
        };
        let [from, below, to, above] = self.state.clip;
        let clip = [
            from.max(x.min(*other_x)),
            below.max(y.min(*other_y)),
            to.min(x.max(*other_x)),
            above.min(y.max(*other_y)),
        ];
        self.state.clip = clip;
        let [from, below, to, above] = clip;
        (to - from) * LARGEST_SCALE >= width && (above - below) * LARGEST_SCALE >= height
    }

    fn paint(&mut self, painting: Painting) -> bool {
        let fills = painting != Painting::Line;
        let strokes = painting != Painting::Area;
        let rectangle = match (self.rectangles.as_slice(), self.path.as_slice()) {
            ([only], [_]) => Some(*only),
            _ => None,
        };
        let path = self.path.join(" ");
        let state = &self.state;
        let mut words = String::new();
        if fills {
            words.push_str(&format!("fill {} ", state.fill));
        }
        if strokes {
            words.push_str(&format!("stroke {} {:.1} ", state.stroke, state.line));
        }
        words.push_str(&path);
        self.look.paints.push(Paint {
            words,
            fills,
            letters_before: self.look.letters.len(),
            rectangle,
            line: if strokes { state.line } else { 0.0 },
        });
        self.end_path()
    }
}

/// Components of a colour of the device (8.6.4): what sets one in its space means what `g`, `rg` and
/// `k` do. Other spaces make other colours of the same numbers.
fn components_of(space: &str) -> Option<usize> {
    match space {
        "DeviceGray" => Some(1),
        "DeviceRGB" => Some(3),
        "DeviceCMYK" => Some(4),
        _ => None,
    }
}

/// Whether these operands are one colour of so many components, and nothing else.
fn is_colour(operands: &[Object], numbers: &[f64], components: usize) -> bool {
    operands.len() == components && numbers.len() == components
}
