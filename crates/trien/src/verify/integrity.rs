//! Whether a signature found holds over its spans. Says nothing of what they cover, nor of who
//! signed.

use std::collections::BTreeSet;

use trien_cms::{BrokenBecause, Verdict};
use trien_pdf::{ByteRangeError, SignatureDictionary};
use trien_policy::{IntegrityFact, IntegrityFailure, Language};

use super::found::{Contents, FoundSignature, Value};
use super::span_digests::{SpanDigests, spans_of};
use crate::words::{
    broken_words, byte_range_words, choose, malformed_words, read_words, unsupported_words,
};

/// A signature and whether it holds.
#[derive(Debug)]
pub(super) struct Checked {
    pub(super) found: FoundSignature,
    pub(super) integrity: IntegrityFact,
    /// `None` where there is nothing to compare with.
    pub(super) verdict: Option<Verdict>,
}

impl Checked {
    pub(super) fn of(found: FoundSignature, digests: &SpanDigests<'_>, language: Language) -> Self {
        let (integrity, verdict) = match &found.value {
            Value::Signature(dictionary) => integrity_of(&found, dictionary, digests, language),
            Value::Unreadable(error) => {
                let detail = read_words(error, language);
                (broken(IntegrityFailure::Unreadable, detail), None)
            }
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
    language: Language,
) -> (IntegrityFact, Option<Verdict>) {
    match &dictionary.byte_range {
        Ok(_) | Err(ByteRangeError::GapIsNotContents { .. }) => {}
        Err(error @ ByteRangeError::ContentsUnfilled) => {
            let detail = byte_range_words(error, language);
            return (broken(IntegrityFailure::NotSigned, detail), None);
        }
        Err(error) => {
            let detail = byte_range_words(error, language);
            return (broken(IntegrityFailure::ByteRange, detail), None);
        }
    }
    let contents = match &found.contents {
        Contents::Parsed(contents) => contents,
        Contents::Malformed(error) => {
            let detail = malformed_words(error, language);
            return (broken(IntegrityFailure::Structure, detail), None);
        }
        Contents::FormatUnknown => {
            return match dictionary.sub_filter() {
                None => {
                    let (vi, en) = (
                        "chữ ký không ghi định dạng (/SubFilter)",
                        "the signature has no /SubFilter",
                    );
                    let detail = choose(language, vi, en).to_owned();
                    (broken(IntegrityFailure::Structure, detail), None)
                }
                Some(name) => {
                    let detail = match language {
                        Language::En => format!("/SubFilter {name} is not supported"),
                        Language::Vi | _ => format!("chưa hỗ trợ định dạng /SubFilter {name}"),
                    };
                    (IntegrityFact::Unsupported { detail }, None)
                }
            };
        }
    };
    let Some(spans) = spans_of(&found.value) else {
        let detail = choose(language, "không có phần nào được ký", "no signed spans");
        return (broken(IntegrityFailure::ByteRange, detail.to_owned()), None);
    };
    let verdict = contents.verify(&digests.of(spans), &[]);
    let fact = match &verdict {
        Verdict::Intact(_) => IntegrityFact::Intact,
        Verdict::Broken(because) => broken(failure_of(because), broken_words(because, language)),
        Verdict::Unsupported(because) => IntegrityFact::Unsupported {
            detail: unsupported_words(because, language),
        },
        _ => IntegrityFact::Unsupported {
            detail: choose(language, "chưa rõ kết quả", "the verdict is unknown").to_owned(),
        },
    };
    (fact, Some(verdict))
}

fn failure_of(because: &BrokenBecause) -> IntegrityFailure {
    match because {
        BrokenBecause::AttributesHoldDocument
        | BrokenBecause::ContentDiffers
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

const fn broken(failure: IntegrityFailure, detail: String) -> IntegrityFact {
    IntegrityFact::Broken { failure, detail }
}
