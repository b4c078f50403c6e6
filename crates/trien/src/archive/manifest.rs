//! The list of an archive that is handed over: every record with its digest and verdict, inside a
//! PDF that is signed like a record (docs/adr: manifests are signed records). A returned disc is
//! held against it.
//!
//! Knows names, digests and verdicts. Whether the list itself is signed and by whom is
//! [`crate::verify()`]'s to say.

mod page;

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};
use trien_pdf::{Document, Object, ReadError};
use trien_policy::DocumentConclusion;
use trien_types::{DigestAlgorithm, Limits, UnixTime, encode_hex};
use trien_x509::Digester;
use unicode_normalization::UnicodeNormalization;

use super::{Judged, moment};

/// The format's name.
const SCHEMA: &str = "trien.manifest/1";

/// The name of the attachment.
pub const MANIFEST_ATTACHMENT: &str = "trien-manifest.json";

/// The records of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Manifest {
    /// `trien.manifest/1`.
    pub schema: String,
    /// When the verdicts were made.
    #[serde(with = "moment")]
    pub judged_at: UnixTime,
    /// The profile's id.
    pub profile: String,
    /// How many trust anchors there were.
    pub anchors: usize,
    /// The records in the order of their names.
    pub files: Vec<ListedFile>,
}

/// A record of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ListedFile {
    /// Its name below the archive's folder, folders parted by `/`, composed (Unicode NFC): discs
    /// write names in other forms.
    pub file: String,
    /// Its size in octets.
    pub octets: u64,
    /// SHA-256 in hexadecimal; `None` when it could not be read.
    pub sha256: Option<String>,
    /// What it was found to be.
    pub conclusion: DocumentConclusion,
}

impl ListedFile {
    /// The entry of a record that was judged.
    #[must_use]
    pub fn of(judged: &Judged) -> Self {
        Self {
            file: judged.inside.nfc().collect(),
            octets: judged.octets,
            sha256: judged.sha256().map(str::to_owned),
            conclusion: judged.conclusion,
        }
    }
}

impl ListedFile {
    /// SHA-256 of octets in hexadecimal, as entries have it.
    #[must_use]
    pub fn digest(octets: &[u8]) -> Option<String> {
        let digest = Digester::digest(DigestAlgorithm::Sha256, octets).ok()?;
        Some(encode_hex(digest.as_octets()))
    }
}

/// How an archive differs from its manifest, by names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ManifestCheck {
    /// Listed and not there.
    pub missing: Vec<String>,
    /// There and not listed.
    pub added: Vec<String>,
    /// There with other octets.
    pub changed: Vec<String>,
    /// Unchanged, and judged otherwise today.
    pub judged_otherwise: Vec<String>,
    /// The same files with both verdicts.
    #[serde(default)]
    pub verdicts: Vec<VerdictChange>,
}

/// A file that is judged otherwise than when it was handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VerdictChange {
    /// Its name.
    pub file: String,
    /// What the manifest says.
    pub before: DocumentConclusion,
    /// What is found today.
    pub now: DocumentConclusion,
}

impl ManifestCheck {
    /// Whether the archive is what was handed over; verdicts may change with time.
    #[must_use]
    pub const fn is_same(&self) -> bool {
        self.missing.is_empty() && self.added.is_empty() && self.changed.is_empty()
    }
}

/// A file is no manifest.
#[derive(Debug)]
#[non_exhaustive]
pub enum ManifestError {
    /// It cannot be read as a PDF.
    Read(ReadError),
    /// It has no attachment of this name.
    NoAttachment,
    /// The attachment is no manifest, or of a version that this program does not know.
    Malformed(Option<serde_json::Error>),
}

impl fmt::Display for ManifestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Read(_) => "không đọc được bản kê / the manifest cannot be read",
            Self::NoAttachment => {
                "tệp này không phải bản kê do verify --make-manifest lập / the file is no manifest"
            }
            Self::Malformed(_) => {
                "bản kê hỏng hoặc do phiên bản khác lập / the manifest is damaged or of another version"
            }
        })
    }
}

impl Error for ManifestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            Self::Malformed(Some(error)) => Some(error),
            Self::NoAttachment | Self::Malformed(None) => None,
        }
    }
}

impl Manifest {
    /// A manifest of these files.
    #[must_use]
    pub fn new(
        judged_at: UnixTime,
        profile: &str,
        anchors: usize,
        mut files: Vec<ListedFile>,
    ) -> Self {
        files.sort_by(|one, other| one.file.cmp(&other.file));
        Self {
            schema: SCHEMA.to_owned(),
            judged_at,
            profile: profile.to_owned(),
            anchors,
            files,
        }
    }

    /// A PDF of one page with the list attached, to be signed by `sign` like any record.
    ///
    /// # Errors
    /// Never for a manifest of this library; what the writer of JSON says.
    pub fn to_pdf(&self) -> Result<Vec<u8>, ManifestError> {
        let json =
            serde_json::to_vec(self).map_err(|error| ManifestError::Malformed(Some(error)))?;
        Ok(page::write(self, &json))
    }

    /// Reads the list that is attached to a PDF. Whether to believe it is for its signatures to
    /// say: [`crate::verify()`] the same octets.
    ///
    /// # Errors
    /// It is no PDF with such an attachment.
    pub fn from_pdf(bytes: &[u8], limits: &Limits) -> Result<Self, ManifestError> {
        let json = attachment(bytes, limits)?;
        let read: Self =
            serde_json::from_slice(&json).map_err(|error| ManifestError::Malformed(Some(error)))?;
        if read.schema != SCHEMA {
            return Err(ManifestError::Malformed(None));
        }
        Ok(read)
    }

    /// How an archive differs.
    #[must_use]
    pub fn check(&self, files: &[ListedFile]) -> ManifestCheck {
        let composed = |name: &str| name.nfc().collect::<String>();
        let mut there: BTreeMap<String, &ListedFile> = files
            .iter()
            .map(|file| (composed(&file.file), file))
            .collect();
        let mut check = ManifestCheck::default();
        for listed in &self.files {
            let Some(found) = there.remove(&composed(&listed.file)) else {
                check.missing.push(listed.file.clone());
                continue;
            };
            // What could not be read then or now is not known to be the same.
            if listed.sha256.is_none() || listed.sha256 != found.sha256 {
                check.changed.push(listed.file.clone());
            } else if listed.conclusion != found.conclusion {
                check.judged_otherwise.push(listed.file.clone());
                check.verdicts.push(VerdictChange {
                    file: listed.file.clone(),
                    before: listed.conclusion,
                    now: found.conclusion,
                });
            }
        }
        check.added = there.into_keys().collect();
        check
    }
}

/// The octets of the attachment, by the catalog's name tree of embedded files (ISO 32000-2, 7.11.4
/// and 7.7.4). Ours is a tree of one node.
fn attachment(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>, ManifestError> {
    let document = Document::open(bytes, limits).map_err(ManifestError::Read)?;
    let latest = document.latest();
    let (_, catalog) = document.catalog(latest).map_err(ManifestError::Read)?;
    let mut node = catalog;
    for key in ["Names", "EmbeddedFiles"] {
        let value = document
            .value(&node, key, latest)
            .map_err(ManifestError::Read)?;
        node = value
            .as_dictionary()
            .cloned()
            .ok_or(ManifestError::NoAttachment)?;
    }
    let names = document
        .value(&node, "Names", latest)
        .map_err(ManifestError::Read)?;
    let [Object::String(name), specification] = names.as_array().unwrap_or_default() else {
        return Err(ManifestError::NoAttachment);
    };
    if trien_pdf::decode_text(name) != MANIFEST_ATTACHMENT {
        return Err(ManifestError::NoAttachment);
    }
    let specification = document
        .resolve(specification, latest)
        .map_err(ManifestError::Read)?;
    let specification = specification
        .as_dictionary()
        .ok_or(ManifestError::NoAttachment)?;
    let embedded = document
        .value(specification, "EF", latest)
        .map_err(ManifestError::Read)?;
    let embedded = embedded
        .as_dictionary()
        .ok_or(ManifestError::NoAttachment)?;
    let Object::Stream(stream) = document
        .value(embedded, "F", latest)
        .map_err(ManifestError::Read)?
    else {
        return Err(ManifestError::NoAttachment);
    };
    document
        .decoded(&stream, latest)
        .map_err(ManifestError::Read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, sha256: &str, conclusion: DocumentConclusion) -> ListedFile {
        ListedFile {
            file: name.to_owned(),
            octets: 1,
            sha256: Some(sha256.to_owned()),
            conclusion,
        }
    }

    #[test]
    fn a_list_comes_back_out_of_its_pdf_and_differences_are_named() {
        use DocumentConclusion::{Indeterminate, Valid};
        let files = vec![
            file("b/học bạ.pdf", "01", Valid),
            file("a.pdf", "02", Valid),
            file("gone.pdf", "03", Valid),
            file("old.pdf", "04", Valid),
        ];
        let manifest = Manifest::new(UnixTime::from_seconds(1_780_000_000), "p", 1, files);
        let pdf = manifest.to_pdf().unwrap();
        assert_eq!(
            Manifest::from_pdf(&pdf, &Limits::default()).unwrap(),
            manifest
        );
        let check = manifest.check(&[
            file("b/ho\u{323}c ba\u{323}.pdf", "01", Valid),
            file("a.pdf", "ff", Valid),
            file("new.pdf", "05", Valid),
            file("old.pdf", "04", Indeterminate),
        ]);
        assert_eq!(check.missing, ["gone.pdf"]);
        assert_eq!(check.changed, ["a.pdf"]);
        assert_eq!(check.added, ["new.pdf"]);
        assert_eq!(check.judged_otherwise, ["old.pdf"]);
        let [change] = &check.verdicts[..] else {
            panic!("{check:?}");
        };
        assert_eq!((change.before, change.now), (Valid, Indeterminate));
        assert!(!check.is_same() && manifest.check(&manifest.files).is_same());
    }

    #[test]
    fn another_pdf_is_no_manifest() {
        let other = b"%PDF-1.7\n";
        assert!(Manifest::from_pdf(other, &Limits::default()).is_err());
    }
}
