//! A folder of anchor files, read within bounds; what could not be read is listed, not lost.
//! Does not judge the certificates found: whoever may write the folder is trusted.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use trien_x509::CertificateError;
use trien_x509::asn1::Asn1Error;

use super::{TrustAnchor, TrustAnchors, file};

/// Bounds for a folder of anchors. Start from [`FolderLimits::default`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FolderLimits {
    /// Files in the folder. Every certificate of every Vietnamese issuer since 2008, one a file,
    /// makes under 300.
    pub files: usize,
    /// Octets of one file. The bundle of all public web roots has about 220 kB.
    pub file_octets: u64,
    /// Certificates in all files together. All European trusted lists have about 5,000.
    pub certificates: usize,
}

impl Default for FolderLimits {
    fn default() -> Self {
        Self {
            files: 1_000,
            file_octets: 4 * 1024 * 1024,
            certificates: 10_000,
        }
    }
}

/// What a folder gave.
#[derive(Debug)]
#[non_exhaustive]
pub struct AnchorFolder {
    /// The anchors, by file name and then by place in the file.
    pub anchors: TrustAnchors,
    /// What could not be read, in the same order.
    pub problems: Vec<AnchorProblem>,
}

/// A file, or a part of one, that gave no anchor.
#[derive(Debug)]
#[non_exhaustive]
pub struct AnchorProblem {
    /// The file, or the folder where the problem is the folder's.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: AnchorProblemKind,
}

/// Why a file or a part of it gave no anchor. Offsets are octets from the start of the file: of a
/// PEM block its first line, of a binary file 0.
#[derive(Debug)]
#[non_exhaustive]
pub enum AnchorProblemKind {
    /// The file holds no certificate.
    NoCertificate,
    /// The octets are no certificate.
    NotACertificate {
        /// Where they stand.
        offset: usize,
        /// Why not.
        source: CertificateError,
    },
    /// It is a folder or a device. Folders inside the folder are not read.
    NotAFile,
    /// The text between the lines of a PEM block is no base64.
    NotBase64 {
        /// Where the block begins.
        offset: usize,
    },
    /// A PEM block has no last line of its own.
    NotClosed {
        /// Where the block begins.
        offset: usize,
    },
    /// The octets begin as a PKCS#7 `SignedData` and go on as something else.
    NotSignedData {
        /// Where they stand.
        offset: usize,
        /// Why not.
        source: Asn1Error,
    },
    /// A PEM block is for something else: a key, a revocation list, a certificate with settings.
    OtherBlock {
        /// Where the block begins.
        offset: usize,
    },
    /// The file has more octets than [`FolderLimits::file_octets`] and was not read.
    TooLarge {
        /// The limit, in octets.
        limit: u64,
    },
    /// [`FolderLimits::certificates`] was reached in this file; the rest was not read.
    TooManyCertificates {
        /// The limit.
        limit: usize,
    },
    /// The folder has more files than [`FolderLimits::files`]; the last ones were not read.
    TooManyFiles {
        /// The limit.
        limit: usize,
        /// How many were not read.
        left_out: usize,
    },
    /// The system does not let the file be read.
    Unreadable(io::Error),
}

impl fmt::Display for AnchorProblem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: ", self.path.display())?;
        match &self.kind {
            AnchorProblemKind::NoCertificate => formatter.write_str("holds no certificate"),
            AnchorProblemKind::NotACertificate { offset, .. } => {
                write!(formatter, "no certificate at octet {offset}")
            }
            AnchorProblemKind::NotAFile => formatter.write_str("no file; move it elsewhere"),
            AnchorProblemKind::NotBase64 { offset } => {
                write!(formatter, "the block at octet {offset} is no base64")
            }
            AnchorProblemKind::NotClosed { offset } => {
                write!(formatter, "the block at octet {offset} is not closed")
            }
            AnchorProblemKind::NotSignedData { offset, .. } => {
                write!(formatter, "damaged PKCS#7 at octet {offset}")
            }
            AnchorProblemKind::OtherBlock { offset } => {
                write!(formatter, "the block at octet {offset} is no certificate")
            }
            AnchorProblemKind::TooLarge { limit } => {
                write!(formatter, "longer than {limit} octets; not read")
            }
            AnchorProblemKind::TooManyCertificates { limit } => {
                write!(
                    formatter,
                    "more than {limit} certificates; the rest not read"
                )
            }
            AnchorProblemKind::TooManyFiles { limit, left_out } => write!(
                formatter,
                "more than {limit} files; the last {left_out} not read"
            ),
            AnchorProblemKind::Unreadable(_) => formatter.write_str("cannot be read"),
        }
    }
}

impl std::error::Error for AnchorProblem {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            AnchorProblemKind::NotACertificate { source, .. } => Some(source),
            AnchorProblemKind::NotSignedData { source, .. } => Some(source),
            AnchorProblemKind::Unreadable(source) => Some(source),
            AnchorProblemKind::NoCertificate
            | AnchorProblemKind::NotAFile
            | AnchorProblemKind::NotBase64 { .. }
            | AnchorProblemKind::NotClosed { .. }
            | AnchorProblemKind::OtherBlock { .. }
            | AnchorProblemKind::TooLarge { .. }
            | AnchorProblemKind::TooManyCertificates { .. }
            | AnchorProblemKind::TooManyFiles { .. } => None,
        }
    }
}

/// The folder itself cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub struct AnchorFolderError {
    /// The folder.
    pub path: PathBuf,
    /// What the system says.
    pub source: io::Error,
}

impl fmt::Display for AnchorFolderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "the folder of trust anchors {} cannot be read",
            self.path.display()
        )
    }
}

impl std::error::Error for AnchorFolderError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

impl TrustAnchors {
    /// Reads every file of a folder: PEM with any number of certificates, DER, PKCS#7 in either
    /// form, told apart by their octets and not by their names. Files are taken by name, hidden
    /// ones (`.name`) are passed over, links are followed, folders inside are not entered. All
    /// anchors are for every purpose and without an end of their own.
    ///
    /// # Errors
    /// The folder cannot be read. A file that cannot be is among [`AnchorFolder::problems`], and
    /// the others still count.
    pub fn read_dir(path: &Path, limits: &FolderLimits) -> Result<AnchorFolder, AnchorFolderError> {
        let failed = |source| AnchorFolderError {
            path: path.to_owned(),
            source,
        };
        let (names, left_out) = names(path, limits.files).map_err(failed)?;
        let mut folder = AnchorFolder {
            anchors: Self::default(),
            problems: Vec::new(),
        };
        let mut certificates_left = limits.certificates;
        for name in names {
            let file = path.join(name);
            match read(&file, limits.file_octets) {
                Ok(octets) => take(&mut folder, &file, &octets, limits, &mut certificates_left),
                Err(kind) => folder.problems.push(AnchorProblem { path: file, kind }),
            }
        }
        if left_out > 0 {
            folder.problems.push(AnchorProblem {
                path: path.to_owned(),
                kind: AnchorProblemKind::TooManyFiles {
                    limit: limits.files,
                    left_out,
                },
            });
        }
        Ok(folder)
    }
}

/// The first `limit` names in order, and how many more there are.
fn names(path: &Path, limit: usize) -> io::Result<(BTreeSet<OsString>, usize)> {
    let mut names = BTreeSet::new();
    let mut left_out = 0_usize;
    for entry in fs::read_dir(path)? {
        let name = entry?.file_name();
        if name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        names.insert(name);
        if names.len() > limit {
            names.pop_last();
            left_out = left_out.saturating_add(1);
        }
    }
    Ok((names, left_out))
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, AnchorProblemKind> {
    // Asked before opening: opening a pipe would wait for its writer.
    let metadata = fs::metadata(path).map_err(AnchorProblemKind::Unreadable)?;
    if !metadata.is_file() {
        return Err(AnchorProblemKind::NotAFile);
    }
    let mut octets = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut octets))
        .map_err(AnchorProblemKind::Unreadable)?;
    if u64::try_from(octets.len()).is_ok_and(|length| length <= limit) {
        Ok(octets)
    } else {
        Err(AnchorProblemKind::TooLarge { limit })
    }
}

fn take(
    folder: &mut AnchorFolder,
    path: &Path,
    octets: &[u8],
    limits: &FolderLimits,
    certificates_left: &mut usize,
) {
    let mut problem = |kind| {
        folder.problems.push(AnchorProblem {
            path: path.to_owned(),
            kind,
        });
    };
    for found in file::certificates(octets) {
        match found {
            Ok(certificate) => match certificates_left.checked_sub(1) {
                Some(left) => {
                    *certificates_left = left;
                    folder.anchors.add(TrustAnchor::new(certificate));
                }
                None => {
                    problem(AnchorProblemKind::TooManyCertificates {
                        limit: limits.certificates,
                    });
                    return;
                }
            },
            Err(kind) => problem(kind),
        }
    }
}
