//! Why an appearance could not be made.

use std::error::Error;
use std::fmt;

/// What is wrong with an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageDefect {
    /// JPEG with four components, whose inks no profile explains.
    Cmyk,
    /// Neither PNG nor JPEG.
    Format,
    /// The decoder found it malformed or cut.
    Malformed,
    /// More pixels than a scanned page can have, or none.
    Pixels,
}

impl fmt::Display for ImageDefect {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Cmyk => "it is a CMYK JPEG: convert it to RGB",
            Self::Format => "it is neither PNG nor JPEG",
            Self::Malformed => "it is malformed or cut",
            Self::Pixels => "its size in pixels is zero or too large",
        })
    }
}

/// Why an appearance could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum AppearanceError {
    /// The font lacks a character, or the text was not among those it was embedded for.
    CharacterMissing {
        /// The character, composed (NFC).
        character: char,
    },
    /// The font's licence bits forbid embedding (OpenType OS/2 fsType 2).
    FontEmbeddingForbidden,
    /// The font is malformed, or is no `TrueType` font (CFF outlines are not embedded).
    FontUnusable {
        /// What the font library says, when it was reached.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The image cannot be shown.
    ImageUnusable {
        /// What is wrong.
        defect: ImageDefect,
        /// What the image library says, when it was reached.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The caller allocated 0 or a number above 2,147,483,647.
    ObjectNumberUnusable {
        /// The number.
        number: u32,
    },
    /// A width, height, size or thickness is not a number in the range it must have.
    SizeUnusable {
        /// The value, in points.
        points: f32,
    },
}

impl AppearanceError {
    pub(super) fn font(source: impl Error + Send + Sync + 'static) -> Self {
        Self::FontUnusable {
            source: Some(Box::new(source)),
        }
    }

    pub(super) fn image(defect: ImageDefect) -> Self {
        Self::ImageUnusable {
            defect,
            source: None,
        }
    }
}

impl fmt::Display for AppearanceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CharacterMissing { character } => write!(
                formatter,
                "the font has no glyph for U+{:04X}: choose another font or text",
                u32::from(*character)
            ),
            Self::FontEmbeddingForbidden => {
                formatter.write_str("the font forbids embedding: choose another")
            }
            Self::FontUnusable { .. } => {
                formatter.write_str("the font cannot be embedded: choose a TrueType font")
            }
            Self::ImageUnusable { defect, .. } => {
                write!(formatter, "the image cannot be shown: {defect}")
            }
            Self::ObjectNumberUnusable { number } => {
                write!(formatter, "{number} is no number for a new object")
            }
            Self::SizeUnusable { points } => {
                write!(formatter, "{points} points is no usable size")
            }
        }
    }
}

impl Error for AppearanceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::FontUnusable { source } | Self::ImageUnusable { source, .. } => match source {
                Some(source) => Some(source.as_ref()),
                None => None,
            },
            Self::CharacterMissing { .. }
            | Self::FontEmbeddingForbidden
            | Self::ObjectNumberUnusable { .. }
            | Self::SizeUnusable { .. } => None,
        }
    }
}
