//! What a file is, in one word: for the numbers of a summary and for whoever shows them, so that
//! every report counts the same.

use serde::{Deserialize, Serialize};
use trien_policy::DocumentConclusion;

use super::{Counts, Record, RecordKind};

/// What is told of a file: the conclusion about the document, but that nobody misses a signature on
/// what needs none. The words are part of the contract and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Verdict {
    /// Valid.
    Valid,
    /// Not valid.
    Invalid,
    /// Not decided.
    Indeterminate,
    /// Without a signature, and to be signed: scans of papers too.
    Unsigned,
    /// Without a signature, of a kind that needs none.
    NotNeeded,
    /// Not to be read, or a path that could not be looked into.
    Unreadable,
}

impl Verdict {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Valid,
        Self::Invalid,
        Self::Indeterminate,
        Self::Unsigned,
        Self::NotNeeded,
        Self::Unreadable,
    ];

    /// What a record is.
    #[must_use]
    pub const fn of(record: &Record) -> Self {
        Self::found(record.document.conclusion, record.archive.kind)
    }

    /// What a file of a kind is that was found to be so.
    #[must_use]
    pub const fn found(conclusion: DocumentConclusion, kind: RecordKind) -> Self {
        match conclusion {
            DocumentConclusion::Valid => Self::Valid,
            DocumentConclusion::Invalid => Self::Invalid,
            DocumentConclusion::Indeterminate => Self::Indeterminate,
            DocumentConclusion::Unsigned => match kind {
                RecordKind::NotDue => Self::NotNeeded,
                RecordKind::Record | RecordKind::Scan | RecordKind::Unreachable => Self::Unsigned,
            },
            DocumentConclusion::Unreadable | _ => Self::Unreadable,
        }
    }
}

impl Counts {
    /// How many files are so; all verdicts together are [`Counts::files`].
    #[must_use]
    pub const fn of(&self, verdict: Verdict) -> usize {
        match verdict {
            Verdict::Valid => self.valid,
            Verdict::Invalid => self.invalid,
            Verdict::Indeterminate => self.indeterminate,
            Verdict::Unsigned => self.unsigned.saturating_sub(self.not_needed),
            Verdict::NotNeeded => self.not_needed,
            Verdict::Unreadable => self.unreadable,
        }
    }
}
