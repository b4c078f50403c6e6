//! The five questions of an inspection for one school, in the PDF report.
//! The numbers are the summary's own.

use trien::Language;
use trien::archive::{NormCount, ProcedureCount, SchoolCount};

use super::PdfReport;
use super::contents::{Written, counted};
use super::further::files;
use super::sheets::{HEADING, Sheets, Side, TEXT};
use crate::words::{choose, yes_or_no};

pub(super) fn write(sheets: &mut Sheets<'_>, school: &SchoolCount, report: &PdfReport) -> Written {
    let language = report.language;
    people(sheets, school, language)?;
    categories(sheets, school, language)?;
    procedure(sheets, school, report)?;
    online_and_norm(sheets, school, language)
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
        (say("Người ký", "Signer"), 31, Side::Left),
        (say("Số hiệu chứng thư số", "Serial number"), 33, Side::Left),
        (say("Số chữ ký", "Signatures"), 12, Side::Right),
        (say("Số tệp", "Files"), 12, Side::Right),
        (say("Trong kỳ", "In the period"), 12, Side::Right),
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
            person.file_count.to_string(),
            yes_or_no(Some(person.used_in_period), language).to_owned(),
        ]
    });
    sheets.table(&columns, rows)?;
    if staff.ambiguous > 0 {
        let what = say(
            "Người trùng họ tên trong danh sách, không có số CCCD: chưa biết ai đã ký nên không tính cho ai",
            "People of the list with a namesake in it and no number: which of them signed is not known, and none is counted",
        );
        let names = staff.names_ambiguous.join(", ");
        sheets.text(&format!("{what}: {} ({names}).", staff.ambiguous), TEXT)?;
    }
    let untrusted = say(
        "Tệp ký bằng chứng thư số cá nhân không dẫn tới gốc được tin cậy, không tính cho ai ở trên",
        "Files signed with a person's certificate that leads to no trusted root, counted for nobody above",
    );
    files(
        sheets,
        untrusted,
        (staff.untrusted, &staff.files_untrusted),
        language,
    )
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
        (say("Loại hồ sơ", "Category"), 34, Side::Left),
        (say("Số tệp", "Files"), 11, Side::Right),
        (say("Đã ký", "Signed"), 11, Side::Right),
        (say("Hợp lệ", "Valid"), 11, Side::Right),
        (say("Thiếu chữ ký", "Unsigned"), 11, Side::Right),
        (say("Bản quét", "Scans"), 11, Side::Right),
        (say("Tỷ lệ ký", "Share signed"), 11, Side::Right),
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
            of.unsigned.to_string(),
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
        (say("Quy trình", "Workflow"), 28, Side::Left),
        (say("Số tệp", "Files"), 12, Side::Right),
        (say("Đủ bước", "Complete"), 12, Side::Right),
        (say("Chưa đạt", "Not kept"), 12, Side::Right),
        (say("Thiếu bước", "Steps missing"), 12, Side::Right),
        (say("Sai thứ tự", "Out of order"), 12, Side::Right),
        (say("Sai thẩm quyền", "Without authority"), 12, Side::Right),
    ];
    let rows = school.procedure.iter().map(|of| {
        let counts = [
            of.files,
            of.complete,
            of.failing,
            of.incomplete,
            of.out_of_order,
            of.wrong_authority,
        ];
        let title = report.workflows.get(&of.workflow).unwrap_or(&of.workflow);
        let mut row = vec![title.clone()];
        row.extend(counts.map(|count| count.to_string()));
        row
    });
    sheets.table(&columns, rows)?;
    let all = &school.procedure;
    let sum = |of: fn(&ProcedureCount) -> usize| all.iter().map(of).sum::<usize>();
    for (what, count) in [
        (
            say(
                "Có chữ ký không thuộc bước nào của quy trình",
                "With a signature of no step of the workflow",
            ),
            sum(|of| of.beside),
        ),
        (
            say(
                "Sai khác: ký hai lần, quá số lượt, không toàn vẹn, chưa xác nhận",
                "Other faults: signed twice, too often, not intact, not confirmed",
            ),
            sum(|of| of.otherwise),
        ),
        (
            say(
                "Một chứng thư số cá nhân ký ở hai bước (cảnh báo, không làm đổi kết luận)",
                "One person's certificate in two steps (a warning, the verdict stays)",
            ),
            sum(|of| of.same_signer),
        ),
        (
            say(
                "Quy trình do chương trình chọn theo chữ ký hiện có, không ai nêu",
                "Held against the workflow they come closest to, since nobody named one",
            ),
            sum(|of| of.by_likeness),
        ),
        (
            say(
                "Nhiều quy trình khớp như nhau nên không xét: hãy nêu cấp học hoặc quy trình",
                "Several workflows suit equally, so none was chosen: name the level or the workflow",
            ),
            school.procedure_open.files,
        ),
    ] {
        counted(sheets, what, count)?;
    }
    Ok(())
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
        say(
            "vi phạm quy tắc về chữ ký, con dấu",
            "break the rules of signatures and seals"
        ),
        of.mark_rules_failed
    );
    sheets.text(&line, TEXT)?;
    for (what, count) in [
        (
            say(
                "Con dấu dùng chứng thư số không phải của cơ quan, tổ chức",
                "Sealed with a certificate that is no organisation's",
            ),
            of.sealed.saturating_sub(of.seal_certificate_organisation),
        ),
        (
            say(
                "Con dấu không hiển thị trên trang nào",
                "With a seal that shows on no page",
            ),
            of.sealed.saturating_sub(of.visible_seal),
        ),
        (
            say(
                "Tệp chưa đúng quy chuẩn",
                "Files that do not follow the norm",
            ),
            of.failing,
        ),
    ] {
        counted(sheets, what, count)?;
    }
    seals(sheets, of, language)
}

/// Whose seals they are: one that differs from the others stands out.
fn seals(sheets: &mut Sheets<'_>, of: &NormCount, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    if of.seals.is_empty() {
        return Ok(());
    }
    let columns = [
        (
            say("Cơ quan, tổ chức đóng dấu", "Sealed by"),
            42,
            Side::Left,
        ),
        (
            say("Chủ thể chứng thư số", "Subject of the certificate"),
            46,
            Side::Left,
        ),
        (say("Số tệp", "Files"), 12, Side::Right),
    ];
    let rows = of.seals.iter().map(|seal| {
        vec![
            seal.organisation.clone(),
            seal.subject.clone(),
            seal.files.to_string(),
        ]
    });
    sheets.table(&columns, rows)?;
    let beyond = say(
        "Cơ quan, tổ chức khác đã đóng dấu, không liệt kê",
        "Other organisations that sealed, not listed",
    );
    counted(sheets, beyond, of.seals_unlisted)
}
