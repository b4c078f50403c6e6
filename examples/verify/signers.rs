//! Who signed a manifest, and whether that is enough to rely on it: anybody with a good certificate
//! can sign a list anew, so a good signature alone does not say that the list is the school's.

use trien::archive::Mask;
use trien::{
    Conclusion, DocumentConclusion, Language, Report, SignatureKindFact, SignatureReport,
    SignerKind, UtcOffset,
};

use crate::arguments::Arguments;

/// What the signatures of a manifest amount to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// The seal of an organisation, or the signer that was named.
    Accepted,
    /// Signed well by somebody of whom nobody said that it is the one to expect.
    SignerOpen,
    /// Signed well, and not by the one who was named.
    OtherSigner,
    /// Not signed well.
    NotProven,
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
    let mut passed = signatures(report)
        .filter(|signature| signature.conclusion == Conclusion::Passed)
        .filter_map(|signature| signature.facts.signer.as_ref());
    match expected {
        Some(expected) => {
            if passed.any(|signer| {
                is_serial(expected, &signer.serial)
                    || signer
                        .common_name
                        .as_deref()
                        .is_some_and(|name| is_name(expected, name))
            }) {
                Standing::Accepted
            } else {
                Standing::OtherSigner
            }
        }
        None if passed.any(|signer| signer.kind == SignerKind::Organisation) => Standing::Accepted,
        None => Standing::SignerOpen,
    }
}

/// Serial numbers are written with and without colons and leading zeros.
fn is_serial(expected: &str, serial: &str) -> bool {
    let bare = |text: &str| {
        let digits = text.replace([':', ' '], "").to_lowercase();
        digits.trim_start_matches('0').to_owned()
    };
    !bare(expected).is_empty() && bare(expected) == bare(serial)
}

fn is_name(expected: &str, name: &str) -> bool {
    let expected = expected.trim();
    !expected.is_empty() && expected.to_lowercase() == name.trim().to_lowercase()
}

/// Every signer with a line; people without their names under `--mask`.
pub(crate) fn lines(report: &Report, arguments: &Arguments, language: Language) -> Vec<String> {
    let say = |vi: &'static str, en: &'static str| match language {
        Language::En => en,
        Language::Vi | _ => vi,
    };
    signatures(report)
        .map(|signature| {
            let signed = say("  Người ký", "  Signed by");
            let time = match (
                signature.best_signature_time,
                signature.facts.claimed_signing_time,
            ) {
                (Some(time), _) => time.to_rfc3339(UtcOffset::VIETNAM),
                (None, Some(time)) => format!(
                    "{} ({})",
                    time.to_rfc3339(UtcOffset::VIETNAM),
                    say("tự khai", "claimed")
                ),
                (None, None) => say("không rõ", "unknown").to_owned(),
            };
            let time = format!("{} {time}", say("thời điểm", "time"));
            let indication = signature.conclusion.indication();
            let Some(signer) = &signature.facts.signer else {
                let unknown = say("không rõ", "unknown");
                return format!("{signed}: {unknown}; {time}; {indication}");
            };
            let kind = match signer.kind {
                SignerKind::Organisation => say("tổ chức", "organisation"),
                SignerKind::Person => say("cá nhân", "person"),
                SignerKind::PersonInOrganisation => {
                    say("cá nhân thuộc tổ chức", "person in an organisation")
                }
                SignerKind::Unknown | _ => say(
                    "không rõ cá nhân hay tổ chức",
                    "person or organisation unknown",
                ),
            };
            let name = if is_masked(signature, arguments) {
                say("(họ tên được che)", "(name masked)")
            } else {
                signer.common_name.as_ref().unwrap_or(&signer.subject)
            };
            let (number, serial) = (say("số sê-ri", "serial"), serial(signature, arguments));
            format!(
                "{signed}: {name} ({kind}); {number} {}; {time}; {indication}",
                serial.unwrap_or_default()
            )
        })
        .collect()
}

fn is_masked(signature: &SignatureReport, arguments: &Arguments) -> bool {
    arguments.mask
        && signature.facts.signer.as_ref().is_some_and(|signer| {
            let name = signer.common_name.as_deref();
            Mask::new(arguments.lang.into()).hides(signer.kind, name, &signer.subject)
        })
}

/// A person's under `--mask`: the last four digits.
fn serial(signature: &SignatureReport, arguments: &Arguments) -> Option<String> {
    let serial = &signature.facts.signer.as_ref()?.serial;
    Some(if is_masked(signature, arguments) {
        Mask::new(arguments.lang.into()).serial(serial)
    } else {
        serial.clone()
    })
}

/// The signers for programs.
pub(crate) fn json(report: &Report, arguments: &Arguments) -> Vec<serde_json::Value> {
    signatures(report)
        .map(|signature| {
            let signer = signature.facts.signer.as_ref();
            let shown = signer.filter(|_| !is_masked(signature, arguments));
            let time = |time: trien::UnixTime| time.to_rfc3339(UtcOffset::VIETNAM);
            serde_json::json!({
                "common_name": shown.and_then(|signer| signer.common_name.as_deref()),
                "kind": signer.map(|signer| signer.kind),
                "serial": serial(signature, arguments),
                "claimed_signing_time": signature.facts.claimed_signing_time.map(time),
                "best_signature_time": signature.best_signature_time.map(time),
                "indication": signature.conclusion.indication(),
            })
        })
        .collect()
}

/// The verdict on the list, and what is left to check.
pub(crate) const fn words(
    standing: Standing,
    language: Language,
) -> Option<(&'static str, &'static str)> {
    let is_english = matches!(language, Language::En);
    match standing {
        Standing::Accepted | Standing::NotProven => None,
        Standing::SignerOpen if is_english => Some((
            "SIGNED BY A PERSON, not by the seal of an organisation",
            "  anybody can sign a list anew: check that the signer named above is who handed the \
             disc over, then name that signer with --manifest-signer SERIAL|NAME",
        )),
        Standing::SignerOpen => Some((
            "DO CÁ NHÂN KÝ, không có con dấu của tổ chức",
            "  ai cũng có thể lập và ký lại một bản kê: hãy kiểm tra người ký nêu trên có đúng là bên \
             giao đĩa không, rồi nêu người đó bằng --manifest-signer SỐ_SÊ-RI|TÊN",
        )),
        Standing::OtherSigner if is_english => Some((
            "SIGNED BY ANOTHER than --manifest-signer names",
            "  do not rely on this manifest: ask for the one that was handed over",
        )),
        Standing::OtherSigner => Some((
            "KHÔNG DO NGƯỜI NÊU Ở --manifest-signer KÝ",
            "  không dựa vào bản kê này: hãy yêu cầu đúng bản kê của bên giao",
        )),
    }
}
