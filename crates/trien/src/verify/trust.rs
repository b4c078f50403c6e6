//! Whether certificates lead to an anchor, as facts that hold at any time.

use std::cell::RefCell;
use std::collections::HashMap;

use trien_policy::{CertificateFacts, PathFact, PathFacts};
use trien_trust::{Budget, CertificationPath, PathPurpose, PathResult, TrustAnchors, build_paths};
use trien_types::{CertificateId, UnixTime, encode_hex};
use trien_x509::Certificate;

use super::algorithm::{algorithm_fact, key_fact};

/// Paths of one certificate that are kept: over cross certificates there may be several, and one
/// that ended may stand beside one that holds. More than this many is nobody's hierarchy.
const MOST_PATHS: usize = 4;

/// Builds paths to one set of anchors and remembers the answers: in a chain of signatures the
/// same certificates come again.
#[derive(Debug)]
pub(super) struct PathFinder<'t> {
    anchors: &'t TrustAnchors,
    time: UnixTime,
    answers: RefCell<HashMap<(CertificateId, PathPurpose), PathFact>>,
}

impl<'t> PathFinder<'t> {
    /// `time` only says which paths are looked for first.
    pub(super) fn new(anchors: &'t TrustAnchors, time: UnixTime) -> Self {
        Self {
            anchors,
            time,
            answers: RefCell::default(),
        }
    }

    /// The paths of a certificate. An answer that is no path is not remembered: another signature
    /// may bring the certificates that this one lacked.
    pub(super) fn find(
        &self,
        certificate: &Certificate,
        candidates: &[Certificate],
        purpose: PathPurpose,
    ) -> PathFact {
        if self.anchors.is_empty() {
            return PathFact::NoAnchors;
        }
        let question = (certificate.id(), purpose);
        if let Some(answer) = self.answers.borrow().get(&question) {
            return answer.clone();
        }
        let budget = Budget::default();
        let (anchors, time) = (self.anchors, self.time);
        let result = build_paths(certificate, candidates, anchors, time, purpose, &budget);
        let paths: Vec<PathFacts> = match &result {
            PathResult::Found { .. } => result
                .paths()
                .take(MOST_PATHS)
                .map(|path| self.facts(path))
                .collect(),
            PathResult::NotFound(failure) => match failure.path_at_another_time() {
                Some(path) => vec![self.facts(path)],
                None => {
                    return PathFact::Untrusted {
                        detail: failure.to_string(),
                    };
                }
            },
            _ => Vec::new(),
        };
        let answer = PathFact::Found { paths };
        self.answers.borrow_mut().insert(question, answer.clone());
        answer
    }

    fn facts(&self, path: &CertificationPath) -> PathFacts {
        let issuers = path.issuers().iter().map(Some).chain(std::iter::once(None));
        let certificates = path
            .certificates()
            .zip(issuers)
            .map(|(certificate, issuer)| certificate_facts(certificate, issuer))
            .collect();
        let anchor = self.anchors.find(path.anchor().id());
        PathFacts::new(
            certificates,
            anchor.and_then(trien_trust::TrustAnchor::valid_until),
        )
    }
}

fn certificate_facts(certificate: &Certificate, issuer: Option<&Certificate>) -> CertificateFacts {
    let mut facts = CertificateFacts::new(
        encode_hex(certificate.id().as_octets()),
        certificate.subject().to_string(),
        (certificate.not_before(), certificate.not_after()),
    );
    facts.key = certificate.public_key().ok().map(|key| key_fact(&key));
    facts.algorithm = issuer.and_then(|issuer| {
        let scheme = certificate
            .signature_algorithm()
            .signature_scheme(None)
            .ok()?;
        algorithm_fact(issuer, scheme)
    });
    facts
}
