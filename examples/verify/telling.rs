//! What is said of a record, for people and for programs.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use trien::archive::{Belonging, Judged, RecordLine, SchoolCount, Summary, Verdict};
use trien::{Language, Report, UnixTime, UtcOffset, WorkflowReport};
use trien_examples::{printable, revision_lines, signature_lines, verdict_words, workflow_lines};
use trien_report::Words;

use crate::arguments::{Arguments, Format};
use crate::seen::Seen;

/// A report as lines for people, without colours.
pub(crate) fn text_of(
    arguments: &Arguments,
    (name, verdict): (&str, Verdict),
    report: &Report,
    workflow: Option<&WorkflowReport>,
) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(&printable(line));
        text.push('\n');
    };
    let words = verdict_words(verdict, report.language);
    line(&format!("{name}: {words}"));
    if let Some(error) = &report.document.unreadable {
        line(&format!("  {error}"));
    }
    for problem in &report.document.evidence_problems {
        line(&format!("  ! {problem}"));
    }
    for (number, signature) in (1_usize..).zip(&report.signatures) {
        for one in signature_lines(number, signature, report) {
            line(&one);
        }
    }
    for one in workflow
        .iter()
        .flat_map(|workflow| workflow_lines(workflow, report.language))
    {
        line(&one);
    }
    if arguments.explain {
        for one in revision_lines(report) {
            line(&one);
        }
    }
    text
}

/// Who reads what is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reader {
    /// Another program, or a file.
    Pipe,
    /// A person, who sees each line as soon as it is written.
    Terminal,
    /// The same, who wants colours.
    Coloured,
}

/// Where verdicts go.
pub(crate) struct Told<W: Write> {
    out: W,
    format: Format,
    reader: Reader,
}

impl<W: Write> Told<W> {
    pub(crate) fn new(out: W, format: Format) -> Self {
        let reader = match io::stdout().is_terminal() {
            false => Reader::Pipe,
            true if wants_colours(|name| env::var_os(name)) => Reader::Coloured,
            true => Reader::Terminal,
        };
        Self {
            out,
            format,
            reader,
        }
    }

    /// Writes a record: its line, or its text.
    pub(crate) fn record(
        &mut self,
        judged: &Judged,
        line: &RecordLine,
        text: &str,
    ) -> io::Result<()> {
        match self.format {
            Format::Json => writeln!(self.out, "{}", line.as_json())?,
            Format::Text if self.reader == Reader::Coloured => {
                let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
                let colour = colour(judged.verdict);
                write!(self.out, "\u{1b}[{colour}m{first}\u{1b}[0m\n{rest}")?;
            }
            Format::Text => self.out.write_all(text.as_bytes())?,
            // Written by `reporting`.
            Format::Html | Format::Csv => {}
        }
        // In a pipe a full buffer goes on by itself.
        if self.reader != Reader::Pipe {
            self.out.flush()?;
        }
        Ok(())
    }

    /// Hands on what is still in the buffer.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Writes what the archive as a whole is asked.
    pub(crate) fn ageing(&mut self, summary: &Summary, language: Language) -> io::Result<()> {
        if self.format == Format::Text && !summary.ageing.is_empty() {
            self.out
                .write_all(ageing_text(summary, language).as_bytes())?;
        }
        self.out.flush()
    }
}

/// Whether whoever reads a terminal wants colours: `NO_COLOR` that is not empty says no
/// (no-color.org), and `TERM=dumb` shows none.
fn wants_colours(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    variable("NO_COLOR").is_none_or(|value| value.is_empty())
        && variable("TERM").is_none_or(|value| value != "dumb")
}

/// ANSI: green, red, yellow.
const fn colour(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Valid | Verdict::NotNeeded => "32",
        Verdict::Invalid => "1;31",
        Verdict::Unreadable => "31",
        Verdict::Indeterminate | Verdict::Unsigned | _ => "33",
    }
}

fn ageing_text(summary: &Summary, language: Language) -> String {
    let mut text = match language {
        Language::En => "Files that will not be provable for so long (extend --archive renews them):\n",
        Language::Vi | _ => {
            "Các tệp không còn chứng minh được đến thời điểm đã hỏi (gia hạn bằng extend --archive):\n"
        }
    }
    .to_owned();
    for file in &summary.ageing {
        let weakest = file.weakest.as_deref().unwrap_or_default();
        let line = format!("{}: {} ({weakest})", file.file, day(file.provable_until));
        let _ = writeln!(text, "  {}", printable(&line));
    }
    text
}

fn day(time: UnixTime) -> String {
    time.to_rfc3339(UtcOffset::VIETNAM)
        .split('T')
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The numbers of a run, for a terminal.
pub(crate) fn numbers(seen: &Seen, language: Language) -> String {
    let counts = Verdict::ALL.into_iter().filter_map(|verdict| {
        let count = seen.counts.get(&verdict).copied().unwrap_or_default();
        // Few archives hold records that nobody has to sign.
        (count > 0 || verdict != Verdict::NotNeeded)
            .then(|| format!("{count} {}", Words::Verdicts.of(&verdict, language)))
    });
    let counts = counts.collect::<Vec<_>>().join(", ");
    let files = match language {
        Language::En => "files",
        Language::Vi | _ => "tệp",
    };
    let said = format!("{} {files}: {counts}", seen.files);
    match (seen.outside, language) {
        ((0, _), _) => said,
        ((outside, claimed), Language::En) => format!(
            "{said}; {outside} of these outside the period, {claimed} by the time that they claim alone"
        ),
        ((outside, claimed), _) => {
            format!("{said}; trong đó {outside} ngoài kỳ, {claimed} chỉ theo thời điểm tự khai")
        }
    }
}

/// A line about a record that is not of the period.
pub(crate) fn outside_period(belonging: Belonging, language: Language) -> Option<String> {
    let is_english = language == Language::En;
    let said = match (belonging, is_english) {
        (Belonging::Inside, _) => return None,
        (Belonging::OutsideByClaim, true) => {
            "outside the period asked about, by the time that its signature claims alone"
        }
        (Belonging::OutsideByClaim, false) => {
            "ngoài kỳ đang xét, chỉ theo thời điểm tự khai của chữ ký"
        }
        (_, true) => "outside the period asked about",
        (_, false) => "ngoài kỳ đang xét",
    };
    Some(format!("  {said}\n"))
}

/// What was not looked at, in one line; `None` for nothing.
pub(crate) fn left_out(counts: &BTreeMap<String, usize>, language: Language) -> Option<String> {
    if counts.is_empty() {
        return None;
    }
    let is_english = language == Language::En;
    let all: usize = counts.values().sum();
    let kinds: Vec<String> = counts
        .iter()
        .map(|(kind, count)| {
            let kind = Words::LeftOut.word(kind, language);
            format!("{kind} {count}")
        })
        .collect();
    let kinds = kinds.join(", ");
    Some(if is_english {
        format!("{all} files were not looked at: {kinds}")
    } else {
        format!("{all} tệp không được kiểm tra: {kinds}")
    })
}

/// That files of this program lie in the archive; `None` for none.
pub(crate) fn own_files(count: usize, language: Language) -> Option<String> {
    if count == 0 {
        return None;
    }
    Some(match language {
        Language::En => format!(
            "{count} files of this program lie in the archive (journals, reports, .trien-*.part left \
             by a run that was killed): they are not counted among its files; the .part files can \
             be deleted"
        ),
        Language::Vi | _ => format!(
            "{count} tệp của chính chương trình này nằm trong kho (nhật ký, báo cáo, tệp tạm \
             .trien-*.part do lần chạy bị ngắt để lại): không tính là tệp của kho; tệp .part xóa \
             được"
        ),
    })
}

/// What a reader of the summary must know of it: what nobody said, and what was guessed.
pub(crate) fn open_questions(summary: &Summary, language: Language) -> Vec<String> {
    let is_english = language == Language::En;
    let mut said = Vec::new();
    let unknown = summary.counts.school_unknown;
    if unknown > 0 {
        said.push(if is_english {
            format!(
                "{unknown} files: the school is not known, they are counted together as \"School \
                 not known\": name school_name or school = \"first-folder\" in --mapping"
            )
        } else {
            format!(
                "{unknown} tệp không rõ thuộc trường nào, được tính chung ở mục “Không rõ trường”: \
                 hãy ghi school_name hoặc school = \"first-folder\" trong tệp --mapping"
            )
        });
    }
    said.extend(unproven(summary, language));
    let procedures = summary.schools.iter().flat_map(|one| &one.procedure);
    let guessed: usize = procedures.map(|one| one.by_likeness).sum();
    if guessed > 0 {
        said.push(if is_english {
            format!(
                "{guessed} files: nobody said the workflow, they were held against the one they \
                 come closest to, which may be wrong: name level (tieu-hoc, thcs, thpt) or \
                 workflow in --mapping"
            )
        } else {
            format!(
                "{guessed} tệp chưa rõ quy trình nên xét theo quy trình khớp nhất, có thể sai: hãy \
                 ghi level (tieu-hoc, thcs, thpt) hoặc workflow trong tệp --mapping"
            )
        });
    }
    let mut workflows: Vec<&str> = Vec::new();
    let mut open = 0_usize;
    for count in summary.schools.iter().map(|one| &one.procedure_open) {
        open = open.saturating_add(count.files);
        workflows.extend(count.workflows.iter().map(String::as_str));
    }
    workflows.sort_unstable();
    workflows.dedup();
    if open > 0 {
        let workflows = workflows.join(", ");
        said.push(if is_english {
            format!(
                "{open} files suit several workflows equally ({workflows}) and were held against \
                 none: name level or workflow in --mapping"
            )
        } else {
            format!(
                "{open} tệp khớp như nhau với nhiều quy trình ({workflows}) nên chưa xét quy trình: \
                 hãy ghi level hoặc workflow trong tệp --mapping"
            )
        });
    }
    said
}

/// What is not counted because nothing proves it.
fn unproven(summary: &Summary, language: Language) -> Vec<String> {
    let is_english = language == Language::En;
    let mut said = Vec::new();
    let claimed = summary.counts.outside_by_claim;
    if claimed > 0 {
        said.push(if is_english {
            format!(
                "{claimed} files are outside the period by the time that their signature claims \
                 alone, which no time stamp proves: look at them too (outside_by_claim)"
            )
        } else {
            format!(
                "{claimed} tệp chỉ ngoài kỳ theo thời điểm tự khai, không có dấu thời gian chứng minh: \
                 hãy xem cả các tệp này (outside_by_claim)"
            )
        });
    }
    said.extend(
        summary
            .schools
            .iter()
            .filter_map(|school| namesakes(school, language)),
    );
    let untrusted: usize = summary.schools.iter().map(|one| one.staff.untrusted).sum();
    if untrusted > 0 {
        said.push(if is_english {
            format!(
                "{untrusted} files are signed with personal certificates that lead to no trust \
                 anchor: these count for nobody (staff.untrusted)"
            )
        } else {
            format!(
                "{untrusted} tệp ký bằng chứng thư số cá nhân không dẫn tới gốc tin cậy: không tính cho \
                 ai là đã có, đã dùng chữ ký số (staff.untrusted)"
            )
        });
    }
    said
}

/// Of whom of a school's list it is not known whether they signed.
fn namesakes(school: &SchoolCount, language: Language) -> Option<String> {
    let count = school.staff.ambiguous;
    if count == 0 {
        return None;
    }
    let mut names: Vec<&str> = school
        .staff
        .names_ambiguous
        .iter()
        .map(String::as_str)
        .collect();
    names.dedup();
    let (title, names) = (&school.title, names.join(", "));
    Some(match language {
        Language::En => format!(
            "{title}: {count} people of the list have a namesake in it and no number ({names}): which \
             of them signed is not known, and none is counted: add the numbers (cccd)"
        ),
        Language::Vi | _ => format!(
            "{title}: {count} người trong danh sách nhân sự trùng họ tên ({names}) mà không có số CCCD: \
             chưa biết ai đã ký nên không tính cho ai: hãy ghi thêm số CCCD"
        ),
    })
}
