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
