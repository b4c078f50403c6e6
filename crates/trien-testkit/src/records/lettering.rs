//! Letters as areas, for pictures: outlines of a font, laid along a line or around a circle.
//! Knows nothing of pixels: a picture asks whether a point is inside.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "draws letters of fixed sizes: a wrong number is seen, nobody can send one"
)]

use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider};

use super::RecordError;

/// Outlines are taken at this size and made smaller: fonts round to 64ths of a unit.
const DRAWN_SIZE: f32 = 1000.0;

/// Pieces that a curve is cut into.
const PIECES: u8 = 6;

/// Outlines of letters, with y upwards.
#[derive(Debug, Default)]
pub(super) struct Lettering {
    letters: Vec<Letter>,
}

#[derive(Debug)]
struct Letter {
    /// Straight edges: from, to.
    edges: Vec<((f32, f32), (f32, f32))>,
    /// Left, bottom, right, top.
    bounds: [f32; 4],
}

/// How a line of letters is laid.
#[derive(Debug, Clone, Copy)]
pub(super) enum Baseline {
    /// Straight, centred on this point.
    Straight { centre: (f32, f32) },
    /// Around the origin clockwise, upright at the top, centred there.
    Around { radius: f32 },
}

impl Lettering {
    /// Adds a line of letters of `size`.
    pub(super) fn add(
        &mut self,
        font: &[u8],
        text: &str,
        size: f32,
        baseline: Baseline,
    ) -> Result<(), RecordError> {
        let font = FontRef::new(font).map_err(|error| RecordError::Picture(Box::new(error)))?;
        let metrics = font.glyph_metrics(Size::new(DRAWN_SIZE), LocationRef::default());
        let scale = size / DRAWN_SIZE;
        let glyphs: Vec<_> = text
            .chars()
            .filter_map(|character| font.charmap().map(character))
            .map(|glyph| {
                (
                    glyph,
                    scale * metrics.advance_width(glyph).unwrap_or_default(),
                )
            })
            .collect();
        let total: f32 = glyphs.iter().map(|(_, advance)| advance).sum();
        let outlines = font.outline_glyphs();
        let mut at = -total / 2.0;
        for (glyph, advance) in glyphs {
            let mut pen = Pen::default();
            if let Some(outline) = outlines.get(glyph) {
                let settings =
                    DrawSettings::unhinted(Size::new(DRAWN_SIZE), LocationRef::default());
                outline
                    .draw(settings, &mut pen)
                    .map_err(|error| RecordError::Picture(Box::new(error)))?;
            }
            let middle = at + advance / 2.0;
            let place = |(x, y): (f32, f32)| match baseline {
                Baseline::Straight { centre } => (centre.0 + at + x, centre.1 + y),
                Baseline::Around { radius } => {
                    let angle = middle / radius;
                    let (across, up) = (x - advance / 2.0, radius + y);
                    (
                        across * angle.cos() + up * angle.sin(),
                        up * angle.cos() - across * angle.sin(),
                    )
                }
            };
            let edges: Vec<_> = pen
                .edges
                .iter()
                .map(|(from, to)| {
                    let scaled = |(x, y): (f32, f32)| place((x * scale, y * scale));
                    (scaled(*from), scaled(*to))
                })
                .collect();
            let points = || edges.iter().flat_map(|(from, to)| [*from, *to]);
            let bounds = [
                points().map(|point| point.0).fold(f32::MAX, f32::min),
                points().map(|point| point.1).fold(f32::MAX, f32::min),
                points().map(|point| point.0).fold(f32::MIN, f32::max),
                points().map(|point| point.1).fold(f32::MIN, f32::max),
            ];
            self.letters.push(Letter { edges, bounds });
            at += advance;
        }
        Ok(())
    }

    /// Whether a point is inside a letter, by the winding of its edges.
    pub(super) fn covers(&self, x: f32, y: f32) -> bool {
        self.letters.iter().any(|letter| {
            let [left, bottom, right, top] = letter.bounds;
            if x < left || x > right || y < bottom || y > top {
                return false;
            }
            let winding: i32 = letter
                .edges
                .iter()
                .map(|((from_x, from_y), (to_x, to_y))| {
                    let rises = *from_y <= y && *to_y > y;
                    let falls = *to_y <= y && *from_y > y;
                    if !rises && !falls {
                        return 0;
                    }
                    let at = from_x + (y - from_y) / (to_y - from_y) * (to_x - from_x);
                    match (at > x, rises) {
                        (false, _) => 0,
                        (true, true) => 1,
                        (true, false) => -1,
                    }
                })
                .sum();
            winding != 0
        })
    }
}

/// Collects outlines as straight edges.
#[derive(Default)]
struct Pen {
    edges: Vec<((f32, f32), (f32, f32))>,
    start: (f32, f32),
    here: (f32, f32),
}

impl Pen {
    fn go(&mut self, to: (f32, f32)) {
        self.edges.push((self.here, to));
        self.here = to;
    }

    fn curve(&mut self, point: impl Fn(f32) -> (f32, f32)) {
        for piece in 1..=PIECES {
            self.go(point(f32::from(piece) / f32::from(PIECES)));
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.start = (x, y);
        self.here = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.go((x, y));
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let from = self.here;
        self.curve(|t| {
            let mix = |a: f32, b: f32, c: f32| {
                (1.0 - t) * (1.0 - t) * a + 2.0 * t * (1.0 - t) * b + t * t * c
            };
            (mix(from.0, cx, x), mix(from.1, cy, y))
        });
    }

    fn curve_to(&mut self, cx: f32, cy: f32, dx: f32, dy: f32, x: f32, y: f32) {
        let from = self.here;
        self.curve(|t| {
            let u = 1.0 - t;
            let mix = |a: f32, b: f32, c: f32, d: f32| {
                u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d
            };
            (mix(from.0, cx, dx, x), mix(from.1, cy, dy, y))
        });
    }

    fn close(&mut self) {
        let start = self.start;
        self.go(start);
    }
}
