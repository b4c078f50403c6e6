//! Signed documents put on the disk, several at a time: a disk that is asked for many at once puts
//! them down together, and the token does not wait for it.
//! Does not know how they were signed, nor who is told.

use super::super::original::Original;
use super::super::trouble::Failure;
use super::line::{Line, Taken};
use crate::rejection::Code;
use crate::store::ContentHash;

/// A document that is signed and stands nowhere but in memory.
pub(super) struct Unwritten<'l> {
    pub(super) number: u32,
    pub(super) original: Original,
    pub(super) appended: Vec<u8>,
    /// Its share of what may be open at a time, given back once it is written.
    pub(super) _share: Taken<'l>,
}

impl Line<'_> {
    pub(super) fn write(&self, unwritten: &Unwritten<'_>) -> Result<(u64, ContentHash), Failure> {
        let spool = self.daemon.jobs().spool();
        let (original, appended) = (&unwritten.original, &unwritten.appended);
        let written = spool.write_result(self.job.id(), unwritten.number, original, appended);
        written.map_err(|rejection| {
            if rejection.code() == Code::NoRoom {
                // There is none for the next one either.
                Failure::Job(rejection)
            } else {
                Failure::Document(rejection)
            }
        })
    }
}
