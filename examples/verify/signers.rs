//! Who signed a manifest, and whether that is enough to rely on it: anybody with a good certificate
//! can sign a list anew, so a good signature alone does not say that the list is the school's.

use trien::archive::{ManifestAcceptance, ManifestSigner, Mask, subject_numbers};
use trien::{
    Conclusion, DocumentConclusion, Language, Report, SignatureKindFact, SignatureReport,
    SignerFacts, SignerKind, UtcOffset,
};

use trien_examples::indication_words;

use crate::arguments::Arguments;

/// What the signatures of a manifest amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The seal of an organisation, or the signer that was named.
    Accepted(ManifestAcceptance),
    /// Signed well by somebody of whom nobody said that it is the one to expect.
    SignerOpen,
    /// Signed well, and not by the one who was named.
    OtherSigner,
    /// Not signed well.
    NotProven,
}

impl Standing {
    pub(crate) const fn accepted_by(self) -> Option<ManifestAcceptance> {
        match self {
            Self::Accepted(by) => Some(by),
            Self::SignerOpen | Self::OtherSigner | Self::NotProven => None,
        }
    }
}

/// The signatures of a report that are no time stamps.
fn signatures(report: &Report) -> impl Iterator<Item = &SignatureReport> {
    report
        .signatures
        .iter()
        .filter(|signature| signature.facts.kind != SignatureKindFact::DocumentTimestamp)
}

pub(crate) fn standing(report: &Report, expected: Option<&str>) -> Standing {
    if report.conclusion != DocumentConclusion::Valid {
        return Standing::NotProven;
    }
    let passed: Vec<&SignerFacts> = signatures(report)
        .filter(|signature| signature.conclusion == Conclusion::Passed)
        .filter_map(|signature| signature.facts.signer.as_ref())
        .collect();
    let Some(expected) = expected else {
        let is_sealed = passed
            .iter()
            .any(|signer| signer.kind == SignerKind::Organisation);
        return if is_sealed {
            Standing::Accepted(ManifestAcceptance::Seal)
        } else {
            Standing::SignerOpen
        };
    };
    let is_one = |fits: fn(&str, &SignerFacts) -> bool| {
        let mut signers = passed.iter();
        signers.any(|signer| fits(expected, signer))
    };
    // What tells most comes first: names are not unique.
    if is_one(is_serial) {
        Standing::Accepted(ManifestAcceptance::Serial)
    } else if is_one(is_number) {
        Standing::Accepted(ManifestAcceptance::Number)
    } else if is_one(is_name) {
        Standing::Accepted(ManifestAcceptance::Name)
    } else {
        Standing::OtherSigner
    }
}

/// Serial numbers are written with and without colons, leading zeros and `0x`.
fn is_serial(expected: &str, signer: &SignerFacts) -> bool {
    let bare = |text: &str| {
        let digits = text.replace([':', ' '], "").to_lowercase();
        let digits = digits.strip_prefix("0x").unwrap_or(&digits);
        digits.trim_start_matches('0').to_owned()
    };
    !bare(expected).is_empty() && bare(expected) == bare(&signer.serial)
}

/// Numbers are written with their kind and without, in groups or in one piece.
fn is_number(expected: &str, signer: &SignerFacts) -> bool {
    /// Digits of the shortest number that the state gives a person or an organisation.
    const DIGITS: usize = 9;
    let bare = |text: &str| -> String {
        let plain = text.chars().filter(char::is_ascii_alphanumeric);
        plain.map(|letter| letter.to_ascii_uppercase()).collect()
    };
    let wanted = bare(expected);
    if wanted.chars().filter(char::is_ascii_digit).count() < DIGITS {
        return false;
    }
    subject_numbers(&signer.subject).into_iter().any(|number| {
        let number = bare(number);
        // The tax number in a person's certificate is that of whom the person works for.
        let is_own = !number.starts_with("MST") || signer.kind == SignerKind::Organisation;
        let digits = number.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
        is_own && (wanted == number || wanted == digits)
    })
}

fn is_name(expected: &str, signer: &SignerFacts) -> bool {
    let Some(name) = signer.common_name.as_deref() else {
        return false;
    };
    let expected = expected.trim();
    !expected.is_empty() && expected.to_lowercase() == name.trim().to_lowercase()
}

/// The signers, people without their names under `--mask`.
pub(crate) fn all(report: &Report, arguments: &Arguments) -> Vec<ManifestSigner> {
    let mask = Mask::new(arguments.lang.into());
    let mask = arguments.mask.then_some(&mask);
    signatures(report)
        .map(|signature| ManifestSigner::of(signature, mask))
        .collect()
}

/// Every signer with a line.
pub(crate) fn lines(report: &Report, arguments: &Arguments, language: Language) -> Vec<String> {
    let say = |vi: &'static str, en: &'static str| match language {
        Language::En => en,
        Language::Vi | _ => vi,
    };
    signatures(report)
        .zip(all(report, arguments))
        .map(|(signature, signer)| {
            let unknown = say("không rõ", "unknown");
            let time = match (signer.best_signature_time, signer.claimed_signing_time) {
                (Some(time), _) => time.to_rfc3339(UtcOffset::VIETNAM),
                (None, Some(time)) => format!(
                    "{} ({})",
                    time.to_rfc3339(UtcOffset::VIETNAM),
                    say("tự khai", "claimed")
                ),
                (None, None) => unknown.to_owned(),
            };
            let mut said = vec![match signer.kind {
                None => unknown.to_owned(),
                Some(kind) => {
                    let masked = say("(họ tên được che)", "(name masked)");
                    let name = signer.common_name.as_deref().unwrap_or(masked);
                    format!("{name} ({})", kind_words(kind, language))
                }
            }];
            if !signer.numbers.is_empty() {
                let numbers = signer.numbers.join(", ");
                said.push(format!("{} {numbers}", say("số định danh", "number")));
            }
            if let Some(serial) = &signer.serial {
                said.push(format!("{} {serial}", say("số sê-ri", "serial")));
            }
            if let Some(issuer) = &signer.issuer {
                said.push(format!("{} {issuer}", say("nơi cấp", "issued by")));
            }
            said.push(format!("{} {time}", say("thời điểm", "time")));
            said.push(indication_words(signature.conclusion, language));
            format!("{}: {}", say("  Người ký", "  Signed by"), said.join("; "))
        })
        .collect()
}

const fn kind_words(kind: SignerKind, language: Language) -> &'static str {
    let (vi, en) = match kind {
        SignerKind::Organisation => ("tổ chức", "organisation"),
        SignerKind::Person => ("cá nhân", "person"),
        SignerKind::PersonInOrganisation => ("cá nhân thuộc tổ chức", "person in an organisation"),
        SignerKind::Unknown | _ => (
            "không rõ cá nhân hay tổ chức",
            "person or organisation unknown",
        ),
    };
    match language {
        Language::En => en,
        Language::Vi | _ => vi,
    }
}

/// What stands for the verdict on the list, where it is another than the document's.
pub(crate) const fn verdict(standing: Standing, language: Language) -> Option<&'static str> {
    let is_english = matches!(language, Language::En);
    match standing {
        Standing::Accepted(_) | Standing::NotProven => None,
        Standing::SignerOpen if is_english => {
            Some("SIGNED BY A PERSON, not by the seal of an organisation")
        }
        Standing::SignerOpen => Some("DO CÁ NHÂN KÝ, không có con dấu của tổ chức"),
        Standing::OtherSigner if is_english => {
            Some("SIGNED BY ANOTHER than --manifest-signer names")
        }
        Standing::OtherSigner => Some("KHÔNG DO NGƯỜI NÊU Ở --manifest-signer KÝ"),
    }
}

/// What is left to check.
pub(crate) const fn advice(standing: Standing, language: Language) -> Option<&'static str> {
    let (vi, en) = match standing {
        Standing::NotProven
        | Standing::Accepted(ManifestAcceptance::Number | ManifestAcceptance::Serial) => {
            return None;
        }
        Standing::Accepted(ManifestAcceptance::Name) => (
            "  tên có thể trùng: hãy đối chiếu số định danh và nơi cấp nêu trên với bên giao, hoặc nêu \
             --manifest-signer bằng số định danh hay số sê-ri",
            "  names are not unique: compare the number and the issuer above with who handed the disc \
             over, or name the signer by number or serial",
        ),
        Standing::Accepted(_) => (
            "  tổ chức nào có chứng thư số cũng đóng dấu được: hãy xem con dấu nêu trên có đúng là của \
             bên giao đĩa không",
            "  any organisation with a certificate can seal a list: check that the seal named above is \
             that of whoever handed the disc over",
        ),
        Standing::SignerOpen => (
            "  ai cũng có thể lập và ký lại một bản kê: hãy kiểm tra người ký nêu trên có đúng là bên \
             giao đĩa không, rồi nêu người đó bằng --manifest-signer SỐ_SÊ-RI|SỐ_ĐỊNH_DANH",
            "  anybody can sign a list anew: check that the signer named above is who handed the \
             disc over, then name that signer with --manifest-signer SERIAL|NUMBER",
        ),
        Standing::OtherSigner => (
            "  không dựa vào bản kê này: hãy yêu cầu đúng bản kê của bên giao",
            "  do not rely on this manifest: ask for the one that was handed over",
        ),
    };
    Some(match language {
        Language::En => en,
        Language::Vi | _ => vi,
    })
}
