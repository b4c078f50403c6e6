//! Maps from codes to Unicode (ISO 32000-2, 9.10.3): the /ToUnicode stream of a font.
//! Reads `bfchar`, `bfrange` and the code space; other PostScript is passed over.

use std::collections::BTreeMap;

use trien_types::Limits;

use crate::cursor::Cursor;
use crate::parse::direct_object;
use crate::{Object, PdfString};

/// Entries of one map at most: the codes of two octets.
const ENTRIES: usize = 65_536;

/// Codes and the text they stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct CharacterMap {
    texts: BTreeMap<u32, String>,
    /// First code, last code and the character of the first.
    ranges: Vec<(u32, u32, u32)>,
    /// Octets of the longest code.
    pub(super) code_octets: usize,
}

impl CharacterMap {
    /// What is damaged is left out; entries over the bound are too.
    pub(super) fn parse(data: &[u8], limits: &Limits) -> Self {
        let mut map = Self::default();
        let mut cursor = Cursor::new(data, 0);
        let mut operands: Vec<Object> = Vec::new();
        loop {
            cursor.skip_white_space();
            let Some(octet) = cursor.peek() else {
                return map;
            };
            if matches!(
                octet,
                b'<' | b'[' | b'/' | b'(' | b'0'..=b'9' | b'-' | b'+' | b'.'
            ) {
                match direct_object(&mut cursor, limits) {
                    Ok(object) if operands.len() < ENTRIES => operands.push(object),
                    Ok(_) => {}
                    Err(_) => return map,
                }
                continue;
            }
            let run = cursor.regular_run();
            match run {
                b"" => cursor.advance(1),
                b"beginbfchar" | b"beginbfrange" => operands.clear(),
                b"endbfchar" => map.take_characters(&operands),
                b"endbfrange" => map.take_ranges(&operands),
                _ => {}
            }
        }
    }

    fn take_characters(&mut self, operands: &[Object]) {
        for pair in operands.chunks_exact(2) {
            if let [Object::String(written), Object::String(text)] = pair
                && let (Some(code), Some(text)) = (code_of(written), text_of(text))
            {
                self.code_octets = self.code_octets.max(written.octets.len());
                self.insert(code, text);
            }
        }
    }

    fn take_ranges(&mut self, operands: &[Object]) {
        for triple in operands.chunks_exact(3) {
            let [Object::String(first), Object::String(last), target] = triple else {
                continue;
            };
            let octets = first.octets.len();
            let (Some(first), Some(last)) = (code_of(first), code_of(last)) else {
                continue;
            };
            self.code_octets = self.code_octets.max(octets);
            match target {
                Object::String(text) => {
                    let text = text_of(text).unwrap_or_default();
                    let mut characters = text.chars();
                    if let (Some(character), None) = (characters.next(), characters.next()) {
                        if self.ranges.len() < ENTRIES {
                            self.ranges.push((first, last, character.into()));
                        }
                    } else {
                        self.insert(first, text);
                    }
                }
                Object::Array(texts) => {
                    for (code, text) in (first..=last).zip(texts) {
                        if let Object::String(text) = text
                            && let Some(text) = text_of(text)
                        {
                            self.insert(code, text);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn insert(&mut self, code: u32, text: String) {
        if self.texts.len() < ENTRIES {
            self.texts.insert(code, text);
        }
    }

    /// The text a code stands for.
    pub(super) fn text(&self, code: u32) -> Option<String> {
        if let Some(text) = self.texts.get(&code) {
            return Some(text.clone());
        }
        let (first, _, character) = self
            .ranges
            .iter()
            .find(|(first, last, _)| (*first..=*last).contains(&code))?;
        let character = character.checked_add(code.checked_sub(*first)?)?;
        char::from_u32(character).map(String::from)
    }
}

/// The value of at most four octets.
fn code_of(string: &PdfString) -> Option<u32> {
    let octets = string.octets.as_slice();
    if octets.is_empty() || octets.len() > 4 {
        return None;
    }
    Some(
        octets
            .iter()
            .fold(0_u32, |code, octet| (code << 8) | u32::from(*octet)),
    )
}

/// UTF-16BE without a byte order mark.
fn text_of(string: &PdfString) -> Option<String> {
    let units: Vec<u16> = string
        .octets
        .chunks_exact(2)
        .map(|pair| {
            pair.iter()
                .fold(0_u16, |unit, octet| (unit << 8) | u16::from(*octet))
        })
        .collect();
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_ranges_and_lists_are_read_and_damage_is_not() {
        let data = b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <ffff> \
            endcodespacerange 2 beginbfchar <0001> <1EC6> <0002> <00480049> endbfchar \
            2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<0061> <0062>] endbfrange \
            1 beginbfchar <0003> <D800> endbfchar";
        let map = CharacterMap::parse(data, &Limits::default());
        let text = |code| map.text(code);
        assert_eq!(text(1).as_deref(), Some("Ệ"));
        assert_eq!(text(2).as_deref(), Some("HI"));
        assert_eq!(text(0x12).as_deref(), Some("C"));
        assert_eq!(text(0x21).as_deref(), Some("b"));
        assert_eq!(text(3), None);
        assert_eq!(text(0x13), None);
    }

    #[test]
    fn a_range_over_all_codes_costs_nothing() {
        let data = b"beginbfrange <00000000> <ffffffff> <0041> endbfrange";
        let map = CharacterMap::parse(data, &Limits::default());
        assert_eq!(map.text(0).as_deref(), Some("A"));
        assert_eq!(map.text(u32::MAX), None);
    }
}
