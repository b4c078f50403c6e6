//! Personal data kept out of what is handed on, field by field: names become initials, numbers of
//! people and the serial numbers of their certificates the last digits, where they live goes, and
//! what anybody may have written (reasons, values of forms) is hidden whole. Words of the contract,
//! schools, kinds of record, rules, verdicts and digests stay; so do the names of bodies and of
//! authorities for time stamps.
//!
//! The mask of a record depends on that record alone. Knows the people who signed it: a pupil's
//! name in the name of a file is not known to be one, and files that are named after pupils are to
//! be handed on by number.

mod field;
mod json;
mod text;
mod veil;

use std::collections::BTreeMap;

use trien_policy::{Language, Report, SignatureKindFact, SignerKind, WorkflowReport};
use unicode_normalization::UnicodeNormalization;

use super::{Record, RecordError, RecordLine, Summary};

use json::Json;
use veil::{Names, Veil, is_person};

/// What is kept out of lines, reports and summaries.
#[derive(Debug, Clone)]
pub struct Mask {
    language: Language,
    /// Files whose names hold a signer's, for the lists of a summary.
    files: BTreeMap<String, String>,
    /// What ends first of files, where the sentence alone would be masked more than it has to be: it
    /// names an authority.
    weakest: BTreeMap<String, String>,
    /// Who signed anything, for the names of files that are not there.
    people: Names,
}

impl Mask {
    /// A mask that says in a language what is hidden.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self {
            language,
            files: BTreeMap::new(),
            weakest: BTreeMap::new(),
            people: Names::new(),
        }
    }

    /// Keeps how a record's file is called and what of it ends first, for [`Mask::summary`] and
    /// [`Mask::file`].
    pub fn learn(&mut self, record: &Record) {
        let veil = Veil::of_record(record, self.language);
        if let Some(weakest) = &record.archive.weakest {
            let masked = veil.weakest(weakest);
            if masked != veil::weakest(weakest) {
                self.weakest.insert(record.file.clone(), masked);
            }
        }
        veil.learn(&mut self.people);
        let masked = veil.file(&record.file);
        if masked != text::numbers(&record.file) {
            self.files.insert(record.file.clone(), masked);
        }
    }

    /// The name of a file.
    #[must_use]
    pub fn file(&self, file: &str) -> String {
        let known = self.files.get(file).cloned();
        known.unwrap_or_else(|| text::numbers(file))
    }

    /// The name of a file below the folder that was asked about, as manifests have it.
    #[must_use]
    pub fn inside(&self, inside: &str) -> String {
        let below = |file: &str| {
            let file: String = file.nfc().collect();
            file.strip_suffix(inside)
                .is_some_and(|folder| folder.is_empty() || folder.ends_with('/'))
        };
        let known = self.files.iter().find(|(file, _)| below(file));
        let Some((_, masked)) = known else {
            return text::numbers(inside);
        };
        // Names are masked part by part: as many parts stand for as many.
        let parts = inside.matches('/').count().saturating_add(1);
        let own: Vec<&str> = masked.rsplit('/').take(parts).collect();
        own.into_iter().rev().collect::<Vec<_>>().join("/")
    }

    /// The name of a file that is listed and not there: no record says who signed it, so whoever
    /// signed any that [`Mask::learn`] saw is masked in it.
    #[must_use]
    pub fn absent(&self, inside: &str) -> String {
        veil::without_names(inside, &self.people)
    }

    /// What was not found for a record ([`super::Judged::missing`]); without the record, which says
    /// whom it may name, nothing of it.
    #[must_use]
    pub fn missing(&self, record: Option<&Record>, said: &str) -> String {
        record.map_or_else(
            || veil::hidden(self.language).to_owned(),
            |record| Veil::of_record(record, self.language).missing(said),
        )
    }

    /// Whether a certificate is a person's, so that it is masked.
    #[must_use]
    pub fn hides(&self, kind: SignerKind, common_name: Option<&str>, subject: &str) -> bool {
        is_person(SignatureKindFact::Approval, kind, (common_name, subject))
    }

    /// The serial number of a person's certificate: its last four digits.
    #[must_use]
    pub fn serial(&self, serial: &str) -> String {
        text::serial(serial)
    }

    /// A record's line, masked.
    ///
    /// # Errors
    /// The line is no record's.
    pub fn line(&self, line: &RecordLine) -> Result<RecordLine, RecordError> {
        let veil = Veil::of_record(&line.record()?, self.language);
        let mut read: Json =
            serde_json::from_str(line.as_json()).map_err(RecordError::Malformed)?;
        mask_line(&mut read, &veil);
        let text = serde_json::to_string(&read).map_err(RecordError::Malformed)?;
        RecordLine::from_json(text)
    }

    /// A report for people, masked, with the name of its file and what a workflow says of it.
    #[must_use]
    pub fn report(
        &self,
        file: &str,
        report: &Report,
        workflow: Option<&WorkflowReport>,
    ) -> (String, Report, Option<WorkflowReport>) {
        let veil = Veil::of_report(report, workflow);
        let mut masked = report.clone();
        mask_report(&mut masked, &veil);
        let workflow = workflow.cloned().map(|mut workflow| {
            for signature in &mut workflow.signatures {
                signature.field = veil.field(&signature.field);
                each(&mut signature.claimed_roles, |role| veil.role(role));
            }
            for finding in &mut workflow.findings {
                finding.message = veil.message(&finding.message);
            }
            workflow
        });
        (veil.file(file), masked, workflow)
    }

    /// A summary, masked: the names of files and of people, and the numbers of certificates.
    #[must_use]
    pub fn summary(&self, summary: &Summary) -> Summary {
        let mut masked = summary.clone();
        let hidden = veil::hidden(self.language);
        let files = |files: &mut Vec<String>| each(files, |file| self.file(file));
        for school in &mut masked.schools {
            for person in &mut school.staff.people {
                if let Some(name) = &mut person.common_name {
                    *name = text::initials(name);
                }
                person.subject = text::person(&person.subject, hidden);
                person.serial = text::serial(&person.serial);
                each(&mut person.serials, text::serial);
                files(&mut person.files);
            }
            each(&mut school.staff.names_ambiguous, text::initials);
            files(&mut school.staff.files_untrusted);
            for category in &mut school.categories {
                files(&mut category.files_unsigned);
            }
            for procedure in &mut school.procedure {
                for list in [
                    &mut procedure.files_failing,
                    &mut procedure.files_incomplete,
                    &mut procedure.files_out_of_order,
                    &mut procedure.files_wrong_authority,
                    &mut procedure.files_beside,
                    &mut procedure.files_otherwise,
                    &mut procedure.files_by_likeness,
                    &mut procedure.files_same_signer,
                ] {
                    files(list);
                }
            }
            files(&mut school.procedure_open.files_open);
            files(&mut school.online.files_missing);
            for list in [
                &mut school.norm.files_failing,
                &mut school.norm.files_seal_of_person,
                &mut school.norm.files_seal_unseen,
                &mut school.norm.files_rules_failed,
            ] {
                files(list);
            }
            for seal in &mut school.norm.seals {
                files(&mut seal.files_sealed);
                let named = (Some(seal.organisation.as_str()), seal.subject.as_str());
                let kind = SignatureKindFact::Approval;
                if is_person(kind, SignerKind::Organisation, named) {
                    // Where there is no name, the subject stands for it.
                    seal.organisation = if seal.organisation == seal.subject {
                        text::person(&seal.subject, hidden)
                    } else {
                        text::initials(&seal.organisation)
                    };
                    seal.subject = text::person(&seal.subject, hidden);
                }
            }
        }
        files(&mut masked.outside_by_claim.files);
        for duplicate in &mut masked.duplicates {
            files(&mut duplicate.files);
        }
        for ageing in &mut masked.ageing {
            if let Some(weakest) = &mut ageing.weakest {
                let known = self.weakest.get(&ageing.file).cloned();
                *weakest = known.unwrap_or_else(|| veil::weakest(weakest));
            }
            ageing.file = self.file(&ageing.file);
        }
        masked
    }
}

fn each(texts: &mut [String], mask: impl Fn(&str) -> String) {
    for text in texts {
        *text = mask(text);
    }
}

fn mask_report(report: &mut Report, veil: &Veil) {
    if let Some(error) = &mut report.document.unreadable {
        *error = veil.words(error);
    }
    each(&mut report.document.evidence_problems, |problem| {
        veil.words(problem)
    });
    for signature in &mut report.signatures {
        let facts = &mut signature.facts;
        facts.field = veil.field(&facts.field);
        for change in &mut facts.changes {
            change.field = change.field.as_deref().map(|field| veil.field(field));
            for value in [
                &mut change.old_value,
                &mut change.new_value,
                &mut change.shown_value,
            ] {
                hide(value, veil);
            }
        }
        if let Some(signer) = &mut facts.signer
            && is_person(
                facts.kind,
                signer.kind,
                (signer.common_name.as_deref(), &signer.subject),
            )
        {
            let (issuer, subject) = (signer.issuer.clone(), signer.subject.clone());
            signer.common_name = signer.common_name.as_deref().map(text::initials);
            signer.subject = text::person(&subject, veil.hidden());
            signer.issuer = veil.issuer(&issuer, &subject);
            let name = signer.issuer_common_name.take();
            signer.issuer_common_name = name.map(|name| veil.issuer_name(&name, &issuer, &subject));
            signer.serial = text::serial(&signer.serial);
        }
        hide(&mut facts.reason, veil);
        each(&mut facts.claimed_roles, |role| veil.role(role));
        each(&mut facts.commitments, |words| veil.words(words));
        each(&mut facts.deviations, |words| veil.words(words));
        if let Some(reason) = &mut signature.integrity_reason {
            *reason = veil.words(reason);
        }
        for finding in &mut signature.findings {
            finding.message = veil.message(&finding.message);
        }
    }
}

/// An empty value is nobody's.
fn hide(text: &mut Option<String>, veil: &Veil) {
    if let Some(text) = text.as_mut().filter(|text| !text.is_empty()) {
        veil.hidden().clone_into(text);
    }
}

/// The names in a line that hold what is masked; all others stay as they are.
fn mask_line(line: &mut Json, veil: &Veil) {
    line.text("file", |file| veil.file(file));
    line.inside("document", |document| {
        document.text("error", |error| veil.words(error));
        document.texts("evidence_problems", |problem| veil.words(problem));
    });
    line.inside("archive", |archive| {
        archive.text("container", text::numbers);
        archive.text("weakest", |weakest| veil.weakest(weakest));
    });
    line.objects("signatures", |signature| {
        let kind: Option<SignatureKindFact> = signature.word("kind");
        mask_signature(signature, veil);
        signature.inside("signer", |signer| mask_signer(signer, kind, veil));
    });
    line.inside("workflow", |workflow| {
        workflow.objects("signatures", |signature| {
            signature.text("field", |field| veil.field(field));
            signature.texts("claimed_roles", |role| veil.role(role));
        });
        workflow.objects("findings", |finding| {
            finding.text("message", |message| veil.message(message));
        });
    });
}

fn mask_signature(signature: &mut Json, veil: &Veil) {
    signature.text("field", |field| veil.field(field));
    signature.text("integrity_reason", |reason| veil.words(reason));
    signature.text("reason", |reason| hidden_unless_empty(reason, veil));
    signature.texts("claimed_roles", |role| veil.role(role));
    for list in ["commitments", "deviations"] {
        signature.texts(list, |words| veil.words(words));
    }
    signature.objects("change_list", |change| {
        change.text("field", |field| veil.field(field));
        for value in ["old_value", "new_value", "shown_value"] {
            change.text(value, |value| hidden_unless_empty(value, veil));
        }
    });
    signature.objects("findings", |finding| {
        finding.text("message", |message| veil.message(message));
    });
}

fn hidden_unless_empty(text: &str, veil: &Veil) -> String {
    if text.is_empty() {
        return String::new();
    }
    veil.hidden().to_owned()
}

fn mask_signer(signer: &mut Json, signature: Option<SignatureKindFact>, veil: &Veil) {
    let kind: Option<SignerKind> = signer.word("kind");
    let name: Option<String> = signer.word("common_name");
    let subject: String = signer.word("subject").unwrap_or_default();
    let issuer: String = signer.word("issuer").unwrap_or_default();
    // Of a kind that this version does not know, it may be anybody.
    if let (Some(signature), Some(kind)) = (signature, kind)
        && !is_person(signature, kind, (name.as_deref(), &subject))
    {
        return;
    }
    signer.text("common_name", text::initials);
    signer.text("subject", |subject| text::person(subject, veil.hidden()));
    signer.text("issuer", |issuer| veil.issuer(issuer, &subject));
    signer.text("issuer_common_name", |name| {
        veil.issuer_name(name, &issuer, &subject)
    });
    signer.text("serial", text::serial);
}

#[cfg(test)]
mod tests;
