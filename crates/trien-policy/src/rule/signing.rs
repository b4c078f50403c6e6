//! Rules asked before a signature is made.

use super::{Checked, Level, NO_DETAIL, Rule, RuleId};
use crate::certificate_validation::{Cause, CertificateValidation, Question};
use crate::language::Sentence;
use crate::proof_of_existence::ProofsOfExistence;
use crate::{Conclusion, IndeterminateBecause, Outcome, PathFact, SigningFacts};

/// A rule that forbids signing has no indication to lower: any that is not a pass will do.
pub(crate) const FORBIDDEN: Conclusion =
    Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure);

pub(crate) const NEVER_IN_DOUBT: Sentence = Sentence {
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

/// The certificate leads to a trusted root. Where no roots are given nobody can tell, and says so.
pub(crate) const PATH_TRUSTED: Rule<SigningFacts> = Rule {
    id: RuleId::new("en319102.path"),
    clause: "EN 319 102-1, 5.2.6",
    level: Level::Fail,
    check: path_trusted,
    pass: Sentence {
        vi: "Chứng thư số dẫn đến một tổ chức chứng thực gốc đã được tin cậy.",
        en: "The certificate leads to a trusted root.",
    },
    fail: Sentence {
        vi: "Chứng thư số không dẫn đến tổ chức chứng thực gốc nào được tin cậy nên không được ký. Hãy kiểm tra lại thiết bị hoặc cài chứng thư số gốc.",
        en: "The certificate leads to no trusted root, so it may not sign. Check the device, or install the root.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn path_trusted(facts: &SigningFacts) -> Checked {
    match &facts.path {
        PathFact::Found { .. } => Checked::PASS,
        PathFact::Untrusted { detail } => Checked::fail(FORBIDDEN, Some(detail.clone())),
        // Nothing to check with: said by the rule about the status, which then warns.
        PathFact::NoAnchors | PathFact::NoCertificate => Checked::NOT_APPLICABLE,
    }
}

/// The path as of the moment of signing; `None` when none was found.
fn validated(facts: &SigningFacts) -> Option<CertificateValidation> {
    let question = Question {
        validation_time: facts.signing_time,
        proven: facts.signing_time,
        status_time: facts.signing_time,
    };
    let proofs = ProofsOfExistence::none(facts.signing_time);
    facts
        .path
        .paths()
        .iter()
        .map(|path| CertificateValidation::of(path, question, &proofs))
        .min_by_key(CertificateValidation::misses)
}

/// Not revoked or suspended as of the newest list or answer. What cannot be checked is warned of.
pub(crate) const NOT_REVOKED: Rule<SigningFacts> = Rule {
    id: RuleId::new("en319102.revocation"),
    clause: "EN 319 102-1, 5.2.6",
    level: Level::Fail,
    check: not_revoked,
    pass: Sentence {
        vi: "Chứng thư số không bị thu hồi hoặc tạm dừng.",
        en: "The certificate is neither revoked nor suspended.",
    },
    fail: Sentence {
        vi: "Chứng thư số đã bị thu hồi hoặc tạm dừng nên không được ký. Hãy liên hệ tổ chức cấp chứng thư số.",
        en: "The certificate is revoked or suspended, so it may not sign. Ask its issuer.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

/// What stands against every certificate of the path but for a status that is not known.
fn not_revoked(facts: &SigningFacts) -> Checked {
    let causes = [Cause::Revoked, Cause::AuthorityRevoked, Cause::OnHold];
    match validated(facts)
        .as_ref()
        .and_then(|path| path.missed(&causes))
    {
        Some(bound) => Checked::fail(FORBIDDEN, Some(bound.detail.clone())),
        None => Checked::PASS,
    }
}

/// TT 15/2025, app. II.1.2: when the status cannot be checked a warning is demanded.
pub(crate) const STATUS_KNOWN: Rule<SigningFacts> = Rule {
    id: RuleId::new("status.checked"),
    clause: "TT 15/2025 PL.II.1.2",
    level: Level::Warn,
    check: status_known,
    pass: Sentence {
        vi: "Đã kiểm tra được tình trạng thu hồi của chứng thư số.",
        en: "Whether the certificate was revoked has been checked.",
    },
    fail: Sentence {
        vi: "Cảnh báo: chưa kiểm tra được tình trạng thu hồi của chứng thư số (trạng thái chưa xác định).",
        en: "Warning: whether the certificate was revoked could not be checked (status unknown).",
    },
    cannot_tell: Sentence {
        vi: "Cảnh báo: chưa kiểm tra được tình trạng thu hồi của chứng thư số (trạng thái chưa xác định).",
        en: "Warning: whether the certificate was revoked could not be checked (status unknown).",
    },
};

fn status_known(facts: &SigningFacts) -> Checked {
    let Some(path) = validated(facts) else {
        return Checked::cannot_tell(FORBIDDEN, NO_DETAIL);
    };
    match path.missed(&[Cause::StatusUnknown]) {
        Some(bound) => Checked::cannot_tell(FORBIDDEN, Some(bound.detail.clone())),
        None => Checked::PASS,
    }
}

/// The signer's own certificate and every one above it, at once: trusted, in force, not revoked.
pub(crate) const CERTIFICATE_AND_ISSUERS: Rule<SigningFacts> = Rule {
    id: RuleId::new("en319102.certificates"),
    clause: "EN 319 102-1, 5.2.6",
    level: Level::Fail,
    check: certificate_and_issuers,
    pass: Sentence {
        vi: "Chứng thư số của người ký và của các tổ chức cấp đều còn hiệu lực.",
        en: "The signer's certificate and those of its issuers are in force.",
    },
    fail: Sentence {
        vi: "Chứng thư số của người ký hoặc của tổ chức cấp không còn hiệu lực nên không được ký. Hãy liên hệ tổ chức cấp chứng thư số.",
        en: "The signer's certificate or one of its issuers' is not in force, so it may not sign. Ask the issuer.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn certificate_and_issuers(facts: &SigningFacts) -> Checked {
    let first = [
        certificate_in_validity(facts),
        path_trusted(facts),
        not_revoked(facts),
    ]
    .into_iter()
    .find(|checked| checked.outcome == Outcome::Fail);
    if let Some(failed) = first {
        return failed;
    }
    let causes = [Cause::OutOfBounds, Cause::NotYetValid, Cause::Algorithm];
    match validated(facts)
        .as_ref()
        .and_then(|path| path.missed(&causes))
    {
        Some(bound) => Checked::fail(FORBIDDEN, Some(bound.detail.clone())),
        None => Checked::PASS,
    }
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
pub(crate) mod tests {
    use super::*;
    use crate::{CertificateStatus, EarlierSignature, EvidenceKind, StatusFact};
    use trien_types::UnixTime;

    pub(crate) fn facts() -> SigningFacts {
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
        assert_eq!(checked.detail, Some("HieuTruong".to_owned().into()));
    }

    #[test]
    fn a_document_certified_without_changes_takes_no_signature() {
        assert_eq!(certification_allows(&facts()).outcome, Outcome::Pass);
        let mut certified = facts();
        certified.certified_without_changes = Some("HieuTruong".into());
        assert_eq!(certification_allows(&certified).outcome, Outcome::Fail);
    }

    #[test]
    fn what_is_revoked_or_untrusted_does_not_sign_and_what_is_unknown_is_warned_of() {
        let mut asked = facts();
        assert_eq!(status_known(&asked).outcome, Outcome::CannotTell);
        asked.path = PathFact::Untrusted { detail: "x".into() };
        assert_eq!(path_trusted(&asked).outcome, Outcome::Fail);
        assert_eq!(certificate_and_issuers(&asked).outcome, Outcome::Fail);
        let mut path = crate::rule::facts::path();
        asked.path = PathFact::Found {
            paths: vec![path.clone()],
        };
        assert_eq!(status_known(&asked).outcome, Outcome::Pass);
        assert_eq!(certificate_and_issuers(&asked).outcome, Outcome::Pass);
        path.certificates[0].statuses = vec![StatusFact::new(
            EvidenceKind::Crl,
            CertificateStatus::Revoked {
                since: UnixTime::from_seconds(1_400),
                reason: None,
            },
            UnixTime::from_seconds(1_450),
            None,
        )];
        asked.path = PathFact::Found { paths: vec![path] };
        assert_eq!(not_revoked(&asked).outcome, Outcome::Fail);
        assert_eq!(certificate_and_issuers(&asked).outcome, Outcome::Fail);
    }
}
