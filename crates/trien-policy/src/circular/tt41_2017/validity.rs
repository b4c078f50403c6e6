//! When a signature is valid (TT 41/2017, art. 7 and 8).

use crate::judged::Judged;
use crate::language::Sentence;
use crate::rule::{Checked, Level, NO_DETAIL, Rule, RuleId};
use crate::{Conclusion, IndeterminateBecause, SignatureKindFact, SignerKind};

pub(crate) use crate::rule::certificate::{PATH, STATUS, VALIDITY};
pub(crate) use crate::rule::signature::INTEGRITY;

/// Art. 8.2b: the certificate fits its scope of use and the signer's responsibility.
pub(crate) const SCOPE: Rule<Judged> = Rule {
    id: RuleId::new("tt41.8.2b"),
    clause: "TT 41/2017 Đ.8.2b",
    level: Level::Warn,
    check: scope,
    pass: Sentence {
        vi: "Chứng thư số cho biết là của cá nhân hay của cơ quan, tổ chức.",
        en: "The certificate says whether it is a person's or a body's.",
    },
    fail: Sentence {
        vi: "Chứng thư số không phù hợp phạm vi sử dụng.",
        en: "The certificate does not fit its scope of use.",
    },
    cannot_tell: Sentence {
        vi: "Chứng thư số không cho biết là của cá nhân hay của cơ quan, tổ chức. Hãy đối chiếu sổ đăng ký người ký của trường.",
        en: "The certificate does not say whether it is a person's or a body's. Compare with the school's register of signers.",
    },
};

fn scope(judged: &Judged) -> Checked {
    if judged.signature.kind == SignatureKindFact::DocumentTimestamp {
        return Checked::NOT_APPLICABLE;
    }
    match judged.signature.signer.as_ref().map(|signer| signer.kind) {
        None => Checked::NOT_APPLICABLE,
        Some(SignerKind::Unknown) => Checked::cannot_tell(
            Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure),
            NO_DETAIL,
        ),
        Some(SignerKind::Person | SignerKind::Organisation | SignerKind::PersonInOrganisation) => {
            Checked::PASS
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;
    use crate::rule::facts::{judged, judged_with};

    #[test]
    fn a_subject_that_does_not_tell_is_for_the_register() {
        assert_eq!(scope(&judged()).outcome, Outcome::Pass);
        let unknown = judged_with(|facts| {
            facts.signer.as_mut().unwrap().kind = SignerKind::Unknown;
        });
        assert_eq!(scope(&unknown).outcome, Outcome::CannotTell);
    }
}
