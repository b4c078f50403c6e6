//! The five questions of an inspection for one school (RECORDS.md 5).

use std::collections::BTreeMap;

use trien_policy::{DocumentConclusion, Level, Outcome, SignerKind, StepState, WorkflowConclusion};

use super::staff::People;
use super::{Belonging, Question, list, one, signatures};
use crate::archive::mapping::folded;
use crate::archive::{
    CategoryCount, NormCount, OnlineCount, ProcedureCount, Record, RecordKind, SchoolCount,
    SignatureRecord, StaffMember, WorkflowRecord,
};

/// A school's numbers as they grow.
#[derive(Debug, Default)]
pub(super) struct SchoolTally {
    people: People,
    /// With the number of files that should be signed and are not.
    categories: BTreeMap<String, (CategoryCount, usize)>,
    procedure: BTreeMap<String, ProcedureCount>,
    online: OnlineCount,
    norm: NormCount,
}

impl SchoolTally {
    pub(super) fn add(&mut self, record: &Record, question: &Question, belonging: Belonging) {
        self.people.note(record, question, belonging);
        if belonging == Belonging::Outside {
            return;
        }
        self.note_category(record);
        if record.archive.kind == RecordKind::Record
            && let Some(workflow) = &record.workflow
        {
            self.note_procedure(record, workflow);
        }
        match record.archive.kind {
            RecordKind::Scan => one(&mut self.online.scans),
            RecordKind::NotDue => {}
            RecordKind::Record => {
                one(&mut self.online.due);
                if is_signed_by_authority(record) {
                    one(&mut self.online.signed_by_authority);
                } else {
                    list(&mut self.online.files_missing, &record.file);
                }
            }
        }
        self.note_norm(record);
    }

    /// 2. Which kinds of record carry signatures.
    fn note_category(&mut self, record: &Record) {
        let category = record.archive.category.as_ref();
        let id = category.map_or("", |category| category.id.as_str());
        let (count, missing) = self.categories.entry(id.to_owned()).or_default();
        if let Some(category) = category
            && count.title.is_empty()
        {
            count.title.clone_from(&category.title);
        }
        one(&mut count.files);
        let is_signed = is_signed(record);
        if is_signed {
            one(&mut count.signed);
        }
        if record.document.conclusion == DocumentConclusion::Valid {
            one(&mut count.valid);
        }
        match record.archive.kind {
            RecordKind::Record if !is_signed => {
                one(missing);
                list(&mut count.files_unsigned, &record.file);
            }
            RecordKind::Record | RecordKind::NotDue => {}
            RecordKind::Scan => one(&mut count.scans),
        }
    }

    /// 3. Whether records were signed by the procedure.
    fn note_procedure(&mut self, record: &Record, workflow: &WorkflowRecord) {
        let count = self.procedure.entry(workflow.id.clone()).or_default();
        let fails = |rules: &[&str]| {
            workflow.findings.iter().any(|finding| {
                finding.outcome == Outcome::Fail && rules.contains(&finding.rule.as_str())
            })
        };
        one(&mut count.files);
        let is_complete = workflow.conclusion == WorkflowConclusion::Complete;
        if is_complete {
            one(&mut count.complete);
        } else {
            list(&mut count.files_failing, &record.file);
        }
        let missing = |state| matches!(state, StepState::Missing | StepState::Begun);
        if workflow.steps.iter().any(|step| missing(step.state)) {
            one(&mut count.incomplete);
        }
        if fails(&["workflow.order", "nd30.32.2d"]) {
            one(&mut count.out_of_order);
        }
        if fails(&["workflow.role", "workflow.certificate"]) {
            one(&mut count.wrong_authority);
        }
    }

    /// 5. Whether signatures and seals follow the norm.
    fn note_norm(&mut self, record: &Record) {
        let seals: Vec<&SignatureRecord> = signatures(record).filter(|one| is_seal(one)).collect();
        let mut fails = false;
        if !seals.is_empty() {
            let norm = &mut self.norm;
            one(&mut norm.sealed);
            if seals.iter().all(|seal| is_of_organisation(seal)) {
                one(&mut norm.seal_certificate_organisation);
            } else {
                fails = true;
            }
            if seals.iter().any(|seal| seal.placed.is_some()) {
                one(&mut norm.visible_seal);
            } else {
                fails = true;
            }
        }
        // What the rules of EN 319 102-1 say is trust and time; these are about form.
        let breaks_rule = signatures(record).any(|signature| {
            signature.findings.iter().any(|finding| {
                finding.outcome == Outcome::Fail
                    && finding.level == Level::Fail
                    && !finding.rule.starts_with("en319102.")
            })
        });
        if breaks_rule {
            one(&mut self.norm.mark_rules_failed);
        }
        if fails || breaks_rule {
            list(&mut self.norm.files_failing, &record.file);
        }
    }

    pub(super) fn finish(
        self,
        school: Option<String>,
        staff: Option<&[StaffMember]>,
    ) -> SchoolCount {
        SchoolCount {
            staff: self.people.finish(school.as_deref(), staff),
            school,
            categories: self
                .categories
                .into_iter()
                .map(|(id, (count, missing))| CategoryCount {
                    id,
                    share: share(count.signed, missing),
                    ..count
                })
                .collect(),
            procedure: self
                .procedure
                .into_iter()
                .map(|(workflow, count)| ProcedureCount { workflow, ..count })
                .collect(),
            online: self.online,
            norm: self.norm,
        }
    }
}

/// Signed among what should be, to four places.
fn share(signed: usize, missing: usize) -> f64 {
    let due = signed.saturating_add(missing);
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    if due == 0 {
        return 0.0;
    }
    (number(signed) / number(due) * 10_000.0).round() / 10_000.0
}

/// Whether a signature on it holds, trust aside, and none of them is broken.
fn is_signed(record: &Record) -> bool {
    !matches!(
        record.document.conclusion,
        DocumentConclusion::Invalid | DocumentConclusion::Unreadable
    ) && signatures(record).any(SignatureRecord::is_sound)
}

/// Whether it is valid, and the last step that its workflow needs is done.
fn is_signed_by_authority(record: &Record) -> bool {
    let is_last_done = record.workflow.as_ref().is_none_or(|workflow| {
        let mut needed = workflow.steps.iter().filter(|step| step.needed > 0);
        needed
            .next_back()
            .is_some_and(|step| step.state == StepState::Done)
            && workflow.conclusion != WorkflowConclusion::Violated
    });
    is_last_done && record.document.conclusion == DocumentConclusion::Valid
}

/// A seal is a body's signature, or stands in a field that is called so.
fn is_seal(signature: &SignatureRecord) -> bool {
    is_of_organisation(signature) || folded(&signature.field).contains("condau")
}

fn is_of_organisation(signature: &SignatureRecord) -> bool {
    signature
        .signer
        .as_ref()
        .is_some_and(|signer| signer.kind == SignerKind::Organisation)
}
