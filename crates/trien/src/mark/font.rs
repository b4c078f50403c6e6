//! The font that marks are written in (vis.6): Times New Roman where the system has it, else
//! Liberation Serif, whose letters are as wide. Of either only the letters in use are embedded.
//! Knows nothing of layout.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use trien_pdf::appearance::{EmbeddedFont, FontFace};

use super::MarkError;

/// Where systems keep Times New Roman, then Liberation Serif (SIL Open Font License 1.1 from
/// version 2 on; Debian's fonts-liberation and fonts-liberation2). Version 1 lacks Vietnamese
/// letters and is passed over.
const FILES: [&str; 10] = [
    "C:\\Windows\\Fonts\\times.ttf",
    "/System/Library/Fonts/Supplemental/Times New Roman.ttf",
    "/Library/Fonts/Times New Roman.ttf",
    "/usr/share/fonts/truetype/msttcorefonts/Times_New_Roman.ttf",
    "/usr/share/fonts/truetype/msttcorefonts/times.ttf",
    "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/liberation-serif/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/liberation-serif-fonts/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/TTF/LiberationSerif-Regular.ttf",
];

/// The largest font file that is read: the largest Latin fonts have a few MB.
const FONT_OCTETS: u64 = 32 * 1024 * 1024;

/// Letters beside the basic Latin ones that Vietnamese needs, in lower case.
const VIETNAMESE: &str = "ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ";

/// A font file with every Vietnamese letter.
#[derive(Clone)]
pub struct SerifFont {
    octets: Vec<u8>,
}

impl fmt::Debug for SerifFont {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SerifFont").finish_non_exhaustive()
    }
}

impl SerifFont {
    /// The first font of the system that may be embedded and has every Vietnamese letter.
    ///
    /// # Errors
    /// There is none.
    pub fn find() -> Result<Self, MarkError> {
        FILES
            .iter()
            .find_map(|file| Self::read(Path::new(file)).ok())
            .ok_or(MarkError::FontMissing)
    }

    /// The font in a file.
    ///
    /// # Errors
    /// It cannot be read, is no `TrueType` font, forbids embedding, or lacks a Vietnamese letter.
    pub fn read(path: &Path) -> Result<Self, MarkError> {
        let mut octets = Vec::new();
        File::open(path)
            .and_then(|file| file.take(FONT_OCTETS).read_to_end(&mut octets))
            .map_err(|_| MarkError::FontMissing)?;
        Self::from_octets(octets)
    }

    /// The font in these octets.
    ///
    /// # Errors
    /// It is no `TrueType` font, forbids embedding, or lacks a Vietnamese letter.
    pub fn from_octets(octets: Vec<u8>) -> Result<Self, MarkError> {
        let face = FontFace::parse(&octets, 0)?;
        face.width(VIETNAMESE, 1.0)?;
        face.width(&VIETNAMESE.to_uppercase(), 1.0)?;
        Ok(Self { octets })
    }

    /// The font to measure with, and to embed a part of.
    ///
    /// # Errors
    /// Never for a font that was taken.
    pub fn face(&self) -> Result<FontFace<'_>, MarkError> {
        Ok(FontFace::parse(&self.octets, 0)?)
    }

    pub(super) fn embedded<'t>(
        &self,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<EmbeddedFont, MarkError> {
        Ok(EmbeddedFont::new(&self.face()?, texts)?)
    }
}
