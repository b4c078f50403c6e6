//! Rules about the signature itself.

use super::{Checked, Level, Rule, RuleId};
use crate::judged::Judged;
use crate::language::Sentence;
use crate::{Conclusion, FailedBecause, IndeterminateBecause, IntegrityFact, IntegrityFailure};

/// EN 319 102-1, 5.2.2 (format checking).
pub(crate) const FORMAT: Rule<Judged> = Rule {
    id: RuleId::new("en319102.format"),
    clause: "EN 319 102-1, 5.2.2",
    level: Level::Fail,
    check: format,
    pass: Sentence {
        vi: "Chữ ký đúng định dạng.",
        en: "The signature is well formed.",
    },
    fail: Sentence {
        vi: "Chữ ký sai định dạng nên không có giá trị. Hãy yêu cầu nơi gửi cung cấp lại bản gốc.",
        en: "The signature is malformed and has no value. Ask the sender for the original again.",
    },
    cannot_tell: Sentence {
        vi: "Chưa hỗ trợ loại chữ ký này nên không kết luận được. Hãy kiểm tra bằng công cụ khác.",
        en: "This kind of signature is not supported, so nothing can be said. Use another tool.",
    },
};

fn format(judged: &Judged) -> Checked {
    match &judged.signature.integrity {
        IntegrityFact::Broken { failure, detail } => match failure {
            IntegrityFailure::ByteRange
            | IntegrityFailure::NotSigned
            | IntegrityFailure::Structure
            | IntegrityFailure::Unreadable => Checked::fail(
                Conclusion::Failed(FailedBecause::FormatFailure),
                Some(detail.clone()),
            ),
            IntegrityFailure::Certificate | IntegrityFailure::Digest | IntegrityFailure::Value => {
                Checked::PASS
            }
        },
        IntegrityFact::Unsupported { detail } => Checked::cannot_tell(
            Conclusion::Indeterminate(IndeterminateBecause::Generic),
            Some(detail.clone()),
        ),
        IntegrityFact::Intact => Checked::PASS,
    }
}

/// TT 41/2017, art. 7.1a, 7.1c, 7.2: made by the matching key, document intact.
pub(crate) const INTEGRITY: Rule<Judged> = Rule {
    id: RuleId::new("tt41.7.2"),
    clause: "TT 41/2017 Đ.7.2",
    level: Level::Fail,
    check: integrity,
    pass: Sentence {
        vi: "Phần đã ký còn nguyên vẹn và khớp với khóa của người ký.",
        en: "What was signed is intact and matches the signer's key.",
    },
    fail: Sentence {
        vi: "Nội dung đã bị thay đổi sau khi ký hoặc chữ ký không khớp với chứng thư số. Không sử dụng văn bản này.",
        en: "The content was changed after signing, or the signature does not match the certificate. Do not use this document.",
    },
    cannot_tell: Sentence {
        vi: "Không kiểm tra được tính toàn vẹn vì chữ ký sai định dạng hoặc chưa được hỗ trợ.",
        en: "Integrity cannot be checked: the signature is malformed or not supported.",
    },
};

fn integrity(judged: &Judged) -> Checked {
    let fail =
        |because, detail: &String| Checked::fail(Conclusion::Failed(because), Some(detail.clone()));
    match &judged.signature.integrity {
        IntegrityFact::Intact => Checked::PASS,
        IntegrityFact::Broken {
            failure: IntegrityFailure::Digest,
            detail,
        } => fail(FailedBecause::HashFailure, detail),
        IntegrityFact::Broken {
            failure: IntegrityFailure::Value,
            detail,
        } => fail(FailedBecause::SigCryptoFailure, detail),
        IntegrityFact::Broken {
            failure: IntegrityFailure::Certificate,
            detail,
        } => Checked::fail(
            Conclusion::Indeterminate(IndeterminateBecause::NoSigningCertificateFound),
            Some(detail.clone()),
        ),
        IntegrityFact::Broken { detail, .. } | IntegrityFact::Unsupported { detail } => {
            Checked::cannot_tell(
                Conclusion::Indeterminate(IndeterminateBecause::Generic),
                Some(detail.clone()),
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::facts::{judged, judged_with};
    use crate::{Outcome, SignatureFacts};

    fn broken(failure: IntegrityFailure) -> Judged {
        judged_with(|facts: &mut SignatureFacts| {
            facts.integrity = IntegrityFact::Broken {
                failure,
                detail: "x".into(),
            };
        })
    }

    #[test]
    fn a_malformed_signature_is_a_format_failure() {
        assert_eq!(format(&judged()).outcome, Outcome::Pass);
        let checked = format(&broken(IntegrityFailure::ByteRange));
        assert_eq!(
            checked.conclusion,
            Conclusion::Failed(FailedBecause::FormatFailure)
        );
        assert_eq!(
            integrity(&broken(IntegrityFailure::ByteRange)).outcome,
            Outcome::CannotTell
        );
    }

    #[test]
    fn changed_data_and_a_wrong_value_fail_apart() {
        let digest = integrity(&broken(IntegrityFailure::Digest));
        assert_eq!(
            digest.conclusion,
            Conclusion::Failed(FailedBecause::HashFailure)
        );
        let value = integrity(&broken(IntegrityFailure::Value));
        assert_eq!(
            value.conclusion,
            Conclusion::Failed(FailedBecause::SigCryptoFailure)
        );
    }
}
