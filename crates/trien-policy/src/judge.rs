//! From facts to a report. No rule raises a conclusion; every rule that ran is listed.

use trien_types::UnixTime;

use crate::judged::Judged;
use crate::proof_of_existence::ProofsOfExistence;
use crate::report::integrity_reason;
use crate::rule::{Level, is_only_unknown};

use crate::{
    ChangesFact, Conclusion, DocumentConclusion, IntegrityFact, Language, Outcome, Profile,
    ProfileChoice, Report, SignatureKindFact, SignatureReport, TimestampReport, ValidationFacts,
};

/// Judges every signature of a document at `validation_time`, each under the profile that `choice`
/// has for it.
#[must_use]
pub fn judge(
    facts: &ValidationFacts,
    choice: &ProfileChoice,
    validation_time: UnixTime,
    language: Language,
) -> Report {
    let proofs = ProofsOfExistence::of_document(&facts.signatures, validation_time);
    let mut earlier_approvals = 0_usize;
    let mut earlier_signers = Vec::new();
    let signatures: Vec<SignatureReport> = facts
        .signatures
        .iter()
        .map(|signature| {
            let mut judged = Judged::new(
                signature.clone(),
                earlier_approvals,
                &proofs,
                validation_time,
            );
            judged.earlier_signers.clone_from(&earlier_signers);
            if signature.integrity == IntegrityFact::Intact
                && let Some(signer) = &signature.signer
                && signature.kind != SignatureKindFact::DocumentTimestamp
            {
                earlier_signers.push(signer.kind);
            }
            if signature.kind == SignatureKindFact::Approval {
                earlier_approvals = earlier_approvals.saturating_add(1);
            }
            judge_signature(judged, choice, language)
        })
        .collect();
    let conclusion = document_conclusion(facts, &signatures);
    Report {
        document: facts.document.clone(),
        conclusion,
        signatures,
        profile: choice.at(validation_time).id,
        validation_time,
        language,
    }
}

fn judge_signature(judged: Judged, choice: &ProfileChoice, language: Language) -> SignatureReport {
    // What is proven, else what is claimed: never the day on which somebody looks (a profile is
    // the law at signing), unless nothing is known.
    let moment = judged
        .best_signature_time
        .or(judged.signature.claimed_signing_time)
        .unwrap_or(judged.validation_time);
    let profile = choice.at(moment);
    let in_force = Profile::in_force(choice.school(), moment);
    let mut conclusion = Conclusion::Passed;
    let mut findings = Vec::new();
    for rule in profile.validation_rules() {
        let checked = (rule.check)(&judged);
        let weighs = match checked.outcome {
            Outcome::Fail | Outcome::CannotTell => profile.level_of(rule) == Level::Fail,
            Outcome::Pass | Outcome::NotApplicable => false,
        };
        if weighs {
            conclusion = conclusion.lowered_by(checked.conclusion);
        }
        findings.push(rule.finding(checked, profile.level_of(rule), language));
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
        integrity_reason: integrity_reason(&judged.signature.integrity, language),
        facts: judged.signature,
        conclusion,
        best_signature_time: judged.best_signature_time,
        timestamps,
        evidence,
        trust_anchor: judged.trust_anchor,
        profile,
        in_force,
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
            || (ChangesFact::of(&report.facts.changes) == ChangesFact::Forbidden
                && !is_only_unknown(&report.facts.changes))
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
            &ProfileChoice::default(),
            UnixTime::from_seconds(1_500),
            Language::En,
        )
    }

    #[test]
    fn every_rule_that_ran_is_in_the_report() {
        let report = conclude(vec![judged().signature]);
        assert_eq!(
            report.signatures[0].findings.len(),
            Profile::default().validation_rules().count()
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

    #[test]
    fn under_every_profile_what_is_broken_untrusted_expired_or_revoked_never_passes() {
        let spoilt: [fn(&mut SignatureFacts); 5] = [
            |facts| {
                facts.integrity = IntegrityFact::Broken {
                    failure: IntegrityFailure::Digest,
                    detail: String::new(),
                };
            },
            |facts| facts.coverage = CoverageFact::Broken,
            |facts| facts.path = PathFact::Untrusted { detail: "x".into() },
            |facts| facts.signer.as_mut().unwrap().not_after = UnixTime::from_seconds(1_400),
            |facts| {
                let mut path = crate::rule::facts::path();
                path.certificates[0].statuses.clear();
                facts.path = PathFact::Found { paths: vec![path] };
            },
        ];
        for id in Profile::ids() {
            let choice = ProfileChoice::from(Profile::named(id).unwrap());
            let conclude = |signature: SignatureFacts| {
                let facts = ValidationFacts::new(DocumentFacts::default(), vec![signature]);
                let time = UnixTime::from_seconds(1_500);
                judge(&facts, &choice, time, Language::En).signatures[0].conclusion
            };
            for spoil in spoilt {
                let signature = judged_with(spoil).signature;
                assert_ne!(conclude(signature), Conclusion::Passed, "{id}");
            }
        }
    }

    #[test]
    fn no_rule_raises_a_conclusion_under_any_profile() {
        let spoilt = [
            judged().signature,
            judged_with(|facts| facts.coverage = CoverageFact::Broken).signature,
            judged_with(|facts| facts.path = PathFact::NoAnchors).signature,
        ];
        for id in Profile::ids() {
            let profile = Profile::named(id).unwrap();
            for signature in &spoilt {
                let conclude = |profile: &Profile| {
                    let facts =
                        ValidationFacts::new(DocumentFacts::default(), vec![signature.clone()]);
                    let time = UnixTime::from_seconds(1_500);
                    let choice = ProfileChoice::from(profile.clone());
                    judge(&facts, &choice, time, Language::En).signatures[0].conclusion
                };
                for rule in profile.validation_rules() {
                    let with = conclude(&profile.clone().with_level(rule.id, Level::Fail));
                    let without = conclude(&profile.clone().with_level(rule.id, Level::Inform));
                    assert_eq!(with, with.lowered_by(without), "{id}: {}", rule.id);
                }
            }
        }
    }
}
