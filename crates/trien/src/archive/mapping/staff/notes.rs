//! What is to be known about how a list of staff was read, in both languages. Names lines, never
//! people.

use trien_policy::Language;

/// Lines that are named one by one.
const NAMED: usize = 10;

/// What was taken otherwise than it is written. Lines are from 1.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StaffNotes {
    /// Lines whose number lacks the zeros that it begins with: it is read with them.
    pub shortened: Vec<u64>,
    /// Lines whose number is that of no card and no passport: it is looked for as it stands.
    pub strange: Vec<u64>,
    /// Lines with the number of an earlier line, of which they count nobody anew: that line first.
    pub twice: Vec<(u64, u64)>,
    /// No column has numbers: people are told apart by their names alone.
    pub has_no_numbers: bool,
}

impl StaffNotes {
    /// A sentence for each.
    #[must_use]
    pub fn told(&self, language: Language) -> Vec<String> {
        let mut said = Vec::new();
        let mut say = |vi: String, en: String| {
            said.push(match language {
                Language::En => en,
                Language::Vi | _ => vi,
            });
        };
        if self.has_no_numbers {
            say(
                "không có cột số CCCD nên chỉ đối chiếu theo họ tên, người trùng tên không phân biệt \
                 được: nên thêm cột “Số CCCD”"
                    .to_owned(),
                "there is no column of numbers, people are told apart by their names alone: add a \
                 column cccd"
                    .to_owned(),
            );
        }
        if !self.shortened.is_empty() {
            let (count, lines) = (self.shortened.len(), lines(&self.shortened));
            say(
                format!(
                    "{count} số CCCD mất số 0 ở đầu (Excel bỏ đi), đã hiểu là có số 0 (dòng {lines})"
                ),
                format!(
                    "{count} numbers lack the zeros that they begin with (spreadsheets drop them) and \
                     are read with these (lines {lines})"
                ),
            );
        }
        if !self.strange.is_empty() {
            let (count, lines) = (self.strange.len(), lines(&self.strange));
            say(
                format!(
                    "{count} số không phải CCCD (12 chữ số), CMND (9 chữ số) hay hộ chiếu nên có \
                     thể không khớp với ai: hãy xem lại dòng {lines}"
                ),
                format!(
                    "{count} numbers are of no card (12 or 9 digits) and no passport, and may be \
                     nobody's: look at lines {lines}"
                ),
            );
        }
        if !self.twice.is_empty() {
            let count = self.twice.len();
            say(
                format!(
                    "{count} dòng có số CCCD của dòng trước, chỉ tính một người ({})",
                    self.pairs("dòng", "như dòng")
                ),
                format!(
                    "{count} lines have the number of an earlier one and count nobody anew ({})",
                    self.pairs("line", "as line")
                ),
            );
        }
        said
    }

    fn pairs(&self, line: &str, like: &str) -> String {
        let named = self.twice.iter().take(NAMED);
        let named: Vec<String> = named
            .map(|(first, second)| format!("{line} {second} {like} {first}"))
            .collect();
        let more = if self.twice.len() > NAMED {
            ", …"
        } else {
            ""
        };
        named.join(", ") + more
    }
}

fn lines(lines: &[u64]) -> String {
    let named: Vec<String> = lines.iter().take(NAMED).map(u64::to_string).collect();
    let more = if lines.len() > NAMED { ", …" } else { "" };
    named.join(", ") + more
}
