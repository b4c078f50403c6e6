//! Serif fonts with Vietnamese letters, as packages of the system install them.
//! Nothing is shipped and nothing fetched.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::RecordError;
use trien_pdf::appearance::FontFace;

/// Octets of one font file: Times New Roman has 1.2 MB.
const FONT_OCTETS: u64 = 16 * 1024 * 1024;

/// Every letter of Vietnamese beyond ASCII, in lower case. fonts-liberation 1 lacks half of them.
const LETTERS: &str = "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ";

/// Regular, bold and italic, the best match to Times New Roman (LEGAL.md vis.10) first.
const FAMILIES: [[&str; 3]; 6] = [
    [
        "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSerif-Bold.ttf",
        "/usr/share/fonts/truetype/liberation/LiberationSerif-Italic.ttf",
    ],
    [
        "/usr/share/fonts/truetype/liberation2/LiberationSerif-Regular.ttf",
        "/usr/share/fonts/truetype/liberation2/LiberationSerif-Bold.ttf",
        "/usr/share/fonts/truetype/liberation2/LiberationSerif-Italic.ttf",
    ],
    [
        "/usr/share/fonts/liberation-serif/LiberationSerif-Regular.ttf",
        "/usr/share/fonts/liberation-serif/LiberationSerif-Bold.ttf",
        "/usr/share/fonts/liberation-serif/LiberationSerif-Italic.ttf",
    ],
    [
        "/System/Library/Fonts/Supplemental/Times New Roman.ttf",
        "/System/Library/Fonts/Supplemental/Times New Roman Bold.ttf",
        "/System/Library/Fonts/Supplemental/Times New Roman Italic.ttf",
    ],
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Italic.ttf",
    ],
    // fonts-dejavu-core has no italic.
    [
        "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSerif-Bold.ttf",
        "/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf",
    ],
];

/// Three styles of one family, as files.
#[derive(Clone)]
#[non_exhaustive]
pub struct SystemFonts {
    /// Upright, normal weight.
    pub regular: Vec<u8>,
    /// Upright, bold.
    pub bold: Vec<u8>,
    /// Italic, normal weight; upright where the family has none.
    pub italic: Vec<u8>,
}

impl fmt::Debug for SystemFonts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SystemFonts")
            .finish_non_exhaustive()
    }
}

impl SystemFonts {
    /// The first family of a short list that is installed whole and has every Vietnamese letter.
    ///
    /// # Errors
    /// None is installed, or its files cannot be read.
    pub fn find() -> Result<Self, RecordError> {
        for [regular, bold, italic] in FAMILIES {
            let paths = [regular, bold, italic];
            if !paths.iter().all(|path| Path::new(path).is_file()) {
                continue;
            }
            let fonts = Self {
                regular: read(regular)?,
                bold: read(bold)?,
                italic: read(italic)?,
            };
            if fonts.write_vietnamese() {
                return Ok(fonts);
            }
        }
        Err(RecordError::FontMissing)
    }

    fn write_vietnamese(&self) -> bool {
        [&self.regular, &self.bold, &self.italic]
            .into_iter()
            .all(|file| {
                FontFace::parse(file, 0).is_ok_and(|face| {
                    face.width(LETTERS, 1.0).is_ok()
                        && face.width(&LETTERS.to_uppercase(), 1.0).is_ok()
                })
            })
    }
}

fn read(path: &str) -> Result<Vec<u8>, RecordError> {
    let path = Path::new(path);
    let mut octets = Vec::new();
    File::open(path)
        .map_err(RecordError::at(path))?
        .take(FONT_OCTETS)
        .read_to_end(&mut octets)
        .map_err(RecordError::at(path))?;
    Ok(octets)
}
