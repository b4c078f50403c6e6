//! Rules about the times that a signature names.

use super::{Checked, Level, Rule, RuleId};
use crate::judged::Judged;
use crate::language::Sentence;
use crate::{Conclusion, IndeterminateBecause};
use trien_types::UnixTime;

/// EN 319 102-1, 5.5.4: a time stamp is not older than what it stamps.
pub(crate) const ORDER: Rule<Judged> = Rule {
    id: RuleId::new("en319102.timestamp-order"),
    clause: "EN 319 102-1, 5.5.4",
    level: Level::Fail,
    check: order,
    pass: Sentence {
        vi: "Các dấu thời gian nối tiếp nhau đúng thứ tự.",
        en: "The time stamps follow one another in order.",
    },
    fail: Sentence {
        vi: "Thứ tự các dấu thời gian mâu thuẫn với thứ tự tạo lập. Hãy hỏi lại nơi gửi.",
        en: "The time stamps contradict the order in which they were made. Ask the sender.",
    },
    cannot_tell: Sentence {
        vi: "Không xác định được thứ tự các dấu thời gian.",
        en: "The order of the time stamps cannot be told.",
    },
};

fn order(judged: &Judged) -> Checked {
    if judged.timestamps.is_empty() {
        return Checked::NOT_APPLICABLE;
    }
    let refused = judged.timestamps.iter().find_map(|stamp| {
        let (because, detail) = stamp.objection.as_ref()?;
        (*because == IndeterminateBecause::TimestampOrderFailure).then(|| detail.clone())
    });
    if let Some(detail) = refused {
        let because = IndeterminateBecause::TimestampOrderFailure;
        return Checked::fail(Conclusion::Indeterminate(because), Some(detail));
    }
    Checked::PASS
}

/// Vietnam's offset from UTC, in seconds: what a program is wrong by that writes its local time
/// as UTC.
const VIETNAM_OFFSET: i64 = 7 * 60 * 60;

/// How far a claimed time may be off that difference and still be taken for this mistake, in
/// seconds: clocks in schools are set by hand.
const CLOCK_TOLERANCE: i64 = 15 * 60;

/// LEGAL.md vis.12: times are written with their offset.
pub(crate) const LOCAL_TIME: Rule<Judged> = Rule {
    id: RuleId::new("time.local-as-utc"),
    clause: "ISO 32000-2, 7.9.4; RFC 5652, 11.3",
    level: Level::Inform,
    check: local_time,
    pass: Sentence {
        vi: "Thời gian ký ghi trong chữ ký phù hợp với dấu thời gian.",
        en: "The signing time that the signature names agrees with the time stamp.",
    },
    fail: Sentence {
        vi: "Thời gian ký ghi trong chữ ký sớm hoặc muộn đúng bảy giờ so với dấu thời gian: phần mềm ký đã ghi giờ Việt Nam như giờ quốc tế (UTC). Hãy lấy dấu thời gian làm chuẩn.",
        en: "The signing time differs from the time stamp by seven hours: the signing program wrote Vietnamese time as UTC. Go by the time stamp.",
    },
    cannot_tell: Sentence {
        vi: "Không có dấu thời gian để đối chiếu với thời gian ký được ghi.",
        en: "There is no time stamp to compare the signing time with.",
    },
};

fn local_time(judged: &Judged) -> Checked {
    let Some((claimed, proven)) = times(judged) else {
        return Checked::NOT_APPLICABLE;
    };
    let difference = apart(claimed, proven);
    if difference.saturating_sub(VIETNAM_OFFSET).saturating_abs() <= CLOCK_TOLERANCE {
        return Checked::fail(Conclusion::Passed, Some(format!("{claimed}, {proven}")));
    }
    // A longer difference is another matter, which the rule about the claimed time tells.
    if difference > VIETNAM_OFFSET {
        return Checked::NOT_APPLICABLE;
    }
    Checked::PASS
}

/// The claimed time and the one that is proven or stamped.
fn times(judged: &Judged) -> Option<(UnixTime, UnixTime)> {
    let claimed = judged.signature.claimed_signing_time?;
    let proven = judged.stamped().min().or(judged.best_signature_time)?;
    Some((claimed, proven))
}

/// Seconds between two moments.
fn apart(left: UnixTime, right: UnixTime) -> i64 {
    left.seconds()
        .saturating_sub(right.seconds())
        .saturating_abs()
}

/// How long after signing a file may be stamped before the difference is remarked on, in seconds:
/// records are archived overnight.
const STAMPED_WITHIN: i64 = 24 * 60 * 60;

/// A claimed time that the time stamp contradicts: it may be claimed earlier, never later.
pub(crate) const CLAIMED_TIME: Rule<Judged> = Rule {
    id: RuleId::new("time.claimed"),
    clause: "EN 319 142-1, 5.3; RFC 5652, 11.3",
    level: Level::Inform,
    check: claimed_time,
    pass: Sentence {
        vi: "Thời gian ký được ghi không mâu thuẫn với dấu thời gian.",
        en: "The claimed signing time does not contradict the time stamp.",
    },
    fail: Sentence {
        vi: "Thời gian ký được ghi muộn hơn dấu thời gian, hoặc sớm hơn quá một ngày: đồng hồ của máy ký hoặc của nơi cấp dấu thời gian có thể sai. Hãy lấy dấu thời gian làm chuẩn.",
        en: "The claimed signing time is later than the time stamp, or more than a day earlier: a clock may be wrong. Go by the time stamp.",
    },
    cannot_tell: Sentence {
        vi: "Không có dấu thời gian để đối chiếu với thời gian ký được ghi.",
        en: "There is no time stamp to compare the signing time with.",
    },
};

fn claimed_time(judged: &Judged) -> Checked {
    let Some((claimed, proven)) = times(judged) else {
        return Checked::NOT_APPLICABLE;
    };
    let is_late = claimed > proven.plus_seconds(CLOCK_TOLERANCE);
    if is_late || apart(claimed, proven) > STAMPED_WITHIN {
        return Checked::fail(Conclusion::Passed, Some(format!("{claimed}, {proven}")));
    }
    Checked::PASS
}

/// A claimed time that has not come yet when the signature is judged: no honest clock says it.
pub(crate) const CLAIMED_AHEAD: Rule<Judged> = Rule {
    id: RuleId::new("time.claimed-ahead"),
    clause: "EN 319 142-1, 5.3; RFC 5652, 11.3",
    level: Level::Warn,
    check: claimed_ahead,
    pass: Sentence {
        vi: "Thời gian ký được ghi không muộn hơn thời điểm kiểm tra.",
        en: "The claimed signing time is not later than the time of judgement.",
    },
    fail: Sentence {
        vi: "Cảnh báo: thời gian ký được ghi muộn hơn thời điểm kiểm tra: đồng hồ của máy ký hoặc của máy này sai, hoặc thời gian đã bị ghi khống. Đừng dựa vào thời gian này.",
        en: "Warning: the claimed signing time is later than the time of judgement: the signing computer's clock or this one's is wrong, or the time was made up. Do not rely on it.",
    },
    cannot_tell: Sentence {
        vi: "Chữ ký không ghi thời gian ký.",
        en: "The signature names no signing time.",
    },
};

fn claimed_ahead(judged: &Judged) -> Checked {
    let Some(claimed) = judged.signature.claimed_signing_time else {
        return Checked::NOT_APPLICABLE;
    };
    let now = judged.validation_time;
    if claimed > now.plus_seconds(CLOCK_TOLERANCE) {
        return Checked::fail(Conclusion::Passed, Some(format!("{claimed}, {now}")));
    }
    Checked::PASS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::facts::{judged, judged_at};
    use crate::{Outcome, PathFact, TimestampFacts, TokenFact};

    fn stamped(time: i64, claimed: i64) -> Judged {
        judged_at(1_900, |facts| {
            let mut stamp =
                TimestampFacts::new(Some(UnixTime::from_seconds(time)), TokenFact::Intact);
            stamp.path = PathFact::Found {
                paths: facts.path.paths().to_vec(),
            };
            facts.timestamps = vec![stamp];
            facts.claimed_signing_time = Some(UnixTime::from_seconds(claimed));
        })
    }

    #[test]
    fn seven_hours_are_flagged_and_other_differences_are_not() {
        assert_eq!(local_time(&judged()).outcome, Outcome::NotApplicable);
        assert_eq!(local_time(&stamped(1_500, 1_490)).outcome, Outcome::Pass);
        let early = stamped(1_500, 1_500 - VIETNAM_OFFSET);
        assert_eq!(local_time(&early).outcome, Outcome::Fail);
        let late = stamped(1_500, 1_560 + VIETNAM_OFFSET);
        assert_eq!(local_time(&late).outcome, Outcome::Fail);
        assert_eq!(local_time(&late).conclusion, Conclusion::Passed);
    }

    #[test]
    fn a_claim_after_the_stamp_or_long_before_it_is_remarked_on() {
        assert_eq!(claimed_time(&stamped(1_500, 1_490)).outcome, Outcome::Pass);
        let later = stamped(1_500, 1_500 + 2 * CLOCK_TOLERANCE);
        assert_eq!(claimed_time(&later).outcome, Outcome::Fail);
        let long_before = stamped(1_500, 1_500 - 2 * STAMPED_WITHIN);
        assert_eq!(claimed_time(&long_before).outcome, Outcome::Fail);
        assert_eq!(local_time(&long_before).outcome, Outcome::NotApplicable);
    }

    #[test]
    fn a_claim_of_a_time_that_has_not_come_is_warned_of_and_lowers_nothing() {
        let claims = |seconds| {
            judged_at(1_900, |facts| {
                facts.claimed_signing_time = Some(UnixTime::from_seconds(seconds));
            })
        };
        assert_eq!(claimed_ahead(&judged()).outcome, Outcome::NotApplicable);
        assert_eq!(claimed_ahead(&claims(1_900)).outcome, Outcome::Pass);
        let skewed = claims(1_900 + CLOCK_TOLERANCE);
        assert_eq!(claimed_ahead(&skewed).outcome, Outcome::Pass);
        let ahead = claimed_ahead(&claims(1_901 + CLOCK_TOLERANCE));
        assert_eq!(ahead.outcome, Outcome::Fail);
        assert_eq!(ahead.conclusion, Conclusion::Passed);
    }

    #[test]
    fn a_stamp_from_the_future_contradicts() {
        assert_eq!(order(&stamped(1_500, 1_490)).outcome, Outcome::Pass);
        assert_eq!(order(&stamped(1_950, 1_490)).outcome, Outcome::Fail);
    }
}
