//! A job in memory: how far it is, and who waits for news of it.
//! Moves nothing on by itself and touches no file.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use tokio::sync::watch;
use trien_types::{CertificateId, UnixTime};

use super::signature::Signature;
use super::state::{DocumentState, JobState};
use super::{JobId, view};
use crate::caller::PairingId;
use crate::rejection::Rejection;
use crate::store::{ContentHash, JobDocumentRow, JobRow};

pub(super) use super::document::{JobDocument, ShownMark, Warning};

/// A job: what was asked for, and how far it is.
#[derive(Debug)]
pub struct Job {
    pub(super) id: JobId,
    /// Whose it is: another's once its page is paired again.
    pairing: AtomicI64,
    pub(super) created: UnixTime,
    pub(super) expires: UnixTime,
    pub(super) signature: Signature,
    /// The certificate that the caller names.
    pub(super) wanted: Option<CertificateId>,
    progress: Mutex<Progress>,
    /// Held while a document is kept, and to leave collecting.
    keeping: Mutex<()>,
    /// The number of the last change.
    changes: watch::Sender<u64>,
    cancelled: watch::Sender<Cancelled>,
    removed: AtomicBool,
}

/// Whether somebody ended the job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cancelled {
    No,
    Yes,
}

/// How far a job is.
#[derive(Debug, Clone)]
pub(super) struct Progress {
    pub(super) state: JobState,
    pub(super) stopped: Option<Rejection>,
    /// The certificate that signs or signed.
    pub(super) certificate: Option<CertificateId>,
    /// The certificate that the rules were asked about.
    pub(super) examined_with: Option<CertificateId>,
    pub(super) documents: Vec<JobDocument>,
    /// Number of the change of the job itself.
    pub(super) changed: u64,
    sequence: u64,
}

impl Job {
    pub(super) fn new(
        (id, pairing): (JobId, PairingId),
        (created, expires): (UnixTime, UnixTime),
        (signature, wanted): (Signature, Option<CertificateId>),
        mut documents: Vec<JobDocument>,
    ) -> Self {
        // What is there at the beginning is news, too, to be told once, and can be cut between two
        // documents.
        let mut sequence = 0_u64;
        for document in &mut documents {
            sequence = sequence.saturating_add(1);
            document.changed = sequence;
        }
        sequence = sequence.saturating_add(1);
        Self {
            id,
            pairing: AtomicI64::new(pairing.number()),
            created,
            expires,
            signature,
            wanted,
            progress: Mutex::new(Progress {
                state: JobState::Collecting,
                stopped: None,
                certificate: None,
                examined_with: None,
                documents,
                changed: sequence,
                sequence,
            }),
            keeping: Mutex::new(()),
            changes: watch::Sender::new(sequence),
            cancelled: watch::Sender::new(Cancelled::No),
            removed: AtomicBool::new(false),
        }
    }

    /// Notes the certificate that the rules are asked about.
    pub(super) fn examined_with(&self, certificate: Option<CertificateId>) {
        self.progress().examined_with = certificate;
    }

    /// Its name.
    #[must_use]
    pub const fn id(&self) -> JobId {
        self.id
    }

    /// Whose it is.
    #[must_use]
    pub fn pairing(&self) -> PairingId {
        PairingId::from_number(self.pairing.load(Ordering::SeqCst))
    }

    /// Gives it to the later pairing of the same page.
    pub(super) fn belongs_to(&self, pairing: PairingId) {
        self.pairing.store(pairing.number(), Ordering::SeqCst);
    }

    /// What its documents are to be signed with.
    #[must_use]
    pub const fn signature(&self) -> &Signature {
        &self.signature
    }

    /// How far it is.
    #[must_use]
    pub fn state(&self) -> JobState {
        self.progress().state
    }

    /// The certificate that the caller asked for.
    #[must_use]
    pub const fn wanted_certificate(&self) -> Option<CertificateId> {
        self.wanted
    }

    /// The hash of a document as it came, once it is there.
    #[must_use]
    pub fn came(&self, number: u32) -> Option<ContentHash> {
        self.progress().document(number)?.came
    }

    /// Pages of a document, once they were counted.
    #[must_use]
    pub fn pages(&self, number: u32) -> Option<usize> {
        self.progress().document(number)?.pages
    }

    /// State and name of a document.
    #[must_use]
    pub fn document(&self, number: u32) -> Option<(DocumentState, String)> {
        let progress = self.progress();
        let document = progress.document(number)?;
        Some((document.state, document.name.clone()))
    }

    pub(super) fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// While this is held the job stays in collecting, where it is. Blocks.
    pub(super) fn keeping(&self) -> MutexGuard<'_, ()> {
        self.keeping.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same, where nobody holds it.
    pub(super) fn try_keeping(&self) -> Option<MutexGuard<'_, ()>> {
        match self.keeping.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Changes a document, and tells those who wait.
    pub(super) fn change_document<T>(
        &self,
        number: u32,
        change: impl FnOnce(&mut JobDocument) -> T,
    ) -> Option<T> {
        let mut progress = self.progress();
        let sequence = progress.next();
        let document = progress.document_mut(number)?;
        document.changed = sequence;
        let value = change(document);
        drop(progress);
        self.tell(sequence);
        Some(value)
    }

    /// Changes the job itself, and documents along with it, and tells those who wait.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Progress) -> T) -> T {
        let mut progress = self.progress();
        let sequence = progress.next();
        progress.changed = sequence;
        let value = change(&mut progress);
        let last = progress.sequence;
        drop(progress);
        self.tell(last);
        value
    }

    fn tell(&self, sequence: u64) {
        self.changes
            .send_modify(|last| *last = (*last).max(sequence));
    }

    /// The numbers of changes to come: wait for one, then ask what changed.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// Ends the job as soon as that can be.
    pub fn cancel(&self) {
        self.cancelled.send_replace(Cancelled::Yes);
    }

    /// Whether somebody ended it.
    pub(super) fn is_cancelled(&self) -> bool {
        *self.cancelled.borrow() == Cancelled::Yes
    }

    /// Waits until somebody ends it.
    pub(super) async fn cancelled(&self) {
        let mut receiver = self.cancelled.subscribe();
        // The sender lives as long as the job.
        let _ = receiver
            .wait_for(|cancelled| *cancelled == Cancelled::Yes)
            .await;
    }

    /// What was cancelled may be tried again.
    pub(super) fn allow_again(&self) {
        self.cancelled.send_replace(Cancelled::No);
    }

    /// Marks it as removed; its files go when nothing works on it any more.
    pub(super) fn set_removed(&self) {
        self.removed.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_removed(&self) -> bool {
        self.removed.load(Ordering::SeqCst)
    }

    /// As the store keeps it.
    pub(super) fn to_row(&self) -> JobRow {
        self.row_of(&self.progress())
    }

    /// As the store keeps it when it is so far.
    pub(super) fn row_of(&self, progress: &Progress) -> JobRow {
        let mut row = JobRow::new(
            (self.id.to_string(), self.pairing().number()),
            (self.created, self.expires),
            progress.state.code().to_owned(),
            view::order_to_stored(&self.signature, self.wanted),
        );
        row.stopped = progress.stopped.as_ref().map(view::to_stored);
        row.certificate = progress.certificate;
        row
    }

    /// Some of its documents, or all of them, as the store keeps them.
    pub(super) fn document_rows(&self, numbers: Option<&[u32]>) -> Vec<JobDocumentRow> {
        let progress = self.progress();
        match numbers {
            None => progress.document_rows(),
            Some(numbers) => numbers
                .iter()
                .filter_map(|number| progress.document(*number).map(JobDocument::to_row))
                .collect(),
        }
    }

    /// Numbers of the documents in a state.
    pub(super) fn numbers(&self, is_wanted: impl Fn(&JobDocument) -> bool) -> Vec<u32> {
        let progress = self.progress();
        let wanted = progress.documents.iter().filter(|one| is_wanted(one));
        wanted.map(|document| document.number).collect()
    }
}

impl Progress {
    fn next(&mut self) -> u64 {
        self.sequence = self.sequence.saturating_add(1);
        self.sequence
    }

    pub(super) const fn sequence(&self) -> u64 {
        self.sequence
    }

    pub(super) fn document(&self, number: u32) -> Option<&JobDocument> {
        self.documents.get(index_of(number)?)
    }

    pub(super) fn document_mut(&mut self, number: u32) -> Option<&mut JobDocument> {
        self.documents.get_mut(index_of(number)?)
    }

    /// Changes every document that is wanted.
    pub(super) fn change_documents(
        &mut self,
        is_wanted: impl Fn(&JobDocument) -> bool,
        change: impl Fn(&mut JobDocument),
    ) {
        let mut sequence = self.sequence;
        for document in self.documents.iter_mut().filter(|one| is_wanted(one)) {
            sequence = sequence.saturating_add(1);
            document.changed = sequence;
            change(document);
        }
        self.sequence = sequence;
    }

    /// All documents, as the store keeps them.
    pub(super) fn document_rows(&self) -> Vec<JobDocumentRow> {
        self.documents.iter().map(JobDocument::to_row).collect()
    }

    pub(super) fn count(&self, is_wanted: impl Fn(DocumentState) -> bool) -> usize {
        let documents = self.documents.iter();
        documents.filter(|one| is_wanted(one.state)).count()
    }
}

fn index_of(number: u32) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}
