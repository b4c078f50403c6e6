//! X.509 certificate validation with time (EN 319 102-1, 5.2.6, 5.5.4 and 5.6.2): until when
//! existing must be proven for a signature to count, and why.
//!
//! From the certificate below the anchor down to the signer's, whatever ends its trustworthiness
//! (a revocation, the end of a validity, the end of an algorithm) moves the *control time* back.
//! A signature counts when it is proven to have existed by then. Without any such end the control
//! time is the time of judgement itself, at which every signature at hand exists.

mod bound_words;

use trien_types::UnixTime;

use crate::algorithm_constraints::{earlier, name_of, reliable_until};
use crate::language::Detail;
use crate::proof_of_existence::ProofsOfExistence;
use crate::{CertificateFacts, CertificateStatus, EvidenceKind, PathFacts, StatusFact};

use bound_words::{name, words};

/// How far a responder's clock may be behind the time-stamping authority's, in seconds: an answer
/// fetched right after stamping still speaks of the stamped moment.
const CLOCK_SKEW: i64 = 5 * 60;

/// How old an answer without nextUpdate may be at the moment it is asked about, in seconds
/// (EN 319 102-1, 5.2.5 leaves it to the policy): responders in the field answer at once, and a day
/// is the interval at which the lists of the Vietnamese authorities appear.
const FRESH_WITHOUT_NEXT_UPDATE: i64 = 24 * 60 * 60;

/// Why nothing after a moment can be relied on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// The certificate was revoked.
    Revoked,
    /// A certificate above it was revoked.
    AuthorityRevoked,
    /// The certificate was suspended.
    OnHold,
    /// A validity ended, or the trust in the anchor.
    OutOfBounds,
    /// The validity of an authority had not begun.
    NotYetValid,
    /// An algorithm is no longer relied on.
    Algorithm,
    /// Nothing says that a certificate was good after that.
    StatusUnknown,
}

/// The last moment by which existence must be proven because of one cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bound {
    pub(crate) cause: Cause,
    pub(crate) until: UnixTime,
    /// What it is about.
    pub(crate) detail: Detail,
}

/// What is asked of a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question {
    /// The time of judgement.
    pub(crate) validation_time: UnixTime,
    /// The earliest moment at which what was signed is proven to have existed; the time of
    /// judgement without a proof.
    pub(crate) proven: UnixTime,
    /// The moment for which statuses are asked: when it was signed, as far as that is known.
    pub(crate) status_time: UnixTime,
}

/// What becomes of a path for one question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CertificateValidation {
    bounds: Vec<Bound>,
    proven: UnixTime,
    /// Ids of the evidence that was relied on.
    pub(crate) evidence: Vec<String>,
    /// Evidence that does not count, with reasons.
    pub(crate) rejected_evidence: Vec<String>,
}

/// Before any moment that this program handles: existence cannot be proven by then.
const NEVER: UnixTime = UnixTime::from_seconds(i64::MIN);

impl CertificateValidation {
    /// Validates a path for what it signed.
    pub(crate) fn of(path: &PathFacts, question: Question, proofs: &ProofsOfExistence) -> Self {
        let mut run = Run {
            question,
            proofs,
            control_time: question.validation_time,
            bounds: Vec::new(),
            evidence: Vec::new(),
            rejected: Vec::new(),
        };
        run.path(path);
        Self {
            bounds: run.bounds,
            proven: question.proven,
            evidence: run.evidence,
            rejected_evidence: run.rejected,
        }
    }

    /// The first bound of one of `causes` that the proofs of existence do not reach.
    pub(crate) fn missed(&self, causes: &[Cause]) -> Option<&Bound> {
        self.bounds
            .iter()
            .find(|bound| causes.contains(&bound.cause) && self.proven > bound.until)
    }

    /// How many bounds are missed: of several paths the one with fewest is shown.
    pub(crate) fn misses(&self) -> usize {
        self.bounds
            .iter()
            .filter(|bound| self.proven > bound.until)
            .count()
    }
}

/// Which certificate of a path it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Signer,
    Authority,
}

struct Run<'r> {
    question: Question,
    proofs: &'r ProofsOfExistence,
    control_time: UnixTime,
    bounds: Vec<Bound>,
    evidence: Vec<String>,
    rejected: Vec<String>,
}

impl Run<'_> {
    fn path(&mut self, path: &PathFacts) {
        let Some((anchor, below)) = path.certificates.split_last() else {
            return;
        };
        if let Some(until) = path.anchor_until {
            self.bound(Cause::OutOfBounds, until, || {
                words(
                    format!(
                        "chứng thư số gốc {} chỉ được tin cậy đến {until}",
                        name(anchor)
                    ),
                    format!("the trust in {} ended at {until}", name(anchor)),
                )
            });
        }
        self.validity(anchor);
        for (index, certificate) in below.iter().enumerate().rev() {
            let part = if index == 0 {
                Part::Signer
            } else {
                Part::Authority
            };
            self.status(certificate, part);
            self.algorithm(certificate);
            self.validity(certificate);
        }
    }

    fn bound(&mut self, cause: Cause, until: UnixTime, detail: impl FnOnce() -> Detail) {
        if until >= self.question.validation_time {
            return;
        }
        // How long a status is known says nothing of the keys that sign further down.
        if cause != Cause::StatusUnknown {
            self.control_time = self.control_time.min(until);
        }
        self.bounds.push(Bound {
            cause,
            until,
            detail: detail(),
        });
    }

    fn validity(&mut self, certificate: &CertificateFacts) {
        self.bound(Cause::OutOfBounds, certificate.not_after, || {
            let end = certificate.not_after;
            words(
                format!("chứng thư số của {} hết hạn lúc {end}", name(certificate)),
                format!("the validity of {} ended at {end}", name(certificate)),
            )
        });
        if self.control_time < certificate.not_before {
            self.bounds.push(Bound {
                cause: Cause::NotYetValid,
                until: NEVER,
                detail: words(
                    format!(
                        "chứng thư số của {} chưa có hiệu lực trước {}",
                        name(certificate),
                        certificate.not_before
                    ),
                    format!(
                        "the validity of {} had not begun before {}",
                        name(certificate),
                        certificate.not_before
                    ),
                ),
            });
        }
    }

    fn algorithm(&mut self, certificate: &CertificateFacts) {
        let Some(algorithm) = &certificate.algorithm else {
            return;
        };
        if let Some(until) = reliable_until(algorithm) {
            self.bound(Cause::Algorithm, until, || {
                let made = name_of(algorithm);
                words(
                    format!("chứng thư số của {} được ký bằng {made}", name(certificate)),
                    format!("{} is signed with {made}", name(certificate)),
                )
            });
        }
    }

    fn status(&mut self, certificate: &CertificateFacts, part: Part) {
        self.rejected.extend(
            certificate
                .rejected_evidence
                .iter()
                .map(|reason| format!("{}: {reason}", certificate.subject)),
        );
        let control_time = self.control_time;
        let proofs = self.proofs;
        // Evidence counts when it existed before its own signer's trustworthiness ended: by the
        // path's own bounds, its algorithm's, and those of a signer beside the path.
        let existed_by = |status: &StatusFact, end: Option<UnixTime>| {
            let relied = status.algorithm.as_ref().and_then(reliable_until);
            let until = earlier(earlier(relied, end), Some(control_time));
            until.is_some_and(|until| proofs.of(status.covered_from) <= until)
        };
        let usable: Vec<&StatusFact> = certificate
            .statuses
            .iter()
            .filter(|status| existed_by(status, status.signer_until))
            .filter(|status| status.this_update <= control_time)
            .collect();
        // What says "revoked" is heard whenever it was said: a clock that is behind hides nothing.
        let revocation = certificate
            .statuses
            .iter()
            .filter(|status| existed_by(status, None))
            .filter_map(|status| match &status.status {
                CertificateStatus::Revoked { since, reason } => Some((*since, reason, status)),
                CertificateStatus::Good
                | CertificateStatus::OnHold { .. }
                | CertificateStatus::Unknown => None,
            })
            .min_by_key(|(since, ..)| *since);
        if let Some((since, reason, status)) = revocation {
            self.evidence.extend(status.evidence.iter().cloned());
            let cause = match part {
                Part::Signer => Cause::Revoked,
                Part::Authority => Cause::AuthorityRevoked,
            };
            // Revoked from that second on: what is proven must be older.
            self.bound(cause, since.plus_seconds(-1), || {
                bound_words::revoked(certificate, since, reason.as_deref())
            });
        }
        let newest = usable.iter().max_by_key(|status| status.this_update);
        if let Some(newest) = newest
            && let CertificateStatus::OnHold { since } = &newest.status
        {
            self.bound(Cause::OnHold, since.plus_seconds(-1), || {
                words(
                    format!(
                        "chứng thư số của {} bị tạm dừng lúc {since}",
                        name(certificate)
                    ),
                    format!("{} was suspended at {since}", name(certificate)),
                )
            });
        }
        let mut said = usable
            .iter()
            .filter(|status| says_not_revoked(status, certificate, self.question.status_time));
        if let Some(status) = said.find(|status| is_about(status, &self.question)) {
            self.evidence.extend(status.evidence.iter().cloned());
            return;
        }
        // A statement about an earlier moment proves that much.
        let last = usable
            .iter()
            .filter(|status| says_not_revoked(status, certificate, status.this_update))
            .map(|status| status.this_update)
            .max();
        self.bound(Cause::StatusUnknown, last.unwrap_or(NEVER), || match last {
            None => bound_words::nothing_said(certificate),
            Some(_) => bound_words::older(certificate),
        });
    }
}

/// Whether a statement tells that the certificate was not revoked at `time`: one that says so, or
/// one that says that it was revoked or suspended later. A list may leave out expired ones.
fn says_not_revoked(status: &StatusFact, certificate: &CertificateFacts, time: UnixTime) -> bool {
    match &status.status {
        CertificateStatus::Good => {
            status.this_update <= certificate.not_after
                || status
                    .expired_since
                    .is_some_and(|since| since <= certificate.not_after)
        }
        CertificateStatus::OnHold { since } | CertificateStatus::Revoked { since, .. } => {
            time < *since
        }
        CertificateStatus::Unknown => false,
    }
}

/// Whether a statement is about the moment that is asked for: newer than it, or the list in force
/// then (TT 15/2025, app. II.1.2: the newest list at signing). An answer that is older than the
/// signature says nothing of it (ATTACKS.md, L4).
fn is_about(status: &StatusFact, question: &Question) -> bool {
    let asked = question.status_time;
    if status.this_update.plus_seconds(CLOCK_SKEW) >= asked {
        return true;
    }
    // Without a proof of existence the question is about now, and the newest there is must do.
    let is_now = asked == question.validation_time;
    match (status.kind, status.next_update) {
        (EvidenceKind::Crl, Some(next)) => asked <= next,
        (EvidenceKind::Ocsp, Some(next)) => is_now && asked <= next,
        (_, None) => is_now && asked <= status.this_update.plus_seconds(FRESH_WITHOUT_NEXT_UPDATE),
    }
}
