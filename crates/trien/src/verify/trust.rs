//! Whether certificates lead to an anchor, as facts.

use std::cell::RefCell;
use std::collections::HashMap;

use trien_policy::PathFact;
use trien_trust::{Budget, PathPurpose, PathResult, TrustAnchors, build_paths};
use trien_types::{CertificateId, UnixTime};
use trien_x509::Certificate;

type Question = (CertificateId, PathPurpose, UnixTime);

/// Builds paths to one set of anchors and remembers the answers: in a chain of signatures the
/// same certificates come again.
#[derive(Debug)]
pub(super) struct PathFinder<'t> {
    anchors: &'t TrustAnchors,
    time: UnixTime,
    answers: RefCell<HashMap<Question, PathFact>>,
}

impl<'t> PathFinder<'t> {
    pub(super) fn new(anchors: &'t TrustAnchors, time: UnixTime) -> Self {
        Self {
            anchors,
            time,
            answers: RefCell::default(),
        }
    }

    /// A path at the time of judgement.
    pub(super) fn find(
        &self,
        certificate: &Certificate,
        candidates: &[Certificate],
        purpose: PathPurpose,
    ) -> PathFact {
        self.find_at(certificate, candidates, purpose, self.time)
    }

    /// A path at a time. An answer that is no path is not remembered: another signature may bring
    /// the certificates that this one lacked.
    pub(super) fn find_at(
        &self,
        certificate: &Certificate,
        candidates: &[Certificate],
        purpose: PathPurpose,
        time: UnixTime,
    ) -> PathFact {
        if self.anchors.iter().next().is_none() {
            return PathFact::NoAnchors;
        }
        let question = (certificate.id(), purpose, time);
        if let Some(answer) = self.answers.borrow().get(&question) {
            return answer.clone();
        }
        let budget = Budget::default();
        let result = build_paths(
            certificate,
            candidates,
            self.anchors,
            time,
            purpose,
            &budget,
        );
        match result {
            PathResult::Found { path, .. } => {
                let anchor = path.anchor().subject().to_string();
                let answer = PathFact::Trusted { anchor };
                self.answers.borrow_mut().insert(question, answer.clone());
                answer
            }
            PathResult::NotFound(failure) => {
                let detail = failure.to_string();
                match failure.path_at_another_time() {
                    Some(_) => PathFact::OutsideValidity { detail },
                    None => PathFact::Untrusted { detail },
                }
            }
            _ => PathFact::Untrusted {
                detail: "the answer is unknown".to_owned(),
            },
        }
    }
}
