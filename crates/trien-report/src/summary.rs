//! The summary of an archive: schema `trien.archive/1`, the five questions of an inspection.
//! Knows names and kinds alone; the numbers are counted elsewhere.

use serde::{Deserialize, Serialize};

/// What was counted over all record lines.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Summary {
    /// The time of judgement, RFC 3339.
    pub judged_at: String,
    /// Start of the period asked for, RFC 3339.
    pub from: Option<String>,
    /// End of the period asked for, RFC 3339.
    pub to: Option<String>,
    /// The profile's id.
    pub profile: String,
    /// How many trust anchors there were.
    pub anchors: u64,
    /// Over all files.
    pub counts: Counts,
    /// The five questions, per school.
    pub schools: Vec<School>,
    /// Over the months of signing.
    pub by_month: Vec<Month>,
    /// Files with the same content.
    pub duplicates: Vec<Duplicates>,
    /// What ceases to be provable soon.
    pub ageing: Vec<Ageing>,
}

impl Summary {
    /// Reads the summary from JSON.
    ///
    /// # Errors
    /// It is no JSON, or its names hold what they cannot.
    pub fn from_json(octets: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(octets)
    }
}

/// Over all files.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
#[expect(missing_docs, reason = "each is the number of what it is named for")]
pub struct Counts {
    pub files: u64,
    pub valid: u64,
    pub invalid: u64,
    pub indeterminate: u64,
    pub unsigned: u64,
    pub unreadable: u64,
    pub scans: u64,
    pub duplicates: u64,
    pub late: u64,
    pub signatures: u64,
}

/// The five questions of an inspection, for a school.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct School {
    /// Its name; `None` where the files are not told apart by school.
    pub school: Option<String>,
    /// 1: who holds a certificate and used it.
    pub staff: Staff,
    /// 2: which categories are signed.
    pub categories: Vec<CategoryCount>,
    /// 3: whether the procedure was kept.
    pub procedure: Vec<Procedure>,
    /// 4: whether what is kept online is signed by the authority.
    pub online: Online,
    /// 5: whether signatures and seals follow the norm.
    pub norm: Norm,
}

/// Who signed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Staff {
    /// How many the school lists.
    pub listed: Option<u64>,
    /// How many of them hold a certificate.
    pub with_certificate: Option<u64>,
    /// How many used one in the period.
    pub used: u64,
    /// They.
    pub people: Vec<Person>,
}

/// A holder of a certificate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Person {
    /// Subject, RFC 4514.
    pub subject: String,
    /// commonName.
    pub common_name: Option<String>,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// How many signatures.
    pub signatures: u64,
    /// The files that bear them, the first ones.
    pub files: Vec<String>,
    /// Whether one is of the period.
    pub used_in_period: bool,
}

/// A record category.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct CategoryCount {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// How many files.
    pub files: u64,
    /// How many are signed.
    pub signed: u64,
    /// How many are valid.
    pub valid: u64,
    /// How many are scans, which need no signature.
    pub scans: u64,
    /// Signed over those that need a signature, 0 to 1.
    pub share: Option<f64>,
    /// Those that lack one.
    pub files_unsigned: Vec<String>,
}

/// How a workflow was kept.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Procedure {
    /// Its id.
    pub workflow: String,
    /// How many files.
    pub files: u64,
    /// How many are complete.
    pub complete: u64,
    /// How many lack steps.
    pub incomplete: u64,
    /// How many were signed out of order.
    pub out_of_order: u64,
    /// How many were signed by somebody without the authority.
    pub wrong_authority: u64,
    /// Those that fail.
    pub files_failing: Vec<String>,
}

/// What is kept online.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Online {
    /// How many need the authority's signature.
    pub due: u64,
    /// How many bear it.
    pub signed_by_authority: u64,
    /// Paper-born scans, apart.
    pub scans: u64,
    /// Those that lack it.
    pub files_missing: Vec<String>,
}

/// Whether signatures and seals follow the norm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Norm {
    /// How many files are sealed.
    pub sealed: u64,
    /// How many of the seals are an organisation's.
    pub seal_certificate_organisation: u64,
    /// How many of the seals show.
    pub visible_seal: u64,
    /// How many break the rules for marks.
    pub mark_rules_failed: u64,
    /// Those that fail.
    pub files_failing: Vec<String>,
}

/// A month of signing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Month {
    /// Year and month, as `2026-05`.
    pub month: String,
    /// How many valid files.
    pub valid: u64,
    /// How many invalid ones.
    pub invalid: u64,
    /// How many that cannot be decided.
    pub indeterminate: u64,
}

/// Files with the same content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Duplicates {
    /// SHA-256 of the content.
    pub sha256: String,
    /// The files.
    pub files: Vec<String>,
}

/// A file that ceases to be provable.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Ageing {
    /// The date that was asked for, RFC 3339.
    pub before: String,
    /// The file.
    pub file: String,
    /// Until when, RFC 3339.
    pub provable_until: String,
    /// What ends first, in words.
    pub weakest: String,
}
