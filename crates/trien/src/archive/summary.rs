//! What an inspection counts (RECORDS.md 5), as the object `trien.archive/1`. Every number stands
//! beside the files behind it, the first [`FILES_LISTED`] of them.
//!
//! Where a period is asked about, all of it but [`Summary::ageing`] is about the records of the
//! period: those whose last signature falls in it by its best time; without a signature that has a
//! time, those due in it, or with no day to be due on. A time that is claimed alone takes no record
//! away unseen: see [`Summary::outside_by_claim`].
//!
//! Names that summaries of earlier versions lack are read as nothing counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use trien_types::UnixTime;

use super::{ManifestCount, moment};

/// Files listed behind one number: more than anybody opens by hand, and a bound for memory.
pub const FILES_LISTED: usize = 1_000;

/// Organisations listed with the files that they sealed, for each school.
pub const SEALS_LISTED: usize = 100;

/// The answers about an archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Summary {
    /// `trien.archive/1`.
    pub schema: String,
    /// The time of judgement.
    #[serde(with = "moment")]
    pub judged_at: UnixTime,
    /// Start of the period asked about.
    #[serde(with = "moment::optional")]
    pub from: Option<UnixTime>,
    /// End of the period asked about.
    #[serde(with = "moment::optional")]
    pub to: Option<UnixTime>,
    /// The profile's id.
    pub profile: String,
    /// How many trust anchors there were; with none, integrity is known and trust is not.
    pub anchors: usize,
    /// The archive as a whole.
    pub counts: Counts,
    /// The five questions, school by school, in the order of names.
    pub schools: Vec<SchoolCount>,
    /// Signatures by the month of their best time.
    pub by_month: Vec<MonthCount>,
    /// Files with signatures by the month of [`Record::dated_at`](super::Record::dated_at) and by
    /// what they are.
    #[serde(default)]
    pub files_by_month: Vec<MonthCount>,
    /// Files of the same content.
    pub duplicates: Vec<DuplicateFiles>,
    /// Files that lose provability before the time asked about.
    pub ageing: Vec<Ageing>,
    /// Files that were not looked at, by kind: an ending such as `.docx`, `%PDF-` for a PDF that is
    /// not called one, `link`, `other`.
    #[serde(default)]
    pub left_out: BTreeMap<String, usize>,
    /// How the archive differs from the manifest it was held against.
    #[serde(default)]
    pub manifest: Option<ManifestCount>,
    /// Files that only a claimed time puts outside the period.
    #[serde(default)]
    pub outside_by_claim: OutsideByClaim,
}

/// Numbers of files and signatures.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Counts {
    /// Files judged, of the period asked about.
    pub files: usize,
    /// Files judged that do not belong to the period; none of the other numbers counts them.
    pub outside_period: usize,
    /// Of the files of `outside_period`, those that nothing but the time that their signature claims
    /// puts there: see [`Summary::outside_by_claim`].
    pub outside_by_claim: usize,
    /// Of these, valid.
    pub valid: usize,
    /// Not valid.
    pub invalid: usize,
    /// Not decided.
    pub indeterminate: usize,
    /// Without a signature.
    pub unsigned: usize,
    /// Of these, those whose kind needs no signature.
    pub not_needed: usize,
    /// Not to be read.
    pub unreadable: usize,
    /// Of these, paths, folders and places in zip archives that could not be looked into: no records.
    pub unreachable: usize,
    /// Unsigned scans of papers, counted among the unsigned too.
    pub scans: usize,
    /// Files whose content another file has that was judged before.
    pub duplicates: usize,
    /// Signed after the deadline.
    pub late: usize,
    /// Signatures, document time stamps aside.
    pub signatures: usize,
    /// Files of which nobody said whose they are: [`SchoolCount::school`] is `None`.
    pub school_unknown: usize,
}

/// The five questions for a school.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SchoolCount {
    /// Its name; `None` for the files of which the mapping does not say whose they are: one
    /// school's or many schools'.
    pub school: Option<String>,
    /// Its name for people; says that the school is not known where it is not.
    pub title: String,
    /// 1: who holds a digital signature and has used it.
    pub staff: StaffCount,
    /// 2: which kinds of record carry signatures.
    pub categories: Vec<CategoryCount>,
    /// 3: whether records were signed by the procedure, by those with the authority.
    pub procedure: Vec<ProcedureCount>,
    /// Files whose workflow nobody said and several suit equally; counted under none of them.
    pub procedure_open: OpenProcedureCount,
    /// 4: whether what is stored is signed by the school's authority.
    pub online: OnlineCount,
    /// 5: whether signatures and seals follow the norm.
    pub norm: NormCount,
}

/// Who holds a digital signature and has used it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct StaffCount {
    /// People on the school's list; `None` where there is no list, or none that names anybody of
    /// this school.
    pub listed: Option<usize>,
    /// Of these, with a certificate: named in the list or seen in a signature of any time.
    pub with_certificate: Option<usize>,
    /// People (of the list, where there is one) who signed in the period.
    pub used: usize,
    /// People of the list whose name stands in it more than once without a number, and somebody of
    /// that name signed: which of them, nothing tells. They are neither counted in `used` nor told
    /// as not having signed.
    pub ambiguous: usize,
    /// The names of `ambiguous`, each as often as the list has it.
    pub names_ambiguous: Vec<String>,
    /// Everybody who signed, and those of the list who did not. Where trust anchors are installed,
    /// by certificates that lead to one: anybody can make another under any name.
    pub people: Vec<PersonCount>,
    /// Files of the period signed with a person's certificate that leads to no anchor, where anchors
    /// are installed. Nobody of `people` is counted for it.
    pub untrusted: usize,
    /// The files of `untrusted`.
    pub files_untrusted: Vec<String>,
}

/// A person with the signatures found, whichever certificates they were made with: people are told
/// apart by the number in the subject (CCCD and the like); without one, by common name and
/// organisation. An authority for time stamps is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct PersonCount {
    /// Subject of the first certificate, RFC 4514; empty for somebody listed who did not sign.
    pub subject: String,
    /// commonName.
    pub common_name: Option<String>,
    /// Serial number of the first certificate in hexadecimal; empty as `subject`.
    pub serial: String,
    /// Serial numbers of all certificates that this person signed with, that one first.
    pub serials: Vec<String>,
    /// Whether the school's list has this person; `None` without a list.
    pub listed: Option<bool>,
    /// Signatures found in records of the period, and those of the period in other records.
    pub signatures: usize,
    /// The files signed.
    pub files: Vec<String>,
    /// How many files that are.
    pub file_count: usize,
    /// Whether one of the signatures is from the period asked about, by its own time.
    pub used_in_period: bool,
}

/// A kind of record.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CategoryCount {
    /// Its id; empty for records of no known kind.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Files.
    pub files: usize,
    /// Of these, with a signature that holds (intact, nothing forbidden behind it).
    pub signed: usize,
    /// Of these, valid altogether.
    pub valid: usize,
    /// Unsigned scans of papers.
    pub scans: usize,
    /// Signed among those that should be: scans left out; 0 when there are none.
    pub share: f64,
    /// Files that should be signed and are not.
    pub files_unsigned: Vec<String>,
    /// How many files that are.
    pub unsigned: usize,
}

/// A workflow. Every number is of files: one with several faults is counted in each, and what
/// stands in it is what the line of the file says in `workflow`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct ProcedureCount {
    /// Its id.
    pub workflow: String,
    /// Files held against it.
    pub files: usize,
    /// Complete.
    pub complete: usize,
    /// With steps missing.
    pub incomplete: usize,
    /// Signed out of order, or the seal before others.
    pub out_of_order: usize,
    /// Signed in a wrong role or by a wrong kind of certificate.
    pub wrong_authority: usize,
    /// With a signature of no step of the workflow.
    pub beside: usize,
    /// With another fault: signed twice, more often than a step takes, not intact, not confirmed.
    pub otherwise: usize,
    /// With one person's certificate in two steps, which lowers nothing by itself.
    pub same_signer: usize,
    /// The files of `same_signer`.
    pub files_same_signer: Vec<String>,
    /// Held against it because they come closest to it, where nobody said the workflow.
    pub by_likeness: usize,
    /// Files that are not complete.
    pub files_failing: Vec<String>,
    /// How many files that are.
    pub failing: usize,
    /// The files of `incomplete`.
    pub files_incomplete: Vec<String>,
    /// The files of `out_of_order`.
    pub files_out_of_order: Vec<String>,
    /// The files of `wrong_authority`.
    pub files_wrong_authority: Vec<String>,
    /// The files of `beside`.
    pub files_beside: Vec<String>,
    /// The files of `otherwise`.
    pub files_otherwise: Vec<String>,
    /// The files of `by_likeness`.
    pub files_by_likeness: Vec<String>,
}

/// Files whose workflow is open.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OpenProcedureCount {
    /// Files.
    pub files: usize,
    /// Ids of the workflows that suit them.
    pub workflows: Vec<String>,
    /// The files.
    pub files_open: Vec<String>,
}

/// What is stored, and whether the school's authority signed it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OnlineCount {
    /// Files that should be signed.
    pub due: usize,
    /// Of these, signed by whom the workflow names last; without one, signed validly by anybody.
    pub signed_by_authority: usize,
    /// Scans of papers, apart.
    pub scans: usize,
    /// Files that should be and are not.
    pub files_missing: Vec<String>,
    /// How many files that are.
    pub missing: usize,
}

/// Whether signatures and seals follow the norm.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct NormCount {
    /// Files with a seal.
    pub sealed: usize,
    /// Of these, sealed with a certificate of an organisation.
    pub seal_certificate_organisation: usize,
    /// Of these, with a seal that shows on a page.
    pub visible_seal: usize,
    /// Files in which a rule about marks fails: the order of seal and signature, or a picture laid
    /// over what was signed before.
    pub mark_rules_failed: usize,
    /// Files that fail in any of this.
    pub files_failing: Vec<String>,
    /// How many files that are.
    pub failing: usize,
    /// Files with a seal that is no organisation's.
    pub files_seal_of_person: Vec<String>,
    /// Files with a seal that shows on no page.
    pub files_seal_unseen: Vec<String>,
    /// The files of `mark_rules_failed`.
    pub files_rules_failed: Vec<String>,
    /// Whose seals the files bear, the most frequent first: a certificate of an organisation says
    /// which, not that it is the school's own. The first [`SEALS_LISTED`].
    pub seals: Vec<SealCount>,
    /// Organisations beyond those of `seals`.
    pub seals_unlisted: usize,
}

/// An organisation, and what it sealed: told apart by the subject of the certificate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct SealCount {
    /// commonName; the subject where it has none.
    pub organisation: String,
    /// Subject, RFC 4514.
    pub subject: String,
    /// Files sealed.
    pub files: usize,
    /// These files.
    pub files_sealed: Vec<String>,
}

/// A month's signatures, or files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct MonthCount {
    /// The month, as `2026-05`.
    pub month: String,
    /// Passed.
    pub valid: usize,
    /// Failed.
    pub invalid: usize,
    /// Not decided.
    pub indeterminate: usize,
}

/// Files of the same content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct DuplicateFiles {
    /// SHA-256 of the content in hexadecimal.
    pub sha256: String,
    /// The files, in the order of the run.
    pub files: Vec<String>,
}

/// Files that nothing but the time that their last signature claims puts outside the period. One
/// that is not valid is never among them: it counts in the period.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct OutsideByClaim {
    /// Of these, valid.
    pub valid: usize,
    /// Not decided.
    pub indeterminate: usize,
    /// The files.
    pub files: Vec<String>,
}

/// A file that loses provability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Ageing {
    /// The time asked about.
    #[serde(with = "moment")]
    pub before: UnixTime,
    /// The file.
    pub file: String,
    /// Until when its signatures can be proven.
    #[serde(with = "moment")]
    pub provable_until: UnixTime,
    /// What ends then.
    pub weakest: Option<String>,
}
