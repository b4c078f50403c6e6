//! What is kept with a record (TT 41/2017, art. 9).

use crate::judged::Judged;
use crate::language::Sentence;
use crate::rule::{Checked, Level, NO_DETAIL, Rule, RuleId};
use crate::{Conclusion, IndeterminateBecause, SignatureKindFact};

/// Art. 9.1a: a valid time stamp as of signing is kept with an outgoing record.
pub(crate) const TIME_STAMP: Rule<Judged> = Rule {
    id: RuleId::new("tt41.9.1a"),
    clause: "TT 41/2017 Đ.9.1a",
    level: Level::Warn,
    check: time_stamp,
    pass: Sentence {
        vi: "Có dấu thời gian hợp lệ kèm theo chữ ký.",
        en: "A valid time stamp comes with the signature.",
    },
    fail: Sentence {
        vi: "Chưa có dấu thời gian hợp lệ kèm theo chữ ký: về sau khó chứng minh thời điểm ký. Hãy bổ sung dấu thời gian trước khi lưu trữ.",
        en: "No valid time stamp comes with the signature: when it was made will be hard to prove. Add one before archiving.",
    },
    cannot_tell: Sentence {
        vi: "Không xác định được dấu thời gian.",
        en: "The time stamp cannot be told.",
    },
};

fn time_stamp(judged: &Judged) -> Checked {
    if judged.signature.kind == SignatureKindFact::DocumentTimestamp {
        return Checked::NOT_APPLICABLE;
    }
    if judged.best_signature_time.is_some() || judged.stamped().next().is_some() {
        return Checked::PASS;
    }
    Checked::fail(
        Conclusion::Indeterminate(IndeterminateBecause::SigConstraintsFailure),
        NO_DETAIL,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;
    use crate::rule::facts::{judged, judged_with};
    use crate::{PathFact, TimestampFacts, TokenFact};
    use trien_types::UnixTime;

    #[test]
    fn a_signature_without_a_stamp_is_warned_of() {
        assert_eq!(time_stamp(&judged()).outcome, Outcome::Fail);
        let stamped = judged_with(|facts| {
            let time = Some(UnixTime::from_seconds(1_400));
            let mut stamp = TimestampFacts::new(time, TokenFact::Intact);
            stamp.path = PathFact::Found {
                paths: facts.path.paths().to_vec(),
            };
            facts.timestamps = vec![stamp];
        });
        assert_eq!(time_stamp(&stamped).outcome, Outcome::Pass);
    }
}
