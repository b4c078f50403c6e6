//! What proves the signatures of a document later (EN 319 142-1, 5.4.2; TT 41/2017, 9): the
//! certificates of every path and, for each that is no anchor, its status from the issuer, for
//! signatures, signature time stamps and document time stamps alike.
//!
//! What the document holds is used first; the rest is fetched through the caller's transport, and
//! verified before it is taken. Judges no signature: that they are intact is asked elsewhere.

mod choice;
mod fetch;
mod missing;
mod paths;
mod status;
mod subject;

use trien_pdf::{Document, StoreAddition, ValidationRelatedAddition};
use trien_trust::{PathFailure, PathPurpose, TrustAnchors};
use trien_types::{Limits, Transport, UnixTime};
use trien_x509::Certificate;

use crate::SuppliedEvidence;
use crate::error::Error;

pub use missing::{FetchAttempt, FetchFailure, Missing, MissingReason};
pub(crate) use subject::read_signatures;

/// What a search for evidence needs. Time and trust are inputs: there is no default for either.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct EvidenceSearch<'s> {
    /// Where paths are to end.
    pub anchors: &'s TrustAnchors,
    /// The time of the search: evidence from later is not taken.
    pub time: UnixTime,
    /// How issuers and responders are reached.
    pub transport: &'s dyn Transport,
    /// What the caller keeps beside the document: looked at before anybody is asked, and taken into
    /// the document where it proves something.
    pub supplied: Option<&'s SuppliedEvidence>,
}

impl std::fmt::Debug for EvidenceSearch<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("EvidenceSearch")
            .field("time", &self.time)
            .finish_non_exhaustive()
    }
}

impl<'s> EvidenceSearch<'s> {
    /// A search at `time` for paths to `anchors`.
    #[must_use]
    pub const fn new(
        anchors: &'s TrustAnchors,
        time: UnixTime,
        transport: &'s dyn Transport,
    ) -> Self {
        Self {
            anchors,
            time,
            transport,
            supplied: None,
        }
    }

    /// The same with what the caller keeps.
    #[must_use]
    pub const fn with(mut self, supplied: &'s SuppliedEvidence) -> Self {
        self.supplied = Some(supplied);
        self
    }

    /// What there is before anybody is asked.
    fn pool(&self) -> subject::Pool {
        self.supplied.map_or_else(subject::Pool::default, |kept| {
            subject::Pool::of(&kept.certificates, kept.revocation.clone())
        })
    }
}

/// What was found for all signatures of a document.
#[derive(Debug)]
#[non_exhaustive]
pub struct Evidence {
    /// The certificates of every path, anchors among them, each once.
    pub certificates: Vec<Certificate>,
    /// DER of the revocation lists that the statuses rest on, each once.
    pub crls: Vec<Vec<u8>>,
    /// DER of the OCSP responses that the statuses rest on, each once.
    pub ocsps: Vec<Vec<u8>>,
    /// What was not found. Empty: the evidence is complete.
    pub missing: Vec<Missing>,
    /// The keys of the signatures in /VRI.
    keys: Vec<String>,
}

impl Evidence {
    /// What is to be added to the document's security store. `time` is written as the moment of
    /// new /VRI entries.
    pub(crate) fn addition(
        &self,
        validation_related: ValidationRelated,
        time: UnixTime,
    ) -> StoreAddition {
        let mut addition = StoreAddition::default();
        addition.certificates = self
            .certificates
            .iter()
            .map(|certificate| certificate.as_der().to_vec())
            .collect();
        addition.crls.clone_from(&self.crls);
        addition.ocsps.clone_from(&self.ocsps);
        if validation_related == ValidationRelated::Written {
            for key in &self.keys {
                let mut entry = ValidationRelatedAddition::new(key.clone());
                entry.certificates.clone_from(&addition.certificates);
                entry.crls.clone_from(&addition.crls);
                entry.ocsps.clone_from(&addition.ocsps);
                entry.time = Some(time);
                addition.validation_related.push(entry);
            }
        }
        addition
    }
}

/// Whether the store also says what belongs to which signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ValidationRelated {
    /// No /VRI: the standard asks for none (EN 319 142-1, 5.4.2.3).
    #[default]
    Omitted,
    /// A /VRI entry for each signature and time stamp, for readers that look nowhere else.
    Written,
}

/// Collects the evidence for every signature, signature time stamp and document time stamp of
/// `document`, from the document and through the search's transport.
///
/// # Errors
/// The document's form or catalog cannot be read. What cannot be had is no error but listed.
pub fn collect_evidence(
    document: &Document<'_>,
    search: &EvidenceSearch<'_>,
) -> Result<Evidence, Error> {
    let limits: Limits = document.limits().clone();
    let found = subject::subjects(document, search.time, search.pool(), &limits)?;
    let mut collection = status::Collection::new(search, &limits, found.pool);
    for subject in &found.subjects {
        collection.prove(subject);
    }
    Ok(collection.finish(found.keys))
}

/// Whether a certificate leads to one of the search's anchors for `purpose` at `time`, by
/// `candidates` and by issuers that are fetched.
///
/// # Errors
/// It does not; why the best path failed, where one was found at all.
pub(crate) fn check_path(
    certificate: &Certificate,
    candidates: Vec<Certificate>,
    search: &EvidenceSearch<'_>,
    (time, purpose): (UnixTime, PathPurpose),
) -> Result<(), Option<Box<PathFailure>>> {
    let mut pool = subject::Pool {
        certificates: candidates,
        ..subject::Pool::default()
    };
    let mut fetcher = fetch::Fetcher::new(search.transport);
    let moment = (time, purpose);
    let anchors = search.anchors;
    paths::find(
        certificate,
        &mut pool,
        anchors,
        moment,
        &mut fetcher,
        &mut Vec::new(),
    )
    .map(|_| ())
}

/// Collects the evidence about one certificate before it signs: `issuers` are at hand, whatever
/// else its path and status need is fetched. What cannot be had is listed.
pub(crate) fn collect_evidence_for(
    certificate: &Certificate,
    issuers: &[Certificate],
    search: &EvidenceSearch<'_>,
    limits: &Limits,
) -> Evidence {
    let mut pool = search.pool();
    for issuer in issuers {
        pool.add(issuer.clone());
    }
    let mut collection = status::Collection::new(search, limits, pool);
    collection.prove(&subject::Subject {
        field: String::new(),
        certificate: Some(certificate.clone()),
        purpose: PathPurpose::DocumentSigning,
        time: search.time,
    });
    collection.finish(Vec::new())
}
