//! Areas and lines that a content stream paints (ISO 32000-2, 8.5): as boxes around the parts of
//! its paths. Knows no outlines and no clipping; what colours they have is told by the ink.

use super::ink::Tone;
use super::operators::Interpreter;
use super::state::Matrix;
use super::{Found, Shape, Sought};

/// Filled areas of one page at most: letters drawn as outlines are some thousands.
const SHAPES: usize = 200_000;

/// Strokes of one page that are told apart: what has more is a map.
const STROKES: usize = 20_000;

/// Up to so many points aside a line is straight.
const STRAIGHT: f64 = 1.0;

/// Upright strokes of letters are no longer, in points; lines of tables are.
const LETTER_HEIGHT: f64 = 57.0;

/// Segments of a rectangle.
const FRAME: usize = 4;

/// Room that a line takes at least, in points.
const THINNEST_LINE: f64 = 0.5;

/// The path under construction, in user space: a box around each of its parts.
#[derive(Debug, Default)]
pub(super) struct Path {
    parts: Vec<[f64; 4]>,
    /// Boxes around its segments, as lines without width.
    segments: Vec<[f64; 4]>,
    /// How many rectangles it has.
    frames: usize,
    start: (f64, f64),
    at: (f64, f64),
}

impl Path {
    fn segment(&mut self, points: &[(f64, f64)]) {
        let around = points.iter().fold(
            [self.at.0, self.at.1, self.at.0, self.at.1],
            |[left, bottom, right, top], (x, y)| {
                [left.min(*x), bottom.min(*y), right.max(*x), top.max(*y)]
            },
        );
        if self.segments.len() <= SHAPES {
            self.segments.push(around);
        }
        self.at = points.last().copied().unwrap_or(self.at);
        for point in points {
            self.grow(*point);
        }
    }

    fn rectangle(&mut self, corners: [(f64, f64); 4]) {
        let [start, second, third, fourth] = corners;
        self.frames = self.frames.saturating_add(1);
        self.begin(start);
        for corner in [second, third, fourth, start] {
            self.segment(&[corner]);
        }
    }

    fn begin(&mut self, (x, y): (f64, f64)) {
        // One over the limit tells that it is one.
        if self.parts.len() <= SHAPES {
            self.parts.push([x, y, x, y]);
        }
        (self.start, self.at) = ((x, y), (x, y));
    }

    fn grow(&mut self, (x, y): (f64, f64)) {
        if let Some([left, bottom, right, top]) = self.parts.last_mut() {
            *left = left.min(x);
            *bottom = bottom.min(y);
            *right = right.max(x);
            *top = top.max(y);
        }
    }
}

impl Found {
    /// Keeps strokes that may be letters or drawings. Lines to write on, lines of tables and frames
    /// are none.
    fn stroke(&mut self, path: &Path) {
        let is_upright = |[left, bottom, right, top]: &[f64; 4]| {
            right - left < STRAIGHT && (STRAIGHT..=LETTER_HEIGHT).contains(&(top - bottom))
        };
        let is_slanted = |[left, bottom, right, top]: &[f64; 4]| {
            right - left >= STRAIGHT && top - bottom >= STRAIGHT
        };
        let segments = &path.segments;
        let is_frame =
            segments.len() >= FRAME && path.frames.checked_mul(FRAME) == Some(segments.len());
        if is_frame
            || !segments
                .iter()
                .any(|one| is_upright(one) || is_slanted(one))
        {
            return;
        }
        for part in &path.parts {
            if self.strokes.len() < STROKES {
                self.strokes.push(*part);
            } else if let Some([left, bottom, right, top]) = self.strokes.last_mut() {
                // What is too much to tell apart is one.
                *left = left.min(part[0]);
                *bottom = bottom.min(part[1]);
                *right = right.max(part[2]);
                *top = top.max(part[3]);
            }
        }
    }

    fn fill(&mut self, path: &Path, tone: Tone) {
        for rectangle in &path.parts {
            if self.shapes.len() >= SHAPES {
                self.is_cut = true;
                return;
            }
            let rectangle = *rectangle;
            self.shapes.push(Shape { rectangle, tone });
        }
    }
}

impl Interpreter<'_, '_> {
    /// Follows the operators of paths, colours and line widths; no others.
    pub(super) fn trace(&mut self, operator: &[u8], numbers: &[f64]) {
        let matrix = self.state.transformation;
        match (operator, numbers) {
            (b"m", [x, y]) => self.path.begin(matrix.apply((*x, *y))),
            (b"l" | b"c" | b"v" | b"y", numbers) => {
                let points: Vec<(f64, f64)> = numbers
                    .chunks_exact(2)
                    .filter_map(|pair| pair.first().copied().zip(pair.last().copied()))
                    .map(|point| matrix.apply(point))
                    .collect();
                self.path.segment(&points);
            }
            (b"h", _) => {
                let start = self.path.start;
                self.path.segment(&[start]);
            }
            (b"re", [x, y, width, height]) => {
                let corners = [(0.0, 0.0), (*width, 0.0), (*width, *height), (0.0, *height)];
                let corners = corners.map(|(across, up)| matrix.apply((x + across, y + up)));
                self.path.rectangle(corners);
            }
            (b"f" | b"F" | b"f*", _) => self.fill(),
            (b"B" | b"B*" | b"b" | b"b*", _) => {
                let start = self.path.start;
                self.path.segment(&[start]);
                self.stroke(matrix);
                self.fill();
            }
            (b"s", _) => {
                let start = self.path.start;
                self.path.segment(&[start]);
                self.stroke(matrix);
                self.path = Path::default();
            }
            (b"S", _) => {
                self.stroke(matrix);
                self.path = Path::default();
            }
            (b"n", _) => self.path = Path::default(),
            // 8.7.4.2: a shading fills whatever is not clipped.
            (b"sh", _) => self.found.unclear = self.found.unclear.saturating_add(1),
            (b"w", [width]) => self.state.ink.line_width = *width,
            (operator, numbers) => self.state.ink.follow(operator, numbers),
        }
    }

    fn fill(&mut self) {
        let path = std::mem::take(&mut self.path);
        self.found.fill(&path, self.state.ink.tone());
    }

    fn stroke(&mut self, matrix: Matrix) {
        if self.path.segments.is_empty() {
            return;
        }
        let width = self.state.ink.line_width * matrix.stretch();
        // What is no number may be anything.
        let width = if width.is_finite() {
            width.abs()
        } else {
            f64::INFINITY
        };
        self.found.widest_line = self.found.widest_line.max(width).max(f64::MIN_POSITIVE);
        if self.sought == Sought::Everything {
            self.found.stroke(&self.path);
        }
        if self.sought != Sought::Look {
            return;
        }
        for [left, bottom, right, top] in &self.path.segments {
            if self.found.lines.len() >= SHAPES {
                self.found.is_cut = true;
                return;
            }
            // The thinnest line a reader draws is a pixel wide (8.4.3.2).
            let around = width.max(THINNEST_LINE);
            self.found
                .lines
                .push([left - around, bottom - around, right + around, top + around]);
        }
    }
}
