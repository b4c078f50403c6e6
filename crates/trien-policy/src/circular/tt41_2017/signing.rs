//! Who signs with which key (TT 41/2017, art. 4 and 6.2).

use crate::language::Sentence;
use crate::rule::signing::{FORBIDDEN, NEVER_IN_DOUBT};
use crate::rule::{Checked, Level, NO_DETAIL, Rule, RuleId};
use crate::{SignerKind, SigningAct, SigningFacts};

pub(crate) use crate::rule::signing::EARLIER_SIGNATURES_INTACT as WHOLE_BEFORE;

/// Art. 8.1a and 8.2c: the status is active when it signs.
pub(crate) const NOT_REVOKED: Rule<SigningFacts> = Rule {
    id: RuleId::new("tt41.8.2c"),
    clause: "TT 41/2017 Đ.8.1a, 8.2c",
    ..crate::rule::signing::NOT_REVOKED
};

/// Whose key may sign, and that what is signed is whole: TT 41 has the words for what binds every
/// school, whatever else does.
pub(crate) const FOR_EVERYBODY: [&Rule<SigningFacts>; 3] =
    [&WHOLE_BEFORE, &PERSONAL_KEY, &SEAL_KEY];

/// Art. 6.2a: the competent person signs with their own key.
pub(crate) const PERSONAL_KEY: Rule<SigningFacts> = Rule {
    id: RuleId::new("tt41.6.2a"),
    clause: "TT 41/2017 Đ.6.2a",
    level: Level::Fail,
    check: personal_key,
    pass: Sentence {
        vi: "Chứng thư số là của cá nhân, đúng với việc ký của người có thẩm quyền.",
        en: "The certificate is a person's, as a competent person's signature needs.",
    },
    fail: Sentence {
        vi: "Chứng thư số này là của cơ quan, tổ chức (con dấu) nên không dùng để ký cá nhân. Hãy chọn chứng thư số của chính người ký.",
        en: "This certificate is a body's (a seal): a person may not sign with it. Choose the signer's own.",
    },
    cannot_tell: NEVER_IN_DOUBT,
};

fn personal_key(facts: &SigningFacts) -> Checked {
    match (facts.act, facts.kind) {
        (SigningAct::Unstated | SigningAct::Seal | SigningAct::SealOfCopy, _) => {
            Checked::NOT_APPLICABLE
        }
        (SigningAct::Personal, SignerKind::Organisation) => Checked::fail(FORBIDDEN, NO_DETAIL),
        (SigningAct::Personal, _) => Checked::PASS,
    }
}

/// Art. 6.2b: the clerk seals with the body's key.
pub(crate) const SEAL_KEY: Rule<SigningFacts> = Rule {
    id: RuleId::new("tt41.6.2b"),
    clause: "TT 41/2017 Đ.6.2b",
    level: Level::Fail,
    check: seal_key,
    pass: Sentence {
        vi: "Chứng thư số là của cơ quan, tổ chức, đúng với việc đóng dấu.",
        en: "The certificate is the body's, as a seal needs.",
    },
    fail: Sentence {
        vi: "Đóng dấu phải dùng chứng thư số của cơ quan, tổ chức; chứng thư số này là của cá nhân. Hãy cắm thiết bị con dấu của trường.",
        en: "A seal needs the body's certificate; this one is a person's. Plug in the school's seal device.",
    },
    cannot_tell: Sentence {
        vi: "Chứng thư số không cho biết là của cơ quan, tổ chức. Hãy ghi nhận chứng thư số con dấu vào sổ đăng ký trước khi đóng dấu.",
        en: "The certificate does not say that it is a body's. Enter the seal's certificate into the register before sealing.",
    },
};

fn seal_key(facts: &SigningFacts) -> Checked {
    match (facts.act, facts.kind) {
        (SigningAct::Unstated | SigningAct::Personal, _) => Checked::NOT_APPLICABLE,
        (_, SignerKind::Organisation) => Checked::PASS,
        (_, SignerKind::Person | SignerKind::PersonInOrganisation) => {
            Checked::fail(FORBIDDEN, NO_DETAIL)
        }
        (_, SignerKind::Unknown) => Checked::cannot_tell(FORBIDDEN, NO_DETAIL),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;
    use crate::rule::signing::tests::facts;

    fn asked(act: SigningAct, kind: SignerKind) -> SigningFacts {
        let mut facts = facts();
        facts.act = act;
        facts.kind = kind;
        facts
    }

    #[test]
    fn a_person_signs_with_their_own_key_and_not_with_the_seal() {
        let own = asked(SigningAct::Personal, SignerKind::Person);
        assert_eq!(personal_key(&own).outcome, Outcome::Pass);
        let seal = asked(SigningAct::Personal, SignerKind::Organisation);
        assert_eq!(personal_key(&seal).outcome, Outcome::Fail);
    }

    #[test]
    fn only_a_body_s_key_seals() {
        let outcome = |kind| seal_key(&asked(SigningAct::Seal, kind)).outcome;
        assert_eq!(outcome(SignerKind::Organisation), Outcome::Pass);
        assert_eq!(outcome(SignerKind::Person), Outcome::Fail);
        assert_eq!(outcome(SignerKind::PersonInOrganisation), Outcome::Fail);
        assert_eq!(outcome(SignerKind::Unknown), Outcome::CannotTell);
    }
}
