//! The five questions of an inspection for one school (RECORDS.md 5).

use std::collections::BTreeMap;

use trien_policy::DocumentConclusion;

use super::staff::People;
use super::{Belonging, Counted, Question, list, one};
use crate::archive::{
    CategoryCount, NormCount, OnlineCount, ProcedureCount, Record, RecordKind, SchoolCount,
    StaffMember, WorkflowRecord,
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
        let counted = Counted::of(record);
        self.note_category(record, &counted);
        if let Some(workflow) = &record.workflow {
            self.note_procedure(record, workflow, &counted);
        }
        self.note_online(record, &counted);
        self.note_norm(record, &counted);
    }

    /// 2. Which kinds of record carry signatures.
    fn note_category(&mut self, record: &Record, counted: &[Counted]) {
        let category = record.archive.category.as_ref();
        let id = category.map_or("", |category| category.id.as_str());
        let (count, missing) = self.categories.entry(id.to_owned()).or_default();
        if let Some(category) = category
            && count.title.is_empty()
        {
            count.title.clone_from(&category.title);
        }
        one(&mut count.files);
        if record.document.conclusion == DocumentConclusion::Valid {
            one(&mut count.valid);
        }
        if record.archive.kind == RecordKind::Scan {
            one(&mut count.scans);
        }
        if counted.contains(&Counted::Signed) {
            one(&mut count.signed);
        }
        if counted.contains(&Counted::Unsigned) {
            one(missing);
            list(&mut count.files_unsigned, &record.file);
        }
    }

    /// 3. Whether records were signed by the procedure.
    fn note_procedure(&mut self, record: &Record, workflow: &WorkflowRecord, counted: &[Counted]) {
        if !counted.contains(&Counted::InProcedure) {
            return;
        }
        let count = self.procedure.entry(workflow.id.clone()).or_default();
        for (counts, number) in [
            (Counted::InProcedure, &mut count.files),
            (Counted::Complete, &mut count.complete),
            (Counted::Incomplete, &mut count.incomplete),
            (Counted::OutOfOrder, &mut count.out_of_order),
            (Counted::WrongAuthority, &mut count.wrong_authority),
        ] {
            if counted.contains(&counts) {
                one(number);
            }
        }
        if counted.contains(&Counted::NotComplete) {
            list(&mut count.files_failing, &record.file);
        }
    }

    /// 4. Whether what is stored is signed by the school's authority.
    fn note_online(&mut self, record: &Record, counted: &[Counted]) {
        let online = &mut self.online;
        if record.archive.kind == RecordKind::Scan {
            one(&mut online.scans);
        }
        if counted.contains(&Counted::Due) {
            one(&mut online.due);
        }
        if counted.contains(&Counted::ByAuthority) {
            one(&mut online.signed_by_authority);
        }
        if counted.contains(&Counted::WithoutAuthority) {
            list(&mut online.files_missing, &record.file);
        }
    }

    /// 5. Whether signatures and seals follow the norm.
    fn note_norm(&mut self, record: &Record, counted: &[Counted]) {
        let norm = &mut self.norm;
        for (counts, number) in [
            (Counted::Sealed, &mut norm.sealed),
            (
                Counted::SealOfOrganisation,
                &mut norm.seal_certificate_organisation,
            ),
            (Counted::SealVisible, &mut norm.visible_seal),
            (Counted::RulesBroken, &mut norm.mark_rules_failed),
        ] {
            if counted.contains(&counts) {
                one(number);
            }
        }
        if counted.contains(&Counted::NormFailing) {
            list(&mut norm.files_failing, &record.file);
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
