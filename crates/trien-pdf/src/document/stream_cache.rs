//! Decoded object streams kept for the next object in them, and those that are being read.
//! Reads nothing itself.

use std::collections::HashMap;
use std::rc::Rc;

use crate::object_stream::ObjectStream;
use crate::revision::RevisionIndex;

/// Decoded object streams kept at one time, in octets: enough for every stream of an ordinary
/// file, small beside a machine's memory.
const CACHE_OCTETS: usize = 64 * 1024 * 1024;

#[derive(Debug, Default)]
pub(super) struct StreamCache {
    /// Offsets of the streams that are being read just now.
    being_read: Vec<usize>,
    /// By the stream's offset and, where its dictionary refers to other objects, the revision they
    /// are resolved as of.
    streams: HashMap<(usize, Option<RevisionIndex>), Rc<ObjectStream>>,
    octets: usize,
}

/// Why a stream cannot be read just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refused {
    /// It is being read already: reading it needs an object inside itself.
    Loops,
    /// Too many others need it.
    TooDeep,
}

impl StreamCache {
    /// The stream at an offset, if it is kept.
    pub(super) fn kept(&self, offset: usize, revision: RevisionIndex) -> Option<Rc<ObjectStream>> {
        [(offset, None), (offset, Some(revision))]
            .iter()
            .find_map(|key| self.streams.get(key).map(Rc::clone))
    }

    /// Notes that the stream at an offset is being read, while at most `nesting` others are.
    ///
    /// # Errors
    /// It cannot be.
    pub(super) fn begin(&mut self, offset: usize, nesting: usize) -> Result<(), Refused> {
        if self.being_read.contains(&offset) {
            return Err(Refused::Loops);
        }
        if self.being_read.len() >= nesting {
            return Err(Refused::TooDeep);
        }
        self.being_read.push(offset);
        Ok(())
    }

    /// The stream that was begun last is no longer being read.
    pub(super) fn end(&mut self) {
        self.being_read.pop();
    }

    /// Keeps a stream, instead of all others once there are too many.
    pub(super) fn keep(
        &mut self,
        offset: usize,
        revision: Option<RevisionIndex>,
        stream: &Rc<ObjectStream>,
    ) {
        if self.octets > CACHE_OCTETS {
            self.streams.clear();
            self.octets = 0;
        }
        self.octets = self.octets.saturating_add(stream.octets());
        self.streams.insert((offset, revision), Rc::clone(stream));
    }
}
