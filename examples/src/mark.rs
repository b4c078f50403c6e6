//! The visible mark that the examples draw, in a font of the system.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use trien::Drawing;
use trien::appearance::{AppearanceError, Border, Colour, EmbeddedFont, FontFace, Line, Mark};

/// Fonts with all Vietnamese letters, where Debian and Ubuntu put them.
const FONTS: [&str; 3] = [
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
];

/// The largest font file that is read: the largest Latin fonts have a few MB.
const FONT_OCTETS: u64 = 32 * 1024 * 1024;

/// No mark can be drawn.
#[derive(Debug)]
#[non_exhaustive]
pub enum FontMissing {
    /// No font was found.
    NotFound,
    /// The font lacks a letter or cannot be used.
    Unusable(AppearanceError),
}

impl fmt::Display for FontMissing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NotFound => {
                "no font for the mark: install fonts-liberation or fonts-dejavu-core, or name one"
            }
            Self::Unusable(_) => "the font cannot be used for the mark",
        })
    }
}

impl Error for FontMissing {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotFound => None,
            Self::Unusable(error) => Some(error),
        }
    }
}

/// A framed mark of `width` × `height` points with these lines of text, the first one in colour.
///
/// # Errors
/// No font is there, or it lacks a letter.
pub fn mark_drawing(
    lines: &[String],
    (width, height): (f32, f32),
    colour: Colour,
    font: Option<&PathBuf>,
) -> Result<Drawing, FontMissing> {
    let candidates = font
        .cloned()
        .into_iter()
        .chain(FONTS.iter().map(PathBuf::from));
    let mut problem = FontMissing::NotFound;
    // Older fonts lack some Vietnamese letters: the first one that has them all is taken.
    for octets in candidates.filter_map(read_font) {
        match draw(lines, (width, height), colour, &octets) {
            Ok(drawing) => return Ok(drawing),
            Err(error) => problem = FontMissing::Unusable(error),
        }
    }
    Err(problem)
}

fn read_font(path: PathBuf) -> Option<Vec<u8>> {
    let mut octets = Vec::new();
    File::open(path)
        .ok()?
        .take(FONT_OCTETS)
        .read_to_end(&mut octets)
        .ok()?;
    Some(octets)
}

fn draw(
    lines: &[String],
    (width, height): (f32, f32),
    colour: Colour,
    font: &[u8],
) -> Result<Drawing, AppearanceError> {
    let mut mark = Mark::new(width, height)?.with_border(Border::new(0.75, colour))?;
    for text in lines {
        mark = mark.with_line(Line::new(text, 9.0).coloured(colour))?;
    }
    let face = FontFace::parse(font, 0)?;
    let embedded = EmbeddedFont::new(&face, mark.texts())?;
    Ok(Drawing::new(mark, embedded))
}
