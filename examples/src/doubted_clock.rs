//! Whether the machine's clock can be right.

use trien::{UnixTime, UtcOffset};

/// 2026-01-01T00:00:00+07:00: these programs are younger than any clock that shows less.
const PROGRAMS_ARE_YOUNGER: UnixTime = UnixTime::from_seconds(1_767_200_400);

/// Why a clock that shows `now` cannot be right, in a sentence of both languages: a sound time stamp
/// is newer, the program is younger, or every trust anchor has ended.
#[must_use]
pub fn clock_doubt(
    now: UnixTime,
    newest_time_stamp: Option<UnixTime>,
    last_anchor_end: Option<UnixTime>,
) -> Option<String> {
    let shown = now.to_rfc3339(UtcOffset::VIETNAM);
    if let Some(newest) = newest_time_stamp
        && newest > now
    {
        return Some(format!(
            "đồng hồ máy tính có vẻ sai: đang là {shown}, nhưng trong hồ sơ có dấu thời gian \
             {newest}: hãy chỉnh giờ hoặc dùng --at / the clock seems wrong: a time stamp is newer \
             than now"
        ));
    }
    if now < PROGRAMS_ARE_YOUNGER {
        return Some(format!(
            "đồng hồ máy tính có vẻ sai: đang là {shown}, trước khi chương trình này ra đời: hãy \
             chỉnh giờ hoặc dùng --at / the clock seems wrong: it shows a time before this program \
             was made"
        ));
    }
    let last = last_anchor_end.filter(|last| now > *last)?;
    Some(format!(
        "đồng hồ máy tính có vẻ sai: đang là {shown}, khi mọi chứng thư số gốc đã hết hạn (muộn \
         nhất {last}): hãy chỉnh giờ, dùng --at, hoặc cài chứng thư số gốc mới / the clock seems \
         wrong: every trust anchor has ended by the time it shows"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_doubted_by_time_stamps_by_the_program_s_age_and_by_the_anchors() {
        let time = |text| UnixTime::from_rfc3339(text).unwrap();
        let now = time("2026-05-31T08:00:00+07:00");
        let (earlier, later) = (
            time("2026-05-30T08:00:00+07:00"),
            time("2026-06-01T08:00:00+07:00"),
        );
        assert_eq!(clock_doubt(now, None, None), None);
        assert_eq!(clock_doubt(now, Some(earlier), Some(later)), None);
        let said = |newest, last| clock_doubt(now, newest, last).unwrap();
        assert!(said(Some(later), Some(later)).contains("có dấu thời gian 2026-06-01"));
        assert!(said(None, Some(earlier)).contains("mọi chứng thư số gốc đã hết hạn"));
        let empty_battery = time("2009-01-01T00:00:00+07:00");
        let said = clock_doubt(empty_battery, None, Some(later)).unwrap();
        assert!(said.contains("đang là 2009-01-01") && said.contains("--at"));
    }
}
