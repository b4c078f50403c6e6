//! Verifying a PDF that somebody sent: with the anchors and rules of the configuration, a bounded
//! number at the same time.
//! Does not know HTTP; the verdict is the library's.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use trien::{
    Language, MappedFile, Profile, ProfileChoice, Report, SchoolKind, UnixTime, Verification,
    Workflow, WorkflowReport, judge_workflow,
};

use crate::anchors;
use crate::config::Config;
use crate::job::transport;
use crate::rejection::{Code, Rejection};

/// Documents that are received or wait at the same time, over all callers: each is a file on the
/// disk.
const MOST_RECEIVED: usize = 16;

/// The verifications under way: one for each processor judges, others wait.
#[derive(Debug, Clone)]
pub struct Verifications {
    received: Arc<Semaphore>,
    judged: Arc<Semaphore>,
}

impl Default for Verifications {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            received: Arc::new(Semaphore::new(MOST_RECEIVED)),
            judged: Arc::new(Semaphore::new(processors)),
        }
    }
}

impl Verifications {
    /// A place for a document, before its first octet is read.
    ///
    /// # Errors
    /// All are taken.
    pub fn receive(&self) -> Result<OwnedSemaphorePermit, Rejection> {
        let place = Arc::clone(&self.received).try_acquire_owned();
        place.map_err(|_| Code::TooManyRequests.into())
    }

    /// A processor, once one is free.
    ///
    /// # Errors
    /// Never: nobody closes the queue.
    pub async fn begin(&self) -> Result<OwnedSemaphorePermit, Rejection> {
        let turn = Arc::clone(&self.judged).acquire_owned().await;
        turn.map_err(|_| Code::Internal.into())
    }
}

/// Whether what is missing may be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Network {
    /// It may not.
    #[default]
    Offline,
    /// Lists, answers and issuers' certificates are fetched.
    Online,
}

/// How a document is to be judged.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct VerificationRequest {
    /// The time of judgement.
    pub time: UnixTime,
    /// The rules.
    pub profile: ProfileChoice,
    /// The language of the findings.
    pub language: Language,
    /// Whether what is missing may be fetched.
    pub network: Network,
    /// The workflow it is held against too.
    pub workflow: Option<Workflow>,
}

/// What is said of a document.
#[derive(Debug)]
#[non_exhaustive]
pub struct Verified {
    /// The report of DESIGN.md, 9.
    pub report: Report,
    /// What the workflow says.
    pub workflow: Option<WorkflowReport>,
}

impl VerificationRequest {
    /// At this time, under the configuration's rules, offline.
    #[must_use]
    pub fn new(config: &Config, time: UnixTime) -> Self {
        let named = config.profile.as_deref().and_then(profile_named);
        Self {
            time,
            profile: named.unwrap_or(ProfileChoice::InForce(SchoolKind::Public)),
            language: config.language,
            network: Network::Offline,
            workflow: None,
        }
    }

    /// Verifies. Octets that are no PDF are a verdict too.
    ///
    /// # Errors
    /// The folder of anchors cannot be read.
    pub fn verify(&self, file: &MappedFile, config: &Config) -> Result<Verified, Rejection> {
        let anchors = anchors::read(config)?.anchors;
        let mut verification = Verification::new(&anchors, self.time);
        verification.profile = self.profile.clone();
        verification.language = self.language;
        if self.network == Network::Online {
            let transport = transport(config);
            // What cannot be read is said by the report; what cannot be fetched, by its rules.
            if let Ok(resolved) = trien::resolve(file, &verification, transport.as_ref()) {
                verification.supplied = resolved.supplied;
            }
        }
        let report = trien::verify(file, &verification);
        let workflow = self.workflow.as_ref();
        Ok(Verified {
            workflow: workflow.map(|workflow| judge_workflow(&report, workflow)),
            report,
        })
    }
}

/// The rules of this name: one instrument's, or those in force at signing in a public or a private
/// school.
#[must_use]
pub fn profile_named(name: &str) -> Option<ProfileChoice> {
    match name {
        "public" => Some(ProfileChoice::InForce(SchoolKind::Public)),
        "private" => Some(ProfileChoice::InForce(SchoolKind::Private)),
        other => Profile::named(other).map(ProfileChoice::Always),
    }
}
