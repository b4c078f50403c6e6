//! The drawing itself, in a process of its own.
//! Knows nothing of who looks at it.

use std::fmt;
use std::io::{self, Read as _, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use sha2::{Digest as _, Sha256};
use trien::{Document, Limits};

use crate::image::{NumberPlace, make_zero, odd_objects};
use crate::left_out::{LeftOut, stated};
use crate::{GREATEST_AREA, GREATEST_WIDTH, LEAST_WIDTH};

/// Largest document that is drawn, in octets: as large as the daemon takes.
const DOCUMENT_OCTETS: u64 = 256 << 20;

/// Most octets of memory, beside those of the document: a scanned page of 40 megapixels in four
/// colours is decoded several times over on its way.
#[cfg(unix)]
const MEMORY_OCTETS: u64 = 1 << 30;

/// Octets before the picture: width, height, what is left out, the hash of the document.
const HEAD_OCTETS: usize = 49;

/// PDF points of a millimetre.
const POINTS_OF_MILLIMETRE: f64 = 72.0 / 25.4;

/// How far apart the two readers may see the proportions of a page: the renderer rounds to pixels.
const PROPORTION_SLACK: f64 = 0.01;

/// What keeps 600 pixels from becoming 599.
const PIXEL_SLACK: f32 = 0.01;

/// Why a page was not drawn. Its number is the exit status of the drawing process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DrawFault {
    /// The document cannot be read, or has no such page.
    NoSuchPage,
    /// The renderer sees another page than our own reader.
    ReadersDiffer,
    /// The page is too large, or takes too long.
    TooMuch,
    /// The process could not be started, or ended without a word.
    Failed,
}

/// A page as it was drawn.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PagePicture {
    /// Width of the page as it is shown, in PDF points.
    pub width: f64,
    /// Height of the page as it is shown, in PDF points.
    pub height: f64,
    /// What of the page may be missing in the picture.
    pub left_out: Vec<LeftOut>,
    /// SHA-256 of the document that was drawn: whoever knows which one it should be compares.
    pub document: [u8; 32],
    /// The picture: PNG.
    pub png: Vec<u8>,
}

impl PagePicture {
    /// What a drawing process says: width and height of the page in PDF points, eight octets each, an
    /// octet of what is left out, the SHA-256 of the document, then the PNG. `None` where it is
    /// something else.
    #[must_use]
    pub fn parse(octets: &[u8]) -> Option<Self> {
        let (head, png) = octets.split_at_checked(HEAD_OCTETS)?;
        let (width, rest) = head.split_first_chunk::<8>()?;
        let (height, rest) = rest.split_first_chunk::<8>()?;
        let (left_out, document) = rest.split_first()?;
        let length = |octets: [u8; 8]| {
            let length = f64::from_be_bytes(octets);
            (length.is_finite() && length > 0.0).then_some(length)
        };
        Some(Self {
            width: length(*width)?,
            height: length(*height)?,
            left_out: LeftOut::of_bits(*left_out),
            document: document.try_into().ok()?,
            png: png.to_vec(),
        })
    }
}

/// Draws one page of the document on standard input, `width` pixels wide, to standard output: width
/// and height of the page in PDF points, each as eight octets, an octet of what is left out, the
/// SHA-256 of the document, then the PNG. This is the whole of the hidden command `page-drawer`, in a
/// process of its own, since it limits itself: `seconds` of the processor, at most
/// [`crate::LONGEST_SECONDS`].
///
/// # Errors
/// Why nothing was drawn.
pub fn run_page_drawer(page: usize, width: u16, seconds: u64) -> Result<(), DrawFault> {
    // Without limits nothing is read.
    limit_this_process(seconds.min(crate::LONGEST_SECONDS)).map_err(|_| DrawFault::Failed)?;
    let mut octets = Vec::new();
    let longest = DOCUMENT_OCTETS.saturating_add(1);
    io::stdin()
        .lock()
        .take(longest)
        .read_to_end(&mut octets)
        .map_err(|_| DrawFault::Failed)?;
    if u64::try_from(octets.len()).unwrap_or(u64::MAX) >= longest {
        return Err(DrawFault::TooMuch);
    }
    let picture = draw(octets, page, width)?;
    let left_out = picture
        .left_out
        .iter()
        .fold(0, |bits, one| bits | one.bit());
    let mut out = io::stdout().lock();
    [
        picture.width.to_be_bytes().as_slice(),
        picture.height.to_be_bytes().as_slice(),
        &[left_out],
        picture.document.as_slice(),
        picture.png.as_slice(),
    ]
    .into_iter()
    .try_for_each(|part| out.write_all(part))
    .and_then(|()| out.flush())
    .map_err(|_| DrawFault::Failed)
}

fn draw(mut octets: Vec<u8>, index: usize, width: u16) -> Result<PagePicture, DrawFault> {
    let Seen {
        size: (page_width, page_height),
        mut stated,
        huge,
    } = seen(&octets, index)?;
    let pixels = pixels_of(page_width, page_height, width)?;
    let document = Sha256::digest(&octets).into();
    if !huge.is_empty() {
        make_zero(&mut octets, &huge);
        stated |= LeftOut::Images.bit();
    }
    let pdf = Pdf::new(Arc::new(octets)).map_err(|_| DrawFault::NoSuchPage)?;
    let pages = pdf.pages();
    let page = pages.get(index).ok_or(DrawFault::NoSuchPage)?;
    let (drawn_width, drawn_height) = page.render_dimensions();
    if !same_proportions(
        (page_width, page_height),
        (drawn_width.into(), drawn_height.into()),
    ) {
        return Err(DrawFault::ReadersDiffer);
    }
    // Of the same proportions: one factor for both. The renderer cuts off parts of pixels.
    let scale = (f32::from(pixels) + PIXEL_SLACK) / drawn_width;
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let missed = Arc::new(AtomicU8::new(stated));
    let told = Arc::clone(&missed);
    let interpreter = InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            let left_out = match warning {
                InterpreterWarning::UnsupportedFont => LeftOut::Fonts,
                InterpreterWarning::ImageDecodeFailure => LeftOut::Images,
                InterpreterWarning::UnresolvedAnnotationAppearance | _ => LeftOut::Annotations,
            };
            told.fetch_or(left_out.bit(), Ordering::Relaxed);
        }),
        ..InterpreterSettings::default()
    };
    let pixmap = render(
        page,
        &RenderCache::new(),
        &interpreter,
        &RenderSettings::default(),
        &settings,
    );
    Ok(PagePicture {
        width: page_width,
        height: page_height,
        left_out: LeftOut::of_bits(missed.load(Ordering::Relaxed)),
        document,
        png: pixmap.into_png().map_err(|_| DrawFault::Failed)?,
    })
}

/// What our own reader sees of a page.
struct Seen {
    /// Width and height in PDF points.
    size: (f64, f64),
    /// What of it a picture cannot show.
    stated: u8,
    /// Sizes of images that are too large to be decoded.
    huge: Vec<NumberPlace>,
}

fn seen(octets: &[u8], index: usize) -> Result<Seen, DrawFault> {
    let document = Document::open(octets, &Limits::default()).map_err(|_| DrawFault::NoSuchPage)?;
    let page = document.page(index).map_err(|_| DrawFault::NoSuchPage)?;
    let (width, height) = page.view().size();
    let odd = odd_objects(&document, page.dictionary());
    let mut stated = stated(&document, page.dictionary());
    if odd.forms_without_box > 0 {
        stated |= LeftOut::Annotations.bit();
    }
    if odd.images_with_alternates > 0 {
        stated |= LeftOut::Images.bit();
    }
    if odd.fonts_not_embedded > 0 {
        stated |= LeftOut::Fonts.bit();
    }
    Ok(Seen {
        size: (width * POINTS_OF_MILLIMETRE, height * POINTS_OF_MILLIMETRE),
        stated,
        huge: odd.huge_images,
    })
}

/// The width in pixels that keeps the picture within its bounds.
fn pixels_of(page_width: f64, page_height: f64, wanted: u16) -> Result<u16, DrawFault> {
    let proportion = page_height / page_width;
    if !(proportion.is_finite() && proportion > 0.0) {
        return Err(DrawFault::NoSuchPage);
    }
    let wanted = wanted.clamp(LEAST_WIDTH, GREATEST_WIDTH);
    let by_area = (GREATEST_AREA / proportion).sqrt();
    let by_height = f64::from(u16::MAX) / proportion;
    (LEAST_WIDTH..=wanted)
        .rev()
        .find(|width| f64::from(*width) <= by_area.min(by_height))
        .ok_or(DrawFault::TooMuch)
}

fn same_proportions((width, height): (f64, f64), (other_width, other_height): (f64, f64)) -> bool {
    let difference = (width * other_height - height * other_width).abs();
    difference.is_finite() && difference <= PROPORTION_SLACK * (height * other_width).abs()
}

#[cfg(unix)]
fn limit_this_process(seconds: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let at_most = |most| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    setrlimit(Resource::Core, at_most(0))?;
    setrlimit(Resource::Fsize, at_most(0))?;
    setrlimit(Resource::Cpu, at_most(seconds))?;
    #[cfg(target_os = "linux")]
    setrlimit(
        Resource::As,
        at_most(MEMORY_OCTETS.saturating_add(DOCUMENT_OCTETS)),
    )?;
    Ok(())
}

/// Elsewhere the clock of whoever waits is the only limit.
#[cfg(not(unix))]
fn limit_this_process(_: u64) -> io::Result<()> {
    Ok(())
}

impl DrawFault {
    /// The exit status of the drawing process.
    #[must_use]
    pub const fn status(self) -> u8 {
        match self {
            Self::NoSuchPage => 3,
            Self::ReadersDiffer => 4,
            Self::TooMuch => 5,
            Self::Failed => 6,
        }
    }

    /// What an exit status says.
    #[must_use]
    pub const fn of_status(status: i32) -> Self {
        match status {
            3 => Self::NoSuchPage,
            4 => Self::ReadersDiffer,
            5 => Self::TooMuch,
            _ => Self::Failed,
        }
    }
}

impl fmt::Display for DrawFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoSuchPage => "the document has no such page that can be read",
            Self::ReadersDiffer => "the renderer sees another page: look at the document elsewhere",
            Self::TooMuch => "the page is too large to draw: look at the document elsewhere",
            Self::Failed => "the page could not be drawn: look at the document elsewhere",
        })
    }
}

impl std::error::Error for DrawFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_stays_within_its_bounds_whatever_the_page() {
        assert_eq!(pixels_of(595.0, 842.0, 900), Ok(900));
        assert_eq!(pixels_of(595.0, 842.0, 1), Ok(LEAST_WIDTH));
        assert_eq!(pixels_of(595.0, 842.0, u16::MAX), Ok(GREATEST_WIDTH));
        let high = pixels_of(100.0, 10_000.0, 2400).unwrap();
        assert!(f64::from(high).powi(2) * 100.0 <= GREATEST_AREA, "{high}");
        assert_eq!(pixels_of(1.0, 1e9, 900), Err(DrawFault::TooMuch));
        assert_eq!(pixels_of(0.0, 842.0, 900), Err(DrawFault::NoSuchPage));
        assert_eq!(pixels_of(f64::NAN, 842.0, 900), Err(DrawFault::NoSuchPage));
    }

    #[test]
    fn pages_of_other_proportions_are_not_the_same() {
        assert!(same_proportions((595.3, 841.9), (595.0, 842.0)));
        // A unit of user space of two points: larger, and of the same proportions.
        assert!(same_proportions((1190.6, 1683.8), (595.3, 841.9)));
        assert!(!same_proportions((595.0, 842.0), (842.0, 595.0)));
        assert!(!same_proportions((595.0, 842.0), (f64::INFINITY, 842.0)));
    }

    #[test]
    fn every_fault_survives_the_way_through_the_exit_status() {
        for fault in [
            DrawFault::NoSuchPage,
            DrawFault::ReadersDiffer,
            DrawFault::TooMuch,
            DrawFault::Failed,
        ] {
            assert_eq!(DrawFault::of_status(fault.status().into()), fault);
        }
    }
}
