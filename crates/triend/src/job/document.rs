//! One document of a job: how far it is, and what is known of it.
//! Moves nothing on by itself.

use super::state::DocumentState;
use super::{mark_description, view};
use crate::rejection::Rejection;
use crate::store::{ContentHash, JobDocumentRow};

/// How far a document is.
#[derive(Debug, Clone)]
pub(super) struct JobDocument {
    /// From 1.
    pub(super) number: u32,
    pub(super) name: String,
    pub(super) octets: Option<u64>,
    /// What came: what is shown and signed must be that. In memory alone, which the spool's other
    /// readers do not reach; after a restart it is that of the file as it is examined.
    pub(super) came: Option<ContentHash>,
    pub(super) state: DocumentState,
    pub(super) error: Option<Rejection>,
    pub(super) pages: Option<usize>,
    pub(super) mark: Option<ShownMark>,
    pub(super) warnings: Vec<Warning>,
    pub(super) result: Option<(u64, ContentHash)>,
    /// Number of its last change.
    pub(super) changed: u64,
}

/// Where a mark stands: PDF points of the page as it is shown, from its lower left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ShownMark {
    pub(super) page: usize,
    pub(super) left: f64,
    pub(super) bottom: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) movable: mark_description::Movable,
}

/// What the rules warn of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Warning {
    pub(super) vietnamese: String,
    pub(super) english: String,
    pub(super) clause: &'static str,
}

impl JobDocument {
    pub(super) const fn new(number: u32, name: String, octets: Option<u64>) -> Self {
        Self {
            number,
            name,
            octets,
            came: None,
            state: match octets {
                Some(_) => DocumentState::Received,
                None => DocumentState::Awaited,
            },
            error: None,
            pages: None,
            mark: None,
            warnings: Vec::new(),
            result: None,
            changed: 0,
        }
    }

    /// As the store keeps it. A document that is being signed is kept as one that was received:
    /// after a restart it is not signed unless its result is there.
    pub(super) fn to_row(&self) -> JobDocumentRow {
        let kept = |octets: u64| i64::try_from(octets).unwrap_or(i64::MAX);
        let state = if self.state == DocumentState::Signing {
            DocumentState::Received
        } else {
            self.state
        };
        let mut row = JobDocumentRow::new(
            self.number,
            self.name.clone(),
            self.octets.map(kept),
            state.code().to_owned(),
        );
        row.error = self.error.as_ref().map(view::to_stored);
        row.result = self.result.map(|(octets, hash)| (kept(octets), hash));
        row
    }

    pub(super) fn from_row(row: JobDocumentRow) -> Self {
        let octets = |octets: i64| u64::try_from(octets).unwrap_or_default();
        Self {
            state: DocumentState::from_code(&row.state).unwrap_or(DocumentState::Failed),
            error: row.error.as_deref().map(view::from_stored),
            result: row.result.map(|(length, hash)| (octets(length), hash)),
            ..Self::new(row.number, row.name, row.octets.map(octets))
        }
    }

    /// It ends unsigned.
    pub(super) fn end(&mut self, state: DocumentState, error: Rejection) {
        self.state = state;
        self.error = Some(error);
    }
}
