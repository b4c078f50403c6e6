//! Pictures of handwritten signatures and seals, checked before they are placed (vis.1, vis.2).
//! Knows nothing of places.

use trien_pdf::appearance::{Colour, Image, Margins};

use super::{InkFault, MarkError};

/// What is asked of the colours of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum InkRule {
    /// A signature is blue and a seal red, on a transparent ground (NĐ 30/2020, phụ lục I).
    #[default]
    AsTheDecreeSays,
    /// The picture is taken as it is.
    AsItIs,
}

/// How wide a signature may be: no gap between a title and a name is wider.
const WIDTHS: (f64, f64) = (5.0, 120.0);

/// How wide seals are: those of bodies have some 28 to 42 mm, small ones of units less.
const DIAMETERS: (f64, f64) = (10.0, 60.0);

/// How much wider than high a seal may be, from a scan that is not quite straight.
const OUT_OF_ROUND: f64 = 1.05;

/// The picture of a handwritten signature and how wide it is shown.
#[derive(Debug, Clone)]
pub struct SignatureImage {
    pub(super) image: Image,
    pub(super) width: f64,
}

/// The picture of a seal and its true diameter.
#[derive(Debug, Clone)]
pub struct SealImage {
    pub(super) image: Image,
    pub(super) diameter: f64,
}

impl SignatureImage {
    /// Reads a PNG; empty margins are cut off. `width` in millimetres is that of what is seen.
    ///
    /// # Errors
    /// It is no image, is not as `rule` wants it, or the width is not from 5 to 120 mm.
    pub fn parse(png: &[u8], width: f64, rule: InkRule) -> Result<Self, MarkError> {
        let image = Image::parse_with(png, Margins::Trimmed)?;
        check(&image, rule, is_blue, InkFault::NotBlue)?;
        Ok(Self {
            image,
            width: measure(width, WIDTHS)?,
        })
    }

    /// Height in millimetres at its full width.
    #[must_use]
    pub fn height(&self) -> f64 {
        self.width / proportion(&self.image)
    }

    /// What is seen of it, as a PNG for a screen: margins are cut off, and nothing else that was in
    /// the file comes along. `None` where it cannot be written.
    #[must_use]
    pub fn to_png(&self) -> Option<Vec<u8>> {
        self.image.to_png()
    }
}

impl SealImage {
    /// Reads a PNG; empty margins are cut off, so that `diameter`, in millimetres as measured on
    /// the seal itself, is that of what is seen.
    ///
    /// # Errors
    /// It is no image, is not as `rule` wants it, or the diameter is not from 10 to 60 mm.
    pub fn parse(png: &[u8], diameter: f64, rule: InkRule) -> Result<Self, MarkError> {
        let image = Image::parse_with(png, Margins::Trimmed)?;
        check(&image, rule, is_red, InkFault::NotRed)?;
        let proportion = proportion(&image);
        if rule == InkRule::AsTheDecreeSays
            && !(1.0 / OUT_OF_ROUND..=OUT_OF_ROUND).contains(&proportion)
        {
            return Err(MarkError::Ink(InkFault::NotRound));
        }
        Ok(Self {
            image,
            diameter: measure(diameter, DIAMETERS)?,
        })
    }

    /// Width and height in millimetres: the larger one is the diameter.
    pub(super) fn size(&self) -> (f64, f64) {
        let proportion = proportion(&self.image);
        if proportion >= 1.0 {
            (self.diameter, self.diameter / proportion)
        } else {
            (self.diameter * proportion, self.diameter)
        }
    }

    /// What is seen of it, as a PNG for a screen: margins are cut off, and nothing else that was in
    /// the file comes along. `None` where it cannot be written.
    #[must_use]
    pub fn to_png(&self) -> Option<Vec<u8>> {
        self.image.to_png()
    }
}

/// Width over height.
pub(super) fn proportion(image: &Image) -> f64 {
    f64::from(image.width()) / f64::from(image.height())
}

pub(super) fn measure(millimetres: f64, (least, most): (f64, f64)) -> Result<f64, MarkError> {
    if (least..=most).contains(&millimetres) {
        Ok(millimetres)
    } else {
        Err(MarkError::MeasureInvalid {
            millimetres,
            least,
            most,
        })
    }
}

fn check(
    image: &Image,
    rule: InkRule,
    is_right: fn(Colour) -> bool,
    fault: InkFault,
) -> Result<(), MarkError> {
    match rule {
        InkRule::AsItIs => Ok(()),
        InkRule::AsTheDecreeSays if !image.is_transparent() => {
            Err(MarkError::Ink(InkFault::Opaque))
        }
        InkRule::AsTheDecreeSays => match image.ink() {
            Some(ink) if is_right(ink) => Ok(()),
            _ => Err(MarkError::Ink(fault)),
        },
    }
}

/// How much stronger than the others the colour of an ink must be, as a share: scans are pale.
const STRONGER: f32 = 1.25;

fn is_blue(ink: Colour) -> bool {
    f32::from(ink.blue) > f32::from(ink.red.max(ink.green)) * STRONGER
}

fn is_red(ink: Colour) -> bool {
    f32::from(ink.red) > f32::from(ink.green.max(ink.blue)) * STRONGER
}
