//! Why a signature was not made. A forged signature is no error: it is a report.

use std::error::Error as StdError;
use std::fmt;

use trien_cms::BuildError;
use trien_pdf::{ContentsTooSmall, PlaceError, ReadError};
use trien_policy::{NoAssignment, Refusal};
use trien_types::{SigningKeyError, SigningKeyErrorKind};
use trien_x509::{CertificateError, DigestUnavailable};

/// What stopped the signing road.
#[derive(Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The document cannot be read.
    Read(ReadError),
    /// The signature has no place in the document.
    Place(PlaceError),
    /// The signer's certificate cannot be read.
    Certificate(CertificateError),
    /// The CMS structure cannot be built.
    Build(BuildError),
    /// The claimed role is empty, longer than 512 octets, or has control characters.
    ClaimedRoleUnusable,
    /// A digest cannot be computed.
    Digest(DigestUnavailable),
    /// The finished file does not verify as it was prepared: nothing was written.
    FinishedDiffers(String),
    /// The key has no certificate, or none of its schemes can be used.
    KeyUnusable,
    /// The key did not sign.
    Key(SigningKeyError),
    /// The structure has outgrown the room laid out for it: prepare it again with more.
    ContentsTooSmall(ContentsTooSmall),
    /// The workflow has no such step, or not this role in it.
    NoAssignment(NoAssignment),
    /// The value that came back does not hold: nothing was written.
    ValueDoesNotHold(String),
    /// A reason is asked for beside a commitment (EN 319 142-1, 6.3).
    ReasonBesideCommitment,
    /// The rules forbid this signature.
    Refused(Refusal),
}

/// A signature was not made; the document is unchanged. Ask it questions, or look at its
/// [`ErrorKind`].
#[derive(Debug)]
pub struct Error {
    kind: Box<ErrorKind>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self {
            kind: Box::new(kind),
        }
    }

    /// What stopped the road.
    #[must_use]
    pub const fn kind(&self) -> &ErrorKind {
        &self.kind
    }

    /// What stopped the road, to keep.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        *self.kind
    }

    /// The refusal, when the rules forbid this signature.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        if let ErrorKind::Refused(refusal) = self.kind.as_ref() {
            Some(refusal)
        } else {
            None
        }
    }

    /// Whether a bound of [`trien_types::Limits`] stopped the reader.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        if let ErrorKind::Read(error) | ErrorKind::Place(PlaceError::Read(error)) =
            self.kind.as_ref()
        {
            error.is_limit()
        } else {
            false
        }
    }

    /// Why the key did not sign, when it was the key.
    #[must_use]
    pub fn key_error(&self) -> Option<SigningKeyErrorKind> {
        if let ErrorKind::Key(error) = self.kind.as_ref() {
            Some(error.kind())
        } else {
            None
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind.as_ref() {
            ErrorKind::Read(_) => formatter.write_str("the document cannot be read"),
            ErrorKind::Place(_) => formatter.write_str("the signature has no place"),
            ErrorKind::Certificate(_) => {
                formatter.write_str("the signer's certificate cannot be read")
            }
            ErrorKind::Build(_) => formatter.write_str("the signature cannot be encoded"),
            ErrorKind::ClaimedRoleUnusable => formatter.write_str(
                "the role cannot be claimed: give at most 512 octets of text on one line",
            ),
            ErrorKind::Digest(_) => formatter.write_str("the digest cannot be computed"),
            ErrorKind::FinishedDiffers(detail) => write!(
                formatter,
                "the finished file does not verify, nothing was written: {detail}"
            ),
            ErrorKind::KeyUnusable => formatter
                .write_str("the key has no certificate or no usable scheme: choose another key"),
            ErrorKind::Key(_) => formatter.write_str("the key did not sign"),
            ErrorKind::ContentsTooSmall(_) => {
                formatter.write_str("the signature is larger than its place: prepare a larger one")
            }
            ErrorKind::NoAssignment(_) => {
                formatter.write_str("the workflow has no such step for this signer")
            }
            ErrorKind::ValueDoesNotHold(detail) => write!(
                formatter,
                "the signature value does not hold, nothing was written: {detail}"
            ),
            ErrorKind::ReasonBesideCommitment => formatter.write_str(
                "a signature that states a commitment states no reason: leave one of them out",
            ),
            ErrorKind::Refused(_) => formatter.write_str("signing is refused"),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.kind.as_ref() {
            ErrorKind::Read(error) => Some(error),
            ErrorKind::Place(error) => Some(error),
            ErrorKind::Certificate(error) => Some(error),
            ErrorKind::Build(error) => Some(error),
            ErrorKind::Digest(error) => Some(error),
            ErrorKind::Key(error) => Some(error),
            ErrorKind::ContentsTooSmall(error) => Some(error),
            ErrorKind::NoAssignment(error) => Some(error),
            ErrorKind::Refused(error) => Some(error),
            ErrorKind::ClaimedRoleUnusable
            | ErrorKind::FinishedDiffers(_)
            | ErrorKind::KeyUnusable
            | ErrorKind::ReasonBesideCommitment
            | ErrorKind::ValueDoesNotHold(_) => None,
        }
    }
}

impl From<ReadError> for Error {
    fn from(error: ReadError) -> Self {
        Self::new(ErrorKind::Read(error))
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self::new(ErrorKind::Build(error))
    }
}

impl From<DigestUnavailable> for Error {
    fn from(error: DigestUnavailable) -> Self {
        Self::new(ErrorKind::Digest(error))
    }
}
