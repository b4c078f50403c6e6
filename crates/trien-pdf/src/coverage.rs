//! Which part of the file a signature covers (ISO 32000-2, 12.8.1; ATTACKS.md, B13 to B16).

use crate::cursor::is_white_space;
use crate::{ByteRange, Document, RevisionIndex};

/// What the signed spans reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Coverage {
    /// The whole file but the signature's own value and one end of line at most.
    WholeFile,
    /// Everything up to the end of this revision; the file goes on behind it.
    Revision(RevisionIndex),
    /// Not a whole state of the document: what was signed cannot be shown as a document.
    Broken,
}

impl Coverage {
    /// What `range` covers of `document`.
    #[must_use]
    pub fn of(document: &Document<'_>, range: &ByteRange) -> Self {
        let bytes = document.bytes();
        let ends_there = |revision: &RevisionIndex| {
            document.revision_end(*revision).is_some_and(|end| {
                // White space behind the mark is signed with the rest and harms nothing.
                bytes
                    .get(end..range.end())
                    .is_some_and(|rest| rest.iter().all(|octet| is_white_space(*octet)))
            })
        };
        let Some(revision) = document.revisions().rev().find(ends_there) else {
            return Self::Broken;
        };
        let rest = bytes.get(range.end()..).unwrap_or_default();
        if revision == document.latest() && matches!(rest, b"" | b"\n" | b"\r" | b"\r\n") {
            Self::WholeFile
        } else {
            Self::Revision(revision)
        }
    }

    /// The revision that was signed; `None` when coverage is broken.
    #[must_use]
    pub fn revision(self, document: &Document<'_>) -> Option<RevisionIndex> {
        match self {
            Self::WholeFile => Some(document.latest()),
            Self::Revision(revision) => Some(revision),
            Self::Broken => None,
        }
    }
}
