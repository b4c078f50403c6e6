//! Whether a signature found holds over its spans. Says nothing of what they cover, nor of who
//! signed.

use std::collections::BTreeSet;

use trien_cms::{BrokenBecause, Verdict};
use trien_pdf::{ByteRangeError, SignatureDictionary};
use trien_policy::{IntegrityFact, IntegrityFailure};

use super::found::{Contents, FoundSignature, Value};
use super::span_digests::{SpanDigests, spans_of};

/// A signature and whether it holds.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) found: FoundSignature,
    pub(super) integrity: IntegrityFact,
    /// `None` where there is nothing to compare with.
    pub(super) verdict: Option<Verdict>,
}

impl Checked {
    pub(super) fn of(found: FoundSignature, digests: &SpanDigests<'_>) -> Self {
        let (integrity, verdict) = match &found.value {
            Value::Signature(dictionary) => integrity_of(&found, dictionary, digests),
            Value::Unreadable(error) => (broken(IntegrityFailure::Unreadable, error), None),
        };
        Self {
            found,
            integrity,
            verdict,
        }
    }

    /// Whether it holds over everything but its own value.
    fn is_intact(&self) -> bool {
        let Value::Signature(dictionary) = &self.found.value else {
            return false;
        };
        self.integrity == IntegrityFact::Intact && dictionary.byte_range.is_ok()
    }
}

/// The fields whose signatures hold: the looks of all others are those of nobody.
pub(super) fn intact_fields(signatures: &[Checked]) -> BTreeSet<String> {
    let (intact, others): (Vec<&Checked>, Vec<&Checked>) =
        signatures.iter().partition(|checked| checked.is_intact());
    // F9: of two fields of one name, neither speaks for the other.
    let doubtful: BTreeSet<&String> = others.iter().map(|checked| &checked.found.field).collect();
    let fields = intact.iter().map(|checked| &checked.found.field);
    fields
        .filter(|field| !doubtful.contains(field))
        .cloned()
        .collect()
}

/// Whether digest and value hold over the spans, as declared where their gap is wrong: that they
/// cover no whole document is told by the coverage, apart.
fn integrity_of(
    found: &FoundSignature,
    dictionary: &SignatureDictionary,
    digests: &SpanDigests<'_>,
) -> (IntegrityFact, Option<Verdict>) {
    match &dictionary.byte_range {
        Ok(_) | Err(ByteRangeError::GapIsNotContents { .. }) => {}
        Err(error @ ByteRangeError::ContentsUnfilled) => {
            return (broken(IntegrityFailure::NotSigned, error), None);
        }
        Err(error) => return (broken(IntegrityFailure::ByteRange, error), None),
    }
    let contents = match &found.contents {
        Contents::Parsed(contents) => contents,
        Contents::Malformed(error) => {
            return (broken(IntegrityFailure::Structure, error), None);
        }
        Contents::FormatUnknown => {
            return match dictionary.sub_filter() {
                None => (
                    broken(
                        IntegrityFailure::Structure,
                        &"the signature has no /SubFilter",
                    ),
                    None,
                ),
                Some(name) => {
                    let detail = format!("/SubFilter {name} is not supported");
                    (IntegrityFact::Unsupported { detail }, None)
                }
            };
        }
    };
    let Some(spans) = spans_of(&found.value) else {
        return (
            broken(IntegrityFailure::ByteRange, &"no signed spans"),
            None,
        );
    };
    let verdict = contents.verify(&digests.of(spans), &[]);
    let fact = match &verdict {
        Verdict::Intact(_) => IntegrityFact::Intact,
        Verdict::Broken(because) => broken(failure_of(because), because),
        Verdict::Unsupported(because) => IntegrityFact::Unsupported {
            detail: because.to_string(),
        },
        _ => IntegrityFact::Unsupported {
            detail: "the verdict is unknown".to_owned(),
        },
    };
    (fact, Some(verdict))
}

fn failure_of(because: &BrokenBecause) -> IntegrityFailure {
    match because {
        BrokenBecause::ContentDiffers
        | BrokenBecause::ImprintDiffers
        | BrokenBecause::MessageDigestDiffers => IntegrityFailure::Digest,
        BrokenBecause::Value(_) => IntegrityFailure::Value,
        BrokenBecause::SignerCertificateAbsent
        | BrokenBecause::SignerCertificateMalformed
        | BrokenBecause::SigningCertificateDiffers => IntegrityFailure::Certificate,
        BrokenBecause::Algorithm(_)
        | BrokenBecause::Attribute(_)
        | BrokenBecause::ContentTypeDiffers { .. }
        | BrokenBecause::ContentAbsent
        | BrokenBecause::ContentPresent
        | BrokenBecause::NoSigner
        | BrokenBecause::SeveralSigners { .. }
        | BrokenBecause::TrailingStructure { .. }
        | _ => IntegrityFailure::Structure,
    }
}

fn broken(failure: IntegrityFailure, detail: &impl ToString) -> IntegrityFact {
    IntegrityFact::Broken {
        failure,
        detail: detail.to_string(),
    }
}
