//! Signed documents on their way to the disk, several at a time: a disk that is asked for many at
//! once puts them down together, and signing does not wait for it.
//! Does not know how they were signed, nor who is told.

use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Mutex, PoisonError};

use trien::MappedFile;

use super::super::spool::rejection_of;
use super::super::trouble::Failure;
use super::line::{Line, Taken};
use super::recorder::Outcome;
use crate::rejection::Code;
use crate::store::ContentHash;

/// Documents that are written at a time. Each waits for the disk, which takes 4 ms for one and
/// hardly more for all of them; half as many fell behind the token on a disk that others use.
pub(super) const WRITERS: usize = 24;

/// A document that is signed and stands nowhere but in memory.
pub(super) struct Unwritten<'l> {
    pub(super) number: u32,
    pub(super) original: MappedFile,
    pub(super) appended: Vec<u8>,
    /// Its share of what may be open at a time, given back once it is written.
    pub(super) _share: Taken<'l>,
}

impl Line<'_> {
    /// Writes documents until no more come.
    pub(super) fn write<'l>(
        &'l self,
        signed: &Mutex<Receiver<Unwritten<'l>>>,
        done: Sender<Outcome>,
    ) {
        loop {
            let next = signed.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(unwritten) = next else { return };
            let number = unwritten.number;
            let outcome = self.guarded(|| self.write_one(&unwritten));
            drop(unwritten);
            if done.send(Outcome { number, outcome }).is_err() {
                return;
            }
        }
    }

    fn write_one(&self, unwritten: &Unwritten<'_>) -> Result<(u64, ContentHash), Failure> {
        let parts: [&[u8]; 2] = [&unwritten.original, &unwritten.appended];
        let spool = self.daemon.jobs().spool();
        let written = spool.write_result(self.job.id(), unwritten.number, &parts);
        written.map_err(|error| {
            let rejection = rejection_of(&error);
            if rejection.code() == Code::NoRoom {
                // There is none for the next one either.
                Failure::Job(rejection)
            } else {
                Failure::Document(rejection)
            }
        })
    }
}
