//! What was observed about a document and its signatures: plain data, recorded once, judged as
//! often as wanted. Says nothing about what it means.

use serde::{Deserialize, Serialize};
use trien_types::UnixTime;

use crate::ChangeWord;

/// Everything observed about one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ValidationFacts {
    /// The document as a whole.
    pub document: DocumentFacts,
    /// Every filled signature field, document time stamps too, in the order of signing.
    pub signatures: Vec<SignatureFacts>,
}

impl ValidationFacts {
    /// Facts about a document and its signatures.
    #[must_use]
    pub const fn new(document: DocumentFacts, signatures: Vec<SignatureFacts>) -> Self {
        Self {
            document,
            signatures,
        }
    }
}

/// What was observed about the file itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DocumentFacts {
    /// Number of revisions; 0 when the file could not be read.
    pub revisions: usize,
    /// Whether an encryption dictionary is named.
    pub encrypted: bool,
    /// Why the file could not be read, or read only in part.
    pub unreadable: Option<String>,
    /// Signature fields that wait for a signature, by full name.
    pub empty_fields: Vec<String>,
}

/// What kind of signature it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignatureKindFact {
    /// An approval signature.
    Approval,
    /// A certification signature, with a DocMDP transform.
    Certification,
    /// A document time stamp.
    DocumentTimestamp,
}

/// Why a signature does not hold, by class; the detail text names the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum IntegrityFailure {
    /// /ByteRange or /Contents name no signed spans.
    ByteRange,
    /// The place was prepared and nobody signed.
    NotSigned,
    /// The signature dictionary cannot be read, or its encoding is missing.
    Unreadable,
    /// The CMS structure is malformed or breaks a rule of its kind.
    Structure,
    /// The signed data were changed.
    Digest,
    /// The signature value does not hold under the signer's key.
    Value,
    /// The signer's certificate is missing, unreadable, or not the one that was signed with.
    Certificate,
}

/// Whether digest and value hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
#[non_exhaustive]
pub enum IntegrityFact {
    /// They hold.
    Intact,
    /// They do not.
    Broken {
        /// The class of failure.
        failure: IntegrityFailure,
        /// What exactly, in technical English.
        detail: String,
    },
    /// This program cannot tell.
    Unsupported {
        /// What it does not support, in technical English.
        detail: String,
    },
}

/// What the signed spans reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CoverageFact {
    /// The whole file.
    WholeFile,
    /// A whole revision; others follow.
    Revision,
    /// No whole state of the document.
    Broken,
}

/// Whether a change may follow the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangeVerdict {
    /// It may.
    Permitted,
    /// It may not.
    Forbidden,
}

/// One change found behind a signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChangeFact {
    /// The revision that brought it, from 1; 0 for the file as a whole.
    pub revision: usize,
    /// The object it is about, as `number generation`.
    pub object: Option<String>,
    /// What happened.
    pub kind: ChangeWord,
    /// The field it is about, or the annotation's subtype.
    pub field: Option<String>,
    /// The page it shows on, from 1.
    pub page: Option<usize>,
    /// Where on the page: left, bottom, right, top in PDF points as written.
    pub rectangle: Option<[f64; 4]>,
    /// Whether it may follow the signature.
    pub verdict: ChangeVerdict,
}

impl ChangeFact {
    /// A change of a revision.
    #[must_use]
    pub const fn new(revision: usize, kind: ChangeWord, verdict: ChangeVerdict) -> Self {
        Self {
            revision,
            object: None,
            kind,
            field: None,
            page: None,
            rectangle: None,
            verdict,
        }
    }
}

/// All changes behind a signature, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ChangesFact {
    /// Nothing changed.
    None,
    /// Only what may follow.
    Permitted,
    /// Something that may not.
    Forbidden,
}

impl ChangesFact {
    /// The word for a list of changes.
    #[must_use]
    pub fn of(changes: &[ChangeFact]) -> Self {
        if changes
            .iter()
            .any(|change| change.verdict == ChangeVerdict::Forbidden)
        {
            Self::Forbidden
        } else if changes.is_empty() {
            Self::None
        } else {
            Self::Permitted
        }
    }
}

/// Whom a certificate names, after its subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SignerKind {
    /// A person.
    Person,
    /// A body: its certificate may be a seal.
    Organisation,
    /// A person in an organisation: never a seal.
    PersonInOrganisation,
    /// The subject does not tell.
    Unknown,
}

/// The certificate that a signature presents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignerFacts {
    /// Subject, RFC 4514.
    pub subject: String,
    /// Issuer, RFC 4514.
    pub issuer: String,
    /// Serial number in hexadecimal.
    pub serial: String,
    /// Whom it names.
    pub kind: SignerKind,
    /// Start of its validity.
    #[serde(with = "seconds")]
    pub not_before: UnixTime,
    /// End of its validity.
    #[serde(with = "seconds")]
    pub not_after: UnixTime,
}

impl SignerFacts {
    /// A certificate's names and validity.
    #[must_use]
    pub const fn new(
        subject: String,
        issuer: String,
        serial: String,
        kind: SignerKind,
        (not_before, not_after): (UnixTime, UnixTime),
    ) -> Self {
        Self {
            subject,
            issuer,
            serial,
            kind,
            not_before,
            not_after,
        }
    }
}

/// Whether the certificate leads to a trust anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
#[non_exhaustive]
pub enum PathFact {
    /// No trust anchors were given: integrity can be known, trust cannot.
    NoAnchors,
    /// A path leads to an anchor.
    Trusted {
        /// Subject of the anchor.
        anchor: String,
    },
    /// No path leads to an anchor.
    Untrusted {
        /// Why, in technical English.
        detail: String,
    },
    /// A path exists, but something in it is outside its validity at the time asked for.
    OutsideValidity {
        /// What, in technical English.
        detail: String,
    },
    /// There is no certificate to start from.
    NoCertificate,
}

/// Whether a time-stamp token holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TimestampStatus {
    /// It holds and its authority is trusted.
    Valid,
    /// It does not hold.
    Invalid,
    /// It holds, but whether its authority is trusted is not known.
    Indeterminate,
}

/// One time-stamp token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TimestampFacts {
    /// genTime; `None` when the token cannot be read.
    #[serde(with = "optional_seconds")]
    pub time: Option<UnixTime>,
    /// Whether it holds.
    pub status: TimestampStatus,
}

impl TimestampFacts {
    /// A token's time and state.
    #[must_use]
    pub const fn new(time: Option<UnixTime>, status: TimestampStatus) -> Self {
        Self { time, status }
    }
}

/// Everything observed about one signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SignatureFacts {
    /// Full name of the field.
    pub field: String,
    /// What kind it is.
    pub kind: SignatureKindFact,
    /// /SubFilter as written.
    pub sub_filter: Option<String>,
    /// PAdES level, where it is one.
    pub level: Option<String>,
    /// Whether it holds.
    pub integrity: IntegrityFact,
    /// What it covers.
    pub coverage: CoverageFact,
    /// The signed revision, from 1.
    pub revision: Option<usize>,
    /// What came after it.
    pub changes: Vec<ChangeFact>,
    /// Who signed, as far as a certificate says.
    pub signer: Option<SignerFacts>,
    /// Whether the certificate leads to an anchor.
    pub path: PathFact,
    /// Digest algorithms that no longer resist collisions, by name.
    pub weak_digests: Vec<String>,
    /// What departs from a standard without breaking the signature, in technical English.
    pub deviations: Vec<String>,
    /// /M, or the signing-time attribute: what the signer's program claims.
    #[serde(with = "optional_seconds")]
    pub claimed_signing_time: Option<UnixTime>,
    /// Signature time stamps (and the token of a document time stamp).
    pub timestamps: Vec<TimestampFacts>,
    /// /Reason.
    pub reason: Option<String>,
}

impl SignatureFacts {
    /// Facts of a signature of which nothing but its field and state are known yet.
    #[must_use]
    pub fn new(
        field: impl Into<String>,
        kind: SignatureKindFact,
        integrity: IntegrityFact,
    ) -> Self {
        Self {
            field: field.into(),
            kind,
            sub_filter: None,
            level: None,
            integrity,
            coverage: CoverageFact::Broken,
            revision: None,
            changes: Vec::new(),
            signer: None,
            path: PathFact::NoCertificate,
            weak_digests: Vec::new(),
            deviations: Vec::new(),
            claimed_signing_time: None,
            timestamps: Vec::new(),
            reason: None,
        }
    }

    /// The earliest time that a valid time stamp proves; `None` when none does.
    #[must_use]
    pub fn proven_time(&self) -> Option<UnixTime> {
        let valid = self
            .timestamps
            .iter()
            .filter(|t| t.status == TimestampStatus::Valid);
        valid.filter_map(|timestamp| timestamp.time).min()
    }
}

mod seconds {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use trien_types::UnixTime;

    pub(super) fn serialize<S: Serializer>(
        time: &UnixTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.seconds().serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<UnixTime, D::Error> {
        i64::deserialize(deserializer).map(UnixTime::from_seconds)
    }
}

mod optional_seconds {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use trien_types::UnixTime;

    #[expect(clippy::ref_option, reason = "serde gives the field by reference")]
    pub(super) fn serialize<S: Serializer>(
        time: &Option<UnixTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(UnixTime::seconds).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<UnixTime>, D::Error> {
        Ok(Option::<i64>::deserialize(deserializer)?.map(UnixTime::from_seconds))
    }
}
