//! Answers about certificates that are remembered over files, under everything that decides them:
//! the certificate, those that may stand above it, the anchors, the evidence at hand, what of it
//! the file brings, and the time. Records of one school differ in none of these.

use std::num::NonZeroUsize;
use std::sync::Arc;

use trien_policy::{Language, PathFact};
use trien_trust::{PathPurpose, TrustAnchors};
use trien_types::{Digest, DigestAlgorithm, Remembered, UnixTime};
use trien_x509::{Certificate, Digester};

use super::gathered::Gathered;
use super::trust::Answer;

/// What was asked lately, by all threads.
static ANSWERS: Remembered<Digest, Arc<Answer>> = Remembered::new(MOST);

/// Those who sign the records of a run, and the authorities of their time stamps. An answer takes
/// some 10 kB.
const MOST: NonZeroUsize = NonZeroUsize::new(512).unwrap();

/// Answers with more statements and refusals than this are not kept: only evidence made to be large
/// has them.
const LARGEST: usize = 64;

const PURPOSES: [PathPurpose; 4] = [
    PathPurpose::CrlSigning,
    PathPurpose::DocumentSigning,
    PathPurpose::OcspSigning,
    PathPurpose::TimeStamping,
];

/// What all questions about one file have in common.
#[derive(Debug)]
pub(super) struct Circumstances(Option<Digest>);

impl Circumstances {
    pub(super) fn of(anchors: &TrustAnchors, time: UnixTime, gathered: &Gathered) -> Self {
        Self(digest(|part| {
            // What is said about evidence is said in it.
            part(&[u8::from(gathered.language == Language::En)]);
            part(&time.seconds().to_be_bytes());
            part(&anchors.len().to_be_bytes());
            for anchor in anchors {
                part(anchor.certificate().id().as_octets());
                let until = anchor.valid_until().map(UnixTime::seconds);
                part(&[u8::from(until.is_some())]);
                part(&until.unwrap_or_default().to_be_bytes());
                for purpose in PURPOSES {
                    part(&[u8::from(anchor.purposes().contains(purpose))]);
                }
            }
            certificates(part, &gathered.certificates);
            part(&gathered.revocation.len().to_be_bytes());
            for (id, _) in gathered.revocation.ids() {
                part(id.as_octets());
                part(&[u8::from(gathered.is_in_file([id]))]);
                let covered = gathered.covered_from([id]);
                part(&[u8::from(covered.is_some())]);
                part(&covered.unwrap_or_default().to_be_bytes());
            }
        }))
    }

    /// A question under these circumstances.
    pub(super) fn question(
        &self,
        certificate: &Certificate,
        candidates: &[Certificate],
        purpose: PathPurpose,
    ) -> Question {
        Question(self.0.as_ref().and_then(|common| {
            digest(|part| {
                part(common.as_octets());
                part(certificate.id().as_octets());
                for one in PURPOSES {
                    part(&[u8::from(one == purpose)]);
                }
                certificates(part, candidates);
            })
        }))
    }
}

/// A question, under which its answer is remembered; none where it could not be digested.
#[derive(Debug)]
pub(super) struct Question(Option<Digest>);

impl Question {
    pub(super) fn known(&self) -> Option<Arc<Answer>> {
        ANSWERS.find(self.0.as_ref()?)
    }

    pub(super) fn keep(self, answer: &Arc<Answer>) {
        if let Some(question) = self.0
            && size(answer) <= LARGEST
        {
            ANSWERS.keep(question, Arc::clone(answer));
        }
    }
}

/// Statements and refusals in an answer.
fn size(answer: &Answer) -> usize {
    let PathFact::Found { paths } = &answer.path else {
        return 0;
    };
    let certificates = paths.iter().flat_map(|path| &path.certificates);
    certificates.fold(0_usize, |size, certificate| {
        let said = certificate.statuses.len();
        size.saturating_add(said.saturating_add(certificate.rejected_evidence.len()))
    })
}

/// Each list with its length first, so that no two can pass for one another.
fn certificates(part: &mut dyn FnMut(&[u8]), list: &[Certificate]) {
    part(&list.len().to_be_bytes());
    for certificate in list {
        part(certificate.id().as_octets());
    }
}

fn digest(parts: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Option<Digest> {
    let mut digester = Digester::new(DigestAlgorithm::Sha256).ok()?;
    parts(&mut |octets| digester.update(octets));
    digester.finish().ok()
}
