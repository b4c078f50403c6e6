//! The records as a spreadsheet: CSV (RFC 4180) with a byte order mark, by which Excel knows UTF-8.
//! Knows nothing of what the values mean beyond the words people read.
//!
//! Cells hold texts from files that anybody may have named: one that a spreadsheet would take for a
//! formula is written with an apostrophe before it.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use trien::Language;

use crate::record::{Record, RecordSignature};
use crate::words::{
    change_word, conclusion, indication, integrity, kind_of_file, signature_kind, signer_kind,
    workflow_word, yes_or_no,
};

/// UTF-8 with a byte order mark.
const BYTE_ORDER_MARK: &[u8] = &[0xEF, 0xBB, 0xBF];

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Separator {
    /// RFC 4180.
    #[default]
    Comma,
    /// What Excel expects where the system writes numbers with a decimal comma.
    Semicolon,
}

impl Separator {
    const fn octet(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
        }
    }
}

/// A spreadsheet that is being written: a row per signature, one for a file without any.
pub struct Spreadsheet<W: Write> {
    writer: Writer<W>,
    language: Language,
}

impl<W: Write> std::fmt::Debug for Spreadsheet<W> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Spreadsheet")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

impl<W: Write> Spreadsheet<W> {
    /// Writes the headings.
    ///
    /// # Errors
    /// What the writer says.
    pub fn begin(mut out: W, language: Language, separator: Separator) -> io::Result<Self> {
        out.write_all(BYTE_ORDER_MARK)?;
        let mut writer = WriterBuilder::new()
            .delimiter(separator.octet())
            .terminator(Terminator::CRLF)
            .from_writer(out);
        writer.write_record(COLUMNS.map(|(vi, en)| match language {
            Language::En => en,
            Language::Vi | _ => vi,
        }))?;
        Ok(Self { writer, language })
    }

    /// Writes the rows of a file.
    ///
    /// # Errors
    /// What the writer says.
    pub fn record(&mut self, record: &Record) -> io::Result<()> {
        if record.signatures.is_empty() {
            return self.row(record, None);
        }
        (1_usize..)
            .zip(&record.signatures)
            .try_for_each(|numbered| self.row(record, Some(numbered)))
    }

    /// Writes what is still held back, and gives the writer.
    ///
    /// # Errors
    /// What the writer says.
    pub fn finish(self) -> io::Result<W> {
        self.writer
            .into_inner()
            .map_err(|error| io::Error::other(error.to_string()))
    }

    fn row(
        &mut self,
        record: &Record,
        signature: Option<(usize, &RecordSignature)>,
    ) -> io::Result<()> {
        let file = cells_of_file(record, self.language);
        let signed = signature.map_or_else(
            || vec![Cow::Borrowed(""); COLUMNS.len().saturating_sub(file.len())],
            |(number, signature)| cells_of_signature(number, signature, self.language),
        );
        let cells = file.into_iter().chain(signed);
        self.writer
            .write_record(cells.map(|cell| safe(&cell).into_owned()))?;
        Ok(())
    }
}

/// The headings, in Vietnamese and in English: first those of the file, then those of the signature.
const COLUMNS: [(&str, &str); 36] = [
    ("Tệp", "File"),
    ("Kết luận", "Conclusion"),
    ("Lỗi đọc tệp", "Reading error"),
    ("Trường học", "School"),
    ("Loại hồ sơ", "Category"),
    ("Dạng tệp", "Kind of file"),
    ("Số trang", "Pages"),
    ("Dung lượng (byte)", "Size (octets)"),
    ("SHA-256", "SHA-256"),
    ("Hạn ký", "Deadline"),
    ("Ký trễ", "Late"),
    ("Chứng minh được đến", "Provable until"),
    ("Yếu tố hết hạn trước", "What ends first"),
    ("Quy trình", "Workflow"),
    ("Kết quả quy trình", "Workflow result"),
    ("Số chữ ký", "Signatures"),
    ("Thứ tự ký", "Order"),
    ("Ô chữ ký", "Field"),
    ("Loại chữ ký", "Kind of signature"),
    ("Người ký", "Signer"),
    ("Vai trò tự khai", "Claimed roles"),
    ("Loại chứng thư số", "Kind of certificate"),
    ("Chủ thể chứng thư số", "Certificate subject"),
    ("Tổ chức cấp", "Issuer"),
    ("Số hiệu chứng thư số", "Serial number"),
    ("Chứng thư số hết hạn", "Certificate ends"),
    ("Mức chữ ký", "Level"),
    ("Toàn vẹn", "Integrity"),
    ("Thay đổi sau khi ký", "Changes after signing"),
    ("Kết quả kiểm tra", "Indication"),
    ("Lý do kết quả", "Sub-indication"),
    ("Thời điểm ký (tự khai)", "Claimed signing time"),
    ("Thời điểm ký (chứng minh được)", "Proven signing time"),
    ("Dấu thời gian", "Time stamps"),
    ("Lý do ký", "Reason"),
    ("Quy tắc không đạt", "Rules broken"),
];

fn cells_of_file(record: &Record, language: Language) -> Vec<Cow<'_, str>> {
    let archive = &record.archive;
    let category = archive.category.as_ref();
    let workflow = record.workflow.as_ref();
    vec![
        record.file.as_str().into(),
        conclusion(&record.document.conclusion, language).into(),
        text(record.document.error.as_ref()),
        text(archive.school.as_ref()),
        text(category.map(|category| &category.title)),
        kind_of_file(&archive.kind, language).into(),
        archive
            .pages
            .map(|pages| pages.to_string())
            .unwrap_or_default()
            .into(),
        archive.octets.to_string().into(),
        text(archive.sha256.as_ref()),
        time(archive.due.as_deref()),
        yes_or_no(archive.late, language).into(),
        time(archive.provable_until.as_deref()),
        text(archive.weakest.as_ref()),
        text(workflow.map(|workflow| &workflow.title)),
        workflow
            .map_or("", |workflow| workflow_word(&workflow.conclusion, language))
            .into(),
        record.signatures.len().to_string().into(),
    ]
}

fn cells_of_signature(
    number: usize,
    signature: &RecordSignature,
    language: Language,
) -> Vec<Cow<'_, str>> {
    let signer = signature.signer.as_ref();
    let broken: Vec<String> = signature
        .failures()
        .map(|finding| format!("{}: {}", finding.clause, finding.message))
        .collect();
    let stamps: Vec<Cow<'_, str>> = signature
        .timestamps
        .iter()
        .map(|stamp| time(stamp.time.as_deref()))
        .collect();
    vec![
        number.to_string().into(),
        signature.field.as_str().into(),
        signature_kind(&signature.kind, language).into(),
        signature.signer_name().unwrap_or_default().into(),
        signature.claimed_roles.join("; ").into(),
        signer
            .map_or("", |signer| signer_kind(&signer.kind, language))
            .into(),
        signer.map_or("", |signer| &signer.subject).into(),
        signer.map_or("", |signer| &signer.issuer).into(),
        // Without the sign of hexadecimal numbers, 12E5 would become 1,200,000.
        signer
            .map(|signer| format!("0x{}", signer.serial))
            .unwrap_or_default()
            .into(),
        time(signer.map(|signer| signer.not_after.as_str())),
        text(signature.level.as_ref()),
        integrity(&signature.integrity, language).into(),
        change_word(&signature.changes, language).into(),
        indication(&signature.indication, language).into(),
        text(signature.sub_indication.as_ref()),
        time(signature.claimed_signing_time.as_deref()),
        time(signature.best_signature_time.as_deref()),
        stamps.join("; ").into(),
        text(signature.reason.as_ref()),
        broken.join(" | ").into(),
    ]
}

fn text(value: Option<&String>) -> Cow<'_, str> {
    value.map_or("", String::as_str).into()
}

/// Day and time as spreadsheets know them, in the offset they are written in.
fn time(value: Option<&str>) -> Cow<'_, str> {
    let value = value.unwrap_or_default();
    match (value.get(..10), value.get(11..19)) {
        (Some(day), Some(time)) => format!("{day} {time}").into(),
        _ => value.into(),
    }
}

/// What a spreadsheet shows as it stands: no formula (also not by the full-width signs that Excel
/// takes in some languages), no control character, nothing that turns the order of letters around.
fn safe(cell: &str) -> Cow<'_, str> {
    let is_formula = cell.trim_start_matches(' ').starts_with([
        '=', '+', '-', '@', '\t', '\r', '\n', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}',
    ]);
    let is_hostile = |letter: char| letter.is_control() || crate::words::turns_around(letter);
    if !is_formula && !cell.contains(is_hostile) {
        return cell.into();
    }
    let plain: String = cell
        .chars()
        .map(|letter| if is_hostile(letter) { ' ' } else { letter })
        .collect();
    if is_formula {
        format!("'{plain}").into()
    } else {
        plain.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_text() {
        for hostile in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1",
        ] {
            assert!(safe(hostile).starts_with('\''), "{hostile:?}");
        }
        assert_eq!(safe("học bạ.pdf"), "học bạ.pdf");
        assert_eq!(safe("a\u{202E}fdp.b\0"), "a fdp.b ");
    }

    #[test]
    fn times_are_as_spreadsheets_know_them() {
        assert_eq!(
            time(Some("2026-05-31T08:00:00+07:00")),
            "2026-05-31 08:00:00"
        );
        assert_eq!(time(Some("ngày mai đã đến rồi")), "ngày mai đã đến rồi");
        assert_eq!(time(None), "");
    }

    #[test]
    fn both_kinds_of_rows_have_a_cell_under_each_heading() {
        let record = Record::default();
        let signature = RecordSignature::default();
        let file = cells_of_file(&record, Language::Vi).len();
        let signed = cells_of_signature(1, &signature, Language::Vi).len();
        assert_eq!(file.saturating_add(signed), COLUMNS.len());
    }
}
