//! Rules about the signer's certificate.

use trien_types::UnixTime;

use super::{Checked, Level, NO_DETAIL, Rule, RuleId};
use crate::certificate_validation::Cause;
use crate::judged::Judged;
use crate::language::Sentence;
use crate::proof_of_existence::algorithms_until;
use crate::{Conclusion, FailedBecause, IndeterminateBecause, IntegrityFact, Outcome, PathFact};

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
        PathFact::Found { .. } => Checked::PASS,
        PathFact::NoAnchors => Checked::cannot_tell(missing, NO_DETAIL),
        PathFact::Untrusted { detail } => Checked::fail(missing, Some(detail.clone())),
        PathFact::NoCertificate => Checked::cannot_tell(
            Conclusion::Indeterminate(IndeterminateBecause::NoSigningCertificateFound),
            NO_DETAIL,
        ),
    }
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
            NO_DETAIL,
        );
    };
    let time = judged.judged_time();
    let detail = |time: UnixTime| {
        Some(format!(
            "{time}: {} – {}",
            signer.not_before, signer.not_after
        ))
    };
    // What a trusted authority stamped before the certificate began was not made with it, whether
    // or not the stamp still proves anything (ATTACKS.md, T6).
    let stamped = judged.stamped().min();
    if let Some(early) = stamped.filter(|stamped| *stamped < signer.not_before) {
        let because = Conclusion::Indeterminate(IndeterminateBecause::NotYetValid);
        return Checked::fail(because, detail(early));
    }
    if time < signer.not_before {
        let because = Conclusion::Indeterminate(IndeterminateBecause::NotYetValid);
        return Checked::fail(because, detail(time));
    }
    if let Some(after) = judged.made_after.filter(|after| *after > signer.not_after) {
        return Checked::fail(Conclusion::Failed(FailedBecause::Expired), detail(after));
    }
    let out = Conclusion::Indeterminate(IndeterminateBecause::OutOfBoundsNoPoe);
    if time > signer.not_after {
        return Checked::fail(out, detail(time));
    }
    let path = judged.certificate.as_ref();
    if let Some(bound) = path.and_then(|path| path.missed(&[Cause::OutOfBounds])) {
        return Checked::fail(out, Some(bound.detail.clone()));
    }
    if let Some(bound) = path.and_then(|path| path.missed(&[Cause::NotYetValid])) {
        let because = Conclusion::Indeterminate(IndeterminateBecause::NotYetValid);
        return Checked::fail(because, Some(bound.detail.clone()));
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
        vi: "Chứng thư số đã bị thu hồi hoặc tạm dừng và không có gì chứng minh chữ ký được tạo trước lúc đó.",
        en: "The certificate was revoked or suspended, and nothing proves that the signature is older than that.",
    },
    cannot_tell: Sentence {
        vi: "Cảnh báo: chưa kiểm tra được tình trạng thu hồi của chứng thư số (trạng thái chưa xác định).",
        en: "Warning: whether the certificate was revoked has not been checked (status unknown).",
    },
};

fn status(judged: &Judged) -> Checked {
    let Some(path) = &judged.certificate else {
        // Without a path there is no issuer whose word would count.
        return if judged.signature.signer.is_none() {
            Checked::NOT_APPLICABLE
        } else {
            Checked::cannot_tell(
                Conclusion::Indeterminate(IndeterminateBecause::TryLater),
                NO_DETAIL,
            )
        };
    };
    if let Some(bound) = path.missed(&[Cause::Revoked]) {
        // Who signed after a proven moment signed after the revocation before it (L6).
        let proven = judged.made_after.is_some_and(|after| after > bound.until);
        let conclusion = if proven {
            Conclusion::Failed(FailedBecause::Revoked)
        } else {
            Conclusion::Indeterminate(IndeterminateBecause::RevokedNoPoe)
        };
        return Checked::fail(conclusion, Some(bound.detail.clone()));
    }
    let causes = [
        (
            Cause::AuthorityRevoked,
            IndeterminateBecause::RevokedCaNoPoe,
        ),
        (Cause::OnHold, IndeterminateBecause::TryLater),
    ];
    for (cause, because) in causes {
        if let Some(bound) = path.missed(&[cause]) {
            let detail = Some(bound.detail.clone());
            return Checked::fail(Conclusion::Indeterminate(because), detail);
        }
    }
    if let Some(bound) = path.missed(&[Cause::StatusUnknown]) {
        let mut detail = bound.detail.clone();
        for reason in path.rejected_evidence.iter().take(SHOWN_REASONS) {
            detail.push(reason);
        }
        return Checked::cannot_tell(
            Conclusion::Indeterminate(IndeterminateBecause::TryLater),
            Some(detail),
        );
    }
    Checked::PASS
}

/// Reasons named in the sentence why evidence does not count; more would hide the first.
const SHOWN_REASONS: usize = 3;

/// EN 319 102-1, 5.2.8: algorithms and key sizes, of the signature and of the
/// certificates above it.
pub(crate) const ALGORITHMS: Rule<Judged> = Rule {
    id: RuleId::new("en319102.algorithms"),
    clause: "EN 319 102-1, 5.2.8",
    level: Level::Fail,
    check: algorithms,
    pass: Sentence {
        vi: "Thuật toán băm và độ dài khóa đủ mạnh.",
        en: "The digest algorithms and key sizes are strong enough.",
    },
    fail: Sentence {
        vi: "Chữ ký dùng thuật toán băm yếu hoặc khóa quá ngắn và không có dấu thời gian chứng minh được ký khi thuật toán còn an toàn. Hãy ký lại bằng chứng thư số mới.",
        en: "The signature uses a weak digest or too short a key, and no time stamp proves that it is older than the weakness. Sign again with a new certificate.",
    },
    cannot_tell: Sentence {
        vi: "Không biết chữ ký dùng thuật toán nào.",
        en: "The algorithms are not known.",
    },
};

fn algorithms(judged: &Judged) -> Checked {
    if judged.signature.integrity != IntegrityFact::Intact {
        return Checked::NOT_APPLICABLE;
    }
    let because = IndeterminateBecause::CryptoConstraintsFailureNoPoe;
    if let Some((until, names)) = algorithms_until(&judged.signature)
        && judged.judged_time() > until
    {
        return Checked::fail(Conclusion::Indeterminate(because), Some(names));
    }
    let path = judged.certificate.as_ref();
    if let Some(bound) = path.and_then(|path| path.missed(&[Cause::Algorithm])) {
        let detail = Some(bound.detail.clone());
        return Checked::fail(Conclusion::Indeterminate(because), detail);
    }
    Checked::PASS
}

/// Path, validity and status at once, for instruments that ask for all in one sentence.
pub(crate) const WHOLE: Rule<Judged> = Rule {
    id: RuleId::new("en319102.certificates"),
    clause: "EN 319 102-1, 5.2.6",
    level: Level::Fail,
    check: whole,
    pass: Sentence {
        vi: "Chứng thư số của người ký và của các tổ chức cấp đều có hiệu lực tại thời điểm được xét.",
        en: "The signer's certificate and those of its issuers were in force at the time in question.",
    },
    fail: Sentence {
        vi: "Chứng thư số của người ký hoặc của tổ chức cấp không có hiệu lực tại thời điểm được xét.",
        en: "The signer's certificate or one of its issuers' was not in force at the time in question.",
    },
    cannot_tell: Sentence {
        vi: "Cảnh báo: chưa kiểm tra được hiệu lực của chứng thư số (trạng thái chưa xác định).",
        en: "Warning: whether the certificate was in force could not be checked (status unknown).",
    },
};

fn whole(judged: &Judged) -> Checked {
    let all = [path(judged), validity(judged), status(judged)];
    let of = |outcome: Outcome| all.iter().find(move |checked| checked.outcome == outcome);
    of(Outcome::Fail)
        .or_else(|| of(Outcome::CannotTell))
        .cloned()
        .unwrap_or(Checked::PASS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::facts::{judged, judged_at, judged_with};
    use crate::{AlgorithmFact, KeyFact, TimestampFacts, TokenFact};

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
        let because = Conclusion::Indeterminate(IndeterminateBecause::OutOfBoundsNoPoe);
        assert_eq!(validity(&judged_at(5_000, |_| {})).conclusion, because);
        let stamped = |token: TokenFact| {
            judged_at(5_000, |facts| {
                let mut stamp = TimestampFacts::new(Some(UnixTime::from_seconds(1_500)), token);
                let mut authority = crate::rule::facts::path();
                authority.certificates[0].not_after = UnixTime::from_seconds(9_000);
                stamp.path = PathFact::Found {
                    paths: vec![authority],
                };
                facts.timestamps = vec![stamp];
            })
        };
        let refused = stamped(TokenFact::Refused {
            detail: String::new(),
        });
        assert_eq!(validity(&refused).conclusion, because);
        let intact = stamped(TokenFact::Intact);
        assert_eq!(validity(&intact).outcome, Outcome::Pass);
        assert_eq!(status(&intact).outcome, Outcome::Pass);
    }

    #[test]
    fn a_certificate_from_the_future_is_not_yet_valid() {
        let because = Conclusion::Indeterminate(IndeterminateBecause::NotYetValid);
        assert_eq!(validity(&judged_at(10, |_| {})).conclusion, because);
    }

    #[test]
    fn an_unchecked_status_is_never_a_pass() {
        assert_eq!(status(&judged()).outcome, Outcome::Pass);
        let unchecked = judged_with(|facts| {
            let mut path = crate::rule::facts::path();
            path.certificates[0].statuses.clear();
            facts.path = PathFact::Found { paths: vec![path] };
        });
        assert_eq!(status(&unchecked).outcome, Outcome::CannotTell);
        let no_path = judged_with(|facts| facts.path = PathFact::NoAnchors);
        assert_eq!(status(&no_path).outcome, Outcome::CannotTell);
    }

    #[test]
    fn a_weak_algorithm_without_proof_of_existence_is_indeterminate() {
        let weak = Conclusion::Indeterminate(IndeterminateBecause::CryptoConstraintsFailureNoPoe);
        let now = 1_800_000_000;
        let with = |bits: u32, digest: &str| {
            judged_at(now, |facts| {
                let key = KeyFact::new("RSA", bits);
                facts.algorithm = Some(AlgorithmFact::new(key, Some(digest.to_owned())));
            })
        };
        assert_eq!(algorithms(&with(2_048, "SHA-256")).outcome, Outcome::Pass);
        assert_eq!(algorithms(&with(2_048, "SHA-1")).conclusion, weak);
        assert_eq!(algorithms(&with(1_024, "SHA-256")).conclusion, weak);
    }
}
