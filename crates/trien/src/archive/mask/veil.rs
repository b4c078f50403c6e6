//! The mask of one record: made of that record alone, so that it is the same in any company.

use std::collections::{BTreeMap, BTreeSet};

use trien_policy::{Language, Report, SignatureKindFact, SignerKind, WorkflowReport};
use trien_types::UnixTime;
use unicode_normalization::UnicodeNormalization;

use super::field::{is_role, is_structural};
use super::text;
use crate::archive::mapping::folded;
use crate::archive::provable::{certificate_words, named_certificate};
use crate::archive::{Record, subject};

/// A name with fewer letters is found in words that are nobody's.
const LETTERS_OF_A_NAME: usize = 4;
/// Digits in a role or in words about a signature that may be a person's number or day of birth.
const DIGITS_OF_A_PERSON: usize = 6;

/// What is hidden of one record.
#[derive(Debug)]
pub(super) struct Veil {
    language: Language,
    /// commonName and subject of the people who signed.
    people: Vec<(Option<String>, String)>,
    /// Their names, folded.
    names: Vec<String>,
    /// The names of fields, with what stands for each.
    fields: BTreeMap<String, String>,
    /// What a workflow calls its steps.
    steps: Vec<String>,
    /// What it calls the fields of these.
    step_fields: Vec<String>,
    /// Claimed roles that may name anybody.
    free_roles: BTreeSet<String>,
}

impl Veil {
    pub(super) fn of_record(record: &Record, language: Language) -> Self {
        let mut veil = Self::new(language);
        for signature in &record.signatures {
            if let Some(signer) = &signature.signer {
                let name = signer.common_name.as_deref();
                let whom = (name, signer.subject.as_str());
                if is_person(signature.kind, signer.kind, whom) {
                    veil.meet(whom);
                }
            }
        }
        if let Some(workflow) = &record.workflow {
            let titles = workflow.steps.iter().map(|step| step.title.clone());
            veil.steps.extend(titles);
            let tracked = workflow.signatures.iter().filter(|one| one.step.is_some());
            veil.step_fields
                .extend(tracked.map(|one| one.field.clone()));
        }
        for signature in &record.signatures {
            veil.note_roles(&signature.claimed_roles);
            veil.note_field(&signature.field);
            for change in &signature.change_list {
                veil.note_field(change.field.as_deref().unwrap_or_default());
            }
        }
        veil
    }

    pub(super) fn of_report(report: &Report, workflow: Option<&WorkflowReport>) -> Self {
        let mut veil = Self::new(report.language);
        for facts in report.signatures.iter().map(|signature| &signature.facts) {
            if let Some(signer) = &facts.signer {
                let name = signer.common_name.as_deref();
                let whom = (name, signer.subject.as_str());
                if is_person(facts.kind, signer.kind, whom) {
                    veil.meet(whom);
                }
            }
        }
        if let Some(workflow) = workflow {
            let titles = workflow.steps.iter().map(|step| step.title.clone());
            veil.steps.extend(titles);
            let tracked = workflow.signatures.iter().filter(|one| one.step.is_some());
            veil.step_fields
                .extend(tracked.map(|one| one.field.clone()));
        }
        for facts in report.signatures.iter().map(|signature| &signature.facts) {
            veil.note_roles(&facts.claimed_roles);
            veil.note_field(&facts.field);
            for change in &facts.changes {
                veil.note_field(change.field.as_deref().unwrap_or_default());
            }
        }
        veil
    }

    const fn new(language: Language) -> Self {
        Self {
            language,
            people: Vec::new(),
            names: Vec::new(),
            fields: BTreeMap::new(),
            steps: Vec::new(),
            step_fields: Vec::new(),
            free_roles: BTreeSet::new(),
        }
    }

    fn meet(&mut self, (common_name, subject): (Option<&str>, &str)) {
        let other = subject::attributes(subject)
            .filter(|(name, _)| ["SN", "GN"].contains(&name.to_ascii_uppercase().as_str()))
            .map(|(_, value)| value);
        let bare = common_name.map(without_additions);
        for name in common_name.into_iter().chain(bare).chain(other) {
            let name = folded(name);
            if name.chars().count() >= LETTERS_OF_A_NAME {
                self.names.push(name);
            }
        }
        self.people
            .push((common_name.map(str::to_owned), subject.to_owned()));
    }

    /// Names of fields that roles, workflows and tools give stay; others are numbered.
    fn note_field(&mut self, field: &str) {
        if field.is_empty() || self.fields.contains_key(field) {
            return;
        }
        let of_step = self.step_fields.iter().any(|own| own == field);
        let stays = (of_step || is_structural(field)) && !self.names_somebody(field);
        let masked = if stays {
            field.to_owned()
        } else {
            let number = self.fields.len().saturating_add(1);
            match self.language {
                Language::En => format!("(masked {number})"),
                Language::Vi | _ => format!("(đã che {number})"),
            }
        };
        self.fields.insert(field.to_owned(), masked);
    }

    fn note_roles(&mut self, roles: &[String]) {
        let free = roles.iter().filter(|role| !self.is_nobodys(role));
        let free: Vec<String> = free.cloned().collect();
        self.free_roles.extend(free);
    }

    /// Whether a claimed role is a role's, or a step's of the workflow.
    fn is_nobodys(&self, role: &str) -> bool {
        is_role(role) || self.steps.iter().any(|step| step == role)
    }

    fn names_somebody(&self, text: &str) -> bool {
        let digits = text.chars().filter(char::is_ascii_digit).count();
        digits >= DIGITS_OF_A_PERSON || self.has_name(text)
    }

    fn has_name(&self, text: &str) -> bool {
        let text = folded(text);
        self.names.iter().any(|name| text.contains(name.as_str()))
    }

    /// What stands for a text that anybody wrote.
    pub(super) const fn hidden(&self) -> &'static str {
        hidden(self.language)
    }

    pub(super) fn field(&self, field: &str) -> String {
        let known = self.fields.get(field).cloned();
        known.unwrap_or_else(|| self.hidden().to_owned())
    }

    /// What a signer claims to be: anybody may write anybody's name there.
    pub(super) fn role(&self, role: &str) -> String {
        if self.is_nobodys(role) && !self.names_somebody(role) {
            role.to_owned()
        } else {
            self.hidden().to_owned()
        }
    }

    /// Words of this program about a signature: whole, unless they name somebody.
    pub(super) fn words(&self, words: &str) -> String {
        if self.names_somebody(words) {
            self.hidden().to_owned()
        } else {
            words.to_owned()
        }
    }

    /// What was not found: behind the name of a field, words of this program, addresses, and whole
    /// subjects. Those of people are masked as everywhere, and what then still names somebody, or
    /// names a field of which nobody knows, is hidden.
    pub(super) fn missing(&self, said: &str) -> String {
        let known = self.fields.iter().filter_map(|(field, masked)| {
            let rest = said.strip_prefix(field.as_str())?.strip_prefix(": ")?;
            Some((field.len(), masked, rest))
        });
        let Some((_, field, rest)) = known.max_by_key(|(length, ..)| *length) else {
            return self.hidden().to_owned();
        };
        let mut rest = rest.to_owned();
        let mut marks = Vec::new();
        for (_, subject) in &self.people {
            // What stands for a subject is not looked at again: the end of a number is in it.
            let mark = format!("\u{0}{}\u{0}", marks.len());
            rest = rest.replace(subject.as_str(), &mark);
            marks.push((mark, text::person(subject, self.hidden())));
        }
        if self.has_name(&rest) || subject::has_number_of_a_person(&rest) {
            return format!("{field}: {}", self.hidden());
        }
        rest = text::numbers(&rest);
        for (mark, shown) in marks {
            rest = rest.replace(&mark, &shown);
        }
        format!("{field}: {rest}")
    }

    /// The issuer of a person's certificate: an authority, or the person.
    pub(super) fn issuer(&self, issuer: &str, subject: &str) -> String {
        if issuer == subject || subject::has_number_of_a_person(issuer) {
            text::person(issuer, self.hidden())
        } else {
            issuer.to_owned()
        }
    }

    pub(super) fn issuer_name(&self, name: &str, issuer: &str, subject: &str) -> String {
        if issuer == subject || subject::has_number_of_a_person(issuer) {
            text::initials(name)
        } else {
            name.to_owned()
        }
    }

    /// A rule's sentence stays; its detail stays where it is fields, steps, times and digests.
    pub(super) fn message(&self, message: &str) -> String {
        let parted = message
            .split_once(". (")
            .and_then(|(sentence, rest)| Some((sentence, rest.strip_suffix(')')?)));
        let Some((sentence, detail)) = parted else {
            return message.to_owned();
        };
        format!("{sentence}. ({})", self.detail(detail))
    }

    fn detail(&self, detail: &str) -> String {
        // Rules name the roles that they object to.
        if self.free_roles.iter().any(|role| detail.contains(role)) {
            return self.hidden().to_owned();
        }
        let mut said = String::new();
        for list in detail.split_inclusive("; ") {
            for part in list.split_inclusive(", ") {
                let plain = part.trim_end_matches([' ', ',', ';']);
                let tail = part.get(plain.len()..).unwrap_or_default();
                if let Some(field) = self.fields.get(plain) {
                    said.push_str(field);
                } else if self.steps.iter().any(|step| step == plain) || self.is_plain(plain) {
                    said.push_str(plain);
                } else {
                    return self.hidden().to_owned();
                }
                said.push_str(tail);
            }
        }
        said
    }

    /// Small words, times and digests, and nobody's name.
    fn is_plain(&self, text: &str) -> bool {
        text.split([' ', '–', '(', ')']).all(|word| {
            let word = word.trim_end_matches([',', ';', ':', '.']);
            let is_word = word
                .chars()
                .all(|letter| letter.is_ascii_lowercase() || letter == '-');
            let is_digest = word.len() == 64 && word.bytes().all(|octet| octet.is_ascii_hexdigit());
            (is_word && !self.has_name(text)) || is_digest || UnixTime::from_rfc3339(word).is_ok()
        })
    }

    /// What ends a record's provability: the certificate of a signer or of an authority.
    pub(super) fn weakest(&self, weakest: &str) -> String {
        for (name, subject) in &self.people {
            let shown = name
                .as_deref()
                .map_or_else(|| text::person(subject, self.hidden()), text::initials);
            let name = name.as_deref().unwrap_or(subject);
            for language in [Language::Vi, Language::En] {
                if certificate_words(name, language) == weakest {
                    return certificate_words(&shown, language);
                }
            }
        }
        weakest.to_owned()
    }

    /// The name of a file: numbers, and the signers' names in its last part.
    pub(super) fn file(&self, file: &str) -> String {
        let mut names = Names::new();
        self.learn(&mut names);
        without_names(file, &names)
    }

    /// Adds the names of the people who signed.
    pub(super) fn learn(&self, names: &mut Names) {
        let people = self.people.iter().filter_map(|one| one.0.as_deref());
        for name in people.flat_map(|name| [name, without_additions(name)]) {
            // A name of one word may be part of any other word.
            if name.trim().contains(' ') && !names.contains_key(name) {
                names.insert(name.to_owned(), folded(name));
            }
        }
    }
}

/// Names of people, each with the letters that it is found by.
pub(super) type Names = BTreeMap<String, String>;

/// The name of a file without numbers, and without people's names in its last part.
pub(super) fn without_names(file: &str, names: &Names) -> String {
    let (folder, name) = match file.rsplit_once('/') {
        Some((folder, name)) => (format!("{folder}/"), name),
        None => (String::new(), file),
    };
    let letters = folded(name);
    let found = names.iter().filter(|(_, one)| letters.contains(*one));
    let mut found: Vec<&String> = found.map(|(name, _)| name).collect();
    found.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let without = |text: String, name: &String| text::without_name(&text, name);
    let name = found.into_iter().fold(name.to_owned(), without);
    text::numbers(&format!("{folder}{name}"))
}

/// What ends a record's provability, where the record is not at hand: a body's certificate and an
/// algorithm are said, of anything else the initials.
pub(super) fn weakest(weakest: &str) -> String {
    let named = [Language::Vi, Language::En]
        .into_iter()
        .find_map(|language| Some((named_certificate(weakest, language)?, language)));
    match named {
        Some((name, language)) if !is_called_a_body(name) => {
            certificate_words(&text::initials(name), language)
        }
        _ => weakest.to_owned(),
    }
}

/// What stands for a text that is hidden whole.
pub(super) const fn hidden(language: Language) -> &'static str {
    match language {
        Language::En => "(masked)",
        Language::Vi | _ => "(đã che)",
    }
}

/// Whether a certificate names a person: bodies and authorities for time stamps keep their names.
/// A subject with nothing but a tax number is a body's by its kind, and may be a trader's: a body is
/// one that is called so and has no person's number.
pub(super) fn is_person(
    signature: SignatureKindFact,
    signer: SignerKind,
    (common_name, subject): (Option<&str>, &str),
) -> bool {
    signature != SignatureKindFact::DocumentTimestamp
        && (signer != SignerKind::Organisation
            || subject::has_number_of_a_person(subject)
            || !common_name.is_some_and(is_called_a_body))
}

/// What names of bodies begin with, in small letters. With their accents: `Trương` is a person.
const BODIES: [&str; 21] = [
    "trường ",
    "ubnd",
    "ủy ban",
    "uỷ ban",
    "hđnd",
    "phòng ",
    "sở ",
    "bộ ",
    "trung tâm",
    "công ty",
    "học viện",
    "đại học",
    "viện ",
    "cục ",
    "chi cục",
    "tổng cục",
    "chi nhánh",
    "hội đồng",
    "văn phòng",
    "ngân hàng",
    "ban quản lý",
];
/// What names of schools hold, however they are written.
const SCHOOLS: [&str; 9] = [
    "thcs",
    "thpt",
    "tiểu học",
    "mầm non",
    "mẫu giáo",
    "school",
    "university",
    "college",
    "ltd",
];

fn is_called_a_body(name: &str) -> bool {
    let name: String = name.nfc().flat_map(char::to_lowercase).collect();
    let name = name.trim_start();
    BODIES.iter().any(|body| name.starts_with(body))
        || SCHOOLS.iter().any(|school| name.contains(school))
}

/// The name without what authorities add to it: "Trần Văn Bình (GV)", "Trần Văn Bình - Hiệu trưởng".
fn without_additions(name: &str) -> &str {
    let ends = ["(", ",", " - ", " – ", "/"];
    let end = ends.iter().filter_map(|end| name.find(end)).min();
    name.get(..end.unwrap_or(name.len())).unwrap_or(name).trim()
}
