//! What can be wrong with a folder of anchors and with the files in it.

use std::fmt;
use std::io;
use std::path::PathBuf;

use trien_types::CertificateId;
use trien_x509::CertificateError;
use trien_x509::asn1::Asn1Error;

use super::bounds::AnchorBoundsError;
#[cfg(doc)]
use super::folder::FolderLimits;

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
    /// The bounds beside the file cannot be used: nothing of it is trusted.
    Bounds(AnchorBoundsError),
    /// Two files have the certificate and bound it differently: it is not trusted.
    BoundsDiffer {
        /// The certificate.
        certificate: CertificateId,
    },
    /// Bounds without the file that they are for.
    BoundsAlone,
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
            AnchorProblemKind::Bounds(error) => write!(formatter, "not trusted: {error}"),
            AnchorProblemKind::BoundsAlone => {
                formatter.write_str("bounds without the file they are for; remove or rename it")
            }
            AnchorProblemKind::BoundsDiffer { certificate } => write!(
                formatter,
                "certificate {certificate} is bounded otherwise in another file; not trusted"
            ),
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
            AnchorProblemKind::Bounds(source) => Some(source),
            AnchorProblemKind::NotACertificate { source, .. } => Some(source),
            AnchorProblemKind::NotSignedData { source, .. } => Some(source),
            AnchorProblemKind::Unreadable(source) => Some(source),
            AnchorProblemKind::BoundsAlone
            | AnchorProblemKind::BoundsDiffer { .. }
            | AnchorProblemKind::NoCertificate
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
