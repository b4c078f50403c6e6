//! Why a command was not done, in the language of who gave it.
//! Decides nothing.

use std::error::Error;
use std::io;

use trien::{FileError, Language, system_words};
use triend::http::server::ListenError;
use triend::instance::InstanceError;
use triend::store::{StoreError, TextFault};
use triend::words;

use super::{Ending, complain};

/// Why a command was not done.
pub(crate) enum Trouble {
    /// What the user gave does not fit; in both languages.
    Given(&'static str, &'static str),
    /// Something else said why.
    Other(Box<dyn Error>),
    Store(StoreError),
    Text(TextFault),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<TextFault> for Trouble {
    fn from(fault: TextFault) -> Self {
        Self::Text(fault)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Other(error.into())
    }
}

/// One line on standard error: what, and what caused it.
pub(super) fn tell(trouble: &Trouble, language: Language) -> Ending {
    let (mut line, mut cause) = match trouble {
        Trouble::Given(vi, en) => {
            let sentence = if language == Language::En { en } else { vi };
            ((*sentence).to_owned(), None)
        }
        Trouble::Other(error) => (said(&**error, language), error.source()),
        // SQLite speaks English alone, and the sentence says what to do.
        Trouble::Store(error @ StoreError::Damaged(_)) if language != Language::En => {
            (words::error(error, language), None)
        }
        Trouble::Store(error) => (words::error(error, language), error.source()),
        Trouble::Text(fault) => (words::text_fault(*fault, language), None),
    };
    while let Some(error) = cause {
        line.push_str(": ");
        line.push_str(&said(error, language));
        cause = error.source();
    }
    if let Trouble::Store(StoreError::NotIntact(found)) = trouble {
        for fault in &found.trail.faults {
            line.push_str("\n  ");
            line.push_str(&words::fault(fault, language));
        }
    }
    complain([format!("triend: {line}")]);
    Ending::Unable
}

/// An error without its cause. What only specialists meet is in English.
fn said(error: &(dyn Error + 'static), language: Language) -> String {
    if let Some(error) = error.downcast_ref::<io::Error>() {
        // One that carries another one's words has them from us.
        return match error.get_ref() {
            Some(inner) => inner.to_string(),
            None => system_words(error, language),
        };
    }
    if language != Language::En {
        if let Some(error) = error.downcast_ref::<FileError>() {
            return error.sentence(language);
        }
        if let Some(error) = error.downcast_ref::<ListenError>() {
            return error.in_vietnamese();
        }
        if let Some(error) = error.downcast_ref::<InstanceError>() {
            return error.in_vietnamese();
        }
    }
    error.to_string()
}
