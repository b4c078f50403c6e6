//! Documents of `signatures/signDoc` that go the way of jobs: the window shows their pages, and the
//! call waits for the end.
//! Signs nothing itself.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use trien_types::CertificateId;

use super::authorize::blocking;
use super::{Call, CscError, MOST_SIGNATURES};
use crate::daemon::Daemon;
use crate::job::{self, Job, JobDescription};
use crate::rejection::Code;

/// A job that its call waits for. Where the caller goes away it is cancelled, and it is removed in
/// any case.
#[derive(Debug)]
pub(super) struct WaitingJob {
    daemon: Daemon,
    job: Arc<Job>,
    documents: usize,
}

impl WaitingJob {
    /// Makes it, with its documents. Blocks.
    pub(super) fn create(
        call: &Call,
        certificate: CertificateId,
        documents: &[&[u8]],
        level: &str,
    ) -> Result<Self, CscError> {
        if documents.len() > MOST_SIGNATURES {
            return Err(Code::TooManyDocuments.into());
        }
        let described: Vec<Value> = documents
            .iter()
            .zip(1_u32..)
            .map(|(octets, number)| {
                json!({ "name": format!("{number}.pdf"), "pdf": STANDARD.encode(octets) })
            })
            .collect();
        let description = json!({
            "documents": described,
            "signature": { "level": level },
            "certificate": certificate.to_string(),
        });
        let new = serde_json::from_value::<JobDescription>(description)
            .map_err(|_| Code::Internal)?
            .checked()?;
        let job = call.daemon.jobs().create(&call.daemon, &call.caller, new)?;
        Ok(Self {
            daemon: call.daemon.clone(),
            job,
            documents: documents.len(),
        })
    }

    /// Asks the person, and gives the signed documents in their order: all of them or none.
    pub(super) async fn documents(self, call: &Call) -> Result<Value, CscError> {
        let mut changes = self.job.watch();
        job::begin_if_collected(&call.daemon, &self.job, &call.caller);
        while !self.job.state().is_over() {
            // The sender lives as long as the job.
            changes.changed().await.map_err(|_| Code::Internal)?;
        }
        if let Some(code) = failure(&self.job.to_json()) {
            return Err(if code == Code::PinIncorrect {
                CscError::pin_incorrect(call.version)
            } else if code == Code::PinLocked {
                CscError::locked(call.version)
            } else {
                code.into()
            });
        }
        blocking(move || self.results()).await
    }

    fn results(&self) -> Result<Value, CscError> {
        let spool = self.daemon.jobs().spool();
        let numbers = (1_u32..).take(self.documents);
        let documents: Result<Vec<String>, CscError> = numbers
            .map(|number| {
                let path = spool.result(self.job.id(), number);
                let file = trien::MappedFile::open(&path).map_err(|_| Code::Internal)?;
                Ok(STANDARD.encode(&*file))
            })
            .collect();
        Ok(json!({ "DocumentWithSignature": documents? }))
    }
}

impl Drop for WaitingJob {
    fn drop(&mut self) {
        let (daemon, job) = (self.daemon.clone(), Arc::clone(&self.job));
        // It waits for the disk.
        let removal = move || daemon.jobs().remove(&daemon, &job);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn_blocking(removal);
        } else {
            removal();
        }
    }
}

/// Why not all documents of a job were signed; none where they were.
fn failure(job: &Value) -> Option<Code> {
    let code = |error: &Value| error["code"].as_str().and_then(Code::from_name);
    let documents = job["documents"].as_array().map_or(&[][..], Vec::as_slice);
    let is_signed = |document: &Value| document["state"] == "signed";
    if job["state"] == "finished" && documents.iter().all(is_signed) {
        return None;
    }
    let of_documents = || {
        documents
            .iter()
            .find_map(|document| code(&document["error"]))
    };
    let cancelled = || (job["state"] == "cancelled").then_some(Code::Cancelled);
    code(&job["stopped"])
        .or_else(of_documents)
        .or_else(cancelled)
        .or(Some(Code::Internal))
}
