//! Fonts as far as text is read with them (ISO 32000-2, 9.6, 9.7): codes, their text, their width.
//! Knows no outlines.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::CONTENT_OCTETS;
use super::character_map::CharacterMap;
use super::drawn_font::DrawnLetters;
use super::encoding::SimpleEncoding;
use crate::field::number_of;
use crate::{Dictionary, Document, Object, ReadError, RevisionIndex};

/// Widths of one font at most.
const WIDTHS: usize = 65_536;

/// Width of letters whose font tells none, as a share of the size.
const USUAL_WIDTH: f64 = 0.5;

/// How far letters reach above the baseline, as a share of the size.
pub(super) const USUAL_ASCENT: f64 = 0.75;

/// How far letters reach below the baseline.
pub(super) const USUAL_DESCENT: f64 = -0.25;

/// How far letters with two marks reach above the baseline.
pub(super) const LARGEST_ASCENT: f64 = 1.0;

/// How far the lowest letters reach below it.
pub(super) const LARGEST_DESCENT: f64 = -0.3;

/// Fonts of signs, among them full squares.
const SIGNS: [&str; 3] = ["Dingbats", "Symbol", "Wingdings"];

/// A font that text is shown in.
#[derive(Debug)]
pub(crate) struct Font {
    kind: Kind,
    to_unicode: Option<CharacterMap>,
    /// As shares of the size, by code or CID.
    widths: BTreeMap<u32, f64>,
    default_width: f64,
    /// Letters that are streams (9.6.4).
    pub(super) drawn: Option<Rc<DrawnLetters>>,
    /// Whether its letters are a reader's own, and letters.
    pub(super) keeps_to_box: bool,
    /// How far letters reach above and below the baseline, as shares of the size: the usual ones,
    /// since marks are placed by lines and not by outlines.
    pub(super) ascent: f64,
    pub(super) descent: f64,
}

#[derive(Debug)]
enum Kind {
    /// One octet a code.
    Simple(SimpleEncoding),
    /// Two octets a code; the code is the CID (Identity-H).
    Composite,
    /// A predefined or embedded map from codes to CIDs: codes are as long as those of the map to
    /// Unicode, and their widths are not known.
    Unknown,
}

/// One code of a string.
#[derive(Debug, PartialEq)]
pub(crate) struct Code {
    /// What it stands for, where the file tells.
    pub(crate) text: Option<String>,
    /// As a share of the size.
    pub(crate) width: f64,
    /// 9.3.3: word spacing goes to the code 32 of one octet alone.
    pub(crate) is_word_space: bool,
}

impl Font {
    /// Whether its letters may have colours of their own.
    pub(super) const fn paints_itself(&self) -> bool {
        self.drawn.is_some()
    }

    /// The font that a dictionary means as of a revision.
    pub(crate) fn read(
        document: &Document<'_>,
        font: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<Self, ReadError> {
        let value = |dictionary: &Dictionary, key| document.value(dictionary, key, revision);
        let to_unicode = match value(font, "ToUnicode")? {
            Object::Stream(stream) => document
                .form_data(&stream, revision, CONTENT_OCTETS)?
                .map(|data| CharacterMap::parse(&data, document.limits())),
            _ => None,
        };
        let subtype = value(font, "Subtype")?;
        let is = |name: &str| subtype.as_name().is_some_and(|subtype| *subtype == *name);
        let mut read = Self {
            kind: Kind::Unknown,
            to_unicode,
            widths: BTreeMap::new(),
            default_width: USUAL_WIDTH,
            drawn: None,
            keeps_to_box: false,
            ascent: USUAL_ASCENT,
            descent: USUAL_DESCENT,
        };
        if is("Type0") {
            let encoding = value(font, "Encoding")?;
            let is_identity = encoding
                .as_name()
                .is_some_and(|name| *name == "Identity-H" || *name == "Identity-V");
            read.kind = if is_identity {
                Kind::Composite
            } else {
                Kind::Unknown
            };
            let descendants = value(font, "DescendantFonts")?;
            let first = descendants
                .as_array()
                .and_then(|fonts| fonts.first().cloned())
                .unwrap_or(Object::Null);
            if let Object::Dictionary(descendant) = document.resolve(&first, revision)? {
                let default = number_of(&value(&descendant, "DW")?).unwrap_or(1000.0);
                read.default_width = default / 1000.0;
                let widths = value(&descendant, "W")?;
                read.take_composite_widths(document, &widths, revision)?;
            }
        } else {
            let encoding = SimpleEncoding::read(document, font, revision)?;
            read.kind = Kind::Simple(encoding);
            if is("Type3") {
                read.drawn = Some(Rc::new(DrawnLetters::read(document, font, revision)?));
            }
            read.keeps_to_box = !is("Type3") && is_of_letters(document, font, revision)?;
            // 9.6.4: a type 3 font says how large its units are.
            let unit = match value(font, "FontMatrix")? {
                Object::Array(matrix) if is("Type3") => {
                    matrix.first().and_then(number_of).unwrap_or(0.001)
                }
                _ => 0.001,
            };
            let first = value(font, "FirstChar")?.as_integer().unwrap_or_default();
            let first = u32::try_from(first).unwrap_or_default();
            let widths = value(font, "Widths")?;
            for (code, width) in (first..).zip(widths.as_array().unwrap_or_default()) {
                if code > u8::MAX.into() {
                    break;
                }
                if let Some(width) = number_of(&document.resolve(width, revision)?) {
                    read.widths.insert(code, width * unit);
                }
            }
        }
        Ok(read)
    }

    /// 9.7.4.3: `c [w1 w2 …]` and `first last w`.
    fn take_composite_widths(
        &mut self,
        document: &Document<'_>,
        widths: &Object,
        revision: RevisionIndex,
    ) -> Result<(), ReadError> {
        let mut rest = widths.as_array().unwrap_or_default();
        while let [first, second, tail @ ..] = rest {
            let first = document.resolve(first, revision)?;
            let second = document.resolve(second, revision)?;
            let Some(first) = code_number(&first) else {
                return Ok(());
            };
            if let Object::Array(list) = &second {
                for (code, width) in (first..).zip(list) {
                    if let Some(width) = number_of(&document.resolve(width, revision)?) {
                        self.insert(code, width);
                    }
                }
                rest = tail;
            } else {
                let (Some(last), [width, tail @ ..]) = (code_number(&second), tail) else {
                    return Ok(());
                };
                if let Some(width) = number_of(&document.resolve(width, revision)?) {
                    for code in (first..=last).take(WIDTHS) {
                        self.insert(code, width);
                    }
                }
                rest = tail;
            }
        }
        Ok(())
    }

    fn insert(&mut self, code: u32, width: f64) {
        if self.widths.len() < WIDTHS {
            self.widths.insert(code, width / 1000.0);
        }
    }

    /// The codes of a string that is shown.
    pub(crate) fn codes(&self, octets: &[u8]) -> Vec<Code> {
        match &self.kind {
            Kind::Simple(encoding) => octets
                .iter()
                .map(|octet| {
                    let code = u32::from(*octet);
                    let mapped = self.mapped(code);
                    let text = mapped.or_else(|| encoding.character(*octet).map(String::from));
                    Code {
                        is_word_space: code == 32,
                        ..self.code(code, text)
                    }
                })
                .collect(),
            Kind::Composite | Kind::Unknown => octets
                .chunks(self.code_octets())
                .map(|octets| {
                    let code = octets
                        .iter()
                        .fold(0_u32, |code, octet| (code << 8) | u32::from(*octet));
                    self.code(code, self.mapped(code))
                })
                .collect(),
        }
    }

    /// Codes of a string in a font that the file does not have: one an octet.
    pub(super) fn codes_of_any(octets: &[u8]) -> Vec<Code> {
        let code = |octet: &u8| Code {
            text: (*octet == b' ').then(|| " ".to_owned()),
            width: USUAL_WIDTH,
            is_word_space: *octet == b' ',
        };
        octets.iter().map(code).collect()
    }

    fn code_octets(&self) -> usize {
        match (&self.kind, &self.to_unicode) {
            (Kind::Unknown, Some(map)) if map.code_octets == 1 => 1,
            _ => 2,
        }
    }

    fn mapped(&self, code: u32) -> Option<String> {
        self.to_unicode.as_ref().and_then(|map| map.text(code))
    }

    fn code(&self, code: u32, text: Option<String>) -> Code {
        Code {
            text,
            width: self
                .widths
                .get(&code)
                .copied()
                .unwrap_or(self.default_width),
            is_word_space: false,
        }
    }
}

/// Whether a simple font is none of the file's and none of signs.
fn is_of_letters(
    document: &Document<'_>,
    font: &Dictionary,
    revision: RevisionIndex,
) -> Result<bool, ReadError> {
    let embedded = match document.value(font, "FontDescriptor", revision)? {
        Object::Dictionary(descriptor) => ["FontFile", "FontFile2", "FontFile3"]
            .iter()
            .any(|key| descriptor.get(key).is_some()),
        Object::Null => false,
        _ => true,
    };
    let name = document.value(font, "BaseFont", revision)?;
    let name = name.as_name().map(ToString::to_string);
    let is_letters = name.is_some_and(|name| !SIGNS.iter().any(|signs| name.contains(signs)));
    Ok(!embedded && is_letters)
}

fn code_number(object: &Object) -> Option<u32> {
    object
        .as_integer()
        .and_then(|code| u32::try_from(code).ok())
        .filter(|code| *code <= 0xFFFF)
}
