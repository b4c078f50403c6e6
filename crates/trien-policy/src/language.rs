//! The languages that people are spoken to in.

use serde::{Deserialize, Serialize};

/// A language of the catalogue. Vietnamese comes first: it is what the law asks for
/// (TT 15/2025, art. 5.6b and 6.4a).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Language {
    /// Vietnamese.
    #[default]
    Vi,
    /// English.
    En,
}

/// What exactly, behind a sentence: in technical English where it comes from a parser, in both
/// languages where it is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Detail {
    /// As a parser said it, or a name, a number, a date.
    Technical(String),
    /// In words.
    Words {
        /// Vietnamese.
        vi: String,
        /// English.
        en: String,
    },
}

impl Detail {
    pub(crate) fn in_language(&self, language: Language) -> &str {
        match (self, language) {
            (Self::Technical(text), _) => text,
            (Self::Words { vi, .. }, Language::Vi) => vi,
            (Self::Words { en, .. }, Language::En) => en,
        }
    }
}

impl Detail {
    /// Adds something technical.
    pub(crate) fn push(&mut self, technical: &str) {
        let add = |text: &mut String| {
            text.push_str("; ");
            text.push_str(technical);
        };
        match self {
            Self::Technical(text) => add(text),
            Self::Words { vi, en } => {
                add(vi);
                add(en);
            }
        }
    }
}

impl From<String> for Detail {
    fn from(text: String) -> Self {
        Self::Technical(text)
    }
}

/// A sentence in every language of the catalogue: a missing one does not compile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sentence {
    pub(crate) vi: &'static str,
    pub(crate) en: &'static str,
}

impl Sentence {
    pub(crate) const fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.vi,
            Language::En => self.en,
        }
    }
}
