//! Pictures with transparent parts (ISO 32000-2, 11.6.5.2): how much of what lies below them they
//! hide. Reads the kinds that hold their samples plainly; any other may hide everything.

use super::step::Result;
use crate::content::{FoundImage, Matrix};
use crate::field::number_of;
use crate::{Dictionary, Document, Object, ObjectId, RevisionIndex, Stream};

/// Pixels of a mask at most: a seal of 42 mm has a million at 600 dots an inch.
const PIXELS: usize = 4_000_000;

/// From this opacity on a pixel hides.
const OPAQUE: u8 = 128;

/// From this opacity on light ink counts: it takes dark ink away.
const SEEN: u8 = 24;

/// From this on in every component ink is light: neither the red of seals nor the blue of pens.
const LIGHT: u8 = 200;

/// Share of something that ink may hide: the rings and letters of a seal take less than half.
const INK_SHARE: f64 = 0.75;

/// Share of something that light ink may take: a letter is drawn on a fourth of its box, and with
/// less of it taken away another one can be made.
const LIGHT_SHARE: f64 = 0.02;

/// What the dictionary of a picture has whose samples are what is shown (8.9.5, table 87). What else
/// it may have takes them from elsewhere, mixes them with a colour, or names another for printers.
const OF_A_PICTURE: [&str; 15] = [
    "BitsPerComponent",
    "ColorSpace",
    "DecodeParms",
    "Filter",
    "Height",
    "Intent",
    "Interpolate",
    "Length",
    "Metadata",
    "Name",
    "SMask",
    "StructParent",
    "Subtype",
    "Type",
    "Width",
];

/// A picture and where it is opaque.
#[derive(Debug)]
pub(super) struct Veil {
    /// From user space to the unit square of the picture.
    to_unit: Matrix,
    width: usize,
    height: usize,
    /// Sums of opaque and of light pixels above and left of each corner of the pixels.
    sums: Vec<[u32; 2]>,
}

/// Samples of a picture, eight bits each.
struct Samples {
    width: usize,
    height: usize,
    components: usize,
    /// Whether large numbers are light and small ones dark.
    is_device: bool,
    octets: Vec<u8>,
}

impl Veil {
    /// `None` for a picture without a soft mask, or whose samples are not read.
    pub(super) fn read(
        document: &Document<'_>,
        image: &FoundImage,
        revision: RevisionIndex,
    ) -> Result<Option<Self>> {
        let (Some(object), Some(to_unit)) = (image.object, image.matrix.inverse()) else {
            return Ok(None);
        };
        let Some(picture) = stream(document, object, revision)? else {
            return Ok(None);
        };
        let Object::Stream(mask) = document.value(&picture.dictionary, "SMask", revision)? else {
            return Ok(None);
        };
        let (Some(mask), Some(colours)) = (
            samples(document, &mask, revision)?,
            samples(document, &picture, revision)?,
        ) else {
            return Ok(None);
        };
        // 11.6.5.2: a mask is of DeviceGray.
        if mask.components != 1 || !mask.is_device {
            return Ok(None);
        }
        Ok(sums(&mask, &colours).map(|sums| Self {
            to_unit,
            width: mask.width,
            height: mask.height,
            sums,
        }))
    }

    /// Shares of a rectangle that opaque and light ink take.
    fn shares(&self, rectangle: [f64; 4]) -> [f64; 2] {
        let [left, bottom, right, top] = self.to_unit.around(rectangle);
        // 8.9.5.2: the first row is the upper one.
        let ((first, last), (upper, lower)) = (
            (split(left, self.width), split(right, self.width)),
            (
                split(1.0 - top, self.height),
                split(1.0 - bottom, self.height),
            ),
        );
        let sum = |index: usize| {
            let at = |row, column| self.sum(index, row, column);
            at(lower, last) - at(upper, last) - at(lower, first) + at(upper, first)
        };
        let whole = (right - left) * real(self.width) * (top - bottom) * real(self.height);
        [sum(0), sum(1)].map(|sum| sum / whole)
    }

    /// The sum above and left of a place between the corners of pixels.
    fn sum(&self, index: usize, (row, down): (usize, f64), (column, across): (usize, f64)) -> f64 {
        let line = self.width.saturating_add(1);
        let corner = |row: usize, column: usize| {
            let place = row.saturating_mul(line).saturating_add(column);
            self.sums
                .get(place)
                .and_then(|sums| sums.get(index))
                .map_or(0.0, |sum| f64::from(*sum))
        };
        let (below, right) = (row.saturating_add(1), column.saturating_add(1));
        let between = |one: f64, other: f64, share: f64| {
            // At the last corner there is no other.
            if share > 0.0 {
                one + (other - one) * share
            } else {
                one
            }
        };
        let upper = between(corner(row, column), corner(row, right), across);
        if down > 0.0 {
            let lower = between(corner(below, column), corner(below, right), across);
            between(upper, lower, down)
        } else {
            upper
        }
    }
}

/// Whether these pictures together hide what is in a rectangle.
pub(super) fn hide(veils: &[Veil], rectangle: [f64; 4]) -> bool {
    let [ink, light] = veils
        .iter()
        .map(|veil| veil.shares(rectangle))
        .fold([0.0, 0.0], |[ink, light], [more, lighter]| {
            [ink + more, light + lighter]
        });
    !(ink <= INK_SHARE && light <= LIGHT_SHARE)
}

fn real(number: usize) -> f64 {
    u32::try_from(number).map_or(f64::INFINITY, f64::from)
}

/// A place from 0 to 1 among pixels: the corner before it, and how far it is to the next one.
fn split(at: f64, count: usize) -> (usize, f64) {
    let wanted = at.clamp(0.0, 1.0) * real(count);
    // Of at most four million corners, by halving: no number is cut.
    let (mut low, mut high) = (0_usize, count);
    while low < high {
        let middle = low.midpoint(high.saturating_add(1));
        if real(middle) <= wanted {
            low = middle;
        } else {
            high = middle.saturating_sub(1);
        }
    }
    (low, wanted - real(low))
}

fn stream(
    document: &Document<'_>,
    object: ObjectId,
    revision: RevisionIndex,
) -> Result<Option<Stream>> {
    Ok(match document.object(object, revision)?.object {
        Object::Stream(stream) => Some(stream),
        _ => None,
    })
}

/// The samples of a picture of one or three components of eight bits, as they are.
fn samples(
    document: &Document<'_>,
    picture: &Stream,
    revision: RevisionIndex,
) -> Result<Option<Samples>> {
    let entries = &picture.dictionary;
    let is_known = |key: &crate::Name| OF_A_PICTURE.iter().any(|known| *key == **known);
    let is_plain = entries.entries().iter().all(|entry| is_known(&entry.key));
    if !is_plain || entries.duplicate_key().is_some() {
        return Ok(None);
    }
    let value = |key| document.value(entries, key, revision);
    let plain = value("BitsPerComponent")?.as_integer() == Some(8);
    let (Some(width), Some(height)) = (value("Width")?.as_usize(), value("Height")?.as_usize())
    else {
        return Ok(None);
    };
    let pixels = width
        .checked_mul(height)
        .filter(|pixels| (1..=PIXELS).contains(pixels));
    let (Some(pixels), Some((components, is_device))) =
        (pixels, components(document, entries, revision)?)
    else {
        return Ok(None);
    };
    if !plain {
        return Ok(None);
    }
    let octets = match document.decoded(picture, revision) {
        Ok(octets) => octets,
        Err(error) if error.is_limit() => return Err(error),
        Err(_) => return Ok(None),
    };
    let is_whole = pixels
        .checked_mul(components)
        .is_some_and(|count| octets.len() >= count);
    Ok(is_whole.then_some(Samples {
        width,
        height,
        components,
        is_device,
        octets,
    }))
}

/// Components of the colour spaces that pictures of seals have (8.6), and whether they are the
/// device's or sRGB: those of a profile or another calibration make any colour of any number.
fn components(
    document: &Document<'_>,
    picture: &Dictionary,
    revision: RevisionIndex,
) -> Result<Option<(usize, bool)>> {
    let space = document.value(picture, "ColorSpace", revision)?;
    let parts = space.as_array().unwrap_or_default();
    let name = match parts.first() {
        Some(first) => document.resolve(first, revision)?,
        None => space.clone(),
    };
    let is = |wanted: &str| name.as_name().is_some_and(|name| *name == *wanted);
    let known = [("DeviceGray", (1, true)), ("DeviceRGB", (3, true))];
    if let Some((_, known)) = known.into_iter().find(|(name, _)| is(name)) {
        return Ok(Some(known));
    }
    for (calibrated, count, matrix) in [("CalGray", 1, None), ("CalRGB", 3, Some(&SRGB))] {
        if is(calibrated) {
            let parameters = parts.get(1).cloned().unwrap_or(Object::Null);
            let usual = is_usual(document, &parameters, matrix, revision)?;
            return Ok(Some((count, usual)));
        }
    }
    if !is("ICCBased") {
        return Ok(None);
    }
    let profile = parts.get(1).cloned().unwrap_or(Object::Null);
    let Object::Stream(profile) = document.resolve(&profile, revision)? else {
        return Ok(None);
    };
    let count = document.value(&profile.dictionary, "N", revision)?;
    let count = count.as_usize().filter(|count| matches!(count, 1 | 3));
    Ok(count.map(|count| (count, false)))
}

/// The calibration of sRGB (IEC 61966-2-1) as PDF states it (8.6.5.3): red, green and blue in X, Y
/// and Z, seen by daylight, with one gamma.
const SRGB: [f64; 9] = [
    0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505,
];
const DAYLIGHT: [f64; 3] = [0.9505, 1.0, 1.089];
const GAMMA: f64 = 2.2;

/// How far a number of a calibration may lie from these: programs round them, and what lies nearer
/// to them nobody tells apart.
const ROUNDED: f64 = 0.002;

/// Whether a calibration makes of numbers the colours that the device's are taken for.
fn is_usual(
    document: &Document<'_>,
    parameters: &Object,
    matrix: Option<&[f64; 9]>,
    revision: RevisionIndex,
) -> Result<bool> {
    let Object::Dictionary(parameters) = document.resolve(parameters, revision)? else {
        return Ok(false);
    };
    let is_near = |key, wanted: &[f64]| {
        let value = document.value(&parameters, key, revision)?;
        let one = std::slice::from_ref(&value);
        let numbers = value.as_array().unwrap_or(one);
        let near = numbers.len() == wanted.len()
            && numbers.iter().zip(wanted).all(|(number, wanted)| {
                number_of(number).is_some_and(|number| (number - wanted).abs() <= ROUNDED)
            });
        Ok(near)
    };
    let gammas = if matrix.is_some() {
        is_near("Gamma", &[GAMMA; 3])?
    } else {
        is_near("Gamma", &[GAMMA])?
    };
    Ok(gammas
        && parameters.duplicate_key().is_none()
        && parameters.get("BlackPoint").is_none()
        && is_near("WhitePoint", &DAYLIGHT)?
        && match matrix {
            Some(matrix) => is_near("Matrix", matrix)?,
            None => true,
        })
}

/// Sums of opaque and light pixels above and left of each corner of a mask's pixels.
fn sums(mask: &Samples, colours: &Samples) -> Option<Vec<[u32; 2]>> {
    let line = mask.width.checked_add(1)?;
    let corners = line.checked_mul(mask.height.checked_add(1)?)?;
    let mut sums = vec![[0_u32; 2]; line];
    sums.reserve_exact(corners.checked_sub(line)?);
    for row in 0..mask.height {
        let mut here = [0_u32; 2];
        sums.push(here);
        for column in 0..mask.width {
            let at = row.checked_mul(mask.width)?.checked_add(column)?;
            let opacity = *mask.octets.get(at)?;
            let is_light = opacity >= SEEN && is_light(colours, mask, (row, column))?;
            here = [
                here[0].checked_add(u32::from(opacity >= OPAQUE))?,
                here[1].checked_add(u32::from(is_light))?,
            ];
            let above = sums.get(sums.len().checked_sub(line)?)?;
            let sum = [
                here[0].checked_add(above[0])?,
                here[1].checked_add(above[1])?,
            ];
            sums.push(sum);
        }
    }
    Some(sums)
}

/// Whether the ink at a pixel of the mask is light, or may be; the picture may have another number
/// of pixels.
fn is_light(colours: &Samples, mask: &Samples, (row, column): (usize, usize)) -> Option<bool> {
    if !colours.is_device {
        return Some(true);
    }
    let row = row.checked_mul(colours.height)?.checked_div(mask.height)?;
    let column = column.checked_mul(colours.width)?.checked_div(mask.width)?;
    let at = row.checked_mul(colours.width)?.checked_add(column)?;
    let start = at.checked_mul(colours.components)?;
    let end = start.checked_add(colours.components)?;
    let pixel = colours.octets.get(start..end)?;
    Some(pixel.iter().all(|component| *component >= LIGHT))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn veil(mask: &[u8], colours: &[u8], width: usize) -> Veil {
        let samples = |octets: &[u8]| Samples {
            width,
            height: octets.len().div_euclid(width),
            components: 1,
            is_device: true,
            octets: octets.to_vec(),
        };
        let (mask, colours) = (samples(mask), samples(colours));
        Veil {
            to_unit: Matrix([100.0, 0.0, 0.0, 100.0, 0.0, 0.0])
                .inverse()
                .unwrap(),
            width,
            height: mask.height,
            sums: sums(&mask, &colours).unwrap(),
        }
    }

    #[test]
    fn opaque_ink_hides_where_it_is_and_light_ink_where_it_takes_little() {
        // The left half opaque, dark above and light below.
        let veil = [veil(&[255, 0, 255, 0], &[0, 0, 255, 255], 2)];
        assert!(hide(&veil, [0.0, 50.0, 50.0, 100.0]), "dark and opaque");
        assert!(!hide(&veil, [50.0, 0.0, 100.0, 100.0]), "transparent");
        assert!(!hide(&veil, [25.0, 60.0, 75.0, 90.0]), "half of it");
        assert!(hide(&veil, [25.0, 10.0, 75.0, 40.0]), "light ink");
        assert!(!hide(&veil, [200.0, 0.0, 300.0, 100.0]), "beside it");
    }

    #[test]
    fn ink_of_an_unknown_colour_may_be_light() {
        let samples = |octets: [u8; 2], is_device| Samples {
            width: 2,
            height: 1,
            components: 1,
            is_device,
            octets: octets.to_vec(),
        };
        let mask = samples([255, 0], true);
        for (is_device, light) in [(true, 0), (false, 1)] {
            let sums = sums(&mask, &samples([0, 0], is_device)).unwrap();
            assert_eq!(sums.last().unwrap(), &[1, light]);
        }
    }

    #[test]
    fn one_large_pixel_hides_whatever_is_in_it() {
        let veil = [veil(&[255], &[0], 1)];
        for rectangle in [[10.0, 10.0, 20.0, 20.0], [40.0, 40.0, 60.0, 60.0]] {
            assert!(hide(&veil, rectangle));
        }
    }

    #[test]
    fn pictures_hide_together_what_none_hides_alone() {
        let half = || veil(&[255, 0], &[0, 0], 2);
        let rectangle = [0.0, 0.0, 100.0, 100.0];
        assert!(!hide(&[half()], rectangle));
        assert!(hide(&[half(), half()], rectangle));
    }
}
