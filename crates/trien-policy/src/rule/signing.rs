//! Rules asked before a signature is made.

use super::{Checked, Level, Rule, RuleId};
use crate::language::Sentence;
use crate::{Conclusion, IndeterminateBecause, SigningFacts};

/// A rule that forbids signing has no indication to lower: any that is not a pass will do.
const FORBIDDEN: Conclusion =
    Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure);

const NEVER_IN_DOUBT: Sentence = Sentence {
    vi: "Không xác định được.",
    en: "This cannot be told.",
};

/// TT 41/2017, art. 8.2a; TT 15/2025, art. 5.1a: checked before signing.
pub(crate) const CERTIFICATE_IN_VALIDITY: Rule<SigningFacts> = Rule {
    id: RuleId::new("tt15.5.1a"),
    clause: "TT 15/2025 Đ.5.1a; TT 41/2017 Đ.8.2a",
    level: Level::Fail,
    check: certificate_in_validity,
    pass: Sentence {
        vi: "Chứng thư số còn hiệu lực.",
        en: "The certificate is in its validity period.",
    },
    fail: Sentence {
        vi: "Chứng thư số đã hết hạn hoặc chưa có hiệu lực nên không được ký. Hãy gia hạn chứng thư số hoặc chọn chứng thư số khác.",
        en: "The certificate is outside its validity period, so it may not sign. Renew it or choose another.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn certificate_in_validity(facts: &SigningFacts) -> Checked {
    if facts.signing_time < facts.not_before || facts.signing_time > facts.not_after {
        let detail = format!(
            "{}: {} – {}",
            facts.signing_time, facts.not_before, facts.not_after
        );
        return Checked::fail(FORBIDDEN, Some(detail));
    }
    Checked::PASS
}

/// NĐ 30/2020, art. 21.2 and TT 41/2017, art. 4.2: what is countersigned is authentic and whole.
pub(crate) const EARLIER_SIGNATURES_INTACT: Rule<SigningFacts> = Rule {
    id: RuleId::new("tt41.4.2"),
    clause: "TT 41/2017 Đ.4.2; NĐ 30/2020 Đ.21.2",
    level: Level::Fail,
    check: earlier_signatures_intact,
    pass: Sentence {
        vi: "Các chữ ký trước còn nguyên vẹn.",
        en: "The earlier signatures are intact.",
    },
    fail: Sentence {
        vi: "Văn bản có chữ ký trước không còn nguyên vẹn hoặc đã bị thay đổi sau khi ký nên không được ký tiếp. Hãy lấy lại bản gốc.",
        en: "An earlier signature is broken, or the document was changed after it: it may not be signed further. Get the original again.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn earlier_signatures_intact(facts: &SigningFacts) -> Checked {
    let broken: Vec<&str> = facts
        .earlier
        .iter()
        .filter_map(|earlier| earlier.objection.as_ref().map(|_| earlier.field.as_str()))
        .collect();
    if broken.is_empty() {
        Checked::PASS
    } else {
        Checked::fail(FORBIDDEN, Some(broken.join(", ")))
    }
}

/// ISO 32000-2, 12.8.2.2: a document certified with /P 1 takes no further signature.
pub(crate) const CERTIFICATION_ALLOWS: Rule<SigningFacts> = Rule {
    id: RuleId::new("pdf.doc-mdp"),
    clause: "ISO 32000-2, 12.8.2.2",
    level: Level::Fail,
    check: certification_allows,
    pass: Sentence {
        vi: "Văn bản cho phép ký thêm.",
        en: "The document allows a further signature.",
    },
    fail: Sentence {
        vi: "Người chứng nhận văn bản không cho phép bất kỳ thay đổi nào, kể cả ký thêm.",
        en: "Whoever certified the document allows no change, not even a further signature.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn certification_allows(facts: &SigningFacts) -> Checked {
    match &facts.certified_without_changes {
        None => Checked::PASS,
        Some(field) => Checked::fail(FORBIDDEN, Some(field.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EarlierSignature, Outcome};
    use trien_types::UnixTime;

    fn facts() -> SigningFacts {
        SigningFacts::new(
            UnixTime::from_seconds(1_500),
            (UnixTime::from_seconds(1_000), UnixTime::from_seconds(2_000)),
        )
    }

    #[test]
    fn a_certificate_signs_only_in_its_validity_period() {
        assert_eq!(certificate_in_validity(&facts()).outcome, Outcome::Pass);
        for seconds in [999, 2_001] {
            let mut outside = facts();
            outside.signing_time = UnixTime::from_seconds(seconds);
            assert_eq!(certificate_in_validity(&outside).outcome, Outcome::Fail);
        }
    }

    #[test]
    fn a_broken_earlier_signature_forbids_signing() {
        let mut broken = facts();
        broken.earlier.push(EarlierSignature::sound("GVCN"));
        assert_eq!(earlier_signatures_intact(&broken).outcome, Outcome::Pass);
        broken
            .earlier
            .push(EarlierSignature::objectionable("HieuTruong", "digest"));
        let checked = earlier_signatures_intact(&broken);
        assert_eq!(checked.detail.as_deref(), Some("HieuTruong"));
    }

    #[test]
    fn a_document_certified_without_changes_takes_no_signature() {
        assert_eq!(certification_allows(&facts()).outcome, Outcome::Pass);
        let mut certified = facts();
        certified.certified_without_changes = Some("HieuTruong".into());
        assert_eq!(certification_allows(&certified).outcome, Outcome::Fail);
    }
}
