//! What the window shows before the PIN is typed: nothing else is signed.
//! Asks no rules.

use std::collections::BTreeMap;

use super::entry::{Job, JobDocument, Warning};
use super::state::DocumentState;
use crate::rejection::Code;
use crate::store::ContentHash;

/// The documents that a question was put about, as they were then.
#[derive(Debug, Default)]
pub(super) struct Seen(BTreeMap<u32, SeenDocument>);

#[derive(Debug)]
struct SeenDocument {
    came: ContentHash,
    pages: usize,
    warnings: Vec<Warning>,
}

impl Seen {
    /// What the window is about to show. A document that was not examined is not asked about: it ends
    /// here.
    pub(super) fn of(job: &Job) -> Self {
        let mut seen = Self::default();
        job.change(|progress| {
            for document in &progress.documents {
                if let (DocumentState::Received, Some(came), Some(pages)) =
                    (document.state, document.came, document.pages)
                {
                    let warnings = document.warnings.clone();
                    let shown = SeenDocument {
                        came,
                        pages,
                        warnings,
                    };
                    seen.0.insert(document.number, shown);
                }
            }
            progress.change_documents(
                |document| {
                    document.state == DocumentState::Received
                        && !seen.0.contains_key(&document.number)
                },
                |document| document.end(DocumentState::Failed, Code::DocumentUnseen.into()),
            );
        });
        seen
    }

    /// Ends the documents that are no longer as they were shown, or have a warning that was not.
    pub(super) fn hold(&self, job: &Job) {
        job.change(|progress| {
            progress.change_documents(
                |document| document.state == DocumentState::Received && !self.is_as_shown(document),
                |document| document.end(DocumentState::Failed, Code::DocumentUnseen.into()),
            );
        });
    }

    /// Whether a warning in these words was shown with a document.
    pub(super) fn has_warning(&self, number: u32, vietnamese: &str) -> bool {
        let warnings = self.0.get(&number).map(|shown| shown.warnings.iter());
        warnings
            .into_iter()
            .flatten()
            .any(|warning| warning.vietnamese == vietnamese)
    }

    fn is_as_shown(&self, document: &JobDocument) -> bool {
        self.0.get(&document.number).is_some_and(|shown| {
            document.came == Some(shown.came)
                && document.pages == Some(shown.pages)
                && document
                    .warnings
                    .iter()
                    .all(|warning| shown.warnings.contains(warning))
        })
    }
}
