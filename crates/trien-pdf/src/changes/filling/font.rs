//! Fonts that fields are filled in (ISO 32000-2, 12.7.4.3): those that were there when the document
//! was signed, and the standard ones, of which everybody knows what they show. Any other font of
//! an update says what its maker likes (ATTACKS.md, S3).

use std::collections::{BTreeMap, BTreeSet};

use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;

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

/// Fonts of signs (9.6.2.2), and those that programs bring: no text is written in them.
const SIGNS: [&str; 5] = ["Marlett", "Symbol", "Webdings", "Wingdings", "ZapfDingbats"];

/// Characters of one font program that are read: the largest have 65,535 glyphs.
const MAPPINGS: usize = 200_000;

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
    /// Codes whose glyphs are others than their names say, or may be (9.6.5, table 112).
    strange: BTreeSet<u8>,
    /// What the program of an embedded font says of its glyphs.
    program: Option<Program>,
}

/// Characters of the glyphs of an embedded font, by their numbers.
type Program = BTreeMap<u32, BTreeSet<char>>;

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
        if octets.iter().any(|octet| self.strange.contains(octet)) {
            return None;
        }
        let codes = self.font.codes(octets);
        if !self.program_agrees(octets, &codes) {
            return None;
        }
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

    /// Whether the program of an embedded font, where it tells, says of the glyphs what their map to
    /// Unicode says.
    fn program_agrees(&self, octets: &[u8], codes: &[Code]) -> bool {
        let Some(program) = &self.program else {
            return true;
        };
        // 9.7.5.2: codes of two octets, which are the numbers of the glyphs.
        let glyphs = octets.chunks(2).map(|pair| {
            pair.iter()
                .fold(0_u32, |glyph, octet| (glyph << 8) | u32::from(*octet))
        });
        glyphs.zip(codes).all(|(glyph, code)| {
            let (Some(known), Some(text)) = (program.get(&glyph), &code.text) else {
                return true;
            };
            let text: String = text.nfkc().collect();
            let mut known = known.iter();
            known.any(|known| std::iter::once(*known).nfkc().eq(text.chars()))
        })
    }
}

/// Whether a font is one of signs, which no text is written in.
fn is_of_signs(base: &Object) -> bool {
    let name = base.as_name().map(ToString::to_string).unwrap_or_default();
    // 9.9.2: six letters tag a subset.
    let name = name.split_once('+').map_or(name.as_str(), |(_, name)| name);
    SIGNS.iter().any(|signs| name.starts_with(signs))
}

/// Whether a glyph of this name is, in a font that the file does not have, another one than it says:
/// standard fonts know no variants, and no numbers where there is a name (annex D). Without such a
/// glyph readers draw that of the code.
fn is_strange_name(name: &str, origin: Origin) -> bool {
    if name.get(1..).is_some_and(|rest| rest.contains('.')) {
        return true;
    }
    let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'));
    let code = digits
        .filter(|digits| (4..=6).contains(&digits.len()))
        .and_then(|digits| u32::from_str_radix(digits, 16).ok());
    code.is_some_and(|code| origin != Origin::Earlier || code < 0x80)
}

/// Codes of a font that the file does not have, whose glyphs are strange.
fn strange_codes(
    step: &Step<'_, '_>,
    font: &Dictionary,
    origin: Origin,
    at: RevisionIndex,
) -> Result<BTreeSet<u8>> {
    let mut strange = BTreeSet::new();
    let Object::Dictionary(encoding) = step.document.value(font, "Encoding", at)? else {
        return Ok(strange);
    };
    let differences = step.document.value(&encoding, "Differences", at)?;
    let mut code = 0_u8;
    for element in differences.as_array().unwrap_or_default() {
        match element {
            Object::Integer(first) => code = u8::try_from(*first).unwrap_or_default(),
            Object::Name(name) => {
                if is_strange_name(&name.to_string(), origin) {
                    strange.insert(code);
                } else {
                    strange.remove(&code);
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    Ok(strange)
}

/// The descriptor of a font, or of its descendant (9.7.4, 9.8).
fn descriptor_of(
    step: &Step<'_, '_>,
    font: &Dictionary,
    at: RevisionIndex,
) -> Result<(Dictionary, Option<Dictionary>)> {
    let descendants = step.document.value(font, "DescendantFonts", at)?;
    let first = descendants.as_array().and_then(<[Object]>::first);
    let holder = match first {
        Some(first) => step.document.resolve(first, at)?,
        None => Object::Null,
    };
    let holder = holder.as_dictionary().unwrap_or(font).clone();
    let descriptor = step.document.value(&holder, "FontDescriptor", at)?;
    Ok((holder, descriptor.as_dictionary().cloned()))
}

/// What the program of a composite font says, whose codes are the numbers of its glyphs; `None` where
/// it says nothing.
fn program_of(
    step: &Step<'_, '_>,
    (font, descendant): (&Dictionary, &Dictionary),
    descriptor: &Dictionary,
    at: RevisionIndex,
) -> Result<Option<Program>> {
    let is_named = |object: &Object, names: &[&str]| {
        let name = object.as_name();
        name.is_some_and(|name| names.iter().any(|known| *name == **known))
    };
    let value = |of: &Dictionary, key: &str| step.document.value(of, key, at);
    let to_glyphs = value(descendant, "CIDToGIDMap")?;
    let by_number = is_named(&value(font, "Encoding")?, &["Identity-H", "Identity-V"])
        && (to_glyphs == Object::Null || is_named(&to_glyphs, &["Identity"]));
    let Object::Stream(stream) = value(descriptor, "FontFile2")? else {
        return Ok(None);
    };
    if !by_number {
        return Ok(None);
    }
    let data = match step.document.decoded(&stream, at) {
        Ok(data) => data,
        Err(error) if error.is_limit() => return Err(error),
        Err(_) => return Ok(None),
    };
    let Ok(program) = FontRef::new(&data) else {
        return Ok(None);
    };
    let mut characters = Program::new();
    for (code, glyph) in program.charmap().mappings().take(MAPPINGS) {
        if let Some(character) = char::from_u32(code) {
            let known = characters.entry(glyph.to_u32()).or_default();
            known.insert(character);
        }
    }
    Ok(Some(characters))
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
        let base = step.document.value(&dictionary, "BaseFont", at)?;
        let subtype = step.document.value(&dictionary, "Subtype", at)?;
        let is_drawn = subtype.as_name().is_some_and(|name| *name == "Type3");
        // 9.6.4: the glyphs of such a font are drawings, whatever their names say.
        if at == step.after && (is_drawn || is_of_signs(&base)) {
            return Ok(None);
        }
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
        let (descendant, descriptor) = descriptor_of(step, &dictionary, at)?;
        let descriptor = descriptor.unwrap_or_default();
        let is_embedded = ["FontFile", "FontFile2", "FontFile3"]
            .iter()
            .any(|key| descriptor.get(key).is_some());
        let strange = if is_embedded {
            BTreeSet::new()
        } else {
            strange_codes(step, &dictionary, origin, at)?
        };
        let program = program_of(step, (&dictionary, &descendant), &descriptor, at)?;
        Ok(Some(LookFont {
            font,
            told,
            origin,
            strange,
            program,
        }))
    }
}
