//! Records as the page reads them: a row of the table for each, and the rest for when its page is
//! opened.
//! The names are `web/report/model.ts`'s.

use serde::Serialize;
use trien::{ChangeWord, Language};

use super::parts::{Part, Parts, Repeats};
use crate::record::{
    Placed, Record, RecordArchive, RecordChange, RecordDocument, RecordFinding, RecordSignature,
    RecordStep, RecordTimestamp, RecordWorkflow,
};

/// What the table shows, sorts and filters by.
#[derive(Debug, Serialize)]
pub(super) struct Row<'r> {
    file: &'r str,
    verdict: &'r str,
    category: Option<Part>,
    school: Option<Part>,
    kind: &'r str,
    signatures: usize,
    signers: Vec<Option<Part>>,
    dated: Option<&'r str>,
    late: Option<bool>,
    pages: Option<u64>,
    workflow: Option<Part>,
    conduct: Option<&'r str>,
    until: Option<&'r str>,
    objection: bool,
}

impl<'r> Row<'r> {
    pub(super) fn of(record: &'r Record, parts: &mut Parts) -> Self {
        let archive = &record.archive;
        let sure = Repeats::Surely;
        Self {
            file: &record.file,
            verdict: &record.document.conclusion,
            category: archive
                .category
                .as_ref()
                .and_then(|category| parts.part(category, sure)),
            school: archive
                .school
                .as_ref()
                .and_then(|school| parts.part(school, sure)),
            kind: &archive.kind,
            signatures: record.signatures.len(),
            signers: record
                .signatures
                .iter()
                .filter_map(|signature| signature.signer.as_ref())
                .map(|signer| parts.part(signer, sure))
                .collect(),
            dated: record.dated(),
            late: archive.late,
            pages: archive.pages,
            workflow: record
                .workflow
                .as_ref()
                .and_then(|workflow| parts.part(&workflow.id, sure)),
            conduct: record
                .workflow
                .as_ref()
                .map(|workflow| workflow.conclusion.as_str()),
            until: archive.provable_until.as_deref(),
            objection: record.is_objected_to(),
        }
    }
}

/// Everything else of a record.
#[derive(Debug, Serialize)]
pub(super) struct Packed<'r> {
    document: &'r RecordDocument,
    validation_time: &'r str,
    archive: &'r RecordArchive,
    workflow: Option<PackedWorkflow<'r>>,
    signatures: Vec<PackedSignature<'r>>,
}

#[derive(Debug, Serialize)]
struct PackedWorkflow<'r> {
    title: &'r str,
    conclusion: &'r str,
    steps: &'r [RecordStep],
    findings: Vec<PackedFinding>,
}

/// Rule, outcome and sentence.
type PackedFinding = (Option<Part>, Option<Part>);

#[derive(Debug, Serialize)]
struct PackedSignature<'r> {
    field: &'r str,
    kind: &'r str,
    sub_filter: Option<&'r str>,
    level: Option<&'r str>,
    integrity: &'r str,
    integrity_reason: Option<&'r str>,
    coverage: &'r str,
    revision: Option<u64>,
    changes: &'r str,
    change_list: Vec<PackedChange<'r>>,
    changes_left_out: u64,
    indication: &'r str,
    sub_indication: Option<&'r str>,
    signer: Option<Part>,
    claimed_signing_time: Option<&'r str>,
    best_signature_time: Option<&'r str>,
    timestamps: &'r [RecordTimestamp],
    evidence: Vec<Option<Part>>,
    reason: Option<&'r str>,
    claimed_roles: &'r [String],
    deviations: &'r [String],
    trust_anchor: Option<Part>,
    profile: Option<Part>,
    profile_in_force: Option<Part>,
    findings: Vec<PackedFinding>,
    placed: Option<&'r Placed>,
}

#[derive(Debug, Serialize)]
struct PackedChange<'r> {
    #[serde(flatten)]
    change: &'r RecordChange,
    /// What happened, in both languages.
    words: Option<Part>,
}

impl<'r> Packed<'r> {
    pub(super) fn of(record: &'r Record, parts: &mut Parts) -> Self {
        Self {
            document: &record.document,
            validation_time: &record.validation_time,
            archive: &record.archive,
            workflow: record
                .workflow
                .as_ref()
                .map(|workflow| PackedWorkflow::of(workflow, parts)),
            signatures: record
                .signatures
                .iter()
                .map(|signature| PackedSignature::of(signature, parts))
                .collect(),
        }
    }
}

impl<'r> PackedWorkflow<'r> {
    fn of(workflow: &'r RecordWorkflow, parts: &mut Parts) -> Self {
        Self {
            title: &workflow.title,
            conclusion: &workflow.conclusion,
            steps: &workflow.steps,
            findings: findings(&workflow.findings, parts),
        }
    }
}

impl<'r> PackedSignature<'r> {
    fn of(signature: &'r RecordSignature, parts: &mut Parts) -> Self {
        let sure = Repeats::Surely;
        Self {
            field: &signature.field,
            kind: &signature.kind,
            sub_filter: signature.sub_filter.as_deref(),
            level: signature.level.as_deref(),
            integrity: &signature.integrity,
            integrity_reason: signature.integrity_reason.as_deref(),
            coverage: &signature.coverage,
            revision: signature.revision,
            changes: &signature.changes,
            change_list: signature
                .change_list
                .iter()
                .map(|change| PackedChange {
                    change,
                    words: words_of(&change.kind).and_then(|words| parts.part(&words, sure)),
                })
                .collect(),
            changes_left_out: signature.changes_left_out,
            indication: &signature.indication,
            sub_indication: signature.sub_indication.as_deref(),
            signer: signature
                .signer
                .as_ref()
                .and_then(|signer| parts.part(signer, sure)),
            claimed_signing_time: signature.claimed_signing_time.as_deref(),
            best_signature_time: signature.best_signature_time.as_deref(),
            timestamps: &signature.timestamps,
            evidence: signature
                .evidence
                .iter()
                .map(|evidence| parts.part(evidence, Repeats::Perhaps))
                .collect(),
            reason: signature.reason.as_deref(),
            claimed_roles: &signature.claimed_roles,
            deviations: &signature.deviations,
            trust_anchor: signature
                .trust_anchor
                .as_ref()
                .and_then(|anchor| parts.part(anchor, sure)),
            profile: signature
                .profile
                .as_ref()
                .and_then(|profile| parts.part(profile, sure)),
            profile_in_force: signature
                .profile_in_force
                .as_ref()
                .and_then(|profile| parts.part(profile, sure)),
            findings: findings(&signature.findings, parts),
            placed: signature.placed.as_ref(),
        }
    }
}

/// What a rule is and what it found repeat; sentences with a name or a time in them seldom do.
fn findings(findings: &[RecordFinding], parts: &mut Parts) -> Vec<PackedFinding> {
    #[derive(Serialize)]
    struct Rule<'r> {
        rule: &'r str,
        clause: &'r str,
        outcome: &'r str,
        level: &'r str,
    }
    findings
        .iter()
        .map(|finding| {
            let rule = Rule {
                rule: &finding.rule,
                clause: &finding.clause,
                outcome: &finding.outcome,
                level: &finding.level,
            };
            (
                parts.part(&rule, Repeats::Surely),
                parts.part(&finding.message, Repeats::Perhaps),
            )
        })
        .collect()
}

/// A change in both languages, where this version knows it.
fn words_of(kind: &str) -> Option<[&'static str; 2]> {
    use serde::Deserialize as _;
    use serde::de::IntoDeserializer as _;
    let word: Result<ChangeWord, serde::de::value::Error> =
        ChangeWord::deserialize(kind.into_deserializer());
    let word = word.ok()?;
    Some([word.sentence(Language::Vi), word.sentence(Language::En)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_have_words_in_both_languages() {
        let [vi, en] = words_of("field-filled").unwrap();
        assert!(!vi.is_empty() && !en.is_empty() && vi != en);
        assert_eq!(words_of("of-a-later-version"), None);
    }
}
