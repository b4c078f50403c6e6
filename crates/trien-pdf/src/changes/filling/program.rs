//! What the programs of embedded fonts say of their glyphs (ISO 32000-2, 9.9): names, and characters
//! of their own tables. Whoever makes a program says there what he likes; but a program that was made
//! to be read says what it draws, and a map to Unicode that says others lies (ATTACKS.md, S3).
//! Knows no outlines.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use skrifa::raw::TableProvider;
use skrifa::raw::ps::cff::CffFontRef;
use skrifa::raw::tables::cmap::PlatformId;
use skrifa::{FontRef, GlyphNameSource, MetadataProvider};
use trien_types::Limits;
use unicode_normalization::UnicodeNormalization;

use crate::changes::step::{Result, Step};
use crate::content::character_of_name;
use crate::cursor::Cursor;
use crate::parse::direct_object;
use crate::{Dictionary, Object, ObjectId, RevisionIndex};

/// Characters of one program that are read: the largest have 65,535 glyphs.
const MAPPINGS: usize = 200_000;

/// Octets of a program that count as one entry of what is read over and over.
const OCTETS_PER_ENTRY: usize = 64;

/// Tables of characters of one program that are asked: they have two or three.
const TABLES: usize = 16;

/// Tokens of a Type 1 program that are read for its encoding: it has 256 codes.
const TOKENS: usize = 8_192;

/// Where the glyphs of a symbolic font stand besides their codes (9.6.5.4).
const SYMBOLS: u32 = 0xF000;

/// Letters that two names are in use for.
const ALIKE: [(char, char); 2] = [('Đ', 'Ð'), ('Δ', '∆')];

/// Characters that one glyph stands for.
pub(super) type Characters = BTreeSet<char>;

/// What a program says.
#[derive(Debug, Default)]
pub(super) struct Program {
    /// By the numbers of its glyphs.
    by_glyph: BTreeMap<u32, Characters>,
    /// By the codes of its own encoding.
    by_code: BTreeMap<u8, Characters>,
}

/// The programs of a document that were read: a thousand fields are filled in one font.
#[derive(Debug, Default)]
pub(in crate::changes) struct Programs(RefCell<HashMap<(ObjectId, RevisionIndex), Rc<Program>>>);

/// What the descriptor of a font embeds.
#[derive(Debug)]
pub(super) enum Embedded {
    /// Nothing: readers bring the glyphs.
    Nothing,
    /// A program.
    Program(Rc<Program>),
    /// One that is read no more.
    TooMuch,
}

impl Embedded {
    pub(super) fn read(
        step: &Step<'_, '_>,
        descriptor: &Dictionary,
        at: RevisionIndex,
    ) -> Result<Self> {
        let mut keys = ["FontFile", "FontFile2", "FontFile3"].into_iter();
        let Some(key) = keys.find(|key| descriptor.get(key).is_some()) else {
            return Ok(Self::Nothing);
        };
        let id = descriptor.get(key).and_then(Object::as_reference);
        let known = id.and_then(|id| step.programs.0.borrow().get(&(id, at)).cloned());
        if let Some(known) = known {
            return Ok(Self::Program(known));
        }
        let Object::Stream(stream) = step.document.value(descriptor, key, at)? else {
            return Ok(Self::Program(Rc::default()));
        };
        let data = match step.document.decoded(&stream, at) {
            Ok(data) => data,
            Err(error) if error.is_limit() => return Err(error),
            Err(_) => return Ok(Self::Program(Rc::default())),
        };
        let cost = data.len().div_euclid(OCTETS_PER_ENTRY).saturating_add(1);
        if !step.budget.spend(cost) {
            return Ok(Self::TooMuch);
        }
        let subtype = step.document.value(&stream.dictionary, "Subtype", at)?;
        let is_open_type = subtype.as_name().is_some_and(|name| *name == "OpenType");
        let program = match key {
            "FontFile" => Program::of_type_1(&data, step.document.limits()),
            "FontFile3" if !is_open_type => Program::of_compact(&data),
            _ => Program::of_open_type(&data),
        };
        let program = Rc::new(program);
        if let Some(id) = id {
            let mut known = step.programs.0.borrow_mut();
            known.insert((id, at), Rc::clone(&program));
        }
        Ok(Self::Program(program))
    }
}

impl Program {
    pub(super) fn of_glyph(&self, glyph: u32) -> Option<&Characters> {
        self.by_glyph.get(&glyph)
    }

    pub(super) fn of_code(&self, code: u8) -> Option<&Characters> {
        self.by_code.get(&code)
    }

    fn name(&mut self, glyph: u32, name: &str) {
        if let Some(character) = character_of_name(name) {
            self.by_glyph.entry(glyph).or_default().insert(character);
        }
    }

    fn encode(&mut self, code: u8, glyph: u32) {
        if let Some(characters) = self.by_glyph.get(&glyph) {
            let known = self.by_code.entry(code).or_default();
            known.extend(characters);
        }
    }

    /// `TrueType` and `OpenType`: the table of characters, and names where it says nothing.
    fn of_open_type(data: &[u8]) -> Self {
        let mut program = Self::default();
        let Ok(font) = FontRef::new(data) else {
            return program;
        };
        for (code, glyph) in font.charmap().mappings().take(MAPPINGS) {
            // Places of no character's own, and of symbols.
            let character = char::from_u32(code).filter(|one| !is_private(*one));
            if let Some(character) = character {
                let known = program.by_glyph.entry(glyph.to_u32()).or_default();
                known.insert(character);
            }
        }
        let names = font.glyph_names();
        if names.source() != GlyphNameSource::Synthesized {
            for (glyph, name) in names.iter().take(MAPPINGS) {
                if !program.by_glyph.contains_key(&glyph.to_u32()) {
                    program.name(glyph.to_u32(), name.as_str());
                }
            }
        }
        let Ok(table) = font.cmap() else {
            return program;
        };
        for record in table.encoding_records().iter().take(TABLES) {
            let bases: &[u32] = match (record.platform_id(), record.encoding_id()) {
                (PlatformId::Windows, 0) => &[SYMBOLS, 0],
                (PlatformId::Macintosh, 0) => &[0],
                _ => continue,
            };
            let Ok(table) = record.subtable(table.offset_data()) else {
                continue;
            };
            for code in 0..=u8::MAX {
                let mut places = bases.iter().map(|base| base | u32::from(code));
                if let Some(glyph) = places.find_map(|place| table.map_codepoint(place)) {
                    program.encode(code, glyph.to_u32());
                }
            }
        }
        program
    }

    /// Compact programs (CFF): names, which those have not whose glyphs are numbered.
    fn of_compact(data: &[u8]) -> Self {
        let mut program = Self::default();
        let Ok(font) = CffFontRef::new(data, 0, None) else {
            return program;
        };
        if font.is_cid() {
            return program;
        }
        let names = font.charset();
        for (glyph, name) in names.iter().flat_map(|names| names.iter()).take(MAPPINGS) {
            let name = font.string(name).and_then(|name| str::from_utf8(name).ok());
            program.name(glyph.to_u32(), name.unwrap_or_default());
        }
        if let Some(encoding) = font.encoding() {
            for code in 0..=u8::MAX {
                if let Some(glyph) = encoding.map(code) {
                    program.encode(code, glyph.to_u32());
                }
            }
        }
        program
    }

    /// Type 1: its encoding stands in the clear, as `dup 54 /six put`.
    fn of_type_1(data: &[u8], limits: &Limits) -> Self {
        let mut program = Self::default();
        let Some(at) = memchr::memmem::find(data, b"/Encoding") else {
            return program;
        };
        let rest = data.get(at.saturating_add(b"/Encoding".len())..);
        let mut cursor = Cursor::new(rest.unwrap_or_default(), 0);
        let mut before = None;
        for _ in 0..TOKENS {
            cursor.skip_white_space();
            match cursor.peek() {
                None => break,
                Some(b'/' | b'0'..=b'9') => {
                    let Ok(object) = direct_object(&mut cursor, limits) else {
                        break;
                    };
                    if let (Some(Object::Integer(code)), Object::Name(name)) = (&before, &object)
                        && let Ok(code) = u8::try_from(*code)
                        && let Some(character) = character_of_name(&name.to_string())
                    {
                        // A later one of the same code takes its place.
                        program.by_code.insert(code, Characters::from([character]));
                    }
                    before = Some(object);
                }
                Some(_) => match cursor.regular_run() {
                    b"StandardEncoding" => {
                        program.by_code = standard();
                        break;
                    }
                    b"def" | b"eexec" => break,
                    b"" => cursor.advance(1),
                    _ => before = None,
                },
            }
        }
        program
    }
}

/// Letters and digits of the standard encoding (annex D.2), which are those of ASCII.
fn standard() -> BTreeMap<u8, Characters> {
    let letters = (0..=u8::MAX).filter(u8::is_ascii_alphanumeric);
    letters
        .map(|code| (code, Characters::from([char::from(code)])))
        .collect()
}

const fn is_private(character: char) -> bool {
    matches!(character, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Whether a glyph that is drawn for one of these characters may stand for a text: letters and digits
/// are what they are called, signs have many names.
pub(super) fn agree(drawn: &Characters, text: &str) -> bool {
    let plain = |text: &str| -> String {
        let alike = |letter: char| {
            let known = ALIKE.iter().find(|(_, other)| *other == letter);
            known.map_or(letter, |(one, _)| *one)
        };
        text.chars().map(alike).nfkc().collect()
    };
    let text = plain(text);
    let is_word = |text: &str| text.chars().any(char::is_alphanumeric);
    drawn.iter().any(|one| {
        let one = plain(one.encode_utf8(&mut [0; 4]));
        one == text || !(is_word(&one) || is_word(&text))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A compact program of one glyph, of this standard name, for the code 54.
    fn compact(name: u8) -> Vec<u8> {
        let mut data = vec![1, 0, 4, 1, 0, 1, 1, 1, 2, b'A', 0, 1, 1, 1, 30];
        // 15 charset, 16 encoding, 17 glyphs, 18 private: numbers of four octets behind 29.
        for (numbers, operator) in [(&[48][..], 15), (&[51], 16), (&[54], 17), (&[0, 62], 18)] {
            for number in numbers {
                data.extend([29, 0, 0, 0, *number]);
            }
            data.push(operator);
        }
        data.extend([0, 0, 0, 0, 0, 0, name, 0, 1, 54, 0, 2, 1, 1, 2, 3, 14, 14]);
        data
    }

    fn of_code(program: &Program, code: u8) -> String {
        program.of_code(code).into_iter().flatten().collect()
    }

    fn type_1(encoding: &str) -> Program {
        let data = format!("%!PS-AdobeFont-1.0: A\n/Encoding {encoding}\ncurrentfile eexec\n");
        Program::of_type_1(data.as_bytes(), &Limits::default())
    }

    #[test]
    fn compact_programs_name_their_glyphs_and_codes() {
        for (name, letter) in [(23, "6"), (26, "9")] {
            let program = Program::of_compact(&compact(name));
            assert_eq!(of_code(&program, 54), letter);
            let glyph = program.of_glyph(1).into_iter().flatten();
            assert_eq!(glyph.collect::<String>(), letter);
            assert_eq!(of_code(&program, 57), "");
        }
    }

    #[test]
    fn type_1_programs_name_their_codes() {
        let own = "256 array 0 1 255 {1 index exch /.notdef put} for\ndup 54 /nine put\n\
                   dup 55 /g7 put\nreadonly def dup 56 /eight put";
        let program = type_1(own);
        assert_eq!(of_code(&program, 54), "9");
        for code in [0, 1, 55, 56, 255] {
            assert_eq!(of_code(&program, code), "", "{code}");
        }
        let program = type_1("StandardEncoding def");
        assert_eq!(of_code(&program, b'6'), "6");
        assert_eq!(of_code(&program, b'\''), "");
    }

    #[test]
    fn letters_and_digits_are_what_they_are_called_and_signs_have_many_names() {
        let drawn = |letter| Characters::from([letter]);
        assert!(agree(&drawn('6'), "6") && !agree(&drawn('9'), "6"));
        assert!(agree(&drawn('\u{FB01}'), "fi"));
        assert!(agree(&drawn('Ð'), "Đ") && agree(&drawn('ệ'), "e\u{302}\u{323}"));
        assert!(agree(&drawn('\u{2212}'), "-") && !agree(&drawn('-'), "6"));
        assert!(agree(&Characters::from(['9', '6']), "6"));
    }

    #[test]
    fn damaged_programs_say_what_they_can_and_stop_nobody() {
        let type_1 = b"%!PS\n/Encoding 256 array dup 54 /nine put readonly def".to_vec();
        for whole in [compact(26), type_1] {
            for at in 0..whole.len() {
                for octet in [0, 0x7F, 0xFF] {
                    let mut damaged = whole.clone();
                    damaged[at] = octet;
                    let _ = Program::of_compact(&damaged);
                    let _ = Program::of_open_type(&damaged);
                    let _ = Program::of_type_1(&damaged, &Limits::default());
                    let _ = Program::of_compact(&damaged[..at]);
                }
            }
        }
    }
}
