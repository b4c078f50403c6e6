//! What is proven to have existed when (EN 319 102-1, 5.6.2.3): document time stamps first, the
//! latest first, each judged with what those after it prove; then the stamps on signatures.
//!
//! A time stamp proves what its own octets cover and nothing else (ATTACKS.md, T10).

use trien_types::UnixTime;

use crate::algorithm_constraints::{digest_until, earlier, name_of, reliable_until};
use crate::certificate_validation::{Cause, CertificateValidation, Question};
use crate::language::Detail;
use crate::{
    CertificateStatus, CoverageFact, IndeterminateBecause, IntegrityFact, PathFact, SignatureFacts,
    SignatureKindFact, TimestampFacts, TimestampStatus, TokenFact,
};

/// What is proven by the document time stamps that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProofsOfExistence {
    validation_time: UnixTime,
    /// The signed revision of each time stamp, from 1, and its time.
    revisions: Vec<(usize, UnixTime)>,
}

/// What became of a time stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimestampValidation {
    /// What is said of it by itself.
    pub(crate) status: TimestampStatus,
    /// Why it proves nothing at the time of judgement; `None` when it does.
    pub(crate) objection: Option<(IndeterminateBecause, Detail)>,
}

impl ProofsOfExistence {
    /// Nothing is proven beyond what is at hand now.
    pub(crate) const fn none(validation_time: UnixTime) -> Self {
        Self {
            validation_time,
            revisions: Vec::new(),
        }
    }

    /// What the document time stamps among `signatures` prove.
    pub(crate) fn of_document(signatures: &[SignatureFacts], validation_time: UnixTime) -> Self {
        let mut proofs = Self::none(validation_time);
        let mut stamps: Vec<(usize, &TimestampFacts)> = signatures
            .iter()
            .filter(|signature| {
                signature.kind == SignatureKindFact::DocumentTimestamp
                    && signature.integrity == IntegrityFact::Intact
                    && signature.coverage != CoverageFact::Broken
            })
            .filter_map(|signature| signature.revision.zip(signature.timestamps.first()))
            .collect();
        stamps.sort_by_key(|(revision, _)| std::cmp::Reverse(*revision));
        for (revision, stamp) in stamps {
            let judged = validate(stamp, proofs.of_contents(Some(revision)), &proofs);
            if let (None, Some(time)) = (&judged.objection, stamp.time) {
                proofs.revisions.push((revision, time));
            }
        }
        proofs
    }

    /// The earliest moment at which what a signed revision covers is proven to have existed;
    /// the time of judgement for what no proof covers.
    pub(crate) fn of(&self, covered_from: Option<usize>) -> UnixTime {
        let Some(first) = covered_from else {
            return self.validation_time;
        };
        self.revisions
            .iter()
            .filter(|(revision, _)| *revision >= first)
            .map(|(_, time)| *time)
            .fold(self.validation_time, UnixTime::min)
    }

    /// The same for the value of a signature, which its own revision leaves out.
    pub(crate) fn of_contents(&self, signed_revision: Option<usize>) -> UnixTime {
        self.of(signed_revision.map(|revision| revision.saturating_add(1)))
    }

    /// The latest proven moment before which a signature in this revision cannot have been made:
    /// its octets cover that time stamp.
    pub(crate) fn not_before(&self, signed_revision: Option<usize>) -> Option<UnixTime> {
        let signed = signed_revision?;
        self.revisions
            .iter()
            .filter(|(revision, _)| *revision < signed)
            .map(|(_, time)| *time)
            .max()
    }
}

/// Judges a token whose value is proven to have existed at `proven`.
pub(crate) fn validate(
    stamp: &TimestampFacts,
    proven: UnixTime,
    proofs: &ProofsOfExistence,
) -> TimestampValidation {
    let objection = objection(stamp, proven, proofs);
    let mut status = status_of(stamp);
    // What ended since leaves the stamp what it was; what makes it doubtful as of its own moment
    // does not.
    let is_doubtful = objection.as_ref().is_some_and(|(because, _)| {
        matches!(
            because,
            IndeterminateBecause::RevokedNoPoe
                | IndeterminateBecause::RevokedCaNoPoe
                | IndeterminateBecause::CryptoConstraintsFailureNoPoe
                | IndeterminateBecause::TimestampOrderFailure
        )
    });
    if is_doubtful && status == TimestampStatus::Valid {
        status = TimestampStatus::Indeterminate;
    }
    TimestampValidation { status, objection }
}

fn status_of(stamp: &TimestampFacts) -> TimestampStatus {
    match &stamp.token {
        TokenFact::Refused { .. } => TimestampStatus::Invalid,
        TokenFact::Unsupported { .. } => TimestampStatus::Indeterminate,
        TokenFact::Intact => {
            let Some(time) = stamp.time else {
                return TimestampStatus::Invalid;
            };
            let stood = stamp.path.paths().iter().any(|path| {
                path.anchor_until.is_none_or(|until| time <= until)
                    && path.certificates.iter().all(|certificate| {
                        let revoked = certificate.statuses.iter().any(|status| {
                            matches!(status.status, CertificateStatus::Revoked { since, .. }
                                if since <= time)
                        });
                        !revoked && certificate.not_before <= time && time <= certificate.not_after
                    })
            });
            if stood {
                TimestampStatus::Valid
            } else {
                TimestampStatus::Indeterminate
            }
        }
    }
}

fn objection(
    stamp: &TimestampFacts,
    proven: UnixTime,
    proofs: &ProofsOfExistence,
) -> Option<(IndeterminateBecause, Detail)> {
    match &stamp.token {
        TokenFact::Intact => {}
        TokenFact::Refused { detail } | TokenFact::Unsupported { detail } => {
            return Some((IndeterminateBecause::Generic, detail.clone().into()));
        }
    }
    let Some(time) = stamp.time else {
        let detail = "the token names no time".to_owned().into();
        return Some((IndeterminateBecause::Generic, detail));
    };
    if time > proven {
        let detail = Detail::Words {
            vi: format!("dấu thời gian ghi {time} nhưng đã có từ trước {proven}"),
            en: format!("it names a time ({time}) at which it existed already ({proven})"),
        };
        return Some((IndeterminateBecause::TimestampOrderFailure, detail));
    }
    let digests = stamp
        .digests
        .iter()
        .map(|name| (digest_until(name), name.clone()));
    let algorithms = stamp
        .algorithm
        .iter()
        .map(|algorithm| (reliable_until(algorithm), name_of(algorithm)));
    for (until, name) in digests.chain(algorithms) {
        if until.is_some_and(|until| proven > until) {
            return Some((
                IndeterminateBecause::CryptoConstraintsFailureNoPoe,
                name.into(),
            ));
        }
    }
    let question = Question {
        validation_time: proofs.validation_time,
        proven,
        // That a token is good now needs the status at its own moment, and none worse since.
        status_time: time,
    };
    let paths = match &stamp.path {
        PathFact::Found { paths } => paths,
        PathFact::NoAnchors => {
            let detail = "no trust anchors were given".to_owned().into();
            return Some((IndeterminateBecause::NoCertificateChainFound, detail));
        }
        PathFact::NoCertificate => {
            let detail = "the authority's certificate is missing".to_owned().into();
            return Some((IndeterminateBecause::NoSigningCertificateFound, detail));
        }
        PathFact::Untrusted { detail } => {
            return Some((
                IndeterminateBecause::NoCertificateChainFound,
                detail.clone().into(),
            ));
        }
    };
    let mut first = None;
    for path in paths {
        let begun = path.certificates.first().map(|leaf| leaf.not_before);
        let validation = CertificateValidation::of(path, question, proofs);
        if begun.is_some_and(|begun| time < begun) {
            let detail = "it is older than its authority's certificate"
                .to_owned()
                .into();
            first.get_or_insert((IndeterminateBecause::NotYetValid, detail));
        } else if let Some((because, detail)) = missed(&validation) {
            first.get_or_insert((because, detail));
        } else {
            return None;
        }
    }
    let none = "no path holds".to_owned().into();
    Some(first.unwrap_or((IndeterminateBecause::NoCertificateChainFound, none)))
}

/// The gravest bound that is missed, as a sub-indication.
pub(crate) fn missed(validation: &CertificateValidation) -> Option<(IndeterminateBecause, Detail)> {
    use IndeterminateBecause as Because;
    let table = [
        (Cause::Revoked, Because::RevokedNoPoe),
        (Cause::AuthorityRevoked, Because::RevokedCaNoPoe),
        (Cause::Algorithm, Because::CryptoConstraintsFailureNoPoe),
        (Cause::NotYetValid, Because::NotYetValid),
        (Cause::OutOfBounds, Because::OutOfBoundsNoPoe),
        (Cause::OnHold, Because::TryLater),
        (Cause::StatusUnknown, Because::TryLater),
    ];
    table.into_iter().find_map(|(cause, because)| {
        let bound = validation.missed(&[cause])?;
        Some((because, bound.detail.clone()))
    })
}

/// Until when a signature's own algorithms are relied on, with what they are called.
pub(crate) fn algorithms_until(signature: &SignatureFacts) -> Option<(UnixTime, String)> {
    let scheme = signature.algorithm.as_ref();
    let by_scheme = scheme.and_then(reliable_until);
    let by_digest = signature
        .digests
        .iter()
        .map(|name| digest_until(name))
        .fold(None, earlier);
    let until = earlier(by_scheme, by_digest)?;
    let mut names: Vec<String> = scheme.map(name_of).into_iter().collect();
    names.extend(signature.digests.iter().cloned());
    names.dedup();
    Some((until, names.join(", ")))
}
