//! A file opened for reading: its revisions, and what their cross-references say of each number.
//! Reads no object: `object` and `stream` do.

mod entry_cache;
pub(crate) mod object;
mod object_cache;
mod stream;
mod stream_cache;

use std::cell::{Cell, OnceCell, RefCell};

use trien_types::{Limit, Limits};

use crate::entry_index::EntryIndex;
use crate::revision::{Chain, Revision, RevisionIndex, linearization, read_chain};
use crate::xref::{XrefEntry, XrefForm, XrefSection};
use crate::{Dictionary, Object, ReadError, ReadErrorKind};
use entry_cache::EntryCache;
use object_cache::ObjectCache;
use stream_cache::StreamCache;

type Result<T> = std::result::Result<T, ReadError>;

/// Within so many octets the header must start (ISO 32000-1, annex H.3, note 13).
const HEADER_WINDOW: usize = 1024;

/// How often a file may be read as a whole beside [`Limits::read_octets`]: a comparison of
/// revisions passes over it a few times.
const READS_OF_FILE: u64 = 64;

fn octets(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Octets that may be read of a file in all.
fn may_read(bytes: &[u8], limits: &Limits) -> u64 {
    octets(bytes.len())
        .saturating_mul(READS_OF_FILE)
        .saturating_add(limits.read_octets)
}

/// A PDF file opened for reading. The bytes stay the caller's; nothing is read before it is asked
/// for, so a document of 20,000 pages opens as fast as one of a single page.
///
/// ```
/// use trien_types::Limits;
/// let error = trien_pdf::Document::open(b"no PDF", &Limits::default()).unwrap_err();
/// assert_eq!(error.to_string(), "this is no PDF file: no %PDF- header near its start");
/// ```
pub struct Document<'a> {
    bytes: &'a [u8],
    limits: Limits,
    header_offset: usize,
    chain: Chain,
    encrypted: bool,
    index: OnceCell<EntryIndex>,
    entries: EntryCache,
    streams: RefCell<StreamCache>,
    objects: RefCell<ObjectCache>,
    /// Octets that may still be read, see [`Limits::read_octets`].
    may_read: Cell<u64>,
}

/// Without the octets: a record has millions.
impl std::fmt::Debug for Document<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Document")
            .field("octets", &self.bytes.len())
            .field("revisions", &self.chain.revisions.len())
            .finish_non_exhaustive()
    }
}

impl<'a> Document<'a> {
    /// Reads the header and the chain of cross-reference sections.
    ///
    /// # Errors
    /// No PDF file, or its cross-references are damaged. They are never rebuilt: what a rebuilt
    /// table would show is not what anybody signed (ATTACKS.md, ground rule 7).
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self> {
        if bytes.is_empty() {
            return Err(ReadError::new(ReadErrorKind::Empty, 0));
        }
        let window = bytes
            .get(..bytes.len().min(HEADER_WINDOW))
            .unwrap_or_default();
        let header_offset = memchr::memmem::find(window, b"%PDF-")
            .ok_or(ReadError::new(ReadErrorKind::NoHeader, 0))?;
        let chain = read_chain(bytes, header_offset, limits)?;
        let encrypted = chain.revisions.iter().any(|revision| {
            let section = revision.sections.first();
            let section = section.and_then(|index| chain.sections.get(*index));
            let value = section.and_then(|section| section.trailer.get("Encrypt"));
            value.is_some_and(|value| *value != Object::Null)
        });
        Ok(Self {
            bytes,
            limits: limits.clone(),
            header_offset,
            chain,
            encrypted,
            index: OnceCell::new(),
            entries: EntryCache::default(),
            streams: RefCell::default(),
            objects: RefCell::default(),
            may_read: Cell::new(may_read(bytes, limits)),
        })
    }

    /// The file's octets.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The bounds this document is read under.
    #[must_use]
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Octets before `%PDF-`; 0 in a file that begins as it should.
    #[must_use]
    pub const fn header_offset(&self) -> usize {
        self.header_offset
    }

    /// Octets of objects parsed, searched and decoded so far, each time counted: what
    /// [`Limits::read_octets`] bounds, beside the file's length several times over.
    #[must_use]
    pub fn octets_read(&self) -> u64 {
        may_read(self.bytes, &self.limits).saturating_sub(self.may_read.get())
    }

    /// Notes that the octets from `from` to `to` were read, whatever came of it.
    ///
    /// # Errors
    /// Too many were.
    pub(crate) fn note_read(&self, from: usize, to: usize) -> Result<()> {
        let read = octets(to.saturating_sub(from));
        match self.may_read.get().checked_sub(read) {
            Some(left) => {
                self.may_read.set(left);
                Ok(())
            }
            None => {
                self.may_read.set(0);
                Err(ReadError::limit(Limit::ReadOctets, from))
            }
        }
    }

    pub(crate) const fn base(&self) -> usize {
        self.chain.base
    }

    /// All revisions, the first one first. There is always one.
    pub fn revisions(&self) -> impl DoubleEndedIterator<Item = RevisionIndex> + use<> {
        (0..self.chain.revisions.len()).map(RevisionIndex)
    }

    /// The newest revision: what a viewer shows.
    #[must_use]
    pub fn latest(&self) -> RevisionIndex {
        RevisionIndex(self.chain.revisions.len().saturating_sub(1))
    }

    /// Offset behind a revision's `%%EOF`, without the line end that may follow; `None` when the
    /// revision is not finished with startxref and `%%EOF`.
    #[must_use]
    pub fn revision_end(&self, revision: RevisionIndex) -> Option<usize> {
        self.revision(revision).and_then(|revision| revision.end)
    }

    fn revision(&self, revision: RevisionIndex) -> Option<&Revision> {
        self.chain.revisions.get(revision.0)
    }

    fn section(&self, index: usize) -> Option<&XrefSection> {
        self.chain.sections.get(index)
    }

    /// The sections of one revision, the one that is asked first in front.
    pub(crate) fn sections(&self, revision: RevisionIndex) -> impl Iterator<Item = &XrefSection> {
        let revision = self.revision(revision);
        revision
            .into_iter()
            .flat_map(|revision| &revision.sections)
            .filter_map(|index| self.section(*index))
    }

    /// Offset of the section that a revision's startxref names.
    pub(crate) fn entry_offset(&self, revision: RevisionIndex) -> Option<usize> {
        self.revision(revision)
            .map(|revision| revision.entry_offset)
    }

    /// Where objects stand behind the last finished revision: the file was cut off while it was
    /// written or sent, or somebody put them there. Readers that rebuild would show them.
    #[must_use]
    pub fn unfinished_tail(&self) -> Option<usize> {
        let end = self.revision_end(self.latest())?;
        let rest = self.bytes.get(end..)?;
        memchr::memmem::find(rest, b" obj").map(|_| end)
    }

    /// The first object of the file, where it is a linearization parameter dictionary (annex F.3.3).
    pub(crate) fn linearization(&self) -> Option<Dictionary> {
        linearization(self.bytes, self.header_offset, &self.limits)
    }

    /// How a revision writes its cross-references.
    #[must_use]
    pub fn xref_form(&self, revision: RevisionIndex) -> XrefForm {
        self.sections(revision)
            .next()
            .map_or(XrefForm::Table, XrefSection::form)
    }

    /// The trailer dictionary (7.5.5) of a revision.
    #[must_use]
    pub fn trailer(&self, revision: RevisionIndex) -> &Dictionary {
        static EMPTY: Dictionary = Dictionary::new();
        self.sections(revision)
            .next()
            .map_or(&EMPTY, |section| &section.trailer)
    }

    /// Whether the newest revision names an encryption dictionary (7.6). Strings and streams are
    /// then unreadable here, but never the /Contents of a signature.
    #[must_use]
    pub const fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// Whether it was encrypted from its first revision on, so that its strings are no text without
    /// the password (7.6.2). An update that adds /Encrypt makes none of those before it ciphertext.
    #[must_use]
    pub fn has_encrypted_strings(&self) -> bool {
        let first = self.trailer(RevisionIndex(0)).get("Encrypt");
        self.is_encrypted() && first.is_some()
    }

    /// What the cross-references say of a number as of a revision, and which revision says so.
    ///
    /// # Errors
    /// A malformed entry.
    pub fn entry(
        &self,
        number: u32,
        revision: RevisionIndex,
    ) -> Result<(XrefEntry, RevisionIndex)> {
        if let Some(known) = self.entries.known(number, revision) {
            return Ok(known);
        }
        let found = self.find_entry(number, revision)?;
        self.entries.keep(number, revision, found);
        Ok(found)
    }

    fn find_entry(
        &self,
        number: u32,
        revision: RevisionIndex,
    ) -> Result<(XrefEntry, RevisionIndex)> {
        for here in self.revisions_naming(number, revision) {
            for section in self.sections(here) {
                if let Some(entry) = section.entry(self.bytes, number)? {
                    return Ok((entry, here));
                }
            }
        }
        Ok((XrefEntry::Free, RevisionIndex(0)))
    }

    /// Whether a number names the same octets in two revisions, those of an object that the earlier
    /// one may read: a later one that lists it again says nothing of it.
    pub(crate) fn is_kept(
        &self,
        number: u32,
        (before, after): (RevisionIndex, RevisionIndex),
    ) -> Result<bool> {
        let (old, from) = self.entry(number, before)?;
        let XrefEntry::InFile { offset, .. } = old else {
            return Ok(false);
        };
        let at = offset.saturating_add(self.chain.base);
        let is_inside = self.revision_end(from).is_some_and(|end| at < end);
        Ok(is_inside && self.entry(number, after)?.0 == old)
    }

    /// The revisions up to `latest` that may have an entry for a number, the newest first.
    pub(crate) fn revisions_naming(
        &self,
        number: u32,
        latest: RevisionIndex,
    ) -> impl Iterator<Item = RevisionIndex> + use<'_> {
        let index = self.index.get_or_init(|| {
            let revisions = self.revisions().map(|revision| {
                let sections = self.sections(revision);
                sections.flat_map(XrefSection::numbers).collect()
            });
            EntryIndex::new(revisions, self.bytes.len())
        });
        index.newest_first(number, latest.0).map(RevisionIndex)
    }

    /// The revision whose octets `offset` is among; `None` behind the last one.
    pub(crate) fn revision_at(&self, offset: usize) -> Option<RevisionIndex> {
        let revisions = &self.chain.revisions;
        // Ends ascend: the chain was refused otherwise.
        let index = revisions
            .partition_point(|revision| revision.end.unwrap_or(revision.entry_offset) <= offset);
        (index < revisions.len()).then_some(RevisionIndex(index))
    }

    /// The smallest number that no revision up to this one has used.
    pub(crate) fn next_number(&self, revision: RevisionIndex) -> Result<u32> {
        let mut next = 1_u32;
        for index in 0..=revision.0 {
            let here = RevisionIndex(index);
            let size = self.trailer(here).get("Size").and_then(Object::as_integer);
            next = next.max(
                size.and_then(|size| u32::try_from(size).ok())
                    .unwrap_or_default(),
            );
            for section in self.sections(here) {
                let ends = section.numbers().into_iter();
                next = ends.fold(next, |next, (first, count)| {
                    next.max(first.saturating_add(count))
                });
            }
        }
        if next > self.limits.objects {
            return Err(ReadError::limit(Limit::Objects, 0));
        }
        Ok(next)
    }
}
