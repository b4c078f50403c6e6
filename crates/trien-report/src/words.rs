//! The words of the contract as people read them.
//! A word that is not known is shown as it stands.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;
use trien::Language;

use crate::view::word_of;

pub(crate) const fn choose(language: Language, vi: &'static str, en: &'static str) -> &'static str {
    match language {
        Language::En => en,
        Language::Vi | _ => vi,
    }
}

/// The one catalogue: the page of the HTML report is built with it.
const CATALOGUE: &str = include_str!("../web/report/words.json");

/// By language, kind and code.
type Catalogue = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| serde_json::from_str(CATALOGUE).unwrap_or_default());

/// Codes of the contract with their Vietnamese and English words, which are the same in every form of
/// a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Words {
    /// What was changed after signing.
    Changes,
    /// What a signature was found to be (EN 319 102-1).
    Indications,
    /// Whether a signature is intact.
    Integrities,
    /// What a file is.
    KindsOfFiles,
    /// What a signature is.
    KindsOfSignatures,
    /// Whose a certificate is.
    KindsOfSigners,
    /// What was not looked at; an ending such as `.docx` stands for itself.
    LeftOut,
    /// What a record was found to be.
    Verdicts,
    /// Whether a workflow was kept.
    Workflows,
}

impl Words {
    const fn name(self) -> &'static str {
        match self {
            Self::Changes => "changes",
            Self::Indications => "indications",
            Self::Integrities => "integrities",
            Self::KindsOfFiles => "kinds",
            Self::KindsOfSignatures => "signatureKinds",
            Self::KindsOfSigners => "signers",
            Self::LeftOut => "leftOutKinds",
            Self::Verdicts => "verdicts",
            Self::Workflows => "workflows",
        }
    }

    /// The word for a code, or the code itself.
    #[must_use]
    pub fn word(self, code: &str, language: Language) -> &str {
        let language = match language {
            Language::En => "en",
            Language::Vi | _ => "vi",
        };
        let word = WORDS
            .get(language)
            .and_then(|kinds| kinds.get(self.name())?.get(code));
        word.map_or(code, String::as_str)
    }

    /// The word for a value of the library.
    #[must_use]
    pub fn of(self, value: &impl Serialize, language: Language) -> String {
        self.word(&word_of(value), language).to_owned()
    }
}

/// Nothing where it is not known.
pub(crate) const fn yes_or_no(answer: Option<bool>, language: Language) -> &'static str {
    match answer {
        Some(true) => choose(language, "có", "yes"),
        Some(false) => choose(language, "không", "no"),
        None => "",
    }
}

/// Whether a letter turns the order of others around, or shows nothing and takes no room (Unicode:
/// `Default_Ignorable_Code_Point`, marks of direction, line and paragraph ends): with one, a name
/// shows as another one. Every form of a result puts something else in its place.
#[must_use]
pub const fn is_unseen(letter: char) -> bool {
    matches!(
        letter,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod codes;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_are_shown_as_they_stand() {
        assert_eq!(Words::Verdicts.word("valid", Language::Vi), "hợp lệ");
        assert_eq!(Words::Verdicts.word("valid", Language::En), "valid");
        assert_eq!(Words::Verdicts.word("soon", Language::Vi), "soon");
        let verdict = trien::archive::Verdict::NotNeeded;
        assert_eq!(Words::Verdicts.of(&verdict, Language::Vi), "không phải ký");
    }
}
