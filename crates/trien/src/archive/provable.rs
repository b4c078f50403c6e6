//! Until when what proves the signatures of a file lasts (EN 319 102-1, 5.6: proofs of existence
//! end with the certificates and algorithms they rest on).

use trien_policy::{
    AlgorithmFact, Conclusion, DocumentConclusion, EvidenceInFile, IndeterminateBecause, Language,
    PathFact, Report, SignatureKindFact, SignatureReport, TimestampFacts, TimestampStatus,
};
use trien_types::UnixTime;

/// An end, and what ends.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProvableUntil {
    /// The last moment.
    pub time: UnixTime,
    /// What ends then, in the report's language.
    pub weakest: String,
}

/// The earliest end among the signatures of a file that hold and lead to a trust anchor; `None` where
/// none does: what nobody vouches for proves nothing at any time.
///
/// A signature lasts as long as its certificates and algorithms. Where the file tells the status of
/// its certificates and a valid time stamp stands over it, it lasts as long as the youngest such
/// time stamp.
#[must_use]
pub fn provable_until(report: &Report) -> Option<ProvableUntil> {
    if report.conclusion == DocumentConclusion::Invalid {
        return None;
    }
    report
        .signatures
        .iter()
        .enumerate()
        .filter(|(_, signature)| {
            signature.facts.kind != SignatureKindFact::DocumentTimestamp
                && is_proven(signature.conclusion)
                && signature.trust_anchor.is_some()
        })
        .filter_map(|(index, signature)| {
            let later = report.signatures.iter().skip(index.saturating_add(1));
            of_signature(signature, later, report.language)
        })
        .min_by_key(|end| end.time)
}

/// Whether it proves something today, or does as soon as its status is asked for. A revoked or
/// ended certificate, or a change that nobody may make, leaves nothing to lose.
const fn is_proven(conclusion: Conclusion) -> bool {
    matches!(
        conclusion,
        Conclusion::Passed | Conclusion::Indeterminate(IndeterminateBecause::TryLater)
    )
}

fn of_signature<'r>(
    signature: &'r SignatureReport,
    later: impl Iterator<Item = &'r SignatureReport>,
    language: Language,
) -> Option<ProvableUntil> {
    let facts = &signature.facts;
    let signer = facts.signer.as_ref().map(|signer| {
        let name = signer.common_name.as_deref().unwrap_or(&signer.subject);
        (signer.not_after, certificate_words(name, language))
    });
    let own = end_of(&facts.path, facts.algorithm.as_ref(), signer, language);
    if !matches!(facts.evidence_in_file, EvidenceInFile::Complete { .. }) {
        return own;
    }
    let document_stamps = later.filter(|other| {
        other.facts.kind == SignatureKindFact::DocumentTimestamp
            && !matches!(other.conclusion, Conclusion::Failed(_))
    });
    let stamps = std::iter::once(signature)
        .chain(document_stamps)
        .flat_map(|of| of.facts.timestamps.iter().zip(&of.timestamps))
        .filter(|(_, judged)| {
            judged.status == TimestampStatus::Valid && judged.objection.is_none()
        });
    let stamps = stamps.filter_map(|(stamp, _)| of_stamp(stamp, language));
    own.into_iter().chain(stamps).max_by_key(|end| end.time)
}

fn of_stamp(stamp: &TimestampFacts, language: Language) -> Option<ProvableUntil> {
    end_of(&stamp.path, stamp.algorithm.as_ref(), None, language)
}

/// The earliest end on the path that lasts longest, of what it was signed with, and, where no path
/// is known, of the certificate itself.
fn end_of(
    path: &PathFact,
    algorithm: Option<&AlgorithmFact>,
    certificate: Option<(UnixTime, String)>,
    language: Language,
) -> Option<ProvableUntil> {
    let of_path = path
        .paths()
        .iter()
        .filter_map(|path| {
            path.certificates
                .iter()
                .map(|one| {
                    let name = one.common_name.as_deref().unwrap_or(&one.subject);
                    (one.not_after, certificate_words(name, language))
                })
                .min_by_key(|(end, _)| *end)
        })
        .max_by_key(|(end, _)| *end);
    let of_algorithm = algorithm.and_then(|algorithm| {
        let until = algorithm.reliable_until()?;
        Some((until, algorithm_words(&algorithm.name(), language)))
    });
    of_path
        .or(certificate)
        .into_iter()
        .chain(of_algorithm)
        .min_by_key(|(end, _)| *end)
        .map(|(time, weakest)| ProvableUntil { time, weakest })
}

pub(super) fn certificate_words(name: &str, language: Language) -> String {
    let (before, behind) = around_a_name(language);
    format!("{before}{name}{behind}")
}

/// Whose certificate such a sentence names.
pub(super) fn named_certificate(words: &str, language: Language) -> Option<&str> {
    let (before, behind) = around_a_name(language);
    words.strip_prefix(before)?.strip_suffix(behind)
}

const fn around_a_name(language: Language) -> (&'static str, &'static str) {
    match language {
        Language::En => ("the certificate of ", " ends"),
        Language::Vi | _ => ("chứng thư số của ", " hết hạn"),
    }
}

fn algorithm_words(name: &str, language: Language) -> String {
    match language {
        Language::En => format!("the algorithm {name} is relied on no longer"),
        Language::Vi | _ => format!("thuật toán {name} không còn được tin cậy"),
    }
}
