//! Running a content stream for its letters and images (ISO 32000-2, 7.8.2, annex A): operators
//! that move or show text, place forms and images, and save the state. All others are passed over.

use std::collections::HashMap;

use super::drawn_font::KnownExtent;
use super::font::{Font, LARGEST_ASCENT, LARGEST_DESCENT};
use super::ink::Ink;
use super::paint::{Path, rectangle_with};
use super::state::{Matrix, TextState};
use super::{Found, FoundLetter, LETTERS, OPERATORS, Sought, Tone};
use crate::cursor::{Cursor, is_white_space};
use crate::field::number_of;
use crate::parse::direct_object;
use crate::{Dictionary, Document, Object, ObjectId, ReadError, RevisionIndex};

/// Operands kept in front of one operator: the most any takes is six, colour aside.
const OPERANDS: usize = 64;

/// States saved at one time (annex C: 28 are promised).
const SAVED: usize = 512;

/// How high dots, dashes and lines to write on are at most, in points.
const HIGHEST_DOT: f64 = 3.0;

/// Fonts that one page may set.
const FONTS: usize = 2_000;

#[derive(Debug, Clone, Copy)]
pub(super) struct GraphicsState {
    pub(super) transformation: Matrix,
    pub(super) text: TextState,
    pub(super) ink: Ink,
}

pub(super) struct Interpreter<'d, 'a> {
    pub(super) document: &'d Document<'a>,
    pub(super) revision: RevisionIndex,
    pub(super) sought: Sought,
    pub(super) found: Found,
    pub(super) state: GraphicsState,
    pub(super) path: Path,
    pub(super) saved: Vec<GraphicsState>,
    pub(super) text_matrix: Matrix,
    pub(super) line_matrix: Matrix,
    pub(super) fonts: Vec<Font>,
    /// What letters paint that are streams, by font and code.
    pub(super) extents: HashMap<(usize, u8), KnownExtent>,
    known_fonts: HashMap<ObjectId, usize>,
    pub(super) operators: usize,
    pub(super) decoded: usize,
    pub(super) depth: usize,
}

impl<'d, 'a> Interpreter<'d, 'a> {
    pub(super) fn new(document: &'d Document<'a>, revision: RevisionIndex, sought: Sought) -> Self {
        Self {
            document,
            revision,
            sought,
            found: Found::default(),
            state: GraphicsState {
                transformation: Matrix::IDENTITY,
                text: TextState::START,
                ink: Ink::START,
            },
            path: Path::default(),
            saved: Vec::new(),
            text_matrix: Matrix::IDENTITY,
            line_matrix: Matrix::IDENTITY,
            fonts: Vec::new(),
            extents: HashMap::new(),
            known_fonts: HashMap::new(),
            operators: 0,
            decoded: 0,
            depth: 0,
        }
    }

    /// Runs one stream with the resources its names mean.
    pub(super) fn run(&mut self, data: &[u8], resources: &Dictionary) -> Result<(), ReadError> {
        let mut cursor = Cursor::new(data, 0);
        let mut operands: Vec<Object> = Vec::new();
        loop {
            cursor.skip_white_space();
            let Some(octet) = cursor.peek() else {
                return Ok(());
            };
            if matches!(
                octet,
                b'/' | b'(' | b'[' | b'<' | b'0'..=b'9' | b'+' | b'-' | b'.'
            ) {
                let start = cursor.offset();
                match direct_object(&mut cursor, self.document.limits()) {
                    Ok(object) if operands.len() < OPERANDS => operands.push(object),
                    Ok(_) => {}
                    // What is no object is passed over, octet by octet at worst.
                    Err(_) => {
                        let moved = cursor.offset() > start;
                        if !moved && cursor.regular_run().is_empty() {
                            cursor.advance(1);
                        }
                    }
                }
                continue;
            }
            let operator = cursor.regular_run();
            if operator.is_empty() {
                cursor.advance(1);
                continue;
            }
            self.operators = self.operators.saturating_add(1);
            if self.operators > OPERATORS {
                self.found.is_cut = true;
                return Ok(());
            }
            if operator == b"ID" {
                skip_inline_image(&mut cursor);
                self.image(None);
            } else {
                self.operate(operator, &operands, resources)?;
            }
            operands.clear();
        }
    }

    fn operate(
        &mut self,
        operator: &[u8],
        operands: &[Object],
        resources: &Dictionary,
    ) -> Result<(), ReadError> {
        let numbers: Vec<f64> = operands.iter().filter_map(number_of).collect();
        if self.sought != Sought::Words {
            self.trace(operator, &numbers);
        }
        match (operator, operands, numbers.as_slice()) {
            (b"q", ..) if self.saved.len() < SAVED => self.saved.push(self.state),
            (b"Q", ..) => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            (b"cm", _, [a, b, c, d, e, f]) => {
                let change = Matrix([*a, *b, *c, *d, *e, *f]);
                self.state.transformation = change.then(self.state.transformation);
            }
            (b"cs", ..) => self.state.ink.set_space(operands.first()),
            (b"gs", ..) if self.sought != Sought::Words => {
                self.follow_state(operands.first(), resources)?;
            }
            (b"Do", [Object::Name(name)], _) => self.x_object(&name.to_string(), resources)?,
            (b"BT", ..) => {
                self.text_matrix = Matrix::IDENTITY;
                self.line_matrix = Matrix::IDENTITY;
            }
            (b"Tm", _, [a, b, c, d, e, f]) => {
                self.line_matrix = Matrix([*a, *b, *c, *d, *e, *f]);
                self.text_matrix = self.line_matrix;
            }
            (b"Td", _, [x, y]) => self.next_line(*x, *y),
            (b"TD", _, [x, y]) => {
                self.state.text.leading = -*y;
                self.next_line(*x, *y);
            }
            (b"T*", ..) => self.next_line(0.0, -self.state.text.leading),
            (b"Tc", _, [spacing]) => self.state.text.character_spacing = *spacing,
            (b"Tw", _, [spacing]) => self.state.text.word_spacing = *spacing,
            (b"Tz", _, [percent]) => self.state.text.horizontal_scaling = *percent / 100.0,
            (b"TL", _, [leading]) => self.state.text.leading = *leading,
            (b"Ts", _, [rise]) => self.state.text.rise = *rise,
            (b"Tr", _, [mode]) => {
                self.state.text.is_painted = ![3.0, 7.0].contains(mode);
            }
            (b"Tf", [Object::Name(name), _], [size]) => {
                self.state.text.size = *size;
                self.state.text.font = self.font(&name.to_string(), resources)?;
            }
            (b"Tj", [Object::String(string)], _) => self.show(&string.octets, resources)?,
            (b"'", [Object::String(string)], _) => {
                self.next_line(0.0, -self.state.text.leading);
                self.show(&string.octets, resources)?;
            }
            (b"\"", [_, _, Object::String(string)], [word, character]) => {
                self.state.text.word_spacing = *word;
                self.state.text.character_spacing = *character;
                self.next_line(0.0, -self.state.text.leading);
                self.show(&string.octets, resources)?;
            }
            (b"TJ", [Object::Array(pieces)], _) => {
                for piece in pieces {
                    match piece {
                        Object::String(string) => self.show(&string.octets, resources)?,
                        other => {
                            let text = self.state.text;
                            let back = number_of(other).unwrap_or_default() / 1000.0;
                            self.advance(-back * text.size * text.horizontal_scaling);
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line_matrix = Matrix::shift(x, y).then(self.line_matrix);
        self.text_matrix = self.line_matrix;
    }

    fn advance(&mut self, x: f64) {
        self.text_matrix = Matrix::shift(x, 0.0).then(self.text_matrix);
    }

    fn font(&mut self, name: &str, resources: &Dictionary) -> Result<Option<usize>, ReadError> {
        let revision = self.revision;
        let fonts = self.document.value(resources, "Font", revision)?;
        let Some(named) = fonts.as_dictionary().and_then(|fonts| fonts.get(name)) else {
            return Ok(None);
        };
        let id = named.as_reference();
        if let Some(index) = id.and_then(|id| self.known_fonts.get(&id)) {
            return Ok(Some(*index));
        }
        let Object::Dictionary(font) = self.document.resolve(named, revision)? else {
            return Ok(None);
        };
        if self.fonts.len() >= FONTS {
            self.found.is_cut = true;
            return Ok(None);
        }
        let index = self.fonts.len();
        self.fonts.push(Font::read(self.document, &font, revision)?);
        if let Some(id) = id {
            self.known_fonts.insert(id, index);
        }
        Ok(Some(index))
    }

    fn show(&mut self, octets: &[u8], resources: &Dictionary) -> Result<(), ReadError> {
        let text = self.state.text;
        let font = text.font.and_then(|font| self.fonts.get(font));
        let tone = match font {
            Some(font) if font.paints_itself() => Tone::UNKNOWN,
            _ => self.state.ink.tone_of_letters(),
        };
        let keeps_to_box = font.is_some_and(|font| font.keeps_to_box);
        let (codes, ascent, descent) = match font {
            Some(font) if self.sought == Sought::Look => {
                (font.codes(octets), LARGEST_ASCENT, LARGEST_DESCENT)
            }
            Some(font) => (font.codes(octets), font.ascent, font.descent),
            // Readers put another font for one that is not there.
            None if self.sought != Sought::Words => {
                (Font::codes_of_any(octets), LARGEST_ASCENT, LARGEST_DESCENT)
            }
            None => return Ok(()),
        };
        let reach = self.reach_of_letters();
        for (index, code) in codes.into_iter().enumerate() {
            if self.found.letters.len() >= LETTERS {
                self.found.is_cut = true;
                return Ok(());
            }
            let extent = match octets.get(index) {
                Some(octet) => self.extent(text.font, *octet, resources)?,
                None => None,
            };
            let size = Matrix([
                text.size * text.horizontal_scaling,
                0.0,
                0.0,
                text.size,
                0.0,
                text.rise,
            ]);
            let placed = size.then(self.text_matrix).then(self.state.transformation);
            // A reader's own font draws its letters as wide as they are.
            let width = match self.sought {
                Sought::Look => code.width.max(1.0),
                Sought::Words | Sought::Everything => code.width,
            };
            let around = extent.as_ref().and_then(|extent| extent.around);
            let rectangle = placed.around(around.unwrap_or([0.0, descent, width, ascent]));
            let rectangle = rectangle_with(rectangle, reach);
            let is_told = around.is_none() || is_plausible(code.text.as_deref(), rectangle);
            let told = code.text.filter(|_| is_told);
            if text.is_painted {
                self.found.painted = self.found.painted.saturating_add(1);
            }
            if told.is_none() {
                self.found.unreadable = self.found.unreadable.saturating_add(1);
            }
            if rectangle.iter().all(|value| value.is_finite())
                && (told.is_some() || self.sought != Sought::Words)
            {
                self.found.letters.push(FoundLetter {
                    text: told,
                    rectangle,
                    keeps_to_box,
                    tone,
                });
            }
            if let Some(extent) = extent {
                self.found.unclear = self.found.unclear.saturating_add(extent.unclear);
                self.found.is_cut |= extent.is_cut;
                let apart = extent.apart.iter().map(|part| FoundLetter {
                    text: None,
                    rectangle: placed.around(*part),
                    keeps_to_box,
                    tone,
                });
                self.found.letters.extend(apart);
            }
            let mut width = code.width * text.size + text.character_spacing;
            if code.is_word_space {
                width += text.word_spacing;
            }
            self.advance(width * text.horizontal_scaling);
        }
        Ok(())
    }
}

/// Whether a letter that is drawn where it is drawn may be what it is called: spaces and dots are not
/// as high as letters, whatever the name of what stands there.
fn is_plausible(text: Option<&str>, [_, bottom, _, top]: [f64; 4]) -> bool {
    let is_word = text.is_none_or(|text| text.chars().any(char::is_alphanumeric));
    is_word || top - bottom <= HIGHEST_DOT
}

/// 8.9.7: the data of an inline image end at `EI` between white space.
fn skip_inline_image(cursor: &mut Cursor<'_>) {
    cursor.advance(1);
    loop {
        let rest = cursor.rest();
        let Some(at) = memchr::memmem::find(rest, b"EI") else {
            cursor.advance(rest.len());
            return;
        };
        let before = at.checked_sub(1).and_then(|before| rest.get(before));
        let after = at.checked_add(2).and_then(|after| rest.get(after));
        let is_end = before.is_none_or(|octet| is_white_space(*octet))
            && after.is_none_or(|octet| is_white_space(*octet));
        cursor.advance(at.saturating_add(2));
        if is_end {
            return;
        }
    }
}
