//! The records as a spreadsheet: CSV (RFC 4180) with a byte order mark, by which Excel knows UTF-8.
//! Knows nothing of what the values mean beyond the words people read.
//!
//! Cells hold texts from files that anybody may have named: one that a spreadsheet would take for a
//! formula is written with an apostrophe before it.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::{Terminator, Writer, WriterBuilder};
use trien::archive::{Belonging, Question, Record, SignatureRecord, Verdict};
use trien::{Language, UnixTime, UtcOffset};

use crate::view::{failures, signer_name, word_of};
use crate::words::{Words, choose, is_unseen, yes_or_no};

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
    question: Question,
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
        let headings = COLUMNS.map(|(vi, en)| match language {
            Language::En => en,
            Language::Vi | _ => vi,
        });
        writer.write_record(headings).map_err(as_written)?;
        Ok(Self {
            writer,
            language,
            question: Question::default(),
        })
    }

    /// Says of each file whether it belongs to the period that is asked about.
    #[must_use]
    pub fn asked(mut self, question: Question) -> Self {
        self.question = question;
        self
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
            .map_err(|error| io::Error::new(error.error().kind(), error.to_string()))
    }

    fn row(
        &mut self,
        record: &Record,
        signature: Option<(usize, &SignatureRecord)>,
    ) -> io::Result<()> {
        let file = cells_of_file(record, self.language);
        let period = outside(&self.question, record, self.language);
        let signed = signature.map_or_else(
            || vec![Cow::Borrowed(""); COLUMNS.len().saturating_sub(file.len()).saturating_sub(1)],
            |(number, signature)| cells_of_signature(number, signature, self.language),
        );
        let cells = file.into_iter().chain(signed).chain([period.into()]);
        self.writer
            .write_record(cells.map(|cell| safe(&cell).into_owned()))
            .map_err(as_written)
    }
}

/// What the writer said, of the kind it said: a reader that closes its end is no fault.
fn as_written(error: csv::Error) -> io::Error {
    let said = error.to_string();
    if let csv::ErrorKind::Io(error) = error.into_kind() {
        return error;
    }
    io::Error::other(said)
}

/// The headings, in Vietnamese and in English: first those of the file, then those of the signature,
/// and last what depends on the question, so that the others keep their places.
const COLUMNS: [(&str, &str); 37] = [
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
    ("Ngoài kỳ", "Outside the period"),
];

fn cells_of_file(record: &Record, language: Language) -> Vec<Cow<'_, str>> {
    let archive = &record.archive;
    let category = archive.category.as_ref();
    let workflow = record.workflow.as_ref();
    let word = |table: Words, word: String| table.word(&word, language).to_owned().into();
    vec![
        record.file.as_str().into(),
        word(Words::Verdicts, word_of(&Verdict::of(record))),
        text(record.document.error.as_ref()),
        text(archive.school.as_ref()),
        text(category.map(|category| &category.title)),
        word(Words::KindsOfFiles, word_of(&archive.kind)),
        archive
            .pages
            .map(|pages| pages.to_string())
            .unwrap_or_default()
            .into(),
        archive.octets.to_string().into(),
        text(archive.sha256.as_ref()),
        time(archive.due),
        yes_or_no(archive.late, language).into(),
        time(archive.provable_until),
        text(archive.weakest.as_ref()),
        text(workflow.map(|workflow| &workflow.title)),
        workflow.map_or("".into(), |workflow| {
            word(Words::Workflows, word_of(&workflow.conclusion))
        }),
        record.signatures.len().to_string().into(),
    ]
}

fn cells_of_signature(
    number: usize,
    signature: &SignatureRecord,
    language: Language,
) -> Vec<Cow<'_, str>> {
    let signer = signature.signer.as_ref();
    let word = |table: Words, word: String| table.word(&word, language).to_owned().into();
    let broken: Vec<String> = failures(signature)
        .map(|finding| format!("{}: {}", finding.clause, finding.message))
        .collect();
    let stamps: Vec<Cow<'_, str>> = signature
        .timestamps
        .iter()
        .map(|stamp| time(stamp.time))
        .collect();
    vec![
        number.to_string().into(),
        signature.field.as_str().into(),
        word(Words::KindsOfSignatures, word_of(&signature.kind)),
        signer_name(signature).unwrap_or_default().into(),
        signature.claimed_roles.join("; ").into(),
        signer.map_or("".into(), |signer| {
            word(Words::KindsOfSigners, word_of(&signer.kind))
        }),
        signer.map_or("", |signer| &signer.subject).into(),
        signer.map_or("", |signer| &signer.issuer).into(),
        // Without the sign of hexadecimal numbers, 12E5 would become 1,200,000.
        signer
            .map(|signer| format!("0x{}", signer.serial))
            .unwrap_or_default()
            .into(),
        time(signer.map(|signer| signer.not_after)),
        text(signature.level.as_ref()),
        word(Words::Integrities, signature.integrity.clone()),
        word(Words::Changes, word_of(&signature.changes)),
        word(Words::Indications, signature.indication.clone()),
        text(signature.sub_indication.as_ref()),
        time(signature.claimed_signing_time),
        time(signature.best_signature_time),
        stamps.join("; ").into(),
        text(signature.reason.as_ref()),
        broken.join(" | ").into(),
    ]
}

/// Whether a file is outside the period; empty where none is asked about.
fn outside(question: &Question, record: &Record, language: Language) -> &'static str {
    if !question.has_period() {
        return "";
    }
    match question.regards(record) {
        Belonging::Inside => yes_or_no(Some(false), language),
        Belonging::OutsideByClaim => choose(
            language,
            "có, chỉ theo thời điểm tự khai",
            "yes, by the claimed time alone",
        ),
        Belonging::Outside | _ => yes_or_no(Some(true), language),
    }
}

fn text(value: Option<&String>) -> Cow<'_, str> {
    value.map_or("", String::as_str).into()
}

/// Day and time in Vietnam, as spreadsheets know them.
fn time(value: Option<UnixTime>) -> Cow<'static, str> {
    let Some(time) = value else {
        return "".into();
    };
    time.to_civil(UtcOffset::VIETNAM).map_or_else(
        |_| time.to_string().into(),
        |civil| {
            format!(
                "{}-{:02}-{:02} {:02}:{:02}:{:02}",
                civil.year, civil.month, civil.day, civil.hour, civil.minute, civil.second
            )
            .into()
        },
    )
}

/// What a spreadsheet shows as it stands: no formula (also not by the full-width signs that Excel
/// takes in some languages), no control character, nothing that turns the order of letters around or is not seen.
/// Programs that part cells by another sign see the beginnings of cells behind every such sign, and
/// quotes where a cell is not the whole of one: each of these is looked at as a beginning.
fn safe(cell: &str) -> Cow<'_, str> {
    let is_hostile = |letter: char| letter.is_control() || is_unseen(letter);
    if !cell.contains(is_hostile) && !cell.contains(FORMULAS) {
        return cell.into();
    }
    let mut plain = String::with_capacity(cell.len().saturating_add(1));
    let (mut is_first, mut begins, mut changed) = (true, true, false);
    for letter in cell.chars() {
        // A control character at the beginning is what programs begin a formula behind.
        let is_formula = FORMULAS.contains(&letter) || (is_first && letter.is_control());
        if begins && is_formula {
            let at = if is_first { 0 } else { plain.len() };
            plain.insert(at, '\'');
            changed = true;
        }
        changed |= is_hostile(letter);
        plain.push(if is_hostile(letter) { ' ' } else { letter });
        let is_room = letter == ' ' || is_unseen(letter);
        is_first &= is_room;
        begins = SEPARATORS.contains(&letter) || (begins && is_room);
    }
    if changed { plain.into() } else { cell.into() }
}

/// What formulas begin with.
const FORMULAS: [char; 8] = [
    '=', '+', '-', '@', '\u{FF1D}', '\u{FF0B}', '\u{FF0D}', '\u{FF20}',
];

/// What cells are parted by, whatever the file says: each program asks its own settings. Behind a
/// quote a program that parts otherwise takes the rest for a cell of its own.
const SEPARATORS: [char; 7] = [';', ',', '\t', '|', '\r', '\n', '"'];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::tests::{SIGNATURE, record};

    #[test]
    fn formulas_are_text() {
        for hostile in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1",
        ] {
            assert!(safe(hostile).starts_with('\''), "{hostile:?}");
        }
        assert_eq!(safe("học bạ.pdf"), "học bạ.pdf");
        assert_eq!(safe("a-b=c, d-e; f.pdf"), "a-b=c, d-e; f.pdf");
        assert_eq!(safe("a\u{202E}fdp.b\0"), "a fdp.b ");
    }

    #[test]
    fn fe7_6_a_formula_behind_another_separator_is_text() {
        for (hostile, shown) in [
            ("b;=1+2;,=3+4,.pdf", "b;'=1+2;,'=3+4,.pdf"),
            ("a\t=1", "a '=1"),
            ("a; @SUM(A1)", "a; '@SUM(A1)"),
            ("a|-1", "a|'-1"),
            ("a;\"=1\"", "a;\"'=1\""),
            ("a;＝1", "a;'＝1"),
            ("a\n=1", "a '=1"),
            ("=1;=2", "'=1;'=2"),
        ] {
            assert_eq!(safe(hostile), shown);
        }
    }

    #[test]
    fn fe7_34_letters_that_show_nothing_leave_room_and_hide_no_formula() {
        let unseen = "a\u{200B}b\u{00AD}c\u{3164}d\u{E0041}e\u{2060}f\u{FE0F}.pdf";
        assert_eq!(safe(unseen), "a b c d e f .pdf");
        assert_eq!(safe("\u{200B}=1"), "' =1");
        assert_eq!(safe("a;\u{00AD}=1"), "a; '=1");
        let vietnamese = "Ho\u{323}c ba\u{323} Đặng Thị Bích.pdf";
        assert_eq!(safe(vietnamese), vietnamese);
    }

    #[test]
    fn times_are_as_spreadsheets_know_them() {
        let known = UnixTime::from_seconds(1_780_189_200);
        assert_eq!(time(Some(known)), "2026-05-31 08:00:00");
        assert_eq!(time(None), "");
    }

    #[test]
    fn both_kinds_of_rows_have_a_cell_under_each_heading() {
        let record = record("valid", SIGNATURE, "");
        let file = cells_of_file(&record, Language::Vi).len();
        let signature = record.signatures.first().unwrap();
        let signed = cells_of_signature(1, signature, Language::Vi);
        assert_eq!(
            file.saturating_add(signed.len()).saturating_add(1),
            COLUMNS.len()
        );
        assert!(signed.contains(&Cow::Borrowed("0x12E5")));
        assert!(signed.contains(&Cow::Borrowed("A: a | B: b")));
    }
}
