//! The last stages: a signature that holds, and the document that bears it.

use std::borrow::Cow;
use std::path::Path;

use trien_types::UnixTime;

use super::prepared::Prepared;
use crate::file::{FileError, write_new_file};

/// A signature of level B-B that was verified. [`Signed::timestamp`] or [`Signed::finish`] comes
/// next.
#[derive(Debug, Clone)]
pub struct Signed<'d> {
    prepared: Prepared<'d>,
    value: Vec<u8>,
    appended: Vec<u8>,
}

impl<'d> Signed<'d> {
    pub(super) const fn new(prepared: Prepared<'d>, value: Vec<u8>, appended: Vec<u8>) -> Self {
        Self {
            prepared,
            value,
            appended,
        }
    }

    pub(super) const fn prepared(&self) -> &Prepared<'d> {
        &self.prepared
    }

    /// The signature value: what a signature time stamp is over (EN 319 122-1, 5.3).
    #[must_use]
    pub fn value(&self) -> &[u8] {
        &self.value
    }

    /// The same with a time stamp asked for at `time` and not at the signing time: for values
    /// that were made elsewhere, and came back later. A time stamp must state that time, within
    /// [`crate::TIME_STAMP_TOLERANCE_SECONDS`].
    #[must_use]
    pub fn stamped_at(mut self, time: UnixTime) -> Self {
        self.prepared = self.prepared.stamped_at(time);
        self
    }

    /// The document with this signature.
    #[must_use]
    pub fn finish(self) -> SignedDocument<'d> {
        SignedDocument::new(self.prepared.update().original(), self.appended)
    }
}

/// A signed document: the original octets, unchanged, and one or more revisions behind them.
#[derive(Debug, Clone)]
pub struct SignedDocument<'d> {
    original: &'d [u8],
    appended: Vec<u8>,
}

impl<'d> SignedDocument<'d> {
    pub(crate) const fn new(original: &'d [u8], appended: Vec<u8>) -> Self {
        Self { original, appended }
    }

    /// The octets that were there before.
    #[must_use]
    pub const fn original(&self) -> &'d [u8] {
        self.original
    }

    /// The octets that were appended.
    #[must_use]
    pub fn appended(&self) -> &[u8] {
        &self.appended
    }

    /// The whole file in memory.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        [self.original, &self.appended].concat()
    }

    /// The whole file, without a copy when nothing was appended.
    pub(crate) fn whole(&self) -> Cow<'d, [u8]> {
        if self.appended.is_empty() {
            Cow::Borrowed(self.original)
        } else {
            Cow::Owned(self.to_vec())
        }
    }

    /// The same with further revisions.
    pub(crate) fn append(&mut self, octets: &[u8]) {
        self.appended.extend_from_slice(octets);
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
