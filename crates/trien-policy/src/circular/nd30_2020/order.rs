//! The order of signature and seal (NĐ 30/2020, art. 32.2d): the body signs only what a competent
//! person signed before, or its own copies.

use crate::judged::Judged;
use crate::language::Sentence;
use crate::rule::signing::FORBIDDEN;
use crate::rule::{Checked, Level, NO_DETAIL, Rule, RuleId};
use crate::workflow::against_seal_last;
use crate::{
    Conclusion, IndeterminateBecause, SignatureKindFact, SignerKind, SigningAct, SigningFacts,
};

const PASS: Sentence = Sentence {
    vi: "Đã có chữ ký cá nhân trước khi đóng dấu; người ký có đúng thẩm quyền hay không cần đối chiếu sổ đăng ký người ký.",
    en: "A person signed before the seal; whether that person was competent is for the register of signers.",
};

const CANNOT_TELL: Sentence = Sentence {
    vi: "Không xác định được ai đã ký trước khi đóng dấu.",
    en: "Who signed before the seal cannot be told.",
};

/// As seen by a verifier. A body's copies (SAO Y, SAO LỤC, TRÍCH SAO) bear its signature alone: a
/// warning, for a person to tell them apart.
pub(crate) const SEAL_LAST: Rule<Judged> = Rule {
    id: RuleId::new("nd30.32.2d"),
    clause: "NĐ 30/2020 Đ.32.2d",
    level: Level::Warn,
    check: seal_last,
    pass: PASS,
    fail: Sentence {
        vi: "Con dấu của cơ quan được đóng khi chưa có chữ ký của người có thẩm quyền. Nếu đây không phải là bản sao, hãy hỏi lại nơi phát hành.",
        en: "The body's seal stands without a competent person's signature before it. Unless this is a copy, ask the issuer.",
    },
    cannot_tell: CANNOT_TELL,
};

fn seal_last(judged: &Judged) -> Checked {
    let kind = judged.signature.signer.as_ref().map(|signer| signer.kind);
    let is_seal = kind == Some(SignerKind::Organisation)
        && judged.signature.kind != SignatureKindFact::DocumentTimestamp;
    if !is_seal {
        return Checked::NOT_APPLICABLE;
    }
    order(
        &judged.earlier_signers,
        Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure),
    )
}

/// Before sealing.
pub(crate) const SEAL_AFTER_SIGNATURE: Rule<SigningFacts> = Rule {
    id: RuleId::new("nd30.32.2d"),
    clause: "NĐ 30/2020 Đ.32.2d",
    level: Level::Fail,
    check: seal_after_signature,
    pass: PASS,
    fail: Sentence {
        vi: "Chưa có đủ chữ ký của người có thẩm quyền nên không được đóng dấu, hoặc đã đóng dấu nên không được ký thêm. Hãy trình người có thẩm quyền ký trước khi đóng dấu.",
        en: "The competent persons have not signed yet, so the seal may not be put; or it is put, so nobody signs behind it. Have them sign before the seal.",
    },
    cannot_tell: CANNOT_TELL,
};

fn seal_after_signature(facts: &SigningFacts) -> Checked {
    // A workflow says whom the seal waits for, and that nobody signs behind it.
    if let Some(against) = against_seal_last(facts) {
        return match against {
            Some(detail) => Checked::fail(FORBIDDEN, Some(detail)),
            None if facts.act == SigningAct::Seal => Checked::PASS,
            None => Checked::NOT_APPLICABLE,
        };
    }
    match facts.act {
        SigningAct::Unstated | SigningAct::Personal | SigningAct::SealOfCopy => {
            Checked::NOT_APPLICABLE
        }
        SigningAct::Seal => {
            let signers: Vec<SignerKind> =
                facts.earlier.iter().map(|earlier| earlier.kind).collect();
            order(&signers, FORBIDDEN)
        }
    }
}

fn order(earlier: &[SignerKind], conclusion: Conclusion) -> Checked {
    let is_person =
        |kind: &SignerKind| matches!(kind, SignerKind::Person | SignerKind::PersonInOrganisation);
    if earlier.iter().any(is_person) {
        Checked::PASS
    } else if earlier.contains(&SignerKind::Unknown) {
        Checked::cannot_tell(conclusion, NO_DETAIL)
    } else {
        Checked::fail(conclusion, NO_DETAIL)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::facts::judged_with;
    use crate::rule::signing::tests::facts;
    use crate::{EarlierSignature, Outcome};

    #[test]
    fn a_seal_needs_a_person_before_it() {
        let mut sealed = judged_with(|facts| {
            facts.signer.as_mut().unwrap().kind = SignerKind::Organisation;
        });
        assert_eq!(seal_last(&sealed).outcome, Outcome::Fail);
        sealed.earlier_signers = vec![SignerKind::Person];
        assert_eq!(seal_last(&sealed).outcome, Outcome::Pass);
        sealed.earlier_signers = vec![SignerKind::Unknown];
        assert_eq!(seal_last(&sealed).outcome, Outcome::CannotTell);
    }

    #[test]
    fn the_seal_is_refused_before_the_signature_but_for_copies() {
        let mut asked = facts();
        asked.act = SigningAct::Seal;
        assert_eq!(seal_after_signature(&asked).outcome, Outcome::Fail);
        asked.act = SigningAct::SealOfCopy;
        assert_eq!(seal_after_signature(&asked).outcome, Outcome::NotApplicable);
        asked.act = SigningAct::Seal;
        asked.earlier = vec![EarlierSignature::sound("HieuTruong").by(SignerKind::Person)];
        assert_eq!(seal_after_signature(&asked).outcome, Outcome::Pass);
    }
}
