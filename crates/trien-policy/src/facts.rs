//! What was observed about a document and its signatures: plain data, recorded once, judged as
//! often as wanted. Says nothing about what it means.

mod certificate;
mod moment;
mod placed;
mod time_stamp;

use serde::{Deserialize, Serialize};
use trien_types::UnixTime;

use crate::{ChangeWord, CoveredWord, Language};

pub use certificate::{
    AlgorithmFact, CertificateFacts, CertificateStatus, EvidenceInFile, EvidenceKind, KeyFact,
    PathFact, PathFacts, StatusFact,
};
use moment::{optional_seconds, seconds};
pub use placed::PlacedFact;
pub use time_stamp::{TimestampFacts, TimestampStatus, TokenFact};

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
    /// Number of pages that the page tree states; `None` when it cannot be told.
    #[serde(default)]
    pub pages: Option<usize>,
    /// Why the file could not be read, or read only in part, in the language of the verification.
    pub unreadable: Option<String>,
    /// Signature fields that wait for a signature, by full name.
    pub empty_fields: Vec<String>,
    /// Evidence in the file, or beside it, that cannot be used, in the language of the verification
    /// with the details in the language of the verification.
    pub evidence_problems: Vec<String>,
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
        /// What exactly, in the language of the verification.
        detail: String,
    },
    /// This program cannot tell.
    Unsupported {
        /// What it does not support, in the language of the verification.
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
    /// What the field said before, where it was filled in; empty for nothing.
    pub old_value: Option<String>,
    /// What the field says since.
    pub new_value: Option<String>,
    /// What the look of a field shows that was filled in, where it shows another text than its value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown_value: Option<String>,
    /// The font of such a look, where nobody can tell what its letters look like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doubted_font: Option<String>,
    /// What its look lies over. It is forbidden for that on a certified or sealed document, and
    /// over the mark of an earlier signature on any.
    pub covers: Option<CoveredWord>,
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
            old_value: None,
            new_value: None,
            shown_value: None,
            doubted_font: None,
            covers: None,
            verdict,
        }
    }

    /// What a field that was filled in says now, and what it said: a sentence for whoever reads
    /// the report. `None` for other changes.
    #[must_use]
    pub fn values_sentence(&self, language: Language) -> Option<String> {
        let (old, new) = (self.old_value.as_ref()?, self.new_value.as_ref()?);
        if let Some(font) = &self.doubted_font {
            return Some(match language {
                Language::Vi => format!(
                    "Ô nay ghi “{new}” (trước là “{old}”) bằng phông chữ “{font}”, là phông không kiểm \
                     được chữ hiển thị có đúng giá trị không; hãy điền bằng phông có sẵn của biểu mẫu \
                     hoặc điền trước khi ký."
                ),
                Language::En => format!(
                    "The field now says “{new}” (before: “{old}”) in the font “{font}”, of which \
                     nobody can tell whether its letters show the value; fill it in with a font of \
                     the form, or before signing."
                ),
            });
        }
        if let Some(shown) = &self.shown_value {
            return Some(match language {
                Language::Vi => format!(
                    "Ô hiển thị “{shown}” nhưng giá trị của ô là “{new}” (trước là “{old}”)."
                ),
                Language::En => {
                    format!("The field shows “{shown}” and its value is “{new}” (before: “{old}”).")
                }
            });
        }
        Some(match (language, old.as_str()) {
            (Language::Vi, "") => format!("Ô trống nay ghi “{new}”."),
            (Language::Vi, old) => format!("Giá trị “{old}” đã đổi thành “{new}”."),
            (Language::En, "") => format!("The empty field now says “{new}”."),
            (Language::En, old) => format!("“{old}” became “{new}”."),
        })
    }

    /// What happened, on which page, to which field and object, as a sentence for people.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        let say = |vi: &'static str, en: &'static str| match language {
            Language::Vi => vi,
            Language::En => en,
        };
        let page = self
            .page
            .map(|page| format!("{} {page}", say("trang", "page")));
        let object = self
            .object
            .as_ref()
            .map(|object| format!("{} {object}", say("đối tượng", "object")));
        // A name is another's text: it makes no line of its own and no long one.
        let plain = |name: &String| -> String {
            let plain = name.chars().filter(|character| !character.is_control());
            plain.take(NAME_SHOWN).collect()
        };
        let name = self.field.as_ref().map(plain);
        let places: Vec<String> = name.into_iter().chain(page).chain(object).collect();
        let sentence = self.kind.sentence(language);
        if places.is_empty() {
            return sentence.to_owned();
        }
        let sentence = sentence.trim_end_matches('.');
        format!("{sentence} [{}].", places.join(", "))
    }
}

/// Characters of a field's name in a sentence.
const NAME_SHOWN: usize = 64;

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
    /// commonName of the subject: what people know the signer by.
    pub common_name: Option<String>,
    /// commonName of the issuer.
    pub issuer_common_name: Option<String>,
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
            common_name: None,
            issuer_common_name: None,
            subject,
            issuer,
            serial,
            kind,
            not_before,
            not_after,
        }
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
    /// What stands in the file to judge its path later.
    pub evidence_in_file: EvidenceInFile,
    /// What it was signed with; `None` when it does not hold or names nothing known.
    pub algorithm: Option<AlgorithmFact>,
    /// Further digests it rests on (the message digest, where it is another), by name.
    pub digests: Vec<String>,
    /// What departs from a standard without breaking the signature, in the language of
    /// the verification.
    pub deviations: Vec<String>,
    /// /M, or the signing-time attribute: what the signer's program claims.
    #[serde(with = "optional_seconds")]
    pub claimed_signing_time: Option<UnixTime>,
    /// Signature time stamps (and the token of a document time stamp).
    pub timestamps: Vec<TimestampFacts>,
    /// Where it shows on a page; `None` for one that is not seen.
    #[serde(default)]
    pub placed: Option<PlacedFact>,
    /// /Reason.
    pub reason: Option<String>,
    /// The roles that an intact signature claims for its signer (EN 319 122-1, 5.2.6.1). Nobody
    /// vouches for them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claimed_roles: Vec<String>,
    /// What an intact signature commits its signer to (EN 319 122-1, 5.2.3): the code of a
    /// [`trien_types::CommitmentType`], or another one's identifier in dots.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<String>,
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
            evidence_in_file: EvidenceInFile::Incomplete,
            algorithm: None,
            digests: Vec::new(),
            deviations: Vec::new(),
            claimed_signing_time: None,
            timestamps: Vec::new(),
            placed: None,
            reason: None,
            claimed_roles: Vec::new(),
            commitments: Vec::new(),
        }
    }
}
