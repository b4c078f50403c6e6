//! The result of a manifest as numbers of the summary.

use serde::{Deserialize, Serialize};

use super::{FILES_LISTED, ManifestCheck};

/// How an archive differs from its manifest, with the first [`FILES_LISTED`] files of each number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ManifestCount {
    /// Whether the manifest is relied on: signed well by an organisation, or by who was named.
    pub accepted: bool,
    /// Listed and not there.
    pub missing: usize,
    /// There and not listed.
    pub added: usize,
    /// There with other octets.
    pub changed: usize,
    /// There, and not to be read when the list was made and not now either.
    #[serde(default)]
    pub uncompared: usize,
    /// Unchanged, and judged otherwise today.
    pub judged_otherwise: usize,
    /// The files of `missing`.
    pub files_missing: Vec<String>,
    /// The files of `added`.
    pub files_added: Vec<String>,
    /// The files of `changed`.
    pub files_changed: Vec<String>,
    /// The files of `uncompared`.
    #[serde(default)]
    pub files_uncompared: Vec<String>,
    /// The files of `judged_otherwise`.
    pub files_judged_otherwise: Vec<String>,
}

impl From<&ManifestCheck> for ManifestCount {
    fn from(check: &ManifestCheck) -> Self {
        let listed = |files: &[String]| files.iter().take(FILES_LISTED).cloned().collect();
        Self {
            accepted: false,
            missing: check.missing.len(),
            added: check.added.len(),
            changed: check.changed.len(),
            uncompared: check.uncompared.len(),
            judged_otherwise: check.judged_otherwise.len(),
            files_missing: listed(&check.missing),
            files_added: listed(&check.added),
            files_changed: listed(&check.changed),
            files_uncompared: listed(&check.uncompared),
            files_judged_otherwise: listed(&check.judged_otherwise),
        }
    }
}
