//! What the summary knows beside the five questions: files that only a claimed time puts outside the
//! period, what was not looked at, and how the archive differs from the manifest of its hand-over.
//! The numbers are the summary's own.

use trien::Language;
use trien::archive::{ManifestAcceptance, ManifestCount, ManifestSigner, Summary};

use super::contents::{Written, begun};
use super::sheets::{HEADING, Sheets, Side, TEXT};
use crate::view::moment;
use crate::words::{Words, choose};

/// Files named behind one number: two sheets. How many more there are is said.
const NAMED: usize = 100;

pub(super) fn write(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
    duplicates(sheets, summary, language)?;
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
    let word = |word| Words::Verdicts.word(word, language);
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

/// Files of the same content, side by side.
fn duplicates(sheets: &mut Sheets<'_>, summary: &Summary, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    if summary.duplicates.is_empty() {
        return Ok(());
    }
    sheets.heading(
        say("Tệp trùng nội dung", "Files with the same content"),
        HEADING,
    )?;
    let columns = [
        (say("Tệp", "File"), 44, Side::Left),
        (say("Số bản", "Copies"), 12, Side::Right),
        (say("Trùng với", "The same as"), 44, Side::Left),
    ];
    let rows = summary.duplicates.iter().take(NAMED).map(|of| {
        let mut files = of.files.iter();
        let first = files.next().cloned().unwrap_or_default();
        let other = files.next().cloned().unwrap_or_default();
        let further = match of.files.len().saturating_sub(2) {
            0 => String::new(),
            more => format!(" (+{more})"),
        };
        vec![first, of.files.len().to_string(), other + &further]
    });
    sheets.table(&columns, rows)?;
    let further = summary.duplicates.len().saturating_sub(NAMED);
    if further > 0 {
        let more = say(
            "nhóm nữa không liệt kê ở đây",
            "more groups are not listed here",
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
    standing(sheets, of, language)?;
    let differing = [of.missing, of.added, of.changed, of.uncompared, of.beyond];
    if differing.iter().all(|count| *count == 0) {
        sheets.text(
            if of.accepted {
                say(
                    "Không thiếu, không thừa, không tệp nào bị sửa.",
                    "Nothing is missing, added or changed.",
                )
            } else {
                say(
                    "Kho khớp với danh sách, nhưng bản kê này chưa chứng minh được gì: chưa biết có thiếu, thừa hay bị sửa không.",
                    "The archive is as the list says, but this manifest proves nothing: whether anything is missing, added or changed is not known.",
                )
            },
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
            if of.places_added.is_empty() {
                &of.files_added
            } else {
                &of.places_added
            },
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
                "Có trong bản kê, ngoài thư mục đã nêu nên chưa tìm: chưa biết có thiếu không",
                "Listed, outside of the folders that were named: nobody looked whether they are there",
            ),
            of.beyond,
            &of.files_beyond,
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

/// What the manifest proves, and who signed it.
fn standing(sheets: &mut Sheets<'_>, of: &ManifestCount, language: Language) -> Written {
    let say = |vi, en| choose(language, vi, en);
    sheets.text(
        if of.accepted {
            say(
                "Bản kê có chữ ký hợp lệ của người nêu dưới đây: hãy xem đó có đúng là bên giao không.",
                "The manifest bears a valid signature of whoever is named below: check that it is who handed over.",
            )
        } else {
            say(
                "Chưa dựa được vào bản kê: chưa có con dấu hợp lệ của tổ chức, cũng chưa có chữ ký hợp lệ của người được nêu tên.",
                "The manifest cannot be relied on: it has neither a valid seal of an organisation nor a valid signature by who was named.",
            )
        },
        TEXT,
    )?;
    if of.accepted_by == Some(ManifestAcceptance::Name) {
        sheets.text(
            say(
                "Người ký được nhận theo tên, mà tên có thể trùng: hãy đối chiếu số định danh và nơi cấp.",
                "The signer was accepted by name, and names are not unique: compare number and issuer.",
            ),
            TEXT,
        )?;
    }
    for signer in &of.signers {
        sheets.text(&format!("– {}", signed_by(signer, language)), TEXT)?;
    }
    Ok(())
}

/// Who signed the manifest, in a line.
fn signed_by(signer: &ManifestSigner, language: Language) -> String {
    let say = |vi, en| choose(language, vi, en);
    let unknown = say("không rõ", "unknown");
    let mut said = vec![match &signer.kind {
        None => unknown.to_owned(),
        Some(kind) => {
            let masked = say("(đã che)", "(masked)");
            let name = signer.common_name.as_deref().unwrap_or(masked);
            let kind = Words::KindsOfSigners.of(kind, language);
            format!("{name} ({kind})")
        }
    }];
    if !signer.numbers.is_empty() {
        let numbers = signer.numbers.join(", ");
        said.push(format!("{}: {numbers}", say("số định danh", "number")));
    }
    for (what, value) in [
        (say("số hiệu chứng thư số", "serial number"), &signer.serial),
        (say("nơi cấp", "issued by"), &signer.issuer),
    ] {
        said.extend(value.as_ref().map(|value| format!("{what}: {value}")));
    }
    let time = signer.best_signature_time.map(moment);
    let claimed = signer.claimed_signing_time.map(|time| {
        let claimed = say("tự khai", "claimed");
        format!("{} ({claimed})", moment(time))
    });
    if let Some(time) = time.or(claimed) {
        said.push(format!("{}: {time}", say("thời điểm ký", "signed at")));
    }
    let indication = Words::Indications.word(&signer.indication, language);
    said.push(indication.to_owned());
    said.join("; ")
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
        let word = Words::LeftOut.word(kind, language);
        vec![begun(word), count.to_string()]
    });
    sheets.table(&columns, rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fe7_2_who_signed_a_manifest_is_named_with_numbers() {
        let of = |name: Option<&str>, number: &[&str]| -> ManifestSigner {
            serde_json::from_value(
                serde_json::json!({"common_name": name, "kind": "organisation",
                "numbers": number, "issuer": "CA", "serial": "5401", "claimed_signing_time": null,
                "best_signature_time": "2026-05-31T08:00:00+07:00",
                "indication": "TOTAL-PASSED"}),
            )
            .unwrap()
        };
        let said = signed_by(&of(Some("Công ty B"), &["MST:0101234567"]), Language::Vi);
        for part in [
            "Công ty B (",
            "MST:0101234567",
            "5401",
            "nơi cấp: CA",
            "2026",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        assert!(signed_by(&of(None, &[]), Language::En).starts_with("(masked) ("));
    }
}
