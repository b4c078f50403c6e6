//! Names of folders that tell kinds of record, told apart from names of people: pupils' folders
//! carry words that are almost, or wholly, those of a kind.

use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::folded;

/// Tone marks of Vietnamese: people write them on either vowel of a pair.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// Family names that begin no name of a folder of records.
const FAMILY_NAMES: [&str; 24] = [
    "nguyễn", "trần", "lê", "phạm", "hoàng", "huỳnh", "phan", "vũ", "võ", "đặng", "bùi", "đỗ",
    "hồ", "ngô", "dương", "lý", "đinh", "trương", "đoàn", "lâm", "trịnh", "mai", "đào", "lương",
];

/// Their letters, spelled once: every folder of every file is compared with them.
static FAMILIES: LazyLock<Vec<Spelling>> =
    LazyLock::new(|| FAMILY_NAMES.into_iter().map(Spelling::of).collect());

/// Family names that without accents are also words of folders: `Ho so`, `Dang bo`, `Truong`.
const AMBIGUOUS: [&str; 3] = ["ho", "dang", "truong"];

/// Letters to compare: with accents and without.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    plain: String,
    /// The letters without tones, then the tones in their order.
    accented: (String, String),
}

impl Spelling {
    pub(super) fn of(name: &str) -> Self {
        let (mut letters, mut tones) = (String::new(), String::new());
        for letter in name.nfd().flat_map(char::to_lowercase) {
            if TONES.contains(&letter) {
                tones.push(letter);
            } else if letter.is_alphanumeric() || is_combining_mark(letter) {
                letters.push(letter);
            }
        }
        Self {
            plain: folded(name),
            accented: (letters, tones),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.plain.is_empty()
    }

    /// How many letters are compared.
    pub(super) fn letters(&self) -> usize {
        self.plain.len()
    }

    fn has_accents(&self) -> bool {
        self.accented.0 != self.plain || !self.accented.1.is_empty()
    }
}

/// A part of a path in words.
#[derive(Debug)]
pub(super) struct Part {
    words: Vec<String>,
    spelled: Vec<Spelling>,
    has_accents: bool,
}

impl Part {
    pub(super) fn of(name: &str) -> Self {
        let stem = match name.rsplit_once('.') {
            Some((stem, end)) if ["pdf", "zip"].contains(&folded(end).as_str()) => stem,
            _ => name,
        };
        let words = words(stem);
        let spelled: Vec<Spelling> = words.iter().map(|word| Spelling::of(word)).collect();
        Self {
            has_accents: spelled.iter().any(Spelling::has_accents),
            words,
            spelled,
        }
    }

    /// Whether whole words of it are `name`, however they are parted.
    pub(super) fn holds(&self, name: &Spelling) -> bool {
        (0..self.spelled.len()).any(|start| {
            let mut rest = name.plain.as_str();
            let from = self.spelled.get(start..).unwrap_or_default();
            for (index, word) in from.iter().enumerate() {
                let Some(behind) = rest.strip_prefix(word.plain.as_str()) else {
                    return false;
                };
                rest = behind;
                if rest.is_empty() {
                    let own = from.get(..=index).unwrap_or_default();
                    return self.is_spelled(own, name);
                }
            }
            false
        })
    }

    /// Whether words of the same letters bear the same accents, where accents are written at all:
    /// `giáo án` is no `Giáo Ân`, `giao an` may be.
    fn is_spelled(&self, own: &[Spelling], name: &Spelling) -> bool {
        let letters: String = own.iter().map(|word| word.accented.0.as_str()).collect();
        let tones: String = own.iter().map(|word| word.accented.1.as_str()).collect();
        !self.has_accents || !name.has_accents() || name.accented == (letters, tones)
    }

    /// Whether it is a person's name: a family name first, and every word in capitals.
    pub(super) fn is_a_person(&self) -> bool {
        let is_number = |word: &&String| word.chars().all(char::is_numeric);
        let names: Vec<&String> = self.words.iter().filter(|word| !is_number(word)).collect();
        if !(2..=6).contains(&names.len()) {
            return false;
        }
        let Some(first) = names.first() else {
            return false;
        };
        let is_capital = |word: &&String| word.chars().next().is_some_and(char::is_uppercase);
        if !names.iter().all(is_capital) {
            return false;
        }
        let own = Spelling::of(first);
        let is_family = FAMILIES.iter().any(|known| {
            if self.has_accents {
                own.accented == known.accented
            } else {
                own.plain == known.plain && !AMBIGUOUS.contains(&own.plain.as_str())
            }
        });
        // `Hồ Sơ` is how a folder begins.
        let is_folder = own.plain == "ho" && names.get(1).is_some_and(|word| folded(word) == "so");
        is_family && !is_folder
    }
}

/// Runs of letters and runs of digits; a capital behind a small letter begins a word.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for letter in text.nfc() {
        let is_mark = is_combining_mark(letter);
        if !letter.is_alphanumeric() && !is_mark {
            before = None;
            continue;
        }
        let is_new = before.is_none_or(|before| {
            !is_mark
                && (before.is_numeric() != letter.is_numeric()
                    || (before.is_lowercase() && letter.is_uppercase()))
        });
        match words.last_mut() {
            Some(word) if !is_new => word.push(letter),
            _ => words.push(letter.to_string()),
        }
        before = Some(letter);
    }
    words
}
