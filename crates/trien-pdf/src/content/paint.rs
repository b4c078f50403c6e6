//! Areas and lines that a content stream paints (ISO 32000-2, 8.5): as boxes around the parts of
//! its paths. Knows no outlines and no clipping; what colours they have is told by the ink.

use super::ink::Tone;
use super::operators::Interpreter;
use super::pen::Join;
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
    /// Where its segments meet, when a look is read.
    joins: Vec<Join>,
    /// Whether it has curves, which may turn anywhere.
    has_curves: bool,
    /// How many rectangles it has.
    frames: usize,
    start: (f64, f64),
    at: (f64, f64),
    /// Directions in which the part under construction began, and in which it came where it is.
    began: Option<(f64, f64)>,
    comes: Option<(f64, f64)>,
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

    fn rectangle(&mut self, corners: [(f64, f64); 4], sought: Sought) {
        let [start, second, third, fourth] = corners;
        self.frames = self.frames.saturating_add(1);
        self.begin(start);
        for corner in [second, third, fourth] {
            self.turn(&[corner], sought);
            self.segment(&[corner]);
        }
        self.close(sought);
    }

    /// Notes how a segment through these points joins the one before it.
    fn turn(&mut self, points: &[(f64, f64)], sought: Sought) {
        if sought != Sought::Look {
            return;
        }
        self.has_curves |= points.len() > 1;
        let all = || std::iter::once(self.at).chain(points.iter().copied());
        let steps = all().zip(all().skip(1));
        let mut directions = steps
            .map(|((x, y), (next_x, next_y))| (next_x - x, next_y - y))
            .filter(|(x, y)| *x != 0.0 || *y != 0.0);
        let Some(goes) = directions.next() else {
            return;
        };
        let last = directions.last().unwrap_or(goes);
        self.join(goes);
        self.began.get_or_insert(goes);
        self.comes = Some(last);
    }

    /// A straight segment back to where the part began, and the join there.
    fn close(&mut self, sought: Sought) {
        let at = self.start;
        self.turn(&[at], sought);
        self.segment(&[at]);
        if let Some(goes) = self.began {
            self.join(goes);
        }
        (self.began, self.comes) = (None, None);
    }

    /// The line goes on from where it is in another direction, if it came from anywhere.
    fn join(&mut self, goes: (f64, f64)) {
        if let Some(comes) = self.comes
            && self.joins.len() <= SHAPES
        {
            let at = self.at;
            self.joins.push(Join { at, comes, goes });
        }
    }

    fn begin(&mut self, (x, y): (f64, f64)) {
        // One over the limit tells that it is one.
        if self.parts.len() <= SHAPES {
            self.parts.push([x, y, x, y]);
        }
        (self.start, self.at) = ((x, y), (x, y));
        (self.began, self.comes) = (None, None);
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

/// A rectangle with so much room around it.
pub(super) fn rectangle_with([left, bottom, right, top]: [f64; 4], reach: f64) -> [f64; 4] {
    [left - reach, bottom - reach, right + reach, top + reach]
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
                self.path.turn(&points, self.sought);
                self.path.segment(&points);
            }
            (b"h", _) => self.path.close(self.sought),
            (b"re", [x, y, width, height]) => {
                let corners = [(0.0, 0.0), (*width, 0.0), (*width, *height), (0.0, *height)];
                let corners = corners.map(|(across, up)| matrix.apply((x + across, y + up)));
                self.path.rectangle(corners, self.sought);
            }
            (b"f" | b"F" | b"f*", _) => self.fill(),
            (b"B" | b"B*" | b"b" | b"b*", _) => {
                self.path.close(self.sought);
                self.stroke(matrix);
                self.fill();
            }
            (b"s", _) => {
                self.path.close(self.sought);
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
            (b"M" | b"j" | b"w", numbers) => self.state.ink.pen.follow(operator, numbers),
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
        let pen = self.state.ink.pen;
        let width = pen.width(matrix);
        self.found.widest_line = self.found.widest_line.max(width).max(f64::MIN_POSITIVE);
        if self.sought == Sought::Everything {
            self.found.stroke(&self.path);
        }
        if self.sought != Sought::Look {
            return;
        }
        // The thinnest line a reader draws is a pixel wide (8.4.3.2).
        let around = if self.path.has_curves && pen.has_long_spikes() {
            pen.longest_reach(matrix)
        } else {
            width
        }
        .max(THINNEST_LINE);
        let segments = self.path.segments.iter();
        let segments = segments.map(|segment| rectangle_with(*segment, around));
        let spikes = self.path.joins.iter().filter_map(|join| {
            let (x, y) = join.at;
            let reach = pen.spike(join, matrix);
            (reach > around).then(|| rectangle_with([x, y, x, y], reach))
        });
        for line in segments.chain(spikes) {
            if self.found.lines.len() >= SHAPES {
                self.found.is_cut = true;
                return;
            }
            self.found.lines.push(line);
        }
    }

    /// How far letters reach beyond what they fill, in a look.
    pub(super) fn reach_of_letters(&mut self) -> f64 {
        let ink = self.state.ink;
        if self.sought != Sought::Look || !ink.strokes_letters() {
            return 0.0;
        }
        let matrix = self.state.transformation;
        let reach = ink.pen.longest_reach(matrix);
        self.found.widest_line = self.found.widest_line.max(ink.pen.width(matrix));
        if reach.is_finite() {
            reach
        } else {
            self.found.unclear = self.found.unclear.saturating_add(1);
            0.0
        }
    }
}
