//! Why a sample record could not be made.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use trien_pdf::appearance::AppearanceError;

/// Why a sample record could not be made.
#[derive(Debug)]
#[non_exhaustive]
pub enum RecordError {
    /// A font cannot be embedded or a picture not shown.
    Appearance(AppearanceError),
    /// A file could not be read or written.
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// None of the fonts that records are set in is installed.
    FontMissing,
    /// A picture could not be encoded.
    Picture(Box<dyn Error + Send + Sync>),
    /// The output could not be written.
    Output(io::Error),
}

impl RecordError {
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        |source| Self::File { path, source }
    }
}

impl From<AppearanceError> for RecordError {
    fn from(error: AppearanceError) -> Self {
        Self::Appearance(error)
    }
}

impl fmt::Display for RecordError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Appearance(_) => formatter.write_str("a font or picture cannot be embedded"),
            Self::File { path, .. } => write!(formatter, "cannot use {}", path.display()),
            Self::FontMissing => formatter.write_str(
                "no serif font with Vietnamese letters was found: install fonts-liberation2 or fonts-dejavu-core",
            ),
            Self::Picture(_) => formatter.write_str("a picture cannot be encoded"),
            Self::Output(_) => formatter.write_str("the record cannot be written"),
        }
    }
}

impl Error for RecordError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Appearance(source) => Some(source),
            Self::File { source, .. } | Self::Output(source) => Some(source),
            Self::Picture(source) => Some(source.as_ref()),
            Self::FontMissing => None,
        }
    }
}
