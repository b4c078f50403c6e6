//! Whether certificates lead to an anchor, as facts that hold at any time.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use trien_policy::{CertificateFacts, EvidenceInFile, Language, PathFact, PathFacts};
use trien_trust::revocation::StatusSubject;
use trien_trust::{
    Budget, CertificationPath, KnownCertificate, PathPurpose, PathResult, TrustAnchors, build_paths,
};
use trien_types::{CertificateId, UnixTime, encode_hex};
use trien_x509::Certificate;

use super::algorithm::{algorithm_fact, key_fact};
use super::answers::Circumstances;
use super::gathered::Gathered;
use super::status::{InFile, Statuses, statuses};
use crate::words::path_words;

/// Paths of one certificate that are kept: over cross certificates there may be several, and one
/// that ended may stand beside one that holds. More than this many is nobody's hierarchy.
const MOST_PATHS: usize = 4;

/// Builds paths to one set of anchors and remembers the answers: in a chain of signatures the
/// same certificates come again.
#[derive(Debug)]
pub(super) struct PathFinder<'t> {
    anchors: &'t TrustAnchors,
    time: UnixTime,
    gathered: &'t Gathered,
    circumstances: OnceCell<Circumstances>,
    answers: RefCell<HashMap<(CertificateId, PathPurpose), Arc<Answer>>>,
    /// By certificate, issuer and anchor: authorities come again on other paths.
    statuses: RefCell<HashMap<[CertificateId; 3], Rc<Statuses>>>,
}

/// The paths of a certificate, and what the file itself brings for them.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) path: PathFact,
    /// Whether the file holds a statement about every certificate of a path.
    pub(super) evidence: EvidenceInFile,
}

impl<'t> PathFinder<'t> {
    /// `time` only says which paths are looked for first.
    pub(super) fn new(anchors: &'t TrustAnchors, time: UnixTime, gathered: &'t Gathered) -> Self {
        Self {
            anchors,
            time,
            gathered,
            circumstances: OnceCell::new(),
            answers: RefCell::default(),
            statuses: RefCell::default(),
        }
    }

    /// The language of what is said.
    pub(super) const fn language(&self) -> Language {
        self.gathered.language
    }

    /// The paths of a certificate. An answer that is no path is not remembered: another signature
    /// may bring the certificates that this one lacked.
    pub(super) fn find(
        &self,
        certificate: &Certificate,
        candidates: &[Certificate],
        purpose: PathPurpose,
    ) -> Arc<Answer> {
        let asked = (certificate.id(), purpose);
        if let Some(answer) = self.answers.borrow().get(&asked) {
            return Arc::clone(answer);
        }
        let circumstances = self
            .circumstances
            .get_or_init(|| Circumstances::of(self.anchors, self.time, self.gathered));
        let question = circumstances.question(certificate, candidates, purpose);
        let answer = match question.known() {
            Some(known) => known,
            None => {
                let answer = Arc::new(self.ask(certificate, candidates, purpose));
                question.keep(&answer);
                answer
            }
        };
        if matches!(answer.path, PathFact::Found { .. }) {
            self.answers.borrow_mut().insert(asked, Arc::clone(&answer));
        }
        answer
    }

    fn ask(
        &self,
        certificate: &Certificate,
        candidates: &[Certificate],
        purpose: PathPurpose,
    ) -> Answer {
        let without = |path| Answer {
            path,
            evidence: self.evidence_without_trust(certificate, purpose),
        };
        if self.anchors.is_empty() {
            return without(PathFact::NoAnchors);
        }
        let budget = Budget::default();
        let (anchors, time) = (self.anchors, self.time);
        // What the signature itself brings comes first; the store and the caller may have more.
        let mut all = candidates.to_vec();
        all.extend(self.gathered.certificates.iter().cloned());
        let result = build_paths(certificate, &all, anchors, time, purpose, &budget);
        let found: Vec<&CertificationPath> = match &result {
            PathResult::Found { .. } => result.paths().take(MOST_PATHS).collect(),
            PathResult::NotFound(failure) => match failure.path_at_another_time() {
                Some(path) => vec![path],
                None => {
                    return without(PathFact::Untrusted {
                        detail: path_words(failure.reason(), self.language()),
                    });
                }
            },
            _ => Vec::new(),
        };
        let mut evidence = EvidenceInFile::Incomplete;
        let mut paths = Vec::new();
        for path in found {
            let (facts, brought) = self.facts(path);
            paths.push(facts);
            if evidence == EvidenceInFile::Incomplete {
                evidence = brought;
            }
        }
        Answer {
            path: PathFact::Found { paths },
            evidence,
        }
    }

    fn facts(&self, path: &CertificationPath) -> (PathFacts, EvidenceInFile) {
        let anchor = path.anchor();
        let mut certificates = Vec::new();
        let mut in_file = Vec::new();
        for subject in StatusSubject::on(path) {
            let (certificate, issuer) = (subject.certificate(), subject.issuer());
            let mut facts = certificate_facts(certificate, Some(issuer));
            let statuses = self.statuses(subject, path);
            facts.statuses.clone_from(&statuses.facts);
            facts.rejected_evidence.clone_from(&statuses.rejected);
            in_file.push(statuses.in_file);
            certificates.push(facts);
        }
        certificates.push(certificate_facts(anchor, None));
        let trusted = self.anchors.find(anchor.id());
        let until = trusted.and_then(trien_trust::TrustAnchor::valid_until);
        let mut facts = PathFacts::new(certificates, until);
        facts.anchor_known_as =
            KnownCertificate::find(anchor.id()).map(|known| known.name().to_owned());
        (facts, together(&in_file))
    }

    /// What the file brings for a path to the topmost certificate at hand. The level of a
    /// signature is a matter of structure and does not wait for anchors.
    fn evidence_without_trust(
        &self,
        certificate: &Certificate,
        purpose: PathPurpose,
    ) -> EvidenceInFile {
        if self.gathered.revocation.is_empty() {
            return EvidenceInFile::Incomplete;
        }
        let all = &self.gathered.certificates;
        let is_top = |top: &&Certificate| {
            top.issuer() == top.subject() || !all.iter().any(|one| one.subject() == top.issuer())
        };
        let tops = all.iter().filter(is_top).cloned();
        let tops = TrustAnchors::from_certificates(tops);
        let budget = Budget::default();
        let time = certificate.not_before();
        let result = build_paths(certificate, all, &tops, time, purpose, &budget);
        let path = match &result {
            PathResult::NotFound(failure) => failure.path_at_another_time(),
            PathResult::Found { .. } | _ => result.path(),
        };
        path.map_or(EvidenceInFile::Incomplete, |path| {
            let in_file: Vec<Option<InFile>> = StatusSubject::on(path)
                .map(|subject| self.statuses(subject, path).in_file)
                .collect();
            together(&in_file)
        })
    }

    fn statuses(&self, subject: StatusSubject<'_>, path: &CertificationPath) -> Rc<Statuses> {
        let question = [
            subject.certificate().id(),
            subject.issuer().id(),
            path.anchor().id(),
        ];
        if let Some(known) = self.statuses.borrow().get(&question) {
            return Rc::clone(known);
        }
        let answer = Rc::new(statuses(subject, path, self.gathered));
        self.statuses
            .borrow_mut()
            .insert(question, Rc::clone(&answer));
        answer
    }
}

fn certificate_facts(certificate: &Certificate, issuer: Option<&Certificate>) -> CertificateFacts {
    let mut facts = CertificateFacts::new(
        encode_hex(certificate.id().as_octets()),
        certificate.subject().to_string(),
        (certificate.not_before(), certificate.not_after()),
    );
    facts.common_name = certificate.subject().common_name().map(str::to_owned);
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

/// What the file says of a whole path.
fn together(parts: &[Option<InFile>]) -> EvidenceInFile {
    let mut covered_from = Some(0);
    for part in parts {
        let Some(part) = part else {
            return EvidenceInFile::Incomplete;
        };
        covered_from = covered_from
            .zip(part.covered_from)
            .map(|(all, one)| all.max(one));
    }
    EvidenceInFile::Complete { covered_from }
}
