//! What the PDF report says, in the order in which it is read.
//! The numbers are the summary's own.

use trien::appearance::AppearanceError;
use trien::archive::{SchoolCount, Summary};
use trien::{Language, UnixTime};

use super::PdfReport;
use super::sheets::{HEADING, Sheets, Side, TEXT, TITLE};
use crate::view::moment;
use crate::words::{CONCLUSIONS, choose, yes_or_no};

type Written = Result<(), AppearanceError>;

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
        if let Some(name) = &school.school {
            sheets.heading(name, TITLE)?;
        }
        people(sheets, school, language)?;
        categories(sheets, school, language)?;
        procedure(sheets, school, report)?;
        online_and_norm(sheets, school, language)?;
    }
    months(sheets, summary, language)?;
    objections(sheets, report)?;
    others(sheets, summary, language)
}

fn counts(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    let of = &summary.counts;
    let word = |word| CONCLUSIONS.word(word, language);
    let rows = [
        (say("tệp", "files"), of.files),
        (word("valid"), of.valid),
        (word("invalid"), of.invalid),
        (word("indeterminate"), of.indeterminate),
        (word("unsigned"), of.unsigned),
        (word("unreadable"), of.unreadable),
        (
            say(
                "bản quét từ giấy (tính trong số chưa ký)",
                "scans of paper (among the unsigned)",
            ),
            of.scans,
        ),
        (
            say("tệp trùng nội dung", "files with the content of another"),
            of.duplicates,
        ),
        (say("ký trễ hạn", "signed late"), of.late),
        (say("chữ ký", "signatures"), of.signatures),
    ];
    sheets.heading(say("Tổng số", "Numbers"), HEADING)?;
    let columns = [
        (say("Nội dung", "What"), 75, Side::Left),
        (say("Số lượng", "Number"), 25, Side::Right),
    ];
    let rows = rows.map(|(what, count)| vec![begun(what), count.to_string()]);
    sheets.table(&columns, rows)
}

fn people(sheets: &mut Sheets<'_>, school: &SchoolCount, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    let staff = &school.staff;
    sheets.heading(
        say(
            "1. Cán bộ, giáo viên, nhân viên có và đã dùng chữ ký số",
            "1. Staff who hold a digital signature and have used it",
        ),
        HEADING,
    )?;
    let known =
        |count: Option<usize>| count.map_or_else(|| "–".to_owned(), |count| count.to_string());
    if staff.listed.is_none() {
        sheets.text(
            say(
                "Không có danh sách nhân sự của trường này.",
                "There is no list of this school's staff.",
            ),
            TEXT,
        )?;
    }
    let line = format!(
        "{}: {}; {}: {}; {}: {}",
        say("Trong danh sách", "Listed"),
        known(staff.listed),
        say("có chứng thư số", "with a certificate"),
        known(staff.with_certificate),
        say("đã ký trong kỳ", "signed in the period"),
        staff.used
    );
    sheets.text(&line, TEXT)?;
    let columns = [
        (say("Người ký", "Signer"), 42, Side::Left),
        (say("Số hiệu chứng thư số", "Serial number"), 30, Side::Left),
        (say("Số chữ ký", "Signatures"), 14, Side::Right),
        (say("Trong kỳ", "In the period"), 14, Side::Left),
    ];
    let rows = staff.people.iter().map(|person| {
        vec![
            person
                .common_name
                .clone()
                .unwrap_or_else(|| person.subject.clone()),
            if person.serials.is_empty() {
                person.serial.clone()
            } else {
                person.serials.join(", ")
            },
            person.signatures.to_string(),
            yes_or_no(Some(person.used_in_period), language).to_owned(),
        ]
    });
    sheets.table(&columns, rows)
}

fn categories(sheets: &mut Sheets<'_>, school: &SchoolCount, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    sheets.heading(
        say(
            "2. Các loại hồ sơ có chữ ký số",
            "2. Record categories that carry digital signatures",
        ),
        HEADING,
    )?;
    let columns = [
        (say("Loại hồ sơ", "Category"), 40, Side::Left),
        (say("Số tệp", "Files"), 12, Side::Right),
        (say("Đã ký", "Signed"), 12, Side::Right),
        (say("Hợp lệ", "Valid"), 12, Side::Right),
        (say("Bản quét", "Scans"), 12, Side::Right),
        (say("Tỷ lệ", "Share"), 12, Side::Right),
    ];
    let rows = school.categories.iter().map(|of| {
        let name = if of.title.is_empty() {
            say("Chưa phân loại", "No category")
        } else {
            &of.title
        };
        vec![
            name.to_owned(),
            of.files.to_string(),
            of.signed.to_string(),
            of.valid.to_string(),
            of.scans.to_string(),
            if of.signed.saturating_add(of.unsigned) == 0 {
                "–".to_owned()
            } else {
                share(of.share, language)
            },
        ]
    });
    sheets.table(&columns, rows)
}

/// As the language writes it: `98,6 %`, `98.6%`.
fn share(share: f64, language: Language) -> String {
    let written = format!("{:.1}", share * 100.0);
    match language {
        Language::En => format!("{written}%"),
        Language::Vi | _ => format!("{} %", written.replace('.', ",")),
    }
}

/// `05/2026` for `2026-05`.
fn month_of(month: &str) -> String {
    month.split_once('-').map_or_else(
        || month.to_owned(),
        |(year, month)| format!("{month}/{year}"),
    )
}

/// With a capital letter, as a line begins.
fn begun(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn procedure(sheets: &mut Sheets<'_>, school: &SchoolCount, report: &PdfReport) -> Written {
    let language = report.language;
    let say = |vi, en| choose(language, vi, en);
    sheets.heading(
        say(
            "3. Ký, cập nhật, lưu trữ đúng quy trình, đúng thẩm quyền",
            "3. Signed, updated and kept by the procedure, by whom it is due",
        ),
        HEADING,
    )?;
    let columns = [
        (say("Quy trình", "Workflow"), 30, Side::Left),
        (say("Số tệp", "Files"), 14, Side::Right),
        (say("Đủ bước", "Complete"), 14, Side::Right),
        (say("Thiếu bước", "Incomplete"), 14, Side::Right),
        (say("Sai thứ tự", "Out of order"), 14, Side::Right),
        (say("Sai thẩm quyền", "No authority"), 14, Side::Right),
    ];
    let rows = school.procedure.iter().map(|of| {
        let counts = [
            of.files,
            of.complete,
            of.incomplete,
            of.out_of_order,
            of.wrong_authority,
        ];
        let title = report.workflows.get(&of.workflow).unwrap_or(&of.workflow);
        let mut row = vec![title.clone()];
        row.extend(counts.map(|count| count.to_string()));
        row
    });
    sheets.table(&columns, rows)
}

fn online_and_norm(sheets: &mut Sheets<'_>, school: &SchoolCount, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    sheets.heading(
        say(
            "4. Hồ sơ lưu trực tuyến có chữ ký số của thủ trưởng",
            "4. Records kept online are signed by the school's authority",
        ),
        HEADING,
    )?;
    let of = &school.online;
    let line = format!(
        "{}: {}; {}: {}; {}: {}; {}: {}",
        say("Phải có", "Due"),
        of.due,
        say("đã có", "signed"),
        of.signed_by_authority,
        say("còn thiếu", "lacking"),
        of.due.saturating_sub(of.signed_by_authority),
        say("bản quét từ giấy, tính riêng", "scans of paper, apart"),
        of.scans
    );
    sheets.text(&line, TEXT)?;
    sheets.heading(
        say(
            "5. Chữ ký số và con dấu đúng quy chuẩn",
            "5. Signatures and seals follow the norm",
        ),
        HEADING,
    )?;
    let of = &school.norm;
    let line = format!(
        "{}: {}; {}: {}; {}: {}; {}: {}",
        say("Có con dấu số", "Sealed"),
        of.sealed,
        say(
            "chứng thư số của cơ quan, tổ chức",
            "with an organisation's certificate"
        ),
        of.seal_certificate_organisation,
        say("hiển thị trên văn bản", "visible"),
        of.visible_seal,
        say("vi phạm quy cách hiển thị", "break the rules for marks"),
        of.mark_rules_failed
    );
    sheets.text(&line, TEXT)
}

fn months(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    if summary.by_month.is_empty() {
        return Ok(());
    }
    sheets.heading(
        say(
            "Số chữ ký theo tháng (không phải số tệp)",
            "Signatures by month (not files)",
        ),
        HEADING,
    )?;
    let word = |word| CONCLUSIONS.word(word, language);
    let columns = [
        (say("Tháng", "Month"), 40, Side::Left),
        (word("valid"), 20, Side::Right),
        (word("invalid"), 20, Side::Right),
        (word("indeterminate"), 20, Side::Right),
    ];
    let rows = summary.by_month.iter().map(|of| {
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
        (say("Tệp", "File"), 42, Side::Left),
        (say("Kết luận", "Conclusion"), 16, Side::Left),
        (say("Lý do", "Why"), 42, Side::Left),
    ];
    let rows = report.objections.iter().map(|of| {
        let conclusion = CONCLUSIONS.word(&of.conclusion, language).to_owned();
        vec![of.file.clone(), conclusion, of.why.clone()]
    });
    sheets.table(&columns, rows)?;
    if report.further > 0 {
        let more = say(
            "tệp nữa không liệt kê ở đây",
            "more files are not listed here",
        );
        sheets.text(&format!("{} {more}.", report.further), TEXT)?;
    }
    Ok(())
}

fn others(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
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
    sheets.table(&columns, rows)
}
