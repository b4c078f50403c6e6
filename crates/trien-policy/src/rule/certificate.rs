//! Rules about the signer's certificate.

use trien_types::UnixTime;

use super::{Checked, Judged, Level, Rule, RuleId};
use crate::language::Sentence;
use crate::{Conclusion, IndeterminateBecause, PathFact};

/// TT 41/2017, art. 8.1b: the chain is checked up to the root.
pub(crate) const PATH: Rule<Judged> = Rule {
    id: RuleId::new("tt41.8.1b"),
    clause: "TT 41/2017 Đ.8.1b",
    level: Level::Fail,
    check: path,
    pass: Sentence {
        vi: "Chứng thư số dẫn đến một tổ chức chứng thực gốc đã được tin cậy.",
        en: "The certificate leads to a trusted root.",
    },
    fail: Sentence {
        vi: "Chứng thư số không dẫn đến tổ chức chứng thực gốc nào được tin cậy.",
        en: "The certificate leads to no trusted root.",
    },
    cannot_tell: Sentence {
        vi: "Chưa cài chứng thư số gốc nào: biết được tính toàn vẹn, chưa biết độ tin cậy. Hãy chỉ định thư mục chứng thư số gốc (--anchors).",
        en: "No root certificate is installed: integrity is known, trust is not. Name a folder of roots (--anchors).",
    },
};

fn path(judged: &Judged) -> Checked {
    let missing = Conclusion::Indeterminate(IndeterminateBecause::NoCertificateChainFound);
    match &judged.signature.path {
        PathFact::Trusted { .. } | PathFact::OutsideValidity { .. } => Checked::PASS,
        PathFact::NoAnchors => Checked::cannot_tell(missing, None),
        PathFact::Untrusted { detail } => Checked::fail(missing, Some(detail.clone())),
        PathFact::NoCertificate => Checked::cannot_tell(
            Conclusion::Indeterminate(IndeterminateBecause::NoSigningCertificateFound),
            None,
        ),
    }
}

/// The time a signature is judged at: what a time stamp proves, else the time of judgement
/// (EN 319 102-1, 5.3.4: without a proof the certificate must be valid now).
fn judged_time(judged: &Judged) -> UnixTime {
    judged
        .signature
        .proven_time()
        .unwrap_or(judged.validation_time)
}

/// TT 41/2017, art. 8.2a: in force at signing.
pub(crate) const VALIDITY: Rule<Judged> = Rule {
    id: RuleId::new("tt41.8.2a"),
    clause: "TT 41/2017 Đ.8.2a",
    level: Level::Fail,
    check: validity,
    pass: Sentence {
        vi: "Chứng thư số còn hiệu lực tại thời điểm được xét.",
        en: "The certificate is in its validity period at the time in question.",
    },
    fail: Sentence {
        vi: "Chứng thư số không còn (hoặc chưa) hiệu lực và không có dấu thời gian chứng minh đã ký trong thời hạn.",
        en: "The certificate is outside its validity period, and no time stamp proves that the signature was made inside it.",
    },
    cannot_tell: Sentence {
        vi: "Không có chứng thư số để xét thời hạn.",
        en: "There is no certificate whose period could be checked.",
    },
};

fn validity(judged: &Judged) -> Checked {
    let Some(signer) = &judged.signature.signer else {
        return Checked::cannot_tell(
            Conclusion::Indeterminate(IndeterminateBecause::NoSigningCertificateFound),
            None,
        );
    };
    let time = judged_time(judged);
    let detail = || {
        Some(format!(
            "{time}: {} – {}",
            signer.not_before, signer.not_after
        ))
    };
    if time < signer.not_before {
        let because = Conclusion::Indeterminate(IndeterminateBecause::NotYetValid);
        return Checked::fail(because, detail());
    }
    if time > signer.not_after {
        let because = Conclusion::Indeterminate(IndeterminateBecause::OutOfBoundsNoPoe);
        return Checked::fail(because, detail());
    }
    if let PathFact::OutsideValidity { detail } = &judged.signature.path {
        return Checked::fail(
            Conclusion::Indeterminate(IndeterminateBecause::OutOfBoundsNoPoe),
            Some(detail.clone()),
        );
    }
    Checked::PASS
}

/// TT 41/2017, art. 8.1a, 8.2c: not revoked or suspended at signing.
pub(crate) const STATUS: Rule<Judged> = Rule {
    id: RuleId::new("tt41.8.1a"),
    clause: "TT 41/2017 Đ.8.1a; TT 15/2025 PL.II.1.2",
    level: Level::Fail,
    check: status,
    pass: Sentence {
        vi: "Chứng thư số không bị thu hồi tại thời điểm ký.",
        en: "The certificate was not revoked at signing.",
    },
    fail: Sentence {
        vi: "Chứng thư số đã bị thu hồi tại thời điểm ký.",
        en: "The certificate was revoked at signing.",
    },
    cannot_tell: Sentence {
        vi: "Cảnh báo: chưa kiểm tra được tình trạng thu hồi của chứng thư số (trạng thái chưa xác định).",
        en: "Warning: whether the certificate was revoked has not been checked (status unknown).",
    },
};

/// Revocation evidence is not read yet: the rule says so in every report instead of passing.
fn status(judged: &Judged) -> Checked {
    if judged.signature.signer.is_none() {
        return Checked::NOT_APPLICABLE;
    }
    Checked::cannot_tell(
        Conclusion::Indeterminate(IndeterminateBecause::TryLater),
        None,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::facts::{judged, judged_with};
    use crate::{Outcome, TimestampFacts, TimestampStatus};

    #[test]
    fn trust_is_told_from_integrity() {
        assert_eq!(path(&judged()).outcome, Outcome::Pass);
        let none = judged_with(|facts| facts.path = PathFact::NoAnchors);
        assert_eq!(path(&none).outcome, Outcome::CannotTell);
        let other = judged_with(|facts| facts.path = PathFact::Untrusted { detail: "x".into() });
        assert_eq!(path(&other).outcome, Outcome::Fail);
    }

    #[test]
    fn an_expired_certificate_needs_a_proof_of_time() {
        let late = UnixTime::from_seconds(5_000);
        let mut expired = judged();
        expired.validation_time = late;
        let because = Conclusion::Indeterminate(IndeterminateBecause::OutOfBoundsNoPoe);
        assert_eq!(validity(&expired).conclusion, because);
        let stamp = |status| TimestampFacts::new(Some(UnixTime::from_seconds(1_500)), status);
        expired.signature.timestamps = vec![stamp(TimestampStatus::Invalid)];
        assert_eq!(validity(&expired).conclusion, because);
        expired.signature.timestamps = vec![stamp(TimestampStatus::Valid)];
        assert_eq!(validity(&expired).outcome, Outcome::Pass);
    }

    #[test]
    fn a_certificate_from_the_future_is_not_yet_valid() {
        let mut early = judged();
        early.validation_time = UnixTime::from_seconds(10);
        let because = Conclusion::Indeterminate(IndeterminateBecause::NotYetValid);
        assert_eq!(validity(&early).conclusion, because);
    }

    #[test]
    fn an_unchecked_status_is_never_a_pass() {
        assert_eq!(status(&judged()).outcome, Outcome::CannotTell);
    }
}
