//! What the check of a log can find.
//! Does not look for it.

use std::fmt;

use super::super::content_hash::ContentHash;

/// Something in the log or the stores is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuditFault {
    /// The fields of this entry do not give its hash.
    EntryAltered {
        /// The entry's number.
        sequence: i64,
    },
    /// This entry does not follow from the one before it.
    ChainBroken {
        /// The entry's number.
        sequence: i64,
    },
    /// Entries are missing before this one.
    EntriesMissing {
        /// The number that was to come.
        expected: i64,
        /// The number that came.
        found: i64,
    },
    /// The log ends before the entry that a head names: its end was cut off, or an older state was
    /// put in its place.
    CutOff {
        /// The number of the entry that the head names.
        sequence: i64,
    },
    /// The entry that a head names is another one now: the log was written anew.
    WrittenAnew {
        /// The number of the entry that the head names.
        sequence: i64,
    },
    /// What vouches for a kept head does not hold for it.
    SealBroken {
        /// The number of the entry that the head names.
        sequence: i64,
    },
    /// An exported head is one of another store.
    HeadOfAnotherStore {
        /// The number of the entry that the head names.
        sequence: i64,
    },
    /// The log has no entry, though the first is written when the store is made.
    Empty,
    /// The first entry does not name this store.
    OfAnotherStore,
    /// A row in the stores that no entry tells of: added or altered around this program.
    RowUnlogged {
        /// The kind of row.
        kind: RowKind,
        /// The row's number.
        id: i64,
    },
    /// An entry tells of a row that is not there as it was written: removed or altered.
    RowMissing {
        /// The kind of row.
        kind: RowKind,
        /// The entry's number.
        sequence: i64,
    },
    /// Kept octets do not give the hash they are kept under.
    OctetsAltered {
        /// The hash.
        sha256: ContentHash,
    },
    /// A table or guard of the database differs from what this program makes.
    SchemaDiffers {
        /// Its name.
        name: String,
    },
}

/// A kind of row that the log tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RowKind {
    /// The beginning of a destruction.
    Destruction,
    /// The end of a destruction.
    DestructionEnd,
    /// An item of evidence.
    Evidence,
    /// A kept head of the log.
    Head,
    /// A page or program that was paired.
    Pairing,
    /// The end of a pairing.
    PairingEnd,
    /// A right that a pairing was given.
    PairingRight,
    /// The line of a record.
    Record,
    /// The withdrawal of a record.
    Withdrawal,
    /// A report that a withdrawn record was deleted.
    WithdrawalReport,
    /// The assignment of a seal device.
    SealAssignment,
    /// The return of a seal device.
    SealReturn,
    /// An entry of the register.
    Signer,
    /// The end of an entry of the register.
    SignerEnd,
}

impl fmt::Display for RowKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Destruction => "destruction",
            Self::DestructionEnd => "end of a destruction",
            Self::Evidence => "item of evidence",
            Self::Head => "head of the log",
            Self::Pairing => "pairing",
            Self::PairingEnd => "end of a pairing",
            Self::PairingRight => "right of a pairing",
            Self::Record => "record",
            Self::Withdrawal => "withdrawal",
            Self::WithdrawalReport => "report on a withdrawal",
            Self::SealAssignment => "assignment of a seal device",
            Self::SealReturn => "return of a seal device",
            Self::Signer => "entry of the register",
            Self::SignerEnd => "end of an entry of the register",
        })
    }
}

impl fmt::Display for AuditFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EntryAltered { sequence } => {
                write!(formatter, "entry {sequence} of the log was altered")
            }
            Self::ChainBroken { sequence } => write!(
                formatter,
                "entry {sequence} of the log does not follow from the one before it"
            ),
            Self::EntriesMissing { expected, found } => write!(
                formatter,
                "the log goes on with entry {found} where {expected} was to come"
            ),
            Self::CutOff { sequence } => write!(
                formatter,
                "the log ends before entry {sequence}, which a head of it names"
            ),
            Self::WrittenAnew { sequence } => write!(
                formatter,
                "entry {sequence} of the log is another one than a head of it names"
            ),
            Self::SealBroken { sequence } => write!(
                formatter,
                "the time stamp or signature over entry {sequence} of the log does not hold"
            ),
            Self::HeadOfAnotherStore { sequence } => write!(
                formatter,
                "the exported head with entry {sequence} is of another store"
            ),
            Self::Empty => formatter.write_str("the log is empty"),
            Self::OfAnotherStore => formatter.write_str("the log is that of another store"),
            Self::RowUnlogged { kind, id } => {
                write!(
                    formatter,
                    "no entry of the log tells of {kind} {id} as it is"
                )
            }
            Self::RowMissing { kind, sequence } => write!(
                formatter,
                "the {kind} that entry {sequence} of the log tells of was removed or altered"
            ),
            Self::OctetsAltered { sha256 } => {
                write!(formatter, "the octets kept as {sha256} were altered")
            }
            Self::SchemaDiffers { name } => {
                write!(
                    formatter,
                    "{name} in the database is not as this program made it"
                )
            }
        }
    }
}
