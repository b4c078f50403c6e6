//! The sentences, in either language, about what parsers and the building of paths find: the one
//! catalogue of it. Rules have theirs in `trien-policy`.
//!
//! In English the errors' own words. In Vietnamese nothing of these but what the file itself calls by
//! an English name, and numbers; what only a programmer asks for is said in English alone.

mod broken;
mod certificate_path;
mod deviation;
mod rejection;
mod unread;

pub(crate) use broken::{broken_words, byte_range_words, malformed_words, unsupported_words};
pub(crate) use certificate_path::path_words;
pub(crate) use deviation::{attribute_words, deviation_words, fault_words};
pub(crate) use rejection::{reason_words, rejection_words};
pub use unread::system_words;
pub(crate) use unread::{read_words, store_words, unfinished_words};

use trien_policy::Language;

/// A text in a language.
pub(crate) const fn choose<'w>(language: Language, vi: &'w str, en: &'w str) -> &'w str {
    match language {
        Language::En => en,
        Language::Vi | _ => vi,
    }
}

/// Words that English sentences of errors are made of, for tests.
#[cfg(test)]
const ENGLISH: [&str; 11] = [
    "the ", " is ", "cannot", " of ", "not ", "object ", "file", "expected", " are ", " no ",
    "has ",
];
