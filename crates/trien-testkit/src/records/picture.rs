//! Pictures drawn in code: a portrait, a seal, a handwritten signature.
//! Nothing is read from files; the same arguments give the same pixels.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    reason = "draws pictures of fixed small sizes: a wrong number is seen, nobody can send one"
)]

use super::lettering::{Baseline, Lettering};
use super::{RecordError, SystemFonts};

/// Pixels with red, green, blue and alpha.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    width: u16,
    height: u16,
    rgba: Vec<u8>,
}

impl Picture {
    /// Paints each pixel by its place: both coordinates from 0 to 1, from the top left corner.
    fn paint(width: u16, height: u16, mut colour: impl FnMut(f32, f32) -> [f32; 4]) -> Self {
        let mut rgba = Vec::with_capacity(usize::from(width) * usize::from(height) * 4);
        for y in 0..height {
            for x in 0..width {
                let place = |at: u16, of: u16| (f32::from(at) + 0.5) / f32::from(of);
                for part in colour(place(x, width), place(y, height)) {
                    rgba.push((part.clamp(0.0, 1.0) * 255.0).round() as u8);
                }
            }
        }
        Self {
            width,
            height,
            rgba,
        }
    }

    /// A portrait 3 by 4: nobody's. `seed` changes hair, skin, background and grain.
    #[must_use]
    pub fn portrait(seed: u32, width: u16, height: u16) -> Self {
        let mut noise = Noise(seed.wrapping_mul(2_654_435_761).wrapping_add(12_345));
        let tint = noise.next();
        let hair = [0.10 + 0.10 * noise.next(), 0.08, 0.07];
        let skin = [0.93 - 0.12 * tint, 0.78 - 0.12 * tint, 0.66 - 0.12 * tint];
        let long_hair = noise.next() > 0.5;
        Self::paint(width, height, |x, y| {
            let background = [0.55 + 0.1 * y, 0.70 + 0.1 * y, 0.90];
            let inside = |cx: f32, cy: f32, rx: f32, ry: f32| {
                let (dx, dy) = ((x - cx) / rx, (y - cy) / ry);
                dx * dx + dy * dy <= 1.0
            };
            let scarf = (x - 0.5).abs() < 0.9 * (y - 0.74) && (x - 0.5).abs() > 0.45 * (y - 0.78);
            let mut colour = background;
            if long_hair && inside(0.5, 0.50, 0.29, 0.32) {
                colour = hair;
            }
            if inside(0.5, 1.06, 0.46, 0.32) {
                colour = [0.97, 0.97, 0.98];
                if scarf && y < 0.99 {
                    colour = [0.80, 0.10, 0.12];
                }
            }
            if inside(0.5, 0.74, 0.09, 0.11) {
                colour = skin.map(|part| part * 0.92);
            }
            if inside(0.5, 0.38, 0.235, 0.235) {
                colour = hair;
            }
            if inside(0.5, 0.47, 0.20, 0.235) && !(inside(0.46, 0.22, 0.28, 0.12)) {
                colour = skin;
            }
            for side in [-1.0_f32, 1.0] {
                let eye = 0.5 + side * 0.085;
                if inside(eye, 0.455, 0.035, 0.014) {
                    colour = [0.98, 0.98, 0.98];
                }
                if inside(eye, 0.455, 0.014, 0.013) {
                    colour = [0.08, 0.05, 0.04];
                }
                if inside(eye, 0.415, 0.045, 0.007) {
                    colour = hair;
                }
            }
            if inside(0.5, 0.60, 0.06, 0.012) {
                colour = [0.72, 0.30, 0.30];
            }
            if inside(0.5, 0.535, 0.022, 0.010) {
                colour = skin.map(|part| part * 0.88);
            }
            let grain = (noise.next() - 0.5) * 0.07;
            [colour[0] + grain, colour[1] + grain, colour[2] + grain, 1.0]
        })
    }

    /// A round seal in red with a star, transparent elsewhere. It bears no writing.
    #[must_use]
    pub fn seal(diameter: u16) -> Self {
        Self::paint(diameter, diameter, |x, y| {
            let (dx, dy) = (2.0 * x - 1.0, 2.0 * y - 1.0);
            let radius = dx.hypot(dy);
            let ring = (0.93..0.985).contains(&radius)
                || (0.885..0.905).contains(&radius)
                || (0.52..0.54).contains(&radius);
            // A five-pointed star: within a sector the edge is a straight line.
            let sector = std::f32::consts::TAU / 5.0;
            let angle = dx.atan2(-dy).rem_euclid(sector) - sector / 2.0;
            let folded = sector / 2.0 - angle.abs();
            let (outer, inner) = (0.40_f32, 0.153_f32);
            let (px, py) = (radius * folded.cos(), radius * folded.sin());
            let (ix, iy) = (inner * (sector / 2.0).cos(), inner * (sector / 2.0).sin());
            let star = (outer - px) * iy - (outer - ix) * py >= 0.0;
            let ray = (radius > 0.60 && radius < 0.82)
                && (dx.atan2(dy) * 36.0 / std::f32::consts::TAU).rem_euclid(1.0) < 0.45;
            let alpha = if ring || star {
                0.92
            } else if ray {
                0.75
            } else {
                0.0
            };
            [0.80, 0.05, 0.08, alpha]
        })
    }

    /// The seal of a school that does not exist: a double ring, writing around it, three lines and
    /// a star inside, transparent elsewhere. The outer ring touches the edges of the picture.
    ///
    /// # Errors
    /// No font is installed.
    pub fn lettered_seal(diameter: u16) -> Result<Self, RecordError> {
        let fonts = SystemFonts::find()?;
        let font = &fonts.bold;
        let mut letters = Lettering::default();
        let around = Baseline::Around { radius: 0.74 };
        let ring = "ỦY BAN NHÂN DÂN PHƯỜNG THỬ NGHIỆM - THÀNH PHỐ HẢI PHÒNG";
        letters.add(font, ring, 0.124, around)?;
        for (text, size, y) in [
            ("TRƯỜNG", 0.18, 0.20),
            ("TRUNG HỌC CƠ SỞ", 0.115, 0.01),
            ("THỬ NGHIỆM", 0.18, -0.22),
        ] {
            let centre = (0.0, y);
            letters.add(font, text, size, Baseline::Straight { centre })?;
        }
        let inked = |x: f32, y: f32| {
            let radius = x.hypot(y);
            (0.955..1.0).contains(&radius)
                || (0.905..0.925).contains(&radius)
                || (0.655..0.67).contains(&radius)
                || is_in_star(x, y + 0.78, 0.095)
                || letters.covers(x, y)
        };
        Ok(Self::paint(diameter, diameter, |x, y| {
            // Nine samples a pixel.
            let step = 2.0 / f32::from(diameter) / 3.0;
            let (middle_x, middle_y) = (2.0 * x - 1.0, 1.0 - 2.0 * y);
            let mut hits = 0.0;
            for across in [-step, 0.0, step] {
                for up in [-step, 0.0, step] {
                    if inked(middle_x + across, middle_y + up) {
                        hits += 1.0;
                    }
                }
            }
            [0.82, 0.04, 0.07, 0.94 * hits / 9.0]
        }))
    }

    /// A line in blue ink as a hand draws it, transparent elsewhere; 3 wide by 1 high.
    #[must_use]
    pub fn handwriting(seed: u32, height: u16) -> Self {
        let mut noise = Noise(seed.wrapping_add(77));
        let phase = [noise.next(), noise.next(), noise.next()];
        let points: Vec<(f32, f32)> = (0..=400_u16)
            .map(|step| {
                let t = f32::from(step) / 400.0;
                let swing = (t * 38.0 + phase[0] * 6.0).sin() * (1.0 - t).powf(0.6);
                let x = 0.25 + 2.5 * t + 0.10 * (t * 38.0 + phase[1] * 6.0).cos();
                let y = 0.55 - 0.33 * swing - 0.12 * (t * 5.0 + phase[2] * 6.0).sin();
                (x, y)
            })
            .collect();
        Self::paint(height.saturating_mul(3), height, |x, y| {
            let nearest = points
                .iter()
                .map(|(px, py)| (3.0 * x - px).hypot(y - py))
                .fold(f32::MAX, f32::min);
            let alpha = ((0.028 - nearest) / 0.010).clamp(0.0, 1.0);
            [0.05, 0.15, 0.62, alpha]
        })
    }

    /// Width in pixels.
    #[must_use]
    pub const fn width(&self) -> u16 {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub const fn height(&self) -> u16 {
        self.height
    }

    /// Baseline JPEG of `quality` 1 to 100; alpha is dropped.
    ///
    /// # Errors
    /// The encoder fails.
    pub fn to_jpeg(&self, quality: u8) -> Result<Vec<u8>, RecordError> {
        let mut file = Vec::new();
        jpeg_encoder::Encoder::new(&mut file, quality)
            .encode(
                &self.rgba,
                self.width,
                self.height,
                jpeg_encoder::ColorType::Rgba,
            )
            .map_err(|error| RecordError::Picture(Box::new(error)))?;
        Ok(file)
    }

    /// PNG with alpha.
    ///
    /// # Errors
    /// The encoder fails.
    pub fn to_png(&self) -> Result<Vec<u8>, RecordError> {
        let mut file = Vec::new();
        let mut encode = || {
            let mut encoder = png::Encoder::new(&mut file, self.width.into(), self.height.into());
            encoder.set_color(png::ColorType::Rgba);
            encoder.set_depth(png::BitDepth::Eight);
            encoder.write_header()?.write_image_data(&self.rgba)
        };
        encode().map_err(|error| RecordError::Picture(Box::new(error)))?;
        Ok(file)
    }
}

/// Whether a point is inside an upright star with five points around the origin; y goes up.
fn is_in_star(x: f32, y: f32, outer: f32) -> bool {
    let inner = outer * 0.382;
    let sector = std::f32::consts::TAU / 5.0;
    let angle = x.atan2(y).rem_euclid(sector);
    let folded = angle.min(sector - angle);
    let radius = x.hypot(y);
    let (px, py) = (radius * folded.cos(), radius * folded.sin());
    let (ix, iy) = (inner * (sector / 2.0).cos(), inner * (sector / 2.0).sin());
    (outer - px) * iy - (outer - ix) * py >= 0.0
}

/// A linear congruential generator: the same grain on every machine.
struct Noise(u32);

impl Noise {
    /// From 0 to 1.
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f32::from((self.0 >> 16) as u16) / 65_535.0
    }
}
