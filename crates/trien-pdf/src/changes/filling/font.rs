//! Fonts that fields are filled in (ISO 32000-2, 12.7.4.3): those that were there when the document
//! was signed, and the standard ones, of which everybody knows what they show. Any other font of
//! an update says what its maker likes (ATTACKS.md, S3).

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::program::{Characters, Embedded, Program, agree};
use crate::changes::step::{Result, Step};
use crate::content::{Code, Font, character_of_name};
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

/// Flag of a font whose letters are of its own kind (9.8.2, table 121).
const SYMBOLIC: i64 = 1 << 2;

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
    /// The last font that nobody can tell the letters of.
    pub(super) doubted: RefCell<Option<String>>,
}

/// A font of a look.
#[derive(Debug)]
pub(super) struct LookFont {
    /// What the font is called.
    pub(super) name: String,
    font: Font,
    /// The same with its map to Unicode, where a new one has some: what it tells must be what the
    /// encoding draws.
    told: Option<Font>,
    origin: Origin,
    /// Codes whose glyphs are others than their names say, or may be (9.6.5, table 112).
    strange: BTreeSet<u8>,
    glyphs: Glyphs,
}

/// What the glyphs of a font are, whatever its map to Unicode says.
#[derive(Debug)]
enum Glyphs {
    /// By codes of one octet.
    OfCodes(BTreeMap<u8, Characters>),
    /// By codes of two octets, which are the numbers of the glyphs or lead to them (9.7.4.2).
    OfPairs {
        program: Rc<Program>,
        numbers: Option<Vec<u8>>,
    },
    /// Nothing tells.
    Unknown,
}

impl Glyphs {
    /// Whether codes stand for what is drawn; what only the glyphs tell is told.
    fn agree_with(&self, octets: &[u8], codes: &mut [Code]) -> bool {
        match self {
            Self::Unknown => true,
            Self::OfCodes(drawn) => {
                let mut pairs = octets.iter().zip(codes);
                pairs.all(|(octet, code)| agrees(drawn.get(octet), code))
            }
            Self::OfPairs { program, numbers } => {
                let mut pairs = octets.chunks(2).zip(codes);
                pairs.all(|(pair, code)| {
                    let number = number_of_pair(pair);
                    let glyph = match numbers {
                        Some(numbers) => {
                            let at = usize::try_from(number).unwrap_or(usize::MAX);
                            let at = at.saturating_mul(2);
                            let pair = numbers.get(at..at.saturating_add(2));
                            pair.map_or(0, number_of_pair)
                        }
                        None => number,
                    };
                    agrees(program.of_glyph(glyph), code)
                })
            }
        }
    }
}

fn number_of_pair(pair: &[u8]) -> u32 {
    pair.iter()
        .fold(0, |number, octet| (number << 8) | u32::from(*octet))
}

fn agrees(drawn: Option<&Characters>, code: &mut Code) -> bool {
    let Some(drawn) = drawn else {
        return true;
    };
    if let Some(text) = &code.text {
        return agree(drawn, text);
    }
    if let (1, Some(only)) = (drawn.len(), drawn.first()) {
        code.text = Some(only.to_string());
    }
    true
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
        if octets.iter().any(|octet| self.strange.contains(octet)) {
            return None;
        }
        let mut codes = self.font.codes(octets);
        if !self.glyphs.agree_with(octets, &mut codes) {
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
}

/// Letters and digits of ASCII, which every encoding for text has where ASCII has them (annex D).
const ASCII: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl LookFont {
    /// Whether it was there, or shows letters and digits where ASCII has them: viewers that draw a
    /// value set its letters in it.
    pub(super) fn keeps_ascii(&self) -> bool {
        let letter = |(code, octet): (&Code, &u8)| {
            let text = code.text.as_deref().unwrap_or_default();
            text.as_bytes() == [*octet]
        };
        self.origin == Origin::Earlier
            || self.codes(ASCII).is_some_and(|codes| {
                codes.len() == ASCII.len() && codes.iter().zip(ASCII).all(letter)
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
    let Object::Dictionary(encoding) = step.document.value(font, "Encoding", at)? else {
        return Ok(BTreeSet::new());
    };
    let differences = step.document.value(&encoding, "Differences", at)?;
    let names = named_codes(&differences).into_iter();
    let strange = names.filter(|(_, name)| is_strange_name(name, origin));
    Ok(strange.map(|(code, _)| code).collect())
}

/// Names of glyphs by code (9.6.5.1, table 112).
fn named_codes(differences: &Object) -> BTreeMap<u8, String> {
    let mut names = BTreeMap::new();
    let mut code = 0_u8;
    for element in differences.as_array().unwrap_or_default() {
        match element {
            Object::Integer(first) => code = u8::try_from(*first).unwrap_or_default(),
            Object::Name(name) => {
                names.insert(code, name.to_string());
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    names
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

/// What the glyphs of a font are, as far as its encoding and its program tell.
fn glyphs_of(
    step: &Step<'_, '_>,
    (font, descendant): (&Dictionary, &Dictionary),
    descriptor: &Dictionary,
    embedded: Embedded,
    at: RevisionIndex,
) -> Result<Glyphs> {
    let value = |of: &Dictionary, key: &str| step.document.value(of, key, at);
    let program = match embedded {
        Embedded::Program(program) => Some(program),
        Embedded::Nothing | Embedded::TooMuch => None,
    };
    let is_named = |object: &Object, names: &[&str]| {
        let name = object.as_name();
        name.is_some_and(|name| names.iter().any(|known| *name == **known))
    };
    let encoding = value(font, "Encoding")?;
    let subtype = value(font, "Subtype")?;
    if is_named(&subtype, &["Type0"]) {
        let (Some(program), true) = (program, is_named(&encoding, &["Identity-H", "Identity-V"]))
        else {
            return Ok(Glyphs::Unknown);
        };
        let numbers = match value(descendant, "CIDToGIDMap")? {
            Object::Stream(stream) => match step.document.decoded(&stream, at) {
                Ok(data) => Some(data.to_vec()),
                Err(error) if error.is_limit() => return Err(error),
                Err(_) => return Ok(Glyphs::Unknown),
            },
            _ => None,
        };
        return Ok(Glyphs::OfPairs { program, numbers });
    }
    let (names, base) = match &encoding {
        Object::Dictionary(own) => (
            named_codes(&value(own, "Differences")?),
            value(own, "BaseEncoding")?,
        ),
        other => (BTreeMap::new(), other.clone()),
    };
    let is_latin = is_named(
        &base,
        &["WinAnsiEncoding", "MacRomanEncoding", "StandardEncoding"],
    );
    let flags = value(descriptor, "Flags")?.as_integer().unwrap_or_default();
    // 9.6.5.4: the codes of a symbolic font are those of its program.
    let is_own =
        is_named(&subtype, &["TrueType"]) && (flags & SYMBOLIC != 0 || encoding == Object::Null);
    let mut drawn = BTreeMap::new();
    for code in 0..=u8::MAX {
        let by_program = || {
            let program = program.as_ref();
            program.and_then(|program| program.of_code(code)).cloned()
        };
        let letter = |letter: char| Some(Characters::from([letter]));
        let characters = match names.get(&code) {
            _ if is_own && program.is_some() => by_program(),
            Some(name) => character_of_name(name).and_then(letter),
            None if is_latin && code.is_ascii_alphanumeric() => letter(char::from(code)),
            None if is_latin => None,
            None => by_program(),
        };
        if let Some(characters) = characters {
            drawn.insert(code, characters);
        }
    }
    Ok(Glyphs::OfCodes(drawn))
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
        let called = base.as_name().map(ToString::to_string).unwrap_or_default();
        self.doubted.replace(Some(called.clone()));
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
        let embedded = Embedded::read(step, &descriptor, at)?;
        let strange = match embedded {
            Embedded::TooMuch => return Ok(None),
            Embedded::Program(_) => BTreeSet::new(),
            Embedded::Nothing => strange_codes(step, &dictionary, origin, at)?,
        };
        let fonts = (&dictionary, &descendant);
        let glyphs = glyphs_of(step, fonts, &descriptor, embedded, at)?;
        self.doubted.take();
        Ok(Some(LookFont {
            name: called,
            font,
            told,
            origin,
            strange,
            glyphs,
        }))
    }
}
