//! Images: JPEG as it is, PNG as Flate with its alpha channel as a soft mask.
//! Knows nothing of where an image is placed.

use std::fmt;
use std::io::{Cursor, Read as _};
use std::sync::Arc;

use pdf_writer::{Filter, Ref};
use zune_jpeg::JpegDecoder;

use super::object::{Objects, WrittenObjects, deflate};
use super::{AppearanceError, Colour, ImageDefect};

/// Pixels of one image: A4 at 600 dpi has 35 million.
const PIXELS: u64 = 40_000_000;

/// A palette has at most 256 colours of three octets (ISO/IEC 15948, 11.2.3).
const PALETTE_OCTETS: usize = 256 * 3;

/// Octets the PNG decoder may hold: `PIXELS` of four 16-bit samples.
const DECODER_OCTETS: usize = 320_000_000;

/// What the samples of an image mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Samples {
    Grey,
    Rgb,
}

/// The samples as they go into the stream.
#[derive(Clone, PartialEq, Eq)]
enum Encoded {
    Dct(Vec<u8>),
    Flate {
        samples: Vec<u8>,
        alpha: Option<Vec<u8>>,
    },
}

/// An image that can be written as an image `XObject` (ISO 32000-2, 8.9.5).
#[derive(Clone, PartialEq, Eq)]
pub struct Image {
    width: u16,
    height: u16,
    samples: Samples,
    encoded: Arc<Encoded>,
    ink: Option<Colour>,
}

/// What becomes of rows and columns at the edges of an image in which nothing is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Margins {
    /// They stay.
    Kept,
    /// They are cut off, so that the size of the image is that of what is seen: a seal drawn at a
    /// diameter has it whatever the file's margins are.
    Trimmed,
}

impl fmt::Debug for Image {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Image")
            .field("width", &self.width)
            .field("height", &self.height)
            .finish_non_exhaustive()
    }
}

impl Image {
    /// Reads a PNG or JPEG file, told apart by its first octets.
    ///
    /// # Errors
    /// Neither of the two, malformed, a CMYK JPEG, or more pixels than a scanned page has.
    pub fn parse(octets: &[u8]) -> Result<Self, AppearanceError> {
        Self::parse_with(octets, Margins::Kept)
    }

    /// The same, with a word on transparent margins.
    ///
    /// # Errors
    /// As [`Image::parse`]; trimmed, an image in which nothing is seen is one without pixels.
    pub fn parse_with(octets: &[u8], margins: Margins) -> Result<Self, AppearanceError> {
        if octets.starts_with(&[0x89, b'P', b'N', b'G']) {
            Self::from_png(octets, margins)
        } else if octets.starts_with(&[0xFF, 0xD8]) {
            Self::from_jpeg(octets)
        } else {
            Err(AppearanceError::image(ImageDefect::Format))
        }
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

    /// Whether something of what lies below is seen through it.
    #[must_use]
    pub fn is_transparent(&self) -> bool {
        self.has_alpha()
    }

    /// The mean colour of what is seen of a PNG, each pixel by its weight; `None` for a JPEG.
    #[must_use]
    pub const fn ink(&self) -> Option<Colour> {
        self.ink
    }

    /// Its pixels as a PNG and nothing else, so that a screen shows what a page will; `None` for a
    /// JPEG, which is kept as it came.
    #[must_use]
    pub fn to_png(&self) -> Option<Vec<u8>> {
        let Encoded::Flate { samples, alpha } = self.encoded.as_ref() else {
            return None;
        };
        let pixels = usize::from(self.width).checked_mul(self.height.into())?;
        let channels = match self.samples {
            Samples::Grey => 1,
            Samples::Rgb => 3,
        };
        let colours = inflated(samples, pixels.checked_mul(channels)?)?;
        let (kind, octets) = match (self.samples, alpha) {
            (Samples::Grey, None) => (png::ColorType::Grayscale, colours),
            (Samples::Rgb, None) => (png::ColorType::Rgb, colours),
            (of, Some(alpha)) => {
                let alpha = inflated(alpha, pixels)?;
                let pixels = colours.chunks_exact(channels).zip(alpha);
                let joined =
                    pixels.flat_map(|(colour, alpha)| colour.iter().copied().chain([alpha]));
                let kind = match of {
                    Samples::Grey => png::ColorType::GrayscaleAlpha,
                    Samples::Rgb => png::ColorType::Rgba,
                };
                (kind, joined.collect())
            }
        };
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width.into(), self.height.into());
        encoder.set_color(kind);
        encoder.set_depth(png::BitDepth::Eight);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&octets).ok()?;
        writer.finish().ok()?;
        Some(file)
    }

    /// Writes the image; the root of the result is the image `XObject`.
    ///
    /// # Errors
    /// `allocate` gives a number that no object can have.
    pub fn write(
        &self,
        allocate: &mut dyn FnMut() -> u32,
    ) -> Result<WrittenObjects, AppearanceError> {
        let mut objects = Objects::new(allocate);
        let image = self.write_into(&mut objects)?;
        Ok(objects.finish(image))
    }

    /// Whether painting the image needs transparency.
    pub(super) fn has_alpha(&self) -> bool {
        matches!(*self.encoded, Encoded::Flate { alpha: Some(_), .. })
    }

    fn from_jpeg(octets: &[u8]) -> Result<Self, AppearanceError> {
        let malformed = |error| AppearanceError::ImageUnusable {
            defect: ImageDefect::Malformed,
            source: Some(Box::new(error)),
        };
        let mut decoder = JpegDecoder::new(Cursor::new(octets));
        decoder.decode_headers().map_err(malformed)?;
        let info = decoder
            .info()
            .ok_or(AppearanceError::image(ImageDefect::Malformed))?;
        check_pixels(info.width.into(), info.height.into())?;
        let samples = match info.components {
            1 => Samples::Grey,
            3 => Samples::Rgb,
            4 => return Err(AppearanceError::image(ImageDefect::Cmyk)),
            _ => return Err(AppearanceError::image(ImageDefect::Malformed)),
        };
        Ok(Self {
            width: info.width,
            height: info.height,
            samples,
            encoded: Arc::new(Encoded::Dct(octets.to_vec())),
            ink: None,
        })
    }

    fn from_png(octets: &[u8], margins: Margins) -> Result<Self, AppearanceError> {
        let malformed = |error| AppearanceError::ImageUnusable {
            defect: ImageDefect::Malformed,
            source: Some(Box::new(error)),
        };
        let limits = png::Limits {
            bytes: DECODER_OCTETS,
        };
        let mut decoder = png::Decoder::new_with_limits(Cursor::new(octets), limits);
        // Palettes and small depths become 8-bit samples, tRNS becomes alpha.
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
        let header = decoder.read_header_info().map_err(malformed)?;
        let (width, height) = check_pixels(header.width, header.height)?;
        let mut reader = decoder.read_info().map_err(malformed)?;
        // The decoder expands a palette that ends within a colour, or goes on behind the last one
        // there can be, without looking.
        let palette = reader.info().palette.as_deref().unwrap_or_default();
        if palette.len() % 3 != 0 || palette.len() > PALETTE_OCTETS {
            return Err(AppearanceError::image(ImageDefect::Malformed));
        }
        let length = reader
            .output_buffer_size()
            .ok_or(AppearanceError::image(ImageDefect::Pixels))?;
        let mut octets = vec![0; length];
        let frame = reader.next_frame(&mut octets).map_err(malformed)?;
        octets.truncate(frame.buffer_size());
        let (samples, channels) = match frame.color_type {
            png::ColorType::Grayscale => (Samples::Grey, 1),
            png::ColorType::GrayscaleAlpha => (Samples::Grey, 2),
            png::ColorType::Rgb => (Samples::Rgb, 3),
            png::ColorType::Rgba => (Samples::Rgb, 4),
            png::ColorType::Indexed => {
                return Err(AppearanceError::image(ImageDefect::Malformed));
            }
        };
        let (width, height, octets) = match margins {
            Margins::Kept => (width, height, octets),
            Margins::Trimmed => trimmed(&octets, channels, width)
                .ok_or(AppearanceError::image(ImageDefect::Pixels))?,
        };
        let ink = ink(&octets, channels);
        let (colour, alpha) = split_alpha(&octets, channels);
        Ok(Self {
            width,
            height,
            samples,
            encoded: Arc::new(Encoded::Flate {
                samples: deflate(&colour),
                alpha: alpha.map(|alpha| deflate(&alpha)),
            }),
            ink,
        })
    }

    pub(super) fn write_into(&self, objects: &mut Objects<'_>) -> Result<Ref, AppearanceError> {
        let image = objects.number()?;
        let (data, filter, alpha) = match self.encoded.as_ref() {
            Encoded::Dct(file) => (file, Filter::DctDecode, None),
            Encoded::Flate { samples, alpha } => (samples, Filter::FlateDecode, alpha.as_ref()),
        };
        let mask = match alpha {
            None => None,
            Some(alpha) => Some((objects.number()?, alpha)),
        };
        objects.add(image, |chunk| {
            let mut writer = chunk.image_xobject(image, data);
            writer.filter(filter);
            writer
                .width(self.width.into())
                .height(self.height.into())
                .bits_per_component(8);
            match self.samples {
                Samples::Grey => writer.color_space().d65_gray(),
                Samples::Rgb => writer.color_space().srgb(),
            }
            if let Some((mask, _)) = mask {
                writer.s_mask(mask);
            }
        });
        if let Some((mask, alpha)) = mask {
            objects.add(mask, |chunk| {
                let mut writer = chunk.image_xobject(mask, alpha);
                writer.filter(Filter::FlateDecode);
                writer
                    .width(self.width.into())
                    .height(self.height.into())
                    .bits_per_component(8);
                // ISO 32000-2, table 143: the colour space of a soft mask is DeviceGray.
                writer.color_space().device_gray();
            });
        }
        Ok(image)
    }
}

/// What was deflated here; `None` where it has not the length that the image says.
fn inflated(octets: &[u8], length: usize) -> Option<Vec<u8>> {
    let most = u64::try_from(length).ok()?.checked_add(1)?;
    let mut inflated = Vec::with_capacity(length);
    let mut reader = flate2::read::ZlibDecoder::new(octets).take(most);
    reader.read_to_end(&mut inflated).ok()?;
    (inflated.len() == length).then_some(inflated)
}

fn check_pixels(width: u32, height: u32) -> Result<(u16, u16), AppearanceError> {
    let pixels = u64::from(width).saturating_mul(height.into());
    match (u16::try_from(width), u16::try_from(height)) {
        (Ok(width), Ok(height)) if (1..=PIXELS).contains(&pixels) => Ok((width, height)),
        _ => Err(AppearanceError::image(ImageDefect::Pixels)),
    }
}

/// From this alpha on a pixel is seen: less is the shadow of a scan.
const SEEN_ALPHA: u8 = 24;

/// Width, height and pixels without the rows and columns at the edges in which nothing is seen;
/// `None` when nothing is.
fn trimmed(octets: &[u8], channels: usize, width: u16) -> Option<(u16, u16, Vec<u8>)> {
    let is_seen = |pixel: &[u8]| {
        let has_alpha = channels.is_multiple_of(2);
        !has_alpha || pixel.last().is_some_and(|alpha| *alpha >= SEEN_ALPHA)
    };
    let row_octets = usize::from(width).checked_mul(channels)?;
    let rows: Vec<&[u8]> = octets.chunks_exact(row_octets).collect();
    let seen = |row: &&[u8]| row.chunks_exact(channels).any(is_seen);
    let top = rows.iter().position(seen)?;
    let bottom = rows.iter().rposition(seen)?;
    let kept = rows.get(top..=bottom)?;
    let firsts = kept
        .iter()
        .filter_map(|row| row.chunks_exact(channels).position(is_seen));
    let left = firsts.min()?;
    let lasts = kept
        .iter()
        .filter_map(|row| row.chunks_exact(channels).rposition(is_seen));
    let end = lasts.max()?.checked_add(1)?;
    let (from, to) = (left.checked_mul(channels)?, end.checked_mul(channels)?);
    let pixels: Vec<u8> = kept
        .iter()
        .filter_map(|row| row.get(from..to))
        .flatten()
        .copied()
        .collect();
    Some((
        u16::try_from(end.checked_sub(left)?).ok()?,
        u16::try_from(kept.len()).ok()?,
        pixels,
    ))
}

/// The mean colour, each pixel by its alpha; `None` when nothing is seen.
fn ink(octets: &[u8], channels: usize) -> Option<Colour> {
    let mut sums = [0_u64; 3];
    let mut weights = 0_u64;
    for pixel in octets.chunks_exact(channels) {
        let (colour, alpha) = match pixel {
            [grey] => ([*grey; 3], u8::MAX),
            [grey, alpha] => ([*grey; 3], *alpha),
            [red, green, blue] => ([*red, *green, *blue], u8::MAX),
            [red, green, blue, alpha] => ([*red, *green, *blue], *alpha),
            _ => return None,
        };
        weights = weights.saturating_add(alpha.into());
        for (sum, component) in sums.iter_mut().zip(colour) {
            let weighted = u64::from(component).saturating_mul(alpha.into());
            *sum = sum.saturating_add(weighted);
        }
    }
    let mean = |sum: u64| u8::try_from(sum.checked_div(weights)?).ok();
    let [red, green, blue] = sums;
    Some(Colour::new(mean(red)?, mean(green)?, mean(blue)?))
}

/// Colour and alpha apart. Alpha that is opaque everywhere is dropped, so that no transparency
/// enters the file without need.
fn split_alpha(octets: &[u8], channels: usize) -> (Vec<u8>, Option<Vec<u8>>) {
    if channels % 2 == 1 {
        return (octets.to_vec(), None);
    }
    let mut colour = Vec::with_capacity(octets.len());
    let mut alpha = Vec::with_capacity(octets.len().checked_div(channels).unwrap_or_default());
    for pixel in octets.chunks_exact(channels) {
        if let Some((last, samples)) = pixel.split_last() {
            colour.extend_from_slice(samples);
            alpha.push(*last);
        }
    }
    let opaque = alpha.iter().all(|value| *value == u8::MAX);
    (colour, (!opaque).then_some(alpha))
}
