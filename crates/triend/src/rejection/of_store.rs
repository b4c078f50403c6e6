//! What the store says, as a rejection.
//! Repeats no path and nothing that was in a database.

use std::io::ErrorKind;

use trien::Language;

use super::{Code, Rejection};
use crate::store::StoreError;
use crate::words;

impl From<StoreError> for Rejection {
    fn from(error: StoreError) -> Self {
        let code = match &error {
            StoreError::NoRoom(_) => return Code::NoRoom.into(),
            StoreError::File(_, cause) if cause.kind() == ErrorKind::StorageFull => {
                return Code::NoRoom.into();
            }
            StoreError::NotFound(..) => Code::EntryUnknown,
            StoreError::AlreadyEnded(_)
            | StoreError::AlreadyThere(_)
            | StoreError::CertificateOfAuthority
            | StoreError::CertificateUnknown(_)
            | StoreError::NoReplacement(_)
            | StoreError::NotAClerk
            | StoreError::RecordDestroyed(_)
            | StoreError::StillKept(_)
            | StoreError::Term(_) => Code::EntryRefused,
            StoreError::CertificateUnreadable(_)
            | StoreError::EvidenceUnreadable(..)
            | StoreError::TooLarge { .. }
            | StoreError::TooMany { .. } => Code::RequestMalformed,
            StoreError::BackupDamaged(_)
            | StoreError::Busy
            | StoreError::Damaged(_)
            | StoreError::Database(_)
            | StoreError::DocumentDiffers(_)
            | StoreError::DocumentLinked(_)
            | StoreError::Exposed(_)
            | StoreError::File(..)
            | StoreError::FileExists(_)
            | StoreError::FolderMissing(_)
            | StoreError::JournalUnavailable(_)
            | StoreError::LaterVersion { .. }
            | StoreError::NoRandomness
            | StoreError::NoStore(_)
            | StoreError::NotABackup(_)
            | StoreError::NotAStore(_)
            | StoreError::NotIntact(_)
            | StoreError::OfAnotherStore
            | StoreError::StoreExists(_) => {
                tracing::error!(%error, "the store failed");
                return Code::Internal.into();
            }
        };
        Self::in_words(
            code,
            words::error(&error, Language::Vi),
            words::error(&error, Language::En),
        )
    }
}
