//! Simple fonts (ISO 32000-2, 9.6.5, annex D): which character a code stands for when the font has
//! no map to Unicode: Windows Latin letters, and glyph names of the kinds that tell it.

use std::collections::BTreeMap;

use skrifa::raw::ps::agl::name_to_char;

use crate::{Dictionary, Document, Object, ReadError, RevisionIndex};

/// Windows code page 1252 from 0x80 to 0x9F; the rest is Latin-1.
const WINDOWS_LATIN: [char; 32] = [
    '€', '•', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '•', 'Ž', '•', '•', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '•', 'ž', 'Ÿ',
];

/// Signs and letters that programs name in more than one way, or mean another character by than the
/// list of names (Adobe Glyph List) does.
const NAMES: [(&str, char); 34] = [
    ("space", ' '),
    ("hyphen", '-'),
    ("minus", '-'),
    ("endash", '–'),
    ("emdash", '—'),
    ("period", '.'),
    ("comma", ','),
    ("colon", ':'),
    ("semicolon", ';'),
    ("slash", '/'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("zero", '0'),
    ("one", '1'),
    ("two", '2'),
    ("three", '3'),
    ("four", '4'),
    ("five", '5'),
    ("six", '6'),
    ("seven", '7'),
    ("eight", '8'),
    ("nine", '9'),
    ("Agrave", 'À'),
    ("Aacute", 'Á'),
    ("Acircumflex", 'Â'),
    ("Ecircumflex", 'Ê'),
    ("Ocircumflex", 'Ô'),
    ("Dcroat", 'Đ'),
    ("Dslash", 'Đ'),
    ("dcroat", 'đ'),
    ("acircumflex", 'â'),
    ("ecircumflex", 'ê'),
    ("ocircumflex", 'ô'),
    ("Ohorn", 'Ơ'),
];

/// Signs of a font of their own (Unicode block Dingbats).
const DINGBATS: std::ops::RangeInclusive<char> = '\u{2700}'..='\u{27BF}';

/// What codes of a simple font stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct SimpleEncoding {
    differences: BTreeMap<u8, Option<char>>,
    is_latin: bool,
}

impl SimpleEncoding {
    /// Reads /Encoding: a name, or a dictionary with /Differences. A symbolic font without one has
    /// codes of its own, which mean nothing outside it.
    pub(super) fn read(
        document: &Document<'_>,
        font: &Dictionary,
        revision: RevisionIndex,
    ) -> Result<Self, ReadError> {
        let encoding = document.value(font, "Encoding", revision)?;
        let mut read = Self::default();
        match encoding {
            // The Mac and standard sets agree with Windows' in ASCII, which is what matters here.
            Object::Name(_) => read.is_latin = true,
            Object::Dictionary(encoding) => {
                read.is_latin = true;
                let differences = document.value(&encoding, "Differences", revision)?;
                let mut code = 0_u8;
                for element in differences.as_array().unwrap_or_default() {
                    match element {
                        Object::Integer(first) => {
                            code = u8::try_from(*first).unwrap_or_default();
                        }
                        Object::Name(name) => {
                            let name = String::from_utf8_lossy(name.as_octets()).into_owned();
                            read.differences.insert(code, character_of_name(&name));
                            code = code.saturating_add(1);
                        }
                        _ => {}
                    }
                }
            }
            // 9.6.5.2: what the font program itself says, which is Latin where the font is no
            // symbolic one.
            _ => read.is_latin = !is_symbolic(document, font, revision)?,
        }
        Ok(read)
    }

    pub(super) fn character(&self, code: u8) -> Option<char> {
        if let Some(known) = self.differences.get(&code) {
            return *known;
        }
        if !self.is_latin || code < 0x20 {
            return None;
        }
        match code.checked_sub(0x80).map(usize::from) {
            Some(index) if index < WINDOWS_LATIN.len() => WINDOWS_LATIN.get(index).copied(),
            _ => Some(char::from(code)),
        }
    }
}

/// 9.8.2: a font with letters of its own kind says so; of those without a descriptor two are so.
fn is_symbolic(
    document: &Document<'_>,
    font: &Dictionary,
    revision: RevisionIndex,
) -> Result<bool, ReadError> {
    const SYMBOLIC: i64 = 1 << 2;
    if let Object::Dictionary(descriptor) = document.value(font, "FontDescriptor", revision)? {
        let flags = document.value(&descriptor, "Flags", revision)?;
        return Ok(flags.as_integer().unwrap_or_default() & SYMBOLIC != 0);
    }
    let name = document.value(font, "BaseFont", revision)?;
    let symbolic = ["Symbol", "ZapfDingbats"];
    Ok(name
        .as_name()
        .is_none_or(|name| symbolic.iter().any(|known| *name == **known)))
}

/// The character a glyph name tells: one letter, `uniXXXX`, `uXXXX`, or a name of the lists. Names of
/// signs (`a54`) are given to any glyph.
pub(crate) fn character_of_name(name: &str) -> Option<char> {
    // A suffix tells a variant of the same letter.
    let (name, _) = name.split_once('.').unwrap_or((name, ""));
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(letter);
    }
    let digits = name.strip_prefix("uni").or_else(|| name.strip_prefix('u'));
    if let Some(digits) = digits
        && (4..=6).contains(&digits.len())
        && let Ok(code) = u32::from_str_radix(digits, 16)
    {
        return char::from_u32(code);
    }
    NAMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, character)| *character)
        .or_else(|| name_to_char(name).filter(|one| !DINGBATS.contains(one)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glyph_names_tell_their_letters() {
        for (name, character) in [
            ("A", Some('A')),
            ("uni1EC6", Some('Ệ')),
            ("u1EC6", Some('Ệ')),
            ("A.alt", Some('A')),
            ("Abreve", Some('Ă')),
            ("uhorn", Some('ư')),
            ("ninesuperior", Some('⁹')),
            ("a54", None),
            ("hyphen", Some('-')),
            ("g42", None),
            ("uniD800", None),
        ] {
            assert_eq!(character_of_name(name), character, "{name}");
        }
    }
}
