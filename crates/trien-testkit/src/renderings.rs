//! Pages as two renderers of others draw them, and the text that they read: poppler and `MuPDF`.
//! Knows nothing of what a page ought to show.

use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A program that draws pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Renderer {
    /// `mutool draw`.
    MuPdf,
    /// `pdftoppm` and `pdftotext`.
    Poppler,
}

/// A page as it was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendering {
    width: usize,
    height: usize,
    rgb: Vec<u8>,
}

/// Why there is no rendering.
#[derive(Debug)]
#[non_exhaustive]
pub enum RenderError {
    /// The program is not installed.
    Missing(Renderer),
    /// The program failed; what it printed.
    Failed(String),
    /// Its picture cannot be read.
    Picture(Box<dyn Error + Send + Sync>),
    /// A file or program could not be used.
    System(io::Error),
}

impl fmt::Display for Renderer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::MuPdf => "mutool",
            Self::Poppler => "poppler",
        })
    }
}

impl fmt::Display for RenderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(renderer) => write!(
                formatter,
                "{renderer} is not installed: install poppler-utils and mupdf-tools"
            ),
            Self::Failed(printed) => write!(formatter, "the renderer failed: {printed}"),
            Self::Picture(_) => formatter.write_str("the rendering cannot be read"),
            Self::System(_) => formatter.write_str("the renderer cannot be run"),
        }
    }
}

impl Error for RenderError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Picture(source) => Some(source.as_ref()),
            Self::System(source) => Some(source),
            Self::Missing(_) | Self::Failed(_) => None,
        }
    }
}

impl Renderer {
    /// Both.
    pub const ALL: [Self; 2] = [Self::MuPdf, Self::Poppler];

    /// Draws a page, from 0, into a PNG file at `picture`.
    ///
    /// # Errors
    /// The program is not there or fails.
    pub fn draw(
        self,
        file: &Path,
        page: usize,
        dots_per_inch: u16,
        picture: &Path,
    ) -> Result<(), RenderError> {
        let number = page.saturating_add(1).to_string();
        let dots = dots_per_inch.to_string();
        let mut command = match self {
            Self::MuPdf => {
                let mut command = Command::new("mutool");
                command.args(["draw", "-q", "-r", &dots, "-o"]).arg(picture);
                command.arg(file).arg(&number);
                command
            }
            Self::Poppler => {
                let mut command = Command::new("pdftoppm");
                command.args(["-png", "-cropbox", "-singlefile", "-r", &dots]);
                command.args(["-f", &number, "-l", &number]).arg(file);
                // It adds the ending itself.
                command.arg(picture.with_extension(""));
                command
            }
        };
        self.run(&mut command).map(|_| ())
    }

    /// Draws a page, from 0, and reads the picture.
    ///
    /// # Errors
    /// The program is not there or fails, or its picture cannot be read.
    pub fn render(
        self,
        file: &Path,
        page: usize,
        dots_per_inch: u16,
    ) -> Result<Rendering, RenderError> {
        let folder = tempfile::tempdir().map_err(RenderError::System)?;
        let picture = folder.path().join("page.png");
        self.draw(file, page, dots_per_inch, &picture)?;
        Rendering::read(&picture)
    }

    /// The text that the program reads from a page, from 0, annotations included where it reads
    /// them.
    ///
    /// # Errors
    /// The program is not there or fails.
    pub fn text(self, file: &Path, page: usize) -> Result<String, RenderError> {
        let number = page.saturating_add(1).to_string();
        let mut command = match self {
            Self::MuPdf => {
                let mut command = Command::new("mutool");
                command.args(["draw", "-q", "-F", "text", "-o", "-"]);
                command.arg(file).arg(&number);
                command
            }
            Self::Poppler => {
                let mut command = Command::new("pdftotext");
                command.args(["-layout", "-f", &number, "-l", &number]);
                command.arg(file).arg("-");
                command
            }
        };
        let output = self.run(&mut command)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn run(self, command: &mut Command) -> Result<Output, RenderError> {
        match command.output() {
            Ok(output) if output.status.success() => Ok(output),
            Ok(output) => Err(RenderError::Failed(
                String::from_utf8_lossy(&output.stderr).into_owned(),
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(RenderError::Missing(self))
            }
            Err(error) => Err(RenderError::System(error)),
        }
    }
}

impl Rendering {
    /// Reads a PNG file; alpha is dropped.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn read(picture: &Path) -> Result<Self, RenderError> {
        let file = File::open(PathBuf::from(picture)).map_err(RenderError::System)?;
        let damaged = |error: png::DecodingError| RenderError::Picture(Box::new(error));
        let mut decoder = png::Decoder::new(BufReader::new(file));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::STRIP_16);
        let mut reader = decoder.read_info().map_err(damaged)?;
        let length = reader
            .output_buffer_size()
            .ok_or_else(|| RenderError::Failed("too many pixels".to_owned()))?;
        let mut octets = vec![0; length];
        let frame = reader.next_frame(&mut octets).map_err(damaged)?;
        octets.truncate(frame.buffer_size());
        let rgb = match frame.color_type {
            png::ColorType::Rgb => octets,
            png::ColorType::Rgba => octets
                .chunks_exact(4)
                .flat_map(|pixel| pixel.iter().take(3).copied().collect::<Vec<_>>())
                .collect(),
            png::ColorType::Grayscale => octets.iter().flat_map(|grey| [*grey; 3]).collect(),
            png::ColorType::GrayscaleAlpha | png::ColorType::Indexed => {
                return Err(RenderError::Failed("no colours".to_owned()));
            }
        };
        let side = |length: u32| usize::try_from(length).unwrap_or_default();
        Ok(Self {
            width: side(frame.width),
            height: side(frame.height),
            rgb,
        })
    }

    /// Width in pixels.
    #[must_use]
    pub const fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    #[must_use]
    pub const fn height(&self) -> usize {
        self.height
    }

    /// Red, green and blue of a pixel, from the upper left corner; white outside.
    #[must_use]
    pub fn pixel(&self, x: usize, y: usize) -> [u8; 3] {
        let place = y
            .checked_mul(self.width)
            .and_then(|row| row.checked_add(x))
            .and_then(|pixel| pixel.checked_mul(3))
            .filter(|_| x < self.width && y < self.height);
        place
            .and_then(|start| self.rgb.get(start..)?.first_chunk().copied())
            .unwrap_or([255; 3])
    }

    /// Left, top, right and bottom, in pixels and the last two behind the last one, of all pixels
    /// whose colour is wanted.
    #[must_use]
    pub fn bounds(&self, is_wanted: impl Fn([u8; 3]) -> bool) -> Option<[usize; 4]> {
        let mut bounds: Option<[usize; 4]> = None;
        for y in 0..self.height {
            for x in 0..self.width {
                if is_wanted(self.pixel(x, y)) {
                    let [left, top, right, bottom] = bounds.unwrap_or([x, y, x, y]);
                    let (next_x, next_y) = (x.saturating_add(1), y.saturating_add(1));
                    bounds = Some([
                        left.min(x),
                        top.min(y),
                        right.max(next_x),
                        bottom.max(next_y),
                    ]);
                }
            }
        }
        bounds
    }

    /// How many pixels have a colour that is wanted.
    #[must_use]
    pub fn pixels(&self, is_wanted: impl Fn([u8; 3]) -> bool) -> usize {
        self.rgb
            .chunks_exact(3)
            .filter_map(|pixel| pixel.first_chunk().copied())
            .filter(|pixel| is_wanted(*pixel))
            .count()
    }

    /// Brightness of every pixel, row by row.
    #[must_use]
    pub fn grey(&self) -> Vec<u8> {
        self.rgb
            .chunks_exact(3)
            .map(|pixel| {
                let sum = pixel
                    .iter()
                    .fold(0_u16, |sum, part| sum.saturating_add((*part).into()));
                u8::try_from(sum / 3).unwrap_or(u8::MAX)
            })
            .collect()
    }
}
