//! Objects read from the file, kept for the next question about them: comparing revisions asks for
//! the catalog, the form and each field many times. Reads nothing itself.

use crate::hashing::NumberMap;
use crate::parse::IndirectObject;

/// Octets of the file whose objects are kept at one time. Parsed, they take some twenty times as
/// much; an ordinary update has a hundredth of it.
const CACHE_OCTETS: usize = 512 * 1024;

/// Longer objects are not kept: they would crowd out all others. The value of a signature with
/// revocation data inside has that many digits.
const LONGEST_OCTETS: usize = 128 * 1024;

#[derive(Debug, Default)]
pub(super) struct ObjectCache {
    /// By the offset that an entry names.
    objects: NumberMap<usize, IndirectObject>,
    octets: usize,
}

impl ObjectCache {
    /// The object at an offset, if it is kept.
    pub(super) fn kept(&self, offset: usize) -> Option<IndirectObject> {
        self.objects.get(&offset).cloned()
    }

    /// Keeps an object, instead of all others once there are too many.
    pub(super) fn keep(&mut self, offset: usize, object: &IndirectObject) {
        let octets = object.end.saturating_sub(offset);
        if octets > LONGEST_OCTETS {
            return;
        }
        self.octets = self.octets.saturating_add(octets);
        if self.octets > CACHE_OCTETS {
            self.objects.clear();
            self.octets = octets;
        }
        self.objects.insert(offset, object.clone());
    }
}
