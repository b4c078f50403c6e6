//! What the summary knows beside the five questions: files that only a claimed time puts outside the
//! period, what was not looked at, and how the archive differs from the manifest of its hand-over.
//! The numbers are the summary's own.

use trien::Language;
use trien::archive::{ManifestCount, Summary};

use super::contents::{Written, begun};
use super::sheets::{HEADING, Sheets, Side, TEXT};
use crate::words::{KINDS_LEFT_OUT, VERDICTS, choose};

/// Files named behind one number: two sheets. How many more there are is said.
const NAMED: usize = 100;

pub(super) fn write(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
    if let Some(manifest) = &summary.manifest {
        handed_over(sheets, manifest, language)?;
    }
    left_out(sheets, summary, language)
}

/// Which files are not counted though nothing proves that they are not of the period.
pub(super) fn outside_by_claim(
    sheets: &mut Sheets<'_>,
    summary: &Summary,
    language: Language,
) -> Written {
    let claimed = &summary.outside_by_claim;
    let word = |word| VERDICTS.word(word, language);
    let what = format!(
        "{} ({}: {}; {}: {})",
        choose(
            language,
            "Trong đó chỉ do thời điểm ký tự khai, không có gì chứng minh",
            "Of these, by nothing but the time that the signature claims"
        ),
        word("valid"),
        claimed.valid,
        word("indeterminate"),
        claimed.indeterminate
    );
    let count = summary.counts.outside_by_claim;
    files(sheets, &what, (count, &claimed.files), language)
}

/// A number with the first of the files behind it; nothing where there is none.
pub(super) fn files(
    sheets: &mut Sheets<'_>,
    what: &str,
    (count, names): (usize, &[String]),
    language: Language,
) -> Written {
    if count == 0 {
        return Ok(());
    }
    sheets.text(&format!("{what}: {count}"), TEXT)?;
    for name in names.iter().take(NAMED) {
        sheets.text(&format!("– {name}"), TEXT)?;
    }
    let named = names.len().min(NAMED);
    let further = count.saturating_sub(named);
    if named > 0 && further > 0 {
        let more = choose(
            language,
            "tệp nữa không liệt kê ở đây",
            "more files are not listed here",
        );
        sheets.text(&format!("{further} {more}."), TEXT)?;
    }
    Ok(())
}

fn handed_over(sheets: &mut Sheets<'_>, of: &ManifestCount, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    sheets.heading(
        say(
            "Đối chiếu với bản kê bàn giao",
            "Held against the manifest of the hand-over",
        ),
        HEADING,
    )?;
    sheets.text(
        if of.accepted {
            say(
                "Bản kê có chữ ký hợp lệ của bên giao.",
                "The manifest bears a valid signature of whoever handed over.",
            )
        } else {
            say(
                "Chưa dựa được vào bản kê: chưa có con dấu hợp lệ của tổ chức, cũng chưa có chữ ký hợp lệ của người được nêu tên.",
                "The manifest cannot be relied on: it has neither a valid seal of an organisation nor a valid signature by who was named.",
            )
        },
        TEXT,
    )?;
    if of.missing == 0 && of.added == 0 && of.changed == 0 && of.uncompared == 0 {
        sheets.text(
            say(
                "Không thiếu, không thừa, không tệp nào bị sửa.",
                "Nothing is missing, added or changed.",
            ),
            TEXT,
        )?;
    }
    for (what, count, names) in [
        (
            say(
                "Có trong bản kê, không có trong kho",
                "Listed and not there",
            ),
            of.missing,
            &of.files_missing,
        ),
        (
            say(
                "Có trong kho, không có trong bản kê",
                "There and not listed",
            ),
            of.added,
            &of.files_added,
        ),
        (
            say("Nội dung khác với bản kê", "There with other content"),
            of.changed,
            &of.files_changed,
        ),
        (
            say(
                "Không đối chiếu được: không đọc được cả lúc lập bản kê lẫn bây giờ",
                "Could not be compared: not readable at the hand-over, nor now",
            ),
            of.uncompared,
            &of.files_uncompared,
        ),
        (
            say(
                "Nội dung không đổi, kết luận nay khác lúc bàn giao",
                "Unchanged, and judged otherwise than at the hand-over",
            ),
            of.judged_otherwise,
            &of.files_judged_otherwise,
        ),
    ] {
        files(sheets, what, (count, names), language)?;
    }
    Ok(())
}

fn left_out(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    if summary.left_out.is_empty() {
        return Ok(());
    }
    sheets.heading(
        say("Tệp không được kiểm tra", "Files that were not looked at"),
        HEADING,
    )?;
    let columns = [
        (say("Loại tệp", "Kind"), 75, Side::Left),
        (say("Số lượng", "Number"), 25, Side::Right),
    ];
    let rows = summary.left_out.iter().map(|(kind, count)| {
        let word = KINDS_LEFT_OUT.word(kind, language);
        vec![begun(word), count.to_string()]
    });
    sheets.table(&columns, rows)
}
