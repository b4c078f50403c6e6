//! From facts to a report. No rule raises a conclusion; every rule that ran is listed.

use trien_types::UnixTime;

use crate::judged::Judged;
use crate::proof_of_existence::ProofsOfExistence;
use crate::rule::{Level, validation_rules};
use crate::{
    ChangesFact, Conclusion, DocumentConclusion, IntegrityFact, Language, Outcome, Profile, Report,
    SignatureKindFact, SignatureReport, TimestampReport, ValidationFacts,
};

/// Judges every signature of a document at `validation_time` under `profile`.
#[must_use]
pub fn judge(
    facts: &ValidationFacts,
    profile: &Profile,
    validation_time: UnixTime,
    language: Language,
) -> Report {
    let proofs = ProofsOfExistence::of_document(&facts.signatures, validation_time);
    let mut earlier_approvals = 0_usize;
    let signatures: Vec<SignatureReport> = facts
        .signatures
        .iter()
        .map(|signature| {
            let judged = Judged::new(
                signature.clone(),
                earlier_approvals,
                &proofs,
                validation_time,
            );
            if signature.kind == SignatureKindFact::Approval {
                earlier_approvals = earlier_approvals.saturating_add(1);
            }
            judge_signature(judged, profile, language)
        })
        .collect();
    let conclusion = document_conclusion(facts, &signatures);
    Report {
        document: facts.document.clone(),
        conclusion,
        signatures,
        profile: profile.id,
        validation_time,
        language,
    }
}

fn judge_signature(judged: Judged, profile: &Profile, language: Language) -> SignatureReport {
    let mut conclusion = Conclusion::Passed;
    let mut findings = Vec::new();
    for rule in validation_rules() {
        let checked = (rule.check)(&judged);
        let weighs = match checked.outcome {
            Outcome::Fail | Outcome::CannotTell => profile.level_of(rule) == Level::Fail,
            Outcome::Pass | Outcome::NotApplicable => false,
        };
        if weighs {
            conclusion = conclusion.lowered_by(checked.conclusion);
        }
        findings.push(rule.finding(checked, language));
    }
    let timestamps = judged
        .signature
        .timestamps
        .iter()
        .zip(&judged.timestamps)
        .map(|(stamp, judged)| TimestampReport {
            time: stamp.time,
            status: judged.status,
            objection: judged.objection.as_ref().map(|(because, _)| *because),
        })
        .collect();
    let evidence = judged
        .certificate
        .map(|certificate| certificate.evidence)
        .unwrap_or_default();
    SignatureReport {
        facts: judged.signature,
        conclusion,
        best_signature_time: judged.best_signature_time,
        timestamps,
        evidence,
        findings,
    }
}

fn document_conclusion(
    facts: &ValidationFacts,
    signatures: &[SignatureReport],
) -> DocumentConclusion {
    let damaged = |report: &SignatureReport| {
        matches!(report.conclusion, Conclusion::Failed(_))
            || matches!(report.facts.integrity, IntegrityFact::Broken { .. })
            || ChangesFact::of(&report.facts.changes) == ChangesFact::Forbidden
    };
    if signatures.iter().any(damaged) {
        DocumentConclusion::Invalid
    } else if facts.document.unreadable.is_some() {
        DocumentConclusion::Unreadable
    } else if signatures.is_empty() {
        DocumentConclusion::Unsigned
    } else if signatures
        .iter()
        .all(|report| report.conclusion == Conclusion::Passed)
    {
        DocumentConclusion::Valid
    } else {
        DocumentConclusion::Indeterminate
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::facts::{judged, judged_with};
    use crate::{
        ChangeFact, ChangeVerdict, ChangeWord, CoverageFact, DocumentFacts, IndeterminateBecause,
        IntegrityFailure, PathFact, SignatureFacts,
    };

    fn conclude(signatures: Vec<SignatureFacts>) -> Report {
        let facts = ValidationFacts::new(DocumentFacts::default(), signatures);
        judge(
            &facts,
            &Profile::default(),
            UnixTime::from_seconds(1_500),
            Language::En,
        )
    }

    #[test]
    fn every_rule_that_ran_is_in_the_report() {
        let report = conclude(vec![judged().signature]);
        assert_eq!(
            report.signatures[0].findings.len(),
            validation_rules().len()
        );
    }

    #[test]
    fn an_unchecked_status_keeps_a_good_signature_indeterminate() {
        let unchecked = judged_with(|facts| {
            let mut path = crate::rule::facts::path();
            path.certificates[0].statuses.clear();
            facts.path = PathFact::Found { paths: vec![path] };
        });
        let report = conclude(vec![unchecked.signature]);
        let because = IndeterminateBecause::TryLater;
        assert_eq!(
            report.signatures[0].conclusion,
            Conclusion::Indeterminate(because)
        );
        assert_eq!(report.conclusion, DocumentConclusion::Indeterminate);
    }

    #[test]
    fn one_forbidden_change_or_broken_signature_makes_the_document_invalid() {
        let changed = judged_with(|facts| {
            facts.changes.push(ChangeFact::new(
                2,
                ChangeWord::Unexplained,
                ChangeVerdict::Forbidden,
            ));
        });
        let broken = judged_with(|facts| {
            facts.integrity = IntegrityFact::Broken {
                failure: IntegrityFailure::Certificate,
                detail: String::new(),
            };
        });
        let uncovered = judged_with(|facts| facts.coverage = CoverageFact::Broken);
        for spoilt in [changed, broken, uncovered] {
            let report = conclude(vec![judged().signature, spoilt.signature]);
            assert_eq!(report.conclusion, DocumentConclusion::Invalid);
        }
    }

    #[test]
    fn integrity_never_depends_on_trust() {
        let untrusted = judged_with(|facts| facts.path = PathFact::NoAnchors);
        let report = conclude(vec![untrusted.signature]);
        assert_eq!(report.signatures[0].facts.integrity, IntegrityFact::Intact);
        assert_ne!(report.conclusion, DocumentConclusion::Invalid);
    }

    #[test]
    fn a_document_without_signatures_is_unsigned() {
        assert_eq!(
            conclude(Vec::new()).conclusion,
            DocumentConclusion::Unsigned
        );
    }
}
