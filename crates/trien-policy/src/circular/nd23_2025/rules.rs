//! Checks by signer and receiver (NĐ 23/2025, art. 15 and 16), and how long certificates last.

use crate::SigningFacts;
use crate::judged::Judged;
use crate::language::Sentence;
use crate::rule::{Checked, Level, Rule, RuleId, certificate, signature, signing};
use crate::{Conclusion, IndeterminateBecause};

/// Luật GDĐT 2023, art. 22.3: every later change can be detected.
pub(crate) const INTEGRITY: Rule<Judged> = Rule {
    id: RuleId::new("gd.22.3d"),
    clause: "Luật Giao dịch điện tử 2023 Đ.22.3",
    ..signature::INTEGRITY
};

/// Art. 16: the receiver checks the status at signing.
pub(crate) const AT_SIGNING: Rule<Judged> = Rule {
    id: RuleId::new("nd23.16"),
    clause: "NĐ 23/2025 Đ.16",
    ..certificate::WHOLE
};

/// Art. 15: the signer's own certificate and the issuer's, before signing.
pub(crate) const OWN_AND_ISSUER: Rule<SigningFacts> = Rule {
    id: RuleId::new("nd23.15"),
    clause: "NĐ 23/2025 Đ.15",
    ..signing::CERTIFICATE_AND_ISSUERS
};

/// Certificates of public authorities last three years at most.
pub(crate) const LIFETIME: Rule<Judged> = Rule {
    id: RuleId::new("nd23.max3y"),
    clause: "NĐ 23/2025",
    level: Level::Warn,
    check: lifetime,
    pass: Sentence {
        vi: "Thời hạn của chứng thư số không quá ba năm.",
        en: "The certificate lasts three years at most.",
    },
    fail: Sentence {
        vi: "Chứng thư số có thời hạn dài hơn ba năm. Hãy hỏi tổ chức cấp chứng thư số.",
        en: "The certificate lasts longer than three years. Ask its issuer.",
    },
    cannot_tell: Sentence {
        vi: "Không có chứng thư số để xét thời hạn.",
        en: "There is no certificate whose period could be checked.",
    },
};

/// Three years with a leap day, and the day that issuers round up by, in seconds.
const THREE_YEARS: i64 = (3 * 365 + 2) * 24 * 60 * 60;

fn lifetime(judged: &Judged) -> Checked {
    let Some(signer) = &judged.signature.signer else {
        return Checked::NOT_APPLICABLE;
    };
    let seconds = signer
        .not_after
        .seconds()
        .saturating_sub(signer.not_before.seconds());
    if seconds > THREE_YEARS {
        Checked::fail(
            Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure),
            Some(format!("{} – {}", signer.not_before, signer.not_after)),
        )
    } else {
        Checked::PASS
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;
    use crate::rule::facts::{judged, judged_with};
    use trien_types::UnixTime;

    #[test]
    fn more_than_three_years_are_warned_of() {
        assert_eq!(lifetime(&judged()).outcome, Outcome::Pass);
        let long = judged_with(|facts| {
            let signer = facts.signer.as_mut().unwrap();
            signer.not_after = UnixTime::from_seconds(1_000 + 4 * 365 * 86_400);
        });
        assert_eq!(lifetime(&long).outcome, Outcome::Fail);
    }
}
