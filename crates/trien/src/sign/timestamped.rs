//! The stage of a signature with a signature time stamp (EN 319 122-1, 5.3): level B-T.

use std::error::Error as StdError;
use std::fmt;

use trien_cms::{BuildError, TimeStampIntact};
use trien_pdf::ContentsTooSmall;
use trien_types::{Limits, Transport, UnixTime};
use trien_x509::Digester;

use super::signed::{Signed, SignedDocument};
use crate::error::Error;
use crate::evidence::EvidenceSearch;
use crate::time_stamp_authority::{
    AuthorityFailure, NoTimeStamp, ObtainedTimeStamp, TimeStampAuthority,
};

/// A signature of level B-T: its value is time-stamped. [`Timestamped::finish`] comes next.
#[derive(Debug)]
pub struct Timestamped<'d> {
    original: &'d [u8],
    appended: Vec<u8>,
    time_stamp: TimeStampIntact,
    url: String,
    failures: Vec<AuthorityFailure>,
}

impl<'d> Timestamped<'d> {
    /// The time that the authority states.
    #[must_use]
    pub const fn time(&self) -> UnixTime {
        self.time_stamp.gen_time()
    }

    /// The time stamp: the authority's certificate and what it states.
    #[must_use]
    pub const fn time_stamp(&self) -> &TimeStampIntact {
        &self.time_stamp
    }

    /// The address the time stamp came from.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Authorities that were asked before and failed.
    #[must_use]
    pub fn failures(&self) -> &[AuthorityFailure] {
        &self.failures
    }

    /// The document with this signature.
    #[must_use]
    pub fn finish(self) -> SignedDocument<'d> {
        SignedDocument::new(self.original, self.appended)
    }
}

impl<'d> Signed<'d> {
    /// Has the signature value time-stamped: level B-T. Ask [`crate::SignatureRequest`] for room
    /// beforehand: the place of a signature cannot grow when it is made. The time stamp must
    /// state the signing time or that of [`Signed::stamped_at`], and its authority must lead to
    /// one of the request's anchors, if it has any.
    ///
    /// # Errors
    /// No authority gave a time stamp, or it does not fit. The error holds the signature as it
    /// was; nothing but [`TimestampFailed::into_basic`] gives it back.
    pub fn timestamp(
        self,
        transport: &dyn Transport,
        authority: &TimeStampAuthority,
    ) -> Result<Timestamped<'d>, TimestampFailed<'d>> {
        let terms = self.prepared().terms();
        let search = EvidenceSearch::new(&terms.anchors, terms.time, transport);
        let stamped = authority.stamp(
            |algorithm| Digester::digest(algorithm, self.value()),
            &search,
            &terms.candidates,
            &Limits::default(),
        );
        match stamped {
            Ok(obtained) => self.with_time_stamp(obtained),
            Err(error) => Err(TimestampFailed::new(
                self,
                TimestampFailure::NoTimeStamp(error),
            )),
        }
    }

    fn with_time_stamp(
        self,
        obtained: ObtainedTimeStamp,
    ) -> Result<Timestamped<'d>, TimestampFailed<'d>> {
        let prepared = self.prepared();
        let contents = match prepared.build(self.value(), Some(obtained.accepted.as_octets())) {
            Ok(contents) => contents,
            Err(error) => return Err(TimestampFailed::new(self, TimestampFailure::Build(error))),
        };
        if let Err(error) = prepared.verify_own(&contents) {
            return Err(TimestampFailed::new(self, TimestampFailure::Verify(error)));
        }
        match prepared.update().complete(&contents) {
            Ok(appended) => Ok(Timestamped {
                original: prepared.update().original(),
                appended,
                time_stamp: obtained.accepted.intact().clone(),
                url: obtained.url,
                failures: obtained.failures,
            }),
            Err(error) => Err(TimestampFailed::new(
                self,
                TimestampFailure::ContentsTooSmall(error),
            )),
        }
    }
}

/// Why a signature got no time stamp.
#[derive(Debug)]
#[non_exhaustive]
pub enum TimestampFailure {
    /// None was obtained.
    NoTimeStamp(NoTimeStamp),
    /// The structure cannot be encoded.
    Build(BuildError),
    /// The signature does not hold with the time stamp in it.
    Verify(Error),
    /// The time stamp is larger than the room laid out for it: sign again with more.
    ContentsTooSmall(ContentsTooSmall),
}

/// A signature got no time stamp. It holds the signature, untouched: level B-B is kept only by
/// [`TimestampFailed::into_basic`], and trying again starts there too.
#[derive(Debug)]
pub struct TimestampFailed<'d> {
    parts: Box<(Signed<'d>, TimestampFailure)>,
}

impl<'d> TimestampFailed<'d> {
    fn new(signed: Signed<'d>, failure: TimestampFailure) -> Self {
        Self {
            parts: Box::new((signed, failure)),
        }
    }

    /// What happened.
    #[must_use]
    pub fn failure(&self) -> &TimestampFailure {
        &self.parts.1
    }

    /// The signature of level B-B as it was before: for those who want it without a time stamp,
    /// or to have it stamped later.
    #[must_use]
    pub fn into_basic(self) -> Signed<'d> {
        self.parts.0
    }
}

impl fmt::Display for TimestampFailed<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.failure() {
            TimestampFailure::NoTimeStamp(_) => "the signature got no time stamp",
            TimestampFailure::Build(_) => "the time-stamped signature cannot be encoded",
            TimestampFailure::Verify(_) => "the time-stamped signature does not hold",
            TimestampFailure::ContentsTooSmall(_) => {
                "the time stamp is larger than its place: sign again with a larger one"
            }
        })
    }
}

impl StdError for TimestampFailed<'_> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(match self.failure() {
            TimestampFailure::NoTimeStamp(error) => error,
            TimestampFailure::Build(error) => error,
            TimestampFailure::Verify(error) => error,
            TimestampFailure::ContentsTooSmall(error) => error,
        })
    }
}

/// Signing with a time stamp stopped.
#[derive(Debug)]
#[non_exhaustive]
pub enum TimestampedSigningError<'d> {
    /// There is no signature.
    Sign(Error),
    /// There is a signature, without a time stamp.
    Timestamp(TimestampFailed<'d>),
}

impl fmt::Display for TimestampedSigningError<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sign(error) => error.fmt(formatter),
            Self::Timestamp(failed) => failed.fmt(formatter),
        }
    }
}

impl StdError for TimestampedSigningError<'_> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Sign(error) => error.source(),
            Self::Timestamp(failed) => failed.source(),
        }
    }
}

impl From<Error> for TimestampedSigningError<'_> {
    fn from(error: Error) -> Self {
        Self::Sign(error)
    }
}
