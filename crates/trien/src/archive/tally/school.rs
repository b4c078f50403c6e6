//! The five questions of an inspection for one school (RECORDS.md 5).

use std::collections::BTreeMap;

use trien_policy::{DocumentConclusion, Language, SignerKind};

use super::staff::People;
use super::{Belonging, Counted, Question, list, one, signatures};
use crate::archive::{
    CategoryCount, NormCount, OnlineCount, OpenProcedureCount, ProcedureCount, Record, RecordKind,
    SEALS_LISTED, SchoolCount, SealCount, StaffMember, WorkflowRecord,
};

/// A school's numbers as they grow.
#[derive(Debug, Default)]
pub(super) struct SchoolTally {
    people: People,
    /// With the number of files that should be signed and are not.
    categories: BTreeMap<String, (CategoryCount, usize)>,
    procedure: BTreeMap<String, ProcedureCount>,
    open: OpenProcedureCount,
    online: OnlineCount,
    norm: NormCount,
    /// By the subject of the certificate.
    seals: BTreeMap<String, SealCount>,
}

impl SchoolTally {
    pub(super) fn add(&mut self, record: &Record, question: &Question, belonging: Belonging) {
        self.people.note(record, question, belonging);
        if belonging != Belonging::Inside {
            return;
        }
        let counted = Counted::of(record);
        self.note_category(record, &counted);
        if let Some(workflow) = &record.workflow {
            self.note_procedure(record, workflow, &counted);
        }
        self.note_open(record, &counted);
        self.note_online(record, &counted);
        self.note_norm(record, &counted);
        self.note_seals(record);
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
        ] {
            if counted.contains(&counts) {
                one(number);
            }
        }
        for (counts, number, files) in [
            (
                Counted::NotComplete,
                &mut count.failing,
                &mut count.files_failing,
            ),
            (
                Counted::Incomplete,
                &mut count.incomplete,
                &mut count.files_incomplete,
            ),
            (
                Counted::OutOfOrder,
                &mut count.out_of_order,
                &mut count.files_out_of_order,
            ),
            (
                Counted::WrongAuthority,
                &mut count.wrong_authority,
                &mut count.files_wrong_authority,
            ),
            (
                Counted::BesideProcedure,
                &mut count.beside,
                &mut count.files_beside,
            ),
            (
                Counted::OtherwiseWrong,
                &mut count.otherwise,
                &mut count.files_otherwise,
            ),
            (
                Counted::SameSigner,
                &mut count.same_signer,
                &mut count.files_same_signer,
            ),
            (
                Counted::ByLikeness,
                &mut count.by_likeness,
                &mut count.files_by_likeness,
            ),
        ] {
            if counted.contains(&counts) {
                one(number);
                list(files, &record.file);
            }
        }
    }

    /// 3, where nobody said the workflow and the record does not tell either.
    fn note_open(&mut self, record: &Record, counted: &[Counted]) {
        if !counted.contains(&Counted::ProcedureOpen) {
            return;
        }
        one(&mut self.open.files);
        list(&mut self.open.files_open, &record.file);
        for id in &record.archive.workflows_open {
            if !self.open.workflows.contains(id) {
                self.open.workflows.push(id.clone());
            }
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
            one(&mut online.missing);
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
            (Counted::NormFailing, &mut norm.failing),
        ] {
            if counted.contains(&counts) {
                one(number);
            }
        }
        for (counts, files) in [
            (Counted::SealOfPerson, &mut norm.files_seal_of_person),
            (Counted::SealUnseen, &mut norm.files_seal_unseen),
            (Counted::RulesBroken, &mut norm.files_rules_failed),
            (Counted::NormFailing, &mut norm.files_failing),
        ] {
            if counted.contains(&counts) {
                list(files, &record.file);
            }
        }
    }

    /// 5. Whose seals they are. A file counts once for each.
    fn note_seals(&mut self, record: &Record) {
        let sealers: BTreeMap<&str, Option<&str>> = signatures(record)
            .filter_map(|signature| signature.signer.as_ref())
            .filter(|signer| signer.kind == SignerKind::Organisation)
            .map(|signer| (signer.subject.as_str(), signer.common_name.as_deref()))
            .collect();
        for (subject, name) in sealers {
            let count = self.seals.entry(subject.to_owned()).or_default();
            if count.files == 0 {
                count.organisation = name.unwrap_or(subject).to_owned();
                subject.clone_into(&mut count.subject);
            }
            one(&mut count.files);
            list(&mut count.files_sealed, &record.file);
        }
    }

    pub(super) fn finish(
        self,
        school: Option<String>,
        (staff, anchors): (Option<&[StaffMember]>, usize),
        language: Language,
    ) -> SchoolCount {
        SchoolCount {
            staff: self.people.finish(school.as_deref(), staff, anchors),
            title: school.clone().unwrap_or_else(|| {
                match language {
                    Language::En => "School not known",
                    Language::Vi | _ => "Không rõ trường",
                }
                .to_owned()
            }),
            school,
            categories: self
                .categories
                .into_iter()
                .map(|(id, (count, missing))| CategoryCount {
                    id,
                    share: share(count.signed, missing),
                    unsigned: missing,
                    ..count
                })
                .collect(),
            procedure: self
                .procedure
                .into_iter()
                .map(|(workflow, count)| ProcedureCount { workflow, ..count })
                .collect(),
            procedure_open: self.open,
            online: self.online,
            norm: with_seals(self.norm, self.seals),
        }
    }
}

/// The most frequent seals first, then by name.
fn with_seals(mut norm: NormCount, seals: BTreeMap<String, SealCount>) -> NormCount {
    norm.seals = seals.into_values().collect();
    norm.seals.sort_by(|one, other| {
        let names = || one.organisation.cmp(&other.organisation);
        other.files.cmp(&one.files).then_with(names)
    });
    norm.seals_unlisted = norm.seals.len().saturating_sub(SEALS_LISTED);
    norm.seals.truncate(SEALS_LISTED);
    norm
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
