//! The result of a manifest as numbers of the summary.

use serde::{Deserialize, Serialize};
use trien_policy::{SignatureReport, SignerKind};
use trien_types::UnixTime;

use super::subject::subject_numbers;
use super::{FILES_LISTED, ManifestCheck, Mask, moment};

/// By what the signer of a manifest was taken for whoever handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ManifestAcceptance {
    /// The name that was expected. Names are not unique.
    Name,
    /// The number of the person, or of the organisation, that was expected.
    Number,
    /// The seal of an organisation, whichever it is: nobody said whom to expect.
    Seal,
    /// The certificate that was expected.
    Serial,
}

/// Who signed a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ManifestSigner {
    /// What the certificate calls its holder; `None` where it is masked or not known.
    pub common_name: Option<String>,
    /// What the holder is.
    pub kind: Option<SignerKind>,
    /// The holder's numbers; none where they are masked.
    pub numbers: Vec<String>,
    /// Who issued the certificate.
    pub issuer: Option<String>,
    /// The certificate's serial number.
    pub serial: Option<String>,
    /// When it was signed, as the signature itself claims.
    #[serde(with = "moment::optional")]
    pub claimed_signing_time: Option<UnixTime>,
    /// When it was signed at the latest, as far as anything proves it.
    #[serde(with = "moment::optional")]
    pub best_signature_time: Option<UnixTime>,
    /// `TOTAL-PASSED`, `TOTAL-FAILED` or `INDETERMINATE`.
    pub indication: String,
}

impl ManifestSigner {
    /// The signer of a signature; under a mask, a person without name and numbers.
    #[must_use]
    pub fn of(signature: &SignatureReport, mask: Option<&Mask>) -> Self {
        let signer = signature.facts.signer.as_ref();
        let mask = mask.filter(|mask| {
            signer.is_some_and(|signer| {
                mask.hides(signer.kind, signer.common_name.as_deref(), &signer.subject)
            })
        });
        let shown = signer.filter(|_| mask.is_none());
        let name = |signer: &trien_policy::SignerFacts| {
            let name = signer.common_name.as_ref();
            name.unwrap_or(&signer.subject).clone()
        };
        let numbers = shown.map(|signer| subject_numbers(&signer.subject));
        // Who issued the own certificate is masked with it.
        let issued = signer.filter(|signer| mask.is_none() || signer.issuer != signer.subject);
        Self {
            common_name: shown.map(name),
            kind: signer.map(|signer| signer.kind),
            numbers: numbers
                .unwrap_or_default()
                .into_iter()
                .map(str::to_owned)
                .collect(),
            issuer: issued.map(|signer| {
                let name = signer.issuer_common_name.as_ref();
                name.unwrap_or(&signer.issuer).clone()
            }),
            serial: signer.map(|signer| match mask {
                Some(mask) => mask.serial(&signer.serial),
                None => signer.serial.clone(),
            }),
            claimed_signing_time: signature.facts.claimed_signing_time,
            best_signature_time: signature.best_signature_time,
            indication: signature.conclusion.indication().to_owned(),
        }
    }
}

/// How an archive differs from its manifest, with the first [`FILES_LISTED`] files of each number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ManifestCount {
    /// Whether the manifest is relied on: signed well by an organisation, or by who was named.
    pub accepted: bool,
    /// By what, where it is.
    #[serde(default)]
    pub accepted_by: Option<ManifestAcceptance>,
    /// Who signed it, in the order of the signatures.
    #[serde(default)]
    pub signers: Vec<ManifestSigner>,
    /// Listed and not there.
    pub missing: usize,
    /// There and not listed.
    pub added: usize,
    /// There with other octets.
    pub changed: usize,
    /// There, and not to be read when the list was made and not now either.
    #[serde(default)]
    pub uncompared: usize,
    /// Listed, and not below any path that was named: nobody looked whether it is there.
    #[serde(default)]
    pub beyond: usize,
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
    /// The files of `beyond`.
    #[serde(default)]
    pub files_beyond: Vec<String>,
    /// The files of `judged_otherwise`.
    pub files_judged_otherwise: Vec<String>,
    /// The files of `added`, each as it is named in its own line, with the path that the user named.
    #[serde(default)]
    pub places_added: Vec<String>,
    /// Likewise the files of `changed`.
    #[serde(default)]
    pub places_changed: Vec<String>,
    /// Likewise the files of `uncompared`.
    #[serde(default)]
    pub places_uncompared: Vec<String>,
    /// Likewise the files of `judged_otherwise`.
    #[serde(default)]
    pub places_judged_otherwise: Vec<String>,
}

impl From<&ManifestCheck> for ManifestCount {
    fn from(check: &ManifestCheck) -> Self {
        let listed = |files: &[String]| files.iter().take(FILES_LISTED).cloned().collect();
        Self {
            accepted: false,
            accepted_by: None,
            signers: Vec::new(),
            missing: check.missing.len(),
            added: check.added.len(),
            changed: check.changed.len(),
            uncompared: check.uncompared.len(),
            beyond: check.beyond.len(),
            judged_otherwise: check.judged_otherwise.len(),
            files_missing: listed(&check.missing),
            files_added: listed(&check.added),
            files_changed: listed(&check.changed),
            files_uncompared: listed(&check.uncompared),
            files_beyond: listed(&check.beyond),
            files_judged_otherwise: listed(&check.judged_otherwise),
            places_added: listed(&check.places_added),
            places_changed: listed(&check.places_changed),
            places_uncompared: listed(&check.places_uncompared),
            places_judged_otherwise: listed(&check.places_judged_otherwise),
        }
    }
}
