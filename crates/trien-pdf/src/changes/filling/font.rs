//! Fonts that fields are filled in (ISO 32000-2, 12.7.4.3): those that were there when the document
//! was signed, and the standard ones, of which everybody knows what they show. Any other font of
//! an update says what its maker likes (ATTACKS.md, S3).

use crate::changes::step::{Result, Step};
use crate::content::{Code, Font};
use crate::{Dictionary, Object, RevisionIndex};

/// The standard fonts with letters (9.6.2.2), and the names by which viewers know the same.
const STANDARD: [&str; 24] = [
    "Arial",
    "Arial,Bold",
    "Arial-BoldMT",
    "ArialMT",
    "Courier",
    "Courier-Bold",
    "Courier-BoldOblique",
    "Courier-Oblique",
    "CourierNew",
    "CourierNewPSMT",
    "Helv",
    "Helvetica",
    "Helvetica-Bold",
    "Helvetica-BoldOblique",
    "Helvetica-Oblique",
    "Times-Bold",
    "Times-BoldItalic",
    "Times-Italic",
    "Times-Roman",
    "TimesNewRoman",
    "TimesNewRoman,Bold",
    "TimesNewRomanPS-BoldMT",
    "TimesNewRomanPS-ItalicMT",
    "TimesNewRomanPSMT",
];

/// What a standard font has that is not its program (9.6.2.1, table 109).
const OF_A_STANDARD_FONT: [&str; 6] = [
    "BaseFont",
    "Encoding",
    "Name",
    "Subtype",
    "ToUnicode",
    "Type",
];

/// The fonts that a field may be filled in.
#[derive(Debug, Default)]
pub(super) struct LookFonts<'f> {
    /// Fonts of the form and of the field's looks as they were.
    pub(super) earlier: Vec<Object>,
    /// The fonts of the form's default resources, for looks without resources of their own.
    pub(super) of_form: Option<&'f Dictionary>,
}

/// A font of a look.
#[derive(Debug)]
pub(super) struct LookFont {
    font: Font,
    /// The same with its map to Unicode, where a new one has some: what it tells must be what the
    /// encoding draws.
    told: Option<Font>,
    origin: Origin,
}

/// Where a font comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// It was there.
    Earlier,
    /// It is a standard one, whose codes are those of Windows.
    StandardWindows,
    /// It is a standard one in an encoding of which only ASCII is known here.
    StandardLatin,
}

impl LookFont {
    /// The codes of a string; `None` when this font may not show them.
    pub(super) fn codes(&self, octets: &[u8]) -> Option<Vec<Code>> {
        let codes = self.font.codes(octets);
        let as_told = self.told.as_ref().is_none_or(|told| {
            let told = told.codes(octets);
            codes
                .iter()
                .map(|code| &code.text)
                .eq(told.iter().map(|code| &code.text))
        });
        let is_told = as_told
            && codes.iter().all(|code| code.text.is_some())
            && (self.origin == Origin::StandardWindows || octets.is_ascii());
        (self.origin == Origin::Earlier || is_told).then_some(codes)
    }
}

impl LookFonts<'_> {
    /// The font of this name; `None` when it is not there, or one that nobody knows.
    pub(super) fn read(
        &self,
        step: &Step<'_, '_>,
        resources: &Dictionary,
        name: &str,
        at: RevisionIndex,
    ) -> Result<Option<LookFont>> {
        let own = step.document.value(resources, "Font", at)?;
        let own = own.as_dictionary().and_then(|fonts| fonts.get(name));
        let of_form = || self.of_form.and_then(|fonts| fonts.get(name));
        let Some(named) = own.or_else(of_form) else {
            return Ok(None);
        };
        let Object::Dictionary(dictionary) = step.document.resolve(named, at)? else {
            return Ok(None);
        };
        let mut is_earlier = at == step.before;
        for earlier in &self.earlier {
            is_earlier = is_earlier || step.same_content(earlier, named)?;
        }
        let value = |key| step.document.value(&dictionary, key, at);
        let encoding = match value("Encoding")? {
            Object::Dictionary(encoding) => step.document.value(&encoding, "BaseEncoding", at)?,
            encoding => encoding,
        };
        let is_simple = value("Subtype")?
            .as_name()
            .is_some_and(|name| *name == "Type1" || *name == "TrueType");
        let base = value("BaseFont")?;
        let is_standard = is_simple
            && base
                .as_name()
                .is_some_and(|name| STANDARD.iter().any(|known| *name == **known))
            && dictionary
                .entries()
                .iter()
                .all(|entry| OF_A_STANDARD_FONT.iter().any(|known| entry.key == **known));
        let is_windows = encoding
            .as_name()
            .is_some_and(|name| *name == "WinAnsiEncoding");
        let origin = match (is_earlier, is_standard) {
            (true, _) => Origin::Earlier,
            (_, true) if is_windows => Origin::StandardWindows,
            (_, true) => Origin::StandardLatin,
            _ => return Ok(None),
        };
        let mut drawn = dictionary.clone();
        let mut told = None;
        if origin != Origin::Earlier && drawn.get("ToUnicode").is_some() {
            drawn.remove("ToUnicode");
            told = Some(Font::read(step.document, &dictionary, at)?);
        }
        let font = Font::read(step.document, &drawn, at)?;
        Ok(Some(LookFont { font, told, origin }))
    }
}
