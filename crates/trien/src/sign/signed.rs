//! The last stages: a signature that holds, and the document that bears it.

use std::path::Path;

use crate::file::{FileError, write_new_file};

/// A signature of level B-B that was verified. [`Signed::finish`] comes next.
#[derive(Debug, Clone)]
pub struct Signed<'d> {
    original: &'d [u8],
    appended: Vec<u8>,
}

impl<'d> Signed<'d> {
    pub(super) const fn new(original: &'d [u8], appended: Vec<u8>) -> Self {
        Self { original, appended }
    }

    /// The document with this signature.
    #[must_use]
    pub fn finish(self) -> SignedDocument<'d> {
        SignedDocument {
            original: self.original,
            appended: self.appended,
        }
    }
}

/// A signed document: the original octets, unchanged, and one revision behind them.
#[derive(Debug, Clone)]
pub struct SignedDocument<'d> {
    original: &'d [u8],
    appended: Vec<u8>,
}

impl SignedDocument<'_> {
    /// The octets that were there before.
    #[must_use]
    pub const fn original(&self) -> &[u8] {
        self.original
    }

    /// The octets that this signature appended.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        &self.appended
    }

    /// The whole file in memory.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        [self.original, &self.appended].concat()
    }

    /// Writes the whole file under a new name, whole or not at all. `input` is the file that was
    /// signed, which is never replaced.
    ///
    /// # Errors
    /// The target is the input or cannot be written.
    pub fn write_to(&self, target: &Path, input: Option<&Path>) -> Result<(), FileError> {
        write_new_file(target, input, &[self.original, &self.appended])
    }
}
