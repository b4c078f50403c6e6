//! What the PDF report says, in the order in which it is read.
//! The numbers are the summary's own.

use trien::appearance::AppearanceError;
use trien::archive::{MonthCount, Summary, Verdict};
use trien::{Language, UnixTime};

use super::sheets::{HEADING, Sheets, Side, TEXT, TITLE};
use super::{PdfReport, further, questions};
use crate::view::{moment, word_of};
use crate::words::{Words, choose};

pub(super) type Written = Result<(), AppearanceError>;

pub(super) const fn title(language: Language) -> &'static str {
    choose(
        language,
        "Báo cáo kiểm tra chữ ký số",
        "Report on digital signatures",
    )
}

/// Writes everything.
pub(super) fn write(sheets: &mut Sheets<'_>, report: &PdfReport, summary: &Summary) -> Written {
    let language = report.language;
    sheets.heading(title(language), TITLE)?;
    if let Some(title) = &report.title {
        sheets.text(title, HEADING)?;
    }
    let say = |vi, en| choose(language, vi, en);
    let judged = moment(summary.judged_at);
    sheets.text(
        &format!("{}: {judged}", say("Thời điểm xét", "Time of judgement")),
        TEXT,
    )?;
    if summary.from.is_some() || summary.to.is_some() {
        let bound = |time: Option<UnixTime>| time.map_or_else(|| "…".to_owned(), moment);
        let period = format!("{} – {}", bound(summary.from), bound(summary.to));
        sheets.text(&format!("{}: {period}", say("Kỳ kiểm tra", "Period")), TEXT)?;
        let outside = say(
            "Hồ sơ ngoài kỳ, không tính vào các con số dưới đây",
            "Records outside the period, in none of the numbers below",
        );
        let count = summary.counts.outside_period;
        sheets.text(&format!("{outside}: {count}"), TEXT)?;
        further::outside_by_claim(sheets, summary, language)?;
    }
    let (rules, roots) = (
        say("Bộ quy tắc", "Rules"),
        say("Chứng thư số gốc được tin cậy", "Trusted roots"),
    );
    let profile = report.profiles.get(&summary.profile);
    let profile = profile.unwrap_or(&summary.profile);
    sheets.text(&format!("{rules}: {profile}"), TEXT)?;
    sheets.text(&format!("{roots}: {}", summary.anchors), TEXT)?;
    if summary.anchors == 0 {
        sheets.text(
            say(
                "Chưa cài chứng thư số gốc nào: biết được tệp còn nguyên vẹn hay không, chưa biết chữ ký có đáng tin hay không.",
                "No trusted root was installed: integrity is known, trust is not.",
            ),
            TEXT,
        )?;
    }
    counts(sheets, summary, language)?;
    for school in &summary.schools {
        match &school.school {
            Some(name) => sheets.heading(name, TITLE)?,
            None if summary.schools.len() > 1 => sheets.heading(&school.title, TITLE)?,
            None => {}
        }
        questions::write(sheets, school, report)?;
    }
    let files = say(
        "Số tệp theo tháng của chữ ký cuối cùng",
        "Files by the month of their last signature",
    );
    months(sheets, (files, &summary.files_by_month), language)?;
    let signatures = say("Số chữ ký theo tháng", "Signatures by month");
    months(sheets, (signatures, &summary.by_month), language)?;
    objections(sheets, report)?;
    ageing(sheets, summary, language)?;
    further::write(sheets, summary, language)
}

fn counts(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    let of = &summary.counts;
    let verdicts = Verdict::ALL.map(|verdict| {
        let word = word_of(&verdict);
        (
            Words::Verdicts.word(&word, language).to_owned(),
            of.of(verdict),
        )
    });
    let others = [
        (
            say(
                "đường dẫn, thư mục không xem được (tính trong số không đọc được)",
                "paths and folders that could not be looked into (among the unreadable)",
            ),
            of.unreachable,
        ),
        (
            say(
                "bản quét từ giấy (tính trong số chưa ký)",
                "scans of paper (among the unsigned)",
            ),
            of.scans,
        ),
        (
            say("tệp trùng nội dung", "files with the same content"),
            of.duplicates.saturating_add(summary.duplicates.len()),
        ),
        (
            say(
                "bản sao (tính trong số tệp trùng nội dung)",
                "copies (among the files with the same content)",
            ),
            of.duplicates,
        ),
        (say("ký trễ hạn", "signed late"), of.late),
        (
            say(
                "tệp chưa rõ của trường nào",
                "files of which nobody said whose they are",
            ),
            // Of one school that nobody named, all are.
            if summary.schools.len() > 1 {
                of.school_unknown
            } else {
                0
            },
        ),
        (say("chữ ký", "signatures"), of.signatures),
    ];
    let rows = std::iter::once((say("tệp", "files").to_owned(), of.files))
        .chain(verdicts)
        .chain(
            others
                .into_iter()
                .filter(|(_, count)| *count > 0)
                .map(|(what, count)| (what.to_owned(), count)),
        );
    sheets.heading(say("Tổng số", "Numbers"), HEADING)?;
    let columns = [
        (say("Nội dung", "What"), 75, Side::Left),
        (say("Số lượng", "Number"), 25, Side::Right),
    ];
    let rows = rows.map(|(what, count)| vec![begun(&what), count.to_string()]);
    sheets.table(&columns, rows)
}

/// `05/2026` for `2026-05`.
fn month_of(month: &str) -> String {
    month.split_once('-').map_or_else(
        || month.to_owned(),
        |(year, month)| format!("{month}/{year}"),
    )
}

/// With a capital letter, as a line begins.
pub(super) fn begun(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// A number that is told where there is something to tell.
pub(super) fn counted(sheets: &mut Sheets<'_>, what: &str, count: usize) -> Written {
    if count == 0 {
        return Ok(());
    }
    sheets.text(&format!("{what}: {count}"), TEXT)
}

fn months(
    sheets: &mut Sheets<'_>,
    (title, months): (&str, &[MonthCount]),
    language: Language,
) -> Written {
    let say = |vi, en| choose(language, vi, en);
    if months.is_empty() {
        return Ok(());
    }
    sheets.heading(title, HEADING)?;
    let words = ["valid", "invalid", "indeterminate"];
    let [valid, invalid, indeterminate] =
        words.map(|word| begun(Words::Verdicts.word(word, language)));
    let columns = [
        (say("Tháng", "Month"), 40, Side::Left),
        (valid.as_str(), 20, Side::Right),
        (invalid.as_str(), 20, Side::Right),
        (indeterminate.as_str(), 20, Side::Right),
    ];
    let rows = months.iter().map(|of| {
        let counts = [of.valid, of.invalid, of.indeterminate];
        let mut row = vec![month_of(&of.month)];
        row.extend(counts.map(|count| count.to_string()));
        row
    });
    sheets.table(&columns, rows)
}

fn objections(sheets: &mut Sheets<'_>, report: &PdfReport) -> Written {
    let language = report.language;
    let say = |vi, en| choose(language, vi, en);
    sheets.heading(say("Tệp cần xem lại", "Files to be looked at"), HEADING)?;
    if report.objections.is_empty() {
        return sheets.text(say("Không có.", "None."), TEXT);
    }
    let columns = [
        (say("Tệp", "File"), 32, Side::Left),
        (say("Kết luận", "Conclusion"), 14, Side::Left),
        (say("Lý do", "Why"), 54, Side::Left),
    ];
    let rows = report.objections.iter().map(|of| {
        let conclusion = Words::Verdicts.word(&of.conclusion, language).to_owned();
        vec![of.file.clone(), conclusion, of.why.clone()]
    });
    sheets.table(&columns, rows)?;
    not_listed(sheets, report.further, language)
}

fn ageing(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    if summary.ageing.is_empty() {
        return Ok(());
    }
    sheets.heading(
        say("Sắp hết khả năng chứng minh", "Soon no longer provable"),
        HEADING,
    )?;
    let columns = [
        (say("Tệp", "File"), 42, Side::Left),
        (say("Chứng minh được đến", "Provable until"), 20, Side::Left),
        (
            say("Yếu tố hết hạn trước", "What ends first"),
            38,
            Side::Left,
        ),
    ];
    let rows = summary.ageing.iter().take(super::LISTED).map(|of| {
        let weakest = of.weakest.clone().unwrap_or_default();
        vec![of.file.clone(), moment(of.provable_until), weakest]
    });
    sheets.table(&columns, rows)?;
    not_listed(
        sheets,
        summary.ageing.len().saturating_sub(super::LISTED),
        language,
    )
}

/// How many files a list goes without.
fn not_listed(sheets: &mut Sheets<'_>, further: usize, language: Language) -> Written {
    if further == 0 {
        return Ok(());
    }
    let more = choose(
        language,
        "tệp nữa không liệt kê ở đây",
        "more files are not listed here",
    );
    sheets.text(&format!("{further} {more}."), TEXT)
}
