//! Records as the page reads them: a row of the table for each, and the rest for when its page is
//! opened.
//! The names are `web/report/model.ts`'s.

use serde::{Serialize, Serializer};
use trien::archive::{
    ArchiveRecord, Counted, DocumentRecord, FindingRecord, PlacedRecord, Record, RecordKind,
    SignatureRecord, TimestampRecord, Verdict, WorkflowRecord, WorkflowStepRecord,
};
use trien::{
    ChangeFact, ChangeWord, ChangesFact, Language, Level, Outcome, SignatureKindFact, UnixTime,
    WorkflowConclusion,
};

use super::parts::{Part, Parts, Repeats};
use crate::view::{is_objected_to, word_of, written};

/// What the table shows, sorts and filters by.
#[derive(Debug, Serialize)]
pub(super) struct Row<'r> {
    file: &'r str,
    verdict: Verdict,
    category: Option<Part>,
    school: Option<Part>,
    kind: RecordKind,
    signatures: usize,
    signers: Vec<Option<Part>>,
    dated: Option<String>,
    /// By what time it belongs to a period.
    regarded: Option<String>,
    /// The words of the inspection's numbers that count it.
    counted: Option<Part>,
    late: Option<bool>,
    pages: Option<usize>,
    workflow: Option<Part>,
    conduct: Option<WorkflowConclusion>,
    until: Option<String>,
    objection: bool,
}

#[derive(Serialize)]
struct RowWorkflow<'r> {
    id: &'r str,
    title: &'r str,
}

impl<'r> Row<'r> {
    pub(super) fn of(record: &'r Record, parts: &mut Parts) -> Self {
        let archive = &record.archive;
        let sure = Repeats::Surely;
        // Whoever stamps times signs no records.
        let signatures = || {
            let all = record.signatures.iter();
            all.filter(|one| one.kind != SignatureKindFact::DocumentTimestamp)
        };
        Self {
            file: &record.file,
            verdict: Verdict::of(record),
            category: archive
                .category
                .as_ref()
                .and_then(|category| parts.part(category, sure)),
            school: archive
                .school
                .as_ref()
                .and_then(|school| parts.part(school, sure)),
            kind: archive.kind,
            signatures: signatures().count(),
            signers: signatures()
                .filter_map(|signature| signature.signer.as_ref())
                .map(|signer| parts.part(signer, sure))
                .collect(),
            dated: record.dated_at().map(written),
            regarded: record.regarded_at().map(written),
            counted: parts.part(&Counted::of(record), sure),
            late: archive.late,
            pages: archive.pages,
            workflow: record.workflow.as_ref().and_then(|workflow| {
                let WorkflowRecord { id, title, .. } = workflow;
                parts.part(&RowWorkflow { id, title }, sure)
            }),
            conduct: record.workflow.as_ref().map(|workflow| workflow.conclusion),
            until: archive.provable_until.map(written),
            objection: is_objected_to(record),
        }
    }
}

/// Everything else of a record.
#[derive(Debug, Serialize)]
pub(super) struct Packed<'r> {
    document: &'r DocumentRecord,
    validation_time: String,
    archive: &'r ArchiveRecord,
    workflow: Option<PackedWorkflow<'r>>,
    signatures: Vec<PackedSignature<'r>>,
}

#[derive(Debug, Serialize)]
struct PackedWorkflow<'r> {
    title: &'r str,
    conclusion: WorkflowConclusion,
    steps: &'r [WorkflowStepRecord],
    findings: Vec<PackedFinding>,
}

/// Rule, outcome and sentence.
type PackedFinding = (Option<Part>, Option<Part>);

#[derive(Debug, Serialize)]
struct PackedSignature<'r> {
    field: &'r str,
    kind: SignatureKindFact,
    sub_filter: Option<&'r str>,
    level: Option<&'r str>,
    integrity: &'r str,
    integrity_reason: Option<&'r str>,
    coverage: String,
    revision: Option<usize>,
    changes: ChangesFact,
    change_list: Vec<Option<Part>>,
    changes_left_out: usize,
    indication: &'r str,
    sub_indication: Option<&'r str>,
    signer: Option<Part>,
    #[serde(serialize_with = "moment")]
    claimed_signing_time: Option<UnixTime>,
    #[serde(serialize_with = "moment")]
    best_signature_time: Option<UnixTime>,
    timestamps: &'r [TimestampRecord],
    evidence: Vec<Option<Part>>,
    reason: Option<&'r str>,
    claimed_roles: &'r [String],
    deviations: &'r [String],
    trust_anchor: Option<Part>,
    profile: Option<Part>,
    profile_in_force: Option<Part>,
    findings: Vec<PackedFinding>,
    placed: Option<&'r PlacedRecord>,
}

#[derive(Debug, Serialize)]
struct PackedChange<'r> {
    #[serde(flatten)]
    change: &'r ChangeFact,
    /// What happened, in both languages.
    words: Option<Part>,
}

impl<'r> Packed<'r> {
    pub(super) fn of(record: &'r Record, parts: &mut Parts) -> Self {
        Self {
            document: &record.document,
            validation_time: written(record.validation_time),
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
    fn of(workflow: &'r WorkflowRecord, parts: &mut Parts) -> Self {
        Self {
            title: &workflow.title,
            conclusion: workflow.conclusion,
            steps: &workflow.steps,
            findings: findings(&workflow.findings, parts),
        }
    }
}

impl<'r> PackedSignature<'r> {
    fn of(signature: &'r SignatureRecord, parts: &mut Parts) -> Self {
        let sure = Repeats::Surely;
        Self {
            field: &signature.field,
            kind: signature.kind,
            sub_filter: signature.sub_filter.as_deref(),
            level: signature.level.as_deref(),
            integrity: &signature.integrity,
            integrity_reason: signature.integrity_reason.as_deref(),
            coverage: word_of(&signature.coverage),
            revision: signature.revision,
            changes: signature.changes,
            change_list: signature
                .change_list
                .iter()
                .map(|change| {
                    let words = parts.part(&words_of(change.kind), sure);
                    // The same change stands behind each signature before it.
                    parts.part(&PackedChange { change, words }, Repeats::Perhaps)
                })
                .collect(),
            changes_left_out: signature.changes_left_out,
            indication: &signature.indication,
            sub_indication: signature.sub_indication.as_deref(),
            signer: signature
                .signer
                .as_ref()
                .and_then(|signer| parts.part(signer, sure)),
            claimed_signing_time: signature.claimed_signing_time,
            best_signature_time: signature.best_signature_time,
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
fn findings(findings: &[FindingRecord], parts: &mut Parts) -> Vec<PackedFinding> {
    #[derive(Serialize)]
    struct Rule<'r> {
        rule: &'r str,
        clause: &'r str,
        outcome: Outcome,
        level: Level,
    }
    findings
        .iter()
        .map(|finding| {
            let rule = Rule {
                rule: &finding.rule,
                clause: &finding.clause,
                outcome: finding.outcome,
                level: finding.level,
            };
            (
                parts.part(&rule, Repeats::Surely),
                parts.part(&finding.message, Repeats::Perhaps),
            )
        })
        .collect()
}

/// A change in both languages.
const fn words_of(kind: ChangeWord) -> [&'static str; 2] {
    [kind.sentence(Language::Vi), kind.sentence(Language::En)]
}

/// As the contract writes it.
#[expect(clippy::ref_option, reason = "serde gives the field by reference")]
fn moment<S: Serializer>(time: &Option<UnixTime>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(written).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::{SIGNATURE, record};

    #[test]
    fn a_record_has_a_row_and_the_rest() {
        let mut parts = Parts::default();
        // One of the two failures is of a rule about marks.
        let signature = SIGNATURE.replace(r#""rule":"b""#, r#""rule":"pdf.covering""#);
        let record = record("valid", &signature, "");
        let row = serde_json::to_string(&Row::of(&record, &mut parts)).unwrap();
        assert!(row.contains(r#""verdict":"valid""#), "{row}");
        assert!(row.contains(r#""signers":[0]"#), "{row}");
        assert!(
            row.contains(r#""dated":"2026-05-31T08:00:00+07:00""#),
            "{row}"
        );
        assert!(
            row.contains(r#""regarded":"2026-05-31T08:00:00+07:00""#),
            "{row}"
        );
        let parts_written = format!("[{}]", String::from_utf8(parts.take_new()).unwrap());
        let written: Vec<serde_json::Value> = serde_json::from_str(&parts_written).unwrap();
        let counted = serde_json::json!([
            "signed",
            "due",
            // One person's signature, under no workflow.
            "without-authority",
            "rules-broken",
            "norm-failing"
        ]);
        assert_eq!(written.get(1), Some(&counted));
        let rest = serde_json::to_string(&Packed::of(&record, &mut parts)).unwrap();
        assert!(rest.contains(r#""coverage":"whole-file""#), "{rest}");
        assert!(
            rest.contains(r#""findings":[[2,"b"],[3,"a"],[4,"c"]]"#),
            "{rest}"
        );
    }
}
