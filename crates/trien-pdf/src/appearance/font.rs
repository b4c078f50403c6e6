//! Fonts: measuring text with a `TrueType` font and embedding the part of it that texts need.
//! Knows no layout beyond the width of one line, and no shaping: one character, one glyph.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Filter, Finish, Name, Rect, Ref, Str};
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};
use subsetter::GlyphRemapper;
use unicode_normalization::UnicodeNormalization;

use super::AppearanceError;
use super::object::{Objects, WrittenObjects, deflate};

/// Registry, ordering and supplement of a font whose character ids mean nothing outside it.
const IDENTITY: SystemInfo<'static> = SystemInfo {
    registry: Str(b"Adobe"),
    ordering: Str(b"Identity"),
    supplement: 0,
};

/// A parsed `TrueType` font, for measuring and as the source of [`EmbeddedFont`].
#[derive(Clone)]
pub struct FontFace<'a> {
    octets: &'a [u8],
    index: u32,
    font: FontRef<'a>,
}

impl fmt::Debug for FontFace<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("FontFace")
            .field("name", &self.post_script_name())
            .finish_non_exhaustive()
    }
}

/// Lengths of a font in thousandths of its size, the unit of PDF font dictionaries.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Metrics {
    ascent: f32,
    descent: f32,
    cap_height: f32,
    italic_angle: f32,
    bounds: Rect,
}

impl<'a> FontFace<'a> {
    /// Reads a font file; `index` chooses one of a collection and is 0 otherwise.
    ///
    /// # Errors
    /// The file is no font, has no `TrueType` outlines, or forbids embedding.
    pub fn parse(octets: &'a [u8], index: u32) -> Result<Self, AppearanceError> {
        let font = FontRef::from_index(octets, index).map_err(AppearanceError::font)?;
        font.glyf().map_err(AppearanceError::font)?;
        // OpenType OS/2: of the four usage bits of fsType the least restrictive one counts.
        const USAGE: u16 = 0x000F;
        const RESTRICTED: u16 = 0x0002;
        if font
            .os2()
            .is_ok_and(|os2| os2.fs_type() & USAGE == RESTRICTED)
        {
            return Err(AppearanceError::FontEmbeddingForbidden);
        }
        Ok(Self {
            octets,
            index,
            font,
        })
    }

    /// Width of one line of text set at `size`, in the unit of `size`.
    ///
    /// # Errors
    /// A character that the font lacks.
    pub fn width(&self, text: &str, size: f32) -> Result<f32, AppearanceError> {
        let mut width = 0.0;
        for character in text.nfc() {
            width += self.advance(self.glyph(character)?);
        }
        Ok(width * size / 1000.0)
    }

    /// Height of the highest letters above the baseline at `size`.
    #[must_use]
    pub fn ascent(&self, size: f32) -> f32 {
        self.metrics().ascent * size / 1000.0
    }

    /// Depth of the lowest letters below the baseline at `size`, a negative number.
    #[must_use]
    pub fn descent(&self, size: f32) -> f32 {
        self.metrics().descent * size / 1000.0
    }

    fn glyph(&self, character: char) -> Result<u16, AppearanceError> {
        self.font
            .charmap()
            .map(character)
            .and_then(|glyph| u16::try_from(glyph.to_u32()).ok())
            .filter(|glyph| *glyph != 0)
            .ok_or(AppearanceError::CharacterMissing { character })
    }

    /// In thousandths of the size.
    fn advance(&self, glyph: u16) -> f32 {
        self.font
            .glyph_metrics(Size::new(1000.0), LocationRef::default())
            .advance_width(glyph.into())
            .unwrap_or_default()
    }

    fn metrics(&self) -> Metrics {
        let metrics = self.font.metrics(Size::new(1000.0), LocationRef::default());
        let bounds = metrics.bounds.unwrap_or_default();
        Metrics {
            ascent: metrics.ascent,
            descent: metrics.descent,
            cap_height: metrics.cap_height.unwrap_or(metrics.ascent),
            italic_angle: metrics.italic_angle,
            bounds: Rect::new(bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max),
        }
    }

    /// The name in the font's name table, kept to letters, digits and hyphens.
    fn post_script_name(&self) -> String {
        let name: String = self
            .font
            .localized_strings(StringId::POSTSCRIPT_NAME)
            .english_or_first()
            .map(|name| name.chars().collect())
            .unwrap_or_default();
        let name: String = name
            .chars()
            .filter(|character| character.is_ascii_alphanumeric() || *character == '-')
            .collect();
        if name.is_empty() {
            "Font".to_owned()
        } else {
            name
        }
    }
}

/// One character of an embedded font.
#[derive(Debug, Clone, Copy)]
struct Glyph {
    /// Character id: counts the characters from 1, so that two characters which the font draws
    /// with one glyph are still told apart when the text is copied out.
    cid: u16,
    /// Glyph of the subset.
    glyph: u16,
    /// Width in thousandths of the size.
    advance: f32,
}

/// The part of a font that a set of texts needs, ready to be written as a Type 0 font
/// (ISO 32000-2, 9.7.6) with a `ToUnicode` map.
#[derive(Clone)]
pub struct EmbeddedFont {
    name: String,
    program: Arc<[u8]>,
    glyphs: Arc<BTreeMap<char, Glyph>>,
    metrics: Metrics,
}

impl fmt::Debug for EmbeddedFont {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EmbeddedFont")
            .field("name", &self.name)
            .field("characters", &self.glyphs.len())
            .finish_non_exhaustive()
    }
}

/// The subsetter adds and indexes as a sound font allows, and panics over a damaged one. It has no
/// unsafe code and is given nothing that it could leave half changed: its panic is an error here.
fn subset(face: &FontFace<'_>, glyphs: &GlyphRemapper) -> Result<Vec<u8>, AppearanceError> {
    let (octets, index) = (face.octets, face.index);
    std::panic::catch_unwind(|| subsetter::subset(octets, index, glyphs))
        .unwrap_or(Err(subsetter::Error::MalformedFont))
        .map_err(AppearanceError::font)
}

impl EmbeddedFont {
    /// The subset of `face` for the characters of `texts`, composed (NFC).
    ///
    /// # Errors
    /// A character that the font lacks, or a font that cannot be subset.
    pub fn new<'t>(
        face: &FontFace<'_>,
        texts: impl IntoIterator<Item = &'t str>,
    ) -> Result<Self, AppearanceError> {
        let mut glyphs = BTreeMap::new();
        for text in texts {
            for character in text.nfc() {
                if let std::collections::btree_map::Entry::Vacant(vacant) = glyphs.entry(character)
                {
                    let glyph = face.glyph(character)?;
                    vacant.insert(Glyph {
                        cid: 0,
                        glyph,
                        advance: face.advance(glyph),
                    });
                }
            }
        }
        let mut remapper = GlyphRemapper::new();
        for (glyph, cid) in glyphs.values_mut().zip(1_u16..) {
            glyph.cid = cid;
            glyph.glyph = remapper.remap(glyph.glyph);
        }
        let program = subset(face, &remapper)?;
        let name = format!("{}+{}", tag(glyphs.keys()), face.post_script_name());
        Ok(Self {
            name,
            program: program.into(),
            glyphs: Arc::new(glyphs),
            metrics: face.metrics(),
        })
    }

    /// Whether both are the same subset of the same font.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.program == other.program
    }

    /// The octets that show `text` with this font: two per character, big-endian.
    ///
    /// # Errors
    /// A character that was in none of the texts the font was embedded for.
    pub fn encode(&self, text: &str) -> Result<Vec<u8>, AppearanceError> {
        let mut octets = Vec::with_capacity(text.len().saturating_mul(2));
        for character in text.nfc() {
            octets.extend(self.glyph(character)?.cid.to_be_bytes());
        }
        Ok(octets)
    }

    /// Width of one line of text at `size`, in the unit of `size`.
    ///
    /// # Errors
    /// As [`EmbeddedFont::encode`].
    pub fn width(&self, text: &str, size: f32) -> Result<f32, AppearanceError> {
        let mut width = 0.0;
        for character in text.nfc() {
            width += self.glyph(character)?.advance;
        }
        Ok(width * size / 1000.0)
    }

    /// Height of the highest letters above the baseline at `size`.
    #[must_use]
    pub fn ascent(&self, size: f32) -> f32 {
        self.metrics.ascent * size / 1000.0
    }

    /// Depth of the lowest letters below the baseline at `size`, a negative number.
    #[must_use]
    pub fn descent(&self, size: f32) -> f32 {
        self.metrics.descent * size / 1000.0
    }

    /// Writes the font; the root of the result is the Type 0 font dictionary.
    ///
    /// # Errors
    /// `allocate` gives a number that no object can have.
    pub fn write(
        &self,
        allocate: &mut dyn FnMut() -> u32,
    ) -> Result<WrittenObjects, AppearanceError> {
        let mut objects = Objects::new(allocate);
        let font = self.write_into(&mut objects)?;
        Ok(objects.finish(font))
    }

    pub(super) fn write_into(&self, objects: &mut Objects<'_>) -> Result<Ref, AppearanceError> {
        let [font, cid_font, descriptor, program, glyph_map, to_unicode] = [
            objects.number()?,
            objects.number()?,
            objects.number()?,
            objects.number()?,
            objects.number()?,
            objects.number()?,
        ];
        let name = Name(self.name.as_bytes());
        objects.add(font, |chunk| {
            chunk
                .type0_font(font)
                .base_font(name)
                .encoding_predefined(Name(b"Identity-H"))
                .descendant_font(cid_font)
                .to_unicode(to_unicode);
        });
        objects.add(cid_font, |chunk| {
            let mut writer = chunk.cid_font(cid_font);
            writer
                .subtype(CidFontType::Type2)
                .base_font(name)
                .system_info(IDENTITY)
                .font_descriptor(descriptor)
                .default_width(0.0)
                .cid_to_gid_map_stream(glyph_map);
            writer
                .widths()
                .consecutive(1, self.glyphs.values().map(|glyph| glyph.advance));
            writer.finish();
        });
        objects.add(descriptor, |chunk| {
            let mut flags = FontFlags::SYMBOLIC;
            if self.metrics.italic_angle != 0.0 {
                flags |= FontFlags::ITALIC;
            }
            chunk
                .font_descriptor(descriptor)
                .name(name)
                .flags(flags)
                .bbox(self.metrics.bounds)
                .italic_angle(self.metrics.italic_angle)
                .ascent(self.metrics.ascent)
                .descent(self.metrics.descent)
                .cap_height(self.metrics.cap_height)
                // Unknown to TrueType fonts; 80 is the customary figure for a regular weight.
                .stem_v(80.0)
                .font_file2(program);
        });
        let compressed = deflate(&self.program);
        objects.add(program, |chunk| {
            // ISO 32000-2, table 126: Length1 is the length before compression.
            let length = i32::try_from(self.program.len()).unwrap_or(i32::MAX);
            let mut stream = chunk.stream(program, &compressed);
            stream.filter(Filter::FlateDecode);
            stream.pair(Name(b"Length1"), length);
        });
        // ISO 32000-2, table 115: two octets per CID, from CID 0 on.
        let mut map = vec![0, 0];
        for glyph in self.glyphs.values() {
            map.extend(glyph.glyph.to_be_bytes());
        }
        let compressed = deflate(&map);
        objects.add(glyph_map, |chunk| {
            chunk
                .stream(glyph_map, &compressed)
                .filter(Filter::FlateDecode);
        });
        let mut cmap = UnicodeCmap::<u16>::new(Name(b"Trien-UCS"), IDENTITY);
        for (character, glyph) in self.glyphs.iter() {
            cmap.pair(glyph.cid, *character);
        }
        let compressed = deflate(cmap.finish().as_slice());
        objects.add(to_unicode, |chunk| {
            chunk
                .stream(to_unicode, &compressed)
                .filter(Filter::FlateDecode);
        });
        Ok(font)
    }

    fn glyph(&self, character: char) -> Result<&Glyph, AppearanceError> {
        self.glyphs
            .get(&character)
            .ok_or(AppearanceError::CharacterMissing { character })
    }
}

/// ISO 32000-2, 9.9.2: six capital letters that differ between subsets of one font. Here they come
/// from the characters, so that the same texts give the same name.
fn tag<'a>(characters: impl Iterator<Item = &'a char>) -> String {
    // FNV-1a, 64 bits.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for character in characters {
        for octet in u32::from(*character).to_be_bytes() {
            hash = (hash ^ u64::from(octet)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    (0..6)
        .map(|_| {
            let letter = u8::try_from(hash % 26).unwrap_or_default();
            hash /= 26;
            char::from(b'A'.saturating_add(letter))
        })
        .collect()
}
