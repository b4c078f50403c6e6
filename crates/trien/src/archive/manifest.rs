//! The list of an archive that is handed over: every record with its digest and verdict, inside a
//! PDF that is signed like a record (docs/adr: manifests are signed records). A returned disc is
//! held against it.
//!
//! Knows names, digests and verdicts. Whether the list itself is signed and by whom is
//! [`crate::verify()`]'s to say.

mod check;
mod page;
mod root;

use std::error::Error;
use std::fmt;

use serde::{Deserialize, Serialize};
use trien_pdf::{Document, Object, ReadError};
use trien_policy::DocumentConclusion;
use trien_types::{DigestAlgorithm, Limits, UnixTime, encode_hex};
use trien_x509::Digester;
use unicode_normalization::UnicodeNormalization;

use super::{Judged, moment};

pub use check::{ManifestCheck, VerdictChange};

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
    /// Its name with the path that the user named, by which records of one name below several paths
    /// are told apart. In no list: whoever receives the archive reads it at another place.
    #[serde(skip)]
    pub place: String,
}

impl ListedFile {
    /// The entry of a record that was judged.
    #[must_use]
    pub fn of(judged: &Judged) -> Self {
        Self {
            file: composed(&judged.inside),
            octets: judged.octets,
            sha256: judged.sha256().map(str::to_owned),
            conclusion: judged.conclusion,
            place: judged.file.clone(),
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

/// A file is no manifest, or a list cannot be one.
#[derive(Debug)]
#[non_exhaustive]
pub enum ManifestError {
    /// It cannot be read as a PDF.
    Read(ReadError),
    /// It has no attachment of this name.
    NoAttachment,
    /// The attachment is no manifest, or of a version that this program does not know.
    Malformed(Option<serde_json::Error>),
    /// Two records would have this name in the list: they stand below several folders that were
    /// named together, or their names differ in composition (Unicode NFC) alone, or in octets that
    /// are no UTF-8.
    SameName(String),
}

impl fmt::Display for ManifestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = match self {
            Self::SameName(name) => {
                return write!(
                    formatter,
                    "không lập được bản kê: hai hồ sơ cùng mang tên «{name}»; hãy đổi tên một tệp, \
                     hoặc lập bản kê riêng cho từng thư mục / two records would have the same name \
                     in the manifest: rename one, or make a manifest for each folder"
                );
            }
            Self::Read(_) => "không đọc được bản kê / the manifest cannot be read",
            Self::NoAttachment => {
                "tệp này không phải bản kê do verify --make-manifest lập / the file is no manifest"
            }
            Self::Malformed(_) => {
                "bản kê hỏng hoặc do phiên bản khác lập / the manifest is damaged or of another version"
            }
        };
        formatter.write_str(said)
    }
}

impl Error for ManifestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Read(error) => Some(error),
            Self::Malformed(Some(error)) => Some(error),
            Self::NoAttachment | Self::Malformed(None) | Self::SameName(_) => None,
        }
    }
}

impl Manifest {
    /// A manifest of these files.
    ///
    /// # Errors
    /// Two files have one name, composed: what is held against such a list could not be told apart.
    pub fn new(
        judged_at: UnixTime,
        profile: &str,
        anchors: usize,
        mut files: Vec<ListedFile>,
    ) -> Result<Self, ManifestError> {
        for file in &mut files {
            file.file = composed(&file.file);
        }
        files.sort_by(|one, other| one.file.cmp(&other.file));
        for pair in files.windows(2) {
            if let [one, other] = pair
                && one.file == other.file
            {
                return Err(ManifestError::SameName(one.file.clone()));
            }
        }
        Ok(Self {
            schema: SCHEMA.to_owned(),
            judged_at,
            profile: profile.to_owned(),
            anchors,
            files,
        })
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
}

/// A name as lists have it.
fn composed(name: &str) -> String {
    name.nfc().collect()
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

    pub(super) fn file(name: &str, sha256: &str, conclusion: DocumentConclusion) -> ListedFile {
        ListedFile {
            file: name.to_owned(),
            octets: 1,
            sha256: Some(sha256.to_owned()),
            conclusion,
            place: format!("disc/{name}"),
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
        let manifest = Manifest::new(UnixTime::from_seconds(1_780_000_000), "p", 1, files).unwrap();
        let pdf = manifest.to_pdf().unwrap();
        let mut read = Manifest::from_pdf(&pdf, &Limits::default()).unwrap();
        for (file, listed) in read.files.iter_mut().zip(&manifest.files) {
            // Where it lay is nobody's business who receives it.
            assert_eq!(std::mem::take(&mut file.place), "");
            file.place.clone_from(&listed.place);
        }
        assert_eq!(read, manifest);
        let check = manifest.check(&[
            file("b/ho\u{323}c ba\u{323}.pdf", "01", Valid),
            file("a.pdf", "ff", Valid),
            file("new.pdf", "05", Valid),
            file("old.pdf", "04", Indeterminate),
        ]);
        assert_eq!(check.missing, ["gone.pdf"]);
        assert_eq!(check.changed, ["a.pdf"]);
        assert_eq!(check.added, ["new.pdf"]);
        assert_eq!(check.places_added, ["disc/new.pdf"]);
        assert_eq!(check.judged_otherwise, ["old.pdf"]);
        assert_eq!(check.places_judged_otherwise, ["disc/old.pdf"]);
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
