//! Fonts whose letters are content streams (ISO 32000-2, 9.6.4): what a letter paints, wherever that
//! is. Neither the box that the font claims nor the width of a letter keeps a stream from painting
//! elsewhere (ATTACKS.md, C5).

use std::collections::BTreeMap;
use std::rc::Rc;

use super::operators::Interpreter;
use super::pen::Pen;
use super::state::Matrix;
use super::{Found, Sought};
use crate::field::number_of;
use crate::{Dictionary, Document, Object, ReadError, RevisionIndex};

/// Letters are read in units of this many to one of their size: lines have a least width, which is
/// to be nothing here.
const UNITS: f64 = 1000.0;

/// Streams of a font that one code may mean, where the file does not say which.
const CANDIDATES: usize = 256;

/// Parts of one letter that are told apart.
const PARTS: usize = 64;

/// How much of a letter's box at each edge is left aside by those who ask what lies over it.
const EDGE: f64 = 0.15;

/// The letters of such a font.
#[derive(Debug)]
pub(super) struct DrawnLetters {
    /// From the units of the streams to shares of the size; `None` when it is none.
    matrix: Option<Matrix>,
    /// The streams by name.
    streams: Dictionary,
    /// Names of the letters by code, where the font's own encoding tells.
    names: BTreeMap<u8, String>,
    /// Those of the page where the font has none.
    resources: Option<Dictionary>,
}

/// What one letter paints, in shares of the size.
#[derive(Debug, Default)]
pub(super) struct Extent {
    /// Around all of it; `None` when it paints nothing.
    pub(super) around: Option<[f64; 4]>,
    /// Parts that lie at an edge of it.
    pub(super) apart: Vec<[f64; 4]>,
    /// How many things it draws of which the place is not known.
    pub(super) unclear: usize,
    pub(super) is_cut: bool,
}

/// What a letter was found to paint.
#[derive(Debug)]
pub(super) struct KnownExtent {
    extent: Rc<Extent>,
    /// The pen that it was stroked with, where it is stroked: a letter has that of its page.
    pen: Option<Pen>,
}

impl DrawnLetters {
    pub(super) fn read(
        document: &Document<'_>,
        font: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<Self, ReadError> {
        let value = |of: &Dictionary, key: &str| document.value(of, key, revision);
        let matrix = match value(font, "FontMatrix")? {
            Object::Null => Some(Matrix([0.001, 0.0, 0.0, 0.001, 0.0, 0.0])),
            Object::Array(elements) => {
                let mut numbers = Vec::new();
                for element in &elements {
                    numbers.extend(number_of(&document.resolve(element, revision)?));
                }
                numbers.try_into().ok().map(Matrix)
            }
            _ => None,
        };
        let mut names = BTreeMap::new();
        if let Object::Dictionary(encoding) = value(font, "Encoding")? {
            let differences = value(&encoding, "Differences")?;
            let mut code = 0_u8;
            for element in differences.as_array().unwrap_or_default() {
                match document.resolve(element, revision)? {
                    Object::Integer(first) => code = u8::try_from(first).unwrap_or_default(),
                    Object::Name(name) => {
                        names.insert(code, name.to_string());
                        code = code.saturating_add(1);
                    }
                    _ => {}
                }
            }
        }
        let streams = value(font, "CharProcs")?;
        let resources = value(font, "Resources")?;
        Ok(Self {
            matrix,
            streams: streams.as_dictionary().cloned().unwrap_or_default(),
            names,
            resources: resources.as_dictionary().cloned(),
        })
    }

    /// The streams that a code may mean: readers know names of codes that the font does not tell.
    fn streams_of(&self, code: u8) -> Vec<&Object> {
        match self.names.get(&code) {
            Some(name) => self.streams.get(name).into_iter().collect(),
            None => {
                let entries = self.streams.entries().iter();
                entries.map(|entry| &entry.value).collect()
            }
        }
    }
}

impl Extent {
    fn of(found: &Found) -> Self {
        let letters = found.letters.iter().map(|letter| letter.rectangle);
        let images = found.images.iter().map(|image| image.rectangle);
        let shapes = found.shapes.iter().map(|shape| shape.rectangle);
        let lines = found.lines.iter().copied();
        let parts = letters.chain(images).chain(shapes).chain(lines);
        let mut extent = Self {
            unclear: found.unclear,
            is_cut: found.is_cut,
            ..Self::default()
        };
        let parts: Vec<[f64; 4]> = parts
            .map(|rectangle| rectangle.map(|side| side / UNITS))
            .collect();
        extent.is_cut |= parts.iter().flatten().any(|side| !side.is_finite());
        extent.around = parts.iter().copied().reduce(union);
        let Some([left, bottom, right, top]) = extent.around else {
            return extent;
        };
        let (across, up) = ((right - left) * EDGE, (top - bottom) * EDGE);
        let core = [left + across, bottom + up, right - across, top - up];
        let at_edge = |part: &&[f64; 4]| {
            part[2] < core[0] || part[0] > core[2] || part[3] < core[1] || part[1] > core[3]
        };
        for part in parts.iter().filter(at_edge) {
            if extent.apart.len() >= PARTS {
                extent.is_cut = true;
                break;
            }
            extent.apart.push(*part);
        }
        extent
    }
}

fn union(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    [
        one[0].min(other[0]),
        one[1].min(other[1]),
        one[2].max(other[2]),
        one[3].max(other[3]),
    ]
}

impl Interpreter<'_, '_> {
    /// What the letter of a code paints in a font of this index; `None` where letters keep to their
    /// boxes, or nobody asks.
    pub(super) fn extent(
        &mut self,
        font: Option<usize>,
        code: u8,
        page: &Dictionary,
    ) -> Result<Option<Rc<Extent>>, ReadError> {
        let Some(font) = font.filter(|_| self.sought != Sought::Words) else {
            return Ok(None);
        };
        let Some(letters) = self.fonts.get(font).and_then(|font| font.drawn.clone()) else {
            return Ok(None);
        };
        if let Some(known) = self.extents.get(&(font, code))
            && known.pen.is_none_or(|pen| pen == self.state.ink.pen)
        {
            return Ok(Some(Rc::clone(&known.extent)));
        }
        let (extent, found) = self.run_letter(&letters, code, page)?;
        let extent = Rc::new(extent);
        // What a letter paints with the resources of its page depends on the page, and letters within
        // it have the page's size.
        if letters.resources.is_some() && found.letters.is_empty() {
            let is_stroked = !found.lines.is_empty();
            let known = KnownExtent {
                extent: Rc::clone(&extent),
                pen: is_stroked.then_some(self.state.ink.pen),
            };
            self.extents.insert((font, code), known);
        }
        Ok(Some(extent))
    }

    fn run_letter(
        &mut self,
        letters: &DrawnLetters,
        code: u8,
        page: &Dictionary,
    ) -> Result<(Extent, Found), ReadError> {
        let streams = letters.streams_of(code);
        let Some(matrix) = letters.matrix.filter(|_| streams.len() <= CANDIDATES) else {
            let extent = Extent {
                is_cut: true,
                ..Extent::default()
            };
            return Ok((extent, Found::default()));
        };
        let resources = letters.resources.as_ref().unwrap_or(page);
        let (outer, sought) = (std::mem::take(&mut self.found), self.sought);
        let path = std::mem::take(&mut self.path);
        let (state, text, line) = (self.state, self.text_matrix, self.line_matrix);
        self.sought = Sought::Look;
        let mut done = Ok(());
        for stream in streams {
            // 9.6.4: the state is that of the page, but for the units.
            self.state.transformation = matrix.then(Matrix([UNITS, 0.0, 0.0, UNITS, 0.0, 0.0]));
            let Object::Stream(stream) = self.document.resolve(stream, self.revision)? else {
                continue;
            };
            done = self.run_stream(&stream, resources);
            (self.state, self.text_matrix, self.line_matrix) = (state, text, line);
            if done.is_err() {
                break;
            }
        }
        self.path = path;
        self.sought = sought;
        let found = std::mem::replace(&mut self.found, outer);
        done?;
        Ok((Extent::of(&found), found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::content::Shape;
    use crate::content::ink::Tone;

    fn extent(rectangles: &[[f64; 4]]) -> Extent {
        let shape = |rectangle: &[f64; 4]| Shape {
            rectangle: rectangle.map(|side| side * UNITS),
            tone: Tone::UNKNOWN,
        };
        Extent::of(&Found {
            shapes: rectangles.iter().map(shape).collect(),
            ..Found::default()
        })
    }

    #[test]
    fn a_letter_is_where_it_paints() {
        let letter = extent(&[[0.0, 0.0, 0.5, 0.7], [0.1, 0.1, 0.4, 0.6]]);
        assert_eq!(letter.around, Some([0.0, 0.0, 0.5, 0.7]));
        assert!(letter.apart.is_empty() && !letter.is_cut);
        assert_eq!(extent(&[]).around, None);
    }

    #[test]
    fn parts_at_the_edge_of_a_large_letter_are_told_apart() {
        let number = [90.0, 90.0, 90.5, 90.7];
        let letter = extent(&[[0.0, 0.0, 0.01, 0.01], number]);
        assert!(letter.apart.contains(&number), "{:?}", letter.apart);
        assert!(!letter.is_cut);
    }

    #[test]
    fn too_many_parts_and_what_is_no_place_are_not_told() {
        let scattered: Vec<[f64; 4]> = (0..1000_u16)
            .map(|place| f64::from(place) * 5.0)
            .map(|x| [x, x, x + 1.0, x + 1.0])
            .collect();
        assert!(extent(&scattered).is_cut);
        assert!(extent(&[[0.0, 0.0, f64::INFINITY, 1.0]]).is_cut);
    }
}
